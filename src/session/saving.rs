//! Saving: a snapshot goes to a worker, which plans and then saves, or asks first; the user goes on typing, and the
//! document is re-based when the disk has confirmed it. A save that failed says what the file is now; the edits are kept in every case.

use super::action::{Action, SaveAction};
use super::generations::first_generation;
use super::notice::{Level, Topic};
use super::planning::{Leave, Planned, needs_word};
use super::recording::Recorder;
use super::tab::{FileFacts, Tab};
use super::{After, Asked, Session, TabId};
use crate::bytes::file::FileSource;
use crate::bytes::open::OpenedKind;
use crate::bytes::{Origin, SharedSource, Source};
use crate::document::{SavePoint, Snapshot};
use crate::escape::PathText;
use crate::job::{Job, Poll, Progress};
use crate::save::{
    Pending, Purpose, RecoveryChoice, SaveError, SavePlan, SaveRequest, SaveWay, Saved, destination_of,
};
use crate::state::Folders;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Runs of the old file that are shorter, in bytes, are written as all else is.
const WORTH_COPYING: u64 = 64 << 10;

/// How long a save waits for the log of unsaved edits to record that it begins.
const LOG_PATIENCE: Duration = Duration::from_secs(2);

/// A save that is under way.
#[derive(Debug)]
pub struct Saving {
    pub tab: TabId,
    point: SavePoint,
    after: After,
    job: Job<Result<Answer, SaveError>>,
}

impl Saving {
    pub fn progress(&self) -> &Progress {
        self.job.progress()
    }
}

/// What the worker hands back.
#[derive(Debug)]
enum Answer {
    Written(Written),
    /// The user is to be asked first.
    Planned {
        plan: Box<SavePlan>,
        request: Box<SaveRequest>,
        forgets_undo: bool,
    },
}

/// The confirmed save, and the file opened anew.
#[derive(Debug)]
struct Written {
    saved: Saved,
    file: Option<Arc<FileSource>>,
    /// Bytes of the disk that hold what was there before.
    holds: u64,
    forgets_undo: bool,
}

/// Plans, and saves unless the user is to be asked first. Undo may hold `room` more bytes of the disk.
fn work(
    (snapshot, recorder): (Snapshot, Option<Recorder>),
    mut request: SaveRequest,
    leave: Leave,
    room: u64,
    progress: &Progress,
) -> Result<Answer, SaveError> {
    // Finding these takes as long as there are pieces, so it is the worker's.
    request.overwrites = Some(snapshot.overwrites());
    request.kept = snapshot.kept(WORTH_COPYING);
    if request.edited_over.is_none() {
        request.edited_over = recorder.map(|recorder| recorder.checker(&snapshot, progress));
    }
    let destination = destination_of(&request.target.location);
    let plan = destination.plan(&request)?;
    let forgets_undo = plan.holds > room;
    if needs_word(&plan, forgets_undo, leave) {
        return Ok(Answer::Planned { plan: Box::new(plan), request: Box::new(request), forgets_undo });
    }
    let saved = destination.save(request, progress)?;
    let file = FileSource::open(saved.path()).ok().map(Arc::new);
    let known = saved.version.as_file();
    if file.as_ref().zip(known).is_some_and(|(file, known)| file.identity().other_file(known)) {
        return Err(SaveError::Replaced { path: saved.path().to_owned(), warnings: saved.warnings });
    }
    let forgets_undo = leave == Leave::Agreed { forgets_undo: true };
    Ok(Answer::Written(Written { saved, file, holds: plan.holds, forgets_undo }))
}

impl Session {
    /// Saves that are under way.
    pub fn saving(&self) -> &[Saving] {
        &self.features.saving
    }

    /// Save: to the tab's own file, or ask where when it has none.
    pub(super) fn save(&mut self, id: TabId, allow_changed: bool, after: After) {
        self.save_with(id, allow_changed, after, Leave::WhenSmall);
    }

    pub(super) fn save_with(&mut self, id: TabId, allow_changed: bool, after: After, leave: Leave) {
        self.settle_questions();
        if self.tabs.get(id).is_none_or(|tab| tab.saving) {
            return;
        }
        let save = move |session: &mut Self| session.save_as_it_is(id, allow_changed, after, leave);
        self.with_checksums(id, Box::new(save));
    }

