//! Messages across the window; each stays until it is dismissed and can be copied.

use super::dialogs::buttons_width;
use super::focus_ring::{self, Stop};
use super::theme::{self, Theme};
use super::widgets::{sign_button, weak};
use crate::session::notice::{Level, Notice};
use crate::session::{Action, MessageAction, Session, describe};
use egui::{Align, Button, Frame, Id, Label, Layout, Margin, Panel, Rect, RichText, Ui};
use std::sync::Arc;

/// More would leave no room for the file.
const SHOWN: usize = 4;

/// Draws the notices of the tab and of the window over the grid, the newest of them.
pub fn show(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let held = ui.data(|data| data.get_temp::<Held>(held_id()));
    let notices: Vec<&Notice> = match &held {
        Some(held) => held.0.iter().collect(),
        None => session.notices().shown(session.tab().map(|tab| tab.id)).collect(),
    };
    if notices.is_empty() {
        return;
    }
    let panel = Panel::top("banners").frame(Frame::new()).show_separator_line(false).show(ui, |ui| {
        focus_ring::name(ui, Stop::Banners.name());
        ui.spacing_mut().item_spacing.y = 0.0;
        let hidden = notices.len().saturating_sub(SHOWN);
        for notice in &notices[hidden..] {
            ui.push_id(notice.place(), |ui| one(ui, notice, actions));
        }
        if hidden > 0 {
            let frame = Frame::new().inner_margin(Margin { left: 16, right: 8, top: 2, bottom: 2 });
            let more = describe::counted(hidden as u64, "more message", "more messages");
            frame.show(ui, |ui| weak(ui, format!("{more}: dismiss one of these to see the next")));
        }
    });
    focus_ring::mark(ui, Stop::Banners, panel.response.rect);
    hold(ui, panel.response.rect, &notices);
}

/// What was shown when a button of the mouse was pressed on it. It is shown until the button is let go, so that nothing
/// moves under the pointer and no click is lost.
#[derive(Clone)]
struct Held(Arc<Vec<Notice>>);

fn held_id() -> Id {
    Id::unique("banners under a pressed button")
}

fn hold(ui: &Ui, rect: Rect, notices: &[&Notice]) {
    let (pressed, down, at) = ui.input(|input| {
        let pointer = &input.pointer;
        (pointer.any_pressed(), pointer.any_down(), pointer.interact_pos())
    });
    ui.data_mut(|data| {
        if pressed && down && at.is_some_and(|at| rect.contains(at)) {
            let shown = notices.iter().map(|notice| (*notice).clone()).collect();
            data.insert_temp(held_id(), Held(Arc::new(shown)));
        } else if !down {
            data.remove::<Held>(held_id());
        }
    });
}

/// Width of the sign that dismisses, and the least that is left to the text, in points.
const DISMISS: f32 = 20.0;
const LEAST_TEXT: f32 = 160.0;

/// What can be done about it, from left to right as Tab walks.
fn buttons(ui: &mut Ui, notice: &Notice, actions: &mut Vec<Action>) {
    for (label, action) in &notice.ways_out {
        if ui.push_id(label, |ui| ui.add(Button::new(*label))).inner.clicked() {
            actions.push(Action::Message(MessageAction::Dismiss(notice.id)));
            actions.push(action.clone());
        }
    }
    if ui.button("Copy").on_hover_text("Copy this message").clicked() {
        actions.push(Action::Message(MessageAction::Copy(notice.id)));
    }
    let tooltip = if notice.topic.is_kept() { "Dismiss" } else { "Dismiss (Esc)" };
    if sign_button(ui, "✕", tooltip).clicked() {
        actions.push(Action::Message(MessageAction::Dismiss(notice.id)));
    }
}

fn one(ui: &mut Ui, notice: &Notice, actions: &mut Vec<Action>) {
    let theme = Theme::of(ui.ctx());
    let (colors, sign) = match notice.level {
        Level::Info => (&theme.banner_info, "i"),
        Level::Warning => (&theme.banner_warn, "⚠"),
        Level::Error => (&theme.banner_error, "⊗"),
    };
    let frame = Frame::new().fill(colors.bg).inner_margin(Margin { left: 16, right: 8, top: 6, bottom: 6 });
    let shown = frame.show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.label(RichText::new(sign).color(colors.edge));
            let words: Vec<&str> = notice.ways_out.iter().map(|(word, _)| *word).chain(["Copy"]).collect();
            let gap = ui.spacing().item_spacing.x;
            let room = ui.available_width() - buttons_width(ui, &words) - DISMISS - 2.0 * gap;
            let size = egui::vec2(room.max(LEAST_TEXT), theme::CONTROL_HEIGHT);
            let layout = Layout::left_to_right(Align::Center).with_main_wrap(true);
            ui.allocate_ui_with_layout(size, layout, |ui| {
                ui.set_min_width(size.x);
                let text = RichText::new(&notice.text).color(colors.fg).font(theme::body());
                let response = ui.add(Label::new(text).wrap().selectable(true));
                response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Alert, true, &notice.text));
            });
            buttons(ui, notice, actions);
        });
        ui.set_min_width(ui.available_width());
    });
    let rect = shown.response.rect;
    ui.painter().vline(rect.left() + 1.5, rect.y_range(), egui::Stroke::new(3.0, colors.edge));
    ui.painter().hline(rect.x_range(), rect.bottom(), theme.hairline_stroke());
}
