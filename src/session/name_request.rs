//! Why the user is asked for the name of a file. The question carries its purpose and the answer returns it, so an
//! answer never reaches another question, however many questions and files are opened and closed in the meantime.

use super::handed_rows::SharedRows;
use super::ids::{OfferId, TabId};
use crate::bytes::Span;
use crate::document::Snapshot;
use std::sync::Arc;

/// Said of a name that another tab's file has.
pub(super) const IS_OPEN: &str = "This file is open in pagelens. Choose another name.";

/// What comes after a save that went well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    Stay,
    Close,
    Quit,
}

/// Selected bytes that are to be written to a file, while its name is asked for.
#[derive(Debug)]
pub struct Outgoing {
    pub(super) tab: TabId,
    pub(super) snapshot: Snapshot,
    pub(super) span: Span,
}

/// Each question is one of its own, also for the same bytes.
impl PartialEq for Outgoing {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Outgoing {}

/// What a name is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Save As, or the first save of a new document.
    Save { tab: TabId, after: After },
    /// The selection as a file of its own.
    Selection(Arc<Outgoing>),
    /// Edits that another run has left unsaved, as a patch.
    Patch(OfferId),
    /// Rows of a list.
    Rows(SharedRows),
}

impl Asked {
    /// Whether `self` is the same question again, whatever is to come after it.
    pub(super) fn is_again(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Save { tab, .. }, Self::Save { tab: other, .. }) => tab == other,
            (Self::Selection(_), Self::Selection(_)) => true,
            (Self::Patch(offer), Self::Patch(other)) => offer == other,
            (Self::Rows(rows), Self::Rows(other)) => rows.noun() == other.noun(),
            (Self::Save { .. } | Self::Selection(_) | Self::Patch(_) | Self::Rows(_), _) => false,
        }
    }
}
