//! Bytes of a source from an offset on, as far as an effort goes.

use super::NoLength;
use crate::bytes::Source;
use crate::job::Cancel;

/// Bytes that are read at once; a multiple of four.
const PIECE: usize = 256 << 10;

/// Reads on and on.
#[derive(Debug)]
pub(super) struct Feed<'a> {
    pub source: &'a dyn Source,
    pub cancel: &'a Cancel,
    /// Where the data begins.
    pub start: u64,
    buffer: Vec<u8>,
    /// Where the buffer begins in the source, and how much of it is taken.
    at: u64,
    taken: usize,
    left: u64,
}

impl<'a> Feed<'a> {
    /// Reads from `start` on; `most` is the effort.
    pub fn new(source: &'a dyn Source, start: u64, most: u64, cancel: &'a Cancel) -> Self {
        Self { source, cancel, start, buffer: Vec::new(), at: start, taken: 0, left: most }
    }

    /// The effort that is left.
    pub fn left(&self) -> u64 {
        self.left
    }

    /// Where the next byte is in the source.
    pub fn place(&self) -> u64 {
        self.at + self.taken as u64
    }

    /// Counts an effort.
    ///
    /// # Errors
    /// [`NoLength::TooLong`] when it is more than is left.
    pub fn spend(&mut self, effort: u64) -> Result<(), NoLength> {
        let left = self.left.checked_sub(effort);
        self.left = left.unwrap_or(0);
        left.map(drop).ok_or(NoLength::TooLong)
    }

    /// Bytes that come next; at the end of the source there is none.
    ///
    /// # Errors
    /// [`NoLength`] when they can't be read, or the effort does not go so far.
    pub fn next(&mut self) -> Result<&[u8], NoLength> {
        if self.taken == self.buffer.len() {
            if self.cancel.is_cancelled() {
                return Err(NoLength::Cancelled);
            }
            let place = self.place();
            let len = self.source.len().saturating_sub(place).min(PIECE as u64);
            self.spend(len)?;
            self.buffer.resize(len as usize, 0);
            (self.at, self.taken) = (place, 0);
            self.source.read_cancellable(place, &mut self.buffer, self.cancel)?;
        }
        Ok(&self.buffer[self.taken..])
    }

    /// So many of the bytes that came next are done with.
    pub fn take(&mut self, count: usize) {
        self.taken = (self.taken + count).min(self.buffer.len());
    }

    /// The next byte.
    ///
    /// # Errors
    /// [`NoLength`], also at the end of the source.
    pub fn byte(&mut self) -> Result<u8, NoLength> {
        let byte = *self.next()?.first().ok_or(NoLength::Damaged)?;
        self.take(1);
        Ok(byte)
    }

    /// The number in the next four bytes, least significant byte first.
    ///
    /// # Errors
    /// [`NoLength`], also at the end of the source.
    pub fn le32(&mut self) -> Result<u32, NoLength> {
        let mut bytes = [0; 4];
        for byte in &mut bytes {
            *byte = self.byte()?;
        }
        Ok(u32::from_le_bytes(bytes))
    }
}
