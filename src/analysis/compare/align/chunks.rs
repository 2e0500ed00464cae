//! The chunks of a span of a source, each with a hash, cut on all cores.
//!
//! Segments are cut each for itself, from its first byte on. So a few chunks at the start of a segment are others than
//! they would be elsewhere; what is not found equal for that is compared byte by byte later.

use super::gear::Cutter;
use crate::analysis::compare::pair::unmapped;
use crate::analysis::pool::Pool;
use crate::analysis::reading::Reader;
use crate::analysis::tuning::Tuning;
use crate::analysis::unread::Unread;
use crate::bytes::{Source, Span};
use crate::job::Progress;
use std::ops::ControlFlow;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// Chunks of a segment, about.
const SEGMENT_CHUNKS: u64 = 2048;

/// A chunk; where it begins follows from those before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chunked {
    pub len: u32,
    pub hash: u64,
}

/// The chunks of a span, in order.
#[derive(Debug, Default)]
pub(super) struct ChunkList {
    pub chunks: Vec<Chunked>,
    pub unread: Unread,
}

/// What a worker keeps from segment to segment.
#[derive(Debug, Default)]
struct CutHands {
    buffer: Vec<u8>,
}

/// Cuts `span` of `source`. After a cancel some chunks are missing.
pub(super) fn chunks_of(
    source: &dyn Source,
    span: Span,
    cutter: Cutter,
    tuning: Tuning,
    progress: &Progress,
) -> ChunkList {
    let cancel = progress.as_cancel();
    let (reader, threads, chunk) = Reader::new(source, cancel, tuning, span.len());
    let chunk = unmapped(source, chunk);
    let mut segments = span.chunks(SEGMENT_CHUNKS << cutter.bits());
    let mut list = ChunkList::default();
    let work = |segment: Span, hands: &mut CutHands| {
        let cut = cut_segment(&reader, segment, cutter, chunk, hands);
        progress.advance(segment.len());
        cut
    };
    Pool { threads, cancel }.run(&mut || segments.next(), &work, &mut |cut: ChunkList| {
        list.chunks.extend(cut.chunks);
        list.unread.merge(&cut.unread);
        ControlFlow::Continue(())
    });
    list
}

fn cut_segment(
    reader: &Reader<'_>,
    segment: Span,
    cutter: Cutter,
    chunk: u64,
    hands: &mut CutHands,
) -> ChunkList {
    let mut list = ChunkList::default();
    let (mut at, mut kept) = (segment.start(), 0);
    let buffer = &mut hands.buffer;
    while at < segment.end() && !reader.cancel.is_cancelled() {
        // `kept` bytes before `at` belong to a chunk that is not at its end.
        let read = Span::between(at, at.saturating_add(chunk).min(segment.end()));
        buffer.resize(kept + read.len() as usize, 0);
        let mut lost = Unread::default();
        reader.read(read, &mut buffer[kept..], &mut lost, &mut |_, _| {});
        at = read.end();
        if !lost.is_empty() {
            list.unread.merge(&lost);
            push_lost(&mut list, at, buffer.len());
            kept = 0;
            continue;
        }
        let mut done = 0;
        while buffer.len() - done >= cutter.most() || (at == segment.end() && done < buffer.len()) {
            let len = cutter.cut(&buffer[done..]);
            list.chunks.push(Chunked { len: len as u32, hash: xxh3_64(&buffer[done..done + len]) });
            done += len;
        }
        buffer.drain(..done);
        kept = buffer.len();
    }
    list
}

/// Adds bytes up to `end` as a chunk that is equal to no other: some of them could not be read.
fn push_lost(list: &mut ChunkList, end: u64, len: usize) {
    let hash = xxh3_64_with_seed(&end.to_le_bytes(), std::ptr::from_ref(list) as u64);
    list.chunks.push(Chunked { len: len as u32, hash });
}
