//! The type of one element of an array: all that a NumPy dtype can describe, and types that NumPy lacks.
//!
//! A scalar is a [`DType`]; the rest is here: strings, times, records, sub-arrays, values that share bytes with their
//! neighbours. Sizes are bytes. An element is read from a *group*: of plain types one element in its own bytes, of
//! packed and quantised ones the fewest bytes that hold complete elements.

mod evaluated;
mod leaves;
mod packed;
mod parse;
mod parse_numpy;
mod parse_python;
mod parse_struct;
mod record;
mod records;
mod refusal;
mod shared_bytes;
mod strings;
mod time_units;
mod times;
mod type_text;
mod values;

pub use evaluated::{EmptyValues, Evaluated, PythonForm};
pub use leaves::Leaf;
pub use parse_struct::dtype as struct_dtype;
pub use shared_bytes::{Packed, Quant};

use super::DType;
use super::Order;
use std::ops::Range;
use std::sync::Arc;

/// What one item of an array is.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemType {
    Scalar(DType),
    /// So many bytes, zeros at the end left out where they are shown: NumPy's `S`.
    Bytes(u32),
    /// So many UTF-32 code points: NumPy's `U`.
    Text(u32, Order),
    /// So many bytes of unknown meaning: NumPy's `V`.
    Void(u32),
    /// A length byte and text, so many bytes in all: `p` of Python's struct.
    Pascal(u32),
    Time(TimeType),
    /// Values smaller than a byte.
    Packed(Packed),
    /// Values of a block that share scales.
    Quant(Quant),
    /// Only inside a record: an array of them joins its shape.
    Array(Arc<SubArray>),
    Record(Arc<Record>),
}

/// A count of units since 1970 (`datetime64`), or between two times (`timedelta64`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimeType {
    pub delta: bool,
    pub unit: TimeUnit,
    /// So many units a tick: 25 in `datetime64[25s]`.
    pub count: u32,
    pub order: Order,
}

/// NumPy's units of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeUnit {
    Generic,
    Year,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
    Millisecond,
    Microsecond,
    Nanosecond,
    Picosecond,
    Femtosecond,
    Attosecond,
}

/// A fixed array as a field of a record, in C order.
#[derive(Clone, Debug, PartialEq)]
pub struct SubArray {
    pub item: ItemType,
    pub shape: Vec<u64>,
}

/// Named fields at fixed offsets; they may lie apart or overlap, as in NumPy.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub fields: Vec<Field>,
    /// Bytes of the record, padding included.
    pub size: u64,
    /// Whether fields stand where a C compiler would put them (`align=True`).
    pub aligned: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub name: String,
    /// Bytes from the start of the record.
    pub offset: u64,
    pub item: ItemType,
}

impl Field {
    /// Where its bytes are in those of the record; past every end when no memory could hold them.
    pub fn place(&self) -> Range<usize> {
        let start = usize::try_from(self.offset).unwrap_or(usize::MAX);
        start..start.saturating_add(usize::try_from(self.item.group_bytes()).unwrap_or(usize::MAX))
    }
}

impl ItemType {
    /// Items that are read from one group of bytes: 1 for all but packed and quantised ones.
    pub const fn group_items(&self) -> u32 {
        match self {
            Self::Packed(packed) => match packed.bits {
                1 => 8,
                4 => 2,
                _ => 4,
            },
            Self::Quant(quant) => quant.block().0,
            _ => 1,
        }
    }

    /// Whether items share bytes with their neighbours: packed and quantised ones.
    pub const fn shares_bytes(&self) -> bool {
        matches!(self, Self::Packed(_) | Self::Quant(_))
    }

    /// Whether it is UTF-32 text in this byte order, or has some in it.
    pub fn has_text(&self, order: Order) -> bool {
        match self {
            Self::Text(_, own) => *own == order,
            Self::Array(array) => array.item.has_text(order),
            Self::Record(record) => record.fields.iter().any(|field| field.item.has_text(order)),
            Self::Scalar(_)
            | Self::Bytes(_)
            | Self::Void(_)
            | Self::Pascal(_)
            | Self::Time(_)
            | Self::Packed(_)
            | Self::Quant(_) => false,
        }
    }

    /// Bytes of a group: of the item itself for all but packed and quantised ones.
    pub fn group_bytes(&self) -> u64 {
        match self {
            Self::Scalar(dtype) => dtype.size() as u64,
            Self::Bytes(len) | Self::Void(len) | Self::Pascal(len) => u64::from(*len),
            Self::Text(chars, _) => u64::from(*chars) * 4,
            Self::Time(_) => 8,
            Self::Packed(packed) => {
                if packed.bits == 6 {
                    3
                } else {
                    1
                }
            }
            Self::Quant(quant) => u64::from(quant.block().1),
            Self::Array(array) => {
                array.shape.iter().fold(array.item.group_bytes(), |size, side| size.saturating_mul(*side))
            }
            Self::Record(record) => record.size,
        }
    }
}

impl From<DType> for ItemType {
    fn from(dtype: DType) -> Self {
        Self::Scalar(dtype)
    }
}
