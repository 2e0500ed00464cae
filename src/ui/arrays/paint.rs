//! Turns the cells of an array into quads: backgrounds, values, marks, the caret, then the labels at the edges.

use super::geometry::{Geometry, Under};
use super::heads;
use crate::decode::ValueClass;
use crate::decode::item::ItemType;
use crate::session::arrays::ArrayView;
use crate::session::arrays::screen::{ArrayCell, ArrayScreen};
use crate::session::view::rows::Flags;
use crate::session::words;
use crate::ui::grid::cut::Sight;
use crate::ui::grid::glyphs::GlyphTable;
use crate::ui::grid::mesh::Quads;
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

/// Buffers and targets of the painting.
pub(super) struct Canvas<'a> {
    pub(super) quads: &'a mut Quads,
    pub(super) glyphs: &'a mut GlyphTable,
    pub(super) text: &'a mut String,
}

/// Paints everything but the scroll bars.
pub(super) fn paint(scene: &Scene<'_>, canvas: &mut Canvas<'_>) {
    let geometry = scene.geometry;
    canvas.quads.rect(geometry.outer, scene.colors.grid_bg);
    stripes(scene, canvas.quads, geometry.body);
    selection(scene, canvas);
    let columns: Vec<Edges> = geometry.seen_columns().filter_map(|column| Edges::of(scene, column)).collect();
    for row in geometry.seen_rows() {
        for (cell, edges) in scene.screen.row(row).iter().zip(&columns) {
            if let Some(cell) = cell {
                paint_cell(scene, canvas, row, cell, edges);
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

pub(super) fn stripes(scene: &Scene<'_>, quads: &mut Quads, area: Rect) {
    let geometry = scene.geometry;
    for row in geometry.seen_rows().filter(|row| row % 2 == 1) {
        let top = geometry.y_of(row);
        let rect = Rect::from_x_y_ranges(area.x_range(), top..=top + geometry.row_height);
        quads.rect(rect.intersect(area), scene.colors.row_stripe);
    }
}

/// The block as far as it is seen.
fn selection(scene: &Scene<'_>, canvas: &mut Canvas<'_>) {
    let (geometry, block) = (scene.geometry, scene.view.block);
    if block.is_one() {
        return;
    }
    let color = if scene.active { scene.colors.selection_bg } else { scene.colors.selection_inactive_bg };
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

/// Where the texts of a column stand.
struct Edges {
    left: f32,
    right: f32,
    /// Characters between them.
    room: u32,
    from_left: bool,
}

impl Edges {
    fn of(scene: &Scene<'_>, column: u64) -> Option<Self> {
        let (left, right) = scene.geometry.column_x(column)?;
        let room = ((right - left) / scene.geometry.pitch).round() as u32;
        let from_left = scene.view.table.item(column).is_some_and(reads_from_left);
        Some(Self { left, right, room, from_left })
    }
}

fn paint_cell(scene: &Scene<'_>, canvas: &mut Canvas<'_>, row: u64, cell: &ArrayCell, edges: &Edges) {
    let geometry = scene.geometry;
    let text = scene.screen.text_of(cell);
    let top = geometry.y_of(row) + geometry.line_dy;
    let color = color_of(cell.class, cell.flags, scene.colors);
    let Edges { left, right, room, from_left } = *edges;
    let from = if from_left || cell.chars > room { left } else { right - cell.chars as f32 * geometry.pitch };
    in_sight(scene, canvas, pos2(from, top), text, (cell.chars, room), color);
    if cell.flags.any(Flags::CHANGED) {
        let thick = (1.5 / geometry.pixel).round().max(1.0) * geometry.pixel;
        let bottom = geometry.y_of(row) + geometry.row_height;
        let end = if from_left { left + cell.chars.min(room) as f32 * geometry.pitch } else { right };
        let under = Rect::from_min_max(pos2(from, bottom - thick), pos2(end, bottom));
        canvas.quads.rect(under, scene.colors.changed_mark);
    }
}

fn color_of(class: ValueClass, flags: Flags, colors: &DataColors) -> Color32 {
    if flags.any(Flags::MISSING) {
        colors.unavailable
    } else if flags.any(Flags::FAILED) {
        colors.failed_hatch
    } else if flags.any(Flags::CHANGED) {
        colors.changed
    } else {
        match class {
            ValueClass::Zero => colors.zero,
            ValueClass::Ordinary => colors.printable,
            ValueClass::Special => colors.control,
        }
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
    let points = if scene.active { 2.0 } else { 1.0 };
    let width = (points / geometry.pixel).round().max(1.0) * geometry.pixel;
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
        return line(canvas, at, text, geometry.pitch, color);
    }
    // The column's own edge cuts it first.
    let right = sight.right.min(at.x + room as f32 * geometry.pitch);
    let mut seen = std::mem::take(canvas.text);
    if let Some(from) = (Sight { right, ..sight }).cut(text, &mut seen) {
        line(canvas, pos2(from, at.y), &seen, geometry.pitch, color);
    }
    *canvas.text = seen;
}

pub(super) fn line(canvas: &mut Canvas<'_>, at: Pos2, text: &str, pitch: f32, color: Color32) {
    canvas.quads.line(canvas.glyphs, at, text, pitch, color);
}

/// The beginning of a text that is longer than its room, with an ellipsis.
pub(super) fn elided(canvas: &mut Canvas<'_>, at: Pos2, text: &str, room: u32, pitch: f32, color: Color32) {
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
    line(canvas, at, &short, pitch, color);
    *canvas.text = short;
}
