//! A disk in memory that can be cut off from its power, and fails on demand.
//!
//! It answers the calls of a save as a system does: `file` has what becomes of bytes, `state` what becomes of names,
//! `script` what goes wrong. What was not synced is lost at random when the power goes; a killed program leaves all it
//! did. A full disk, locks, times and permissions are those of a real one. Not here: users other than one, devices,
//! more than one level of folders.

mod file;
mod handle;
mod script;
mod state;
mod tests;

pub use file::{Keep, SECTOR};
pub use handle::SimSource;
pub use script::{Fault, Point, Script};
pub use state::{Crash, State};

use state::USER;

use file::{Change, ZEROS, place};
use handle::SimFile;
use pagelens::bytes::FileIdentity;
use pagelens::bytes::Span;
use pagelens::save::Disk;
use pagelens::save::disk::{Access, DiskFile, FileKind, FileStat, Privacy};
use script::{Half, Record};
use std::ffi::{OsStr, OsString};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many links in a row are followed.
const MAX_LINKS: usize = 40;

/// The bit of the mode that a write takes away.
pub const SET_USER_ID: u32 = 0o4000;

/// The disk and the system above it. Clones are the same disk.
#[derive(Clone)]
pub struct SimDisk(Arc<Mutex<System>>);

struct System {
    state: State,
    record: Record,
    script: Option<Script>,
    /// Handles of the running program: number of the handle, its file.
    open: Vec<(u64, usize)>,
    /// Which handle has the lock of a file.
    locks: Vec<(usize, u64)>,
    handles: u64,
    /// Handles up to this one died in a crash.
    dead: u64,
}

/// What a script makes of a call.
#[derive(Clone, Copy, Default)]
struct Asked {
    short: bool,
    error_after: Option<i32>,
}

impl Asked {
    fn answer<T>(self, done: T) -> io::Result<T> {
        match self.error_after {
            Some(number) => Err(io::Error::from_raw_os_error(number)),
            None => Ok(done),
        }
    }
}

impl System {
    /// Counts a call and lets happen what the script has for it.
    fn call(&mut self, name: &'static str, half: Option<Half>) -> io::Result<Asked> {
        let number = self.record.calls.len();
        self.record.call(name, &self.state, half);
        let mut asked = Asked::default();
        let due =
            self.script.as_ref().filter(|script| number >= script.at && number - script.at < script.times);
        match due.map(|script| script.fault.clone()) {
            None => {}
            Some(Fault::Error(number)) => return Err(io::Error::from_raw_os_error(number)),
            Some(Fault::ErrorAfter(number)) => asked.error_after = Some(number),
            Some(Fault::Short) => asked.short = true,
            Some(Fault::Cancel(progress)) => progress.cancel(),
        }
        Ok(asked)
    }

    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        let mut path = path.to_owned();
        for _ in 0..MAX_LINKS {
            match self.state.links.get(&path) {
                Some(next) => path = path.parent().unwrap_or(&path).join(next),
                None if self.state.folders.contains_key(&path) || self.state.named(&path).is_some() => {
                    return Ok(path);
                }
                None => return Err(ErrorKind::NotFound.into()),
            }
        }
        Err(ErrorKind::InvalidInput.into())
    }

    fn handle(&mut self, disk: &SimDisk, file: usize, writes: bool) -> Box<dyn DiskFile> {
        self.handles += 1;
        self.open.push((self.handles, file));
        Box::new(SimFile { disk: disk.clone(), handle: self.handles, file, writes })
    }

    fn free(&self) -> Option<u64> {
        let open: Vec<usize> = self.open.iter().map(|(_, file)| *file).collect();
        self.state.free(&open)
    }

    fn describe(&self, file: usize) -> FileStat {
        let image = &self.state.files[file].now;
        let identity = FileIdentity {
            device: Some(7),
            inode: Some(file as u64),
            len: image.len,
            mtime_ns: Some(image.times.0),
            ctime_ns: Some(image.times.1),
        };
        FileStat {
            identity,
            kind: FileKind::Regular,
            links: self.state.names_of(file) as u64,
            mode: Some(image.mode),
            owner: Some(image.owner),
            allocated: (image.allocated() * SECTOR) as u64,
        }
    }

    /// How many of `len` bytes at `offset` there is room for.
    fn room_for(&self, file: usize, offset: u64, len: usize) -> usize {
        let Some(mut free) = self.free() else { return len };
        let image = &self.state.files[file].now;
        let mut fits = 0;
        while fits < len {
            let (index, inside) = place(offset + fits as u64);
            let (new, rewritten) = match image.sector(index) {
                None => (true, false),
                Some(sector) => (false, self.state.can.copies_on_write && !Arc::ptr_eq(&sector, &ZEROS)),
            };
            if (new || rewritten) && free < SECTOR as u64 {
                break;
            }
            free -= if new { SECTOR as u64 } else { 0 };
            fits = (fits + SECTOR - inside).min(len);
        }
        fits
    }

    fn write(&mut self, file: usize, offset: u64, bytes: &[u8]) -> io::Result<usize> {
        let fits = self.room_for(file, offset, bytes.len());
        if fits == 0 && !bytes.is_empty() {
            return Err(ErrorKind::StorageFull.into());
        }
        let inode = self.state.change(file, true);
        inode.write(offset, &bytes[..fits]);
        // As for any user but the system's own.
        if inode.now.mode & SET_USER_ID != 0 {
            inode.change(Change::Mode(inode.now.mode & !SET_USER_ID));
        }
        Ok(fits)
    }

    fn reserve(&mut self, file: usize, span: Span) -> io::Result<()> {
        if !self.state.can.reserves {
            return Err(ErrorKind::Unsupported.into());
        }
        let image = &self.state.files[file].now;
        let all = place(span.start()).0..place(span.end() + SECTOR as u64 - 1).0;
        let holes: Vec<usize> = all.filter(|index| image.sector(*index).is_none()).collect();
        if self.free().is_some_and(|free| free < (holes.len() * SECTOR) as u64) {
            return Err(ErrorKind::StorageFull.into());
        }
        let grown = span.end() > image.len;
        let inode = self.state.change(file, grown);
        holes.into_iter().for_each(|index| inode.reserve(index));
        if grown {
            inode.change(Change::Len(span.end(), false));
        }
        Ok(())
    }
}

