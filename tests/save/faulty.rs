//! The real disk with calls that fail on demand: the n-th, those of a name, once or for good.
//!
//! A failed sync loses what it was to confirm, as a real one does. What it does not do is lose power: that is
//! `sim`'s part, whose disk is made up.

use pagelens::bytes::Span;
use pagelens::job::Progress;
use pagelens::save::disk::{Access, DiskFile, FileKind, FileStat, Privacy, WriteWatch, remove_by_rename};
use pagelens::save::{Disk, RealDisk};
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// What goes wrong.
#[derive(Clone)]
pub enum Fault {
    Nothing,
    /// The number of a system error.
    Error(i32),
    /// Reads and writes do less than they were asked to.
    Short,
    Cancel(Arc<Progress>),
    /// Another program does something just before the call.
    Interfere(Arc<dyn Fn() + Send + Sync>),
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing"),
            Self::Error(number) => write!(f, "{}", os_error(*number)),
            Self::Short => f.write_str("a short transfer"),
            Self::Cancel(_) => f.write_str("a cancel"),
            Self::Interfere(_) => f.write_str("another program"),
        }
    }
}

/// The error of a number of Unix. Windows has other numbers for the same.
fn os_error(number: i32) -> io::Error {
    match number {
        _ if cfg!(unix) => io::Error::from_raw_os_error(number),
        libc::EINTR => io::ErrorKind::Interrupted.into(),
        libc::ENOSPC => io::ErrorKind::StorageFull.into(),
        libc::EACCES => io::ErrorKind::PermissionDenied.into(),
        _ => io::Error::other(format!("error {number}")),
    }
}

/// Whether a file that is open can be replaced here, as everywhere but on Windows's simpler file systems; says so where
/// it can't, since what needs it is not tested then.
pub fn replaces_open_files() -> bool {
    static ANSWER: std::sync::OnceLock<bool> = std::sync::OnceLock::new();
    let can = *ANSWER.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let (old, new) = (folder.path().join("old"), folder.path().join("new"));
        let paths = [&old, &new];
        paths.iter().for_each(|path| std::fs::write(path, b"x").expect("written"));
        let _open = std::fs::File::open(&old).expect("there");
        std::fs::rename(&new, &old).is_ok()
    });
    if !can {
        println!("NOT TESTED: rewrites, since no file that is open can be replaced here");
    }
    can
}

/// The real disk, whose calls from number `at` on fail, `times` of them.
#[derive(Debug)]
pub struct FaultyDisk {
    inner: RealDisk,
    state: Arc<Calls>,
    answers: Answers,
}

/// What the disk says instead of the truth.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answers {
    pub folder_is_read_only: bool,
    /// Files can be created in folders, but not removed.
    pub folder_only_grows: bool,
    pub kind: Option<FileKind>,
    pub device_in_use: bool,
    pub free_room: Option<u64>,
    pub renames_fail_late: bool,
    pub user: Option<u32>,
    /// As Windows on many file systems: what is open is not replaced by a rename, nothing swaps names, and a journal,
    /// which undo holds open, keeps its name when it is removed.
    pub like_windows: bool,
    /// Whether the truth may be told about that; else all tests go the same way on every file system.
    pub shares_blocks: bool,
}

#[derive(Debug)]
struct Calls {
    fault: Fault,
    /// The only calls that fail and are counted for that, where there is such a choice.
    only: Option<&'static str>,
    at: usize,
    times: usize,
    made: AtomicUsize,
    /// Bytes that were written.
    written: AtomicUsize,
    names: Mutex<Vec<&'static str>>,
    /// Without the waiting for a real disk.
    skip_sync: bool,
}

impl Calls {
    /// Counts a call; answers whether it is to do less than it was asked to.
    fn call(&self, name: &'static str) -> io::Result<bool> {
        self.names.lock().expect("no panic holds it").push(name);
        if self.only.is_some_and(|only| only != name) {
            return Ok(false);
        }
        let number = self.made.fetch_add(1, Ordering::SeqCst);
        if number < self.at || number - self.at >= self.times {
            return Ok(false);
        }
        match &self.fault {
            Fault::Nothing => Ok(false),
            Fault::Error(number) => Err(os_error(*number)),
            Fault::Short => Ok(true),
            Fault::Cancel(progress) => {
                progress.cancel();
                Ok(false)
            }
            Fault::Interfere(act) => {
                act();
                Ok(false)
            }
        }
    }
}

