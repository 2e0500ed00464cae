//! One plan: saved soundly once, then cut off at every call, in its recovery, and in the recovery of that.
//!
//! Each check answers what it found wrong, in words, instead of failing: the mutations are run by the same checks and
//! must be found wrong.

use super::super::sim::{Crash, Keep, Point, Script, SimDisk, State};
use super::super::tamper::{Before, Meddling, Tampered};
use super::plan::{Plan, Side, Told};
use pagelens::job::Progress;
use pagelens::save::recover::{self, RecoveryChoice, Verdict};
use pagelens::save::{Disk, SaveError, SaveRequest, SaveWay, Saved, save};
use std::ops::AddAssign;

/// What stands between the engine and the disk.
pub trait Between: Sync {
    fn save_on(&self, disk: &SimDisk, plan: &Plan, meddling: Option<Meddling>) -> Box<dyn Disk>;
    fn recover_on(&self, disk: &SimDisk, plan: &Plan) -> Box<dyn Disk>;
}

/// Nothing.
pub struct Nothing;

impl Between for Nothing {
    fn save_on(&self, disk: &SimDisk, plan: &Plan, meddling: Option<Meddling>) -> Box<dyn Disk> {
        match meddling {
            None => Box::new(disk.clone()),
            some => Box::new(Tampered::new(
                disk,
                Before { target: plan.target.clone(), ..Before::default() },
                None,
                some,
            )),
        }
    }

    fn recover_on(&self, disk: &SimDisk, _: &Plan) -> Box<dyn Disk> {
        Box::new(disk.clone())
    }
}

/// How much of everything is done.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    pub cuts_per_point: usize,
    pub nested_per_point: usize,
    /// Faults for each call of a save.
    pub faults_per_call: usize,
    /// Another instance has the file: this waits for it in earnest.
    pub locked: bool,
}

/// What was done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub plans: usize,
    pub in_place: usize,
    pub kills: usize,
    pub power_losses: usize,
    pub nested: usize,
    pub after_success: usize,
    pub faults: usize,
    pub faults_in_recovery: usize,
    pub others: usize,
}

impl Counts {
    /// In one line.
    pub fn line(&self) -> String {
        format!(
            "{} plans ({} in place): {} kills, {} power losses, {} nested crashes, {} power cuts after 'saved', {} failing calls in saves and {} in recoveries, {} other programs",
            self.plans,
            self.in_place,
            self.kills,
            self.power_losses,
            self.nested,
            self.after_success,
            self.faults,
            self.faults_in_recovery,
            self.others
        )
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.plans += more.plans;
        self.in_place += more.in_place;
        self.kills += more.kills;
        self.power_losses += more.power_losses;
        self.nested += more.nested;
        self.after_success += more.after_success;
        self.faults += more.faults;
        self.faults_in_recovery += more.faults_in_recovery;
        self.others += more.others;
    }
}

/// How deep crashes of recoveries are nested.
const DEPTH: usize = 3;

/// One in so many recoveries is followed by another, and by a power cut.
const CHECKED_AGAIN: u8 = 4;

pub type Finding = String;

/// A plan under torture.
pub struct Run<'a> {
    pub plan: &'a Plan,
    pub between: &'a dyn Between,
    pub random: fastrand::Rng,
    pub counts: Counts,
    /// What the save under way has told.
    pub told: Told,
    /// Only the journal says what becomes of the file: what recovery has made of it stays. A rename that was not
    /// reported may be forgotten later.
    pub in_place: bool,
}

/// A save that ran to its end.
pub struct Done {
    pub disk: SimDisk,
    pub request: SaveRequest,
    pub result: Result<Saved, SaveError>,
    pub points: Vec<Point>,
    pub calls: Vec<&'static str>,
}

impl<'a> Run<'a> {
    pub fn new(plan: &'a Plan, between: &'a dyn Between) -> Self {
        let random = fastrand::Rng::with_seed(plan.seed ^ 0x5eed);
        let (counts, told) = (Counts::default(), Told::default());
        Self { plan, between, random, counts, told, in_place: false }
    }

    /// Everything that is done to a plan.
    ///
    /// # Errors
    /// The first thing that went wrong.
    pub fn all(mut self, effort: Effort) -> Result<Counts, Finding> {
        self.counts.plans = 1;
        let sound = self.save(None, &Progress::default());
        self.check_sound(&sound)?;
        self.crashes(&sound, effort)?;
        self.after_success(&sound)?;
        self.others()?;
        self.meddled(&sound.calls)?;
        if effort.locked {
            self.locked()?;
        }
        self.faults(&sound.calls, effort)?;
        Ok(self.counts)
    }

    pub fn save(&mut self, script: Option<Script>, progress: &Progress) -> Done {
        self.save_from(self.plan.state.clone(), script, progress)
    }

