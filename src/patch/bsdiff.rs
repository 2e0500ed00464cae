//! bsdiff 4: three streams that are compressed by bzip2: numbers, bytes to be added to old ones, and new bytes.

use super::change::most_made;
use super::error::PatchError;
use crate::bytes::spool::{Spool, missing_room};
use crate::bytes::{SharedSource, Source, Span};
use crate::job::Progress;
use bzip2::read::BzDecoder;
use std::io::{Read, Write};

pub(super) const MAGIC: &[u8] = b"BSDIFF40";

/// Bytes of the header.
const HEAD: usize = 32;

/// Made at once, in bytes.
const CHUNK: u64 = 256 << 10;

/// Results up to this many bytes stay in memory.
const IN_MEMORY: usize = 64 << 20;

/// Patches may ask for many steps that make nothing: no more of these than bytes of the patch, times this.
const IDLE_STEPS: u64 = 1024;

pub(super) fn apply(
    patch: &[u8],
    file: &dyn Source,
    progress: &Progress,
) -> Result<SharedSource, PatchError> {
    let damaged = |what| PatchError::Damaged { what, at: 0 };
    if patch.len() < HEAD {
        return Err(damaged("it ends too early"));
    }
    let count = |at: usize| number(&patch[at..at + 8]).and_then(|number| u64::try_from(number).ok());
    let lengths = (count(8), count(16), count(24));
    let (Some(control), Some(added), Some(new_len)) = lengths else {
        return Err(damaged("a length is negative"));
    };
    let rest = &patch[HEAD..];
    let first = usize::try_from(control).ok().filter(|end| *end <= rest.len());
    let second = first
        .and_then(|first| first.checked_add(usize::try_from(added).ok()?))
        .filter(|end| *end <= rest.len());
    let (Some(first), Some(second)) = (first, second) else {
        return Err(damaged("its parts are longer than it is"));
    };
    if new_len > most_made(file, patch) || missing_room(new_len).is_some() {
        return Err(PatchError::TooLarge(new_len));
    }
    let mut streams = Streams {
        control: BzDecoder::new(&rest[..first]),
        added: BzDecoder::new(&rest[first..second]),
        extra: BzDecoder::new(&rest[second..]),
    };
    let mut made = Spool::new(IN_MEMORY);
    let (mut old_at, mut idle) = (0_i64, 0);
    while made.len() < new_len {
        if progress.is_cancelled() {
            return Err(PatchError::Cancelled);
        }
        let [add, extra, skip] = streams.step()?;
        let left = new_len - made.len();
        let (Ok(add), Ok(extra)) = (u64::try_from(add), u64::try_from(extra)) else {
            return Err(damaged("a length is negative"));
        };
        if add > left || extra > left - add {
            return Err(damaged("it makes more bytes than it says"));
        }
        idle = if add + extra == 0 { idle + 1 } else { 0 };
        if idle > IDLE_STEPS * patch.len() as u64 {
            return Err(damaged("it makes nothing"));
        }
        streams.add_to_old(file, old_at, add, &mut made, progress)?;
        streams.take_extra(extra, &mut made)?;
        let moved = old_at.checked_add_unsigned(add).and_then(|at| at.checked_add(skip));
        old_at = moved.ok_or_else(|| damaged("a place in the old file is out of all bounds"))?;
    }
    made.finish().map_err(PatchError::Store)
}

/// A number of eight bytes, the lowest first, with the sign in the highest bit.
fn number(bytes: &[u8]) -> Option<i64> {
    let bits = u64::from_le_bytes(bytes.try_into().ok()?);
    let size = (bits & (u64::MAX >> 1)).cast_signed();
    Some(if bits >> 63 == 1 { -size } else { size })
}

struct Streams<'p> {
    control: BzDecoder<&'p [u8]>,
    added: BzDecoder<&'p [u8]>,
    extra: BzDecoder<&'p [u8]>,
}

fn filled(stream: &mut impl Read, buf: &mut [u8]) -> Result<(), PatchError> {
    stream
        .read_exact(buf)
        .map_err(|_| PatchError::Damaged { what: "a compressed part is damaged or ends too early", at: HEAD })
}

impl Streams<'_> {
    fn step(&mut self) -> Result<[i64; 3], PatchError> {
        let mut bytes = [0; 24];
        filled(&mut self.control, &mut bytes)?;
        let at = |at: usize| number(&bytes[at..at + 8]).unwrap_or_default();
        Ok([at(0), at(8), at(16)])
    }

    /// Bytes of the patch are added to those of the old file; beyond its ends these are zeros.
    fn add_to_old(
        &mut self,
        file: &dyn Source,
        old_at: i64,
        len: u64,
        made: &mut Spool,
        progress: &Progress,
    ) -> Result<(), PatchError> {
        let (mut bytes, mut old) = (Vec::new(), Vec::new());
        for part in Span::first(len).chunks(CHUNK) {
            bytes.resize(part.len() as usize, 0);
            filled(&mut self.added, &mut bytes)?;
            let from = i128::from(old_at) + i128::from(part.start());
            let inside = |at: i128| at.clamp(0, i128::from(file.len())) as u64;
            let span = Span::between(inside(from), inside(from + i128::from(part.len())));
            old.resize(span.len() as usize, 0);
            file.read_cancellable(span.start(), &mut old, progress.as_cancel())?;
            let skip = (i128::from(span.start()) - from).clamp(0, bytes.len() as i128) as usize;
            for (byte, old) in bytes[skip..].iter_mut().zip(&old) {
                *byte = byte.wrapping_add(*old);
            }
            made.write_all(&bytes).map_err(PatchError::Store)?;
        }
        Ok(())
    }

    fn take_extra(&mut self, len: u64, made: &mut Spool) -> Result<(), PatchError> {
        let mut bytes = Vec::new();
        for part in Span::first(len).chunks(CHUNK) {
            bytes.resize(part.len() as usize, 0);
            filled(&mut self.extra, &mut bytes)?;
            made.write_all(&bytes).map_err(PatchError::Store)?;
        }
        Ok(())
    }
}
