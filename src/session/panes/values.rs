//! Plain values of one type: a table of as many elements as there are bytes for from an offset on, and an incomplete
//! element after the last one.
//!
//! The rows scroll with those of the bytes. The selection is the tab's selection of bytes, so the caret can also be
//! after the last value.

use crate::decode::{DType, Radix};
use crate::session::arrays::columns::{GAP, TableColumns};
use crate::session::arrays::table::Table;
use crate::session::view::format::MAX_ROW_BYTES;
use crate::session::view::{Columns, FormattedRows, OffsetLabels, RowFormat, RowMap, RowShape};

/// Characters left and right of the labels of a table's rows, together.
const LABEL_EDGES: u32 = 3;

/// How plain values are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValuesFormat {
    pub dtype: DType,
    /// Values a row.
    pub columns: Columns,
    /// Offset of the first value.
    pub origin: u64,
    /// Added to offsets where they are shown.
    pub base: u64,
    /// How offsets are shown: hexadecimal or decimal (anything else counts as hexadecimal).
    pub offsets: Radix,
}

impl ValuesFormat {
    /// As many values of this type a row as fit, from the first byte on.
    pub fn new(dtype: DType) -> Self {
        Self { dtype, columns: Columns::Fit, origin: 0, base: 0, offsets: Radix::Hex }
    }

    /// Most values that a row may hold: those of [`MAX_ROW_BYTES`] bytes, but at least one.
    pub fn max_columns(&self) -> u32 {
        (MAX_ROW_BYTES / self.cell_bytes()).max(1)
    }

    /// The labels of the rows, in a document of `len` bytes.
    pub fn labels(&self, len: u64) -> OffsetLabels {
        OffsetLabels::new(self.offsets, self.base, false, len)
    }

    /// Columns with room for every value of the type.
    pub fn table_columns(&self) -> TableColumns {
        TableColumns::fixed(self.dtype.max_width() as u32)
    }

    /// How many values a row of `width` characters has, its label included. Beside rows of `beside` bytes those that are
    /// as many as fit line up with them if they can.
    pub fn columns_in(&self, len: u64, width: f32, beside: Option<u32>) -> u32 {
        let most = match self.columns {
            Columns::Fixed(cells) => return cells.clamp(1, self.max_columns()),
            Columns::Fit => {
                let room = width - (self.labels(len).chars() + LABEL_EDGES) as f32;
                let pitch = (self.table_columns().chars(0) + GAP) as f32;
                ((room / pitch).floor() as u32).clamp(1, self.max_columns())
            }
        };
        beside.and_then(|bytes| self.lined_up(most, bytes)).unwrap_or(most)
    }

    /// The values of a document of `len` bytes, with `columns` of them in a row.
    pub fn table(&self, len: u64, columns: u32) -> Table {
        Table::of_values(self.dtype.into(), self.origin.min(len), len, columns.into())
    }

    /// How those bytes fall into the rows of that table.
    pub fn map(&self, len: u64, columns: u32) -> RowMap {
        RowMap::new(len, self.origin, self.cell_bytes(), columns, 0)
    }

    /// The most values of at most `most` whose row has `row_bytes` bytes, or an even part of them.
    fn lined_up(&self, most: u32, row_bytes: u32) -> Option<u32> {
        let whole = row_bytes / self.cell_bytes();
        let is_even = row_bytes.is_multiple_of(self.cell_bytes()) && whole > 0;
        is_even.then(|| (1..=most.min(whole)).rev().find(|cells| whole.is_multiple_of(*cells))).flatten()
    }

    fn cell_bytes(&self) -> u32 {
        u32::try_from(self.dtype.size()).unwrap_or(u32::MAX).max(1)
    }
}

impl RowFormat for ValuesFormat {
    fn normalized(mut self) -> Self {
        if let Columns::Fixed(cells) = self.columns {
            self.columns = Columns::Fixed(cells.clamp(1, self.max_columns()));
        }
        if self.offsets != Radix::Decimal {
            self.offsets = Radix::Hex;
        }
        self
    }

    fn wanted_columns(&self) -> Columns {
        self.columns
    }

    fn shape(&self, columns: u32) -> RowShape {
        let columns = columns.clamp(1, self.max_columns());
        RowShape { origin: self.origin, cell_bytes: self.cell_bytes(), group: 0, columns }
    }
}

/// The plain values of a pane, and the position among them.
pub type PlainValues = FormattedRows<ValuesFormat>;
