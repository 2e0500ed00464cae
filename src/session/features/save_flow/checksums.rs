//! Recalculates the checksums that a container keeps of its arrays, before a save.
//!
//! A job computes them from the edits; they become a step of the document, and then the save continues. A header that
//! can't be read does not prevent a save.

use super::wanted::WantedSave;
use crate::bytes::{Source, Span};
use crate::document::{Content, Edit, Revision, Splice};
use crate::formats::{self, FormatError};
use crate::session::action::{Action, SaveAction};
use crate::session::context::Context;
use crate::session::ids::TabId;
use crate::session::jobs::{Activity, Jobs, Task};
use crate::session::notice::{Level, Topic};
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;

/// The checksum bytes to write and where. As sentences: damage by the edits that can't be repaired, and earlier damage
/// that the save would hide.
#[derive(Debug)]
struct Checked {
    changes: Vec<(Span, Vec<u8>)>,
    broken: Vec<String>,
}

/// What a job answers.
type Answer = Result<Checked, FormatError>;

/// Saves that wait for checksums, and those that are held back.
#[derive(Debug, Default)]
pub(super) struct Checksums {
    jobs: Jobs<WantedSave, Answer>,
    held_back: Vec<HeldBack>,
}

/// A save that does damage, until the user confirms that it is meant. The latest of a tab counts.
#[derive(Debug)]
struct HeldBack {
    revision: Revision,
    wanted: WantedSave,
    changes: Vec<(Span, Vec<u8>)>,
}

impl Checksums {
    /// Has the checksums of a tab's container follow its edits. The save comes back at once where there are none.
    pub fn before(
        &mut self,
        wanted: WantedSave,
        tabs: &mut Tabs,
        context: &mut Context,
    ) -> Option<WantedSave> {
        let tab = tabs.get_mut(wanted.tab)?;
        // What was not searched yet, in the moment after it was opened, is known by its name.
        let by_name = || tab.file.as_ref().is_some_and(|file| formats::is_named_archive(file.path()));
        let has_checksums = tab.file.is_some() && tab.arrays.keeps_checksums.unwrap_or_else(by_name);
        if !has_checksums || !tab.is_modified() {
            return Some(wanted);
        }
        let path = tab.file.as_ref().map(|file| file.path().to_owned()).unwrap_or_default();
        let snapshot = tab.shown().clone();
        let guard = tab.saving.begin();
        let task = Task::shown("checksums", "Computing checksums").of(tab).guarded(guard);
        let started = self.jobs.start(context.waker(), task, wanted, move |progress| {
            let changed = snapshot.changed_spans(Span::first(snapshot.len()));
            let changes = formats::follow_up(&snapshot, &path, &changed, progress)?;
            let mut broken = formats::broken_by(&snapshot, &changed);
            if let Some(old) = snapshot.base() {
                broken.extend(formats::damaged_before(&**old, &snapshot, &changes, progress));
            }
            Ok(Checked { changes, broken })
        });
        if let Err((error, _)) = started {
            context.say(format!("Nothing was saved: no thread could be started ({error})."));
        }
        None
    }

    /// Takes what has been worked out; answers the saves that go on.
    pub fn poll(&mut self, tabs: &mut Tabs, context: &mut Context) -> Vec<WantedSave> {
        let mut ready = Vec::new();
        for ended in self.jobs.drain_finished() {
            let is_current = ended.is_current(tabs);
            drop(ended.guard);
            let wanted = ended.what;
            let Some(tab) = tabs.get_mut(wanted.tab) else { continue };
            if ended.was_cancelled {
                context.say("The save was cancelled. The edits are kept.");
                continue;
            }
            if !is_current {
                ready.extend(self.before(wanted, tabs, context));
                continue;
            }
            let changes = match ended.answer {
                Some(Ok(checked)) if !checked.broken.is_empty() => {
                    self.hold_back(wanted, tab.document().revision(), checked, context);
                    continue;
                }
                Some(Ok(checked)) => Ok(checked.changes),
                Some(Err(error)) => Err(error.to_string()),
                None => Err(String::from("the job ended unexpectedly")),
            };
            put_checksums(tab, changes, context);
            ready.push(wanted);
        }
        ready
    }

    /// What is running.
    pub fn activities(&self) -> impl Iterator<Item = Activity> {
        self.jobs.activities()
    }

    /// Ends the saves that wait for checksums; they report it themselves. `false` when there are none.
    pub fn cancel(&self) -> bool {
        self.jobs.cancel_all()
    }

    /// Asks before a save that causes damage that no checksum can repair, or that hides earlier damage.
    fn hold_back(&mut self, wanted: WantedSave, revision: Revision, checked: Checked, context: &mut Context) {
        let id = wanted.tab;
        let text =
            format!("Nothing was saved. {} Undo these edits, or save anyway.", checked.broken.join(" "));
        let ways_out = vec![("Save anyway", Action::Save(SaveAction::Damaged(id)))];
        context.notices.push_with(Level::Warning, Topic::Save, Some(id), text, ways_out);
        self.held_back.retain(|held| held.wanted.tab != id);
        self.held_back.push(HeldBack { revision, wanted, changes: checked.changes });
    }

    /// The user means the save that was held back. After other edits it is checked anew.
    pub fn go_on(&mut self, id: TabId, tabs: &mut Tabs, context: &mut Context) -> Option<WantedSave> {
        let at = self.held_back.iter().position(|held| held.wanted.tab == id)?;
        let HeldBack { revision, wanted, changes } = self.held_back.remove(at);
        let tab = tabs.get_mut(id).filter(|tab| !tab.is_saving())?;
        if tab.document.revision() != revision {
            return self.before(wanted, tabs, context);
        }
        put_checksums(tab, Ok(changes), context);
        Some(wanted)
    }
}

fn put_checksums(tab: &mut Tab, changes: Result<Vec<(Span, Vec<u8>)>, String>, context: &mut Context) {
    if let Err(reason) = changes.and_then(|changes| tab.take_checksums(changes)) {
        let text = format!(
            "The checksums in {} were not updated ({reason}), so other programs may refuse it.",
            tab.title
        );
        context.notices.push(Level::Warning, Topic::Edit, Some(tab.id), text);
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
