//! Windows: positioned reads and writes by its own names, and plain answers for what it does not have.

use super::UnixPart;
use crate::bytes::Span;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, FileType, Metadata, OpenOptions};
use std::io;
use std::path::Path;

fn unsupported<T>() -> io::Result<T> {
    Err(io::ErrorKind::Unsupported.into())
}

pub fn read_at(file: &File, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buf, offset)
}

pub fn write_at(file: &File, offset: u64, bytes: &[u8]) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_write(file, bytes, offset)
}

pub fn ignore_size_signal() {}

pub fn raise_descriptor_limit() {}

pub fn is_block_device(_: FileType) -> bool {
    false
}

pub fn unix_part(metadata: &Metadata) -> UnixPart {
    UnixPart { links: 1, mode: None, owner: None, allocated: metadata.len() }
}

pub fn open_for_writing(_: &mut OpenOptions, _device: bool) {}

pub fn never_follow(_: &mut OpenOptions) {}

pub fn make_private_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

pub fn set_creation_mode(_: &mut OpenOptions, _: u32) {}

pub fn device_in_use(_: &Path) -> io::Result<bool> {
    Ok(false)
}

pub fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

pub fn set_owner(_: &File, _: Option<u32>, _: Option<u32>) -> io::Result<()> {
    unsupported()
}

pub fn set_mode(_: &File, _: u32) -> io::Result<()> {
    unsupported()
}

/// A lock of Windows would keep everybody from reading, this program included.
pub fn try_lock(_: &File) -> io::Result<bool> {
    unsupported()
}

pub fn may_write(path: &Path) -> io::Result<bool> {
    let metadata = fs::metadata(path)?;
    Ok(metadata.is_dir() || !metadata.permissions().readonly())
}

pub fn user() -> Option<u32> {
    None
}

pub fn free_room(_: &Path) -> io::Result<Option<u64>> {
    Ok(None)
}

pub fn reserve(_: &File, _: Span) -> io::Result<()> {
    unsupported()
}

pub fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    if fs::symlink_metadata(to).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    fs::rename(from, to)
}

pub fn attributes(_: &File) -> io::Result<Vec<OsString>> {
    unsupported()
}

pub fn attribute(_: &File, _: &OsStr) -> io::Result<Vec<u8>> {
    unsupported()
}

pub fn set_attribute(_: &File, _: &OsStr, _: &[u8]) -> io::Result<()> {
    unsupported()
}

pub fn remove_attribute(_: &File, _: &OsStr) -> io::Result<()> {
    unsupported()
}

pub fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    unsupported()
}

pub fn shares_blocks(_: &Path) -> io::Result<bool> {
    Ok(false)
}

pub fn share_blocks(_: &File, _: &File) -> io::Result<()> {
    unsupported()
}

pub fn copy_range(_: &File, _: &File, _: Span, _: u64) -> io::Result<u64> {
    unsupported()
}
