//! The panel of the hashes: a row for each algorithm with its value, a field for a value to compare with, and the choice
//! of bytes and algorithms.

use super::panel_head::{
    CommandGroups, PanelHead, RunButton, choice_button, choice_lines, choice_of, command_groups, show_words,
};
use super::side_panel::SidePanel;
use crate::analysis::hashes::{ALGORITHMS, HashAlgorithm, HashValue};
use crate::session::hashes::{HashVerdict, HashedPart, Hashes, TabHashes};
use crate::session::{Action, Command, HASHES, HashAction, PaneAction, Session, Tab, describe};
use crate::ui::focus_ring::Stop;
use crate::ui::list_heads::{ListColumn, ListHeads};
use crate::ui::list_navigation::{ManyRows, Step, WalkedList};
use crate::ui::long_list::cell;
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::{data_field, named, plain_field, sign, weak};
use egui::{Color32, Id, Key, Label, RichText, Sense, Ui};

/// Points of the panel and of its first column until the user says otherwise.
const HEIGHT: f32 = 248.0;
const NAME: f32 = 168.0;
/// Points of the button that copies, and between it and the values.
const COPY: f32 = 56.0;
const GAP: f32 = 16.0;
/// The widest field for a value to compare with: SHA-512 and a little more.
const MOST_FIELD: f32 = 760.0;
/// The part of the row that the field takes.
const FIELD_PART: f32 = 0.55;
/// The width of the list of algorithms.
const CHOICE_WIDTH: f32 = 240.0;
/// What is shown where there is no value yet.
const NO_VALUE: &str = "…";

/// What can be done with a row.
const ROW_COMMANDS: CommandGroups = &[
    &[Command::CopyHash, Command::CopyHashes],
    &[Command::WriteHash, Command::WriteHashReversed, Command::WriteHashText],
];

/// What the panel keeps.
#[derive(Debug, Default)]
pub struct HashesState {
    /// What the algorithms are filtered by.
    filter: String,
}

/// The list that the keys go to.
pub fn list_id() -> Id {
    Id::unique("list of hashes")
}

fn field_id() -> Id {
    Id::unique("hash to compare with")
}

/// Draws the panel of the hashes; nothing when it is hidden.
pub fn panel(ui: &mut Ui, session: &Session, state: &mut HashesState, actions: &mut Vec<Action>) {
    if !session.shows_panel(HASHES) {
        return;
    }
    let Some(tab) = session.tab() else { return };
    let panel = SidePanel::bottom(HASHES, HEIGHT, Stop::Hashes);
    panel.show(ui, session, actions, |ui, actions| {
        let hashes = &session.features().hashes;
        let view = PanelView {
            session,
            tab,
            hashes,
            known: hashes.of(tab.id),
            verdict: hashes.verdict(tab, session.settings()),
        };
        view.head(ui, state, actions);
        view.compare(ui, actions);
        ui.add_space(theme::UNIT);
        view.list(ui, actions);
    });
}

/// What is drawn.
struct PanelView<'a> {
    session: &'a Session,
    tab: &'a Tab,
    hashes: &'a Hashes,
    known: Option<&'a TabHashes>,
    verdict: Option<HashVerdict>,
}

