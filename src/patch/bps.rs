//! BPS: commands that read from the old file, from the patch, and from what is made already, with three checksums.
//!
//! Written are reads of the old file, at the same offset or another one, and bytes of the patch.

use super::change::{bytes_of, most_made};
use super::cursor::PatchCursor;
use super::error::PatchError;
use super::{PatchPlace, PatchSides};
use crate::bytes::spool::{Spool, missing_room};
use crate::bytes::{SharedSource, Source, Span};
use crate::job::Progress;
use crc32fast::Hasher;
use std::io::Write;

pub(super) const MAGIC: &[u8] = b"BPS1";

/// Bytes of the three checksums at the end.
const SUMS: usize = 12;

/// Read and copied at once, in bytes.
const CHUNK: u64 = 256 << 10;

/// Results up to this many bytes stay in memory.
const IN_MEMORY: usize = 64 << 20;

const SOURCE_READ: u64 = 0;
const TARGET_READ: u64 = 1;
const SOURCE_COPY: u64 = 2;

pub(super) fn write(
    sides: &PatchSides<'_>,
    places: &[PatchPlace],
    out: &mut dyn Write,
) -> Result<(), PatchError> {
    let mut out = Summed { out, sum: Hasher::new() };
    let (old_len, new_len) = (sides.old.len(), sides.new.len());
    out.write(MAGIC)?;
    for number in [old_len, new_len, 0] {
        out.number(number)?;
    }
    let mut writer = CommandWriter { out, copied_to: 0 };
    let (mut at_old, mut at_new) = (0, 0);
    for place in places {
        writer.equal(at_old, at_new, place.new.start() - at_new)?;
        if !place.new.is_empty() {
            writer.out.number((place.new.len() - 1) << 2 | TARGET_READ)?;
            for part in place.new.chunks(CHUNK) {
                writer.out.write(&bytes_of(sides.new, part, sides.progress)?)?;
            }
        }
        (at_old, at_new) = (place.old.end(), place.new.end());
    }
    writer.equal(at_old, at_new, new_len - at_new)?;
    let mut out = writer.out;
    for source in [sides.old, sides.new] {
        out.write(&checksum(source, sides.progress)?.to_le_bytes())?;
    }
    let sum = out.sum.clone().finalize();
    out.write(&sum.to_le_bytes())
}

/// What is written, and its checksum.
struct Summed<'o> {
    out: &'o mut dyn Write,
    sum: Hasher,
}

impl Summed<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<(), PatchError> {
        self.sum.update(bytes);
        Ok(self.out.write_all(bytes)?)
    }

    /// Seven bits a byte, the lowest first; the last byte has its highest bit set.
    fn number(&mut self, number: u64) -> Result<(), PatchError> {
        let mut left = number;
        loop {
            let low = (left & 0x7f) as u8;
            left >>= 7;
            if left == 0 {
                return self.write(&[0x80 | low]);
            }
            self.write(&[low])?;
            left -= 1;
        }
    }
}

struct CommandWriter<'o> {
    out: Summed<'o>,
    /// Where the last copy from the old file ended in it.
    copied_to: u64,
}

impl CommandWriter<'_> {
    fn equal(&mut self, old: u64, new: u64, len: u64) -> Result<(), PatchError> {
        if len == 0 {
            return Ok(());
        }
        if old == new {
            return self.out.number((len - 1) << 2 | SOURCE_READ);
        }
        self.out.number((len - 1) << 2 | SOURCE_COPY)?;
        let sign = u64::from(old < self.copied_to);
        self.out.number(old.abs_diff(self.copied_to) << 1 | sign)?;
        self.copied_to = old + len;
        Ok(())
    }
}

/// The CRC-32 of all bytes.
fn checksum(source: &dyn Source, progress: &Progress) -> Result<u32, PatchError> {
    let mut sum = Hasher::new();
    for part in Span::first(source.len()).chunks(CHUNK) {
        sum.update(&bytes_of(source, part, progress)?);
    }
    Ok(sum.finalize())
}

pub(super) fn apply(
    patch: &[u8],
    file: &dyn Source,
    progress: &Progress,
) -> Result<SharedSource, PatchError> {
    let Some(body) = patch.len().checked_sub(SUMS).filter(|body| *body >= MAGIC.len()) else {
        return Err(PatchError::Damaged { what: "it ends too early", at: patch.len() });
    };
    let sum = |at: usize| u32::from_le_bytes([patch[at], patch[at + 1], patch[at + 2], patch[at + 3]]);
    let (old_sum, new_sum, own_sum) = (sum(body), sum(body + 4), sum(body + 8));
    if crc32fast::hash(&patch[..body + 8]) != own_sum {
        return Err(PatchError::PatchSum);
    }
    let mut cursor = PatchCursor::new(&patch[..body], MAGIC.len());
    let (old_len, new_len, metadata) = (cursor.number()?, cursor.number()?, cursor.number()?);
    cursor.take(usize::try_from(metadata).unwrap_or(usize::MAX))?;
    let is_made = || file.len() == new_len && checksum(file, progress).is_ok_and(|sum| sum == new_sum);
    if file.len() != old_len {
        let other = PatchError::OtherLength { expected: old_len, found: file.len() };
        return Err(if is_made() { PatchError::AppliedAlready } else { other });
    }
    let found = checksum(file, progress)?;
    if found != old_sum {
        let other = PatchError::OtherSum { expected: old_sum, found };
        return Err(if is_made() { PatchError::AppliedAlready } else { other });
    }
    if new_len > most_made(file, patch) || missing_room(new_len).is_some() {
        return Err(PatchError::TooLarge(new_len));
    }
    let made =
        Maker { file, new_len, made: Spool::new(IN_MEMORY), sum: Hasher::new(), progress, from: (0, 0) };
    let (made, found) = made.run(&mut cursor)?;
    if found != new_sum {
        return Err(PatchError::ResultSum { expected: new_sum, found });
    }
    made.finish().map_err(PatchError::Store)
}

