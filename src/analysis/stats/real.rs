//! Looks at blocks of floats, in vectors: least, greatest, signs and zeros; the sum; the squares of deviations.
//!
//! The least and the greatest are found among the bits, as integers in the same order: the compiler knows how to take
//! integers in any order. Floats are added up in lanes, each in its own order. The sum of a block of 32-bit floats is
//! exact in 64 bits unless its values are of very different sizes; then, and for 64-bit floats always, what each addition
//! loses is added up too.

#[cfg(target_arch = "x86_64")]
use super::double::{Double, two_sum};
#[cfg(target_arch = "x86_64")]
use super::gathered::{Gathered, LANES as VECTOR_LANES, VECTORS};
use super::moments::unit_of;
use crate::analysis::elements::MappedTile;
#[cfg(target_arch = "x86_64")]
use crate::analysis::elements::{MappedForm, TileKind};
use crate::analysis::vector::multiply_add;
#[cfg(target_arch = "x86_64")]
use crate::bytes::RawBytes;

/// Values that are added up side by side.
const LANES: usize = 8;

/// Squares are added up plainly in each lane for so long; what is lost so is less than the last place of their root.
const PLAIN: usize = 8 * LANES;

/// 32-bit floats of a block.
const BLOCK: usize = 4096;

/// What a look at a block shows. Of NaN and infinities among the values it shows that they are there, no more.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look<T> {
    pub least: T,
    pub greatest: T,
    pub sum: Double,
    /// Values below zero; with zeros among them, their signs count too.
    pub signs: u64,
    pub has_zeros: bool,
    /// Whether all that is above holds: no NaN, no infinity, nothing so large or small that squares leave the range.
    pub is_plain: bool,
}

/// A float of the machine.
pub(super) trait FloatValue: Copy + PartialOrd + Default + Send + Sync + std::fmt::Debug {
    /// Values of a block at most: so many that the block stays in a core's first cache.
    const BLOCK: usize;

    /// Looks at a block, and adds up the squares of the deviations from a number: those of a plain block.
    fn look<const FUSED: bool>(block: &[Self], center: f64) -> (Look<Self>, f64);

    /// Looks at a block where it is mapped, in one go; `None` where the processor has no vectors for it, or the elements
    /// are no values of this type as they are.
    fn look_mapped(
        elements: &MappedTile<'_>,
        block: usize,
        center: f64,
        is_careful: bool,
    ) -> Option<MappedLook<Self>> {
        let _ = (elements, block, center, is_careful);
        None
    }

    /// Exact.
    fn wide(self) -> f64;
}

/// What a look at a mapped block shows.
#[derive(Clone, Copy, Debug)]
pub(super) struct MappedLook<T> {
    pub look: Look<T>,
    pub squares: f64,
    pub zeros: u64,
    /// Whether the sum is exact, or as exact as it can be.
    pub is_sure: bool,
}

macro_rules! survey {
    ($name:ident, $float:ty, $int:ty, $bits:ty) => {
        /// What the bits of a block show.
        #[derive(Clone, Copy)]
        struct $name {
            least: $float,
            greatest: $float,
            /// The smallest and the largest without their signs.
            smallest: $float,
            largest: $float,
            signs: $bits,
        }

        impl $name {
            #[inline(always)]
            fn of(block: &[$float]) -> Self {
                const LAST: u32 = <$int>::BITS - 1;
                let (mut least, mut greatest) = (<$int>::MAX, <$int>::MIN);
                let (mut smallest, mut largest) = (<$int>::MAX, 0);
                let mut signs: $bits = 0;
                for value in block {
                    let bits = value.to_bits().cast_signed();
                    let sign = bits >> LAST;
                    // Of negative floats the order of the bits is the other way round.
                    let key = bits ^ (sign & <$int>::MAX);
                    let size = bits & <$int>::MAX;
                    least = least.min(key);
                    greatest = greatest.max(key);
                    smallest = smallest.min(size);
                    largest = largest.max(size);
                    signs = signs.wrapping_sub(sign.cast_unsigned());
                }
                let back =
                    |key: $int| <$float>::from_bits((key ^ ((key >> LAST) & <$int>::MAX)).cast_unsigned());
                Self {
                    least: back(least),
                    greatest: back(greatest),
                    smallest: <$float>::from_bits(smallest.cast_unsigned()),
                    largest: <$float>::from_bits(largest.cast_unsigned()),
                    signs,
                }
            }
        }
    };
}
survey!(Survey32, f32, i32, u32);
survey!(Survey64, f64, i64, u64);

impl FloatValue for f32 {
    const BLOCK: usize = BLOCK;

