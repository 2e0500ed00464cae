//! Rows of statistics: one for each array of a container, or for each line along an axis. Letters sort, Enter opens.

use super::{list_id, short};
use crate::decode::Number;
use crate::escape::escaped;
use crate::session::statistics::{
    RowState, StatisticsAction, StatisticsColumn, StatisticsRowFacts, StatisticsTable, infinite,
};
use crate::session::{Action, Command, PaneAction, PaneKey, describe};
use crate::ui::focus_ring::Stop;
use crate::ui::list_heads::{ListColumn, ListHeads, Sorted};
use crate::ui::list_navigation::{ManyRows, Step, WalkedList};
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::fit_middle;
use egui::{Key, Label, RichText, Ui};

/// A column: its head, its points, its key, and what that does.
struct TableColumnFacts {
    column: StatisticsColumn,
    title: &'static str,
    width: f32,
    key: Key,
    help: &'static str,
}

const fn facts(
    column: StatisticsColumn,
    title: &'static str,
    width: f32,
    key: Key,
    help: &'static str,
) -> TableColumnFacts {
    TableColumnFacts { column, title, width, key, help }
}

/// The columns, and the letters that sort by them.
const COLUMNS: [TableColumnFacts; 10] = [
    facts(StatisticsColumn::Name, "Name", 300.0, Key::A, "Sort by name (A)"),
    facts(StatisticsColumn::Type, "Type", 84.0, Key::T, "Sort by type (T)"),
    facts(StatisticsColumn::Shape, "Shape", 116.0, Key::S, "Sort by size (S)"),
    facts(StatisticsColumn::Nan, "NaN", 76.0, Key::N, "Sort by NaN (N)"),
    facts(StatisticsColumn::Infinite, "Inf", 76.0, Key::I, "Sort by infinities (I)"),
    facts(StatisticsColumn::Zeros, "Zeros", 96.0, Key::Z, "Sort by zeros (Z)"),
    facts(StatisticsColumn::Least, "Min", 100.0, Key::L, "Sort by the least value (L)"),
    facts(StatisticsColumn::Greatest, "Max", 100.0, Key::G, "Sort by the greatest value (G)"),
    facts(StatisticsColumn::Mean, "Mean", 100.0, Key::M, "Sort by mean (M)"),
    facts(StatisticsColumn::Deviation, "Std", 100.0, Key::D, "Sort by standard deviation (D)"),
];

const KEYS: [Key; 10] = [Key::A, Key::T, Key::S, Key::N, Key::I, Key::Z, Key::L, Key::G, Key::M, Key::D];

/// A table on the screen.
pub(super) struct ShownTable<'a> {
    pub table: &'a StatisticsTable,
    /// What a screen reader calls it.
    pub name: &'static str,
    /// What the first column is called.
    pub first: &'static str,
    /// Whether each row has a type and a shape of its own.
    pub has_types: bool,
    /// The pane that Escape and an empty table lead to.
    pub pane: PaneKey,
}

