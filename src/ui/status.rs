//! The status bar: where the caret is, what is selected, how it is edited, what runs.

use super::theme::{self, Theme};
use super::widgets::{sign_button, weak, width_of_text};
use crate::decode::DType;
use crate::session::arrays::ArrayView;
use crate::session::panes::ValuesFormat;
use crate::session::{Action, Command, Session, Tab, describe};
use egui::{Align, Label, Layout, ProgressBar, RichText, Sense, Ui};

/// Characters of an index that leave the modes their room.
const MOST_INDEX: usize = 48;

/// The same of a kind of file.
const MOST_KIND: usize = 28;

/// A log of fewer bytes is not told of.
const TOLD_LOG: u64 = 1 << 20;

/// Draws the status bar: the caret and the last message at the left, modes and jobs at the right.
pub fn show(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    ui.spacing_mut().item_spacing.x = theme::UNIT * 4.0;
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        activity(ui, session, actions);
        if let Some(tab) = session.tab() {
            modes(ui, session, tab, actions);
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| match session.tab() {
            Some(tab) => place(ui, session, tab),
            None => {
                weak(ui, session.hint());
            }
        });
    });
}

/// What runs, with its progress; the first can be ended.
fn activity(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let activities = session.activities();
    let Some(first) = activities.first() else { return };
    ui.spacing_mut().item_spacing.x = theme::UNIT;
    if first.can_cancel && sign_button(ui, "✕", "Stop").clicked() {
        actions.push(Action::CancelJob);
    }
    if let Some(fraction) = first.fraction {
        ui.add(ProgressBar::new(fraction).desired_width(96.0).desired_height(8.0).animate(false));
        weak(ui, format!("{:.0} %", fraction * 100.0));
    }
    weak(ui, format!("{}…", first.label));
    ui.spacing_mut().item_spacing.x = theme::UNIT * 4.0;
}

/// What is kept of this file elsewhere on the disk, where that is worth a word.
fn disk_held(ui: &mut Ui, session: &Session, tab: &Tab) {
    if tab.held_disk > 0 {
        let tooltip = format!(
            "Undo keeps {} on the disk: the bytes that earlier saves replaced. The space is freed when the file is closed.",
            describe::bytes(tab.held_disk)
        );
        clickable(ui, &format!("undo {}", describe::size(tab.held_disk)), &tooltip);
    }
    if let Some(bytes) = Some(session.log_bytes(tab.id)).filter(|bytes| *bytes >= TOLD_LOG) {
        let tooltip = format!(
            "The log of unsaved edits takes {} on the disk. It is removed when the file is closed.",
            describe::bytes(bytes)
        );
        clickable(ui, &format!("log {}", describe::size(bytes)), &tooltip);
    }
}

/// Modes can be clicked; each is a command.
fn modes(ui: &mut Ui, session: &Session, tab: &Tab, actions: &mut Vec<Action>) {
    clickable(ui, &describe::size(tab.len()), &format!("Size: {}", size_words(tab.len())));
    kind(ui, session, tab, actions);
    if clickable(
        ui,
        if tab.inserts() { "Insert" } else { "Overwrite" },
        &Command::ToggleInsert.spec().tooltip(),
    ) {
        actions.push(Action::Run(Command::ToggleInsert));
    }
    let writable = tab.file.as_ref().is_none_or(|file| file.writable);
    let lock = match (tab.locked, writable) {
        _ if tab.array().is_some_and(|view| view.unpacked.is_some()) => "compressed, read-only",
        (true, _) => "locked",
        (false, true) => "editable",
        (false, false) => "read-only file",
    };
    if clickable(ui, lock, &Command::ToggleLock.spec().tooltip()) {
        actions.push(Action::Run(Command::ToggleLock));
    }
    if tab.following && clickable(ui, "following", &Command::Follow.spec().tooltip()) {
        actions.push(Action::Run(Command::Follow));
    }
    disk_held(ui, session, tab);
    let shown = tab.shown();
    if tab.is_modified() {
        let text = match shown.changed_bytes() {
            0 => describe::counted(shown.changes(), "deletion", "deletions"),
            bytes => format!("{} changed", describe::bytes(bytes)),
        };
        let tooltip = format!(
            "{}. {}",
            describe::counted(shown.changes(), "change", "changes"),
            Command::ToggleChanges.spec().tooltip()
        );
        if clickable(ui, &text, &tooltip) {
            actions.push(Action::Run(Command::ToggleChanges));
        }
    }
}

