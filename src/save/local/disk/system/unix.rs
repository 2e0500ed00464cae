//! Linux, and the other systems of its family with less.

use super::super::Owner;
use super::UnixPart;
use crate::bytes::Span;
use std::ffi::CString;
use std::fs::{self, File, FileType, Metadata, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// As [`crate::save::disk::DiskFile::read_at`].
///
/// # Errors
/// As of the system.
pub fn read_at(file: &File, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
    file.read_at(buf, offset)
}

/// As [`crate::save::disk::DiskFile::write_at`].
///
/// # Errors
/// As of the system.
pub fn write_at(file: &File, offset: u64, bytes: &[u8]) -> io::Result<usize> {
    file.write_at(bytes, offset)
}

/// A write beyond the user's limit of file sizes answers an error, and ends nobody.
#[expect(unsafe_code, reason = "std does not set what signals do")]
pub fn ignore_size_signal() {
    // SAFETY: ignoring a signal runs no code of ours, and nothing else in the program has to do with this one.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}

/// Each state of a file that undo reads holds a descriptor: the usual limit of 1,024 is soon met by who saves often.
#[expect(unsafe_code, reason = "std does not set limits")]
pub fn raise_descriptor_limit() {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `limit` is as large as the call fills and lives until it returns.
    if unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) } == 0 {
        limit.rlim_cur = limit.rlim_max;
        // SAFETY: the call only reads `limit`. That it may be refused leaves the limit as it was.
        unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &limit) };
    }
}

/// Whether it is a block device.
pub fn is_block_device(kind: FileType) -> bool {
    kind.is_block_device()
}

/// What only Unix tells of a file.
pub fn unix_part(metadata: &Metadata) -> UnixPart {
    UnixPart {
        links: metadata.nlink(),
        mode: Some(metadata.mode() & 0o7777),
        owner: Some(Owner { user: metadata.uid(), group: metadata.gid() }),
        allocated: metadata.blocks().saturating_mul(512),
    }
}

/// Without waiting for the other end of a pipe; an `exclusive` device only when nobody else has claimed it.
pub fn never_wait(options: &mut OpenOptions, exclusive: bool) {
    let exclusive = if exclusive { libc::O_EXCL } else { 0 };
    options.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY | exclusive);
}

/// Neither a link nor the other end of a pipe.
pub fn never_follow(options: &mut OpenOptions) {
    options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY);
}

/// Makes a folder, and those that it lies in, for this user alone.
///
/// # Errors
/// As of the system.
pub fn make_private_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// What a file that is made may be used for, less what the user's mask takes away.
pub fn set_creation_mode(options: &mut OpenOptions, mode: u32) {
    options.mode(mode);
}

/// As [`crate::save::disk::Disk::device_in_use`].
///
/// # Errors
/// As of the system.
pub fn device_in_use(path: &Path) -> io::Result<bool> {
    match OpenOptions::new().read(true).custom_flags(libc::O_EXCL | libc::O_NONBLOCK).open(path) {
        Ok(_) => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::ResourceBusy => Ok(true),
        Err(error) => Err(error),
    }
}

/// As [`crate::save::disk::Disk::sync_folder`].
///
/// # Errors
/// As of the system.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// As [`crate::save::disk::DiskFile::set_owner`].
///
/// # Errors
/// As of the system.
pub fn set_owner(file: &File, user: Option<u32>, group: Option<u32>) -> io::Result<()> {
    std::os::unix::fs::fchown(file, user, group)
}

/// As [`crate::save::disk::DiskFile::set_mode`].
///
/// # Errors
/// As of the system.
pub fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    file.set_permissions(Permissions::from_mode(mode))
}

/// As [`crate::save::disk::DiskFile::try_lock`].
///
/// # Errors
/// As of the system.
pub fn try_lock(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => {
            Err(unsupported_if(error, &[libc::ENOLCK, libc::EBADF, libc::EINVAL]))
        }
    }
}

/// The first two are one number on Linux and two on macOS.
const UNSUPPORTED: [i32; 3] = [libc::EOPNOTSUPP, libc::ENOTSUP, libc::ENOSYS];

