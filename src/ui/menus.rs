//! The lines of the menus, made from the table of commands, and the menu of the grid.

use super::entries::{self, MenuEntry};
use super::widgets::{command_button, fit_middle, following, menu_line};
use crate::escape::escaped;
use crate::session::arrays::{ArrayView, TableAction};
use crate::session::command::{COMMANDS, Menu};
use crate::session::{Action, Command, PaneKey, Session, describe};
use egui::accesskit::{HasPopup, Role};
use egui::{Button, Context, Id, TextStyle, Ui};

/// Room over and under a menu, in points: the menu bar and the edges of the menu.
const MENU_MARGIN: f32 = 56.0;
/// A line's text is so wide at most, in points.
const LINE: f32 = 480.0;

/// Draws a submenu.
type ShowSubmenu = fn(&mut Ui, &Session, &mut Vec<Action>);

/// The submenus, each with the command that it follows.
const SUBMENUS: [(Command, ShowSubmenu); 4] = [
    (Command::OpenPath, |ui, session, actions| {
        choices(ui, "Open recent", &entries::recent(session), actions);
    }),
    (Command::Copy, |ui, session, actions| choices(ui, "Copy as", &entries::copy_as(session), actions)),
    (Command::TextColumn, |ui, session, actions| {
        choices(ui, "Byte format", &entries::digits(session), actions);
    }),
    (Command::AppendRows, hand_over),
];

/// The lines of a menu; the first has the keys when `wants_keys`.
pub(super) fn entries(
    ui: &mut Ui,
    session: &Session,
    menu: Menu,
    wants_keys: bool,
    actions: &mut Vec<Action>,
) {
    scrolled(ui, |ui| lines(ui, session, menu, wants_keys, actions));
}

fn lines(ui: &mut Ui, session: &Session, menu: Menu, wants_keys: bool, actions: &mut Vec<Action>) {
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
        if let Some((_, submenu)) = SUBMENUS.iter().find(|(above, _)| *above == spec.command) {
            submenu(ui, session, actions);
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
    // A path can be longer than the window is wide.
    let room = LINE.min(ui.ctx().content_rect().width() / 2.0);
    let shown = fit_middle(ui, title, &TextStyle::Button.resolve(ui.style()), room);
    let mut line = ui.button(format!("{mark}{shown}"));
    if shown != title {
        line = line.on_hover_text(title);
    }
    menu_line(&line, title, on, Role::MenuItemRadio);
    line.clicked()
}

/// A submenu of these lines; greyed when none of them can be chosen.
fn choices(ui: &mut Ui, title: &str, entries: &[MenuEntry], actions: &mut Vec<Action>) {
    ui.add_enabled_ui(entries.iter().any(|entry| entry.enabled), |ui| {
        submenu(ui, title, |ui| {
            scrolled(ui, |ui| {
                for entry in entries {
                    let line = |ui: &mut Ui| choice_line(ui, &entry.title, entry.checked);
                    if ui.add_enabled_ui(entry.enabled, line).inner {
                        actions.extend(entry.actions.iter().cloned());
                    }
                }
            });
        });
    });
}

/// A menu that is taller than the window is scrolled, and follows the keys.
fn scrolled(ui: &mut Ui, draw: impl FnOnce(&mut Ui)) {
    let room = ui.ctx().content_rect().height() - MENU_MARGIN;
    egui::ScrollArea::vertical().max_height(room).show(ui, |ui| following(ui, draw));
}

/// The menu of an array's cells, or of a column's head, at the pointer.
pub fn array_context(
    ui: &mut Ui,
    session: &Session,
    (pane, view): (PaneKey, &ArrayView),
    column: Option<u64>,
    actions: &mut Vec<Action>,
) {
    ui.set_min_width(220.0);
    if let Some(column) = column {
        column_menu(ui, (pane, view), column, actions);
        return;
    }
    for command in [Command::Copy, Command::Paste, Command::EditValue] {
        command_button(ui, session, command, actions);
    }
    hand_over(ui, session, actions);
    ui.separator();
    for command in [Command::SetValues, Command::AppendRows] {
        command_button(ui, session, command, actions);
    }
    ui.separator();
    for command in [Command::SelectAll, Command::GoTo, Command::CloseArray] {
        command_button(ui, session, command, actions);
    }
}

/// The selected elements as text, and elements as a file.
fn hand_over(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    choices(ui, "Copy as", &entries::array_copy_as(session), actions);
    choices(ui, "Export as", &entries::array_export_as(session), actions);
}

/// Width of a column, and which fields are shown.
fn column_menu(ui: &mut Ui, (pane, view): (PaneKey, &ArrayView), column: u64, actions: &mut Vec<Action>) {
    let mut push = |action: TableAction| actions.push(Action::ArrayIn(pane, action.into()));
    if choice_line(ui, Command::FitArrayColumn.spec().title, None) {
        push(TableAction::Resize { column, chars: None });
    }
    if view.columns.are_alike() {
        return;
    }
    if choice_line(ui, "Hide", None) {
        push(TableAction::Hide(column as usize));
    }
    if ui.add_enabled(view.columns.hidden() > 0, Button::new("Show all fields")).clicked() {
        push(TableAction::ShowAllFields);
    }
    ui.separator();
    let (fields, height) = (view.columns.all(), ui.spacing().interact_size.y);
    egui::ScrollArea::vertical().max_height(320.0).show_rows(ui, height, fields.len(), |ui, rows| {
        following(ui, |ui| {
            for (at, leaf) in fields.iter().enumerate().take(rows.end).skip(rows.start) {
                let mut on = view.columns.is_shown(at);
                if ui.checkbox(&mut on, escaped(&describe::cut(&leaf.name, 60))).changed() {
                    push(TableAction::ToggleField(at));
                }
            }
        });
    });
}

/// The menu of the grid, at the pointer.
pub fn context(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    ui.set_min_width(220.0);
    for command in [Command::Cut, Command::Copy] {
        command_button(ui, session, command, actions);
    }
    choices(ui, "Copy as", &entries::copy_as(session), actions);
    for command in
        [Command::Paste, Command::PasteText, Command::PasteAs, Command::Delete, Command::SelectionToFile]
    {
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
