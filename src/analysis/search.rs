//! Where is this? The next place, the one before, or all of them.
//!
//! A search reads a snapshot and never the document, so what it finds is right as of that snapshot for ever.
//! Places that could not be read are reported beside the answer, never taken for 'not found'.

use super::candidates::Candidates;
use super::plan::Direction;
use super::pool::PassEnd;
use super::scan::{self, Kernel, Margin, Scan};
use super::spans::{EvenSpans, SpanBatch, SpanRecorder};
use super::tuning::Tuning;
use super::unread::Unread;
use super::window::Window;
use crate::bytes::{Source, Span};
use crate::job::Progress;
use std::ops::ControlFlow;

/// What is looked for: something that has a place and a length.
pub trait Pattern: Send + Sync {
    /// Length in bytes of the longest match; at least 1.
    fn max_len(&self) -> usize;

    /// Whether zeros alone can be a match; when they can't, holes are skipped.
    fn matches_zeros(&self) -> bool;

    /// What it matches in bytes that are all the same.
    fn in_run(&self, byte: u8) -> InRun {
        if byte == 0 && !self.matches_zeros() { InRun::Nowhere } else { InRun::Unknown }
    }

    /// Bytes before and behind a match that decide whether it is one.
    fn sight(&self) -> Sight {
        Sight::default()
    }

    /// How matches that overlap are told.
    fn overlaps(&self) -> Overlaps {
        Overlaps::All
    }

    /// How to tell the places where a match may be, if few bytes do.
    fn candidates(&self) -> Option<&Candidates> {
        None
    }

    /// What is to be said of the matches so far; nothing, as a rule.
    fn remark(&self) -> Option<String> {
        None
    }

    /// Calls `hit` for every match that begins at `window.first` up to `window.starts` and ends by `window.end`, in
    /// ascending order of their start; those that overlap as [`Self::overlaps`] has it. None is empty. Ends early when
    /// `hit` breaks.
    fn find_in(&self, window: &Window<'_>, hit: &mut dyn FnMut(Match) -> ControlFlow<()>) -> ControlFlow<()>;

    /// How many matches [`Self::find_in`] would call `hit` for.
    fn count_in(&self, window: &Window<'_>) -> u64 {
        let mut count = 0;
        let _ = self.find_in(window, &mut |_| {
            count += 1;
            ControlFlow::Continue(())
        });
        count
    }
}

/// What a pattern matches in a run of one byte over and over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InRun {
    /// That takes a look.
    Unknown,
    /// Nothing that lies in the run matches.
    Nowhere,
    /// So many bytes at every place match, and nothing else does.
    Everywhere(usize),
}

/// How far around a match its neighbours count, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    pub before: usize,
    pub behind: usize,
}

