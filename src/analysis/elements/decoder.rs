//! The bytes of neighbouring elements become a tile: chosen once for a type, then without a look at the type.

use super::tile::{MappedForm, TileKind, TileValues};
use super::widen::{self, Bytes};
use crate::decode::dtype::{ItemType, Packed, Quant};
use crate::decode::scalar_type::DType;
use crate::decode::{Element, Number, Order};
use smallvec::{SmallVec, smallvec};
use std::ops::Range;

/// How the elements of a type are read.
#[derive(Clone, Debug)]
pub(super) struct Decoder {
    form: Form,
    /// Bytes of a group, and the elements in it.
    pub group_bytes: usize,
    pub group_items: usize,
    pub has_nat: bool,
}

#[derive(Clone, Debug)]
enum Form {
    /// Numbers as the machine has them, but perhaps for the byte order.
    Plain(TileKind, Bytes),
    Half(Bytes),
    Brain(Bytes),
    ThreeBytes {
        has_sign: bool,
        is_big: bool,
    },
    /// A byte has the number of its value.
    Coded(Table),
    /// Bits have it.
    Packed(Packed, Table),
    Quant(Quant),
    Numbers(ItemType),
    Raw,
}

/// What each code means, one of the kinds of small values.
#[derive(Clone, Debug)]
enum Table {
    Floats(Box<[f32; 256]>, Odd),
    /// Integers with or without a sign.
    Bytes(Box<[u8; 256]>, TileKind, Odd),
}

/// Bits that a code must not have to be a value.
#[derive(Clone, Copy, Debug)]
struct Odd(u8);

/// Memory of a worker for values that are not read as they are.
#[derive(Debug, Default)]
pub(super) struct Space {
    codes: Vec<u8>,
    bytes: Vec<u8>,
    words: Vec<u32>,
    numbers: Vec<Option<Number>>,
}

impl Decoder {
    /// Looks at the type once and for all.
    pub fn new(item: &ItemType) -> Self {
        let form = match item {
            ItemType::Scalar(dtype) => scalar(*dtype),
            ItemType::Time(time) => Form::Plain(TileKind::I64, bytes_of(time.order)),
            ItemType::Packed(packed) if packed.bits == 1 => {
                let same = Box::new(std::array::from_fn(|code| code as u8));
                Form::Packed(*packed, Table::Bytes(same, TileKind::U8, Odd(0)))
            }
            ItemType::Packed(packed) => {
                Form::Packed(*packed, table(DType::new(packed.element, Order::Little), Odd(0)))
            }
            ItemType::Quant(quant) => Form::Quant(*quant),
            ItemType::Bytes(_)
            | ItemType::Text(..)
            | ItemType::Void(_)
            | ItemType::Pascal(_)
            | ItemType::Array(_)
            | ItemType::Record(_) => Form::Raw,
        };
        Self {
            form,
            group_bytes: usize::try_from(item.group_bytes()).unwrap_or(usize::MAX),
            group_items: item.group_items() as usize,
            has_nat: matches!(item, ItemType::Time(_)),
        }
    }

    /// Of values that are as the machine has them.
    pub fn native(kind: TileKind) -> Self {
        let group_bytes = match kind {
            TileKind::U8 | TileKind::I8 | TileKind::Numbers | TileKind::Raw => 1,
            TileKind::U16 | TileKind::I16 => 2,
            TileKind::U32 | TileKind::I32 | TileKind::F32 => 4,
            TileKind::U64 | TileKind::I64 | TileKind::F64 => 8,
        };
        Self { form: Form::Plain(kind, Bytes::Native), group_bytes, group_items: 1, has_nat: false }
    }

    /// What the elements are before they are read, where a look at them there may be enough; whether their bytes are the
    /// other way round.
    pub fn mapped_form(&self) -> Option<(MappedForm, bool)> {
        let (form, order) = match &self.form {
            Form::Plain(kind, order) => (MappedForm::Plain(*kind), *order),
            Form::Half(order) => (MappedForm::Half, *order),
            Form::Brain(order) => (MappedForm::Brain, *order),
            _ => return None,
        };
        Some((form, order == Bytes::Swapped))
    }

