//! Changes of open files by other programs: a worker compares them with the edits, a banner shows them, and the tab
//! takes them in.
//!
//! The watcher only reports that something has happened. Then a worker compares the file with the state that the tab is
//! built on, and its bytes with those that the edits replaced. So the result is right, whatever happened before. Edits
//! are applied to the changed file when the user chooses so; only changes that touch no edit are taken in without a
//! question.

mod banner;
mod compare;
mod notes;
mod rebase;
pub(in crate::session) mod recorder;

use crate::bytes::watch::{FileChange, Watcher};
use crate::escape::PathText;
use crate::save::edited_over::EditedOverRecord;
use crate::session::action::ExternalAction;
use crate::session::context::Context;
use crate::session::dialog::Dialog;
use crate::session::effect::Effect;
use crate::session::generations::replaced_by;
use crate::session::ids::{NoticeId, TabId};
use crate::session::jobs::{Activity, Jobs, Task};
use crate::session::notice::Topic;
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use compare::{ComparedFile, Fate, OpenedFile};
use notes::Notes;
use recorder::Recorder;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// What other programs have done to open files.
#[derive(Debug, Default)]
pub struct ExternalChanges {
    /// At most one a tab.
    list: Vec<ExternalChange>,
    comparing: Jobs<TabId, io::Result<ComparedFile>>,
    notes: Notes,
}

/// What is known of the changes to one tab's file.
#[derive(Debug, Default)]
struct ExternalChange {
    tab: TabId,
    /// What the last comparison found.
    found: Option<ComparedFile>,
    /// Something happened since the comparison under way began.
    is_stale: bool,
    /// The user has dismissed the news that the file grows.
    is_hushed: bool,
    /// The state in which a save that was refused because of it left the file, in sentences.
    refusal: Option<String>,
}

impl ExternalChanges {
    /// Does what the window asks.
    pub(in crate::session) fn apply(
        &mut self,
        action: ExternalAction,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        match action {
            ExternalAction::Reload(id) => {
                self.reload(id, context.is_open(&Dialog::ConfirmReload(id)), tabs, context);
            }
            ExternalAction::KeepMine(id) => self.keep_mine(id, tabs, context),
            ExternalAction::Follow(id) => self.follow(id, true, tabs, context),
            ExternalAction::CameBack => {
                self.check_files(tabs, context);
                context.want(Effect::SearchInstances);
            }
        }
    }

    /// Takes what the watcher, comparisons and notes have brought since the last call.
    pub(in crate::session) fn poll(&mut self, tabs: &mut Tabs, context: &mut Context) {
        self.poll_watcher(tabs, context);
        for ended in self.comparing.drain_finished() {
            let id = ended.what;
            let again = std::mem::take(&mut self.of(id).is_stale);
            match ended.answer {
                Some(Ok(found)) => self.compared(id, found, tabs, context),
                Some(Err(error)) => banner::tell_not_compared(id, &error, tabs, context),
                None => {
                    let error = io::Error::other("the comparison ended unexpectedly");
                    banner::tell_not_compared(id, &error, tabs, context);
                }
            }
            if again {
                self.compare(id, tabs, context);
            }
        }
        self.list.retain(|change| tabs.contains(change.tab));
        self.comparing.retain(|id| tabs.contains(*id));
        self.notes.poll(tabs, context);
    }

    /// Has notes taken of the edits since the last call.
    pub(in crate::session) fn note_edits(&mut self, tabs: &Tabs, context: &Context) {
        self.notes.poll(tabs, context);
    }

    /// A comparison goes on to its end.
    pub(in crate::session) fn cancel(&mut self, _: &mut Context) -> bool {
        false
    }

    /// What is running.
    pub(in crate::session) fn activities(&self) -> impl Iterator<Item = Activity> {
        self.comparing.activities()
    }

    fn get(&self, id: TabId) -> Option<&ExternalChange> {
        self.list.iter().find(|change| change.tab == id)
    }

    fn of(&mut self, id: TabId) -> &mut ExternalChange {
        let at = self.list.iter().position(|change| change.tab == id).unwrap_or_else(|| {
            self.list.push(ExternalChange { tab: id, ..ExternalChange::default() });
            self.list.len() - 1
        });
        &mut self.list[at]
    }

