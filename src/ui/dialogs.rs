//! The questions: one field and a sentence, or a choice of buttons. Enter sends, Escape leaves.

use super::theme::{self, Theme};
use super::widgets::{data_field, error_line, named, weak};
use crate::escape::PathText;
use crate::session::arrays::ArrayAction;
use crate::session::command::{COMMANDS, Menu};
use crate::session::dialog::RunOfBytes;
use crate::session::{Action, Dialog, PaneId, Session, TabId, words};
use egui::{Align, Button, Frame, Id, Key, Layout, Modal, RichText, ScrollArea, Ui};
use std::path::PathBuf;

/// What is being typed into the dialog that is open.
#[derive(Debug, Default)]
pub struct Fields {
    of: Option<Dialog>,
    first: String,
    second: String,
    /// Whether a file that is there may be replaced.
    replace: bool,
    /// The field has not had the keys yet.
    fresh: bool,
}

impl Fields {
    /// No dialog is open.
    pub fn forget(&mut self) {
        if self.of.is_some() {
            *self = Self::default();
        }
    }

    fn begin(&mut self, session: &Session, dialog: &Dialog) {
        if self.of.as_ref() == Some(dialog) {
            return;
        }
        let tab = session.tab();
        let (first, second) = match dialog {
            Dialog::BaseAddress => (tab.map_or(0, |tab| tab.view(PaneId::Bytes).format.base), ""),
            Dialog::InsertBytes | Dialog::AppendBytes => (16, "00"),
            _ => (0, ""),
        };
        let first = match dialog {
            Dialog::BaseAddress => format!("{first:#x}"),
            Dialog::InsertBytes | Dialog::AppendBytes => first.to_string(),
            Dialog::Fill => String::from("00"),
            Dialog::AppendRows => String::from("1"),
            Dialog::SetValues if session.last_expression().is_empty() => String::from("x"),
            Dialog::SetValues => session.last_expression().to_owned(),
            Dialog::OpenPath | Dialog::SaveAsPath | Dialog::OpenLike => start_path(session),
            Dialog::ExportArray(format) => tab.map_or_else(String::new, |tab| tab.export_name(*format)),
            _ => String::new(),
        };
        *self =
            Self { of: Some(dialog.clone()), first, second: second.to_owned(), replace: false, fresh: true };
    }
}

/// The path of the file in front, to begin with.
fn start_path(session: &Session) -> String {
    let file = session.tab().and_then(|tab| tab.file.as_ref()).map(|file| file.path.clone());
    file.or_else(|| std::env::current_dir().ok().map(|folder| folder.join("")))
        .map_or_else(String::new, |path| path.typed())
}

const WIDTH: f32 = 440.0;

pub fn show(ui: &mut Ui, session: &Session, dialog: &Dialog, fields: &mut Fields, actions: &mut Vec<Action>) {
    fields.begin(session, dialog);
    let theme = Theme::of(ui.ctx());
    let frame = Frame::popup(ui.style()).fill(theme.popup_bg).inner_margin(16);
    let modal =
        Modal::new(Id::unique("dialog")).frame(frame).backdrop_color(egui::Color32::from_black_alpha(60));
    let response = modal.show(ui.ctx(), |ui| {
        ui.set_width(WIDTH);
        ui.spacing_mut().item_spacing.y = theme::UNIT * 2.0;
        match dialog {
            Dialog::Palette => {}
            Dialog::Keys => keys(ui, actions),
            Dialog::About => about(ui, actions),
            Dialog::ConfirmSave(id) => super::save_plan::show(ui, session, *id, actions),
            Dialog::ConfirmClose(_)
            | Dialog::ConfirmQuit
            | Dialog::ConfirmReload(_)
            | Dialog::ConfirmReplace { .. }
            | Dialog::ConfirmReplaceByPatch(..) => {
                confirm(ui, session, dialog, actions);
            }
            _ => ask(ui, session, dialog, fields, actions),
        }
    });
    if response.backdrop_response.clicked() {
        actions.push(Action::CloseDialog);
    }
}

