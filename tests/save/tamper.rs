//! A disk on which one step of a save or of a recovery goes another way than the engine has asked for, and before
//! which another program may act. Engines are changed by it without being built anew.
//!
//! A step is known by its call and by the part that the file plays: the target, its journal, a temporary file, a
//! folder. `mutations` says what becomes of which.

use super::mutations::{Fate, Mutation};
use super::sim::SimDisk;
use pagelens::bytes::FileIdentity;
use pagelens::bytes::Span;
use pagelens::save::Disk;
use pagelens::save::disk::{Access, DiskFile, FileStat, Privacy, WriteWatch};
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The part that a file plays in a save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Target,
    Journal,
    Temp,
    Folder,
    Other,
}

/// One call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub call: &'static str,
    pub role: Role,
    /// Where a transfer begins.
    pub offset: u64,
}

/// What another program does just before the call of that number.
#[derive(Clone)]
pub struct Meddling {
    pub at: usize,
    pub act: Arc<dyn Fn(&SimDisk) + Send + Sync>,
}

/// A change of the disk that can be put off.
#[derive(Clone)]
enum Op {
    Write(Arc<dyn DiskFile>, u64, Vec<u8>),
    SetLen(Arc<dyn DiskFile>, u64),
    Reserve(Arc<dyn DiskFile>, Span),
    Sync(Arc<dyn DiskFile>),
    SetMode(Arc<dyn DiskFile>, u32),
    SetAttribute(Arc<dyn DiskFile>, OsString, Vec<u8>),
    Remove(PathBuf),
    Rename(PathBuf, PathBuf),
    SyncFolder(PathBuf),
}

impl Op {
    fn run(&self, disk: &SimDisk) -> io::Result<usize> {
        match self {
            Self::Write(file, offset, bytes) => return file.write_at(*offset, bytes),
            Self::SetLen(file, len) => file.set_len(*len),
            Self::Reserve(file, span) => file.reserve(*span),
            Self::Sync(file) => file.sync(),
            Self::SetMode(file, mode) => file.set_mode(*mode),
            Self::SetAttribute(file, name, value) => file.set_attribute(name, value),
            Self::Remove(path) => disk.remove(path),
            Self::Rename(from, to) => disk.rename(from, to),
            Self::SyncFolder(folder) => disk.sync_folder(folder),
        }?;
        Ok(0)
    }

    /// What the engine is told when it did not happen.
    fn pretended(&self) -> usize {
        if let Self::Write(_, _, bytes) = self { bytes.len() } else { 0 }
    }
}

/// What is known at a step.
#[derive(Default)]
pub struct Memory {
    pub steps: Vec<Step>,
    /// The last sync of the target has failed.
    pub sync_failed: bool,
    first_identity: Option<FileIdentity>,
    temp_identity: Option<FileIdentity>,
    put_off: Vec<(&'static str, Role, Op)>,
}

impl Memory {
    pub fn has_seen(&self, call: &str, role: Role) -> bool {
        self.steps.iter().any(|step| step.call == call && step.role == role)
    }

    /// Whether `step`, the one under way, is the first of its kind after one of the kind `after`.
    pub fn is_first_after(&self, step: Step, after: (&str, Role)) -> bool {
        let earlier = &self.steps[..self.steps.len() - 1];
        let is = |one: &Step, kind: (&str, Role)| (one.call, one.role) == kind;
        let marked = earlier.iter().position(|one| is(one, after));
        marked.is_some_and(|at| !earlier[at..].iter().any(|one| is(one, (step.call, step.role))))
    }

