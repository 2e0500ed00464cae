//! Which files this and other windows of the program have open, so that two windows on one file know of each other.
//!
//! `open/HASH.PROCESS` in the state folder names a file, and is locked for as long as the window has it open. An entry
//! that nobody locks is left over from a window that was killed; whoever finds it removes it. The file itself
//! is never locked while it is only looked at. Everything here blocks.

use super::store::{self, Lock, StateError};
use super::{Folders, text};
use crate::bytes::{Location, Origin};
use crate::save::disk::try_lock;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

pub(super) const FOLDER: &str = "open";

/// Entries that one process can have of one file, or of files whose names hash alike.
const MOST_ALIKE: u32 = 100;

/// Entries of other windows that are looked at, and bytes of each: anybody may put files into a shared folder.
const MOST_ENTRIES: usize = 100_000;
const MOST_BYTES: u64 = 64 << 10;

/// A file as windows name it to each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenFile {
    /// Symbolic links resolved.
    #[serde(rename = "path", with = "text::location")]
    location: Location,
    /// Device and inode, where the platform has them.
    #[serde(default)]
    node: String,
}

impl OpenFile {
    /// How other windows are told of `origin`.
    pub fn new(origin: &Origin) -> Self {
        let node = origin.file_identity().and_then(|identity| identity.device.zip(identity.inode));
        let node = node.map_or_else(String::new, |(device, inode)| format!("{device}:{inode}"));
        Self { location: origin.location.clone(), node }
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
    /// Says that this process has each of `files` open. One lock for all, and one answer for each.
    ///
    /// # Errors
    /// [`StateError`]: the state folder can't be written, is locked by another program, or has no locks.
    pub fn announce(
        folders: &Folders,
        files: &[OpenFile],
    ) -> Result<Vec<Result<Self, StateError>>, StateError> {
        let folder = folders.state().join(FOLDER);
        let _lock = Lock::of(&folder)?;
        Ok(files.iter().map(|file| Self::entry_for(&folder, file)).collect())
    }

    /// Makes the entry of one file. The folder's lock is held.
    fn entry_for(folder: &Path, file: &OpenFile) -> Result<Self, StateError> {
        let process = std::process::id();
        let hash = xxh3_64(file.location.as_bytes());
        let failed = |path: &Path, error| StateError::Folder { path: path.to_owned(), error };
        let new = |entry: &Path| store::open_regular(entry, File::options().write(true).create_new(true));
        let mut entry = folder.join(format!("{hash:016x}.{process}"));
        let mut made = new(&entry);
        for number in 1..MOST_ALIKE {
            if !matches!(&made, Err(error) if error.kind() == io::ErrorKind::AlreadyExists) {
                break;
            }
            entry = folder.join(format!("{hash:016x}-{number}.{process}"));
            made = new(&entry);
        }
        let made = made.map_err(|error| failed(&entry, error))?;
        // From here on a failure takes the entry away again.
        let mut presence = Self { entry, lock: made };
        try_lock(&presence.lock).map_err(|error| failed(&presence.entry, error))?;
        let text = store::spelled(&presence.entry, &Entry { process, file: file.clone() })?;
        presence.lock.write_all(text.as_bytes()).map_err(|error| failed(&presence.entry, error))?;
        Ok(presence)
    }

    /// For each of `files` the process numbers of the other windows that have it open; `own` are the entries of this
    /// one. Each entry is read once, however many files are asked about.
    pub fn others(folders: &Folders, files: &[&OpenFile], own: &[&Self]) -> Vec<Vec<u32>> {
        let mut others = vec![Vec::new(); files.len()];
        let folder = folders.state().join(FOLDER);
        // Nobody has anything open where there is no folder, and none is made to find that out.
        let Ok(entries) = fs::read_dir(&folder) else { return others };
        let Ok(_lock) = Lock::of(&folder) else { return others };
        let own: HashSet<&Path> = own.iter().map(|own| own.entry.as_path()).collect();
        let asked = Asked::about(files);
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        for path in paths.filter(|path| is_entry(path) && !own.contains(path.as_path())).take(MOST_ENTRIES) {
            let Some(entry) = alive(&path) else { continue };
            for at in asked.which_are(&entry.file) {
                others[at].push(entry.process);
            }
        }
        for processes in &mut others {
            processes.sort_unstable();
            processes.dedup();
        }
        others
    }
}

/// Files by what they can be known by.
struct Asked<'a> {
    by_location: HashMap<&'a Location, Vec<usize>>,
    by_node: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Asked<'a> {
    fn about(files: &[&'a OpenFile]) -> Self {
        let mut asked = Self { by_location: HashMap::new(), by_node: HashMap::new() };
        for (at, file) in files.iter().enumerate() {
            asked.by_location.entry(&file.location).or_default().push(at);
            if !file.node.is_empty() {
                asked.by_node.entry(&file.node).or_default().push(at);
            }
        }
        asked
    }

    /// The places of those that are `file`, by whatever name; some perhaps twice.
    fn which_are(&self, file: &OpenFile) -> impl Iterator<Item = usize> {
        let by_location = self.by_location.get(&file.location);
        by_location.into_iter().chain(self.by_node.get(file.node.as_str())).flatten().copied()
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
    let file = store::open_regular(path, File::options().read(true)).ok()?;
    match try_lock(&file) {
        Ok(true) => {
            let _ = fs::remove_file(path);
            None
        }
        Ok(false) => {
            let mut text = String::new();
            file.take(MOST_BYTES).read_to_string(&mut text).ok()?;
            toml::from_str(&text).ok()
        }
        Err(_) => None,
    }
}
