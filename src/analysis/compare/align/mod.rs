//! The alignment of two runs of bytes over insertions and deletions.
//!
//! 1. What both begin and end with is compared in place.
//! 2. The rest is cut into chunks by content, on all cores, and the hashes of the chunks are aligned. Chunks are as large
//!    as it takes for their number to have a bound, so memory has one too.
//! 3. Chunks with equal hashes are compared, since hashes prove nothing. What lies between them is aligned by smaller
//!    chunks and then by bytes, in memory, each on a core of its own.
//! 4. Hunks go to whoever takes them, in order.
//!
//! What has no common chunk of a size that can be afforded is one change, unless both are as long and most is equal at the
//! same places. Bytes that were moved are a deletion and an insertion.

mod chunks;
mod gear;
mod hunk;
mod matching;
mod refine;

use super::bytes::ByteCompare;
use super::pair::{BytePair, PairSide, Sides, unmapped};
use crate::analysis::pool::{PassEnd, Pool};
use crate::analysis::search::End;
use crate::analysis::spans::SpanBatch;
use crate::analysis::tuning::Tuning;
use crate::analysis::unread::Unread;
use crate::bytes::{Source, Span};
use crate::job::Progress;
use chunks::chunks_of;
use gear::Cutter;
use hunk::HunkList;
pub use hunk::{Hunk, HunkKind};
use matching::{Stretch, stretches};
use refine::Runs;
use std::ops::ControlFlow;

/// How the work is cut up. Tests make everything small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlignTuning {
    pub scan: Tuning,
    /// Runs of so many bytes at most, in each source, are aligned in memory.
    pub in_memory: u64,
    /// Chunks of both sources at most, about.
    pub most_chunks: u64,
    /// Equal runs are compared so many bytes at a time.
    pub compared: u64,
}

impl Default for AlignTuning {
    fn default() -> Self {
        Self { scan: Tuning::default(), in_memory: 4 << 20, most_chunks: 1 << 18, compared: 8 << 20 }
    }
}

/// An alignment of two sources.
#[derive(Clone, Copy, Debug)]
pub struct Aligner<'a> {
    pub a: &'a dyn Source,
    pub b: &'a dyn Source,
    pub progress: &'a Progress,
    pub tuning: AlignTuning,
}

/// How an alignment ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlignTally {
    pub end: End,
    /// How many changes there are, of those that were told.
    pub changes: u64,
    /// Bytes of A that are deleted or replaced, and bytes of B that are inserted or replaced.
    pub changed: Sides<u64>,
    /// What could not be read; it is part of changes.
    pub unread: Sides<Unread>,
}

/// Takes hunks in order, some at a time, on any thread; breaks when it wants no more.
pub type TakeHunks<'t> = &'t mut (dyn FnMut(&[Hunk]) -> ControlFlow<()> + Send);

/// Hunks of a part, and what of it could not be read.
#[derive(Debug, Default)]
struct Aligned {
    hunks: HunkList,
    unread: Sides<Unread>,
}

impl<'a> Aligner<'a> {
    /// Reads in the way that is fastest on this machine.
    pub fn new(a: &'a dyn Source, b: &'a dyn Source, progress: &'a Progress) -> Self {
        Self { a, b, progress, tuning: AlignTuning::default() }
    }

    /// All hunks of these spans, the equal ones too, in order and without gaps.
    pub fn align(&self, a: Span, b: Span, take: TakeHunks<'_>) -> AlignTally {
        let (a, b) = (a.clamp_to(self.a.len()), b.clamp_to(self.b.len()));
        self.progress.set_total(2 * (a.len() + b.len()));
        let mut tally = AlignTally {
            end: End::Complete,
            changes: 0,
            changed: Sides::default(),
            unread: Sides::default(),
        };
        // The last hunk is kept until it is known that the next one is no part of it.
        let mut open = HunkList::default();
        let end = self.parts(a, b, &mut |part| {
            tally.unread.merge(&part.unread);
            part.hunks.hunks.into_iter().for_each(|hunk| open.push(hunk));
            let last = open.hunks.pop();
            tally.count(&open.hunks);
            let taken = if open.hunks.is_empty() { ControlFlow::Continue(()) } else { take(&open.hunks) };
            open.hunks.clear();
            open.hunks.extend(last);
            taken
        });
        tally.end = match end {
            PassEnd::Complete => End::Complete,
            PassEnd::Stopped => End::Cut,
            PassEnd::Cancelled => End::Cancelled,
        };
        if end == PassEnd::Complete && !open.hunks.is_empty() {
            tally.count(&open.hunks);
            if take(&open.hunks).is_break() {
                tally.end = End::Cut;
            }
        }
        tally
    }

