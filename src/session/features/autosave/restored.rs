//! Restored edits of an earlier run, before a tab shows them.

use crate::bytes::open::Opened;
use crate::bytes::pages::CachedSource;
use crate::save::{Generation, Pending, SaveError};
use crate::session::ids::OfferId;
use crate::state::edit_log::Revived;
use std::sync::Arc;

/// The file that a restored document stands on.
#[derive(Debug)]
pub(in crate::session) struct RestoredFile {
    pub opened: Opened,
    pub cached: Arc<CachedSource>,
    pub generation: Arc<Generation>,
    pub interrupted: Result<Option<Pending>, SaveError>,
}

/// Edits of another run that were done again, to be shown in a tab.
#[derive(Debug)]
pub(in crate::session) struct RestoredEdits {
    pub id: OfferId,
    pub title: String,
    /// Steps that can be undone.
    pub steps: u64,
    pub file: Option<RestoredFile>,
    pub revived: Revived,
}
