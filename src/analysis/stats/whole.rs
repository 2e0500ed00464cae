//! One look at a block of integers: least, greatest, exact sum, signs and zeros, in vectors.

/// Values of a block at most: their sums stay within 64 bits.
pub(super) const BLOCK: usize = 4096;

/// What a look at a block shows.
#[derive(Clone, Copy, Debug)]
pub(super) struct WholeLook<T> {
    pub least: T,
    pub greatest: T,
    pub sum: i128,
    pub zeros: u64,
    pub negatives: u64,
}

/// An integer of the machine.
pub(super) trait WholeValue:
    Copy + Ord + Default + Send + Sync + std::fmt::Debug + Into<i128>
{
    /// Looks at up to [`BLOCK`] values.
    fn look(block: &[Self]) -> WholeLook<Self>;

    /// The deviation from a center, which is exact or, of 64 bits, rounded once; none has more than 63 bits.
    fn off(self, center: Self) -> f64;

    /// The integer of this type that is nearest; `value` is between two of them.
    fn of(value: i128) -> Self;
}

macro_rules! whole {
    ($int:ty, $sum:expr, $off:expr) => {
        impl WholeValue for $int {
            #[inline(always)]
            fn look(block: &[Self]) -> WholeLook<Self> {
                let (mut least, mut greatest) = (Self::MAX, Self::MIN);
                let (mut zeros, mut negatives): (Self, Self) = (0, 0);
                for &value in block {
                    least = least.min(value);
                    greatest = greatest.max(value);
                    zeros += Self::from(value == 0);
                    #[allow(unused_comparisons, reason = "some of the types have no sign")]
                    let is_negative = value < 0;
                    negatives += Self::from(is_negative);
                }
                let (zeros, negatives) = (zeros as u64, negatives as u64);
                WholeLook { least, greatest, sum: $sum(block), zeros, negatives }
            }

            #[inline(always)]
            fn off(self, center: Self) -> f64 {
                $off(self, center)
            }

            fn of(value: i128) -> Self {
                value as Self
            }
        }
    };
}

/// The sums of the lower and of the upper halves of 64-bit integers are within 64 bits.
const HALF: u64 = u32::MAX as u64;

whole!(
    i32,
    |block: &[i32]| block.iter().map(|value| i64::from(*value)).sum::<i64>().into(),
    |value: i32, center: i32| f64::from(value) - f64::from(center)
);
whole!(
    u32,
    |block: &[u32]| block.iter().map(|value| u64::from(*value)).sum::<u64>().into(),
    |value: u32, center: u32| f64::from(value) - f64::from(center)
);
whole!(
    i64,
    |block: &[i64]| {
        let low: u64 = block.iter().map(|value| value.cast_unsigned() & HALF).sum();
        let high: i64 = block.iter().map(|value| value >> 32).sum();
        (i128::from(high) << 32) + i128::from(low)
    },
    |value: i64, center: i64| value.wrapping_sub(center) as f64
);
whole!(
    u64,
    |block: &[u64]| {
        let low: u64 = block.iter().map(|value| value & HALF).sum();
        let high: u64 = block.iter().map(|value| value >> 32).sum();
        (i128::from(high) << 32) + i128::from(low)
    },
    |value: u64, center: u64| value.wrapping_sub(center).cast_signed() as f64
);
