//! Saves and recoveries cut off at every call, by a kill or a power cut, again and again; with every call failing; with
//! other programs about. The file is always wholly old or wholly new, and what was reported holds.
//!
//! Seeds are fixed, so that a run is the same everywhere; `PAGELENS_TORTURE=100` runs so many times as many, and
//! `PAGELENS_SEED=7` that one alone.

mod faults;
mod meddle;
mod others;
mod plan;
mod races;
mod reports;
mod run;

pub use plan::Plan;
pub use run::Between;
use run::{Counts, Effort, Finding, Nothing, Run};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

const SEEDS: u64 = 1000;
const THREADS: usize = 2;

pub const EFFORT: Effort =
    Effort { cuts_per_point: 8, nested_per_point: 5, faults_per_call: 1, locked: false };

/// Another instance waits in earnest, so that is tried on its own.
pub const LOCKED: Effort =
    Effort { cuts_per_point: 0, nested_per_point: 0, faults_per_call: 0, locked: true };

/// All that is done to the plan of a seed; a panic is a finding too.
pub fn torture(seed: u64, between: &dyn Between, effort: Effort) -> Result<Counts, Finding> {
    let run = || {
        let plan = Plan::new(seed);
        Run::new(&plan, between)
            .all(effort)
            .map_err(|finding| format!("seed {seed}, {:?}: {finding}", plan.kind))
    };
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Err(format!("seed {seed}: it panicked")))
}

fn number_of(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

fn torture_all(seeds: Range<u64>) -> (Counts, Vec<Finding>) {
    let (next, all) = (AtomicU64::new(seeds.start), Mutex::new((Counts::default(), Vec::new())));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            let answer = (seed < seeds.end).then(|| torture(seed, &Nothing, EFFORT));
            let mut all = all.lock().expect("no panic holds it");
            match answer {
                None => return,
                Some(Ok(counts)) => all.0 += counts,
                Some(Err(finding)) => all.1.push(finding),
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(work);
        }
    });
    all.into_inner().expect("no panic holds it")
}

#[test]
fn a_file_is_whole_whatever_happens_and_what_was_reported_holds() {
    let factor = number_of("PAGELENS_TORTURE").unwrap_or(1);
    let one = number_of("PAGELENS_SEED");
    let (counts, findings) = torture_all(one.map_or(0..SEEDS * factor, |seed| seed..seed + 1));
    println!("figure: {}", counts.line());
    assert!(
        findings.is_empty(),
        "{} findings:\n{}",
        findings.len(),
        findings[..findings.len().min(20)].join("\n")
    );
    let enough = counts.power_losses >= 100_000 && counts.nested >= 100_000;
    assert!(enough || one.is_some(), "{counts:?}");
}

#[test]
fn a_file_that_another_instance_has_is_neither_saved_nor_recovered() {
    for seed in 0..10 {
        torture(seed, &Nothing, LOCKED).unwrap_or_else(|finding| panic!("{finding}"));
    }
}
