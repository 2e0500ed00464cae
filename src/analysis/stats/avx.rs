//! The loop that statistics of 32-bit floats are made of, in vectors of 32 bytes, on processors that have them.
//!
//! All in one loop: each value is loaded once, and the units of the processor that add, multiply and compare are busy at
//! the same time. They may be values of a file where it is mapped, see `bytes::raw`. From code in lanes
//! the compiler makes several loops of it at best. `real` has these, and the same results. `words` has the loop of 16-bit
//! floats.

#![expect(unsafe_code, reason = "calls code for instructions that were found to be there")]

use super::gathered::{Gathered, LANES, LaneSums, VECTORS};
use super::words;
use crate::bytes::raw::RawBlocks;
use std::arch::x86_64::*;

/// What the vectors of a block are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Single,
    Brain,
    Half,
}

/// What blocks show, squares about `center`; `None` where the processor has no such vectors. A careful look adds up what
/// the sums lose: it takes half as long again.
pub(super) fn gather(
    blocks: RawBlocks<'_, VECTORS>,
    kind: Kind,
    center: f64,
    is_careful: bool,
) -> Option<Gathered> {
    if !is_x86_feature_detected!("avx2")
        || !is_x86_feature_detected!("fma")
        || !is_x86_feature_detected!("f16c")
    {
        return None;
    }
    let (is_half, is_plain) = (kind == Kind::Half, center == 0.0);
    // SAFETY: the processor was just asked for the features that the functions are compiled for.
    Some(unsafe {
        match (kind, is_careful, is_plain) {
            (Kind::Single, false, false) => gather_wide::<false, false>(blocks, center),
            (Kind::Single, false, true) => gather_wide::<false, true>(blocks, center),
            (Kind::Single, true, _) => gather_wide::<true, false>(blocks, center),
            (Kind::Brain | Kind::Half, true, _) => words::gather::<true, false>(blocks, is_half, center),
            (Kind::Brain | Kind::Half, false, false) => {
                words::gather::<false, false>(blocks, is_half, center)
            }
            (Kind::Brain | Kind::Half, false, true) => words::gather::<false, true>(blocks, is_half, center),
        }
    })
}

/// With `ABOUT_ZERO` the center is zero, and nothing is subtracted.
#[target_feature(enable = "avx2,fma")]
fn gather_wide<const CAREFUL: bool, const ABOUT_ZERO: bool>(
    blocks: RawBlocks<'_, VECTORS>,
    center: f64,
) -> Gathered {
    let mut lanes = Lanes::new(center);
    for block in blocks {
        for number in 0..VECTORS {
            lanes.add::<CAREFUL, ABOUT_ZERO>(_mm256_castsi256_ps(block.load(number)));
        }
        lanes.sums.end_block();
    }
    lanes.gathered()
}

/// What is gathered so far.
struct Lanes {
    least: __m256,
    greatest: __m256,
    smallest: __m256i,
    signs: __m256i,
    zeros: __m256i,
    sums: LaneSums,
}

