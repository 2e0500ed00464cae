//! What other programs did to the file behind a tab: compared with the edits by a worker, told, and taken in.
//!
//! The watcher only says that something has happened. What the file is now is compared with the state that the tab
//! is built on, and what it holds with what was edited over, so that the answer is right whatever came in between.
//! Edits are laid over the changed file when the user says so; by itself only what touches no edit is taken in.

use super::notice::Topic;
use super::opening::facts_of;
use super::recording::Recorder;
use super::tab::{FileFacts, Tab};
use super::view::Selection;
use super::{Session, TabId};
use crate::bytes::FileIdentity;
use crate::bytes::file::FileSource;
use crate::bytes::{SharedSource, Source, Span};
use crate::document::{Content, Edit};
use crate::escape::PathText;
use crate::job::{Job, Poll, Progress};
use crate::save::edited_over::{Comparison, EditedOverRecord};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How often a look begins anew because the file became something else meanwhile.
const ATTEMPTS: usize = 3;

/// What is known of the changes to one tab's file.
#[derive(Debug, Default)]
pub(super) struct Outside {
    pub(super) tab: TabId,
    job: Option<Job<io::Result<Found>>>,
    /// What the last comparison found.
    pub(super) found: Option<Found>,
    /// Something happened since the comparison under way began.
    is_stale: bool,
    /// The user has dismissed the news that the file grows.
    pub(super) is_hushed: bool,
    /// The state in which a save that was refused because of it left the file, in sentences.
    pub(super) refusal: Option<String>,
}

/// What the file is now, against the state that the tab is built on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is what it was, or only its attributes are others.
    Same,
    Modified,
    Grown,
    CutShort,
    Replaced,
    Deleted,
}

/// What a comparison found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) fate: Fate,
    /// `None` of a deleted file.
    pub(super) comparison: Option<Comparison>,
    /// The file that takes the place of the open one, or the open one with its new length.
    source: Option<Arc<FileSource>>,
}

impl Found {
    /// Whether nothing that was edited over has changed, as far as the file goes.
    pub(super) fn spares_edits(&self) -> bool {
        self.comparison.as_ref().is_some_and(|comparison| comparison.difference.is_none())
    }

    pub(super) fn len(&self) -> u64 {
        self.comparison.as_ref().map_or(0, |comparison| comparison.identity.len)
    }

    /// Whether the edits can be laid over the file as it is. Offsets mean little in another file of another length
    /// that does not even hold what was edited over.
    pub(super) fn takes_edits(&self, known_len: u64) -> bool {
        match self.fate {
            Fate::Deleted => false,
            Fate::Replaced => self.spares_edits() || self.len() == known_len,
            Fate::Same | Fate::Modified | Fate::Grown | Fate::CutShort => true,
        }
    }
}

/// A look at a file and where to look.
struct Place<'a> {
    path: &'a Path,
    /// The file that is open.
    open: &'a FileSource,
    /// What the tab is built on.
    known: &'a FileIdentity,
    record: &'a EditedOverRecord,
}

impl Place<'_> {
    /// Finds out what became of the file. Blocks.
    fn find(&self, progress: &Progress) -> io::Result<Found> {
        for _ in 0..ATTEMPTS {
            if let Some(found) = self.try_to_find(progress)? {
                return Ok(found);
            }
        }
        Err(io::Error::other("another program keeps writing to it"))
    }

    /// `None` when it became something else meanwhile.
    fn try_to_find(&self, progress: &Progress) -> io::Result<Option<Found>> {
        let known = self.known;
        let at_path = match FileIdentity::at(self.path) {
            Ok(at_path) => at_path,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(Some(Found { fate: Fate::Deleted, comparison: None, source: None }));
            }
            Err(error) => return Err(error),
        };
        let is_other = known.other_file(&at_path);
        if is_other || self.open.identity_now()?.len < known.len {
            let source = Arc::new(FileSource::open(self.path)?);
            let comparison = self.record.compare(&source, progress)?;
            let fate = match &comparison.identity {
                now if known.other_file(now) => Fate::Replaced,
                now if now.len < known.len => Fate::CutShort,
                _ => return Ok(None),
            };
            let fits = comparison.identity.len == source.len();
            return Ok(fits.then_some(Found { fate, comparison: Some(comparison), source: Some(source) }));
        }
        let comparison = self.record.compare(self.open, progress)?;
        let fate = match &comparison.identity {
            now if now.len < known.len => return Ok(None),
            now if now.len > known.len => Fate::Grown,
            now if now.mtime_ns != known.mtime_ns || !comparison.difference.is_none() => Fate::Modified,
            _ => Fate::Same,
        };
        Ok(Some(Found { fate, comparison: Some(comparison), source: None }))
    }
}

