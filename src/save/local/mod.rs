//! Saving to files and devices of this machine, and the order of system calls that makes each way safe.
//!
//! | step | file |
//! |---|---|
//! | chooses the way and computes its cost, before anything is touched | `prepare` |
//! | overwrites in the file itself, and a moved end | `in_place`, `extents` |
//! | protects a save in place, and recovers after a crash | `journal`, `recover` |
//! | all other changes: a temporary file that replaces the old file | `rewrite` |
//! | compares the file with what the user was shown | `screen_check` |
//! | owner, permissions, attributes; a copy of the old file | `metadata`, `backup` |
//! | names beside a file, and its lock against other instances | `names`, `lock` |
//! | the system calls, behind a trait so that a test can fail each | `disk` |

mod backup;
pub mod disk;
mod extents;
mod in_place;
mod journal;
mod lock;
mod metadata;
mod names;
mod prepare;
pub mod recover;
mod rewrite;
mod screen_check;
pub mod whole_file;
mod window;

pub use prepare::plan;

use super::destination::Destination;
use super::error::SaveError;
use super::pending::{Pending, Recovered, RecoveryChoice};
use super::plan::{SavePlan, SaveWay};
use super::request::{SaveRequest, Saved};
use crate::bytes::Location;
use crate::job::Progress;
use disk::{Disk, RealDisk};
use std::path::Path;

/// Files and devices of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct LocalDestination;

impl Destination for LocalDestination {
    fn plan(&self, request: &SaveRequest) -> Result<SavePlan, SaveError> {
        plan(&RealDisk, request)
    }

    fn save(&self, request: SaveRequest, progress: &Progress) -> Result<Saved, SaveError> {
        save(&RealDisk, request, progress)
    }

    fn pending(&self, location: &Location, journals: Option<&Path>) -> Result<Option<Pending>, SaveError> {
        recover::find(&RealDisk, location.as_path(), journals)
    }

    fn recover(
        &self,
        location: &Location,
        journals: Option<&Path>,
        choice: RecoveryChoice,
    ) -> Result<Option<Recovered>, SaveError> {
        recover::recover(&RealDisk, location.as_path(), journals, choice)
    }
}

/// Plans and carries out a save. Blocks until the disk has confirmed it; progress is counted in bytes.
///
/// # Errors
/// [`SaveError`] says what state the file is in. After any error the edits are still the caller's, and
/// [`SaveError::version_now`] is what the next attempt must start from when it is `Some`.
pub fn save(disk: &dyn Disk, mut request: SaveRequest, progress: &Progress) -> Result<Saved, SaveError> {
    recover::put_back_own(disk, &mut request)?;
    let mut means = prepare::ALL_MEANS;
    let mut prepared = prepare::prepare(disk, &request, means)?;
    loop {
        match prepared.plan.way {
            SaveWay::InPlace => return in_place::save(disk, &request, prepared, progress),
            SaveWay::Rewrite | SaveWay::Fresh => match rewrite::save(disk, &request, prepared, progress) {
                Err(rewrite::RewriteRefused::CantShare) => {
                    means.sharing = false;
                    prepared = prepare::prepare(disk, &request, means)?;
                }
                Err(rewrite::RewriteRefused::CantReplace(error)) => {
                    means.replacing = false;
                    match prepare::prepare(disk, &request, means) {
                        Ok(again) if again.plan.way == SaveWay::InPlace => prepared = again,
                        _ => return Err(error),
                    }
                }
                Err(rewrite::RewriteRefused::Because(error)) => return Err(error),
                Ok(saved) => return Ok(saved),
            },
        }
    }
}
