//! Why a save did not happen, in sentences for the user: the file, what happened, what state it is in, what to do.

use crate::bytes::{FileIdentity, ReadError, ReadErrorKind, Span, Version};
use crate::escape::PathText;
use std::io;
use std::path::{Path, PathBuf};

/// What a failed save has left on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileState {
    /// Not one byte of it was written.
    Untouched,
    /// Bytes were written, and put back as they were; the disk has confirmed that.
    RolledBack,
    /// Neither old nor new inside this span: the old bytes could not be put back, or not confirmed. The journal has
    /// them.
    Mixed(Span),
}

/// Why a save did not happen.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    #[error("{} was changed by another program: {what}. {} Reload it, save under another name, or choose to overwrite it.", path.shown(), left_alone(*state, warnings))]
    ChangedOnDisk { path: PathBuf, what: String, state: FileState, warnings: Vec<String> },
    #[error("{} already exists. Nothing was written. Choose another name, or confirm that it may be replaced.", path.shown())]
    Exists { path: PathBuf },
    #[error("{} can't be written: {reason}. Nothing was changed. Save under another name, or change its permissions and save again.", path.shown())]
    NotWritable { path: PathBuf, reason: String },
    #[error("{} was not saved: the folder {} {what}. The edits are kept. Save into another folder.", path.shown(), folder.shown())]
    NoFolder { path: PathBuf, folder: PathBuf, what: &'static str },
    #[error("{} can't be replaced because you can't both create and remove files in its folder {}. Nothing was changed. Save into another folder, or change the folder's permissions and save again.", path.shown(), folder.shown())]
    FolderNotWritable { path: PathBuf, folder: PathBuf },
    #[error("There is not enough free space to save {}: {needed} bytes are needed and {free} are free. Nothing was changed. Free some space and save again, or save to another disk.", path.shown())]
    NoRoom { path: PathBuf, needed: u64, free: u64 },
    #[error("{} has {links} names (hard links), and a save that changes its length would leave the other names with the old content. Nothing was changed. Save under another name.", path.shown())]
    HardLinked { path: PathBuf, links: u64 },
    #[error("{} is a device: {what}. Nothing was written. {way_out}", path.shown())]
    Device { path: PathBuf, what: &'static str, way_out: &'static str },
    #[error("{} is {what}, not a file that can be written. Choose another name.", path.shown())]
    NotAFile { path: PathBuf, what: &'static str },
    #[error("{} is being saved by another pagelens right now. Nothing was written. Wait for it, then save again.", path.shown())]
    InUse { path: PathBuf },
    #[error("An earlier save of {} was interrupted, and the journal {} has the bytes to repair it. Nothing was written. Restore the file first (use the banner, or pagelens recover FILE), then save again.", path.shown(), journal.shown())]
    NeedsRecovery { path: PathBuf, journal: PathBuf },
    #[error("{} has the name of a journal of {}, but {why}. Nothing was written. Move it to another folder, or restore the file with the version of pagelens that wrote it.", journal.shown(), path.shown())]
    StrangeJournal { path: PathBuf, journal: PathBuf, why: String },
    #[error("The interrupted save of {} could not be repaired: {step} failed ({error}). Nothing is lost. Fix the cause, then restore the file again.", path.shown())]
    NotRestored { path: PathBuf, step: &'static str, error: io::Error },
    #[error("{} can't be saved in place: you can't both create and remove files in its folder, and there is no other folder for the journal that protects it. Nothing was changed. Save under another name.", path.shown())]
    NoJournal { path: PathBuf },
    #[error("{} was replaced or removed by another program during the save, so the edits are not in the file that has that name now. The edits are kept. Check the file that is there now, then save again or under another name.{}", path.shown(), all_of(warnings))]
    Replaced { path: PathBuf, warnings: Vec<String> },
    #[error("{}", broken_off(path, cause, after))]
    BrokenOff { path: PathBuf, cause: Cause, after: Box<Aftermath> },
}

/// What ended a save that had begun.
#[derive(Debug)]
pub enum Cause {
    /// A call to the system failed; `step` says what was being done, as a noun.
    Io {
        step: &'static str,
        error: io::Error,
    },
    /// The bytes to write could not be had.
    Read(ReadError),
    /// Another program changed the file meanwhile, and where that leaves it is not for the program to decide.
    Changed(String),
    Cancelled,
}

/// What a save that had begun has left.
#[derive(Debug)]
pub struct Aftermath {
    pub state: FileState,
    /// A temporary file that could not be removed again.
    pub left_over: Option<PathBuf>,
    /// The journal that puts a mixed file right.
    pub journal: Option<PathBuf>,
    /// What the file is now, where it was opened for writing: the save itself may have changed its times.
    pub identity_now: Option<FileIdentity>,
    /// Plain sentences about what else the user should know, as where another program's work was kept.
    pub warnings: Vec<String>,
}

impl Aftermath {
    /// Nothing was written, and nothing is left.
    pub(super) fn untouched() -> Self {
        Self {
            state: FileState::Untouched,
            left_over: None,
            journal: None,
            identity_now: None,
            warnings: Vec::new(),
        }
    }
}

impl SaveError {
    /// The user ended a save of `path` before anything was written.
    pub fn cancelled_early(path: &Path) -> Self {
        SaveStop::cancelled().untouched(path)
    }

    /// The file that was to be saved, or put right.
    pub fn path(&self) -> &Path {
        match self {
            Self::ChangedOnDisk { path, .. }
            | Self::Exists { path }
            | Self::NotWritable { path, .. }
            | Self::NoFolder { path, .. }
            | Self::FolderNotWritable { path, .. }
            | Self::NoRoom { path, .. }
            | Self::HardLinked { path, .. }
            | Self::Device { path, .. }
            | Self::NotAFile { path, .. }
            | Self::InUse { path }
            | Self::NeedsRecovery { path, .. }
            | Self::StrangeJournal { path, .. }
            | Self::NotRestored { path, .. }
            | Self::NoJournal { path }
            | Self::Replaced { path, .. }
            | Self::BrokenOff { path, .. } => path,
        }
    }

    /// What the file is left as. Whoever asked still has the edits in every case.
    pub fn state(&self) -> FileState {
        match self {
            Self::BrokenOff { after, .. } => after.state,
            Self::ChangedOnDisk { state, .. } => *state,
            _ => FileState::Untouched,
        }
    }

    /// The state in which a save left a file that another program changed, in sentences. `None` for any other error.
    pub fn left_alone(&self) -> Option<String> {
        match self {
            Self::ChangedOnDisk { state, warnings, .. } => Some(left_alone(*state, warnings)),
            _ => None,
        }
    }

    /// Nothing was written because another program changed the file; `what` says how.
    pub(super) fn changed(path: PathBuf, what: String) -> Self {
        Self::ChangedOnDisk { path, what, state: FileState::Untouched, warnings: Vec::new() }
    }

    /// The version that the next attempt must name, when the broken-off save itself has changed the file's times.
    pub fn version_now(&self) -> Option<Version> {
        match self {
            Self::BrokenOff { after, .. } => after.identity_now.clone().map(Version::from),
            _ => None,
        }
    }

    /// Whether the user wanted it to end.
    pub fn is_cancelled(&self) -> bool {
        matches!(self, Self::BrokenOff { cause: Cause::Cancelled, .. })
    }
}

fn broken_off(path: &Path, cause: &Cause, after: &Aftermath) -> String {
    let name = path.shown();
    let mut text = match cause {
        Cause::Io { step, error } => format!("{name} was not saved: {step} failed ({error}). "),
        Cause::Read(error) => format!("{name} was not saved: {error}. "),
        Cause::Changed(what) => {
            format!("{name} was not saved: another program changed it in the meantime ({what}). ")
        }
        Cause::Cancelled => format!("Saving {name} was cancelled. "),
    };
    text.push_str(&match after.state {
        FileState::Untouched => {
            "Nothing was changed, and the edits are kept. Save again, or under another name.".to_owned()
        }
        FileState::RolledBack => {
            "The file holds its old bytes again, and the edits are kept. Save again, or under another name.".to_owned()
        }
        FileState::Mixed(span) => format!(
            "The file may hold both old and new bytes in {span} until it is repaired. Save again, or save under another name and restore the old bytes with pagelens recover FILE."
        ),
    });
    if let Some(journal) = &after.journal {
        text.push_str(&format!(" The journal {} has the old bytes. Leave it where it is.", journal.shown()));
    }
    if let Some(left_over) = &after.left_over {
        text.push_str(&format!(" {} could not be removed. You can delete it.", left_over.shown()));
    }
    text.push_str(&all_of(&after.warnings));
    text
}

fn left_alone(state: FileState, warnings: &[String]) -> String {
    let said = match state {
        FileState::Untouched => "Nothing was written.",
        FileState::RolledBack | FileState::Mixed(_) => {
            "The save had begun. The old bytes were put back wherever it had written."
        }
    };
    format!("{said}{}", all_of(warnings))
}

/// The sentences, each behind a space.
fn all_of(warnings: &[String]) -> String {
    warnings.iter().map(|warning| format!(" {warning}")).collect()
}

/// What ends a way of saving, before it is known what that leaves.
#[derive(Debug)]
pub(super) enum SaveStop {
    Broken(Cause),
    /// Another program's work was found, which is not written over.
    Changed(String),
}

impl SaveStop {
    pub(super) fn cancelled() -> Self {
        Self::Broken(Cause::Cancelled)
    }

    /// Nothing was written, and nothing is left.
    pub(super) fn untouched(self, path: &Path) -> SaveError {
        self.into_error(path, Aftermath::untouched())
    }

    pub(super) fn into_error(self, path: &Path, after: Aftermath) -> SaveError {
        let path = path.to_owned();
        match self {
            Self::Broken(cause) => SaveError::BrokenOff { path, cause, after: Box::new(after) },
            Self::Changed(what)
                if !matches!(after.state, FileState::Mixed(_)) && after.left_over.is_none() =>
            {
                SaveError::ChangedOnDisk { path, what, state: after.state, warnings: after.warnings }
            }
            Self::Changed(what) => {
                SaveError::BrokenOff { path, cause: Cause::Changed(what), after: Box::new(after) }
            }
        }
    }
}

impl From<ReadError> for SaveStop {
    fn from(error: ReadError) -> Self {
        match error.kind() {
            ReadErrorKind::Cancelled => Self::cancelled(),
            ReadErrorKind::Retryable
            | ReadErrorKind::Denied
            | ReadErrorKind::Changed
            | ReadErrorKind::Other => Self::Broken(Cause::Read(error)),
        }
    }
}

/// Names a call, so that its error says what was being done.
pub(super) fn at_step(step: &'static str) -> impl FnOnce(io::Error) -> SaveStop {
    move |error| SaveStop::Broken(Cause::Io { step, error })
}

/// The refusal for a path that leads into `folder`, which does not exist, from the error of the lookup. `None` for any
/// other error.
pub(super) fn no_folder(path: &Path, folder: &Path, error: &io::Error) -> Option<SaveError> {
    let what = match error.kind() {
        io::ErrorKind::NotFound => "does not exist",
        io::ErrorKind::NotADirectory => "is not a folder",
        _ => return None,
    };
    Some(SaveError::NoFolder { path: path.to_owned(), folder: folder.to_owned(), what })
}

/// What tells `now` from what was known, in words.
pub(super) fn difference(known: &FileIdentity, now: &FileIdentity) -> String {
    if known.other_file(now) {
        "another file has replaced it".to_owned()
    } else if known.len != now.len {
        format!("its length was {} and is now {} bytes", known.len, now.len)
    } else if known.mtime_ns != now.mtime_ns {
        "it was written to".to_owned()
    } else {
        "its attributes were changed".to_owned()
    }
}
