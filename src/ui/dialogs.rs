//! The questions: one field and a sentence, or a choice of buttons. Enter sends, or presses the button that has the
//! focus; Tab goes round in the dialog; Escape leaves.

mod buttons;
mod confirm;
pub(super) mod paste_as;
mod path;
mod save_plan;

pub(super) use buttons::width as buttons_width;

use super::theme::{self, Theme};
use super::widgets::{data_field, error_line, named, weak};
use crate::escape::PathText;
use crate::session::arrays::{ArrayAction, ArrayPart};
use crate::session::command::{COMMANDS, Menu};
use crate::session::dialog::RunOfBytes;
use crate::session::{Action, Answer, Dialog, DialogAction, NameAction, Session};
use buttons::{plain, primary};
use egui::{Align, Frame, Id, Key, Layout, Modal, RichText, ScrollArea, Ui, vec2};
use std::path::{PathBuf, is_separator};

/// What is being typed into the dialog that is open.
#[derive(Debug, Default)]
pub struct Fields {
    of: Option<Dialog>,
    first: String,
    second: String,
    /// Whether a file that is there may be replaced.
    replace: bool,
    /// What of an array is exported.
    part: ArrayPart,
    /// The first field or button has not had the focus yet.
    fresh: bool,
    /// What had the focus last.
    held: Option<Id>,
    /// What helps to type a path.
    path: path::PathState,
    /// A path that was typed and left.
    kept: String,
    /// Dialogs so far; each is measured for itself.
    opened: u64,
}

impl Fields {
    /// No dialog is open.
    pub fn forget(&mut self) {
        if self.of.is_some() {
            let kept = if self.of == Some(Dialog::OpenPath) { &mut self.first } else { &mut self.kept };
            let kept = std::mem::take(kept);
            *self = Self { opened: self.opened, kept, path: self.path.of_another(), ..Self::default() };
        }
    }

    fn begin(&mut self, session: &Session, dialog: &Dialog) {
        if self.of.as_ref() == Some(dialog) {
            return;
        }
        let tab = session.tab();
        let (first, second) = match dialog {
            Dialog::BaseAddress => (tab.map_or(0, |tab| tab.hex().format.base), ""),
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
            Dialog::OpenPath if self.is_kept(session) => self.kept.clone(),
            Dialog::SaveAsPath(_) if session.name_start().is_some() => {
                session.name_start().map_or_else(String::new, PathText::typed)
            }
            Dialog::OpenPath | Dialog::SaveAsPath(_) | Dialog::OpenLike => start_path(session),
            Dialog::ExportArray(format) => tab.map_or_else(String::new, |tab| tab.export_name(*format)),
            _ => String::new(),
        };
        *self = Self {
            of: Some(dialog.clone()),
            first,
            second: second.to_owned(),
            replace: false,
            part: tab.and_then(|tab| Some(tab.export_parts().first()?.0)).unwrap_or_default(),
            fresh: true,
            held: None,
            path: self.path.of_another(),
            kept: std::mem::take(&mut self.kept),
            opened: self.opened + 1,
        };
    }

    /// Whether a typed path was left before it was opened.
    fn is_kept(&self, session: &Session) -> bool {
        let path = typed_path(self.kept.trim());
        let is_open = |tab: &crate::session::Tab| tab.file.as_ref().is_some_and(|file| file.path() == path);
        !self.kept.trim().is_empty() && !session.tabs().iter().any(is_open)
    }

    /// The focus stays in the dialog: a click beside its buttons takes it from nothing.
    fn hold_focus(&mut self, ui: &Ui) {
        let focused = ui.memory(|memory| memory.focused());
        match (focused, self.held) {
            (Some(id), _) => self.held = Some(id),
            // Between the last button and the first one nothing has the focus for a frame.
            (None, Some(held)) if !ui.input(|input| input.key_pressed(Key::Tab)) => {
                ui.memory_mut(|memory| memory.request_focus(held));
            }
            (None, _) => {}
        }
    }
}

/// The path of the file in front, to begin with.
fn start_path(session: &Session) -> String {
    let file = session.tab().and_then(|tab| tab.file.as_ref()).map(|file| file.path().to_owned());
    file.or_else(|| std::env::current_dir().ok().map(|folder| folder.join("")))
        .map_or_else(String::new, |path| path.typed())
}

