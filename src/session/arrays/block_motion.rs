//! What of a table is in the selected block, and where a key leads.
//!
//! Nothing is read and nothing is scrolled here.

use super::block::{Block, Place};
use super::table::{Across, Table};
use crate::session::view::Motion;

impl Block {
    /// The selected columns of a row, first and last.
    pub fn columns_in(&self, row: u64, table: &Table) -> Option<(u64, u64)> {
        let (top, bottom) = self.rows();
        if !(top..=bottom).contains(&row) {
            return None;
        }
        let Across::Wrapped(width) = table.across() else { return Some(self.columns()) };
        let (first, last) = self.items(*width);
        let left = if row == first / width { first % width } else { 0 };
        let right = if row == last / width { last % width } else { width - 1 };
        Some((left, right))
    }

    /// Whether the cell in this row and column is in the block.
    pub fn has(&self, row: u64, column: u64, table: &Table) -> bool {
        self.columns_in(row, table).is_some_and(|(left, right)| (left..=right).contains(&column))
    }

    /// Cells of the block.
    pub fn count(&self, table: &Table) -> u64 {
        if let Across::Wrapped(width) = table.across() {
            let (first, last) = self.items(*width);
            return last - first + 1;
        }
        let ((top, bottom), (left, right)) = (self.rows(), self.columns());
        (bottom - top + 1).saturating_mul(right - left + 1)
    }

    /// Everything.
    pub fn all(table: &Table) -> Self {
        Self { anchor: (0, 0), caret: existing(last(table), table) }
    }

    /// Whole rows, from one to another.
    pub fn rows_of(from: u64, to: u64, table: &Table) -> Self {
        Self { anchor: (from, 0), caret: (to, last(table).1) }.ordered(table)
    }

    /// In whole rows: the upper one from its first cell on, the lower one to its last.
    fn ordered(self, table: &Table) -> Self {
        let (first, end) = (0, last(table).1);
        let (from, to) = (self.anchor.0, self.caret.0);
        let (anchor, caret) =
            if from <= to { ((from, first), (to, end)) } else { ((from, end), (to, first)) };
        Self { anchor: existing(anchor, table), caret: existing(caret, table) }
    }

    /// Whole columns, from one to another, where the caret is in row `row`.
    pub fn columns_of(from: u64, to: u64, row: u64, table: &Table) -> Self {
        if matches!(table.across(), Across::Wrapped(_)) {
            // A column of what runs on from row to row is no part of anything: the caret goes there in its row.
            return Self::at((row, to)).fitted(table);
        }
        Self { anchor: (0, from), caret: (last(table).0, to) }
    }

    /// The same block inside `table`.
    #[must_use]
    pub fn fitted(self, table: &Table) -> Self {
        let (rows, columns) = last(table);
        let fit = |place: Place| existing((place.0.min(rows), place.1.min(columns)), table);
        Self { anchor: fit(self.anchor), caret: fit(self.caret) }
    }

    /// Where a key leads; with `extend` the opposite corner stays. `page` is how many whole rows are seen.
    #[must_use]
    pub fn moved(self, motion: Motion, extend: bool, table: &Table, page: u64) -> Self {
        let (rows, columns) = last(table);
        let (row, column) = self.caret;
        // What runs on from row to row is selected as it does.
        let turns = !extend || matches!(table.across(), Across::Wrapped(_));
        let caret = match motion {
            Motion::Left if column == 0 && row > 0 && turns => (row - 1, columns),
            Motion::Left => (row, column.saturating_sub(1)),
            Motion::Right if column == columns && row < rows && turns => (row + 1, 0),
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
