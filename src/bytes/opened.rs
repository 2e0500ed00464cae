//! The result of opening a file, and the reasons for which it can't be opened.

use super::local::file::FileSource;
use super::origin::Origin;
use super::source::SharedSource;
use crate::escape::PathText;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenedKind {
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
    /// Where the file really lies, symbolic links resolved; as asked for where that is not known. What was spooled has
    /// no version.
    pub origin: Origin,
    pub kind: OpenedKind,
    /// Whether the file's permissions let it be saved in place. Asked of the system, never tried.
    pub writable: bool,
    /// Length in bytes.
    pub len: u64,
}

impl Opened {
    /// Where the file really lies, in the form of a path.
    pub fn path(&self) -> &Path {
        self.origin.location.as_path()
    }
}

/// Why a path could not be opened; `Display` is a sentence for the user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    #[error("There is no file {}. Check the name, or whether its disk is mounted.", path.shown())]
    Missing { path: PathBuf },
    #[error("You don't have permission to read {}. Ask its owner for permission or for a copy.", path.shown())]
    Permission { path: PathBuf },
    #[error("{} is a folder. Choose a file inside it.", path.shown())]
    Directory { path: PathBuf },
    #[error("{} is {what}, which has no fixed content. Copy its output into a file, and open that file.", path.shown())]
    NotAFile { path: PathBuf, what: &'static str },
    #[error(
        "{} does not report its length, and contains more than {} MiB. Copy the part you need into a file, and open that file.",
        path.shown(), cap >> 20
    )]
    TooLong { path: PathBuf, cap: u64 },
    #[error("Opening {} was cancelled.", path.shown())]
    Cancelled { path: PathBuf },
    #[error(
        "{} could not be copied to the temporary folder: {reason}. Free some space there, then open it again.",
        path.shown()
    )]
    Spool { path: PathBuf, reason: String },
    #[error("{} could not be opened: {reason}. Check its disk or connection, then try again.", path.shown())]
    Io { path: PathBuf, reason: String },
}

impl OpenError {
    /// What `error`, met on the way to the bytes of `path`, means.
    pub(super) fn of(path: &Path, error: &io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            // A name that is too long for the system is the name of no file.
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidFilename => {
                Self::Missing { path }
            }
            io::ErrorKind::PermissionDenied => Self::Permission { path },
            io::ErrorKind::IsADirectory => Self::Directory { path },
            io::ErrorKind::WouldBlock => Self::NotAFile { path, what: "a stream that has no data now" },
            _ => Self::Io { path, reason: error.to_string() },
        }
    }
}
