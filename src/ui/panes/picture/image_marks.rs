//! What is marked on an image: what is selected, the cursor, the values of large elements, the other axis that is played.

use super::Drawn;
use super::image_input::Canvas;
use crate::session::panes::ImageLook;
use crate::ui::theme::{self, Theme};
use egui::{Align2, Color32, FontId, Shape, Stroke, StrokeKind, Ui};

/// Points of an element that has room for its value.
const ROOM_FOR_VALUE: (f32, f32) = (36.0, 15.0);
/// Values that are written at most.
const MOST_VALUES: u64 = 3000;
/// The size of the values, in points.
const VALUE_SIZE: f32 = 10.5;

/// Draws the marks.
pub(super) fn show(
    ui: &Ui,
    drawn: &Drawn<'_>,
    look: &ImageLook,
    canvas: &Canvas<'_>,
    is_playing: bool,
    has_focus: bool,
) {
    let theme = Theme::of(ui.ctx());
    let painter = ui.painter_at(canvas.room.expand(2.0));
    if !look.pixel.is_color() {
        values(ui, drawn, canvas);
    }
    painter.rect_stroke(canvas.whole(), 0.0, Stroke::new(1.0, theme.hairline), StrokeKind::Outside);
    if let Some(subject) = drawn.state.and_then(|state| state.subject()) {
        for part in drawn.tab.selected_in_image(subject, look) {
            let rect = canvas.rect_of(&part.rows, &part.columns);
            // Seen on any colour: a light line in a dark one.
            painter.rect_stroke(rect, 0.0, Stroke::new(3.0, Color32::BLACK), StrokeKind::Outside);
            painter.rect_stroke(rect, 0.0, Stroke::new(1.5, Color32::WHITE), StrokeKind::Outside);
        }
    }
    if let Some((row, column)) = look.cursor.filter(|_| has_focus) {
        let rect = canvas.rect_of(&(row..row + 1), &(column..column + 1));
        let rect = egui::Rect::from_center_size(rect.center(), rect.size().max(egui::vec2(5.0, 5.0)));
        painter.rect_stroke(rect, 0.0, Stroke::new(3.0, Color32::WHITE), StrokeKind::Outside);
        painter.rect_stroke(rect, 0.0, Stroke::new(1.5, theme.accent), StrokeKind::Outside);
    }
    if has_focus {
        painter.rect_stroke(
            canvas.room.expand(1.0),
            0.0,
            Stroke::new(1.0, theme.accent),
            StrokeKind::Outside,
        );
    }
    if is_playing {
        let at = canvas.room.right_top() + egui::vec2(-18.0, 6.0);
        let corners = [at, at + egui::vec2(12.0, 7.0), at + egui::vec2(0.0, 14.0)];
        painter.add(Shape::convex_polygon(corners.to_vec(), theme.accent, Stroke::new(1.0, Color32::WHITE)));
    }
}

/// The values of elements that are so large that they fit.
fn values(ui: &Ui, drawn: &Drawn<'_>, canvas: &Canvas<'_>) {
    let across = canvas.placing.at.across as f32 / canvas.points;
    let down = canvas.placing.at.down as f32 / canvas.points;
    let (rows, columns) = canvas.placing.visible();
    let count = (rows.end - rows.start).saturating_mul(columns.end - columns.start);
    if across < ROOM_FOR_VALUE.0 || down < ROOM_FOR_VALUE.1 || count > MOST_VALUES {
        return;
    }
    let Some(subject) = drawn.state.and_then(|state| state.subject()) else { return };
    let painter = ui.painter_at(canvas.room);
    let font = FontId::new(VALUE_SIZE, theme::mono().family);
    for row in rows {
        for column in columns.clone().filter(|column| canvas.plane.has(row, *column)) {
            let place = canvas.plane.array.place(&[row, column]);
            let Some(text) = subject.value_text(drawn.tab.shown(), place) else { continue };
            let middle = canvas.point(row as f64 + 0.5, column as f64 + 0.5);
            let galley = painter.layout_no_wrap(text, font.clone(), Color32::WHITE);
            if galley.size().x > across - 2.0 {
                continue;
            }
            let rect = Align2::CENTER_CENTER.anchor_size(middle, galley.size());
            // Seen on any colour.
            painter.rect_filled(rect.expand2(egui::vec2(1.5, 0.0)), 2.0, Color32::from_black_alpha(150));
            painter.galley(rect.min, galley, Color32::WHITE);
        }
    }
}
