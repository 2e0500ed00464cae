//! All lanes together: strings in order, one for each place.
//!
//! A string of which the end is not known yet holds back all that begin behind its start, because it may be the better
//! one. Those that are far too short for that are dropped at once, so only few wait.

use super::lane::{Block, Joiner, Lane, LanePart, Run};
use super::overlap::{Candidate, Resolver};
use super::{Filter, FoundString, MOST_RENDERED, StringSearch, Strings};
use crate::bytes::Span;
use std::ops::ControlFlow;

/// A candidate inside an open string that is so many times as long, and so many bytes more, has lost.
const HOPELESS: (u64, u64) = (64, 4096);

pub(super) struct Collector<'a> {
    search: &'a StringSearch<'a>,
    lanes: &'a [Lane],
    filters: &'a [Filter],
    least: u64,
    joiners: Vec<Joiner>,
    /// What an open string holds back.
    waiting: Vec<Candidate>,
    resolver: Resolver,
    /// What is told next.
    strings: Vec<FoundString>,
    text: Vec<u8>,
}

impl<'a> Collector<'a> {
    /// Nothing is collected yet.
    pub fn new(search: &'a StringSearch<'a>, lanes: &'a [Lane], filters: &'a [Filter], least: u64) -> Self {
        Self {
            search,
            lanes,
            filters,
            least,
            joiners: lanes.iter().map(|_| Joiner::default()).collect(),
            waiting: Vec::new(),
            resolver: Resolver::default(),
            strings: Vec::new(),
            text: Vec::new(),
        }
    }

    /// Takes what the lanes have of the next chunk, and tells what is certain by now.
    pub fn take(&mut self, mut parts: Vec<LanePart>, strings: Strings<'_>) -> ControlFlow<()> {
        for block in parts.iter_mut().flat_map(|part| std::mem::take(&mut part.blocks)) {
            self.take_block(block, strings)?;
        }
        let mut candidates = std::mem::take(&mut self.waiting);
        let mut until = 0;
        for (lane, part) in parts.iter_mut().enumerate() {
            until = part.until;
            for (offset, bytes, starts) in part.windows.drain(..) {
                let encoding = self.lanes[lane].encoding;
                self.joiners[lane].in_order(encoding, offset, &bytes, starts, &mut part.runs);
            }
            let mut rendered = 0;
            for run in &part.runs {
                let place = (rendered, rendered + run.rendered as usize);
                rendered = place.1;
                for whole in self.joiners[lane].take(*run).into_iter().flatten() {
                    candidates.extend(self.candidate(lane, whole, place));
                }
            }
            if let Some(whole) = self.joiners[lane].close(part.until) {
                candidates.extend(self.candidate(lane, whole, (0, 0)));
            }
        }
        self.decide(candidates, &parts, until);
        self.tell(strings)
    }

    /// Takes a window of the only lane: what is whole in it is told as it is.
    fn take_block(&mut self, block: Block, strings: Strings<'_>) -> ControlFlow<()> {
        for run in block.left {
            self.join_only(run);
        }
        if block.whole.is_empty() && block.right.is_none() {
            return self.tell(strings);
        }
        // What went on to here would be among the left ones.
        if let Some(whole) = self.joiners[0].close(u64::MAX).and_then(|run| self.candidate(0, run, (0, 0))) {
            self.add(&whole, &[]);
        }
        self.tell(strings)?;
        strings(&block.whole, &block.rendered)?;
        block.right.into_iter().for_each(|run| self.join_only(run));
        ControlFlow::Continue(())
    }

    /// Takes a run of the only lane, and adds what is whole with it.
    fn join_only(&mut self, run: Run) {
        for whole in self.joiners[0].take(run).into_iter().flatten() {
            if let Some(candidate) = self.candidate(0, whole, (0, 0)) {
                self.add(&candidate, &[]);
            }
        }
    }