    pub fn save_from(&mut self, mut state: State, script: Option<Script>, progress: &Progress) -> Done {
        state.random = self.random.fork();
        let disk = SimDisk::recording(state);
        disk.set_script(script);
        let request = self.plan.request(&disk);
        let result = save(&*self.between.save_on(&disk, self.plan, None), request.clone(), progress);
        disk.set_script(None);
        Done { points: disk.take_points(), calls: disk.calls(), disk, request, result }
    }

    fn check_sound(&mut self, sound: &Done) -> Result<(), Finding> {
        let context = |finding: Finding| format!("a sound save: {finding}");
        let saved = sound.result.as_ref().map_err(|error| context(error.to_string()))?;
        self.in_place = saved.way == SaveWay::InPlace;
        self.counts.in_place += usize::from(self.in_place);
        if !saved.warnings.is_empty() {
            return Err(context(format!("{:?}", saved.warnings)));
        }
        let private = sound.points.iter().try_for_each(|point| self.plan.check_private(&point.before));
        private.and_then(|()| self.check_saved(sound)).map_err(context)
    }

    /// What holds once a save was reported.
    pub fn check_saved(&self, done: &Done) -> Result<(), Finding> {
        if self.plan.side(&done.disk)? == Side::Old && !self.plan.is_same() {
            return Err("SAVED, but the file is old".to_owned());
        }
        let known = done.result.as_ref().ok().and_then(|saved| saved.version.as_file());
        if known != done.disk.identity(&self.plan.target).as_ref() {
            return Err("the identity told is not that of the file".to_owned());
        }
        self.plan.check_others(&done.disk, &Told { is_reported: true, ..self.told.clone() })?;
        self.plan.check_backup(&done.disk)
    }

    fn crashes(&mut self, sound: &Done, effort: Effort) -> Result<(), Finding> {
        for point in &sound.points {
            let at = |finding: Finding, what: String| {
                format!("call {} ({}), {what}: {finding}", point.call, point.name)
            };
            let state = self.crashed(point, Crash::Killed);
            self.counts.kills += 1;
            self.settle(state, None).map_err(|finding| at(finding, "killed".to_owned()))?;
            for _ in 0..effort.cuts_per_point {
                let crash = Crash::PowerLoss(Keep::random(&mut self.random));
                let state = self.crashed(point, crash);
                self.counts.power_losses += 1;
                self.settle(state, None).map_err(|finding| at(finding, format!("{crash:?}")))?;
            }
            for _ in 0..effort.nested_per_point {
                let crash = Crash::random(&mut self.random);
                let state = self.crashed(point, crash);
                let mut told = format!("{crash:?}");
                let settled = self.nest(state, DEPTH, &mut told);
                settled.map_err(|finding| at(finding, told))?;
            }
        }
        Ok(())
    }

    pub fn crashed(&mut self, point: &Point, crash: Crash) -> State {
        let mut state = point.state(&mut self.random);
        state.crash(crash);
        state
    }

    /// Recovers and crashes in the middle of it, again and again, then lets it end.
    fn nest(&mut self, state: State, depth: usize, told: &mut String) -> Result<(), Finding> {
        let mut state = state;
        for _ in 0..depth {
            let disk = SimDisk::recording(state.clone());
            let verdict = self.look(&disk)?;
            self.recover(&disk)
                .map_err(|error| format!("{verdict:?}, {:?}: {error}", self.plan.side(&disk)))?;
            told.push_str(&format!(", {verdict:?}"));
            let points = disk.take_points();
            let Some(point) = self.random.choice(&points) else { break };
            let crash = Crash::random(&mut self.random);
            told.push_str(&format!(", then {crash:?} at call {} of recovery ({})", point.call, point.name));
            state = self.crashed(point, crash);
            self.counts.nested += 1;
            if self.random.bool() {
                break;
            }
        }
        self.settle(state, None).map(|_| ())
    }

    /// Recovers, with a crash at every call of that: what was told to be mixed is the worst there is to recover from.
    pub fn cut_recovery(&mut self, state: State) -> Result<(), Finding> {
        let disk = SimDisk::recording(state);
        self.recover(&disk).map_err(|error| format!("recovery: {error}"))?;
        for point in disk.take_points() {
            let crash = Crash::random(&mut self.random);
            let state = self.crashed(&point, crash);
            self.counts.nested += 1;
            self.settle(state, None).map_err(|finding| {
                format!("then {crash:?} at call {} of recovery ({}): {finding}", point.call, point.name)
            })?;
        }
        Ok(())
    }