impl SimDisk {
    pub fn new(state: State) -> Self {
        let record = Record::default();
        let (open, locks) = (Vec::new(), Vec::new());
        Self(Arc::new(Mutex::new(System { state, record, script: None, open, locks, handles: 0, dead: 0 })))
    }

    /// With the state before each call kept.
    pub fn recording(state: State) -> Self {
        let disk = Self::new(state);
        disk.record_points();
        disk
    }

    pub fn record_points(&self) {
        self.system().record.points = Some(Vec::new());
    }

    fn system(&self) -> MutexGuard<'_, System> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn state(&self) -> State {
        self.system().state.clone()
    }

    /// The names of the calls made so far.
    pub fn calls(&self) -> Vec<&'static str> {
        self.system().record.calls.clone()
    }

    pub fn take_points(&self) -> Vec<Point> {
        self.system().record.points.take().unwrap_or_default()
    }

    /// What happens from now on, by the numbers of all calls since the beginning.
    pub fn set_script(&self, script: Option<Script>) {
        self.system().script = script;
    }

    /// The machine starts again: open files are dead, locks are gone.
    pub fn crash(&self, crash: Crash) {
        let mut system = self.system();
        system.state.crash(crash);
        system.dead = system.handles;
        system.open.clear();
        system.locks.clear();
    }

    /// What another program, or the test, does to the disk; no call of the program.
    pub fn change_state(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.system().state);
    }

    /// The bytes of a file, as the system sees them; `None` when it is not there. Not a call of the program.
    pub fn bytes(&self, path: &Path) -> Option<Vec<u8>> {
        let system = self.system();
        system.state.named(path).map(|file| system.state.files[file].now.bytes())
    }

    pub fn identity(&self, path: &Path) -> Option<FileIdentity> {
        let system = self.system();
        system.state.named(path).map(|file| system.describe(file).identity)
    }

    /// What the window reads, behind the save's back.
    pub fn source(&self, path: &Path) -> SimSource {
        let system = self.system();
        let file = system.state.named(path).expect("the file is there");
        SimSource { disk: self.clone(), file, shown: system.state.files[file].now.bytes() }
    }

    fn enter(&self, name: &'static str) -> io::Result<(MutexGuard<'_, System>, Asked)> {
        let mut system = self.system();
        let asked = system.call(name, None)?;
        Ok((system, asked))
    }
}