const WIDTH: f32 = 440.0;

/// Draws `dialog` over the window, with what is typed into it in `fields`; the palette draws itself elsewhere.
pub fn show(ui: &mut Ui, session: &Session, dialog: &Dialog, fields: &mut Fields, actions: &mut Vec<Action>) {
    fields.begin(session, dialog);
    let theme = Theme::of(ui.ctx());
    let frame = Frame::popup(ui.style()).fill(theme.popup_bg).inner_margin(16);
    let modal = Modal::new(Id::unique(("dialog", fields.opened)))
        .frame(frame)
        .backdrop_color(egui::Color32::from_black_alpha(60));
    let response = modal.show(ui.ctx(), |ui| {
        ui.set_width(WIDTH.min(ui.ctx().content_rect().width() - 64.0));
        ui.spacing_mut().item_spacing.y = theme::UNIT * 2.0;
        match dialog {
            Dialog::Palette => {}
            Dialog::Keys => keys(ui, fields, actions),
            Dialog::About => about(ui, fields, actions),
            Dialog::ConfirmSave(id) => save_plan::show(ui, session, *id, &mut fields.fresh, actions),
            Dialog::ConfirmClose(_)
            | Dialog::ConfirmQuit
            | Dialog::ConfirmReload(_)
            | Dialog::ConfirmReplace { .. } => {
                confirm::show(ui, session, dialog, &mut fields.fresh, actions);
            }
            Dialog::OpenPath => path::show(ui, session, fields, actions),
            _ => ask(ui, session, dialog, fields, actions),
        }
    });
    fields.hold_focus(ui);
    if response.backdrop_response.clicked() {
        actions.push(Action::Dialog(DialogAction::Close));
    }
}

/// The field that the keys go to when `dialog` opens; `None` for one without a field.
pub fn field_id(dialog: &Dialog) -> Option<Id> {
    match dialog {
        Dialog::Palette => Some(super::command_palette::field_id()),
        Dialog::PasteAs => Some(paste_as::list_id()),
        Dialog::Keys
        | Dialog::About
        | Dialog::ConfirmClose(_)
        | Dialog::ConfirmQuit
        | Dialog::ConfirmReload(_)
        | Dialog::ConfirmSave(_)
        | Dialog::ConfirmReplace { .. } => None,
        _ => Some(first_field()),
    }
}

fn first_field() -> Id {
    Id::unique("dialog field")
}

pub(super) fn title(ui: &mut Ui, text: &str) {
    let color = Theme::of(ui.ctx()).text_strong;
    ui.label(RichText::new(text).font(theme::semibold(15.0)).color(color));
}

/// Title, explanation and the word on the button.
fn words_of(session: &Session, dialog: &Dialog) -> (&'static str, String, &'static str) {
    match dialog {
        Dialog::SaveAsPath(_) => ("Save as", String::from("The path of the file to write."), "Save"),
        Dialog::GoTo => (
            "Go to",
            String::from(
                "0x1F00, 7936, +16 from here, -16 from the end, or a sum: end/2 + 4 KiB. In an array, an element or a slice: [12, 7], [-1], [10:20, 3], [5]['name']",
            ),
            "Go",
        ),
        Dialog::SelectRange => (
            "Select range",
            String::from(
                "START:END or START:+LENGTH; negative numbers count from the end. In an array, a slice: [10:20, 3]",
            ),
            "Select",
        ),
        Dialog::InsertBytes => (
            "Insert bytes",
            String::from(
                "The number of bytes, and their values in hex (repeated). All following bytes move.",
            ),
            "Insert",
        ),
        Dialog::AppendBytes => (
            "Append bytes",
            String::from(
                "The number of bytes, and their values in hex (repeated). They are added at the end of the file.",
            ),
            "Append",
        ),
        Dialog::Fill => (
            "Fill",
            format!("Bytes in hex, repeated over the selected {}.", session.selection_words()),
            "Fill",
        ),
        Dialog::SetValues | Dialog::AppendRows | Dialog::ExportArray(_) | Dialog::OpenLike => {
            words_of_array(dialog)
        }
        _ => (
            "Base address",
            String::from("Added to every offset shown. Go to then takes addresses. Leave empty for none."),
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
                "For each selected element x:  5   x * 2 + 1   clip(x, 0, 1)   nan_to_num(x, 0)   x-mean(x)   x+other('b')   byteswap(x)   arange(0, step=2)   linspace(0, 1)   random(0, 1, seed=42)",
            ),
            "Set",
        ),
        Dialog::ExportArray(_) => {
            ("Export the array", String::from("The full path of the new file, and what to write."), "Export")
        }
        Dialog::OpenLike => (
            "Show like another file",
            String::from("The full path of a .npy, safetensors or GGUF file whose dtype and shape to use."),
            "Show",
        ),
        _ => {
            ("Append rows", String::from("The number of rows of zeros to add after the last row."), "Append")
        }
    }
}

