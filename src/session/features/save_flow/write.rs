//! The worker of a save: it plans, and writes unless the user has to be asked first.

use super::wanted::Leave;
use crate::bytes::file::FileSource;
use crate::document::Snapshot;
use crate::job::Progress;
use crate::save::{SaveError, SavePlan, SaveRequest, SaveWay, Saved, destination_of};
use crate::session::features::external_changes::recorder::Recorder;
use std::sync::Arc;

/// Saves that write no more bytes go ahead without a question.
const SMALL: u64 = 16 << 20;

/// Runs of the old file that are shorter, in bytes, are written as all else is.
const WORTH_COPYING: u64 = 64 << 10;

/// What the worker hands back.
#[derive(Debug)]
pub(super) enum Answer {
    Written(Box<Written>),
    /// The user is to be asked first.
    Planned {
        plan: Box<SavePlan>,
        request: Box<SaveRequest>,
        forgets_undo: bool,
    },
}

/// The confirmed save, and the file opened anew.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) saved: Saved,
    pub(super) file: Option<Arc<FileSource>>,
    /// Bytes of the disk that hold what was there before.
    pub(super) holds: u64,
    pub(super) forgets_undo: bool,
}

/// Plans, and saves unless the user is to be asked first. Undo may hold `room` more bytes of the disk.
pub(super) fn work(
    (snapshot, recorder): (Snapshot, Option<Recorder>),
    mut request: SaveRequest,
    leave: Leave,
    room: u64,
    progress: &Progress,
) -> Result<Answer, SaveError> {
    // Finding these takes as long as there are pieces, so it is the worker's.
    request.overwrites = Some(snapshot.overwrites());
    request.kept = snapshot.kept(WORTH_COPYING);
    if request.edited_over.is_none() {
        request.edited_over = recorder.map(|recorder| recorder.checker(&snapshot, progress));
    }
    let destination = destination_of(&request.target.location);
    let plan = destination.plan(&request)?;
    if progress.is_cancelled() {
        // What the edits took the place of may not be known in full, so there is nothing to agree to.
        return Err(SaveError::cancelled_early(request.target.location.as_path()));
    }
    let forgets_undo = plan.holds > room;
    if needs_word(&plan, forgets_undo, leave) {
        return Ok(Answer::Planned { plan: Box::new(plan), request: Box::new(request), forgets_undo });
    }
    let saved = destination.save(request, progress)?;
    let file = FileSource::open(saved.path()).ok().map(Arc::new);
    let known = saved.version.as_file();
    if file.as_ref().zip(known).is_some_and(|(file, known)| file.identity().other_file(known)) {
        return Err(SaveError::Replaced { path: saved.path().to_owned(), warnings: saved.warnings });
    }
    let forgets_undo = leave == Leave::Agreed { forgets_undo: true };
    Ok(Answer::Written(Box::new(Written { saved, file, holds: plan.holds, forgets_undo })))
}

/// Whether the user is asked first.
fn needs_word(plan: &SavePlan, forgets_undo: bool, leave: Leave) -> bool {
    match leave {
        Leave::WhenSmall => {
            let is_small = plan.way == SaveWay::Fresh || plan.bytes_to_write <= SMALL;
            !is_small || !plan.warns.is_empty() || forgets_undo
        }
        Leave::ToPlan => true,
        Leave::Agreed { .. } => false,
    }
}
