//! Open files of the simulated disk, and the source by which a window reads one of them.
//!
//! A handle that was open when the machine crashed is dead: its calls fail, touch nothing and are not counted.

use super::file::{Change, Inode, SECTOR, place};
use super::script::Half;
use super::{Asked, SimDisk, System};
use pagelens::bytes::{Availability, ReadError, Source, Span, check_bounds};
use pagelens::save::disk::{DiskFile, FileStat, Owner, WriteWatch};
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io::{self, ErrorKind};
use std::sync::{Arc, MutexGuard};

pub struct SimFile {
    pub(super) disk: SimDisk,
    pub(super) handle: u64,
    pub(super) file: usize,
    pub(super) writes: bool,
}

/// What the debug form of a handle begins with, also through a wrapper: by it a copy finds the file to copy from.
const NUMBER: &str = "file number ";

impl fmt::Debug for SimFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{NUMBER}{}", self.file)
    }
}

/// The number of the file behind a handle of this disk.
pub fn number_of(file: &dyn DiskFile) -> io::Result<usize> {
    let text = format!("{file:?}");
    let number = text.strip_prefix(NUMBER).and_then(|number| number.parse().ok());
    number.ok_or_else(|| ErrorKind::Unsupported.into())
}

impl SimFile {
    fn enter(&self, name: &'static str) -> io::Result<(MutexGuard<'_, System>, Asked)> {
        self.enter_half(name, None)
    }

    fn enter_half(
        &self,
        name: &'static str,
        half: Option<Half>,
    ) -> io::Result<(MutexGuard<'_, System>, Asked)> {
        let mut system = self.disk.system();
        if self.handle <= system.dead {
            return Err(io::Error::from_raw_os_error(libc::EIO));
        }
        let asked = system.call(name, half)?;
        Ok((system, asked))
    }

    fn may_write(&self) -> io::Result<()> {
        if self.writes { Ok(()) } else { Err(io::Error::from_raw_os_error(libc::EBADF)) }
    }

    fn change(&self, name: &'static str, change: impl FnOnce(&System) -> Change) -> io::Result<()> {
        let (mut system, asked) = self.enter(name)?;
        let change = change(&system);
        system.state.change(self.file, false).change(change);
        asked.answer(())
    }

    fn change_attributes(
        &self,
        name: &'static str,
        change: impl FnOnce(&mut BTreeMap<OsString, Vec<u8>>),
    ) -> io::Result<()> {
        self.change(name, |system| {
            let mut attributes = (*system.state.files[self.file].now.attributes).clone();
            change(&mut attributes);
            Change::Attributes(Arc::new(attributes))
        })
    }
}

impl Drop for SimFile {
    fn drop(&mut self) {
        let mut system = self.disk.system();
        system.open.retain(|(handle, _)| *handle != self.handle);
        system.locks.retain(|(_, handle)| *handle != self.handle);
    }
}