    #[inline(always)]
    fn look<const FUSED: bool>(block: &[Self], center: f64) -> (Look<Self>, f64) {
        if let Some((mut look, squares, smallest)) = look_at_once(block, center) {
            let largest = look.greatest.abs().max(look.least.abs());
            look.is_plain = look.sum.hi.is_finite();
            if look.is_plain && !is_exact(smallest, largest, f32::MANTISSA_DIGITS) {
                look.sum = careful_sum(block);
            }
            return (look, squares);
        }
        let survey = Survey32::of(block);
        let has_zeros = survey.smallest == 0.0;
        let is_plain = survey.largest.is_finite();
        let sum = if is_plain
            && is_exact(smallest_of(block, survey.smallest), survey.largest, f32::MANTISSA_DIGITS)
        {
            plain_sum(block)
        } else {
            careful_sum(block)
        };
        let (least, greatest) = (survey.least, survey.greatest);
        let look = Look { least, greatest, sum, signs: survey.signs.into(), has_zeros, is_plain };
        (look, squares::<FUSED, Self>(block, |value| f64::from(value) - center))
    }

    #[cfg(target_arch = "x86_64")]
    fn look_mapped(
        elements: &MappedTile<'_>,
        block: usize,
        center: f64,
        is_careful: bool,
    ) -> Option<MappedLook<Self>> {
        use super::avx::Kind;
        let (kind, size, digits) = match elements.form {
            _ if elements.is_swapped => return None,
            MappedForm::Plain(TileKind::F32) => (Kind::Single, 4, Self::MANTISSA_DIGITS),
            MappedForm::Half => (Kind::Half, 2, half::f16::MANTISSA_DIGITS),
            MappedForm::Brain => (Kind::Brain, 2, half::bf16::MANTISSA_DIGITS),
            MappedForm::Plain(_) => return None,
        };
        let bytes = <Self as FloatValue>::BLOCK * size;
        let from = elements.from + block * bytes;
        let gathered =
            super::avx::gather(elements.raw.blocks(from, from + bytes)?, kind, center, is_careful)?;
        let (mut look, squares) = look_gathered(&gathered);
        let is_sure = if is_careful {
            look.sum = look.sum + total(&gathered.lost);
            true
        } else {
            let largest = look.greatest.abs().max(look.least.abs());
            is_exact(gathered.smallest, largest, digits)
        };
        look.is_plain = look.sum.hi.is_finite();
        Some(MappedLook { look, squares, zeros: gathered.zeros, is_sure })
    }

    #[inline(always)]
    fn wide(self) -> f64 {
        self.into()
    }
}

impl FloatValue for f64 {
    const BLOCK: usize = BLOCK / 2;

    #[inline(always)]
    fn look<const FUSED: bool>(block: &[Self], center: f64) -> (Look<Self>, f64) {
        let survey = Survey64::of(block);
        let look = Look {
            least: survey.least,
            greatest: survey.greatest,
            sum: careful_sum(block),
            signs: survey.signs,
            has_zeros: survey.smallest == 0.0,
            is_plain: survey.largest.is_finite() && unit_of(survey.largest) == 0,
        };
        (look, squares::<FUSED, Self>(block, |value| value - center))
    }

    #[inline(always)]
    fn wide(self) -> f64 {
        self
    }
}

/// A look in one loop, the squares, and the smallest value but zero without its sign, 0 if there is none; `None` where the
/// processor has no vectors for it. It does not say whether the block is plain: NaN and infinities are in the sum.
#[cfg(target_arch = "x86_64")]
#[inline(never)]
fn look_at_once(block: &[f32], center: f64) -> Option<(Look<f32>, f64, f32)> {
    let raw = RawBytes::of(bytemuck::cast_slice(block));
    let gathered = super::avx::gather(raw.blocks(0, raw.len())?, super::avx::Kind::Single, center, false)?;
    let rest = &block[block.len() / GATHERED * GATHERED..];
    let mut smallest = gathered.smallest;
    let (mut look, squares) = look_gathered(&gathered);
    let mut squares = Double::from(squares);
    for &value in rest {
        look.least = if value < look.least { value } else { look.least };
        look.greatest = if value > look.greatest { value } else { look.greatest };
        let size = value.abs();
        smallest = if size > 0.0 && (size < smallest || smallest == 0.0) { size } else { smallest };
        look.has_zeros |= value == 0.0;
        look.signs += u64::from(value < 0.0);
        look.sum = look.sum + f64::from(value);
        let off = f64::from(value) - center;
        squares = squares + off * off;
    }
    Some((look, squares.value(), smallest))
}

/// Values that are gathered together.
#[cfg(target_arch = "x86_64")]
const GATHERED: usize = VECTORS * VECTOR_LANES;

