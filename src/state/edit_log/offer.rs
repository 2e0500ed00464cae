//! Logs that have no owner any more: what is found at a start, and what can be done with it.
//!
//! A log is locked by the program that writes it, so one that can be locked belongs to a program that ended before its
//! file was closed. What is found stays as it is, and locked, until the user has said what is to become of it.

use super::compare::{Standing, compare};
use super::file::{BROKEN, LOG, LogPlace, NEW};
use super::frame::Tail;
use super::image::{FollowedLog, Image};
use super::patch::PatchText;
use super::record::About;
use super::writer::Writer;
use crate::bytes::open::Opened;
use crate::bytes::{SharedSource, Source, Span, Version, spool};
use crate::document::{Base, Document, ReplayError, SourceKey};
use crate::escape::PathText;
use crate::job::Progress;
use crate::save::disk::{Disk, DiskFile};
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// What is under way longer than this is left over, in nanoseconds.
const LEFT_OVER: i128 = 60_000_000_000;
/// A save of which the log knows no more than that it had begun.
const SAVED: SourceKey = SourceKey(u32::MAX - 2);

/// Unsaved edits of a program that has ended.
#[derive(Debug)]
pub struct Offer {
    place: LogPlace,
    file: Arc<dyn DiskFile>,
    pub about: About,
    /// How many steps can be undone and redone.
    pub steps: (usize, usize),
    /// How many places the edits have changed.
    pub changes: u64,
    /// Whether there is more than the undo history of what was saved.
    pub is_unsaved: bool,
    /// When it was last written to, in seconds since 1970.
    pub written: Option<u64>,
    /// What is wrong with the log, as whole sentences.
    pub damage: Option<String>,
}

/// What is in the folder of logs.
#[derive(Debug, Default)]
pub struct FoundLogs {
    /// The latest first.
    pub offers: Vec<Offer>,
    /// What can't be offered, for the user.
    pub messages: Vec<String>,
}

/// Looks for logs without an owner. A folder that is not there has none. Blocks.
pub fn find(disk: &Arc<dyn Disk>, folder: &Path, labels: &'static [&'static str]) -> FoundLogs {
    let mut found = FoundLogs::default();
    let names = match disk.list(folder) {
        Ok(names) => names,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return found,
        Err(error) => {
            let folder = folder.shown();
            found.messages.push(format!(
                "pagelens could not look for unsaved edits from the last run in {folder} ({error})."
            ));
            return found;
        }
    };
    for name in names {
        let path = Path::new(&name);
        let Some(stem) = path.file_stem().and_then(OsStr::to_str) else { continue };
        let place = LogPlace { disk: Arc::clone(disk), folder: folder.to_owned(), name: stem.to_owned() };
        match path.extension().and_then(OsStr::to_str) {
            Some(LOG) => match look_at(&place, labels) {
                Ok(offer) => found.offers.extend(offer),
                Err(message) => found.messages.push(message),
            },
            Some(NEW) => remove_left_over(&place),
            _ => {}
        }
    }
    found.offers.sort_by_key(|offer| std::cmp::Reverse(offer.written));
    found
}

/// `None` when the log has an owner, or nothing is in it.
fn look_at(place: &LogPlace, labels: &'static [&'static str]) -> Result<Option<Offer>, String> {
    let path = place.path();
    let unread = |error: io::Error| {
        format!(
            "The log of unsaved edits {} could not be read ({error}). The log was not changed.",
            path.shown()
        )
    };
    let file: Arc<dyn DiskFile> = place.open_own(LOG).map_err(unread)?.into();
    if matches!(file.try_lock(), Ok(false)) {
        return Ok(None);
    }
    let identity = file.stat().map_err(unread)?.identity;
    let Some(image) = Image::read(&*file).map_err(unread)? else {
        return match identity.len <= super::frame::HEADER {
            // The power went before anything was in it.
            true => place.remove().map(|()| None).map_err(unread),
            false => Err(set_aside(place, "it is damaged at its start")),
        };
    };
    let store = image.store(Arc::clone(&file), |source| source).map_err(unread)?;
    let followed = image.follow(&store, None, labels);
    let failure = followed.failure;
    let restored = match followed.replay.finish() {
        Ok(restored) => restored,
        Err(error) => return Err(set_aside(place, error.0)),
    };
    let steps = restored.document.history().steps();
    if steps == (0, 0) && !restored.document.is_modified() && failure.is_none() && image.tail == Tail::Whole {
        return place.remove().map(|()| None).map_err(unread);
    }
    Ok(Some(Offer {
        place: place.clone(),
        file,
        steps,
        changes: restored.document.snapshot().changes(),
        is_unsaved: restored.document.is_modified(),
        written: identity.mtime_ns.and_then(|time| u64::try_from(time / 1_000_000_000).ok()),
        damage: damage(image.tail, failure),
        about: image.about,
    }))
}