/// Which matches a pattern tells of those that overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlaps {
    /// Every match; at one start there is one.
    All,
    /// No match overlaps another.
    Never,
    /// From the first start on each that begins at or after the end of the one before. A search from another start may
    /// then find other matches.
    Apart,
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
        self.find_each(within, &mut |spans| {
            let taken = hits.push_all(&spans);
            hits.publish();
            if taken.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
    }

    /// The matches of [`Self::find_all`], given to `take` as they are found: in order, some at a time, on any thread. It
    /// breaks when it wants no more, which is [`End::Cut`].
    pub fn find_each(
        &self,
        within: Span,
        take: &mut (dyn FnMut(SpanBatch) -> ControlFlow<()> + Send),
    ) -> Tally {
        let within = within.clamp_to(self.source.len());
        let mut free_from = within.start();
        self.pass(within, &self.matches(), &mut |part, owned| {
            let spans = self.in_step(part, free_from, owned, within.end()).apart(free_from);
            free_from = free_from.max(spans.end());
            if spans.is_empty() { ControlFlow::Continue(()) } else { take(spans) }
        })
    }

    /// How many matches [`Self::find_all`] would find, told to `take` as they are found; nothing of them is kept. It
    /// breaks when it wants no more.
    pub fn count_each(&self, within: Span, take: &mut (dyn FnMut(u64) -> ControlFlow<()> + Send)) -> Tally {
        if self.pattern.overlaps() != Overlaps::Never {
            return self.find_each(within, &mut |spans| take(spans.count()));
        }
        let within = within.clamp_to(self.source.len());
        self.pass(within, &MatchCount(self.matches()), &mut |count, _| {
            if count == 0 { ControlFlow::Continue(()) } else { take(count) }
        })
    }

    /// Runs `kernel` over all of `within`, and gives `take` its parts with the positions that they are about.
    fn pass<K: Kernel>(
        &self,
        within: Span,
        kernel: &K,
        take: &mut (dyn FnMut(K::Part, Span) -> ControlFlow<()> + Send),
    ) -> Tally {
        self.progress.set_total(within.len());
        let mut tally = Tally { end: End::Complete, unread: Unread::default() };
        let end = self.scan(within, within.end(), Direction::Forward, kernel, &mut |piece| {
            tally.unread.merge(&piece.unread);
            take(piece.part, piece.owned)
        });
        tally.end = match end {
            PassEnd::Complete => End::Complete,
            PassEnd::Stopped => End::Cut,
            PassEnd::Cancelled => End::Cancelled,
        };
        tally
    }

    /// The matches that begin in `owned` when those before end at `free_from`. `spans` are the ones that a search from
    /// the start of `owned` found. Where the two differ, the search goes on from `free_from` until they meet.
    fn in_step(&self, spans: SpanBatch, free_from: u64, owned: Span, end: u64) -> SpanBatch {
        let is_in_step = spans.first().is_none_or(|first| first.start() >= free_from);
        if is_in_step || self.pattern.overlaps() != Overlaps::Apart {
            return spans;
        }
        let mut known = spans.iter().peekable();
        let mut found = SpanBatch::default();
        let rest = Span::between(free_from.min(owned.end()), owned.end());
        let tuning = Tuning { threads: 1, ..self.tuning };
        let again = Scan { source: self.source, within: rest, end, direction: Direction::Forward, tuning };
        scan::scan_counted(&again, &self.matches(), self.progress.as_cancel(), &|_| (), &mut |piece| {
            for span in piece.part.iter() {
                while known.next_if(|known| known.start() < span.start()).is_some() {}
                if known.peek() == Some(&span) {
                    known.by_ref().for_each(|span| found.push(span));
                    return ControlFlow::Break(());
                }
                found.push(span);
            }
            ControlFlow::Continue(())
        });
        found
    }

    fn matches(&self) -> Matches<'a> {
        Matches { pattern: self.pattern, overlap: self.overlap(), kept: Kept::All, warm_up: 0 }
    }

    /// Looks for the match in `within` that is nearest to the end where `direction` begins.
    fn nearest(&self, within: Span, direction: Direction, found: &mut NextHit) {
        let is_apart = self.pattern.overlaps() == Overlaps::Apart;
        // Backward, a match is what it is for a search that comes from the front: that may have it end behind `within`,
        // and where it begins follows from the matches before.
        let (end, warm_up) = match direction {
            Direction::Backward if is_apart => {
                (within.end().saturating_add(self.overlap() as u64), self.overlap())
            }
            Direction::Backward | Direction::Forward => (within.end(), 0),
        };
        let kept = match direction {
            Direction::Forward => Kept::First,
            Direction::Backward => Kept::LastBy(within.end()),
        };
        let kernel = Matches { kept, warm_up, ..self.matches() };
        let end = self.scan(within, end, direction, &kernel, &mut |piece| {
            found.unread.merge(&piece.unread);
            found.span = piece.part.first();
            if found.span.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        if end == PassEnd::Cancelled {
            found.end = End::Cancelled;
        }
    }

    fn scan<K: Kernel>(
        &self,
        within: Span,
        end: u64,
        direction: Direction,
        kernel: &K,
        sink: scan::Sink<'_, K::Part>,
    ) -> PassEnd {
        let scan = Scan { source: self.source, within, end, direction, tuning: self.tuning };
        scan::scan(&scan, kernel, self.progress, sink)
    }

    fn overlap(&self) -> usize {
        self.pattern.max_len().saturating_sub(1)
    }
}

/// Which matches of a chunk are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    All,
    First,
    /// The last one that ends at or before this offset.
    LastBy(u64),
}

