//! The quad of one character of the font atlas.

use egui::epaint::text::Glyph as LaidOut;
use egui::{Pos2, Vec2, pos2, vec2};

/// The quad of a character, relative to the upper left corner of its line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Glyph {
    pub(super) min: Vec2,
    pub(super) max: Vec2,
    pub(super) uv_min: Pos2,
    pub(super) uv_max: Pos2,
    /// Whether there is anything to draw.
    pub(super) is_inked: bool,
    /// An emoji or the like, which is not tinted.
    pub(super) is_color: bool,
    /// It stands for a character that no font has.
    pub(super) is_box: bool,
}

/// The glyph on the line of the digits, on whole pixels, cut after two cells.
pub(super) fn placed_on_line(glyph: &LaidOut, baseline: f32, pitch: f32, pixels: f32) -> Glyph {
    let (uv, snap) = (glyph.uv_rect, |at: f32| (at * pixels).round() / pixels);
    let min = vec2(snap(glyph.pos.x + uv.offset.x), snap(baseline + uv.offset.y));
    let shown = ((2.0 * pitch - min.x) / uv.size.x).clamp(0.0, 1.0);
    let uv_min = pos2(uv.min[0].into(), uv.min[1].into());
    let uv_max = pos2(uv.max[0].into(), uv.max[1].into());
    Glyph {
        min,
        max: min + vec2(uv.size.x * shown, uv.size.y),
        uv_min,
        uv_max: pos2(uv_min.x + (uv_max.x - uv_min.x) * shown, uv_max.y),
        is_inked: !uv.is_nothing(),
        is_color: glyph.is_color,
        is_box: false,
    }
}
