//! Every call of a save fails, is short, is interrupted or meets a cancel, and so do calls of recovery.
//!
//! What is made of what was reported is in `reports`; here is what goes wrong, and a crash that comes on top of it.

use super::super::sim::{Crash, Fault, Keep, Script, SimDisk, State};
use super::plan::{Side, Told};
use super::reports::TRIES;
use super::run::{Done, Effort, Finding, Run};
use pagelens::job::Progress;
use pagelens::save::recover::{RecoveryChoice, Verdict};
use std::sync::Arc;

/// Calls whose interruption, or whose late answer, can only be reported.
const JUDGED: [&str; 3] = ["rename", "rename_new", "exchange"];

/// Calls without which the owner, the mode or the attributes can't be kept.
pub const ATTRIBUTES: [&str; 7] =
    ["stat", "file stat", "attributes", "attribute", "set_owner", "set_mode", "set_attribute"];

/// Calls without whose answer another way may be planned.
pub const PLANNING: [&str; 2] = ["may_write", "shares_blocks"];

impl Run<'_> {
    /// `calls` are those of a sound run.
    pub fn faults(&mut self, calls: &[&'static str], effort: Effort) -> Result<(), Finding> {
        for (at, call) in calls.iter().enumerate() {
            for _ in 0..effort.faults_per_call {
                let progress = Arc::<Progress>::default();
                let script = self.random_fault(at, &progress);
                self.told_fault(script, &progress)?;
            }
            // The worst that can happen: each number of failures in a row leads another way.
            let times =
                [1, 2, 3, usize::MAX].into_iter().filter(|_| *call == "sync" && effort.faults_per_call > 0);
            for times in times {
                let script = Script { at, times, fault: Fault::Error(libc::EIO) };
                self.told_fault(script, &Progress::default())?;
            }
        }
        Ok(())
    }

    fn told_fault(&mut self, script: Script, progress: &Progress) -> Result<(), Finding> {
        let told = format!("{:?} at call {}, {} times", script.fault, script.at, script.times);
        self.counts.faults += 1;
        self.fault(script, progress).map_err(|finding| format!("{told}: {finding}"))
    }

    pub fn random_fault(&mut self, at: usize, progress: &Arc<Progress>) -> Script {
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
        self.in_place &= !failed().any(|call| PLANNING.contains(call));
        self.told.attributes_lost = !self.in_place && failed().any(|call| ATTRIBUTES.contains(call));
        self.told.temps_left = script.times > 1;
        match &done.result {
            Ok(_) => self.check_reported(&done, !warned).map_err(context)?,
            Err(error) => self.check_refused(&done, error, TRIES).map_err(context)?,
        }
        self.told.left.clear();
        self.told.temps_left = false;
        self.crash_later(&done, &script).map_err(context)?;
        self.told = Told::default();
        self.in_place = sound_way;
        Ok(())
    }

    /// A crash somewhere after the fault, and faults in the recovery from that.
    fn crash_later(&mut self, done: &Done, script: &Script) -> Result<(), Finding> {
        let later: Vec<_> = done.points.iter().filter(|point| point.call > script.at).collect();
        let Some(point) = self.random.choice(later) else { return Ok(()) };
        let crash = Crash::random(&mut self.random);
        let state = self.crashed(point, crash);
        let context = |finding| format!("later {crash:?} at call {} ({}): {finding}", point.call, point.name);
        if matches!(script.fault, Fault::Short) {
            return self.settle_torn(state).map_err(context);
        }
        self.settle(state.clone(), None).map_err(context)?;
        self.fault_in_recovery(state).map_err(context)
    }

    /// A short transfer may end inside a sector, and a program that dies then leaves a sector that is neither. Recovery
    /// can't tell that from another program's work, so it may keep its hands off, until the user chooses.
    fn settle_torn(&mut self, state: State) -> Result<(), Finding> {
        let disk = SimDisk::new(state.clone());
        if !matches!(self.look(&disk)?, Some(Verdict::Conflict { .. })) {
            return self.settle(state, None).map(|_| ());
        }
        self.recover_by(&disk, RecoveryChoice::PutBackOld).map_err(|error| format!("torn: {error}"))?;
        match self.plan.side(&disk)? {
            Side::New if !self.plan.is_same() => Err("the old bytes were chosen, and it is new".to_owned()),
            _ => Ok(()),
        }
    }

    fn fault_in_recovery(&mut self, state: State) -> Result<(), Finding> {
        let sound = SimDisk::new(state.clone());
        self.recover(&sound).map_err(|error| format!("recovery: {error}"))?;
        let calls = sound.calls();
        let syncs: Vec<usize> = (0..calls.len()).filter(|at| calls[*at] == "sync").collect();
        // A failed sync is the worst that can happen, and one call of many.
        let sync = self.random.choice(&syncs).copied().filter(|_| self.random.bool());
        let at = sync.unwrap_or(self.random.usize(..=calls.len()));
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
