//! Rows of statistics that can be sorted: one for each array of a container, or for each line along an axis.

use crate::analysis::stats::Statistics;
use crate::decode::Number;
use crate::session::arrays::tree::by_number;
use std::cmp::Ordering;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A row of a table.
#[derive(Clone, Debug)]
pub struct StatisticsRowFacts {
    /// The name of an array, or the index of a line.
    pub name: Box<str>,
    pub dtype: Box<str>,
    pub shape: Box<[u64]>,
    pub known: RowState,
}

/// What is known of a row.
#[derive(Clone, Debug, Default)]
pub enum RowState {
    #[default]
    Waiting,
    Known(Arc<Statistics>),
    /// There are none, and why.
    Failed(Box<str>),
}

impl RowState {
    /// The statistics, once they are known.
    pub fn statistics(&self) -> Option<&Statistics> {
        match self {
            Self::Known(known) => Some(known),
            Self::Waiting | Self::Failed(_) => None,
        }
    }
}

/// What the rows can be in the order of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatisticsColumn {
    Name,
    Type,
    Shape,
    Nan,
    Infinite,
    Zeros,
    Least,
    Greatest,
    Mean,
    Deviation,
}

impl StatisticsColumn {
    /// All columns, in the order of the table.
    pub const ALL: [Self; 10] = [
        Self::Name,
        Self::Type,
        Self::Shape,
        Self::Nan,
        Self::Infinite,
        Self::Zeros,
        Self::Least,
        Self::Greatest,
        Self::Mean,
        Self::Deviation,
    ];

    /// Whether the largest come first when the rows are put in its order: what is rare or large is looked for.
    fn begins_with_the_largest(self) -> bool {
        match self {
            Self::Name | Self::Type | Self::Least | Self::Mean => false,
            Self::Shape | Self::Nan | Self::Infinite | Self::Zeros | Self::Greatest | Self::Deviation => true,
        }
    }
}

/// The order of the rows; without a column that in which they are in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatisticsOrder {
    pub by: Option<StatisticsColumn>,
    pub descending: bool,
}

impl Default for StatisticsOrder {
    /// What people look for comes first.
    fn default() -> Self {
        Self { by: Some(StatisticsColumn::Nan), descending: true }
    }
}

impl StatisticsOrder {
    /// The order after a click on the head of a column: the other way round at the second, that of the file at the third.
    pub fn toggled(self, by: StatisticsColumn) -> Self {
        let first = by.begins_with_the_largest();
        match self.by == Some(by) {
            false => Self { by: Some(by), descending: first },
            true if self.descending == first => Self { by: Some(by), descending: !first },
            true => Self { by: None, descending: false },
        }
    }
}

/// The rows, and the order in which they are shown.
#[derive(Debug, Default)]
pub struct StatisticsTable {
    rows: Arc<Vec<StatisticsRowFacts>>,
    /// The rows as they are shown.
    shown: Vec<u32>,
    order: StatisticsOrder,
    /// The row that the keys are on.
    chosen: Option<u32>,
    /// How many are known or have failed.
    done: usize,
    /// Rows with NaN, as far as that is known, and how many rows have infinities.
    with_nan: Vec<u32>,
    with_infinities: u64,
    /// Whether rows have become known since they were put in order, and what that took.
    is_unsorted: bool,
    sorted: Option<(Instant, Duration)>,
}

impl StatisticsTable {
    /// A table of these rows, in the order that was chosen before.
    pub(super) fn new(rows: Vec<StatisticsRowFacts>, order: StatisticsOrder) -> Self {
        let shown = (0..rows.len() as u32).collect();
        let done = rows.iter().filter(|row| !matches!(row.known, RowState::Waiting)).count();
        let mut table = Self { rows: Arc::new(rows), shown, order, done, ..Self::default() };
        table.sort();
        table
    }

