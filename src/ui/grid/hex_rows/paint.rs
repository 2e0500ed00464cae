//! Turns a built screen into quads: backgrounds, characters, marks, caret, offsets, header, in that order.
//!
//! The offsets and the header are drawn over the rows, which may be scrolled under them, so that the whole grid
//! is one mesh. What is shown was decided by the screen; here it only gets its colours and places.

use super::caret;
use super::scene::Scene;
use crate::decode::ByteClass;
use crate::session::view::rows::{Flags, ScreenRow};
use crate::session::view::{Column, Viewport};
use crate::ui::grid::cell_paint::{Canvas, foreground};
use crate::ui::grid::clipped_text::Sight;
use crate::ui::theme::DataColors;
use egui::{Color32, Rect, pos2};

/// Paints everything but the scroll bars.
pub(super) fn paint(scene: &Scene<'_>, canvas: &mut Canvas<'_>) {
    let geometry = scene.geometry;
    let outer = geometry.header.union(geometry.area);
    canvas.quads.rect(outer, scene.colors.grid_bg);
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

fn paint_backgrounds(scene: &Scene<'_>, canvas: &mut Canvas<'_>) {
    let geometry = scene.geometry;
    canvas.stripes(geometry, geometry.area, scene.colors);
    for row in scene.screen.rows() {
        let top = geometry.y_of(row.row);
        let bottom = top + geometry.row_height;
        if row.flags.iter().all(|flags| flags.is_empty()) {
            continue;
        }
        let half_gap = geometry.layout.cell_gap() as f32 * geometry.pitch / 2.0;
        let width = geometry.layout.cell_chars() as f32 * geometry.pitch;
        let lefts = scene.lefts;
        let cell_flags = row.cells.iter().map(|cell| cell.flags);
        for run in runs(cell_flags) {
            let (left, right) = (lefts[run.first] - half_gap, lefts[run.last] + width + half_gap);
            let rect = Rect::from_min_max(pos2(left, top), pos2(right, bottom));
            paint_run(canvas, rect, run.flags, scene, Column::Cells);
        }
        let Some(text_left) = geometry.layout.text_x(scene.screen.first_text()) else { continue };
        let text_left = geometry.x_of(text_left as f32);
        let from = scene.screen.first_text() as usize;
        let text_flags = row.flags.iter().skip(from).take(row.text.len()).copied();
        for run in runs(text_flags) {
            let left = text_left + run.first as f32 * geometry.pitch;
            let right = text_left + (run.last + 1) as f32 * geometry.pitch;
            let rect = Rect::from_min_max(pos2(left, top), pos2(right, bottom));
            paint_run(canvas, rect, run.flags, scene, Column::Text);
        }
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

fn paint_run(canvas: &mut Canvas<'_>, rect: Rect, flags: Flags, scene: &Scene<'_>, column: Column) {
    let focused = scene.active && scene.selection.column == column;
    let selection = if focused { scene.colors.selection_bg } else { scene.colors.selection_inactive_bg };
    canvas.background(rect, flags, scene.geometry.pixel, selection, scene.colors);
}

fn paint_cells(scene: &Scene<'_>, canvas: &mut Canvas<'_>, row: &ScreenRow<'_>, classes: &[Color32]) {
    let geometry = scene.geometry;
    let row_top = geometry.y_of(row.row);
    let top = row_top + geometry.line_dy;
    let (pitch, chars) = (geometry.pitch, geometry.layout.cell_chars());
    for (index, cell) in row.cells.iter().enumerate() {
        let text = scene.screen.text_of(cell);
        let color = foreground(cell.flags, classes[cell.class as usize], scene.colors);
        let left = scene.lefts[index];
        let sight = Sight { from: left, left: geometry.body.left(), right: geometry.area.right(), pitch };
        if sight.shows(chars) {
            canvas.line(pos2(left, top), text, pitch, color);
        } else {
            canvas.cut_line(&sight, top, text, color);
        }
        if cell.flags.any(Flags::CHANGED) {
            let right = left + chars as f32 * pitch;
            canvas.underline(geometry, (left, right), row_top, scene.colors);
        }
    }
}

fn paint_text(scene: &Scene<'_>, canvas: &mut Canvas<'_>, row: &ScreenRow<'_>, classes: &[Color32]) {
    let (geometry, first) = (scene.geometry, scene.screen.first_text());
    let Some(left) = geometry.layout.text_x(first) else { return };
    let mut x = geometry.x_of(left as f32);
    let row_top = geometry.y_of(row.row);
    let top = row_top + geometry.line_dy;
    let from = first as usize;
    for ((character, byte), flags) in row
        .text
        .iter()
        .zip(&row.bytes[from.min(row.bytes.len())..])
        .zip(&row.flags[from.min(row.flags.len())..])
    {
        let class = crate::decode::byte_class(*byte);
        let color = foreground(*flags, classes[class as usize], scene.colors);
        canvas.character(pos2(x, top), *character, color);
        if flags.any(Flags::CHANGED) {
            canvas.underline(geometry, (x, x + geometry.pitch), row_top, scene.colors);
        }
        x += geometry.pitch;
    }
}

fn paint_lines(scene: &Scene<'_>, canvas: &mut Canvas<'_>) {
    let geometry = scene.geometry;
    if let Some(edge) = geometry.layout.text_edge() {
        let x = geometry.x_of(edge);
        let line = Rect::from_x_y_ranges(x..=x + geometry.pixel, geometry.area.y_range());
        canvas.quads.rect(line, scene.hairline);
    }
}

fn paint_offsets(scene: &Scene<'_>, canvas: &mut Canvas<'_>) {
    let geometry = scene.geometry;
    let column = Rect::from_x_y_ranges(geometry.area.left()..=geometry.body.left(), geometry.area.y_range());
    if geometry.across != Viewport::default() {
        canvas.quads.rect(column, scene.colors.grid_bg);
        canvas.stripes(geometry, column, scene.colors);
    }
    let hovered = scene.hover.map(|at| geometry.row_at(at.y));
    let caret_row = scene.caret().map(|offset| geometry.map.row_of(offset));
    let x = geometry.area.left() + geometry.layout.offset_x() as f32 * geometry.pitch;
    for row in scene.screen.rows() {
        let top = geometry.y_of(row.row);
        if hovered == Some(row.row) {
            let rect = Rect::from_x_y_ranges(column.x_range(), top..=top + geometry.row_height);
            canvas.quads.rect(rect, scene.colors.crosshair);
        }
        let color = if caret_row == Some(row.row) { scene.strong } else { scene.colors.offset };
        canvas.line(pos2(x, top + geometry.line_dy), row.label, geometry.pitch, color);
    }
    let edge = geometry.body.left();
    let line = Rect::from_x_y_ranges(edge - geometry.pixel..=edge, geometry.area.y_range());
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
    let hovered = scene.hover.filter(|at| at.x > geometry.body.left() && at.x < right);
    let hovered = hovered.map(|at| column_of(geometry.hit(at, None).offset));
    let caret = scene.caret().map(column_of);
    paint_cell_heads(scene, canvas, hovered, caret);
    paint_text_heads(scene, canvas, hovered, caret);

    let corner = Rect::from_min_max(header.min, pos2(geometry.body.left(), header.bottom()));
    canvas.quads.rect(corner, scene.colors.grid_bg);
    let x = header.left() + geometry.layout.offset_x() as f32 * geometry.pitch;
    canvas.line(pos2(x, geometry.head_top()), "offset", geometry.pitch, scene.colors.header);
    let line = Rect::from_x_y_ranges(header.x_range(), header.bottom() - geometry.pixel..=header.bottom());
    canvas.quads.rect(line, scene.hairline);
}

fn paint_cell_heads(scene: &Scene<'_>, canvas: &mut Canvas<'_>, hovered: Option<u32>, caret: Option<u32>) {
    let (geometry, layout) = (scene.geometry, &scene.geometry.layout);
    let width = layout.cell_chars();
    // Numbers wider than their column stand above the starts of groups only, or of every fourth column.
    let widest = layout.cells().saturating_sub(1);
    let sparse = layout.labels().header(widest, 1).len() as u32 > width;
    let step = if layout.group() > 1 { layout.group() } else { 4 };
    for index in geometry.seen_cells() {
        let left = geometry.x_of(layout.cell_x(index) as f32);
        if hovered == Some(index) {
            let right = left + width as f32 * geometry.pitch;
            let rect = Rect::from_x_y_ranges(left..=right, geometry.header.y_range());
            canvas.quads.rect(rect, scene.colors.crosshair);
        }
        if sparse && index % step != 0 {
            continue;
        }
        let text = layout.labels().header(index, 1);
        let strong = caret == Some(index);
        let color = if strong { scene.strong } else { scene.colors.header };
        let pad = if sparse { 0 } else { width.saturating_sub(text.len() as u32) };
        let x = left + pad as f32 * geometry.pitch;
        let sight = Sight {
            from: x,
            left: geometry.body.left(),
            right: geometry.area.right(),
            pitch: geometry.pitch,
        };
        if sight.shows(text.len() as u32) {
            canvas.line(pos2(x, geometry.head_top()), &text, geometry.pitch, color);
        } else {
            canvas.cut_line(&sight, geometry.head_top(), &text, color);
        }
    }
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
        let strong = caret == Some(index);
        let color = if strong { scene.strong } else { scene.colors.header };
        canvas.character(pos2(x, geometry.head_top()), layout.labels().text_head(index), color);
    }
}