    /// Groups of which the bytes, or the values if these are wider, take at most so many bytes; at least one.
    pub fn groups_in(&self, bytes: usize) -> usize {
        let wide = match &self.form {
            Form::Plain(..) | Form::Raw => 0,
            Form::Numbers(_) => size_of::<Option<Number>>(),
            Form::Half(_) | Form::Brain(_) | Form::ThreeBytes { .. } | Form::Quant(_) => 4,
            Form::Coded(Table::Floats(..)) | Form::Packed(_, Table::Floats(..)) => 4,
            Form::Coded(Table::Bytes(..)) | Form::Packed(_, Table::Bytes(..)) => 1,
        };
        (bytes / (wide * self.group_items).max(self.group_bytes).max(1)).max(1)
    }

    /// The elements of whole groups.
    pub fn all(&self, raw: &[u8]) -> Range<usize> {
        0..raw.len() / self.group_bytes.max(1) * self.group_items
    }

    /// The values of whole groups. `raw` is aligned for numbers of the elements' size, and may be changed.
    pub fn values<'t>(&self, raw: &'t mut [u8], space: &'t mut Space) -> TileValues<'t> {
        let count = self.all(raw).end;
        match &self.form {
            Form::Plain(kind, order) => plain(*kind, *order, raw),
            Form::Half(order) | Form::Brain(order) => {
                widen::to_native::<u16>(raw, *order);
                let widen =
                    if matches!(self.form, Form::Half(_)) { widen::half_floats } else { widen::brain_floats };
                let words = sized(&mut space.words, count);
                widen(bytemuck::cast_slice(raw), words);
                TileValues::F32(bytemuck::cast_slice(words))
            }
            Form::ThreeBytes { has_sign, is_big } => {
                let words = sized(&mut space.words, count);
                widen::three_bytes(raw, *is_big, *has_sign, words);
                if *has_sign { TileValues::I32(bytemuck::cast_slice(words)) } else { TileValues::U32(words) }
            }
            Form::Coded(table) => table.values(raw, &mut space.bytes, &mut space.words),
            Form::Packed(packed, table) => {
                let codes = sized(&mut space.codes, count);
                widen::unpack(raw, packed.bits, packed.low_first, codes);
                table.values(codes, &mut space.bytes, &mut space.words)
            }
            Form::Quant(quant) => {
                let values = bytemuck::cast_slice_mut(sized(&mut space.words, count));
                let groups = raw.chunks_exact(self.group_bytes.max(1));
                groups.zip(values.chunks_exact_mut(self.group_items)).for_each(|(group, values)| {
                    quant.values(group, values);
                });
                TileValues::F32(values)
            }
            Form::Numbers(item) => {
                space.numbers.clear();
                let groups = raw.chunks_exact(self.group_bytes.max(1));
                space.numbers.extend(groups.map(|group| item.number(group, 0)));
                TileValues::Numbers(&space.numbers)
            }
            Form::Raw => TileValues::Raw(raw, self.group_bytes),
        }
    }

    /// The runs of elements whose bits are a value; others have bits that their type does not use.
    pub fn even_runs(&self, raw: &[u8]) -> SmallVec<[Range<usize>; 1]> {
        let all = self.all(raw);
        let Form::Coded(Table::Floats(_, Odd(odd)) | Table::Bytes(_, _, Odd(odd))) = &self.form else {
            return smallvec![all];
        };
        if *odd == 0 || raw.iter().fold(0, |bits, byte| bits | byte) & odd == 0 {
            return smallvec![all];
        }
        let mut runs: SmallVec<[Range<usize>; 1]> = SmallVec::new();
        for (at, _) in raw.iter().enumerate().filter(|(_, byte)| *byte & odd == 0) {
            match runs.last_mut() {
                Some(last) if last.end == at => last.end += 1,
                _ => runs.push(at..at + 1),
            }
        }
        runs
    }
}

impl Table {
    fn values<'t>(&self, codes: &[u8], bytes: &'t mut Vec<u8>, words: &'t mut Vec<u32>) -> TileValues<'t> {
        match self {
            Self::Floats(floats, _) => {
                let values: &mut [f32] = bytemuck::cast_slice_mut(sized(words, codes.len()));
                for (code, value) in codes.iter().zip(&mut *values) {
                    *value = floats[usize::from(*code)];
                }
                TileValues::F32(values)
            }
            Self::Bytes(table, kind, _) => {
                let values = sized(bytes, codes.len());
                for (code, value) in codes.iter().zip(&mut *values) {
                    *value = table[usize::from(*code)];
                }
                match kind {
                    TileKind::I8 => TileValues::I8(bytemuck::cast_slice(values)),
                    _ => TileValues::U8(values),
                }
            }
        }
    }
}

