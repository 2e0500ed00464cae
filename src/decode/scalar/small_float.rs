//! Floats of 4, 6 and 8 bits, each with a byte of its own, as in ml_dtypes.
//!
//! They differ in what they do without: infinities, NaN, zero, a sign. A value is shown as the f64 that it is,
//! which needs few digits. Bits that a 4- or 6-bit type leaves unused are not dropped: a byte that has some is shown
//! as `bits(0xf3)`.

use super::float::F64;
use super::float_text::{Binary, Decimal};
use std::cmp::Ordering;
use std::fmt::Write;

/// What the bits are that are no plain number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Special {
    /// The highest exponent: infinities and NaNs.
    Ieee,
    /// All ones are NaN.
    Ones,
    /// What would be the negative zero is NaN.
    NegativeZero,
    Nothing,
    /// An exponent alone; all ones are NaN.
    Exponent,
}

#[derive(Clone, Copy, Debug)]
pub(in crate::decode) struct SmallFloat {
    name: &'static str,
    bits: u8,
    /// Stored bits of the significand.
    fraction: u8,
    bias: i32,
    special: Special,
    /// Characters of the longest text.
    pub width: usize,
}

const fn small(
    name: &'static str,
    bits: u8,
    fraction: u8,
    bias: i32,
    special: Special,
    width: usize,
) -> SmallFloat {
    SmallFloat { name, bits, fraction, bias, special, width }
}

pub(in crate::decode) const E3M4: SmallFloat = small("float8_e3m4", 8, 4, 3, Special::Ieee, 9);
pub(in crate::decode) const E4M3: SmallFloat = small("float8_e4m3", 8, 3, 7, Special::Ieee, 12);
pub(in crate::decode) const E4M3B11: SmallFloat =
    small("float8_e4m3b11fnuz", 8, 3, 11, Special::NegativeZero, 16);
pub(in crate::decode) const E4M3FN: SmallFloat = small("float8_e4m3fn", 8, 3, 7, Special::Ones, 12);
pub(in crate::decode) const E4M3FNUZ: SmallFloat =
    small("float8_e4m3fnuz", 8, 3, 8, Special::NegativeZero, 13);
pub(in crate::decode) const E5M2: SmallFloat = small("float8_e5m2", 8, 2, 15, Special::Ieee, 19);
pub(in crate::decode) const E5M2FNUZ: SmallFloat =
    small("float8_e5m2fnuz", 8, 2, 16, Special::NegativeZero, 19);
pub(in crate::decode) const E8M0: SmallFloat = small("float8_e8m0fnu", 8, 0, 127, Special::Exponent, 22);
pub(in crate::decode) const E2M3: SmallFloat = small("float6_e2m3fn", 6, 3, 1, Special::Nothing, 10);
pub(in crate::decode) const E3M2: SmallFloat = small("float6_e3m2fn", 6, 2, 3, Special::Nothing, 10);
pub(in crate::decode) const E2M1: SmallFloat = small("float4_e2m1fn", 4, 1, 1, Special::Nothing, 10);

impl SmallFloat {
    const fn sign(self) -> u8 {
        1 << (self.bits - 1)
    }

    const fn has_sign(self) -> bool {
        !matches!(self.special, Special::Exponent)
    }

    /// Above the bits of the largest finite magnitude.
    const fn end(self) -> u8 {
        match self.special {
            Special::Ieee => self.infinity_bits(),
            Special::Ones => self.sign() - 1,
            Special::NegativeZero | Special::Nothing => self.sign(),
            Special::Exponent => 0xff,
        }
    }

    const fn infinity_bits(self) -> u8 {
        self.sign() - (1 << self.fraction)
    }

    /// The value of finite magnitude bits.
    fn magnitude(self, bits: u8) -> f64 {
        let exponent = i32::from(bits >> self.fraction);
        let fraction = i32::from(bits & ((1 << self.fraction) - 1));
        let (significand, exponent) = if exponent == 0 && self.has_sign() {
            (fraction, 1)
        } else {
            (fraction + (1 << self.fraction), exponent)
        };
        f64::from(significand) * 2f64.powi(exponent - self.bias - i32::from(self.fraction))
    }

    /// `None` when the byte has bits that the type leaves unused.
    pub fn value(self, byte: u8) -> Option<f64> {
        if self.bits < 8 && byte >> self.bits != 0 {
            return None;
        }
        if !self.has_sign() {
            return Some(if byte == 0xff { f64::NAN } else { self.magnitude(byte) });
        }
        let bits = byte & (self.sign() - 1);
        let negative = byte != bits;
        let value = match self.special {
            Special::NegativeZero if byte == self.sign() => return Some(f64::NAN),
            _ if bits < self.end() => self.magnitude(bits),
            Special::Ieee if bits == self.infinity_bits() => f64::INFINITY,
            _ => f64::NAN,
        };
        Some(if negative { -value } else { value })
    }

