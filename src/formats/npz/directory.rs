//! The directory at the end of a zip archive, also of one beyond 4 GiB, and what it says of each member.
//!
//! Found from the end as Python's `zipfile` does, with bytes in front of the archive allowed for. Only the
//! directory is read here, never a member.

use crate::bytes::{Source, Span};
use crate::formats::FormatError;
use crate::formats::header::{MOST_HEADER, read_span};
use std::borrow::Cow;

/// The record at the end, without its comment; a comment has at most 65,535 bytes.
const END_BYTES: u64 = 22;
const END_MARK: &[u8; 4] = b"PK\x05\x06";
const END64_MARK: &[u8; 4] = b"PK\x06\x06";
const LOCATOR_MARK: &[u8; 4] = b"PK\x06\x07";
const LOCATOR_BYTES: u64 = 20;
const END64_BYTES: u64 = 56;
const MEMBER_MARK: &[u8; 4] = b"PK\x01\x02";
const MEMBER_BYTES: usize = 46;

/// In 32 bits: look into the extra field for 64.
const ELSEWHERE: u32 = u32::MAX;

pub(super) struct Directory {
    bytes: Vec<u8>,
    /// Where it is in the file; members end before.
    pub span: Span,
    /// Bytes in front of the archive, which its offsets don't count.
    prefix: u64,
}

