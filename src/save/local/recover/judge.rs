//! Whether a file has its old bytes, its new ones, or neither, block by block.

use super::super::disk::{DiskFile, read_exact_at};
use super::super::extents::SECTOR;
use super::super::journal::{JournalPart, OldJournal};
use crate::bytes::Span;
use crate::save::pending::Verdict;
use std::io;

/// Compares `file`, which has `len` bytes now, with its journal.
pub(super) fn judge(journal: &OldJournal, file: &dyn DiskFile, len: u64) -> io::Result<Verdict> {
    let extents = &journal.extents;
    let (old_len, new_len) = (extents.old_len, extents.new_len);
    if len < old_len.min(new_len) || len > old_len.max(new_len) {
        return Ok(Verdict::Conflict { at: len });
    }
    let mut look = Look { all_old: len == old_len, all_new: len == new_len || len == old_len, neither: None };
    let mut buf = Vec::new();
    journal.walk::<io::Error>(|part| {
        let there = part.span.clamp_to(len);
        buf.resize(there.len() as usize, 0);
        read_exact_at(file, there.start(), &mut buf)?;
        look.at_part(journal, &part, there, &buf);
        Ok(())
    })?;
    Ok(match look {
        Look { neither: Some(at), .. } => Verdict::Conflict { at },
        Look { all_old: true, .. } => Verdict::Untouched,
        // Blocks that are equal in both leave the length to tell; a file that grew is new only at its new length.
        Look { all_new: true, .. } if journal.is_done && (len == new_len || new_len < old_len) => {
            Verdict::RollForward
        }
        _ => Verdict::RollBack,
    })
}

/// The first place where a part of the file is neither old nor new. `there` is the span of it to look at, from its start
/// on, and `now` holds its bytes.
pub(super) fn foreign(journal: &OldJournal, part: &JournalPart<'_>, there: Span, now: &[u8]) -> Option<u64> {
    let mut look = Look { all_old: true, all_new: true, neither: None };
    look.at_part(journal, part, there, now);
    look.neither
}

/// The parts of `span` cut where sectors end: a power cut may have left each as it was, or as zeros.
fn sectors(span: Span) -> impl Iterator<Item = Span> {
    let mut at = span.start();
    std::iter::from_fn(move || {
        let start = at;
        at = (start / SECTOR + 1).saturating_mul(SECTOR).min(span.end());
        (start < span.end()).then(|| Span::between(start, at))
    })
}

/// The bytes of `block` that are there.
fn inside(block: Span, there: Span, bytes: &[u8]) -> &[u8] {
    let part = block.intersect(there).unwrap_or(Span::empty_at(there.start()));
    let start = (part.start() - there.start()) as usize;
    &bytes[start..start + part.len() as usize]
}

struct Look {
    all_old: bool,
    all_new: bool,
    /// The first place that is neither.
    neither: Option<u64>,
}

impl Look {
    /// A part; `there` is the span of it that exists, and `now` has its bytes.
    fn at_part(&mut self, journal: &OldJournal, part: &JournalPart<'_>, there: Span, now: &[u8]) {
        let extents = &journal.extents;
        for (n, block) in extents.blocks(part.span).enumerate() {
            self.at_written(part, n, block, inside(block, there, now), extents.old_len);
        }
        let start = part.span.start().max(extents.new_len).min(part.span.end());
        let cut = Span::between(start, part.span.end());
        for block in sectors(cut.clamp_to(extents.old_len)) {
            self.at_cut(part, block, inside(block, there, now), journal.is_done);
        }
    }

    /// A block that the save writes.
    fn at_written(&mut self, part: &JournalPart<'_>, n: usize, block: Span, now: &[u8], old_len: u64) {
        let is_new = now.len() as u64 == block.len() && part.is_new(n, now);
        // Beyond its old length the file had nothing; there it may have room that was set aside, which reads as zeros.
        let is_old = if block.start() < old_len {
            now == part.old_at(block)
        } else {
            now.iter().all(|byte| *byte == 0)
        };
        self.count(is_old, is_new, block);
    }

    /// A block that the save cuts off. Once all else is done it may be gone, or, where it was being put back, there
    /// without its bytes.
    fn at_cut(&mut self, part: &JournalPart<'_>, block: Span, now: &[u8], is_done: bool) {
        let whole = now == part.old_at(block);
        let gone = is_done && now.iter().all(|byte| *byte == 0);
        self.all_old &= whole;
        if !whole && !gone {
            self.neither.get_or_insert(block.start());
        }
    }

    fn count(&mut self, is_old: bool, is_new: bool, block: Span) {
        self.all_old &= is_old;
        self.all_new &= is_new;
        if !is_old && !is_new {
            self.neither.get_or_insert(block.start());
        }
    }
}
