//! The checksums of members that were edited: readers refuse a member whose bytes don't have the one they expect.

use super::directory::{Directory, Member, local};
use crate::bytes::{Source, Span};
use crate::formats::FormatError;
use crate::formats::header::{quoted, read_span};
use crate::job::Progress;

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
    let broken: Vec<String> = directory
        .places()
        .map(|at| directory.member(at))
        .filter(is_broken)
        .take(SHOWN + 1)
        .map(|member| quoted(&member.name))
        .collect();
    if broken.is_empty() {
        return Vec::new();
    }
    let more = if broken.len() > SHOWN { " and others" } else { "" };
    let names = broken[..broken.len().min(SHOWN)].join(", ");
    vec![format!(
        "The edits change bytes of compressed or encrypted members of the archive ({names}{more}): other programs may \
         find them damaged."
    )]
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
