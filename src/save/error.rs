//! Why a save did not happen, in sentences for the user: the file, what happened, what state it is in, what to do.

use crate::bytes::file::FileIdentity;
use crate::bytes::{ReadError, Span};
use std::io;
use std::path::{Path, PathBuf};

/// What a failed save has left on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileState {
    /// Not one byte of it was written.
    Untouched,
    /// Bytes were written, and put back as they were; the disk has confirmed that.
    RolledBack,
    /// Neither old nor new inside this span: the old bytes could not be put back, or not confirmed.
    Mixed(Span),
}

/// Why a save did not happen.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    #[error("{} was changed by another program: {what}. Nothing was written. Reload it, save under another name, or choose to overwrite it.", path.display())]
    ChangedOnDisk { path: PathBuf, what: String },
    #[error("{} exists already. Nothing was written. Choose another name, or agree to replace it.", path.display())]
    Exists { path: PathBuf },
    #[error("{} may not be written: {reason}. Nothing was changed. Save under another name, or change its permissions and save again.", path.display())]
    NotWritable { path: PathBuf, reason: String },
    #[error("{} can't be replaced because its folder {} may not be written. Nothing was changed. Save into another folder, or change the folder's permissions and save again.", path.display(), folder.display())]
    FolderNotWritable { path: PathBuf, folder: PathBuf },
    #[error("{} can't be saved for want of room: {needed} bytes are needed and {free} are free. Nothing was changed. Make room and save again, or save to another disk.", path.display())]
    NoRoom { path: PathBuf, needed: u64, free: u64 },
    #[error("{} has {links} names (hard links), and a new length would leave the others with the old content. Nothing was changed. Save under another name.", path.display())]
    HardLinked { path: PathBuf, links: u64 },
    #[error("{} is a device: {what}. Nothing was written. {way_out}", path.display())]
    Device { path: PathBuf, what: &'static str, way_out: &'static str },
    #[error("{} is {what}, not a file that can be written. Choose another name.", path.display())]
    NotAFile { path: PathBuf, what: &'static str },
    #[error("{} is being saved by another pagelens right now. Nothing was written. Wait for it, then save again.", path.display())]
    InUse { path: PathBuf },
    #[error("{} was not saved: some of its bytes could not be read ({error}). {}", path.display(), tail(path, *state, left_over.as_deref()))]
    Read {
        path: PathBuf,
        error: ReadError,
        state: FileState,
        left_over: Option<PathBuf>,
        identity_now: Option<FileIdentity>,
    },
    #[error("Saving {} was cancelled. {}", path.display(), tail(path, *state, left_over.as_deref()))]
    Cancelled {
        path: PathBuf,
        state: FileState,
        left_over: Option<PathBuf>,
        identity_now: Option<FileIdentity>,
    },
    #[error("{} was not saved: {step} failed ({error}). {}", path.display(), tail(path, *state, left_over.as_deref()))]
    Failed {
        path: PathBuf,
        /// What was being done, as a noun: 'writing'.
        step: &'static str,
        error: io::Error,
        state: FileState,
        /// A temporary file that could not be removed again.
        left_over: Option<PathBuf>,
        identity_now: Option<FileIdentity>,
    },
}

impl SaveError {
    pub fn path(&self) -> &Path {
        match self {
            Self::ChangedOnDisk { path, .. }
            | Self::Exists { path }
            | Self::NotWritable { path, .. }
            | Self::FolderNotWritable { path, .. }
            | Self::NoRoom { path, .. }
            | Self::HardLinked { path, .. }
            | Self::Device { path, .. }
            | Self::NotAFile { path, .. }
            | Self::InUse { path }
            | Self::Read { path, .. }
            | Self::Cancelled { path, .. }
            | Self::Failed { path, .. } => path,
        }
    }

    /// What the file is left as. Whoever asked still has the edits in every case.
    pub fn state(&self) -> FileState {
        match self {
            Self::Read { state, .. } | Self::Cancelled { state, .. } | Self::Failed { state, .. } => *state,
            _ => FileState::Untouched,
        }
    }

    /// The identity that the next attempt must name: the broken-off save itself has changed the file's times.
    pub fn identity_now(&self) -> Option<&FileIdentity> {
        match self {
            Self::Read { identity_now, .. }
            | Self::Cancelled { identity_now, .. }
            | Self::Failed { identity_now, .. } => identity_now.as_ref(),
            _ => None,
        }
    }
}

/// The second half of a message: what there is now, and what to do.
fn tail(path: &Path, state: FileState, left_over: Option<&Path>) -> String {
    let mut text = match state {
        FileState::Untouched => format!(
            "{} is as it was, and the edits are kept: save again, or under another name.",
            path.display()
        ),
        FileState::RolledBack => format!(
            "{} holds its old bytes again, and the edits are kept: save again, or under another name.",
            path.display()
        ),
        FileState::Mixed(span) => format!(
            "{} may hold both old and new bytes in {span}. Keep this window open, for it has both: save again, or save under another name.",
            path.display()
        ),
    };
    if let Some(left_over) = left_over {
        text.push_str(&format!(
            " The temporary file {} could not be removed and can be deleted.",
            left_over.display()
        ));
    }
    text
}

/// What broke a save off, before it is known what state that leaves.
#[derive(Debug)]
pub(super) enum Stop {
    Io {
        step: &'static str,
        error: io::Error,
    },
    Read(ReadError),
    Cancelled,
    /// Another program's work was found; nothing has been written yet.
    Changed(String),
}

impl Stop {
    pub(super) fn into_error(
        self,
        path: &Path,
        state: FileState,
        left_over: Option<PathBuf>,
        identity_now: Option<FileIdentity>,
    ) -> SaveError {
        let path = path.to_owned();
        match self {
            Self::Io { step, error } => {
                SaveError::Failed { path, step, error, state, left_over, identity_now }
            }
            Self::Read(error) => SaveError::Read { path, error, state, left_over, identity_now },
            Self::Cancelled => SaveError::Cancelled { path, state, left_over, identity_now },
            Self::Changed(what) => SaveError::ChangedOnDisk { path, what },
        }
    }
}

/// Names a call, so that its error says what was being done.
pub(super) fn at_step(step: &'static str) -> impl FnOnce(io::Error) -> Stop {
    move |error| Stop::Io { step, error }
}

/// What tells `now` from what was known, in words.
pub(super) fn difference(known: &FileIdentity, now: &FileIdentity) -> String {
    if known.other_file(now) {
        "another file has taken its place".to_owned()
    } else if known.len != now.len {
        format!("its length was {} and is now {} bytes", known.len, now.len)
    } else if known.mtime_ns != now.mtime_ns {
        "it was written to".to_owned()
    } else {
        "its attributes were changed".to_owned()
    }
}
