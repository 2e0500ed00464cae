//! How a view shows its bytes: as digits of bytes or as typed values, how many a row, with which text column.
//!
//! A plain value that settings and sessions keep; [`ViewFormat::normalized`] is what makes it sensible.

use crate::decode::{DType, Encoding, Radix};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Most bytes that a row may hold.
pub const MAX_ROW_BYTES: u32 = 4096;

/// What a cell is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum CellKind {
    /// One byte a cell, as a fixed number of digits.
    Bytes(#[serde(serialize_with = "write_radix", deserialize_with = "read_radix")] Radix),
    /// One value of this type a cell.
    Values(DType),
}

impl CellKind {
    /// Bytes a cell.
    pub fn cell_bytes(&self) -> u32 {
        match self {
            Self::Bytes(_) => 1,
            Self::Values(dtype) => u32::try_from(dtype.size()).unwrap_or(u32::MAX).max(1),
        }
    }
}

/// How many cells a row has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Columns {
    Fixed(u32),
    /// As many whole groups as the width has room for.
    Fit,
}

/// How a view shows its bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ViewFormat {
    pub kind: CellKind,
    /// In cells: bytes or values.
    pub columns: Columns,
    /// Cells a group; 0 for no groups.
    pub group: u32,
    /// Hexadecimal digits above 9 as capitals.
    pub upper: bool,
    /// The text column's encoding; `None` hides the column.
    #[serde(serialize_with = "write_encoding", deserialize_with = "read_encoding")]
    pub text: Option<Encoding>,
    /// Offset of row 0's first byte.
    pub origin: u64,
    /// Added to offsets where they are shown.
    pub base: u64,
    /// How offsets are shown: hexadecimal or decimal (anything else counts as hexadecimal).
    #[serde(serialize_with = "write_radix", deserialize_with = "read_radix")]
    pub offsets: Radix,
}

impl Default for ViewFormat {
    fn default() -> Self {
        Self {
            kind: CellKind::Bytes(Radix::Hex),
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

impl ViewFormat {
    /// The nearest format inside the limits: 1 to [`MAX_ROW_BYTES`] bytes per row, but at least one cell.
    #[must_use]
    pub fn normalized(mut self) -> Self {
        let most = self.max_columns();
        if let Columns::Fixed(cells) = &mut self.columns {
            *cells = (*cells).clamp(1, most);
        }
        self.group = self.group.min(most);
        if self.offsets != Radix::Decimal {
            self.offsets = Radix::Hex;
        }
        self
    }

    /// Most cells that a row may hold.
    pub fn max_columns(&self) -> u32 {
        (MAX_ROW_BYTES / self.kind.cell_bytes()).max(1)
    }
}

fn write_radix<S: Serializer>(radix: &Radix, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(radix.name())
}

fn read_radix<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Radix, D::Error> {
    let name = String::deserialize(deserializer)?;
    Radix::from_name(&name).ok_or_else(|| D::Error::custom(format!("'{name}' is not a radix")))
}

/// The hidden column is the empty name: TOML has no null.
fn write_encoding<S: Serializer>(encoding: &Option<Encoding>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(encoding.map_or("", Encoding::name))
}

fn read_encoding<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Encoding>, D::Error> {
    let name = String::deserialize(deserializer)?;
    if name.is_empty() {
        return Ok(None);
    }
    let encoding = Encoding::from_name(&name);
    encoding.map(Some).ok_or_else(|| D::Error::custom(format!("'{name}' is not an encoding")))
}
