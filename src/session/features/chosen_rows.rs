//! The rows of a list that are chosen: one that the keys stand on, and those up to where the choice began.

use std::ops::RangeInclusive;

/// Rows that are chosen together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ChosenRows {
    /// Where the choice began.
    pub anchor: u64,
    /// The row that the keys stand on.
    pub at: u64,
}

impl ChosenRows {
    /// Chooses a row of `count`, or the last one; with `extend` all rows from the one where the choice `before` began.
    /// `None` in an empty list.
    pub fn choose(before: Option<Self>, row: u64, extend: bool, count: u64) -> Option<Self> {
        let at = row.min(count.checked_sub(1)?);
        let anchor = before.filter(|_| extend).map_or(at, |chosen| chosen.anchor);
        Some(Self { anchor, at })
    }

    /// All rows of `count`; the keys stand on the first. `None` in an empty list.
    pub fn all(count: u64) -> Option<Self> {
        Some(Self { anchor: count.checked_sub(1)?, at: 0 })
    }

    /// All of them.
    pub fn rows(self) -> RangeInclusive<u64> {
        self.anchor.min(self.at)..=self.anchor.max(self.at)
    }
}