fn damage(tail: Tail, failure: Option<ReplayError>) -> Option<String> {
    match (failure, tail) {
        (Some(error), _) => Some(format!("The log can't be read to its end: {error}.")),
        (None, Tail::Whole) => None,
        (None, Tail::CutOff) => Some("The end of its log is cut off. The last edit may be missing.".into()),
        (None, Tail::Damaged) => Some("Its log is damaged. The edits after the damage are lost.".into()),
    }
}

/// Keeps a log that is of no use to this version, under another name.
fn set_aside(place: &LogPlace, reason: &str) -> String {
    let (from, to) = (place.path(), place.ending(BROKEN));
    let kept = match place.disk.rename(&from, &to) {
        Ok(()) => format!("It was kept as {}", to.shown()),
        Err(error) => format!("It could not be renamed ({error})"),
    };
    format!("The log of unsaved edits {} can't be used: {reason}. {kept}.", from.shown())
}

fn remove_left_over(place: &LogPlace) {
    let path = place.ending(NEW);
    let Ok(file) = place.open_own(NEW) else { return };
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now = now.map_or(0, |since| since.as_nanos() as i128);
    let written = file.stat().ok().and_then(|stat| stat.identity.mtime_ns);
    let is_old = written.is_some_and(|written| now - written > LEFT_OVER);
    if is_old && !matches!(file.try_lock(), Ok(false)) {
        // It says nothing that the log of its name does not say.
        let _ = place.disk.remove(&path);
    }
}

/// Why an offer could not be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfferFailure {
    /// The file is not the one that was edited; a sentence.
    Changed(String),
    /// Anything else; a sentence.
    Other(String),
}

/// A document with its edits, and the log that goes on with it.
#[derive(Debug)]
pub struct Revived {
    pub document: Document,
    pub writer: Writer,
    /// What the user should know: what could not be brought back, what else is new. Whole sentences.
    pub remarks: Vec<String>,
}

impl Offer {
    /// The file that has to be opened for it; `None` when the edits stand by themselves.
    pub fn needs(&self) -> Option<&Path> {
        self.about.version()?;
        self.about.path()
    }

