//! What happens at Ctrl+S: a worker gets a snapshot, plans, and saves or asks first. The user continues to type. The
//! written file becomes the base of the document when the disk has confirmed it. A failed save reports what the file
//! contains now. The edits are kept in every case.

mod checksums;
pub(in crate::session) mod close;
mod ended;
pub(in crate::session) mod plan;
pub(in crate::session) mod recovery;
pub(in crate::session) mod wanted;
mod write;

use crate::bytes::Origin;
use crate::document::SavePoint;
use crate::escape::PathText;
use crate::save::{Pending, Purpose, SaveError, SaveRequest};
use crate::session::action::SaveAction;
use crate::session::context::Context;
use crate::session::dialog::Dialog;
use crate::session::effect::Effect;
use crate::session::features::external_changes::recorder::Recorder;
use crate::session::ids::TabId;
use crate::session::jobs::{Activity, Jobs, Task};
use crate::session::name_request::{After, Asked};
use crate::session::notice::{Level, Topic};
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use crate::state::Folders;
use crate::state::edit_log::HandedToLog;
use checksums::Checksums;
use ended::{keep_edits, resume_watch, save_failed, take_written, tell_failed, written_words};
use plan::Planned;
use recovery::Recovery;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use wanted::{Leave, ReadySave, SaveTarget, WantedSave};
use write::{Answer, Written, work};

/// How long a save waits for the log of unsaved edits to record that it begins.
const LOG_PATIENCE: Duration = Duration::from_secs(2);

/// Saves: those that are under way, and those that wait for something.
#[derive(Debug, Default)]
pub struct SaveFlow {
    checksums: Checksums,
    writing: Jobs<Writing, Result<Answer, SaveError>>,
    /// Saves that wait for the user's word; the first one's question is shown.
    planned: Vec<Planned>,
    recovery: Recovery,
    /// The window was asked to close during a save.
    quits_after_saves: bool,
}

/// A save that is under way.
#[derive(Debug)]
struct Writing {
    tab: TabId,
    point: SavePoint,
    after: After,
}

/// What the window asks.
impl SaveFlow {
    /// Does what the window asks.
    pub fn apply(&mut self, action: SaveAction, tabs: &mut Tabs, context: &mut Context) {
        match action {
            SaveAction::Anyway(id) => self.save(WantedSave::over_changed(id), tabs, context),
            SaveAction::Damaged(id) => {
                if let Some(wanted) = self.checksums.go_on(id, tabs, context) {
                    self.begin(wanted, tabs, context);
                }
            }
            SaveAction::AsPlanned(id) => self.save_as_planned(id, context),
            SaveAction::Recover(id, choice) => self.recovery.start(id, choice, tabs, context),
            SaveAction::ShowOldBytes(id) => recovery::show_old_bytes(id, tabs, context),
        }
    }

    /// Takes what saves have ended since the last call, and what has been put right.
    pub fn poll(&mut self, tabs: &mut Tabs, context: &mut Context) {
        for ended in self.writing.drain_finished() {
            drop(ended.guard);
            let Writing { tab: id, point, after } = ended.what;
            match ended.answer {
                Some(Ok(Answer::Written(written))) => self.saved(id, point, *written, after, tabs, context),
                Some(Ok(Answer::Planned { plan, request, forgets_undo })) => {
                    let (plan, request) = (*plan, *request);
                    let planned = Planned { tab: id, plan, forgets_undo, point, request, after };
                    self.ask_about(planned, tabs, context);
                }
                Some(Err(error)) => save_failed(id, point, &error, after, tabs, context),
                None => {
                    let text = "The save stopped unexpectedly. The file may hold the old or the new bytes. Your edits are kept: save again.";
                    keep_edits(id, point, tabs);
                    resume_watch(id, tabs, context);
                    context.notices.push(Level::Error, Topic::Save, Some(id), text);
                }
            }
        }
        self.recovery.poll(tabs, context);
        for wanted in self.checksums.poll(tabs, context) {
            self.begin(wanted, tabs, context);
        }
        // Also after a check of checksums that no save followed.
        self.quit_after_saves(tabs, context);
    }

    /// What is running.
    pub fn activities(&self) -> impl Iterator<Item = Activity> {
        self.writing.activities().chain(self.recovery.activities()).chain(self.checksums.activities())
    }

