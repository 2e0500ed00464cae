//! Reads of an open file by position, and its length: shared by plain files and mapped files.

use crate::bytes::error::ReadError;
use crate::bytes::span::Span;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Seek, SeekFrom};
use std::path::Path;

/// Fills `buf`, which is as long as `span`, from that place of `file`.
pub(super) fn read_positioned(file: &File, span: Span, buf: &mut [u8]) -> Result<(), ReadError> {
    let (got, stopped_by) = read_up_to(file, span.start(), buf);
    let rest = Span::between(span.start() + got as u64, span.end());
    match stopped_by {
        Some(error) => Err(ReadError::of_io(rest, &error)),
        None if rest.is_empty() => Ok(()),
        None => Err(ended_early(file, rest)),
    }
}

/// Reads until `buf` is full, the file ends or an error stops it: the bytes read, and that error.
pub(super) fn read_up_to(file: &File, offset: u64, buf: &mut [u8]) -> (usize, Option<io::Error>) {
    let mut got = 0;
    while got < buf.len() {
        match read_some(file, offset + got as u64, &mut buf[got..]) {
            Ok(0) => break,
            Ok(bytes) => got += bytes,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (got, Some(error)),
        }
    }
    (got, None)
}

#[cfg(unix)]
fn read_some(file: &File, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buf, offset)
}

#[cfg(windows)]
fn read_some(file: &File, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buf, offset)
}

fn ended_early(file: &File, span: Span) -> ReadError {
    match length_of(file) {
        Ok(len_now) if len_now < span.end() => ReadError::CutShort { span, len_now },
        Ok(len_now) => {
            ReadError::other(span, format!("the file has fewer bytes than its length of {len_now:#x}"))
        }
        Err(error) => ReadError::of_io(span, &error),
    }
}

/// For reading only. A pipe without a writer must not hold us, so the open does not block; a file under another
/// program's lease refuses that, and is opened again the patient way.
#[cfg(unix)]
pub(super) fn open_to_read(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    match OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path) {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock && std::fs::metadata(path)?.is_file() => {
            OpenOptions::new().read(true).open(path)
        }
        opened => opened,
    }
}

#[cfg(not(unix))]
pub(super) fn open_to_read(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

/// Length in bytes of the open file as it is now.
pub(super) fn length_of(file: &File) -> io::Result<u64> {
    length_by(file, &file.metadata()?)
}

/// The same of a file whose metadata is at hand.
pub(super) fn length_by(mut file: &File, metadata: &Metadata) -> io::Result<u64> {
    if is_block_device(metadata) { file.seek(SeekFrom::End(0)) } else { Ok(metadata.len()) }
}

#[cfg(unix)]
pub(super) fn is_block_device(metadata: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_block_device(&metadata.file_type())
}

#[cfg(not(unix))]
pub(super) fn is_block_device(_metadata: &Metadata) -> bool {
    false
}