impl Lanes {
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn new(center: f64) -> Self {
        Self {
            least: _mm256_set1_ps(f32::INFINITY),
            greatest: _mm256_set1_ps(f32::NEG_INFINITY),
            smallest: _mm256_set1_epi32(-1),
            signs: _mm256_setzero_si256(),
            zeros: _mm256_setzero_si256(),
            sums: LaneSums::new(center),
        }
    }

    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn add<const CAREFUL: bool, const ABOUT_ZERO: bool>(&mut self, values: __m256) {
        // Of a NaN and a number both keep the number, which comes second.
        self.least = _mm256_min_ps(values, self.least);
        self.greatest = _mm256_max_ps(values, self.greatest);
        let zero = _mm256_setzero_ps();
        let is_zero = _mm256_castps_si256(_mm256_cmp_ps::<_CMP_EQ_OQ>(values, zero));
        let is_below = _mm256_castps_si256(_mm256_cmp_ps::<_CMP_LT_OQ>(values, zero));
        self.zeros = _mm256_sub_epi32(self.zeros, is_zero);
        self.signs = _mm256_sub_epi32(self.signs, is_below);
        if !CAREFUL {
            // Zero becomes the largest of all.
            let size = _mm256_and_si256(_mm256_castps_si256(values), _mm256_set1_epi32(i32::MAX));
            self.smallest = _mm256_min_epu32(self.smallest, _mm256_sub_epi32(size, _mm256_set1_epi32(1)));
        }
        self.sums.add::<CAREFUL, ABOUT_ZERO>(values);
    }

    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn gathered(self) -> Gathered {
        let floats = |lanes: __m256| bytemuck::cast::<__m256, [f32; LANES]>(lanes);
        let words = |lanes: __m256i| bytemuck::cast::<__m256i, [u32; LANES]>(lanes);
        let lower = |least: f32, value: f32| if value < least { value } else { least };
        let higher = |greatest: f32, value: f32| if value > greatest { value } else { greatest };
        let smallest = words(self.smallest).into_iter().fold(u32::MAX, u32::min);
        let (sums, lost, squares) = self.sums.end();
        Gathered {
            least: floats(self.least).into_iter().fold(f32::INFINITY, lower),
            greatest: floats(self.greatest).into_iter().fold(f32::NEG_INFINITY, higher),
            smallest: f32::from_bits(smallest.wrapping_add(1)),
            negatives: words(self.signs).into_iter().map(u64::from).sum(),
            zeros: words(self.zeros).into_iter().map(u64::from).sum(),
            sums,
            lost,
            squares,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::RawBytes;
    use half::{bf16, f16};

    const COUNT: usize = 4096;
    const SIGN: u16 = 1 << 15;

    fn value(code: u16, kind: Kind) -> f32 {
        match kind {
            Kind::Half => f16::from_bits(code).to_f32(),
            Kind::Brain => bf16::from_bits(code).to_f32(),
            Kind::Single => panic!("takes two codes"),
        }
    }

    /// Least, greatest and smallest value, and how many are negative or zero.
    fn naive(codes: &[u16], kind: Kind) -> (f32, f32, f32, u64, u64) {
        let values = || codes.iter().map(|code| value(*code, kind));
        let smallest = values().map(f32::abs).filter(|size| *size > 0.0).fold(f32::INFINITY, f32::min);
        (
            values().fold(f32::INFINITY, f32::min),
            values().fold(f32::NEG_INFINITY, f32::max),
            if smallest == f32::INFINITY { 0.0 } else { smallest },
            values().filter(|value| *value < 0.0).count() as u64,
            values().filter(|value| *value == 0.0).count() as u64,
        )
    }

    fn check(codes: &[u16], kind: Kind, center: f64, is_careful: bool) {
        let bytes: Vec<u8> = codes.iter().flat_map(|code| code.to_le_bytes()).collect();
        let raw = RawBytes::of(&bytes);
        let blocks = raw.blocks(0, bytes.len()).expect("whole blocks");
        let Some(found) = gather(blocks, kind, center, is_careful) else {
            let has_all = is_x86_feature_detected!("avx2")
                && is_x86_feature_detected!("fma")
                && is_x86_feature_detected!("f16c");
            assert!(!has_all, "nothing was gathered");
            return;
        };
        let Gathered { least, greatest, smallest, negatives, zeros, .. } = found;
        assert_eq!((least, greatest, smallest, negatives, zeros), naive(codes, kind), "{kind:?}");
        let values = || codes.iter().map(|code| f64::from(value(*code, kind)));
        assert_eq!(found.sums.iter().chain(&found.lost).sum::<f64>(), values().sum::<f64>());
        let squares: f64 = values().map(|value| (value - center).powi(2)).sum();
        let found: f64 = found.squares.iter().sum();
        assert!((found - squares).abs() <= squares * 1e-13, "{found} for {squares}");
    }

    #[test]
    fn bits_of_16_bit_floats_show_what_the_values_are() {
        for kind in [Kind::Half, Kind::Brain] {
            check_kind(kind);
        }
    }

    fn check_kind(kind: Kind) {
        let mut rng = fastrand::Rng::with_seed(6);
        // All values that are finite, some of them zeros of either sign; without zeros; only of one sign; only zeros.
        for round in 0..40 {
            let mask = [0xffff, 0x7fff, 0xffff, 0xffff, 0x8000][round % 5];
            let marks = [0, 0, SIGN, 0, SIGN][round % 5];
            let codes: Vec<u16> = (0..COUNT)
                .map(|_| {
                    let finite = match kind {
                        // Sizes whose sums are exact in 64 bits.
                        Kind::Brain => rng.u16(..) & 0x807f | (rng.u16(112..143) << 7),
                        Kind::Half | Kind::Single => rng.u16(..) & 0x83ff | (rng.u16(0..31) << 10),
                    };
                    let code = if round % 5 == 3 && rng.u8(..) < 99 { finite & SIGN } else { finite };
                    code & mask | if round % 10 == 4 { 0 } else { marks }
                })
                .collect();
            for (center, is_careful) in [(0.0, false), (1.5, false), (1.5, true)] {
                check(&codes, kind, center, is_careful);
            }
        }
        for code in [0, SIGN, SIGN | 1, 1, 0x7bff] {
            check(&[code; COUNT], kind, 0.0, false);
        }
    }
}
