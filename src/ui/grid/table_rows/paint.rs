//! Turns the cells of an array into quads: backgrounds, values, marks, the caret, then the labels at the edges.

use super::geometry::{Geometry, Under};
use super::heads;
use crate::decode::ValueClass;
use crate::decode::item::ItemType;
use crate::session::arrays::ArrayView;
use crate::session::arrays::screen::{ArrayCell, ArrayScreen};
use crate::session::view::rows::Flags;
use crate::session::words;
use crate::ui::grid::canvas::{Canvas, foreground};
use crate::ui::grid::cut::Sight;
use crate::ui::theme::DataColors;
use egui::{Color32, Pos2, Rect, pos2};

/// What a frame is painted from.
pub(super) struct Scene<'a> {
    pub(super) geometry: &'a Geometry,
    pub(super) screen: &'a ArrayScreen,
    pub(super) view: &'a ArrayView,
    pub(super) colors: &'a DataColors,
    pub(super) strong: Color32,
    pub(super) accent: Color32,
    pub(super) hairline: Color32,
    /// Whether the keys go here right now.
    pub(super) active: bool,
    pub(super) hover: Option<Under>,
    /// The column whose head is dragged, and where it would go.
    pub(super) moving: Option<(u64, u64)>,
}

impl Scene<'_> {
    fn selection(&self) -> Color32 {
        if self.active { self.colors.selection_bg } else { self.colors.selection_inactive_bg }
    }
}

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

/// Texts begin at the left; numbers end at the right.
pub(super) fn reads_from_left(item: &ItemType) -> bool {
    matches!(item, ItemType::Bytes(_) | ItemType::Text(..) | ItemType::Pascal(_) | ItemType::Record(_))
}

/// The block as far as it is seen.
fn selection(scene: &Scene<'_>, canvas: &mut Canvas<'_>) {
    let (geometry, block) = (scene.geometry, scene.view.block);
    if block.is_one() {
        return;
    }
    let color = scene.selection();
    let seen = geometry.seen_columns();
    let Some(end) = seen.end.checked_sub(1) else { return };
    for row in geometry.seen_rows() {
        let Some((left, right)) = block.columns_in(row, &scene.view.table) else { continue };
        let (left, right) = (left.max(seen.start), right.min(end));
        if left <= right
            && let Some((first, last)) = geometry.cell_rect(row, left).zip(geometry.cell_rect(row, right))
        {
            canvas.quads.rect(first.union(last).intersect(geometry.body), color);
        }
    }
}

/// What marks the ground of a cell, beside the selection.
const GROUNDS: Flags = Flags::FOUND.with(Flags::FAILED);

/// The grounds of matches, and the hatching of what can't be read.
fn grounds(
    scene: &Scene<'_>,
    canvas: &mut Canvas<'_>,
    row: u64,
    cells: &[Option<ArrayCell>],
    columns: &[Edges],
) {
    let (geometry, block) = (scene.geometry, &scene.view.block);
    let (top, half) = (geometry.y_of(row), geometry.half_gap());
    for (cell, edges) in cells.iter().zip(columns) {
        let Some(cell) = cell.as_ref().filter(|cell| cell.flags.any(GROUNDS)) else { continue };
        let selected = !block.is_one() && block.has(row, edges.column, &scene.view.table);
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
        let from_left = scene.view.table.item(column).is_some_and(reads_from_left);
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

/// Around the caret's cell, as in a spreadsheet.
fn caret(scene: &Scene<'_>, canvas: &mut Canvas<'_>) {
    let geometry = scene.geometry;
    let (row, column) = scene.view.block.caret;
    if scene.view.table.is_empty() || !geometry.seen_rows().contains(&row) {
        return;
    }
    let Some(rect) = geometry.cell_rect(row, column) else { return };
    let color = if scene.active { scene.accent } else { scene.colors.caret_outline };
    let width = geometry.thick(if scene.active { 2.0 } else { 1.0 });
    canvas.quads.outline(rect, width, color);
}

/// A text of so many characters with room for so many, of which an edge of the view may cut a part.
pub(super) fn in_sight(
    scene: &Scene<'_>,
    canvas: &mut Canvas<'_>,
    at: Pos2,
    text: &str,
    (chars, room): (u32, u32),
    color: Color32,
) {
    let geometry = scene.geometry;
    let sight =
        Sight { from: at.x, left: geometry.body.left(), right: geometry.body.right(), pitch: geometry.pitch };
    if sight.shows(chars.min(room)) {
        if chars > room {
            return elided(canvas, at, text, room, geometry.pitch, color);
        }
        return canvas.line(at, text, geometry.pitch, color);
    }
    // The column's own edge cuts it first.
    let right = sight.right.min(at.x + room as f32 * geometry.pitch);
    canvas.cut_line(&Sight { right, ..sight }, at.y, text, color);
}

/// The beginning of a text that is longer than its room, with an ellipsis.
fn elided(canvas: &mut Canvas<'_>, at: Pos2, text: &str, room: u32, pitch: f32, color: Color32) {
    let mut short = std::mem::take(canvas.text);
    short.clear();
    let mut left = room.saturating_sub(1);
    short.extend(text.chars().take_while(|character| {
        let cells = words::cells_of(*character);
        let fits = cells <= left;
        left = left.saturating_sub(cells);
        fits
    }));
    short.push('…');
    canvas.line(at, &short, pitch, color);
    *canvas.text = short;
}