fn ask(ui: &mut Ui, session: &Session, dialog: &Dialog, fields: &mut Fields, actions: &mut Vec<Action>) {
    let (name, explanation, word) = words_of(session, dialog);
    title(ui, name);
    weak(ui, explanation);
    let two = matches!(dialog, Dialog::InsertBytes | Dialog::AppendBytes);
    let first = ui.add(data_field(&mut fields.first, f32::INFINITY).id(first_field()));
    named(&first, if two { "how many" } else { name });
    if std::mem::take(&mut fields.fresh) {
        first.request_focus();
        mark(ui, first.id, marked_part(&fields.first, dialog));
    }
    let mut sent = entered(ui, &first);
    if two {
        let second =
            ui.add(data_field(&mut fields.second, f32::INFINITY).id(Id::unique("second dialog field")));
        named(&second, "which bytes");
        sent |= entered(ui, &second);
    }
    if matches!(dialog, Dialog::ExportArray(_)) {
        parts(ui, session, &mut fields.part);
        ui.checkbox(&mut fields.replace, "Replace an existing file");
    }
    error_line(ui, session.dialog_error());
    match buttons::row(ui, &[plain("Cancel"), primary(word)], None, &mut false) {
        Some(0) => actions.push(Action::Dialog(DialogAction::Close)),
        Some(_) => sent = true,
        None => {}
    }
    if sent {
        actions.push(answer(dialog, fields));
        // A mistake keeps the dialog open, and the keys in its field.
        fields.fresh = true;
    }
}

/// Which part of the array is exported.
fn parts(ui: &mut Ui, session: &Session, part: &mut ArrayPart) {
    let offered = session.tab().map(crate::session::Tab::export_parts).unwrap_or_default();
    ui.horizontal_wrapped(|ui| {
        for (choice, shape) in offered {
            let word = match choice {
                ArrayPart::Selection => "Selection",
                ArrayPart::Slice => "Slice",
                ArrayPart::Whole => "Whole array",
            };
            ui.radio_value(part, choice, format!("{word} ({shape})"));
        }
    });
}

/// What is there already is marked, so that typing replaces it; of a path to write the name.
fn marked_part(text: &str, dialog: &Dialog) -> std::ops::Range<usize> {
    let end = text.chars().count();
    let is_path = matches!(dialog, Dialog::SaveAsPath(_) | Dialog::ExportArray(_));
    let name = text.chars().rev().take_while(|character| !is_separator(*character)).count();
    if is_path { end - name..end } else { 0..end }
}

/// Marks these characters of a field.
fn mark(ui: &Ui, id: Id, part: std::ops::Range<usize>) {
    let mut state = egui::TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
    let cursor = |at| egui::text::CCursor::new(at);
    state.cursor.set_char_range(Some(egui::text::CCursorRange::two(cursor(part.start), cursor(part.end))));
    state.store(ui.ctx(), id);
}

fn entered(ui: &Ui, response: &egui::Response) -> bool {
    response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}

fn answer(dialog: &Dialog, fields: &Fields) -> Action {
    let text = fields.first.trim().to_owned();
    let run = || RunOfBytes { count: text.clone(), pattern: fields.second.clone() };
    match dialog {
        Dialog::SaveAsPath(asked) => {
            Action::Name(NameAction::Take { asked: asked.clone(), path: typed_path(&text) })
        }
        Dialog::GoTo => Action::Answer(Answer::GoTo(text)),
        Dialog::SelectRange => Action::Answer(Answer::SelectRange(text)),
        Dialog::InsertBytes => Action::Answer(Answer::InsertRun(run())),
        Dialog::AppendBytes => Action::Answer(Answer::AppendRun(run())),
        Dialog::Fill => Action::Answer(Answer::Fill(text)),
        Dialog::SetValues => Action::Array(ArrayAction::SetValues(text)),
        Dialog::AppendRows => Action::Array(ArrayAction::AppendRows(text)),
        Dialog::ExportArray(format) => Action::Array(ArrayAction::Export {
            format: *format,
            part: fields.part,
            path: typed_path(&text),
            replace: fields.replace,
        }),
        Dialog::OpenLike => Action::Array(ArrayAction::Like(typed_path(&text))),
        _ => Action::Answer(Answer::SetBase(text)),
    }
}

