//! A pattern that is searched in the bytes of a slice alone: a match lies in elements of the slice, without a gap.
//!
//! The search begins anew at each run of neighbouring elements, so bytes between elements hide no match.

use super::candidates::Candidates;
use super::search::{InRun, Match, Overlaps, Pattern, Sight};
use super::window::Window;
use crate::decode::array::Array;
use crate::decode::array_runs::ByteRuns;
use std::ops::ControlFlow;

/// A pattern, and the bytes where it is searched.
pub struct InSlice<'a> {
    pattern: &'a dyn Pattern,
    runs: ByteRuns,
}

impl<'a> InSlice<'a> {
    /// `pattern` in the elements of `array`; `None` where elements overlap.
    pub fn new(pattern: &'a dyn Pattern, array: &Array) -> Option<Self> {
        Some(Self { pattern, runs: array.byte_runs()? })
    }
}

impl Pattern for InSlice<'_> {
    fn max_len(&self) -> usize {
        self.pattern.max_len()
    }

    fn matches_zeros(&self) -> bool {
        self.pattern.matches_zeros()
    }

    fn in_run(&self, byte: u8) -> InRun {
        match self.pattern.in_run(byte) {
            InRun::Nowhere => InRun::Nowhere,
            // Not where there are gaps between the elements.
            InRun::Everywhere(_) | InRun::Unknown => InRun::Unknown,
        }
    }

    fn sight(&self) -> Sight {
        self.pattern.sight()
    }

    fn overlaps(&self) -> Overlaps {
        self.pattern.overlaps()
    }

    fn candidates(&self) -> Option<&Candidates> {
        self.pattern.candidates()
    }

    fn remark(&self) -> Option<String> {
        self.pattern.remark()
    }

    fn find_in(&self, window: &Window<'_>, hit: &mut dyn FnMut(Match) -> ControlFlow<()>) -> ControlFlow<()> {
        let place =
            |offset: u64| offset.saturating_sub(window.offset).min(window.bytes.len() as u64) as usize;
        for run in self.runs.from(window.offset + window.first as u64) {
            let first = place(run.start()).max(window.first);
            if first >= window.starts || window.cancel.is_cancelled() {
                break;
            }
            let end = place(run.end());
            let part = Window { first, starts: end.min(window.starts), end: end.min(window.end), ..*window };
            self.pattern.find_in(&part, hit)?;
        }
        ControlFlow::Continue(())
    }
}
