//! What is calculated with: elements as they are in memory, or a tile of the element pass.

use super::range::Range;
use super::steps::InputKind;
use crate::analysis::elements::{TileKind, TileValues};
use crate::decode::dtype::ItemType;
use crate::decode::{DType, Element};

/// Elements to calculate with.
#[derive(Clone, Copy, Debug)]
pub(in crate::compute) enum Elements<'a> {
    /// The bytes of elements at equal distances: from the first one's first on, so many bytes from one to the next.
    Bytes(&'a [u8], usize, DType),
    Values(TileValues<'a>),
}

impl<'a> Elements<'a> {
    /// Side by side.
    pub fn dense(bytes: &'a [u8], dtype: DType) -> Self {
        Self::Bytes(bytes, dtype.size(), dtype)
    }
}

/// What an input is, whatever its elements are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::compute) struct InputForm {
    pub(super) kind: InputKind,
    /// Of whole numbers.
    pub(super) range: Range,
    pub(super) is_double: bool,
}

impl InputForm {
    const fn whole(range: Range) -> Self {
        Self { kind: InputKind::Whole, range, is_double: false }
    }

    const fn real(is_double: bool) -> Self {
        Self { kind: InputKind::Real, range: Range::of(0), is_double }
    }

    /// Of the elements as they are in memory; `None` of types that are not calculated with in tiles.
    pub fn of_item(item: &ItemType) -> Option<Self> {
        let ItemType::Scalar(dtype) = item else { return None };
        match dtype.element {
            Element::F32 | Element::F16 | Element::Bf16 => Some(Self::real(false)),
            Element::F64 => Some(Self::real(true)),
            _ => range_of(*dtype).map(Self::whole),
        }
    }

    /// Of a field that is only asked: of truth values and times too.
    pub fn of_field(item: &ItemType) -> Option<(Self, DType)> {
        let dtype = match item {
            ItemType::Scalar(DType { element: Element::Bool, order }) => DType::new(Element::U8, *order),
            ItemType::Scalar(dtype) => *dtype,
            ItemType::Time(time) => DType::new(Element::I64, time.order),
            _ => return None,
        };
        Self::of_item(&ItemType::Scalar(dtype)).map(|form| (form, dtype))
    }

    /// Of the tiles that the elements become.
    pub fn of_tiles(kind: TileKind) -> Option<Self> {
        let whole = |low: i128, high: i128| Some(Self::whole(Range::new(low, high)));
        match kind {
            TileKind::U8 => whole(0, u8::MAX.into()),
            TileKind::I8 => whole(i8::MIN.into(), i8::MAX.into()),
            TileKind::U16 => whole(0, u16::MAX.into()),
            TileKind::I16 => whole(i16::MIN.into(), i16::MAX.into()),
            TileKind::U32 => whole(0, u32::MAX.into()),
            TileKind::I32 => whole(i32::MIN.into(), i32::MAX.into()),
            TileKind::U64 => whole(0, u64::MAX.into()),
            TileKind::I64 => whole(i64::MIN.into(), i64::MAX.into()),
            TileKind::F32 => Some(Self::real(false)),
            TileKind::F64 => Some(Self::real(true)),
            TileKind::Numbers | TileKind::Raw => None,
        }
    }
}

/// Whether an integer has a sign, and in how many bytes it is; `None` of what is none.
pub(super) fn integer(element: Element) -> Option<(usize, bool)> {
    match element {
        Element::U8 | Element::U16 | Element::U24 | Element::U32 | Element::U64 | Element::Pointer => {
            Some((element.size(), false))
        }
        Element::I8 | Element::I16 | Element::I24 | Element::I32 | Element::I64 => {
            Some((element.size(), true))
        }
        element if element.is_time() => Some((element.size(), true)),
        _ => None,
    }
}

/// The range of an integer type.
pub(super) fn range_of(dtype: DType) -> Option<Range> {
    let (size, has_sign) = integer(dtype.element)?;
    let bits = 8 * size as u32;
    Some(if has_sign {
        Range::new(-1 << (bits - 1), (1 << (bits - 1)) - 1)
    } else {
        Range::new(0, (1 << bits) - 1)
    })
}

/// A type that tiles are made of, and where there are slices of it already.
pub(super) trait Loaded: Copy + Default + bytemuck::Pod {
    /// The element that is this number on this machine.
    const ELEMENT: Element;

    /// The values of a tile that are of this type.
    fn of_tile(values: TileValues<'_>) -> Option<&[Self]>;

    /// Loads elements of other types.
    fn load(from: Elements<'_>, target: &mut [Self]);
}