impl Disk for SimDisk {
    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        self.enter("resolve")?.0.resolve(path)
    }

    fn read_link(&self, path: &Path) -> io::Result<PathBuf> {
        let (system, _) = self.enter("read_link")?;
        system.state.links.get(path).cloned().ok_or_else(|| ErrorKind::InvalidInput.into())
    }

    fn stat(&self, path: &Path) -> io::Result<FileStat> {
        let (system, _) = self.enter("stat")?;
        let path = system.resolve(path)?;
        if system.state.folders.contains_key(&path) {
            let identity = FileIdentity { device: Some(7), ..FileIdentity::default() };
            let (mode, owner) = (Some(0o755), Some(USER));
            return Ok(FileStat { identity, kind: FileKind::Folder, links: 2, mode, owner, allocated: 0 });
        }
        Ok(system.describe(system.state.file(&path)?))
    }

    fn may_write(&self, path: &Path) -> io::Result<bool> {
        let (system, _) = self.enter("may_write")?;
        let path = system.resolve(path)?;
        let file = system.state.named(&path);
        Ok(file.is_none_or(|file| system.state.files[file].now.mode & 0o222 != 0)
            && !system.state.read_only_folders.contains(&path))
    }

    fn user(&self) -> Option<u32> {
        Some(USER.user)
    }

    fn device_in_use(&self, _: &Path) -> io::Result<bool> {
        self.enter("device_in_use").map(|_| false)
    }

    fn free_room(&self, _: &Path) -> io::Result<Option<u64>> {
        let (system, _) = self.enter("free_room")?;
        Ok(system.free().filter(|_| system.state.can.tells_room))
    }

    fn open(&self, path: &Path, access: Access) -> io::Result<Box<dyn DiskFile>> {
        let (mut system, _) = self.enter("open")?;
        let path = system.resolve(path)?;
        let file = system.state.file(&path)?;
        let writes = access == Access::Write;
        if writes && system.state.files[file].now.mode & 0o222 == 0 {
            return Err(ErrorKind::PermissionDenied.into());
        }
        Ok(system.handle(self, file, writes))
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        let (system, _) = self.enter("make_folder")?;
        let path = system.resolve(path)?;
        if system.state.folders.contains_key(&path) { Ok(()) } else { Err(ErrorKind::NotFound.into()) }
    }

    fn create_new(&self, path: &Path, privacy: Privacy) -> io::Result<Box<dyn DiskFile>> {
        let (mut system, _) = self.enter("create_new")?;
        if system.resolve(path).is_ok() {
            return Err(ErrorKind::AlreadyExists.into());
        }
        if system.free() == Some(0) {
            return Err(ErrorKind::StorageFull.into());
        }
        let (folder, name) = parts(path)?;
        let file = system.state.add_file(match privacy {
            Privacy::Private => 0o600,
            Privacy::Default => 0o644,
            Privacy::As(mode) => mode & !0o022,
        });
        system.state.rename(folder, &[(name, Some(file))])?;
        Ok(system.handle(self, file, true))
    }

    fn create_unnamed(&self, _: &Path) -> io::Result<Box<dyn DiskFile>> {
        let (mut system, _) = self.enter("create_unnamed")?;
        let file = system.state.add_file(0o600);
        Ok(system.handle(self, file, true))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let (mut system, asked) = self.enter("rename")?;
        move_name(&mut system.state, from, to)?;
        asked.answer(())
    }

    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        let (mut system, asked) = self.enter("rename_new")?;
        if system.state.named(to).is_some() {
            return Err(ErrorKind::AlreadyExists.into());
        }
        move_name(&mut system.state, from, to)?;
        asked.answer(())
    }

    fn exchange(&self, a: &Path, b: &Path) -> io::Result<()> {
        let (mut system, asked) = self.enter("exchange")?;
        if !system.state.can.exchanges {
            return Err(ErrorKind::Unsupported.into());
        }
        let (first, second) = (system.state.file(a)?, system.state.file(b)?);
        let ((folder, a), (_, b)) = (parts(a)?, parts(b)?);
        system.state.rename(folder, &[(a, Some(second)), (b, Some(first))])?;
        asked.answer(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let (mut system, asked) = self.enter("remove")?;
        system.state.file(path)?;
        let (folder, name) = parts(path)?;
        system.state.rename(folder, &[(name, None)])?;
        asked.answer(())
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        let (system, _) = self.enter("list")?;
        let mut names: Vec<_> = system.state.folder(folder)?.now.iter().collect();
        // By age: names have random parts, and the run of a seed must not depend on them.
        names.sort_by_key(|(_, file)| **file);
        Ok(names.into_iter().map(|(name, _)| name.clone()).collect())
    }

    fn shares_blocks(&self, _: &Path) -> io::Result<bool> {
        Ok(self.enter("shares_blocks")?.0.state.can.shares_blocks)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        let (mut system, asked) = self.enter("sync_folder")?;
        system.state.sync_folder(folder)?;
        asked.answer(())
    }
}

fn parts(path: &Path) -> io::Result<(&Path, &OsStr)> {
    path.parent().zip(path.file_name()).ok_or_else(|| ErrorKind::InvalidInput.into())
}

fn move_name(state: &mut State, from: &Path, to: &Path) -> io::Result<()> {
    let file = state.file(from)?;
    let ((folder, from), (_, to)) = (parts(from)?, parts(to)?);
    state.rename(folder, &[(from, None), (to, Some(file))])
}
