//! Compares a file as it is now with the state that a tab is built on. A worker does this.

use crate::bytes::file::FileSource;
use crate::bytes::{FileIdentity, Source};
use crate::job::Progress;
use crate::save::edited_over::{Comparison, EditedOverRecord};
use std::io;
use std::path::Path;
use std::sync::Arc;

/// How often a look begins anew because the file became something else meanwhile.
const ATTEMPTS: usize = 3;

/// What the file is now, against the state that the tab is built on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is what it was, or only its attributes are others.
    Same,
    Modified,
    Grown,
    CutShort,
    Replaced,
    Deleted,
}

/// What a comparison found.
#[derive(Debug)]
pub(super) struct ComparedFile {
    pub(super) fate: Fate,
    /// `None` of a deleted file.
    pub(super) comparison: Option<Comparison>,
    /// The file that takes the place of the open one, or the open one with its new length.
    pub(super) source: Option<Arc<FileSource>>,
}

impl ComparedFile {
    /// Whether nothing that was edited over has changed, as far as the file goes.
    pub(super) fn spares_edits(&self) -> bool {
        self.comparison.as_ref().is_some_and(|comparison| comparison.difference.is_none())
    }

    pub(super) fn len(&self) -> u64 {
        self.comparison.as_ref().map_or(0, |comparison| comparison.identity.len)
    }

    /// Whether the edits can be laid over the file as it is. Offsets mean little in another file of another length
    /// that does not even hold what was edited over.
    pub(super) fn takes_edits(&self, known_len: u64) -> bool {
        match self.fate {
            Fate::Deleted => false,
            Fate::Replaced => self.spares_edits() || self.len() == known_len,
            Fate::Same | Fate::Modified | Fate::Grown | Fate::CutShort => true,
        }
    }
}

/// An open file, and what is needed to find out what became of it.
pub(super) struct OpenedFile<'a> {
    pub(super) path: &'a Path,
    /// The file that is open.
    pub(super) open: &'a FileSource,
    /// What the tab is built on.
    pub(super) known: &'a FileIdentity,
    pub(super) record: &'a EditedOverRecord,
}

impl OpenedFile<'_> {
    /// Finds out what became of the file. Blocks.
    pub(super) fn find(&self, progress: &Progress) -> io::Result<ComparedFile> {
        for _ in 0..ATTEMPTS {
            if let Some(found) = self.try_to_find(progress)? {
                return Ok(found);
            }
        }
        Err(io::Error::other("another program keeps writing to it"))
    }

    /// `None` when it became something else meanwhile.
    fn try_to_find(&self, progress: &Progress) -> io::Result<Option<ComparedFile>> {
        let known = self.known;
        let at_path = match FileIdentity::at(self.path) {
            Ok(at_path) => at_path,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(Some(ComparedFile { fate: Fate::Deleted, comparison: None, source: None }));
            }
            Err(error) => return Err(error),
        };
        let is_other = known.other_file(&at_path);
        if is_other || self.open.identity_now()?.len < known.len {
            let source = Arc::new(FileSource::open(self.path)?);
            let comparison = self.record.compare(&source, progress)?;
            let fate = match &comparison.identity {
                now if known.other_file(now) => Fate::Replaced,
                now if now.len < known.len => Fate::CutShort,
                _ => return Ok(None),
            };
            let fits = comparison.identity.len == source.len();
            return Ok(fits.then_some(ComparedFile {
                fate,
                comparison: Some(comparison),
                source: Some(source),
            }));
        }
        let comparison = self.record.compare(self.open, progress)?;
        let fate = match &comparison.identity {
            now if now.len < known.len => return Ok(None),
            now if now.len > known.len => Fate::Grown,
            now if now.mtime_ns != known.mtime_ns || !comparison.difference.is_none() => Fate::Modified,
            _ => Fate::Same,
        };
        Ok(Some(ComparedFile { fate, comparison: Some(comparison), source: None }))
    }
}
