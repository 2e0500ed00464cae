//! Rows of the list as they stand, for what is done to them: copied, exported, replaced, selected.

use super::hits::{FoundMatch, FoundMatches};
use super::list::MatchList;
use super::order::{MatchOrder, OrderKey, SortedMatches, number_of_row};
use crate::analysis::spans::SpillError;
use std::ops::RangeInclusive;

/// A match, or why it can't be read.
type RowMatch<'a> = Result<FoundMatch<'a>, SpillError>;

/// Rows of a list in their order; a plain value that a worker can keep.
#[derive(Clone, Debug)]
pub(super) struct MatchRows {
    found: FoundMatches,
    sorted: Option<SortedMatches>,
    order: MatchOrder,
    /// Matches when the rows were taken: those that are found later come behind.
    count: u64,
    rows: RangeInclusive<u64>,
}

impl MatchRows {
    /// How many there are.
    pub fn len(&self) -> u64 {
        (self.rows.end() + 1).saturating_sub(*self.rows.start())
    }

    /// The matches, row by row. Blocks; what follows an error is of no use.
    pub fn iter(&self) -> Box<dyn Iterator<Item = RowMatch<'_>> + '_> {
        // A list that is as it was found is decoded in one go.
        if self.ascend() {
            return self.run(*self.rows.start());
        }
        self.each(self.rows.clone().filter_map(|row| self.number(row)))
    }

    /// The match in the first row, as far as that is in memory.
    pub fn peek_first(&self) -> Option<FoundMatch<'_>> {
        self.found.peek(self.number(*self.rows.start())?).ready().flatten()
    }

    /// The same matches in the order in which they were found.
    pub fn iter_as_found(&self) -> Box<dyn Iterator<Item = RowMatch<'_>> + '_> {
        if let Some((first, _)) = self.as_run() {
            return self.run(first);
        }
        let mut numbers: Vec<u64> = self.rows.clone().filter_map(|row| self.number(row)).collect();
        numbers.sort_unstable();
        self.each(numbers.into_iter())
    }

    /// The number of the first match and how many there are, where they follow each other in the list.
    pub fn as_run(&self) -> Option<(u64, u64)> {
        let ends = [*self.rows.start(), *self.rows.end()].map(|row| self.number(row));
        match (&self.sorted, ends) {
            (None, [Some(first), Some(last)]) => Some((first.min(last), self.len())),
            (Some(_), _) if self.rows == (0..=self.count.saturating_sub(1)) => Some((0, self.len())),
            _ => None,
        }
    }

    fn number(&self, row: u64) -> Option<u64> {
        number_of_row(row, self.count, self.order, self.sorted.as_ref())
    }

    /// As many matches as there are rows, from number `first` on.
    fn run(&self, first: u64) -> Box<dyn Iterator<Item = RowMatch<'_>> + '_> {
        let take = usize::try_from(self.len()).unwrap_or(usize::MAX);
        Box::new(self.found.iter_from(first).take(take))
    }

    fn each<'a>(
        &'a self,
        numbers: impl Iterator<Item = u64> + 'a,
    ) -> Box<dyn Iterator<Item = RowMatch<'a>> + 'a> {
        let mut cursor = self.found.list.cursor();
        Box::new(numbers.filter_map(move |number| {
            let entry = cursor.get(number).transpose()?;
            entry.map(|entry| self.found.resolve(entry)).transpose()
        }))
    }

    /// What they are rows of.
    pub fn found(&self) -> &FoundMatches {
        &self.found
    }

    /// Whether the rows are in the order in which they were found, which is that of the file for most.
    pub fn ascend(&self) -> bool {
        self.order == MatchOrder::default() && self.sorted.is_none()
    }
}

impl MatchList {
    /// The chosen rows; without a choice all of them. `None` when there are none.
    pub(super) fn meant_rows(&self) -> Option<MatchRows> {
        let all = 0..=self.len().checked_sub(1)?;
        self.rows(self.chosen_rows().unwrap_or(all))
    }

    /// All rows.
    pub(super) fn all_rows(&self) -> Option<MatchRows> {
        self.rows(0..=self.len().checked_sub(1)?)
    }

    fn rows(&self, rows: RangeInclusive<u64>) -> Option<MatchRows> {
        let found = self.hits()?.found.clone();
        let (order, _) = self.order();
        let sorted = self.sorted().cloned();
        let order =
            if sorted.is_none() && order.by == OrderKey::Value { MatchOrder::default() } else { order };
        Some(MatchRows { found, sorted, order, count: self.len(), rows })
    }
}
