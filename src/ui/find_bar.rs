//! The bar of Find and Replace, under the file.

use super::ring::{self, Stop};
use super::theme::{self, Theme};
use super::widgets::{data_field, error_line, named, sign_button, weak};
use crate::decode::Encoding;
use crate::session::finding::{Finding, Query, QueryKind, Reach};
use crate::session::{Action, Command, Session};
use egui::{ComboBox, Frame, Id, Key, Margin, Modifiers, Panel, Ui};

/// What the bar keeps: whether it was open, to put the keys into its field once.
#[derive(Debug, Default)]
pub struct FindFields {
    was_open: bool,
}

/// The field of what is looked for.
pub fn field_id() -> Id {
    Id::unique("find field")
}

const LABEL_WIDTH: f32 = 52.0;
const FIELD_WIDTH: f32 = 320.0;

pub fn show(ui: &mut Ui, session: &Session, fields: &mut FindFields, actions: &mut Vec<Action>) {
    let finding = session.finding();
    let fresh = finding.open && !std::mem::replace(&mut fields.was_open, finding.open);
    if !finding.open {
        return;
    }
    let frame = Frame::new().fill(Theme::of(ui.ctx()).panel_bg).inner_margin(Margin::symmetric(12, 8));
    let bar = Panel::bottom("find").frame(frame).show(ui, |ui| {
        ring::name(ui, Stop::Find);
        ui.spacing_mut().item_spacing.x = theme::UNIT * 2.0;
        let mut query = finding.query.clone();
        find_line(ui, finding, &mut query, fresh, actions);
        if finding.replacing {
            ui.add_space(theme::UNIT);
            replace_line(ui, session, &mut query, actions);
        }
        if finding.error.is_some() {
            error_line(ui, finding.error.as_deref());
        }
        if !finding.passed_over.is_empty() {
            error_line(ui, Some(&finding.passed_over));
        }
        if query != finding.query {
            // The needle comes before what is done with it.
            actions.insert(0, Action::SetQuery(query));
        }
    });
    ring::mark(ui, Stop::Find, bar.response.rect);
}

fn find_line(ui: &mut Ui, finding: &Finding, query: &mut Query, fresh: bool, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        label(ui, "Find");
        let id = field_id();
        let hint = if query.kind == QueryKind::Hex { "hex bytes, as 50 4B 03 04" } else { "text" };
        let response = ui.add(data_field(&mut query.text, FIELD_WIDTH).id(id).hint_text(hint));
        named(&response, "find");
        if fresh {
            response.request_focus();
        }
        if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
            let backwards = ui.input(|input| input.modifiers.shift);
            actions.push(Action::FindFrom { backwards });
            response.request_focus();
        }
        kind(ui, query);
        if sign_button(ui, "↑", &Command::FindPrevious.spec().tooltip()).clicked() {
            actions.push(Action::FindFrom { backwards: true });
        }
        if sign_button(ui, "↓", &Command::FindNext.spec().tooltip()).clicked() {
            actions.push(Action::FindFrom { backwards: false });
        }
        if ui.button("Find all").on_hover_text(Command::FindAll.spec().help).clicked() {
            actions.push(Action::Run(Command::FindAll));
        }
        weak(ui, &finding.answer);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if sign_button(ui, "✕", "Close (Esc)").clicked() {
                actions.push(Action::CloseFind);
            }
        });
    });
}

fn kind(ui: &mut Ui, query: &mut Query) {
    ui.selectable_value(&mut query.kind, QueryKind::Hex, "Hex").on_hover_text("What is typed are hex bytes");
    ui.selectable_value(&mut query.kind, QueryKind::Text, "Text").on_hover_text("What is typed is text");
    ui.add_enabled_ui(query.kind == QueryKind::Text, |ui| {
        let list = ComboBox::from_id_salt("find encoding")
            .selected_text(query.encoding.label())
            .width(104.0)
            .height(420.0)
            .show_ui(ui, |ui| {
                for encoding in Encoding::ALL {
                    ui.selectable_value(&mut query.encoding, *encoding, encoding.label());
                }
            });
        named(&list.response, "encoding");
        ui.toggle_value(&mut query.any_case, "aA").on_hover_text("Upper and lower case are the same");
    });
}

fn replace_line(ui: &mut Ui, session: &Session, query: &mut Query, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        label(ui, "Replace");
        let response = ui.add(
            data_field(&mut query.replacement, FIELD_WIDTH)
                .id(Id::unique("replace field"))
                .hint_text("nothing: the places are deleted"),
        );
        named(&response, "replace with");
        if response.lost_focus()
            && ui.input(|input| input.key_pressed(Key::Enter) && input.modifiers == Modifiers::NONE)
        {
            actions.push(Action::ReplaceOne);
            response.request_focus();
        }
        if ui
            .button("Replace")
            .on_hover_text("Replace the match that is selected, and go to the next")
            .clicked()
        {
            actions.push(Action::ReplaceOne);
        }
        if ui.button("Replace all").on_hover_text("Replace every place in the file, as one step").clicked() {
            actions.push(Action::ReplaceAll(Reach::File));
        }
        let selected = session.tab().is_some_and(|tab| !tab.selected().is_empty());
        let button = ui.add_enabled(selected, egui::Button::new("In selection"));
        if button.on_hover_text("Replace every place in the selection, as one step").clicked() {
            actions.push(Action::ReplaceAll(Reach::Selection));
        }
    });
}

fn label(ui: &mut Ui, text: &str) {
    ui.allocate_ui_with_layout(
        egui::vec2(LABEL_WIDTH, theme::CONTROL_HEIGHT),
        egui::Layout::left_to_right(egui::Align::Center),
        |ui| {
            ui.set_min_width(LABEL_WIDTH);
            weak(ui, text);
        },
    );
}
