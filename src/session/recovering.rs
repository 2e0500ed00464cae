//! A save that was cut off, found when its file is opened: said in a banner, put right only when the user says so.
//!
//! Until then the right bytes are shown, whatever the file holds: the journal's old bytes lie over it. Nothing is
//! written by looking.

use super::action::{Action, ExternalAction, SaveAction};
use super::generations::{cached, first_generation};
use super::notice::{Level, Topic};
use super::{Session, TabId, words};
use crate::bytes::resized::Resized;
use crate::job::{Job, Poll};
use crate::save::{Pending, Recovered, RecoveryChoice, SaveError, Verdict, destination_of};
use std::sync::Arc;

/// A file that is being put right.
#[derive(Debug)]
pub struct Recovering {
    pub(super) tab: TabId,
    job: Job<Result<Option<Recovered>, SaveError>>,
}

impl Session {
    /// Remembers what an interrupted save has left beside the file of `id`, and tells of it.
    pub(super) fn remember_interrupted(&mut self, id: TabId, found: &Result<Option<Pending>, SaveError>) {
        match found {
            Ok(pending) => {
                let Some(tab) = self.tabs.get_mut(id) else { return };
                tab.interrupted = pending.clone();
                self.context.notices.clear(Topic::Interrupted, Some(id));
                self.tell_interrupted(id);
            }
            Err(error) => {
                self.context.notices.push(Level::Error, Topic::Interrupted, Some(id), error.to_string());
            }
        }
    }

    /// Tells of an interrupted save of the file of `id`.
    pub(super) fn tell_interrupted(&mut self, id: TabId) {
        let Some(tab) = self.tabs.get(id) else { return };
        let Some(pending) = &tab.interrupted else { return };
        let (level, text, ways_out) = words_of(id, &tab.title, pending);
        self.context.notices.push_with(level, Topic::Interrupted, Some(id), text, ways_out);
    }

    /// Puts the file of `id` right, on a worker.
    pub(super) fn recover(&mut self, id: TabId, choice: RecoveryChoice) {
        if self.is_recovering(id) {
            return;
        }
        let file = self.tabs.get(id).and_then(|tab| tab.file.as_ref());
        let Some(location) = file.map(|file| file.origin.location.clone()) else { return };
        let fallback = self.context.folders.as_ref().map(crate::state::Folders::journals);
        let job = Job::spawn("recover", self.context.waker(), move |_| {
            destination_of(&location).recover(&location, fallback.as_deref(), choice)
        });
        match job {
            Ok(job) => self.features.recovering.push(Recovering { tab: id, job }),
            Err(error) => {
                let text = format!("The file was not restored: no thread could be started ({error}).");
                self.context.notices.push(Level::Error, Topic::Interrupted, Some(id), text);
            }
        }
    }

    /// Whether the file of `id` is being put right: what is written to it then is our own doing.
    pub(super) fn is_recovering(&self, id: TabId) -> bool {
        self.features.recovering.iter().any(|recovering| recovering.tab == id)
    }

    /// Takes what has been put right since the last call.
    pub(super) fn poll_recovering(&mut self) {
        let mut at = 0;
        while at < self.features.recovering.len() {
            let answer = self.features.recovering[at].job.poll();
            if matches!(answer, Poll::Running) {
                at += 1;
                continue;
            }
            let id = self.features.recovering.remove(at).tab;
            match answer {
                Poll::Done(Ok(recovered)) => self.recovered(id, recovered),
                Poll::Done(Err(error)) => {
                    self.tell_interrupted(id);
                    self.context.notices.push(Level::Error, Topic::Save, Some(id), error.to_string());
                }
                Poll::Running | Poll::Lost => {
                    let text = "Restoring stopped unexpectedly. It is safe to try again: reopen the file.";
                    self.context.notices.push(Level::Error, Topic::Interrupted, Some(id), text);
                }
            }
        }
    }

    fn recovered(&mut self, id: TabId, recovered: Option<Recovered>) {
        let Some(tab) = self.tabs.get_mut(id) else { return };
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
            let cached = file.cached.clone();
            self.context.cache.forget(&cached);
        }
        self.context.notices.clear(Topic::Interrupted, Some(id));
        self.context.notices.clear(Topic::Save, Some(id));
        if keeps_edits {
            self.settle_outside(id);
            self.resume_watch(id);
        } else {
            self.reload(id, false);
        }
        for warning in recovered.iter().flat_map(|recovered| &recovered.warnings) {
            self.context.notices.push(Level::Warning, Topic::Save, Some(id), warning.clone());
        }
        self.context.say(match recovered.map(|recovered| recovered.did) {
            Some(Verdict::RollBack) => format!("The old bytes of {title} were restored."),
            Some(Verdict::RollForward) => format!("The save of {title} was completed."),
            Some(_) => format!("{title} is intact. The journal was removed."),
            None => format!("There was nothing left to restore of {title}."),
        });
    }

    /// Shows what the file held before the save that was cut off, beside what it holds.
    pub(super) fn show_old_bytes(&mut self, id: TabId) {
        self.tell_interrupted(id);
        let Some(tab) = self.tabs.get(id) else { return };
        let (Some(pending), Some(file)) = (&tab.interrupted, &tab.file) else { return };
        let title = format!("{} before the save", tab.title);
        let generation = first_generation(
            &self.context.cache,
            Arc::new(Resized::new(file.cached.clone(), pending.old_len)),
        );
        if let Some(overlay) = pending.old_overlay(|journal| cached(&self.context.cache, journal)) {
            generation.publish(overlay);
        }
        let old = self.open_source(title, Arc::new(generation));
        if let Some(tab) = self.tabs.get_mut(old) {
            tab.locked = true;
        }
    }
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
                "A save of {title} was interrupted halfway. You see the bytes from before it. On the disk the file is a mix of old and new bytes until you restore it."
            ),
            restore("Restore"),
        ),
        Verdict::RollForward if !pending.is_settled() => (
            Level::Warning,
            format!(
                "A save of {title} was interrupted at its very end. You see the new bytes. On the disk the file still has its old length until you restore it."
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
                words::hex(at)
            ),
            vec![
                ("Show the old bytes", Action::Save(SaveAction::ShowOldBytes(id))),
                ("Restore the old bytes", Action::Save(SaveAction::Recover(id, RecoveryChoice::PutBackOld))),
                ("Keep the file", Action::Save(SaveAction::Recover(id, RecoveryChoice::KeepAsIs))),
            ],
        ),
    }
}
