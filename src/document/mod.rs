//! The edit layer: a persistent piece tree over immutable sources, with undo as values.
//!
//! A [`Document`] has one owner, the window's thread; every call of it is arithmetic on a tree and never I/O.
//! A [`Snapshot`] is a state of it that any thread reads as a [`Source`](crate::bytes::Source).
//! Inserted content stays in the document's table of sources until the document is closed or loaded anew, also when
//! its edit was undone and dropped.

mod changes;
mod edit;
mod moves;
mod snapshot;

pub use changes::{Change, ChangeKind, Overwrites};
pub use edit::{
    Applied, Caret, CoalesceKey, Content, Edit, EditError, MAX_LEN, Places, RebaseError, Revision, Splice,
};
pub use moves::Mapped;
pub use snapshot::Snapshot;

use crate::bytes::{SharedSource, Span};

/// An edited file: what it was as opened or last saved, and all that was done since.
#[derive(Debug)]
pub struct Document {}

/// A state that is being saved.
#[derive(Clone, Debug)]
pub struct SavePoint {
    /// What is to be written.
    pub snapshot: Snapshot,
    id: u64,
}

impl Document {
    /// A document without changes. Of a base longer than [`MAX_LEN`] only that much is seen.
    pub fn new(base: SharedSource) -> Self {
        let _ = base;
        todo!()
    }

    /// Length in bytes, edits included.
    pub fn len(&self) -> u64 {
        todo!()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn revision(&self) -> Revision {
        todo!()
    }

    /// The state now.
    pub fn snapshot(&self) -> Snapshot {
        todo!()
    }

    /// Does `edit` as one step and drops what could be redone.
    ///
    /// # Errors
    /// [`EditError`]; the document is as it was before then.
    pub fn apply(&mut self, edit: Edit) -> Result<Applied, EditError> {
        let _ = edit;
        todo!()
    }

    /// Takes the last step back; `None` when there is none.
    pub fn undo(&mut self) -> Option<Applied> {
        todo!()
    }

    /// Does again what was last undone; `None` when there is nothing.
    pub fn redo(&mut self) -> Option<Applied> {
        todo!()
    }

    /// The label of the step that [`Self::undo`] would take back.
    pub fn can_undo(&self) -> Option<&'static str> {
        todo!()
    }

    /// The label of the step that [`Self::redo`] would do again.
    pub fn can_redo(&self) -> Option<&'static str> {
        todo!()
    }

    /// Ends the growing of the last step: the next edit is a step of its own whatever its key.
    pub fn seal(&mut self) {
        todo!()
    }

    /// Whether the state is another than the one opened or last saved.
    pub fn is_modified(&self) -> bool {
        todo!()
    }

    /// Fixes the state that is to be saved. A save begun before and not finished is given up.
    pub fn begin_save(&mut self) -> SavePoint {
        todo!()
    }

    /// Makes what was written the new base, whatever was edited or undone since [`Self::begin_save`]. `new_base` holds
    /// the bytes of the point's snapshot. Undo goes on across it: older steps keep naming the old base, which must
    /// stay readable.
    ///
    /// # Errors
    /// [`RebaseError`]; the document is as it was before then.
    pub fn finish_save(&mut self, point: SavePoint, new_base: SharedSource) -> Result<(), RebaseError> {
        let _ = (point, new_base);
        todo!()
    }

    /// Gives up a save that failed.
    pub fn cancel_save(&mut self, point: SavePoint) {
        let _ = point;
        todo!()
    }

    /// Loads anew: the base is `base`, without changes and without undo. Older revisions can't be mapped any more.
    pub fn reset(&mut self, base: SharedSource) {
        let _ = base;
        todo!()
    }

    /// Where the bytes of `span` at the revision `from` are now.
    pub fn map_span(&self, span: Span, from: Revision) -> Mapped {
        let _ = (span, from);
        todo!()
    }
}