    /// How many such steps there were before the one under way, which is one.
    pub fn count(&self, call: &str, role: Role) -> usize {
        self.steps.iter().filter(|step| step.call == call && step.role == role).count() - 1
    }
}

/// The file that is saved, and its bytes before that.
#[derive(Clone, Default)]
pub struct Before {
    pub target: PathBuf,
    pub bytes: Vec<u8>,
}

struct Shared {
    disk: SimDisk,
    before: Before,
    mutation: Option<&'static Mutation>,
    meddling: Option<Meddling>,
    memory: Mutex<Memory>,
}

#[derive(Clone)]
pub struct Tampered(Arc<Shared>);

impl Tampered {
    pub fn new(
        disk: &SimDisk,
        before: Before,
        mutation: Option<&'static Mutation>,
        meddling: Option<Meddling>,
    ) -> Self {
        let memory = Mutex::default();
        Self(Arc::new(Shared { disk: disk.clone(), before, mutation, meddling, memory }))
    }

    /// The steps so far.
    pub fn steps(&self) -> Vec<Step> {
        self.memory().steps.clone()
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn role(&self, path: &Path) -> Role {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match &*name {
            _ if path == self.0.before.target => Role::Target,
            name if name.ends_with(".pagelens-journal") => Role::Journal,
            name if name.ends_with(".tmp") => Role::Temp,
            _ => Role::Other,
        }
    }

    /// Lets others act, and says what becomes of the step.
    fn step(&self, call: &'static str, role: Role, offset: u64) -> Fate {
        let mut memory = self.memory();
        let number = memory.steps.len();
        let step = Step { call, role, offset };
        memory.steps.push(step);
        let fate = self.0.mutation.map_or(Fate::Happens, |mutation| mutation.fate(step, &memory));
        drop(memory);
        if let Some(meddling) = self.0.meddling.as_ref().filter(|meddling| meddling.at == number) {
            (meddling.act)(&self.0.disk);
        }
        fate
    }

    fn perform(&self, call: &'static str, role: Role, offset: u64, op: Op) -> io::Result<usize> {
        let fate = self.step(call, role, offset);
        let pretended = op.pretended();
        let answer = match fate {
            Fate::Dropped => Ok(pretended),
            Fate::PutOff(call, role) => {
                self.memory().put_off.push((call, role, op));
                Ok(pretended)
            }
            Fate::ErrorHidden => Ok(op.run(&self.0.disk).unwrap_or(pretended)),
            Fate::AfterRemoving => {
                if let Op::Rename(_, to) = &op {
                    self.0.disk.remove(to)?;
                }
                op.run(&self.0.disk)
            }
            _ => op.run(&self.0.disk),
        };
        if (call, role) == ("sync", Role::Target) {
            self.memory().sync_failed = answer.is_err();
        }
        self.catch_up(call, role)?;
        answer
    }

    /// What was put off until this step happens now.
    fn catch_up(&self, call: &str, role: Role) -> io::Result<()> {
        let due = {
            let mut memory = self.memory();
            let all = std::mem::take(&mut memory.put_off);
            let (due, later) = all.into_iter().partition(|(until, of, _)| *until == call && *of == role);
            memory.put_off = later;
            let due: Vec<_> = due;
            due
        };
        due.into_iter().try_for_each(|(_, _, op)| op.run(&self.0.disk).map(|_| ()))
    }

    fn wrap(&self, file: Box<dyn DiskFile>, role: Role) -> Box<dyn DiskFile> {
        Box::new(TamperedFile { disk: self.clone(), file: Arc::from(file), role })
    }

    /// The truth, or what was answered first of the target, or last of the temporary file by its handle.
    fn stat_of(&self, role: Role, fate: Fate, stat: io::Result<FileStat>) -> io::Result<FileStat> {
        let mut stat = stat?;
        let mut memory = self.memory();
        if role == Role::Target {
            memory.first_identity.get_or_insert_with(|| stat.identity.clone());
        }
        let pretended = match fate {
            Fate::AsBefore => memory.first_identity.clone(),
            Fate::AsTemp => memory.temp_identity.clone(),
            _ => None,
        };
        stat.identity = pretended.unwrap_or(stat.identity);
        Ok(stat)
    }
}

impl Disk for Tampered {
    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        self.step("resolve", self.role(path), 0);
        self.0.disk.resolve(path)
    }

