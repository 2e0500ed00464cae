//! From a path to a source: whatever the path leads to, without changing or creating anything.
//!
//! Called in a job: it may block. What cannot be shown is refused with a sentence that says what to do.
//! What the path leads to is looked at before it is opened, so that a pipe neither blocks nor loses a byte.

use super::file::{FileIdentity, FileSource, is_block_device, length_of, read_up_to};
use super::spool::spool_reader;
use super::{SharedSource, sys};
use crate::escape::PathText;
use crate::job::Progress;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files that hide their length are copied up to this many bytes.
const SPOOL_CAP: u64 = 256 << 20;

/// Files of at most this many bytes are read once to see whether their length is true: those of /sys say a page,
/// those of /proc nothing.
const DOUBTFUL_BYTES: u64 = 4096;

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
        match (&self.identity, &other.identity) {
            (Some(own), Some(others)) => {
                own.same_file(others) || (!own.other_file(others) && self.path == other.path)
            }
            _ => false,
        }
    }
}

/// Whether `path` leads, under any name, to one of these files, given by path and identity. Blocks.
pub fn leads_to_one_of(path: &Path, files: &[(PathBuf, Option<FileIdentity>)]) -> bool {
    let (lies_at, identity) = (dunce::canonicalize(path).ok(), FileIdentity::at(path).ok());
    files.iter().any(|(own, known)| {
        let same = known.as_ref().zip(identity.as_ref()).is_some_and(|(known, now)| known.same_file(now));
        same || lies_at.as_ref() == Some(own)
    })
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
    #[error("{} is {what}, which has no fixed content. Copy what it sends into a file, and open that file.", path.shown())]
    NotAFile { path: PathBuf, what: &'static str },
    #[error(
        "{} does not report its length, and contains more than {} MiB. Copy the part you need into a file, and open that file.",
        path.shown(), cap >> 20
    )]
    TooLong { path: PathBuf, cap: u64 },
    #[error("Opening {} was cancelled.", path.shown())]
    Cancelled { path: PathBuf },
    #[error(
        "{} could not be copied to the temporary folder: {reason}. Make room there, then open it again.",
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

/// Opens `path` for reading. `progress` counts bytes where the content has to be copied, and cancels that.
///
/// # Errors
/// [`OpenError`], when nothing can be shown.
pub fn open(path: &Path, progress: &Progress) -> Result<Opened, OpenError> {
    let failed = |error: io::Error| OpenError::of(path, &error);
    kind_of(path, &std::fs::metadata(path).map_err(failed)?)?;
    let file = FileSource::open(path).map_err(failed)?;
    // Asked again of what is open now: the path may lead elsewhere by the time of the open.
    let kind = kind_of(path, &file.file().metadata().map_err(failed)?)?;
    let lies_at = dunce::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if kind == Kind::Regular && hides_its_length(&file).map_err(failed)? {
        let copy = spool_reader(file.file(), path, SPOOL_CAP, progress)?;
        return Ok(Opened { path: lies_at, ..copy });
    }
    let file = Arc::new(file);
    Ok(Opened {
        source: Arc::clone(&file) as SharedSource,
        asked: path.to_owned(),
        identity: Some(file.identity().clone()),
        kind,
        writable: sys::may_write(&lies_at),
        len: file.identity().len,
        path: lies_at,
        file: Some(file),
    })
}

fn kind_of(path: &Path, metadata: &Metadata) -> Result<Kind, OpenError> {
    if metadata.is_file() {
        Ok(Kind::Regular)
    } else if is_block_device(metadata) {
        Ok(Kind::BlockDevice)
    } else if metadata.is_dir() {
        Err(OpenError::Directory { path: path.to_owned() })
    } else {
        Err(OpenError::NotAFile { path: path.to_owned(), what: stream_name(metadata) })
    }
}

#[cfg(unix)]
fn stream_name(metadata: &Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    let file_type = metadata.file_type();
    if file_type.is_fifo() {
        "a pipe"
    } else if file_type.is_socket() {
        "a socket"
    } else if file_type.is_char_device() {
        "a character device"
    } else {
        "no file"
    }
}

#[cfg(not(unix))]
fn stream_name(_metadata: &Metadata) -> &'static str {
    "no file"
}

/// Whether a file gives more than its length of 0, or less than its length of a page.
fn hides_its_length(file: &FileSource) -> io::Result<bool> {
    let len = file.identity().len;
    if len > DOUBTFUL_BYTES {
        return Ok(false);
    }
    let mut bytes = [0; DOUBTFUL_BYTES as usize];
    let (got, stopped_by) = read_up_to(file.file(), 0, &mut bytes[..len.max(1) as usize]);
    match stopped_by {
        Some(error) if len == 0 => Err(error),
        // A bad sector: the length may well be true, and whoever reads the place is told.
        Some(_) => Ok(false),
        None if len == 0 => Ok(got > 0),
        // Unless it was cut short since it was opened, which the first real read will tell.
        None => Ok((got as u64) < len && length_of(file.file())? == len),
    }
}
