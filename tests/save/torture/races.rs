//! Another program appends, patches, truncates or replaces the file at any moment of a save. What it wrote is in the file
//! afterwards, or is kept, or the save says that something was written: never lost in silence.
//!
//! Where the system tells who writes, or where names can be swapped, that holds at every moment. Elsewhere a moment stays
//! between the last look and the write after it, so there the other program comes before that look.

use super::super::sim::{SECTOR, SimDisk, State};
use super::super::tamper::{Before, Role, Step, Tampered};
use super::others::flip_between;
use super::plan::Plan;
use super::run::{Finding, Run};
use pagelens::job::Progress;
use pagelens::save::disk::Privacy;
use pagelens::save::{Disk, FileState, SaveError, Saved, save};
use std::ffi::OsStr;
use std::path::Path;

/// What another program writes at the end, or instead of all there is.
const OTHERS: &[u8] = b"of another program";

/// What another program does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Append,
    /// A byte at that place becomes one that is on neither side.
    Patch(usize),
    Truncate(usize),
    Replace,
}

/// A sound save, step by step.
struct Steps(Vec<Step>);

impl Steps {
    fn of(plan: &Plan) -> Self {
        let disk = SimDisk::new(plan.state.clone());
        let request = plan.request(&disk);
        let before = Before { target: plan.target.clone(), ..Before::default() };
        let recorded = Tampered::new(&disk, before, None, None);
        // Whatever it answers: the plan's own run has judged it.
        let _ = save(&recorded, request, &Progress::default());
        Self(recorded.steps())
    }

    fn last(&self, call: &str, role: Role) -> Option<usize> {
        self.0.iter().rposition(|step| (step.call, step.role) == (call, role))
    }

    fn first_of(&self, calls: &[&str], role: Role) -> Option<usize> {
        self.0.iter().position(|step| calls.contains(&step.call) && step.role == role)
    }

    /// The last such step before `end`.
    fn last_before(&self, end: usize, call: &str, role: Role) -> Option<usize> {
        self.0[..end].iter().rposition(|step| (step.call, step.role) == (call, role))
    }

    /// Before which steps from `from` on `deed` is found out.
    fn moments(&self, plan: &Plan, in_place: bool, deed: Deed, from: usize) -> Vec<usize> {
        let is_untold = in_place && !plan.state.can.tells_writes;
        match deed {
            Deed::Truncate(_) if is_untold => {
                (from..self.0.len()).filter(|at| self.finds_truncation(*at)).collect()
            }
            _ => (from..=self.last_moment(plan, in_place, deed).max(from)).collect(),
        }
    }

    /// Whether what comes next after step `at` that could make the file longer again is preceded by a look.
    fn finds_truncation(&self, at: usize) -> bool {
        let touches = |step: &Step| {
            step.role == Role::Target && ["write_at", "set_len", "reserve"].contains(&step.call)
        };
        let Some(next) = self.0[at..].iter().position(touches).map(|next| at + next) else { return true };
        if self.0[next].call != "write_at" {
            return self.last_before(next, "file stat", Role::Target).is_some_and(|looked| at <= looked);
        }
        // The bytes of a chunk are read since what was done before, in one go or in several.
        let done = self.0[..next].iter().rposition(touches);
        let begun = done.max(self.last_before(next, "file stat", Role::Target)).unwrap_or_default();
        let is_read = |step: &Step| (step.call, step.role) == ("read_at", Role::Target);
        self.0[begun..next].iter().position(is_read).is_some_and(|read| at <= begun + read)
    }

