//! The file of a log: its path, how it is created, and how records are appended.
//!
//! It is made under another name, locked, and given its own name when it says what it is about; so whoever looks into
//! the folder sees no log without an owner that has one. A new version takes the place of the old one at once.

use super::frame;
use super::image::Image;
use super::kept::KeptSpans;
use super::record::{About, LogRecord};
use crate::document::SourceKey;
use crate::escape::PathText;
use crate::save::disk::{Access, Disk, DiskFile, Privacy, ROOT, write_all_at};
use std::collections::HashSet;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The name of a log ends so.
pub const LOG: &str = "log";
/// While it is being made.
pub const NEW: &str = "new";
/// A log that could not be understood to its end.
pub const BROKEN: &str = "broken";

/// Where a log lies.
#[derive(Clone)]
pub struct LogPlace {
    pub disk: Arc<dyn Disk>,
    pub folder: PathBuf,
    /// Without what it ends with.
    pub name: String,
}

impl fmt::Debug for LogPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path().shown())
    }
}

impl LogPlace {
    /// A place that no other log has.
    pub fn fresh(disk: Arc<dyn Disk>, folder: &Path) -> Self {
        Self { disk, folder: folder.to_owned(), name: format!("{:016x}", random()) }
    }

    /// Where the log lies.
    pub fn path(&self) -> PathBuf {
        self.ending(LOG)
    }

    /// The same with another ending of its name.
    pub fn ending(&self, end: &str) -> PathBuf {
        self.folder.join(format!("{}.{end}", self.name))
    }

    /// Opens what lies there: a file of this user or of root, no link and no pipe. Others may be able to write into the
    /// folder, but their edits are not this user's.
    ///
    /// # Errors
    /// As of the system, and when it is another's.
    pub fn open_own(&self, end: &str) -> io::Result<Box<dyn DiskFile>> {
        let file = self.disk.open_left(&self.ending(end), Access::Write)?;
        let owner = file.stat()?.owner.map(|owner| owner.user);
        match owner.filter(|owner| *owner != ROOT && Some(*owner) != self.disk.user()) {
            Some(other) => Err(io::Error::other(format!("it belongs to another user, {other}"))),
            None => Ok(file),
        }
    }

    /// Removes the log.
    ///
    /// # Errors
    /// As of the system; a log that is not there is no error.
    pub fn remove(&self) -> io::Result<()> {
        match self.disk.remove(&self.path()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

/// A number that nobody has had before, as far as that goes.
fn random() -> u64 {
    RandomState::new().hash_one(std::process::id())
}

/// An open log, and what is in it.
#[derive(Debug)]
pub struct LogFile {
    pub file: Arc<dyn DiskFile>,
    seed: u64,
    pub len: u64,
    /// How much of it is contents.
    pub content_len: u64,
    pub base: SourceKey,
    pub kept: KeptSpans,
    announced: HashSet<u32>,
    /// Since when something has not been confirmed by the disk.
    pub unsynced: Option<Duration>,
    /// Whether its name has been confirmed.
    pub is_named: bool,
}

impl LogFile {
    /// Makes a log about `about`, under the name of one that is not ready.
    ///
    /// # Errors
    /// As of the system.
    pub fn create(place: &LogPlace, about: &About, base: SourceKey, len: u64) -> io::Result<Self> {
        let path = place.ending(NEW);
        // Left over from an attempt that failed.
        let _ = place.disk.remove(&path);
        let file = match place.disk.create_new(&path, Privacy::Private) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                make_folder(&place.folder)?;
                place.disk.create_new(&path, Privacy::Private)?
            }
            answer => answer?,
        };
        // Where there are no locks, a second instance may offer edits that are still being made here.
        let _ = file.try_lock();
        let seed = random();
        let header = frame::header(seed);
        write_all_at(&*file, 0, &header, || {})?;
        let mut log = Self {
            file: file.into(),
            seed,
            len: header.len() as u64,
            content_len: 0,
            base,
            kept: KeptSpans::default(),
            announced: HashSet::new(),
            unsynced: None,
            is_named: false,
        };
        log.append(&[LogRecord::Begin { about: about.clone(), base, len }], Duration::ZERO)?;
        Ok(log)
    }

    /// Goes on with a log that is there, behind its last whole record.
    pub fn resumed(file: Arc<dyn DiskFile>, image: &Image, is_named: bool) -> Self {
        // What is behind it is no record, and would be taken for damage if it stayed.
        let _ = file.set_len(image.end);
        let (mut kept, mut announced) = (KeptSpans::default(), HashSet::new());
        let mut content_len = 0;
        for (&key, held) in &image.sources {
            announced.insert(key);
            for (span, _) in &held.runs {
                kept.add(SourceKey(key), *span);
                content_len += span.len();
            }
        }
        let (seed, len, base) = (image.seed, image.end, image.base_now());
        Self { file, seed, len, content_len, base, kept, announced, unsynced: None, is_named }
    }

    /// Gives a log that was made its own name, in the place of the one that had it.
    ///
    /// # Errors
    /// As of the system; the log has its other name still.
    pub fn publish(&self, place: &LogPlace) -> io::Result<()> {
        place.disk.rename(&place.ending(NEW), &place.path())
    }

    /// Writes records at the end, in one go.
    ///
    /// # Errors
    /// As of the system; the last record may be there in part, which readers find out.
    pub fn append(&mut self, records: &[LogRecord], now: Duration) -> io::Result<()> {
        let mut frames = Vec::new();
        let mut content_len = self.content_len;
        for record in records {
            let bytes = record.to_bytes();
            if bytes.len() as u64 > frame::MOST {
                return Err(io::Error::new(
                    io::ErrorKind::FileTooLarge,
                    "there are too many edits for the log to hold",
                ));
            }
            let at = self.len + frames.len() as u64;
            frame::push(&mut frames, self.seed, at, &bytes);
            if let LogRecord::Content { bytes, .. } = record {
                content_len += bytes.len() as u64;
            }
        }
        write_all_at(&*self.file, self.len, &frames, || {})?;
        self.len += frames.len() as u64;
        self.content_len = content_len;
        self.unsynced.get_or_insert(now);
        Ok(())
    }

    /// Whether no record of the log names the source `key` yet.
    pub fn is_new(&self, key: SourceKey) -> bool {
        !self.announced.contains(&key.0)
    }

    /// Takes note that a source is named now; `true` when it was not before.
    pub fn announce(&mut self, key: SourceKey) -> bool {
        self.announced.insert(key.0)
    }
}

/// The user's own folder: what was typed is nobody else's business.
#[cfg(unix)]
fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_folder(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)
}