    /// Takes note of what has changed since the last call.
    fn poll_watcher(&mut self, tabs: &Tabs, context: &mut Context) {
        let Some(changes) = context.watcher.as_ref().map(Watcher::changes) else { return };
        for (watch, change) in changes {
            let of_watch = |tab: &&Tab| tab.file.as_ref().is_some_and(|file| file.watch == Some(watch));
            let Some(id) = tabs.iter().find(of_watch).map(|tab| tab.id) else { continue };
            self.file_changed(id, change, tabs, context);
        }
    }

    fn file_changed(&mut self, id: TabId, change: FileChange, tabs: &Tabs, context: &mut Context) {
        // What is written while a file is being put right is our own doing.
        let Some(tab) = tabs.get(id).filter(|tab| !tab.recovering.is_under_way()) else { return };
        let Some(file) = &tab.file else { return };
        // Pages read before are of another state than those read from now on.
        if !matches!(change, FileChange::Replaced | FileChange::Deleted | FileChange::Restored) {
            context.cache.forget(&file.cached);
        }
        banner::tell_at_once(tab, change, context);
        self.compare(id, tabs, context);
    }

    /// The user is back from other programs: their work is checked now.
    fn check_files(&mut self, tabs: &Tabs, context: &mut Context) {
        if let Some(watcher) = &context.watcher {
            watcher.look_now();
        }
        // A store through another program's map is seen in no attribute of the file.
        let with_few_edits = tabs.iter().filter(|tab| {
            tab.is_modified() && tab.file.as_ref().is_some_and(|file| file.record.is_quick_to_compare())
        });
        for id in with_few_edits.map(|tab| tab.id).collect::<Vec<_>>() {
            self.compare(id, tabs, context);
        }
    }

    /// Has a worker find out what became of the file of `id`.
    fn compare(&mut self, id: TabId, tabs: &Tabs, context: &Context) {
        // What an interrupted save has left is not what is shown; that is put right first.
        let Some(tab) = tabs.get(id).filter(|tab| tab.interrupted.is_none()) else { return };
        let Some(file) = &tab.file else { return };
        let (Some(known), Some(open)) = (file.origin.file_identity().cloned(), file.source.clone()) else {
            return;
        };
        let (path, record): (PathBuf, Arc<EditedOverRecord>) = (file.path().to_owned(), file.record.clone());
        let (recorder, shown) = (Recorder::of(file, tab.shown()), tab.shown().clone());
        if self.comparing.has_tab(id) {
            self.of(id).is_stale = true;
            return;
        }
        let task = Task::shown("compare", format!("Comparing {}", tab.title)).about(id);
        let task = task.not_cancelled().without_fraction();
        let started = self.comparing.start(context.waker(), task, id, move |progress| {
            recorder.update(&shown, progress);
            OpenedFile { path: &path, open: &open, known: &known, record: &record }.find(progress)
        });
        // Without a thread nothing is compared; what has happened was told all the same.
        if let Err((error, _)) = started {
            tracing::info!(%error, "a changed file is not compared");
        }
    }

