//! Turns a built screen into quads: backgrounds, characters, marks, caret, offsets, header, in that order.
//!
//! The offsets and the header are drawn over the rows, which may be scrolled under them, so that the whole grid
//! is one mesh. What is shown was decided by the screen; here it only gets its colours and places.

use super::caret;
use super::cut::Sight;
use super::geometry::Geometry;
use super::glyphs::GlyphTable;
use super::mesh::Quads;
use crate::decode::ByteClass;
use crate::session::view::rows::{Flags, ScreenRow};
use crate::session::view::{Column, Screen, Selection};
use crate::session::words;
use crate::ui::theme::DataColors;
use egui::{Color32, Pos2, Rect, pos2};

/// What a frame is painted from.
pub(super) struct Scene<'a> {
    pub(super) geometry: &'a Geometry,
    pub(super) screen: &'a Screen,
    pub(super) selection: &'a Selection,
    pub(super) colors: &'a DataColors,
    /// The labels of the row and the column with the caret.
    pub(super) strong: Color32,
    /// The lines between the columns.
    pub(super) hairline: Color32,
    pub(super) insert: bool,
    /// Whether the keys go here right now.
    pub(super) active: bool,
    /// Where the pointer is, if it is over the rows.
    pub(super) hover: Option<Pos2>,
}

impl Scene<'_> {
    /// The byte that the caret is at, unless it lies before the view's first one.
    fn caret(&self) -> Option<u64> {
        Some(self.selection.caret_place().offset()).filter(|offset| *offset >= self.geometry.map.origin())
    }
}

/// Buffers and targets of the painting.
pub(super) struct Canvas<'a> {
    pub(super) quads: &'a mut Quads,
    pub(super) glyphs: &'a mut GlyphTable,
    /// Left edges of the built cells; kept between frames.
    pub(super) cell_lefts: &'a mut Vec<f32>,
    pub(super) text: &'a mut String,
}

/// Paints everything but the scroll bars.
pub(super) fn paint(scene: &Scene<'_>, canvas: &mut Canvas<'_>) {
    let geometry = scene.geometry;
    let outer = geometry.header.union(geometry.rows);
    canvas.quads.rect(outer, scene.colors.grid_bg);
    place_cells(scene, canvas);
    paint_backgrounds(scene, canvas);
    let classes = class_colors(scene.colors);
    for row in scene.screen.rows() {
        paint_cells(scene, canvas, &row, &classes);
        paint_text(scene, canvas, &row, &classes);
    }
    caret::paint(scene, canvas);
    paint_lines(scene, canvas);
    paint_offsets(scene, canvas);
    paint_header(scene, canvas);
}

fn place_cells(scene: &Scene<'_>, canvas: &mut Canvas<'_>) {
    let (geometry, first) = (scene.geometry, scene.screen.first_cell());
    canvas.cell_lefts.clear();
    let cells = first..geometry.layout.cells();
    canvas.cell_lefts.extend(cells.map(|index| geometry.x_of(geometry.layout.cell_x(index) as f32)));
}

fn class_colors(colors: &DataColors) -> [Color32; ByteClass::ALL.len()] {
    let mut by_class = [Color32::PLACEHOLDER; ByteClass::ALL.len()];
    for class in ByteClass::ALL {
        by_class[class as usize] = match class {
            ByteClass::Zero => colors.zero,
            ByteClass::Printable => colors.printable,
            ByteClass::Space => colors.space,
            ByteClass::Control => colors.control,
            ByteClass::High => colors.high,
            ByteClass::Ones => colors.ones,
        };
    }
    by_class
}

/// What is behind bytes that are marked so; `None` behind plain ones.
fn background(flags: Flags, colors: &DataColors, selection: Color32) -> Option<Color32> {
    if flags.any(Flags::CURRENT) {
        Some(colors.found_current_bg)
    } else if flags.any(Flags::SELECTED) {
        Some(selection)
    } else if flags.any(Flags::FOUND) {
        Some(colors.found_bg)
    } else {
        None
    }
}

fn foreground(flags: Flags, ordinary: Color32, colors: &DataColors) -> Color32 {
    if flags.any(Flags::MISSING) {
        colors.unavailable
    } else if flags.any(Flags::FAILED) {
        colors.failed_hatch
    } else if flags.any(Flags::CURRENT) {
        colors.found_current_fg
    } else if flags.any(Flags::CHANGED) {
        colors.changed
    } else {
        ordinary
    }
}

