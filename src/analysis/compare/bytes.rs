//! The comparison of bytes at the same places, in chunks, on all cores, with the runs that differ in order.
//!
//! 1. A plan cuts the places into chunks and leaves out what is known to be equal without reading: see `pair.rs`.
//! 2. A worker looks at both in their maps as long as they are equal, and copies a few kilobytes where they are not. What
//!    is not mapped is read.
//! 3. What can't be read on either side is left out and reported; the bytes around it are compared.
//! 4. A chunk hands in what it has found as soon as it has found something, so that the first difference is there as soon
//!    as a plain read would reach it.

use super::pair::{BytePair, PairSide, Sides, unmapped};
use super::plan::{PairPlan, PlannedPair};
use super::runs::{Joined, RunsFound, find_runs};
use crate::analysis::plan::Direction;
use crate::analysis::pool::{HandIn, PassEnd, Pool};
use crate::analysis::reading::Reader;
use crate::analysis::scan::taken_at_once;
use crate::analysis::search::End;
use crate::analysis::spans::{SpanBatch, SpanRecorder};
use crate::analysis::tuning::Tuning;
use crate::analysis::unread::Unread;
use crate::bytes::{RawBytes, Span};
use crate::job::Progress;
use std::cell::Cell;
use std::ops::ControlFlow;

/// Chunks of a map that a worker takes at once at most: both sources are mapped at a time.
const MOST_TAKEN: u64 = 8;

/// Bytes that are copied at once where a map has a difference, at first and at most.
const COPIED: (usize, usize) = (1 << 10, 16 << 10);

/// Bytes that are looked at in maps before a cancel is asked for.
const LOOKED_AT: usize = 256 << 10;

/// Weight of runs from which a chunk hands them in: at once at first, later when there are many.
const WEIGHTS: (usize, usize) = (1, 64 << 10);

/// A run that has no end within so many bytes is told as it is.
const LONGEST_TOLD: u64 = 1 << 20;

/// A comparison of bytes at the same places.
#[derive(Clone, Copy, Debug)]
pub struct ByteCompare<'a> {
    pub pair: BytePair<'a>,
    pub progress: &'a Progress,
    pub tuning: Tuning,
}

/// How a comparison ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompareTally {
    pub end: End,
    /// How many runs of bytes differ, of those that were told.
    pub runs: u64,
    /// How many bytes differ, of those that were compared.
    pub bytes: u64,
    /// What could not be read, in places of the pair.
    pub unread: Sides<Unread>,
}

impl Default for CompareTally {
    fn default() -> Self {
        Self { end: End::Complete, runs: 0, bytes: 0, unread: Sides::default() }
    }
}

/// The difference that is nearest to a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearestDifference {
    /// In places of the pair. A run of more than a megabyte may go on.
    pub run: Option<Span>,
    pub end: End,
    /// What could not be read on the way.
    pub unread: Sides<Unread>,
}

/// Takes runs that differ, in order, some at a time, on any thread; breaks when it wants no more.
pub type TakeRuns<'t> = &'t mut (dyn FnMut(SpanBatch) -> ControlFlow<()> + Send);

/// What a chunk yields, or a part of it.
#[derive(Debug, Default)]
struct PairYield {
    places: Span,
    runs: SpanBatch,
    bytes: u64,
    unread: Sides<Unread>,
}

impl<'a> ByteCompare<'a> {
    /// Reads in the way that is fastest on this machine.
    pub fn new(pair: BytePair<'a>, progress: &'a Progress) -> Self {
        Self { pair, progress, tuning: Tuning::default() }
    }

    /// All runs of bytes in `within` that differ; none touches another.
    pub fn find_each(&self, within: Span, take: TakeRuns<'_>) -> CompareTally {
        let within = within.clamp_to(self.pair.len);
        self.progress.set_total(within.len());
        let mut tally = CompareTally::default();
        let mut joined = Joined::default();
        let end = self.pass(within, Direction::Forward, &mut |found| {
            tally.unread.merge(&found.unread);
            tally.bytes += found.bytes;
            let runs = joined.add(&found.runs, found.places.end());
            if runs.is_empty() {
                return ControlFlow::Continue(());
            }
            tally.runs += runs.count();
            take(runs)
        });
        tally.end = ended(end);
        if let Some(last) = joined.finish().filter(|_| end == PassEnd::Complete) {
            tally.runs += 1;
            if take(SpanBatch::of(last)).is_break() {
                tally.end = End::Cut;
            }
        }
        tally
    }

