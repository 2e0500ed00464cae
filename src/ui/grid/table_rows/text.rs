//! The texts of a table: at which edge of a cell they begin, and which part of them is visible.

use super::scene::Scene;
use crate::decode::dtype::ItemType;
use crate::session::describe;
use crate::ui::grid::cell_paint::Canvas;
use crate::ui::grid::clipped_text::Sight;
use egui::{Color32, Pos2};

/// Texts begin at the left; numbers end at the right.
pub(super) fn reads_from_left(item: &ItemType) -> bool {
    matches!(item, ItemType::Bytes(_) | ItemType::Text(..) | ItemType::Pascal(_) | ItemType::Record(_))
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
        let cells = describe::cells_of(*character);
        let fits = cells <= left;
        left = left.saturating_sub(cells);
        fits
    }));
    short.push('…');
    canvas.line(at, &short, pitch, color);
    *canvas.text = short;
}
