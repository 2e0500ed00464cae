//! The list of all matches under the file: offset, element, value, and the bytes around each. A click or the arrow keys go
//! there, and the file follows. Only the rows in sight are made, so that fifty million matches cost no more than ten.

use super::panel_head::{CommandGroups, PanelHead, command_groups, push_chosen, show_words};
use super::side_panel::SidePanel;
use crate::analysis::search::End;
use crate::session::find::{FindState, Hits, MATCHES, MatchContext, MatchLine, MatchList, OrderKey};
use crate::session::{Action, Command, FindAction, PaneAction, Session, describe};
use crate::ui::focus_ring::Stop;
use crate::ui::list_heads::{ListColumn, ListHeads, Sorted, data_text, weak_text};
use crate::ui::list_navigation::{ManyRows, Step, WalkedList};
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::{fit_middle, weak};
use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, Id, Key, Label, RichText, Ui};

const HEIGHT: f32 = 200.0;
/// Points of the columns until the user says otherwise.
const OFFSET: f32 = 140.0;
const ELEMENT: f32 = 300.0;
const VALUE: f32 = 200.0;
/// Characters of the question in the head.
const MOST_QUESTION: usize = 48;
/// The key that sorts by offset, and the one that sorts by value.
const SORT_KEYS: [Key; 2] = [Key::O, Key::V];

/// What can be done with the rows.
const ROW_COMMANDS: CommandGroups = &[
    &[Command::CopyMatches, Command::SelectMatches],
    &[Command::ReplaceMatches, Command::ReplaceAllMatches],
    &[Command::ExportMatchesCsv, Command::ExportMatchesJson],
    &[Command::SortMatchesByOffset, Command::SortMatchesByValue],
];

/// The list that the keys go to.
pub fn list_id() -> Id {
    Id::unique("list of matches")
}

/// Draws the list of matches; nothing when nothing was searched for.
pub fn panel(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let Some(tab) = session.tab() else { return };
    let finding = session.finding();
    let Some(hits) = finding.matches.shown(tab) else { return };
    let panel = SidePanel { most: 0.5, ..SidePanel::bottom(MATCHES, HEIGHT, Stop::Matches) };
    panel.show(ui, session, actions, |ui, actions| {
        let previews = finding.open && finding.replacing;
        head(ui, session, hits, previews, actions);
        let heads = ListHeads::new(ui, list_id(), columns(finding, hits, previews));
        let rows = Rows { session, hits, list: &finding.matches, heads: &heads, previews };
        rows.show(ui, tab, actions);
    });
}

/// The list, and what of it is drawn.
struct Rows<'a> {
    session: &'a Session,
    hits: &'a Hits,
    list: &'a MatchList,
    heads: &'a ListHeads,
    /// Whether it is shown what the matches would become.
    previews: bool,
}