    /// A power cut, or a kill and one later, after a save was reported.
    fn after_success(&mut self, sound: &Done) -> Result<(), Finding> {
        for keep in [Keep(0), Keep(255), Keep(128), Keep::random(&mut self.random)] {
            let mut state = sound.disk.state();
            state.random = self.random.fork();
            state.crash(Crash::PowerLoss(keep));
            self.counts.after_success += 1;
            let context = |finding| format!("after success, {keep:?}: {finding}");
            let disk = SimDisk::new(state.clone());
            if let Some(verdict) = self.look(&disk).map_err(context)? {
                return Err(context(format!("the journal is back: {verdict:?}")));
            }
            self.plan.check_backup(&disk).map_err(context)?;
            self.told.is_reported = true;
            self.settle(state, Some(Side::New)).map_err(context)?;
            self.told.is_reported = false;
        }
        Ok(())
    }

    /// Recovers for good, and looks at what that has led to. Answers the side.
    pub fn settle(&mut self, state: State, expected: Option<Side>) -> Result<Side, Finding> {
        let disk = SimDisk::new(state);
        let verdict = self.look(&disk)?;
        self.recover(&disk).map_err(|error| format!("{verdict:?}, {:?}: {error}", self.plan.side(&disk)))?;
        let side = self.plan.side(&disk)?;
        let is_told = match verdict {
            Some(Verdict::RollForward) => side == Side::New,
            Some(_) => side == Side::Old,
            None => true,
        };
        let same = self.plan.is_same();
        if !is_told && !same {
            return Err(format!("{verdict:?} was told and the file is {side:?}"));
        }
        if expected.is_some_and(|expected| expected != side) && !same {
            return Err(format!("LOST: the file is {side:?}"));
        }
        self.plan.check_others(&disk, &self.told)?;
        if self.random.u8(..CHECKED_AGAIN) == 0 {
            self.settle_again(&disk, side, verdict.is_some())?;
        }
        Ok(side)
    }

    /// What recovery has done is done: it finds nothing more to do, also when the power goes right after.
    fn settle_again(&mut self, disk: &SimDisk, side: Side, had_journal: bool) -> Result<(), Finding> {
        let before = disk.state();
        self.recover(disk).map_err(|error| format!("recovery again: {error}"))?;
        if disk.state().version != before.version {
            return Err("recovery did something a second time".to_owned());
        }
        let mut state = before;
        state.random = self.random.fork();
        state.crash(Crash::PowerLoss(Keep::random(&mut self.random)));
        let disk = SimDisk::new(state);
        if let Some(verdict) = self.look(&disk)?.filter(|_| had_journal) {
            return Err(format!("power cut after recovery: the journal is back: {verdict:?}"));
        }
        self.recover(&disk).map_err(|error| format!("recovery after a later power cut: {error}"))?;
        let later =
            self.plan.side(&disk).map_err(|finding| format!("power cut after recovery: {finding}"))?;
        if self.in_place && later != side && !self.plan.is_same() {
            return Err(format!("power cut after recovery: was {side:?}, is {later:?}"));
        }
        self.plan.check_others(&disk, &self.told)?;
        // A swap of names that was not reported may be forgotten, and so may the one that took it back.
        if later == Side::Old { self.save_after(&disk) } else { Ok(()) }
    }

    /// Opened again after a recovery, the file takes the same edits.
    fn save_after(&mut self, disk: &SimDisk) -> Result<(), Finding> {
        let request = self.plan.request(disk);
        let between = self.between.save_on(disk, self.plan, None);
        let saved = save(&*between, request, &Progress::default());
        let saved = saved.map_err(|error| format!("saved after recovery: {error}"))?;
        match self.plan.side(disk) {
            Ok(Side::Old) if !self.plan.is_same() => Err("saved after recovery, and old".to_owned()),
            Ok(_) if saved.warnings.is_empty() => Ok(()),
            side => Err(format!("saved after recovery: {side:?}, {:?}", saved.warnings)),
        }
    }

    /// What recovery says that it would do; looking changes nothing.
    pub fn look(&self, disk: &SimDisk) -> Result<Option<Verdict>, Finding> {
        let before = disk.state().version;
        let between = self.between.recover_on(disk, self.plan);
        let found = recover::find(&*between, &self.plan.target, self.plan.fallback());
        let found = found.map_err(|error| format!("looking: {error}"))?;
        if disk.state().version != before {
            return Err("looking has changed something".to_owned());
        }
        Ok(found.map(|pending| pending.verdict))
    }

    pub fn recover(&self, disk: &SimDisk) -> Result<(), SaveError> {
        self.recover_by(disk, RecoveryChoice::Safe)
    }

    pub fn recover_by(&self, disk: &SimDisk, choice: RecoveryChoice) -> Result<(), SaveError> {
        let between = self.between.recover_on(disk, self.plan);
        recover::recover(&*between, &self.plan.target, self.plan.fallback(), choice)?;
        recover::remove_strays(&*between, &self.plan.target);
        Ok(())
    }
}
