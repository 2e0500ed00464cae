//! The list of all matches under the file: the order of its rows, and which of them are chosen.

use super::FindState;
use super::hits::{Hits, MatchPlace};
use super::order::{MOST_SORTED, MatchOrder, NotSorted, OrderKey, SortedMatches, number_of_row};
use super::query::Query;
use crate::session::context::Context;
use crate::session::describe;
use crate::session::features::chosen_rows::ChosenRows;
use crate::session::features::late_reads::LateReads;
use crate::session::ids::TabId;
use crate::session::jobs::{Activity, Jobs, Task};
use crate::session::tab::Tab;
use std::ops::RangeInclusive;

/// What is said when sorting has ended without an answer.
const NOT_SORTED: &str = "The matches were not sorted.";

/// The list, which is empty until something was looked for.
#[derive(Debug, Default)]
pub struct MatchList {
    pub(super) hits: Option<Hits>,
    /// Whether the rows are shown.
    pub(super) is_open: bool,
    chosen: Option<ChosenRows>,
    order: MatchOrder,
    sorted: Option<SortedMatches>,
    sorting: Jobs<OrderKey, Result<SortedMatches, NotSorted>>,
    reads: LateReads,
    /// Whether the row that the keys stand on is gone to as soon as it was read.
    pub(super) is_followed_late: bool,
}

impl MatchList {
    /// What was found, in whichever tab.
    pub fn hits(&self) -> Option<&Hits> {
        self.hits.as_ref()
    }

    /// What was found in `tab`, if it is listed.
    pub fn shown(&self, tab: &Tab) -> Option<&Hits> {
        self.hits.as_ref().filter(|hits| self.is_open && hits.tab == tab.id)
    }

    /// How the rows are ordered, and whether they are not yet in this order.
    pub fn order(&self) -> (MatchOrder, bool) {
        (self.order, self.needs_sorting() && self.sorted_now().is_none())
    }

    /// The row that the keys stand on; `None` before the first key or click.
    pub fn chosen(&self) -> Option<u64> {
        self.chosen.map(|chosen| chosen.at)
    }

    /// All chosen rows.
    pub fn chosen_rows(&self) -> Option<RangeInclusive<u64>> {
        self.chosen.map(ChosenRows::rows)
    }