impl Rows<'_> {
    fn show(&self, ui: &mut Ui, tab: &crate::session::Tab, actions: &mut Vec<Action>) {
        let line = |row| self.hits.line(self.list.number_of_row(row)?, tab);
        let walked = WalkedList {
            id: list_id(),
            name: "matches",
            count: self.list.len(),
            chosen: self.list.chosen(),
            many: Some(ManyRows::of(self.list.chosen_rows(), &SORT_KEYS)),
        };
        let words = |row| line(row).map_or_else(String::new, |line| self.line_words(row, &line));
        let mut clicked = None;
        let heads = |ui: &mut Ui| {
            if self.list.is_empty() {
                weak(ui, if self.hits.end.is_none() { "Searching…" } else { "Not found." });
            } else {
                clicked = self.heads.show(ui);
            }
        };
        let mut menu = Vec::new();
        let steps = walked.show(ui, Stop::Matches, words, heads, |ui, row, response| {
            if let Some(line) = line(row) {
                self.row(ui, row, &line);
            }
            response.context_menu(|ui| command_groups(ui, self.session, ROW_COMMANDS, &mut menu));
        });
        if clicked.is_some() {
            ui.memory_mut(|memory| memory.request_focus(list_id()));
        }
        let sort = |by| Action::Find(FindAction::SortMatches(by));
        actions.extend(match clicked {
            Some(0) => Some(sort(OrderKey::Offset)),
            Some(2) => Some(sort(OrderKey::Value)),
            _ => None,
        });
        actions.extend(steps.into_iter().filter_map(|step| match step {
            Step::Choose(row) => Some(Action::Find(FindAction::ShowMatch(row))),
            Step::Extend(row) => Some(Action::Find(FindAction::ExtendMatches(row))),
            Step::All => Some(Action::Find(FindAction::ChooseAllMatches)),
            Step::Leave => Some(Action::Pane(PaneAction::Focus(tab.focus()))),
            Step::Copy => Some(Action::Run(Command::CopyMatches)),
            Step::Letter(key) if key == SORT_KEYS[0] => Some(sort(OrderKey::Offset)),
            Step::Letter(_) => Some(sort(OrderKey::Value)),
            Step::Remove(_) => None,
        }));
        actions.append(&mut menu);
    }

    /// What the match in a row would become, while a replacement is typed.
    fn preview(&self, row: u64) -> Option<Result<String, String>> {
        let number = self.list.number_of_row(row).filter(|_| self.previews)?;
        Some(self.session.finding().preview(self.hits, number))
    }

    fn row(&self, ui: &mut Ui, row: u64, line: &MatchLine) {
        let is_there = line.span.is_some();
        self.heads.cell(ui, 0, |ui| drop(data_text(ui, &line.offset)));
        self.heads.cell(ui, 1, |ui| {
            // The index at the end matters as much as the name.
            let name = fit_middle(ui, &line.element, &theme::mono(), ui.available_width());
            let response = data_text(ui, &name);
            if name != line.element {
                response.on_hover_text(&line.element);
            }
        });
        self.heads.cell(ui, 2, |ui| {
            if is_there {
                data_text(ui, &line.value);
            } else {
                weak_text(ui, line.instead);
            }
        });
        let mut at = 3;
        if let Some(preview) = self.preview(row) {
            self.heads.cell(ui, at, |ui| new_value(ui, &preview, is_there));
            at += 1;
        }
        if is_there {
            self.heads.cell(ui, at, |ui| context(ui, &line.context));
        }
    }

    /// What a screen reader says of a match.
    fn line_words(&self, row: u64, line: &MatchLine) -> String {
        let value = if line.span.is_some() { line.value.as_str() } else { line.instead };
        let new = self.preview(row).and_then(Result::ok);
        let new = new.map_or_else(String::new, |new| format!("becomes {new}"));
        let parts = [&line.offset, &line.element, value, &new];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<&str>>().join(", ")
    }
}

fn columns(finding: &FindState, hits: &Hits, replaces: bool) -> Vec<ListColumn> {
    let (order, is_late) = finding.matches.order();
    let sorted = |by| (order.by == by && !is_late).then(|| Sorted::of(order.descending));
    let column = ListColumn::plain;
    let mut columns = vec![
        ListColumn {
            help: Some("Sort by offset (O)"),
            sorted: sorted(OrderKey::Offset),
            ..column("Offset", OFFSET)
        },
        column(hits.element_title(), ELEMENT),
        ListColumn {
            help: Some("Sort by value (V)"),
            sorted: sorted(OrderKey::Value),
            ..column(hits.value_title(), VALUE)
        },
    ];
    columns.extend(replaces.then(|| column("Becomes", VALUE)));
    columns.push(column("Context", 0.0));
    columns
}