    /// Whether a save waits for the checksums of its file.
    pub fn is_checking(&self) -> bool {
        self.checksums.activities().next().is_some()
    }

    /// Ends the first save; `false` when there is none.
    pub fn cancel(&mut self, _: &mut Context) -> bool {
        self.writing.cancel_first() || self.checksums.cancel()
    }

    /// The save whose plan is shown.
    pub fn planned(&self, context: &Context) -> Option<&Planned> {
        let Some(Dialog::ConfirmSave(id)) = context.dialog() else { return None };
        self.planned.iter().find(|planned| planned.tab == *id)
    }
}

/// From what is wanted to what is written.
impl SaveFlow {
    /// Saves a tab: to its own file, or asks where when it has none; or to another one.
    pub(in crate::session) fn save(&mut self, wanted: WantedSave, tabs: &mut Tabs, context: &mut Context) {
        self.forget_left_plans(tabs, context);
        let is_saving = tabs.get(wanted.tab).map(|tab| tab.is_saving());
        match (&wanted.target, is_saving) {
            (SaveTarget::Own { .. } | SaveTarget::Other { .. }, Some(false)) => {}
            (SaveTarget::Own { .. }, None | Some(true)) => return,
            (SaveTarget::Other { .. }, Some(true)) => {
                return context
                    .say("This file is being saved. Save it under another name when the save is done.");
            }
            (SaveTarget::Other { path, .. }, None) => {
                return context.say(format!(
                    "{} was not written: the file that you wanted to save there was closed in the meantime.",
                    path.shown()
                ));
            }
        }
        if let Some(wanted) = self.checksums.before(wanted, tabs, context) {
            self.begin(wanted, tabs, context);
        }
    }

    /// Fixes the state that is saved. The log of unsaved edits is told of it before the save starts.
    fn begin(&mut self, wanted: WantedSave, tabs: &mut Tabs, context: &mut Context) {
        let WantedSave { tab: id, target, after } = wanted;
        let ready = match target {
            SaveTarget::Own { allow_changed, leave } => {
                own_request(id, allow_changed, after, tabs, context).map(|ready| (ready, leave))
            }
            SaveTarget::Other { path, replace } => {
                other_request(id, path, replace, tabs).map(|ready| (ready, Leave::WhenSmall))
            }
        };
        if let Some(((point, request), leave)) = ready {
            let guard = tabs.get_mut(id).map(|tab| tab.saving.begin());
            let ready = ReadySave { tab: id, point, request, after, leave, guard };
            context.want(Effect::StartSave(Box::new(ready)));
        }
    }

    /// Starts a save, which waits shortly for the log of unsaved edits.
    pub(in crate::session) fn start(
        &mut self,
        ready: ReadySave,
        log: Option<HandedToLog>,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        let ReadySave { tab: id, point, mut request, after, leave, guard } = ready;
        let Some(tab) = tabs.get_mut(id) else { return };
        if let (Some(watcher), Some(watch)) = (&context.watcher, tab.file.as_ref().and_then(|f| f.watch)) {
            watcher.pause(watch);
        }
        let snapshot = point.snapshot.clone();
        let recorder = tab.file.as_ref().map(|file| Recorder::of(file, &snapshot));
        request.fallback = context.folders.as_ref().map(Folders::journals);
        request.backup = context.settings.backup;
        let room = undo_disk(context).saturating_sub(tab.held_disk);
        let task = Task::shown("save", format!("Saving {}", tab.title)).about(id);
        let task = task.guarded(guard.unwrap_or_else(|| tab.saving.begin()));
        let writing = Writing { tab: id, point, after };
        let started = self.writing.start(context.waker(), task, writing, move |progress| {
            // If the program is killed during the save, the log has to know what the file may hold.
            if !log.is_none_or(|log| log.wait(LOG_PATIENCE)) {
                tracing::warn!(
                    "a save began before its log of unsaved edits recorded it: the log's disk is slow"
                );
            }
            work((snapshot, recorder), request, leave, room, progress)
        });
        if let Err((error, Writing { point, .. })) = started {
            tab.document.cancel_save(point);
            let text = format!(
                "{} was not saved: no thread could be started ({error}). The edits are kept.",
                tab.title
            );
            context.notices.push(Level::Error, Topic::Save, Some(id), text);
            resume_watch(id, tabs, context);
        }
    }