/// What was gathered as a look that does not say whether it is plain, and the sum of the squares.
#[cfg(target_arch = "x86_64")]
fn look_gathered(gathered: &Gathered) -> (Look<f32>, f64) {
    let Gathered { least, greatest, negatives: signs, .. } = *gathered;
    let has_zeros = gathered.zeros > 0;
    let look = Look { least, greatest, sum: total(&gathered.sums), signs, has_zeros, is_plain: false };
    (look, total(&gathered.squares).value())
}

#[cfg(not(target_arch = "x86_64"))]
fn look_at_once(_: &[f32], _: f64) -> Option<(Look<f32>, f64, f32)> {
    None
}

/// The smallest value but zero without its sign, of a block whose smallest is known; 0 of nothing but zeros.
#[inline(always)]
fn smallest_of(block: &[f32], smallest: f32) -> f32 {
    if smallest != 0.0 {
        return smallest;
    }
    // Zero becomes the largest of all.
    let size = |value: &f32| value.abs().to_bits().wrapping_sub(1);
    let smallest = block.iter().map(size).fold(u32::MAX, u32::min);
    f32::from_bits(smallest.wrapping_add(1))
}

/// Whether no sum of values of so many binary digits up to `largest`, all of them multiples of the last place of the
/// smallest, has more bits than a 64-bit float. `smallest` is not negative; 0 where there are only zeros.
fn is_exact(smallest: f32, largest: f32, digits: u32) -> bool {
    const LANE_BITS: u32 = (BLOCK / LANES).ilog2() + 1;
    let exponent = |value: f32| (value.to_bits() >> (f32::MANTISSA_DIGITS - 1)).max(1);
    let places = exponent(largest) - exponent(smallest).min(exponent(largest)) + digits;
    smallest == 0.0 || places + LANE_BITS <= f64::MANTISSA_DIGITS
}

/// The sum, where no addition loses anything.
#[inline(always)]
fn plain_sum(block: &[f32]) -> Double {
    let mut sums = [0.0; LANES];
    let (groups, rest) = block.as_chunks::<LANES>();
    for values in groups {
        for lane in 0..LANES {
            sums[lane] += f64::from(values[lane]);
        }
    }
    let rest = rest.iter().fold(0.0, |sum, value| sum + f64::from(*value));
    total(&sums) + rest
}

/// The sum and what each addition lost.
#[inline(always)]
fn careful_sum<T: FloatValue>(block: &[T]) -> Double {
    let (mut sums, mut lost) = ([0.0; LANES], [0.0; LANES]);
    let (groups, rest) = block.as_chunks::<LANES>();
    for values in groups {
        for lane in 0..LANES {
            let (sum, error) = two_sum(sums[lane], values[lane].wide());
            sums[lane] = sum;
            lost[lane] += error;
        }
    }
    let rest = rest.iter().fold(Double::ZERO, |sum, value| sum + value.wide());
    total(&sums) + total(&lost) + rest
}

/// The sum of the squares of what `off` answers for the values. A lane adds up few of them plainly, since all of them may
/// be rounded the same way; what the sum of these loses is added up too.
#[inline(always)]
pub(super) fn squares<const FUSED: bool, T: Copy>(block: &[T], off: impl Fn(T) -> f64) -> f64 {
    let (mut sums, mut lost) = ([0.0; LANES], [0.0; LANES]);
    let (runs, rest) = block.as_chunks::<PLAIN>();
    for run in runs {
        let mut few = [0.0; LANES];
        for values in run.as_chunks::<LANES>().0 {
            for lane in 0..LANES {
                let off = off(values[lane]);
                few[lane] = multiply_add::<FUSED>(off, off, few[lane]);
            }
        }
        for lane in 0..LANES {
            let (sum, error) = two_sum(sums[lane], few[lane]);
            sums[lane] = sum;
            lost[lane] += error;
        }
    }
    let rest = rest.iter().fold(Double::ZERO, |sum, value| {
        let off = off(*value);
        sum + off * off
    });
    (total(&sums) + total(&lost) + rest).value()
}

/// The sum of lanes; what one addition of each error loses is all that it loses. Not inlined, or the compiler orders the
/// lanes of the loops for this.
#[inline(never)]
fn total(lanes: &[f64; LANES]) -> Double {
    let mut lanes = *lanes;
    let mut lost = 0.0;
    let mut width = LANES;
    while width > 1 {
        width /= 2;
        for lane in 0..width {
            let (sum, error) = two_sum(lanes[lane], lanes[lane + width]);
            lanes[lane] = sum;
            lost += error;
        }
    }
    Double::from(lanes[0]) + lost
}
