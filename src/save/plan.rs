//! Which way a save goes, why, and what it costs; decided and shown before anything is touched.

use super::{Disk, SaveError, SaveRequest};

/// How the bytes reach the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Overwritten where they lie.
    InPlace,
    /// A temporary file is written beside it and takes its place.
    Rewrite,
    /// A new file: nothing has this name yet.
    Fresh,
}

/// What a save is going to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavePlan {
    pub way: Way,
    /// A sentence for the user.
    pub why: String,
    pub bytes_to_write: u64,
    /// Bytes of the disk that the save takes up while it runs.
    pub room_needed: u64,
    /// What stays as it is, in a few words each.
    pub keeps: Vec<String>,
    /// What the user should know before agreeing, in sentences.
    pub warns: Vec<String>,
}

/// What [`super::save`] would do. Blocks, and changes nothing.
///
/// # Errors
/// Why it can't be done, before anything is touched.
pub fn plan(disk: &dyn Disk, request: &SaveRequest) -> Result<SavePlan, SaveError> {
    prepare(disk, request).map(|prepared| prepared.plan)
}

pub(super) struct Prepared {
    pub plan: SavePlan,
}

pub(super) fn prepare(disk: &dyn Disk, request: &SaveRequest) -> Result<Prepared, SaveError> {
    todo!()
}