impl DiskFile for SimFile {
    fn stat(&self) -> io::Result<FileStat> {
        Ok(self.enter("file stat")?.0.describe(self.file))
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let (system, asked) = self.enter("read_at")?;
        let len = if asked.short { buf.len().div_ceil(2) } else { buf.len() };
        Ok(system.state.files[self.file].now.read(offset, &mut buf[..len]))
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<usize> {
        self.may_write()?;
        let half = Half { file: self.file, offset, bytes: bytes.to_vec() };
        let (mut system, asked) = self.enter_half("write_at", Some(half))?;
        let len = if asked.short { bytes.len().div_ceil(2) } else { bytes.len() };
        system.write(self.file, offset, &bytes[..len])
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.may_write()?;
        let (mut system, asked) = self.enter("set_len")?;
        system.state.change(self.file, true).set_len(len);
        asked.answer(())
    }

    fn reserve(&self, span: Span) -> io::Result<()> {
        self.may_write()?;
        let (mut system, asked) = self.enter("reserve")?;
        system.reserve(self.file, span)?;
        asked.answer(())
    }

    fn share_blocks(&self, from: &dyn DiskFile) -> io::Result<()> {
        self.may_write()?;
        let from = number_of(from)?;
        let (mut system, asked) = self.enter("share_blocks")?;
        if !system.state.can.shares_blocks {
            return Err(ErrorKind::Unsupported.into());
        }
        let image = system.state.files[from].now.clone();
        system.state.change(self.file, true).share(&image);
        asked.answer(())
    }

    fn copy_range(&self, from: &dyn DiskFile, span: Span, to: u64) -> io::Result<u64> {
        self.may_write()?;
        let from = number_of(from)?;
        let mut bytes = vec![0; span.len() as usize];
        let there = self.disk.system().state.files[from].now.read(span.start(), &mut bytes);
        bytes.truncate(there);
        let half = Half { file: self.file, offset: to, bytes: bytes.clone() };
        let (mut system, asked) = self.enter_half("copy_range", Some(half))?;
        if !system.state.can.copies_ranges {
            return Err(ErrorKind::Unsupported.into());
        }
        let len = if asked.short { bytes.len().div_ceil(2) } else { bytes.len() };
        Ok(system.write(self.file, to, &bytes[..len])? as u64)
    }

    fn system_file(&self) -> Option<&std::fs::File> {
        None
    }

    fn sync(&self) -> io::Result<()> {
        match self.enter("sync") {
            Ok((mut system, asked)) => {
                system.state.confirm(self.file, Inode::sync);
                asked.answer(())
            }
            // An interrupted sync has lost nothing.
            Err(error) if error.kind() == ErrorKind::Interrupted => Err(error),
            Err(error) => {
                let mut system = self.disk.system();
                if self.handle > system.dead {
                    let mut random = system.state.random.fork();
                    system.state.confirm(self.file, |inode| inode.fail_sync(&mut random));
                }
                Err(error)
            }
        }
    }

    fn try_lock(&self) -> io::Result<bool> {
        let (mut system, _) = self.enter("try_lock")?;
        if !system.state.can.locks {
            return Err(ErrorKind::Unsupported.into());
        }
        let holder = system.locks.iter().find(|(file, _)| *file == self.file).map(|(_, handle)| *handle);
        if holder.is_none() {
            system.locks.push((self.file, self.handle));
        }
        Ok(holder.is_none_or(|holder| holder == self.handle))
    }

    fn watch_writes(&self) -> io::Result<Box<dyn WriteWatch>> {
        let (system, _) = self.enter("watch_writes")?;
        if !system.state.can.tells_writes {
            return Err(ErrorKind::Unsupported.into());
        }
        let seen = system.state.foreign.len();
        Ok(Box::new(SimWatch { disk: self.disk.clone(), file: self.file, seen }))
    }

    fn set_owner(&self, user: Option<u32>, group: Option<u32>) -> io::Result<()> {
        self.change("set_owner", |system| {
            let now = system.state.files[self.file].now.owner;
            Change::Owner(Owner { user: user.unwrap_or(now.user), group: group.unwrap_or(now.group) })
        })
    }

    fn set_mode(&self, mode: u32) -> io::Result<()> {
        self.change("set_mode", |_| Change::Mode(mode))
    }

    fn attributes(&self) -> io::Result<Vec<OsString>> {
        let (system, _) = self.enter("attributes")?;
        Ok(system.state.files[self.file].now.attributes.keys().cloned().collect())
    }

    fn attribute(&self, name: &OsStr) -> io::Result<Vec<u8>> {
        let (system, _) = self.enter("attribute")?;
        let value = system.state.files[self.file].now.attributes.get(name).cloned();
        value.ok_or_else(|| io::Error::from_raw_os_error(libc::ENODATA))
    }

    fn set_attribute(&self, name: &OsStr, value: &[u8]) -> io::Result<()> {
        self.change_attributes("set_attribute", |attributes| {
            attributes.insert(name.to_owned(), value.to_vec());
        })
    }

    fn remove_attribute(&self, name: &OsStr) -> io::Result<()> {
        self.change_attributes("remove_attribute", |attributes| {
            attributes.remove(name);
        })
    }
}

/// What others write to a file from some moment on.
struct SimWatch {
    disk: SimDisk,
    file: usize,
    /// How many entries there were of all files then.
    seen: usize,
}

impl WriteWatch for SimWatch {
    fn others_wrote(&self) -> io::Result<bool> {
        let (system, _) = self.disk.enter("others_wrote")?;
        Ok(system.state.foreign[self.seen..].contains(&self.file))
    }
}

/// A file as a window reads it: always as the system sees it now, by no call that a save makes.
pub struct SimSource {
    pub(super) disk: SimDisk,
    pub(super) file: usize,
    /// What the screen has seen of it: all, when it was opened.
    pub(super) shown: Vec<u8>,
}

impl fmt::Debug for SimSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "what is shown of file {}", self.file)
    }
}

impl Source for SimSource {
    fn len(&self) -> u64 {
        self.shown.len() as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        let span = check_bounds(offset, buf.len(), self.len())?;
        let read = self.disk.system().state.files[self.file].now.read(offset, buf);
        if read == buf.len() {
            return Ok(());
        }
        Err(ReadError::other(span, "the file was cut"))
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        let shown = self.shown.get(offset as usize..).unwrap_or_default();
        let here = shown.len().min(buf.len());
        buf[..here].copy_from_slice(&shown[..here]);
        states[..here].fill(Availability::Ready);
        states[here..].fill(Availability::Failed);
    }

    fn data_after(&self, offset: u64) -> Option<Span> {
        let system = self.disk.system();
        let sectors = &system.state.files[self.file].now.sectors;
        let first = place(offset).0;
        let index = (first..sectors.len()).find(|index| sectors[*index].is_some())?;
        let start = (index * SECTOR) as u64;
        let span = Span::between(start, start + SECTOR as u64).clamp_to(self.len());
        (offset < self.len()).then(|| Span::between(span.start().max(offset), span.end()))
    }
}
