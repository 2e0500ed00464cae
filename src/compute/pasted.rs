//! A pasted text as a table of values. Each value is still text.

use std::borrow::Cow;

/// Values in C order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub shape: Vec<u64>,
    pub values: Vec<String>,
    /// Whether the values were written one after another whatever the array's sides are.
    pub is_flat: bool,
}

/// What becomes of a word.
pub(super) type Words = fn(&str) -> Cow<'_, str>;
