//! Two runs of bytes in memory are aligned: what both begin and end with, then ever smaller chunks, then bytes.

use super::chunks::Chunked;
use super::gear::{BITS, Cutter};
use super::hunk::HunkList;
use super::matching::{Stretch, stretches};
use crate::analysis::compare::runs::{RunsFound, find_runs};
use crate::bytes::Span;
use imara_diff::{Algorithm, Diff, Token};
use std::ops::Range;
use xxhash_rust::xxh3::xxh3_64;

/// Runs of so many bytes at most are aligned byte by byte.
const MOST_BY_BYTE: usize = 512;

/// Equal bytes between two changes that are fewer than this are part of one change, where bytes are aligned one by one:
/// among other bytes a few are equal by chance.
const LEAST_EQUAL: u64 = 4;

/// Chunks that a run is cut into, about.
const CHUNKS: usize = 256;

/// Runs in memory, and where they begin in their sources.
#[derive(Clone, Copy, Debug)]
pub(super) struct Runs<'r> {
    pub a: &'r [u8],
    pub b: &'r [u8],
    pub at: (u64, u64),
}

impl<'r> Runs<'r> {
    fn part(&self, a: Range<usize>, b: Range<usize>) -> Self {
        let at = (self.at.0 + a.start as u64, self.at.1 + b.start as u64);
        Self { a: &self.a[a], b: &self.b[b], at }
    }

    /// Adds the hunks of the runs to `out`.
    pub fn refine(self, out: &mut HunkList) {
        self.refine_by(BITS.1, out);
    }

    /// The same with chunks that are smaller than two to the power of `bits`.
    fn refine_by(self, bits: u32, out: &mut HunkList) {
        let common = self.a.len().min(self.b.len());
        let prefix = equal_from_start(self.a, self.b);
        let suffix = equal_from_end(&self.a[prefix..], &self.b[prefix..]).min(common - prefix);
        let middle = self.part(prefix..self.a.len() - suffix, prefix..self.b.len() - suffix);
        out.push_equal(self.at, prefix as u64);
        middle.align(bits, out);
        let end = (self.at.0 + (self.a.len() - suffix) as u64, self.at.1 + (self.b.len() - suffix) as u64);
        out.push_equal(end, suffix as u64);
    }

    /// Runs that have no common start or end.
    fn align(self, bits: u32, out: &mut HunkList) {
        let longer = self.a.len().max(self.b.len());
        if self.a.is_empty() || self.b.is_empty() {
            return out.push_change(self.spans());
        }
        if self.is_overwritten(out) {
            return;
        }
        if longer <= MOST_BY_BYTE {
            return self.by_byte(out);
        }
        let wanted = (longer / CHUNKS).max(1).ilog2().max(BITS.0);
        let bits = wanted.min(bits.saturating_sub(2));
        if bits < BITS.0 {
            return out.push_change(self.spans());
        }
        self.by_chunks(Cutter::new(bits), out);
    }

    fn spans(&self) -> (Span, Span) {
        let span = |at: u64, bytes: &[u8]| Span::between(at, at + bytes.len() as u64);
        (span(self.at.0, self.a), span(self.at.1, self.b))
    }

    /// Whether most bytes are equal at the same places; then the hunks are those of the places.
    fn is_overwritten(&self, out: &mut HunkList) -> bool {
        if self.a.len() != self.b.len() {
            return false;
        }
        let mut found = RunsFound::default();
        find_runs(self.a, self.b, 0, &mut found);
        let (runs, bytes) = found.finish();
        if bytes > self.a.len() as u64 / 4 {
            return false;
        }
        out.push_at_same_places(self.at, self.a.len() as u64, &runs);
        true
    }

    fn by_chunks(self, cutter: Cutter, out: &mut HunkList) {
        let own = cut_all(self.a, cutter);
        let other = cut_all(self.b, cutter);
        let stretches = stretches(&own, &other, (0, 0));
        if !stretches.iter().any(|stretch| stretch.is_match) {
            return self.align(cutter.bits(), out);
        }
        for Stretch { a, b, is_match } in stretches {
            let range = |span: Span| span.start() as usize..span.end() as usize;
            let part = self.part(range(a), range(b));
            // Equal hashes are no proof.
            match is_match && part.a == part.b {
                true => out.push_equal(part.at, a.len()),
                false => part.refine_by(cutter.bits(), out),
            }
        }
    }

    fn by_byte(self, out: &mut HunkList) {
        let tokens = |bytes: &[u8]| bytes.iter().map(|byte| Token(u32::from(*byte))).collect::<Vec<_>>();
        let mut diff = Diff::default();
        diff.compute_with(Algorithm::Myers, &tokens(self.a), &tokens(self.b), 256);
        let (mut done_a, mut done_b) = (0, 0);
        let mut open: Option<(Range<u64>, Range<u64>)> = None;
        let span = |at: u64, range: &Range<u64>| Span::between(at + range.start, at + range.end);
        let mut flush = |open: Option<(Range<u64>, Range<u64>)>, out: &mut HunkList| {
            if let Some((a, b)) = open {
                out.push_equal((self.at.0 + done_a, self.at.1 + done_b), a.start - done_a);
                out.push_change((span(self.at.0, &a), span(self.at.1, &b)));
                (done_a, done_b) = (a.end, b.end);
            }
        };
        for hunk in diff.hunks() {
            let (a, b) = (wide(hunk.before), wide(hunk.after));
            match &mut open {
                Some((open_a, open_b)) if a.start - open_a.end < LEAST_EQUAL => {
                    (open_a.end, open_b.end) = (a.end, b.end);
                }
                open => flush(open.replace((a, b)), out),
            }
        }
        flush(open.take(), out);
        out.push_equal((self.at.0 + done_a, self.at.1 + done_b), self.a.len() as u64 - done_a);
    }
}

fn wide(range: Range<u32>) -> Range<u64> {
    u64::from(range.start)..u64::from(range.end)
}

fn cut_all(bytes: &[u8], cutter: Cutter) -> Vec<Chunked> {
    let mut rest = bytes;
    let mut chunks = Vec::new();
    while !rest.is_empty() {
        let (chunk, behind) = rest.split_at(cutter.cut(rest));
        chunks.push(Chunked { len: chunk.len() as u32, hash: xxh3_64(chunk) });
        rest = behind;
    }
    chunks
}

fn equal_from_start(a: &[u8], b: &[u8]) -> usize {
    const AT_ONCE: usize = 64;
    let chunks = a.chunks_exact(AT_ONCE).zip(b.chunks_exact(AT_ONCE));
    let whole = AT_ONCE * chunks.take_while(|(a, b)| a == b).count();
    whole + a[whole..].iter().zip(&b[whole..]).take_while(|(a, b)| a == b).count()
}

fn equal_from_end(a: &[u8], b: &[u8]) -> usize {
    const AT_ONCE: usize = 64;
    let chunks = a.rchunks_exact(AT_ONCE).zip(b.rchunks_exact(AT_ONCE));
    let whole = AT_ONCE * chunks.take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[..a.len() - whole], &b[..b.len() - whole]);
    whole + a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count()
}
