//! Who writes a log: what comes when, without a thread and without a clock, so that a test can drive it.
//!
//! A record is written as soon as it comes. Small new bytes are stored before the edit that names them; large ones, and
//! the old bytes that an undo after a save would need, are copied when nothing else is to be written. A log that can't
//! be written is told of once, and tried again: it needs the whole state then, as it has missed edits.

use super::copies::{Copies, Wanted};
use super::file::{LogFile, LogPlace, NEW};
use super::image::Image;
use super::record::{About, LogRecord};
use crate::bytes::Span;
use crate::document::{ContentUse, Delta, HistoryHandle, SourceKey};
use crate::save::disk::DiskFile;
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// So long a record waits before the disk is asked to confirm it.
pub const SYNC_AFTER: Duration = Duration::from_millis(400);
/// Old bytes of an edit that are copied before a save asks for them.
const OLD_AT_ONCE: u64 = 16 << 20;
/// What never was a file is kept with its edits up to this many bytes.
pub const BASE_KEPT: u64 = 16 << 20;
/// A log is written anew when it could be half as long, and when what is to be copied for that is no more than this.
const COPIED_ANEW: u64 = 32 << 20;
const SHORT: u64 = 4 << 20;
/// From a failure to the next attempt; doubled each time, up to the last one.
const FIRST_RETRY: Duration = Duration::from_secs(4);
const LAST_RETRY: Duration = Duration::from_secs(64);

/// What is to be written.
#[derive(Debug)]
pub enum LogEntry {
    /// The file is another, or another state of it.
    About(About),
    Step(Delta),
    Undo,
    Redo,
    /// With the history, whose old bytes the save is about to overwrite.
    SaveBegun(HistoryHandle),
    SaveCancelled,
    /// The file has grown to so many bytes, which the document shows.
    Grown {
        len: u64,
    },
    /// A save is done: what the file is now, and the document's base.
    Saved {
        about: About,
        base: SourceKey,
        len: u64,
    },
    /// All there is.
    State {
        history: HistoryHandle,
        why: Why,
    },
}

/// What a whole state is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The log asked for it: to be shorter, or to go on after a failure.
    Asked,
    /// Edits before it were left out.
    Gap,
    /// The file is another, or was changed: what is known of its bytes is not true any more.
    OtherFile,
}

impl LogEntry {
    /// About how many bytes of memory it keeps.
    pub fn weight(&self) -> u64 {
        match self {
            Self::Step(delta) => delta.weight(),
            _ => 256,
        }
    }
}

/// How a log stands, for the user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Why edits are not kept at the moment.
    pub trouble: Option<String>,
    /// Bytes that were too many to be kept: new ones, and old ones that undo needs after a save.
    pub left_out: (u64, u64),
    /// Bytes on the disk.
    pub disk_bytes: u64,
    /// The whole state is asked for.
    pub wants_state: bool,
}

/// A confirmation to ask the disk for, on any thread.
#[derive(Debug)]
pub struct Sync {
    file: Arc<dyn DiskFile>,
    /// Whose name is to be confirmed too.
    place: Option<LogPlace>,
}

impl Sync {
    /// Blocks until the disk has answered.
    ///
    /// # Errors
    /// As of the system; what was written may be lost then.
    pub fn run(&self) -> io::Result<()> {
        self.file.sync()?;
        match &self.place {
            Some(place) => place.disk.sync_folder(&place.folder),
            None => Ok(()),
        }
    }
}

#[derive(Debug)]
struct Trouble {
    reason: String,
    /// Also what was written before may be lost.
    all_suspect: bool,
    retry_at: Duration,
    delay: Duration,
}

/// The writer of one log. Times count from any moment.
#[derive(Debug)]
pub struct Writer {
    place: LogPlace,
    about: About,
    log: Option<LogFile>,
    copies: Copies,
    trouble: Option<Trouble>,
    /// A confirmation is on its way, for the log of now unless that was written anew meanwhile.
    syncing: Option<Arc<dyn DiskFile>>,
    wants_state: bool,
    /// Length without contents when the log was last written anew.
    short_len: u64,
}

