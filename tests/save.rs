//! Saving: afterwards a file is wholly old or wholly new, whatever fails, and what belongs to it is kept.

mod documents;
mod faults;
mod faulty;
mod generations;
mod keeping;
mod kill;
mod model;
mod rig;
pub(crate) mod sim;
mod sparse;
