//! Two runs of bytes of the same length, one of each source, and what is known to be equal without reading it.
//!
//! Places are counted from the start of the runs. Equal without reading are bytes that both sources have from the same
//! place of a third one, holes of both, and fills of both with the same pattern.

use crate::analysis::unread::Unread;
use crate::bytes::{ReadHints, Source, Span};
use std::cell::Cell;

/// Equal runs smaller than this are read, in bytes.
pub(super) const WORTH_SKIPPING: u64 = 64 << 10;

/// Read at once at most of a file of this machine, in bytes: so few are not mapped for the read. Maps of two large files
/// would make hundreds of megabytes resident.
const MOST_UNMAPPED: u64 = 128 << 10;

/// Bytes that are read at once, where so many suit a source.
pub(super) fn unmapped(source: &dyn Source, suits: u64) -> u64 {
    if source.hints() == ReadHints::LOCAL { suits.min(MOST_UNMAPPED) } else { suits }
}

/// One of the two that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairSide {
    A,
    B,
}

/// A value for each of the two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sides<T> {
    pub a: T,
    pub b: T,
}

impl<T> Sides<T> {
    /// The value of one of them.
    pub fn of(&self, side: PairSide) -> &T {
        match side {
            PairSide::A => &self.a,
            PairSide::B => &self.b,
        }
    }
}

impl Sides<Unread> {
    /// Adds what another part of the comparison could not read.
    pub fn merge(&mut self, other: &Self) {
        self.a.merge(&other.a);
        self.b.merge(&other.b);
    }

    /// Whether everything could be read.
    pub fn is_empty(&self) -> bool {
        self.a.is_empty() && self.b.is_empty()
    }
}

/// Bytes of two sources that stand at the same places of runs of equal length.
#[derive(Clone, Copy, Debug)]
pub struct BytePair<'a> {
    pub a: &'a dyn Source,
    pub b: &'a dyn Source,
    /// Where the runs begin in their sources.
    pub from: Sides<u64>,
    /// Length of both.
    pub len: u64,
}

impl<'a> BytePair<'a> {
    /// Both sources from their first byte on, as far as both go.
    pub fn whole(a: &'a dyn Source, b: &'a dyn Source) -> Self {
        Self { a, b, from: Sides { a: 0, b: 0 }, len: a.len().min(b.len()) }
    }

    /// A span of each; as much of it as the shorter has.
    pub fn of_spans(a: (&'a dyn Source, Span), b: (&'a dyn Source, Span)) -> Self {
        let (own, other) = (a.1.clamp_to(a.0.len()), b.1.clamp_to(b.0.len()));
        let from = Sides { a: own.start(), b: other.start() };
        Self { a: a.0, b: b.0, from, len: own.len().min(other.len()) }
    }

    /// The bytes at these places in one of the sources.
    pub fn span_in(&self, side: PairSide, places: Span) -> Span {
        let from = *self.from.of(side);
        Span::between(from + places.start(), from + places.end())
    }

    pub(super) fn source(&self, side: PairSide) -> &'a dyn Source {
        match side {
            PairSide::A => self.a,
            PairSide::B => self.b,
        }
    }
}

/// Whether bytes have to be read to be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PairKnown {
    Equal,
    Unknown,
}

/// From where on data was asked for, and the first that there are.
type DataKnown = Option<(u64, Option<Span>)>;

/// Finds out what is equal without reading.
#[derive(Debug)]
pub(super) struct EqualRuns<'a> {
    pair: BytePair<'a>,
    /// The last answers of the sources about data, in their own coordinates, and from where on they were asked for.
    data: Sides<Cell<DataKnown>>,
}

impl<'a> EqualRuns<'a> {
    /// Nothing is asked yet.
    pub fn new(pair: BytePair<'a>) -> Self {
        Self { pair, data: Sides { a: Cell::new(None), b: Cell::new(None) } }
    }

