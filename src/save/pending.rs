//! An interrupted save: the remaining data, the possible actions, and the result of an action.
//!
//! Each destination finds and recovers interrupted saves in its own way. The messages and questions are the same for
//! all destinations.

use super::error::SaveError;
use super::generation::Overlay;
use crate::bytes::{ReadError, SharedSource, Source, Span, Version};
use std::path::PathBuf;
use std::sync::Arc;

/// What recovery would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Take the journal away: its save had not begun to write.
    Unfinished,
    /// Take the journal away: the file has its old bytes.
    Untouched,
    /// Put the old bytes back.
    RollBack,
    /// Keep the new bytes, and cut the file to its new length if that was not done yet.
    RollForward,
    /// Nothing: here the file has neither its old nor its new bytes, or its length is neither.
    Conflict { at: u64 },
}

/// The bytes that a save has overwritten: their places, sorted and apart, and the bytes one after another.
#[derive(Clone, Debug)]
pub(super) struct OldBytes {
    pub spans: Vec<Span>,
    pub bytes: SharedSource,
}

/// An interrupted save.
#[derive(Clone, Debug)]
pub struct Pending {
    /// The file, links resolved.
    pub target: PathBuf,
    pub journal: PathBuf,
    pub verdict: Verdict,
    /// When the save began, in seconds since 1970; `None` when the journal does not tell.
    pub began: Option<u64>,
    /// Length of the file now, before the save and after it, in bytes.
    pub len_now: u64,
    pub old_len: u64,
    pub new_len: u64,
    /// Another instance is saving the file right now.
    pub is_live: bool,
    /// `None` when the journal has none.
    pub(super) old: Option<OldBytes>,
}

/// What the user wants where recovery does not decide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RecoveryChoice {
    /// What the table says, and nothing on a conflict.
    #[default]
    Safe,
    /// The old bytes on a conflict; else what the table says.
    PutBackOld,
    /// The file as it is on a conflict, without its journal; else what the table says.
    KeepAsIs,
}

/// What is done with a file, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    pub does: Verdict,
    /// The choice decided, not the table.
    pub chosen: bool,
}

impl RecoveryChoice {
    /// What recovery does with a file of which the table says `verdict`; `None` where it leaves that to the user, who has
    /// not chosen.
    pub fn decide(self, verdict: Verdict) -> Option<Decision> {
        let chosen = |does| Some(Decision { does, chosen: true });
        match (verdict, self) {
            (Verdict::Conflict { .. }, Self::Safe) => None,
            (Verdict::Conflict { .. }, Self::PutBackOld) => chosen(Verdict::RollBack),
            (Verdict::Conflict { .. }, Self::KeepAsIs) => chosen(Verdict::Untouched),
            (does, _) => Some(Decision { does, chosen: false }),
        }
    }
}

/// What recovery has done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    pub target: PathBuf,
    pub did: Verdict,
    /// The choice decided, not the table.
    pub chosen: bool,
    pub bytes_written: u64,
    /// What the file is now.
    pub version: Option<Version>,
    /// Plain sentences about what could not be given back; empty when all is well.
    pub warnings: Vec<String>,
}

impl Pending {
    /// Whether the file is whole as it is, so that only the journal is left to take away.
    pub fn is_settled(&self) -> bool {
        match self.verdict {
            Verdict::Unfinished | Verdict::Untouched => true,
            Verdict::RollForward => self.len_now == self.new_len,
            Verdict::RollBack | Verdict::Conflict { .. } => false,
        }
    }

    /// Why a save has to wait until the file is put right, or until another instance has ended.
    pub fn stands_in_the_way(&self) -> Option<SaveError> {
        let (path, journal) = (self.target.clone(), self.journal.clone());
        if self.is_live {
            return Some(SaveError::InUse { path });
        }
        (!self.is_settled()).then_some(SaveError::NeedsRecovery { path, journal })
    }

    /// The length and the bytes that the file has once it is put right: what to show instead of what it holds. The
    /// overlay is `None` where the file's own bytes are right. `cached` puts a cache before the journal.
    pub fn right_bytes(
        &self,
        cached: impl FnOnce(SharedSource) -> SharedSource,
    ) -> (u64, Option<Arc<Overlay>>) {
        match self.verdict {
            Verdict::RollForward => (self.new_len, None),
            Verdict::RollBack => (self.old_len, self.old_overlay(cached)),
            Verdict::Unfinished | Verdict::Untouched | Verdict::Conflict { .. } => (self.len_now, None),
        }
    }

    /// What the file held at `at` before the save, and what `file` holds there now: at most `most` bytes, fewer where
    /// the save changed fewer. Reads both.
    ///
    /// # Errors
    /// When one of them can't be read.
    pub fn both_sides(&self, file: &dyn Source, at: u64, most: u64) -> Result<(Vec<u8>, Vec<u8>), ReadError> {
        let (mut old, mut now) = (Vec::new(), Vec::new());
        let Some(content) = &self.old else { return Ok((old, now)) };
        let wanted = Span::between(at, at.saturating_add(most));
        let mut begins = 0;
        for span in &content.spans {
            if let Some(part) = span.intersect(wanted) {
                let from = old.len();
                old.resize(from + part.len() as usize, 0);
                content.bytes.read_at(begins + (part.start() - span.start()), &mut old[from..])?;
            }
            begins += span.len();
        }
        now.resize(wanted.clamp_to(self.len_now).len().min(old.len() as u64) as usize, 0);
        file.read_at(at, &mut now)?;
        Ok((old, now))
    }

    /// The bytes that the save has overwritten, over their places.
    pub fn old_overlay(&self, cached: impl FnOnce(SharedSource) -> SharedSource) -> Option<Arc<Overlay>> {
        let OldBytes { spans, bytes } = self.old.clone()?;
        Overlay::new(spans, cached(bytes)).map(Arc::new)
    }
}