/// The first `count` of a vector, which is made longer if need be.
fn sized<T: Copy + Default>(values: &mut Vec<T>, count: usize) -> &mut [T] {
    if values.len() < count {
        values.resize(count, T::default());
    }
    &mut values[..count]
}

const fn bytes_of(order: Order) -> Bytes {
    match (order, cfg!(target_endian = "little")) {
        (Order::Little, true) | (Order::Big, false) => Bytes::Native,
        (Order::Little, false) | (Order::Big, true) => Bytes::Swapped,
    }
}

fn scalar(dtype: DType) -> Form {
    let order = bytes_of(dtype.order);
    let has_sign = matches!(dtype.element, Element::I24);
    match (dtype.element, TileKind::of(&ItemType::Scalar(dtype))) {
        (_, TileKind::Numbers) => Form::Numbers(ItemType::Scalar(dtype)),
        (_, TileKind::Raw) => Form::Raw,
        (Element::F16, _) => Form::Half(order),
        (Element::Bf16, _) => Form::Brain(order),
        (Element::U24 | Element::I24, _) => Form::ThreeBytes { has_sign, is_big: dtype.order == Order::Big },
        (Element::U4 | Element::I4 | Element::F4E2M1FN, _) => Form::Coded(table(dtype, Odd(0xf0))),
        (Element::U2 | Element::I2, _) => Form::Coded(table(dtype, Odd(0xfc))),
        (Element::F6E2M3FN | Element::F6E3M2FN, _) => Form::Coded(table(dtype, Odd(0xc0))),
        (element, TileKind::F32) if element.size() == 1 => Form::Coded(table(dtype, Odd(0))),
        (_, kind) => Form::Plain(kind, order),
    }
}

/// The values of all codes of a type of a byte.
fn table(dtype: DType, odd: Odd) -> Table {
    let number = |code: usize| dtype.number(&[code as u8]);
    match TileKind::of(&ItemType::Scalar(dtype)) {
        TileKind::F32 => {
            let value = |code| match number(code) {
                // All of these types are narrower.
                Some(Number::Float(value)) => value as f32,
                _ => f32::NAN,
            };
            Table::Floats(Box::new(std::array::from_fn(value)), odd)
        }
        kind => {
            let value = |code| match number(code) {
                Some(Number::Int(value)) => value as u8,
                _ => 0,
            };
            Table::Bytes(Box::new(std::array::from_fn(value)), kind, odd)
        }
    }
}

fn plain(kind: TileKind, order: Bytes, raw: &mut [u8]) -> TileValues<'_> {
    match kind {
        TileKind::U16 | TileKind::I16 => widen::to_native::<u16>(raw, order),
        TileKind::U32 | TileKind::I32 | TileKind::F32 => widen::to_native::<u32>(raw, order),
        TileKind::U64 | TileKind::I64 | TileKind::F64 => widen::to_native::<u64>(raw, order),
        TileKind::U8 | TileKind::I8 | TileKind::Numbers | TileKind::Raw => {}
    }
    match kind {
        TileKind::U8 | TileKind::Numbers | TileKind::Raw => TileValues::U8(raw),
        TileKind::I8 => TileValues::I8(bytemuck::cast_slice(raw)),
        TileKind::U16 => TileValues::U16(bytemuck::cast_slice(raw)),
        TileKind::I16 => TileValues::I16(bytemuck::cast_slice(raw)),
        TileKind::U32 => TileValues::U32(bytemuck::cast_slice(raw)),
        TileKind::I32 => TileValues::I32(bytemuck::cast_slice(raw)),
        TileKind::U64 => TileValues::U64(bytemuck::cast_slice(raw)),
        TileKind::I64 => TileValues::I64(bytemuck::cast_slice(raw)),
        TileKind::F32 => TileValues::F32(bytemuck::cast_slice(raw)),
        TileKind::F64 => TileValues::F64(bytemuck::cast_slice(raw)),
    }
}
