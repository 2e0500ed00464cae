//! The edit layer: a persistent piece tree over immutable sources, with undo as values.
//!
//! A [`Document`] has one owner, the window's thread; every call of it is arithmetic on a tree and never I/O.
//! A [`Snapshot`] is a state of it that any thread reads as a [`Source`].
//! Inserted content stays in the document's table of sources until the document is closed or loaded anew, also when
//! its edit was undone and dropped.
//!
//! | file | what it holds |
//! |---|---|
//! | `edit`, `revision` | what is asked for and answered |
//! | `prepare` | from an edit to pieces |
//! | `piece`, `leaf`, `inner`, `node`, `tree`, `in_place` | the piece tree |
//! | `sources`, `repeat` | what pieces name |
//! | `step`, `history` | undo, redo, the saved state |
//! | `rebase` | the base grows, or another takes its place |
//! | `snapshot`, `changes` | a state as a source; how it differs from its base |
//! | `moves` | where bytes have gone since an older revision |
//! | `serialize`, `replay`, `pack` | edits told for a log, and done again from it |
//! | `partial` | a source of which only some bytes are known |

mod changes;
mod edit;
mod history;
mod in_place;
mod inner;
mod leaf;
mod moves;
mod node;
pub mod pack;
mod partial;
mod piece;
mod prepare;
mod rebase;
mod repeat;
mod replay;
mod revision;
mod serialize;
mod snapshot;
mod sources;
mod step;
mod tree;

/// The test of the whole, here on trees of tiny nodes.
#[cfg(test)]
#[path = "../../tests/document/model.rs"]
mod model;
#[cfg(test)]
use crate::{bytes, document};

pub use changes::{Change, ChangeKind, KeptRun, Overwrites};
pub use edit::{Applied, Caret, CoalesceKey, Content, Edit, EditError, MAX_LEN, Places, RebaseError, Splice};
pub use moves::{Mapped, Moves};
pub use partial::{PartialSource, RunList};
pub use repeat::RepeatSource;
pub use replay::{Base, Replay, ReplayError, Restored};
pub use revision::Revision;
pub use serialize::{ContentUse, Contents, Delta, HistoryHandle, SourceKey};
pub use snapshot::Snapshot;

use crate::bytes::{SharedSource, Source, Span};
use history::{Both, History, HistoryDirection};
use piece::{Piece, PieceRun};
use prepare::PreparedEdit;
use sources::SourcesOwner;
use std::sync::Arc;
use step::{Head, StepWriter, UndoStep};
use tree::{PieceTree, ReplaceObserver, ReplacedSpan, Replacements};

