//! What other programs and the disk itself may have done before, between and after: they changed the file, they hold
//! its lock, there is no room.
//!
//! A change of bytes that are not written, with the times as they were, is not looked for: it is kept as it is.

use super::super::sim::{Crash, Keep, SECTOR, SimDisk, State};
use super::plan::{Plan, everything};
use super::run::{Finding, Run};
use pagelens::job::Progress;
use pagelens::save::disk::Access;
use pagelens::save::recover::{RecoveryChoice, Verdict};
use pagelens::save::{Disk, FileState, SaveError, save};
use std::path::Path;

/// Sectors that are free on a disk that is nearly full.
const MOST_ROOM: u64 = 40;

impl Run<'_> {
    pub fn others(&mut self) -> Result<(), Finding> {
        self.others_wrote_before().map_err(|finding| format!("changed before the save: {finding}"))?;
        self.others_wrote_after().map_err(|finding| format!("changed after the crash: {finding}"))?;
        self.little_room().map_err(|finding| format!("little room: {finding}"))
    }

    /// Another program has changed a byte since the file was opened: anywhere, with a new time; or among those that
    /// were edited, with the times as they were.
    fn others_wrote_before(&mut self) -> Result<(), Finding> {
        let plan = self.plan;
        let Some(bytes) = plan.old.as_ref().filter(|bytes| !bytes.is_empty() && plan.is_saved_back()) else {
            return Ok(());
        };
        let disk = SimDisk::new(plan.state.clone());
        let request = plan.request(&disk);
        let edited = request.overwrites.as_ref().map(|overwrites| overwrites.spans.clone());
        let inside = edited
            .iter()
            .flatten()
            .map(|span| span.clamp_to(bytes.len() as u64))
            .find(|span| !span.is_empty());
        let (at, keep_times) = match inside {
            Some(span) if self.random.bool() => (span.start() as usize, true),
            _ => (self.random.usize(..bytes.len()), false),
        };
        disk.change_state(|state| flip(plan, state, at, keep_times));
        let before = everything(&disk.state());
        self.counts.others += 1;
        let result = save(&*self.between.save_on(&disk, plan, None), request.clone(), &Progress::default());
        let told = format!("byte {at}, times kept: {keep_times}");
        match result {
            Err(SaveError::ChangedOnDisk { .. }) if everything(&disk.state()) == before => Ok(()),
            Err(SaveError::ChangedOnDisk { .. }) => Err(format!("{told}: noticed, and yet written")),
            Err(error) => Err(format!("{told}: {error}")),
            Ok(_) => Err(format!("{told}: SILENT, it was overwritten")),
        }
    }

    /// Another program has changed an edited byte after a crash: recovery writes nothing until the user chooses.
    fn others_wrote_after(&mut self) -> Result<(), Finding> {
        let sound = self.save(None, &Progress::default());
        let Some(point) = self.random.choice(sound.points.iter()) else { return Ok(()) };
        let crash = Crash::random(&mut self.random);
        let state = self.crashed(point, crash);
        let disk = SimDisk::new(state);
        let Some(verdict) = self.look(&disk)? else { return Ok(()) };
        let now = disk.bytes(&self.plan.target).unwrap_or_default();
        let spans = sound.request.overwrites.map(|overwrites| overwrites.spans).unwrap_or_default();
        let written = spans.iter().map(|span| span.clamp_to(now.len() as u64)).find(|span| !span.is_empty());
        let Some(span) = written.filter(|_| verdict != Verdict::Unfinished) else { return Ok(()) };
        let told = format!("{crash:?} at call {}, byte {:#x}", point.call, span.start());
        disk.change_state(|state| flip(self.plan, state, span.start() as usize, false));
        self.counts.others += 1;
        self.conflict(&disk, span.start()).map_err(|finding| format!("{told}: {finding}"))
    }

    fn conflict(&mut self, disk: &SimDisk, at: u64) -> Result<(), Finding> {
        let plan = self.plan;
        let changed = everything(&disk.state());
        let verdict = self.look(disk)?;
        if !matches!(verdict, Some(Verdict::Conflict { at: found }) if found / SECTOR as u64 == at / SECTOR as u64)
        {
            return Err(format!("{verdict:?} where neither side is"));
        }
        match self.recover(disk) {
            Err(SaveError::NeedsRecovery { .. }) if everything(&disk.state()) == changed => {}
            answer => return Err(format!("recovery did not keep its hands off: {answer:?}")),
        }
        let chosen = |choice| {
            let copy = SimDisk::new(disk.state());
            self.recover_by(&copy, choice).map_err(|error| error.to_string())?;
            Ok::<_, Finding>(copy)
        };
        let kept = chosen(RecoveryChoice::KeepAsIs)?;
        if kept.bytes(&plan.target).as_ref() != changed.get(&plan.target) {
            return Err("kept as it is, and changed".to_owned());
        }
        plan.check_others(&kept, &self.told)?;
        let old = chosen(RecoveryChoice::PutBackOld)?;
        if old.bytes(&plan.target) != plan.old {
            return Err("the old bytes were chosen, and it holds others".to_owned());
        }
        plan.check_others(&old, &self.told)
    }

    /// The disk is nearly full, for the save and for recovery; then there is room again.
    fn little_room(&mut self) -> Result<(), Finding> {
        // Where holes are filled, the old bytes take more room than they had: every amount of room is tried.
        let all = 0..MOST_ROOM;
        let one = self.random.u64(..MOST_ROOM);
        let rooms = if self.plan.fills_holes() { all } else { one..one + 1 };
        for room in rooms {
            self.room_for(room).map_err(|finding| format!("{room} sectors: {finding}"))?;
        }
        Ok(())
    }

    fn room_for(&mut self, sectors: u64) -> Result<(), Finding> {
        let mut state = self.plan.state.clone();
        state.can.room = Some(u64::MAX);
        let used = u64::MAX - state.free(&[]).unwrap_or_default();
        state.can.room = Some(used + sectors * SECTOR as u64);
        state.can.copies_on_write = self.random.u8(..3) == 0;
        state.can.tells_room = self.random.u8(..3) == 0;
        let can = state.can;
        let done = self.save_from(state, None, &Progress::default());
        self.counts.others += 1;
        let roomy = |mut state: State| {
            state.can.room = None;
            SimDisk::new(state)
        };
        for point in &done.points {
            if self.random.u8(..4) > 0 {
                continue;
            }
            let crash = Crash::random(&mut self.random);
            let context = |finding| format!("{crash:?} at call {} ({}): {finding}", point.call, point.name);
            let disk = SimDisk::new(self.crashed(point, crash));
            // Without room it may fail; what it leaves must still lead to a whole.
            let answer = self.recover(&disk);
            if answer.is_ok() {
                self.plan.side(&disk).map_err(context)?;
            }
            let mut state = disk.state();
            state.crash(Crash::PowerLoss(Keep::random(&mut self.random)));
            self.settle(roomy(state).state(), None).map_err(context)?;
        }
        match &done.result {
            Ok(_) => self.check_saved(&done),
            // Where room can be set aside, a disk that is merely full never stops a save halfway.
            Err(error)
                if can.reserves && !can.copies_on_write && matches!(error.state(), FileState::Mixed(_)) =>
            {
                Err(format!("for want of room alone: {error}"))
            }
            Err(error) => {
                done.disk.change_state(|state| state.can.room = None);
                self.check_refused(&done, error, 0)
            }
        }
    }

    /// While another instance has the file, it is not written and not recovered.
    pub fn locked(&mut self) -> Result<(), Finding> {
        let plan = self.plan;
        if plan.old.is_none() || !plan.state.can.locks || plan.is_same() {
            return Ok(());
        }
        self.while_locked("saved", plan.state.clone(), |run, disk| {
            let request = plan.request(disk);
            let between = run.between.save_on(disk, plan, None);
            let saved = save(&*between, request, &Progress::default());
            saved.map(|_| ())
        })?;
        let sound = self.save(None, &Progress::default());
        let midway = sound.points.iter().rfind(|point| point.name == "sync" && self.in_place);
        midway.map_or(Ok(()), |point| self.while_locked("recovered", point.before.clone(), Self::recover))
    }

    fn while_locked(
        &mut self,
        what: &str,
        state: State,
        act: impl Fn(&Self, &SimDisk) -> Result<(), SaveError>,
    ) -> Result<(), Finding> {
        let disk = SimDisk::new(state);
        let held = disk.open(&self.plan.target, Access::Read).map_err(|error| error.to_string())?;
        held.try_lock().map_err(|error| error.to_string())?;
        let before = everything(&disk.state());
        self.counts.others += 1;
        match act(self, &disk) {
            Err(SaveError::InUse { .. }) if everything(&disk.state()) == before => Ok(()),
            answer => Err(format!("{what} while another instance has the lock: {answer:?}")),
        }
    }
}

/// Another program's change of one byte to what is on neither side.
pub fn flip(plan: &Plan, state: &mut State, at: usize, keep_times: bool) {
    flip_between(state, &plan.target, [plan.old.as_deref(), Some(&plan.new)], at, keep_times);
}

/// The same for a file that is neither of `sides`.
pub fn flip_between(state: &mut State, path: &Path, sides: [Option<&[u8]>; 2], at: usize, keep_times: bool) {
    let Some(file) = state.named(path) else { return };
    let times = state.files[file].now.times;
    let known = sides.map(|side| side.and_then(|side| side.get(at)));
    let now = state.files[file].now.bytes()[at];
    // A zero is what room that was set aside, or a cut end, reads as.
    let other = (1..=u8::MAX).find(|byte| *byte != now && !known.contains(&Some(byte)));
    let inode = state.change_by_others(file);
    inode.write(at as u64, &[other.unwrap_or_default()]);
    if keep_times {
        inode.now.times = times;
    }
}
