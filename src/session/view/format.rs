//! How a pane shows its bytes: in which digits, how many a row, with which text column.
//!
//! A plain value; [`RowFormat::normalized`] is what makes it sensible.

use super::byte_rows::{Columns, RowFormat, RowShape};
use crate::decode::{Encoding, Radix};

/// Most bytes that a row may hold.
pub const MAX_ROW_BYTES: u32 = 4096;

/// How a view shows its bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewFormat {
    /// The base of the digits of a byte.
    pub radix: Radix,
    pub columns: Columns,
    /// Cells a group; 0 for no groups.
    pub group: u32,
    /// Hexadecimal digits above 9 as capitals.
    pub upper: bool,
    /// The text column's encoding; `None` hides the column.
    pub text: Option<Encoding>,
    /// Offset of row 0's first byte.
    pub origin: u64,
    /// Added to offsets where they are shown.
    pub base: u64,
    /// How offsets are shown: hexadecimal or decimal (anything else counts as hexadecimal).
    pub offsets: Radix,
}

impl Default for ViewFormat {
    fn default() -> Self {
        Self {
            radix: Radix::Hex,
            columns: Columns::Fixed(16),
            group: 8,
            upper: false,
            text: Some(Encoding::default()),
            origin: 0,
            base: 0,
            offsets: Radix::Hex,
        }
    }
}

impl RowFormat for ViewFormat {
    fn normalized(mut self) -> Self {
        if let Columns::Fixed(cells) = &mut self.columns {
            *cells = (*cells).clamp(1, MAX_ROW_BYTES);
        }
        self.group = self.group.min(MAX_ROW_BYTES);
        if self.offsets != Radix::Decimal {
            self.offsets = Radix::Hex;
        }
        self
    }

    fn wanted_columns(&self) -> Columns {
        self.columns
    }

    fn shape(&self, columns: u32) -> RowShape {
        RowShape { origin: self.origin, cell_bytes: 1, group: self.group, columns }
    }
}