/// An edited file: what it was as opened or last saved, and all that was done since.
#[derive(Debug)]
pub struct Document {
    tree: PieceTree,
    sources: SourcesOwner,
    history: History,
    moves: Moves,
    revision: Revision,
    /// What the last edit has done by itself, also where it has grown the step before it, and the state it led to.
    last: Option<(UndoStep, Applied)>,
}

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
        let mut sources = SourcesOwner::new();
        let tree = tree_of(base, &mut sources);
        let revision = Revision::default();
        let (history, moves) = (History::new(), Moves::new(revision));
        Self { tree, sources, history, moves, revision, last: None }
    }

    /// Loads anew: the base is `base`, without changes and without undo. Older revisions can't be mapped any more.
    pub fn reset(&mut self, base: SharedSource) {
        let revision = Revision(self.revision.0 + 1);
        *self = Self { revision, moves: Moves::new(revision), ..Self::new(base) };
    }

    /// Length in bytes, edits included.
    pub fn len(&self) -> u64 {
        self.tree.len()
    }

    /// Whether it has no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of the state now.
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// The state now.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::new(self.tree.clone(), Arc::clone(self.sources.shared()), self.revision)
    }

    /// Does `edit` as one step and drops what could be redone.
    ///
    /// # Errors
    /// [`EditError`]; the document is as it was before then.
    pub fn apply(&mut self, edit: Edit) -> Result<Applied, EditError> {
        prepare::check(&edit, self.len(), self.sources.room())?;
        let Edit { places, label, coalesce, caret_before, caret_after } = edit;
        let mut prepared = PreparedEdit::new(places, self.tree.base(), &mut self.sources);
        let count = prepared.count();
        let head = Head { label: self.history.intern(label), caret_before, caret_after, count };
        let mut writer = StepWriter::new(head);
        let mut watcher = ChangeObserver::new(&mut self.moves);
        self.tree.replace_all(&mut prepared, &mut Both(&mut writer, &mut watcher));
        let span = watcher.span;
        let applied = Applied { revision: self.revision, label, span, caret: caret_after, coalesced: false };
        Ok(self.pushed(writer.finish(), coalesce, applied))
    }

    /// Lays the opposite of an edit that was just made on the history.
    fn pushed(&mut self, step: UndoStep, key: Option<CoalesceKey>, applied: Applied) -> Applied {
        let coalesced = self.history.push(step.clone(), key);
        let applied = self.applied(Applied { coalesced, ..applied });
        self.last = Some((step, applied));
        applied
    }

    /// Puts the base's own bytes in the place of all there are, as one step called `label`, with the carets before
    /// and after it. Nothing counts as changed then. `None` when nothing has been changed.
    pub fn revert(&mut self, label: &'static str, carets: (Caret, Caret)) -> Option<Applied> {
        if changes::changes_of(&self.tree) == 0 {
            return None;
        }
        let whole =
            Change { span: Span::first(self.tree.len()), replaced: Span::first(self.tree.base_len()) };
        Some(self.put_back(whole, label, carets))
    }

    /// Puts the base's own bytes in the place of change `n`, as one step called `label`, with the carets before and after
    /// it. `None` when there is no such change.
    pub fn revert_change(&mut self, n: u64, label: &'static str, carets: (Caret, Caret)) -> Option<Applied> {
        let change = self.snapshot().nth_change(n)?;
        Some(self.put_back(change, label, carets))
    }

    /// Puts bytes of the base where other ones stand.
    fn put_back(&mut self, change: Change, label: &'static str, carets: (Caret, Caret)) -> Applied {
        let (caret_before, caret_after) = carets;
        let head = Head { label: self.history.intern(label), caret_before, caret_after, count: 1 };
        let mut writer = StepWriter::new(head);
        let mut watcher = ChangeObserver::new(&mut self.moves);
        let mut base = OfBase {
            place: Some(change.span),
            piece: Piece::new(self.tree.base(), change.replaced.start(), change.replaced.len()),
        };
        self.tree.replace_all(&mut base, &mut Both(&mut writer, &mut watcher));
        let span = watcher.span;
        let applied = Applied { revision: self.revision, label, span, caret: caret_after, coalesced: false };
        self.pushed(writer.finish(), None, applied)
    }

    /// Takes the last step back; `None` when there is none.
    pub fn undo(&mut self) -> Option<Applied> {
        self.go(HistoryDirection::Undo)
    }

    /// Does again what was last undone; `None` when there is nothing.
    pub fn redo(&mut self) -> Option<Applied> {
        self.go(HistoryDirection::Redo)
    }

    fn go(&mut self, way: HistoryDirection) -> Option<Applied> {
        let mut watcher = ChangeObserver::new(&mut self.moves);
        let head = self.history.go(way, &mut self.tree, &mut watcher)?;
        let span = watcher.span;
        let caret = match way {
            HistoryDirection::Undo => head.caret_before,
            HistoryDirection::Redo => head.caret_after,
        };
        let label = self.history.label(head.label);
        Some(self.applied(Applied { revision: self.revision, label, span, caret, coalesced: false }))
    }

    fn applied(&mut self, applied: Applied) -> Applied {
        self.next_revision();
        Applied { revision: self.revision, ..applied }
    }

    fn next_revision(&mut self) {
        self.revision.0 += 1;
        self.moves.end_revision(self.revision);
    }

    /// What the edit did that led to the state now, for a log of edits; once.
    pub fn take_delta(&mut self) -> Option<Delta> {
        let (step, applied) = self.last.take().filter(|(_, applied)| applied.revision == self.revision)?;
        Some(Delta::new(step, self.snapshot(), applied, self.history.save.is_some()))
    }

    /// The base of now, as a log names it, and its length.
    pub fn base(&self) -> (SourceKey, u64) {
        (SourceKey(self.tree.base().0), self.tree.base_len())
    }

    /// All that can be undone and redone, with the state now: for a log of edits, on any thread.
    pub fn history(&self) -> HistoryHandle {
        HistoryHandle::new(self.history.clone(), self.snapshot())
    }

    /// The label of the step that [`Self::undo`] would take back.
    pub fn can_undo(&self) -> Option<&'static str> {
        self.history.next_label(HistoryDirection::Undo)
    }

    /// The label of the step that [`Self::redo`] would do again.
    pub fn can_redo(&self) -> Option<&'static str> {
        self.history.next_label(HistoryDirection::Redo)
    }

    /// Ends the growing of the last step: the next edit is a step of its own whatever its key.
    pub fn seal(&mut self) {
        self.history.seal();
    }

    /// Whether the state is another than the one opened or last saved.
    pub fn is_modified(&self) -> bool {
        // Also edits may lead back to it.
        !self.history.is_at_saved() && changes::changes_of(&self.tree) > 0
    }

    /// Fixes the state that is to be saved. A save begun before and not finished is given up.
    pub fn begin_save(&mut self) -> SavePoint {
        SavePoint { snapshot: self.snapshot(), id: self.history.begin_save() }
    }

    /// Makes what was written the new base, whatever was edited or undone since [`Self::begin_save`]. `new_base` holds
    /// the bytes of the point's snapshot. Undo goes on across it: older steps keep naming the old base, which must
    /// stay readable. Counts as a revision, as other bytes are 'changed' then.
    ///
    /// # Errors
    /// [`RebaseError`]; the document is as it was before then.
    pub fn finish_save(&mut self, point: SavePoint, new_base: SharedSource) -> Result<(), RebaseError> {
        let len = new_base.len();
        self.finish_save_of(point, new_base, len)
    }

    /// The same with the first `saved` bytes of `new_base`, which may have grown since.
    fn finish_save_of(
        &mut self,
        point: SavePoint,
        new_base: SharedSource,
        saved: u64,
    ) -> Result<(), RebaseError> {
        let own = Arc::ptr_eq(point.snapshot.sources(), self.sources.shared());
        if !own || !self.history.is_saving(point.id) {
            return Err(RebaseError::Stale);
        }
        let expected = point.snapshot.len();
        if expected != saved {
            return Err(RebaseError::Length { expected, saved });
        }
        if self.sources.room() < 2 {
            return Err(RebaseError::TooManySources);
        }
        let saved = PieceTree::new(self.sources.add_base(new_base), saved.min(MAX_LEN));
        self.history.finish_save(point.id, &mut self.tree, saved)?;
        self.next_revision();
        Ok(())
    }

    /// Gives up a save that failed.
    pub fn cancel_save(&mut self, point: SavePoint) {
        self.history.cancel_save(point.id);
    }

    /// Where the bytes of `span` at the revision `from` are now.
    pub fn map_span(&self, span: Span, from: Revision) -> Mapped {
        self.moves.map(span, from)
    }

    /// Where bytes have gone, for whoever maps many spans on another thread.
    pub fn moves(&self) -> &Moves {
        &self.moves
    }
}

