//! Positioned reads of a regular file or a block device, and the identity of that file.
//!
//! The length is fixed when the file is opened, until the owner of the source accepts that the file has grown. If
//! another program truncates the file, reads fail with [`ReadError::CutShort`]. The file is opened only for reading; it
//! is never created or truncated. The screen reads through [`crate::bytes::pages::PageCache`]; a peek at a file without
//! a cache reports all bytes as missing. There is no map here: bytes would have to be copied out of a map too, and
//! `pread` is faster then.

use super::identity::FileIdentity;
use super::mapped::MappedSource;
use super::positioned::{length_by, length_of, open_to_read, read_positioned};
use super::sys::{self, Advice};
use crate::bytes::error::{ReadError, check_bounds};
use crate::bytes::raw::RawBytes;
use crate::bytes::source::{Availability, Source, peek_nothing};
use crate::bytes::span::Span;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Reads of at least this many bytes are a scan, and go through a map that reads ahead; smaller ones are places
/// on the screen, and go by position, which brings no more than was asked for.
const SCAN_BYTES: usize = 256 << 10;

/// A file or block device, read by position.
#[derive(Debug)]
pub struct FileSource {
    file: File,
    /// The same file, mapped for scans; made by the first scan. `None` when it can't be.
    scan: OnceLock<Option<MappedSource>>,
    path: PathBuf,
    identity: FileIdentity,
    /// That of the identity at first.
    len: AtomicU64,
}

impl FileSource {
    /// Opens `path` for reading only; never waits for the other end of a pipe.
    ///
    /// # Errors
    /// As of `open` and `stat`.
    pub fn open(path: &Path) -> io::Result<Self> {
        Self::from_file(open_to_read(path)?, path)
    }

    /// Takes a file that is open for reading; `path` is where it lies, for messages and for a second descriptor.
    ///
    /// # Errors
    /// As of `fstat`.
    pub fn from_file(file: File, path: &Path) -> io::Result<Self> {
        let identity = identity_of(&file)?;
        sys::advise(&file, Advice::Random);
        let len = AtomicU64::new(identity.len);
        Ok(Self { file, scan: OnceLock::new(), path: path.to_owned(), identity, len })
    }

    /// The same file, longer by what was appended to it; shorter than now is no growth. Whoever reads sees the
    /// bytes behind the old end from now on, so a cache before this source is told with
    /// [`crate::bytes::pages::PageCache::grown`].
    pub fn grow(&self, len: u64) {
        self.len.fetch_max(len, Ordering::AcqRel);
    }

    /// Who the file was when this source was made; `len` was the length of the source then.
    pub fn identity(&self) -> &FileIdentity {
        &self.identity
    }

    /// Who the open file is now: the descriptor is asked, not the path. May block.
    ///
    /// # Errors
    /// As of `fstat`.
    pub fn identity_now(&self) -> io::Result<FileIdentity> {
        identity_of(&self.file)
    }

    /// Where the file was when it was opened.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The descriptor, for calls between two files (cloning ranges, locks). Open for reading only.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// The map for scans, made now if this is the first. What the file has grown by since is not in it.
    fn scan(&self) -> Option<&MappedSource> {
        self.scan.get_or_init(|| self.open_mapped()).as_ref()
    }

    /// A map needs a descriptor with advice of its own, for which the file has to be opened again; `None` when the
    /// path leads elsewhere by now.
    fn open_mapped(&self) -> Option<MappedSource> {
        let file = open_to_read(&self.path).ok()?;
        identity_of(&file).ok()?.same_file(&self.identity).then_some(())?;
        sys::advise(&file, Advice::Sequential);
        MappedSource::new(file, self.len()).ok()
    }
}

impl Source for FileSource {
    fn len(&self) -> u64 {
        self.len.load(Ordering::Acquire)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        let span = check_bounds(offset, buf.len(), self.len())?;
        let mapped = (buf.len() >= SCAN_BYTES).then(|| self.scan()).flatten();
        match mapped.filter(|mapped| span.end() <= mapped.len()) {
            Some(mapped) => mapped.read_at(offset, buf),
            None => read_positioned(&self.file, span, buf),
        }
    }

    fn look_mapped(&self, span: Span, look: &mut dyn FnMut(&RawBytes<'_>)) -> bool {
        self.scan().is_some_and(|mapped| mapped.look_mapped(span, look))
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        peek_nothing(self.len(), offset, buf, states);
    }

    fn data_after(&self, offset: u64) -> Option<Span> {
        let rest = Span::new(offset, self.len()).filter(|rest| !rest.is_empty())?;
        match sys::next_data(&self.file, offset) {
            Ok(Some((start, end))) => Some(Span::between(start, end).intersect(rest).unwrap_or(rest)),
            // A hole up to the end, unless the file was cut short: then the missing rest must be read to be noticed.
            Ok(None) if length_of(&self.file).is_ok_and(|len_now| len_now >= self.len()) => None,
            Ok(None) | Err(_) => Some(rest),
        }
    }
}

/// What `path` leads to, opened for no more than questions about it, where metadata by path does not tell all:
/// on Windows. `None` elsewhere.
///
/// # Errors
/// As of `open`.
pub(crate) fn open_to_look(path: &Path) -> io::Result<Option<File>> {
    sys::open_to_look(path)
}

/// How many names (hard links) an open file has, where its metadata does not tell.
pub(crate) fn links_of(file: &File) -> Option<u64> {
    sys::node(file).map(|node| node.links)
}

/// The identity of an open file, with the true length of a block device.
fn identity_of(file: &File) -> io::Result<FileIdentity> {
    let metadata = file.metadata()?;
    Ok(FileIdentity { len: length_by(file, &metadata)?, ..FileIdentity::of_open(file, &metadata) })
}
