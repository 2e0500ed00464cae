//! The list of the files inside a file: offset, length and kind. A click or the arrow keys go there, and each can be saved as
//! a file of its own.

use super::panel_head::{CommandGroups, PanelHead, RunButton, command_groups, show_words, words_of_search};
use super::side_panel::SidePanel;
use crate::analysis::kinds::EmbeddedEnd;
use crate::session::embedded::{EmbeddedLine, EmbeddedState, ListedFiles};
use crate::session::{Action, Command, EMBEDDED, EmbeddedAction, PaneAction, Session, Tab, describe};
use crate::ui::focus_ring::Stop;
use crate::ui::list_heads::{ListColumn, ListHeads, data_text, weak_text};
use crate::ui::list_navigation::{ManyRows, Step, WalkedList};
use crate::ui::long_list::cell;
use crate::ui::theme::Theme;
use crate::ui::widgets::{sign, weak};
use egui::{Color32, Id, Label, Sense, Ui};

/// Points of the panel and of its columns until the user says otherwise.
const HEIGHT: f32 = 248.0;
const OFFSET: f32 = 140.0;
const LENGTH: f32 = 140.0;
/// Points of a kind at most, and of the button that saves.
const KIND: f32 = 320.0;
const SAVE: f32 = 60.0;

/// What can be done with the rows.
const ROW_COMMANDS: CommandGroups = &[&[Command::SaveEmbedded, Command::CopyEmbedded]];

/// The list that the keys go to.
pub fn list_id() -> Id {
    Id::unique("list of embedded files")
}

/// Draws the list of embedded files; nothing when it is hidden.
pub fn panel(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    if !session.shows_panel(EMBEDDED) {
        return;
    }
    let Some(tab) = session.tab() else { return };
    let panel = SidePanel::bottom(EMBEDDED, HEIGHT, Stop::Embedded);
    panel.show(ui, session, actions, |ui, actions| {
        let embedded = &session.features().embedded;
        let view = EmbeddedView { session, tab, embedded, listed: embedded.listed(tab) };
        view.head(ui, actions);
        view.list(ui, actions);
    });
}

/// What is drawn.
struct EmbeddedView<'a> {
    session: &'a Session,
    tab: &'a Tab,
    embedded: &'a EmbeddedState,
    listed: Option<&'a ListedFiles>,
}