fn paint_backgrounds(scene: &Scene<'_>, canvas: &mut Canvas<'_>) {
    let geometry = scene.geometry;
    paint_stripes(scene, canvas.quads, geometry.rows);
    for row in scene.screen.rows() {
        let top = geometry.y_of(row.row);
        let bottom = top + geometry.row_height;
        if row.flags.iter().all(|flags| flags.is_empty()) {
            continue;
        }
        let half_gap = geometry.layout.cell_gap() as f32 * geometry.pitch / 2.0;
        let width = geometry.layout.cell_chars() as f32 * geometry.pitch;
        let lefts = &*canvas.cell_lefts;
        let cell_flags = row.cells.iter().map(|cell| cell.flags);
        for run in runs(cell_flags) {
            let (left, right) = (lefts[run.first] - half_gap, lefts[run.last] + width + half_gap);
            let rect = Rect::from_min_max(pos2(left, top), pos2(right, bottom));
            paint_run(canvas.quads, rect, run.flags, scene, Column::Cells);
        }
        let Some(text_left) = geometry.layout.text_x(scene.screen.first_text()) else { continue };
        let text_left = geometry.x_of(text_left as f32);
        let from = scene.screen.first_text() as usize;
        let text_flags = row.flags.iter().skip(from).take(row.text.len()).copied();
        for run in runs(text_flags) {
            let left = text_left + run.first as f32 * geometry.pitch;
            let right = text_left + (run.last + 1) as f32 * geometry.pitch;
            let rect = Rect::from_min_max(pos2(left, top), pos2(right, bottom));
            paint_run(canvas.quads, rect, run.flags, scene, Column::Text);
        }
    }
}

fn paint_stripes(scene: &Scene<'_>, quads: &mut Quads, area: Rect) {
    let geometry = scene.geometry;
    for row in geometry.seen_rows().filter(|row| row % 2 == 1) {
        let top = geometry.y_of(row);
        let rect = Rect::from_x_y_ranges(area.x_range(), top..=top + geometry.row_height);
        quads.rect(rect, scene.colors.row_stripe);
    }
}

/// Neighbours that are marked alike.
struct Run {
    first: usize,
    last: usize,
    flags: Flags,
}

/// The marked runs of a row.
fn runs(flags: impl Iterator<Item = Flags>) -> impl Iterator<Item = Run> {
    let mut flags = flags.enumerate().peekable();
    std::iter::from_fn(move || {
        let (first, run) = flags.by_ref().find(|(_, flags)| !flags.is_empty())?;
        let mut last = first;
        while let Some((index, _)) = flags.next_if(|(_, flags)| *flags == run) {
            last = index;
        }
        Some(Run { first, last, flags: run })
    })
}

fn paint_run(quads: &mut Quads, rect: Rect, flags: Flags, scene: &Scene<'_>, column: Column) {
    let colors = scene.colors;
    let focused = scene.active && scene.selection.column == column;
    let selection = if focused { colors.selection_bg } else { colors.selection_inactive_bg };
    if let Some(color) = background(flags, colors, selection) {
        quads.rect(rect, color);
    }
    if flags.any(Flags::FAILED) {
        hatch(quads, rect, scene.geometry.pixel, colors.failed_hatch.gamma_multiply(0.5));
    }
}

/// Slanted lines over `rect`.
fn hatch(quads: &mut Quads, rect: Rect, pixel: f32, color: Color32) {
    const STEP: f32 = 6.0;
    let (width, height) = (pixel.max(1.0), rect.height());
    // In the window's own rhythm, so that the lines of neighbouring runs and rows meet.
    let mut foot = ((rect.left() - height + rect.top()) / STEP).ceil() * STEP - rect.top();
    while foot < rect.right() {
        // The line goes up to the right, one to one; it is cut where it leaves the rectangle.
        let from = (rect.left() - foot).max(0.0);
        let to = (rect.right() - width - foot).min(height);
        if from < to {
            let at = |along: f32| pos2(foot + along, rect.bottom() - along);
            let (low, high) = (at(from), at(to));
            let right = |pos: Pos2| pos2(pos.x + width, pos.y);
            quads.push([high, right(high), low, right(low)], color);
        }
        foot += STEP;
    }
}

