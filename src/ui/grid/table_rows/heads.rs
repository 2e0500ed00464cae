//! The indices at the left and above an array's cells, and the names of fields. They are drawn over the cells, which
//! may be scrolled under them.

use super::geometry::{EDGE, Under};
use super::scene::Scene;
use super::text::{in_sight, reads_from_left};
use crate::session::arrays::screen::chars;
use crate::ui::grid::cell_paint::Canvas;
use egui::{Rect, pos2};

pub(super) fn paint(scene: &Scene<'_>, canvas: &mut Canvas<'_>) {
    rows(scene, canvas);
    columns(scene, canvas);
    corner(scene, canvas);
    lines(scene, canvas);
}

fn rows(scene: &Scene<'_>, canvas: &mut Canvas<'_>) {
    let geometry = scene.geometry;
    canvas.quads.rect(geometry.labels, scene.colors.grid_bg);
    canvas.stripes(geometry, geometry.labels, scene.colors);
    let hovered = match scene.hover {
        Some(Under::Cell(row, _) | Under::Row(row)) => Some(row),
        _ => None,
    };
    let strong = scene.block.map(|block| block.rows());
    for row in geometry.seen_rows() {
        let top = geometry.y_of(row);
        if hovered == Some(row) {
            let rect = Rect::from_x_y_ranges(geometry.labels.x_range(), top..=top + geometry.row_height);
            canvas.quads.rect(rect.intersect(geometry.labels), scene.colors.crosshair);
        }
        let label = scene.row_label(row);
        let is_strong = strong.is_some_and(|(first, last)| (first..=last).contains(&row));
        let color = if is_strong { scene.strong } else { scene.colors.offset };
        let right = geometry.labels.right() - EDGE * geometry.pitch;
        let left = geometry.snap(right - chars(&label) as f32 * geometry.pitch);
        canvas.line(pos2(left, top + geometry.line_dy), &label, geometry.pitch, color);
    }
}

fn columns(scene: &Scene<'_>, canvas: &mut Canvas<'_>) {
    let geometry = scene.geometry;
    canvas.quads.rect(geometry.header, scene.colors.grid_bg);
    let hovered = match scene.hover {
        Some(Under::Cell(_, column) | Under::Column(column) | Under::Edge(column)) => Some(column),
        _ => None,
    };
    for column in geometry.seen_columns() {
        head(scene, canvas, column, hovered == Some(column));
    }
    if let Some((from, to)) = scene.moving
        && let Some(target) = geometry.cell_rect(geometry.down.top, to)
    {
        let x = if to > from { target.right() } else { target.left() };
        let mark = Rect::from_x_y_ranges(x - 1.0..=x + 1.0, geometry.header.top()..=geometry.body.bottom());
        canvas.quads.rect(mark, scene.accent);
    }
}

fn head(scene: &Scene<'_>, canvas: &mut Canvas<'_>, column: u64, hovered: bool) {
    let geometry = scene.geometry;
    let Some((left, right)) = geometry.column_x(column) else { return };
    let half = geometry.half_gap();
    if hovered {
        let rect = Rect::from_x_y_ranges(left - half..=right + half, geometry.header.y_range());
        canvas.quads.rect(rect.intersect(geometry.header), scene.colors.crosshair);
    }
    if scene.hover == Some(Under::Edge(column)) {
        let x = right + half;
        let grip = Rect::from_x_y_ranges(x - geometry.pixel..=x + geometry.pixel, geometry.header.y_range());
        canvas.quads.rect(grip, scene.accent);
    }
    let strong = scene.block.map(|block| block.columns());
    let is_strong = strong.is_some_and(|(first, last)| (first..=last).contains(&column));
    let color = if is_strong { scene.strong } else { scene.colors.header };
    let room = ((right - left) / geometry.pitch).round() as u32;
    let Some((label, is_sparse)) = column_label(scene, column, room) else { return };
    let (used, top) = (chars(&label), geometry.head_top());
    let from_left = is_sparse || used > room || scene.table.item(column).is_some_and(reads_from_left);
    let from = if from_left { left } else { geometry.snap(right - used as f32 * geometry.pitch) };
    in_sight(scene, canvas, pos2(from, top), &label, (used, if is_sparse { used } else { room }), color);
}

/// What stands above a column, and whether it may be wider: numbers of values that do not fit are above every fourth
/// column only.
fn column_label(scene: &Scene<'_>, column: u64, room: u32) -> Option<(String, bool)> {
    let Some(values) = &scene.values else { return Some((scene.table.column_label(column), false)) };
    let label = |column: u64| values.labels.header(column as u32, values.map.cell_bytes() as u32);
    let is_sparse = label(scene.table.columns().saturating_sub(1)).len() as u32 > room;
    (!is_sparse || column.is_multiple_of(4)).then(|| (label(column), is_sparse))
}

fn corner(scene: &Scene<'_>, canvas: &mut Canvas<'_>) {
    let geometry = scene.geometry;
    let corner = Rect::from_min_max(geometry.outer.min, geometry.body.left_top());
    canvas.quads.rect(corner, scene.colors.grid_bg);
    let right = geometry.labels.right() - EDGE * geometry.pitch;
    let (words, left) = match (&scene.values, scene.table.axes().rows) {
        (Some(_), _) => ("offset", geometry.labels.left() + EDGE * geometry.pitch),
        (None, Some(_)) => ("index", right - chars("index") as f32 * geometry.pitch),
        (None, None) => return,
    };
    let left = geometry.snap(left);
    canvas.line(pos2(left, geometry.head_top()), words, geometry.pitch, scene.colors.header);
}

fn lines(scene: &Scene<'_>, canvas: &mut Canvas<'_>) {
    let geometry = scene.geometry;
    let (x, y) = (geometry.body.left(), geometry.header.bottom());
    let across = geometry.outer.left()..=geometry.body.right();
    canvas.quads.rect(Rect::from_x_y_ranges(across, y - geometry.pixel..=y), scene.hairline);
    let down = geometry.body.y_range();
    canvas.quads.rect(Rect::from_x_y_ranges(x - geometry.pixel..=x, down), scene.hairline);
}
