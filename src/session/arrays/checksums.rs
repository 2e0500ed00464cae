//! What a container keeps about the bytes of its arrays, made anew before they are saved: checksums.
//!
//! A job works it out from the edits; it becomes a step of the document, and then the save goes on. A header that
//! can't be read hinders no save.

use super::reading::ArrayJobs;
use crate::bytes::{Source, Span};
use crate::document::{Content, Edit, Revision, Splice};
use crate::formats::{self, FormatError};
use crate::job::{Job, Poll};
use crate::session::notice::{Level, Topic};
use crate::session::tab::Tab;
use crate::session::{Action, SaveAction};
use crate::session::{Session, TabId};
use std::fmt;

/// Goes on with the save that waits.
pub(in crate::session) type Next = Box<dyn FnOnce(&mut Session) + Send>;

/// The checksum bytes to write and where. As sentences: damage by the edits that can't be repaired, and earlier damage
/// that the save would hide.
pub(super) struct Checked {
    changes: Vec<(Span, Vec<u8>)>,
    broken: Vec<String>,
}

/// What a job answers.
pub(super) type Answer = Result<Checked, FormatError>;

/// A save that waits for checksums.
pub struct Checking {
    tab: TabId,
    revision: Revision,
    next: Next,
    pub(super) job: Job<Answer>,
}

/// A save that does damage, until the user says that it is meant. The latest of a tab counts.
pub struct HeldBack {
    tab: TabId,
    revision: Revision,
    next: Next,
    changes: Vec<(Span, Vec<u8>)>,
}

impl fmt::Debug for Checking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checking").field("tab", &self.tab).finish_non_exhaustive()
    }
}

impl ArrayJobs {
    /// Ends the saves that wait for checksums; they say so themselves.
    pub(super) fn cancel_checking(&self) -> bool {
        self.checking.iter().for_each(|work| work.job.progress().cancel());
        !self.checking.is_empty()
    }
}

impl Session {
    /// Has the checksums of a tab's container follow its edits, and does `next` then; at once where there are none.
    pub(in crate::session) fn with_checksums(&mut self, id: TabId, next: Next) {
        let Some(tab) = self.tabs.get_mut(id) else { return };
        // What was not looked at yet, in the moment after it was opened, is known by its name.
        let by_name = || tab.file.as_ref().is_some_and(|file| formats::is_named_archive(file.path()));
        let wanted = tab.file.is_some() && tab.arrays.keeps_checksums.unwrap_or_else(by_name);
        if !wanted || !tab.is_modified() {
            return next(self);
        }
        let path = tab.file.as_ref().map(|file| file.path().to_owned()).unwrap_or_default();
        let (snapshot, revision) = (tab.shown().clone(), tab.document.revision());
        tab.saving = true;
        let job = Job::spawn("checksums", self.context.waker(), move |progress| {
            let changed = snapshot.changed_spans(Span::first(snapshot.len()));
            let changes = formats::follow_up(&snapshot, &path, &changed, progress)?;
            let mut broken = formats::broken_by(&snapshot, &changed);
            if let Some(old) = snapshot.base() {
                broken.extend(formats::damaged_before(&**old, &snapshot, &changes, progress));
            }
            Ok(Checked { changes, broken })
        });
        match job {
            Ok(job) => self.features.arrays.checking.push(Checking { tab: id, revision, next, job }),
            Err(error) => {
                self.stop_saving(id);
                self.context.say(format!("Nothing was saved: no thread could be started ({error})."));
            }
        }
    }

    fn stop_saving(&mut self, id: TabId) {
        if let Some(tab) = self.tabs.get_mut(id) {
            tab.saving = false;
        }
    }

    pub(super) fn poll_checking(&mut self) {
        let mut at = 0;
        while at < self.features.arrays.checking.len() {
            let answer = self.features.arrays.checking[at].job.poll();
            if matches!(answer, Poll::Running) {
                at += 1;
                continue;
            }
            let work = self.features.arrays.checking.remove(at);
            self.stop_saving(work.tab);
            let is_cancelled = work.job.progress().is_cancelled();
            let Some(tab) = self.tabs.get_mut(work.tab) else { continue };
            if is_cancelled {
                self.context.say(String::from("The save was cancelled. The edits are kept."));
                continue;
            }
            if tab.document.revision() != work.revision {
                self.with_checksums(work.tab, work.next);
                continue;
            }
            let changes = match answer {
                Poll::Done(Ok(checked)) if !checked.broken.is_empty() => {
                    self.hold_back(work, checked);
                    continue;
                }
                Poll::Done(Ok(checked)) => Ok(checked.changes),
                Poll::Done(Err(error)) => Err(error.to_string()),
                Poll::Running | Poll::Lost => Err(String::from("the reader ended unexpectedly")),
            };
            self.put_checksums(work.tab, changes);
            (work.next)(self);
        }
    }

    /// Asks before a save that causes damage that no checksum can repair, or that hides earlier damage.
    fn hold_back(&mut self, work: Checking, checked: Checked) {
        let Checking { tab, revision, next, .. } = work;
        let text =
            format!("Nothing was saved. {} Undo these edits, or save anyway.", checked.broken.join(" "));
        let ways_out = vec![("Save anyway", Action::Save(SaveAction::Damaged(tab)))];
        self.context.notices.push_with(Level::Warning, Topic::Save, Some(tab), text, ways_out);
        self.features.arrays.held_back.retain(|held| held.tab != tab);
        self.features.arrays.held_back.push(HeldBack { tab, revision, next, changes: checked.changes });
    }

    /// The user means the save that was held back. After other edits it is looked at anew.
    pub(in crate::session) fn go_on_saving(&mut self, id: TabId) {
        let Some(at) = self.features.arrays.held_back.iter().position(|held| held.tab == id) else { return };
        let held = self.features.arrays.held_back.remove(at);
        let Some(tab) = self.tabs.get(id).filter(|tab| !tab.saving) else { return };
        if tab.document.revision() != held.revision {
            return self.with_checksums(id, held.next);
        }
        self.put_checksums(id, Ok(held.changes));
        (held.next)(self);
    }

    fn put_checksums(&mut self, id: TabId, changes: Result<Vec<(Span, Vec<u8>)>, String>) {
        let Some(tab) = self.tabs.get_mut(id) else { return };
        if let Err(reason) = changes.and_then(|changes| tab.take_checksums(changes)) {
            let text = format!(
                "The checksums in {} were not updated ({reason}), so other programs may refuse it.",
                tab.title
            );
            self.context.notices.push(Level::Warning, Topic::Edit, Some(id), text);
        }
    }
}

impl Tab {
    /// Puts the checksums in, as a step, also while the tab is locked: it is about to be saved.
    fn take_checksums(&mut self, changes: Vec<(Span, Vec<u8>)>) -> Result<(), String> {
        let mut splices: Vec<Splice> = changes
            .into_iter()
            .filter(|(span, bytes)| self.bytes_at(*span).as_ref() != Some(bytes))
            .map(|(span, bytes)| Splice { span, content: Content::Bytes(bytes) })
            .collect();
        if splices.is_empty() {
            return Ok(());
        }
        splices.sort_unstable_by_key(|splice| splice.span.start());
        let carets = (self.selection.caret, self.selection.anchor);
        let edit = Edit::each("Checksums", splices).carets(carets, carets);
        self.document.apply(edit).map_err(|error| error.to_string())?;
        self.refresh();
        Ok(())
    }
}
