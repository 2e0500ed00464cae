//! A selection as text for other programs, one file each.

pub mod paste;

use crate::decode::{DType, Encoding};

/// What the formats may need to know.
#[derive(Clone, Debug)]
pub struct Options {
    /// Offset of the first byte, for dumps.
    pub offset: u64,
    /// Bytes a line.
    pub columns: usize,
    /// Upper-case hex digits.
    pub upper: bool,
    /// Encoding of the text column.
    pub encoding: Encoding,
    /// Type of the values.
    pub dtype: DType,
}

/// One way to write bytes as text.
pub struct Format {
    /// For settings: `c-array`.
    pub name: &'static str,
    pub label: &'static str,
    /// All of `bytes`, which the caller caps at [`MAX_BYTES`].
    pub render: fn(&[u8], &Options) -> String,
}

/// More is better saved than copied.
pub const MAX_BYTES: u64 = 16 << 20;

pub const FORMATS: &[Format] = &[];
