//! The bytes that a kernel or a pattern sees at a time, and which part of them it answers for.

use crate::job::Cancel;

/// Bytes to be looked at.
#[derive(Clone, Copy, Debug)]
pub struct Window<'a> {
    pub bytes: &'a [u8],
    /// Where in the source they begin.
    pub offset: u64,
    /// What begins before this position is another window's; the bytes before it are there to be seen.
    pub first: usize,
    /// What begins at this position or later is another window's.
    pub starts: usize,
    /// Where answers end at the latest; the bytes behind are there to be seen.
    pub end: usize,
    /// Length of the source: what is not in the window may still be there.
    pub source_len: u64,
    /// A pattern that may look at it for long ends at a cancel.
    pub cancel: &'a Cancel,
}

impl<'a> Window<'a> {
    /// All of `bytes`, from `offset` of a source of `source_len` bytes on.
    pub fn whole(bytes: &'a [u8], offset: u64, source_len: u64) -> Self {
        Self {
            bytes,
            offset,
            first: 0,
            starts: bytes.len(),
            end: bytes.len(),
            source_len,
            cancel: Cancel::never(),
        }
    }

    /// Whether the first of the bytes is the first of the source.
    pub fn begins_source(&self) -> bool {
        self.offset == 0
    }

    /// Whether the last of the bytes is the last of the source.
    pub fn ends_source(&self) -> bool {
        self.offset + self.bytes.len() as u64 >= self.source_len
    }
}
