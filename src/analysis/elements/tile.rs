//! Elements that are neighbours in C order, as numbers of one type in the machine's own byte order.

use crate::bytes::RawBytes;
use crate::decode::Element;
use crate::decode::Number;
use crate::decode::dtype::ItemType;
use crate::decode::scalar_type::DType;
use std::ops::Range;

/// A run of repeated elements is shown so many at a time.
const REPEATED_AT_ONCE: u64 = 16 << 10;

/// Neighbours in C order.
#[derive(Clone, Copy, Debug)]
pub struct Tile<'t> {
    pub values: TileValues<'t>,
    /// Which element of the array the first one is, in C order.
    pub first: u64,
    /// Whether the least `I64` is NaT, which is no number.
    pub has_nat: bool,
}

/// Neighbours in C order where they are mapped: side by side, as the file has them. They may change meanwhile.
#[derive(Clone, Copy, Debug)]
pub struct MappedTile<'t> {
    pub raw: &'t RawBytes<'t>,
    /// Where in them the first element begins.
    pub from: usize,
    pub count: usize,
    pub form: MappedForm,
    pub is_swapped: bool,
    /// Which element of the array the first one is, in C order.
    pub first: u64,
}

/// What elements are where they are mapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MappedForm {
    /// Values of a tile, but for the byte order.
    Plain(TileKind),
    /// 16-bit floats, which become 32-bit floats of a tile.
    Half,
    Brain,
}

