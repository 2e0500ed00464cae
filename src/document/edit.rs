//! What is asked of a document, and what it answers: edits as values.
//!
//! An [`Edit`] is one step of the user's: any number of places, sorted and apart, each replaced by some content.
//! Insert, delete and overwrite are all the same thing. Nothing here touches a tree or a byte.

use super::revision::Revision;
use super::snapshot::Snapshot;
use crate::bytes::{SharedSource, Span};

/// The largest length of a document in bytes: what a signed file offset can name.
pub const MAX_LEN: u64 = i64::MAX as u64;

/// One step: it is undone as a whole.
#[derive(Debug)]
pub struct Edit {
    pub places: Places,
    /// What the step is called in the Edit menu, for example "Typing".
    pub label: &'static str,
    /// `Some` lets the step grow by the next edit of the same key that touches it. Only edits of one place do.
    pub coalesce: Option<CoalesceKey>,
    /// Where the caret was and where it goes, in the caller's own terms: undo gives the first back, redo the second.
    pub caret_before: Caret,
    pub caret_after: Caret,
}

/// Where an edit takes place. All spans are in coordinates before the edit, sorted by start, and do not overlap;
/// they may touch, but two empty spans at one offset are refused.
#[derive(Debug)]
pub enum Places {
    /// Each place has a content of its own.
    Each(Vec<Splice>),
    /// The same content everywhere: replace all.
    Same(Vec<Span>, Content),
}

/// Replaces the bytes of `span` by `content`. An empty span inserts, an empty content deletes.
#[derive(Debug)]
pub struct Splice {
    pub span: Span,
    pub content: Content,
}

/// What is put into a document.
#[derive(Clone, Debug)]
pub enum Content {
    /// Typed or pasted bytes, copied once. What is large is better read into a source by a worker.
    Bytes(Vec<u8>),
    /// A span of any source; nothing is read now. The source lives as long as the document.
    /// A snapshot goes in as [`Content::Clip`].
    Source(SharedSource, Span),
    /// `pattern` over and over, `len` bytes in all; costs a few bytes whatever the length.
    Repeat { pattern: Vec<u8>, len: u64 },
    /// A span of a snapshot, of this or any other document. Shares the sources; only bytes that were typed into
    /// another document are copied.
    Clip(Snapshot, Span),
}

impl Content {
    /// Nothing: deletes.
    pub const fn none() -> Self {
        Self::Bytes(Vec::new())
    }

    /// Length in bytes.
    pub fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Source(_, span) | Self::Clip(_, span) => span.len(),
            Self::Repeat { len, .. } => *len,
        }
    }

    /// Whether it deletes only.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Says which edits may grow into one step; the numbers are the caller's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoalesceKey(pub u32);

/// Two numbers that the document keeps for whoever sets them: caret and anchor.
pub type Caret = (u64, u64);

impl Edit {
    /// Many places, each with its content.
    pub fn each(label: &'static str, splices: Vec<Splice>) -> Self {
        Self::with(label, Places::Each(splices))
    }

    /// One place.
    pub fn one(label: &'static str, span: Span, content: Content) -> Self {
        Self::each(label, vec![Splice { span, content }])
    }

    /// The same content at many places.
    pub fn same(label: &'static str, spans: Vec<Span>, content: Content) -> Self {
        Self::with(label, Places::Same(spans, content))
    }

    /// The same edit; the step may grow by the next edit of the same key that touches it.
    #[must_use]
    pub fn coalescing(mut self, key: CoalesceKey) -> Self {
        self.coalesce = Some(key);
        self
    }

    /// The same edit, with the carets before and after it.
    #[must_use]
    pub fn carets(mut self, before: Caret, after: Caret) -> Self {
        (self.caret_before, self.caret_after) = (before, after);
        self
    }

    /// The length of a document of `len` bytes after this edit; `None` beyond what a number holds.
    pub fn length_after(&self, len: u64) -> Option<u64> {
        let replace = |len: u64, span: &Span, content: &Content| {
            len.saturating_sub(span.len()).checked_add(content.len())
        };
        match &self.places {
            Places::Each(splices) => {
                splices.iter().try_fold(len, |len, splice| replace(len, &splice.span, &splice.content))
            }
            Places::Same(spans, content) => {
                spans.iter().try_fold(len, |len, span| replace(len, span, content))
            }
        }
    }

    fn with(label: &'static str, places: Places) -> Self {
        Self { places, label, coalesce: None, caret_before: (0, 0), caret_after: (0, 0) }
    }
}

/// What an edit, undo or redo did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The revision it led to.
    pub revision: Revision,
    pub label: &'static str,
    /// From the first to the last byte that is new, in coordinates after the step; empty after a mere deletion.
    pub span: Span,
    /// Where the caret goes.
    pub caret: Caret,
    /// Whether the edit grew the step before it.
    pub coalesced: bool,
}

/// Why an edit was refused. The document is as it was before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    #[error("the edit changes nothing")]
    Nothing,
    #[error("bytes {span} are beyond the end of the document at {len:#x}")]
    BeyondEnd { span: Span, len: u64 },
    #[error("the spans of the edit overlap or are not sorted at {at:#x}")]
    Unsorted { at: u64 },
    #[error("the new content {span} is beyond the end of its source at {len:#x}")]
    ContentBeyondEnd { span: Span, len: u64 },
    #[error("a fill needs a pattern of at least one byte")]
    EmptyPattern,
    #[error("the document would exceed {MAX_LEN} bytes, the largest possible size")]
    TooLong,
    #[error(
        "the document has reached the largest number of separate pastes; save it, close it and open it again"
    )]
    TooManySources,
    #[error(
        "the content is too fragmented to be inserted at {places} offsets; save it to a file and insert it from there"
    )]
    TooScattered { places: u64 },
}

/// Why a finished save could not become the base of the document. The document is as it was before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RebaseError {
    #[error("the saved file has {saved} bytes where {expected} were written")]
    Length { expected: u64, saved: u64 },
    #[error("another save has begun, or the document was reloaded, since this save began")]
    Stale,
    #[error(
        "the document has reached the largest number of separate pastes; save it, close it and open it again"
    )]
    TooManySources,
}
