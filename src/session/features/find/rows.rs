//! Rows of the list as they stand, for what is done to them: copied, exported, replaced, selected.

use super::hits::{FoundMatch, FoundMatches};
use super::list::MatchList;
use super::order::{MatchOrder, OrderKey, SortedByValue, number_of_row};
use std::ops::RangeInclusive;

/// Rows of a list in their order; a plain value that a worker can keep.
#[derive(Clone, Debug)]
pub(super) struct MatchRows {
    found: FoundMatches,
    by_value: Option<SortedByValue>,
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

    /// The matches, row by row.
    pub fn iter(&self) -> Box<dyn Iterator<Item = FoundMatch<'_>> + '_> {
        // A list that is as it was found is decoded in one go.
        if self.order == MatchOrder::default() {
            let skip = usize::try_from(*self.rows.start()).unwrap_or(usize::MAX);
            let take = usize::try_from(self.len()).unwrap_or(usize::MAX);
            let entries = self.found.list.iter().skip(skip).take(take);
            return Box::new(entries.filter_map(|entry| self.found.resolve(entry)));
        }
        let number = |row| number_of_row(row, self.count, self.order, self.by_value.as_ref());
        Box::new(self.rows.clone().filter_map(number).filter_map(|number| self.found.get(number)))
    }

    /// What they are rows of.
    pub fn found(&self) -> &FoundMatches {
        &self.found
    }

    /// Whether each row begins behind the one before it.
    pub fn ascend(&self) -> bool {
        self.order == MatchOrder::default()
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
        let by_value = self.by_value().cloned();
        let order =
            if by_value.is_none() && order.by == OrderKey::Value { MatchOrder::default() } else { order };
        Some(MatchRows { found, by_value, order, count: self.len(), rows })
    }
}