impl EmbeddedView<'_> {
    fn head(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let head = PanelHead {
            title: "Embedded files",
            close: (Action::Run(Command::ToggleEmbedded), "Close the embedded files"),
            commands: ROW_COMMANDS,
            menu: ("what to do with the embedded files", "Save or copy"),
        };
        let run = RunButton {
            runs: self.embedded.is_shown_in_status(),
            stop_help: "Stop the search; what was found stays listed",
            title: if self.listed.is_some() { "Search again" } else { "Search" },
            command: Command::SearchEmbedded,
            can_run: true,
        };
        let words = |ui: &mut Ui, _: &mut Vec<Action>| show_words(ui, |theme| self.head_words(theme));
        head.show(ui, self.session, actions, |ui, actions| run.show(ui, actions), words);
    }

    /// How many there are, and how far the search is.
    fn head_words(&self, theme: &Theme) -> (String, Color32) {
        let Some(listed) = self.listed else { return (String::new(), theme.text_weak) };
        if let Some(reason) = listed.failure() {
            return (reason.to_owned(), theme.error);
        }
        let more = if listed.end() == Some(EmbeddedEnd::Cut) { "more than " } else { "" };
        let mut words = format!("{more}{}", describe::counted(listed.len(), "file", "files"));
        match listed.end() {
            None if listed.is_measuring() => words.push_str(", looking for the ends of compressed files…"),
            None => words.push_str(", searching…"),
            Some(EmbeddedEnd::Cancelled) => words.push_str(", stopped before the end"),
            Some(EmbeddedEnd::Complete | EmbeddedEnd::Cut) => {}
        }
        words_of_search(words, listed.unread(), listed.is_old(self.tab), theme)
    }

    fn list(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let count = self.listed.map_or(0, ListedFiles::len);
        let walked = WalkedList {
            id: list_id(),
            name: "embedded files",
            count,
            chosen: self.embedded.chosen(),
            many: Some(ManyRows::of(self.embedded.chosen_rows(), &[])),
        };
        let columns = [("Offset", OFFSET), ("Length", LENGTH), ("Kind", 0.0)];
        let columns = columns.map(|(title, width)| ListColumn::plain(title, width)).to_vec();
        let heads = ListHeads::new(ui, list_id(), columns).with_numbers(1);
        let line = |row| self.listed.and_then(|listed| listed.line(row, self.tab));
        let words = |row| line(row).map_or_else(String::new, |line| line_words(&line));
        let mut menu = Vec::new();
        let head = |ui: &mut Ui| {
            heads.show(ui);
            if count == 0 {
                weak(ui, self.empty_words());
            }
        };
        let steps = walked.show(ui, Stop::Embedded, words, head, |ui, row, response| {
            if let Some(line) = line(row) {
                draw_row(ui, &heads, (row, &line), &mut menu);
            }
            response.context_menu(|ui| command_groups(ui, self.session, ROW_COMMANDS, &mut menu));
        });
        actions.extend(steps.into_iter().filter_map(|step| match step {
            Step::Choose(row) => Some(Action::Embedded(EmbeddedAction::Show(row))),
            Step::Extend(row) => Some(Action::Embedded(EmbeddedAction::Extend(row))),
            Step::All => Some(Action::Embedded(EmbeddedAction::ChooseAll)),
            Step::Leave => Some(Action::Pane(PaneAction::Focus(self.tab.focus()))),
            Step::Copy => Some(Action::Run(Command::CopyEmbedded)),
            Step::Remove(_) | Step::Letter(_) => None,
        }));
        actions.append(&mut menu);
    }

    /// Why the list is empty.
    fn empty_words(&self) -> &'static str {
        match self.listed {
            Some(listed) if listed.end().is_none() => "Searching…",
            Some(listed) if listed.failure().is_some() => "",
            Some(_) => "No file of a known kind begins anywhere in this file.",
            None => "This is a large file. Press Search to list the files inside it.",
        }
    }
}

fn draw_row(ui: &mut Ui, heads: &ListHeads, (row, line): (u64, &EmbeddedLine), actions: &mut Vec<Action>) {
    heads.cell(ui, 0, |ui| drop(data_text(ui, &line.offset)));
    heads.number(ui, 1, |ui| match line.length {
        Some(length) => drop(data_text(ui, &describe::grouped(length)).on_hover_text(describe::size(length))),
        None if line.why.is_empty() => weak_text(ui, "…"),
        None => {
            let words = format!("Length not known: {}", line.why);
            weak(ui, "not known").on_hover_text(words);
        }
    });
    heads.cell(ui, 2, |ui| {
        let room = (ui.max_rect().width() - SAVE).min(KIND);
        cell(ui, 0.0, room, |ui| {
            ui.add(Label::new(line.kind).selectable(false).truncate());
            if !line.is_there {
                weak_text(ui, "edited since");
            }
        });
        cell(ui, room, SAVE, |ui| {
            let can_save = line.is_there && line.length.is_some();
            if can_save && sign(ui, "Save…", "Save this file as a file of its own", Sense::CLICK).clicked()
            {
                actions.push(Action::Embedded(EmbeddedAction::Show(row)));
                actions.push(Action::Run(Command::SaveEmbedded));
            }
        });
    });
}

/// What a screen reader says of a file.
fn line_words(line: &EmbeddedLine) -> String {
    let unknown = || match &*line.why {
        "" => String::from("length not yet known"),
        why => format!("length not known: {why}"),
    };
    let length = line.length.map_or_else(unknown, describe::bytes);
    let edited = if line.is_there { "" } else { ", edited since" };
    format!("{}, at {}, {length}{edited}", line.kind, line.offset)
}
