//! Elements as they are in memory, or in a tile of the element pass, as tiles of what is calculated with.
//!
//! What is there in the very type is borrowed.

use super::elements::{Elements, Loaded, integer};
use super::real::Real;
use super::whole::Whole;
use crate::analysis::elements::TileValues;
use crate::analysis::vector::{Vectorised, vectorised};
use crate::decode::{DType, Element, Order};

/// Whether numbers in this order are as the machine has them.
fn is_native(dtype: DType) -> bool {
    (dtype.order == Order::Little) == cfg!(target_endian = "little") || dtype.size() == 1
}

/// The elements as a tile; `space` is where they are put if they have to be converted.
pub(super) fn loaded<'a, T: Loaded>(from: Elements<'a>, len: usize, space: &'a mut Vec<T>) -> &'a [T] {
    let borrowed = match from {
        Elements::Bytes(bytes, step, dtype) if dtype.element == T::ELEMENT && step == dtype.size() => {
            is_native(dtype).then(|| bytemuck::try_cast_slice(bytes).ok()).flatten()
        }
        Elements::Bytes(..) => None,
        Elements::Values(values) => T::of_tile(values),
    };
    if let Some(borrowed) = borrowed {
        return borrowed;
    }
    space.resize(len, T::default());
    T::load(from, space);
    space
}

/// Types of machines, each with what loads them.
macro_rules! loaded_types {
    ($($type:ident $element:ident $load:ident;)*) => {$(
        impl Loaded for $type {
            const ELEMENT: Element = Element::$element;

            fn of_tile(values: TileValues<'_>) -> Option<&[Self]> {
                if let TileValues::$element(values) = values { Some(values) } else { None }
            }

            fn load(from: Elements<'_>, target: &mut [Self]) {
                vectorised($load { from, target });
            }
        }
    )*};
}

loaded_types! {
    u8 U8 WholeLoad;
    i16 I16 WholeLoad;
    i32 I32 WholeLoad;
    i64 I64 WholeLoad;
    u64 U64 WholeLoad;
    f32 F32 RealLoad;
    f64 F64 RealLoad;
}

/// Loads integers.
struct WholeLoad<'a, I> {
    from: Elements<'a>,
    target: &'a mut [I],
}

/// Loads floats.
struct RealLoad<'a, F> {
    from: Elements<'a>,
    target: &'a mut [F],
}

/// Gives each element to `of`, which makes a value of its bytes.
#[inline(always)]
fn load<const N: usize, T>(bytes: &[u8], step: usize, target: &mut [T], of: impl Fn([u8; N]) -> T) {
    if step == N {
        let (bytes, _) = bytes.as_chunks::<N>();
        target.iter_mut().zip(bytes).for_each(|(to, bytes)| *to = of(*bytes));
        return;
    }
    let mut rest = bytes;
    for to in target {
        let Some(bytes) = rest.first_chunk() else { return };
        *to = of(*bytes);
        rest = rest.get(step..).unwrap_or_default();
    }
}

/// Gives each number of a type to `$of`. The order is asked once, before the loop.
macro_rules! load_numbers {
    ($from:expr, $step:expr, $order:expr, $target:expr, |$value:ident: $type:ident| $of:expr) => {
        match $order {
            Order::Little => load($from, $step, $target, |bytes| {
                let $value = $type::from_le_bytes(bytes);
                $of
            }),
            Order::Big => load($from, $step, $target, |bytes| {
                let $value = $type::from_be_bytes(bytes);
                $of
            }),
        }
    };
}

/// The bytes of three as a number.
#[inline(always)]
fn three([a, b, c]: [u8; 3], order: Order) -> u32 {
    match order {
        Order::Little => u32::from_le_bytes([a, b, c, 0]),
        Order::Big => u32::from_be_bytes([0, a, b, c]),
    }
}

#[inline(always)]
fn each<T: Copy, U>(target: &mut [U], values: &[T], of: impl Fn(T) -> U) {
    target.iter_mut().zip(values).for_each(|(to, value)| *to = of(*value));
}

