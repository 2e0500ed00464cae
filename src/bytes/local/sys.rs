//! Safe functions for the few system calls that std lacks: advice, holes, the right to write.
//!
//! Each has a defined result on platforms without the call, so that callers need no `cfg`.

#![expect(unsafe_code, reason = "calls into the system; each is a safe function here")]

use std::fs::File;
use std::io;
use std::path::Path;

/// How a descriptor is going to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Advice {
    /// Bring what is asked for and nothing more.
    Random,
    /// Read ahead generously.
    Sequential,
}

/// Tells the system how `file` will be read. Only a hint: what becomes of it does not matter.
#[cfg(target_os = "linux")]
pub(super) fn advise(file: &File, advice: Advice) {
    use std::os::fd::AsRawFd;
    let advice = match advice {
        Advice::Random => libc::POSIX_FADV_RANDOM,
        Advice::Sequential => libc::POSIX_FADV_SEQUENTIAL,
    };
    // SAFETY: the descriptor is open for as long as `file` is borrowed; no memory is passed.
    let _ = unsafe { libc::posix_fadvise(file.as_raw_fd(), 0, 0, advice) };
}

#[cfg(not(target_os = "linux"))]
pub(super) fn advise(_file: &File, _advice: Advice) {}

/// Bytes that an unprivileged user may still write to the file system of a folder; `None` where it does not tell.
///
/// # Errors
/// As of `statvfs`.
#[cfg(unix)]
pub(super) fn free_room(folder: &Path) -> io::Result<Option<u64>> {
    use std::os::unix::ffi::OsStrExt;
    let folder = std::ffi::CString::new(folder.as_os_str().as_bytes())?;
    let mut room = std::mem::MaybeUninit::<libc::statvfs>::uninit();
    // SAFETY: `folder` ends with a zero, `room` is as large as the call fills.
    if unsafe { libc::statvfs(folder.as_ptr(), room.as_mut_ptr()) } != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the call succeeded, so it has filled `room`.
    let room = unsafe { room.assume_init() };
    #[allow(clippy::useless_conversion, reason = "the numbers are narrower on some systems")]
    let (blocks, free, size) = (u64::from(room.f_blocks), u64::from(room.f_bavail), u64::from(room.f_frsize));
    // File systems over a network often say that they have no blocks at all.
    Ok((blocks > 0).then(|| free.saturating_mul(size)))
}

#[cfg(not(unix))]
pub(super) fn free_room(_folder: &Path) -> io::Result<Option<u64>> {
    Ok(None)
}

/// The start and end of the first run at or after `offset` that is not a hole; `None` when only a hole follows.
///
/// # Errors
/// When the file system does not know, or anywhere but on Linux.
#[cfg(target_os = "linux")]
pub(super) fn next_data(file: &File, offset: u64) -> io::Result<Option<(u64, u64)>> {
    let Some(start) = seek(file, offset, libc::SEEK_DATA)? else {
        return Ok(None);
    };
    let end = seek(file, start, libc::SEEK_HOLE)?.unwrap_or(start);
    Ok(Some((start, end)))
}

#[cfg(not(target_os = "linux"))]
pub(super) fn next_data(_file: &File, _offset: u64) -> io::Result<Option<(u64, u64)>> {
    Err(io::ErrorKind::Unsupported.into())
}

/// `lseek`; `None` for `ENXIO`, which is how it says 'nothing follows'. All reads are positioned, so that the
/// descriptor's own position, which this moves, is nobody's concern.
#[cfg(target_os = "linux")]
fn seek(file: &File, offset: u64, whence: libc::c_int) -> io::Result<Option<u64>> {
    use std::os::fd::AsRawFd;
    let offset = libc::off_t::try_from(offset).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
    // SAFETY: the descriptor is open for as long as `file` is borrowed; no memory is passed.
    let found = unsafe { libc::lseek(file.as_raw_fd(), offset, whence) };
    match u64::try_from(found) {
        Ok(found) => Ok(Some(found)),
        Err(_) => {
            let error = io::Error::last_os_error();
            if error.raw_os_error() == Some(libc::ENXIO) { Ok(None) } else { Err(error) }
        }
    }
}

