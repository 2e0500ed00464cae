//! Places typed as expressions: the go-to box.

use super::Radix;
use crate::bytes::Span;

/// What an expression is relative to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Offset of the caret, from the first byte of the file.
    pub here: u64,
    /// Bytes of the file.
    pub len: u64,
    /// The address shown for the first byte: plain numbers are addresses, results are offsets.
    pub base: u64,
    /// How digits without a prefix are read.
    pub default_radix: Radix,
}

/// Why an expression is no place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ExpressionError {
    /// Which character of the text, from 0; `None` when the text reads well but the place does not exist.
    pub at: Option<usize>,
    /// A sentence that names the column (from 1) or the number.
    pub message: String,
}

/// The offset that `text` names, 0 to `place.len` inclusive.
pub fn evaluate(text: &str, place: &Place) -> Result<u64, ExpressionError> {
    let _ = (text, place);
    todo!()
}

/// `START:END`, `START:+LEN`; negatives count from the end, a missing side is the edge.
pub fn evaluate_span(text: &str, place: &Place) -> Result<Span, ExpressionError> {
    let _ = (text, place);
    todo!()
}
