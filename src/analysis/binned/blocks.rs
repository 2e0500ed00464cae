//! Which elements a worker takes at once: rows of bins as a whole as far as they are not too large.

use super::kernel::BinKernel;
use crate::analysis::elements::ElementBlock;
use crate::decode::array::{Array, MemoryOrder};

/// Elements that a worker takes at once where a row of bins has fewer.
const AT_ONCE: u64 = 128 << 10;
/// Elements of a block at most.
const MOST: u64 = 4 << 20;
/// The same where they do not lie side by side and are brought together in memory.
const MOST_GATHERED: u64 = 1 << 20;

/// The blocks of a plane, from its first row to its last.
pub(super) struct BlockPlan<'a> {
    plane: &'a Array,
    kernel: &'a BinKernel,
    rows: u64,
    columns: u64,
    last_row: u64,
    is_side_by_side: bool,
    most: u64,
    /// The next row, the next column of it, and the next row of bins.
    next: (u64, u64, u64),
}

impl<'a> BlockPlan<'a> {
    /// All blocks of a plane of so many rows and columns, the last row of which may be shorter.
    pub fn new(plane: &'a Array, (rows, columns): (u64, u64), last_row: u64, kernel: &'a BinKernel) -> Self {
        let is_side_by_side = plane.order() == Some(MemoryOrder::C) && !plane.item.shares_bytes();
        let most = if is_side_by_side { MOST } else { MOST_GATHERED };
        let last_row = last_row.min(columns);
        Self { plane, kernel, rows, columns, last_row, is_side_by_side, most, next: (0, 0, 0) }
    }

    /// Neighbours in C order from an element on: rows, or a part of one row.
    fn block(&self, (row, column): (u64, u64), (rows, columns): (u64, u64)) -> ElementBlock {
        let first = row * self.columns + column;
        if self.is_side_by_side {
            return ElementBlock::Run(first..first + rows * columns);
        }
        let place = self.plane.place(&[row, column]);
        let mut block = self.plane.clone();
        (block.offset, block.first) = (place.span.start(), u64::from(place.item));
        block.shape = vec![rows, columns];
        ElementBlock::Part(block, first)
    }
}

impl Iterator for BlockPlan<'_> {
    type Item = ElementBlock;

    fn next(&mut self) -> Option<ElementBlock> {
        let (row, column, mut bin) = self.next;
        let is_last = row + 1 == self.rows;
        let row_end = if is_last { self.last_row } else { self.columns };
        if row >= self.rows || column >= row_end {
            return None;
        }
        if column > 0 || self.columns > self.most || is_last {
            let columns = (row_end - column).min(self.most);
            let is_end = column + columns == row_end;
            let after = if is_end { (row + 1, 0) } else { (row, column + columns) };
            bin += u64::from(is_end && after.0 >= self.kernel.first_row(bin + 1));
            self.next = (after.0, after.1, bin);
            return Some(self.block((row, column), (1, columns)));
        }
        let most_rows = self.most / self.columns.max(1);
        // A last row that is shorter is a block of its own.
        let whole = self.rows - u64::from(self.last_row < self.columns);
        let end_of_bin = self.kernel.first_row(bin + 1);
        if end_of_bin.min(whole) - row > most_rows || end_of_bin > whole {
            let rows = (whole - row).min(most_rows);
            self.next = (row + rows, 0, bin);
            return Some(self.block((row, 0), (rows, self.columns)));
        }
        // Whole rows of bins, as many as make a block that is worth a worker.
        bin += 1;
        let mut end = end_of_bin;
        while bin < self.kernel.height
            && self.kernel.first_row(bin + 1) <= whole
            && (self.kernel.first_row(bin + 1) - row) * self.columns <= AT_ONCE.min(self.most)
        {
            bin += 1;
            end = self.kernel.first_row(bin);
        }
        self.next = (end, 0, bin);
        Some(self.block((row, 0), (end - row, self.columns)))
    }
}
