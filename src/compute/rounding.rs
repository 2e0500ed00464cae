//! How floats are rounded after each operation.
//!
//! Halves and bfloat16 are calculated in single precision and then rounded, as NumPy and PyTorch do it.

use crate::decode::dtype::ItemType;
use crate::decode::{DType, Element};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rounding {
    F64,
    F32,
    F16,
    Bf16,
    /// By the type itself.
    Own,
}

impl Rounding {
    /// That of the items of a type.
    pub fn of(item: &ItemType) -> Self {
        match item {
            ItemType::Scalar(DType { element, .. }) => match element {
                Element::F32 => Self::F32,
                Element::F16 => Self::F16,
                Element::Bf16 => Self::Bf16,
                element if element.is_float() && element.size() == 1 => Self::Own,
                element if element.name() == "complex64" => Self::F32,
                _ => Self::F64,
            },
            ItemType::Quant(_) => Self::F32,
            ItemType::Packed(packed) if packed.element.is_float() => Self::Own,
            _ => Self::F64,
        }
    }

    /// The nearest value; what only the type itself can round stays as it is.
    pub fn round(self, value: f64) -> f64 {
        match self {
            Self::F64 | Self::Own => value,
            Self::F32 if value.is_nan() => value,
            Self::F32 => f64::from(value as f32),
            Self::F16 => half::f16::from_f32(value as f32).to_f64(),
            Self::Bf16 => half::bf16::from_f32(value as f32).to_f64(),
        }
    }

    /// To what is calculated in before a result is rounded: halves in single precision.
    pub fn step(self, value: f64) -> f64 {
        if self == Self::F64 { value } else { f64::from(value as f32) }
    }
}

/// The nearest half, rounded once. The instruction for it takes 32 bits; of those the last one says here whether anything
/// was cut off, so that what is nearly the middle of two halves is not taken for it.
#[inline]
pub(super) fn halved(value: f64) -> half::f16 {
    let near = value as f32;
    if near.is_nan() || f64::from(near) == value {
        return half::f16::from_f32(near);
    }
    let is_beyond = f64::from(near).abs() > value.abs();
    let cut = near.to_bits() - u32::from(is_beyond);
    half::f16::from_f32(f32::from_bits(cut | 1))
}

/// Quotient and remainder as `divmod` of NumPy, which follows Python: the remainder has the sign of `b`.
pub(super) fn divided(a: f64, b: f64, step: impl Fn(f64) -> f64) -> (f64, f64) {
    let mut remainder = a % b;
    if b == 0.0 {
        return (step(a / b), remainder);
    }
    let mut quotient = step(step(a - remainder) / b);
    if remainder != 0.0 {
        if (b < 0.0) != (remainder < 0.0) {
            remainder = step(remainder + b);
            quotient = step(quotient - 1.0);
        }
    } else {
        remainder = 0.0_f64.copysign(b);
    }
    if quotient == 0.0 {
        return (0.0_f64.copysign(a / b), remainder);
    }
    let floor = quotient.floor();
    let nearest = if step(quotient - floor) > 0.5 { step(floor + 1.0) } else { floor };
    (nearest, remainder)
}

/// The powers that NumPy takes a shorter way for, and the others.
pub(super) fn power(a: f64, b: f64) -> f64 {
    match b {
        2.0 => a * a,
        1.0 => a,
        0.0 => 1.0,
        0.5 => a.sqrt(),
        -1.0 => 1.0 / a,
        // 1 to the power of a NaN is 1, but not to that of a signalling one.
        b => quiet(a).powf(quiet(b)),
    }
}

/// The result of an operation on two floats: of two NaNs the first one, made quiet. Processors do so, but compilers
/// exchange the operands.
pub(super) fn first_nan(a: f64, b: f64, result: f64) -> f64 {
    match (a.is_nan(), b.is_nan()) {
        _ if !result.is_nan() => result,
        (true, _) => quiet(a),
        (false, true) => quiet(b),
        (false, false) => result,
    }
}

fn quiet(value: f64) -> f64 {
    if value.is_nan() { f64::from_bits(value.to_bits() | 1 << 51) } else { value }
}

/// In double precision, a NaN with its bits: a conversion would make a signalling one quiet.
#[inline(always)]
pub(super) fn widened(value: f32) -> f64 {
    let bits = u64::from(value.to_bits());
    let nan = (bits & 0x8000_0000) << 32 | 0x7ff << 52 | (bits & 0x7f_ffff) << 29;
    if value.is_nan() { f64::from_bits(nan) } else { f64::from(value) }
}

/// In single precision, a NaN with its bits as far as there is room.
#[inline(always)]
pub(super) fn narrowed(value: f64) -> f32 {
    let bits = value.to_bits();
    let kept = (bits >> 29 & 0x7f_ffff) as u32;
    let kept = if kept == 0 { 1 << 22 } else { kept };
    let nan = (bits >> 32 & 0x8000_0000) as u32 | 0xff << 23 | kept;
    if value.is_nan() { f32::from_bits(nan) } else { value as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_once() {
        let half = |bits: u16| half::f16::from_bits(bits);
        for bits in (0..0x7bff).chain(0x8000..0xfbff) {
            let (low, high) = (half(bits).to_f64(), half(bits + 1).to_f64());
            let middle = (low + high) / 2.0;
            // A little to either side of the middle, less than 32 bits can tell from it.
            let little = (high - low) / 2_f64.powi(30);
            let even = if bits % 2 == 0 { bits } else { bits + 1 };
            for (value, expected) in
                [(low, bits), (middle, even), (middle + little, bits + 1), (middle - little, bits)]
            {
                assert_eq!(halved(value), half(expected), "{value:e}");
            }
        }
        assert_eq!(halved(65519.999), half::f16::MAX);
        assert_eq!((halved(65520.0), halved(-1e300)), (half::f16::INFINITY, half::f16::NEG_INFINITY));
        assert!(halved(f64::NAN).is_nan() && halved(1e-300) == half::f16::ZERO);
    }
}