    fn read_link(&self, path: &Path) -> io::Result<PathBuf> {
        self.step("read_link", self.role(path), 0);
        self.0.disk.read_link(path)
    }

    fn stat(&self, path: &Path) -> io::Result<FileStat> {
        let role = self.role(path);
        let fate = self.step("stat", role, 0);
        self.stat_of(role, fate, self.0.disk.stat(path))
    }

    fn may_write(&self, path: &Path) -> io::Result<bool> {
        self.step("may_write", self.role(path), 0);
        self.0.disk.may_write(path)
    }

    fn user(&self) -> Option<u32> {
        self.0.disk.user()
    }

    fn device_in_use(&self, path: &Path) -> io::Result<bool> {
        self.step("device_in_use", self.role(path), 0);
        self.0.disk.device_in_use(path)
    }

    fn free_room(&self, folder: &Path) -> io::Result<Option<u64>> {
        self.step("free_room", Role::Folder, 0);
        self.0.disk.free_room(folder)
    }

    fn open(&self, path: &Path, access: Access) -> io::Result<Box<dyn DiskFile>> {
        let role = self.role(path);
        let call = if access == Access::Write { "open for writing" } else { "open" };
        let fate = self.step(call, role, 0);
        let file = self.0.disk.open(path, access)?;
        match fate {
            Fate::Truncated => file.set_len(0)?,
            Fate::AfterRemoving => self.0.disk.remove(path)?,
            _ => {}
        }
        Ok(self.wrap(file, role))
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.step("make_folder", Role::Folder, 0);
        self.0.disk.make_folder(path)
    }

    fn create_new(&self, path: &Path, privacy: Privacy) -> io::Result<Box<dyn DiskFile>> {
        let role = self.role(path);
        let file = match self.step("create_new", role, 0) {
            Fate::Nameless => self.0.disk.create_unnamed(path),
            Fate::Public => self.0.disk.create_new(path, Privacy::Default),
            _ => self.0.disk.create_new(path, privacy),
        };
        Ok(self.wrap(file?, role))
    }

    fn create_unnamed(&self, folder: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.step("create_unnamed", Role::Folder, 0);
        Ok(self.wrap(self.0.disk.create_unnamed(folder)?, Role::Other))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let op = Op::Rename(from.to_owned(), to.to_owned());
        self.perform("rename", self.role(to), 0, op).map(|_| ())
    }

    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        match self.step("rename_new", self.role(to), 0) {
            Fate::Over => self.0.disk.rename(from, to),
            _ => self.0.disk.rename_new(from, to),
        }?;
        self.catch_up("rename_new", self.role(to))
    }

    fn exchange(&self, a: &Path, b: &Path) -> io::Result<()> {
        match self.step("exchange", self.role(b), 0) {
            Fate::Over => self.0.disk.rename(a, b),
            _ => self.0.disk.exchange(a, b),
        }?;
        self.catch_up("exchange", self.role(b))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.perform("remove", self.role(path), 0, Op::Remove(path.to_owned())).map(|_| ())
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        self.step("list", Role::Folder, 0);
        self.0.disk.list(folder)
    }

    fn shares_blocks(&self, folder: &Path) -> io::Result<bool> {
        self.step("shares_blocks", Role::Folder, 0);
        self.0.disk.shares_blocks(folder)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.perform("sync_folder", Role::Folder, 0, Op::SyncFolder(folder.to_owned())).map(|_| ())
    }
}

struct TamperedFile {
    disk: Tampered,
    file: Arc<dyn DiskFile>,
    role: Role,
}

impl fmt::Debug for TamperedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.file.fmt(f)
    }
}

impl TamperedFile {
    fn step(&self, call: &'static str, offset: u64) -> Fate {
        self.disk.step(call, self.role, offset)
    }

