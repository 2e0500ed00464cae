//! IPS: records of an offset of three bytes, a length of two, and bytes; a length of 0 is a fill.
//!
//! Offsets end at 16 MiB. Behind the end mark may stand the length that the file is cut to. No record may begin at the
//! offset that reads as the end mark. Old bytes are not kept, so nothing can be checked.

use super::change::bytes_of;
use super::cursor::PatchCursor;
use super::error::PatchError;
use super::{PatchPlace, PatchSides};
use crate::bytes::{Source, Span};
use crate::document::{Content, Splice};
use std::io::Write;

pub(super) const MAGIC: &[u8] = b"PATCH";
const END: &[u8] = b"EOF";

/// The offset that reads as the end mark.
const END_OFFSET: u64 = 0x45_4f46;

/// Where the offsets end.
const MOST_OFFSET: u64 = 1 << 24;

/// Bytes of a record at most.
const MOST_BYTES: u64 = 0xffff;

/// A run of one byte that is shorter is written as it is: a fill takes eight bytes.
const WORTH_FILLING: usize = 13;

pub(super) fn write(
    sides: &PatchSides<'_>,
    places: &[PatchPlace],
    out: &mut dyn Write,
) -> Result<(), PatchError> {
    out.write_all(MAGIC)?;
    for place in places {
        let (old, new) = (place.old, place.new);
        // Without insertions both begin at the same offset; what is missing in the new file is cut off.
        for part in new.chunks(MOST_BYTES) {
            if part.start() >= MOST_OFFSET {
                return Err(PatchError::BeyondIps(part.start()));
            }
            // One byte more in front, which stays as it is in the new file.
            let start = if part.start() == END_OFFSET { END_OFFSET - 1 } else { part.start() };
            debug_assert!(old.start() == new.start(), "places are those of the same offsets");
            let bytes = bytes_of(sides.new, Span::between(start, part.end()), sides.progress)?;
            records(start, &bytes, out)?;
        }
    }
    out.write_all(END)?;
    let (before, after) = (sides.old.len(), sides.new.len());
    if after < before {
        if after >= MOST_OFFSET {
            return Err(PatchError::BeyondIps(after));
        }
        out.write_all(&after.to_be_bytes()[5..])?;
    }
    Ok(())
}

/// Bytes as records, long runs of one byte as fills.
fn records(start: u64, bytes: &[u8], out: &mut dyn Write) -> Result<(), PatchError> {
    let mut from = 0;
    let mut at = 0;
    while at < bytes.len() {
        let run = bytes[at..].iter().take_while(|byte| **byte == bytes[at]).count();
        let offset = start + at as u64;
        // A fill or what follows it must not begin at the end mark either.
        let is_plain = offset == END_OFFSET || offset + run as u64 == END_OFFSET;
        if run >= WORTH_FILLING && !is_plain && run as u64 <= MOST_BYTES {
            plain(start + from as u64, &bytes[from..at], out)?;
            out.write_all(&offset.to_be_bytes()[5..])?;
            out.write_all(&[0, 0])?;
            out.write_all(&(run as u16).to_be_bytes())?;
            out.write_all(&[bytes[at]])?;
            from = at + run;
        }
        at += run;
    }
    plain(start + from as u64, &bytes[from..], out)
}

fn plain(offset: u64, bytes: &[u8], out: &mut dyn Write) -> Result<(), PatchError> {
    // One byte more than a record holds may have been put in front.
    for (part, at) in bytes.chunks(MOST_BYTES as usize).zip((offset..).step_by(MOST_BYTES as usize)) {
        out.write_all(&at.to_be_bytes()[5..])?;
        out.write_all(&(part.len() as u16).to_be_bytes())?;
        out.write_all(part)?;
    }
    Ok(())
}

/// What a record writes.
struct IpsRecord {
    span: Span,
    content: Content,
}

/// The edits of a patch. Records may overlap; later ones are laid over earlier ones.
pub(super) fn edits(patch: &[u8], file: &dyn Source) -> Result<Vec<Splice>, PatchError> {
    let (records, cut) = read(patch)?;
    let len = file.len();
    let end = records.iter().map(|record| record.span.end()).max().unwrap_or(0).max(len);
    // Records are at most 16 MiB, so what they cover is put together in memory.
    let covered = records.iter().map(|record| record.span.end()).max().unwrap_or(0);
    let mut bytes = vec![0; covered as usize];
    let there = covered.min(len);
    file.read_at(0, &mut bytes[..there as usize])?;
    for record in &records {
        let to = &mut bytes[record.span.start() as usize..record.span.end() as usize];
        match &record.content {
            Content::Repeat { pattern, .. } => to.fill(pattern.first().copied().unwrap_or_default()),
            Content::Bytes(new) => to.copy_from_slice(new),
            Content::Source(..) | Content::Clip(..) => {}
        }
    }
    let new_len = cut.map_or(end, |cut| cut.min(end));
    let mut spans: Vec<Span> = records.iter().map(|record| record.span).collect();
    spans.sort_unstable();
    let mut splices: Vec<Splice> = Vec::new();
    for span in joined(spans, len) {
        let span = span.clamp_to(new_len);
        if !span.is_empty() {
            let content = Content::Bytes(bytes[span.start() as usize..span.end() as usize].to_vec());
            splices.push(Splice { span: span.clamp_to(len), content });
        }
    }
    if new_len < len {
        splices.push(Splice { span: Span::between(new_len, len), content: Content::none() });
    }
    Ok(splices)
}

/// Spans that touch or overlap as one; what is behind the file's end is one with its gap, which is zeros.
fn joined(spans: Vec<Span>, len: u64) -> Vec<Span> {
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        let span = if span.start() > len { Span::between(len, span.end()) } else { span };
        match joined.last_mut() {
            Some(last) if span.start() <= last.end() => {
                *last = Span::between(last.start(), last.end().max(span.end()))
            }
            _ => joined.push(span),
        }
    }
    joined
}

fn read(patch: &[u8]) -> Result<(Vec<IpsRecord>, Option<u64>), PatchError> {
    let mut cursor = PatchCursor::new(patch, MAGIC.len());
    let mut records = Vec::new();
    loop {
        let head = cursor.take(3)?;
        // A record at this offset can't be told from the end, but for what follows.
        if head == END && matches!(cursor.left(), 0 | 3) {
            break;
        }
        let offset = head.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
        let len = cursor.big(2)?;
        let content = if len > 0 {
            Content::Bytes(cursor.take(len as usize)?.to_vec())
        } else {
            let len = cursor.big(2)?;
            Content::Repeat { pattern: cursor.take(1)?.to_vec(), len }
        };
        let span = Span::between(offset, offset + content.len());
        if !span.is_empty() {
            records.push(IpsRecord { span, content });
        }
    }
    let cut = if cursor.is_done() { None } else { Some(cursor.big(3)?) };
    Ok((records, cut))
}
