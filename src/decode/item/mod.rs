//! What one item of an array is: all that a NumPy dtype can say, and what NumPy lacks.
//!
//! A scalar is a [`DType`]; the rest is here: strings, times, records, sub-arrays, values that share bytes with
//! their neighbours. Sizes are bytes. An item is read from a *group*: of plain types one item in its own bytes, of
//! packed and quantised ones the fewest whole bytes that hold a whole number of items.

mod evaluated;
mod leaves;
mod numpy;
mod packed;
mod parse;
mod python;
mod record;
mod records;
mod show;
mod strings;
mod structs;
mod times;
mod units;
mod values;

pub use evaluated::{EmptyValues, Evaluated, PythonForm};
pub use leaves::Leaf;

use super::Order;
use super::{DType, Element};
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

/// Values of 1, 4 or 6 bits, one after another without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Packed {
    /// The type of a value that has a byte of its own.
    pub element: Element,
    /// 1, 4 or 6.
    pub bits: u8,
    /// Whether the first value is in the lowest bits of its byte.
    pub low_first: bool,
}

/// Block formats of GGUF (ggml-common.h of llama.cpp): whole blocks, shared scales.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quant {
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q2K,
    Q3K,
    Q4K,
    Q5K,
    Q6K,
    Q8K,
    Mxfp4,
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

const fn packed(element: Element, bits: u8, low_first: bool) -> Packed {
    Packed { element, bits, low_first }
}

/// The names of packed types. `bits` are those of NumPy's `packbits`, the others as GPUs have them.
const PACKED: [(&str, Packed); 7] = [
    ("bits", packed(Element::Bool, 1, false)),
    ("bits_le", packed(Element::Bool, 1, true)),
    ("int4x2", packed(Element::I4, 4, true)),
    ("uint4x2", packed(Element::U4, 4, true)),
    ("f4e2m1x2", packed(Element::F4E2M1FN, 4, true)),
    ("f6e2m3x4", packed(Element::F6E2M3FN, 6, true)),
    ("f6e3m2x4", packed(Element::F6E3M2FN, 6, true)),
];

/// The names of block formats.
const QUANTS: [(&str, Quant); 12] = [
    ("q4_0", Quant::Q4_0),
    ("q4_1", Quant::Q4_1),
    ("q5_0", Quant::Q5_0),
    ("q5_1", Quant::Q5_1),
    ("q8_0", Quant::Q8_0),
    ("q2_k", Quant::Q2K),
    ("q3_k", Quant::Q3K),
    ("q4_k", Quant::Q4K),
    ("q5_k", Quant::Q5K),
    ("q6_k", Quant::Q6K),
    ("q8_k", Quant::Q8K),
    ("mxfp4", Quant::Mxfp4),
];

impl Quant {
    pub const ALL: [Self; 12] = [
        Self::Q4_0,
        Self::Q4_1,
        Self::Q5_0,
        Self::Q5_1,
        Self::Q8_0,
        Self::Q2K,
        Self::Q3K,
        Self::Q4K,
        Self::Q5K,
        Self::Q6K,
        Self::Q8K,
        Self::Mxfp4,
    ];

    /// Items a block, and bytes a block.
    pub const fn block(self) -> (u32, u32) {
        match self {
            Self::Q4_0 => (32, 18),
            Self::Q4_1 => (32, 20),
            Self::Q5_0 => (32, 22),
            Self::Q5_1 => (32, 24),
            Self::Q8_0 => (32, 34),
            Self::Q2K => (256, 84),
            Self::Q3K => (256, 110),
            Self::Q4K => (256, 144),
            Self::Q5K => (256, 176),
            Self::Q6K => (256, 210),
            Self::Q8K => (256, 292),
            Self::Mxfp4 => (32, 17),
        }
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
