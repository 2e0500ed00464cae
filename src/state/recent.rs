//! The files opened lately, newest first, each with the place it was left at. Several instances of the program
//! share the list: a write merges with what another has written since. Whether a file is still there is asked
//! late, by a worker, and a missing one stays in the list: its disk may only be unplugged.

use super::store::{self, Loaded, Lock, StateError};
use super::{Folders, text};
use crate::bytes::Location;
use serde::{Deserialize, Serialize};
use std::path::Path;

pub(super) const FILE: &str = "recent.toml";

/// The most files that are remembered.
pub const MAX_FILES: usize = 30;

/// A file that was open once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecentFile {
    #[serde(rename = "path", with = "text::location")]
    pub location: Location,
    /// Where the caret was when it was left, in bytes.
    #[serde(default, with = "text::offset")]
    pub offset: u64,
    /// When it was last open, in seconds since 1970.
    #[serde(default, with = "text::offset")]
    pub used: u64,
    /// `None` until somebody looked.
    #[serde(skip)]
    pub missing: Option<bool>,
}

impl RecentFile {
    /// Where it lies, in the form of a path.
    pub fn path(&self) -> &Path {
        self.location.as_path()
    }
}

/// The list, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecentFiles {
    files: Vec<RecentFile>,
    /// Taken out by the user here, so that a merge does not bring them back; with the time of that.
    #[serde(skip)]
    removed: Vec<(Location, u64)>,
}

impl RecentFiles {
    /// What is on the disk, else nothing. Blocks.
    pub fn load(folders: &Folders) -> Loaded<Self> {
        let mut loaded: Loaded<Self> = store::load(&folders.state().join(FILE));
        loaded.value.tidy();
        loaded
    }

    /// Writes what this instance knows together with what others have written. Blocks. Answers the merged list.
    ///
    /// # Errors
    /// [`StateError`]; what was on the disk before is still there then.
    pub fn save(&self, folders: &Folders) -> Result<Self, StateError> {
        let file = folders.state().join(FILE);
        let lock = Lock::of(folders.state())?;
        let mut merged = self.clone();
        merged.merge(store::load::<Self>(&file).value);
        lock.store(&file, &merged)?;
        Ok(merged)
    }

    /// The files, newest first.
    pub fn files(&self) -> &[RecentFile] {
        &self.files
    }

    /// Puts `location` first. `now` in seconds since 1970.
    pub fn touch(&mut self, location: impl Into<Location>, offset: u64, now: u64) {
        let location = location.into();
        self.removed.retain(|(removed, _)| *removed != location);
        self.files.insert(0, RecentFile { location, offset, used: now, missing: None });
        self.tidy();
    }

    /// Takes `location` out. `now` in seconds since 1970.
    pub fn remove(&mut self, location: impl Into<Location>, now: u64) {
        let location = location.into();
        self.files.retain(|file| file.location != location);
        self.removed.push((location, now));
    }

    /// Takes all out. `now` in seconds since 1970.
    pub fn clear(&mut self, now: u64) {
        let files = std::mem::take(&mut self.files);
        self.removed.extend(files.into_iter().map(|file| (file.location, now)));
    }

    /// Looks which files are there. Blocks, perhaps for long: a file may lie on a network.
    pub fn look_for_missing(&mut self) {
        for file in &mut self.files {
            file.missing = Some(file.location.file_path().is_some_and(|path| !path.exists()));
        }
    }

    /// Takes in what another instance knows.
    pub fn merge(&mut self, other: Self) {
        let removed = std::mem::take(&mut self.removed);
        let wanted = |file: &RecentFile| {
            !removed.iter().any(|(location, at)| *location == file.location && file.used <= *at)
        };
        self.files.extend(other.files.into_iter().filter(wanted));
        self.removed = removed;
        self.tidy();
    }

    /// Newest first, each file once, no more than are remembered.
    fn tidy(&mut self) {
        // Of two entries used at the same time the one that stands first stays the newer.
        self.files.sort_by_key(|file| std::cmp::Reverse(file.used));
        let mut seen = std::collections::HashSet::new();
        self.files.retain(|file| seen.insert(file.location.clone()));
        self.files.truncate(MAX_FILES);
    }
}
