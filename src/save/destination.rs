//! The trait of everything that bytes are saved to. The session and the command line use it for every kind of location.

use super::error::SaveError;
use super::pending::{Pending, Recovered, RecoveryChoice};
use super::plan::SavePlan;
use super::request::{SaveRequest, Saved};
use crate::bytes::Location;
use crate::job::Progress;
use std::fmt;
use std::path::Path;

/// A kind of place that files are saved to. Every call may block, so only workers make them.
///
/// The promise that each kind keeps: at every moment the file is wholly old or wholly new, or is made so by what
/// [`Self::pending`] finds; [`Self::save`] answers `Ok` only when the new bytes will outlast a power cut.
pub trait Destination: fmt::Debug + Send + Sync {
    /// What a save would do. Changes nothing.
    ///
    /// # Errors
    /// Why it can't be done, before anything is touched.
    fn plan(&self, request: &SaveRequest) -> Result<SavePlan, SaveError>;

    /// Plans and carries out a save. Answers when it is confirmed; progress is counted in bytes, and its cancel ends
    /// the save with the old bytes in place.
    ///
    /// # Errors
    /// [`SaveError`] says what state the file is in. After any error the edits are still the caller's, and
    /// [`SaveError::version_now`] is what the next attempt must start from when it is `Some`.
    fn save(&self, request: SaveRequest, progress: &Progress) -> Result<Saved, SaveError>;

    /// Looks for an interrupted save of the file at `location`. Writes nothing. `journals` is where its record lies
    /// when it can't lie beside the file.
    ///
    /// # Errors
    /// When the file or the record can't be read.
    fn pending(&self, location: &Location, journals: Option<&Path>) -> Result<Option<Pending>, SaveError>;

    /// Puts the file at `location` right after an interrupted save, or does what the user has chosen. `None` when there
    /// is nothing to do.
    ///
    /// # Errors
    /// [`SaveError::NeedsRecovery`] on a conflict without a choice; what else stands in the way. All of it can be done
    /// again.
    fn recover(
        &self,
        location: &Location,
        journals: Option<&Path>,
        choice: RecoveryChoice,
    ) -> Result<Option<Recovered>, SaveError>;
}
