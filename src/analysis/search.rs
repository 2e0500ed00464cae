//! Where is this? The next place, the one before, or all of them.
//!
//! A search reads a snapshot and never the document, so what it finds is right as of that snapshot for ever.
//! Places that could not be read are reported beside the answer, never taken for 'not found'.

use super::plan::Direction;
use super::pool::PassEnd;
use super::scan::{self, Kernel, Scan, Window};
use super::spans::SpanRecorder;
use super::tuning::Tuning;
use super::unread::Unread;
use crate::bytes::{Source, Span};
use crate::job::Progress;
use std::ops::ControlFlow;

/// What is looked for: something that has a place and a length.
pub trait Pattern: Send + Sync {
    /// Length in bytes of the longest match; at least 1.
    fn max_len(&self) -> usize;

    /// Whether zeros alone can be a match; when they can't, holes are skipped.
    fn matches_zeros(&self) -> bool;

    /// Calls `hit` for every match that begins in the first `window.starts` bytes and lies wholly in the window,
    /// in ascending order of their start, those that overlap included. Ends early when `hit` breaks.
    fn find_in(&self, window: &Window<'_>, hit: &mut dyn FnMut(Match) -> ControlFlow<()>) -> ControlFlow<()>;
}

/// A match, in bytes from the start of its window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    pub at: usize,
    pub len: usize,
}

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Everything asked for was looked at.
    Complete,
    /// There are more hits than the limit allows to keep; at least one more was seen.
    Cut,
    /// The asker lost interest.
    Cancelled,
}

/// The answer to 'next' and 'previous'.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextHit {
    pub span: Option<Span>,
    /// Whether the search went on at the other end of the source; also true when it found nothing there.
    pub wrapped: bool,
    /// [`End::Complete`] or [`End::Cancelled`].
    pub end: End,
    /// What was passed over on the way.
    pub unread: Unread,
}

/// What 'all' says besides the hits, which are in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    pub end: End,
    pub unread: Unread,
}

/// A question: what is looked for, and where.
#[derive(Clone, Copy)]
pub struct Search<'a> {
    pub source: &'a dyn Source,
    pub pattern: &'a dyn Pattern,
    pub progress: &'a Progress,
    pub tuning: Tuning,
}

impl<'a> Search<'a> {
    /// Reads in the way that is fastest on this machine.
    pub fn new(source: &'a dyn Source, pattern: &'a dyn Pattern, progress: &'a Progress) -> Self {
        Self { source, pattern, progress, tuning: Tuning::default() }
    }

    /// The nearest match: forward the first that begins at or after `from`, backward the last that ends at or
    /// before it. With `wrap`, a search that reaches the end goes on from the other end over the rest.
    pub fn find_next(&self, from: u64, direction: Direction, wrap: bool) -> NextHit {
        let len = self.source.len();
        let from = from.min(len);
        let overlap = self.overlap() as u64;
        // The rest begins, or ends, where a match over `from` does; what else it shares with the near part was not
        // found there.
        let (near, rest) = match direction {
            Direction::Forward => {
                (Span::between(from, len), Span::first(from.saturating_add(overlap).min(len)))
            }
            Direction::Backward => (Span::first(from), Span::between(from.saturating_sub(overlap), len)),
        };
        self.progress.set_total(near.len().saturating_add(if wrap { rest.len() } else { 0 }));
        let mut found = NextHit { span: None, wrapped: false, end: End::Complete, unread: Unread::default() };
        self.nearest(near, direction, &mut found);
        if wrap && found.span.is_none() && found.end == End::Complete {
            found.wrapped = true;
            self.nearest(rest, direction, &mut found);
        }
        found
    }

    /// Every match in `within`, each beginning at or after the end of the one before (those that `bytes.replace` of
    /// Python takes). They go to `hits`, whose spans so far lie before `within`, and are published
    /// while the search runs; for a replace-all they are the spans to be replaced, see
    /// [`super::SpanList::iter`].
    pub fn find_all(&self, within: Span, hits: &mut SpanRecorder) -> Tally {
        let within = within.clamp_to(self.source.len());
        self.progress.set_total(within.len());
        let mut tally = Tally { end: End::Complete, unread: Unread::default() };
        let mut free_from = within.start();
        let kernel = Matches { pattern: self.pattern, overlap: self.overlap(), only_first: false };
        let end = self.scan(within, Direction::Forward, &kernel, &mut |piece| {
            tally.unread.merge(&piece.unread);
            for span in piece.part {
                if span.start() < free_from {
                    continue;
                }
                if hits.push(span).is_err() {
                    tally.end = End::Cut;
                    break;
                }
                free_from = span.end();
            }
            hits.publish();
            if tally.end == End::Cut { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        if end == PassEnd::Cancelled {
            tally.end = End::Cancelled;
        }
        tally
    }

    /// Looks for the match in `within` that is nearest to the end where `direction` begins.
    fn nearest(&self, within: Span, direction: Direction, found: &mut NextHit) {
        let only_first = direction == Direction::Forward;
        let kernel = Matches { pattern: self.pattern, overlap: self.overlap(), only_first };
        let end = self.scan(within, direction, &kernel, &mut |piece| {
            found.unread.merge(&piece.unread);
            found.span = if only_first { piece.part.first() } else { piece.part.last() }.copied();
            if found.span.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        if end == PassEnd::Cancelled {
            found.end = End::Cancelled;
        }
    }

    fn scan<K: Kernel>(
        &self,
        within: Span,
        direction: Direction,
        kernel: &K,
        sink: scan::Sink<'_, K::Part>,
    ) -> PassEnd {
        scan::scan(
            &Scan { source: self.source, within, direction, tuning: self.tuning },
            kernel,
            self.progress,
            sink,
        )
    }

    fn overlap(&self) -> usize {
        self.pattern.max_len().saturating_sub(1)
    }
}

/// Collects the places of a pattern.
struct Matches<'a> {
    pattern: &'a dyn Pattern,
    overlap: usize,
    /// Whether one of a window is enough.
    only_first: bool,
}

impl Kernel for Matches<'_> {
    type Part = Vec<Span>;

    fn overlap(&self) -> usize {
        self.overlap
    }

    fn skips_zeros(&self) -> bool {
        !self.pattern.matches_zeros()
    }

    fn look(&self, window: &Window<'_>, part: &mut Vec<Span>) {
        let _ = self.pattern.find_in(window, &mut |hit| {
            let start = window.offset + hit.at as u64;
            part.push(Span::between(start, start + hit.len as u64));
            if self.only_first { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
    }
}
