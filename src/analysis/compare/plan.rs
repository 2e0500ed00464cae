//! The pieces that a comparison reads, from either end. What is known to be equal is left out.

use super::pair::{BytePair, EqualRuns, PairKnown};
use crate::analysis::plan::Direction;
use crate::bytes::Span;

/// The next piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PlannedPair {
    /// The places to be compared.
    pub places: Span,
    /// Places left out since the piece before.
    pub skipped: u64,
}

#[derive(Debug)]
pub(super) struct PairPlan<'a> {
    equal: EqualRuns<'a>,
    /// What is not planned yet.
    rest: Span,
    chunk: u64,
    direction: Direction,
    /// The first places of the rest, up to here, are known to be unknown.
    unknown_until: u64,
}

impl<'a> PairPlan<'a> {
    /// `within` in pieces that end at multiples of `chunk`, which is at least 1.
    pub fn new(pair: BytePair<'a>, within: Span, chunk: u64, direction: Direction) -> Self {
        Self { equal: EqualRuns::new(pair), rest: within, chunk, direction, unknown_until: within.start() }
    }

    /// The next piece.
    ///
    /// # Errors
    /// The places that are left out at the end, when no more follows.
    pub fn next(&mut self) -> Result<PlannedPair, u64> {
        let before = self.rest.len();
        let planned = match self.direction {
            Direction::Forward => self.first(),
            Direction::Backward => self.last(),
        };
        let Some(places) = planned else {
            self.rest = Span::empty_at(self.rest.start());
            return Err(before);
        };
        self.rest = match self.direction {
            Direction::Forward => Span::between(places.end(), self.rest.end()),
            Direction::Backward => Span::between(self.rest.start(), places.start()),
        };
        Ok(PlannedPair { places, skipped: before - places.len() - self.rest.len() })
    }

    fn grid_end(&self, at: u64) -> u64 {
        (at - at % self.chunk).saturating_add(self.chunk)
    }

    fn first(&mut self) -> Option<Span> {
        let mut at = self.rest.start();
        if at >= self.unknown_until {
            let mut found = None;
            self.equal.walk(self.rest, self.chunk, &mut |known, run| {
                found = (known == PairKnown::Unknown).then_some(run);
                found.is_none()
            });
            let run = found?;
            (at, self.unknown_until) = (run.start(), run.end());
        }
        let end = self.grid_end(at).min(self.unknown_until);
        Span::new(at, end).filter(|places| !places.is_empty())
    }

    /// The last chunk that is unknown. Windows from the end backwards are asked, each twice as long as the one before.
    fn last(&self) -> Option<Span> {
        let (mut end, mut len) = (self.rest.end(), self.chunk);
        while end > self.rest.start() {
            let grid = end - 1 - (end - 1) % self.chunk;
            let start = grid.saturating_sub(len - self.chunk).max(self.rest.start());
            let mut last = None;
            self.equal.walk(Span::between(start, end), u64::MAX, &mut |known, run| {
                if known == PairKnown::Unknown {
                    last = Some(run);
                }
                true
            });
            if let Some(run) = last {
                let from = (run.end() - 1 - (run.end() - 1) % self.chunk).max(run.start());
                return Span::new(from, run.end());
            }
            end = start;
            len = len.saturating_mul(2);
        }
        None
    }
}
