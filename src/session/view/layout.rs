//! The positions of offsets, cells and text, counted in characters, and which of them is under a position.
//!
//! Widths come from the widest possible value, so nothing moves when other bytes are shown. Pixels and fonts
//! are the window's; one character here is one digit's width there.

use super::byte_rows::Columns;
use super::format::{MAX_ROW_BYTES, ViewFormat};
use super::hit::Column;
use super::offset_labels::OffsetLabels;
use super::row_map::RowMap;
use std::ops::Range;

/// Characters left of the offsets and right of the last column.
const EDGE: u32 = 1;
/// Characters between offsets, cells and text.
const COLUMN_GAP: u32 = 3;
/// Characters between two cells of a group.
const CELL_GAP: u32 = 1;
/// More characters between groups than between cells.
const GROUP_GAP: u32 = 1;

/// The columns of a view, in characters from its left edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    labels: OffsetLabels,
    cell_chars: u32,
    cells: u32,
    group: u32,
    text: bool,
}

impl Layout {
    /// The columns of `format` for a document of `len` bytes, in `width` characters; the width matters only to
    /// [`Columns::Fit`].
    pub fn new(format: &ViewFormat, len: u64, width: f32) -> Self {
        let mut layout = Self {
            labels: OffsetLabels::new(format.offsets, format.base, format.upper, len),
            cell_chars: format.radix.digits() as u32,
            cells: 1,
            group: format.group,
            text: format.text.is_some(),
        };
        layout.cells = match format.columns {
            Columns::Fixed(cells) => cells.clamp(1, MAX_ROW_BYTES),
            Columns::Fit => layout.fitting(width, MAX_ROW_BYTES),
        };
        layout
    }

    /// The most cells, in whole groups where there is room for one, whose row is at most `width` characters.
    fn fitting(self, width: f32, most: u32) -> u32 {
        let fits = |cells: u32| Self { cells, ..self }.width() as f32 <= width;
        let step = if self.group > 1 && self.group <= most && fits(self.group) { self.group } else { 1 };
        let mut cells = step;
        while cells + step <= most && fits(cells + step) {
            cells += step;
        }
        cells
    }

    /// How the bytes of a document of `len` bytes fall into these rows.
    pub fn row_map(&self, len: u64, origin: u64) -> RowMap {
        RowMap::new(len, origin, 1, self.cells, self.group)
    }

    /// How offsets are written.
    pub fn labels(&self) -> &OffsetLabels {
        &self.labels
    }

    /// Bytes of a row, each in a cell.
    pub fn cells(&self) -> u32 {
        self.cells
    }

    /// Cells a group; 0 for no groups.
    pub fn group(&self) -> u32 {
        self.group
    }

    /// Characters a cell, without the gap after it.
    pub fn cell_chars(&self) -> u32 {
        self.cell_chars
    }

    /// Characters between two cells of a group.
    pub fn cell_gap(&self) -> u32 {
        CELL_GAP
    }

    /// Left edge of the offsets.
    pub fn offset_x(&self) -> u32 {
        EDGE
    }

    /// Characters of an offset, its gaps included.
    pub fn offset_chars(&self) -> u32 {
        self.labels.chars()
    }

    /// Left edge of cell `index`; `cells()` is where the next one would be.
    pub fn cell_x(&self, index: u32) -> u32 {
        let groups = index.checked_div(self.group).unwrap_or(0);
        self.cells_x() + index * (self.cell_chars + CELL_GAP) + groups * GROUP_GAP
    }

    /// The line between offsets and cells, in the middle of the gap.
    pub fn cells_edge(&self) -> f32 {
        self.cells_x() as f32 - COLUMN_GAP as f32 / 2.0
    }

    /// The line between cells and text, in the middle of the gap; `None` without text.
    pub fn text_edge(&self) -> Option<f32> {
        self.text.then(|| self.text_start() as f32 - COLUMN_GAP as f32 / 2.0)
    }

    /// Left edge of the character of byte `index` of the row; `None` without text.
    pub fn text_x(&self, index: u32) -> Option<u32> {
        self.text.then(|| self.text_start() + index)
    }

    /// Characters in all.
    pub fn width(&self) -> u32 {
        if self.text { self.text_start() + self.cells + EDGE } else { self.cells_end() + EDGE }
    }

    fn cells_x(&self) -> u32 {
        EDGE + self.offset_chars() + COLUMN_GAP
    }

    fn cells_end(&self) -> u32 {
        self.cell_x(self.cells - 1) + self.cell_chars
    }

    fn text_start(&self) -> u32 {
        self.cells_end() + COLUMN_GAP
    }

    /// The cells that lie at least partly between two places.
    pub fn cells_between(&self, left: f32, right: f32) -> Range<u32> {
        let first = self.nearest_cell(left).saturating_sub(1);
        let last = self.nearest_cell(right) + 1;
        first..last.min(self.cells)
    }

    /// The text's bytes of a row that lie at least partly between two places; none without text.
    pub fn text_between(&self, left: f32, right: f32) -> Range<u32> {
        if !self.text {
            return 0..0;
        }
        let start = self.text_start() as f32;
        let most = self.cells;
        let first = ((left - start).floor().max(0.0) as u32).min(most);
        first..((right - start).ceil().max(0.0) as u32).clamp(first, most)
    }

    /// The column under `x`, and the byte of the row under it or nearest to it.
    pub fn hit(&self, x: f32) -> (Column, u32) {
        match self.text_edge() {
            Some(edge) if x >= edge => (Column::Text, self.text_index(x)),
            _ => (Column::Cells, self.nearest_cell(x)),
        }
    }

    /// The byte of the row nearest to `x` in `column`; a drag stays in the column that it began in.
    pub fn hit_in(&self, column: Column, x: f32) -> u32 {
        match column {
            Column::Text if self.text => self.text_index(x),
            _ => self.nearest_cell(x),
        }
    }

    fn text_index(&self, x: f32) -> u32 {
        ((x - self.text_start() as f32).max(0.0) as u32).min(self.cells - 1)
    }

    /// Gaps belong half to each side.
    fn nearest_cell(&self, x: f32) -> u32 {
        let pitch = (self.cell_chars + CELL_GAP) as f32;
        let from_first = (x - self.cells_x() as f32 + CELL_GAP as f32 / 2.0).max(0.0);
        if self.group == 0 {
            return ((from_first / pitch) as u32).min(self.cells - 1);
        }
        let group_pitch = pitch * self.group as f32 + GROUP_GAP as f32;
        let from_first = from_first + GROUP_GAP as f32 / 2.0;
        let group = (from_first / group_pitch) as u32;
        let in_group = from_first - group as f32 * group_pitch - GROUP_GAP as f32 / 2.0;
        let index = ((in_group / pitch).max(0.0) as u32).min(self.group - 1);
        group.saturating_mul(self.group).saturating_add(index).min(self.cells - 1)
    }
}
