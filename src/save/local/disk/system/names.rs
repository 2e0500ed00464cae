//! Renames that `std` does not have: those that never replace, and those that swap.

#[cfg(target_os = "linux")]
use super::unix::{c_path, checked, unsupported_if};
use std::fs;
use std::io;
use std::path::Path;

#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "std's rename always replaces")]
fn rename_with(from: &Path, to: &Path, flags: libc::c_uint) -> io::Result<()> {
    let (from, to) = (c_path(from)?, c_path(to)?);
    // SAFETY: both paths end with a zero and live until the call returns.
    let answer = unsafe {
        libc::syscall(libc::SYS_renameat2, libc::AT_FDCWD, from.as_ptr(), libc::AT_FDCWD, to.as_ptr(), flags)
    };
    #[allow(clippy::useless_conversion, reason = "the number is narrower on some systems")]
    checked(answer.into()).map(|_| ()).map_err(|error| unsupported_if(error, &[libc::EINVAL]))
}

/// As [`crate::save::disk::Disk::rename_new`].
///
/// # Errors
/// As of the system.
#[cfg(target_os = "linux")]
pub fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    match rename_with(from, to, libc::RENAME_NOREPLACE) {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => link_and_remove(from, to),
        answer => answer,
    }
}

/// As [`crate::save::disk::Disk::rename_new`].
///
/// # Errors
/// As of the system.
#[cfg(not(target_os = "linux"))]
pub fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    link_and_remove(from, to)
}

/// As [`crate::save::disk::Disk::exchange`].
///
/// # Errors
/// As of the system.
#[cfg(target_os = "linux")]
pub fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    rename_with(a, b, libc::RENAME_EXCHANGE)
}

/// As [`crate::save::disk::Disk::exchange`].
///
/// # Errors
/// As of the system.
#[cfg(not(target_os = "linux"))]
pub fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A second name never replaces a file either. Where there are no second names, a look before the rename must do.
fn link_and_remove(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Ok(()) => fs::remove_file(from),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        Err(_) if fs::symlink_metadata(to).is_ok() => Err(io::ErrorKind::AlreadyExists.into()),
        Err(_) => fs::rename(from, to),
    }
}