/// `error`, as 'unsupported' when its number is one of those that mean it here.
pub(super) fn unsupported_if(error: io::Error, numbers: &[i32]) -> io::Error {
    match error.raw_os_error() {
        Some(number) if UNSUPPORTED.contains(&number) || numbers.contains(&number) => {
            io::ErrorKind::Unsupported.into()
        }
        _ => error,
    }
}

pub(super) fn c_path(path: &Path) -> io::Result<CString> {
    Ok(CString::new(path.as_os_str().as_bytes())?)
}

/// The answer of a call that says -1 when it failed.
pub(super) fn checked(answer: i64) -> io::Result<u64> {
    u64::try_from(answer).map_err(|_| io::Error::last_os_error())
}

/// As [`crate::save::disk::Disk::may_write`].
///
/// # Errors
/// As of the system.
#[expect(unsafe_code, reason = "std can't ask for permissions without using them")]
pub fn may_write(path: &Path) -> io::Result<bool> {
    let wanted = if fs::metadata(path)?.is_dir() { libc::W_OK | libc::X_OK } else { libc::W_OK };
    let path = c_path(path)?;
    // SAFETY: `path` ends with a zero and lives until the call returns.
    let answer = unsafe { libc::faccessat(libc::AT_FDCWD, path.as_ptr(), wanted, libc::AT_EACCESS) };
    match checked(answer.into()) {
        Ok(_) => Ok(true),
        Err(error) => match error.raw_os_error() {
            Some(libc::EACCES | libc::EPERM | libc::EROFS | libc::ETXTBSY) => Ok(false),
            _ => Err(error),
        },
    }
}

/// As [`crate::save::disk::Disk::user`].
#[expect(unsafe_code, reason = "std does not tell who runs the program")]
pub fn user() -> Option<u32> {
    // SAFETY: the call takes nothing and always succeeds.
    Some(unsafe { libc::geteuid() })
}

/// As [`crate::save::disk::Disk::free_room`].
///
/// # Errors
/// As of the system.
#[expect(unsafe_code, reason = "std does not tell the room of a file system")]
pub fn free_room(folder: &Path) -> io::Result<Option<u64>> {
    let folder = c_path(folder)?;
    let mut room = std::mem::MaybeUninit::<libc::statvfs>::uninit();
    // SAFETY: `folder` ends with a zero, `room` is as large as the call fills.
    let answer = unsafe { libc::statvfs(folder.as_ptr(), room.as_mut_ptr()) };
    checked(answer.into())?;
    // SAFETY: the call succeeded, so it has filled `room`.
    let room = unsafe { room.assume_init() };
    #[allow(clippy::useless_conversion, reason = "the numbers are narrower on some systems")]
    let (blocks, free, size) = (u64::from(room.f_blocks), u64::from(room.f_bavail), u64::from(room.f_frsize));
    // File systems over a network often say that they have no blocks at all.
    Ok((blocks > 0).then(|| free.saturating_mul(size)))
}

/// As [`crate::save::disk::DiskFile::reserve`].
///
/// # Errors
/// As of the system.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "std has no fallocate")]
pub fn reserve(file: &File, span: Span) -> io::Result<()> {
    use std::os::fd::AsRawFd;
    let too_far = |_| io::Error::from(io::ErrorKind::FileTooLarge);
    let start = libc::off64_t::try_from(span.start()).map_err(too_far)?;
    let len = libc::off64_t::try_from(span.len()).map_err(too_far)?;
    // SAFETY: the descriptor is open as long as `file` is; the other arguments are plain numbers.
    let answer = unsafe { libc::fallocate64(file.as_raw_fd(), 0, start, len) };
    checked(answer.into()).map(|_| ()).map_err(|error| unsupported_if(error, &[libc::ENODEV]))
}

/// As [`crate::save::disk::DiskFile::reserve`].
///
/// # Errors
/// As of the system.
#[cfg(not(target_os = "linux"))]
pub fn reserve(_: &File, _: Span) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