impl<I: Whole> Vectorised for WholeLoad<'_, I> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let target = self.target;
        let signed = |value: i64| I::of_bits(value.cast_unsigned());
        match self.from {
            Elements::Values(values) => match values {
                TileValues::U8(values) => each(target, values, |value| I::of_bits(value.into())),
                TileValues::I8(values) => each(target, values, |value| signed(value.into())),
                TileValues::U16(values) => each(target, values, |value| I::of_bits(value.into())),
                TileValues::I16(values) => each(target, values, |value| signed(value.into())),
                TileValues::U32(values) => each(target, values, |value| I::of_bits(value.into())),
                TileValues::I32(values) => each(target, values, |value| signed(value.into())),
                TileValues::U64(values) => each(target, values, I::of_bits),
                TileValues::I64(values) => each(target, values, signed),
                TileValues::F32(_) | TileValues::F64(_) | TileValues::Numbers(_) | TileValues::Raw(..) => {}
            },
            Elements::Bytes(bytes, step, dtype) => whole_bytes(bytes, step, dtype, target),
        }
    }
}

#[inline(always)]
fn whole_bytes<I: Whole>(from: &[u8], step: usize, dtype: DType, target: &mut [I]) {
    let signed = |value: i64| I::of_bits(value.cast_unsigned());
    let Some((size, has_sign)) = integer(dtype.element) else { return };
    match (size, has_sign) {
        (1, false) => load(from, step, target, |[byte]| I::of_bits(byte.into())),
        (1, true) => load(from, step, target, |[byte]| signed(byte.cast_signed().into())),
        (2, false) => load_numbers!(from, step, dtype.order, target, |value: u16| I::of_bits(value.into())),
        (2, true) => load_numbers!(from, step, dtype.order, target, |value: i16| signed(value.into())),
        (3, false) => load(from, step, target, |bytes| I::of_bits(three(bytes, dtype.order).into())),
        (3, true) => load(from, step, target, |bytes| {
            signed(i64::from((three(bytes, dtype.order) << 8).cast_signed() >> 8))
        }),
        (4, false) => load_numbers!(from, step, dtype.order, target, |value: u32| I::of_bits(value.into())),
        (4, true) => load_numbers!(from, step, dtype.order, target, |value: i32| signed(value.into())),
        _ => load_numbers!(from, step, dtype.order, target, |value: u64| I::of_bits(value)),
    }
}

impl<F: Real> Vectorised for RealLoad<'_, F> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let target = self.target;
        let of_bf16 = |bits: u16| F::of_single(f32::from_bits(u32::from(bits) << 16));
        match self.from {
            Elements::Values(TileValues::F32(values)) => each(target, values, F::of_single),
            Elements::Values(TileValues::F64(values)) => each(target, values, F::of),
            Elements::Values(_) => {}
            Elements::Bytes(from, step, dtype) => match (dtype.element, dtype.order) {
                (Element::F32, order) => {
                    load_numbers!(from, step, order, target, |value: f32| F::of_single(value))
                }
                (Element::F64, order) => load_numbers!(from, step, order, target, |value: f64| F::of(value)),
                (Element::Bf16, order) => load_numbers!(from, step, order, target, |bits: u16| of_bf16(bits)),
                (Element::F16, order) => halves(from, step, order, target),
                _ => {}
            },
        }
    }
}

/// Halves by the instruction for it, where there is one.
fn halves<F: Real>(from: &[u8], step: usize, order: Order, target: &mut [F]) {
    use half::slice::HalfFloatSliceExt;
    const AT_ONCE: usize = 256;
    let (mut half, mut single) = ([half::f16::ZERO; AT_ONCE], [0_f32; AT_ONCE]);
    for (number, chunk) in target.chunks_mut(AT_ONCE).enumerate() {
        let (half, single) = (&mut half[..chunk.len()], &mut single[..chunk.len()]);
        load(&from[number * AT_ONCE * step..], step, half, |bytes| {
            let bits =
                if order == Order::Little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) };
            half::f16::from_bits(bits)
        });
        half.convert_to_f32_slice(single);
        chunk.iter_mut().zip(&*single).for_each(|(to, value)| *to = F::of_single(*value));
    }
}
