//! The lines of the menus, made from the table of commands, and the menu of the grid.

use super::widgets::{command_button, menu_line};
use crate::decode::Radix;
use crate::escape::{PathText, escaped};
use crate::export;
use crate::export::arrays::ARRAY_FORMATS;
use crate::session::arrays::{ArrayAction, ArrayView};
use crate::session::command::{COMMANDS, Menu};
use crate::session::view::{CellKind, ViewFormat};
use crate::session::{Action, Command, Dialog, PaneId, Session, words};
use egui::accesskit::{HasPopup, Role};
use egui::{Button, Context, Id, Ui};

/// The lines of a menu; the first has the keys when `wants_keys`.
pub(super) fn entries(
    ui: &mut Ui,
    session: &Session,
    menu: Menu,
    wants_keys: bool,
    actions: &mut Vec<Action>,
) {
    let mut group = None;
    let mut first = wants_keys;
    ui.ctx().data_mut(|data| data.insert_temp(submenu_id(), false));
    for spec in COMMANDS.iter().filter(|spec| spec.menu == menu) {
        if group.is_some_and(|group| group != spec.group) {
            ui.separator();
        }
        group = Some(spec.group);
        let line = command_button(ui, session, spec.command, actions);
        if first && line.enabled() {
            line.request_focus();
            first = false;
        }
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

fn submenu_id() -> Id {
    Id::unique("submenu has the keys")
}

/// Whether the line with the keys opens a submenu.
pub(super) fn on_submenu(ctx: &Context) -> bool {
    ctx.data(|data| data.get_temp::<bool>(submenu_id())).unwrap_or(false)
}

/// A line that opens a submenu.
fn submenu(ui: &mut Ui, title: &str, content: impl FnOnce(&mut Ui)) {
    let opened = ui.menu_button(title, |ui| {
        let root = egui::containers::menu::find_menu_root(ui).unique_id;
        ui.ctx().accesskit_node_builder(root, |node| node.set_label(title));
        content(ui);
    });
    let (line, is_open) = (&opened.response, opened.inner.is_some());
    if line.has_focus() {
        ui.ctx().data_mut(|data| data.insert_temp(submenu_id(), true));
    }
    ui.ctx().accesskit_node_builder(line.id, |node| {
        node.set_role(Role::MenuItem);
        node.set_has_popup(HasPopup::Menu);
        node.set_expanded(is_open);
    });
}

/// A line of a menu that is no command of the table; `on` when it is one of a choice.
pub(super) fn choice_line(ui: &mut Ui, title: &str, on: Option<bool>) -> bool {
    let mark = match on {
        Some(true) => "✓ ",
        Some(false) => "    ",
        None => "",
    };
    let line = ui.button(format!("{mark}{title}"));
    menu_line(&line, title, on, Role::MenuItemRadio);
    line.clicked()
}

fn recent(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    ui.add_enabled_ui(!session.recent().is_empty(), |ui| {
        submenu(ui, "Open recent", |ui| {
            for file in session.recent().iter().take(15) {
                if choice_line(ui, &file.path.shown().to_string(), None) {
                    actions.push(Action::Open(vec![file.path.clone()]));
                }
            }
        });
    });
}

fn copy_as(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let something = session.tab().is_some_and(|tab| !tab.selected().is_empty());
    ui.add_enabled_ui(something, |ui| {
        submenu(ui, "Copy as", |ui| {
            for (index, format) in export::FORMATS.iter().enumerate() {
                if choice_line(ui, format.label, None) {
                    actions.push(Action::CopyAs(index));
                }
            }
        });
    });
}

fn radix(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let Some(tab) = session.tab() else { return };
    submenu(ui, "Digits", |ui| {
        for radix in Radix::ALL {
            if choice_line(ui, radix.label(), Some(tab.byte_radix() == radix)) {
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
    submenu(ui, "Copy as", |ui| {
        for (at, format) in ARRAY_FORMATS.iter().enumerate().filter(|(_, format)| format.is_text) {
            if choice_line(ui, format.label, None) {
                actions.push(Action::Array(ArrayAction::CopyAs(at)));
            }
        }
    });
    submenu(ui, "Export as", |ui| {
        for (at, format) in ARRAY_FORMATS.iter().enumerate() {
            if choice_line(ui, &format!("{}…", format.label), None) {
                actions.push(Action::Show(Dialog::ExportArray(at)));
            }
        }
    });
}

/// Width of a column, and which fields are shown.
fn column_menu(ui: &mut Ui, view: &ArrayView, column: u64, actions: &mut Vec<Action>) {
    let mut push = |action: ArrayAction| actions.push(Action::Array(action));
    if choice_line(ui, "As wide as its values", None) {
        push(ArrayAction::Resize { column, chars: None });
    }
    if view.columns.are_alike() {
        return;
    }
    if choice_line(ui, "Hide", None) {
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
