//! Every system call that a save makes, behind two traits, so that a test can fail each of them.
//!
//! The traits say what is asked of the system and no more: no loops over short writes, no retries, no order.
//! Those are the helpers at the end and the ways of saving above. Nothing here opens with truncation.

mod real;
mod system;

pub use real::{RealDisk, watch_writes};
pub use system::adjust_limits;
pub(crate) use system::try_lock;

use crate::bytes::FileIdentity;
use crate::bytes::Span;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// What is written past the system's cache begins and ends at multiples of so many bytes, in the file and in memory.
pub const PAGE: u64 = 4096;

/// The user who may give files away, and write all of them.
pub const ROOT: u32 = 0;

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    Regular,
    Folder,
    BlockDevice,
    /// A pipe, a socket, a character device.
    Other,
}

/// User and group by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    pub user: u32,
    pub group: u32,
}

/// What the system says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileStat {
    /// `len` is that of the content, also for a block device.
    pub identity: FileIdentity,
    pub kind: FileKind,
    /// Names that the file has (hard links).
    pub links: u64,
    /// Permission bits with set-user-id and the like; `None` where the platform has none.
    pub mode: Option<u32>,
    pub owner: Option<Owner>,
    /// Bytes that the file takes up on the disk; less than its length when it has holes.
    pub allocated: u64,
}

impl FileStat {
    /// Whether the file can hold `len` bytes that a program of ours has written, by the room that it takes up. Holes cost
    /// whoever makes them nothing; a file system that packs blocks makes a 32nd of zeros at most.
    pub fn may_hold(&self, len: u64) -> bool {
        len <= Self::ANYWAY || self.allocated >= len / Self::LEAST_FILLED
    }

    /// Bytes that are few enough to be read into memory whatever the file is.
    const ANYWAY: u64 = 4 << 20;
    const LEAST_FILLED: u64 = 64;
}

/// Why a file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Read,
    /// Reading and writing. Never creates, never truncates; a block device is opened exclusively.
    Write,
}

/// Who may read a file from the moment it is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privacy {
    /// The user alone, until its mode is set.
    Private,
    /// Whoever the user's defaults say.
    Default,
    /// Whoever these permission bits say, less what the user's mask takes away.
    As(u32),
}

/// Notes whether another program writes to a file, see [`DiskFile::watch_writes`].
pub trait WriteWatch: Send + Sync {
    /// Whether another program has written to the file, or changed its length, since the watch began. Stores through a
    /// map are not noticed.
    fn others_wrote(&self) -> io::Result<bool>;
    /// Whether anybody has had the file open for writing at any moment since the watch began, and so may have stored into
    /// it through a map. Where the system does not tell, somebody may.
    fn others_could_store(&self) -> io::Result<bool> {
        Ok(true)
    }
}

impl fmt::Debug for dyn WriteWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WriteWatch")
    }
}