    fn compared(&mut self, id: TabId, found: ComparedFile, tabs: &mut Tabs, context: &mut Context) {
        // The save that is under way has its own look at the file, and reports what it finds.
        if is_being_saved(id, tabs, context) {
            return;
        }
        let Some(tab) = tabs.get(id) else { return };
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
            return follow_anew(tab, context);
        }
        let change = self.of(id);
        change.found = Some(found);
        if fate != Fate::Grown || following {
            change.is_hushed = false;
        }
        banner::tell(change, tab, context);
        if by_itself
            && self.take_in(id, tabs, context)
            && let Some(left) = self.of(id).refusal.take()
        {
            context.say(format!("{left} Only the file's attributes changed. Save again."));
        }
    }

    /// A save was refused because another program has changed the file: told at once, and more when it is known.
    /// `left_alone` is the state in which the save left the file.
    pub(in crate::session) fn refused(
        &mut self,
        id: TabId,
        reason: String,
        left_alone: Option<String>,
        tabs: &Tabs,
        context: &mut Context,
    ) {
        banner::tell_refused(id, reason, context);
        // What was written went into the file that has lost its name.
        self.of(id).refusal = left_alone;
        self.compare(id, tabs, context);
    }

    /// What others did to the file of `id` is settled: it was read anew, saved or closed.
    pub(in crate::session) fn settle(&mut self, id: TabId, context: &mut Context) {
        self.list.retain(|change| change.tab != id);
        self.comparing.forget_tab(id);
        context.notices.clear(Topic::ChangedOnDisk, Some(id));
    }

    /// Takes a notice away. The news that a file grows comes again with every line of a log, so once is enough.
    pub(in crate::session) fn dismiss(&mut self, notice: NoticeId, context: &mut Context) {
        if let Some(id) = context.notices.about(notice, Topic::ChangedOnDisk)
            && let Some(change) = self.list.iter_mut().find(|change| change.tab == id)
        {
            change.is_hushed = true;
        }
        context.notices.dismiss(notice);
    }

    /// Reads the file again; asks first when edits would be lost.
    pub(in crate::session) fn reload(&self, id: TabId, asked: bool, tabs: &Tabs, context: &mut Context) {
        let Some(tab) = tabs.get(id) else { return };
        if tab.has_unsaved_edits() && !asked {
            context.put_dialog(Some(Dialog::ConfirmReload(id)));
            return;
        }
        context.put_dialog(None);
        if let Some(file) = &tab.file {
            context.want(Effect::OpenAgain { tab: id, path: file.path().to_owned() });
        }
    }

    /// Lays the edits over what the file is now, as the user wants it.
    fn keep_mine(&mut self, id: TabId, tabs: &mut Tabs, context: &mut Context) {
        if is_being_saved(id, tabs, context) {
            context.say("This file is being saved. Choose again when the save is done.");
            return;
        }
        if self.get(id).is_none_or(|change| change.found.is_none()) {
            context.say("The file is still being compared with your edits. Choose again in a moment.");
            return;
        }
        if self.take_in(id, tabs, context) {
            self.settle(id, context);
            context.say("Your edits now apply to the changed file.");
        } else {
            self.compare(id, tabs, context);
        }
    }

    /// Builds the tab on what the last comparison found; `false` when that could not be done.
    fn take_in(&mut self, id: TabId, tabs: &mut Tabs, context: &mut Context) -> bool {
        let Some(found) = self.of(id).found.take() else { return false };
        let ComparedFile { comparison: Some(comparison), source, fate } = found else { return false };
        let Some(tab) = tabs.get_mut(id) else { return false };
        let Some(file) = &mut tab.file else { return false };
        if let Some(source) = source {
            let cached = match context.cache.attach(source.clone()) {
                Ok(cached) => cached,
                Err(error) => {
                    context.say(format!("No thread could be started ({error}). Choose again later."));
                    return false;
                }
            };
            let facts = replaced_by(&context.cache, file, source, cached);
            if let Err(reason) = tab.rebase(facts) {
                context.say(reason);
                return false;
            }
        } else if let Some(source) = file.source.clone() {
            source.grow(comparison.identity.len);
            context.cache.grown(&file.cached);
            tab.lengthen(comparison.identity.len);
        }
        let Some(file) = &mut tab.file else { return false };
        file.record.accept(&comparison);
        if let (Some(watcher), Some(watch)) = (&context.watcher, file.watch) {
            watcher.update(watch, &comparison.identity, file.source.as_ref());
        }
        file.origin.version = Some(comparison.identity.into());
        if fate != Fate::Same {
            tab.distrust_header();
            context.want(Effect::ReadHeader(id));
        }
        true
    }

    /// Shows what is appended to the file of `id` from now on, or no longer.
    pub(in crate::session) fn follow(
        &mut self,
        id: TabId,
        follow: bool,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        let Some(tab) = tabs.get_mut(id).filter(|tab| tab.can_follow()) else { return };
        tab.following = follow;
        if follow {
            let len = tab.len();
            tab.scroll_focused(|view| view.show_end(len));
            self.compare(id, tabs, context);
        }
    }

    /// Switches that.
    pub(in crate::session) fn toggle_follow(&mut self, tabs: &mut Tabs, context: &mut Context) {
        let Some((id, is_following)) = tabs.front().map(|tab| (tab.id, tab.following)) else { return };
        self.follow(id, !is_following, tabs, context);
    }
}

/// A log that is followed was started anew, in the same file or in another of its name: that is shown.
fn follow_anew(tab: &Tab, context: &mut Context) {
    let Some(file) = &tab.file else { return };
    let text = format!(
        "{} was truncated or replaced by a new file. pagelens shows its new content and continues to follow it.",
        file.path().shown()
    );
    context.say(text);
    context.want(Effect::OpenAgain { tab: tab.id, path: file.path().to_owned() });
}

/// Whether the state of `id` is fixed for a save that runs or waits for the user's word.
fn is_being_saved(id: TabId, tabs: &Tabs, context: &Context) -> bool {
    tabs.get(id).is_some_and(|tab| tab.is_saving()) || context.is_open(&Dialog::ConfirmSave(id))
}