/// A tree of nothing but `base`, which is added to the table.
fn tree_of(base: SharedSource, sources: &mut SourcesOwner) -> PieceTree {
    let len = base.len().min(MAX_LEN);
    PieceTree::new(sources.add_base(base), len)
}

/// All of the base in the place of all that a tree has.
struct OfBase {
    place: Option<Span>,
    /// Empty when nothing was there.
    piece: Piece,
}

impl Replacements for OfBase {
    fn count(&self) -> usize {
        1
    }

    fn next(&mut self, pieces: &mut PieceRun) -> Option<Span> {
        let place = self.place.take()?;
        pieces.extend(Some(self.piece).filter(|piece| piece.len() > 0));
        Some(place)
    }
}

/// Logs where bytes go, and how far the change reaches.
struct ChangeObserver<'a> {
    moves: &'a mut Moves,
    span: Span,
    seen: bool,
}

impl<'a> ChangeObserver<'a> {
    fn new(moves: &'a mut Moves) -> Self {
        Self { moves, span: Span::default(), seen: false }
    }
}

impl ReplaceObserver for ChangeObserver<'_> {
    fn done(&mut self, place: ReplacedSpan, removed: &[Piece]) {
        let start = if self.seen { self.span.start() } else { place.span_now.start() };
        self.span = Span::between(start, place.span_now.end());
        self.seen = true;
        self.moves.done(place, removed);
    }
}