impl FaultyDisk {
    pub fn new(fault: Fault, at: usize, times: usize) -> Self {
        Self::choosing(None, fault, at, times)
    }

    /// Fails only calls of that name, the first `times` of them.
    pub fn failing(name: &'static str, error: i32, times: usize) -> Self {
        Self::choosing(Some(name), Fault::Error(error), 0, times)
    }

    /// Fails all calls of that name after the first `at`.
    pub fn failing_after(name: &'static str, error: i32, at: usize) -> Self {
        Self::choosing(Some(name), Fault::Error(error), at, usize::MAX)
    }

    /// Fails calls of that name, `times` of them after the first `at`.
    pub fn failing_later(name: &'static str, error: i32, at: usize, times: usize) -> Self {
        Self::choosing(Some(name), Fault::Error(error), at, times)
    }

    /// The first `times` calls of that name go wrong in this way.
    pub fn failing_as(name: &'static str, fault: Fault, times: usize) -> Self {
        Self::choosing(Some(name), fault, 0, times)
    }

    /// Does `act` just before the call of that name after the first `at`.
    pub fn interfering(name: &'static str, at: usize, act: impl Fn() + Send + Sync + 'static) -> Self {
        Self::choosing(Some(name), Fault::Interfere(Arc::new(act)), at, 1)
    }

    fn choosing(only: Option<&'static str>, fault: Fault, at: usize, times: usize) -> Self {
        let names = Mutex::default();
        let state = Calls {
            fault,
            only,
            at,
            times,
            made: AtomicUsize::new(0),
            written: AtomicUsize::new(0),
            names,
            skip_sync: true,
        };
        Self { inner: RealDisk, state: Arc::new(state), answers: Answers::default() }
    }

    /// Renames happen before they fail.
    pub fn after_the_fact(mut self) -> Self {
        self.answers.renames_fail_late = true;
        self
    }

    /// These answers beside the fault.
    pub fn and_answering(mut self, answers: Answers) -> Self {
        self.answers = answers;
        self
    }

    pub fn answering(answers: Answers) -> Self {
        Self { answers, ..Self::sound() }
    }

    pub fn sound() -> Self {
        Self::new(Fault::Nothing, 0, 0)
    }

    /// The names of the calls made so far.
    pub fn calls(&self) -> Vec<&'static str> {
        self.state.names.lock().expect("no panic holds it").clone()
    }

    /// Records another event among the calls.
    pub fn note(&self, name: &'static str) {
        self.state.names.lock().expect("no panic holds it").push(name);
    }

    /// How many bytes were written so far.
    pub fn written(&self) -> u64 {
        self.state.written.load(Ordering::SeqCst) as u64
    }

    /// Whether the fault came about.
    pub fn reached(&self) -> bool {
        self.state.made.load(Ordering::SeqCst) > self.state.at
    }

    fn wrap(&self, inner: Box<dyn DiskFile>) -> Box<dyn DiskFile> {
        let (state, kind) = (Arc::clone(&self.state), self.answers.kind);
        Box::new(FaultyFile { inner, state, kind, names: Names::of_file(), unsynced: Mutex::default() })
    }
}

fn with_kind(mut stat: FileStat, kind: Option<FileKind>) -> FileStat {
    if stat.kind == FileKind::Regular {
        stat.kind = kind.unwrap_or(stat.kind);
    }
    stat
}

