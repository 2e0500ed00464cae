//! Tiles into elements as they lie in memory, by the rules of the codec for one value.
//!
//! A tile with a value that its type can't hold is not stored: then one value after another is, which finds the first
//! that does not fit.

use super::elements::range_of;
use super::range::Range;
use super::real::{Real, bf16_bits};
use super::tile::Feed;
use super::whole::{Extremes, Whole};
use crate::analysis::vector::{Vectorised, vectorised};
use crate::compute::rounding::halved;
use crate::decode::{DType, Element, Order};

/// Puts a value into the bytes of each element.
#[inline(always)]
fn put<const N: usize, T: Copy>(out: &mut [u8], from: Feed<'_, T>, of: impl Fn(T) -> [u8; N]) {
    let (out, _) = out.as_chunks_mut::<N>();
    match from {
        Feed::Tile(values) => out.iter_mut().zip(values).for_each(|(out, value)| *out = of(*value)),
        Feed::Constant(value) => out.fill(of(value)),
        Feed::Target => {}
    }
}

/// The low bytes of a number, in order.
#[inline(always)]
fn put_bits<T: Copy>(out: &mut [u8], size: usize, order: Order, from: Feed<'_, T>, of: impl Fn(T) -> u64) {
    match (size, order) {
        (1, _) => put(out, from, |value| [of(value) as u8]),
        (2, Order::Little) => put(out, from, |value| (of(value) as u16).to_le_bytes()),
        (2, Order::Big) => put(out, from, |value| (of(value) as u16).to_be_bytes()),
        (3, Order::Little) => put(out, from, |value| {
            let [a, b, c, ..] = of(value).to_le_bytes();
            [a, b, c]
        }),
        (3, Order::Big) => put(out, from, |value| {
            let [a, b, c, ..] = of(value).to_le_bytes();
            [c, b, a]
        }),
        (4, Order::Little) => put(out, from, |value| (of(value) as u32).to_le_bytes()),
        (4, Order::Big) => put(out, from, |value| (of(value) as u32).to_be_bytes()),
        (_, Order::Little) => put(out, from, |value| of(value).to_le_bytes()),
        (_, Order::Big) => put(out, from, |value| of(value).to_be_bytes()),
    }
}

/// Stores whole numbers.
pub(super) struct WholeStore<'a, I> {
    pub dtype: DType,
    pub from: Feed<'a, I>,
    pub out: &'a mut [u8],
}

impl<I: Whole> WholeStore<'_, I> {
    /// Whether all fit. Those that are `known` to fit are not looked at.
    pub fn store(self, is_known: bool) -> bool {
        if !is_known && let Some(range) = range_of(self.dtype) {
            let (low, high) = match self.from {
                Feed::Tile(values) => vectorised(Extremes(values)),
                Feed::Constant(value) => (value, value),
                Feed::Target => return false,
            };
            if !range.holds(Range::new(low.wide(), high.wide())) {
                return false;
            }
        }
        vectorised(self);
        true
    }
}

impl<I: Whole> Vectorised for WholeStore<'_, I> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let Self { dtype, from, out } = self;
        match dtype.element {
            // Once: by way of 64 bits it would be twice.
            Element::F32 => put_bits(out, 4, dtype.order, from, |value: I| value.single().to_bits().into()),
            Element::F64 => put_bits(out, 8, dtype.order, from, |value: I| value.real().to_bits()),
            _ => put_bits(out, dtype.size(), dtype.order, from, Whole::bits),
        }
    }
}

/// Stores floats as floats.
pub(super) struct RealStore<'a, F> {
    pub dtype: DType,
    pub from: Feed<'a, F>,
    /// The bytes that are there.
    pub old: &'a [u8],
    pub out: &'a mut [u8],
}

impl<F: Real> Vectorised for RealStore<'_, F> {
    /// Whether all fit.
    type Out = bool;

    #[inline(always)]
    fn run(self) -> bool {
        let Self { dtype, from, old, out } = self;
        match dtype.element {
            Element::F32 => put_bits(out, 4, dtype.order, from, |value: F| value.single().to_bits().into()),
            Element::F64 => put_bits(out, 8, dtype.order, from, |value: F| value.wide().to_bits()),
            Element::Bf16 => {
                put_bits(out, 2, dtype.order, from, |value: F| u64::from(bf16_bits(value.single())));
                return half_fits::<F, 0x7f80, 0x7fc0>(dtype.order, from, old, out);
            }
            Element::F16 => {
                put_halves(out, dtype.order, from);
                return half_fits::<F, 0x7c00, 0x7e00>(dtype.order, from, old, out);
            }
            _ => return false,
        }
        true
    }
}

/// Halves by the instruction for it, where there is one.
fn put_halves<F: Real>(out: &mut [u8], order: Order, from: Feed<'_, F>) {
    use half::slice::HalfFloatSliceExt;
    const AT_ONCE: usize = 256;
    if size_of::<F>() == 8 {
        put_bits(out, 2, order, from, |value: F| halved(value.wide()).to_bits().into());
        return;
    }
    let (mut single, mut half) = ([0_f32; AT_ONCE], [half::f16::ZERO; AT_ONCE]);
    for (number, out) in out.chunks_mut(2 * AT_ONCE).enumerate() {
        let len = out.len() / 2;
        let (single, half) = (&mut single[..len], &mut half[..len]);
        match from {
            Feed::Tile(values) => {
                let values = &values[number * AT_ONCE..];
                single.iter_mut().zip(values).for_each(|(to, value)| *to = value.single());
            }
            Feed::Constant(value) => single.fill(value.single()),
            Feed::Target => {}
        }
        half.convert_from_f32_slice(single);
        put_bits(out, 2, order, Feed::Tile(half), |value: half::f16| value.to_bits().into());
    }
}

