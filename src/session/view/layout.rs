//! Where offsets, cells and text stand, counted in characters, and which of them is under a place.
//!
//! Widths come from the widest possible value, so nothing moves when other bytes are shown. Pixels and fonts
//! are the window's; one character here is one digit's width there.

use super::format::{CellKind, Columns, ViewFormat};
use super::hit::Column;
use super::row_map::RowMap;
use crate::decode::Radix;
use std::ops::Range;

/// Characters left of the offsets and right of the last column.
const EDGE: u32 = 1;
/// Characters between offsets, cells and text.
const COLUMN_GAP: u32 = 3;
/// More characters between groups than between cells.
const GROUP_GAP: u32 = 1;
/// Digits of an offset at least, so that small files look like large ones.
const MIN_OFFSET_DIGITS: u32 = 8;

/// The columns of a view, in characters from its left edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    offset_digits: u32,
    offset_group: u32,
    hex_offsets: bool,
    upper: bool,
    base: u64,
    cell_chars: u32,
    cell_gap: u32,
    cell_bytes: u32,
    cells: u32,
    group: u32,
    text: bool,
}

impl Layout {
    /// The columns of `format` for a document of `len` bytes, in `width` characters; the width matters only to
    /// [`Columns::Fit`].
    pub fn new(format: &ViewFormat, len: u64, width: f32) -> Self {
        Self::beside(format, len, width, None)
    }

