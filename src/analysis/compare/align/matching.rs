//! Which chunks of two lists are the same, in order: the longest common part, about.

use super::chunks::Chunked;
use crate::bytes::Span;
use imara_diff::{Algorithm, Diff, Token};
use std::collections::HashMap;

/// A span of each: a run of chunks with the same hashes, or what lies between two of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub a: Span,
    pub b: Span,
    /// Whether the hashes are equal; what they are of may not be.
    pub is_match: bool,
}

/// The stretches that the chunks of both make up. The lists begin at `starts`.
pub(super) fn stretches(a: &[Chunked], b: &[Chunked], starts: (u64, u64)) -> Vec<Stretch> {
    let mut tokens = HashMap::new();
    let mut token = |chunk: &Chunked| {
        let next = tokens.len() as u32;
        Token(*tokens.entry((chunk.hash, chunk.len)).or_insert(next))
    };
    let before: Vec<Token> = a.iter().map(&mut token).collect();
    let after: Vec<Token> = b.iter().map(&mut token).collect();
    let mut diff = Diff::default();
    diff.compute_with(Algorithm::Histogram, &before, &after, tokens.len() as u32);
    let mut walk = Walk { a, b, at: (0, 0), place: starts, stretches: Vec::new() };
    for hunk in diff.hunks() {
        walk.go(hunk.before.start as usize, hunk.after.start as usize, true);
        walk.go(hunk.before.end as usize, hunk.after.end as usize, false);
    }
    walk.go(a.len(), b.len(), true);
    walk.stretches
}

/// How far both lists have been gone through.
struct Walk<'c> {
    a: &'c [Chunked],
    b: &'c [Chunked],
    at: (usize, usize),
    place: (u64, u64),
    stretches: Vec<Stretch>,
}

impl Walk<'_> {
    fn go(&mut self, a: usize, b: usize, is_match: bool) {
        let len = |chunks: &[Chunked]| chunks.iter().map(|chunk| u64::from(chunk.len)).sum::<u64>();
        let (len_a, len_b) = (len(&self.a[self.at.0..a]), len(&self.b[self.at.1..b]));
        let (from_a, from_b) = self.place;
        self.at = (a, b);
        self.place = (from_a + len_a, from_b + len_b);
        if len_a + len_b > 0 {
            let (a, b) = (Span::between(from_a, from_a + len_a), Span::between(from_b, from_b + len_b));
            self.stretches.push(Stretch { a, b, is_match });
        }
    }
}
