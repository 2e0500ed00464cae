//! From a path to a source, without changing or creating anything.
//!
//! Called in a job, because it may block. A path that can't be shown is refused with a sentence that says what to do.
//! The path is checked before it is opened, so that a pipe neither blocks nor loses a byte.

use super::file::FileSource;
use super::identity::FileIdentity;
use super::positioned::{is_block_device, length_of, read_up_to};
use super::spool::spool_reader;
use super::sys;
use crate::bytes::origin::Origin;
use crate::bytes::source::SharedSource;
use crate::job::Progress;
use std::fs::Metadata;
use std::io;
use std::path::Path;
use std::sync::Arc;

pub use crate::bytes::opened::{OpenError, Opened, OpenedKind};

/// Files that hide their length are copied up to this many bytes.
const SPOOL_CAP: u64 = 256 << 20;

/// Files of at most this many bytes are read once to see whether their length is true: those of /sys say a page,
/// those of /proc nothing.
const DOUBTFUL_BYTES: u64 = 4096;

/// Whether `path` leads, under any name, to one of these files. Blocks.
pub fn leads_to_one_of(path: &Path, files: &[Origin]) -> bool {
    let (lies_at, identity) = (dunce::canonicalize(path).ok(), FileIdentity::at(path).ok());
    files.iter().any(|own| {
        let known = own.file_identity().zip(identity.as_ref());
        let is_same = known.is_some_and(|(known, now)| known.same_file(now));
        is_same || (lies_at.is_some() && lies_at.as_deref() == own.location.file_path())
    })
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
    if kind == OpenedKind::Regular && hides_its_length(&file).map_err(failed)? {
        let copy = spool_reader(file.file(), path, SPOOL_CAP, progress)?;
        return Ok(Opened { origin: Origin::unversioned(lies_at), ..copy });
    }
    let file = Arc::new(file);
    Ok(Opened {
        source: Arc::clone(&file) as SharedSource,
        asked: path.to_owned(),
        kind,
        writable: sys::may_write(&lies_at),
        len: file.identity().len,
        origin: Origin::new(lies_at, Some(file.identity().clone())),
        file: Some(file),
    })
}

fn kind_of(path: &Path, metadata: &Metadata) -> Result<OpenedKind, OpenError> {
    if metadata.is_file() {
        Ok(OpenedKind::Regular)
    } else if is_block_device(metadata) {
        Ok(OpenedKind::BlockDevice)
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
        "not a regular file"
    }
}

#[cfg(not(unix))]
fn stream_name(_metadata: &Metadata) -> &'static str {
    "not a regular file"
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
