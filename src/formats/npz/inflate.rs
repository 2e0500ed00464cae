//! Deflated members: their first bytes for the header, or all of them into a spool.
//!
//! How much may come out is decided before: no more than the directory says and the caller allows, so an archive
//! that inflates without end ends here.

use crate::bytes::spool::spool_reader;
use crate::bytes::{SharedSource, Source, Span};
use crate::formats::{FormatError, Home};
use crate::job::Progress;
use flate2::bufread::DeflateDecoder;
use std::io::{self, BufRead, Read};
use std::path::Path;

/// No byte of deflate makes more than so many.
pub(super) const MOST_RATIO: u64 = 1032;

const BUFFER_BYTES: u64 = 64 << 10;

/// The bytes of a deflated array's member, all of them, in memory or in a file that vanishes with the program.
/// Blocks; workers only. The progress counts bytes that have come out.
///
/// # Errors
/// [`FormatError`] when the home is no deflated one, more than `limit` bytes would come out, what comes out is not
/// as long as it should be, or the bytes are damaged.
pub fn inflate(
    source: &dyn Source,
    home: &Home,
    progress: &Progress,
    limit: u64,
) -> Result<SharedSource, FormatError> {
    let Home::Deflated { span, len, .. } = home else {
        return Err(FormatError::new("The array is not compressed.", None));
    };
    if *len > limit {
        let text = format!("The array has {len} bytes when it is decompressed; the limit is {limit}.");
        return Err(FormatError::new(text, Some(*span)));
    }
    progress.set_total(*len);
    let name = Path::new("the compressed array");
    let opened = spool_reader(decoder(source, *span), name, *len, progress).map_err(|error| {
        FormatError::new(format!("The array can't be decompressed: {error}."), Some(*span))
    })?;
    if opened.len != *len {
        let text =
            format!("The array should have {len} bytes when it is decompressed, but has {}.", opened.len);
        return Err(FormatError::new(text, Some(*span)));
    }
    Ok(opened.source)
}

/// The first `len` bytes that `span` inflates to, or fewer when it has no more or is damaged.
pub(super) fn first_bytes(source: &dyn Source, span: Span, len: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut part = vec![0; 4 << 10];
    let mut decoder = decoder(source, span);
    while (bytes.len() as u64) < len {
        let wanted = part.len().min((len - bytes.len() as u64) as usize);
        match decoder.read(&mut part[..wanted]) {
            Ok(0) | Err(_) => break,
            Ok(read) => bytes.extend(&part[..read]),
        }
    }
    bytes
}

fn decoder(source: &dyn Source, span: Span) -> DeflateDecoder<Stream<'_>> {
    DeflateDecoder::new(Stream { source, left: span, buffer: Vec::new(), used: 0 })
}

/// A span of a source as a stream.
struct Stream<'a> {
    source: &'a dyn Source,
    left: Span,
    buffer: Vec<u8>,
    used: usize,
}

impl BufRead for Stream<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.used == self.buffer.len() {
            let len = self.left.len().min(BUFFER_BYTES);
            self.buffer.resize(len as usize, 0);
            self.source.read_at(self.left.start(), &mut self.buffer).map_err(io::Error::other)?;
            self.left = Span::between(self.left.start() + len, self.left.end());
            self.used = 0;
        }
        Ok(&self.buffer[self.used..])
    }

    fn consume(&mut self, bytes: usize) {
        self.used = (self.used + bytes).min(self.buffer.len());
    }
}

impl Read for Stream<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let from = self.fill_buf()?;
        let len = from.len().min(buf.len());
        buf[..len].copy_from_slice(&from[..len]);
        self.consume(len);
        Ok(len)
    }
}
