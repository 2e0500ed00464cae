//! The list of strings under the file: offset, length, encoding and text. A click or the arrow keys go there, and the file
//! follows. Only the rows in sight are made, so that millions of strings cost no more than ten.

use super::panel_head::{
    CommandGroups, PanelHead, RunButton, choice_button, choice_lines, choice_of, command_groups, push_chosen,
    show_words, words_of_search,
};
use super::side_panel::SidePanel;
use crate::analysis::search::End;
use crate::decode::Encoding;
use crate::session::strings::{AskedStrings, ListedStrings, StringKey, StringLine, StringsState};
use crate::session::{Action, Command, PaneAction, STRINGS, Session, StringsAction, Tab, describe};
use crate::ui::focus_ring::Stop;
use crate::ui::list_heads::{ListColumn, ListHeads, Sorted, data_text, weak_text};
use crate::ui::list_navigation::{ManyRows, Step, WalkedList};
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::{data_field, named, plain_field, small_text, weak};
use egui::{Color32, Id, Key, TextEdit, Ui};

/// Points of the panel until the user says otherwise.
const HEIGHT: f32 = 248.0;
/// Points of the columns until the user says otherwise.
const OFFSET: f32 = 140.0;
const LENGTH: f32 = 80.0;
const ENCODING: f32 = 168.0;
/// Points of the fields.
const LEAST: f32 = 44.0;
const FILTER: f32 = 360.0;
/// The width of the list of encodings.
const CHOICE_WIDTH: f32 = 300.0;
/// Characters of the encodings on the button that chooses them.
const MOST_ENCODINGS: usize = 24;
/// The keys that sort by offset, by length and by text.
const SORT_KEYS: [Key; 3] = [Key::O, Key::L, Key::T];

/// What can be done with the rows.
const ROW_COMMANDS: CommandGroups = &[
    &[Command::CopyStrings],
    &[Command::ExportStringsText, Command::ExportStringsCsv, Command::ExportStringsJson],
    &[Command::SortStringsByOffset, Command::SortStringsByLength, Command::SortStringsByText],
];

/// The list that the keys go to.
pub fn list_id() -> Id {
    Id::unique("list of strings")
}

/// Draws the list of strings; nothing when it is hidden.
pub fn panel(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    if !session.shows_panel(STRINGS) {
        return;
    }
    let Some(tab) = session.tab() else { return };
    let panel = SidePanel::bottom(STRINGS, HEIGHT, Stop::Strings);
    panel.show(ui, session, actions, |ui, actions| {
        let strings = &session.features().strings;
        let view = StringsView { session, tab, strings, listed: strings.listed(tab) };
        view.head(ui, actions);
        view.fields(ui, actions);
        ui.add_space(theme::UNIT);
        view.list(ui, actions);
    });
}

/// What is drawn.
struct StringsView<'a> {
    session: &'a Session,
    tab: &'a Tab,
    strings: &'a StringsState,
    listed: Option<&'a ListedStrings>,
}