impl Session {
    /// Names of the files that are being compared.
    pub(super) fn compared(&self) -> impl Iterator<Item = &str> {
        let of = |outside: &Outside| self.tabs.get(outside.tab).map_or("", |tab| tab.title.as_str());
        self.features.outside.iter().filter(|outside| outside.job.is_some()).map(of)
    }

    pub(super) fn outside_of(&mut self, id: TabId) -> &mut Outside {
        let at = self.features.outside.iter().position(|outside| outside.tab == id).unwrap_or_else(|| {
            self.features.outside.push(Outside { tab: id, ..Outside::default() });
            self.features.outside.len() - 1
        });
        &mut self.features.outside[at]
    }

    /// Has a worker find out what became of the file of `id`.
    pub(super) fn compare_outside(&mut self, id: TabId) {
        // What an interrupted save has left is not what is shown; that is put right first.
        let Some(tab) = self.tabs.get(id).filter(|tab| tab.interrupted.is_none()) else { return };
        let Some(file) = &tab.file else { return };
        let (Some(known), Some(open)) = (file.origin.file_identity().cloned(), file.source.clone()) else {
            return;
        };
        let (path, record): (PathBuf, Arc<EditedOverRecord>) = (file.path().to_owned(), file.record.clone());
        let (recorder, shown) = (Recorder::of(file, tab.shown()), tab.shown().clone());
        let waker = self.context.waker();
        let outside = self.outside_of(id);
        if outside.job.is_some() {
            outside.is_stale = true;
            return;
        }
        let job = Job::spawn("compare", waker, move |progress| {
            recorder.update(&shown, progress);
            Place { path: &path, open: &open, known: &known, record: &record }.find(progress)
        });
        // Without a thread nothing is compared; what has happened was told all the same.
        outside.job = job.ok();
    }

    /// Takes what comparisons have found since the last call.
    pub(super) fn poll_outside(&mut self) {
        for at in 0..self.features.outside.len() {
            let outside = &mut self.features.outside[at];
            let id = outside.tab;
            let Some(job) = &mut outside.job else { continue };
            let answer = match job.poll() {
                Poll::Running => continue,
                Poll::Done(answer) => answer,
                Poll::Lost => Err(io::Error::other("the comparison ended unexpectedly")),
            };
            outside.job = None;
            let again = std::mem::take(&mut outside.is_stale);
            match answer {
                Ok(found) => self.found_outside(id, found),
                Err(error) => self.tell_not_compared(id, &error),
            }
            if again {
                self.compare_outside(id);
            }
        }
        self.features.outside.retain(|outside| self.tabs.contains(outside.tab));
    }

    fn found_outside(&mut self, id: TabId, found: Found) {
        // The save that is under way has its own look at the file, and says what it finds.
        if self.is_being_saved(id) {
            return;
        }
        let Some(tab) = self.tabs.get(id) else { return };
        let (is_modified, following) = (tab.is_modified(), tab.following);
        let by_itself = found.spares_edits()
            && match found.fate {
                Fate::Same => true,
                Fate::Modified => !is_modified,
                Fate::Grown => following,
                Fate::CutShort | Fate::Replaced | Fate::Deleted => false,
            };
        let fate = found.fate;
        if following && !is_modified && matches!(fate, Fate::CutShort | Fate::Replaced) {
            return self.follow_anew(id);
        }
        self.outside_of(id).found = Some(found);
        if fate != Fate::Grown || following {
            self.outside_of(id).is_hushed = false;
        }
        self.tell_outside(id);
        if by_itself
            && self.take_in(id)
            && let Some(left) = self.outside_of(id).refusal.take()
        {
            self.context.say(format!("{left} Only the file's attributes changed. Save again."));
        }
    }

    /// A log that is followed was started anew, in the same file or in another of its name: that is shown.
    fn follow_anew(&mut self, id: TabId) {
        let Some(file) = self.tabs.get(id).and_then(|tab| tab.file.as_ref()) else { return };
        let path = file.path().to_owned();
        self.context.say(format!(
            "{} was started again from the beginning. pagelens continues to follow it.",
            path.shown()
        ));
        self.start_opening(path, super::OpenOptions::default(), Some(id));
    }

    /// What others did to the file of `id` is settled: it was read anew, saved or closed.
    pub(super) fn settle_outside(&mut self, id: TabId) {
        self.features.outside.retain(|outside| outside.tab != id);
        self.context.notices.clear(Topic::ChangedOnDisk, Some(id));
    }

