//! Where matches are now, after edits that were made since they were found.

use super::hits::{FoundMatch, Hits};
use crate::bytes::Span;
use crate::document::{Mapped, Moves, Revision};
use crate::session::tab::Tab;

/// Where matches are now; a plain value that a worker can keep.
#[derive(Clone, Debug)]
pub(super) struct MatchPlaces {
    /// `None` where nothing was edited since.
    moves: Option<Moves>,
    searched: Revision,
}

impl MatchPlaces {
    /// The places in the document as it is now.
    pub fn of(hits: &Hits, tab: &Tab) -> Self {
        let searched = hits.revision();
        let is_as_found = tab.document().revision() == searched;
        Self { moves: (!is_as_found).then(|| tab.document().moves().clone()), searched }
    }

    /// Whether nothing was edited since they were found.
    pub fn are_as_found(&self) -> bool {
        self.moves.is_none()
    }

    /// Where a match is now; `None` once its bytes were edited.
    pub fn now(&self, found: &FoundMatch<'_>) -> Option<Span> {
        let Some(moves) = self.moves.as_ref().filter(|_| found.is_in_file()) else { return Some(found.span) };
        match moves.map(found.span, self.searched) {
            Mapped::Intact(span) => Some(span),
            Mapped::Touched(_) | Mapped::Gone | Mapped::Unknown => None,
        }
    }
}
