//! Reading and writing of one small text file: whole or not at all, never in the way of the program's start.

use crate::bytes::MemorySource;
use crate::escape::PathText;
use crate::job::Progress;
use crate::save::{RealDisk, SaveError, SaveRequest, save};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// More than any file of ours needs; a larger one is not ours.
const MAX_BYTES: u64 = 4 << 20;

/// The lock that instances take when they change a file together.
const LOCK_FILE: &str = "pagelens.lock";

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
    #[error("{} could not be made ({error}), so settings and recent files are not remembered. Check its permissions, or name another folder in {}.", path.shown(), super::paths::STATE_DIR_VARIABLE)]
    Folder { path: PathBuf, error: io::Error },
    #[error("{} could not be written as text: {reason}", path.shown())]
    Spelling { path: PathBuf, reason: String },
    #[error(transparent)]
    Save(#[from] SaveError),
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
        Err(error) => format!("It could not be set aside either ({error})"),
    };
    let message = format!("{} could not be used: {reason}. {kept}; the defaults are used.", path.shown());
    Loaded { value: T::default(), message: Some(message) }
}

/// `None` when there is no such file.
fn read(path: &Path) -> io::Result<Option<String>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut text = String::new();
    file.take(MAX_BYTES + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MAX_BYTES {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is larger than any file of this kind"));
    }
    Ok(Some(text))
}

/// Gives the file another name, one that nothing has yet.
fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let name = |n: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(if n == 1 { ".broken".to_owned() } else { format!(".broken-{n}") });
        PathBuf::from(name)
    };
    let free = (1..).map(name).find(|aside| !aside.exists());
    let aside = free.ok_or(io::ErrorKind::AlreadyExists)?;
    fs::rename(path, &aside)?;
    Ok(aside)
}

/// Held while files of a folder are changed, so that instances do it one after another.
pub(super) struct Lock(#[expect(dead_code, reason = "locked as long as it is open")] File);

impl Lock {
    /// Makes the folder if need be and waits until no other instance is changing a file in it.
    pub fn of(folder: &Path) -> Result<Self, StateError> {
        make_folder(folder)?;
        let path = folder.join(LOCK_FILE);
        let file = File::options().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(|error| StateError::Folder { path, error })?;
        // Where there are no locks, the instance that writes last wins; no file is harmed by that.
        let _ = file.lock();
        Ok(Self(file))
    }

    /// Puts `value` in the place of what the file held.
    pub fn store<T: Serialize>(&self, path: &Path, value: &T) -> Result<(), StateError> {
        let text = spelled(path, value)?;
        let request = SaveRequest::save_as(Arc::new(MemorySource::new(text.into_bytes())), path, true);
        save(&RealDisk, request, &Progress::default())?;
        Ok(())
    }
}

/// `value` as the text of the file at `path`.
pub(super) fn spelled<T: Serialize>(path: &Path, value: &T) -> Result<String, StateError> {
    toml::to_string_pretty(value)
        .map_err(|error| StateError::Spelling { path: path.to_owned(), reason: error.to_string() })
}

fn make_folder(path: &Path) -> Result<(), StateError> {
    fs::create_dir_all(path).map_err(|error| StateError::Folder { path: path.to_owned(), error })
}