impl ShownTable<'_> {
    /// The columns that are shown.
    fn columns(&self) -> impl Iterator<Item = &'static TableColumnFacts> {
        let is_own = |column| matches!(column, StatisticsColumn::Type | StatisticsColumn::Shape);
        COLUMNS.iter().filter(move |facts| self.has_types || !is_own(facts.column))
    }

    /// Draws the rows in the room that is left.
    pub fn show(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let order = self.table.order();
        let columns: Vec<ListColumn> = self
            .columns()
            .map(|facts| ListColumn {
                title: if facts.column == StatisticsColumn::Name { self.first } else { facts.title },
                width: facts.width,
                help: Some(facts.help),
                sorted: (order.by == Some(facts.column)).then(|| Sorted::of(order.descending)),
            })
            .collect();
        let numbers = self.columns().position(|facts| facts.column == StatisticsColumn::Shape).unwrap_or(1);
        let heads = ListHeads::around(ui, list_id(), columns, 0).right_from(numbers);
        let walked = WalkedList {
            id: list_id(),
            name: self.name,
            count: self.table.len(),
            chosen: self.table.chosen(),
            many: Some(ManyRows { chosen: None, letters: &KEYS }),
        };
        let words = |place| self.table.row_at(place).map_or_else(String::new, |row| self.words(row));
        let mut clicked = None;
        let draw_heads = |ui: &mut Ui| clicked = heads.show(ui);
        let steps = walked.show(ui, Stop::Statistics, words, draw_heads, |ui, place, response| {
            if let Some(row) = self.table.row_at(place) {
                self.row(ui, &heads, row);
                let hint = hint(row);
                if !hint.is_empty() {
                    response.clone().on_hover_text(hint);
                }
            }
        });
        if let Some(facts) = clicked.and_then(|at| self.columns().nth(at)) {
            ui.memory_mut(|memory| memory.request_focus(list_id()));
            actions.push(Action::Statistics(StatisticsAction::Sort(facts.column)));
        }
        self.step(steps, actions);
    }

    fn step(&self, steps: Vec<Step>, actions: &mut Vec<Action>) {
        let mut chosen = self.table.chosen();
        for step in steps {
            match step {
                Step::Choose(place) => {
                    chosen = Some(place);
                    actions.push(Action::Statistics(StatisticsAction::Choose(place)));
                }
                // The first row is the one that is looked for.
                Step::Leave => actions.push(match chosen.or((!self.table.is_empty()).then_some(0)) {
                    Some(place) => Action::Statistics(StatisticsAction::Open(place)),
                    None => Action::Pane(PaneAction::Focus(self.pane)),
                }),
                Step::Copy => actions.push(Action::Run(Command::CopyStatistics)),
                Step::Letter(key) => {
                    let column = COLUMNS.iter().find(|facts| facts.key == key);
                    actions
                        .extend(column.map(|facts| Action::Statistics(StatisticsAction::Sort(facts.column))));
                }
                Step::Extend(_) | Step::All | Step::Remove(_) => {}
            }
        }
    }

    fn row(&self, ui: &mut Ui, heads: &ListHeads, row: &StatisticsRowFacts) {
        let theme = Theme::of(ui.ctx());
        for (at, facts) in self.columns().enumerate() {
            if facts.column == StatisticsColumn::Name {
                heads.cell(ui, at, |ui| {
                    let name = escaped(&row.name);
                    let shown = fit_middle(ui, &name, &theme::mono(), ui.available_width());
                    text(ui, &shown, theme.text);
                });
                continue;
            }
            let (words, is_warning) = cell(row, facts.column);
            let color = match is_warning {
                true => theme.warn,
                false if words == "0" => theme.text_weak,
                false => theme.text,
            };
            if heads.is_right(at) {
                heads.number(ui, at, |ui| text(ui, &words, color));
            } else {
                heads.cell(ui, at, |ui| text(ui, &words, theme.text_weak));
            }
        }
    }

    /// What a screen reader says of a row.
    fn words(&self, row: &StatisticsRowFacts) -> String {
        let parts = self.columns().map(|facts| match facts.column {
            StatisticsColumn::Name => escaped(&row.name).into_owned(),
            column => format!("{} {}", facts.title, cell(row, column).0),
        });
        parts.collect::<Vec<_>>().join(", ")
    }
}

fn text(ui: &mut Ui, words: &str, color: egui::Color32) {
    ui.add(Label::new(RichText::new(words).font(theme::mono()).color(color)).selectable(false).truncate());
}

/// The text of a cell, and whether it is something that people look for.
fn cell(row: &StatisticsRowFacts, column: StatisticsColumn) -> (String, bool) {
    let plain = |text: String| (text, false);
    match column {
        StatisticsColumn::Name => return plain(row.name.to_string()),
        StatisticsColumn::Type => return plain(row.dtype.to_string()),
        StatisticsColumn::Shape => {
            let sides: Vec<String> = row.shape.iter().map(u64::to_string).collect();
            return plain(if sides.is_empty() { String::from("()") } else { sides.join("×") });
        }
        _ => {}
    }
    let known = match &row.known {
        RowState::Known(known) => known,
        RowState::Waiting => return plain(String::from("…")),
        RowState::Failed(_) => return plain(String::from("–")),
    };
    let count = |count: u64, is_sought: bool| (describe::grouped(count), is_sought && count > 0);
    let number = |value: Option<Number>| plain(value.map_or_else(|| String::from("–"), short));
    match column {
        StatisticsColumn::Nan => count(known.nan, true),
        StatisticsColumn::Infinite => count(infinite(known), true),
        StatisticsColumn::Zeros => count(known.zeros, false),
        StatisticsColumn::Least => number(known.least.map(|least| least.value)),
        StatisticsColumn::Greatest => number(known.greatest.map(|greatest| greatest.value)),
        StatisticsColumn::Mean => number(known.mean),
        StatisticsColumn::Deviation => number(known.deviation.map(Number::Float)),
        StatisticsColumn::Name | StatisticsColumn::Type | StatisticsColumn::Shape => plain(String::new()),
    }
}

/// What the tooltip of a row says.
fn hint(row: &StatisticsRowFacts) -> String {
    match &row.known {
        RowState::Waiting => String::from("Not read yet"),
        RowState::Failed(reason) => format!("{}: {}", escaped(&row.name), escaped(reason)),
        RowState::Known(known) if known.nan > 0 => String::from("Enter: go to the first NaN"),
        RowState::Known(_) => row.unread_words(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_column_has_a_letter_of_its_own() {
        for (at, facts) in COLUMNS.iter().enumerate() {
            assert_eq!((facts.key, facts.column), (KEYS[at], StatisticsColumn::ALL[at]));
            assert!(!KEYS[..at].contains(&facts.key), "{}", facts.title);
            assert!(facts.help.ends_with(&format!("({})", facts.key.name())), "{}", facts.title);
        }
    }
}
