//! Every call of a save fails, is short, is interrupted or meets a cancel; then the save is tried again.
//!
//! What was reported must hold: saved means new, also after a power cut; not saved means old, or a journal that leads
//! there. The calls of recovery fail the same way.

use super::super::sim::{Crash, Fault, Keep, Script, SimDisk, State};
use super::plan::{Side, Told};
use super::run::{Done, Effort, Finding, Run};
use pagelens::job::Progress;
use pagelens::save::{FileState, SaveError, save};
use std::path::PathBuf;
use std::sync::Arc;

/// Calls whose interruption, or whose late answer, can only be reported.
const JUDGED: [&str; 3] = ["rename", "rename_new", "exchange"];

/// Calls without which the owner, the mode or the attributes can't be kept.
const ATTRIBUTES: [&str; 7] =
    ["stat", "file stat", "attributes", "attribute", "set_owner", "set_mode", "set_attribute"];

impl Run<'_> {
    pub fn faults(&mut self, calls: usize, effort: Effort) -> Result<(), Finding> {
        for at in 0..calls {
            for _ in 0..effort.faults_per_call {
                let progress = Arc::<Progress>::default();
                let script = self.random_fault(at, &progress);
                let told = format!("{:?} at call {at}, {} times", script.fault, script.times);
                self.counts.faults += 1;
                self.fault(script, &progress).map_err(|finding| format!("{told}: {finding}"))?;
            }
        }
        Ok(())
    }

    fn random_fault(&mut self, at: usize, progress: &Arc<Progress>) -> Script {
        let fault = match self.random.u8(..8) {
            0 => Fault::Error(libc::EINTR),
            1 => Fault::Short,
            2 => Fault::Error(libc::ENOSPC),
            3 => Fault::ErrorAfter(libc::EIO),
            4 => Fault::Cancel(progress.clone()),
            _ => Fault::Error(libc::EIO),
        };
        let mild = matches!(fault, Fault::Error(libc::EINTR) | Fault::Cancel(_));
        let times = match self.random.u8(..4) {
            0 if !mild => usize::MAX,
            1 => 2,
            _ => 1,
        };
        Script { at, times, fault }
    }

    fn fault(&mut self, script: Script, progress: &Progress) -> Result<(), Finding> {
        let done = self.save(Some(script.clone()), progress);
        let call = done.calls.get(script.at).copied().unwrap_or("no call");
        let context = |finding: Finding| format!("({call}) {finding}");
        let harmless = matches!(script.fault, Fault::Error(libc::EINTR) | Fault::Short);
        if harmless
            && !JUDGED.contains(&call)
            && let Err(error) = &done.result
        {
            return Err(context(format!("harmless, and not saved: {error}")));
        }
        self.check_snapshot(&done).map_err(context)?;
        let warned = done.result.as_ref().is_ok_and(|saved| !saved.warnings.is_empty());
        // In a new file, what could not be read of the old one is missing, and a crash comes before the warning.
        let sound_way = self.in_place;
        let failed = || done.calls.iter().skip(script.at).take(script.times);
        // Without that answer another way may have been planned.
        self.in_place &= !failed().any(|call| *call == "shares_blocks");
        self.told.attributes_lost = !self.in_place && failed().any(|call| ATTRIBUTES.contains(call));
        self.told.temps_left = script.times > 1;
        match &done.result {
            Ok(_) => self.check_reported(&done, !warned).map_err(context)?,
            Err(error) => self.check_refused(&done, error).map_err(context)?,
        }
        self.told.left.clear();
        self.told.temps_left = false;
        self.crash_later(&done, &script).map_err(context)?;
        self.told = Told::default();
        self.in_place = sound_way;
        Ok(())
    }

    /// The edits, and what was edited, are still the caller's.
    fn check_snapshot(&self, done: &Done) -> Result<(), Finding> {
        let mut bytes = vec![0; self.plan.new.len()];
        match done.request.snapshot.read_at(0, &mut bytes) {
            Ok(()) if bytes == self.plan.new => Ok(()),
            Ok(()) => Err("the edits are gone".to_owned()),
            Err(error) => Err(format!("the edits can't be read: {error}")),
        }
    }

    fn check_reported(&mut self, done: &Done, certain: bool) -> Result<(), Finding> {
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
        settled.map(|_| ()).map_err(|finding| format!("saved, then a power cut: {finding}"))
    }

    pub fn check_refused(&mut self, done: &Done, error: &SaveError) -> Result<(), Finding> {
        let context = |finding: Finding| format!("{finding} [reported: {error}]");
        self.told.left = left_by(error);
        match error.state() {
            FileState::Untouched | FileState::RolledBack => {
                if self.plan.side(&done.disk).map_err(context)? != Side::Old && !self.plan.is_same() {
                    return Err(context("not saved, and changed".to_owned()));
                }
                self.plan.check_others(&done.disk, &self.told).map_err(context)?;
            }
            FileState::Mixed(_) if self.told.left.is_empty() => {
                return Err(context("mixed without a journal".to_owned()));
            }
            FileState::Mixed(_) => {}
        }
        for crash in [Crash::Killed, Crash::PowerLoss(Keep::random(&mut self.random))] {
            let mut state = done.disk.state();
            state.random = self.random.fork();
            state.crash(crash);
            let certain = !matches!(error.state(), FileState::Mixed(_));
            self.settle(state, certain.then_some(Side::Old))
                .map_err(|finding| context(format!("then {crash:?}: {finding}")))?;
        }
        self.try_again(done, error).map_err(|finding| context(format!("tried again: {finding}")))
    }

    /// What the user does next, on a disk that is sound again.
    fn try_again(&mut self, done: &Done, error: &SaveError) -> Result<(), Finding> {
        let mut request = done.request.clone();
        if let Some(identity) = error.identity_now() {
            request.identity = Some(identity.clone());
        } else {
            // A dead disk does not tell what the file is now, so the user is asked, and says yes.
            request.allow_changed = true;
        }
        let disk = self.between.save_on(&done.disk, self.plan);
        let again = save(&*disk, request.clone(), &Progress::default()).map_err(|error| error.to_string())?;
        if !again.warnings.is_empty() {
            return Err(format!("{:?}", again.warnings));
        }
        if self.plan.side(&done.disk)? != Side::New && !self.plan.is_same() {
            return Err("SAVED, but the file is old".to_owned());
        }
        self.plan.check_others(&done.disk, &self.told)?;
        let mut state = done.disk.state();
        state.random = self.random.fork();
        state.crash(Crash::PowerLoss(Keep::random(&mut self.random)));
        self.settle(state, Some(Side::New)).map(|_| ())
    }

    /// A crash somewhere after the fault, and faults in the recovery from that.
    fn crash_later(&mut self, done: &Done, script: &Script) -> Result<(), Finding> {
        let later: Vec<_> = done.points.iter().filter(|point| point.call > script.at).collect();
        // A short transfer may end inside a sector, of which a dead program leaves a mixture: see `Point::state`.
        if matches!(script.fault, Fault::Short) {
            return Ok(());
        }
        let Some(point) = self.random.choice(later) else { return Ok(()) };
        let crash = Crash::random(&mut self.random);
        let state = self.crashed(point, crash);
        let context = |finding| format!("later {crash:?} at call {} ({}): {finding}", point.call, point.name);
        self.settle(state.clone(), None).map_err(context)?;
        self.fault_in_recovery(state).map_err(context)
    }

    fn fault_in_recovery(&mut self, state: State) -> Result<(), Finding> {
        let sound = SimDisk::new(state.clone());
        self.recover(&sound).map_err(|error| format!("recovery: {error}"))?;
        let at = self.random.usize(..=sound.calls().len());
        let script = self.random_fault(at, &Arc::default());
        let told = format!("{:?} at call {at} of recovery, {} times", script.fault, script.times);
        let disk = SimDisk::new(state);
        disk.set_script(Some(script));
        let result = self.recover(&disk);
        disk.set_script(None);
        self.counts.faults_in_recovery += 1;
        let context = |finding: Finding| format!("{told}, {result:?}: {finding}");
        if result.is_ok() {
            let side = self.plan.side(&disk).map_err(context)?;
            let mut state = disk.state();
            state.crash(Crash::PowerLoss(Keep::random(&mut self.random)));
            self.settle(state, self.in_place.then_some(side)).map_err(context)?;
        }
        let mut state = disk.state();
        state.crash(Crash::random(&mut self.random));
        self.settle(state, None).map(|_| ()).map_err(context)
    }
}

/// What an error says that is left on the disk.
fn left_by(error: &SaveError) -> Vec<PathBuf> {
    match error {
        SaveError::BrokenOff { after, .. } => after.left_over.iter().chain(&after.journal).cloned().collect(),
        _ => Vec::new(),
    }
}
