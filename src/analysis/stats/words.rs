//! The loop that statistics of 16-bit floats are made of, in vectors of 32 bytes.
//!
//! Counts and extremes are taken of the bits, sixteen values at a time: without their signs they are in the same order as
//! the values. Only the sums need wider floats. A comparison of 32-bit floats would take twice as many steps.

use super::gathered::{Gathered, LaneSums, VECTORS};
use crate::bytes::raw::RawBlocks;
use std::arch::x86_64::*;

/// The bit of the sign.
const SIGN: u16 = 1 << 15;

/// Values of a vector.
const WORDS: usize = 16;

/// What blocks show: half floats, or bfloat16. With `ABOUT_ZERO` the center is zero, and nothing is subtracted.
#[target_feature(enable = "avx2,fma,f16c")]
pub(super) fn gather<const CAREFUL: bool, const ABOUT_ZERO: bool>(
    blocks: RawBlocks<'_, VECTORS>,
    is_half: bool,
    center: f64,
) -> Gathered {
    if is_half {
        gather_words::<true, CAREFUL, ABOUT_ZERO>(blocks, center)
    } else {
        gather_words::<false, CAREFUL, ABOUT_ZERO>(blocks, center)
    }
}

#[target_feature(enable = "avx2,fma,f16c")]
fn gather_words<const HALF: bool, const CAREFUL: bool, const ABOUT_ZERO: bool>(
    blocks: RawBlocks<'_, VECTORS>,
    center: f64,
) -> Gathered {
    let (mut bits, mut sums) = (WordLanes::new(), LaneSums::new(center));
    for block in blocks {
        for number in 0..VECTORS {
            let loaded = block.load(number);
            bits.add(loaded);
            if HALF {
                sums.add::<CAREFUL, ABOUT_ZERO>(_mm256_cvtph_ps(_mm256_castsi256_si128(loaded)));
                sums.add::<CAREFUL, ABOUT_ZERO>(_mm256_cvtph_ps(_mm256_extracti128_si256::<1>(loaded)));
            } else {
                // Two 32-bit floats are the high halves of a word and of the one below; the order does not matter.
                sums.add::<CAREFUL, ABOUT_ZERO>(_mm256_castsi256_ps(_mm256_slli_epi32::<16>(loaded)));
                let high = _mm256_set1_epi32(i32::MIN >> 15);
                sums.add::<CAREFUL, ABOUT_ZERO>(_mm256_castsi256_ps(_mm256_and_si256(loaded, high)));
            }
        }
        sums.end_block();
    }
    let (sums, lost, squares) = sums.end();
    let of_code = |code: u16| {
        if HALF { half::f16::from_bits(code).to_f32() } else { half::bf16::from_bits(code).to_f32() }
    };
    let seen = bits.seen();
    Gathered {
        least: of_code(seen.least),
        greatest: of_code(seen.greatest),
        smallest: of_code(seen.smallest),
        negatives: seen.negatives,
        zeros: seen.zeros,
        sums,
        lost,
        squares,
    }
}

/// What the bits of all values show, as codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct WordsSeen {
    least: u16,
    greatest: u16,
    /// But zero, without its sign; 0 of nothing but zeros.
    smallest: u16,
    negatives: u64,
    zeros: u64,
}

/// What the bits show so far, in each lane. A lane counts up to 65,535.
struct WordLanes {
    /// As integers with a sign: the greatest value, unless all are negative.
    highest: __m256i,
    /// As integers without a sign: the least value, unless none is negative.
    lowest: __m256i,
    /// Without the sign, less 1; zero becomes the largest of all.
    smallest: __m256i,
    negatives: __m256i,
    zeros: __m256i,
}

impl WordLanes {
    #[target_feature(enable = "avx2")]
    #[inline]
    fn new() -> Self {
        Self {
            highest: _mm256_set1_epi16(i16::MIN),
            lowest: _mm256_setzero_si256(),
            smallest: _mm256_set1_epi16(i16::MAX),
            negatives: _mm256_setzero_si256(),
            zeros: _mm256_setzero_si256(),
        }
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn add(&mut self, words: __m256i) {
        self.highest = _mm256_max_epi16(self.highest, words);
        self.lowest = _mm256_max_epu16(self.lowest, words);
        let most = _mm256_set1_epi16(i16::MAX);
        let less_one = _mm256_and_si256(_mm256_add_epi16(words, _mm256_set1_epi16(-1)), most);
        self.smallest = _mm256_min_epi16(self.smallest, less_one);
        let is_zero = _mm256_cmpeq_epi16(less_one, most);
        let has_sign = _mm256_cmpgt_epi16(_mm256_setzero_si256(), words);
        self.zeros = _mm256_sub_epi16(self.zeros, is_zero);
        self.negatives = _mm256_sub_epi16(self.negatives, _mm256_andnot_si256(is_zero, has_sign));
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn seen(&self) -> WordsSeen {
        let words = |lanes: __m256i| bytemuck::cast::<__m256i, [u16; WORDS]>(lanes).into_iter();
        let count = |lanes: __m256i| words(lanes).map(u64::from).sum::<u64>();
        let (negatives, zeros) = (count(self.negatives), count(self.zeros));
        let highest = words(self.highest).map(u16::cast_signed).fold(i16::MIN, i16::max);
        let lowest = words(self.lowest).fold(0, u16::max);
        let less_one = words(self.smallest).fold(i16::MAX.cast_unsigned(), u16::min);
        let smallest = (less_one + 1) & !SIGN;
        let nearest = if zeros > 0 { 0 } else { smallest };
        WordsSeen {
            least: if lowest >= SIGN { lowest } else { nearest },
            greatest: if highest >= 0 { highest.cast_unsigned() } else { nearest | SIGN },
            smallest,
            negatives,
            zeros,
        }
    }
}
