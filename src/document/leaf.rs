//! Leaves of the piece tree: a run of pieces.

use super::inner::minimum;
use super::piece::{Piece, SourceId};
use std::ops::Range;

/// Pieces in a leaf, at most: a leaf takes as much memory as an inner node. Tiny under test, so that small trees are
/// deep.
#[cfg(not(test))]
pub const LEAF_MAX: usize = 76;
#[cfg(test)]
pub const LEAF_MAX: usize = 5;
pub const LEAF_MIN: usize = minimum(LEAF_MAX);

const _: () = assert!(LEAF_MIN * 2 <= LEAF_MAX, "two minimal leaves fit into one");
const _: () = assert!(LEAF_MAX <= u8::MAX as usize, "the count is a byte");

#[derive(Clone, Debug)]
pub struct LeafNode {
    count: u8,
    /// Those in use, and then slots of no meaning.
    slots: [Piece; LEAF_MAX],
}

impl LeafNode {
    /// A leaf of `pieces`, which are at most [`LEAF_MAX`].
    pub fn new(pieces: &[Piece]) -> Self {
        let mut slots = [Piece::new(SourceId(0), 0, 0); LEAF_MAX];
        slots[..pieces.len()].copy_from_slice(pieces);
        Self { count: pieces.len() as u8, slots }
    }

    /// The pieces, in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.slots[..usize::from(self.count)]
    }

    /// The number of the piece that holds the byte at `at`, counted from the start of the leaf, and where it starts;
    /// the end of the pieces where the bytes end before.
    pub fn piece_at(&self, at: u64) -> (usize, u64) {
        let mut start = 0;
        for (index, piece) in self.pieces().iter().enumerate() {
            let end = start + piece.len();
            if at < end {
                return (index, start);
            }
            start = end;
        }
        (self.pieces().len(), start)
    }

    /// Puts `new` in the place of the pieces in `range`; there is room for it.
    pub fn put(&mut self, range: Range<usize>, new: &[Piece]) {
        let (len, end) = (self.pieces().len(), range.start + new.len());
        self.slots.copy_within(range.end..len, end);
        self.slots[range.start..end].copy_from_slice(new);
        self.count = (len - range.len() + new.len()) as u8;
    }
}
