//! Types and values against NumPy, ml_dtypes and Python itself.
//!
//! `rig` starts the Python that `scripts/test` sets up; a test writes a file of questions and gets a file of
//! answers, so that a million values cost one process.

mod dtypes;
pub mod rig;
mod structs;
mod values;
