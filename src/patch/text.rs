//! The text for people that the window opens as 'Changes as a patch': a line with @ for each change, then lines of old
//! and of new bytes in hex. It says itself how it is to be read.

use super::change::{ChangeList, PatchChange, each_change};
use super::error::PatchError;
use super::{PatchPlace, PatchSides};
use std::io::Write;

/// Bytes in a line.
const LINE: usize = 32;

/// A line is repeated at most so often, in bytes: a text of few bytes can't ask for all memory.
const MOST_REPEATED: u64 = 256 << 20;

const HEAD: &str = "\
# A patch of pagelens: what has to be changed in the first file to get the second.
# Each change begins with @, the offset of its first byte in that file, the number of bytes that were there, and
# the number of bytes that are there now. Lines with - are the old bytes, lines with + the new ones, in hex.
# x and a number at the end of a line: the line is repeated that many times.
# Offsets are those of the file before all changes.
";

pub(super) fn write(
    sides: &PatchSides<'_>,
    places: &[PatchPlace],
    out: &mut dyn Write,
) -> Result<(), PatchError> {
    out.write_all(HEAD.as_bytes())?;
    writeln!(out, "file: {}", sides.name.escape_debug())?;
    writeln!(out, "length before: {}", sides.old.len())?;
    writeln!(out, "length now: {}", sides.new.len())?;
    writeln!(out, "changes: {}", places.len())?;
    each_change(sides, places, &mut |change| {
        writeln!(out, "@ {:#x} -{} +{}", change.offset, change.old.len(), change.new.len())?;
        lines('-', &change.old, out)?;
        lines('+', &change.new, out)
    })
}

/// The bytes in lines; equal ones are one.
fn lines(sign: char, bytes: &[u8], out: &mut dyn Write) -> Result<(), PatchError> {
    let mut rest = bytes;
    while !rest.is_empty() {
        let line = &rest[..rest.len().min(LINE)];
        let count = rest.chunks(LINE).take_while(|other| *other == line).count();
        let times = if count > 1 { format!(" x {count}") } else { String::new() };
        writeln!(out, "{sign} {}{times}", crate::decode::hex::format(line, false, " "))?;
        rest = &rest[count * line.len()..];
    }
    Ok(())
}

pub(super) fn read(patch: &[u8]) -> Result<ChangeList, PatchError> {
    let mut list = ChangeList::default();
    let mut counts = (0, 0);
    let (mut at, mut total) = (0, 0);
    for line in patch.split(|byte| *byte == b'\n') {
        let damaged = |what| PatchError::Damaged { what, at };
        let text = std::str::from_utf8(line).map_err(|_| damaged("a line is no text"))?.trim_end();
        if let Some(head) = text.strip_prefix("@ ") {
            check_counts(&list, counts, at)?;
            let (offset, old, new) =
                change_head(head).ok_or_else(|| damaged("a line with @ can't be read"))?;
            counts = (old, new);
            list.changes.push(PatchChange { offset, old: Vec::new(), new: Vec::new() });
        } else if text.starts_with(['-', '+']) {
            let (bytes, times) =
                bytes_of_line(&text[1..]).ok_or_else(|| damaged("a line of bytes can't be read"))?;
            total += bytes.len() as u64 * times;
            if total > MOST_REPEATED + patch.len() as u64 {
                return Err(damaged("its lines are repeated too often"));
            }
            let change = list.changes.last_mut().ok_or_else(|| damaged("bytes come before the first @"))?;
            let to = if text.starts_with('-') { &mut change.old } else { &mut change.new };
            (0..times).for_each(|_| to.extend_from_slice(&bytes));
        } else if let Some(len) = text.strip_prefix("length before: ") {
            list.len_before = len.parse().ok();
        } else if let Some(len) = text.strip_prefix("length now: ") {
            list.len_after = len.parse().ok();
        }
        at += line.len() + 1;
    }
    check_counts(&list, counts, patch.len())?;
    Ok(list)
}

/// Whether the last change has as many bytes as its head says.
fn check_counts(list: &ChangeList, counts: (u64, u64), at: usize) -> Result<(), PatchError> {
    let has = list.changes.last().map(|change| (change.old.len() as u64, change.new.len() as u64));
    if has.is_some_and(|has| has != counts) {
        return Err(PatchError::Damaged { what: "a change has more or fewer bytes than it says", at });
    }
    Ok(())
}

fn change_head(head: &str) -> Option<(u64, u64, u64)> {
    let mut words = head.split_whitespace();
    let offset = u64::from_str_radix(words.next()?.strip_prefix("0x")?, 16).ok()?;
    let old = words.next()?.strip_prefix('-')?.parse().ok()?;
    let new = words.next()?.strip_prefix('+')?.parse().ok()?;
    words.next().is_none().then_some((offset, old, new))
}

fn bytes_of_line(line: &str) -> Option<(Vec<u8>, u64)> {
    let (digits, times) = match line.split_once(" x ") {
        Some((digits, times)) => (digits, times.trim().parse().ok()?),
        None => (line, 1),
    };
    let digits: Vec<u8> = digits.bytes().filter(|byte| *byte != b' ').collect();
    Some((bytes_of_hex(&digits)?, times))
        .filter(|(bytes, times)| (bytes.len() as u64).checked_mul(*times).is_some())
}

/// The bytes that hex digits are; `None` for anything else.
pub(super) fn bytes_of_hex(digits: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let (pairs, rest) = digits.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}
