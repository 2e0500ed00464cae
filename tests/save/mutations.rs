//! Engines with one step wrong: dropped, put off, or falsified, at least one for each numbered step of a save in place,
//! of a rewrite and of recovery. The torture must find each of them; a table tells by which seed and what.
//!
//! Step 8 of a save in place, what readers of the old bytes are given, is no call to the disk: `generations` has it.

use super::sim::SimDisk;
use super::tamper::{Before, Meddling, Memory, Role, Step, Tampered};
use super::torture::{Between, EFFORT, LOCKED, Plan, torture};
use pagelens::save::Disk;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What becomes of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Happens,
    /// It is said to have been done.
    Dropped,
    /// It is done after the next such step, and said to have been done before.
    PutOff(&'static str, Role),
    /// An error is not told.
    ErrorHidden,
    /// A file that is opened for writing is emptied.
    Truncated,
    /// The file has no name.
    Nameless,
    /// Everybody may read the file.
    Public,
    /// What is there is replaced.
    Over,
    /// What is there is removed first.
    AfterRemoving,
    /// The bytes are those that the file had before the save, or the answer is the first that was given.
    AsBefore,
    /// The answer is the one about the temporary file.
    AsTemp,
}

/// When a step goes wrong.
#[derive(Clone, Copy, Debug)]
enum When {
    Always,
    /// That one alone, counted from 0.
    Nth(usize),
    /// From that step on.
    After(&'static str, Role),
    /// The first one after that step.
    FirstAfter(&'static str, Role),
    Until(&'static str, Role),
    /// From the one to the other.
    InBetween((&'static str, Role), (&'static str, Role)),
    At(u64),
    /// Between a failed sync of the target and the next.
    AfterFailedSync,
}

#[derive(Debug)]
pub struct Mutation {
    /// The step, as the engine's own documentation counts it.
    step: &'static str,
    what: &'static str,
    call: &'static str,
    role: Role,
    when: When,
    fate: Fate,
}

impl Mutation {
    pub fn fate(&self, step: Step, memory: &Memory) -> Fate {
        if (step.call, step.role) != (self.call, self.role) {
            return Fate::Happens;
        }
        let due = match self.when {
            When::Always => true,
            When::Nth(n) => memory.count(self.call, self.role) == n,
            When::After(call, role) => memory.has_seen(call, role),
            When::FirstAfter(call, role) => memory.is_first_after(step, (call, role)),
            When::Until(call, role) => !memory.has_seen(call, role),
            When::InBetween(from, to) => memory.has_seen(from.0, from.1) && !memory.has_seen(to.0, to.1),
            When::At(offset) => step.offset == offset,
            When::AfterFailedSync => memory.sync_failed,
        };
        if due { self.fate } else { Fate::Happens }
    }

    fn is_of_recovery(&self) -> bool {
        self.step.starts_with("recovery")
    }
}

const STATE_AT: u64 = 512;
const OLD_AT: u64 = 4096;

use Fate::{
    AfterRemoving, AsBefore, AsTemp, Dropped, ErrorHidden, Nameless, Over, Public, PutOff, Truncated,
};
use Role::{Folder, Journal, Target, Temp};
use When::{After, AfterFailedSync, Always, At, FirstAfter, InBetween, Nth, Until};

const fn wrong(
    step: &'static str,
    what: &'static str,
    (call, role): (&'static str, Role),
    when: When,
    fate: Fate,
) -> Mutation {
    Mutation { step, what, call, role, when, fate }
}

#[rustfmt::skip]
static MUTATIONS: [Mutation; 69] = [
    wrong("in place 1", "opening empties the file", ("open for writing", Target), Always, Truncated),
    wrong("in place 2", "no lock is taken", ("try_lock", Target), Always, Dropped),
    wrong("in place 3", "the file is taken for the one that was opened", ("file stat", Target), Until("create_new", Journal), AsBefore),
    wrong("in place 4", "the journal has no name", ("create_new", Journal), Always, Nameless),
    wrong("in place 5", "the bytes that were edited over are not compared", ("read_at", Target), Until("write_at", Target), AsBefore),
    wrong("in place 5", "the old bytes are not written to the journal", ("write_at", Journal), At(OLD_AT), Dropped),
    wrong("in place 6", "the journal is not synced", ("sync", Journal), Nth(0), Dropped),
    wrong("in place 6", "a failed sync of the journal is passed over", ("sync", Journal), Nth(0), ErrorHidden),
    wrong("in place 6", "the journal is synced after the first write", ("sync", Journal), Nth(0), PutOff("write_at", Target)),
    wrong("in place 6", "the journal's folder is not synced", ("sync_folder", Folder), Until("write_at", Target), Dropped),
    wrong("in place 6", "a failed sync of the journal's folder is passed over", ("sync_folder", Folder), Until("write_at", Target), ErrorHidden),
    wrong("in place 6", "the journal's folder is synced after the first write", ("sync_folder", Folder), Until("write_at", Target), PutOff("write_at", Target)),
    wrong("in place 7", "the file is not looked at again", ("file stat", Target), FirstAfter("sync_folder", Folder), AsBefore),
    wrong("in place 7", "no room is set aside", ("reserve", Target), Always, Dropped),
    wrong("in place 9", "what is there is not compared before it is written", ("read_at", Target), After("sync_folder", Folder), AsBefore),
    wrong("in place 9", "the second write is dropped", ("write_at", Target), Nth(1), Dropped),
    wrong("in place 10", "the file is not synced", ("sync", Target), Nth(0), Dropped),
    wrong("in place 10", "a failed sync is passed over", ("sync", Target), Always, ErrorHidden),
    wrong("in place 10", "after a failed sync it is synced again without being written again", ("write_at", Target), AfterFailedSync, Dropped),
    wrong("in place 11", "set-user-id is not given back", ("set_mode", Target), Always, Dropped),
    wrong("in place 11", "the name is not asked for before the mark", ("stat", Target), InBetween(("write_at", Target), ("remove", Journal)), AsBefore),
    wrong("in place 12", "the journal is not marked", ("write_at", Journal), At(STATE_AT), Dropped),
    wrong("in place 12", "the mark is not synced", ("sync", Journal), Nth(1), Dropped),
    wrong("in place 12", "a failed sync of the mark is passed over", ("sync", Journal), After("write_at", Target), ErrorHidden),
    wrong("in place 12", "the mark is made after the cut", ("write_at", Journal), At(STATE_AT), PutOff("set_len", Target)),
    wrong("in place 13", "the end is cut although somebody has appended", ("file stat", Target), InBetween(("write_at", Journal), ("remove", Journal)), AsBefore),
    wrong("in place 13", "the file is not cut", ("set_len", Target), Always, Dropped),
    wrong("in place 13", "the cut is not synced", ("sync", Target), After("set_len", Target), Dropped),
    wrong("in place 14", "the journal stays", ("remove", Journal), Always, Dropped),
    wrong("in place 14", "the journal goes before the file is synced", ("sync", Target), Always, PutOff("remove", Journal)),
    wrong("in place 14", "the folder is not synced after that", ("sync_folder", Folder), After("remove", Journal), Dropped),
    wrong("in place 15", "the name is not asked for afterwards", ("stat", Target), FirstAfter("remove", Journal), AsBefore),
    wrong("in place 15", "who has written is not asked", ("others_wrote", Target), Always, AsBefore),
    wrong("rewrite 1", "no lock is taken", ("try_lock", Target), Always, Dropped),
    wrong("rewrite 1", "the file is taken for the one that was opened", ("file stat", Target), Until("create_new", Temp), AsBefore),
    wrong("rewrite 1", "the bytes that were shown are not compared", ("read_at", Target), Until("create_new", Temp), AsBefore),
    wrong("rewrite 2", "the new file is open to others", ("create_new", Temp), Always, Public),
    wrong("rewrite 2", "the new file is not locked", ("try_lock", Temp), Always, Dropped),
    wrong("rewrite 3", "the length is not set", ("set_len", Temp), Always, Dropped),
    wrong("rewrite 3", "a write is dropped", ("write_at", Temp), Nth(1), Dropped),
    wrong("rewrite 3", "a copied range is dropped", ("copy_range", Temp), Nth(0), Dropped),
    wrong("rewrite 4", "the permissions are not kept", ("set_mode", Temp), Always, Dropped),
    wrong("rewrite 4", "the attributes are not kept", ("set_attribute", Temp), Always, Dropped),
    wrong("rewrite 5", "the new file is not synced", ("sync", Temp), Always, Dropped),
    wrong("rewrite 5", "a failed sync is passed over", ("sync", Temp), Always, ErrorHidden),
    wrong("rewrite 5", "the new file is synced after the rename", ("sync", Temp), Always, PutOff("exchange", Target)),
    wrong("rewrite 6", "the old file is taken for unchanged", ("stat", Target), FirstAfter("sync", Temp), AsBefore),
    wrong("rewrite 7", "the old file is removed before the rename", ("rename", Target), Always, AfterRemoving),
    wrong("rewrite 7", "a fresh file takes the place of another", ("rename_new", Target), Always, Over),
    wrong("rewrite 7", "the old file is replaced instead of becoming the backup", ("exchange", Target), Always, Over),
    wrong("rewrite 8", "what was displaced is not looked at", ("stat", Temp), FirstAfter("exchange", Target), AsBefore),
    wrong("rewrite 9", "the old file stays", ("remove", Temp), Always, Dropped),
    wrong("rewrite 11", "the name is not asked for afterwards", ("stat", Target), FirstAfter("exchange", Target), AsTemp),
    wrong("rewrite 10", "the folder is not synced", ("sync_folder", Folder), Always, Dropped),
    wrong("rewrite 10", "a failed sync of the folder is passed over", ("sync_folder", Folder), Always, ErrorHidden),
    wrong("recovery: lock", "no lock is taken", ("try_lock", Target), Always, Dropped),
    wrong("recovery: look", "looking takes the journal away", ("open", Journal), Always, AfterRemoving),
    wrong("recovery: judge", "the file is taken to have its old bytes", ("read_at", Target), Always, AsBefore),
    wrong("recovery: roll back", "a write is dropped", ("write_at", Target), Nth(0), Dropped),
    wrong("recovery: roll back", "the length is not put back", ("set_len", Target), Always, Dropped),
    wrong("recovery: roll back", "the file is not synced", ("sync", Target), Always, Dropped),
    wrong("recovery: roll back", "a failed sync is passed over", ("sync", Target), Always, ErrorHidden),
    wrong("recovery: roll back", "after a failed sync it is synced again without being written again", ("write_at", Target), AfterFailedSync, Dropped),
    wrong("recovery: roll back", "the file is synced after the journal is gone", ("sync", Target), Always, PutOff("remove", Journal)),
    wrong("recovery: roll forward", "the mark is not made again", ("write_at", Journal), At(STATE_AT), Dropped),
    wrong("recovery: roll forward", "the mark is not synced", ("sync", Journal), Always, Dropped),
    wrong("recovery: take away", "the journal stays", ("remove", Journal), Always, Dropped),
    wrong("recovery: take away", "the folder is not synced after that", ("sync_folder", Folder), Always, Dropped),
    wrong("recovery: strays", "temporary files stay", ("remove", Temp), Always, Dropped),
];

/// The engines with a mutation.
struct Mutated(&'static Mutation);

impl Between for Mutated {
    fn save_on(&self, disk: &SimDisk, plan: &Plan, meddling: Option<Meddling>) -> Box<dyn Disk> {
        let mutation = (!self.0.is_of_recovery()).then_some(self.0);
        Box::new(Tampered::new(disk, before(plan), mutation, meddling))
    }

    fn recover_on(&self, disk: &SimDisk, plan: &Plan) -> Box<dyn Disk> {
        let mutation = self.0.is_of_recovery().then_some(self.0);
        Box::new(Tampered::new(disk, before(plan), mutation, None))
    }
}

fn before(plan: &Plan) -> Before {
    Before { target: plan.target.clone(), bytes: plan.old.clone().unwrap_or_default() }
}

/// By as many seeds each must be found.
const SEEDS: u64 = 1000;

/// The finding, and how many seeds it took.
fn caught(mutation: &'static Mutation) -> Option<(u64, String)> {
    let is_of_lock = (mutation.call, mutation.role) == ("try_lock", Target);
    let effort = if is_of_lock { LOCKED } else { EFFORT };
    (0..SEEDS).find_map(|seed| Some((seed + 1, torture(seed, &Mutated(mutation), effort).err()?)))
}

/// As much of a finding as tells it.
const SHOWN: usize = 140;

#[test]
fn every_step_that_goes_wrong_is_found() {
    let mutations: Vec<_> = MUTATIONS.iter().collect();
    let (next, found) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(mutation) = mutations.get(number) else { return };
            let caught = caught(mutation);
            found.lock().expect("no panic holds it").insert(number, caught);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(work);
        }
    });
    println!("step | what is wrong | seeds | found");
    let mut survivors = Vec::new();
    for (number, caught) in found.into_inner().expect("no panic holds it") {
        let Mutation { step, what, .. } = mutations[number];
        match caught {
            Some((seeds, finding)) => {
                let told: String = finding.chars().take(SHOWN).collect();
                println!("{step} | {what} | {seeds} | {told}");
            }
            None => survivors.push(format!("{step}: {what}")),
        }
    }
    println!("figure: {} of {} mutations found", mutations.len() - survivors.len(), mutations.len());
    assert!(survivors.is_empty(), "not found:\n{}", survivors.join("\n"));
}