/// Whether this process may write to what `path` leads to. The file is not opened, let alone for writing.
#[cfg(unix)]
pub(super) fn may_write(path: &Path) -> bool {
    use std::os::unix::ffi::OsStrExt;
    let Ok(path) = std::ffi::CString::new(path.as_os_str().as_bytes()) else {
        return false;
    };
    // SAFETY: `path` is a string that ends in NUL and outlives the call.
    unsafe { libc::faccessat(libc::AT_FDCWD, path.as_ptr(), libc::W_OK, libc::AT_EACCESS) == 0 }
}

#[cfg(not(unix))]
pub(super) fn may_write(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|metadata| !metadata.permissions().readonly())
}

/// Whether the system tells of every change in `folder`: not where other machines write too, nor where another
/// program plays the file system.
#[cfg(target_os = "linux")]
pub(super) fn tells_changes(folder: &Path) -> bool {
    use std::os::unix::ffi::OsStrExt;
    /// NFS, SMB in three spellings, CephFS, AFS, Coda, 9P, FUSE, Lustre, GPFS, OCFS2, GFS2.
    const SHARED: [u32; 13] = [
        0x6969,
        0x517B,
        0xFF53_4D42,
        0xFE53_4D42,
        0x00C3_6400,
        0x5346_414F,
        0x7375_7245,
        0x0102_1997,
        0x6573_5546,
        0x0BD0_0BD0,
        0x4750_4653,
        0x7461_636F,
        0x0116_1970,
    ];
    let Ok(folder) = std::ffi::CString::new(folder.as_os_str().as_bytes()) else {
        return false;
    };
    let mut stat = std::mem::MaybeUninit::<libc::statfs>::zeroed();
    // SAFETY: `folder` is a string that ends in NUL and outlives the call; `stat` has room for the answer.
    if unsafe { libc::statfs(folder.as_ptr(), stat.as_mut_ptr()) } != 0 {
        return false;
    }
    // SAFETY: it was all zeros, which is a statfs, and the call filled it.
    let kind = unsafe { stat.assume_init() }.f_type as u32;
    !SHARED.contains(&kind)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn tells_changes(_folder: &Path) -> bool {
    true
}

/// What Windows tells of an open file and not of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileNode {
    /// Number of the volume.
    pub device: u64,
    /// Number of the file on its volume.
    pub inode: u64,
    pub links: u64,
}

/// `None` where the file system has no numbers for its files, and where metadata tells them.
#[cfg(windows)]
pub(super) fn node(file: &File) -> Option<FileNode> {
    use std::os::windows::io::AsRawHandle;
    use windows_sys::Win32::Storage::FileSystem::{BY_HANDLE_FILE_INFORMATION, GetFileInformationByHandle};
    let mut about = BY_HANDLE_FILE_INFORMATION::default();
    // SAFETY: the handle is open for as long as `file` is borrowed; `about` is as large as the call fills.
    if unsafe { GetFileInformationByHandle(file.as_raw_handle(), &mut about) } == 0 {
        return None;
    }
    let inode = u64::from(about.nFileIndexHigh) << 32 | u64::from(about.nFileIndexLow);
    let (device, links) = (about.dwVolumeSerialNumber.into(), about.nNumberOfLinks.into());
    (inode != 0).then_some(FileNode { device, inode, links })
}

#[cfg(not(windows))]
pub(super) fn node(_file: &File) -> Option<FileNode> {
    None
}

/// Opens what `path` leads to for no more than questions about it; `None` where that is not needed.
///
/// # Errors
/// As of `open`.
#[cfg(windows)]
pub(super) fn open_to_look(path: &Path) -> io::Result<Option<File>> {
    use std::os::windows::fs::OpenOptionsExt;
    use windows_sys::Win32::Storage::FileSystem::FILE_FLAG_BACKUP_SEMANTICS;
    // With this flag folders too can be asked.
    File::options().access_mode(0).custom_flags(FILE_FLAG_BACKUP_SEMANTICS).open(path).map(Some)
}

#[cfg(not(windows))]
pub(super) fn open_to_look(_path: &Path) -> io::Result<Option<File>> {
    Ok(None)
}