/// Names of files, and what can be done with them.
pub trait Disk: Send + Sync {
    /// The path with every symbolic link resolved; an error when nothing is there.
    fn resolve(&self, path: &Path) -> io::Result<PathBuf>;
    /// Where a symbolic link points; an error when the path is none.
    fn read_link(&self, path: &Path) -> io::Result<PathBuf>;
    /// Follows symbolic links.
    fn stat(&self, path: &Path) -> io::Result<FileStat>;
    /// Whether something has this name, even a broken link. An error if nothing has.
    fn look(&self, path: &Path) -> io::Result<()> {
        self.stat(path).map(|_| ())
    }
    /// Whether the system would let this user write the file, or make files in the folder. Asked, never tried.
    fn may_write(&self, path: &Path) -> io::Result<bool>;
    /// Whether files in the folder can be removed and renamed. Not if files can only be added to it.
    fn may_remove(&self, _folder: &Path) -> io::Result<bool> {
        Ok(true)
    }
    /// The user on whose behalf files are made; `None` where the platform has no numbers for users.
    fn user(&self) -> Option<u32>;
    /// Whether a block device is mounted or otherwise claimed.
    fn device_in_use(&self, path: &Path) -> io::Result<bool>;
    /// Bytes that may be written in `folder`; `None` when the file system does not say.
    fn free_room(&self, folder: &Path) -> io::Result<Option<u64>>;
    fn open(&self, path: &Path, access: Access) -> io::Result<Box<dyn DiskFile>>;
    /// Opens what an earlier save has left under this very name: a regular file, never one that a link leads to, without
    /// waiting for the other end of a pipe.
    fn open_left(&self, path: &Path, access: Access) -> io::Result<Box<dyn DiskFile>> {
        self.open(path, access)
    }
    /// Makes a folder for this user alone, and those that it lies in; fine when it is there.
    fn make_folder(&self, path: &Path) -> io::Result<()>;
    /// Creates a file that must not exist yet, open for reading and writing.
    fn create_new(&self, path: &Path, privacy: Privacy) -> io::Result<Box<dyn DiskFile>>;
    /// A file without a name, in `folder` where that works, which vanishes with its handle.
    fn create_unnamed(&self, folder: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Takes the place of what `to` was.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Fails with `AlreadyExists` when `to` is there.
    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Each of the two files gets the other's name, both at once. `Unsupported` where that can't be.
    fn exchange(&self, a: &Path, b: &Path) -> io::Result<()>;
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Removes a file that is or may be open, and whose name must be free at once. `aside` is a name that nothing has,
    /// in the same folder: where the name of an open file lives on, that one does so in its place.
    fn remove_open(&self, path: &Path, _aside: &Path) -> io::Result<()> {
        self.remove(path)
    }
    /// What a new file does not get from the one at `path`, whose place it takes: the start of a sentence ('Its access
    /// list is').
    fn unkept(&self, _path: &Path) -> io::Result<Option<&'static str>> {
        Ok(None)
    }
    /// The names in `folder`, in no order.
    fn list(&self, folder: &Path) -> io::Result<Vec<OsString>>;
    /// Whether files in `folder` can share their blocks until one of them is written to.
    fn shares_blocks(&self, folder: &Path) -> io::Result<bool>;
    /// Makes the names in `folder` outlast a power cut.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
}