    fn perform(&self, call: &'static str, offset: u64, op: Op) -> io::Result<usize> {
        self.disk.perform(call, self.role, offset, op)
    }
}

struct TamperedWatch {
    disk: Tampered,
    role: Role,
    watch: Box<dyn WriteWatch>,
}

impl WriteWatch for TamperedWatch {
    fn others_wrote(&self) -> io::Result<bool> {
        let fate = self.disk.step("others_wrote", self.role, 0);
        let wrote = self.watch.others_wrote()?;
        Ok(wrote && fate != Fate::AsBefore)
    }
}

impl DiskFile for TamperedFile {
    fn stat(&self) -> io::Result<FileStat> {
        let fate = self.step("file stat", 0);
        let stat = self.disk.stat_of(self.role, fate, self.file.stat())?;
        if self.role == Role::Temp {
            self.disk.memory().temp_identity = Some(stat.identity.clone());
        }
        Ok(stat)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let fate = self.step("read_at", offset);
        let read = self.file.read_at(offset, buf)?;
        if fate == Fate::AsBefore {
            let before = self.disk.0.before.bytes.get(offset as usize..).unwrap_or_default();
            let here = before.len().min(read);
            buf[..here].copy_from_slice(&before[..here]);
        }
        Ok(read)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<usize> {
        self.perform("write_at", offset, Op::Write(self.file.clone(), offset, bytes.to_vec()))
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.perform("set_len", len, Op::SetLen(self.file.clone(), len)).map(|_| ())
    }

    fn reserve(&self, span: Span) -> io::Result<()> {
        self.perform("reserve", span.start(), Op::Reserve(self.file.clone(), span)).map(|_| ())
    }

    fn share_blocks(&self, from: &dyn DiskFile) -> io::Result<()> {
        self.step("share_blocks", 0);
        self.file.share_blocks(from)
    }

    fn copy_range(&self, from: &dyn DiskFile, span: Span, to: u64) -> io::Result<u64> {
        if self.step("copy_range", to) == Fate::Dropped {
            return Ok(span.len());
        }
        self.file.copy_range(from, span, to)
    }

    fn system_file(&self) -> Option<&std::fs::File> {
        None
    }

    fn sync(&self) -> io::Result<()> {
        self.perform("sync", 0, Op::Sync(self.file.clone())).map(|_| ())
    }

    fn try_lock(&self) -> io::Result<bool> {
        if self.step("try_lock", 0) == Fate::Dropped { Ok(true) } else { self.file.try_lock() }
    }

    fn watch_writes(&self) -> io::Result<Box<dyn WriteWatch>> {
        self.step("watch_writes", 0);
        let (disk, role) = (self.disk.clone(), self.role);
        Ok(Box::new(TamperedWatch { disk, role, watch: self.file.watch_writes()? }))
    }

    fn set_owner(&self, user: Option<u32>, group: Option<u32>) -> io::Result<()> {
        self.step("set_owner", 0);
        self.file.set_owner(user, group)
    }

    fn set_mode(&self, mode: u32) -> io::Result<()> {
        self.perform("set_mode", 0, Op::SetMode(self.file.clone(), mode)).map(|_| ())
    }

    fn attributes(&self) -> io::Result<Vec<OsString>> {
        self.step("attributes", 0);
        self.file.attributes()
    }

    fn attribute(&self, name: &OsStr) -> io::Result<Vec<u8>> {
        self.step("attribute", 0);
        self.file.attribute(name)
    }

    fn set_attribute(&self, name: &OsStr, value: &[u8]) -> io::Result<()> {
        let op = Op::SetAttribute(self.file.clone(), name.to_owned(), value.to_vec());
        self.perform("set_attribute", 0, op).map(|_| ())
    }

    fn remove_attribute(&self, name: &OsStr) -> io::Result<()> {
        self.step("remove_attribute", 0);
        self.file.remove_attribute(name)
    }
}