fn paint_cells(scene: &Scene<'_>, canvas: &mut Canvas<'_>, row: &ScreenRow<'_>, classes: &[Color32]) {
    let geometry = scene.geometry;
    let top = geometry.y_of(row.row) + geometry.line_dy;
    let (pitch, chars) = (geometry.pitch, geometry.layout.cell_chars() as usize);
    for (index, cell) in row.cells.iter().enumerate() {
        let text = scene.screen.text_of(cell);
        let color = foreground(cell.flags, classes[cell.class as usize], scene.colors);
        let left = canvas.cell_lefts[index];
        // Digits and placeholders fill a byte's cell; a value is set against the right edge.
        let used = words::cells(text) as usize;
        let from = left + chars.saturating_sub(used) as f32 * pitch;
        let sight = Sight { from, left: geometry.body_left, right: geometry.rows.right(), pitch };
        if sight.shows(used as u32) {
            draw_line(canvas, pos2(from, top), text, pitch, color);
        } else {
            draw_cut(canvas, &sight, top, text, color);
        }
        if cell.flags.any(Flags::CHANGED) {
            underline(scene, canvas.quads, from, left + chars as f32 * pitch, top);
        }
    }
}

fn paint_text(scene: &Scene<'_>, canvas: &mut Canvas<'_>, row: &ScreenRow<'_>, classes: &[Color32]) {
    let (geometry, first) = (scene.geometry, scene.screen.first_text());
    let Some(left) = geometry.layout.text_x(first) else { return };
    let mut x = geometry.x_of(left as f32);
    let top = geometry.y_of(row.row) + geometry.line_dy;
    let from = first as usize;
    for ((character, byte), flags) in row
        .text
        .iter()
        .zip(&row.bytes[from.min(row.bytes.len())..])
        .zip(&row.flags[from.min(row.flags.len())..])
    {
        let class = crate::decode::byte_class(*byte);
        let color = foreground(*flags, classes[class as usize], scene.colors);
        draw(canvas, pos2(x, top), *character, color);
        if flags.any(Flags::CHANGED) {
            underline(scene, canvas.quads, x, x + geometry.pitch, top);
        }
        x += geometry.pitch;
    }
}

/// A changed byte is told by more than its colour.
fn underline(scene: &Scene<'_>, quads: &mut Quads, left: f32, right: f32, line_top: f32) {
    let geometry = scene.geometry;
    let thick = (1.5 / geometry.pixel).round().max(1.0) * geometry.pixel;
    let bottom = line_top + geometry.row_height - geometry.line_dy;
    let rect = Rect::from_min_max(pos2(left, bottom - thick), pos2(right, bottom));
    quads.rect(rect, scene.colors.changed_mark);
}

#[inline]
pub(super) fn draw(canvas: &mut Canvas<'_>, at: Pos2, character: char, color: Color32) {
    canvas.quads.character(canvas.glyphs, at, character, color);
}

fn draw_line(canvas: &mut Canvas<'_>, at: Pos2, text: &str, pitch: f32, color: Color32) {
    canvas.quads.line(canvas.glyphs, at, text, pitch, color);
}

/// A text that an edge of the view cuts.
fn draw_cut(canvas: &mut Canvas<'_>, sight: &Sight, top: f32, text: &str, color: Color32) {
    let mut seen = std::mem::take(canvas.text);
    if let Some(from) = sight.cut(text, &mut seen) {
        draw_line(canvas, pos2(from, top), &seen, sight.pitch, color);
    }
    *canvas.text = seen;
}

fn paint_lines(scene: &Scene<'_>, canvas: &mut Canvas<'_>) {
    let geometry = scene.geometry;
    if let Some(edge) = geometry.layout.text_edge() {
        let x = geometry.x_of(edge);
        let line = Rect::from_x_y_ranges(x..=x + geometry.pixel, geometry.rows.y_range());
        canvas.quads.rect(line, scene.hairline);
    }
}

fn paint_offsets(scene: &Scene<'_>, canvas: &mut Canvas<'_>) {
    let geometry = scene.geometry;
    let column = Rect::from_x_y_ranges(geometry.rows.left()..=geometry.body_left, geometry.rows.y_range());
    if geometry.view.left > 0.0 {
        canvas.quads.rect(column, scene.colors.grid_bg);
        paint_stripes(scene, canvas.quads, column);
    }
    let hovered = scene.hover.map(|at| geometry.view.row_at(at.y - geometry.rows.top(), &geometry.pane));
    let caret_row = scene.caret().map(|offset| geometry.map.row_of(offset));
    let x = geometry.rows.left() + geometry.layout.offset_x() as f32 * geometry.pitch;
    for row in scene.screen.rows() {
        let top = geometry.y_of(row.row);
        if hovered == Some(row.row) {
            let rect = Rect::from_x_y_ranges(column.x_range(), top..=top + geometry.row_height);
            canvas.quads.rect(rect, scene.colors.crosshair);
        }
        let color = if caret_row == Some(row.row) { scene.strong } else { scene.colors.offset };
        draw_line(canvas, pos2(x, top + geometry.line_dy), row.label, geometry.pitch, color);
    }
    let edge = geometry.body_left;
    let line = Rect::from_x_y_ranges(edge - geometry.pixel..=edge, geometry.rows.y_range());
    canvas.quads.rect(line, scene.hairline);
}