/// Values of a tile. Each type is widened exactly to the next of these.
#[derive(Clone, Copy, Debug)]
pub enum TileValues<'t> {
    U8(&'t [u8]),
    I8(&'t [i8]),
    U16(&'t [u16]),
    I16(&'t [i16]),
    U32(&'t [u32]),
    I32(&'t [i32]),
    U64(&'t [u64]),
    I64(&'t [i64]),
    F32(&'t [f32]),
    F64(&'t [f64]),
    /// 128-bit integers, long doubles, complex numbers; `None` is no number.
    Numbers(&'t [Option<Number>]),
    /// Elements that are no numbers, one after another, so many bytes each: text, records, GUIDs.
    Raw(&'t [u8], usize),
}

/// Which [`TileValues`] the elements of a type become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TileKind {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    U64,
    I64,
    F32,
    F64,
    Numbers,
    Raw,
}

/// Calls `$run` with the slice of a tile of plain numbers, whatever their type; `$other` for the others.
macro_rules! plain_values {
    ($values:expr, $slice:ident => $run:expr, $other:pat => $otherwise:expr) => {
        match $values {
            $crate::analysis::elements::TileValues::U8($slice) => $run,
            $crate::analysis::elements::TileValues::I8($slice) => $run,
            $crate::analysis::elements::TileValues::U16($slice) => $run,
            $crate::analysis::elements::TileValues::I16($slice) => $run,
            $crate::analysis::elements::TileValues::U32($slice) => $run,
            $crate::analysis::elements::TileValues::I32($slice) => $run,
            $crate::analysis::elements::TileValues::U64($slice) => $run,
            $crate::analysis::elements::TileValues::I64($slice) => $run,
            $crate::analysis::elements::TileValues::F32($slice) => $run,
            $crate::analysis::elements::TileValues::F64($slice) => $run,
            $other => $otherwise,
        }
    };
}

/// The same for every type of tile: `$run` gives a slice, which becomes values of the same type.
macro_rules! map_values {
    ($values:expr, $slice:ident => $run:expr, $size:ident => $raw:expr, $show:expr) => {
        match $values {
            TileValues::U8($slice) => $show(TileValues::U8($run)),
            TileValues::I8($slice) => $show(TileValues::I8($run)),
            TileValues::U16($slice) => $show(TileValues::U16($run)),
            TileValues::I16($slice) => $show(TileValues::I16($run)),
            TileValues::U32($slice) => $show(TileValues::U32($run)),
            TileValues::I32($slice) => $show(TileValues::I32($run)),
            TileValues::U64($slice) => $show(TileValues::U64($run)),
            TileValues::I64($slice) => $show(TileValues::I64($run)),
            TileValues::F32($slice) => $show(TileValues::F32($run)),
            TileValues::F64($slice) => $show(TileValues::F64($run)),
            TileValues::Numbers($slice) => $show(TileValues::Numbers($run)),
            TileValues::Raw($slice, $size) => $show(TileValues::Raw($raw, $size)),
        }
    };
}

impl<'t> TileValues<'t> {
    /// How many elements there are.
    pub fn len(&self) -> usize {
        plain_values!(self, slice => slice.len(), other => match other {
            Self::Numbers(numbers) => numbers.len(),
            Self::Raw(bytes, size) => bytes.len().checked_div(*size).unwrap_or(0),
            _ => 0,
        })
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Some of the elements.
    ///
    /// # Panics
    /// When there are not so many.
    pub fn part(self, range: Range<usize>) -> Self {
        let Range { start, end } = range;
        map_values!(self, slice => &slice[start..end], size => &slice[start * size..end * size], |values| values)
    }

    /// Shows `show` as many elements as are asked for: these over and over.
    fn cycled(self, count: usize, show: &mut dyn FnMut(TileValues<'_>)) {
        map_values!(
            self,
            slice => &slice.iter().copied().cycle().take(count).collect::<Vec<_>>(),
            size => &slice.iter().copied().cycle().take(count * size).collect::<Vec<_>>(),
            show
        );
    }
}

impl Tile<'_> {
    /// Shows `count` elements from the first one on that are these over and over, in tiles of complete periods: each begins
    /// as this one does.
    pub fn repeated(&self, count: u64, show: &mut dyn FnMut(&Tile<'_>)) {
        let length = self.len() as u64;
        if length == 0 {
            return;
        }
        let at_once = (REPEATED_AT_ONCE / length).max(1) * length;
        self.values.cycled(at_once.min(count) as usize, &mut |values| {
            let mut done = 0;
            while done < count {
                let now = at_once.min(count - done);
                let values = values.part(0..now as usize);
                show(&Tile { values, first: self.first + done, ..*self });
                done += now;
            }
        });
    }

    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

impl TileKind {
    /// What the elements of a type become. A sub-array has joined the shape of its array, see [`ItemType`].
    pub fn of(item: &ItemType) -> Self {
        match item {
            ItemType::Scalar(dtype) => Self::of_scalar(*dtype),
            ItemType::Time(_) => Self::I64,
            ItemType::Packed(packed) if packed.bits == 1 => Self::U8,
            ItemType::Packed(packed) => Self::of_scalar(DType::new(packed.element, Default::default())),
            ItemType::Quant(_) => Self::F32,
            ItemType::Bytes(_)
            | ItemType::Text(..)
            | ItemType::Void(_)
            | ItemType::Pascal(_)
            | ItemType::Array(_)
            | ItemType::Record(_) => Self::Raw,
        }
    }

    fn of_scalar(dtype: DType) -> Self {
        match dtype.element {
            Element::U8 | Element::Bool | Element::U4 | Element::U2 => Self::U8,
            Element::I8 | Element::I4 | Element::I2 => Self::I8,
            Element::U16 => Self::U16,
            Element::I16 => Self::I16,
            Element::U24 | Element::U32 => Self::U32,
            Element::I24 | Element::I32 | Element::Unix32 | Element::DosTime => Self::I32,
            Element::U64 | Element::Pointer => Self::U64,
            Element::I64
            | Element::Unix64
            | Element::UnixMs
            | Element::UnixUs
            | Element::UnixNs
            | Element::FileTime => Self::I64,
            Element::F64 => Self::F64,
            Element::F32 | Element::F16 | Element::Bf16 => Self::F32,
            Element::F8E4M3FN
            | Element::F8E5M2
            | Element::F8E8M0FNU
            | Element::F8E3M4
            | Element::F8E4M3
            | Element::F8E4M3B11FNUZ
            | Element::F8E4M3FNUZ
            | Element::F8E5M2FNUZ
            | Element::F6E2M3FN
            | Element::F6E3M2FN
            | Element::F4E2M1FN => Self::F32,
            Element::U128
            | Element::I128
            | Element::LongDouble
            | Element::Complex64
            | Element::Complex128
            | Element::Complex256 => Self::Numbers,
            Element::Char | Element::Guid | Element::Rgba => Self::Raw,
        }
    }
}
