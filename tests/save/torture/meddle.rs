//! What another program, or another instance, does in the middle of a save.
//!
//! A change that comes before the last look at the file is noticed and kept; `races` has what comes later.

use super::super::sim::{SimDisk, State};
use super::super::tamper::Meddling;
use super::others::{flip, flip_between};
use super::plan::{Kind, Side, Told};
use super::run::{Finding, Run};
use pagelens::job::Progress;
use pagelens::save::disk::Privacy;
use pagelens::save::recover::{find, remove_strays};
use pagelens::save::{Disk, SaveError, Saved, save};
use std::path::Path;
use std::sync::Arc;

/// What another program writes under the new name.
const OTHERS: &[u8] = b"of another program";

impl Run<'_> {
    /// `calls` are those of a sound run.
    pub fn meddled(&mut self, calls: &[&'static str]) -> Result<(), Finding> {
        if self.plan.kind == Kind::Fresh {
            self.another_file_appears(calls).map_err(|finding| format!("another file appears: {finding}"))?;
        }
        if self.plan.is_saved_back() {
            self.others_write(calls).map_err(|finding| format!("changed while it is saved: {finding}"))?;
        }
        self.others_race().map_err(|finding| format!("another program races: {finding}"))?;
        self.others_look(calls).map_err(|finding| format!("another instance looks: {finding}"))
    }

    pub fn save_meddled(
        &mut self,
        at: usize,
        act: impl Fn(&SimDisk) + Send + Sync + 'static,
    ) -> (SimDisk, Result<Saved, SaveError>) {
        self.counts.others += 1;
        let mut state = self.plan.state.clone();
        state.random = self.random.fork();
        let disk = SimDisk::new(state);
        let request = self.plan.request(&disk);
        let between = self.between.save_on(&disk, self.plan, Some(Meddling { at, act: Arc::new(act) }));
        let result = save(&*between, request, &Progress::default());
        (disk, result)
    }

    /// Until the last look at it, a change of the file is noticed, and kept.
    fn others_write(&mut self, calls: &[&'static str]) -> Result<(), Finding> {
        let plan = self.plan;
        let last_look = match self.in_place {
            true => calls.iter().position(|call| *call == "try_lock"),
            // The temporary file's sync is the last call before that look.
            false => before_rename(calls).iter().rposition(|call| *call == "sync"),
        };
        let Some(last) = last_look.filter(|_| plan.state.can.locks && !plan.new.is_empty()) else {
            return Ok(());
        };
        let Some(bytes) = plan.old.as_ref().filter(|bytes| !bytes.is_empty()) else { return Ok(()) };
        let (at, byte) = (self.random.usize(..=last), self.random.usize(..bytes.len()));
        let mut expected = plan.state.clone();
        flip(plan, &mut expected, byte, false);
        let expected = SimDisk::new(expected).bytes(&plan.target);
        let (target, old, new) = (plan.target.clone(), bytes.clone(), plan.new.clone());
        let act = move |disk: &SimDisk| {
            let sides = [Some(&*old), Some(&*new)];
            disk.change_state(|state| flip_between(state, &target, sides, byte, false));
        };
        let (disk, result) = self.save_meddled(at, act);
        let told = format!("byte {byte} before call {at}");
        if disk.bytes(&plan.target) != expected {
            return Err(format!("{told}: SILENT, it was overwritten: {result:?}"));
        }
        match result {
            // A backup made as the change came may hold it too.
            Err(SaveError::ChangedOnDisk { .. }) => {
                let left = plan.backup_path().into_iter().collect();
                plan.check_others(&disk, &Told { left, ..self.told.clone() })
            }
            other => Err(format!("{told}: {other:?}")),
        }
    }

    /// A file of that name that appears while a fresh one is written is not replaced.
    fn another_file_appears(&mut self, calls: &[&'static str]) -> Result<(), Finding> {
        let first = calls.iter().position(|call| *call == "create_new").unwrap_or_default() + 1;
        let last = calls.iter().position(|call| *call == "rename_new").unwrap_or(first);
        let at = self.random.usize(first..=last);
        let target = self.plan.target.clone();
        let (disk, result) = self.save_meddled(at, move |disk| put(disk, &target));
        let kept = disk.bytes(&self.plan.target).as_deref() == Some(OTHERS);
        match result {
            Err(SaveError::ChangedOnDisk { .. } | SaveError::Exists { .. }) if kept => Ok(()),
            other => Err(format!("before call {at}: {other:?}")),
        }
    }

    /// Another instance that looks for interrupted saves takes nothing away.
    fn others_look(&mut self, calls: &[&'static str]) -> Result<(), Finding> {
        if !self.plan.state.can.locks {
            return Ok(());
        }
        let at = self.random.usize(..calls.len());
        let (target, fallback) = (self.plan.target.clone(), self.plan.fallback().map(Path::to_owned));
        let act = move |disk: &SimDisk| {
            // Whatever it sees: it is the save that is tested.
            let _ = find(disk, &target, fallback.as_deref());
            remove_strays(disk, &target);
        };
        let (disk, result) = self.save_meddled(at, act);
        match (&result, self.plan.side(&disk)) {
            (Ok(saved), Ok(side))
                if saved.warnings.is_empty() && (side == Side::New || self.plan.is_same()) =>
            {
                self.plan.check_others(&disk, &self.told)
            }
            // Between its creation and its lock a file looks like one that nobody is writing.
            (Err(_), Ok(_)) if at > 0 && calls[at - 1] == "create_new" => Ok(()),
            (_, side) => Err(format!("before call {at}: {result:?}, {side:?}")),
        }
    }
}

/// The calls up to the one that gives the new file its name.
fn before_rename<'a>(calls: &'a [&'static str]) -> &'a [&'static str] {
    let end = calls.iter().rposition(|call| ["rename", "exchange"].contains(call));
    &calls[..end.unwrap_or_default()]
}

fn put(disk: &SimDisk, path: &Path) {
    let state: State = disk.state();
    let other = SimDisk::new(state);
    let file = other.create_new(path, Privacy::Default).expect("the name is free");
    file.write_at(0, OTHERS).expect("there is room");
    let after = other.state();
    disk.change_state(|state| *state = after);
}
