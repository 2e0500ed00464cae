//! The row of buttons under a question, at the right: Tab walks them from left to right, and one has the focus from
//! the start, so that Enter and Space press what is seen to have it.

use crate::ui::theme::{self, Theme};
use egui::{Button, RichText, TextStyle, Ui, WidgetText};

/// One button.
#[derive(Clone, Copy)]
pub struct Choice {
    pub word: &'static str,
    /// The usual answer, filled with the accent.
    pub primary: bool,
}

/// A button at rest.
pub const fn plain(word: &'static str) -> Choice {
    Choice { word, primary: false }
}

/// The usual answer.
pub const fn primary(word: &'static str) -> Choice {
    Choice { word, primary: true }
}

/// Draws the buttons and answers with the index of the one that was pressed.
///
/// While `fresh`, the button `first` takes the focus; `None` when a field has it.
pub fn row(ui: &mut Ui, choices: &[Choice], first: Option<usize>, fresh: &mut bool) -> Option<usize> {
    let mut pressed = None;
    let words: Vec<&str> = choices.iter().map(|choice| choice.word).collect();
    ui.horizontal(|ui| {
        let room = (ui.available_width() - width(ui, &words)).max(0.0);
        ui.add_space(room);
        for (at, choice) in choices.iter().enumerate() {
            let response = ui.add(button(ui, *choice));
            // The pass that only measures has no widgets that could have the focus.
            if first == Some(at) && *fresh && !ui.is_sizing_pass() {
                *fresh = false;
                response.request_focus();
            }
            if response.has_focus() {
                focus_ring(ui, response.rect);
            }
            if response.clicked() {
                pressed = Some(at);
            }
        }
    });
    pressed
}

fn button(ui: &Ui, choice: Choice) -> Button<'static> {
    let theme = Theme::of(ui.ctx());
    if choice.primary {
        Button::new(RichText::new(choice.word).color(theme.on_accent)).fill(theme.accent)
    } else {
        Button::new(choice.word)
    }
}

/// A line around what has the focus, apart from its own edge: it is seen on a filled button too.
fn focus_ring(ui: &Ui, rect: egui::Rect) {
    let stroke = egui::Stroke::new(2.0, Theme::of(ui.ctx()).text_strong);
    ui.painter().rect_stroke(
        rect.expand(2.0),
        f32::from(theme::RADIUS) + 2.0,
        stroke,
        egui::StrokeKind::Outside,
    );
}

/// The width of buttons with these words side by side, in points.
pub fn width(ui: &Ui, words: &[&str]) -> f32 {
    let padding = 2.0 * ui.spacing().button_padding.x;
    let each = |word: &&str| {
        let text = WidgetText::from(*word);
        let galley = text.into_galley(ui, Some(egui::TextWrapMode::Extend), f32::INFINITY, TextStyle::Button);
        galley.size().x.ceil() + padding
    };
    let gaps = ui.spacing().item_spacing.x * words.len().saturating_sub(1) as f32;
    words.iter().map(each).sum::<f32>() + gaps
}
