//! Loops over floats, in single or in double precision.
//!
//! The sum, difference, product, quotient or root of two floats of single precision is the same calculated in double
//! precision and rounded: double has more than twice the bits and two more. So single precision needs no detour. What
//! has no instruction of its own (remainders, powers) takes it.

use super::elements::Loaded;
use super::steps::{Cleaned, RealOp, RealTest};
use super::tile::{Feed, each, zip};
use crate::analysis::vector::Vectorised;
use crate::compute::rounding::{Rounding, divided, first_nan, narrowed, power, widened};

/// Single or double precision.
pub(super) trait Real: Loaded + PartialOrd + Send + 'static {
    fn of(value: f64) -> Self;
    fn wide(self) -> f64;
    fn single(self) -> f32;
    fn of_single(value: f32) -> Self;
    fn is_nan(self) -> bool;
    fn is_infinite(self) -> bool;
    /// Runs one step.
    fn combined(op: RealOp, divide_in: Rounding, target: &mut [Self], a: Feed<'_, Self>, b: Feed<'_, Self>);
    /// Answers a question for each element.
    fn tested(test: RealTest, target: &mut [u8], a: &[Self]);
}

macro_rules! reals {
    ($($type:ident, $quiet:expr, $single:expr, $of_single:expr;)*) => {$(
        impl Real for $type {
            #[inline(always)]
            fn of(value: f64) -> Self {
                value as Self
            }

            #[inline(always)]
            fn wide(self) -> f64 {
                self.into()
            }

            #[inline(always)]
            fn single(self) -> f32 {
                $single(self)
            }

            #[inline(always)]
            fn of_single(value: f32) -> Self {
                $of_single(value)
            }

            #[inline(always)]
            fn is_nan(self) -> bool {
                self != self
            }

            #[inline(always)]
            fn is_infinite(self) -> bool {
                self.abs() == Self::INFINITY
            }

            #[inline(always)]
            fn combined(
                op: RealOp,
                divide_in: Rounding,
                target: &mut [Self],
                a: Feed<'_, Self>,
                b: Feed<'_, Self>,
            ) {
                /// Of two NaNs the first one, as `first_nan` of one value.
                #[inline(always)]
                fn chosen(a: $type, b: $type, result: $type) -> $type {
                    let of_b = if b != b { $type::from_bits(b.to_bits() | $quiet) } else { result };
                    if a != a { $type::from_bits(a.to_bits() | $quiet) } else { of_b }
                }
                let is_plain = |feed: Feed<'_, Self>| matches!(feed, Feed::Constant(value) if value == value);
                let one_nan = is_plain(a) || is_plain(b);
                match op {
                    RealOp::Add if one_nan => zip(target, a, b, |a, b| a + b),
                    RealOp::Subtract if one_nan => zip(target, a, b, |a, b| a - b),
                    RealOp::Multiply if one_nan => zip(target, a, b, |a, b| a * b),
                    RealOp::Divide if one_nan => zip(target, a, b, |a, b| a / b),
                    RealOp::Add => zip(target, a, b, |a, b| chosen(a, b, a + b)),
                    RealOp::Subtract => zip(target, a, b, |a, b| chosen(a, b, a - b)),
                    RealOp::Multiply => zip(target, a, b, |a, b| chosen(a, b, a * b)),
                    RealOp::Divide => zip(target, a, b, |a, b| chosen(a, b, a / b)),
                    RealOp::FloorDivide | RealOp::Remainder | RealOp::Power => {
                        slowly(op, divide_in, target, a, b);
                    }
                    RealOp::Smaller => zip(target, a, b, |a, b| if a != a || a < b { a } else { b }),
                    RealOp::Larger => zip(target, a, b, |a, b| if a != a || a > b { a } else { b }),
                    RealOp::Lowered => zip(target, a, b, |a, b| if a != a || a <= b { a } else { b }),
                    RealOp::Raised => zip(target, a, b, |a, b| if a != a || a >= b { a } else { b }),
                    RealOp::Negate => each(target, a, |a| -a),
                    RealOp::Abs => each(target, a, |a| a.abs()),
                    RealOp::Sqrt => each(target, a, |a| a.sqrt()),
                    RealOp::Floor => each(target, a, |a| chosen(a, 0.0, a.floor())),
                    RealOp::Ceil => each(target, a, |a| chosen(a, 0.0, a.ceil())),
                    RealOp::Trunc => each(target, a, |a| chosen(a, 0.0, a.trunc())),
                    RealOp::Round => each(target, a, |a| chosen(a, 0.0, a.round_ties_even())),
                    RealOp::Sign => each(target, a, |a| {
                        let one = if a == 0.0 { 0.0 } else { (1.0 as Self).copysign(a) };
                        if a != a { a } else { one }
                    }),
                    RealOp::Square => each(target, a, |a| a * a),
                }
            }

            #[inline(always)]
            fn tested(test: RealTest, target: &mut [u8], a: &[Self]) {
                let pairs = target.iter_mut().zip(a);
                match test {
                    RealTest::Nan => pairs.for_each(|(to, a)| *to = u8::from(*a != *a)),
                    RealTest::Infinite => pairs.for_each(|(to, a)| *to = u8::from(a.abs() == Self::INFINITY)),
                    RealTest::Finite => pairs.for_each(|(to, a)| *to = u8::from(a.abs() < Self::INFINITY)),
                    RealTest::True => pairs.for_each(|(to, a)| *to = u8::from(*a != 0.0)),
                }
            }
        }
    )*};
}