    /// Whether the state of `id` is fixed for a save that runs or waits for the user's word.
    fn is_being_saved(&self, id: TabId) -> bool {
        self.tabs.get(id).is_some_and(|tab| tab.saving)
            || self.features.planned.iter().any(|planned| planned.tab == id)
    }

    /// Lays the edits over what the file is now, as the user wants it.
    pub(super) fn keep_mine(&mut self, id: TabId) {
        if self.is_being_saved(id) {
            self.context.say(String::from("This file is being saved. Choose again when the save is done."));
            return;
        }
        if !self.features.outside.iter().any(|outside| outside.tab == id && outside.found.is_some()) {
            self.context.say(String::from(
                "The file is still being compared with your edits. Choose again in a moment.",
            ));
            return;
        }
        if self.take_in(id) {
            self.settle_outside(id);
            self.context.say(String::from("Your edits now apply to the changed file."));
        } else {
            self.compare_outside(id);
        }
    }

    /// Builds the tab on what the last comparison found; `false` when that could not be done.
    fn take_in(&mut self, id: TabId) -> bool {
        let Some(found) =
            self.features.outside.iter_mut().find(|outside| outside.tab == id).and_then(|o| o.found.take())
        else {
            return false;
        };
        let Found { comparison: Some(comparison), source, fate } = found else { return false };
        let Some(tab) = self.tabs.get_mut(id) else { return false };
        let Some(file) = &mut tab.file else { return false };
        if let Some(source) = source {
            let cached = match self.context.cache.attach(source.clone()) {
                Ok(cached) => cached,
                Err(error) => {
                    self.context.say(format!("No thread could be started ({error}); choose again later."));
                    return false;
                }
            };
            let facts = facts_of(&self.context.cache, file, source, cached);
            if let Err(reason) = tab.rebase(facts) {
                self.context.say(reason);
                return false;
            }
        } else if let Some(source) = file.source.clone() {
            source.grow(comparison.identity.len);
            self.context.cache.grown(&file.cached);
            tab.lengthen(comparison.identity.len);
        }
        let Some(file) = &mut tab.file else { return false };
        file.record.accept(&comparison);
        if let (Some(watcher), Some(watch)) = (&self.context.watcher, file.watch) {
            watcher.update(watch, &comparison.identity, file.source.as_ref());
        }
        file.origin.version = Some(comparison.identity.into());
        if fate != Fate::Same {
            tab.distrust_header();
            self.look_for_arrays(id);
        }
        true
    }

    /// Shows what is appended to the file of `id` from now on, or no longer.
    pub(super) fn follow(&mut self, id: TabId, follow: bool) {
        let Some(tab) = self.tabs.get_mut(id).filter(|tab| tab.can_follow()) else { return };
        tab.following = follow;
        if follow {
            let len = tab.len();
            tab.scroll_focused(|view| view.show_end(len));
            self.compare_outside(id);
        }
    }
}

impl Tab {
    /// The file has `len` bytes by now. A view that showed the end goes on to show it.
    fn lengthen(&mut self, len: u64) {
        let (len_before, focus) = (self.len(), self.focus());
        let was_at_end = self.view(focus).is_at_end(len_before);
        let caret_follows = self.following
            && was_at_end
            && !self.is_modified()
            && self.edit.is_none()
            && self.selection == Selection::caret_at(len_before, self.selection.column);
        self.document.grow_base(len);
        self.refresh();
        let len_now = self.len();
        if len_now == len_before || !self.following {
            return;
        }
        if caret_follows {
            self.selection = Selection::caret_at(len_now, self.selection.column);
        }
        if was_at_end {
            self.scroll_focused(|view| view.show_end(len_now));
        }
    }

    /// Puts the file of `facts` under the edits. What it lacks is taken out as a step, which undo brings back.
    fn rebase(&mut self, facts: FileFacts) -> Result<(), String> {
        let base: SharedSource = facts.generation.clone();
        let gone = self.document.rebase(base).map_err(|error| error.to_string())?;
        self.edit = None;
        self.file = Some(facts);
        if let Some(from) = gone {
            let caret = (self.selection.caret, self.selection.anchor);
            let cut = Edit::one(
                "Cut short by another program",
                Span::between(from, self.document.len()),
                Content::none(),
            );
            self.document.apply(cut.carets(caret, (from, from))).map_err(|error| error.to_string())?;
        }
        self.refresh();
        self.selection = self.selection.snapped(&self.map());
        Ok(())
    }
}
