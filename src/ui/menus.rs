//! The menu bar, made from the table of commands, and the menu of the grid.

use super::theme::{self, Theme};
use super::widgets::command_button;
use crate::decode::Radix;
use crate::escape::{PathText, escaped};
use crate::export;
use crate::export::arrays::ARRAY_FORMATS;
use crate::session::arrays::{ArrayAction, ArrayView};
use crate::session::command::{COMMANDS, Menu};
use crate::session::view::{CellKind, ViewFormat};
use crate::session::{Action, Command, Dialog, PaneId, Session, words};
use egui::{Button, MenuBar, RichText, Ui};

/// The bar: the menus at the left, the palette at the right.
pub fn bar(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    MenuBar::new().ui(ui, |ui| {
        for menu in Menu::ALL {
            ui.menu_button(menu.title(), |ui| {
                ui.set_min_width(240.0);
                entries(ui, session, menu, actions);
            });
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let spec = Command::Palette.spec();
            let key = spec.keys.first().map(ToString::to_string).unwrap_or_default();
            let text = RichText::new(format!("Commands  {key}"))
                .font(theme::small())
                .color(Theme::of(ui.ctx()).text_weak);
            if ui.add(Button::new(text).frame_when_inactive(false)).on_hover_text(spec.tooltip()).clicked() {
                actions.push(Action::Run(Command::Palette));
            }
        });
    });
}

fn entries(ui: &mut Ui, session: &Session, menu: Menu, actions: &mut Vec<Action>) {
    let mut group = None;
    for spec in COMMANDS.iter().filter(|spec| spec.menu == menu) {
        if group.is_some_and(|group| group != spec.group) {
            ui.separator();
        }
        group = Some(spec.group);
        command_button(ui, session, spec.command, actions);
        match spec.command {
            Command::OpenPath => recent(ui, session, actions),
            Command::Copy => copy_as(ui, session, actions),
            Command::TextColumn => radix(ui, session, actions),
            Command::AppendRows => {
                let shown = session.tab().is_some_and(|tab| tab.array().is_some());
                ui.add_enabled_ui(shown, |ui| hand_over(ui, actions));
            }
            _ => {}
        }
    }
}

fn recent(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    ui.add_enabled_ui(!session.recent().is_empty(), |ui| {
        ui.menu_button("Open recent", |ui| {
            for file in session.recent().iter().take(15) {
                if ui.button(file.path.shown().to_string()).clicked() {
                    actions.push(Action::Open(vec![file.path.clone()]));
                }
            }
        });
    });
}

fn copy_as(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let something = session.tab().is_some_and(|tab| !tab.selected().is_empty());
    ui.add_enabled_ui(something, |ui| {
        ui.menu_button("Copy as", |ui| {
            for (index, format) in export::FORMATS.iter().enumerate() {
                if ui.button(format.label).clicked() {
                    actions.push(Action::CopyAs(index));
                }
            }
        });
    });
}

fn radix(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let Some(tab) = session.tab() else { return };
    ui.menu_button("Digits", |ui| {
        for radix in Radix::ALL {
            let mark = if tab.byte_radix() == radix { "✓ " } else { "    " };
            if ui.button(format!("{mark}{}", radix.label())).clicked() {
                let format = ViewFormat { kind: CellKind::Bytes(radix), ..tab.bytes.format.clone() };
                actions.push(Action::Format { pane: PaneId::Bytes, format });
            }
        }
    });
}

/// The menu of an array's cells, or of a column's head, at the pointer.
pub fn array_context(
    ui: &mut Ui,
    session: &Session,
    view: &ArrayView,
    column: Option<u64>,
    actions: &mut Vec<Action>,
) {
    ui.set_min_width(220.0);
    if let Some(column) = column {
        column_menu(ui, view, column, actions);
        return;
    }
    for command in [Command::Copy, Command::Paste, Command::EditValue] {
        command_button(ui, session, command, actions);
    }
    hand_over(ui, actions);
    ui.separator();
    for command in [Command::SetValues, Command::AppendRows] {
        command_button(ui, session, command, actions);
    }
    ui.separator();
    for command in [Command::SelectAll, Command::GoTo, Command::CloseArray] {
        command_button(ui, session, command, actions);
    }
}

/// The selected items as text, and the array as a file.
fn hand_over(ui: &mut Ui, actions: &mut Vec<Action>) {
    ui.menu_button("Copy as", |ui| {
        for (at, format) in ARRAY_FORMATS.iter().enumerate().filter(|(_, format)| format.is_text) {
            if ui.button(format.label).clicked() {
                actions.push(Action::Array(ArrayAction::CopyAs(at)));
            }
        }
    });
    ui.menu_button("Export as", |ui| {
        for (at, format) in ARRAY_FORMATS.iter().enumerate() {
            if ui.button(format!("{}…", format.label)).clicked() {
                actions.push(Action::Show(Dialog::ExportArray(at)));
            }
        }
    });
}

/// Width of a column, and which fields are shown.
fn column_menu(ui: &mut Ui, view: &ArrayView, column: u64, actions: &mut Vec<Action>) {
    let mut push = |action: ArrayAction| actions.push(Action::Array(action));
    if ui.button("As wide as its values").clicked() {
        push(ArrayAction::Resize { column, chars: None });
    }
    if view.columns.are_alike() {
        return;
    }
    if ui.button("Hide").clicked() {
        push(ArrayAction::Hide(column as usize));
    }
    if ui.add_enabled(view.columns.hidden() > 0, Button::new("Show all fields")).clicked() {
        push(ArrayAction::ShowAllFields);
    }
    ui.separator();
    let (fields, height) = (view.columns.all(), ui.spacing().interact_size.y);
    egui::ScrollArea::vertical().max_height(320.0).show_rows(ui, height, fields.len(), |ui, rows| {
        for (at, leaf) in fields.iter().enumerate().take(rows.end).skip(rows.start) {
            let mut on = view.columns.is_shown(at);
            if ui.checkbox(&mut on, escaped(&words::cut(&leaf.name, 60))).changed() {
                push(ArrayAction::ToggleField(at));
            }
        }
    });
}

/// The menu of the grid, at the pointer.
pub fn context(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    ui.set_min_width(220.0);
    for command in [Command::Cut, Command::Copy] {
        command_button(ui, session, command, actions);
    }
    copy_as(ui, session, actions);
    for command in [Command::Paste, Command::PasteText, Command::Delete] {
        command_button(ui, session, command, actions);
    }
    ui.separator();
    for command in [Command::InsertBytes, Command::Fill, Command::Truncate, Command::EditValue] {
        command_button(ui, session, command, actions);
    }
    ui.separator();
    for command in [Command::SelectAll, Command::SelectRange, Command::GoTo] {
        command_button(ui, session, command, actions);
    }
}
