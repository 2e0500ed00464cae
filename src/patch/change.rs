//! Changes with their old and new bytes, as the formats of our own have them.

use super::error::PatchError;
use super::{PatchPlace, PatchSides, PatchWay};
use crate::bytes::{Source, Span};
use crate::document::{Content, Splice};
use crate::job::Progress;

/// Bytes of one change at most where one is written; a longer one is several.
pub(super) const MOST_AT_ONCE: u64 = 32 << 10;

/// Bytes that an error shows.
const SHOWN: usize = 16;

/// A span of the old file, the bytes that were there, and those that took their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatchChange {
    /// Where it is in the old file.
    pub offset: u64,
    pub old: Vec<u8>,
    pub new: Vec<u8>,
}

/// Changes, and how long the old and the new file are where a patch tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ChangeList {
    pub len_before: Option<u64>,
    pub len_after: Option<u64>,
    pub changes: Vec<PatchChange>,
}

impl ChangeList {
    /// The same the other way round.
    fn reversed(self) -> Self {
        let mut moved = 0_i128;
        let changes = self.changes.into_iter().map(|change| {
            let offset = u64::try_from(i128::from(change.offset) + moved).unwrap_or(u64::MAX);
            moved += change.new.len() as i128 - change.old.len() as i128;
            PatchChange { offset, old: change.new, new: change.old }
        });
        let changes = changes.collect();
        Self { len_before: self.len_after, len_after: self.len_before, changes }
    }
}

/// The edits that the changes mean, when the file has the bytes that they expect.
pub(super) fn edits(
    list: ChangeList,
    file: &dyn Source,
    way: PatchWay,
    progress: &Progress,
) -> Result<Vec<Splice>, PatchError> {
    let mut end = 0;
    for change in &list.changes {
        if change.offset < end {
            return Err(PatchError::Damaged { what: "its changes are not in order", at: 0 });
        }
        end = change.offset.saturating_add(change.old.len() as u64);
    }
    let list = if way == PatchWay::TakeBack { list.reversed() } else { list };
    match check(&list, file, progress) {
        Ok(()) => {}
        Err(stop) => {
            let back = list.reversed();
            let is_done = !back.changes.is_empty() && check(&back, file, progress).is_ok();
            return Err(if is_done && way == PatchWay::Apply { PatchError::AppliedAlready } else { stop });
        }
    }
    let splice = |change: PatchChange| Splice {
        span: Span::between(change.offset, change.offset.saturating_add(change.old.len() as u64)),
        content: Content::Bytes(change.new),
    };
    Ok(list.changes.into_iter().map(splice).collect())
}

/// Whether a file has the length and the bytes that changes expect.
fn check(list: &ChangeList, file: &dyn Source, progress: &Progress) -> Result<(), PatchError> {
    let found = file.len();
    if let Some(expected) = list.len_before.filter(|expected| *expected != found) {
        return Err(PatchError::OtherLength { expected, found });
    }
    let mut bytes = Vec::new();
    for change in &list.changes {
        let end = change.offset.saturating_add(change.old.len() as u64);
        if end > found {
            return Err(PatchError::OtherLength { expected: end, found });
        }
        bytes.resize(change.old.len(), 0);
        file.read_cancellable(change.offset, &mut bytes, progress.as_cancel())?;
        if let Some(place) = bytes.iter().zip(&change.old).position(|(found, expected)| found != expected) {
            let shown = |bytes: &[u8]| {
                crate::decode::hex::format(&bytes[place..bytes.len().min(place + SHOWN)], false, " ")
            };
            let at = change.offset + place as u64;
            return Err(PatchError::OtherBytes { at, expected: shown(&change.old), found: shown(&bytes) });
        }
    }
    Ok(())
}

/// Shows `take` the changes at these places, long ones in parts.
pub(super) fn each_change(
    sides: &PatchSides<'_>,
    places: &[PatchPlace],
    take: &mut dyn FnMut(&PatchChange) -> Result<(), PatchError>,
) -> Result<(), PatchError> {
    for place in places {
        let (mut old, mut new) = (place.old, place.new);
        loop {
            let first = |span: Span| Span::between(span.start(), span.end().min(span.start() + MOST_AT_ONCE));
            let (part_old, part_new) = (first(old), first(new));
            let change = PatchChange {
                offset: part_old.start(),
                old: bytes_of(sides.old, part_old, sides.progress)?,
                new: bytes_of(sides.new, part_new, sides.progress)?,
            };
            take(&change)?;
            old = Span::between(part_old.end(), old.end());
            new = Span::between(part_new.end(), new.end());
            if old.is_empty() && new.is_empty() {
                break;
            }
        }
    }
    Ok(())
}

/// The longest file that is made by a patch which does not hold its bytes: a few bytes can't fill the disk.
pub(super) fn most_made(file: &dyn Source, patch: &[u8]) -> u64 {
    const LEAST: u64 = 64 << 20;
    const TIMES: u64 = 64;
    file.len().saturating_add(patch.len() as u64).saturating_mul(TIMES).saturating_add(LEAST)
}

/// The bytes of a span.
pub(super) fn bytes_of(source: &dyn Source, span: Span, progress: &Progress) -> Result<Vec<u8>, PatchError> {
    let mut bytes = vec![0; span.len() as usize];
    source.read_cancellable(span.start(), &mut bytes, progress.as_cancel())?;
    Ok(bytes)
}