impl Writer {
    /// Writes nothing before the first entry. `budget` bounds the bytes of contents in the log.
    pub fn new(place: LogPlace, about: About, budget: u64) -> Self {
        Self {
            place,
            about,
            log: None,
            copies: Copies::new(budget),
            trouble: None,
            syncing: None,
            wants_state: false,
            short_len: SHORT,
        }
    }

    /// The file that the log is about.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// How the log stands.
    pub fn status(&self) -> Status {
        Status {
            trouble: self.trouble.as_ref().map(|trouble| trouble.reason.clone()),
            left_out: self.copies.left_out,
            disk_bytes: self.log.as_ref().map_or(0, |log| log.len),
            wants_state: self.wants_state,
        }
    }

    /// Writes what has come. What fails is said by [`Self::status`].
    pub fn handle(&mut self, entry: LogEntry, now: Duration) {
        if let Err(error) = self.write(entry, now) {
            self.fail(&error, false, now);
        }
    }

    fn write(&mut self, entry: LogEntry, now: Duration) -> io::Result<()> {
        if let LogEntry::State { history, why } = entry {
            return self.state(&history, why, now);
        }
        if let LogEntry::About(about) | LogEntry::Saved { about, .. } = &entry {
            self.about = about.clone();
        }
        if self.trouble.is_some() {
            return Ok(());
        }
        if let (None, LogEntry::Step(delta)) = (&self.log, &entry) {
            self.begin(delta)?;
        }
        let Some(log) = &mut self.log else { return Ok(()) };
        match entry {
            LogEntry::Step(delta) => self.step(&delta, now)?,
            LogEntry::About(about) => log.append(&[LogRecord::About(about)], now)?,
            LogEntry::Undo => log.append(&[LogRecord::Undo], now)?,
            LogEntry::Redo => log.append(&[LogRecord::Redo], now)?,
            LogEntry::Grown { len } => log.append(&[LogRecord::Grown { len }], now)?,
            LogEntry::SaveCancelled => log.append(&[LogRecord::SaveCancelled], now)?,
            LogEntry::SaveBegun(history) => {
                log.append(&[LogRecord::SaveBegun], now)?;
                self.copies.want_old(log, &history, u64::MAX);
            }
            LogEntry::Saved { about, base, len } => {
                log.append(&[LogRecord::Saved { about, base, len }], now)?;
                log.base = base;
                self.copies.add_base(base);
            }
            LogEntry::State { .. } => {}
        }
        self.look_for_excess();
        Ok(())
    }

    /// Makes the log, before its first edit.
    fn begin(&mut self, delta: &Delta) -> io::Result<()> {
        let (base, len) = delta.base();
        let mut log = LogFile::create(&self.place, &self.about, base, len)?;
        if delta.during_save() {
            // It had begun with nothing to log, so what it saves is the base.
            log.append(&[LogRecord::SaveBegun], Duration::ZERO)?;
        }
        log.publish(&self.place)?;
        self.copies.add_base(base);
        if self.about.version().is_none() && len <= BASE_KEPT {
            self.copies.want_later(&mut log, &delta.contents(), base, Span::first(len));
        }
        self.log = Some(log);
        Ok(())
    }

    fn step(&mut self, delta: &Delta, now: Duration) -> io::Result<()> {
        let Some(log) = &mut self.log else { return Ok(()) };
        let (mut wanted, mut old) = (Wanted::default(), OLD_AT_ONCE);
        let copies = &mut self.copies;
        let contents = delta.contents();
        let packed = delta.pack(&mut |named, key, span| {
            let key = copies.base_of(key);
            if named == ContentUse::Inserted && key != log.base {
                wanted.add(log, key, span);
            } else if copies.was_base(key) && span.len() <= old {
                // What else is taken out was put in before.
                old -= span.len();
                copies.want_old_span(log, &contents, key, span);
            }
        });
        let mut records = copies.records(log, &contents, wanted);
        let (label, coalesced) = (delta.label().to_owned(), delta.coalesced());
        records.push(LogRecord::Step { label, coalesced, packed });
        log.append(&records, now)
    }

