//! What a save in place writes, in terms of both lengths: the spans, the bytes that were there, the blocks of the new.
//!
//! Spans are sorted and apart. Up to the new length they are written; up to the old length they held something. Bytes
//! beyond the new length are cut off; bytes beyond the old length are new.

use crate::bytes::{Source, Span};

/// A disk writes at least so many bytes at once or not at all.
pub(super) const SECTOR: u64 = 512;

/// A save in place has at most so many extents: what reads a journal keeps them in memory.
pub(super) const MOST_EXTENTS: u64 = 1 << 20;

/// Holes smaller than this, in bytes, are written as zeros: no file system has smaller ones.
const SMALLEST_HOLE: u64 = 4 << 10;

/// Old bytes above this many are read back from the journal's file instead of being kept in memory.
pub(super) const MOST_IN_MEMORY: u64 = 4 << 20;

/// The spans of a file that a save changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Extents {
    pub spans: Vec<Span>,
    pub old_len: u64,
    pub new_len: u64,
}

impl Extents {
    /// The part of `span` that held bytes before.
    pub fn old_part(&self, span: Span) -> Span {
        span.clamp_to(self.old_len)
    }

    /// The part of `span` that holds bytes afterwards.
    pub fn new_part(&self, span: Span) -> Span {
        span.clamp_to(self.new_len)
    }

    /// How many old bytes there are.
    pub fn old_bytes(&self) -> u64 {
        self.spans.iter().map(|span| self.old_part(*span).len()).sum()
    }

    /// How many bytes are written.
    pub fn new_bytes(&self) -> u64 {
        self.spans.iter().map(|span| self.new_part(*span).len()).sum()
    }

    /// The written part of `span`, which may be a part of an extent, cut where sectors end and where the old length
    /// does. After a power cut each of these has its old bytes or its new ones.
    pub fn blocks(&self, span: Span) -> impl Iterator<Item = Span> {
        let part = self.new_part(span);
        let mut at = part.start();
        let border = self.old_len;
        std::iter::from_fn(move || {
            let start = at;
            let sector_end = (start / SECTOR + 1).saturating_mul(SECTOR);
            let end = if start < border { sector_end.min(border) } else { sector_end }.min(part.end());
            at = end;
            (start < part.end()).then(|| Span::between(start, end))
        })
    }

    /// How many blocks all extents have.
    pub fn block_count(&self) -> u64 {
        let sectors = |span: Span| {
            if span.is_empty() { 0 } else { (span.end() - 1) / SECTOR - span.start() / SECTOR + 1 }
        };
        let of = |span: &Span| {
            let part = self.new_part(*span);
            let inside_a_sector = !self.old_len.is_multiple_of(SECTOR);
            let cut = inside_a_sector && part.start() < self.old_len && self.old_len < part.end();
            sectors(part) + u64::from(cut)
        };
        self.spans.iter().map(of).sum()
    }

    /// Parts of extents of at most `chunk` bytes, no block in two of them when `chunk` is a multiple of sectors; each
    /// with the number of its extent.
    pub fn chunks(&self, chunk: u64) -> impl Iterator<Item = (usize, Span)> {
        self.spans.iter().enumerate().flat_map(move |(n, span)| {
            let (mut at, end) = (span.start(), span.end());
            std::iter::from_fn(move || {
                let start = at;
                at = (start / chunk + 1).saturating_mul(chunk).min(end);
                (start < end).then(|| (n, Span::between(start, at)))
            })
        })
    }

    /// Whether all bytes that are cut off are among the old ones that are kept.
    pub fn has_cut_off(&self) -> bool {
        let last = self.spans.last();
        self.new_len >= self.old_len
            || last.is_some_and(|last| last.start() <= self.new_len && last.end() == self.old_len)
    }

    /// Whether spans are sorted, apart, not empty, and inside the longer of the lengths.
    pub fn is_sound(&self) -> bool {
        let apart = self.spans.windows(2).all(|two| two[0].end() < two[1].start());
        let inside = |span: &Span| !span.is_empty() && span.end() <= self.old_len.max(self.new_len);
        apart && self.spans.iter().all(inside)
    }
}

/// The spans of `source` that may hold something other than zeros, in order, those next to each other as one.
pub(super) fn data_spans(source: &dyn Source) -> impl Iterator<Item = Span> {
    let mut ahead = next_data(source, 0);
    std::iter::from_fn(move || {
        let mut whole = ahead?;
        loop {
            ahead = next_data(source, whole.end());
            match ahead {
                Some(next) if next.start() - whole.end() < SMALLEST_HOLE => {
                    whole = Span::between(whole.start(), next.end());
                }
                _ => return Some(whole),
            }
        }
    })
}

/// The next data at or after `offset`, whatever the source answers: never empty, never behind. An answer that makes no
/// sense must not lose what comes after, so all of it counts as data then.
fn next_data(source: &dyn Source, offset: u64) -> Option<Span> {
    let rest = Span::new(offset, source.len())?;
    source.data_after(offset).map(|data| data.intersect(rest).unwrap_or(rest)).filter(|data| !data.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_end_at_sectors_and_at_the_old_length_and_are_counted_right() {
        let mut random = fastrand::Rng::with_seed(3);
        for _ in 0..2000 {
            let (old_len, new_len) = (random.u64(0..4000), random.u64(0..4000));
            let (mut spans, mut at) = (Vec::new(), 0);
            while at < old_len.max(new_len) {
                let start = at + random.u64(1..900);
                let end = (start + random.u64(1..1500)).min(old_len.max(new_len));
                spans.extend((start < end).then(|| Span::between(start, end)));
                at = end + 1;
            }
            let extents = Extents { spans, old_len, new_len };
            assert!(extents.is_sound());
            let blocks: Vec<Span> = extents.spans.iter().flat_map(|span| extents.blocks(*span)).collect();
            assert_eq!(blocks.len() as u64, extents.block_count(), "{extents:?}");
            assert_eq!(blocks.iter().map(|block| block.len()).sum::<u64>(), extents.new_bytes());
            for block in &blocks {
                assert!(!block.is_empty() && block.start() / SECTOR == (block.end() - 1) / SECTOR);
                assert!(block.end() <= old_len || block.start() >= old_len);
            }
            let in_chunks = extents.chunks(2 * SECTOR).flat_map(|(_, chunk)| extents.blocks(chunk));
            assert_eq!(in_chunks.collect::<Vec<_>>(), blocks);
        }
    }
}