/// Collects the places of a pattern.
struct Matches<'a> {
    pattern: &'a dyn Pattern,
    overlap: usize,
    kept: Kept,
    /// So many bytes before a chunk are searched too, and what begins there is left out.
    warm_up: usize,
}

impl Kernel for Matches<'_> {
    type Part = SpanBatch;

    fn margin(&self) -> Margin {
        let Sight { before, behind } = self.pattern.sight();
        Margin { before: before + self.warm_up, overlap: self.overlap, behind }
    }

    fn skips_zeros(&self) -> bool {
        !self.pattern.matches_zeros()
    }

    fn candidates(&self) -> Option<&Candidates> {
        self.pattern.candidates()
    }

    fn knows_run(&self, byte: u8) -> bool {
        self.pattern.sight() == Sight::default() && self.pattern.in_run(byte) != InRun::Unknown
    }

    fn run(&self, byte: u8, starts: Span, end: u64, part: &mut SpanBatch) {
        let Some(even) = in_run(self.pattern, byte, starts, end) else { return };
        match self.kept {
            Kept::All => part.push_even(even),
            Kept::First if part.is_empty() => part.push(even.first),
            Kept::First => {}
            Kept::LastBy(end) => {
                if let Some(last) = even.ending_by(end).checked_sub(1) {
                    *part = SpanBatch::of(even.nth(last));
                }
            }
        }
    }

    fn weigh(&self, part: &SpanBatch) -> usize {
        part.coded_len()
    }

    fn look(&self, window: &Window<'_>, part: &mut SpanBatch) {
        if self.kept == Kept::First && !part.is_empty() {
            return;
        }
        let wide = Window { first: window.first.saturating_sub(self.warm_up), ..*window };
        let _ = self.pattern.find_in(&wide, &mut |hit| {
            if hit.at < window.first {
                return ControlFlow::Continue(());
            }
            let start = window.offset + hit.at as u64;
            let span = Span::between(start, start + hit.len as u64);
            match self.kept {
                Kept::All => part.push(span),
                Kept::First => {
                    part.push(span);
                    return ControlFlow::Break(());
                }
                Kept::LastBy(end) if span.end() <= end => *part = SpanBatch::of(span),
                Kept::LastBy(_) => {}
            }
            ControlFlow::Continue(())
        });
    }
}

/// The matches of a pattern that begin in `starts` and end by `end`, where all bytes are the same; those that overlap
/// too.
fn in_run(pattern: &dyn Pattern, byte: u8, starts: Span, end: u64) -> Option<EvenSpans> {
    let InRun::Everywhere(len) = pattern.in_run(byte) else { return None };
    let len = len as u64;
    let last = end.checked_sub(len)?.saturating_add(1).min(starts.end());
    let count = last.checked_sub(starts.start()).filter(|count| *count > 0)?;
    Some(EvenSpans { first: Span::between(starts.start(), starts.start() + len), step: 1, count })
}

/// Counts the places of a pattern whose matches never overlap.
struct MatchCount<'a>(Matches<'a>);

impl Kernel for MatchCount<'_> {
    type Part = u64;

    fn margin(&self) -> Margin {
        self.0.margin()
    }

    fn skips_zeros(&self) -> bool {
        self.0.skips_zeros()
    }

    fn candidates(&self) -> Option<&Candidates> {
        self.0.candidates()
    }

    fn knows_run(&self, byte: u8) -> bool {
        self.0.knows_run(byte)
    }

    fn run(&self, byte: u8, starts: Span, end: u64, part: &mut u64) {
        *part += in_run(self.0.pattern, byte, starts, end).map_or(0, |even| even.count);
    }

    fn look(&self, window: &Window<'_>, part: &mut u64) {
        *part += self.0.pattern.count_in(window);
    }
}
