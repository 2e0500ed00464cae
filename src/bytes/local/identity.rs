//! The identity and the state of a file on this machine, from what the system reports of it.

use super::sys;
use std::fs::{File, Metadata};
use std::io;
use std::path::Path;

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
    /// The identity that `metadata` shows. A block device has length 0 here; see [`super::file::FileSource::identity`].
    #[cfg(unix)]
    pub fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        let time =
            |seconds: i64, nanoseconds: i64| i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds);
        Self {
            device: Some(metadata.dev()),
            inode: Some(metadata.ino()),
            len: metadata.len(),
            mtime_ns: Some(time(metadata.mtime(), metadata.mtime_nsec())),
            ctime_ns: Some(time(metadata.ctime(), metadata.ctime_nsec())),
        }
    }

    /// The identity that `metadata` shows.
    #[cfg(not(unix))]
    pub fn of(metadata: &Metadata) -> Self {
        let since_1970 =
            metadata.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        Self {
            len: metadata.len(),
            mtime_ns: since_1970.and_then(|time| i128::try_from(time.as_nanos()).ok()),
            ..Self::default()
        }
    }

    /// The identity of an open file whose metadata is `metadata`. Windows tells of open files alone which ones they are.
    pub fn of_open(file: &File, metadata: &Metadata) -> Self {
        let told = Self::of(metadata);
        match sys::node(file) {
            Some(node) => Self { device: Some(node.device), inode: Some(node.inode), ..told },
            None => told,
        }
    }

    /// The identity of what `path` leads to now, symbolic links followed.
    ///
    /// # Errors
    /// As of `stat`.
    pub fn at(path: &Path) -> io::Result<Self> {
        match sys::open_to_look(path)? {
            Some(file) => Ok(Self::of_open(&file, &file.metadata()?)),
            None => std::fs::metadata(path).map(|metadata| Self::of(&metadata)),
        }
    }

    /// Whether both are the same file (device and inode), in whatever state. `false` where that is not known.
    pub fn same_file(&self, other: &Self) -> bool {
        self.device.is_some()
            && self.inode.is_some()
            && (self.device, self.inode) == (other.device, other.inode)
    }

    /// Whether both are known not to be the same file.
    pub fn other_file(&self, other: &Self) -> bool {
        self.device.is_some() && other.device.is_some() && !self.same_file(other)
    }
}