impl StringsView<'_> {
    fn head(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let head = PanelHead {
            title: "Strings",
            close: (Action::Run(Command::ToggleStrings), "Close the strings"),
            commands: ROW_COMMANDS,
            menu: ("what to do with the strings", "Copy, export or sort"),
        };
        let run = RunButton {
            runs: self.strings.is_shown_in_status(),
            stop_help: "Stop the search; what was found stays listed",
            title: if self.listed.is_some() { "Search again" } else { "Search" },
            command: Command::SearchStrings,
            can_run: true,
        };
        let part = |ui: &mut Ui, actions: &mut Vec<Action>| {
            let asked = self.strings.asked();
            let choices = [
                (false, "File", "Search the whole file"),
                (true, "Selection", "Search the bytes that are selected now"),
            ];
            if let Some(in_selection) = choice_of(ui, &asked.in_selection, choices) {
                let asked = AskedStrings { in_selection, ..asked.clone() };
                actions.push(Action::Strings(StringsAction::Ask(asked)));
            }
            show_words(ui, |theme| self.head_words(theme));
        };
        head.show(ui, self.session, actions, |ui, actions| run.show(ui, actions), part);
    }

    /// How many there are, and how far the search is.
    fn head_words(&self, theme: &Theme) -> (String, Color32) {
        let Some(listed) = self.listed else {
            let words = if self.strings.is_searching() { "searching…" } else { "" };
            return (words.to_owned(), theme.text_weak);
        };
        let more = if listed.end() == Some(End::Cut) { "more than " } else { "" };
        let mut words = format!("{more}{}", describe::counted(listed.len(), "string", "strings"));
        match listed.end() {
            None => words.push_str(", searching…"),
            Some(End::Cancelled) => words.push_str(", stopped before the end"),
            Some(End::Complete | End::Cut) => {}
        }
        push_chosen(self.strings.chosen_rows(), &mut words);
        words_of_search(words, listed.unread(), listed.is_old(self.tab), theme)
    }

    /// What is searched for.
    fn fields(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let mut asked = self.strings.asked().clone();
        ui.horizontal(|ui| {
            weak(ui, "At least");
            let least = ui.add(data_field(&mut asked.least, LEAST));
            named(&least, "least number of characters");
            weak(ui, "characters in");
            let title = describe::cut(&encodings_words(&asked.encodings), MOST_ENCODINGS).into_owned();
            let button = choice_button(ui, &title, |ui| choice(ui, &mut asked));
            named(&button, "encodings of the strings");
            button.on_hover_text(encodings_words(&self.strings.asked().encodings));
            let width = (ui.available_width() * 0.6).min(FILTER);
            let field =
                TextEdit::hint_text(plain_field(&mut asked.containing), "Only strings with this text");
            named(&ui.add(field.desired_width(width)), "filter the strings");
            if let Err(reason) = self.strings.asked().query() {
                let color = Theme::of(ui.ctx()).error;
                small_text(ui, reason, color);
            }
        });
        if asked != *self.strings.asked() {
            actions.push(Action::Strings(StringsAction::Ask(asked)));
        }
    }

    fn list(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let count = self.listed.map_or(0, ListedStrings::len);
        let walked = WalkedList {
            id: list_id(),
            name: "strings",
            count,
            chosen: self.strings.chosen(),
            many: Some(ManyRows::of(self.strings.chosen_rows(), &SORT_KEYS)),
        };
        let has_encodings = self.listed.is_some_and(ListedStrings::has_encodings);
        let heads = ListHeads::new(ui, list_id(), self.columns(has_encodings)).with_numbers(1);
        let line = |row| self.strings.line(row, self.tab);
        let words = |row| line(row).map_or_else(String::new, |line| line_words(&line, has_encodings));
        let (mut clicked, mut menu) = (None, Vec::new());
        let head = |ui: &mut Ui| {
            clicked = heads.show(ui);
            if count == 0 {
                weak(ui, self.empty_words());
            }
        };
        let steps = walked.show(ui, Stop::Strings, words, head, |ui, row, response| {
            if let Some(line) = line(row) {
                draw_row(ui, &heads, &line, has_encodings);
            }
            response.context_menu(|ui| command_groups(ui, self.session, ROW_COMMANDS, &mut menu));
        });
        if clicked.is_some() {
            ui.memory_mut(|memory| memory.request_focus(list_id()));
        }
        let last = if has_encodings { 3 } else { 2 };
        let sort = |by| Action::Strings(StringsAction::Sort(by));
        actions.extend(match clicked {
            Some(0) => Some(sort(StringKey::Offset)),
            Some(1) => Some(sort(StringKey::Length)),
            Some(at) if at == last => Some(sort(StringKey::Text)),
            _ => None,
        });
        actions.extend(steps.into_iter().filter_map(|step| match step {
            Step::Choose(row) => Some(Action::Strings(StringsAction::Show(row))),
            Step::Extend(row) => Some(Action::Strings(StringsAction::Extend(row))),
            Step::All => Some(Action::Strings(StringsAction::ChooseAll)),
            Step::Leave => Some(Action::Pane(PaneAction::Focus(self.tab.focus()))),
            Step::Copy => Some(Action::Run(Command::CopyStrings)),
            Step::Letter(key) if key == SORT_KEYS[0] => Some(sort(StringKey::Offset)),
            Step::Letter(key) if key == SORT_KEYS[1] => Some(sort(StringKey::Length)),
            Step::Letter(_) => Some(sort(StringKey::Text)),
            Step::Remove(_) => None,
        }));
        actions.append(&mut menu);
    }

    fn columns(&self, has_encodings: bool) -> Vec<ListColumn> {
        let (order, is_late) = self.strings.order();
        let column = |title, width, help, by| ListColumn {
            title,
            width,
            help: Some(help),
            sorted: (order.by == by && !is_late).then(|| Sorted::of(order.descending)),
        };
        let mut columns = vec![
            column("Offset", OFFSET, "Sort by offset (O)", StringKey::Offset),
            column("Length", LENGTH, "Sort by length (L)", StringKey::Length),
        ];
        if has_encodings {
            columns.push(ListColumn::plain("Encoding", ENCODING));
        }
        columns.push(column("Text", 0.0, "Sort by text (T)", StringKey::Text));
        columns
    }

    /// Why the list is empty.
    fn empty_words(&self) -> &'static str {
        match self.listed {
            _ if self.strings.asked().query().is_err() => "",
            _ if self.strings.wants_selection(self.tab) => "Select the bytes to search, then press Search.",
            _ if self.strings.is_searching() => "Searching…",
            Some(_) if self.strings.asked().containing.is_empty() => "There are no strings of this length.",
            Some(_) => "No string has this text.",
            None => "This is a large file. Press Search to list its strings.",
        }
    }
}