/// What kind of file it is, where its first bytes tell. A click lists what is inside it.
fn kind(ui: &mut Ui, session: &Session, tab: &Tab, actions: &mut Vec<Action>) {
    if let Some(found) = &tab.arrays.found {
        let arrays = describe::counted(found.container.entries.len() as u64, "array", "arrays");
        let help = Command::ToggleArrays.spec().tooltip();
        let tooltip = format!("{} file with {arrays}. {help}", found.format.label());
        if clickable(ui, found.format.label(), &tooltip) {
            actions.push(Action::Run(Command::ToggleArrays));
        }
        return;
    }
    let Some(kind) = session.features().kinds.of(tab.id) else { return };
    let media_type = kind.media_type.as_ref().map_or_else(String::new, |name| format!(" ({name})"));
    let help = Command::ToggleEmbedded.spec().tooltip();
    let tooltip = format!("{}{media_type}, by its first bytes when it was opened. {help}", kind.name);
    if clickable(ui, &describe::cut(&kind.name, MOST_KIND), &tooltip) {
        actions.push(Action::Run(Command::ToggleEmbedded));
    }
}

fn clickable(ui: &mut Ui, text: &str, tooltip: &str) -> bool {
    let color = Theme::of(ui.ctx()).text_weak;
    let label = Label::new(RichText::new(text).font(theme::small()).color(color))
        .selectable(false)
        .sense(Sense::click());
    ui.add(label).on_hover_text(tooltip).clicked()
}

/// Offset, index, selection, type, and what was said last.
fn place(ui: &mut Ui, session: &Session, tab: &Tab) {
    // Of an array's item the first byte, not the place behind it.
    let item = tab.array().filter(|_| tab.is_in_array()).and_then(ArrayView::caret_span);
    let caret = item.map_or(tab.caret(), |span| span.start());
    let shown = caret.wrapping_add(tab.hex().format.base);
    let strong = Theme::of(ui.ctx()).text;
    let in_file = !tab.is_in_array() || tab.array().is_none_or(|view| view.unpacked.is_none());
    if in_file {
        ui.label(
            RichText::new(describe::hex(shown))
                .font(egui::FontId::monospace(theme::SMALL_SIZE))
                .color(strong),
        );
        weak(ui, describe::grouped(shown));
    }
    let values = tab.shown_values().map(|values| values.format);
    if let Some(ValuesFormat { dtype, origin, .. }) = values {
        let size = dtype.size() as u64;
        let index = caret.checked_sub(origin).map(|from| from / size);
        let index = index.map_or_else(
            || String::from("before the first value"),
            |index| format!("[{}]", describe::grouped(index)),
        );
        weak(ui, format!("{index} {}", dtype.name()));
    }
    if let Some(view) = tab.shown_array() {
        in_array(ui, view);
        return said(ui, session, tab);
    }
    let selected = tab.selected().len();
    if selected > 0 {
        let whole_values = |dtype: &DType| selected.is_multiple_of(dtype.size() as u64);
        let values =
            values.map(|values| values.dtype).filter(whole_values).map_or_else(String::new, |dtype| {
                format!(" = {} × {}", describe::grouped(selected / dtype.size() as u64), dtype.name())
            });
        let long = format!("selected {} ({}){values}", range_words(tab), describe::bytes(selected));
        let said = width_of_text(ui, session.hint(), &theme::small());
        let room = ui.available_width() - said - ui.spacing().item_spacing.x;
        let fits = width_of_text(ui, &long, &theme::small()) <= room;
        weak(ui, if fits { long } else { format!("{} selected{values}", describe::bytes(selected)) });
    }
    said(ui, session, tab);
}

/// The first and the last selected byte.
fn range_words(tab: &Tab) -> String {
    let place = |offset: u64| describe::hex(offset.wrapping_add(tab.hex().format.base));
    let span = tab.selected();
    match span.len() {
        0 | 1 => place(span.start()),
        _ => format!("{}–{}", place(span.start()), place(span.end() - 1)),
    }
}

/// The caret's index, the type of its item, and how many are selected.
fn in_array(ui: &mut Ui, view: &ArrayView) {
    let (row, column) = view.block.caret;
    let strong = Theme::of(ui.ctx()).text;
    let index = view.table.index_words(row, column);
    let index = RichText::new(describe::cut(&index, MOST_INDEX).as_ref());
    ui.label(index.font(egui::FontId::monospace(theme::SMALL_SIZE)).color(strong));
    if let Some(item) = view.table.item(column) {
        weak(ui, item.to_string());
    }
    if !view.block.is_one() {
        weak(
            ui,
            format!("{} selected", describe::counted(view.block.count(&view.table), "element", "elements")),
        );
    }
}

/// What was said last, or what is wrong with the byte at the caret.
fn said(ui: &mut Ui, session: &Session, tab: &Tab) {
    let theme = Theme::of(ui.ctx());
    let (said, color) = match (session.hint(), tab.fault()) {
        ("", Some(fault)) => (describe::fault(&fault), theme.error),
        (hint, _) => (hint.to_owned(), theme.text),
    };
    if !said.is_empty() {
        let label = Label::new(RichText::new(&said).font(theme::small()).color(color)).truncate();
        // One tooltip, not two.
        ui.add(label.show_tooltip_when_elided(false)).on_hover_text(said);
    }
}

/// A size as tooltips write it: both exact and rounded.
fn size_words(len: u64) -> String {
    if len < 1024 {
        describe::bytes(len)
    } else {
        format!("{} ({})", describe::size(len), describe::bytes(len))
    }
}