    fn save_as_it_is(&mut self, id: TabId, allow_changed: bool, after: After, leave: Leave) {
        let Some(tab) = self.tabs.get_mut(id) else { return };
        let Some((location, version, generation)) = tab.file.as_ref().and_then(|file| {
            let Origin { location, version } = file.origin.clone();
            Some((location, version?, file.generation.clone()))
        }) else {
            self.select_tab(id);
            self.ask_save_name(id, after);
            return;
        };
        if let Some(refusal) = tab.interrupted.as_ref().and_then(Pending::stands_in_the_way) {
            // What is shown is not what the file holds, also when its journal is gone by now.
            self.tell_failed(id, &refusal);
            return;
        }
        let point = tab.document.begin_save();
        let mut request = SaveRequest::save(Arc::new(point.snapshot.clone()), location, version);
        request.generation = Some(generation);
        request.allow_changed = allow_changed;
        self.start_save(id, point, request, after, leave);
    }

    /// Asks the user for a name for the file of `id`.
    pub(super) fn ask_save_name(&mut self, id: TabId, after: After) {
        let Some(tab) = self.tabs.get(id) else { return };
        let suggested = match &tab.file {
            Some(file) => file.path().typed(),
            None => tab.title.clone(),
        };
        self.context.ask_name(Asked::Save { tab: id, after }, suggested);
    }

    /// Save As: to `path`, which becomes the tab's file.
    pub(super) fn save_to(&mut self, id: TabId, path: PathBuf, replace: bool, after: After) {
        self.settle_questions();
        let Some(tab) = self.tabs.get(id) else {
            return self.context.say(format!(
                "{} was not written: the file that was to be saved there was closed meanwhile.",
                path.shown()
            ));
        };
        if tab.saving {
            self.context
                .say(String::from("This file is being saved. Save it elsewhere when the save is done."));
            return;
        }
        let save = move |session: &mut Self| session.save_to_as_it_is(id, path, replace, after);
        self.with_checksums(id, Box::new(save));
    }

    fn save_to_as_it_is(&mut self, id: TabId, path: PathBuf, replace: bool, after: After) {
        let Some(tab) = self.tabs.get_mut(id) else { return };
        let point = tab.document.begin_save();
        let mut request = SaveRequest::save_as(Arc::new(point.snapshot.clone()), path, replace);
        if let Some(file) = &tab.file {
            request.generation = Some(file.generation.clone());
            request.target.version.clone_from(&file.origin.version);
            request.opened_from = Some(file.origin.location.clone());
            request.purpose = Purpose::SaveAs { replace };
        }
        self.start_save(id, point, request, after, Leave::WhenSmall);
    }

    pub(super) fn start_save(
        &mut self,
        id: TabId,
        point: SavePoint,
        mut request: SaveRequest,
        after: After,
        leave: Leave,
    ) {
        let Some(tab) = self.tabs.get_mut(id) else { return };
        if let (Some(watcher), Some(watch)) = (&self.context.watcher, tab.file.as_ref().and_then(|f| f.watch))
        {
            watcher.pause(watch);
        }
        let snapshot = point.snapshot.clone();
        let recorder = tab.file.as_ref().map(|file| Recorder::of(file, &snapshot));
        request.fallback = self.context.folders.as_ref().map(Folders::journals);
        request.backup = self.context.settings.backup;
        let held = tab.held_disk;
        let budget = self.undo_disk();
        let log = self.features.autosave.handed(id, &mut self.tabs, &mut self.context);
        let job = Job::spawn("save", self.context.waker(), move |progress| {
            // If the program is killed during the save, the log has to know what the file may hold.
            if !log.is_none_or(|log| log.wait(LOG_PATIENCE)) {
                tracing::warn!(
                    "a save began before its log of unsaved edits recorded it: the log's disk is slow"
                );
            }
            work((snapshot, recorder), request, leave, budget.saturating_sub(held), progress)
        });
        let Some(tab) = self.tabs.get_mut(id) else { return };
        match job {
            Ok(job) => {
                tab.saving = true;
                self.features.saving.push(Saving { tab: id, point, after, job });
            }
            Err(error) => {
                tab.document.cancel_save(point);
                let text = format!(
                    "{} was not saved: no thread could be started ({error}). The edits are kept.",
                    tab.title
                );
                self.context.notices.push(Level::Error, Topic::Save, Some(id), text);
                self.resume_watch(id);
            }
        }
    }

