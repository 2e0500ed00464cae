//! Reading and writing of one small text file: whole or not at all, never in the way of the program's start.
//!
//! Other programs may put anything under these names. Only regular files are read and written, a pipe is never waited
//! for, and a lock that somebody keeps is given up after a while. What is written is for the user alone.

use crate::escape::PathText;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// More than any file of ours needs; a larger one is not ours.
const MAX_BYTES: u64 = 4 << 20;

/// The lock that instances take when they change a file together.
const LOCK_FILE: &str = "pagelens.lock";

/// So long another instance may take to write. Whoever holds the lock longer is no instance that writes.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);

/// From one try for the lock to the next.
const LOCK_STEP: Duration = Duration::from_millis(5);

/// What was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded<T> {
    pub value: T,
    /// For the user, when the file was there and could not be used.
    pub message: Option<String>,
}

/// Why something could not be written.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    #[error("{} could not be created ({error}), so settings and recent files are not remembered. Check its permissions, or name another folder in {}.", path.shown(), super::paths::STATE_DIR_VARIABLE)]
    Folder { path: PathBuf, error: io::Error },
    #[error("{} is locked by another program, so settings, recent files and open tabs were not written. End that program, or remove the file.", path.shown())]
    Locked { path: PathBuf },
    #[error("{} could not be written as text: {reason}", path.shown())]
    Spelling { path: PathBuf, reason: String },
    #[error("{} could not be written ({error}), so it still has its old content.", path.shown())]
    Write { path: PathBuf, error: io::Error },
}

/// The file's value; the default when there is no file, or when it can't be used and was set aside.
pub(super) fn load<T: DeserializeOwned + Default>(path: &Path) -> Loaded<T> {
    let reason = match read(path) {
        Ok(None) => return Loaded { value: T::default(), message: None },
        Ok(Some(text)) => match toml::from_str(&text) {
            Ok(value) => return Loaded { value, message: None },
            Err(error) => error.message().to_owned(),
        },
        Err(error) => error.to_string(),
    };
    let kept = match set_aside(path) {
        Ok(aside) => format!("It was kept as {}", aside.shown()),
        Err(error) => format!("It could not be renamed either ({error})"),
    };
    let message = format!("{} could not be used: {reason}. {kept}; the defaults are used.", path.shown());
    Loaded { value: T::default(), message: Some(message) }
}

/// `None` when there is no such file.
fn read(path: &Path) -> io::Result<Option<String>> {
    let file = match open_regular(path, File::options().read(true)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut text = String::new();
    file.take(MAX_BYTES + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MAX_BYTES {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is too large for a state file"));
    }
    Ok(Some(text))
}

/// Opens a regular file. A pipe or a device is refused, and never waited for.
pub(super) fn open_regular(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    let strange = || io::Error::new(io::ErrorKind::InvalidData, "it is not a regular file");
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY);
    }
    let file = match options.open(path) {
        // What the system says of a pipe that nobody reads, of a socket and of a folder.
        Err(_) if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) => return Err(strange()),
        answer => answer?,
    };
    if file.metadata()?.is_file() { Ok(file) } else { Err(strange()) }
}

/// Gives the file another name, one that nothing has yet.
fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let name = |n: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(if n == 1 { ".broken".to_owned() } else { format!(".broken-{n}") });
        PathBuf::from(name)
    };
    let is_free = |aside: &PathBuf| fs::symlink_metadata(aside).is_err();
    let aside = (1..).map(name).find(is_free).ok_or(io::ErrorKind::AlreadyExists)?;
    fs::rename(path, &aside)?;
    Ok(aside)
}

/// Held while files of a folder are changed, so that instances do it one after another.
pub(super) struct Lock(#[expect(dead_code, reason = "locked as long as it is open")] File);

impl Lock {
    /// Makes the folder if need be and waits until no other instance is changing a file in it, but not for ever.
    ///
    /// # Errors
    /// [`StateError::Locked`] when another program keeps the lock; [`StateError::Folder`] when there can be none.
    pub fn of(folder: &Path) -> Result<Self, StateError> {
        Self::within(folder, LOCK_PATIENCE)
    }

    fn within(folder: &Path, patience: Duration) -> Result<Self, StateError> {
        make_folder(folder)?;
        let path = folder.join(LOCK_FILE);
        let file = open_regular(&path, File::options().create(true).truncate(false).write(true));
        let file = match file {
            Ok(file) => file,
            Err(error) => return Err(StateError::Folder { path, error }),
        };
        let until = Instant::now() + patience;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                // Where there are no locks, the instance that writes last wins; no file is harmed by that.
                Err(TryLockError::Error(_)) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) if Instant::now() >= until => {
                    return Err(StateError::Locked { path });
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_STEP),
            }
        }
    }

    /// Puts `value` in the place of what the file held.
    ///
    /// # Errors
    /// [`StateError`]; the file has its old content then.
    pub fn store<T: Serialize>(&self, path: &Path, value: &T) -> Result<(), StateError> {
        let text = spelled(path, value)?;
        replace(path, text.as_bytes()).map_err(|error| StateError::Write { path: path.to_owned(), error })
    }
}

/// Puts a new file in the place of the old one, readable by the user alone. A link is written through.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = dunce::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let mut file = tempfile::Builder::new().prefix(".pagelens-").suffix(".part").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(&target).map_err(|error| error.error)?;
    // It is written whatever this says, and a folder may be one that this user can write to but not read.
    #[cfg(unix)]
    if let Err(error) = File::open(folder).and_then(|folder| folder.sync_all()) {
        tracing::debug!(%error, "a new name may be lost in a power cut");
    }
    Ok(())
}

/// `value` as the text of the file at `path`.
pub(super) fn spelled<T: Serialize>(path: &Path, value: &T) -> Result<String, StateError> {
    toml::to_string_pretty(value)
        .map_err(|error| StateError::Spelling { path: path.to_owned(), reason: error.to_string() })
}

/// Makes a folder for the user alone. One that is there stays as it is.
fn make_folder(path: &Path) -> Result<(), StateError> {
    #[cfg(unix)]
    let made = {
        use std::os::unix::fs::DirBuilderExt;
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
    };
    #[cfg(not(unix))]
    let made = fs::create_dir_all(path);
    made.map_err(|error| StateError::Folder { path: path.to_owned(), error })
}

/// Takes from others what an earlier version let them read: the file or folder at `path`, if it is there and the user's.
#[cfg(unix)]
pub(super) fn keep_to_the_user(path: &Path) {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY;
    let Ok(file) = File::options().read(true).custom_flags(flags).open(path) else { return };
    let Ok(metadata) = file.metadata() else { return };
    let mode = metadata.permissions().mode();
    if (metadata.is_file() || metadata.is_dir()) && mode & 0o077 != 0 {
        // What is another user's refuses, and stays as it is.
        let _ = file.set_permissions(fs::Permissions::from_mode(mode & 0o700));
    }
}

/// Who may read a file is not told by bits here.
#[cfg(not(unix))]
pub(super) fn keep_to_the_user(_: &Path) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_that_somebody_keeps_is_given_up() {
        let folder = tempfile::tempdir().expect("a folder");
        let kept = Lock::of(folder.path()).expect("the first one");
        let refused = Lock::within(folder.path(), Duration::from_millis(20)).err().expect("it is kept");
        assert!(refused.to_string().contains("pagelens.lock is locked by another program"), "{refused}");
        drop(kept);
        Lock::within(folder.path(), Duration::ZERO).expect("it is free again");
    }
}
