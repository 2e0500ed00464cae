//! The caret: the same place in every column, solid where the keys go and an outline elsewhere.
//!
//! On a byte it is a block, before a byte (insert mode, the ends of a selection) a bar. It does not blink.

use super::scene::Scene;
use crate::session::view::{CaretPlace, Column};
use crate::ui::grid::canvas::Canvas;
use egui::{Rect, pos2, vec2};

/// Paints the caret in every column where it is seen.
pub(super) fn paint(scene: &Scene<'_>, canvas: &mut Canvas<'_>) {
    let geometry = scene.geometry;
    let offset = scene.selection.caret_place().offset();
    let row = geometry.map.row_of(offset);
    if offset < geometry.map.origin() || !geometry.seen_rows().contains(&row) {
        return;
    }
    paint_in(scene, canvas, Column::Cells, geometry.cell_rect(offset));
    let Some(mut text) = geometry.text_rect(offset) else { return };
    if let CaretPlace::On(_) = scene.selection.caret_place() {
        // All bytes of a value, at the end of the document the place of one.
        let bytes = geometry.map.cell_at(offset).len().max(1);
        text = text.with_max_x(text.left() + bytes as f32 * geometry.pitch);
    }
    paint_in(scene, canvas, Column::Text, text);
}

fn paint_in(scene: &Scene<'_>, canvas: &mut Canvas<'_>, column: Column, rect: Rect) {
    let (geometry, colors, selection) = (scene.geometry, scene.colors, scene.selection);
    let focused = scene.active && selection.column == column;
    let color = if focused { colors.caret_bg } else { colors.caret_outline };
    let width = geometry.thick(if focused { 2.0 } else { 1.0 });
    let mut bar_at = |x: f32| canvas.quads.rect(Rect::from_x_y_ranges(x..=x + width, rect.y_range()), color);
    match selection.caret_place() {
        CaretPlace::After(_) => bar_at(rect.right()),
        CaretPlace::Before(_) => bar_at(rect.left() - width),
        CaretPlace::On(_) if scene.insert && selection.digit == 0 => bar_at(rect.left() - width),
        CaretPlace::On(_) if !focused => {
            canvas.quads.outline(rect.expand2(vec2(geometry.pixel, 0.0)), geometry.pixel, color);
        }
        CaretPlace::On(offset) => paint_block(scene, canvas, column, rect, offset),
    }
}

/// The cell as a block, or the digit that is typed next with the rest of the cell outlined.
fn paint_block(scene: &Scene<'_>, canvas: &mut Canvas<'_>, column: Column, rect: Rect, offset: u64) {
    let (geometry, colors, digit) = (scene.geometry, scene.colors, scene.selection.digit);
    let mut block = rect.expand2(vec2(geometry.pixel, 0.0));
    if column == Column::Cells && digit > 0 {
        canvas.quads.outline(block, geometry.pixel, colors.caret_bg);
        block.min.x = rect.left() + f32::from(digit) * geometry.pitch;
        block.max.x = block.left() + geometry.pitch;
    }
    canvas.quads.rect(block, colors.caret_bg);

    let row = geometry.map.row_of(offset);
    let Some(row) = scene.screen.row(row).filter(|row| row.span.contains(offset)) else { return };
    let byte = (offset - row.span.start()) as usize;
    let mut x = rect.left();
    let top = rect.top() + geometry.line_dy;
    let mut put = |character: char| {
        if block.contains(pos2(x + geometry.pitch / 2.0, top)) {
            canvas.character(pos2(x, top), character, colors.caret_fg);
        }
        x += geometry.pitch;
    };
    match column {
        Column::Text => {
            let first = byte.checked_sub(scene.screen.first_text() as usize);
            let text = first.and_then(|first| row.text.get(first..)).unwrap_or_default();
            text.iter().take(geometry.map.cell_bytes() as usize).for_each(|character| put(*character));
        }
        Column::Cells => {
            let index = byte / geometry.layout.cell_bytes() as usize;
            let index = index.checked_sub(scene.screen.first_cell() as usize);
            let Some(cell) = index.and_then(|index| row.cells.get(index)) else { return };
            let text = scene.screen.text_of(cell);
            let pad = (geometry.layout.cell_chars() as usize)
                .saturating_sub(crate::session::words::cells(text) as usize);
            std::iter::repeat_n(' ', pad).chain(text.chars()).for_each(put);
        }
    }
}
