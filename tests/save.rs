//! Saving: afterwards a file is wholly old or wholly new, whatever fails, and what belongs to it is kept.

mod crash;
mod documents;
mod faults;
pub mod faulty;
mod generations;
#[cfg(target_os = "linux")]
pub mod hostile;
pub mod interrupted;
mod keeping;
mod kill;
mod looks;
#[cfg(target_os = "linux")]
mod marks;
mod model;
mod mutations;
#[cfg(target_os = "linux")]
mod places;
#[cfg(unix)]
mod races;
mod readers;
mod refusing;
mod rig;
mod rights;
pub(crate) mod sim;
mod sparse;
#[cfg(unix)]
mod streams;
mod tamper;
mod torture;
mod undo;