    /// The same beside rows of so many bytes: where as many cells as fit are wanted, rows line up with those if they can.
    pub fn beside(format: &ViewFormat, len: u64, width: f32, row_bytes: Option<u32>) -> Self {
        let hex_offsets = format.offsets != Radix::Decimal;
        let (cell_chars, cell_gap) = match format.kind {
            CellKind::Bytes(radix) => (radix.digits() as u32, 1),
            CellKind::Values(dtype) => (dtype.max_width() as u32, 2),
        };
        let mut layout = Self {
            offset_digits: offset_digits(format, len),
            offset_group: if hex_offsets { 4 } else { 3 },
            hex_offsets,
            upper: format.upper,
            base: format.base,
            cell_chars,
            cell_gap,
            cell_bytes: format.kind.cell_bytes(),
            cells: 1,
            group: format.group,
            text: format.text.is_some(),
        };
        layout.cells = match format.columns {
            Columns::Fixed(cells) => cells.clamp(1, format.max_columns()),
            Columns::Fit => {
                let most = layout.fitting(width, format.max_columns());
                row_bytes.and_then(|bytes| layout.lined_up(most, bytes)).unwrap_or(most)
            }
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

    /// The most cells of at most `most` whose row has `row_bytes` bytes, or an even part of them.
    fn lined_up(self, most: u32, row_bytes: u32) -> Option<u32> {
        let whole = row_bytes / self.cell_bytes;
        let is_even = row_bytes.is_multiple_of(self.cell_bytes) && whole > 0;
        is_even.then(|| (1..=most.min(whole)).rev().find(|cells| whole.is_multiple_of(*cells))).flatten()
    }

    /// How the bytes of a document of `len` bytes fall into these rows.
    pub fn row_map(&self, len: u64, origin: u64) -> RowMap {
        RowMap::new(len, origin, self.cell_bytes, self.cells, self.group)
    }

    /// Cells a row.
    pub fn cells(&self) -> u32 {
        self.cells
    }

    /// Bytes a cell.
    pub fn cell_bytes(&self) -> u32 {
        self.cell_bytes
    }

    /// Bytes of a row.
    pub fn row_bytes(&self) -> u32 {
        self.cells * self.cell_bytes
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
        self.cell_gap
    }

    /// Left edge of the offsets.
    pub fn offset_x(&self) -> u32 {
        EDGE
    }

    /// Characters of an offset, its gaps included.
    pub fn offset_chars(&self) -> u32 {
        self.offset_digits + (self.offset_digits - 1) / self.offset_group
    }

    /// Left edge of cell `index`; `cells()` is where the next one would be.
    pub fn cell_x(&self, index: u32) -> u32 {
        let groups = index.checked_div(self.group).unwrap_or(0);
        self.cells_x() + index * (self.cell_chars + self.cell_gap) + groups * GROUP_GAP
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
        if self.text { self.text_start() + self.row_bytes() + EDGE } else { self.cells_end() + EDGE }
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
        let most = self.row_bytes();
        let first = ((left - start).floor().max(0.0) as u32).min(most);
        first..((right - start).ceil().max(0.0) as u32).clamp(first, most)
    }

    /// The column under `x`, and the byte of the row under it or nearest to it.
    pub fn hit(&self, x: f32) -> (Column, u32) {
        match self.text_edge() {
            Some(edge) if x >= edge => (Column::Text, self.text_index(x)),
            _ => (Column::Cells, self.nearest_cell(x) * self.cell_bytes),
        }
    }

    /// The byte of the row nearest to `x` in `column`; a drag stays in the column that it began in.
    pub fn hit_in(&self, column: Column, x: f32) -> u32 {
        match column {
            Column::Text if self.text => self.text_index(x),
            _ => self.nearest_cell(x) * self.cell_bytes,
        }
    }

    fn text_index(&self, x: f32) -> u32 {
        ((x - self.text_start() as f32).max(0.0) as u32).min(self.row_bytes() - 1)
    }

    /// Gaps belong half to each side.
    fn nearest_cell(&self, x: f32) -> u32 {
        let pitch = (self.cell_chars + self.cell_gap) as f32;
        let from_first = (x - self.cells_x() as f32 + self.cell_gap as f32 / 2.0).max(0.0);
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

    /// Appends the label of the row that begins at `offset`: [`Self::offset_chars`] ASCII characters.
    /// Offsets above `u64::MAX` with their base wrap around, as addresses do.
    pub fn write_offset(&self, offset: u64, out: &mut String) {
        let mut rest = offset.wrapping_add(self.base);
        let mut label = [b' '; 32];
        let chars = self.offset_chars() as usize;
        let radix = if self.hex_offsets { 16 } else { 10 };
        let stride = self.offset_group as usize + 1;
        for (at, place) in label[..chars].iter_mut().rev().enumerate() {
            if at % stride == stride - 1 {
                *place = if rest == 0 && !self.hex_offsets { b' ' } else { self.separator() };
            } else if rest > 0 || at == 0 || self.hex_offsets {
                *place = digit((rest % radix) as u8, self.upper);
                rest /= radix;
            }
        }
        out.extend(label[..chars].iter().map(|byte| *byte as char));
    }

    fn separator(&self) -> u8 {
        if self.hex_offsets { b' ' } else { b',' }
    }

    /// Appends what stands above cell `index`: how many bytes it is from the row's start, or which value.
    pub fn write_header(&self, index: u32, out: &mut String) {
        use std::fmt::Write;
        let written = match (self.cell_bytes == 1 && self.hex_offsets, self.upper) {
            (true, true) => write!(out, "{index:02X}"),
            (true, false) => write!(out, "{index:02x}"),
            (false, _) => write!(out, "{index}"),
        };
        debug_assert!(written.is_ok(), "a String takes what is written to it");
    }

    /// What stands above character `index` of the text: the last digit of its number.
    pub fn text_head(&self, index: u32) -> char {
        let radix = if self.hex_offsets { 16 } else { 10 };
        digit((index % radix) as u8, self.upper).into()
    }
}

fn digit(value: u8, upper: bool) -> u8 {
    match value {
        0..=9 => b'0' + value,
        _ if upper => b'A' + value - 10,
        _ => b'a' + value - 10,
    }
}

/// Digits of the largest offset that is shown; hexadecimal ones in whole groups of four.
fn offset_digits(format: &ViewFormat, len: u64) -> u32 {
    let largest = format.base.saturating_add(len);
    if format.offsets == Radix::Decimal {
        largest.checked_ilog10().unwrap_or(0).max(MIN_OFFSET_DIGITS - 1) + 1
    } else {
        (largest.checked_ilog(16).unwrap_or(0).max(MIN_OFFSET_DIGITS - 1) + 1).next_multiple_of(4)
    }
}