fn paint_header(scene: &Scene<'_>, canvas: &mut Canvas<'_>) {
    let (geometry, header) = (scene.geometry, scene.geometry.header);
    canvas.quads.rect(header, scene.colors.grid_bg);
    let column_of = |offset: u64| {
        let row = geometry.map.row_start(geometry.map.row_of(offset));
        (offset.saturating_sub(row)) as u32
    };
    let right = geometry.x_of(geometry.layout.width() as f32);
    let hovered = scene.hover.filter(|at| at.x > geometry.body_left && at.x < right);
    let hovered = hovered.map(|at| column_of(geometry.hit(at, None).offset));
    let caret = scene.caret().map(column_of);
    paint_cell_heads(scene, canvas, hovered, caret);
    paint_text_heads(scene, canvas, hovered, caret);

    let corner = Rect::from_min_max(header.min, pos2(geometry.body_left, header.bottom()));
    canvas.quads.rect(corner, scene.colors.grid_bg);
    let x = header.left() + geometry.layout.offset_x() as f32 * geometry.pitch;
    draw_line(canvas, pos2(x, head_top(geometry)), "offset", geometry.pitch, scene.colors.header);
    let line = Rect::from_x_y_ranges(header.x_range(), header.bottom() - geometry.pixel..=header.bottom());
    canvas.quads.rect(line, scene.hairline);
}

fn head_top(geometry: &Geometry) -> f32 {
    let above = (geometry.header.height() - (geometry.row_height - 2.0 * geometry.line_dy)) / 2.0;
    geometry.header.top() + (above / geometry.pixel).round() * geometry.pixel
}

fn paint_cell_heads(scene: &Scene<'_>, canvas: &mut Canvas<'_>, hovered: Option<u32>, caret: Option<u32>) {
    let (geometry, layout) = (scene.geometry, &scene.geometry.layout);
    let width = layout.cell_chars();
    let mut text = std::mem::take(canvas.text);
    // Numbers wider than their column stand above the starts of groups only, or of every fourth column.
    let widest = layout.cells().saturating_sub(1);
    text.clear();
    layout.write_header(widest, &mut text);
    let sparse = text.len() as u32 > width;
    let step = if layout.group() > 1 { layout.group() } else { 4 };
    for index in geometry.seen_cells() {
        let left = geometry.x_of(layout.cell_x(index) as f32);
        if hovered.is_some_and(|byte| byte / layout.cell_bytes() == index) {
            let right = left + width as f32 * geometry.pitch;
            let rect = Rect::from_x_y_ranges(left..=right, geometry.header.y_range());
            canvas.quads.rect(rect, scene.colors.crosshair);
        }
        if sparse && index % step != 0 {
            continue;
        }
        text.clear();
        layout.write_header(index, &mut text);
        let strong = caret.is_some_and(|byte| byte / layout.cell_bytes() == index);
        let color = if strong { scene.strong } else { scene.colors.header };
        let pad = if sparse { 0 } else { width.saturating_sub(text.len() as u32) };
        let x = left + pad as f32 * geometry.pitch;
        let sight =
            Sight { from: x, left: geometry.body_left, right: geometry.rows.right(), pitch: geometry.pitch };
        if sight.shows(text.len() as u32) {
            draw_line(canvas, pos2(x, head_top(geometry)), &text, geometry.pitch, color);
        } else {
            draw_cut(canvas, &sight, head_top(geometry), &text, color);
        }
    }
    *canvas.text = text;
}

/// Above each character the last digit of its column.
fn paint_text_heads(scene: &Scene<'_>, canvas: &mut Canvas<'_>, hovered: Option<u32>, caret: Option<u32>) {
    let (geometry, layout) = (scene.geometry, &scene.geometry.layout);
    for index in geometry.seen_text() {
        let Some(x) = layout.text_x(index) else { return };
        let x = geometry.x_of(x as f32);
        if hovered == Some(index) {
            let rect = Rect::from_x_y_ranges(x..=x + geometry.pitch, geometry.header.y_range());
            canvas.quads.rect(rect, scene.colors.crosshair);
        }
        let strong = caret.is_some_and(|byte| byte / layout.cell_bytes() == index / layout.cell_bytes());
        let color = if strong { scene.strong } else { scene.colors.header };
        draw(canvas, pos2(x, head_top(geometry)), layout.text_head(index), color);
    }
}