fn head(ui: &mut Ui, session: &Session, hits: &Hits, replaces: bool, actions: &mut Vec<Action>) {
    let list = &session.finding().matches;
    let head = PanelHead {
        title: "Matches",
        close: (Action::Find(FindAction::CloseMatches), Command::CloseMatches.spec().help),
        commands: ROW_COMMANDS,
        menu: ("what to do with the matches", "Copy, export, select or replace"),
    };
    let buttons = |ui: &mut Ui, actions: &mut Vec<Action>| {
        if replaces {
            replace_buttons(ui, session, actions);
        }
    };
    let words = |ui: &mut Ui, _: &mut Vec<Action>| {
        show_words(ui, |theme| (head_words(list, hits), theme.text_weak));
    };
    head.show(ui, session, actions, buttons, words);
}

/// How many there are of what, and how far the search is.
fn head_words(list: &MatchList, hits: &Hits) -> String {
    let more = if hits.end == Some(End::Cut) { "more than " } else { "" };
    let question = describe::cut(hits.query.text.trim(), MOST_QUESTION);
    let mut words = format!("{more}{} of {question}", describe::grouped(list.len()));
    match hits.end {
        None => words.push_str(", searching…"),
        Some(End::Cancelled) => words.push_str(", stopped before the end"),
        Some(End::Complete | End::Cut) => {}
    }
    push_chosen(list.chosen_rows(), &mut words);
    words
}

fn replace_buttons(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let list = &session.finding().matches;
    let chosen = list.chosen_rows().map_or(0, |rows| rows.end() - rows.start() + 1);
    let all = format!("Replace all {}", describe::grouped(list.len()));
    let some = match chosen {
        0 | 1 => String::from("Replace the row"),
        many => format!("Replace {} rows", describe::grouped(many)),
    };
    for (command, title) in [(Command::ReplaceAllMatches, all), (Command::ReplaceMatches, some)] {
        let is_ready =
            command.spec().enabled(session) && (command == Command::ReplaceAllMatches || chosen > 0);
        let button = ui.add_enabled(is_ready, egui::Button::new(title));
        if button.on_hover_text(command.spec().help).clicked() {
            actions.push(Action::Run(command));
        }
    }
}

/// What a match would become.
fn new_value(ui: &mut Ui, preview: &Result<String, String>, is_there: bool) {
    let theme = Theme::of(ui.ctx());
    let (text, color) = match preview {
        _ if !is_there => ("stays as it is", theme.text_weak),
        Ok(text) => (text.as_str(), theme.data.changed),
        Err(_) => ("no value", theme.error),
    };
    ui.add(Label::new(RichText::new(text).font(theme::mono()).color(color)).selectable(false).truncate());
}

/// The bytes around a match as hex and as characters, those of the match in another colour.
fn context(ui: &mut Ui, context: &MatchContext) {
    let theme = Theme::of(ui.ctx());
    let colors = [theme.text_weak, theme.text_strong, theme.text_weak];
    let mut job = LayoutJob::default();
    let mut push = |text: &str, color: Color32| {
        job.append(text, 0.0, TextFormat { font_id: theme::mono(), color, ..TextFormat::default() });
    };
    let parts = match context {
        MatchContext::Bytes(parts) => parts,
        MatchContext::Values(texts) => {
            for (text, color) in texts.iter().zip(colors).filter(|(text, _)| !text.is_empty()) {
                push(text, color);
                push("  ", color);
            }
            ui.add(Label::new(job).selectable(false).truncate());
            return;
        }
    };
    for (bytes, color) in parts.iter().zip(colors) {
        let hex: Vec<String> =
            bytes.iter().map(|byte| byte.map_or("??".to_owned(), |byte| format!("{byte:02x}"))).collect();
        push(&hex.join(" "), color);
        push(if hex.is_empty() { "" } else { "  " }, color);
    }
    push("  ", theme.text_weak);
    for (bytes, color) in parts.iter().zip(colors) {
        let text: String = bytes.iter().map(|byte| character(*byte)).collect();
        push(&text, color);
    }
    ui.add(Label::new(job).selectable(false).truncate());
}

fn character(byte: Option<u8>) -> char {
    match byte {
        Some(byte @ 0x20..0x7f) => char::from(byte),
        _ => '·',
    }
}
