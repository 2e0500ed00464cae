//! From a path to a source: whatever the path leads to, without changing or creating anything.
//!
//! Called in a job: it may block. What cannot be shown is refused with a sentence that says what to do.

use super::SharedSource;
use super::file::{FileIdentity, FileSource};
use crate::job::Progress;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Regular,
    BlockDevice,
    /// Copied when opened, because it has no length of its own: standard input, files of /proc and /sys.
    Spooled,
}

/// An open file.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The bytes; put a page cache before it to show them.
    pub source: SharedSource,
    /// The same as a file; `None` for what was spooled.
    pub file: Option<Arc<FileSource>>,
    /// As it was asked for; `-` for standard input.
    pub asked: PathBuf,
    /// Where the file really lies, symbolic links resolved; as asked for where that is not known.
    pub path: PathBuf,
    /// `None` for what was spooled.
    pub identity: Option<FileIdentity>,
    pub kind: Kind,
    /// Whether the file's permissions let it be saved in place. Asked of the system, never tried.
    pub writable: bool,
    /// Length in bytes.
    pub len: u64,
}

impl Opened {
    /// Whether both are the same file, whatever their names.
    pub fn same_file(&self, other: &Self) -> bool {
        todo!()
    }
}

/// Why a path could not be opened; `Display` is a sentence for the user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    #[error("There is no file {path}. Check the name, or whether its disk is mounted.", path = path.display())]
    Missing { path: PathBuf },
    #[error("{path} may not be read by you. Ask its owner for the right to read it, or copy it as a user who may.", path = path.display())]
    Permission { path: PathBuf },
    #[error("{path} is a folder. Choose a file inside it.", path = path.display())]
    Directory { path: PathBuf },
    #[error("{path} is {what}, which has no fixed content to show. Copy what it sends into a file, and open that.", path = path.display())]
    NotAFile { path: PathBuf, what: &'static str },
    #[error("{path} gave more than {cap} bytes without telling its length. Copy the part you need into a file, and open that.", path = path.display())]
    TooLong { path: PathBuf, cap: u64 },
    #[error("Opening {path} was cancelled.", path = path.display())]
    Cancelled { path: PathBuf },
    #[error("{path} could not be copied into a temporary file: {reason}. Make room in the temporary folder and open it again.", path = path.display())]
    Spool { path: PathBuf, reason: String },
    #[error("{path} could not be opened: {reason}. Check the disk or connection and try again.", path = path.display())]
    Io { path: PathBuf, reason: String },
}

/// Opens `path` for reading. `progress` counts bytes where the content has to be copied, and cancels that.
///
/// # Errors
/// [`OpenError`], when nothing can be shown.
pub fn open(path: &Path, progress: &Progress) -> Result<Opened, OpenError> {
    todo!()
}