    /// Up to which step `deed` is found out.
    fn last_moment(&self, plan: &Plan, in_place: bool, deed: Deed) -> usize {
        let (can, end) = (plan.state.can, self.0.len().saturating_sub(1));
        let renamed = self.last("rename", Role::Target).filter(|_| !in_place && !can.exchanges);
        match (deed, renamed) {
            // That another file has the name is seen by looking for it, or by what was displaced, alone.
            (Deed::Replace, Some(renamed)) => {
                return self.last_before(renamed, "stat", Role::Target).unwrap_or_default();
            }
            // What is written is told by the handle of the old file, right after the rename too.
            (_, Some(renamed)) => return if can.tells_writes { end } else { renamed },
            (Deed::Replace, None) => return end,
            (_, None) if can.tells_writes || !in_place => return end,
            (_, None) => {}
        }
        let writes = ["write_at", "set_len", "reserve"];
        let touched = self.first_of(&writes, Role::Target).unwrap_or(end);
        let looked = self.last_before(touched, "file stat", Role::Target).unwrap_or_default();
        match (deed, self.first_of(&["write_at"], Role::Target)) {
            // The bytes of the first chunk are read again right before they are written.
            (Deed::Patch(at), Some(written)) if at as u64 == self.0[written].offset => {
                self.last_before(written, "read_at", Role::Target).unwrap_or(looked).max(looked)
            }
            (Deed::Append, _) => {
                let cut = self.first_of(&["set_len"], Role::Target);
                let asked = cut.and_then(|cut| self.last_before(cut, "file stat", Role::Target));
                asked.unwrap_or(looked)
            }
            _ => looked,
        }
    }
}

impl Run<'_> {
    pub fn others_race(&mut self) -> Result<(), Finding> {
        let plan = self.plan;
        let Some(old) = plan.old.as_ref().filter(|_| plan.state.can.locks && !plan.is_same()) else {
            return Ok(());
        };
        let steps = Steps::of(plan);
        // Room that is set aside in holes makes a file that was cut off as long as before.
        let races = if self.is_untold() && plan.fills_holes() { RACES * 8 } else { RACES };
        for _ in 0..races {
            let deed = self.deed(old.len().min(plan.new.len()), &steps);
            // What is there when a save over another file is planned is what the user has agreed to lose.
            let planned = steps.first_of(&["stat"], Role::Target).map_or(0, |at| at + 1);
            let from = if plan.is_saved_back() { 0 } else { planned };
            let moments = steps.moments(plan, self.in_place, deed, from);
            let Some(at) = self.random.choice(moments) else { continue };
            self.race(&steps, deed, at).map_err(|finding| {
                let step = steps.0.get(at);
                format!("{deed:?} before step {at} ({step:?}) of {}: {finding}", steps.0.len())
            })?;
        }
        Ok(())
    }

    /// Whether nothing tells who writes to the file while it is.
    fn is_untold(&self) -> bool {
        self.in_place && !self.plan.state.can.tells_writes
    }

    fn deed(&mut self, len: usize, steps: &Steps) -> Deed {
        // A length is all that gives a cut end away there.
        if len > 0 && self.is_untold() && self.random.bool() {
            return Deed::Truncate(self.random.usize(..len));
        }
        let written = steps.first_of(&["write_at"], Role::Target).map(|at| steps.0[at].offset as usize);
        match self.random.u8(..5) {
            0 => Deed::Append,
            1 if len > 0 => Deed::Truncate(self.random.usize(..len)),
            2 => Deed::Replace,
            3 if len > 0 => Deed::Patch(self.random.usize(..len)),
            _ => match written.filter(|written| *written < len) {
                Some(written) => Deed::Patch(written),
                None => Deed::Append,
            },
        }
    }

    fn race(&mut self, steps: &Steps, deed: Deed, at: usize) -> Result<(), Finding> {
        let plan = self.plan;
        let (target, old, new) = (plan.target.clone(), plan.old.clone(), plan.new.clone());
        let (disk, result) = self.save_meddled(at, move |disk| {
            disk.change_state(|state| act(state, &target, deed, [old.as_deref(), Some(&new)]));
        });
        let is_kept = is_kept(&disk, plan, deed);
        match &result {
            Err(error)
                if error.state() != FileState::Untouched && matches!(error.state(), FileState::Mixed(_)) =>
            {
                self.check_journal(&disk)
            }
            // In place, what came between the last look and the write is gone, but said.
            Err(_) if is_kept || self.in_place => self.check_replaced(steps, deed, at, &result),
            Err(error) => Err(format!("refused, and what was written is gone: {error}")),
            Ok(saved) if !saved.warnings.is_empty() => Ok(()),
            Ok(_) if !is_kept => Err("SILENT: saved, and what was written is gone".to_owned()),
            Ok(_)
                if deed == Deed::Replace
                    && can_replace(plan)
                    && steps.last("stat", Role::Target).is_some_and(|last| at <= last) =>
            {
                Err("saved, but another file had the name before it was asked for".to_owned())
            }
            Ok(_) => Ok(()),
        }
    }

    /// What is told to be mixed can be put right by its journal, when the user says so.
    fn check_journal(&mut self, disk: &SimDisk) -> Result<(), Finding> {
        match self.look(disk)? {
            Some(_) => Ok(()),
            None => Err("mixed without a journal".to_owned()),
        }
    }

    /// As long as the journal is not marked, a file that has lost its name gets its old bytes back.
    fn check_replaced(
        &self,
        steps: &Steps,
        deed: Deed,
        at: usize,
        result: &Result<Saved, SaveError>,
    ) -> Result<(), Finding> {
        let written = steps.last("write_at", Role::Target).filter(|_| self.in_place && deed == Deed::Replace);
        let asked = written.and_then(|written| {
            let later =
                steps.0[written..].iter().position(|step| (step.call, step.role) == ("stat", Role::Target));
            later.map(|later| written + later)
        });
        match result {
            Err(error @ SaveError::Replaced { .. }) if asked.is_some_and(|asked| at <= asked) => {
                Err(format!("the old bytes were not put back: {error}"))
            }
            _ => Ok(()),
        }
    }
}

