//! Deflated members: their first bytes for the header, or all of them into a spool.
//!
//! How much may come out is decided before: no more than the directory says and the caller allows, so an archive
//! that inflates without end ends here.

use crate::bytes::spool::{missing_room, spool_reader};
use crate::bytes::{SharedSource, Source, Span};
use crate::escape::PathText;
use crate::formats::{EntryBytes, FormatError, Home};
use crate::job::{Cancel, Progress};
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
pub(super) fn inflate(
    source: &dyn Source,
    home: &Home,
    progress: &Progress,
    limit: u64,
) -> Result<EntryBytes, FormatError> {
    let Home::Deflated { span, len, crc, .. } = home else {
        return Err(FormatError::new("The array is not compressed.", None));
    };
    if *len > limit {
        let text = format!("The decompressed array has {len} bytes; the limit is {limit}.");
        return Err(FormatError::new(text, Some(*span)));
    }
    progress.set_total(*len);
    check_room(*len, *span)?;
    let mut summed = Summed::new(decoder(source, *span, progress.as_cancel()));
    let source = spooled(&mut summed, *span, *len, *len, progress)?;
    Ok(EntryBytes { source, damage: summed.damage(*crc) })
}

/// The bytes `part` of what a deflated array's member inflates to, and no others: what comes before is passed over, what
/// comes behind is not made. Blocks; workers only. The progress counts bytes that are kept.
///
/// # Errors
/// As [`inflate`], but for what comes behind the part: that is not looked at, and no checksum tells of damage then.
pub(super) fn inflate_part(
    source: &dyn Source,
    home: &Home,
    part: Span,
    progress: &Progress,
    limit: u64,
) -> Result<EntryBytes, FormatError> {
    let Home::Deflated { span, len, crc, .. } = home else {
        return Err(FormatError::new("The array is not compressed.", None));
    };
    if part.len() > limit || part.end() > *len {
        let text = format!("The decompressed part has {} bytes; the limit is {limit}.", part.len());
        return Err(FormatError::new(text, Some(*span)));
    }
    check_room(part.len(), *span)?;
    progress.set_total(part.len());
    let mut summed = Summed::new(decoder(source, *span, progress.as_cancel()));
    let passed = pass(&mut summed, part.start(), progress).map_err(|error| {
        FormatError::new(format!("The array can't be decompressed: {error}."), Some(*span))
    })?;
    if passed < part.start() {
        let text = format!("The decompressed array should have {len} bytes, but has {passed}.");
        return Err(FormatError::new(text, Some(*span)));
    }
    let source = spooled((&mut summed).take(part.len()), *span, part.len(), *len, progress)?;
    // Of a part that ends earlier the checksum is not known.
    let damage = if part.end() == *len { summed.damage(*crc) } else { None };
    Ok(EntryBytes { source, damage })
}

/// A stream, and the checksum of what has come out of it.
struct Summed<R> {
    stream: R,
    sum: crc32fast::Hasher,
}

impl<R> Summed<R> {
    fn new(stream: R) -> Self {
        Self { stream, sum: crc32fast::Hasher::new() }
    }

    /// What is to be said if all that has come out does not have this checksum.
    fn damage(self, crc: u32) -> Option<String> {
        let found = self.sum.finalize();
        (found != crc).then(|| {
            format!(
                "The decompressed bytes do not match the checksum in the archive ({found:08x} instead of {crc:08x}). \
                 The member is damaged, and values may be wrong."
            )
        })
    }
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.stream.read(buf)?;
        self.sum.update(&buf[..read]);
        Ok(read)
    }
}

/// Passes over so many bytes; how many there were.
fn pass(reader: &mut impl Read, bytes: u64, progress: &Progress) -> io::Result<u64> {
    let (mut part, mut done) = (vec![0; BUFFER_BYTES as usize], 0);
    while done < bytes {
        if progress.is_cancelled() {
            return Err(io::Error::other("the job was cancelled"));
        }
        let wanted = part.len().min(usize::try_from(bytes - done).unwrap_or(usize::MAX));
        match reader.read(&mut part[..wanted]) {
            Ok(0) => break,
            Ok(read) => done += read as u64,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

/// Whether the folder of temporary files has room for `len` bytes.
fn check_room(len: u64, span: Span) -> Result<(), FormatError> {
    missing_room(len).map_or(Ok(()), |free| {
        let folder = std::env::temp_dir();
        let text = format!(
            "The decompressed array needs {len} bytes in {}, but only {free} are free. Free some space, or set TMPDIR to another folder.",
            folder.shown()
        );
        Err(FormatError::new(text, Some(span)))
    })
}

/// All that `reader` gives, which should be `len` bytes of an array of `whole`.
fn spooled(
    reader: impl Read,
    span: Span,
    len: u64,
    whole: u64,
    progress: &Progress,
) -> Result<SharedSource, FormatError> {
    let opened = spool_reader(reader, Path::new("the compressed array"), len, progress).map_err(|error| {
        FormatError::new(format!("The array can't be decompressed: {error}."), Some(span))
    })?;
    if opened.len != len {
        let text = format!(
            "The decompressed array should have {whole} bytes, but only {} of {len} were read.",
            opened.len
        );
        return Err(FormatError::new(text, Some(span)));
    }
    Ok(opened.source)
}

/// The first `len` bytes that `span` inflates to, or fewer when it has no more or is damaged.
pub(super) fn first_bytes(source: &dyn Source, span: Span, len: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut part = vec![0; 4 << 10];
    let mut decoder = decoder(source, span, Cancel::never());
    while (bytes.len() as u64) < len {
        let wanted = part.len().min((len - bytes.len() as u64) as usize);
        match decoder.read(&mut part[..wanted]) {
            Ok(0) | Err(_) => break,
            Ok(read) => bytes.extend(&part[..read]),
        }
    }
    bytes
}

fn decoder<'a>(source: &'a dyn Source, span: Span, cancel: &'a Cancel) -> DeflateDecoder<Stream<'a>> {
    DeflateDecoder::new(Stream { source, cancel, left: span, buffer: Vec::new(), used: 0 })
}

/// A span of a source as a stream.
struct Stream<'a> {
    source: &'a dyn Source,
    cancel: &'a Cancel,
    left: Span,
    buffer: Vec<u8>,
    used: usize,
}

impl BufRead for Stream<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.used == self.buffer.len() {
            let len = self.left.len().min(BUFFER_BYTES);
            self.buffer.resize(len as usize, 0);
            let read = self.source.read_cancellable(self.left.start(), &mut self.buffer, self.cancel);
            read.map_err(io::Error::other)?;
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
