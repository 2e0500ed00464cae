//! The one range type of the crate: half-open, in bytes, with checked arithmetic.
//!
//! It holds no reference to what it is a range of.

use std::fmt;

/// The bytes from `start` up to, not including, `end`; `start <= end` always holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    start: u64,
    end: u64,
}

impl Span {
    /// `None` when `end < start`.
    pub const fn new(start: u64, end: u64) -> Option<Self> {
        if start <= end { Some(Self { start, end }) } else { None }
    }

    /// `len` bytes from `start` on; `None` when the end would lie above `u64::MAX`.
    pub const fn at(start: u64, len: u64) -> Option<Self> {
        match start.checked_add(len) {
            Some(end) => Some(Self { start, end }),
            None => None,
        }
    }

    /// The span between two positions, in either order.
    pub const fn between(a: u64, b: u64) -> Self {
        if a <= b { Self { start: a, end: b } } else { Self { start: b, end: a } }
    }

    /// No bytes, at `offset`.
    pub const fn empty_at(offset: u64) -> Self {
        Self { start: offset, end: offset }
    }

    /// The first `len` bytes of anything.
    pub const fn first(len: u64) -> Self {
        Self { start: 0, end: len }
    }

    /// The offset of the first byte.
    pub const fn start(self) -> u64 {
        self.start
    }

    /// The offset behind the last byte.
    pub const fn end(self) -> u64 {
        self.end
    }

    /// How many bytes there are.
    pub const fn len(self) -> u64 {
        self.end - self.start
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the byte at `offset` is one of them.
    pub const fn contains(self, offset: u64) -> bool {
        self.start <= offset && offset < self.end
    }

    /// Whether every byte of `other` lies in `self`; an empty `other` does when its place is in or at the edge.
    pub const fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The bytes in both; `None` when there are none.
    pub fn intersect(self, other: Self) -> Option<Self> {
        let (start, end) = (self.start.max(other.start), self.end.min(other.end));
        (start < end).then_some(Self { start, end })
    }

    /// The part that lies in the first `len` bytes; empty at `len` when nothing does.
    pub fn clamp_to(self, len: u64) -> Self {
        Self { start: self.start.min(len), end: self.end.min(len) }
    }

    /// The same length, `by` bytes further on; `None` above `u64::MAX`.
    pub const fn shift_up(self, by: u64) -> Option<Self> {
        match (self.start.checked_add(by), self.end.checked_add(by)) {
            (Some(start), Some(end)) => Some(Self { start, end }),
            _ => None,
        }
    }

    /// Consecutive pieces of at most `step` bytes that make up this span.
    ///
    /// # Panics
    /// When `step` is 0.
    pub fn chunks(self, step: u64) -> impl Iterator<Item = Self> {
        assert!(step > 0, "a chunk has at least one byte");
        let mut at = self.start;
        std::iter::from_fn(move || {
            let chunk = Self { start: at, end: at.saturating_add(step).min(self.end) };
            at = chunk.end;
            (!chunk.is_empty()).then_some(chunk)
        })
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}..{:#x}", self.start, self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_above_the_largest_offset_are_refused() {
        assert_eq!(Span::at(u64::MAX, 1), None);
        assert_eq!(Span::at(u64::MAX - 1, 1).map(Span::end), Some(u64::MAX));
        assert_eq!(Span::new(2, 1), None);
        assert_eq!(Span::first(3).shift_up(u64::MAX - 2), None);
    }

    #[test]
    fn chunks_cover_the_span_once() {
        let chunks: Vec<_> = Span::between(3, 11).chunks(4).collect();
        assert_eq!(chunks, [Span::between(3, 7), Span::between(7, 11)]);
        assert_eq!(Span::empty_at(5).chunks(4).count(), 0);
        assert_eq!(Span::between(u64::MAX - 1, u64::MAX).chunks(u64::MAX).count(), 1);
    }

    #[test]
    fn intersections_are_never_empty_spans() {
        let (a, b) = (Span::between(0, 4), Span::between(4, 8));
        assert_eq!(a.intersect(b), None);
        assert_eq!(a.intersect(Span::between(3, 9)), Some(Span::between(3, 4)));
    }
}