/// The field that the keys go to when `dialog` opens.
pub fn field_id(dialog: &Dialog) -> Id {
    if *dialog == Dialog::Palette { super::palette::field_id() } else { Id::unique("dialog field") }
}

pub(super) fn title(ui: &mut Ui, text: &str) {
    let color = Theme::of(ui.ctx()).text_strong;
    ui.label(RichText::new(text).font(theme::semibold(15.0)).color(color));
}

/// Title, explanation and the word on the button.
fn words_of(session: &Session, dialog: &Dialog) -> (&'static str, String, &'static str) {
    match dialog {
        Dialog::OpenPath => {
            ("Open path", String::from("The file's full path. ~ is your home folder."), "Open")
        }
        Dialog::SaveAsPath => ("Save as", String::from("The path of the file to write."), "Save"),
        Dialog::GoTo => (
            "Go to",
            String::from(
                "0x1F00, 7936, +16 from here, -16 from the end, or a sum: end/2 + 4 KiB. In an array an item or a slice: [12, 7], [-1], [10:20, 3], [5]['name']",
            ),
            "Go",
        ),
        Dialog::SelectRange => (
            "Select range",
            String::from(
                "START:END or START:+LENGTH; negative numbers count from the end. In an array a slice: [10:20, 3]",
            ),
            "Select",
        ),
        Dialog::InsertBytes => (
            "Insert bytes",
            String::from("How many, and which bytes (hex, repeated). All bytes behind move."),
            "Insert",
        ),
        Dialog::AppendBytes => (
            "Append bytes",
            String::from("How many, and which bytes (hex, repeated), at the end of the file."),
            "Append",
        ),
        Dialog::Fill => (
            "Fill",
            format!("Bytes in hex, repeated over the {} that are selected.", session.selection_words()),
            "Fill",
        ),
        Dialog::SetValues | Dialog::AppendRows | Dialog::ExportArray(_) | Dialog::OpenLike => {
            words_of_array(dialog)
        }
        _ => (
            "Base address",
            String::from("Added to every offset that is shown; Go to takes addresses then. Empty for none."),
            "Set",
        ),
    }
}

/// The same for what is asked of an array.
fn words_of_array(dialog: &Dialog) -> (&'static str, String, &'static str) {
    match dialog {
        Dialog::SetValues => (
            "Set values",
            String::from(
                "For each selected item x:  5   x * 2 + 1   clip(x, 0, 1)   nan_to_num(x, 0)   byteswap(x)   arange(0, step=2)   linspace(0, 1)   random(0, 1, seed=42)",
            ),
            "Set",
        ),
        Dialog::ExportArray(_) => (
            "Export the array",
            String::from(
                "The full path of the new file. The selected items are written; the whole array when only one is.",
            ),
            "Export",
        ),
        Dialog::OpenLike => (
            "Show like another file",
            String::from("The full path of a .npy, safetensors or GGUF file: its dtype and shape are taken."),
            "Show",
        ),
        _ => (
            "Append rows",
            String::from("How many rows of zeros, behind the last row of the array."),
            "Append",
        ),
    }
}

fn ask(ui: &mut Ui, session: &Session, dialog: &Dialog, fields: &mut Fields, actions: &mut Vec<Action>) {
    let (name, explanation, word) = words_of(session, dialog);
    title(ui, name);
    weak(ui, explanation);
    let two = matches!(dialog, Dialog::InsertBytes | Dialog::AppendBytes);
    let first = ui.add(data_field(&mut fields.first, WIDTH).id(field_id(dialog)));
    named(&first, if two { "how many" } else { name });
    if std::mem::take(&mut fields.fresh) {
        first.request_focus();
        select_all(ui, first.id, &fields.first, dialog);
    }
    let mut sent = entered(ui, &first);
    if two {
        let second = ui.add(data_field(&mut fields.second, WIDTH).id(Id::unique("second dialog field")));
        named(&second, "which bytes");
        sent |= entered(ui, &second);
    }
    if matches!(dialog, Dialog::ExportArray(_)) {
        ui.checkbox(&mut fields.replace, "Replace a file that is there");
    }
    error_line(ui, session.dialog_error());
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        sent |= primary(ui, word);
        if ui.button("Cancel").clicked() {
            actions.push(Action::CloseDialog);
        }
    });
    if sent {
        actions.push(answer(dialog, fields));
        // A mistake keeps the dialog open, and the keys in its field.
        fields.fresh = true;
    }
}

