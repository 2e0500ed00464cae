//! An interrupted save, found when its file is opened: a banner shows it, and it is recovered only when the user
//! chooses so.
//!
//! Until then the right bytes are shown, whatever the file holds: the old bytes of the journal are an overlay over it.
//! The check of a file writes nothing.

use crate::bytes::resized::Resized;
use crate::save::{Pending, Recovered, RecoveryChoice, SaveError, Verdict, destination_of};
use crate::session::action::{Action, ExternalAction, SaveAction};
use crate::session::context::Context;
use crate::session::describe;
use crate::session::effect::Effect;
use crate::session::generations::{cached, first_generation};
use crate::session::ids::TabId;
use crate::session::jobs::{Activity, Jobs, Task};
use crate::session::notice::{Level, Topic};
use crate::session::tabs::Tabs;
use crate::state::Folders;
use std::sync::Arc;

/// The files that are being put right.
#[derive(Debug, Default)]
pub(super) struct Recovery {
    jobs: Jobs<TabId, Result<Option<Recovered>, SaveError>>,
}

impl Recovery {
    /// Puts the file of `id` right, on a worker.
    pub fn start(&mut self, id: TabId, choice: RecoveryChoice, tabs: &mut Tabs, context: &mut Context) {
        let Some(tab) = tabs.get_mut(id).filter(|tab| !tab.recovering.is_under_way()) else { return };
        let Some(location) = tab.file.as_ref().map(|file| file.origin.location.clone()) else { return };
        let fallback = context.folders.as_ref().map(Folders::journals);
        let task = Task::shown("recover", format!("Restoring {}", tab.title)).about(id);
        let task = task.not_cancelled().without_fraction().guarded(tab.recovering.begin());
        let started = self.jobs.start(context.waker(), task, id, move |_| {
            destination_of(&location).recover(&location, fallback.as_deref(), choice)
        });
        if let Err((error, _)) = started {
            let text = format!("The file was not restored: no thread could be started ({error}).");
            context.notices.push(Level::Error, Topic::Interrupted, Some(id), text);
        }
    }

    /// Takes what has been put right since the last call.
    pub fn poll(&mut self, tabs: &mut Tabs, context: &mut Context) {
        for ended in self.jobs.drain_finished() {
            drop(ended.guard);
            let id = ended.what;
            match ended.answer {
                Some(Ok(recovered)) => put_right(id, recovered, tabs, context),
                Some(Err(error)) => {
                    tell_interrupted(id, tabs, context);
                    context.notices.push(Level::Error, Topic::Save, Some(id), error.to_string());
                }
                None => {
                    let text = "Restoring stopped unexpectedly. It is safe to try again: reopen the file.";
                    context.notices.push(Level::Error, Topic::Interrupted, Some(id), text);
                }
            }
        }
    }

    /// What is running.
    pub fn activities(&self) -> impl Iterator<Item = Activity> {
        self.jobs.activities()
    }
}

/// Remembers what an interrupted save has left beside the file of `id`, and shows it.
pub(in crate::session) fn remember_interrupted(
    id: TabId,
    found: &Result<Option<Pending>, SaveError>,
    tabs: &mut Tabs,
    context: &mut Context,
) {
    match found {
        Ok(pending) => {
            let Some(tab) = tabs.get_mut(id) else { return };
            tab.interrupted = pending.clone();
            context.notices.clear(Topic::Interrupted, Some(id));
            tell_interrupted(id, tabs, context);
        }
        Err(error) => {
            context.notices.push(Level::Error, Topic::Interrupted, Some(id), error.to_string());
        }
    }
}

/// Shows that a save of the file of `id` was interrupted.
fn tell_interrupted(id: TabId, tabs: &Tabs, context: &mut Context) {
    let Some(tab) = tabs.get(id) else { return };
    let Some(pending) = &tab.interrupted else { return };
    let (level, text, ways_out) = words_of(id, &tab.title, pending);
    context.notices.push_with(level, Topic::Interrupted, Some(id), text, ways_out);
}