    /// Writes the whole history: behind what is there when that is whole, else, or to make it shorter, anew.
    fn state(&mut self, history: &HistoryHandle, why: Why, now: Duration) -> io::Result<()> {
        self.wants_state = false;
        let is_sound = self.trouble.is_none() && self.log.is_some();
        if is_sound && why == Why::Asked {
            let packed_len = history.pack().len() as u64;
            self.short_len = self.structure_len().max(SHORT);
            if packed_len.saturating_mul(2) > self.structure_len() || needed(history) > COPIED_ANEW {
                return Ok(());
            }
            return self.anew(history, now);
        }
        let (base, _) = history.base();
        let all_suspect = self.trouble.as_ref().is_some_and(|trouble| trouble.all_suspect);
        if !is_sound && !all_suspect {
            self.resume();
        }
        match &mut self.log {
            Some(log) if log.base == base && !all_suspect && why != Why::OtherFile => {
                let mut wanted = Wanted::default();
                history.visit(&mut |key, span| {
                    let key = self.copies.base_of(key);
                    if key != base {
                        wanted.add(log, key, span);
                    }
                });
                let mut records = self.copies.records(log, &history.contents(), wanted);
                records.push(LogRecord::State(history.pack()));
                log.append(&records, now)?;
                self.copies.want_old(log, history, OLD_AT_ONCE);
                self.trouble = None;
                Ok(())
            }
            _ => self.anew(history, now),
        }
    }

    /// Takes over a document that was restored, in the place of the log that it was restored from. Blocks.
    pub fn adopt(&mut self, history: &HistoryHandle, now: Duration) {
        if let Err(error) = self.anew(history, now) {
            self.fail(&error, false, now);
        }
    }

    /// Writes a log of nothing but the state, which takes the place of the one before when it is on the disk.
    ///
    /// # Errors
    /// As of the system; the log before is there still.
    fn anew(&mut self, history: &HistoryHandle, now: Duration) -> io::Result<()> {
        let done = self.write_anew(history, now);
        if done.is_err() {
            // It may be what has filled the disk.
            let _ = self.place.disk.remove(&self.place.ending(NEW));
        }
        done
    }

    fn write_anew(&mut self, history: &HistoryHandle, now: Duration) -> io::Result<()> {
        let (base, len) = history.base();
        let mut log = LogFile::create(&self.place, &self.about, base, len)?;
        self.copies.forget_waiting();
        self.copies.add_base(base);
        let contents = history.contents();
        let mut wanted = Wanted::default();
        history.visit(&mut |key, span| {
            let key = self.copies.base_of(key);
            if key != base {
                wanted.add(&mut log, key, span);
            }
        });
        if self.about.version().is_none() && len <= BASE_KEPT {
            wanted.add(&mut log, base, Span::first(len));
        }
        self.copies.write_all(&mut log, &contents, wanted, now)?;
        log.append(&[LogRecord::State(history.pack())], now)?;
        log.file.sync()?;
        self.take_the_place(&log)?;
        self.copies.want_old(&mut log, history, OLD_AT_ONCE);
        self.short_len = (log.len - log.content_len).max(SHORT);
        self.log = Some(log);
        self.trouble = None;
        Ok(())
    }

