//! The system itself: `std`, and `system` where `std` has nothing. Decides nothing.

use super::{Access, Disk, DiskFile, FileKind, FileStat, Privacy, WriteWatch, system};
use crate::bytes::FileIdentity;
use crate::bytes::Span;
use crate::bytes::file::{links_of, open_to_look};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Bytes of a page of the system and of a block of most file systems.
const BLOCK: u64 = 4096;

/// The system itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        dunce::canonicalize(path)
    }

    fn read_link(&self, path: &Path) -> io::Result<PathBuf> {
        fs::read_link(path)
    }

    fn stat(&self, path: &Path) -> io::Result<FileStat> {
        if let Some(file) = open_to_look(path)? {
            return stat_of(&file);
        }
        let metadata = fs::metadata(path)?;
        if kind_of(&metadata) == FileKind::BlockDevice {
            // Only an open device tells its length.
            return stat_of(&File::open(path)?);
        }
        Ok(describe(&metadata))
    }

    fn look(&self, path: &Path) -> io::Result<()> {
        fs::symlink_metadata(path).map(|_| ())
    }

    fn may_write(&self, path: &Path) -> io::Result<bool> {
        system::may_write(path)
    }

    #[cfg(target_os = "linux")]
    fn may_remove(&self, folder: &Path) -> io::Result<bool> {
        system::may_remove(folder)
    }

    fn user(&self) -> Option<u32> {
        system::user()
    }

    fn device_in_use(&self, path: &Path) -> io::Result<bool> {
        system::device_in_use(path)
    }

    fn free_room(&self, folder: &Path) -> io::Result<Option<u64>> {
        system::free_room(folder)
    }

    fn open(&self, path: &Path, access: Access) -> io::Result<Box<dyn DiskFile>> {
        let (writes, kind) = (access == Access::Write, kind_of(&fs::metadata(path)?));
        refuse_other(kind)?;
        let mut options = OpenOptions::new();
        system::never_wait(options.read(true).write(writes), writes && kind == FileKind::BlockDevice);
        let file = options.open(path)?;
        // What has taken the name meanwhile may be a pipe all the same.
        refuse_other(kind_of(&file.metadata()?))?;
        Ok(Box::new(RealFile(file)))
    }

    fn open_left(&self, path: &Path, access: Access) -> io::Result<Box<dyn DiskFile>> {
        let strange = || io::Error::new(io::ErrorKind::InvalidData, "it is not a regular file");
        if !fs::symlink_metadata(path)?.is_file() {
            return Err(strange());
        }
        let mut options = OpenOptions::new();
        options.read(true).write(access == Access::Write);
        system::never_follow(&mut options);
        let file = options.open(path)?;
        if file.metadata()?.is_file() { Ok(Box::new(RealFile(file))) } else { Err(strange()) }
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        system::make_private_folder(path)
    }

    fn create_new(&self, path: &Path, privacy: Privacy) -> io::Result<Box<dyn DiskFile>> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        match privacy {
            Privacy::Private => system::set_creation_mode(&mut options, 0o600),
            Privacy::As(mode) => system::set_creation_mode(&mut options, mode),
            Privacy::Default => {}
        }
        Ok(Box::new(RealFile(options.open(path)?)))
    }

    fn create_unnamed(&self, folder: &Path) -> io::Result<Box<dyn DiskFile>> {
        let file = tempfile::tempfile_in(folder).or_else(|_| tempfile::tempfile())?;
        Ok(Box::new(RealFile(file)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        system::rename_new(from, to)
    }

    fn exchange(&self, a: &Path, b: &Path) -> io::Result<()> {
        system::exchange(a, b)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn remove_open(&self, path: &Path, aside: &Path) -> io::Result<()> {
        if cfg!(windows) { super::remove_by_rename(self, path, aside) } else { self.remove(path) }
    }

    fn unkept(&self, path: &Path) -> io::Result<Option<&'static str>> {
        system::unkept(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.file_name())).collect()
    }

    fn shares_blocks(&self, folder: &Path) -> io::Result<bool> {
        system::shares_blocks(folder)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        system::sync_folder(folder)
    }
}

/// A watch over an open file; `None` where the system does not tell who writes.
#[cfg(target_os = "linux")]
pub fn watch_writes(file: &File) -> Option<Box<dyn WriteWatch>> {
    system::watch_writes(file).ok()
}

/// A watch over an open file: the system does not tell who writes.
#[cfg(not(target_os = "linux"))]
pub fn watch_writes(_: &File) -> Option<Box<dyn WriteWatch>> {
    None
}

#[derive(Debug)]
struct RealFile(File);