    /// Tells what is left when all was seen.
    pub fn finish(&mut self, strings: Strings<'_>) -> ControlFlow<()> {
        let mut candidates = std::mem::take(&mut self.waiting);
        for lane in 0..self.lanes.len() {
            if let Some(whole) = self.joiners[lane].close(u64::MAX) {
                candidates.extend(self.candidate(lane, whole, (0, 0)));
            }
        }
        self.decide(candidates, &[], u64::MAX);
        self.tell(strings)
    }

    fn tell(&mut self, strings: Strings<'_>) -> ControlFlow<()> {
        let flow = strings(&self.strings, &self.text);
        self.strings.clear();
        self.text.clear();
        flow
    }

    /// A whole run as a candidate, if it is long enough.
    fn candidate(&self, lane: usize, run: Run, rendered: (usize, usize)) -> Option<Candidate> {
        let was_open =
            run.open != (false, false) || matches!(self.lanes[lane].marker, super::Marker::InOrder);
        (run.characters >= self.least).then(|| Candidate {
            span: run.span(),
            lane,
            is_narrow: self.lanes[lane].encoding.unit() == 1,
            matches: if was_open { self.is_matched(lane, run.span()) } else { run.matches },
            rendered: (!was_open).then_some(rendered),
        })
    }

    /// Whether a string that was in more than one window has what is looked for.
    fn is_matched(&self, lane: usize, span: Span) -> bool {
        let StringSearch { source, progress, .. } = *self.search;
        self.filters[lane].matches_at(source, span, self.lanes[lane].encoding, progress.as_cancel())
    }

    /// Puts the candidates in order and tells those about which nothing to come can change anything.
    fn decide(&mut self, mut candidates: Vec<Candidate>, parts: &[LanePart], until: u64) {
        if self.lanes.len() == 1 {
            candidates.iter().for_each(|candidate| self.add(candidate, parts));
            return;
        }
        candidates.sort_unstable_by(Candidate::order);
        let open = |joiner: &Joiner| joiner.carry.map(|run| run.start);
        let horizon = self.joiners.iter().filter_map(open).min().unwrap_or(until).min(until);
        let certain = candidates.partition_point(|candidate| candidate.span.start() < horizon);
        for candidate in &candidates[..certain] {
            if let Some(told) = self.resolver.take(*candidate) {
                self.add(&told, parts);
            }
        }
        if let Some(told) = self.resolver.settle(horizon) {
            self.add(&told, parts);
        }
        self.resolver.forget_rendered();
        let later = candidates.drain(certain..).filter(|candidate| !self.is_hopeless(candidate));
        self.waiting = later.map(|candidate| Candidate { rendered: None, ..candidate }).collect();
    }

    /// Whether a candidate is inside an open string that is much longer already.
    fn is_hopeless(&self, candidate: &Candidate) -> bool {
        self.joiners.iter().filter_map(|joiner| joiner.carry).any(|open| {
            let (times, more) = HOPELESS;
            let enough = candidate.span.len().saturating_mul(times).saturating_add(more);
            open.span().covers(candidate.span) && open.span().len() > enough
        })
    }

    /// Adds a string to those that are told next.
    fn add(&mut self, told: &Candidate, parts: &[LanePart]) {
        if !told.matches {
            return;
        }
        let mut found =
            FoundString { span: told.span, encoding: self.lanes[told.lane].encoding, rendered: 0 };
        let before = self.text.len();
        match (told.rendered, parts.get(told.lane)) {
            (Some((start, end)), Some(part)) => self.text.extend_from_slice(&part.rendered[start..end]),
            _ => self.render_anew(&found),
        }
        found.rendered = u32::try_from(self.text.len() - before).unwrap_or(u32::MAX);
        self.strings.push(found);
    }

    fn render_anew(&mut self, found: &FoundString) {
        let Some(render) = self.search.render.filter(|_| found.span.len() <= MOST_RENDERED) else { return };
        let mut bytes = vec![0; found.span.len() as usize];
        let cancel = self.search.progress.as_cancel();
        // It was read a moment ago. If it can't be read any more, there is no text of it.
        if self.search.source.read_cancellable(found.span.start(), &mut bytes, cancel).is_ok() {
            render(found, &bytes, &mut self.text);
        }
    }
}
