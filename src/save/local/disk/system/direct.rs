//! Files whose bytes go to the disk past the system's cache. Linux alone.

use super::super::PAGE;
use super::unix::checked;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};

/// As [`crate::save::disk::DiskFile::past_cache`].
///
/// # Errors
/// `Unsupported` for whatever reason: one can do without.
pub fn past_cache(file: &File) -> io::Result<File> {
    reopened(file).map_err(|_| io::ErrorKind::Unsupported.into())
}

fn reopened(file: &File) -> io::Result<File> {
    if !is_aligned_by_pages(file)? {
        return Err(io::ErrorKind::Unsupported.into());
    }
    // A descriptor of its own: writes that don't fill pages go on through the cache.
    let path = format!("/proc/self/fd/{}", file.as_raw_fd());
    let direct = OpenOptions::new().read(true).write(true).custom_flags(libc::O_DIRECT).open(path)?;
    let (ours, there) = (file.metadata()?, direct.metadata()?);
    let is_same = (ours.dev(), ours.ino()) == (there.dev(), there.ino());
    if is_same { Ok(direct) } else { Err(io::ErrorKind::Unsupported.into()) }
}

/// Whether the file system tells that it takes whole pages from memory, and to places, that are multiples of a page. One
/// that keeps files in memory, and one that would use its cache all the same, tells nothing.
#[expect(unsafe_code, reason = "std does not tell how files are aligned")]
fn is_aligned_by_pages(file: &File) -> io::Result<bool> {
    let mut about = std::mem::MaybeUninit::<libc::statx>::zeroed();
    // SAFETY: the descriptor is open, the path is empty and ends with a zero, `about` is as large as the call fills.
    let done = unsafe {
        libc::statx(
            file.as_raw_fd(),
            c"".as_ptr(),
            libc::AT_EMPTY_PATH,
            libc::STATX_DIOALIGN,
            about.as_mut_ptr(),
        )
    };
    checked(done.into())?;
    // SAFETY: all bits are zero where the call has not filled it, which is a value of this type.
    let about = unsafe { about.assume_init() };
    let fits = |align: u32| align > 0 && PAGE.is_multiple_of(u64::from(align));
    let is_told = about.stx_mask & libc::STATX_DIOALIGN != 0;
    Ok(is_told && fits(about.stx_dio_mem_align) && fits(about.stx_dio_offset_align))
}