    /// Does the edits again on `file`, whose bytes the document is to read from `base`, and hands the log on to the
    /// document. `cacher` puts a source behind the screen's cache. Blocks.
    ///
    /// # Errors
    /// [`OfferFailure`]; the log is as it was.
    pub fn revive(
        &self,
        file: Option<(&Opened, SharedSource)>,
        cacher: impl FnOnce(SharedSource) -> SharedSource,
        labels: &'static [&'static str],
        budget: u64,
    ) -> Result<Revived, OfferFailure> {
        let other = |reason: String| OfferFailure::Other(self.sentence(&reason));
        let image = Image::read(&*self.file).map_err(|error| other(error.to_string()))?;
        let image = image.ok_or_else(|| other("its log is damaged".into()))?;
        let store = image.store(Arc::clone(&self.file), cacher).map_err(|error| other(error.to_string()))?;
        let mut about = self.about.clone();
        let (followed, grown) = match file {
            Some((opened, base)) => {
                about.origin = Some(opened.origin.clone());
                self.on_file(&image, &store, opened, base, labels)?
            }
            None => (self.by_itself(&image, &store, labels)?, 0),
        };
        let failure = followed.failure;
        let restored = followed.replay.finish().map_err(|error| other(error.to_string()))?;
        let mut remarks: Vec<String> = damage(image.tail, failure).into_iter().collect();
        if grown > 0 {
            remarks.push(format!(
                "{} has grown by {grown} bytes since it was edited. The new bytes are at its end.",
                self.about.title
            ));
        }
        if restored.unknown > 0 {
            remarks.push(format!(
                "{} inserted bytes were too many to be kept, so they can't be read. Undo removes them.",
                restored.unknown
            ));
        }
        if restored.lost_undo + restored.lost_redo > 0 {
            remarks.push(format!(
                "{} older steps can no longer be undone or redone, because the bytes that they need were not kept.",
                restored.lost_undo + restored.lost_redo
            ));
        }
        if failure.is_some() {
            remarks.push(set_aside(&self.place, "it could not be read to its end"));
        }
        let mut writer = Writer::new(self.place.clone(), about, budget);
        writer.adopt(&restored.document.history(), Duration::ZERO);
        Ok(Revived { document: restored.document, writer, remarks })
    }

    /// The edits on `opened`, and how many bytes have come to its end since.
    fn on_file(
        &self,
        image: &Image,
        store: &SharedSource,
        opened: &Opened,
        base: SharedSource,
        labels: &'static [&'static str],
    ) -> Result<(FollowedLog, u64), OfferFailure> {
        let now = opened.origin.file_identity().cloned().unwrap_or_default();
        match compare(image, store, &*base, &now) {
            Ok(Standing::AsEdited) => Ok((image.follow(store, Some(base), labels), 0)),
            Ok(Standing::Grown) => {
                let len = base.len();
                let mut followed = image.follow(store, Some(base), labels);
                followed.replay.grow_base(len);
                Ok((followed, len - self.about.version().map_or(len, Version::len)))
            }
            Ok(Standing::AsSaved) => {
                let mut followed = image.follow(store, None, labels);
                let len = base.len();
                let saved = followed.replay.finish_save(SAVED, Base::Whole(base), len);
                followed.failure = followed.failure.or(saved.err());
                Ok((followed, 0))
            }
            Err(what) => Err(OfferFailure::Changed(format!(
                "{} is not the file that was edited: {what}. Its unsaved edits can be exported as a patch, or discarded.",
                opened.path().shown()
            ))),
        }
    }

    fn by_itself(
        &self,
        image: &Image,
        store: &SharedSource,
        labels: &'static [&'static str],
    ) -> Result<FollowedLog, OfferFailure> {
        let base = image.partial(image.base_now(), store);
        if !base.runs().covers(Span::first(base.len())) {
            return Err(OfferFailure::Changed(format!(
                "{} was never saved to a file, and its {} bytes exceed what is kept with the edits. The edits can be exported as a patch, or discarded.",
                self.about.title,
                base.len()
            )));
        }
        Ok(image.follow(store, Some(base), labels))
    }

    fn sentence(&self, reason: &str) -> String {
        format!(
            "The unsaved edits of {} could not be restored: {reason}. Their log was not changed.",
            self.about.title
        )
    }

    /// The edits as a text that says what they changed, whatever the file is now. Blocks.
    ///
    /// # Errors
    /// A sentence.
    pub fn patch(&self, progress: &Progress) -> Result<SharedSource, String> {
        let failed = |reason: String| {
            format!("The unsaved edits of {} could not be exported: {reason}.", self.about.title)
        };
        let image = Image::read(&*self.file).map_err(|error| failed(error.to_string()))?;
        let image = image.ok_or_else(|| failed("their log is damaged".into()))?;
        let store = image.store(Arc::clone(&self.file), |source| source);
        let store = store.map_err(|error| failed(error.to_string()))?;
        let followed = image.follow(&store, None, &[]);
        let now = followed.replay.snapshot();
        let base = image.partial(image.base_now(), &store);
        let text = PatchText::new(&image.about, self.damage.as_deref(), now, base);
        let spooled = spool::spool_reader(text, Path::new("patch"), u64::MAX, progress);
        spooled.map(|opened| opened.source).map_err(|error| failed(error.to_string()))
    }

    /// A name for the patch, beside the file.
    pub fn patch_name(&self) -> PathBuf {
        let mut name = self.about.path().map_or_else(|| PathBuf::from(&self.about.title), Path::to_owned);
        name.as_mut_os_string().push(".patch.txt");
        name
    }

    /// Removes the log. Blocks.
    ///
    /// # Errors
    /// A sentence.
    pub fn discard(&self) -> Result<(), String> {
        self.place
            .remove()
            .map_err(|error| format!("The log {} could not be removed ({error}).", self.place.path().shown()))
    }
}