    /// What is known of the bytes from place `at` on, and up to where.
    pub fn at(&self, at: u64) -> (PairKnown, u64) {
        let (a, b) = (self.pair.from.a + at, self.pair.from.b + at);
        // Places of the sources, counted as those of the pair.
        let ends = |of_a: u64, of_b: u64| {
            of_a.saturating_sub(self.pair.from.a)
                .min(of_b.saturating_sub(self.pair.from.b))
                .min(self.pair.len)
        };
        let (own, other) = (self.pair.a.shared_run(a), self.pair.b.shared_run(b));
        let end = ends(own.end, other.end).max(at + 1);
        if own.begins_as(&other) {
            return (PairKnown::Equal, end);
        }
        let (hole_a, hole_b) = (self.hole_end(PairSide::A, a), self.hole_end(PairSide::B, b));
        let hole = ends(hole_a, hole_b);
        if hole > at {
            return (PairKnown::Equal, hole);
        }
        match (self.pair.a.fill_at(a), self.pair.b.fill_at(b)) {
            (Some(fill), Some(other)) if fill.pattern == other.pattern && fill.phase == other.phase => {
                (PairKnown::Equal, ends(fill.end, other.end).max(at + 1))
            }
            // Another hole may begin where one of them ends.
            _ => (PairKnown::Unknown, end.min(self.hole_start(at))),
        }
    }

    /// Where the hole that `offset` of a source is in ends; `offset` where there is data.
    fn hole_end(&self, side: PairSide, offset: u64) -> u64 {
        let source = self.pair.source(side);
        self.data_from(side, offset).map_or(source.len(), |data| data.start().max(offset))
    }

    /// The first place behind `at` where a hole of either source may begin.
    fn hole_start(&self, at: u64) -> u64 {
        let of = |side: PairSide| {
            let offset = *self.pair.from.of(side) + at;
            match self.data_from(side, offset) {
                Some(data) if data.start() <= offset => data.end() - offset + at,
                // In a hole of this one: the next data change nothing, for the other one has some here.
                Some(data) => data.start() - offset + at,
                None => u64::MAX,
            }
        };
        of(PairSide::A).min(of(PairSide::B)).max(at + 1)
    }

    /// The first data that end behind `offset`.
    fn data_from(&self, side: PairSide, offset: u64) -> Option<Span> {
        let known = self.data.of(side);
        if let Some((asked, data)) = known.get()
            && asked <= offset
            && data.is_none_or(|data| offset < data.end())
        {
            return data;
        }
        let source = self.pair.source(side);
        let data = source.data_after(offset).filter(|data| data.end() > offset);
        known.set(Some((offset, data)));
        data
    }

    /// Shows `take` all of `places` in runs of the same knowledge, in order, until it breaks. Equal runs that are not
    /// worth skipping count as unknown. An unknown run is shown once it has `enough` bytes.
    pub fn walk(&self, places: Span, enough: u64, take: &mut dyn FnMut(PairKnown, Span) -> bool) {
        let mut at = places.start();
        let mut unknown = Span::empty_at(at);
        while at < places.end() {
            let (known, mut end) = self.at(at);
            // Equal runs that follow each other count together.
            while known == PairKnown::Equal && end < places.end() {
                match self.at(end) {
                    (PairKnown::Equal, next) => end = next,
                    (PairKnown::Unknown, _) => break,
                }
            }
            let run = Span::between(at, end.min(places.end()));
            let is_worth = known == PairKnown::Equal && run.len() >= WORTH_SKIPPING.min(places.len());
            if is_worth {
                if !unknown.is_empty() && !take(PairKnown::Unknown, unknown) {
                    return;
                }
                if !take(PairKnown::Equal, run) {
                    return;
                }
                unknown = Span::empty_at(run.end());
            } else {
                unknown = Span::between(unknown.start(), run.end());
                if unknown.len() >= enough {
                    if !take(PairKnown::Unknown, unknown) {
                        return;
                    }
                    unknown = Span::empty_at(run.end());
                }
            }
            at = run.end();
        }
        if !unknown.is_empty() {
            take(PairKnown::Unknown, unknown);
        }
    }
}
