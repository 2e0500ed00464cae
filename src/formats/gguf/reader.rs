//! A source read from its front through a small buffer, in the byte order and with the lengths of the file's version.
//!
//! A length is checked against the remaining bytes before it is used. The progress counts bytes that were passed, so it
//! also tells how much work a header has made.

use crate::bytes::{Source, Span};
use crate::decode::Order;
use crate::formats::FormatError;
use crate::job::Progress;

const BUFFER_BYTES: u64 = 64 << 10;

/// Keys, strings of lists and tensors that are read. The largest vocabularies have a million strings and merges; a
/// hole, of which each few bytes are one more, has no end.
const MOST_STEPS: u32 = 2 << 20;

pub(super) struct Reader<'a> {
    source: &'a dyn Source,
    progress: &'a Progress,
    len: u64,
    at: u64,
    buffer: Vec<u8>,
    buffer_at: u64,
    pub order: Order,
    /// Lengths and sides have 4 bytes, as in version 1.
    short: bool,
    /// Of [`MOST_STEPS`].
    steps: u32,
}

impl<'a> Reader<'a> {
    /// At the start of a file.
    pub fn new(source: &'a dyn Source, progress: &'a Progress) -> Self {
        Self {
            source,
            progress,
            len: source.len(),
            at: 0,
            buffer: Vec::new(),
            buffer_at: 0,
            order: Order::Little,
            short: false,
            steps: 0,
        }
    }

