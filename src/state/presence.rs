//! Which files this and other windows of the program have open, so that two windows on one file know of each other.
//!
//! `open/HASH.PROCESS` in the state folder names a file, and is locked for as long as the window has it open. An entry
//! that nobody locks is left over from a window that was killed; whoever finds it removes it. The file itself
//! is never locked while it is only looked at. Everything here blocks.

use super::store::{self, Lock, StateError};
use super::{Folders, text};
use crate::bytes::file::FileIdentity;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

const FOLDER: &str = "open";

/// Entries that one process can have of one file, or of files whose names hash alike.
const MOST_ALIKE: u32 = 100;

/// A file as windows name it to each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenFile {
    /// Symbolic links resolved.
    #[serde(with = "text::path")]
    path: PathBuf,
    /// Device and inode, where the platform has them.
    #[serde(default)]
    node: String,
}

impl OpenFile {
    pub fn new(path: &Path, identity: &FileIdentity) -> Self {
        let node = identity.device.zip(identity.inode);
        let node = node.map_or_else(String::new, |(device, inode)| format!("{device}:{inode}"));
        Self { path: path.to_owned(), node }
    }

    /// Whether both are one file, by whatever name.
    pub fn is(&self, other: &Self) -> bool {
        self.path == other.path || (!self.node.is_empty() && self.node == other.node)
    }
}

/// What an entry says. Read only when its lock shows that it is alive, so that what it says is complete.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    process: u32,
    file: OpenFile,
}

/// The word that this process has a file open; taken back when it is dropped, or the process ends.
#[derive(Debug)]
pub struct Presence {
    entry: PathBuf,
    lock: File,
}

impl Presence {
    /// Says that this process has `file` open.
    ///
    /// # Errors
    /// [`StateError`]: the state folder can't be written, or has no locks.
    pub fn announce(folders: &Folders, file: &OpenFile) -> Result<Self, StateError> {
        let folder = folders.state().join(FOLDER);
        let _lock = Lock::of(&folder)?;
        let process = std::process::id();
        let hash = xxh3_64(file.path.as_os_str().as_encoded_bytes());
        let failed = |path: &Path, error| StateError::Folder { path: path.to_owned(), error };
        let mut entry = folder.join(format!("{hash:016x}.{process}"));
        let mut made = File::create_new(&entry);
        for number in 1..MOST_ALIKE {
            if !matches!(&made, Err(error) if error.kind() == io::ErrorKind::AlreadyExists) {
                break;
            }
            entry = folder.join(format!("{hash:016x}-{number}.{process}"));
            made = File::create_new(&entry);
        }
        let made = made.map_err(|error| failed(&entry, error))?;
        // From here on a failure takes the entry away again.
        let mut presence = Self { entry, lock: made };
        presence.lock.try_lock().map_err(|error| failed(&presence.entry, error.into()))?;
        let text = store::spelled(&presence.entry, &Entry { process, file: file.clone() })?;
        presence.lock.write_all(text.as_bytes()).map_err(|error| failed(&presence.entry, error))?;
        Ok(presence)
    }

    /// The process numbers of the other windows that have `file` open; `own` are the entries of this one.
    pub fn others(folders: &Folders, file: &OpenFile, own: &[&Self]) -> Vec<u32> {
        let folder = folders.state().join(FOLDER);
        // Nobody has anything open where there is no folder, and none is made to find that out.
        let Ok(entries) = fs::read_dir(&folder) else { return Vec::new() };
        let Ok(_lock) = Lock::of(&folder) else { return Vec::new() };
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        let foreign = paths.filter(|path| is_entry(path) && !own.iter().any(|own| own.entry == *path));
        let mut processes: Vec<u32> = foreign
            .filter_map(|path| alive(&path))
            .filter(|entry| entry.file.is(file))
            .map(|e| e.process)
            .collect();
        processes.sort_unstable();
        processes.dedup();
        processes
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        // What is left over when this fails is unlocked, and removed by the next window.
        let _ = fs::remove_file(&self.entry);
    }
}

/// Whether the path is that of an entry and not of the folder's lock.
fn is_entry(path: &Path) -> bool {
    let process = path.extension().and_then(|process| process.to_str());
    process.is_some_and(|process| process.parse::<u32>().is_ok())
}

/// What an entry says, if its window is there; else the entry is removed.
fn alive(path: &Path) -> Option<Entry> {
    let file = File::open(path).ok()?;
    match file.try_lock() {
        Ok(()) => {
            let _ = fs::remove_file(path);
            None
        }
        Err(TryLockError::WouldBlock) => toml::from_str(&fs::read_to_string(path).ok()?).ok(),
        Err(TryLockError::Error(_)) => None,
    }
}
