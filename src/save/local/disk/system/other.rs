//! Windows: its own calls where it has them, and plain answers for what it does not have.

use super::UnixPart;
use crate::bytes::Span;
use std::fs::{self, File, FileType, Metadata, OpenOptions};
use std::io;
use std::path::Path;

fn unsupported<T>() -> io::Result<T> {
    Err(io::ErrorKind::Unsupported.into())
}

/// As [`crate::save::disk::DiskFile::read_at`].
///
/// # Errors
/// As of the system.
pub fn read_at(file: &File, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buf, offset)
}

/// As [`crate::save::disk::DiskFile::write_at`].
///
/// # Errors
/// As of the system.
pub fn write_at(file: &File, offset: u64, bytes: &[u8]) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_write(file, bytes, offset)
}

/// A write beyond the user's limit of file sizes answers an error, and ends nobody.
pub fn ignore_size_signal() {}

/// Lets the program have as many files open as the system allows it.
pub fn raise_descriptor_limit() {}

/// Whether it is a block device.
pub fn is_block_device(_: FileType) -> bool {
    false
}

/// What only Unix tells of a file.
pub fn unix_part(metadata: &Metadata) -> UnixPart {
    UnixPart { links: 1, mode: None, owner: None, allocated: metadata.len() }
}

/// Opening never waits for the other end of a pipe.
pub fn never_wait(_: &mut OpenOptions, _exclusive: bool) {}

/// Opening follows no link at the end of the path.
pub fn never_follow(_: &mut OpenOptions) {}

/// Makes a folder, and those that it lies in, for this user alone.
///
/// # Errors
/// As of the system.
pub fn make_private_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// Which permissions a new file has, less what the user's mask takes away.
pub fn set_creation_mode(_: &mut OpenOptions, _: u32) {}

/// As [`crate::save::disk::Disk::device_in_use`].
///
/// # Errors
/// As of the system.
pub fn device_in_use(_: &Path) -> io::Result<bool> {
    Ok(false)
}

/// As [`crate::save::disk::Disk::sync_folder`].
///
/// # Errors
/// As of the system.
pub fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// As [`crate::save::disk::DiskFile::set_owner`].
///
/// # Errors
/// As of the system.
pub fn set_owner(_: &File, _: Option<u32>, _: Option<u32>) -> io::Result<()> {
    unsupported()
}

/// As [`crate::save::disk::DiskFile::set_mode`].
///
/// # Errors
/// As of the system.
pub fn set_mode(_: &File, _: u32) -> io::Result<()> {
    unsupported()
}

/// One byte far behind the end of any file: a lock of Windows keeps others from reading and writing what it covers.
///
/// # Errors
/// As of the system.
#[expect(unsafe_code, reason = "std locks the whole file")]
pub fn try_lock(file: &File) -> io::Result<bool> {
    use std::os::windows::io::AsRawHandle;
    use windows_sys::Win32::Foundation::{ERROR_INVALID_FUNCTION, ERROR_LOCK_VIOLATION, ERROR_NOT_SUPPORTED};
    use windows_sys::Win32::Storage::FileSystem::{
        LOCKFILE_EXCLUSIVE_LOCK, LOCKFILE_FAIL_IMMEDIATELY, LockFileEx,
    };
    use windows_sys::Win32::System::IO::OVERLAPPED;
    let mut at = OVERLAPPED::default();
    at.Anonymous.Anonymous.OffsetHigh = 0x7fff_ffff;
    let how = LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY;
    // SAFETY: the handle is open for as long as `file` is borrowed; `at` lives until the call returns, and a file that
    // was not opened for overlapped work is done with by then.
    if unsafe { LockFileEx(file.as_raw_handle(), how, 0, 1, 0, &mut at) } != 0 {
        return Ok(true);
    }
    let error = io::Error::last_os_error();
    match error.raw_os_error().and_then(|code| u32::try_from(code).ok()) {
        Some(ERROR_LOCK_VIOLATION) => Ok(false),
        Some(ERROR_INVALID_FUNCTION | ERROR_NOT_SUPPORTED) => unsupported(),
        _ => Err(error),
    }
}

/// A path as Windows's own calls take it. Longer ones than they take by themselves are marked as such.
pub(super) fn wide(path: &Path) -> Vec<u16> {
    use std::os::windows::ffi::OsStrExt;
    let mark = if path.is_absolute() && path.as_os_str().len() >= SHORT_PATH && !starts_with_mark(path) {
        r"\\?\"
    } else {
        ""
    };
    mark.encode_utf16().chain(path.as_os_str().encode_wide()).chain([0]).collect()
}

/// Paths shorter than this need no mark, in units of UTF-16; folders may be 12 shorter than files.
const SHORT_PATH: usize = 248;

fn starts_with_mark(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().starts_with(br"\\")
}

/// As [`crate::save::disk::Disk::may_write`].
///
/// # Errors
/// As of the system.
pub fn may_write(path: &Path) -> io::Result<bool> {
    let metadata = fs::metadata(path)?;
    Ok(metadata.is_dir() || !metadata.permissions().readonly())
}

/// As [`crate::save::disk::Disk::user`].
pub fn user() -> Option<u32> {
    None
}

/// As [`crate::save::disk::Disk::free_room`].
///
/// # Errors
/// As of the system.
#[expect(unsafe_code, reason = "std does not tell the room of a file system")]
pub fn free_room(folder: &Path) -> io::Result<Option<u64>> {
    use windows_sys::Win32::Storage::FileSystem::GetDiskFreeSpaceExW;
    let (folder, mut free) = (wide(folder), 0);
    let (all, ours) = (std::ptr::null_mut(), &mut free);
    // SAFETY: `folder` ends with a zero; `free` is as large as the call fills, and what is not asked for is null.
    let answer = unsafe { GetDiskFreeSpaceExW(folder.as_ptr(), ours, all, all) };
    if answer == 0 { Err(io::Error::last_os_error()) } else { Ok(Some(free)) }
}

/// As [`crate::save::disk::DiskFile::reserve`].
///
/// # Errors
/// As of the system.
pub fn reserve(_: &File, _: Span) -> io::Result<()> {
    unsupported()
}

/// As [`crate::save::disk::Disk::rename_new`].
///
/// # Errors
/// As of the system.
#[expect(unsafe_code, reason = "std's rename always replaces")]
pub fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    use windows_sys::Win32::Storage::FileSystem::MoveFileExW;
    let (from, to) = (wide(from), wide(to));
    // SAFETY: both paths end with a zero and live until the call returns.
    let answer = unsafe { MoveFileExW(from.as_ptr(), to.as_ptr(), 0) };
    if answer == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// As [`crate::save::disk::Disk::exchange`].
///
/// # Errors
/// As of the system.
pub fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    unsupported()
}

/// As [`crate::save::disk::Disk::shares_blocks`].
///
/// # Errors
/// As of the system.
pub fn shares_blocks(_: &Path) -> io::Result<bool> {
    Ok(false)
}

/// As [`crate::save::disk::DiskFile::share_blocks`].
///
/// # Errors
/// As of the system.
pub fn share_blocks(_: &File, _: &File) -> io::Result<()> {
    unsupported()
}

/// As [`crate::save::disk::DiskFile::copy_range`].
///
/// # Errors
/// As of the system.
pub fn copy_range(_: &File, _: &File, _: Span, _: u64) -> io::Result<u64> {
    unsupported()
}

/// Whether a copy of parts of the file is done by another machine.
pub fn is_on_server(_: &File) -> bool {
    false
}
