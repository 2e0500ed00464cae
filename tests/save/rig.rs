//! What the tests of saving share: a disk that fails on demand, and edits over a generation.

use pagelens::bytes::file::{FileIdentity, FileSource};
use pagelens::bytes::{Availability, ReadError, SharedSource, Source, Span, check_bounds};
use pagelens::job::Progress;
use pagelens::save::disk::{Access, DiskFile, FileKind, FileStat, Privacy};
use pagelens::save::{Disk, Generation, RealDisk, SaveRequest};
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
            Self::Error(number) => write!(f, "{}", io::Error::from_raw_os_error(*number)),
            Self::Short => f.write_str("a short transfer"),
            Self::Cancel(_) => f.write_str("a cancel"),
            Self::Interfere(_) => f.write_str("another program"),
        }
    }
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
    pub kind: Option<FileKind>,
    pub device_in_use: bool,
    pub free_room: Option<u64>,
    pub renames_fail_late: bool,
    pub user: Option<u32>,
}

#[derive(Debug)]
struct Calls {
    fault: Fault,
    /// The only calls that fail and are counted for that, where there is such a choice.
    only: Option<&'static str>,
    at: usize,
    times: usize,
    made: AtomicUsize,
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
            Fault::Error(number) => Err(io::Error::from_raw_os_error(*number)),
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

    fn choosing(only: Option<&'static str>, fault: Fault, at: usize, times: usize) -> Self {
        let names = Mutex::default();
        let state = Calls { fault, only, at, times, made: AtomicUsize::new(0), names, skip_sync: true };
        Self { inner: RealDisk, state: Arc::new(state), answers: Answers::default() }
    }

    /// Renames happen before they fail.
    pub fn after_the_fact(mut self) -> Self {
        self.answers.renames_fail_late = true;
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

    /// Whether the fault came about.
    pub fn reached(&self) -> bool {
        self.state.made.load(Ordering::SeqCst) > self.state.at
    }

    fn wrap(&self, inner: Box<dyn DiskFile>) -> Box<dyn DiskFile> {
        let (state, kind) = (Arc::clone(&self.state), self.answers.kind);
        Box::new(FaultyFile { inner, state, kind, unsynced: Mutex::default() })
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
        self.inner.exchange(a, b)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.state.call("remove")?;
        self.inner.remove(path)
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        self.state.call("list")?;
        self.inner.list(folder)
    }
    fn shares_blocks(&self, folder: &Path) -> io::Result<bool> {
        self.state.call("shares_blocks")?;
        self.inner.shares_blocks(folder)
    }
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.state.call("sync_folder")?;
        if self.state.skip_sync { Ok(()) } else { self.inner.sync_folder(folder) }
    }
}

#[derive(Debug)]
struct FaultyFile {
    inner: Box<dyn DiskFile>,
    state: Arc<Calls>,
    kind: Option<FileKind>,
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
        let short = self.state.call("read_at")?;
        let len = if short { buf.len().div_ceil(2) } else { buf.len() };
        self.inner.read_at(offset, &mut buf[..len])
    }
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<usize> {
        let short = self.state.call("write_at")?;
        let len = if short { bytes.len().div_ceil(2) } else { bytes.len() };
        let mut before = vec![0; len];
        let held = self.inner.read_at(offset, &mut before)?;
        before.truncate(held);
        self.unsynced.lock().expect("no panic holds it").push((offset, before));
        self.inner.write_at(offset, &bytes[..len])
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
}

/// A source with runs of bytes cut out and put in: what a snapshot is, by the simplest means.
#[derive(Debug)]
pub struct Edited {
    /// Each part: its length, and where it comes from.
    parts: Vec<(u64, Part)>,
}

#[derive(Clone, Debug)]
enum Part {
    Base(SharedSource, u64),
    New(Vec<u8>),
}

impl Edited {
    pub fn new(base: SharedSource) -> Self {
        Self { parts: vec![(base.len(), Part::Base(base, 0))] }
    }

    /// Puts `bytes` in the place of `span`.
    pub fn splice(mut self, span: Span, bytes: &[u8]) -> Self {
        let (head, rest) = cut(std::mem::take(&mut self.parts), span.start());
        let (_, tail) = cut(rest, span.len());
        self.parts = head;
        self.parts.push((bytes.len() as u64, Part::New(bytes.to_vec())));
        self.parts.extend(tail);
        self
    }

    pub fn overwrite(self, offset: u64, bytes: &[u8]) -> Self {
        self.splice(Span::at(offset, bytes.len() as u64).expect("inside the file"), bytes)
    }
}

type Parts = Vec<(u64, Part)>;