    fn saved(
        &mut self,
        id: TabId,
        point: SavePoint,
        written: Written,
        after: After,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        let path = written.saved.location.shown().to_string();
        let known = tabs.get(id).and_then(|tab| tab.file.as_ref());
        // Against another file, nobody has counted the changes.
        let is_same = known.is_some_and(|file| file.origin.location == written.saved.location);
        let changed = if is_same { point.snapshot.changed_bytes() } else { 0 };
        let taken = take_written(id, point.clone(), &written, tabs, context);
        let saved = written.saved;
        if let Err(reason) = taken {
            keep_edits(id, point, tabs);
            // What others do to it from now on is told, our own save is not.
            let file = tabs.get_mut(id).and_then(|tab| tab.file.as_mut());
            if let Some(file) = file.filter(|file| file.origin.location == saved.location) {
                file.origin.version = Some(saved.version);
            }
            resume_watch(id, tabs, context);
            let text = format!(
                "{path} was saved, but could not be opened again ({reason}). Close this tab and reopen the file."
            );
            context.notices.push(Level::Error, Topic::Save, Some(id), text);
            return;
        }
        context.notices.clear(Topic::Save, Some(id));
        context.notices.clear(Topic::Interrupted, Some(id));
        context.want(Effect::SettleExternalChange(id));
        let is_uncertain = !saved.warnings.is_empty();
        if is_uncertain {
            let text = format!("Saved {path}. {}", saved.warnings.join(" "));
            context.notices.push(Level::Warning, Topic::Save, Some(id), text);
        } else {
            context.say(format!("Saved {path}: {}.", written_words(changed, &saved)));
        }
        context.remember_recent(saved.path(), tabs.get(id).map_or(0, Tab::caret));
        if is_uncertain {
            // Whoever leaves has to read that first.
            return;
        }
        match after {
            After::Stay => {}
            After::Close => close::close_saved(id, tabs, context),
            After::Quit => self.save_all_and_quit(tabs, context),
        }
    }
}

/// What a tab's own file is to hold; `None` after a question or a refusal.
fn own_request(
    id: TabId,
    allow_changed: bool,
    after: After,
    tabs: &mut Tabs,
    context: &mut Context,
) -> Option<(SavePoint, SaveRequest)> {
    let tab = tabs.get_mut(id)?;
    let Some((location, version, generation)) = tab.file.as_ref().and_then(|file| {
        let Origin { location, version } = file.origin.clone();
        Some((location, version?, file.generation.clone()))
    }) else {
        tabs.select(id, context);
        ask_name(id, after, tabs, context);
        return None;
    };
    if let Some(refusal) = tab.interrupted.as_ref().and_then(Pending::stands_in_the_way) {
        // What is shown is not what the file holds, also when its journal is gone by now.
        tell_failed(id, &refusal, context);
        return None;
    }
    let point = tab.document.begin_save();
    let mut request = SaveRequest::save(Arc::new(point.snapshot.clone()), location, version);
    request.generation = Some(generation);
    request.allow_changed = allow_changed;
    Some((point, request))
}

/// What the file at `path` is to hold, which becomes the tab's.
fn other_request(
    id: TabId,
    path: PathBuf,
    replace: bool,
    tabs: &mut Tabs,
) -> Option<(SavePoint, SaveRequest)> {
    let tab = tabs.get_mut(id)?;
    let point = tab.document.begin_save();
    let mut request = SaveRequest::save_as(Arc::new(point.snapshot.clone()), path, replace);
    if let Some(file) = &tab.file {
        request.generation = Some(file.generation.clone());
        request.target.version.clone_from(&file.origin.version);
        request.opened_from = Some(file.origin.location.clone());
        request.purpose = Purpose::SaveAs { replace };
    }
    Some((point, request))
}

/// Asks the user for a name for the file of `id`.
pub(in crate::session) fn ask_name(id: TabId, after: After, tabs: &Tabs, context: &mut Context) {
    let Some(tab) = tabs.get(id) else { return };
    let suggested = match &tab.file {
        Some(file) => file.path().typed(),
        None => tab.title.clone(),
    };
    context.ask_name(Asked::Save { tab: id, after }, suggested);
}

/// How many bytes of the disk undo may hold.
fn undo_disk(context: &Context) -> u64 {
    context.settings.undo_disk_mib.saturating_mul(1 << 20)
}
