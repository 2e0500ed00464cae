//! What chattr(1) sets on files and folders. Linux alone.

use super::unix::{c_path, checked, unsupported_if};
use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::path::Path;

/// Errors that mean: not supported, or not for this file or this user.
const REFUSALS: [i32; 4] = [libc::ENOTTY, libc::EINVAL, libc::EPERM, libc::EACCES];

/// The kernel has 32 bits. File systems in user space may answer with a `long`, which the call's number declares.
#[repr(C, align(8))]
struct Answer([u32; 2]);

/// As [`crate::save::disk::DiskFile::flags`].
///
/// # Errors
/// As of the system.
#[expect(unsafe_code, reason = "std has no such flags")]
pub fn flags(file: &File) -> io::Result<u32> {
    let mut answer = Answer([0; 2]);
    // SAFETY: the descriptor is open; the call writes at most a `long`, for which there is room.
    let done = unsafe { libc::ioctl(file.as_raw_fd(), libc::FS_IOC_GETFLAGS, &mut answer) };
    checked(done.into()).map_err(|error| unsupported_if(error, &REFUSALS))?;
    Ok(answer.0[0])
}

/// As [`crate::save::disk::DiskFile::set_flags`].
///
/// # Errors
/// As of the system.
#[expect(unsafe_code, reason = "std has no such flags")]
pub fn set_flags(file: &File, flags: u32) -> io::Result<()> {
    let wanted = Answer([flags, 0]);
    // SAFETY: the descriptor is open; the call reads at most a `long`, which is there.
    let done = unsafe { libc::ioctl(file.as_raw_fd(), libc::FS_IOC_SETFLAGS, &wanted) };
    checked(done.into()).map(|_| ())
}

/// Whether names can be removed from `folder`. They can't if the folder is append-only or immutable. If the system does
/// not say, they can.
///
/// # Errors
/// As of the system.
#[expect(unsafe_code, reason = "std does not tell the attributes of a folder")]
pub fn may_remove(folder: &Path) -> io::Result<bool> {
    let folder = c_path(folder)?;
    let mut about = std::mem::MaybeUninit::<libc::statx>::zeroed();
    let flags = libc::AT_STATX_SYNC_AS_STAT;
    // SAFETY: `folder` ends with a zero, `about` is as large as the call fills.
    let done =
        unsafe { libc::statx(libc::AT_FDCWD, folder.as_ptr(), flags, libc::STATX_TYPE, about.as_mut_ptr()) };
    match checked(done.into()).map_err(|error| unsupported_if(error, &[libc::EPERM])) {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => return Ok(true),
        answer => answer?,
    };
    // SAFETY: all bits are zero where the call has not filled it, which is a value of this type.
    let about = unsafe { about.assume_init() };
    let kept = (libc::STATX_ATTR_APPEND | libc::STATX_ATTR_IMMUTABLE) as u64;
    Ok(about.stx_attributes & kept == 0)
}