/// What the directory says of a member.
pub(super) struct Member<'a> {
    pub name: Cow<'a, str>,
    pub encrypted: bool,
    /// Whether its sizes and checksum also stand behind its data.
    pub trailed: bool,
    pub method: u16,
    pub packed: u64,
    pub len: u64,
    /// Where its own header is in the file; `None` beyond 64 bits.
    pub header_at: Option<u64>,
    /// Where its checksum is in the file.
    pub crc_at: u64,
    /// The checksum of what it holds.
    pub crc: u32,
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |bytes| u16::from_le_bytes([bytes[0], bytes[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

/// Whether the source is a zip archive by its content: a directory with members ends right at its end. Blocks.
pub(in crate::formats) fn is_zip(source: &dyn Source) -> bool {
    let len = source.len();
    let Ok(tail) = read_span(source, Span::between(len.saturating_sub(END_BYTES + 0xffff), len)) else {
        return false;
    };
    let ends_here = |at: usize| {
        tail.get(at..at + END_BYTES as usize)
            .is_some_and(|end| at + END_BYTES as usize + usize::from(u16_at(end, 20)) == tail.len())
    };
    memchr::memmem::rfind_iter(&tail, END_MARK).any(ends_here)
        && Directory::read(source).is_ok_and(|directory| directory.places().next().is_some())
}

impl Directory {
    /// Reads the directory at the end of an archive.
    ///
    /// # Errors
    /// [`FormatError`] when there is none, or it can't be read.
    pub fn read(source: &dyn Source) -> Result<Self, FormatError> {
        let len = source.len();
        let tail = Span::between(len.saturating_sub(END_BYTES + 0xffff), len);
        let bytes = read_span(source, tail)?;
        let found =
            memchr::memmem::rfind_iter(&bytes, END_MARK).find(|at| bytes.len() - at >= END_BYTES as usize);
        let Some(at) = found else {
            let text = "The archive has no directory at its end: it is not a zip file, or it is truncated.";
            return Err(FormatError::new(text, Some(tail)));
        };
        let end_at = tail.start() + at as u64;
        let end = &bytes[at..];
        let (mut size, mut offset) = (u64::from(u32_at(end, 12)), u64::from(u32_at(end, 16)));
        let mut behind = end_at;
        if let Some((at, record)) = end64(source, end_at)? {
            (size, offset, behind) = (u64_at(&record, 40), u64_at(&record, 48), at);
        }
        let start = behind.checked_sub(size);
        let Some((start, prefix)) = start.and_then(|start| Some((start, start.checked_sub(offset)?))) else {
            let text = format!(
                "The directory should have {size} bytes at offset {offset}, but the file is too short."
            );
            return Err(FormatError::new(text, Span::new(behind, len)));
        };
        let span = Span::between(start, behind);
        if span.len() > MOST_HEADER {
            return Err(FormatError::new("The directory is longer than 100 MB, the limit.", Some(span)));
        }
        Ok(Self { bytes: read_span(source, span)?, span, prefix })
    }

    /// The places of all members in the directory, as long as it holds together.
    pub fn places(&self) -> impl Iterator<Item = usize> {
        let mut at = 0;
        std::iter::from_fn(move || {
            let here = at;
            let rest = self.bytes.get(here..).filter(|rest| rest.starts_with(MEMBER_MARK))?;
            let variable = [28, 30, 32].map(|at| usize::from(u16_at(rest, at)));
            let len = MEMBER_BYTES + variable.iter().sum::<usize>();
            at = here.checked_add(len).filter(|end| *end <= self.bytes.len())?;
            Some(here)
        })
    }

    /// Where the members that can be read end in the directory; less than its length when it is broken.
    pub fn end_of(&self, last: Option<usize>) -> bool {
        let end = last.map_or(0, |at| {
            let variable = [28, 30, 32].map(|field| usize::from(u16_at(&self.bytes[at..], field)));
            at + MEMBER_BYTES + variable.iter().sum::<usize>()
        });
        end == self.bytes.len()
    }

    /// The member at a place that [`places`](Self::places) gave.
    pub fn member(&self, at: usize) -> Member<'_> {
        let record = &self.bytes[at..];
        let [name, extra] = [28, 30].map(|field| usize::from(u16_at(record, field)));
        let name_bytes = record.get(MEMBER_BYTES..MEMBER_BYTES + name).unwrap_or_default();
        let extra = record.get(MEMBER_BYTES + name..MEMBER_BYTES + name + extra).unwrap_or_default();
        let [mut packed, mut len] = [20, 24].map(|field| u64::from(u32_at(record, field)));
        let mut offset = u64::from(u32_at(record, 42));
        // Only what has no room in 32 bits is there, in this order.
        let mut wide = zip64(extra);
        for value in [&mut len, &mut packed, &mut offset] {
            if *value == u64::from(ELSEWHERE) && wide.len() >= 8 {
                *value = u64_at(wide, 0);
                wide = &wide[8..];
            }
        }
        let flags = u16_at(record, 8);
        Member {
            name: match std::str::from_utf8(name_bytes) {
                Ok(name) => Cow::Borrowed(name),
                Err(_) => {
                    String::from_utf8_lossy(&name_bytes[..name_bytes.len().min(256)]).into_owned().into()
                }
            },
            encrypted: flags & 1 != 0,
            trailed: flags & 8 != 0,
            method: u16_at(record, 10),
            packed,
            len,
            header_at: offset.checked_add(self.prefix),
            crc_at: self.span.start() + at as u64 + 16,
            crc: u32_at(record, 16),
        }
    }
}

/// The 64-bit values of an extra field.
fn zip64(mut extra: &[u8]) -> &[u8] {
    while extra.len() >= 4 {
        let (kind, len) = (u16_at(extra, 0), usize::from(u16_at(extra, 2)));
        let (field, rest) = extra[4..].split_at(len.min(extra.len() - 4));
        if kind == 1 {
            return field;
        }
        extra = rest;
    }
    &[]
}

/// The 64-bit record in front of the end, and where it is, if there is one.
fn end64(source: &dyn Source, end_at: u64) -> Result<Option<(u64, Vec<u8>)>, FormatError> {
    let Some(at) = end_at.checked_sub(LOCATOR_BYTES) else { return Ok(None) };
    if read_span(source, Span::between(at, at + 4))? != LOCATOR_MARK {
        return Ok(None);
    }
    // With bytes in front of the archive the locator's offset is wrong, but the record stands right before it.
    let Some(at) = at.checked_sub(END64_BYTES) else { return Ok(None) };
    let record = read_span(source, Span::between(at, at + END64_BYTES))?;
    Ok(record.starts_with(END64_MARK).then_some((at, record)))
}

/// What stands in front of a member's data.
pub(super) struct Local {
    pub data_at: u64,
    /// Where the checksum is.
    pub crc_at: u64,
}

/// Reads the header of a member: its name and extra field may be longer than the directory says.
pub(super) fn local(source: &dyn Source, at: u64) -> Option<Local> {
    let header =
        read_span(source, Span::at(at, 30)?).ok().filter(|header| header.starts_with(b"PK\x03\x04"))?;
    let variable = u64::from(u16_at(&header, 26)) + u64::from(u16_at(&header, 28));
    Some(Local { data_at: at.checked_add(30 + variable)?, crc_at: at + 14 })
}
