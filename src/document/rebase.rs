//! The base of a document grows, or another takes its place, and edits and history stay.
//!
//! All bytes of the base that are still there keep their offsets. What another base lacks goes on naming the old one,
//! which has to stay readable as far as it ever was. Whether the edits still fit the bytes that they now replace is not
//! known here: the caller has compared them.

use super::edit::{MAX_LEN, RebaseError};
use super::history::Nobody;
use super::piece::{Piece, PieceRun, SourceId, push_joined};
use super::tree::Replacements;
use super::{ChangeObserver, Document, Moves, tree_of};
use crate::bytes::{SharedSource, Span};
use std::ops::ControlFlow;

impl Document {
    /// The base has grown to `base_len` bytes, which its source gives by now: the new ones come after all there is,
    /// where every step of the history leaves them. Counts as a revision; no step of its own, and nothing counts as
    /// changed by it. A shorter base is no growth.
    pub fn grow_base(&mut self, base_len: u64) {
        let old = self.tree.base_len();
        let room = MAX_LEN - self.tree.len();
        let base_len = base_len.min(old.saturating_add(room));
        if base_len <= old {
            return;
        }
        self.history.seal();
        let tail = Piece::new(self.tree.base(), old, base_len - old);
        self.tree.grow_base(base_len);
        let mut at_end =
            Whole { place: Some(Span::empty_at(self.tree.len())), pieces: PieceRun::from_elem(tail, 1) };
        self.tree.replace_all(&mut at_end, &mut ChangeObserver::new(&mut self.moves));
        self.next_revision();
    }

    /// Puts `new_base` in the place of the base, under edits and history. A longer one's tail comes after all there
    /// is. Of a shorter one the answer is where in the document the first byte of the old base stands that it lacks;
    /// from there on such bytes go on naming the old base and count as changed, until the caller removes
    /// them by an edit. Counts as a revision; older revisions can't be mapped any more.
    ///
    /// # Errors
    /// [`RebaseError`]; the document is as it was before then.
    pub fn rebase(&mut self, new_base: SharedSource) -> Result<Option<u64>, RebaseError> {
        if self.history.saves() {
            return Err(RebaseError::Stale);
        }
        if self.sources.room() < 2 {
            return Err(RebaseError::TooManySources);
        }
        let (old, old_len) = (self.tree.base(), self.tree.base_len());
        let mut tree = tree_of(new_base, &mut self.sources);
        let (new, new_len) = (tree.base(), tree.base_len());
        let rename = |piece: Piece, to: &mut PieceRun| renamed(piece, (old, new), new_len, to);
        let (mut pieces, mut first_gone) = (PieceRun::new(), None);
        self.tree.visit(Span::first(self.tree.len()), &mut |at, piece| {
            rename(piece, &mut pieces);
            if piece.source() == old && piece.end() > new_len && first_gone.is_none() {
                first_gone = Some(at + new_len.saturating_sub(piece.offset()));
            }
            ControlFlow::Continue(())
        });
        let room = MAX_LEN - pieces.iter().map(|piece| piece.len()).sum::<u64>();
        push_joined(&mut pieces, Piece::new(new, old_len, new_len.saturating_sub(old_len).min(room)));
        let whole = Some(Span::first(new_len));
        tree.replace_all(&mut Whole { place: whole, pieces }, &mut Nobody);
        self.tree = tree;
        self.history.rename(&rename, new_len < old_len);
        self.next_revision();
        self.moves = Moves::new(self.revision);
        Ok(first_gone)
    }
}

/// Appends `piece` as the new base has it: what lies before its end is its own.
fn renamed(piece: Piece, (old, new): (SourceId, SourceId), new_len: u64, to: &mut PieceRun) {
    if piece.source() != old {
        return to.push(piece);
    }
    let kept = new_len.clamp(piece.offset(), piece.end()) - piece.offset();
    if kept > 0 {
        to.push(piece.cut(0, kept).with_source(new));
    }
    if kept < piece.len() {
        to.push(piece.cut(kept, piece.len()));
    }
}

/// Pieces that come in at one place.
struct Whole {
    place: Option<Span>,
    pieces: PieceRun,
}

impl Replacements for Whole {
    fn count(&self) -> usize {
        1
    }

    fn next(&mut self, pieces: &mut PieceRun) -> Option<Span> {
        let place = self.place.take()?;
        pieces.append(&mut self.pieces);
        Some(place)
    }
}
