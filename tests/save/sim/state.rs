//! All that is on the simulated disk: files by number, folders with their names, and how a crash leaves them.
//!
//! Names are durable when their folder was synced after. Until then a power cut keeps or loses each operation on
//! names by itself, a rename or an exchange as one, as long as no name is seen to skip a step: an operation is kept
//! only together with all earlier ones on the same names. Cheap to clone: files and folders are shared until they
//! change, so that a test can keep the state before each call of a save.

use super::file::{Inode, Keep, SECTOR, ZEROS};
use pagelens::save::disk::Owner;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The user of the simulated machine.
pub const USER: Owner = Owner { user: 1000, group: 1000 };

/// One operation on names: who has them afterwards.
type NameChange = Vec<(OsString, Option<usize>)>;

#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// As the system sees it.
    pub now: BTreeMap<OsString, usize>,
    pub durable: BTreeMap<OsString, usize>,
    pending: Vec<NameChange>,
}

impl Folder {
    fn change(&mut self, change: NameChange) {
        apply(&mut self.now, &change);
        self.pending.push(change);
    }

    fn sync(&mut self) {
        self.pending.clear();
        self.durable = self.now.clone();
    }

    fn lose_power(&mut self, random: &mut fastrand::Rng, keep: Keep) {
        let mut lost: BTreeSet<OsString> = BTreeSet::new();
        for change in std::mem::take(&mut self.pending) {
            if keep.keeps(random) && change.iter().all(|(name, _)| !lost.contains(name)) {
                apply(&mut self.durable, &change);
            } else {
                lost.extend(change.into_iter().map(|(name, _)| name));
            }
        }
        self.now = self.durable.clone();
    }
}

fn apply(names: &mut BTreeMap<OsString, usize>, change: &NameChange) {
    for (name, file) in change {
        match file {
            Some(file) => names.insert(name.clone(), *file),
            None => names.remove(name),
        };
    }
}

/// What the disk can do, and how much it holds.
#[derive(Clone, Copy, Debug)]
pub struct Abilities {
    pub shares_blocks: bool,
    pub copies_ranges: bool,
    pub exchanges: bool,
    pub reserves: bool,
    pub locks: bool,
    /// Whether it says that somebody else has written to a file.
    pub tells_writes: bool,
    /// Whether it says how much room there is.
    pub tells_room: bool,
    /// Bytes that all files together may take up.
    pub room: Option<u64>,
    /// Overwriting takes room too, until the old sector is given back.
    pub copies_on_write: bool,
}

impl Default for Abilities {
    fn default() -> Self {
        Self {
            shares_blocks: false,
            copies_ranges: true,
            exchanges: true,
            reserves: true,
            locks: true,
            tells_writes: true,
            tells_room: true,
            room: None,
            copies_on_write: false,
        }
    }
}

/// How a program ends that did not mean to.
#[derive(Clone, Copy, Debug)]
pub enum Crash {
    /// All that it has done stays as the system sees it, confirmed or not.
    Killed,
    PowerLoss(Keep),
}

impl Crash {
    pub fn random(random: &mut fastrand::Rng) -> Self {
        if random.u8(..4) == 0 { Self::Killed } else { Self::PowerLoss(Keep::random(random)) }
    }
}

#[derive(Clone, Debug)]
pub struct State {
    pub files: Vec<Arc<Inode>>,
    pub folders: BTreeMap<PathBuf, Arc<Folder>>,
    /// Symbolic links, which no test of this disk changes.
    pub links: Arc<BTreeMap<PathBuf, PathBuf>>,
    pub read_only_folders: Arc<BTreeSet<PathBuf>>,
    pub can: Abilities,
    pub random: fastrand::Rng,
    /// The files that other programs have written to, one entry for each time.
    pub foreign: Vec<usize>,
    /// Counts changes of anything.
    pub version: u64,
    clock: i128,
}

impl State {
    pub fn new(seed: u64, folders: &[&Path]) -> Self {
        Self {
            files: Vec::new(),
            folders: folders.iter().map(|folder| (folder.to_path_buf(), Arc::default())).collect(),
            links: Arc::default(),
            read_only_folders: Arc::default(),
            can: Abilities::default(),
            random: fastrand::Rng::with_seed(seed),
            foreign: Vec::new(),
            version: 0,
            clock: 1_700_000_000_000_000_000,
        }
    }