/// An open file.
pub trait DiskFile: Send + Sync + fmt::Debug {
    fn stat(&self) -> io::Result<FileStat>;
    /// Bytes read; 0 at the end.
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize>;
    /// Bytes written, perhaps fewer than given.
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<usize>;
    fn set_len(&self, len: u64) -> io::Result<()>;
    /// Sets room aside so that writing the span can't run out of it; the bytes stay as they read.
    /// `Unsupported` where the file system has no such thing.
    fn reserve(&self, span: Span) -> io::Result<()>;
    /// Makes this file, which is empty, hold all that `from` holds without copying. `Unsupported` where blocks can't
    /// be shared.
    fn share_blocks(&self, from: &dyn DiskFile) -> io::Result<()>;
    /// Copies bytes of `from` to `to` without them passing through this program. Answers how many, perhaps fewer than
    /// asked; 0 at the end. `Unsupported` where the system can't.
    fn copy_range(&self, from: &dyn DiskFile, span: Span, to: u64) -> io::Result<u64>;
    /// Whether the system copies bytes from `from` to `to` at least as fast as they are read and written: not between
    /// places that lie differently in their blocks, unless another machine does it.
    fn copies_fast(&self, _from: u64, _to: u64) -> bool {
        true
    }
    /// The same file, opened anew so that whole pages go from memory to the disk past the system's cache, and come from
    /// there. See [`PAGE`]. `Unsupported` where that can't be or saves nothing.
    fn past_cache(&self) -> io::Result<Box<dyn DiskFile>> {
        Err(io::ErrorKind::Unsupported.into())
    }
    /// The system's own file behind this one, if there is one.
    fn system_file(&self) -> Option<&std::fs::File>;
    /// Content and length outlast a power cut.
    fn sync(&self) -> io::Result<()>;
    /// Keeps other instances of this program away until the file is closed; `false` when one was first.
    /// `Unsupported` where there are no such locks.
    fn try_lock(&self) -> io::Result<bool>;
    /// Begins to note whether another program writes to the file. `Unsupported` where the system does not tell.
    fn watch_writes(&self) -> io::Result<Box<dyn WriteWatch>> {
        Err(io::ErrorKind::Unsupported.into())
    }
    /// Whether anybody has this file, which is open for reading, open for writing. `Unsupported` where the system does
    /// not tell.
    fn has_writers(&self) -> io::Result<bool> {
        Err(io::ErrorKind::Unsupported.into())
    }
    fn set_owner(&self, user: Option<u32>, group: Option<u32>) -> io::Result<()>;
    fn set_mode(&self, mode: u32) -> io::Result<()>;
    /// Names of the extended attributes; access-control lists are among them.
    fn attributes(&self) -> io::Result<Vec<OsString>>;
    fn attribute(&self, name: &OsStr) -> io::Result<Vec<u8>>;
    fn set_attribute(&self, name: &OsStr, value: &[u8]) -> io::Result<()>;
    fn remove_attribute(&self, name: &OsStr) -> io::Result<()>;
    /// The attributes that chattr(1) sets, as the system's bits. `Unsupported` if the file system has none.
    fn flags(&self) -> io::Result<u32> {
        Err(io::ErrorKind::Unsupported.into())
    }
    fn set_flags(&self, _flags: u32) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// How [`Disk::remove_open`] is done where a removed file keeps its name for as long as it is open. A kill between
/// the two steps leaves a temporary file, which the next rewrite or the recovery of the folder takes away.
///
/// # Errors
/// As of the rename: the name is still taken then. A file that could not be removed has lost its name all the same.
pub fn remove_by_rename(disk: &dyn Disk, path: &Path, aside: &Path) -> io::Result<()> {
    disk.rename(path, aside)?;
    let _ = disk.remove(aside);
    Ok(())
}

/// Repeats a call that a signal interrupted.
pub(super) fn retry<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            answer => return answer,
        }
    }
}

/// Whether files can be created in `folder`, and also removed and renamed. A save must be able to remove its temporary
/// files, and a journal that stays would block the next save.
pub(super) fn takes_files(disk: &dyn Disk, folder: &Path) -> io::Result<bool> {
    Ok(retry(|| disk.may_write(folder))? && retry(|| disk.may_remove(folder))?)
}

/// Writes all of `bytes`, however many calls that takes; `wrote` is called after each that wrote something.
///
/// # Errors
/// As of the system; some of the bytes may be written then.
pub fn write_all_at(
    file: &dyn DiskFile,
    mut offset: u64,
    mut bytes: &[u8],
    wrote: impl Fn(),
) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = retry(|| file.write_at(offset, bytes))?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        wrote();
        bytes = bytes.get(written..).unwrap_or_default();
        offset += written as u64;
    }
    Ok(())
}

/// Fills all of `buf`, however many calls that takes.
///
/// # Errors
/// As of the system, and [`io::ErrorKind::UnexpectedEof`] where the file ends before.
pub fn read_exact_at(file: &dyn DiskFile, mut offset: u64, mut buf: &mut [u8]) -> io::Result<()> {
    while !buf.is_empty() {
        let read = retry(|| file.read_at(offset, buf))?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        buf = buf.get_mut(read..).unwrap_or_default();
        offset += read as u64;
    }
    Ok(())
}

/// A step that some file systems do not have: not having it is fine.
pub(super) fn where_supported(call: impl FnMut() -> io::Result<()>) -> io::Result<()> {
    match retry(call) {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
        answer => answer,
    }
}