impl Disk for FaultyDisk {
    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        self.state.call("resolve")?;
        self.inner.resolve(path)
    }
    fn read_link(&self, path: &Path) -> io::Result<PathBuf> {
        self.state.call("read_link")?;
        self.inner.read_link(path)
    }
    fn stat(&self, path: &Path) -> io::Result<FileStat> {
        self.state.call("stat")?;
        self.inner.stat(path).map(|stat| with_kind(stat, self.answers.kind))
    }
    fn look(&self, path: &Path) -> io::Result<()> {
        self.state.call("stat")?;
        self.inner.look(path)
    }
    fn may_remove(&self, folder: &Path) -> io::Result<bool> {
        Ok(self.inner.may_remove(folder)? && !self.answers.folder_only_grows)
    }
    fn may_write(&self, path: &Path) -> io::Result<bool> {
        self.state.call("may_write")?;
        Ok(self.inner.may_write(path)? && !(path.is_dir() && self.answers.folder_is_read_only))
    }
    fn user(&self) -> Option<u32> {
        self.answers.user.or_else(|| self.inner.user())
    }
    fn device_in_use(&self, _: &Path) -> io::Result<bool> {
        self.state.call("device_in_use")?;
        Ok(self.answers.device_in_use)
    }
    fn free_room(&self, folder: &Path) -> io::Result<Option<u64>> {
        self.state.call("free_room")?;
        if self.answers.free_room.is_some() {
            Ok(self.answers.free_room)
        } else {
            self.inner.free_room(folder)
        }
    }
    fn open(&self, path: &Path, access: Access) -> io::Result<Box<dyn DiskFile>> {
        self.state.call("open")?;
        self.inner.open(path, access).map(|file| self.wrap(file))
    }
    fn open_left(&self, path: &Path, access: Access) -> io::Result<Box<dyn DiskFile>> {
        self.state.call("open")?;
        self.inner.open_left(path, access).map(|file| self.wrap(file))
    }
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.state.call("make_folder")?;
        self.inner.make_folder(path)
    }
    fn create_new(&self, path: &Path, privacy: Privacy) -> io::Result<Box<dyn DiskFile>> {
        self.state.call("create_new")?;
        self.inner.create_new(path, privacy).map(|file| self.wrap(file))
    }
    fn create_unnamed(&self, folder: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.state.call("create_unnamed")?;
        self.inner.create_unnamed(folder).map(|file| self.wrap(file))
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let called = self.state.call("rename");
        if self.answers.like_windows && to.exists() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        if called.is_ok() || self.answers.renames_fail_late {
            self.inner.rename(from, to)?;
        }
        called.map(|_| ())
    }
    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        let called = self.state.call("rename_new");
        if called.is_ok() || self.answers.renames_fail_late {
            self.inner.rename_new(from, to)?;
        }
        called.map(|_| ())
    }
    fn exchange(&self, a: &Path, b: &Path) -> io::Result<()> {
        self.state.call("exchange")?;
        if self.answers.like_windows {
            return Err(io::ErrorKind::Unsupported.into());
        }
        self.inner.exchange(a, b)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.state.call("remove")?;
        let is_journal = path.extension().is_some_and(|ending| ending == "pagelens-journal");
        if self.answers.like_windows && is_journal { Ok(()) } else { self.inner.remove(path) }
    }
    fn remove_open(&self, path: &Path, aside: &Path) -> io::Result<()> {
        if self.answers.like_windows || cfg!(windows) {
            remove_by_rename(self, path, aside)
        } else {
            self.remove(path)
        }
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        self.state.call("list")?;
        self.inner.list(folder)
    }
    fn shares_blocks(&self, folder: &Path) -> io::Result<bool> {
        self.state.call("shares_blocks")?;
        Ok(self.answers.shares_blocks && self.inner.shares_blocks(folder)?)
    }
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.state.call("sync_folder")?;
        if self.state.skip_sync { Ok(()) } else { self.inner.sync_folder(folder) }
    }
}

/// What reads and writes are called.
#[derive(Clone, Copy, Debug)]
struct Names {
    read: &'static str,
    write: &'static str,
}

impl Names {
    fn of_file() -> Self {
        Self { read: "read_at", write: "write_at" }
    }
}

#[derive(Debug)]
struct FaultyFile {
    inner: Box<dyn DiskFile>,
    state: Arc<Calls>,
    kind: Option<FileKind>,
    names: Names,
    /// What was there before each write since the last sync: a failed one loses those writes, as a real one does.
    unsynced: Mutex<Vec<(u64, Vec<u8>)>>,
}

impl FaultyFile {
    fn lose_unsynced(&self) {
        let unsynced = std::mem::take(&mut *self.unsynced.lock().expect("no panic holds it"));
        for (offset, bytes) in unsynced.into_iter().rev() {
            self.inner.write_at(offset, &bytes).expect("the real disk is sound");
        }
    }
}

