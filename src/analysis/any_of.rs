//! The pattern of a search: any one of several.

use super::candidates::Candidates;
use super::search::{InRun, Match, Overlaps, Pattern, Sight};
use super::window::Window;
use std::ops::ControlFlow;
use std::sync::Arc;

/// What matches one of these matches. Of those that begin at the same place the longest counts.
#[derive(Clone)]
pub struct AnyOf {
    patterns: Vec<Arc<dyn Pattern>>,
    candidates: Option<Candidates>,
}

impl AnyOf {
    /// The patterns tell all their matches, those that overlap included.
    pub fn new(patterns: Vec<Arc<dyn Pattern>>) -> Self {
        debug_assert!(patterns.iter().all(|pattern| pattern.overlaps() != Overlaps::Apart));
        let each: Option<Vec<&Candidates>> = patterns.iter().map(|pattern| pattern.candidates()).collect();
        let candidates = each.and_then(|each| Candidates::any_of(&each));
        Self { patterns, candidates }
    }
}

impl Pattern for AnyOf {
    fn max_len(&self) -> usize {
        self.patterns.iter().map(|pattern| pattern.max_len()).max().unwrap_or(1)
    }

    fn matches_zeros(&self) -> bool {
        self.patterns.iter().any(|pattern| pattern.matches_zeros())
    }

    /// Two that match everywhere would tell the longer one where it has room, and near an end the other.
    fn in_run(&self, byte: u8) -> InRun {
        let each: Vec<InRun> = self.patterns.iter().map(|pattern| pattern.in_run(byte)).collect();
        let matching: Vec<&InRun> = each.iter().filter(|in_run| **in_run != InRun::Nowhere).collect();
        match matching[..] {
            [] => InRun::Nowhere,
            [only] => *only,
            [..] => InRun::Unknown,
        }
    }

    fn sight(&self) -> Sight {
        self.patterns.iter().map(|pattern| pattern.sight()).fold(Sight::default(), |widest, sight| Sight {
            before: widest.before.max(sight.before),
            behind: widest.behind.max(sight.behind),
        })
    }

    fn candidates(&self) -> Option<&Candidates> {
        self.candidates.as_ref()
    }

    fn find_in(&self, window: &Window<'_>, hit: &mut dyn FnMut(Match) -> ControlFlow<()>) -> ControlFlow<()> {
        if let [pattern] = &self.patterns[..] {
            return pattern.find_in(window, hit);
        }
        let mut hits = Vec::new();
        for pattern in &self.patterns {
            let _ = pattern.find_in(window, &mut |hit| {
                hits.push(hit);
                ControlFlow::Continue(())
            });
        }
        hits.sort_unstable_by_key(|hit: &Match| (hit.at, std::cmp::Reverse(hit.len)));
        hits.dedup_by_key(|hit| hit.at);
        hits.into_iter().try_for_each(hit)
    }
}
