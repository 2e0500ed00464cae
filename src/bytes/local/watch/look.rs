//! One check of a file: where its path leads, what state the open file is in, and what that is news of.
//!
//! May take as long as the file's disk likes, so it is made without any lock. What the system does not say is no
//! change of the file.

use super::FileChange;
use crate::bytes::local::file::FileSource;
use crate::bytes::local::identity::FileIdentity;
use crate::bytes::local::positioned::is_block_device;
use std::io;
use std::path::Path;

/// Where the path was last seen to lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum AtPath {
    OpenFile,
    /// Its times and length do not matter: it is not what is shown.
    OtherFile(FileIdentity),
    Nothing,
}

impl AtPath {
    /// What it is news of that the path leads here after it led to `before`.
    pub(super) fn news_after(&self, before: &Self) -> Option<FileChange> {
        match (before, self) {
            (Self::OpenFile, Self::OpenFile) | (Self::Nothing, Self::Nothing) => None,
            (Self::OtherFile(before), Self::OtherFile(now)) if before.same_file(now) => None,
            (_, Self::OpenFile) => Some(FileChange::Restored),
            (_, Self::OtherFile(_)) => Some(FileChange::Replaced),
            (_, Self::Nothing) => Some(FileChange::Deleted),
        }
    }
}

/// What one look at a file showed.
pub(super) struct Look {
    pub(super) at_path: AtPath,
    /// The state of the open file, where it could be seen.
    pub(super) state: Option<FileIdentity>,
}

/// What the system says of a path.
pub(super) fn stat(path: &Path, known: &FileIdentity) -> io::Result<FileIdentity> {
    let metadata = std::fs::metadata(path)?;
    let seen = if cfg!(windows) { FileIdentity::at(path)? } else { FileIdentity::of(&metadata) };
    if is_block_device(&metadata) {
        // The attributes of its name say nothing about its bytes.
        return Ok(FileIdentity { device: seen.device, inode: seen.inode, ..known.clone() });
    }
    Ok(seen)
}

/// Looks at a file. `None` when the system does not say, as on a network that is down.
pub(super) fn look(
    at_path: io::Result<FileIdentity>,
    source: Option<&FileSource>,
    known: &FileIdentity,
) -> Option<Look> {
    let at_path = match at_path {
        Ok(seen) if !known.other_file(&seen) => {
            return Some(Look { at_path: AtPath::OpenFile, state: Some(seen) });
        }
        Ok(seen) => AtPath::OtherFile(seen),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            AtPath::Nothing
        }
        Err(_) => return None,
    };
    Some(Look { at_path, state: source.and_then(|source| source.identity_now().ok()) })
}

/// How one state of a file became another, told by length and times.
pub(super) fn change_between(before: &FileIdentity, now: &FileIdentity) -> Option<FileChange> {
    if now.len < before.len {
        Some(FileChange::CutShort { len: now.len })
    } else if now.len > before.len {
        Some(FileChange::Grown { len: now.len })
    } else if now.mtime_ns != before.mtime_ns {
        Some(FileChange::Modified)
    } else if now.ctime_ns != before.ctime_ns {
        Some(FileChange::Attributes)
    } else {
        None
    }
}
