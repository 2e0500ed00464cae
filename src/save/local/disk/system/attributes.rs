//! Extended attributes of Linux and macOS. Other systems answer 'unsupported', and the plan warns that they are not
//! kept.

#[cfg(any(target_os = "linux", target_os = "macos"))]
pub use extended::*;
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
pub use none::*;

use std::io;
use std::path::Path;

/// What a new file does not get from the one whose place it takes: access lists are attributes on Linux.
///
/// # Errors
/// As of the system.
#[cfg(target_os = "linux")]
pub fn unkept(_: &Path) -> io::Result<Option<&'static str>> {
    Ok(None)
}

/// What a new file does not get from the one whose place it takes.
///
/// # Errors
/// As of the system.
#[cfg(target_os = "macos")]
#[expect(unsafe_code, reason = "std and libc have no access lists")]
pub fn unkept(path: &Path) -> io::Result<Option<&'static str>> {
    /// From <sys/acl.h>.
    const ACL_TYPE_EXTENDED: libc::c_int = 0x100;
    unsafe extern "C" {
        fn acl_get_file(path: *const libc::c_char, kind: libc::c_int) -> *mut libc::c_void;
        fn acl_free(list: *mut libc::c_void) -> libc::c_int;
    }
    let path = super::unix::c_path(path)?;
    // SAFETY: `path` ends with a zero and lives until the call returns; what it answers is freed once.
    let has_list = unsafe {
        let list = acl_get_file(path.as_ptr(), ACL_TYPE_EXTENDED);
        !list.is_null() && acl_free(list) == 0
    };
    Ok(has_list.then_some("Its access list is"))
}

/// As [`crate::save::disk::Disk::unkept`].
///
/// # Errors
/// As of the system.
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
pub fn unkept(_: &Path) -> io::Result<Option<&'static str>> {
    Ok(Some("Extended attributes and access lists are"))
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
#[expect(unsafe_code, reason = "std has no extended attributes")]
mod extended {
    use super::super::unix::{checked, unsupported_if};
    use std::ffi::{CString, OsStr, OsString};
    use std::fs::File;
    use std::io;
    use std::os::fd::AsRawFd;
    use std::os::unix::ffi::{OsStrExt, OsStringExt};

    /// The kernel's limit on the list and on a value; macOS has larger values in resource forks, which fail to be read and
    /// are told as lost.
    const MOST: usize = 64 << 10;

    /// No such attribute.
    #[cfg(target_os = "linux")]
    const MISSING: i32 = libc::ENODATA;
    #[cfg(target_os = "macos")]
    const MISSING: i32 = libc::ENOATTR;

    /// The calls of macOS take two numbers more.
    #[cfg(target_os = "macos")]
    mod calls {
        use libc::{c_char, c_int, c_void, size_t, ssize_t};

        /// As the C library has it.
        pub unsafe fn flistxattr(file: c_int, list: *mut c_char, size: size_t) -> ssize_t {
            // SAFETY: as of the caller.
            unsafe { libc::flistxattr(file, list, size, 0) }
        }

        /// As the C library has it.
        pub unsafe fn fgetxattr(
            file: c_int,
            name: *const c_char,
            value: *mut c_void,
            size: size_t,
        ) -> ssize_t {
            // SAFETY: as of the caller.
            unsafe { libc::fgetxattr(file, name, value, size, 0, 0) }
        }

        /// As the C library has it.
        pub unsafe fn fsetxattr(
            file: c_int,
            name: *const c_char,
            value: *const c_void,
            size: size_t,
            flags: c_int,
        ) -> c_int {
            // SAFETY: as of the caller.
            unsafe { libc::fsetxattr(file, name, value, size, 0, flags) }
        }

        /// As the C library has it.
        pub unsafe fn fremovexattr(file: c_int, name: *const c_char) -> c_int {
            // SAFETY: as of the caller.
            unsafe { libc::fremovexattr(file, name, 0) }
        }
    }
    #[cfg(target_os = "linux")]
    use libc as calls;

    /// As [`crate::save::disk::DiskFile::attributes`].
    ///
    /// # Errors
    /// As of the system.
    pub fn attributes(file: &File) -> io::Result<Vec<OsString>> {
        let list = filled(|buf| {
            // SAFETY: the descriptor is open; the call writes at most `buf.len()` bytes into `buf`.
            unsafe { calls::flistxattr(file.as_raw_fd(), buf.as_mut_ptr().cast(), buf.len()) }
        })?;
        let names = list.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        Ok(names.map(|name| OsString::from_vec(name.to_vec())).collect())
    }

    /// As [`crate::save::disk::DiskFile::attribute`].
    ///
    /// # Errors
    /// As of the system.
    pub fn attribute(file: &File, name: &OsStr) -> io::Result<Vec<u8>> {
        let name = CString::new(name.as_bytes())?;
        filled(|buf| {
            // SAFETY: as above; `name` ends with a zero and lives until the call returns.
            unsafe { calls::fgetxattr(file.as_raw_fd(), name.as_ptr(), buf.as_mut_ptr().cast(), buf.len()) }
        })
    }

    /// As [`crate::save::disk::DiskFile::set_attribute`].
    ///
    /// # Errors
    /// As of the system.
    pub fn set_attribute(file: &File, name: &OsStr, value: &[u8]) -> io::Result<()> {
        let name = CString::new(name.as_bytes())?;
        let (value, len) = (value.as_ptr().cast(), value.len());
        // SAFETY: `name` ends with a zero; the call reads `len` bytes of `value`, which is that long.
        let answer = unsafe { calls::fsetxattr(file.as_raw_fd(), name.as_ptr(), value, len, 0) };
        checked(answer.into()).map(|_| ())
    }

    /// As [`crate::save::disk::DiskFile::remove_attribute`].
    ///
    /// # Errors
    /// As of the system.
    pub fn remove_attribute(file: &File, name: &OsStr) -> io::Result<()> {
        let name = CString::new(name.as_bytes())?;
        // SAFETY: the descriptor is open; `name` ends with a zero and lives until the call returns.
        let answer = unsafe { calls::fremovexattr(file.as_raw_fd(), name.as_ptr()) };
        match checked(answer.into()) {
            // One attribute may go with another that says the same: access lists have a second name on XFS.
            Err(error) if error.raw_os_error() == Some(MISSING) => Ok(()),
            answer => answer.map(|_| ()),
        }
    }

    fn filled(call: impl Fn(&mut [u8]) -> libc::ssize_t) -> io::Result<Vec<u8>> {
        let mut buf = vec![0; MOST];
        let len = checked(call(&mut buf) as i64).map_err(|error| unsupported_if(error, &[]))?;
        buf.truncate(len as usize);
        Ok(buf)
    }
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
mod none {
    use std::ffi::{OsStr, OsString};
    use std::fs::File;
    use std::io;

    /// As [`crate::save::disk::DiskFile::attributes`].
    ///
    /// # Errors
    /// As of the system.
    pub fn attributes(_: &File) -> io::Result<Vec<OsString>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// As [`crate::save::disk::DiskFile::attribute`].
    ///
    /// # Errors
    /// As of the system.
    pub fn attribute(_: &File, _: &OsStr) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// As [`crate::save::disk::DiskFile::set_attribute`].
    ///
    /// # Errors
    /// As of the system.
    pub fn set_attribute(_: &File, _: &OsStr, _: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// As [`crate::save::disk::DiskFile::remove_attribute`].
    ///
    /// # Errors
    /// As of the system.
    pub fn remove_attribute(_: &File, _: &OsStr) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
