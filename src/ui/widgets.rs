//! Small pieces that several areas draw alike.

use super::theme::{self, Theme};
use crate::session::{Action, Command, Session, shorten};
use egui::accesskit::{Role, Toggled};
use egui::{Button, Color32, FontId, Id, Label, Response, RichText, Sense, TextEdit, Ui, Vec2};
use std::borrow::Cow;

/// A button of a command, as in a menu: title, key, tooltip, greyed when it can't be run.
pub fn command_button(
    ui: &mut Ui,
    session: &Session,
    command: Command,
    actions: &mut Vec<Action>,
) -> Response {
    let spec = command.spec();
    let enabled = spec.enabled(session);
    let mark = match spec.checked(session) {
        Some(true) => "✓ ",
        Some(false) => "    ",
        None => "",
    };
    let mut button = Button::new(format!("{mark}{}", spec.title));
    if let Some(key) = spec.keys.first() {
        button = button.shortcut_text(key.to_string());
    }
    let response = ui.add_enabled(enabled, button).on_hover_text(spec.help);
    menu_line(&response, spec.title, spec.checked(session), Role::MenuItemCheckBox);
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_description(spec.help);
        if let Some(key) = spec.keys.first() {
            node.set_keyboard_shortcut(key.to_string());
        }
    });
    if response.clicked() {
        actions.push(Action::Run(command));
    }
    response
}

/// Tells of a button that it is a line of a menu. `on` is whether its switch is on, and `switch` what a switch is called.
pub fn menu_line(response: &Response, title: &str, on: Option<bool>, switch: Role) {
    response.ctx.accesskit_node_builder(response.id, |node| {
        node.set_role(if on.is_some() { switch } else { Role::MenuItem });
        node.set_label(title);
        if let Some(on) = on {
            node.set_toggled(if on { Toggled::True } else { Toggled::False });
        }
    });
}

/// The least width and height of a sign's button, in points.
pub const LEAST_SIGN: f32 = 20.0;

/// A small flat button with a sign on it.
pub fn sign_button(ui: &mut Ui, text: &str, tooltip: &str) -> Response {
    sign(ui, text, tooltip, Sense::click())
}

/// The same with a sense of its own: `Sense::CLICK` for one that Tab passes over.
pub fn sign(ui: &mut Ui, text: &str, tooltip: &str, sense: Sense) -> Response {
    let button = Button::new(RichText::new(text).font(theme::body()))
        .frame_when_inactive(false)
        .sense(sense)
        .min_size(Vec2::splat(LEAST_SIGN));
    let response = ui.add(button).on_hover_text(tooltip);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, tooltip));
    response
}

/// Draws what is in a scroll area, which scrolls to the widget in it that gets the keys.
pub fn following<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> R {
    let layer = ui.layer_id();
    let before = ui.ctx().viewport(|viewport| viewport.this_pass.widgets.get_layer(layer).count());
    let answer = content(ui);
    let focused = ui.memory(egui::Memory::focused);
    let pass = ui.ctx().cumulative_pass_nr();
    // What was closed and opened again is another list, scrolled as it was left.
    let known = ui.data_mut(|data| {
        let slot = data.get_temp_mut_or_default::<(u64, Option<Id>)>(ui.scope_id().with("followed focus"));
        std::mem::replace(slot, (pass, focused))
    });
    if known.0 + 1 >= pass && known.1 == focused {
        return answer;
    }
    let place = ui.ctx().viewport(|viewport| {
        let widgets = &viewport.this_pass.widgets;
        let (at, number) = widgets.order(focused?)?;
        (at == layer && number >= before).then(|| widgets.get(focused?).map(|widget| widget.rect))?
    });
    if let Some(place) = place {
        ui.scroll_to_rect(place, None);
    }
    answer
}

/// The width of a text in one line, in points.
pub fn width_of_text(ui: &Ui, text: &str, font: &FontId) -> f32 {
    ui.fonts_mut(|fonts| text.chars().map(|c| fonts.glyph_width(font, c)).sum())
}

/// A name in one line of `room` points, shortened in the middle.
pub fn fit_middle<'a>(ui: &Ui, name: &'a str, font: &FontId, room: f32) -> Cow<'a, str> {
    ui.fonts_mut(|fonts| {
        let fonts = std::cell::RefCell::new(fonts);
        shorten::shortened(name, room, |c| fonts.borrow_mut().glyph_width(font, c))
    })
}

/// The end of a name in one line of `room` points.
pub fn fit_end<'a>(ui: &Ui, name: &'a str, font: &FontId, room: f32) -> Cow<'a, str> {
    ui.fonts_mut(|fonts| {
        let fonts = std::cell::RefCell::new(fonts);
        shorten::end_of(name, room, |c| fonts.borrow_mut().glyph_width(font, c))
    })
}

/// A quiet label.
pub fn weak(ui: &mut Ui, text: impl Into<String>) -> Response {
    let color = Theme::of(ui.ctx()).text_weak;
    ui.label(RichText::new(text).font(theme::small()).color(color))
}

/// A small text in a colour, cut where it has no room.
pub fn small_text(ui: &mut Ui, text: impl Into<String>, color: Color32) -> Response {
    ui.add(Label::new(RichText::new(text).font(theme::small()).color(color)).truncate())
}

/// The name of a panel.
pub fn heading(ui: &mut Ui, text: &str) {
    let color = Theme::of(ui.ctx()).text_strong;
    ui.label(RichText::new(text).font(theme::medium(theme::SMALL_SIZE)).color(color));
}

/// Gives a widget that only its surroundings explain a name that can be heard.
pub fn named(response: &Response, name: &str) {
    response.ctx.accesskit_node_builder(response.id, |node| node.set_label(name));
}

/// A line that says what is wrong with the field above it; keeps its room when there is nothing to say.
pub fn error_line(ui: &mut Ui, error: Option<&str>) {
    let color = Theme::of(ui.ctx()).error;
    let text = RichText::new(error.unwrap_or(" ")).font(theme::small());
    ui.label(text.color(if error.is_some() { color } else { Color32::TRANSPARENT }));
}

/// The longest text of a field, in bytes when it is pasted and in characters in all: longer ones cost seconds a frame.
pub const MAX_FIELD: usize = 32 << 10;

/// A one-line field of limited length.
pub fn plain_field(text: &mut String) -> TextEdit<'_> {
    TextEdit::singleline(text).char_limit(MAX_FIELD)
}

/// Whether something was typed into a field in this frame that takes no more.
pub fn is_field_full(ctx: &egui::Context) -> bool {
    ctx.output(|output| {
        output.events.iter().any(|event| match event {
            egui::output::OutputEvent::ValueChanged(info) => {
                let text = info.current_text_value.as_deref().unwrap_or_default();
                text.len() >= MAX_FIELD && text.chars().count() >= MAX_FIELD
            }
            _ => false,
        })
    })
}

/// A one-line field for data, in the data font.
pub fn data_field(text: &mut String, width: f32) -> TextEdit<'_> {
    plain_field(text).font(theme::mono()).desired_width(width).align(egui::Align2::LEFT_CENTER)
}
