//! Bytes without a length (standard input, pipes, /proc) copied until they end: into memory while they are few,
//! else into a temporary file without a name, which vanishes with the program.
//!
//! The copy is what is opened; nobody waits for more to come, and nothing is written back.

use super::file::FileSource;
use super::sys::free_room;
use crate::bytes::memory::MemorySource;
use crate::bytes::opened::{OpenError, Opened, OpenedKind};
use crate::bytes::origin::Origin;
use crate::bytes::source::SharedSource;
use crate::job::Progress;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;
use tempfile::{SpooledData, SpooledTempFile, spooled_tempfile};

/// Up to this many bytes stay in memory.
const IN_MEMORY_BYTES: usize = 1 << 20;

/// Read at once; the cancel flag is looked at between two reads.
const CHUNK_BYTES: usize = 64 << 10;

/// Of a copy of `len` bytes that the folder of temporary files has no room for, how many bytes are free there. `None` as
/// well for what stays in memory, and where the system does not tell.
pub fn missing_room(len: u64) -> Option<u64> {
    if len <= IN_MEMORY_BYTES as u64 {
        return None;
    }
    free_room(&std::env::temp_dir()).ok().flatten().filter(|free| *free < len)
}

/// Reads `reader` to its end, at most `cap` bytes; `name` is for messages. Cancelled between two reads.
///
/// # Errors
/// [`OpenError`]: longer than `cap`, cancelled, or a failed read or write.
pub fn spool_reader(
    mut reader: impl Read,
    name: &Path,
    cap: u64,
    progress: &Progress,
) -> Result<Opened, OpenError> {
    let mut spool = spooled_tempfile(IN_MEMORY_BYTES);
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut len = 0_u64;
    loop {
        if progress.is_cancelled() {
            return Err(OpenError::Cancelled { path: name.to_owned() });
        }
        let bytes = match reader.read(&mut chunk) {
            Ok(0) => break,
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(OpenError::of(name, &error)),
        };
        len += bytes as u64;
        if len > cap {
            return Err(OpenError::TooLong { path: name.to_owned(), cap });
        }
        spool.write_all(&chunk[..bytes]).map_err(|error| spool_error(name, &error))?;
        progress.advance(bytes as u64);
    }
    let source = into_source(spool, name).map_err(|error| spool_error(name, &error))?;
    Ok(Opened {
        source,
        file: None,
        asked: name.to_owned(),
        origin: Origin::unversioned(name),
        kind: OpenedKind::Spooled,
        writable: false,
        len,
    })
}

/// Reads standard input to its end.
///
/// # Errors
/// As [`spool_reader`].
pub fn spool_stdin(progress: &Progress) -> Result<Opened, OpenError> {
    spool_reader(io::stdin().lock(), Path::new("-"), u64::MAX, progress)
}

fn into_source(spool: SpooledTempFile, name: &Path) -> io::Result<SharedSource> {
    Ok(match spool.into_inner() {
        SpooledData::InMemory(cursor) => Arc::new(MemorySource::new(cursor.into_inner())),
        SpooledData::OnDisk(file) => Arc::new(FileSource::from_file(file, name)?),
    })
}

fn spool_error(name: &Path, error: &io::Error) -> OpenError {
    OpenError::Spool { path: name.to_owned(), reason: error.to_string() }
}

/// Bytes that are made one after another and then read as a source: in memory while they are few, else in a temporary
/// file without a name.
#[derive(Debug)]
pub struct Spool {
    data: SpooledTempFile,
    len: u64,
}

impl Spool {
    /// Up to `in_memory` bytes stay in memory.
    pub fn new(in_memory: usize) -> Self {
        Self { data: spooled_tempfile(in_memory), len: 0 }
    }

    /// Bytes so far.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there are no bytes so far.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Fills `buf` with bytes that were written, from `offset` on.
    ///
    /// # Errors
    /// As of a read, and when there are fewer bytes.
    pub fn read_back(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.data.seek(SeekFrom::Start(offset))?;
        let read = self.data.read_exact(buf);
        self.data.seek(SeekFrom::End(0))?;
        read
    }

    /// The bytes, to be read. What lies in a file peeks as missing: put a page cache before it to show it.
    ///
    /// # Errors
    /// As of `fstat`.
    pub fn finish(self) -> io::Result<SharedSource> {
        into_source(self.data, Path::new("computed bytes"))
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.data.write(bytes)?;
        self.len += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.data.flush()
    }
}
