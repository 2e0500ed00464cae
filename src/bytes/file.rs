//! Positioned reads of a regular file or a block device, and who that file is.
//!
//! The length is fixed when the file is opened; a file that others cut short answers with
//! [`ReadError::CutShort`]. Opened for reading only, never created, never truncated.
//! What the screen shows goes through [`super::pages::PageCache`]: a bare file peeks as missing.

use super::{Availability, ReadError, Source};
use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

/// What tells one file, in one state, from another. Parts that the platform does not know are `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileIdentity {
    pub device: Option<u64>,
    pub inode: Option<u64>,
    /// Length in bytes.
    pub len: u64,
    /// Time of the last change of the bytes, in nanoseconds since 1970.
    pub mtime_ns: Option<i128>,
    /// Time of the last change of bytes or attributes, in nanoseconds since 1970.
    pub ctime_ns: Option<i128>,
}

impl FileIdentity {
    /// The identity that `metadata` shows. A block device has length 0 here; see [`FileSource::identity`].
    pub fn of(metadata: &Metadata) -> Self {
        todo!()
    }

    /// The identity of what `path` leads to now, symbolic links followed.
    ///
    /// # Errors
    /// As of `stat`.
    pub fn at(path: &Path) -> io::Result<Self> {
        todo!()
    }

    /// Whether both are the same file (device and inode), in whatever state. `false` where that is not known.
    pub fn same_file(&self, other: &Self) -> bool {
        todo!()
    }
}

/// A file or block device, read by position.
#[derive(Debug)]
pub struct FileSource {
    file: File,
    path: PathBuf,
    identity: FileIdentity,
}

impl FileSource {
    /// Opens `path` for reading only; never waits for the other end of a pipe.
    ///
    /// # Errors
    /// As of `open` and `stat`.
    pub fn open(path: &Path) -> io::Result<Self> {
        todo!()
    }

    /// Takes a file that is open for reading; `path` is where it lies, for messages and for a second descriptor.
    ///
    /// # Errors
    /// As of `fstat`.
    pub fn from_file(file: File, path: &Path) -> io::Result<Self> {
        todo!()
    }

    /// Who the file was when this source was made; `len` is the length of the source.
    pub fn identity(&self) -> &FileIdentity {
        &self.identity
    }

    /// Who the open file is now: the descriptor is asked, not the path. May block.
    ///
    /// # Errors
    /// As of `fstat`.
    pub fn identity_now(&self) -> io::Result<FileIdentity> {
        todo!()
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The descriptor, for calls between two files (cloning ranges, locks). Open for reading only.
    pub fn file(&self) -> &File {
        &self.file
    }
}

impl Source for FileSource {
    fn len(&self) -> u64 {
        self.identity.len
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        todo!()
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        todo!()
    }
}
