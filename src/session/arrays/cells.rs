//! The caret and the selected block of an array's table, and where a key leads.
//!
//! As in a spreadsheet the caret is always on a cell and the selection is a block that has it in a corner. Nothing is
//! read and nothing is scrolled here.

use super::table::Table;
use crate::session::view::Motion;

/// A row and a column.
pub type Place = (u64, u64);

/// The caret's cell and the opposite corner of the block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Block {
    pub anchor: Place,
    pub caret: Place,
}

impl Block {
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

    pub fn is_one(&self) -> bool {
        self.anchor == self.caret
    }

    pub fn has(&self, row: u64, column: u64) -> bool {
        let ((top, bottom), (left, right)) = (self.rows(), self.columns());
        (top..=bottom).contains(&row) && (left..=right).contains(&column)
    }

    /// Cells of the block.
    pub fn count(&self) -> u64 {
        let ((top, bottom), (left, right)) = (self.rows(), self.columns());
        (bottom - top + 1).saturating_mul(right - left + 1)
    }

    /// Everything.
    pub fn all(table: &Table) -> Self {
        Self { anchor: (0, 0), caret: last(table) }
    }

    /// Whole rows, from one to another.
    pub fn rows_of(from: u64, to: u64, table: &Table) -> Self {
        Self { anchor: (from, 0), caret: (to, last(table).1) }
    }

    /// Whole columns, from one to another.
    pub fn columns_of(from: u64, to: u64, table: &Table) -> Self {
        Self { anchor: (0, from), caret: (last(table).0, to) }
    }

    /// The same block inside `table`.
    #[must_use]
    pub fn fitted(self, table: &Table) -> Self {
        let (rows, columns) = last(table);
        let fit = |place: Place| (place.0.min(rows), place.1.min(columns));
        Self { anchor: fit(self.anchor), caret: fit(self.caret) }
    }

    /// Where a key leads; with `extend` the opposite corner stays. `page` is how many whole rows are seen.
    #[must_use]
    pub fn moved(self, motion: Motion, extend: bool, table: &Table, page: u64) -> Self {
        let (rows, columns) = last(table);
        let (row, column) = self.caret;
        let caret = match motion {
            Motion::Left if column == 0 && row > 0 && !extend => (row - 1, columns),
            Motion::Left => (row, column.saturating_sub(1)),
            Motion::Right if column == columns && row < rows && !extend => (row + 1, 0),
            Motion::Right => (row, (column + 1).min(columns)),
            Motion::Up => (row.saturating_sub(1), column),
            Motion::Down => ((row + 1).min(rows), column),
            Motion::PageUp => (row.saturating_sub(page.max(1)), column),
            Motion::PageDown => (row.saturating_add(page.max(1)).min(rows), column),
            Motion::RowStart | Motion::WordLeft => (row, 0),
            Motion::RowEnd | Motion::WordRight => (row, columns),
            Motion::Start => (0, 0),
            Motion::End => (rows, columns),
        };
        let caret = existing(caret, table);
        if extend { Self { caret, ..self } } else { Self::at(caret) }
    }
}

fn last(table: &Table) -> Place {
    (table.rows().saturating_sub(1), table.columns().saturating_sub(1))
}

/// The last row of a wrapped axis may be short: the nearest cell that is there.
fn existing((row, mut column): Place, table: &Table) -> Place {
    while column > 0 && !table.has(row, column) {
        column -= 1;
    }
    (row, column)
}
