//! The pass over a source that every analysis is made of: in chunks, on several threads, answers in order.
//!
//! 1. A `Plan` cuts the span into chunks, leaving out holes where zeros can't matter. A chunk owns the positions in
//!    it; what begins in it may reach over its end, so it is read with an overlap.
//! 2. Workers take chunks as they come, each with a buffer of its own that fits into its core's cache: bytes are copied
//!    once and searched while they are in the cache. A kernel that can tell candidates by few bytes gets only these
//!    copied, see [`super::candidates`]; then what a worker takes at a time is larger, so that it maps less often.
//! 3. What can't be read is read again in small pieces, so that only the bad blocks are lost: see `reading.rs`.
//! 4. Parts go to the sink in the order of the plan, see [`super::pool`]. A chunk whose part grows hands it in and goes
//!    on with another, so that memory is bounded however much is found.
//!
//! It does not depend on the query.

use super::candidates::Candidates;
use super::plan::{Chunk, Direction, Plan};
use super::pool::{Answers, HandIn, PassEnd, Pool};
use super::reading::Reader;
use super::tuning::Tuning;
use super::unread::Unread;
use super::window::Window;
use crate::bytes::{Source, Span};
use crate::job::{Cancel, Progress};
use std::cell::Cell;
use std::ops::ControlFlow;

/// Bytes around a chunk that its answer depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Margin {
    /// Before what begins in the chunk: what is seen there, and is no part of an answer.
    pub before: usize,
    /// Behind the chunk, at most so many bytes belong to what begins in it.
    pub overlap: usize,
    /// Behind that: what is seen there, and is no part of an answer.
    pub behind: usize,
}

/// What is done with every chunk.
pub trait Kernel: Sync {
    /// What a chunk yields.
    type Part: Default + Send;

    /// What is read around a chunk.
    fn margin(&self) -> Margin;

    /// Whether bytes far from everything but zeros need not be looked at.
    fn skips_zeros(&self) -> bool;

    /// How to tell the places worth a look, if few bytes do.
    fn candidates(&self) -> Option<&Candidates> {
        None
    }

    /// Bytes that a part takes. One that has grown is handed in, and the chunk goes on with another. 0 where a part stays
    /// small whatever is found.
    fn weigh(&self, _part: &Self::Part) -> usize {
        0
    }

    /// Whether it is known without a look what begins in bytes that are all this one.
    fn knows_run(&self, _byte: u8) -> bool {
        false
    }

    /// Adds what begins in `starts` and ends by `end`, where all of it lies in bytes that are this one: what
    /// [`Self::knows_run`] knows.
    fn run(&self, _byte: u8, _starts: Span, _end: u64, _part: &mut Self::Part) {}

    /// Looks at one window, in ascending order within a chunk; more than one where bytes between could not be read,
    /// or are no candidates.
    fn look(&self, window: &Window<'_>, part: &mut Self::Part);
}

/// What a chunk yields, or a part of a chunk.
#[derive(Debug, Default)]
pub struct ChunkYield<P> {
    /// The positions that it is about.
    pub owned: Span,
    pub part: P,
    pub unread: Unread,
}

/// What is passed over, and how.
#[derive(Clone, Copy, Debug)]
pub struct Scan<'a> {
    pub source: &'a dyn Source,
    /// Where answers begin.
    pub within: Span,
    /// Where they end at the latest.
    pub end: u64,
    pub direction: Direction,
    pub tuning: Tuning,
}

/// Takes what a chunk yields; breaks when it has enough.
pub type Sink<'s, P> = Answers<'s, ChunkYield<P>>;

/// Runs `kernel` over `scan.within` and gives its parts to `sink` in order, on any thread, one at a time.
/// `progress` counts bytes; its total is the caller's.
pub fn scan<K: Kernel>(scan: &Scan<'_>, kernel: &K, progress: &Progress, sink: Sink<'_, K::Part>) -> PassEnd {
    scan_counted(scan, kernel, progress.as_cancel(), &|by| progress.advance(by), sink)
}

