//! Where bytes have gone since an older revision: maps what a search found through the edits made meanwhile.

use crate::bytes::Span;

/// What became of a span of an older revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mapped {
    /// The same bytes, here now.
    Intact(Span),
    /// Some of the bytes were replaced, removed or pushed apart; this is the place now.
    Touched(Span),
    /// All of its bytes were deleted.
    Gone,
    /// The revision is too old, or not of this document.
    Unknown,
}
