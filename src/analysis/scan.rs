//! The pass over a source that every analysis is made of: in chunks, on several threads, answers in order.
//!
//! 1. A `Plan` cuts the span into chunks, leaving out holes where zeros can't matter. A chunk owns the positions in
//!    it; what begins in it may reach over its end, so it is read with an overlap.
//! 2. Workers take chunks as they come, each with a buffer of its own that fits into its core's cache: bytes are copied
//!    once and searched while they are in the cache.
//! 3. What can't be read is read again in small pieces, so that only the bad blocks are lost.
//! 4. Parts go to the sink in the order of the plan, see [`super::pool`].
//!
//! It does not depend on the query.

use super::plan::{Chunk, Direction, Plan};
use super::pool::{Answers, PassEnd, Pool};
use super::unread::Unread;
use crate::bytes::retry::Retries;
use crate::bytes::{ReadError, ReadErrorKind, ReadHints, Source, Span};
use crate::job::Progress;

/// How a pass is cut up. Tests make everything small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tuning {
    /// Bytes of a chunk, at least 1.
    pub chunk: usize,
    pub threads: usize,
    /// Bytes that are given up at once where reading fails, at least 1.
    pub grain: usize,
}

impl Default for Tuning {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { chunk: 512 << 10, threads: cores.min(8), grain: 4096 }
    }
}

/// Bytes to be looked at.
#[derive(Clone, Copy, Debug)]
pub struct Window<'a> {
    pub bytes: &'a [u8],
    /// Where in the source they begin.
    pub offset: u64,
    /// What begins at this position or later is another window's.
    pub starts: usize,
}

/// What is done with every chunk.
pub trait Kernel: Sync {
    /// What a chunk yields.
    type Part: Default + Send;

    /// How many bytes behind a chunk can belong to what begins in it.
    fn overlap(&self) -> usize;

    /// Whether bytes far from everything but zeros need not be looked at.
    fn skips_zeros(&self) -> bool;

    /// Looks at one window, in ascending order within a chunk; more than one where bytes between could not be read.
    fn look(&self, window: &Window<'_>, part: &mut Self::Part);
}

/// A chunk's yield.
#[derive(Debug, Default)]
pub struct ChunkYield<P> {
    pub part: P,
    pub unread: Unread,
}

/// What is passed over, and how.
#[derive(Clone, Copy, Debug)]
pub struct Scan<'a> {
    pub source: &'a dyn Source,
    pub within: Span,
    pub direction: Direction,
    pub tuning: Tuning,
}

/// Takes what a chunk yields; breaks when it has enough.
pub type Sink<'s, P> = Answers<'s, ChunkYield<P>>;

/// Runs `kernel` over `scan.within` and gives its parts to `sink` in order, on any thread, one at a time.
/// `progress` counts bytes; its total is the caller's.
pub fn scan<K: Kernel>(scan: &Scan<'_>, kernel: &K, progress: &Progress, sink: Sink<'_, K::Part>) -> PassEnd {
    let within = scan.within.clamp_to(scan.source.len());
    let overlap = kernel.overlap() as u64;
    // Smaller reads than this cost as much, and this machine's are not held back by it.
    let hints = scan.source.hints().within_bounds();
    let least = if hints == ReadHints::LOCAL { 1 } else { hints.block_bytes };
    let chunk = (scan.tuning.chunk.max(1) as u64).max(overlap).max(least);
    // A source that is slow to answer wants more requests on their way than there are cores.
    let most = scan.tuning.threads.max(1);
    let most = if hints == ReadHints::LOCAL { most } else { most.max(hints.parallel_reads) };
    let threads = within.len().div_ceil(chunk).clamp(1, most as u64) as usize;
    let mut plan = Plan::new(scan.source, within, scan.direction, chunk, overlap, kernel.skips_zeros());
    let reader = Reader {
        source: scan.source,
        kernel,
        progress,
        grain: (scan.tuning.grain.max(1) as u64).max(least),
        retries: Retries::default(),
    };
    let mut pieces = || {
        let next = plan.next();
        progress.advance(next.as_ref().map_or_else(|skipped| *skipped, |chunk| chunk.skipped));
        next.ok()
    };
    let work = |chunk: Chunk, buffer: &mut Vec<u8>| {
        let mut piece = ChunkYield::default();
        reader.look_at(&chunk, buffer, &mut piece);
        if !progress.is_cancelled() {
            progress.advance(chunk.owned.len());
        }
        piece
    };
    Pool { threads, cancel: progress.as_cancel() }.run(&mut pieces, &work, sink)
}

