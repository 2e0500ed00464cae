//! Blocks that two files share, and copies that the system makes by itself. Linux alone.

use crate::bytes::Span;
use std::fs::File;
use std::io;
use std::path::Path;

#[cfg(target_os = "linux")]
pub use linux::{copy_range, is_of_this_machine, is_on_server, share_blocks, shares_blocks};

#[cfg(target_os = "linux")]
mod linux {
    use super::super::unix::{c_path, checked, unsupported_if};
    use super::{File, Path, Span, io};
    use std::os::fd::AsRawFd;

    /// Numbers by which these file systems are known (linux/magic.h). XFS shares blocks since its fifth format, which
    /// is the usual one; one that does not refuses when asked.
    const BTRFS: u64 = 0x9123_683E;
    const XFS: u64 = 0x5846_5342;
    const BCACHEFS: u64 = 0xca45_1a4e;

    /// The same of file systems whose server copies by itself: NFS, SMB in its three drivers, Ceph, and whatever a
    /// program serves.
    const SERVED: [u64; 6] = [0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x00C3_6400, 0x6573_5546];

    /// The same of file systems that only this machine writes to: ext2 to ext4, tmpfs, XFS, Btrfs, bcachefs, F2FS.
    const OF_THIS_MACHINE: [u64; 6] = [0xEF53, 0x0102_1994, XFS, BTRFS, BCACHEFS, 0xF2F5_2010];

    /// Not there, not for these files, or not between these file systems.
    const REFUSALS: [i32; 6] =
        [libc::ENOTTY, libc::EXDEV, libc::EINVAL, libc::EPERM, libc::ETXTBSY, libc::EBADF];

    /// As [`crate::save::disk::Disk::shares_blocks`].
    ///
    /// # Errors
    /// As of the system.
    #[expect(unsafe_code, reason = "std does not tell the kind of a file system")]
    pub fn shares_blocks(folder: &Path) -> io::Result<bool> {
        let folder = c_path(folder)?;
        let mut about = std::mem::MaybeUninit::<libc::statfs>::uninit();
        // SAFETY: `folder` ends with a zero, `about` is as large as the call fills.
        let answer = unsafe { libc::statfs(folder.as_ptr(), about.as_mut_ptr()) };
        checked(answer.into())?;
        // SAFETY: the call succeeded, so it has filled `about`.
        let about = unsafe { about.assume_init() };
        #[allow(clippy::unnecessary_cast, reason = "the type differs between systems")]
        let kind = about.f_type as u64;
        Ok([BTRFS, XFS, BCACHEFS].contains(&kind))
    }

    /// Whether a copy of parts of `file` is done by another machine.
    pub fn is_on_server(file: &File) -> bool {
        kind_of(file).is_some_and(|kind| SERVED.contains(&kind))
    }

    /// Whether `file` is on a file system of which all users are on this machine, and known to this very file system: not
    /// one laid over another.
    pub fn is_of_this_machine(file: &File) -> bool {
        kind_of(file).is_some_and(|kind| OF_THIS_MACHINE.contains(&kind))
    }

    /// The number by which the file system of `file` is known.
    #[expect(unsafe_code, reason = "std does not tell the kind of a file system")]
    fn kind_of(file: &File) -> Option<u64> {
        let mut about = std::mem::MaybeUninit::<libc::statfs>::uninit();
        // SAFETY: the descriptor is open as long as the file is; `about` is as large as the call fills.
        if unsafe { libc::fstatfs(file.as_raw_fd(), about.as_mut_ptr()) } != 0 {
            return None;
        }
        // SAFETY: the call succeeded, so it has filled `about`.
        let about = unsafe { about.assume_init() };
        #[allow(clippy::unnecessary_cast, reason = "the type differs between systems")]
        let kind = about.f_type as u64;
        Some(kind & 0xffff_ffff)
    }

    /// As [`crate::save::disk::DiskFile::share_blocks`].
    ///
    /// # Errors
    /// As of the system.
    #[expect(unsafe_code, reason = "std can't share blocks")]
    pub fn share_blocks(to: &File, from: &File) -> io::Result<()> {
        // SAFETY: both descriptors are open as long as the files are; the call takes nothing else.
        let answer = unsafe { libc::ioctl(to.as_raw_fd(), libc::FICLONE, from.as_raw_fd()) };
        checked(answer.into()).map(|_| ()).map_err(|error| unsupported_if(error, &REFUSALS))
    }

    /// As [`crate::save::disk::DiskFile::copy_range`].
    ///
    /// # Errors
    /// As of the system.
    #[expect(unsafe_code, reason = "std copies by position only inside a copy of its own")]
    pub fn copy_range(to: &File, from: &File, span: Span, at: u64) -> io::Result<u64> {
        let too_far = |_| io::Error::from(io::ErrorKind::FileTooLarge);
        let mut from_at = libc::off64_t::try_from(span.start()).map_err(too_far)?;
        let mut to_at = libc::off64_t::try_from(at).map_err(too_far)?;
        let len = usize::try_from(span.len()).unwrap_or(usize::MAX);
        // SAFETY: the descriptors are open as long as the files are; the offsets live until the call returns.
        let answer = unsafe {
            libc::copy_file_range(from.as_raw_fd(), &mut from_at, to.as_raw_fd(), &mut to_at, len, 0)
        };
        #[allow(clippy::useless_conversion, reason = "the number is narrower on some systems")]
        let answer = i64::try_from(answer).unwrap_or(-1);
        checked(answer).map_err(|error| unsupported_if(error, &REFUSALS))
    }
}

/// As [`crate::save::disk::Disk::shares_blocks`].
///
/// # Errors
/// As of the system.
#[cfg(not(target_os = "linux"))]
pub fn shares_blocks(_: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Whether a copy of parts of the file is done by another machine.
#[cfg(not(target_os = "linux"))]
pub fn is_on_server(_: &File) -> bool {
    false
}

/// As [`crate::save::disk::DiskFile::share_blocks`].
///
/// # Errors
/// As of the system.
#[cfg(not(target_os = "linux"))]
pub fn share_blocks(_: &File, _: &File) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// As [`crate::save::disk::DiskFile::copy_range`].
///
/// # Errors
/// As of the system.
#[cfg(not(target_os = "linux"))]
pub fn copy_range(_: &File, _: &File, _: Span, _: u64) -> io::Result<u64> {
    Err(io::ErrorKind::Unsupported.into())
}
