//! What happens at which call, and what was there before each.
//!
//! A run of a save is recorded once, with the state before every call that met another state than the one before it.
//! A crash at any of these points is then played from the record, without the save: nothing that a dead program would
//! have done later can touch the disk.

use super::State;
use pagelens::job::Progress;
use std::fmt;
use std::sync::Arc;

/// What goes wrong at a call.
#[derive(Clone)]
pub enum Fault {
    /// It does nothing and answers with the number of a system error. A sync that fails loses what it was to confirm.
    Error(i32),
    /// It does what was asked and answers with an error all the same, where that can be.
    ErrorAfter(i32),
    /// A transfer does less than asked.
    Short,
    Cancel(Arc<Progress>),
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(number) => write!(f, "error {number}"),
            Self::ErrorAfter(number) => write!(f, "error {number} after the fact"),
            Self::Short => f.write_str("a short transfer"),
            Self::Cancel(_) => f.write_str("a cancel"),
        }
    }
}

/// A fault at call number `at` and the `times - 1` after it.
#[derive(Clone, Debug)]
pub struct Script {
    pub at: usize,
    pub times: usize,
    pub fault: Fault,
}

/// A write that a crash may break off.
#[derive(Clone, Debug)]
pub struct Half {
    pub file: usize,
    pub offset: u64,
    pub bytes: Vec<u8>,
}

/// A moment at which a crash may come: just before a call, or in its middle.
#[derive(Clone, Debug)]
pub struct Point {
    pub call: usize,
    pub name: &'static str,
    pub before: State,
    pub half: Option<Half>,
}

/// How far apart the places are at which a dying program's write may be broken off: never inside what the disk
/// writes as one.
const STEP: u64 = super::SECTOR as u64;

impl Point {
    /// The state as the crash finds it: with part of the write, if there is one.
    pub fn state(&self, random: &mut fastrand::Rng) -> State {
        let mut state = self.before.clone();
        state.random = random.fork();
        if let Some(half) = self.half.as_ref().filter(|_| random.bool()) {
            let end = half.offset + half.bytes.len() as u64;
            let steps = end / STEP - half.offset / STEP;
            let stop = (half.offset / STEP + random.u64(0..=steps)) * STEP;
            let part = stop.saturating_sub(half.offset) as usize;
            if part > 0 {
                state.change(half.file, true).write(half.offset, &half.bytes[..part]);
            }
        }
        state
    }
}

/// What calls were made, and the points if they are wanted.
#[derive(Debug, Default)]
pub struct Record {
    pub calls: Vec<&'static str>,
    pub points: Option<Vec<Point>>,
}

impl Record {
    pub fn call(&mut self, name: &'static str, state: &State, half: Option<Half>) {
        let call = self.calls.len();
        self.calls.push(name);
        if let Some(points) = &mut self.points {
            let seen = points.last().is_some_and(|last| last.before.version == state.version);
            if half.is_some() || !seen {
                points.push(Point { call, name, before: state.clone(), half });
            }
        }
    }
}