/// A typed path: `~` is the home folder, quotes around it are dropped.
fn typed_path(text: &str) -> PathBuf {
    let text = text.trim_matches('"').trim_matches('\'');
    // As the system writes paths: with Windows' own separator too.
    let in_home = text.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with(is_separator));
    match (in_home, std::env::home_dir()) {
        // A second separator would make it a path from the root.
        (Some(rest), Some(home)) => home.join(rest.trim_start_matches(is_separator)),
        _ => PathBuf::from(text),
    }
}

fn keys(ui: &mut Ui, fields: &mut Fields, actions: &mut Vec<Action>) {
    title(ui, "Keyboard");
    let height = (ui.ctx().content_rect().height() - 160.0).clamp(120.0, 440.0);
    let area = ScrollArea::vertical().min_scrolled_height(height).max_height(height).auto_shrink(false);
    area.show(ui, |ui| {
        scroll_by_keys(ui, height);
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
    close_button(ui, fields, actions);
}

/// A list without entries to walk is scrolled by the keys that scroll.
fn scroll_by_keys(ui: &Ui, page: f32) {
    let keys = [
        (Key::ArrowDown, -40.0),
        (Key::ArrowUp, 40.0),
        (Key::PageDown, -page),
        (Key::PageUp, page),
        (Key::Home, f32::INFINITY),
        (Key::End, f32::NEG_INFINITY),
    ];
    for (key, by) in keys {
        if ui.input(|input| input.key_pressed(key)) {
            ui.scroll_with_delta(vec2(0.0, by.clamp(-1e6, 1e6)));
        }
    }
}

/// Keys that are no commands.
const GRID_KEYS: [(&str, &str); 7] = [
    ("←  →  ↑  ↓  PgUp  PgDn", "Move; with Shift, select"),
    ("Home  End", "Start and end of the row"),
    ("Ctrl+←  Ctrl+→", "Move by one group"),
    ("Tab", "Switch between the cells and the text"),
    ("Enter", "Edit the value at the caret; in the field, accept the value"),
    ("Backspace  Delete", "Delete a byte in insert mode, or the selection"),
    ("Esc", "Go back one step: close, cancel, deselect"),
];

fn line(ui: &mut Ui, what: &str, key: &str) {
    ui.horizontal(|ui| {
        ui.label(what);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            weak(ui, key);
        });
    });
}

fn about(ui: &mut Ui, fields: &mut Fields, actions: &mut Vec<Action>) {
    title(ui, &format!("pagelens {}", env!("CARGO_PKG_VERSION")));
    ui.label("Opens a file of any size, shows it as bytes and as typed arrays, and edits it safely.");
    weak(ui, "Licence: MIT or Apache-2.0. Fonts: Inter and JetBrains Mono, SIL Open Font License.");
    close_button(ui, fields, actions);
}

fn close_button(ui: &mut Ui, fields: &mut Fields, actions: &mut Vec<Action>) {
    if buttons::row(ui, &[primary("Close")], Some(0), &mut fields.fresh).is_some() {
        actions.push(Action::Dialog(DialogAction::Close));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_paths_may_be_quoted_or_begin_at_home() {
        assert_eq!(typed_path("\"/a b/c\""), PathBuf::from("/a b/c"));
        assert_eq!(typed_path("/a"), PathBuf::from("/a"));
        if let Some(home) = std::env::home_dir() {
            let own = format!("~{}x", std::path::MAIN_SEPARATOR);
            for typed in ["~/x", "~//x", &own] {
                assert_eq!(typed_path(typed), home.join("x"), "{typed}");
            }
            assert_eq!(typed_path("~x"), PathBuf::from("~x"));
        }
    }
}
