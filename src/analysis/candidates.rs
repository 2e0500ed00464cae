//! Places worth a copy: where mapped bytes have what every answer has.
//!
//! A kernel says by which few bytes its answers can be told ([`Probes`]), and how far from the start of an answer they
//! are. The pass looks for these bytes in the map and copies only what is around them. Where candidates are dense, the
//! copied runs grow, until all is copied and nothing is searched twice.

use crate::bytes::RawBytes;
use crate::bytes::raw::Probes;
use std::ops::{Range, RangeInclusive};

/// Starts that are copied around a lone candidate.
const SHORT_RUN: usize = 512;
/// Bytes that are searched before it is asked whether to go on.
const STEP: usize = 256 << 10;

/// How to tell where an answer may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidates {
    probes: Probes,
    /// From the start of an answer to the place of its probe.
    distances: RangeInclusive<usize>,
}

impl Candidates {
    /// Every answer has one of the probes at one of the distances from its start.
    pub fn new(probes: Probes, distances: RangeInclusive<usize>) -> Self {
        Self { probes, distances }
    }

    /// For answers that any of these tells; `None` for too many.
    pub fn any_of(each: &[&Self]) -> Option<Self> {
        let probes = Probes::any_of(each.iter().map(|own| &own.probes))?;
        let least = each.iter().map(|own| *own.distances.start()).min()?;
        let farthest = each.iter().map(|own| *own.distances.end()).max()?;
        Some(Self { probes, distances: least..=farthest })
    }

    /// Calls `look` with runs of starts, ascending, none longer than `most`, that all answers begin in which begin in
    /// `starts`. Ends when `goes_on`, which is asked often, is false.
    pub(super) fn each_run(
        &self,
        raw: &RawBytes<'_>,
        starts: Range<usize>,
        most: usize,
        goes_on: &dyn Fn() -> bool,
        look: &mut dyn FnMut(Range<usize>),
    ) {
        let (least, farthest) = (*self.distances.start(), *self.distances.end());
        // The probes of a longer answer may reach over the end where a shorter one still fits: the last starts are all
        // looked at.
        let probed = raw.len().saturating_sub(self.probes.reach() + farthest).min(starts.end);
        let mut from = starts.start;
        let mut run = SHORT_RUN.min(most);
        while from < probed && goes_on() {
            let to = probed.min(from + STEP);
            let Some(place) = raw.find(&self.probes, from + least, to + farthest) else {
                from = to;
                continue;
            };
            let first = place.saturating_sub(farthest).max(from);
            run = if first - from < run { (2 * run).min(most) } else { SHORT_RUN.min(most) };
            let end = starts.end.min(first + run);
            if first < end {
                look(first..end);
            }
            from = end.max(first);
        }
        while from < starts.end && goes_on() {
            let end = starts.end.min(from + most.max(1));
            look(from..end);
            from = end;
        }
    }
}
