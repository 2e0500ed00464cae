//! Turns the cells of an array into quads: backgrounds, values, marks, the caret, then the labels at the edges.

use super::heads;
use super::scene::{Scene, ValueScene};
use super::text::{in_sight, reads_from_left};
use crate::decode::ValueClass;
use crate::session::arrays::block::Block;
use crate::session::arrays::screen::ArrayCell;
use crate::session::view::rows::Flags;
use crate::ui::grid::caret::CaretLook;
use crate::ui::grid::cell_paint::{Canvas, foreground};
use egui::{Rect, pos2};

/// Paints everything but the scroll bars.
pub(super) fn paint(scene: &Scene<'_>, canvas: &mut Canvas<'_>) {
    let geometry = scene.geometry;
    canvas.quads.rect(geometry.outer, scene.colors.grid_bg);
    canvas.stripes(geometry, geometry.body, scene.colors);
    selection(scene, canvas);
    let columns: Vec<Edges> = geometry.seen_columns().filter_map(|column| Edges::of(scene, column)).collect();
    let has_grounds = scene.screen.flags().any(GROUNDS);
    for row in geometry.seen_rows() {
        let (top, cells) = (geometry.y_of(row), scene.screen.row(row));
        if has_grounds {
            grounds(scene, canvas, row, cells, &columns);
        }
        for (cell, edges) in cells.iter().zip(&columns) {
            if let Some(cell) = cell {
                paint_cell(scene, canvas, top, cell, edges);
            }
        }
    }
    caret(scene, canvas);
    heads::paint(scene, canvas);
}

/// The block as far as it is seen.
fn selection(scene: &Scene<'_>, canvas: &mut Canvas<'_>) {
    let (geometry, Some(block)) = (scene.geometry, scene.wide_block()) else { return };
    let color = scene.selection();
    let seen = geometry.seen_columns();
    let Some(end) = seen.end.checked_sub(1) else { return };
    for row in geometry.seen_rows() {
        let Some((left, right)) = block.columns_in(row, scene.table) else { continue };
        let (left, right) = (left.max(seen.start), right.min(end));
        if left <= right
            && let Some((first, last)) = geometry.cell_rect(row, left).zip(geometry.cell_rect(row, right))
        {
            canvas.quads.rect(first.union(last).intersect(geometry.body), color);
        }
    }
}

/// What marks the ground of a cell, beside a block.
const GROUNDS: Flags = Flags::FOUND.with(Flags::FAILED).with(Flags::SELECTED).with(Flags::STRING);

/// The grounds of matches, and the hatching of what can't be read.
fn grounds(
    scene: &Scene<'_>,
    canvas: &mut Canvas<'_>,
    row: u64,
    cells: &[Option<ArrayCell>],
    columns: &[Edges],
) {
    let (geometry, block) = (scene.geometry, scene.wide_block());
    let (top, half) = (geometry.y_of(row), geometry.half_gap());
    for (cell, edges) in cells.iter().zip(columns) {
        let Some(cell) = cell.as_ref().filter(|cell| cell.flags.any(GROUNDS)) else { continue };
        let selected = block.is_some_and(|block| block.has(row, edges.column, scene.table));
        let flags = if selected { cell.flags.with(Flags::SELECTED) } else { cell.flags };
        let rect =
            Rect::from_x_y_ranges(edges.left - half..=edges.right + half, top..=top + geometry.row_height);
        canvas.background(
            rect.intersect(geometry.body),
            flags,
            geometry.pixel,
            scene.selection(),
            scene.colors,
        );
    }
}

/// Where the texts of a column stand.
struct Edges {
    column: u64,
    left: f32,
    right: f32,
    /// Characters between them.
    room: u32,
    from_left: bool,
    /// Whether no edge of the view cuts it.
    is_whole: bool,
}

impl Edges {
    fn of(scene: &Scene<'_>, column: u64) -> Option<Self> {
        let (left, right) = scene.geometry.column_x(column)?;
        let room = ((right - left) / scene.geometry.pitch).round() as u32;
        let from_left = scene.table.item(column).is_some_and(reads_from_left);
        let body = scene.geometry.body;
        let is_whole = left >= body.left() && right <= body.right();
        Some(Self { column, left, right, room, from_left, is_whole })
    }
}

#[inline]
fn paint_cell(scene: &Scene<'_>, canvas: &mut Canvas<'_>, row_top: f32, cell: &ArrayCell, edges: &Edges) {
    let (geometry, colors) = (scene.geometry, scene.colors);
    let text = scene.screen.text_of(cell);
    let ordinary = match cell.class {
        ValueClass::Zero => colors.zero,
        ValueClass::Ordinary => colors.printable,
        ValueClass::Special => colors.control,
    };
    let color = foreground(cell.flags, ordinary, colors);
    let Edges { left, right, room, from_left, is_whole, .. } = *edges;
    let from = if from_left || cell.chars > room { left } else { right - cell.chars as f32 * geometry.pitch };
    let at = pos2(from, row_top + geometry.line_dy);
    if is_whole && cell.chars <= room {
        canvas.line(at, text, geometry.pitch, color);
    } else {
        in_sight(scene, canvas, at, text, (cell.chars, room), color);
    }
    if cell.flags.any(Flags::CHANGED) {
        let end = if from_left { left + cell.chars.min(room) as f32 * geometry.pitch } else { right };
        canvas.underline(geometry, (from, end), row_top, colors);
    }
}

/// Around the caret's cell, as in a spreadsheet; of plain values as among bytes.
fn caret(scene: &Scene<'_>, canvas: &mut Canvas<'_>) {
    let geometry = scene.geometry;
    let Some(Block { caret: (row, column), .. }) = scene.block else { return };
    if !geometry.seen_rows().contains(&row) {
        return;
    }
    if let Some(values) = &scene.values {
        return value_caret(scene, values, (row, column), canvas);
    }
    let Some(rect) = geometry.cell_rect(row, column).filter(|_| !scene.table.is_empty()) else { return };
    let color = if scene.active { scene.accent } else { scene.colors.caret_outline };
    let width = geometry.thick(if scene.active { 2.0 } else { 1.0 });
    canvas.quads.outline(rect, width, color);
}

fn value_caret(
    scene: &Scene<'_>,
    values: &ValueScene<'_>,
    (row, column): (u64, u64),
    canvas: &mut Canvas<'_>,
) {
    let geometry = scene.geometry;
    let Some((left, right)) = geometry.column_x(column) else { return };
    let top = geometry.y_of(row);
    let rect = Rect::from_x_y_ranges(left..=right, top..=top + geometry.row_height);
    let (chars, text) = scene.screen.cell(row, column).map_or((0, ""), |(cell, text)| (cell.chars, text));
    let room = ((right - left) / geometry.pitch).round() as u32;
    let before = room.saturating_sub(chars) as usize;
    let look = CaretLook {
        frame: geometry,
        selection: values.selection,
        colors: scene.colors,
        insert: values.insert,
        focused: scene.active,
    };
    look.paint(canvas, rect, 0, std::iter::repeat_n(' ', before).chain(text.chars()));
}