/// Whether no value became infinite or 0 where it was put. A NaN keeps the bits of one that was there, and is the plain
/// one elsewhere.
#[inline(always)]
fn half_fits<F: Real, const INFINITY: u16, const NAN: u16>(
    order: Order,
    from: Feed<'_, F>,
    old: &[u8],
    out: &mut [u8],
) -> bool {
    let native = |bytes: [u8; 2]| match order {
        Order::Little => u16::from_le_bytes(bytes),
        Order::Big => u16::from_be_bytes(bytes),
    };
    let (out, _) = out.as_chunks_mut::<2>();
    let (old, _) = old.as_chunks::<2>();
    let mut is_bad = false;
    let mut one = |out: &mut [u8; 2], old: [u8; 2], value: F| {
        let magnitude = native(*out) & 0x7fff;
        let zero = F::default();
        is_bad |= magnitude == INFINITY && !value.is_infinite();
        is_bad |= magnitude == 0 && value != zero;
        if magnitude > INFINITY {
            let kept = native(old) & 0x7fff > INFINITY;
            let plain = if order == Order::Little { NAN.to_le_bytes() } else { NAN.to_be_bytes() };
            *out = if kept { old } else { plain };
        }
    };
    match from {
        Feed::Tile(values) => {
            out.iter_mut().zip(old).zip(values).for_each(|((out, old), value)| one(out, *old, *value));
        }
        Feed::Constant(value) => out.iter_mut().zip(old).for_each(|(out, old)| one(out, *old, value)),
        Feed::Target => return false,
    }
    !is_bad
}

/// Stores floats as integers.
pub(super) struct CutStore<'a, F> {
    pub dtype: DType,
    pub from: Feed<'a, F>,
    /// Whether a fraction is cut off rather than refused.
    pub cuts: bool,
    pub out: &'a mut [u8],
}

impl<F: Real> Vectorised for CutStore<'_, F> {
    /// Whether all are whole numbers that fit.
    type Out = bool;

    #[inline(always)]
    fn run(self) -> bool {
        let Self { dtype, from, cuts, out } = self;
        let Some(range) = range_of(dtype) else { return false };
        let (low, end) = (range.low as f64, (range.high + 1) as f64);
        let fits = |value: F| {
            let value = value.wide();
            let whole = value.trunc();
            (whole >= low) & (whole < end) & (cuts | (whole == value))
        };
        let all_fit = match from {
            Feed::Tile(values) => values.iter().fold(true, |all, value| all & fits(*value)),
            Feed::Constant(value) => fits(value),
            Feed::Target => false,
        };
        if !all_fit {
            return false;
        }
        let (size, order) = (dtype.size(), dtype.order);
        match (size, range.low < 0) {
            (..4, _) | (4, true) => {
                put_bits(out, size, order, from, |value: F| u64::from((value.wide() as i32).cast_unsigned()));
            }
            (_, true) => put_bits(out, size, order, from, |value: F| (value.wide() as i64).cast_unsigned()),
            (_, false) => put_bits(out, size, order, from, |value: F| value.wide() as u64),
        }
        true
    }
}

/// Stores truth values as 0 and 1.
pub(super) struct TruthStore<'a> {
    pub dtype: DType,
    pub from: Feed<'a, u8>,
    pub out: &'a mut [u8],
}

impl Vectorised for TruthStore<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let Self { dtype, from, out } = self;
        let one = match dtype.element {
            Element::F32 => u64::from(1_f32.to_bits()),
            Element::F64 => 1_f64.to_bits(),
            Element::F16 => half::f16::ONE.to_bits().into(),
            Element::Bf16 => half::bf16::ONE.to_bits().into(),
            _ => 1,
        };
        put_bits(out, dtype.size(), dtype.order, from, |value| if value == 0 { 0 } else { one });
    }
}

/// How many of the results are infinite where the element was not.
pub(super) struct InfiniteCount<'a, F> {
    pub results: Feed<'a, F>,
    /// `None` of whole numbers.
    pub elements: Option<&'a [F]>,
    pub len: usize,
    /// Whether results become 32-bit floats where they are put.
    pub is_narrowed: bool,
}

impl<F: Real> Vectorised for InfiniteCount<'_, F> {
    type Out = u64;

    #[inline(always)]
    fn run(self) -> u64 {
        let Self { results, elements, len, is_narrowed } = self;
        let is_infinite =
            |value: F| if is_narrowed { value.single().is_infinite() } else { value.is_infinite() };
        let any = match results {
            // A loop for each, so that it is not asked anew for each element.
            Feed::Tile(results) if is_narrowed => {
                results.iter().fold(false, |any, value| any | value.single().is_infinite())
            }
            Feed::Tile(results) => results.iter().fold(false, |any, value| any | value.is_infinite()),
            Feed::Constant(value) => is_infinite(value),
            Feed::Target => false,
        };
        if !any {
            return 0;
        }
        let was = |at: usize| elements.is_some_and(|elements| elements[at].is_infinite());
        let is = |at: usize| match results {
            Feed::Tile(results) => is_infinite(results[at]),
            Feed::Constant(_) | Feed::Target => true,
        };
        (0..len).filter(|at| is(*at) && !was(*at)).count() as u64
    }
}
