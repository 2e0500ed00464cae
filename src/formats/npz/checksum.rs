//! The checksums of members that were edited: readers refuse a member whose bytes don't have the one they expect.

use super::directory::{Directory, Member, local};
use crate::bytes::{Source, Span};
use crate::formats::FormatError;
use crate::formats::header::{quoted, read_span};
use crate::job::Progress;
use std::borrow::Cow;
use std::collections::HashMap;

const CHUNK_BYTES: u64 = 1 << 20;

/// The bytes that hold the checksums of all members that `changed` touches, or whose checksums it touches,
/// made anew.
pub(super) fn renewed(
    source: &dyn Source,
    changed: &[Span],
    progress: &Progress,
) -> Result<Vec<(Span, Vec<u8>)>, FormatError> {
    let directory = Directory::read(source)?;
    let mut touched: Vec<(Span, u64, Member<'_>)> = Vec::new();
    for at in directory.places() {
        let member = directory.member(at);
        let Some((data, crc_at)) = stored(source, &member) else { continue };
        // An undone checksum is as wrong as one that was never made.
        let own = [Some(data), Span::at(crc_at, 4), Span::at(member.crc_at, 4)];
        let touches = |part: Span| changed.iter().any(|span| span.intersect(part).is_some());
        if own.into_iter().flatten().any(touches) {
            touched.push((data, crc_at, member));
        }
    }
    // Members that share bytes would be read again and again.
    touched.sort_unstable_by_key(|(data, ..)| *data);
    let mut edits = Vec::new();
    let mut end = 0;
    for (data, crc_at, member) in touched {
        if data.start() < end {
            continue;
        }
        end = data.end();
        let crc = checksum(source, data, progress)?.to_le_bytes().to_vec();
        let behind = member.trailed.then(|| trailer(source, data.end())).flatten();
        let places = [Some(member.crc_at), Some(crc_at).filter(|_| !member.trailed), behind];
        let spans = places.into_iter().flatten().filter_map(|at| Span::at(at, 4));
        edits.extend(spans.map(|span| (span, crc.clone())));
    }
    Ok(edits)
}

/// Names the members that were damaged before the edits and whose damage `changes` would hide. `changes` is what
/// [`renewed`] returned for `new`. A member is damaged if its bytes in `old` do not match its checksum. One that can't
/// be read is left out. As sentences.
pub(in crate::formats) fn damaged_before(
    old: &dyn Source,
    new: &dyn Source,
    changes: &[(Span, Vec<u8>)],
    progress: &Progress,
) -> Vec<String> {
    let (Ok(before), Ok(after)) = (Directory::read(old), Directory::read(new)) else { return Vec::new() };
    let anew: HashMap<u64, &[u8]> = changes.iter().map(|(span, bytes)| (span.start(), &**bytes)).collect();
    let suspect = |(at, crc): (usize, Option<&[u8]>)| {
        let member = before.member(at);
        // If the new bytes match the old checksum, the edit has repaired the member.
        let is_repaired = crc? == member.crc.to_le_bytes();
        let (data, _) = stored(old, &member).filter(|_| !is_repaired)?;
        Some((data, member))
    };
    let suspects = before.places().zip(checksums_after(&before, &after, &anew)).filter_map(suspect).collect();
    let is_damaged = |(data, member): &(Span, Member<'_>)| {
        checksum(old, *data, progress).is_ok_and(|crc| crc != member.crc)
    };
    let damaged = apart(suspects).filter(is_damaged).map(|(_, member)| member);
    let Some(names) = names(damaged) else { return Vec::new() };
    vec![format!(
        "Members of the archive were damaged before these edits ({names}): their bytes do not match their \
         checksums. The save recalculates these checksums, and that hides the damage."
    )]
}

/// The new checksum of each member of `before`, in order; `None` where there is none. `anew` has the new checksums by
/// their offset. Members are matched by their place, because several may have one name; by name where some were added or
/// removed.
fn checksums_after<'a>(
    before: &Directory,
    after: &Directory,
    anew: &HashMap<u64, &'a [u8]>,
) -> Vec<Option<&'a [u8]>> {
    let members = || after.places().map(|at| after.member(at));
    let crc_of = |member: &Member<'_>| anew.get(&member.crc_at).copied();
    if before.places().count() == after.places().count() {
        return members().map(|member| crc_of(&member)).collect();
    }
    let named: HashMap<Cow<'_, str>, &[u8]> = members()
        .filter_map(|member| Some((crc_of(&member)?, member.name)))
        .map(|(crc, name)| (name, crc))
        .collect();
    before.places().map(|at| named.get(&before.member(at).name).copied()).collect()
}

/// The members in the order of their data, without those that share bytes with one before: they would be read again
/// and again.
fn apart(mut members: Vec<(Span, Member<'_>)>) -> impl Iterator<Item = (Span, Member<'_>)> {
    members.sort_by_key(|(data, _)| *data);
    let mut end = 0;
    members.into_iter().filter(move |(data, _)| {
        let is_apart = data.start() >= end;
        end = if is_apart { data.end() } else { end };
        is_apart
    })
}

/// Members listed by name in a warning.
const SHOWN: usize = 3;

/// What edits of `changed` have done to members that are compressed or encrypted, as sentences: what comes out of them
/// is not known without unpacking, so no checksum can follow.
pub(in crate::formats) fn broken_by(source: &dyn Source, changed: &[Span]) -> Vec<String> {
    let Ok(directory) = Directory::read(source) else { return Vec::new() };
    let is_broken = |member: &Member<'_>| {
        let packed = || Span::at(local(source, member.header_at?)?.data_at, member.packed);
        (member.method != 0 || member.encrypted)
            && packed().is_some_and(|data| changed.iter().any(|span| span.intersect(data).is_some()))
    };
    let broken = directory.places().map(|at| directory.member(at)).filter(is_broken);
    let Some(names) = names(broken) else { return Vec::new() };
    vec![format!(
        "The edits change bytes of compressed or encrypted members of the archive ({names}): other programs may \
         find them damaged."
    )]
}

/// The first of the members by name; `None` when there are none.
fn names<'a>(members: impl Iterator<Item = Member<'a>>) -> Option<String> {
    let names: Vec<String> = members.take(SHOWN + 1).map(|member| quoted(&member.name)).collect();
    let more = if names.len() > SHOWN { " and others" } else { "" };
    (!names.is_empty()).then(|| format!("{}{more}", names[..names.len().min(SHOWN)].join(", ")))
}

/// The bytes of a member that is neither compressed nor encrypted, and where its header has its checksum.
fn stored(source: &dyn Source, member: &Member<'_>) -> Option<(Span, u64)> {
    let local = local(source, member.header_at?)?;
    let data = Span::at(local.data_at, member.len)?;
    (member.method == 0 && !member.encrypted && data.end() <= source.len()).then_some((data, local.crc_at))
}

/// Where the checksum stands behind a member's data.
fn trailer(source: &dyn Source, end: u64) -> Option<u64> {
    let mark = read_span(source, Span::at(end, 4)?).ok()?;
    (mark == b"PK\x07\x08").then_some(end + 4)
}

fn checksum(source: &dyn Source, data: Span, progress: &Progress) -> Result<u32, FormatError> {
    let mut hasher = crc32fast::Hasher::new();
    for chunk in data.chunks(CHUNK_BYTES) {
        if progress.is_cancelled() {
            return Err(FormatError::new("The checksum was cancelled.", Some(data)));
        }
        hasher.update(&read_span(source, chunk)?);
        progress.advance(chunk.len());
    }
    Ok(hasher.finalize())
}
