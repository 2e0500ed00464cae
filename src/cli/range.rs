//! `--range START:END`: the part of a file that a command is about.

use super::CommandError;
use crate::bytes::Span;
use crate::decode::{OffsetContext, Radix, evaluate_span};

/// The bytes that `--range` names, of `len`; without it, all. Brackets around it don't count.
///
/// # Errors
/// [`CommandError`] when the text can't be read, or names bytes that there are not.
pub(super) fn range(text: Option<&str>, len: u64, place: &str) -> Result<Span, CommandError> {
    range_of("--range", text, len, place)
}

/// The same for an option of another name.
///
/// # Errors
/// As of [`range`].
pub(super) fn range_of(
    option: &str,
    text: Option<&str>,
    len: u64,
    place: &str,
) -> Result<Span, CommandError> {
    let Some(text) = text else { return Ok(Span::first(len)) };
    let inner = text.trim();
    let inner = inner.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(inner);
    let here = OffsetContext { here: 0, len, base: 0, default_radix: Radix::Decimal };
    evaluate_span(inner, &here)
        .map_err(|error| CommandError::usage(format!("{place}: {option} {text}: {error}.")))
}