impl PanelView<'_> {
    fn head(&self, ui: &mut Ui, state: &mut HashesState, actions: &mut Vec<Action>) {
        let head = PanelHead {
            title: "Hashes",
            close: (Action::Run(Command::ToggleHashes), "Close the hashes"),
            commands: ROW_COMMANDS,
            menu: ("what to do with the values", "Copy, or write at the caret"),
        };
        let has_values = self.known.is_some_and(|known| !known.values().is_empty());
        let run = RunButton {
            runs: self.hashes.progress(self.tab.id).is_some() && !self.session.activities().is_empty(),
            stop_help: "Stop the calculation",
            title: if has_values { "Recalculate" } else { "Calculate" },
            command: Command::ComputeHashes,
            can_run: self.known.is_some_and(|known| known.span().is_some()),
        };
        let buttons = |ui: &mut Ui, actions: &mut Vec<Action>| {
            choice_button(ui, "Algorithms", |ui| choice(ui, self.session, state, actions))
                .on_hover_text("Which algorithms are calculated");
            run.show(ui, actions);
        };
        let part = |ui: &mut Ui, actions: &mut Vec<Action>| {
            let choices = [
                (HashedPart::File, "File", "Hash the whole file"),
                (HashedPart::Selection, "Selection", "Hash the selected bytes"),
            ];
            let clicked = choice_of(ui, &self.hashes.part(), choices);
            actions.extend(clicked.map(|part| Action::Hash(HashAction::Part(part))));
            show_words(ui, |theme| self.head_words(theme));
        };
        head.show(ui, self.session, actions, buttons, part);
    }

    /// Which bytes they are, and how far the work is.
    fn head_words(&self, theme: &Theme) -> (String, Color32) {
        let Some(known) = self.known else { return (String::new(), theme.text_weak) };
        let Some(span) = known.span() else {
            return (String::from("Select the bytes to hash."), theme.text_weak);
        };
        let bytes = match self.hashes.part() {
            HashedPart::File => describe::bytes(span.len()),
            HashedPart::Selection => {
                let place = describe::hex(span.start().wrapping_add(self.tab.hex().format.base));
                format!("{} at {place}", describe::bytes(span.len()))
            }
        };
        if let Some(reason) = known.failure() {
            return (reason.to_owned(), theme.error);
        }
        let is_old = !known.is_current() && !known.values().is_empty();
        match self.hashes.progress(self.tab.id) {
            Some(part) => (format!("{bytes}, calculating… {:.0} %", part * 100.0), theme.text_weak),
            None if is_old => (format!("{bytes}. The values are old: they are of other bytes."), theme.warn),
            None => (bytes, theme.text_weak),
        }
    }

    /// The field for a value that the user has, and what the comparison has come to.
    fn compare(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
        ui.horizontal(|ui| {
            weak(ui, "Compare with");
            let width = (ui.available_width() * FIELD_PART).min(MOST_FIELD);
            let mut text = self.hashes.compared().to_owned();
            let hint = "Paste a published value or a line of sha256sum";
            let field = ui.add(data_field(&mut text, width).id(field_id()).hint_text(hint));
            named(&field, "value to compare with");
            if field.changed() {
                actions.push(Action::Hash(HashAction::Compare(text.clone())));
            }
            if field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
                actions.push(Action::Hash(HashAction::SayVerdict));
                field.request_focus();
            }
            if text.trim().is_empty() {
                return;
            }
            let theme = Theme::of(ui.ctx());
            let Some(verdict) = &self.verdict else {
                weak(ui, "Not compared yet.");
                return;
            };
            let color = if verdict.matches.is_some() { theme.good } else { theme.error };
            let sign = if verdict.matches.is_some() { "✓ " } else { "" };
            let words = RichText::new(format!("{sign}{}", verdict.words)).font(theme::body()).color(color);
            if verdict.more > 0 {
                let title = format!("Try {} more", verdict.more);
                let help = "Also calculate the algorithms whose values have as many digits";
                if ui.button(title).on_hover_text(help).clicked() {
                    actions.push(Action::Hash(HashAction::AddAsLong));
                }
            }
            ui.add(Label::new(words).truncate());
        });
    }

    fn list(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let algorithms = self.session.chosen_hashes();
        let count = algorithms.len() as u64;
        let chosen = self.hashes.chosen().filter(|_| count > 0).map(|row| row.min(count - 1));
        let walked = WalkedList {
            id: list_id(),
            name: "hashes",
            count,
            chosen,
            many: Some(ManyRows { chosen: chosen.map(|row| (row, row)), letters: &[] }),
        };
        let columns = vec![ListColumn::plain("Algorithm", NAME), ListColumn::plain("Value", 0.0)];
        let heads = ListHeads::new(ui, list_id(), columns);
        let algorithm = |row: u64| usize::try_from(row).ok().and_then(|row| algorithms.get(row)).copied();
        let words = |row| algorithm(row).map_or_else(String::new, |algorithm| self.row_words(algorithm));
        let head = |ui: &mut Ui| {
            heads.show(ui);
            if count == 0 {
                weak(ui, "No algorithm is chosen. Choose some under Algorithms.");
            }
        };
        let mut menu = Vec::new();
        let steps = walked.show(ui, Stop::Hashes, words, head, |ui, row, response| {
            if let Some(algorithm) = algorithm(row) {
                self.row(ui, &heads, (row, algorithm), &mut menu);
            }
            response.context_menu(|ui| command_groups(ui, self.session, ROW_COMMANDS, &mut menu));
        });
        actions.extend(steps.into_iter().filter_map(|step| match step {
            Step::Choose(row) | Step::Extend(row) => Some(Action::Hash(HashAction::Choose(row))),
            Step::Leave => Some(Action::Pane(PaneAction::Focus(self.tab.focus()))),
            Step::Copy => Some(Action::Run(Command::CopyHash)),
            Step::All | Step::Remove(_) | Step::Letter(_) => None,
        }));
        actions.append(&mut menu);
    }

    fn row(
        &self,
        ui: &mut Ui,
        heads: &ListHeads,
        (row, algorithm): (u64, &'static HashAlgorithm),
        actions: &mut Vec<Action>,
    ) {
        let theme = Theme::of(ui.ctx());
        let is_same = self.matches(algorithm);
        let name_color = if is_same { theme.good } else { theme.text };
        heads.cell(ui, 0, |ui| {
            let sign = if is_same { "✓ " } else { "" };
            let text = RichText::new(format!("{sign}{}", algorithm.name)).color(name_color);
            ui.add(Label::new(text).selectable(false).truncate());
        });
        let value = self.value(algorithm).map(HashValue::hex);
        let is_current = self.known.is_some_and(TabHashes::is_current);
        let color = match (is_same, is_current && value.is_some()) {
            (true, _) => theme.good,
            (false, true) => theme.text_strong,
            (false, false) => theme.text_weak,
        };
        heads.cell(ui, 1, |ui| {
            // Beside the longest value, not at the far edge of a wide window.
            let wide = ui.max_rect().width() - COPY;
            let room = wide.min(self.longest(ui) + GAP);
            cell(ui, 0.0, room, |ui| {
                let text = value.as_deref().unwrap_or(NO_VALUE);
                let text = RichText::new(text).font(theme::mono()).color(color);
                ui.add(Label::new(text).selectable(false).truncate());
            });
            cell(ui, room, COPY, |ui| {
                let can_copy = is_current && value.is_some();
                if can_copy && sign(ui, "Copy", "Copy this value", Sense::CLICK).clicked() {
                    actions.push(Action::Hash(HashAction::Choose(row)));
                    actions.push(Action::Run(Command::CopyHash));
                }
            });
        });
    }

    /// Points of the longest value of the chosen algorithms.
    fn longest(&self, ui: &Ui) -> f32 {
        let digits = self.session.chosen_hashes().iter().map(|algorithm| algorithm.len * 2).max();
        let pitch = ui.fonts_mut(|fonts| fonts.glyph_width(&theme::mono(), '0'));
        digits.unwrap_or(0) as f32 * pitch
    }

    /// The value of an algorithm, current or not; none where no bytes are meant.
    fn value(&self, algorithm: &HashAlgorithm) -> Option<&HashValue> {
        self.known.filter(|known| known.span().is_some())?.value(algorithm)
    }

    fn matches(&self, algorithm: &HashAlgorithm) -> bool {
        self.verdict.as_ref().and_then(|verdict| verdict.matches).is_some_and(|other| other == algorithm)
    }

    /// What a screen reader says of a row.
    fn row_words(&self, algorithm: &HashAlgorithm) -> String {
        let is_current = self.known.is_some_and(TabHashes::is_current);
        let value = match self.value(algorithm) {
            Some(value) if is_current => value.hex(),
            Some(value) => format!("old value {}", value.hex()),
            None => String::from("not calculated yet"),
        };
        let same = if self.matches(algorithm) { ", matches" } else { "" };
        format!("{}, {value}{same}", algorithm.name)
    }
}