impl PatchCursor<'_> {
    fn number(&mut self) -> Result<u64, PatchError> {
        let (mut number, mut shift) = (0_u64, 1_u64);
        loop {
            let byte = self.take(1)?[0];
            let more = u64::from(byte & 0x7f).checked_mul(shift).and_then(|more| number.checked_add(more));
            number = more.ok_or_else(|| self.error("a number is too large"))?;
            if byte & 0x80 != 0 {
                return Ok(number);
            }
            shift = shift.checked_mul(128).ok_or_else(|| self.error("a number is too large"))?;
            number = number.checked_add(shift).ok_or_else(|| self.error("a number is too large"))?;
        }
    }

    fn moved(&mut self, from: u64) -> Result<u64, PatchError> {
        let number = self.number()?;
        let to = if number & 1 == 0 { from.checked_add(number >> 1) } else { from.checked_sub(number >> 1) };
        to.ok_or_else(|| self.error("a copy begins before the start"))
    }
}

/// Makes the new file.
struct Maker<'a> {
    file: &'a dyn Source,
    new_len: u64,
    made: Spool,
    sum: Hasher,
    progress: &'a Progress,
    /// Where the next copies begin: from the old file, and from what is made.
    from: (u64, u64),
}

impl Maker<'_> {
    fn run(mut self, cursor: &mut PatchCursor<'_>) -> Result<(Spool, u32), PatchError> {
        while !cursor.is_done() {
            if self.progress.is_cancelled() {
                return Err(PatchError::Cancelled);
            }
            let command = cursor.number()?;
            let len = (command >> 2) + 1;
            let at = self.made.len();
            if len > self.new_len - at {
                return Err(cursor.error("it makes more bytes than it says"));
            }
            match command & 3 {
                SOURCE_READ => self.copy_old(at, len, cursor)?,
                TARGET_READ => self.add(cursor.take(len as usize)?)?,
                SOURCE_COPY => {
                    let from = cursor.moved(self.from.0)?;
                    self.copy_old(from, len, cursor)?;
                    self.from.0 = from + len;
                }
                _ => {
                    let from = cursor.moved(self.from.1)?;
                    self.copy_made(from, len, cursor)?;
                    self.from.1 = from + len;
                }
            }
        }
        if self.made.len() != self.new_len {
            return Err(cursor.error("it makes fewer bytes than it says"));
        }
        Ok((self.made, self.sum.finalize()))
    }

    fn add(&mut self, bytes: &[u8]) -> Result<(), PatchError> {
        self.sum.update(bytes);
        self.made.write_all(bytes).map_err(PatchError::Store)
    }

    fn copy_old(&mut self, from: u64, len: u64, cursor: &PatchCursor<'_>) -> Result<(), PatchError> {
        let span = Span::at(from, len).filter(|span| span.end() <= self.file.len());
        let span = span.ok_or_else(|| cursor.error("it copies what the old file does not have"))?;
        for part in span.chunks(CHUNK) {
            let bytes = bytes_of(self.file, part, self.progress)?;
            self.add(&bytes)?;
        }
        Ok(())
    }

    /// What is copied may be made by the copy itself: then it repeats.
    fn copy_made(&mut self, from: u64, len: u64, cursor: &PatchCursor<'_>) -> Result<(), PatchError> {
        if from >= self.made.len() {
            return Err(cursor.error("it copies what is not made yet"));
        }
        let (mut done, mut bytes) = (0, Vec::new());
        while done < len {
            if self.progress.is_cancelled() {
                return Err(PatchError::Cancelled);
            }
            let there = self.made.len() - (from + done);
            let now = there.min(len - done).min(CHUNK);
            bytes.resize(now as usize, 0);
            self.made.read_back(from + done, &mut bytes).map_err(PatchError::Store)?;
            // A short period over and over is copied many at a time.
            let room = ((len - done) / now).clamp(1, (CHUNK / now).max(1)) as usize;
            let repeated = if there == now { bytes.repeat(room) } else { bytes.clone() };
            self.add(&repeated)?;
            done += repeated.len() as u64;
        }
        Ok(())
    }
}
