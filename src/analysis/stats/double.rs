//! A number as the sum of two floats: some thirty decimal digits, for sums that are rounded once, at the end.
//!
//! The algorithms are Knuth's and Dekker's: a sum of two floats and its rounding error are two floats again.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// `hi + lo`, where `lo` is at most half a unit of the last place of `hi`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Double {
    pub hi: f64,
    pub lo: f64,
}

/// The sum and what it lost by rounding.
#[inline(always)]
pub(super) fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let of_b = sum - a;
    (sum, (a - (sum - of_b)) + (b - of_b))
}

/// The same where `a` is not smaller than `b`.
fn quick_sum(a: f64, b: f64) -> Double {
    let hi = a + b;
    Double { hi, lo: b - (hi - a) }
}

impl Double {
    pub const ZERO: Self = Self { hi: 0.0, lo: 0.0 };

    /// The nearest float.
    pub fn value(self) -> f64 {
        let value = self.hi + self.lo;
        // An infinity has no rounding error.
        if value.is_nan() { self.hi } else { value }
    }

    /// Exact to 106 bits.
    pub fn of_int(value: i128) -> Self {
        let hi = value as f64;
        // A float beyond the range of integers becomes its end: one off, of 127 bits.
        let lo = value.saturating_sub(hi as i128) as f64;
        quick_sum(hi, lo)
    }

    /// The square root; 0 of what is not positive.
    pub fn sqrt(self) -> Self {
        if self.hi.partial_cmp(&0.0) != Some(std::cmp::Ordering::Greater) {
            return Self { hi: if self.hi.is_nan() { self.hi } else { 0.0 }, lo: 0.0 };
        }
        let root = Self::from(self.hi.sqrt());
        let rest = self - root * root;
        root + rest.hi / (2.0 * root.hi)
    }

    /// Times two to the power of `exponent`, in steps that do not leave the range before the result does.
    pub fn scaled(self, exponent: i32) -> Self {
        const STEP: i32 = 900;
        let mut left = exponent;
        let mut scaled = self;
        while left != 0 {
            let step = left.clamp(-STEP, STEP);
            let factor = 2f64.powi(step);
            scaled = Self { hi: scaled.hi * factor, lo: scaled.lo * factor };
            left -= step;
        }
        scaled
    }
}

impl From<f64> for Double {
    fn from(hi: f64) -> Self {
        Self { hi, lo: 0.0 }
    }
}

macro_rules! of_int {
    ($($int:ty)*) => {
        $(impl From<$int> for Double {
            fn from(value: $int) -> Self {
                Self::of_int(value.into())
            }
        })*
    };
}
of_int!(i32 u32 i64 u64);

impl Add for Double {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let (hi, lost) = two_sum(self.hi, other.hi);
        let (lo, lost_low) = two_sum(self.lo, other.lo);
        let first = quick_sum(hi, lost + lo);
        quick_sum(first.hi, first.lo + lost_low)
    }
}

impl Add<f64> for Double {
    type Output = Self;

    fn add(self, other: f64) -> Self {
        let (hi, lost) = two_sum(self.hi, other);
        quick_sum(hi, lost + self.lo)
    }
}

impl Neg for Double {
    type Output = Self;

    fn neg(self) -> Self {
        Self { hi: -self.hi, lo: -self.lo }
    }
}

impl Sub for Double {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Double {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        let hi = self.hi * other.hi;
        let lost = self.hi.mul_add(other.hi, -hi);
        quick_sum(hi, lost + (self.hi * other.lo + self.lo * other.hi))
    }
}

impl Div for Double {
    type Output = Self;

    fn div(self, other: Self) -> Self {
        let first = self.hi / other.hi;
        if !first.is_finite() {
            return Self::from(first);
        }
        let rest = self - other * Self::from(first);
        let second = rest.hi / other.hi;
        let rest = rest - other * Self::from(second);
        quick_sum(first, second) + rest.hi / other.hi
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_digits_are_kept() {
        let third = Double::from(1.0) / Double::from(3.0);
        let one = third + third + third;
        assert!((one - Double::from(1.0)).hi.abs() < 1e-31);
        let root = Double::from(2.0).sqrt();
        assert!((root * root - Double::from(2.0)).hi.abs() < 1e-31);
        assert_eq!((Double::from(1e100) + 1.0 + -1e100).value(), 1.0);
    }

    #[test]
    fn integers_come_whole() {
        for value in [0, 1, -1, (1 << 100) + 1, i128::from(u64::MAX), -(1 << 90) - 12345] {
            let Double { hi, lo } = Double::of_int(value);
            assert_eq!(hi as i128 + lo as i128, value);
        }
        assert_eq!(Double::of_int(i128::MAX).hi, 2f64.powi(127));
    }

    #[test]
    fn scaling_by_powers_of_two_loses_nothing_in_range() {
        let small = Double { hi: 3e-300, lo: 1e-317 };
        let large = small.scaled(1900);
        assert_eq!(large.scaled(-1900), small);
        assert_eq!(Double::from(0.0).sqrt(), Double::ZERO);
    }
}