    /// How many matches there are by now.
    pub fn len(&self) -> u64 {
        self.hits.as_ref().map_or(0, |hits| hits.found.len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of the match in a row, in the order in which they were found.
    pub fn number_of_row(&self, row: u64) -> Option<u64> {
        number_of_row(row, self.len(), self.order, self.sorted_now())
    }

    /// Whether the rows are not shown as they were found. What was read as several types was found type by type.
    fn needs_sorting(&self) -> bool {
        let are_readings = self.hits.as_ref().is_some_and(|hits| hits.found.are_readings());
        self.order.by == OrderKey::Value || are_readings
    }

    /// The matches as they are to be ordered, once they are.
    fn sorted_now(&self) -> Option<&SortedMatches> {
        self.sorted.as_ref().filter(|sorted| sorted.by() == self.order.by)
    }

    pub(super) fn sorted(&self) -> Option<&SortedMatches> {
        self.sorted_now()
    }

    /// The row of a match.
    fn row_of_number(&self, number: u64) -> Option<u64> {
        let MatchOrder { by, descending } = self.order;
        match (by, self.sorted_now()) {
            (OrderKey::Offset | OrderKey::Value, Some(sorted)) => sorted.row_of(number, descending),
            (OrderKey::Offset, None) if descending => self.len().checked_sub(1)?.checked_sub(number),
            (OrderKey::Offset | OrderKey::Value, None) => Some(number),
        }
    }

    /// What is running.
    pub(super) fn activities(&self) -> impl Iterator<Item = Activity> {
        self.sorting.activities()
    }
}

/// What changes it.
impl MatchList {
    /// A new search has begun: what it finds takes the place of what was found before.
    pub(super) fn begin(&mut self, hits: Hits, is_open: bool) {
        let order = self.order;
        *self = Self { hits: Some(hits), is_open, order, ..Self::default() };
    }

    /// Forgets what was found.
    pub(super) fn clear(&mut self) {
        let order = self.order;
        *self = Self { order, ..Self::default() };
    }

    /// Forgets what was found in a tab.
    pub(super) fn forget_tab(&mut self, id: TabId) {
        if self.hits.as_ref().is_some_and(|hits| hits.tab == id) {
            self.clear();
        }
    }

    /// Chooses a row, or the last one; with `extend` all rows from the one where the choice began.
    pub(super) fn choose(&mut self, row: u64, extend: bool) {
        self.chosen = ChosenRows::choose(self.chosen, row, extend, self.len());
    }

    /// The keys stand on the match at `place`, found without the list; on no row if it is not listed. Only where the list
    /// is of the same question and of the state that was searched.
    pub(super) fn follow(&mut self, place: MatchPlace, tab: &Tab, query: &Query) {
        let Some(hits) = self.shown(tab) else { return };
        let same = Query { replacement: hits.query.replacement.clone(), ..query.clone() } == hits.query;
        if same {
            let is_now = hits.revision() == tab.document().revision();
            let number = if is_now { hits.number_of(place) } else { None };
            self.is_followed_late = false;
            self.keep_chosen(number);
        }
    }

    /// Chooses all rows; the keys stay on theirs.
    pub(super) fn choose_all(&mut self) {
        self.chosen = ChosenRows::all(self.len()).or(self.chosen);
    }

    /// Puts the rows in another order. A single chosen match stays chosen.
    pub(super) fn sort(&mut self, order: MatchOrder, context: &mut Context) {
        let chosen = self.chosen.filter(|chosen| chosen.anchor == chosen.at);
        let number = chosen.and_then(|chosen| self.number_of_row(chosen.at));
        if self.order.by != order.by {
            self.sorting.clear();
        }
        self.order = order;
        self.start_sorting(context);
        self.keep_chosen(number);
    }

    fn keep_chosen(&mut self, number: Option<u64>) {
        let row = number.and_then(|number| self.row_of_number(number));
        self.chosen = row.map(|at| ChosenRows { anchor: at, at });
    }

    /// The search has ended: rows that are to be in another order than they were found in can be sorted.
    pub(super) fn start_sorting(&mut self, context: &mut Context) {
        if !self.needs_sorting() {
            self.sorting.clear();
            return;
        }
        let Some(hits) = self.hits.as_ref().filter(|hits| hits.end.is_some()) else { return };
        if self.sorted_now().is_some() || !self.sorting.is_empty() {
            return;
        }
        if let Err(reason) = can_sort(hits, self.order.by) {
            self.order = MatchOrder::default();
            return context.say(reason);
        }
        let (found, by) = (hits.found.clone(), self.order.by);
        let task = Task::shown("sort matches", "Sorting the matches").about(hits.tab);
        let started = self
            .sorting
            .start(context.waker(), task, by, move |progress| SortedMatches::of(&found, by, progress));
        if let Err((error, _)) = started {
            context.say(format!("{NOT_SORTED} No thread could be started ({error})."));
        }
    }

    /// Whether a frame is needed in which a worker is told what to read.
    pub fn is_late(&self) -> bool {
        self.hits.as_ref().is_some_and(|hits| self.reads.are_due(&hits.found.list))
    }

    /// Has a worker read what the last frame missed. Whether something was read since the last call.
    pub(super) fn read_wanted(&mut self, context: &mut Context) -> bool {
        let Some(hits) = &self.hits else { return false };
        self.reads.poll((&hits.found.list, hits.tab), hits.found.trouble(), context)
    }

    /// Takes the order that a worker has found.
    pub(super) fn poll(&mut self, context: &mut Context) {
        for ended in self.sorting.drain_finished() {
            let chosen = self.chosen.filter(|chosen| chosen.anchor == chosen.at);
            let number = chosen.and_then(|chosen| self.number_of_row(chosen.at));
            match ended.answer {
                Some(Ok(sorted)) => self.sorted = Some(sorted),
                Some(Err(NotSorted::List(error))) => {
                    self.order = MatchOrder::default();
                    context.say(format!("{}: {error}.", NOT_SORTED.trim_end_matches('.')));
                }
                Some(Err(NotSorted::Cancelled)) | None => {
                    self.order = MatchOrder::default();
                    context.say(NOT_SORTED);
                }
            }
            self.keep_chosen(number);
        }
    }

    /// Ends what is being sorted; `false` when nothing is.
    pub(super) fn cancel(&mut self) -> bool {
        let was_sorting = self.sorting.clear();
        if was_sorting {
            self.order = MatchOrder::default();
        }
        was_sorting
    }
}

impl FindState {
    /// Puts the rows of the list in the order of a column, or the other way round.
    pub(in crate::session) fn sort_matches(&mut self, by: OrderKey, context: &mut Context) {
        let (order, _) = self.matches.order();
        self.matches.sort(order.toggled(by), context);
    }
}

/// Whether the rows can be sorted.
fn can_sort(hits: &Hits, by: OrderKey) -> Result<(), String> {
    let count = hits.found.len();
    if count <= MOST_SORTED {
        return Ok(());
    }
    Err(format!(
        "{} are too many to sort by {}: the limit is {}. Search a part of the file, or for less.",
        describe::counted(count, "match", "matches"),
        by.words(),
        describe::grouped(MOST_SORTED)
    ))
}
