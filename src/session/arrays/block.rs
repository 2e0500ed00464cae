//! The caret and the selected block of an array's table.
//!
//! As in a spreadsheet, the caret is always on a cell, and the selection is a block with the caret in one corner.

use crate::decode::array::ItemPlace;
use crate::decode::dtype::ItemType;

/// A row and a column.
pub type Place = (u64, u64);

/// The caret's cell and the opposite corner of the block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Block {
    pub anchor: Place,
    pub caret: Place,
}

impl Block {
    /// The block of the one cell at `place`.
    pub fn at(place: Place) -> Self {
        Self { anchor: place, caret: place }
    }

    /// First and last row.
    pub fn rows(&self) -> (u64, u64) {
        (self.anchor.0.min(self.caret.0), self.anchor.0.max(self.caret.0))
    }

    /// First and last column.
    pub fn columns(&self) -> (u64, u64) {
        (self.anchor.1.min(self.caret.1), self.anchor.1.max(self.caret.1))
    }

    /// Whether it is a single cell.
    pub fn is_one(&self) -> bool {
        self.anchor == self.caret
    }

    /// Where a single axis runs on from row to row: the first and the last item of the block, which runs on too.
    pub fn items(&self, width: u64) -> (u64, u64) {
        let number = |(row, column): Place| row * width + column;
        let (a, b) = (number(self.anchor), number(self.caret));
        (a.min(b), a.max(b))
    }
}

/// A cell that is typed into.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::session) struct CaretCell {
    pub(super) place: ItemPlace,
    pub(super) item: ItemType,
}