    /// Takes what saves have ended since the last call.
    pub(super) fn poll_saving(&mut self) {
        let mut at = 0;
        while at < self.features.saving.len() {
            let answer = self.features.saving[at].job.poll();
            if matches!(answer, Poll::Running) {
                at += 1;
                continue;
            }
            let Saving { tab: id, point, after, .. } = self.features.saving.remove(at);
            if let Some(tab) = self.tabs.get_mut(id) {
                tab.saving = false;
            }
            match answer {
                Poll::Done(Ok(Answer::Written(written))) => self.saved(id, point, written, after),
                Poll::Done(Ok(Answer::Planned { plan, request, forgets_undo })) => {
                    let (plan, request) = (*plan, *request);
                    self.ask_about(Planned { tab: id, plan, forgets_undo, point, request, after });
                }
                Poll::Done(Err(error)) => self.save_failed(id, point, &error, after),
                Poll::Running | Poll::Lost => {
                    let text = "The save stopped unexpectedly. The file may hold the old or the new bytes. Your edits are kept: save again.";
                    self.keep_edits(id, point);
                    self.resume_watch(id);
                    self.context.notices.push(Level::Error, Topic::Save, Some(id), text);
                }
            }
            self.quit_after_saves();
        }
    }

    fn saved(&mut self, id: TabId, point: SavePoint, written: Written, after: After) {
        let path = written.saved.location.shown().to_string();
        let known = self.tabs.get(id).and_then(|tab| tab.file.as_ref());
        // Against another file, nobody has counted the changes.
        let is_same = known.is_some_and(|file| file.origin.location == written.saved.location);
        let changed = if is_same { point.snapshot.changed_bytes() } else { 0 };
        let taken = self.take_written(id, point.clone(), &written);
        let saved = written.saved;
        if let Err(reason) = taken {
            self.keep_edits(id, point);
            // What others do to it from now on is told, our own save is not.
            let file = self.tabs.get_mut(id).and_then(|tab| tab.file.as_mut());
            if let Some(file) = file.filter(|file| file.origin.location == saved.location) {
                file.origin.version = Some(saved.version);
            }
            self.resume_watch(id);
            let text = format!(
                "{path} was saved, but could not be opened again ({reason}). Close this tab and reopen the file."
            );
            self.context.notices.push(Level::Error, Topic::Save, Some(id), text);
            return;
        }
        self.context.notices.clear(Topic::Save, Some(id));
        self.context.notices.clear(Topic::Interrupted, Some(id));
        self.settle_outside(id);
        let is_uncertain = !saved.warnings.is_empty();
        if saved.warnings.is_empty() {
            self.context.say(format!("Saved {path}: {}.", written_words(changed, &saved)));
        } else {
            self.context.notices.push(
                Level::Warning,
                Topic::Save,
                Some(id),
                format!("Saved {path}. {}", saved.warnings.join(" ")),
            );
        }
        self.context.remember_recent(saved.path(), self.tabs.get(id).map_or(0, Tab::caret));
        if is_uncertain {
            // Whoever leaves has to read that first.
            return;
        }
        match after {
            After::Stay => {}
            After::Close => self.close_saved(id),
            After::Quit => self.save_all_and_quit(),
        }
    }

