//! Positioned reads of a regular file or a block device, and who that file is.
//!
//! The length is fixed when the file is opened, until its owner takes notice of a growth; a file that others cut short
//! answers with [`ReadError::CutShort`]. Opened for reading only, never created, never truncated.
//! What the screen shows goes through [`super::pages::PageCache`]: a bare file peeks as missing.
//! There is no map here. Bytes have to be copied out of a map too, and then `pread` is the faster one.

use super::mapped::MappedSource;
use super::sys::{self, Advice};
use super::{Availability, ReadError, Source, Span, check_bounds};
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Reads of at least this many bytes are a scan, and go through a map that reads ahead; smaller ones are places
/// on the screen, and go by position, which brings no more than was asked for.
const SCAN_BYTES: usize = 256 << 10;

/// What tells one file, in one state, from another. Parts that the platform does not know are `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileIdentity {
    pub device: Option<u64>,
    pub inode: Option<u64>,
    /// Length in bytes.
    pub len: u64,
    /// Time of the last change of the bytes, in nanoseconds since 1970.
    pub mtime_ns: Option<i128>,
    /// Time of the last change of bytes or attributes, in nanoseconds since 1970.
    pub ctime_ns: Option<i128>,
}

impl FileIdentity {
    /// The identity that `metadata` shows. A block device has length 0 here; see [`FileSource::identity`].
    #[cfg(unix)]
    pub fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        let time =
            |seconds: i64, nanoseconds: i64| i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds);
        Self {
            device: Some(metadata.dev()),
            inode: Some(metadata.ino()),
            len: metadata.len(),
            mtime_ns: Some(time(metadata.mtime(), metadata.mtime_nsec())),
            ctime_ns: Some(time(metadata.ctime(), metadata.ctime_nsec())),
        }
    }

    /// The identity that `metadata` shows.
    #[cfg(not(unix))]
    pub fn of(metadata: &Metadata) -> Self {
        let since_1970 =
            metadata.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        Self {
            len: metadata.len(),
            mtime_ns: since_1970.and_then(|time| i128::try_from(time.as_nanos()).ok()),
            ..Self::default()
        }
    }

    /// The identity of an open file whose metadata is `metadata`. Windows tells of open files alone which ones they are.
    pub fn of_open(file: &File, metadata: &Metadata) -> Self {
        let told = Self::of(metadata);
        match sys::node(file) {
            Some(node) => Self { device: Some(node.device), inode: Some(node.inode), ..told },
            None => told,
        }
    }

    /// The identity of what `path` leads to now, symbolic links followed.
    ///
    /// # Errors
    /// As of `stat`.
    pub fn at(path: &Path) -> io::Result<Self> {
        match open_to_look(path)? {
            Some(file) => Ok(Self::of_open(&file, &file.metadata()?)),
            None => std::fs::metadata(path).map(|metadata| Self::of(&metadata)),
        }
    }

    /// Whether both are the same file (device and inode), in whatever state. `false` where that is not known.
    pub fn same_file(&self, other: &Self) -> bool {
        self.device.is_some()
            && self.inode.is_some()
            && (self.device, self.inode) == (other.device, other.inode)
    }

    /// Whether both are known not to be the same file.
    pub fn other_file(&self, other: &Self) -> bool {
        self.device.is_some() && other.device.is_some() && !self.same_file(other)
    }
}

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
    /// [`super::pages::PageCache::grown`].
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

/// Nothing is at hand: all bytes up to `len` are missing, those beyond it can't be had.
pub fn peek_nothing(len: u64, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
    buf.fill(0);
    let inside = usize::try_from(len.saturating_sub(offset)).unwrap_or(usize::MAX).min(states.len());
    states[..inside].fill(Availability::Missing);
    states[inside..].fill(Availability::Failed);
}

/// Fills `buf`, which is as long as `span`, from that place of `file`.
pub(super) fn read_positioned(file: &File, span: Span, buf: &mut [u8]) -> Result<(), ReadError> {
    let (got, stopped_by) = read_up_to(file, span.start(), buf);
    let rest = Span::between(span.start() + got as u64, span.end());
    match stopped_by {
        Some(error) => Err(ReadError::Io { span: rest, reason: error.to_string() }),
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
            let reason = format!("the file has fewer bytes than its length of {len_now:#x}");
            ReadError::Io { span, reason }
        }
        Err(error) => ReadError::Io { span, reason: error.to_string() },
    }
}

/// For reading only. A pipe without a writer must not hold us, so the open does not block; a file under another
/// program's lease refuses that, and is opened again the patient way.
#[cfg(unix)]
fn open_to_read(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    match OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path) {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock && std::fs::metadata(path)?.is_file() => {
            OpenOptions::new().read(true).open(path)
        }
        opened => opened,
    }
}

#[cfg(not(unix))]
fn open_to_read(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
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

/// Length in bytes of the open file as it is now.
pub(super) fn length_of(file: &File) -> io::Result<u64> {
    length_by(file, &file.metadata()?)
}

fn length_by(mut file: &File, metadata: &Metadata) -> io::Result<u64> {
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