    /// Appends the shortest text that reads back to the same byte.
    pub fn format(self, byte: u8, out: &mut String) {
        // Writing to a String cannot fail.
        match self.value(byte) {
            None => {
                let _ = write!(out, "bits({byte:#x})");
            }
            Some(value) if value.is_nan() => {
                let plain = u128::from(byte) & !self.sign_bit().unwrap_or(0);
                let _ = match self.plain_nan() {
                    Some(nan) if nan == byte.into() => write!(out, "nan"),
                    Some(nan) if nan == plain => write!(out, "-nan"),
                    _ => write!(out, "nan({byte:#x})"),
                };
            }
            Some(value) => _ = F64.format(value.to_bits(), out),
        }
    }

    /// The magnitude bits that are nearest, where `compare` tells on which side of a value the number lies.
    fn nearest(self, compare: impl Fn(f64) -> Ordering) -> Option<u128> {
        let half_way = |bits: u8| {
            let (low, high) = (self.magnitude(bits), self.magnitude(bits.wrapping_add(1)));
            // Beyond the largest value as if there were one more.
            let high = if bits + 1 == self.end() { low + (low - self.magnitude(bits - 1)) } else { high };
            f64::midpoint(low, high)
        };
        let is_above = |bits: u8| match compare(half_way(bits)) {
            Ordering::Less => false,
            Ordering::Equal if self.special == Special::Exponent => true,
            Ordering::Equal => bits % 2 == 1,
            Ordering::Greater => true,
        };
        let (mut low, mut high) = (0, self.end());
        while low < high {
            let middle = low + (high - low) / 2;
            if is_above(middle) { low = middle + 1 } else { high = middle }
        }
        // A scale far below the smallest is none; a number without such a reach becomes 0.
        let vanishes = self.special == Special::Exponent && compare(self.magnitude(0) * 0.75).is_lt();
        (low < self.end() && !vanishes).then_some(low.into())
    }
}

impl Binary for SmallFloat {
    fn name(&self) -> &'static str {
        self.name
    }

    fn sign_bit(&self) -> Option<u128> {
        self.has_sign().then(|| self.sign().into())
    }

    fn infinity(&self) -> Option<u128> {
        (self.special == Special::Ieee).then(|| self.infinity_bits().into())
    }

    fn plain_nan(&self) -> Option<u128> {
        match self.special {
            Special::Ieee => Some(u128::from(self.infinity_bits() | 1 << (self.fraction - 1))),
            Special::Ones => Some(u128::from(self.sign() - 1)),
            Special::NegativeZero => Some(self.sign().into()),
            Special::Nothing => None,
            Special::Exponent => Some(0xff),
        }
    }

    fn is_nan(&self, bits: u128) -> bool {
        u8::try_from(bits).ok().and_then(|byte| self.value(byte)).is_some_and(f64::is_nan)
    }

    fn is_odd(&self, bits: u128) -> bool {
        u8::try_from(bits).is_ok_and(|byte| self.value(byte).is_none())
    }

    fn round(&self, significand: u128, exponent: i64) -> Option<u128> {
        if significand == 0 {
            return self.has_sign().then_some(0);
        }
        let top = i64::from(significand.ilog2()) + exponent;
        self.nearest(|value| {
            // Both as a significand of 127 bits, which no value here fills.
            let value_top = i64::from(((value.to_bits() >> 52) & 0x7ff) as u32) - 1023;
            let aligned = ((1u128 << 52) | u128::from(value.to_bits() & ((1 << 52) - 1))) << 74;
            let own = significand << (126 - significand.ilog2().min(126));
            if value == 0.0 { Ordering::Greater } else { top.cmp(&value_top).then(own.cmp(&aligned)) }
        })
    }

    fn round_decimal(&self, decimal: &Decimal, text: &str) -> Option<u128> {
        if decimal.digits.is_empty() {
            return self.has_sign().then_some(0);
        }
        if self.special == Special::Exponent {
            // Half way is rounded up, and few such numbers have short decimals: as ml_dtypes does it, the nearest double
            // is what is rounded.
            let near: f64 = text.parse().ok()?;
            return self.nearest(|value| near.total_cmp(&value));
        }
        self.nearest(|value| if value == 0.0 { Ordering::Greater } else { decimal.compare(value) })
    }

    fn range(&self) -> (String, String) {
        let smallest = self.magnitude(u8::from(self.has_sign()));
        (format!("{}", self.magnitude(self.end() - 1)), format!("{smallest:.1e}"))
    }
}