    /// Makes the written file the document's base.
    fn take_written(&mut self, id: TabId, point: SavePoint, written: &Written) -> Result<(), String> {
        let Written { saved, file, holds, forgets_undo } = written;
        let file = file.clone().ok_or("no access")?;
        let cached = self.context.cache.attach(file.clone()).map_err(|error| error.to_string())?;
        let Some(tab) = self.tabs.get_mut(id) else { return Ok(()) };
        let raw: SharedSource = cached.clone();
        let generation = match (&tab.file, saved.way) {
            (Some(facts), SaveWay::InPlace) => facts.generation.successor(raw),
            _ => first_generation(&self.context.cache, raw),
        };
        let generation = Arc::new(generation);
        // What was typed meanwhile is worth more than the room.
        if *forgets_undo && tab.document.revision() == point.snapshot.revision() {
            tab.document.reset(generation.clone());
            tab.held_disk = 0;
        } else {
            tab.document.finish_save(point, generation.clone()).map_err(|error| error.to_string())?;
            tab.held_disk = tab.held_disk.saturating_add(*holds);
        }
        tab.interrupted = None;
        let is_own = |facts: &&FileFacts| facts.origin.location == saved.location;
        let is_other = tab.file.as_ref().filter(is_own).is_none();
        let watch = self.context.watcher.as_ref().zip(saved.version.as_file()).map(|(watcher, identity)| {
            match tab.file.as_ref().filter(is_own).and_then(|facts| facts.watch) {
                Some(watch) => {
                    watcher.update(watch, identity, Some(&file));
                    watch
                }
                None => {
                    if let Some(old) = tab.file.as_ref().and_then(|facts| facts.watch) {
                        watcher.unwatch(old);
                    }
                    watcher.watch(saved.path(), identity, Some(&file))
                }
            }
        });
        if let Some(name) = saved.path().file_name() {
            tab.title = name.shown().to_string();
        }
        let kind = tab.file.take().map_or(OpenedKind::Regular, |facts| facts.kind);
        let kind = if kind == OpenedKind::Spooled { OpenedKind::Regular } else { kind };
        tab.file = Some(FileFacts {
            origin: saved.origin(),
            kind,
            writable: true,
            watch,
            source: Some(file),
            cached,
            generation,
            record: Arc::default(),
        });
        tab.refresh();
        if is_other {
            tab.distrust_header();
            self.look_for_arrays(id);
        }
        Ok(())
    }

    fn save_failed(&mut self, id: TabId, point: SavePoint, error: &SaveError, after: After) {
        self.keep_edits(id, point);
        if let Some(now) = error.version_now()
            && let Some(file) = self.tabs.get_mut(id).and_then(|tab| tab.file.as_mut())
        {
            file.origin.version = Some(now);
        }
        self.resume_watch(id);
        if let SaveError::Exists { path } = error {
            return self.context.ask_to_replace(Asked::Save { tab: id, after }, path.clone());
        }
        if let SaveError::NoFolder { path, .. } = error
            && self.tabs.get(id).is_some_and(|tab| tab.file.as_ref().is_none_or(|file| file.path() != path))
        {
            // The typed name probably has only a small mistake.
            let asked = Asked::Save { tab: id, after };
            if self.context.ask_name_again(asked, path, error.to_string()) {
                return;
            }
        }
        self.tell_failed(id, error);
    }

    fn tell_failed(&mut self, id: TabId, error: &SaveError) {
        let ways_out = match error {
            SaveError::NeedsRecovery { .. } => vec![
                ("Restore", Action::Save(SaveAction::Recover(id, RecoveryChoice::Safe))),
                ("Save as…", Action::Run(super::Command::SaveAs)),
            ],
            SaveError::ChangedOnDisk { .. } | SaveError::Replaced { .. } => return self.refused(id, error),
            error if error.is_cancelled() => vec![],
            _ => vec![("Save as…", Action::Run(super::Command::SaveAs))],
        };
        let level = if error.is_cancelled() { Level::Warning } else { Level::Error };
        self.context.notices.push_with(level, Topic::Save, Some(id), error.to_string(), ways_out);
    }

    pub(super) fn keep_edits(&mut self, id: TabId, point: SavePoint) {
        if let Some(tab) = self.tabs.get_mut(id) {
            tab.document.cancel_save(point);
        }
    }

    /// Looks after the file again, as it was known before the save that failed.
    pub(super) fn resume_watch(&mut self, id: TabId) {
        if let Some(file) = self.tabs.get(id).and_then(|tab| tab.file.as_ref()) {
            self.context.resume_watch(file);
        }
    }

    /// Whether `id` would lose something if it were closed now.
    pub(super) fn is_unsaved(&self, id: TabId) -> bool {
        self.tabs
            .get(id)
            .is_some_and(|tab| tab.is_modified() && !(tab.file.is_none() && tab.shown().len() == 0))
    }
}

/// How many bytes a save has changed and, if it also wrote unchanged bytes between them, how many it has written.
fn written_words(changed: u64, saved: &Saved) -> String {
    let is_copy = saved.way == SaveWay::Fresh || changed == 0 || changed >= saved.bytes_written;
    if is_copy {
        return format!("{} written", super::words::bytes(saved.bytes_written));
    }
    format!(
        "{} changed ({} written)",
        super::words::bytes(changed),
        super::words::grouped(saved.bytes_written)
    )
}