impl DiskFile for FaultyFile {
    fn stat(&self) -> io::Result<FileStat> {
        self.state.call("file stat")?;
        self.inner.stat().map(|stat| with_kind(stat, self.kind))
    }
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let short = self.state.call(self.names.read)?;
        let len = if short { buf.len().div_ceil(2) } else { buf.len() };
        self.inner.read_at(offset, &mut buf[..len])
    }
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<usize> {
        let short = self.state.call(self.names.write)?;
        let len = if short { bytes.len().div_ceil(2) } else { bytes.len() };
        // Past the cache, a write is not lost by a sync that fails later, and nothing can be read in between.
        if self.names.write == "write_at" {
            let mut before = vec![0; len];
            let held = self.inner.read_at(offset, &mut before)?;
            before.truncate(held);
            self.unsynced.lock().expect("no panic holds it").push((offset, before));
        }
        let written = self.inner.write_at(offset, &bytes[..len])?;
        self.state.written.fetch_add(written, Ordering::SeqCst);
        Ok(written)
    }
    fn set_len(&self, len: u64) -> io::Result<()> {
        self.state.call("set_len")?;
        self.inner.set_len(len)
    }
    fn reserve(&self, span: Span) -> io::Result<()> {
        self.state.call("reserve")?;
        self.inner.reserve(span)
    }
    fn share_blocks(&self, from: &dyn DiskFile) -> io::Result<()> {
        self.state.call("share_blocks")?;
        self.inner.share_blocks(from)
    }
    fn copy_range(&self, from: &dyn DiskFile, span: Span, to: u64) -> io::Result<u64> {
        let short = self.state.call("copy_range")?;
        let len = if short { span.len().div_ceil(2) } else { span.len() };
        self.inner.copy_range(from, Span::between(span.start(), span.start() + len), to)
    }
    fn past_cache(&self) -> io::Result<Box<dyn DiskFile>> {
        self.state.call("past_cache")?;
        let names = Names { read: "read past the cache", write: "write past the cache" };
        let (state, unsynced) = (Arc::clone(&self.state), Mutex::default());
        Ok(Box::new(FaultyFile { inner: self.inner.past_cache()?, state, kind: None, names, unsynced }))
    }
    fn system_file(&self) -> Option<&std::fs::File> {
        self.inner.system_file()
    }
    fn sync(&self) -> io::Result<()> {
        if let Err(error) = self.state.call("sync") {
            // An interrupted sync has lost nothing.
            if error.kind() != io::ErrorKind::Interrupted {
                self.lose_unsynced();
            }
            return Err(error);
        }
        self.unsynced.lock().expect("no panic holds it").clear();
        if self.state.skip_sync { Ok(()) } else { self.inner.sync() }
    }
    fn try_lock(&self) -> io::Result<bool> {
        self.state.call("try_lock")?;
        self.inner.try_lock()
    }
    fn watch_writes(&self) -> io::Result<Box<dyn WriteWatch>> {
        self.state.call("watch_writes")?;
        self.inner.watch_writes()
    }
    fn has_writers(&self) -> io::Result<bool> {
        self.state.call("has_writers")?;
        self.inner.has_writers()
    }
    fn set_owner(&self, user: Option<u32>, group: Option<u32>) -> io::Result<()> {
        self.state.call("set_owner")?;
        self.inner.set_owner(user, group)
    }
    fn set_mode(&self, mode: u32) -> io::Result<()> {
        self.state.call("set_mode")?;
        self.inner.set_mode(mode)
    }
    fn attributes(&self) -> io::Result<Vec<OsString>> {
        self.state.call("attributes")?;
        self.inner.attributes()
    }
    fn attribute(&self, name: &OsStr) -> io::Result<Vec<u8>> {
        self.state.call("attribute")?;
        self.inner.attribute(name)
    }
    fn set_attribute(&self, name: &OsStr, value: &[u8]) -> io::Result<()> {
        self.state.call("set_attribute")?;
        self.inner.set_attribute(name, value)
    }
    fn remove_attribute(&self, name: &OsStr) -> io::Result<()> {
        self.state.call("remove_attribute")?;
        self.inner.remove_attribute(name)
    }
    fn flags(&self) -> io::Result<u32> {
        self.state.call("flags")?;
        self.inner.flags()
    }
    fn set_flags(&self, flags: u32) -> io::Result<()> {
        self.state.call("set_flags")?;
        self.inner.set_flags(flags)
    }
}