    /// Gives `sink` the parts of the alignment, in order.
    fn parts(&self, a: Span, b: Span, sink: &mut (dyn FnMut(Aligned) -> ControlFlow<()> + Send)) -> PassEnd {
        let (prefix, suffix) = self.common_ends(a, b);
        let inner = |span: Span| Span::between(span.start() + prefix, span.end() - suffix);
        let ends = |prefix_end: bool| {
            let mut hunks = HunkList::default();
            match prefix_end {
                true => hunks.push_equal((a.start(), b.start()), prefix),
                false => hunks.push_equal((a.end() - suffix, b.end() - suffix), suffix),
            }
            Aligned { hunks, unread: Sides::default() }
        };
        if sink(ends(true)).is_break() {
            return PassEnd::Stopped;
        }
        match self.middle(inner(a), inner(b), sink) {
            PassEnd::Complete if sink(ends(false)).is_break() => PassEnd::Stopped,
            end => end,
        }
    }

    /// How many bytes both begin with, and how many of the others they end with.
    fn common_ends(&self, a: Span, b: Span) -> (u64, u64) {
        let compare = |a: Span, b: Span| {
            let pair = BytePair::of_spans((self.a, a), (self.b, b));
            ByteCompare { pair, progress: self.progress, tuning: self.tuning.scan }
        };
        let first = compare(a, b);
        let next = first.next(0);
        let prefix = next.run.map_or(first.pair.len, |run| run.start());
        let lost = [&next.unread.a, &next.unread.b];
        let lost = lost.into_iter().filter_map(|unread| unread.ranges().first()).map(|range| range.start());
        let prefix = lost.fold(prefix, u64::min);
        let common = a.len().min(b.len()) - prefix;
        let tail = |span: Span| Span::between(span.end() - common, span.end());
        let previous = compare(tail(a), tail(b)).previous(common);
        let last = previous.run.map_or(0, |run| run.end());
        let lost = [&previous.unread.a, &previous.unread.b];
        let lost = lost.into_iter().filter_map(|unread| unread.ranges().last()).map(|range| range.end());
        (prefix, common - lost.fold(last, u64::max))
    }

    /// What is between the common ends.
    fn middle(&self, a: Span, b: Span, sink: &mut (dyn FnMut(Aligned) -> ControlFlow<()> + Send)) -> PassEnd {
        let cutter =
            Cutter::new((a.len() + b.len()).div_ceil(self.tuning.most_chunks.max(1)).max(1).ilog2() + 1);
        let work = |stretch: Stretch, _: &mut ()| self.part(stretch, cutter);
        let pool = Pool { threads: self.tuning.scan.threads, cancel: self.progress.as_cancel() };
        let mut unread = Sides::default();
        let stretches = match self.fits(a, b) {
            true => vec![Stretch { a, b, is_match: false }],
            false => self.chunked(a, b, cutter, &mut unread),
        };
        let lost = Aligned { hunks: HunkList::default(), unread };
        if sink(lost).is_break() {
            return PassEnd::Stopped;
        }
        let mut pieces = stretches.into_iter().flat_map(|stretch| self.pieces(stretch));
        pool.run(&mut || pieces.next(), &work, sink)
    }

    fn fits(&self, a: Span, b: Span) -> bool {
        a.is_empty() || b.is_empty() || a.len().max(b.len()) <= self.tuning.in_memory
    }

    /// Aligns the chunks of both.
    fn chunked(&self, a: Span, b: Span, cutter: Cutter, unread: &mut Sides<Unread>) -> Vec<Stretch> {
        let own = chunks_of(self.a, a, cutter, self.tuning.scan, self.progress);
        let other = chunks_of(self.b, b, cutter, self.tuning.scan, self.progress);
        unread.a.merge(&own.unread);
        unread.b.merge(&other.unread);
        if self.progress.is_cancelled() {
            return Vec::new();
        }
        stretches(&own.chunks, &other.chunks, (a.start(), b.start()))
    }

    /// Long equal runs in pieces for several cores.
    fn pieces(&self, stretch: Stretch) -> impl Iterator<Item = Stretch> + use<> {
        let step = if stretch.is_match { self.tuning.compared.max(1) } else { u64::MAX };
        let mut at = 0;
        std::iter::from_fn(move || {
            let len = stretch.a.len().max(stretch.b.len());
            let end = at + step.min(len - at);
            let part = |span: Span| {
                Span::between(span.start() + at.min(span.len()), span.start() + end.min(span.len()))
            };
            let piece = Stretch { a: part(stretch.a), b: part(stretch.b), ..stretch };
            let is_there = at < len;
            at = end;
            is_there.then_some(piece)
        })
    }

