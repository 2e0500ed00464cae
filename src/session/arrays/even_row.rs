//! Elements at equal distances in a row: which of them are read in one piece, and which one by one.

use crate::bytes::Span;

/// A piece has at most so many bytes, and at most this many times the bytes that are shown of it.
const MOST_BYTES: u64 = 64 << 10;
const SPARSE: u64 = 8;

/// Elements of one size, each a step after the one before it, all in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct EvenRow {
    pub(super) start: u64,
    pub(super) last: u64,
    pub(super) step: i64,
    pub(super) size: u64,
    pub(super) count: u64,
}

impl EvenRow {
    /// The first `head` bytes of each element.
    pub(super) fn spans(self, head: u64) -> impl Iterator<Item = Span> {
        let mut next = self.start;
        (0..self.count).map(move |_| {
            let start = next;
            next = next.wrapping_add_signed(self.step);
            Span::between(start, start + head)
        })
    }

    /// Where those lie.
    pub(super) fn reach(self, head: u64) -> Reach {
        let (low, high) = (self.start.min(self.last), self.start.max(self.last) + head);
        Reach { low, high, shown: self.count.saturating_mul(head) }
    }
}

/// The bytes from the lowest to the highest of some cells, and how many of them are shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    pub(super) low: u64,
    pub(super) high: u64,
    pub(super) shown: u64,
}

impl Reach {
    /// Nothing.
    pub(super) const NONE: Self = Self { low: u64::MAX, high: 0, shown: 0 };

    /// The reach of these bytes.
    pub(super) fn of(spans: impl Iterator<Item = Span>) -> Self {
        spans.fold(Self::NONE, |all, span| {
            all.with(Self { low: span.start(), high: span.end(), shown: span.len() })
        })
    }

    /// Both.
    pub(super) fn with(self, other: Self) -> Self {
        Self {
            low: self.low.min(other.low),
            high: self.high.max(other.high),
            shown: self.shown.saturating_add(other.shown),
        }
    }

    /// Whether it is worth reading in one piece.
    pub(super) fn is_dense(&self) -> bool {
        self.dense_span().is_some()
    }

    /// The piece to read; `None` where the cells lie too far apart for one.
    pub(super) fn dense_span(&self) -> Option<Span> {
        let span = Span::new(self.low, self.high).filter(|span| !span.is_empty())?;
        (span.len() <= MOST_BYTES.min(self.shown.saturating_mul(SPARSE))).then_some(span)
    }
}

/// Whether two spans have a byte in common.
pub(super) fn overlap(a: Span, b: Span) -> bool {
    a.start() < b.end() && b.start() < a.end()
}