    /// The same into a list, which is published while the comparison runs.
    pub fn record(&self, within: Span, runs: &mut SpanRecorder) -> CompareTally {
        self.find_each(within, &mut |found| {
            let taken = runs.push_all(&found);
            runs.publish();
            if taken.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
    }

    /// Whether all of `within` could be read and is equal. Ends at the first difference.
    pub fn is_equal(&self, within: Span) -> bool {
        let mut is_equal = true;
        let end = self.pass(within.clamp_to(self.pair.len), Direction::Forward, &mut |found| {
            is_equal &= found.runs.is_empty() && found.unread.is_empty();
            if is_equal { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        is_equal && end == PassEnd::Complete
    }

    /// The first run of bytes that differ which begins at or after place `from`.
    pub fn next(&self, from: u64) -> NearestDifference {
        // Whether a run that differs at `from` begins there is told by the byte before.
        let within = Span::between(from.saturating_sub(1).min(self.pair.len), self.pair.len);
        self.progress.set_total(within.len());
        let mut nearest = NearestDifference { run: None, end: End::Complete, unread: Sides::default() };
        let mut before: Option<Span> = None;
        let end = self.pass(within, Direction::Forward, &mut |found| {
            nearest.unread.merge(&found.unread);
            for run in found.runs.iter() {
                if before.is_some_and(|before| before.end() == run.start()) {
                    before = before.map(|before| Span::between(before.start(), run.end()));
                    continue;
                }
                if before.is_some_and(|before| before.start() >= from) {
                    break;
                }
                before = Some(run);
            }
            let is_told = before.is_some_and(|run| {
                run.start() >= from && (run.end() < found.places.end() || run.len() >= LONGEST_TOLD)
            });
            if is_told { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        nearest.run = before.filter(|run| run.start() >= from);
        nearest.end = nearest_end(end);
        nearest
    }

    /// The last run of bytes that differ which begins before place `from`; no more of it than is before `from`.
    pub fn previous(&self, from: u64) -> NearestDifference {
        let within = Span::first(from.min(self.pair.len));
        self.progress.set_total(within.len());
        let mut nearest = NearestDifference { run: None, end: End::Complete, unread: Sides::default() };
        let end = self.pass(within, Direction::Backward, &mut |found| {
            nearest.unread.merge(&found.unread);
            let last = found.runs.iter().last();
            let begins = |run: Span| run.start() > found.places.start() || run.len() >= LONGEST_TOLD;
            let run = match (nearest.run, last) {
                (Some(known), Some(last)) if last.end() == known.start() => {
                    Span::between(last.start(), known.end())
                }
                (Some(_), _) => return ControlFlow::Break(()),
                (None, Some(last)) => last,
                (None, None) => return ControlFlow::Continue(()),
            };
            nearest.run = Some(run);
            if begins(run) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        nearest.end = nearest_end(end);
        nearest
    }

    /// Compares `within`, and gives what chunks yield to `sink`, in the order of the direction.
    fn pass(
        &self,
        within: Span,
        direction: Direction,
        sink: &mut (dyn FnMut(PairYield) -> ControlFlow<()> + Send),
    ) -> PassEnd {
        let cancel = self.progress.as_cancel();
        let (a, threads_a, chunk_a) = Reader::new(self.pair.a, cancel, self.tuning, within.len());
        let (b, threads_b, chunk_b) = Reader::new(self.pair.b, cancel, self.tuning, within.len());
        let (threads, copied) = (threads_a.max(threads_b), chunk_a.max(chunk_b));
        let taken =
            |side: PairSide, source| taken_at_once(source, self.pair.span_in(side, within), threads, copied);
        let taken =
            taken(PairSide::A, self.pair.a).min(taken(PairSide::B, self.pair.b)).min(MOST_TAKEN * copied);
        let mut plan = PairPlan::new(self.pair, within, taken, direction);
        let progress = self.progress;
        let copied = unmapped(self.pair.a, copied).max(unmapped(self.pair.b, copied));
        let comparer = PairComparer { pair: self.pair, readers: Sides { a, b }, copied, progress, direction };
        let mut pieces = || {
            let next = plan.next();
            progress.advance(next.as_ref().map_or_else(|skipped| *skipped, |planned| planned.skipped));
            next.ok()
        };
        let work = |planned: PlannedPair, hands: &mut PairHands, hand_in: HandIn<'_, PairYield>| {
            comparer.compare(planned.places, hands, hand_in);
        };
        let weigh = |found: &PairYield| found.runs.coded_len();
        Pool { threads, cancel }.run_in_parts(&mut pieces, &work, &weigh, sink)
    }
}

fn ended(end: PassEnd) -> End {
    match end {
        PassEnd::Complete => End::Complete,
        PassEnd::Stopped => End::Cut,
        PassEnd::Cancelled => End::Cancelled,
    }
}

/// Who has found the nearest one wants no more.
fn nearest_end(end: PassEnd) -> End {
    match end {
        PassEnd::Complete | PassEnd::Stopped => End::Complete,
        PassEnd::Cancelled => End::Cancelled,
    }
}

/// What a worker keeps from chunk to chunk.
#[derive(Debug, Default)]
struct PairHands {
    a: Vec<u8>,
    b: Vec<u8>,
}

/// Compares chunks.
struct PairComparer<'a> {
    pair: BytePair<'a>,
    readers: Sides<Reader<'a>>,
    /// Bytes that are read at once.
    copied: u64,
    progress: &'a Progress,
    direction: Direction,
}

impl PairComparer<'_> {
    fn compare(&self, places: Span, hands: &mut PairHands, hand_in: HandIn<'_, PairYield>) {
        let mut at = places.start();
        // Backward, the last of a chunk counts first.
        let mut most = if self.direction == Direction::Forward { WEIGHTS.0 } else { usize::MAX };
        let mut found = PairYield::default();
        let mut from = at;
        while at < places.end() && !self.progress.is_cancelled() {
            let rest = Span::between(at, places.end());
            let to = match self.in_maps(rest, most, &mut found) {
                Some(to) => to,
                None => {
                    let to = at.saturating_add(self.copied).min(places.end());
                    self.in_copies(Span::between(at, to), hands, &mut found);
                    to
                }
            };
            self.progress.advance(to - at);
            at = to;
            if at < places.end() && found.runs.coded_len() >= most {
                most = most.saturating_mul(16).min(WEIGHTS.1);
                let part = PairYield { places: Span::between(from, at), ..std::mem::take(&mut found) };
                from = at;
                if hand_in(part).is_break() {
                    return;
                }
            }
        }
        let _ = hand_in(PairYield { places: Span::between(from, places.end()), ..found });
    }

    /// Compares both as they are mapped, up to the end of `places` or until there is enough to hand in. How far that was;
    /// `None` where they are not mapped, and then nothing is added.
    fn in_maps(&self, places: Span, most: usize, found: &mut PairYield) -> Option<u64> {
        let mut runs = RunsFound::default();
        let to = Cell::new(places.start());
        let (a, b) = (self.pair.span_in(PairSide::A, places), self.pair.span_in(PairSide::B, places));
        let is_looked = Cell::new(false);
        let is_whole = self.pair.a.look_mapped(a, &mut |own| {
            let looked = self.pair.b.look_mapped(b, &mut |other| {
                to.set(self.look(own, other, places.start(), most, &mut runs));
            });
            is_looked.set(looked);
        });
        if !is_whole || !is_looked.get() {
            return None;
        }
        let (batch, bytes) = runs.finish();
        batch.even().for_each(|even| found.runs.push_even(even));
        found.bytes += bytes;
        Some(to.get())
    }

    /// Compares mapped bytes, the first of which is at place `start`; up to which place.
    fn look(
        &self,
        own: &RawBytes<'_>,
        other: &RawBytes<'_>,
        start: u64,
        most: usize,
        runs: &mut RunsFound,
    ) -> u64 {
        let len = own.len().min(other.len());
        let (mut at, mut copied) = (0, COPIED.0);
        let (mut a, mut b) = ([0; COPIED.1], [0; COPIED.1]);
        while at < len && runs.weight() < most && !self.progress.is_cancelled() {
            let until = len.min(at + LOOKED_AT);
            let equal = own.equal_until(other, at, until);
            copied = if equal > at { COPIED.0 } else { (2 * copied).min(COPIED.1) };
            at = equal;
            if at < until {
                let count = copied.min(len - at);
                own.copy(at, &mut a[..count]);
                other.copy(at, &mut b[..count]);
                find_runs(&a[..count], &b[..count], start + at as u64, runs);
                at += count;
            }
        }
        start + at as u64
    }

    /// Compares what can be read of both.
    fn in_copies(&self, places: Span, hands: &mut PairHands, found: &mut PairYield) {
        let mut runs_a = Vec::new();
        let mut runs_b = Vec::new();
        self.read(PairSide::A, places, &mut hands.a, &mut found.unread.a, &mut runs_a);
        self.read(PairSide::B, places, &mut hands.b, &mut found.unread.b, &mut runs_b);
        let mut runs = RunsFound::default();
        let mut others = runs_b.iter().peekable();
        for own in &runs_a {
            while others.next_if(|other| other.end() <= own.start()).is_some() {}
            for both in others.clone().map_while(|other| own.intersect(*other)) {
                let range = (both.start() - places.start()) as usize..(both.end() - places.start()) as usize;
                find_runs(&hands.a[range.clone()], &hands.b[range], both.start(), &mut runs);
            }
        }
        let (batch, bytes) = runs.finish();
        batch.even().for_each(|even| found.runs.push_even(even));
        found.bytes += bytes;
    }

    /// Reads the bytes at `places` of one source into `buffer`; adds the places that could be read, and those that could
    /// not.
    fn read(
        &self,
        side: PairSide,
        places: Span,
        buffer: &mut Vec<u8>,
        unread: &mut Unread,
        runs: &mut Vec<Span>,
    ) {
        buffer.resize(places.len() as usize, 0);
        let span = self.pair.span_in(side, places);
        let place = |part: Span| {
            let from = *self.pair.from.of(side);
            Span::between(part.start() - from, part.end() - from)
        };
        let mut lost = Unread::default();
        self.readers.of(side).read(span, buffer, &mut lost, &mut |run, _| runs.push(place(run)));
        if let Some(reason) = lost.reason() {
            lost.ranges().iter().for_each(|range| unread.add(place(*range), reason));
        }
    }
}