impl DiskFile for RealFile {
    fn stat(&self) -> io::Result<FileStat> {
        stat_of(&self.0)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        system::read_at(&self.0, offset, buf)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<usize> {
        system::write_at(&self.0, offset, bytes)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }

    fn reserve(&self, span: Span) -> io::Result<()> {
        system::reserve(&self.0, span)
    }

    fn share_blocks(&self, from: &dyn DiskFile) -> io::Result<()> {
        let from = from.system_file().ok_or(io::ErrorKind::Unsupported)?;
        system::share_blocks(&self.0, from)
    }

    fn copy_range(&self, from: &dyn DiskFile, span: Span, to: u64) -> io::Result<u64> {
        let from = from.system_file().ok_or(io::ErrorKind::Unsupported)?;
        system::copy_range(&self.0, from, span, to)
    }

    fn copies_fast(&self, from: u64, to: u64) -> bool {
        from % BLOCK == to % BLOCK || system::is_on_server(&self.0)
    }

    #[cfg(target_os = "linux")]
    fn past_cache(&self) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(RealFile(system::past_cache(&self.0)?)))
    }

    fn system_file(&self) -> Option<&File> {
        Some(&self.0)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_all()
    }

    fn try_lock(&self) -> io::Result<bool> {
        system::try_lock(&self.0)
    }

    #[cfg(target_os = "linux")]
    fn watch_writes(&self) -> io::Result<Box<dyn WriteWatch>> {
        system::watch_writes(&self.0)
    }

    #[cfg(target_os = "linux")]
    fn has_writers(&self) -> io::Result<bool> {
        system::has_writers(&self.0)
    }

    fn set_owner(&self, user: Option<u32>, group: Option<u32>) -> io::Result<()> {
        system::set_owner(&self.0, user, group)
    }

    fn set_mode(&self, mode: u32) -> io::Result<()> {
        system::set_mode(&self.0, mode)
    }

    fn attributes(&self) -> io::Result<Vec<OsString>> {
        system::attributes(&self.0)
    }

    fn attribute(&self, name: &OsStr) -> io::Result<Vec<u8>> {
        system::attribute(&self.0, name)
    }

    fn set_attribute(&self, name: &OsStr, value: &[u8]) -> io::Result<()> {
        system::set_attribute(&self.0, name, value)
    }

    fn remove_attribute(&self, name: &OsStr) -> io::Result<()> {
        system::remove_attribute(&self.0, name)
    }

    #[cfg(target_os = "linux")]
    fn flags(&self) -> io::Result<u32> {
        system::flags(&self.0)
    }

    #[cfg(target_os = "linux")]
    fn set_flags(&self, flags: u32) -> io::Result<()> {
        system::set_flags(&self.0, flags)
    }
}

fn stat_of(mut file: &File) -> io::Result<FileStat> {
    let metadata = file.metadata()?;
    let mut stat = describe(&metadata);
    stat.identity = FileIdentity::of_open(file, &metadata);
    stat.links = links_of(file).unwrap_or(stat.links);
    if stat.kind == FileKind::BlockDevice {
        stat.identity.len = file.seek(SeekFrom::End(0))?;
    }
    Ok(stat)
}

/// Opening a pipe waits for its other end, and a device may do something by that alone.
fn refuse_other(kind: FileKind) -> io::Result<()> {
    let text = "it is a pipe, a socket or a character device";
    if kind == FileKind::Other { Err(io::Error::new(io::ErrorKind::InvalidInput, text)) } else { Ok(()) }
}

fn kind_of(metadata: &Metadata) -> FileKind {
    let kind = metadata.file_type();
    match (kind.is_file(), kind.is_dir()) {
        (true, _) => FileKind::Regular,
        (_, true) => FileKind::Folder,
        _ if system::is_block_device(kind) => FileKind::BlockDevice,
        _ => FileKind::Other,
    }
}

fn describe(metadata: &Metadata) -> FileStat {
    let unix = system::unix_part(metadata);
    FileStat {
        identity: FileIdentity::of(metadata),
        kind: kind_of(metadata),
        links: unix.links,
        mode: unix.mode,
        owner: unix.owner,
        allocated: unix.allocated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_file_system_copies_fast_only_where_blocks_meet() {
        let file = RealFile(tempfile::tempfile().expect("a temporary file"));
        if system::is_on_server(&file.0) {
            return eprintln!("SKIPPED: the temporary folder is on a server");
        }
        assert!(
            file.copies_fast(0, 0) && file.copies_fast(BLOCK, 3 * BLOCK) && file.copies_fast(7, BLOCK + 7)
        );
        assert!(!file.copies_fast(0, 1) && !file.copies_fast(BLOCK, 3));
    }
}