    /// Counts one more key, string or tensor.
    ///
    /// # Errors
    /// [`FormatError`] when there are too many.
    pub fn step(&mut self) -> Result<(), FormatError> {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            let text = format!(
                "The header has more than {MOST_STEPS} parts; those after byte {} were not read.",
                self.at
            );
            return Err(FormatError::new(text, Some(Span::empty_at(self.at))));
        }
        Ok(())
    }

    /// The next byte.
    pub fn at(&self) -> u64 {
        self.at
    }

    /// Bytes of the file.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Bytes from here to the end.
    pub fn left(&self) -> u64 {
        self.len - self.at
    }

    /// Of a version in the other order the low half is 0.
    ///
    /// # Errors
    /// [`FormatError`] when the version is not known, or the file ends.
    pub fn version(&mut self) -> Result<u32, FormatError> {
        let bytes = self.bytes::<4>()?;
        let little = u32::from_le_bytes(bytes);
        let version = if little & 0xffff == 0 && little != 0 {
            self.order = Order::Big;
            u32::from_be_bytes(bytes)
        } else {
            little
        };
        self.short = version == 1;
        Ok(version)
    }

    /// The next bytes.
    ///
    /// # Errors
    /// [`FormatError`] when the file ends within them, or can't be read.
    pub fn bytes<const N: usize>(&mut self) -> Result<[u8; N], FormatError> {
        let mut bytes = [0; N];
        let start = self.have(N as u64)?;
        bytes.copy_from_slice(&self.buffer[start..start + N]);
        self.pass(N as u64);
        Ok(bytes)
    }

    /// The next number of 4 bytes.
    ///
    /// # Errors
    /// As of [`Self::bytes`].
    pub fn u32(&mut self) -> Result<u32, FormatError> {
        let bytes = self.bytes()?;
        Ok(match self.order {
            Order::Little => u32::from_le_bytes(bytes),
            Order::Big => u32::from_be_bytes(bytes),
        })
    }

    /// The next number of 8 bytes.
    ///
    /// # Errors
    /// As of [`Self::bytes`].
    pub fn u64(&mut self) -> Result<u64, FormatError> {
        let bytes = self.bytes()?;
        Ok(match self.order {
            Order::Little => u64::from_le_bytes(bytes),
            Order::Big => u64::from_be_bytes(bytes),
        })
    }

    /// A count, a side, or the length of a string.
    ///
    /// # Errors
    /// As of [`Self::bytes`].
    pub fn length(&mut self) -> Result<u64, FormatError> {
        if self.short { Ok(u64::from(self.u32()?)) } else { self.u64() }
    }

    /// A string: its first `most` bytes as text, the place of all of it, and whether that is all and it is UTF-8.
    ///
    /// # Errors
    /// [`FormatError`] when the file ends within it, or can't be read.
    pub fn string(&mut self, most: usize) -> Result<(String, Span, bool), FormatError> {
        let len = self.length()?;
        let span = self.room(len)?;
        let kept = len.min(most as u64);
        let mut bytes = vec![0; kept as usize];
        self.copy(&mut bytes)?;
        self.skip(len - kept)?;
        // A character cut in two at the end is left out.
        let end = std::str::from_utf8(&bytes).err().filter(|error| error.error_len().is_none());
        bytes.truncate(end.map_or(bytes.len(), |error| error.valid_up_to()));
        match String::from_utf8(bytes) {
            Ok(text) => {
                let whole = text.len() as u64 == len;
                Ok((text, span, whole))
            }
            Err(error) => {
                let some = &error.as_bytes()[..error.as_bytes().len().min(256)];
                Ok((String::from_utf8_lossy(some).into_owned(), span, false))
            }
        }
    }

    /// Goes back to where it was.
    pub fn go_back(&mut self, at: u64) {
        self.at = self.at.min(at);
    }

    /// Passes over so many items of `size` bytes each.
    ///
    /// # Errors
    /// [`FormatError`] when the file ends within them.
    pub fn skip_items(&mut self, items: u64, size: u64) -> Result<(), FormatError> {
        self.skip(items.saturating_mul(size))
    }

    /// Passes over so many sides of a shape.
    ///
    /// # Errors
    /// [`FormatError`] when the file ends within them.
    pub fn skip_lengths(&mut self, lengths: u64) -> Result<(), FormatError> {
        self.skip_items(lengths, if self.short { 4 } else { 8 })
    }

    /// Passes over `len` bytes without reading them.
    ///
    /// # Errors
    /// [`FormatError`] when the file ends within them.
    pub fn skip(&mut self, len: u64) -> Result<(), FormatError> {
        self.room(len)?;
        self.at += len;
        Ok(())
    }

    /// The next `len` bytes, if there are so many.
    fn room(&self, len: u64) -> Result<Span, FormatError> {
        if len > self.left() {
            let text = format!("At byte {} {len} bytes should follow, but only {} do.", self.at, self.left());
            return Err(FormatError::new(text, Some(Span::between(self.at, self.len))));
        }
        Ok(Span::between(self.at, self.at + len))
    }

    fn copy(&mut self, mut into: &mut [u8]) -> Result<(), FormatError> {
        while !into.is_empty() {
            let part = into.len().min(BUFFER_BYTES as usize / 2);
            let start = self.have(part as u64)?;
            let (now, rest) = into.split_at_mut(part);
            now.copy_from_slice(&self.buffer[start..start + part]);
            self.pass(part as u64);
            into = rest;
        }
        Ok(())
    }

    /// Sees to it that the next `len` bytes, at most half a buffer, are in the buffer, and says where.
    fn have(&mut self, len: u64) -> Result<usize, FormatError> {
        self.room(len)?;
        let end = self.buffer_at + self.buffer.len() as u64;
        if self.at < self.buffer_at || self.at + len > end {
            if self.progress.is_cancelled() {
                return Err(FormatError::new("Reading the header was cancelled.", None));
            }
            let size = self.left().min(BUFFER_BYTES) as usize;
            self.buffer.resize(size, 0);
            self.buffer_at = self.at;
            self.source.read_cancellable(self.at, &mut self.buffer, self.progress.as_cancel())?;
        }
        Ok((self.at - self.buffer_at) as usize)
    }

    fn pass(&mut self, len: u64) {
        self.at += len;
        self.progress.advance(len);
    }
}