    /// Gives a log that is on the disk the name of the one before. Some systems replace no file that is open; there
    /// that one is closed first.
    fn take_the_place(&mut self, log: &LogFile) -> io::Result<()> {
        match log.publish(&self.place) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied && self.log.take().is_some() => {
                log.publish(&self.place)
            }
            answer => answer,
        }
    }

    /// After a failed write: the log goes on behind its last whole record, if it can be read.
    fn resume(&mut self) {
        let Some(log) = self.log.take() else { return };
        // Else it is written anew.
        if let Ok(Some(image)) = Image::read(&*log.file)
            && image.base_now() == log.base
        {
            self.log = Some(LogFile::resumed(log.file, &image, log.is_named));
            self.copies.forget_waiting();
        }
    }

    fn structure_len(&self) -> u64 {
        self.log.as_ref().map_or(0, |log| log.len - log.content_len)
    }

    fn look_for_excess(&mut self) {
        if self.structure_len() > self.short_len.saturating_mul(2) {
            self.wants_state = true;
        }
    }

    fn fail(&mut self, error: &io::Error, all_suspect: bool, now: Duration) {
        let before = self.trouble.take();
        let delay = before.as_ref().map_or(FIRST_RETRY, |before| (before.delay * 2).min(LAST_RETRY));
        let all_suspect = all_suspect || before.is_some_and(|before| before.all_suspect);
        tracing::warn!(log = ?self.place, %error, "the log of unsaved edits could not be written");
        self.wants_state = false;
        self.trouble = Some(Trouble { reason: error.to_string(), all_suspect, retry_at: now + delay, delay });
    }

    /// Whether something waits to be copied by [`Self::copy_some`].
    pub fn has_copies(&self) -> bool {
        self.trouble.is_none() && self.log.is_some() && !self.copies.is_empty()
    }

    /// Copies a little of what waits.
    pub fn copy_some(&mut self, now: Duration) {
        if let Some(log) = &mut self.log
            && let Err(error) = self.copies.some(log, now)
        {
            self.fail(&error, false, now);
        }
    }

    /// When there is something to do although nothing comes.
    pub fn wakes_at(&self) -> Option<Duration> {
        match &self.trouble {
            Some(trouble) => (!self.wants_state).then_some(trouble.retry_at),
            None if self.syncing.is_some() => None,
            None => self.log.as_ref()?.unsynced.map(|since| since + SYNC_AFTER),
        }
    }

    /// Looks at the time: a confirmation that is due, or the state that the next attempt needs.
    pub fn look_at_clock(&mut self, now: Duration) -> Option<Sync> {
        if let Some(trouble) = &self.trouble {
            self.wants_state |= now >= trouble.retry_at;
            return None;
        }
        let log = self.log.as_mut().filter(|_| self.syncing.is_none())?;
        log.unsynced.take_if(|since| now >= *since + SYNC_AFTER)?;
        let place = (!log.is_named).then(|| self.place.clone());
        self.syncing = Some(Arc::clone(&log.file));
        Some(Sync { file: Arc::clone(&log.file), place })
    }

    /// The disk has answered.
    pub fn synced(&mut self, answer: io::Result<()>, now: Duration) {
        let Some(file) = self.syncing.take() else { return };
        let Some(log) = self.log.as_mut().filter(|log| Arc::ptr_eq(&file, &log.file)) else { return };
        match answer {
            Ok(()) => log.is_named = true,
            Err(error) => self.fail(&error, true, now),
        }
    }

    /// Writes what still waits and has it confirmed, at the end. Blocks.
    pub fn finish(mut self, now: Duration) {
        while self.has_copies() {
            self.copy_some(now);
        }
        if let Some(log) = &self.log {
            let place = (!log.is_named).then(|| self.place.clone());
            if let Err(error) = (Sync { file: Arc::clone(&log.file), place }).run() {
                self.fail(&error, true, now);
            }
        }
    }

    /// Removes the log: its edits are saved or not wanted.
    ///
    /// # Errors
    /// As of the system.
    pub fn discard(self) -> io::Result<()> {
        if self.log.is_some() || self.trouble.is_some() { self.place.remove() } else { Ok(()) }
    }
}

/// Bytes that a log of nothing but `history` holds.
fn needed(history: &HistoryHandle) -> u64 {
    let mut sum = 0_u64;
    let mut kept = super::kept::KeptSpans::default();
    let (base, _) = history.base();
    history.visit(&mut |key, span| {
        if key != base && key.0 != base.0 + 1 {
            sum = kept.add(key, span).iter().fold(sum, |sum, span| sum.saturating_add(span.len()));
        }
    });
    sum
}