fn put_right(id: TabId, recovered: Option<Recovered>, tabs: &mut Tabs, context: &mut Context) {
    let Some(tab) = tabs.get_mut(id) else { return };
    let title = tab.title.clone();
    let shown = tab.interrupted.take();
    let version = recovered.as_ref().and_then(|recovered| {
        let was_right = shown.is_none_or(|pending| !recovered.chosen && recovered.did == pending.verdict);
        recovered.version.clone().filter(|_| was_right && tab.is_modified())
    });
    let keeps_edits = version.is_some();
    if keeps_edits && let Some(file) = &mut tab.file {
        // What was shown is what the file holds now, so edits over it stay. Pages read before hold the mixture.
        file.origin.version = version;
        context.cache.forget(&file.cached);
    }
    context.notices.clear(Topic::Interrupted, Some(id));
    context.notices.clear(Topic::Save, Some(id));
    if keeps_edits {
        context.want(Effect::SettleExternalChange(id));
        if let Some(file) = &tab.file {
            context.resume_watch(file);
        }
    } else {
        context.want(Effect::Reload(id));
    }
    for warning in recovered.iter().flat_map(|recovered| &recovered.warnings) {
        context.notices.push(Level::Warning, Topic::Save, Some(id), warning.clone());
    }
    context.say(match recovered.map(|recovered| recovered.did) {
        Some(Verdict::RollBack) => format!("The old bytes of {title} were restored."),
        Some(Verdict::RollForward) => format!("The save of {title} was completed."),
        Some(Verdict::Untouched | Verdict::Unfinished | Verdict::Conflict { .. }) => {
            format!("{title} is intact. The journal was removed.")
        }
        None => format!("There was nothing left to restore of {title}."),
    });
}

/// Shows what the file held before the save that was cut off, beside what it holds.
pub(super) fn show_old_bytes(id: TabId, tabs: &Tabs, context: &mut Context) {
    tell_interrupted(id, tabs, context);
    let Some(tab) = tabs.get(id) else { return };
    let (Some(pending), Some(file)) = (&tab.interrupted, &tab.file) else { return };
    let title = format!("{} before the save", tab.title);
    let resized = Resized::new(file.cached.clone(), pending.old_len);
    let generation = first_generation(&context.cache, Arc::new(resized));
    if let Some(overlay) = pending.old_overlay(|journal| cached(&context.cache, journal)) {
        generation.publish(overlay);
    }
    context.want(Effect::ShowLocked { title, source: Arc::new(generation) });
}

type WaysOut = Vec<(&'static str, Action)>;

fn words_of(id: TabId, title: &str, pending: &Pending) -> (Level, String, WaysOut) {
    let restore = |word| vec![(word, Action::Save(SaveAction::Recover(id, RecoveryChoice::Safe)))];
    match pending.verdict {
        _ if pending.is_live => (
            Level::Warning,
            format!(
                "Another pagelens is saving {title} right now. You see the file as it was before. Reload it when that save is done."
            ),
            vec![("Reload", Action::External(ExternalAction::Reload(id)))],
        ),
        Verdict::RollBack => (
            Level::Error,
            format!(
                "A save of {title} was interrupted. You see the bytes from before the save. On the disk the file is a mix of old and new bytes until you restore it."
            ),
            restore("Restore"),
        ),
        Verdict::RollForward if !pending.is_settled() => (
            Level::Warning,
            format!(
                "A save of {title} was interrupted in its last step. You see the new bytes. On the disk the file still has its old length until you restore it."
            ),
            restore("Restore"),
        ),
        Verdict::RollForward | Verdict::Untouched | Verdict::Unfinished => (
            Level::Info,
            format!("A save of {title} was interrupted, but the file is intact. Its journal can be removed."),
            restore("Remove the journal"),
        ),
        Verdict::Conflict { at } => (
            Level::Error,
            format!(
                "A save of {title} was interrupted, and another program has changed the file since: the bytes at {} are neither the old nor the new ones. You see the file as it is.",
                describe::hex(at)
            ),
            vec![
                ("Show the old bytes", Action::Save(SaveAction::ShowOldBytes(id))),
                ("Restore the old bytes", Action::Save(SaveAction::Recover(id, RecoveryChoice::PutBackOld))),
                ("Keep the file", Action::Save(SaveAction::Recover(id, RecoveryChoice::KeepAsIs))),
            ],
        ),
    }
}
