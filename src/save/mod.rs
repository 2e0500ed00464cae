//! Writing back: every way by which bytes reach a file.
//!
//! | what | file |
//! |---|---|
//! | what is asked for, planned and answered | `request`, `plan`, `error` |
//! | a kind of place that files are saved to | `destination` |
//! | what an interrupted save has left, and what can be done | `pending` |
//! | what the file held before, for those who still read it | `generation` |
//! | what the user edited over, which the file must still hold | `edited_over`, `edited_units`, `noted_source` |
//! | files and devices of this machine | `local` |
//!
//! The promise: at every moment the file is wholly old or wholly new, or is made so by its journal; 'saved' is never
//! said before the disk has confirmed it. Everything here blocks, so only workers call it.
//! It edits no document: whoever asked keeps the edits until a save has answered.

pub mod destination;
pub mod edited_over;
mod edited_units;
pub mod error;
pub mod generation;
pub mod local;
pub mod noted_source;
pub mod pending;
pub mod plan;
pub mod request;

pub use destination::Destination;
pub use edited_over::EditedOver;
pub use error::{Aftermath, Cause, FileState, SaveError};
pub use generation::{Cacher, Generation, Overlay};
pub use local::disk::{Disk, RealDisk};
pub use local::{LocalDestination, disk, plan, recover, save, whole_file};
pub use pending::{Pending, Recovered, RecoveryChoice, Verdict};
pub use plan::{SavePlan, SaveWay};
pub use request::{Purpose, ReadBack, SaveRequest, Saved};

use crate::bytes::Location;

/// What saves to `location`.
pub fn destination_of(location: &Location) -> Box<dyn Destination> {
    match location {
        Location::File(_) => Box::new(LocalDestination),
    }
}
