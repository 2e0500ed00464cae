//! The types of floats that are compared, and how differences of each are rounded.

/// A type of floats, and how differences in it are calculated.
pub(super) trait ComparedFloat: Copy + Default + PartialOrd + Send + Sync + 'static {
    /// As many bits without a sign.
    type Bits: Copy + Ord + Default;

    fn wide(self) -> f64;
    fn narrow(value: f64) -> Self;
    fn from_bits(bits: Self::Bits) -> Self;
    fn bits(self) -> Self::Bits;
    /// The distance of two numbers in values of the type.
    fn steps(self, other: Self) -> Self::Bits;
    fn steps_wide(steps: Self::Bits) -> u64;
    fn abs(self) -> Self;
    fn minus(self, other: Self) -> Self;
    fn over(self, other: Self) -> Self;
    fn is_finite(self) -> bool;
    /// `atol + rtol * self`.
    fn allowed(self, atol: Self, rtol: Self) -> Self;
    /// How many exponents there are, and what is subtracted from one.
    const EXPONENTS: usize;
    const BIAS: i32;
    /// The exponent, as the bits have it, of a float without a sign.
    fn exponent(bits: Self::Bits) -> u16;
}

/// How differences are rounded, and which values are counted between two.
pub(super) trait Rounding: Send + Sync + 'static {
    type Value: ComparedFloat;
    const HAS_ULPS: bool;

    #[inline(always)]
    fn difference(a: Self::Value, b: Self::Value) -> Self::Value {
        a.minus(b).abs()
    }

    #[inline(always)]
    fn allowed(b: Self::Value, atol: Self::Value, rtol: Self::Value) -> Self::Value {
        b.abs().allowed(atol, rtol)
    }

    #[inline(always)]
    fn steps(a: Self::Value, b: Self::Value) -> <Self::Value as ComparedFloat>::Bits {
        a.steps(b)
    }
}

macro_rules! compared_float {
    ($float:ty, $bits:ty, $signed:ty, $mantissa:literal, $bias:literal) => {
        impl ComparedFloat for $float {
            type Bits = $bits;

            #[inline(always)]
            fn wide(self) -> f64 {
                f64::from(self)
            }

            #[inline(always)]
            fn narrow(value: f64) -> Self {
                value as $float
            }

            #[inline(always)]
            fn from_bits(bits: $bits) -> Self {
                <$float>::from_bits(bits)
            }

            #[inline(always)]
            fn bits(self) -> $bits {
                self.to_bits()
            }

            #[inline(always)]
            fn steps(self, other: Self) -> $bits {
                // Bits of negative floats run the other way; so do those of integers with a sign after this.
                let order = |value: $float| {
                    let bits = value.to_bits().cast_signed();
                    if bits < 0 { <$signed>::MIN.wrapping_sub(bits) } else { bits }
                };
                let (a, b) = (order(self), order(other));
                a.max(b).wrapping_sub(a.min(b)).cast_unsigned()
            }

            #[inline(always)]
            fn steps_wide(steps: $bits) -> u64 {
                u64::from(steps)
            }

            #[inline(always)]
            fn abs(self) -> Self {
                <$float>::abs(self)
            }

            #[inline(always)]
            fn minus(self, other: Self) -> Self {
                self - other
            }

            #[inline(always)]
            fn over(self, other: Self) -> Self {
                self / other
            }

            #[inline(always)]
            fn is_finite(self) -> bool {
                self.abs() < <$float>::INFINITY
            }

            #[inline(always)]
            fn allowed(self, atol: Self, rtol: Self) -> Self {
                atol + rtol * self
            }

            const EXPONENTS: usize = 2 * $bias + 2;
            const BIAS: i32 = $bias;

            #[inline(always)]
            fn exponent(bits: $bits) -> u16 {
                (bits >> $mantissa) as u16
            }
        }
    };
}

compared_float!(f32, u32, i32, 23, 127);
compared_float!(f64, u64, i64, 52, 1023);

/// 32-bit floats.
pub(super) struct Singles;

impl Rounding for Singles {
    type Value = f32;
    const HAS_ULPS: bool = true;
}

/// Narrow floats in 32 bits.
pub(super) struct Narrows;

impl Rounding for Narrows {
    type Value = f32;
    const HAS_ULPS: bool = false;
}

/// bfloat16 in 32 bits.
pub(super) struct Brains;

impl Rounding for Brains {
    type Value = f32;
    const HAS_ULPS: bool = true;

    #[inline(always)]
    fn steps(a: f32, b: f32) -> u32 {
        a.steps(b) >> 16
    }
}

/// 16-bit floats: each step of a calculation is rounded to them.
pub(super) struct Halves;

fn half(value: f32) -> f32 {
    half::f16::from_f32(value).to_f32()
}

impl Rounding for Halves {
    type Value = f32;
    const HAS_ULPS: bool = true;

    fn difference(a: f32, b: f32) -> f32 {
        half((a - b).abs())
    }

    fn allowed(b: f32, atol: f32, rtol: f32) -> f32 {
        half(half(atol) + half(half(rtol) * b.abs()))
    }

    fn steps(a: f32, b: f32) -> u32 {
        let order = |value: f32| {
            let bits = i32::from(half::f16::from_f32(value).to_bits());
            if bits < 0x8000 { bits } else { 0x8000 - bits }
        };
        order(a).abs_diff(order(b))
    }
}

/// 64-bit floats.
pub(super) struct Doubles;

impl Rounding for Doubles {
    type Value = f64;
    const HAS_ULPS: bool = true;
}

/// Numbers of different kinds in 64 bits.
pub(super) struct MixedDoubles;

impl Rounding for MixedDoubles {
    type Value = f64;
    const HAS_ULPS: bool = false;
}