/// What is there already is marked, so that typing replaces it; of a path the end is kept for typing on.
fn select_all(ui: &Ui, id: Id, text: &str, dialog: &Dialog) {
    let mut state = egui::TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
    let end = egui::text::CCursor::new(text.chars().count());
    let is_path =
        matches!(dialog, Dialog::OpenPath | Dialog::SaveAsPath | Dialog::OpenLike | Dialog::ExportArray(_));
    let start = if is_path { end } else { egui::text::CCursor::new(0) };
    state.cursor.set_char_range(Some(egui::text::CCursorRange::two(start, end)));
    state.store(ui.ctx(), id);
}

fn entered(ui: &Ui, response: &egui::Response) -> bool {
    response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}

pub(super) fn primary(ui: &mut Ui, word: &str) -> bool {
    let theme = Theme::of(ui.ctx());
    ui.add(Button::new(RichText::new(word).color(theme.on_accent)).fill(theme.accent)).clicked()
}

fn answer(dialog: &Dialog, fields: &Fields) -> Action {
    let text = fields.first.trim().to_owned();
    let run = || RunOfBytes { count: text.clone(), pattern: fields.second.clone() };
    match dialog {
        Dialog::OpenPath => Action::Open(vec![typed_path(&text)]),
        Dialog::SaveAsPath => Action::SaveTo { path: typed_path(&text) },
        Dialog::GoTo => Action::GoTo(text),
        Dialog::SelectRange => Action::SelectRange(text),
        Dialog::InsertBytes => Action::InsertRun(run()),
        Dialog::AppendBytes => Action::AppendRun(run()),
        Dialog::Fill => Action::Fill(text),
        Dialog::SetValues => Action::Array(ArrayAction::SetValues(text)),
        Dialog::AppendRows => Action::Array(ArrayAction::AppendRows(text)),
        Dialog::ExportArray(format) => Action::Array(ArrayAction::Export {
            format: *format,
            path: typed_path(&text),
            replace: fields.replace,
        }),
        Dialog::OpenLike => Action::Array(ArrayAction::Like(typed_path(&text))),
        _ => Action::SetBase(text),
    }
}

/// A typed path: `~` is the home folder, quotes around it are dropped.
fn typed_path(text: &str) -> PathBuf {
    let text = text.trim_matches('"').trim_matches('\'');
    let home = std::env::home_dir();
    match (text.strip_prefix("~/").or((text == "~").then_some("")), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(text),
    }
}

fn confirm(ui: &mut Ui, session: &Session, dialog: &Dialog, actions: &mut Vec<Action>) {
    let (question, explanation) = question(session, dialog);
    title(ui, &question);
    ui.add(egui::Label::new(explanation).wrap());
    ui.add_space(theme::UNIT);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let (yes, yes_action, no) = match dialog {
            Dialog::ConfirmClose(id) => {
                ("Save", Action::SaveAndClose(*id), Some(("Discard", Action::DiscardAndClose(*id))))
            }
            Dialog::ConfirmQuit => {
                ("Save all", Action::SaveAllAndQuit, Some(("Discard all", Action::DiscardAndQuit)))
            }
            Dialog::ConfirmReload(id) => ("Reload", Action::Reload(*id), None),
            Dialog::ConfirmReplace { tab, path } => {
                ("Replace", Action::ReplaceFile { tab: *tab, path: path.clone() }, None)
            }
            Dialog::ConfirmReplaceByPatch(offer, path) => {
                ("Replace", Action::ReplaceByPatch(*offer, path.clone()), None)
            }
            _ => return,
        };
        // Enter never loses anything: what is lost here is lost by a click.
        let loses = matches!(
            dialog,
            Dialog::ConfirmReload(_) | Dialog::ConfirmReplace { .. } | Dialog::ConfirmReplaceByPatch(..)
        );
        let by_key = !loses && ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, Key::Enter));
        if primary(ui, yes) || by_key {
            actions.push(yes_action);
        }
        if ui.button("Cancel").clicked() {
            actions.push(Action::CloseDialog);
        }
        if let Some((word, action)) = no
            && ui.button(word).clicked()
        {
            actions.push(action);
        }
    });
}

