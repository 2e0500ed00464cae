//! What was reported must hold: saved means new, also after a power cut; not saved means old, or a journal that leads
//! there; and the next attempt works, whatever the ones before have left.
//!
//! A warning takes the certainty away, and only that: the file is new, but a power cut may undo it.

use super::super::sim::{Crash, Fault, Keep};
use super::faults::{ATTRIBUTES, PLANNING};
use super::plan::{Side, Told};
use super::run::{Done, Finding, Run};
use pagelens::job::Progress;
use pagelens::save::{FileState, SaveError, save};
use std::path::PathBuf;
use std::sync::Arc;

/// How many attempts in a row may meet a fault of their own before one is sound.
pub const TRIES: u8 = 2;

impl Run<'_> {
    /// The edits, and what was edited, are still the caller's.
    pub fn check_snapshot(&self, done: &Done) -> Result<(), Finding> {
        let mut bytes = vec![0; self.plan.new.len()];
        match done.request.snapshot.read_at(0, &mut bytes) {
            Ok(()) if bytes == self.plan.new => Ok(()),
            Ok(()) => Err("the edits are gone".to_owned()),
            Err(error) => Err(format!("the edits can't be read: {error}")),
        }
    }

    /// The save was reported; with a warning, it may not outlast a power cut.
    pub fn check_reported(&mut self, done: &Done, certain: bool) -> Result<(), Finding> {
        let told = done.result.as_ref().map(|saved| saved.warnings.concat()).unwrap_or_default();
        self.told.rights_lost |= told.contains("were not restored");
        if certain {
            self.check_saved(done)?;
        } else if self.plan.side(&done.disk)? != Side::New && !self.plan.is_same() {
            return Err("SAVED with a warning, but the file is old".to_owned());
        }
        let mut state = done.disk.state();
        state.random = self.random.fork();
        state.crash(Crash::PowerLoss(Keep::random(&mut self.random)));
        self.counts.after_success += usize::from(certain);
        let settled = self.settle(state, certain.then_some(Side::New));
        let told = done.result.as_ref().map(|saved| &saved.warnings);
        settled.map(|_| ()).map_err(|finding| format!("saved ({told:?}), then a power cut: {finding}"))
    }

    pub fn check_refused(&mut self, done: &Done, error: &SaveError, tries: u8) -> Result<(), Finding> {
        let context = |finding: Finding| format!("{finding} [reported: {error}]");
        let left = left_by(error);
        self.told.rights_lost |= error.to_string().contains("were not restored");
        // Recovery, which the next attempt begins with, knows bytes alone.
        self.told.journal_left |= left.iter().any(|path| path.to_string_lossy().ends_with("journal"));
        match error.state() {
            FileState::Untouched | FileState::RolledBack => {
                self.told.left.extend(left);
                if self.plan.side(&done.disk).map_err(context)? != Side::Old && !self.plan.is_same() {
                    return Err(context("not saved, and changed".to_owned()));
                }
                let told = Told { is_reported: true, ..self.told.clone() };
                self.plan.check_others(&done.disk, &told).map_err(context)?;
            }
            FileState::Mixed(_) if left.is_empty() => {
                return Err(context("mixed without a journal".to_owned()));
            }
            FileState::Mixed(_) => {}
        }
        for crash in [Crash::Killed, Crash::PowerLoss(Keep::random(&mut self.random))] {
            let mut state = done.disk.state();
            state.random = self.random.fork();
            state.crash(crash);
            let certain = !matches!(error.state(), FileState::Mixed(_));
            self.settle(state.clone(), certain.then_some(Side::Old))
                .map_err(|finding| context(format!("then {crash:?}: {finding}")))?;
            if !certain {
                self.cut_recovery(state).map_err(|finding| context(format!("then {crash:?}, {finding}")))?;
            }
        }
        self.try_again(done, error, tries).map_err(|finding| context(format!("tried again: {finding}")))
    }

    /// What the user does next. The disk is sound again, or something else goes wrong; and there may be a crash.
    fn try_again(&mut self, done: &Done, error: &SaveError, tries: u8) -> Result<(), Finding> {
        let mut request = done.request.clone();
        // A dead disk does not tell what the file is now, so the user is asked, and says yes.
        request.allow_changed = error.version_now().is_none();
        if let Some(identity) = error.version_now() {
            request.target.version = Some(identity);
        }
        let progress = Arc::<Progress>::default();
        let at = done.disk.calls().len() + self.random.usize(..50);
        let script = (tries > 0 && self.random.bool()).then(|| self.random_fault(at, &progress));
        let times = script.as_ref().map_or(0, |script| script.times);
        let short = script.as_ref().is_some_and(|script| matches!(script.fault, Fault::Short));
        let told =
            script.as_ref().map(|script| format!("{:?} at call {at}, {} times", script.fault, script.times));
        done.disk.record_points();
        done.disk.set_script(script);
        let result = save(&*self.between.save_on(&done.disk, self.plan, None), request.clone(), &progress);
        done.disk.set_script(None);
        let (disk, points, calls) = (done.disk.clone(), done.disk.take_points(), done.disk.calls());
        let again = Done { disk, request, result, points, calls };
        let context = |finding: Finding| format!("{told:?}: {finding}");
        let failed = || again.calls.iter().skip(at).take(times);
        self.told.attributes_lost |= !self.in_place && failed().any(|call| ATTRIBUTES.contains(call));
        self.told.temps_left |= times > 1;
        self.in_place &= !failed().any(|call| PLANNING.contains(call));
        self.check_snapshot(&again).map_err(context)?;
        match &again.result {
            Ok(saved) if saved.warnings.is_empty() => self.check_reported(&again, true).map_err(context)?,
            Ok(_) if told.is_some() => self.check_reported(&again, false).map_err(context)?,
            Err(error) if told.is_some() => self.check_refused(&again, error, tries - 1).map_err(context)?,
            unexpected => return Err(format!("on a sound disk: {unexpected:?}")),
        }
        let Some(point) = self.random.choice(&again.points).filter(|_| !short) else { return Ok(()) };
        let crash = Crash::random(&mut self.random);
        let state = self.crashed(point, crash);
        let settled = self.settle(state, None);
        settled.map(|_| ()).map_err(|finding| {
            context(format!("{crash:?} at call {} ({}): {finding}", point.call, point.name))
        })
    }
}

/// What an error says that is left on the disk.
fn left_by(error: &SaveError) -> Vec<PathBuf> {
    match error {
        SaveError::BrokenOff { after, .. } => after.left_over.iter().chain(&after.journal).cloned().collect(),
        _ => Vec::new(),
    }
}
