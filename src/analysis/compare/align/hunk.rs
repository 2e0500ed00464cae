//! What an alignment consists of: runs that are equal, and changes between them.

use crate::analysis::spans::SpanBatch;
use crate::bytes::Span;

/// What became of the bytes of A in B.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HunkKind {
    Equal,
    Replaced,
    Inserted,
    Deleted,
}

impl HunkKind {
    /// Its name in texts and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Replaced => "replaced",
            Self::Inserted => "inserted",
            Self::Deleted => "deleted",
        }
    }
}

/// A span of A and the span of B that it corresponds to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hunk {
    pub kind: HunkKind,
    pub a: Span,
    pub b: Span,
}

impl Hunk {
    /// A change, which has bytes of one of them at least.
    pub const fn change(a: Span, b: Span) -> Self {
        let kind = match (a.is_empty(), b.is_empty()) {
            (true, _) => HunkKind::Inserted,
            (false, true) => HunkKind::Deleted,
            (false, false) => HunkKind::Replaced,
        };
        Self { kind, a, b }
    }

    /// Whether there is a difference.
    pub fn is_change(&self) -> bool {
        self.kind != HunkKind::Equal
    }

    fn is_empty(&self) -> bool {
        self.a.is_empty() && self.b.is_empty()
    }

    /// Both as one, if the other follows and is of the same sort.
    fn joined(&self, next: &Self) -> Option<Self> {
        let follows = self.a.end() == next.a.start() && self.b.end() == next.b.start();
        if !follows || self.is_change() != next.is_change() {
            return None;
        }
        let (a, b) =
            (Span::between(self.a.start(), next.a.end()), Span::between(self.b.start(), next.b.end()));
        Some(if self.is_change() { Self::change(a, b) } else { Self { kind: HunkKind::Equal, a, b } })
    }
}

/// Hunks one after another; neighbours of the same sort are one.
#[derive(Clone, Debug, Default)]
pub(super) struct HunkList {
    pub hunks: Vec<Hunk>,
}

impl HunkList {
    /// Adds a hunk, which begins where the last one ends.
    pub fn push(&mut self, hunk: Hunk) {
        if hunk.is_empty() {
            return;
        }
        match self.hunks.last_mut() {
            Some(last) if let Some(joined) = last.joined(&hunk) => *last = joined,
            _ => self.hunks.push(hunk),
        }
    }

    /// Equal bytes, so many, from these places on.
    pub fn push_equal(&mut self, at: (u64, u64), len: u64) {
        let (a, b) = (Span::between(at.0, at.0 + len), Span::between(at.1, at.1 + len));
        self.push(Hunk { kind: HunkKind::Equal, a, b });
    }

    /// A change of these spans.
    pub fn push_change(&mut self, (a, b): (Span, Span)) {
        self.push(Hunk::change(a, b));
    }

    /// Runs of so many bytes, from these places on, that are equal but for `runs`, which are counted from their start.
    pub fn push_at_same_places(&mut self, at: (u64, u64), len: u64, runs: &SpanBatch) {
        let mut done = 0;
        for run in runs.iter() {
            self.push_equal((at.0 + done, at.1 + done), run.start() - done);
            let span = |at: u64| Span::between(at + run.start(), at + run.end());
            self.push_change((span(at.0), span(at.1)));
            done = run.end();
        }
        self.push_equal((at.0 + done, at.1 + done), len - done);
    }
}