    /// One stretch, on the thread of a worker.
    fn part(&self, stretch: Stretch, cutter: Cutter) -> Aligned {
        let Stretch { a, b, is_match } = stretch;
        let mut aligned = Aligned::default();
        let alone = Self {
            tuning: AlignTuning { scan: Tuning { threads: 1, ..self.tuning.scan }, ..self.tuning },
            ..*self
        };
        if is_match {
            alone.at_same_places(a, b, u64::MAX, &mut aligned);
        } else if a.is_empty() || b.is_empty() {
            aligned.hunks.push_change((a, b));
        } else if self.fits(a, b) {
            alone.in_memory(a, b, &mut aligned);
        } else {
            let is_done = alone.by_smaller_chunks(a, b, cutter, &mut aligned)
                || (a.len() == b.len() && alone.at_same_places(a, b, a.len() / 4, &mut aligned));
            if !is_done {
                aligned.hunks.push_change((a, b));
            }
        }
        aligned
    }

    /// Whether there are no more differences at the same places than so many bytes; then they are added.
    fn at_same_places(&self, a: Span, b: Span, most: u64, aligned: &mut Aligned) -> bool {
        let pair = BytePair::of_spans((self.a, a), (self.b, b));
        let progress = self.progress.apart();
        let compare = ByteCompare { pair, progress: &progress, tuning: self.tuning.scan };
        let (mut runs, mut bytes) = (SpanBatch::default(), 0);
        let tally = compare.find_each(Span::first(pair.len), &mut |found| {
            found.even().for_each(|even| {
                bytes += even.count * even.first.len();
                runs.push_even(even);
            });
            if bytes > most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        if tally.end == End::Cut || bytes > most {
            return false;
        }
        self.progress.advance(pair.len);
        let in_source = |side: PairSide, unread: &Unread, to: &mut Unread| {
            if let Some(reason) = unread.reason() {
                unread.ranges().iter().for_each(|range| to.add(pair.span_in(side, *range), reason));
            }
        };
        in_source(PairSide::A, &tally.unread.a, &mut aligned.unread.a);
        in_source(PairSide::B, &tally.unread.b, &mut aligned.unread.b);
        let lost = tally.unread.a.ranges().iter().chain(tally.unread.b.ranges());
        let runs = with_lost(runs, lost.copied().collect());
        aligned.hunks.push_at_same_places((a.start(), b.start()), pair.len, &runs);
        true
    }

    fn in_memory(&self, a: Span, b: Span, aligned: &mut Aligned) {
        let read = |source: &dyn Source, span: Span, unread: &mut Unread| {
            let mut bytes = vec![0; span.len() as usize];
            let at_once = unmapped(source, span.len().max(1));
            for (part, buf) in span.chunks(at_once).zip(bytes.chunks_mut(at_once as usize)) {
                if let Err(error) = source.read_cancellable(part.start(), buf, self.progress.as_cancel()) {
                    unread.add(error.span().intersect(part).unwrap_or(part), &error);
                    return None;
                }
            }
            Some(bytes)
        };
        let own = read(self.a, a, &mut aligned.unread.a);
        let other = read(self.b, b, &mut aligned.unread.b);
        self.progress.advance(a.len() + b.len());
        match (own, other) {
            (Some(own), Some(other)) => {
                Runs { a: &own, b: &other, at: (a.start(), b.start()) }.refine(&mut aligned.hunks);
            }
            _ => aligned.hunks.push_change((a, b)),
        }
    }

    /// Whether there are common chunks of a smaller size.
    fn by_smaller_chunks(&self, a: Span, b: Span, cutter: Cutter, aligned: &mut Aligned) -> bool {
        let wanted = (a.len() + b.len()).div_ceil(self.tuning.most_chunks.max(1)).max(1).ilog2() + 1;
        if wanted + 2 > cutter.bits() {
            return false;
        }
        let cutter = Cutter::new(wanted);
        let stretches = self.chunked(a, b, cutter, &mut aligned.unread);
        if !stretches.iter().any(|stretch| stretch.is_match) {
            return false;
        }
        for stretch in stretches {
            let part = self.part(stretch, cutter);
            aligned.unread.merge(&part.unread);
            part.hunks.hunks.into_iter().for_each(|hunk| aligned.hunks.push(hunk));
        }
        true
    }
}

impl AlignTally {
    fn count(&mut self, hunks: &[Hunk]) {
        for hunk in hunks.iter().filter(|hunk| hunk.is_change()) {
            self.changes += 1;
            self.changed.a += hunk.a.len();
            self.changed.b += hunk.b.len();
        }
    }
}

/// The runs and what could not be read, which nobody knows to be equal.
fn with_lost(runs: SpanBatch, mut lost: Vec<Span>) -> SpanBatch {
    if lost.is_empty() {
        return runs;
    }
    lost.extend(runs.iter());
    lost.sort_unstable();
    let mut joined = SpanBatch::default();
    let mut open: Option<Span> = None;
    for span in lost {
        match &mut open {
            Some(open) if span.start() <= open.end() => {
                *open = Span::between(open.start(), open.end().max(span.end()));
            }
            open => open.replace(span).into_iter().for_each(|span| joined.push(span)),
        }
    }
    open.into_iter().for_each(|span| joined.push(span));
    joined
}