fn cut(parts: Parts, at: u64) -> (Parts, Parts) {
    let (mut head, mut tail, mut left) = (Vec::new(), Vec::new(), at);
    for (len, part) in parts {
        let here = left.min(len);
        left -= here;
        let (first, second) = match part {
            Part::Base(source, offset) => {
                (Part::Base(source.clone(), offset), Part::Base(source, offset + here))
            }
            Part::New(bytes) => {
                let (first, second) = bytes.split_at(here as usize);
                (Part::New(first.to_vec()), Part::New(second.to_vec()))
            }
        };
        head.extend((here > 0).then_some((here, first)));
        tail.extend((here < len).then_some((len - here, second)));
    }
    (head, tail)
}

impl Source for Edited {
    fn len(&self) -> u64 {
        self.parts.iter().map(|(len, _)| len).sum()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        let wanted = check_bounds(offset, buf.len(), self.len())?;
        let mut at = 0;
        for (len, part) in &self.parts {
            if let Some(here) = Span::at(at, *len).and_then(|span| span.intersect(wanted)) {
                let start = (here.start() - offset) as usize;
                let (out, inside) = (&mut buf[start..start + here.len() as usize], here.start() - at);
                match part {
                    Part::Base(source, base) => source.read_at(base + inside, out)?,
                    Part::New(bytes) => out.copy_from_slice(&bytes[inside as usize..][..out.len()]),
                }
            }
            at += len;
        }
        Ok(())
    }

    fn peek(&self, _: u64, _: &mut [u8], states: &mut [Availability]) {
        states.fill(Availability::Missing);
    }

    fn data_after(&self, offset: u64) -> Option<Span> {
        let mut at = 0;
        for (len, part) in &self.parts {
            let whole = Span::at(at, *len)?;
            at += len;
            if whole.end() <= offset {
                continue;
            }
            let inside = offset.max(whole.start()) - whole.start();
            let data = match part {
                Part::New(_) => Span::between(whole.start() + inside, whole.end()),
                Part::Base(source, base) => match source.data_after(base + inside) {
                    Some(data) if data.start() < base + len => {
                        let end = data.end().min(base + len);
                        Span::between(whole.start() + data.start() - base, whole.start() + end - base)
                    }
                    _ => continue,
                },
            };
            return Some(data);
        }
        None
    }
}

/// A file in a folder of its own, and the generation that was opened from it.
pub struct Opened {
    pub folder: tempfile::TempDir,
    pub path: PathBuf,
    pub identity: FileIdentity,
    pub generation: Arc<Generation>,
}

impl Opened {
    pub fn with(bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("data.bin");
        std::fs::write(&path, bytes).expect("written");
        Self::at(folder, path)
    }

    pub fn at(folder: tempfile::TempDir, path: PathBuf) -> Self {
        let file = open(&path);
        let identity = file.identity().clone();
        Self { folder, path, identity, generation: Arc::new(Generation::new(file)) }
    }

    pub fn edited(&self) -> Edited {
        Edited::new(self.generation.clone())
    }

    /// Overwrites of the same length, which may go in place.
    pub fn overwrite(&self, edits: &[(u64, &[u8])]) -> SaveRequest {
        let snapshot = edits.iter().fold(self.edited(), |edited, (at, bytes)| edited.overwrite(*at, bytes));
        let spans = edits.iter().filter_map(|(at, bytes)| Span::at(*at, bytes.len() as u64)).collect();
        SaveRequest::save(Arc::new(snapshot), &self.path, self.identity.clone())
            .with_overwrites(self.generation.clone(), Some(spans))
    }

    /// Any other edit, which is a rewrite.
    pub fn splice(&self, span: Span, bytes: &[u8]) -> SaveRequest {
        let snapshot = self.edited().splice(span, bytes);
        SaveRequest::save(Arc::new(snapshot), &self.path, self.identity.clone())
            .with_overwrites(self.generation.clone(), None)
    }

    pub fn bytes(&self) -> Vec<u8> {
        std::fs::read(&self.path).expect("readable")
    }

    /// The names in the folder, sorted.
    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).expect("a folder");
        let mut names: Vec<_> = entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

pub fn open(path: &Path) -> Arc<FileSource> {
    Arc::new(FileSource::open(path).expect("opened"))
}

/// All bytes of a source.
pub fn all(source: &dyn Source) -> Vec<u8> {
    let mut bytes = vec![0; source.len() as usize];
    source.read_at(0, &mut bytes).expect("readable");
    bytes
}

/// Bytes that repeat nowhere near.
pub fn pattern(len: usize) -> Vec<u8> {
    (0..len as u64).map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect()
}