reals! {
    f32, 1 << 22, std::convert::identity, std::convert::identity;
    f64, 1 << 51, narrowed, widened;
}

/// What has no instruction, one element after another in double precision; not compiled twice.
#[inline(never)]
fn slowly<F: Real>(op: RealOp, divide_in: Rounding, target: &mut [F], a: Feed<'_, F>, b: Feed<'_, F>) {
    let step = |value: f64| divide_in.step(value);
    let of = |op: RealOp, a: f64, b: f64| match op {
        RealOp::FloorDivide => divided(a, b, step).0,
        RealOp::Remainder => divided(a, b, step).1,
        _ => power(a, b),
    };
    zip(target, a, b, |a, b| {
        let (a, b) = (a.wide(), b.wide());
        F::of(first_nan(a, b, of(op, a, b)))
    });
}

/// One step over floats.
pub(super) struct RealLoop<'a, F> {
    pub op: RealOp,
    pub divide_in: Rounding,
    pub target: &'a mut [F],
    pub a: Feed<'a, F>,
    pub b: Feed<'a, F>,
}

impl<F: Real> Vectorised for RealLoop<'_, F> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        F::combined(self.op, self.divide_in, self.target, self.a, self.b);
    }
}

/// A question about each float.
pub(super) struct TestLoop<'a, F> {
    pub test: RealTest,
    pub target: &'a mut [u8],
    pub a: &'a [F],
}

impl<F: Real> Vectorised for TestLoop<'_, F> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        F::tested(self.test, self.target, self.a);
    }
}

/// What is no number gets another value.
pub(super) struct CleanLoop<'a, F> {
    pub cleaned: Cleaned,
    pub target: &'a mut [F],
    pub a: Feed<'a, F>,
}

impl<F: Real> Vectorised for CleanLoop<'_, F> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let (nan, high, low) = (F::of(self.cleaned.nan), F::of(self.cleaned.high), F::of(self.cleaned.low));
        let (infinity, zero) = (F::of(f64::INFINITY), F::default());
        each(self.target, self.a, |value| {
            let of_infinity = if value > zero { high } else { low };
            let finite =
                if value == infinity || value == F::of(f64::NEG_INFINITY) { of_infinity } else { value };
            if value.is_nan() { nan } else { finite }
        });
    }
}

/// Rounds in place.
pub(super) struct RoundLoop<'a, F> {
    pub rounding: Rounding,
    pub target: &'a mut [F],
}

impl<F: Real> Vectorised for RoundLoop<'_, F> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        match self.rounding {
            Rounding::F64 | Rounding::Own => {}
            Rounding::F32 => self.target.iter_mut().for_each(|value| *value = F::of_single(value.single())),
            Rounding::Bf16 => {
                self.target.iter_mut().for_each(|value| {
                    let bits = bf16_bits(value.single());
                    *value = F::of_single(f32::from_bits(u32::from(bits) << 16));
                });
            }
            Rounding::F16 => halves(self.target),
        }
    }
}

/// To nearest, ties to even; as `half::bf16::from_f32`, without a branch.
#[inline(always)]
pub(super) fn bf16_bits(value: f32) -> u16 {
    let bits = value.to_bits();
    let rounded = bits.wrapping_add(0x7fff + (bits >> 16 & 1)) >> 16;
    (if value.is_nan() { bits >> 16 | 0x40 } else { rounded }) as u16
}

/// Rounds to halves by the instruction for it, where there is one.
fn halves<F: Real>(target: &mut [F]) {
    use half::slice::HalfFloatSliceExt;
    const AT_ONCE: usize = 256;
    let (mut single, mut half) = ([0_f32; AT_ONCE], [half::f16::ZERO; AT_ONCE]);
    for chunk in target.chunks_mut(AT_ONCE) {
        let (single, half) = (&mut single[..chunk.len()], &mut half[..chunk.len()]);
        single.iter_mut().zip(&*chunk).for_each(|(to, value)| *to = value.single());
        half.convert_from_f32_slice(single);
        half.convert_to_f32_slice(single);
        chunk.iter_mut().zip(&*single).for_each(|(to, value)| *to = F::of_single(*value));
    }
}
