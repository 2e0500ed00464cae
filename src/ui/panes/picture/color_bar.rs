//! The colours of an image from the least to the greatest value, with the values beside them.

use crate::pictures::ticks::{label, ticks};
use crate::pictures::{ImageAnswer, ValueScale};
use crate::ui::theme::{self, Theme};
use egui::{Align2, Color32, Mesh, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

/// Points of the bar with its values.
const WIDTH: f32 = 84.0;
/// In less room there is no bar.
const LEAST: f32 = 320.0;
/// Points of the bar itself.
const BAR: f32 = 14.0;
/// Points between two values.
const STEP: f32 = 36.0;
/// Points of the colours of values outside the range.
const OTHERS: f32 = 12.0;

/// The width that it has in a room of so many points.
pub(super) fn width(room: f32) -> f32 {
    if room < LEAST { 0.0 } else { WIDTH }
}

/// Draws it.
pub(super) fn show(ui: &Ui, room: Rect, answer: &ImageAnswer) {
    let theme = Theme::of(ui.ctx());
    let painter = ui.painter_at(room);
    let inner = room.shrink2(vec2(4.0, 8.0 + OTHERS + 4.0));
    let bar = inner.with_max_x(inner.left() + BAR);
    if bar.height() < STEP {
        return;
    }
    let color = |[red, green, blue]: [u8; 3]| Color32::from_rgb(red, green, blue);
    let table = answer.question.colors.map.table();
    let mut mesh = Mesh::default();
    for (step, pair) in table.windows(2).enumerate() {
        let at = |step: usize| bar.bottom() - bar.height() * step as f32 / (table.len() - 1) as f32;
        let first = mesh.vertices.len() as u32;
        for (step, entry) in [(step, pair[0]), (step + 1, pair[1])] {
            mesh.colored_vertex(pos2(bar.left(), at(step)), color(entry));
            mesh.colored_vertex(pos2(bar.right(), at(step)), color(entry));
        }
        mesh.add_triangle(first, first + 1, first + 2);
        mesh.add_triangle(first + 1, first + 2, first + 3);
    }
    painter.add(mesh);
    let outline = Stroke::new(1.0, theme.hairline);
    painter.rect_stroke(bar, 0.0, outline, StrokeKind::Outside);
    let others = answer.question.colors.map.others();
    for (rect, other) in [
        (Rect::from_min_size(pos2(bar.left(), bar.top() - OTHERS - 2.0), vec2(BAR, OTHERS)), others.over),
        (Rect::from_min_size(pos2(bar.left(), bar.bottom() + 2.0), vec2(BAR, OTHERS)), others.under),
    ] {
        painter.rect_filled(rect, 0.0, color(other));
        painter.rect_stroke(rect, 0.0, outline, StrokeKind::Outside);
    }
    for (place, text) in labels(&answer.scale, (bar.height() / STEP) as usize) {
        let y = bar.bottom() - bar.height() * place as f32;
        painter.hline(bar.right()..=bar.right() + 3.0, y, Stroke::new(1.0, theme.text_weak));
        painter.text(pos2(bar.right() + 6.0, y), Align2::LEFT_CENTER, text, theme::small(), theme.text_weak);
    }
}

/// Places from 0 to 1 with the values there, about so many.
fn labels(scale: &ValueScale, count: usize) -> Vec<(f64, String)> {
    let values = ticks(scale.low, scale.high, count.max(2), scale.is_log);
    values.into_iter().map(|value| (scale.place(value), label(value))).collect()
}