    /// A later moment than any before.
    pub fn tick(&mut self) -> i128 {
        self.version += 1;
        self.clock += 1_000;
        self.clock
    }

    /// A file to be changed; `bytes` says whether its bytes change too.
    pub fn change(&mut self, file: usize, bytes: bool) -> &mut Inode {
        let time = self.tick();
        let inode = Arc::make_mut(&mut self.files[file]);
        inode.now.times = (if bytes { time } else { inode.now.times.0 }, time);
        inode
    }

    /// A file that another program is about to change.
    pub fn change_by_others(&mut self, file: usize) -> &mut Inode {
        self.foreign.push(file);
        self.change(file, true)
    }

    /// Lets a sync of a file do what it does; no time changes.
    pub fn confirm(&mut self, file: usize, sync: impl FnOnce(&mut Inode)) {
        let clean = self.files[file].pending.is_empty();
        self.version += u64::from(!clean);
        sync(Arc::make_mut(&mut self.files[file]));
    }

    pub fn add_file(&mut self, mode: u32) -> usize {
        let time = self.tick();
        self.files.push(Arc::new(Inode::new(mode, USER, time)));
        self.files.len() - 1
    }

    pub fn folder(&self, path: &Path) -> io::Result<&Folder> {
        self.folders.get(path).map(|folder| &**folder).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// The file of a name, links not followed.
    pub fn named(&self, path: &Path) -> Option<usize> {
        self.folder(path.parent()?).ok()?.now.get(path.file_name()?).copied()
    }

    pub fn file(&self, path: &Path) -> io::Result<usize> {
        self.named(path).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// How many names a file has.
    pub fn names_of(&self, file: usize) -> usize {
        let all = self.folders.values().flat_map(|folder| folder.now.values());
        all.filter(|named| **named == file).count()
    }

    /// Changes names in one folder, all at once. Files that gain or lose one have a new time.
    pub fn rename(&mut self, folder: &Path, change: &[(&OsStr, Option<usize>)]) -> io::Result<()> {
        if self.read_only_folders.contains(folder) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let names = &self.folder(folder)?.now;
        let touched: BTreeSet<usize> =
            change.iter().flat_map(|(name, file)| [names.get(*name).copied(), *file]).flatten().collect();
        for file in touched {
            self.change(file, false);
        }
        let change = change.iter().map(|(name, file)| (name.to_os_string(), *file)).collect();
        self.folder_mut(folder)?.change(change);
        Ok(())
    }

    pub fn sync_folder(&mut self, path: &Path) -> io::Result<()> {
        self.folder_mut(path)?.sync();
        Ok(())
    }

    fn folder_mut(&mut self, path: &Path) -> io::Result<&mut Folder> {
        self.version += 1;
        let folder = self.folders.get_mut(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Arc::make_mut(folder))
    }

    /// Makes everything durable: how a test begins.
    pub fn sync_all(&mut self) {
        self.version += 1;
        self.files.iter_mut().for_each(|file| Arc::make_mut(file).sync());
        self.folders.values_mut().for_each(|folder| Arc::make_mut(folder).sync());
    }

    pub fn crash(&mut self, crash: Crash) {
        self.version += 1;
        let Crash::PowerLoss(keep) = crash else { return };
        for folder in self.folders.values_mut().filter(|folder| !folder.pending.is_empty()) {
            Arc::make_mut(folder).lose_power(&mut self.random, keep);
        }
        for file in &mut self.files {
            if !file.pending.is_empty() || file.now.times != file.durable.times {
                Arc::make_mut(file).lose_power(&mut self.random, keep);
            }
        }
    }

    /// Bytes that can still be written. A sector that files share counts once; a file without a name counts while
    /// it is open.
    pub fn free(&self, open: &[usize]) -> Option<u64> {
        let room = self.can.room?;
        let (mut reserved, mut written) = (0, BTreeSet::new());
        for (number, file) in self.files.iter().enumerate() {
            if self.names_of(number) > 0 || open.contains(&number) {
                for sector in file.now.sectors.iter().flatten() {
                    if Arc::ptr_eq(sector, &ZEROS) {
                        reserved += 1;
                    } else {
                        written.insert(Arc::as_ptr(sector));
                    }
                }
            }
        }
        Some(room.saturating_sub(((reserved + written.len()) * SECTOR) as u64))
    }
}
