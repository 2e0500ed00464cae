//! Loops over whole numbers, in the narrowest type that holds all values on the way.
//!
//! Nothing is checked here for overflow: that none can happen follows from the range of the elements, see `range.rs`.

use super::elements::Loaded;
use super::steps::WholeOp;
use super::tile::{Feed, each, zip};
use crate::analysis::vector::{Vectorised, vectorised};
use crate::compute::expr::Comparison;

/// A type of whole numbers that processors calculate in.
pub(super) trait Whole: Loaded + Ord + Send + 'static {
    const LOW: i128;
    const HIGH: i128;

    /// The low bits of a number.
    fn of(value: i128) -> Self;
    /// The low bits of a number.
    fn of_bits(value: u64) -> Self;
    fn of_truth(value: u8) -> Self;
    fn wide(self) -> i128;
    /// The bits, with its sign if it has one.
    fn bits(self) -> u64;
    fn real(self) -> f64;
    fn single(self) -> f32;
    /// Quotient and remainder by Python's rule: the remainder has the sign of `b`, which is not 0.
    fn floor_divided(self, b: Self) -> (Self, Self);
    fn combined(op: WholeOp, target: &mut [Self], a: Feed<'_, Self>, b: Feed<'_, Self>);
}

macro_rules! wholes {
    ($($type:ident)*) => {$(
        impl Whole for $type {
            const LOW: i128 = $type::MIN as i128;
            const HIGH: i128 = $type::MAX as i128;

            #[inline(always)]
            fn of(value: i128) -> Self {
                value as Self
            }

            #[inline(always)]
            fn of_bits(value: u64) -> Self {
                value as Self
            }

            #[inline(always)]
            fn of_truth(value: u8) -> Self {
                value as Self
            }

            #[inline(always)]
            fn wide(self) -> i128 {
                self as i128
            }

            #[inline(always)]
            fn bits(self) -> u64 {
                self as u64
            }

            #[inline(always)]
            fn real(self) -> f64 {
                self as f64
            }

            #[inline(always)]
            fn single(self) -> f32 {
                self as f32
            }

            #[inline(always)]
            fn floor_divided(self, b: Self) -> (Self, Self) {
                let zero = Self::default();
                let (quotient, rest) = (self.wrapping_div(b), self.wrapping_rem(b));
                if rest != zero && (rest < zero) != (b < zero) {
                    (quotient.wrapping_sub(1), rest.wrapping_add(b))
                } else {
                    (quotient, rest)
                }
            }

            #[inline(always)]
            fn combined(op: WholeOp, target: &mut [Self], a: Feed<'_, Self>, b: Feed<'_, Self>) {
                const MOST: i128 = $type::BITS as i128 - 1;
                match op {
                    WholeOp::Add => zip(target, a, b, |a, b| a.wrapping_add(b)),
                    WholeOp::Subtract => zip(target, a, b, |a, b| a.wrapping_sub(b)),
                    WholeOp::Multiply => zip(target, a, b, |a, b| a.wrapping_mul(b)),
                    WholeOp::FloorDivide => zip(target, a, b, |a, b| Whole::floor_divided(a, b).0),
                    WholeOp::Remainder => zip(target, a, b, |a, b| Whole::floor_divided(a, b).1),
                    WholeOp::Or => zip(target, a, b, |a, b| a | b),
                    WholeOp::Xor => zip(target, a, b, |a, b| a ^ b),
                    WholeOp::And => zip(target, a, b, |a, b| a & b),
                    WholeOp::Left => zip(target, a, b, |a, b| {
                        // Only 0 has room for more.
                        if b as i128 > MOST { 0 } else { a.wrapping_shl(b as u32) }
                    }),
                    WholeOp::Right => zip(target, a, b, |a, b| {
                        let sign = if a < Self::default() { !0 } else { 0 };
                        if b as i128 > MOST { sign } else { a.wrapping_shr(b as u32) }
                    }),
                    WholeOp::Smaller => zip(target, a, b, |a, b| a.min(b)),
                    WholeOp::Larger => zip(target, a, b, |a, b| a.max(b)),
                    WholeOp::Negate => each(target, a, |a| (0 as Self).wrapping_sub(a)),
                    WholeOp::Invert => each(target, a, |a| !a),
                    WholeOp::Abs => each(target, a, |a| {
                        if a < Self::default() { (0 as Self).wrapping_sub(a) } else { a }
                    }),
                    WholeOp::Sign => each(target, a, |a| {
                        let is_negative = (a < Self::default()) as Self;
                        ((a > Self::default()) as Self).wrapping_sub(is_negative)
                    }),
                    WholeOp::Power => zip(target, a, b, |a, b| match b {
                        2 => a.wrapping_mul(a),
                        3 => a.wrapping_mul(a).wrapping_mul(a),
                        b => a.wrapping_pow(b as u32),
                    }),
                }
            }
        }
    )*};
}

wholes!(u8 i16 i32 i64 u64);

/// Runs one step.
pub(super) struct WholeLoop<'a, I> {
    pub op: WholeOp,
    pub target: &'a mut [I],
    pub a: Feed<'a, I>,
    pub b: Feed<'a, I>,
}

impl<I: Whole> WholeLoop<'_, I> {
    /// Whether there is a result: nothing is divided by 0, or shifted by less than 0.
    pub fn run(self) -> bool {
        let refuses = |bad: &dyn Fn(I) -> bool| match self.b {
            Feed::Target => self.target.iter().any(|b| bad(*b)),
            Feed::Tile(b) => b.iter().any(|b| bad(*b)),
            Feed::Constant(b) => bad(b),
        };
        let zero = I::default();
        let is_refused = match self.op {
            WholeOp::FloorDivide | WholeOp::Remainder => refuses(&|b| b == zero),
            WholeOp::Left | WholeOp::Right => refuses(&|b| b < zero),
            _ => false,
        };
        if !is_refused {
            vectorised(self);
        }
        !is_refused
    }
}

impl<I: Whole> Vectorised for WholeLoop<'_, I> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        I::combined(self.op, self.target, self.a, self.b);
    }
}

/// Compares whole numbers.
pub(super) struct CompareLoop<'a, T> {
    pub how: Comparison,
    pub target: &'a mut [u8],
    pub a: Feed<'a, T>,
    pub b: Feed<'a, T>,
}

impl<T: Copy + PartialOrd> Vectorised for CompareLoop<'_, T> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        use super::tile::pairs;
        let Self { how, target, a, b } = self;
        // A loop for each, so that the question is not asked anew for each element.
        match how {
            Comparison::Less => pairs(target, a, b, |a, b| u8::from(a < b)),
            Comparison::LessOrEqual => pairs(target, a, b, |a, b| u8::from(a <= b)),
            Comparison::Greater => pairs(target, a, b, |a, b| u8::from(a > b)),
            Comparison::GreaterOrEqual => pairs(target, a, b, |a, b| u8::from(a >= b)),
            Comparison::Equal => pairs(target, a, b, |a, b| u8::from(a == b)),
            Comparison::NotEqual => pairs(target, a, b, |a, b| u8::from(a != b)),
        }
    }
}

/// The least and the largest of a tile, which is not empty.
pub(super) struct Extremes<'a, I>(pub &'a [I]);

impl<I: Whole> Vectorised for Extremes<'_, I> {
    type Out = (I, I);

    #[inline(always)]
    fn run(self) -> (I, I) {
        let first = self.0.first().copied().unwrap_or_default();
        self.0.iter().fold((first, first), |(low, high), value| (low.min(*value), high.max(*value)))
    }
}