fn draw_row(ui: &mut Ui, heads: &ListHeads, line: &StringLine, has_encodings: bool) {
    heads.cell(ui, 0, |ui| drop(data_text(ui, &line.offset)));
    heads.number(ui, 1, |ui| drop(data_text(ui, &line.length)));
    if has_encodings {
        heads.cell(ui, 2, |ui| weak_text(ui, line.encoding));
    }
    heads.cell(ui, if has_encodings { 3 } else { 2 }, |ui| {
        if line.is_there {
            data_text(ui, &line.text);
        } else {
            weak_text(ui, "edited since");
        }
    });
}

/// What a screen reader says of a string.
fn line_words(line: &StringLine, has_encodings: bool) -> String {
    let text = if line.is_there { line.text.as_str() } else { "edited since" };
    let encoding = if has_encodings { format!(", {}", line.encoding) } else { String::new() };
    format!("{text}, at {}, {} bytes{encoding}", line.offset, line.length)
}

/// `UTF-8`, `UTF-8 and 2 more`.
fn encodings_words(encodings: &[Encoding]) -> String {
    match encodings {
        [] => String::from("no encoding"),
        [one] => one.label().to_owned(),
        [first, rest @ ..] => format!("{} and {} more", first.label(), rest.len()),
    }
}

/// The list of all encodings, each to be searched or not.
fn choice(ui: &mut Ui, asked: &mut AskedStrings) {
    ui.set_min_width(CHOICE_WIDTH);
    let lines = |ui: &mut Ui| {
        for encoding in Encoding::ALL {
            let mut is_on = asked.encodings.contains(encoding);
            if ui.checkbox(&mut is_on, encoding.label()).changed() {
                *asked = asked.with_encoding(*encoding, is_on);
            }
        }
    };
    choice_lines(ui, CHOICE_WIDTH, lines);
}
