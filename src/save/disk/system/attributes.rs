//! Extended attributes of Linux. Other systems answer 'unsupported', and the plan warns that
//! they are not kept.

#[cfg(target_os = "linux")]
pub use linux::*;
#[cfg(not(target_os = "linux"))]
pub use none::*;

#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "std has no extended attributes")]
mod linux {
    use super::super::unix::{checked, unsupported_if};
    use std::ffi::{CString, OsStr, OsString};
    use std::fs::File;
    use std::io;
    use std::os::fd::AsRawFd;
    use std::os::unix::ffi::{OsStrExt, OsStringExt};

    /// The kernel's limit on the list and on a value.
    const MOST: usize = 64 << 10;

    pub fn attributes(file: &File) -> io::Result<Vec<OsString>> {
        let list = filled(|buf| {
            // SAFETY: the descriptor is open; the call writes at most `buf.len()` bytes into `buf`.
            unsafe { libc::flistxattr(file.as_raw_fd(), buf.as_mut_ptr().cast(), buf.len()) }
        })?;
        let names = list.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        Ok(names.map(|name| OsString::from_vec(name.to_vec())).collect())
    }

    pub fn attribute(file: &File, name: &OsStr) -> io::Result<Vec<u8>> {
        let name = CString::new(name.as_bytes())?;
        filled(|buf| {
            // SAFETY: as above; `name` ends with a zero and lives until the call returns.
            unsafe { libc::fgetxattr(file.as_raw_fd(), name.as_ptr(), buf.as_mut_ptr().cast(), buf.len()) }
        })
    }

    pub fn set_attribute(file: &File, name: &OsStr, value: &[u8]) -> io::Result<()> {
        let name = CString::new(name.as_bytes())?;
        let (value, len) = (value.as_ptr().cast(), value.len());
        // SAFETY: `name` ends with a zero; the call reads `len` bytes of `value`, which is that long.
        let answer = unsafe { libc::fsetxattr(file.as_raw_fd(), name.as_ptr(), value, len, 0) };
        checked(answer.into()).map(|_| ())
    }

    pub fn remove_attribute(file: &File, name: &OsStr) -> io::Result<()> {
        let name = CString::new(name.as_bytes())?;
        // SAFETY: the descriptor is open; `name` ends with a zero and lives until the call returns.
        let answer = unsafe { libc::fremovexattr(file.as_raw_fd(), name.as_ptr()) };
        match checked(answer.into()) {
            // One attribute may go with another that says the same: access lists have a second name on XFS.
            Err(error) if error.raw_os_error() == Some(libc::ENODATA) => Ok(()),
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

#[cfg(not(target_os = "linux"))]
mod none {
    use std::ffi::{OsStr, OsString};
    use std::fs::File;
    use std::io;

    pub fn attributes(_: &File) -> io::Result<Vec<OsString>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub fn attribute(_: &File, _: &OsStr) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub fn set_attribute(_: &File, _: &OsStr, _: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub fn remove_attribute(_: &File, _: &OsStr) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