/// As [`scan`], with `count` told of what is done.
pub(super) fn scan_counted<K: Kernel>(
    scan: &Scan<'_>,
    kernel: &K,
    cancel: &Cancel,
    count: &(dyn Fn(u64) + Sync),
    sink: Sink<'_, K::Part>,
) -> PassEnd {
    let len = scan.source.len();
    let within = scan.within.clamp_to(len);
    let margin = kernel.margin();
    let (reader, threads, chunk) = Reader::new(scan.source, cancel, scan.tuning, within.len());
    let copied = chunk.max(margin.overlap as u64);
    let taken = match kernel.candidates() {
        Some(_) => taken_at_once(scan.source, within, threads, copied),
        None => copied,
    };
    let end = scan.end.min(len);
    let knows_run = |byte| kernel.knows_run(byte);
    let mut plan = Plan::new(scan.source, within, end, scan.direction)
        .in_chunks(taken, margin.overlap as u64)
        .skipping_holes(kernel.skips_zeros())
        .answering_runs(&knows_run);
    let is_forward = scan.direction == Direction::Forward;
    let looker = Looker { reader, kernel, count, margin, end, len, chunk: copied, is_forward };
    let mut pieces = || {
        let next = plan.next();
        count(next.as_ref().map_or_else(|skipped| *skipped, |chunk| chunk.skipped));
        next.ok()
    };
    let work = |chunk: Chunk, buffer: &mut Vec<u8>, hand_in: YieldOf<'_, K>| match chunk.byte {
        Some(byte) => looker.run(byte, chunk.owned, hand_in),
        None => looker.look_at(chunk.owned, buffer, hand_in),
    };
    let weigh = |piece: &ChunkYield<K::Part>| kernel.weigh(&piece.part);
    Pool { threads, cancel }.run_in_parts(&mut pieces, &work, &weigh, sink)
}

/// Takes what a chunk yields.
type YieldOf<'h, K> = HandIn<'h, ChunkYield<<K as Kernel>::Part>>;

/// Weight of the first part of a chunk: what is found first is told at once.
const FIRST_WEIGHT: usize = 1;
/// That of further ones: so many times that of the part before, up to the most.
const WEIGHT_GROWTH: usize = 16;
const MOST_WEIGHT: usize = 64 << 10;

/// Chunks that a worker takes at once where most bytes are not copied: so many are mapped at a time, 8 MiB by default.
/// The system maps and unmaps large cached pages by one entry each.
const MAPPED_CHUNKS: u64 = 16;

/// The same of few bytes: fewer are not worth a map of their own.
const LEAST_MAPPED_CHUNKS: u64 = 4;

/// Bytes that a worker takes at once of `within`, of which so many are copied at once if they are: more where most are
/// only looked at in a map.
pub(super) fn taken_at_once(source: &dyn Source, within: Span, threads: usize, copied: u64) -> u64 {
    if !is_mapped(source, within) {
        return copied;
    }
    // Each thread is to have a few pieces, so that none waits long for another at the end.
    copied * (within.len() / (4 * threads as u64) / copied).clamp(LEAST_MAPPED_CHUNKS, MAPPED_CHUNKS)
}

/// Whether most of `within` can be looked at where it is mapped, as far as two of its bytes tell.
fn is_mapped(source: &dyn Source, within: Span) -> bool {
    let byte = |at: u64| Span::at(at, 1).is_some_and(|byte| source.look_mapped(byte, &mut |_| ()));
    !within.is_empty() && (byte(within.start()) || byte(within.start() + within.len() / 2))
}

/// Reads chunks and shows them to the kernel.
struct Looker<'a, K> {
    reader: Reader<'a>,
    kernel: &'a K,
    count: &'a (dyn Fn(u64) + Sync),
    margin: Margin,
    /// Where answers end at the latest.
    end: u64,
    /// Length of the source.
    len: u64,
    /// Bytes that are copied at once.
    chunk: u64,
    /// Whether parts are handed in on the way. Backward, the last of a chunk counts first.
    is_forward: bool,
}

/// What has been found of a chunk, and not handed in.
struct Yielding<'h, K: Kernel> {
    piece: ChunkYield<K::Part>,
    /// Where the part begins.
    from: u64,
    /// The weight from which it is handed in.
    most: usize,
    hand_in: YieldOf<'h, K>,
}

impl<K: Kernel> Yielding<'_, K> {
    /// Hands in what there is of the positions before `to`.
    fn hand_in(&mut self, to: u64) -> ControlFlow<()> {
        let mut piece = std::mem::take(&mut self.piece);
        piece.owned = Span::between(self.from, to);
        self.from = to;
        self.most = self.most.saturating_mul(WEIGHT_GROWTH).min(MOST_WEIGHT);
        (self.hand_in)(piece)
    }
}

