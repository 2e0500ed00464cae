//! The readings that an inspector shows of the bytes at one place.

use super::{Order, ValueError};

/// The text of the bytes and how many of them it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    pub text: String,
    pub len: usize,
}

/// The bytes of a typed text.
pub type EncodeRow = fn(&str, Order) -> Result<Vec<u8>, ValueError>;

/// One row of the inspector.
pub struct Row {
    /// For settings: `uint16`.
    pub name: &'static str,
    pub label: &'static str,
    /// Bytes that the row looks at at most.
    pub size: usize,
    /// Whether the two orders read differently.
    pub ordered: bool,
    /// `None` when the bytes are too few or no such value.
    pub format: fn(&[u8], Order) -> Option<Reading>,
    /// `None` where typing makes no sense. The bytes may be more or fewer than the reading's `len`
    /// only where `size` is a maximum (LEB128, UTF-8).
    pub encode: Option<EncodeRow>,
}

/// The most bytes that any row looks at.
pub const MAX_SIZE: usize = 10;

pub const ROWS: &[Row] = &[];
