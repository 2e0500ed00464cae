//! What an analysis could not read: its answer says nothing about these bytes.
//!
//! Ranges that touch are one range, so a dead disk is one entry. The list is bounded; the count of bytes is not.

use crate::bytes::{ReadError, Span};

/// Ranges kept at most; beyond that only their bytes are counted.
const MAX_RANGES: usize = 4096;

/// Sorted ranges that could not be read, and why the first of them could not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    ranges: Vec<Span>,
    bytes: u64,
    reason: Option<ReadError>,
}

impl Unread {
    /// Whether everything could be read.
    pub fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// In ascending order, none touching another; at most a few thousand, see [`Self::bytes`].
    pub fn ranges(&self) -> &[Span] {
        &self.ranges
    }

    /// How many bytes in all, those of ranges that are not listed included.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The error that was met first.
    pub fn reason(&self) -> Option<&ReadError> {
        self.reason.as_ref()
    }

    /// Adds a range, in any order; what was there already is not counted twice.
    pub fn add(&mut self, range: Span, reason: &ReadError) {
        if range.is_empty() {
            return;
        }
        self.reason.get_or_insert_with(|| reason.clone());
        let first = self.ranges.partition_point(|known| known.end() < range.start());
        let touching = self.ranges[first..].iter().take_while(|known| known.start() <= range.end()).count();
        let old = &self.ranges[first..first + touching];
        let (Some(low), Some(high)) = (old.first(), old.last()) else {
            self.bytes += range.len();
            if self.ranges.len() < MAX_RANGES {
                self.ranges.insert(first, range);
            }
            return;
        };
        let merged = Span::between(low.start().min(range.start()), high.end().max(range.end()));
        let known: u64 = old.iter().map(|span| span.len()).sum();
        self.bytes += merged.len() - known;
        self.ranges.splice(first..first + touching, [merged]);
    }

    /// Adds all that another part of the same analysis could not read.
    pub fn merge(&mut self, other: &Self) {
        let Some(reason) = &other.reason else { return };
        let listed: u64 = other.ranges.iter().map(|span| span.len()).sum();
        for range in &other.ranges {
            self.add(*range, reason);
        }
        self.bytes += other.bytes - listed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error() -> ReadError {
        ReadError::other(Span::first(1), "bad block")
    }

    #[test]
    fn ranges_that_touch_become_one_and_no_byte_counts_twice() {
        let mut unread = Unread::default();
        for (start, end) in [(8, 12), (0, 2), (4, 8), (10, 14), (2, 3)] {
            unread.add(Span::between(start, end), &error());
        }
        assert_eq!(unread.ranges(), [Span::between(0, 3), Span::between(4, 14)]);
        assert_eq!(unread.bytes(), 13);
        unread.add(Span::between(1, 20), &error());
        assert_eq!(unread.ranges(), [Span::between(0, 20)]);
        assert_eq!(unread.bytes(), 20);
    }

    #[test]
    fn beyond_the_bound_bytes_are_still_counted() {
        let mut unread = Unread::default();
        for i in 0..2 * MAX_RANGES as u64 {
            unread.add(Span::between(2 * i, 2 * i + 1), &error());
        }
        assert_eq!(unread.ranges().len(), MAX_RANGES);
        assert_eq!(unread.bytes(), 2 * MAX_RANGES as u64);
        let mut sum = Unread::default();
        sum.merge(&unread);
        assert_eq!(sum.bytes(), unread.bytes());
    }
}
