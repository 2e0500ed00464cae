//! The pass over a source that every analysis is made of: in chunks, on several threads, answers in order.
//!
//! 1. A `Plan` cuts the span into chunks, leaving out holes where zeros can't matter. A chunk owns the positions in
//!    it; what begins in it may reach over its end, so it is read with an overlap.
//! 2. Workers take chunks as they come, each with a buffer of its own that fits into its core's cache: bytes are copied
//!    once and searched while they are in the cache.
//! 3. What can't be read is read again in small pieces, so that only the bad blocks are lost: see [`super::reading`].
//! 4. Parts go to the sink in the order of the plan, see [`super::pool`].
//!
//! It does not depend on the query.

use super::plan::{Chunk, Direction, Plan};
use super::pool::{Answers, PassEnd, Pool};
use super::reading::Reader;
use super::tuning::Tuning;
use super::unread::Unread;
use crate::bytes::{Source, Span};
use crate::job::Progress;

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
    let (reader, threads, chunk) = Reader::new(scan.source, progress.as_cancel(), scan.tuning, within.len());
    let chunk = chunk.max(overlap);
    let mut plan = Plan::new(scan.source, within, scan.direction, chunk, overlap, kernel.skips_zeros());
    let mut pieces = || {
        let next = plan.next();
        progress.advance(next.as_ref().map_or_else(|skipped| *skipped, |chunk| chunk.skipped));
        next.ok()
    };
    let work = |chunk: Chunk, buffer: &mut Vec<u8>| {
        let mut piece = ChunkYield::default();
        let len = chunk.read.len() as usize;
        if buffer.len() < len {
            buffer.resize(len, 0);
        }
        let ChunkYield { part, unread } = &mut piece;
        reader.read(chunk.read, &mut buffer[..len], unread, &mut |run, bytes| {
            if let Some(owned) = chunk.owned.intersect(run) {
                let window = Window { bytes, offset: run.start(), starts: owned.len() as usize };
                kernel.look(&window, part);
            }
        });
        if !progress.is_cancelled() {
            progress.advance(chunk.owned.len());
        }
        piece
    };
    Pool { threads, cancel: progress.as_cancel() }.run(&mut pieces, &work, sink)
}