fn question(session: &Session, dialog: &Dialog) -> (String, String) {
    let name = |id: &TabId| session.tab_by_id(*id).map_or_else(String::new, |tab| tab.title.clone());
    let changed = |id: &TabId| {
        session
            .tab_by_id(*id)
            .map_or_else(String::new, |tab| words::counted(tab.shown().changes(), "place", "places"))
    };
    match dialog {
        Dialog::ConfirmClose(id) => (
            format!("Save the changes to {}?", name(id)),
            format!("{} changed. Without saving, these changes are lost.", changed(id)),
        ),
        Dialog::ConfirmQuit => {
            let names: Vec<&str> = session.unsaved().map(|tab| tab.title.as_str()).collect();
            (String::from("Save the changes before quitting?"), format!("Not saved: {}.", names.join(", ")))
        }
        Dialog::ConfirmReload(id) => (
            format!("Reload {} and lose the changes?", name(id)),
            format!(
                "{} changed. Reloading reads the file again; these changes and their undo are lost.",
                changed(id)
            ),
        ),
        Dialog::ConfirmReplace { path, .. } | Dialog::ConfirmReplaceByPatch(_, path) => (
            String::from("Replace the file that is there?"),
            format!("{} exists already. Its content will be lost.", path.shown()),
        ),
        _ => (String::new(), String::new()),
    }
}

fn keys(ui: &mut Ui, actions: &mut Vec<Action>) {
    title(ui, "Keyboard");
    ScrollArea::vertical().min_scrolled_height(440.0).max_height(440.0).auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = theme::UNIT;
        for (key, what) in GRID_KEYS {
            line(ui, what, key);
        }
        for menu in Menu::ALL {
            ui.add_space(theme::UNIT * 2.0);
            super::widgets::heading(ui, menu.title());
            for spec in COMMANDS.iter().filter(|spec| spec.menu == menu && !spec.keys.is_empty()) {
                let keys: Vec<String> = spec.keys.iter().map(ToString::to_string).collect();
                line(ui, spec.title, &keys.join("  or  "));
            }
        }
    });
    close_button(ui, actions);
}

/// Keys that are no commands.
const GRID_KEYS: [(&str, &str); 7] = [
    ("←  →  ↑  ↓  PgUp  PgDn", "Move; with Shift select"),
    ("Home  End", "Start and end of the row"),
    ("Ctrl+←  Ctrl+→", "Group by group"),
    ("Tab", "Between the cells and the text"),
    ("Enter", "Edit the value at the caret; in the field: take it"),
    ("Backspace  Delete", "Remove (insert mode), or the selection"),
    ("Esc", "One step back"),
];

fn line(ui: &mut Ui, what: &str, key: &str) {
    ui.horizontal(|ui| {
        ui.label(what);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            weak(ui, key);
        });
    });
}

fn about(ui: &mut Ui, actions: &mut Vec<Action>) {
    title(ui, &format!("pagelens {}", env!("CARGO_PKG_VERSION")));
    ui.label("Opens a file of any size, shows it as bytes and as typed arrays, and edits it safely.");
    weak(ui, "Licence: MIT or Apache-2.0. Fonts: Inter and JetBrains Mono, SIL Open Font License.");
    close_button(ui, actions);
}

fn close_button(ui: &mut Ui, actions: &mut Vec<Action>) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if primary(ui, "Close") || ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, Key::Enter))
        {
            actions.push(Action::CloseDialog);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_paths_may_be_quoted_or_begin_at_home() {
        assert_eq!(typed_path("\"/a b/c\""), PathBuf::from("/a b/c"));
        assert_eq!(typed_path("/a"), PathBuf::from("/a"));
        if let Some(home) = std::env::home_dir() {
            assert_eq!(typed_path("~/x"), home.join("x"));
        }
    }
}