/// Reads chunks and shows them to the kernel.
struct Reader<'a, K> {
    source: &'a dyn Source,
    kernel: &'a K,
    progress: &'a Progress,
    grain: u64,
    retries: Retries,
}

impl<K: Kernel> Reader<'_, K> {
    /// Shows the kernel all of a chunk that can be read.
    fn look_at(&self, chunk: &Chunk, buffer: &mut Vec<u8>, piece: &mut ChunkYield<K::Part>) {
        let len = chunk.read.len() as usize;
        if buffer.len() < len {
            buffer.resize(len, 0);
        }
        let cancel = self.progress.as_cancel();
        // The runs that are still to be read, the first one last.
        let mut runs = vec![chunk.read];
        while let Some(run) = runs.pop() {
            let buffer = &mut buffer[..run.len() as usize];
            match self.retries.read(self.source, run.start(), buffer, cancel) {
                Ok(()) => self.look_at_run(chunk, run, buffer, &mut piece.part),
                Err(error) if !error.may_spare_parts() => {
                    // Only one of the sources that the bytes come from is out of reach.
                    let bad = failed_part(&error, run);
                    piece.unread.add(bad, &error);
                    let around =
                        [Span::between(bad.end(), run.end()), Span::between(run.start(), bad.start())];
                    runs.extend(around.into_iter().filter(|span| !span.is_empty()));
                }
                Err(_) => {
                    for readable in self.readable_runs(run, buffer, &mut piece.unread) {
                        let from = (readable.start() - run.start()) as usize;
                        let bytes = &buffer[from..from + readable.len() as usize];
                        self.look_at_run(chunk, readable, bytes, &mut piece.part);
                    }
                }
            }
        }
    }

    fn look_at_run(&self, chunk: &Chunk, run: Span, bytes: &[u8], part: &mut K::Part) {
        if let Some(owned) = chunk.owned.intersect(run)
            && !self.progress.is_cancelled()
        {
            let window = Window { bytes, offset: run.start(), starts: owned.len() as usize };
            self.kernel.look(&window, part);
        }
    }

    /// Reads `span` grain by grain and says which runs of it are now in the buffer.
    fn readable_runs(&self, span: Span, buffer: &mut [u8], unread: &mut Unread) -> Vec<Span> {
        let mut runs: Vec<Span> = Vec::new();
        let mut at = span.start();
        while at < span.end() && !self.progress.is_cancelled() {
            let grain_end = (at - at % self.grain).saturating_add(self.grain).min(span.end());
            let grain = Span::between(at, grain_end);
            at = grain_end;
            let place = (grain.start() - span.start()) as usize;
            let buf = &mut buffer[place..place + grain.len() as usize];
            match self.source.read_cancellable(grain.start(), buf, self.progress.as_cancel()) {
                Ok(()) => match runs.last_mut() {
                    Some(last) if last.end() == grain.start() => {
                        *last = Span::between(last.start(), grain.end())
                    }
                    _ => runs.push(grain),
                },
                // What was cut off is not tried grain by grain: a read of all that is left tells how far it goes.
                Err(error) if error.kind() == ReadErrorKind::Changed => {
                    let rest = Span::between(grain.start(), span.end());
                    let cancel = self.progress.as_cancel();
                    let read = self.source.read_cancellable(rest.start(), &mut buffer[place..], cancel);
                    let gone = read.err().map_or(grain, |error| failed_part(&error, rest));
                    let bad = Span::between(grain.start(), gone.end().max(grain.end()));
                    unread.add(bad, &error);
                    at = bad.end();
                }
                Err(error) => unread.add(grain, &error),
            }
        }
        runs
    }
}

/// The part of `asked` that an error is about; all of it where the error names none.
fn failed_part(error: &ReadError, asked: Span) -> Span {
    error.span().intersect(asked).filter(|part| !part.is_empty()).unwrap_or(asked)
}