/// The list of all algorithms, each to be calculated or not.
fn choice(ui: &mut Ui, session: &Session, state: &mut HashesState, actions: &mut Vec<Action>) {
    ui.set_min_width(CHOICE_WIDTH);
    let field =
        ui.add(plain_field(&mut state.filter).hint_text("Filter the algorithms").desired_width(CHOICE_WIDTH));
    named(&field, "filter the algorithms");
    if ui.button("Choose the usual algorithms").clicked() {
        actions.push(Action::Hash(HashAction::UsualAlgorithms));
    }
    ui.separator();
    let chosen = session.chosen_hashes();
    let wanted = plain(&state.filter);
    let fits = |algorithm: &HashAlgorithm| {
        let mut names = std::iter::once(&algorithm.name).chain(algorithm.aliases);
        names.any(|name| plain(name).contains(&wanted))
    };
    let lines = |ui: &mut Ui| {
        let mut count = 0;
        for (number, algorithm) in ALGORITHMS.iter().enumerate().filter(|(_, algorithm)| fits(algorithm)) {
            let mut is_on = chosen.contains(&algorithm);
            let line = ui.checkbox(&mut is_on, algorithm.name);
            let others = algorithm.aliases.join(", ");
            let line = if others.is_empty() { line } else { line.on_hover_text(others) };
            if line.changed() {
                actions.push(Action::Hash(HashAction::Algorithm { number, is_on }));
            }
            count += 1;
        }
        if count == 0 {
            weak(ui, "No algorithm has this name.");
        }
    };
    choice_lines(ui, CHOICE_WIDTH, lines);
}

/// A name without what people write or leave out.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