impl<K: Kernel> Looker<'_, K> {
    /// Has the kernel say what is in a run of one byte.
    fn run(&self, byte: u8, owned: Span, hand_in: YieldOf<'_, K>) {
        let mut piece = ChunkYield { owned, ..ChunkYield::default() };
        self.kernel.run(byte, owned, self.end, &mut piece.part);
        (self.count)(owned.len());
        let _ = hand_in(piece);
    }

    /// Shows the kernel all of a chunk that can be read.
    fn look_at(&self, owned: Span, buffer: &mut Vec<u8>, hand_in: YieldOf<'_, K>) {
        let most = if self.is_forward { FIRST_WEIGHT } else { usize::MAX };
        let mut made = Yielding { piece: ChunkYield::default(), from: owned.start(), most, hand_in };
        let mut at = owned.start();
        while at < owned.end()
            && let Some(to) = self.look_at_candidates(Span::between(at, owned.end()), buffer, &mut made)
        {
            (self.count)(to - at);
            at = to;
            if at < owned.end() && made.hand_in(at).is_break() {
                return;
            }
        }
        while at < owned.end() && !self.reader.cancel.is_cancelled() {
            let part = Span::between(at, at.saturating_add(self.chunk).min(owned.end()));
            if part == owned || !self.kernel.skips_zeros() || self.has_data(part) {
                self.look_at_copy(part, buffer, &mut made.piece);
            }
            (self.count)(part.len());
            at = part.end();
            if at < owned.end() && self.is_heavy(&made) && made.hand_in(at).is_break() {
                return;
            }
        }
        let _ = made.hand_in(owned.end());
    }

    fn is_heavy(&self, made: &Yielding<'_, K>) -> bool {
        self.kernel.weigh(&made.piece.part) >= made.most
    }

    /// Whether anything but zeros may be in what begins in `owned`.
    fn has_data(&self, owned: Span) -> bool {
        let reach = self.read_for(owned);
        self.reader.source.data_after(owned.start()).is_some_and(|data| data.start() < reach.end())
    }

    /// What is read for the positions of `owned`.
    fn read_for(&self, owned: Span) -> Span {
        let end = owned.end().saturating_add(self.margin.overlap as u64).min(self.end).max(owned.end());
        let behind = end.saturating_add(self.margin.behind as u64).min(self.len).max(end);
        Span::between(owned.start().saturating_sub(self.margin.before as u64), behind)
    }

    /// Looks for candidates in mapped bytes and shows the kernel what is around them. Where it has ended: before the end
    /// of `owned` when the part became heavy. `None` when that was not possible.
    fn look_at_candidates(
        &self,
        owned: Span,
        buffer: &mut Vec<u8>,
        made: &mut Yielding<'_, K>,
    ) -> Option<u64> {
        let candidates = self.kernel.candidates()?;
        let read = self.read_for(owned);
        let to = Cell::new(owned.end());
        let is_whole = self.reader.source.look_mapped(read, &mut |raw| {
            let starts = owned.start() - read.start();
            let starts = starts as usize..(starts + owned.len()) as usize;
            let behind = self.margin.overlap + self.margin.behind;
            let most = self.chunk as usize;
            let goes_on = || to.get() == owned.end() && !self.reader.cancel.is_cancelled();
            candidates.each_run(raw, starts, most, &goes_on, &mut |run| {
                let first = run.start.saturating_sub(self.margin.before);
                let last = run.end.saturating_add(behind).min(raw.len());
                let bytes = sized(buffer, last - first);
                raw.copy(first, bytes);
                let span = |from: usize, to: usize| {
                    Span::between(read.start() + from as u64, read.start() + to as u64)
                };
                let own = span(run.start, run.end);
                self.show(own, span(first, last), bytes, &mut made.piece.part);
                // Whether all of it could be read is known afterwards, so nothing is handed in here.
                if self.is_heavy(made) {
                    to.set(own.end());
                }
            });
        });
        if is_whole {
            return Some(to.get());
        }
        made.piece.part = K::Part::default();
        None
    }

    /// Shows the kernel all that can be read of a chunk that fits into the buffer.
    fn look_at_copy(&self, owned: Span, buffer: &mut Vec<u8>, piece: &mut ChunkYield<K::Part>) {
        let read = self.read_for(owned);
        let mut lost = Unread::default();
        let ChunkYield { part, unread, .. } = piece;
        self.reader.read(read, sized(buffer, read.len() as usize), &mut lost, &mut |run, bytes| {
            self.show(owned, run, bytes, part);
        });
        // Bytes that are only seen beside a chunk are not its own.
        let own = Span::between(owned.start(), self.end.max(owned.end()));
        if let Some(reason) = lost.reason() {
            let ranges = lost.ranges().iter().filter_map(|range| range.intersect(own));
            ranges.for_each(|range| unread.add(range, reason));
        }
    }

    /// Shows the kernel `bytes`, which are those of `run`, if anything that `owned` has begins there.
    fn show(&self, owned: Span, run: Span, bytes: &[u8], part: &mut K::Part) {
        if let Some(owned) = owned.intersect(run)
            && !self.reader.cancel.is_cancelled()
        {
            let place = |offset: u64| (offset.clamp(run.start(), run.end()) - run.start()) as usize;
            let window = Window {
                bytes,
                offset: run.start(),
                first: place(owned.start()),
                starts: place(owned.end()),
                end: place(self.end),
                source_len: self.len,
                cancel: self.reader.cancel,
            };
            self.kernel.look(&window, part);
        }
    }
}

/// The first `len` bytes of a buffer that grows to have them.
fn sized(buffer: &mut Vec<u8>, len: usize) -> &mut [u8] {
    if buffer.len() < len {
        buffer.resize(len, 0);
    }
    &mut buffer[..len]
}
