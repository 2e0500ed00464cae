//! Statistics of many arrays: small ones side by side, each on a thread of its own; large ones are cut up for all
//! threads. A pass over a few megabytes has too few pieces to keep all cores busy until its end.

use super::super::pool::{Answers, PassEnd, Pool};
use super::super::tuning::Tuning;
use crate::job::Cancel;

/// Bytes of an array that one thread measures, at most.
const ONE_THREAD: u64 = 64 << 20;

/// How an array of so many bytes is measured beside others.
pub fn tuning_beside_others(bytes: u64) -> Tuning {
    let usual = Tuning::default();
    if bytes <= ONE_THREAD { Tuning { threads: 1, ..usual } } else { usual }
}

/// Has `measure` done for all `arrays`, several at a time, each with the scratch of its thread. Gives what it answers to
/// `answers` in the order of the arrays, one at a time.
pub fn measure_each<A: Send, S: Default, R: Send>(
    arrays: &mut (dyn Iterator<Item = A> + Send),
    cancel: &Cancel,
    measure: &(dyn Fn(A, &mut S) -> R + Sync),
    answers: Answers<'_, R>,
) -> PassEnd {
    let threads = Tuning::default().threads;
    Pool { threads, cancel }.run(&mut || arrays.next(), measure, answers)
}