/// For each plan.
const RACES: usize = 4;

fn act(state: &mut State, target: &Path, deed: Deed, sides: [Option<&[u8]>; 2]) {
    let Some(file) = state.named(target) else { return };
    let len = state.files[file].now.len;
    match deed {
        Deed::Append => state.change_by_others(file).write(len, OTHERS),
        Deed::Truncate(to) if (to as u64) < len => state.change_by_others(file).set_len(to as u64),
        Deed::Patch(at) if (at as u64) < len => flip_between(state, target, sides, at, false),
        Deed::Truncate(_) | Deed::Patch(_) => {}
        Deed::Replace => replace(state, target),
    }
}

fn replace(state: &mut State, target: &Path) {
    let other = state.add_file(0o600);
    state.change_by_others(other).write(0, OTHERS);
    let folder = target.parent().unwrap_or(target);
    let name = target.file_name().unwrap_or(OsStr::new(""));
    // In a folder that can't be written nobody replaces anything.
    let _ = state.rename(folder, &[(name, Some(other))]);
}

/// Whether what another program did is still to be seen: in the file, or in one that was kept.
fn is_kept(disk: &SimDisk, plan: &Plan, deed: Deed) -> bool {
    let state = disk.state();
    let mut files = super::plan::everything(&state);
    files.retain(|path, _| !path.to_string_lossy().ends_with(".pagelens-journal"));
    let sides = [plan.old.as_deref(), Some(&plan.new)];
    files.values().any(|bytes| match deed {
        Deed::Append => bytes.ends_with(OTHERS),
        Deed::Replace => bytes == OTHERS || !can_replace(plan),
        Deed::Truncate(to) => bytes.len() == to,
        Deed::Patch(at) => {
            let known = sides.map(|side| side.and_then(|side| side.get(at)));
            bytes.get(at).is_none_or(|byte| !known.contains(&Some(byte)))
        }
    })
}

fn can_replace(plan: &Plan) -> bool {
    plan.target.parent().is_none_or(|folder| !plan.state.read_only_folders.contains(folder))
}

const _: () = assert!(OTHERS.len() < SECTOR, "written in one go");

/// Where another program may write while nobody looks, a file of the simulated disk says who it was.
#[test]
fn a_watch_tells_of_others_and_not_of_oneself() {
    let disk = SimDisk::new(State::new(1, &[Path::new("/disk")]));
    let path = Path::new("/disk/file");
    let file = disk.create_new(path, Privacy::Default).expect("made");
    let watch = file.watch_writes().expect("it tells");
    file.write_at(0, b"own").expect("written");
    assert!(!watch.others_wrote().expect("told"));
    disk.change_state(|state| act(state, path, Deed::Append, [None, None]));
    assert!(watch.others_wrote().expect("told"));
    assert!(!file.watch_writes().expect("it tells").others_wrote().expect("told"), "only from now on");
}
