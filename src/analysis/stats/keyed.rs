//! Values as integers without a sign, in the same order: for everything that depends on order or equality alone.

use super::real::FloatValue;

/// A value with a key.
pub(super) trait Keyed: Copy + Send + Sync + 'static {
    /// Bits of a key: 32 or 64, the lowest.
    const BITS: u32;

    /// In the order of the values; of NaN anything.
    fn key(self) -> u64;

    /// Whether it is NaN.
    fn is_nan(self) -> bool;

    /// The value as a float, rounded if it must be.
    fn float(self) -> f64;

    /// The value of a key.
    fn of_key(key: u64) -> Self;

    /// The difference to a value that is not greater, rounded once.
    fn less(self, lower: Self) -> f64;

    /// The same bits for equal values: both zeros, all NaN.
    fn identity(self) -> u64;
}

macro_rules! keyed_float {
    ($float:ty, $int:ty, $bits:ty) => {
        impl Keyed for $float {
            const BITS: u32 = <$bits>::BITS;

            #[inline(always)]
            fn key(self) -> u64 {
                let bits = self.to_bits().cast_signed();
                // Of negative floats the order of the bits is the other way round.
                let turned = bits ^ ((bits >> (<$int>::BITS - 1)) & <$int>::MAX);
                (turned ^ <$int>::MIN).cast_unsigned().into()
            }

            #[inline(always)]
            fn is_nan(self) -> bool {
                self != self
            }

            #[inline(always)]
            fn float(self) -> f64 {
                self.wide()
            }

            fn of_key(key: u64) -> Self {
                let turned = (key as $bits).cast_signed() ^ <$int>::MIN;
                let bits = turned ^ ((turned >> (<$int>::BITS - 1)) & <$int>::MAX);
                Self::from_bits(bits.cast_unsigned())
            }

            fn less(self, lower: Self) -> f64 {
                self.wide() - lower.wide()
            }

            #[inline(always)]
            fn identity(self) -> u64 {
                let bits = if self == 0.0 { 0 } else { self.to_bits() };
                (if self != self { <$float>::NAN.to_bits() } else { bits }).into()
            }
        }
    };
}
keyed_float!(f32, i32, u32);
keyed_float!(f64, i64, u64);

macro_rules! keyed_int {
    ($int:ty, $bits:ty) => {
        impl Keyed for $int {
            const BITS: u32 = <$bits>::BITS;

            #[inline(always)]
            fn key(self) -> u64 {
                // The least value becomes 0.
                (self.wrapping_sub(<$int>::MIN) as $bits).into()
            }

            #[inline(always)]
            fn is_nan(self) -> bool {
                false
            }

            #[inline(always)]
            fn float(self) -> f64 {
                self as f64
            }

            fn of_key(key: u64) -> Self {
                (key as $bits as $int).wrapping_add(<$int>::MIN)
            }

            fn less(self, lower: Self) -> f64 {
                let (high, low): (i128, i128) = (self.into(), lower.into());
                (high - low) as f64
            }

            #[inline(always)]
            fn identity(self) -> u64 {
                (self as $bits).into()
            }
        }
    };
}
keyed_int!(i32, u32);
keyed_int!(u32, u32);
keyed_int!(i64, u64);
keyed_int!(u64, u64);

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T: Keyed + PartialOrd + std::fmt::Debug>(values: &[T]) {
        for pair in values.windows(2) {
            assert!(pair[0].key() < pair[1].key(), "{pair:?}");
            assert!(pair[0].key().checked_shr(T::BITS).unwrap_or(0) == 0);
        }
        for value in values {
            assert_eq!(T::of_key(value.key()), *value);
        }
    }

    #[test]
    fn keys_are_in_the_order_of_the_values() {
        let infinity = f32::INFINITY;
        check(&[-infinity, f32::MIN, -1.5, -1e-45, 0.0, 1e-45, 2.5, f32::MAX, infinity]);
        let infinity = f64::INFINITY;
        check(&[-infinity, f64::MIN, -1.5, -5e-324, 0.0, 5e-324, 2.5, f64::MAX, infinity]);
        check(&[i32::MIN, -1, 0, 1, i32::MAX]);
        check(&[0, 1, u32::MAX]);
        check(&[i64::MIN, -1, 0, 1, i64::MAX]);
        check(&[0, 1, u64::MAX]);
        assert!((-0.0_f32).key() < 0.0_f32.key());
        assert_eq!((-0.0_f64).identity(), 0.0_f64.identity());
        assert_eq!(u64::MAX.less(0), u64::MAX as f64);
    }
}
