//! How bytes fall into rows, cells and groups: the arithmetic that motion, selection and the grid share.
//!
//! Row 0 begins at `origin`; bytes before it are not part of the view. There is always a row that holds the
//! place after the last byte, so that one can append. No geometry in pixels or characters here.

use crate::bytes::Span;

/// The rows of a view. All sizes are in bytes and at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowMap {
    len: u64,
    origin: u64,
    row_bytes: u64,
    cell_bytes: u64,
    group_bytes: u64,
}

impl RowMap {
    /// `len` bytes in all, row 0 from `origin` on, `cells` cells of `cell_bytes` a row, `group` cells a group
    /// (0 for none).
    pub fn new(len: u64, origin: u64, cell_bytes: u32, cells: u32, group: u32) -> Self {
        let cell_bytes = u64::from(cell_bytes.max(1));
        let row_bytes = cell_bytes * u64::from(cells.max(1));
        let group_bytes = (cell_bytes * u64::from(group)).min(row_bytes);
        Self { len, origin: origin.min(len), row_bytes, cell_bytes, group_bytes }
    }

    /// Length of the document.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether no byte is in a row.
    pub fn is_empty(&self) -> bool {
        self.len == self.origin
    }

    /// Offset of the first byte of row 0.
    pub fn origin(&self) -> u64 {
        self.origin
    }

    /// Bytes of a row.
    pub fn row_bytes(&self) -> u64 {
        self.row_bytes
    }

    /// Bytes of a cell.
    pub fn cell_bytes(&self) -> u64 {
        self.cell_bytes
    }

    /// Bytes in a group of cells; one cell's when cells are not grouped.
    pub fn group_bytes(&self) -> u64 {
        self.group_bytes.max(self.cell_bytes)
    }

    /// Step of the word motions: a group, or 8 bytes (a whole cell at least) when cells are not grouped.
    pub fn word_bytes(&self) -> u64 {
        if self.group_bytes > 0 {
            self.group_bytes
        } else {
            self.cell_bytes.max(8 - 8 % self.cell_bytes.min(8))
        }
    }

    /// Rows in all, the one with the place after the last byte included.
    pub fn rows(&self) -> u64 {
        (self.len - self.origin) / self.row_bytes + 1
    }

    /// The row that `offset` lies in; offsets outside the view count as the nearest inside.
    pub fn row_of(&self, offset: u64) -> u64 {
        (offset.clamp(self.origin, self.len) - self.origin) / self.row_bytes
    }

    /// Offset of the first byte of `row`, at most the length.
    pub fn row_start(&self, row: u64) -> u64 {
        row.checked_mul(self.row_bytes)
            .and_then(|bytes| bytes.checked_add(self.origin))
            .map_or(self.len, |start| start.min(self.len))
    }

    /// The bytes of `row` that exist.
    pub fn row_span(&self, row: u64) -> Span {
        let start = self.row_start(row);
        Span::between(start, start.saturating_add(self.row_bytes).min(self.len))
    }

    /// The cell that `offset` lies in, cut at the end; empty at the end.
    pub fn cell_at(&self, offset: u64) -> Span {
        self.block_at(offset, self.cell_bytes)
    }

    /// The group of cells that `offset` lies in: counted from its row's start, cut at the row's and the
    /// document's end.
    pub fn group_at(&self, offset: u64) -> Span {
        let row = self.row_span(self.row_of(offset));
        let start = offset.clamp(row.start(), row.end());
        let start = start - (start - row.start()) % self.group_bytes();
        Span::between(start, start.saturating_add(self.group_bytes()).min(row.end()))
    }

    /// `offset` moved down to the start of its cell; the end stays the end.
    pub fn snap(&self, offset: u64) -> u64 {
        if offset >= self.len { self.len } else { self.cell_at(offset).start() }
    }

    fn block_at(&self, offset: u64, block: u64) -> Span {
        let offset = offset.clamp(self.origin, self.len);
        let start = offset - (offset - self.origin) % block;
        let start = if offset == self.len { offset } else { start };
        Span::between(start, start.saturating_add(block).min(self.len))
    }
}