    /// How many rows there are.
    pub fn len(&self) -> u64 {
        self.rows.len() as u64
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many rows are known by now, those included that have no statistics.
    pub fn done(&self) -> u64 {
        self.done as u64
    }

    /// The number of the row that is shown at this place.
    pub fn number_at(&self, place: u64) -> Option<u32> {
        self.shown.get(usize::try_from(place).ok()?).copied()
    }

    /// The row that is shown at this place.
    pub fn row_at(&self, place: u64) -> Option<&StatisticsRowFacts> {
        self.row(self.number_at(place)?)
    }

    /// The row with this number.
    pub fn row(&self, number: u32) -> Option<&StatisticsRowFacts> {
        self.rows.get(number as usize)
    }

    /// All rows, for a worker to keep, and the order in which they are shown.
    pub(super) fn shared(&self) -> (Arc<Vec<StatisticsRowFacts>>, Vec<u32>) {
        (Arc::clone(&self.rows), self.shown.clone())
    }

    /// The place of the row that the keys are on.
    pub fn chosen(&self) -> Option<u64> {
        let chosen = self.chosen?;
        self.shown.iter().position(|row| *row == chosen).map(|place| place as u64)
    }

    /// The order of the rows.
    pub fn order(&self) -> StatisticsOrder {
        self.order
    }

    /// How many rows have NaN, and infinities.
    pub fn found(&self) -> (u64, u64) {
        (self.with_nan.len() as u64, self.with_infinities)
    }

    /// Rows with NaN, in ascending order.
    pub fn with_nan(&self) -> &[u32] {
        &self.with_nan
    }

    /// Chooses the row that is shown at this place.
    pub(super) fn choose(&mut self, place: u64) {
        self.chosen = self.number_at(place).or(self.chosen);
    }

    /// What is known of a row from now on.
    pub(super) fn set(&mut self, number: u32, known: RowState) {
        let Some(row) = Arc::make_mut(&mut self.rows).get_mut(number as usize) else { return };
        let was_waiting = matches!(row.known, RowState::Waiting);
        let waits = matches!(known, RowState::Waiting);
        row.known = known;
        self.done = self.done + usize::from(was_waiting && !waits) - usize::from(!was_waiting && waits);
        self.is_unsorted = true;
    }

    /// Puts the rows in another order.
    pub(super) fn order_by(&mut self, column: StatisticsColumn) {
        self.order = self.order.toggled(column);
        self.sort();
    }

    /// Puts rows in order that have become known. Of a long table that is not done for each of them.
    pub(super) fn settle(&mut self, is_last: bool) {
        const SHARE: u32 = 20;
        let is_due = self.sorted.is_none_or(|(when, took)| when.elapsed() >= took * SHARE);
        if self.is_unsorted && (is_last || is_due) {
            self.sort();
        }
    }

    fn sort(&mut self) {
        let begun = Instant::now();
        let rows = &self.rows;
        let StatisticsOrder { by, descending } = self.order;
        match by {
            None => self.shown.sort_unstable(),
            Some(StatisticsColumn::Name) => self.shown.sort_by(|a, b| {
                let name = |row: &u32| &*rows[*row as usize].name;
                turned(by_number(name(a), name(b)), descending).then(a.cmp(b))
            }),
            Some(StatisticsColumn::Type) => self.shown.sort_by(|a, b| {
                let dtype = |row: &u32| &rows[*row as usize].dtype;
                turned(dtype(a).cmp(dtype(b)), descending).then(a.cmp(b))
            }),
            Some(column) => {
                let key = |row: &u32| value(&rows[*row as usize], column);
                let mut keyed: Vec<(Option<f64>, u32)> =
                    self.shown.iter().map(|row| (key(row), *row)).collect();
                keyed.sort_unstable_by(|a, b| compared(a.0, b.0, descending).then(a.1.cmp(&b.1)));
                self.shown = keyed.into_iter().map(|(_, row)| row).collect();
            }
        }
        let with = |row: &StatisticsRowFacts, test: fn(&Statistics) -> bool| {
            row.known.statistics().is_some_and(test)
        };
        let numbered = (0..).zip(self.rows.iter());
        self.with_nan =
            numbered.filter(|(_, row)| with(row, |known| known.nan > 0)).map(|(row, _)| row).collect();
        self.with_infinities =
            rows.iter().filter(|row| with(row, |known| infinite(known) > 0)).count() as u64;
        self.is_unsorted = false;
        self.sorted = Some((Instant::now(), begun.elapsed()));
    }
}

/// Infinite values of both signs.
pub fn infinite(known: &Statistics) -> u64 {
    known.positive_infinities + known.negative_infinities
}

fn turned(order: Ordering, descending: bool) -> Ordering {
    if descending { order.reverse() } else { order }
}

/// What is not known, or is NaN, comes last in both directions.
fn compared(a: Option<f64>, b: Option<f64>, descending: bool) -> Ordering {
    let known = |value: Option<f64>| value.filter(|value| !value.is_nan());
    match (known(a), known(b)) {
        (Some(a), Some(b)) => turned(a.total_cmp(&b), descending),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// What a row is ordered by.
fn value(row: &StatisticsRowFacts, column: StatisticsColumn) -> Option<f64> {
    if column == StatisticsColumn::Shape {
        return Some(row.shape.iter().map(|side| *side as f64).product());
    }
    let known = row.known.statistics()?;
    let number = |number: Number| match number {
        Number::Int(value) => value as f64,
        Number::Wide(value) => value as f64,
        Number::Float(value) => value,
        Number::Complex(real, imaginary) => real.hypot(imaginary),
    };
    match column {
        StatisticsColumn::Nan => Some(known.nan as f64),
        StatisticsColumn::Infinite => Some(infinite(known) as f64),
        StatisticsColumn::Zeros => Some(known.zeros as f64),
        StatisticsColumn::Least => known.least.map(|least| number(least.value)),
        StatisticsColumn::Greatest => known.greatest.map(|greatest| number(greatest.value)),
        StatisticsColumn::Mean => known.mean.map(number),
        StatisticsColumn::Deviation => known.deviation,
        StatisticsColumn::Name | StatisticsColumn::Type | StatisticsColumn::Shape => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, nan: Option<u64>, mean: f64) -> StatisticsRowFacts {
        let known = nan.map_or(RowState::Waiting, |nan| {
            let mean = Some(Number::Float(mean));
            RowState::Known(Arc::new(Statistics { nan, mean, ..Statistics::default() }))
        });
        StatisticsRowFacts { name: name.into(), dtype: "<f4".into(), shape: [2, 3].into(), known }
    }

    fn names(table: &StatisticsTable) -> Vec<String> {
        (0..table.len()).map(|place| table.row_at(place).expect("a row").name.to_string()).collect()
    }

    #[test]
    fn what_has_nan_comes_first_and_what_is_not_known_last() {
        let rows = vec![
            row("l.10", Some(0), 2.0),
            row("l.2", None, 0.0),
            row("l.1", Some(5), f64::NAN),
            row("l.3", Some(7), 1.0),
        ];
        let mut table = StatisticsTable::new(rows, StatisticsOrder::default());
        assert_eq!(
            (names(&table), table.done()),
            (["l.3", "l.1", "l.10", "l.2"].map(String::from).to_vec(), 3)
        );
        table.choose(1);
        table.order_by(StatisticsColumn::Name);
        assert_eq!(names(&table), ["l.1", "l.2", "l.3", "l.10"]);
        assert_eq!(table.chosen(), Some(0), "the row that was chosen stays it");
        table.order_by(StatisticsColumn::Mean);
        assert_eq!(names(&table), ["l.3", "l.10", "l.2", "l.1"]);
        table.order_by(StatisticsColumn::Mean);
        assert_eq!(names(&table), ["l.10", "l.3", "l.2", "l.1"], "NaN is no number, whichever way");
        table.order_by(StatisticsColumn::Mean);
        assert_eq!(names(&table), ["l.10", "l.2", "l.1", "l.3"], "as in the file");
        assert_eq!(table.found(), (2, 0));
    }

    #[test]
    fn rows_that_become_known_come_into_their_order() {
        let mut table =
            StatisticsTable::new(vec![row("a", None, 0.0), row("b", None, 0.0)], StatisticsOrder::default());
        table.set(1, row("b", Some(1), 0.0).known);
        table.settle(true);
        assert_eq!((names(&table), table.done()), (vec![String::from("b"), String::from("a")], 1));
        table.set(1, RowState::Waiting);
        assert_eq!(table.done(), 0);
    }
}
