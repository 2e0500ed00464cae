//! The loop that statistics of 32-bit floats are made of, in vectors of 32 bytes, on processors that have them.
//!
//! All in one loop: each value is loaded once, and the units of the processor that add, multiply and compare are busy at
//! the same time. They may be values of a file where it is mapped, see `bytes::raw`. From code in lanes the compiler makes several loops of it at best. `real` has these, and the same results.

#![expect(unsafe_code, reason = "calls code for instructions that were found to be there")]

use crate::bytes::raw::RawBlocks;
use std::arch::x86_64::*;

/// Values of a vector.
pub(super) const LANES: usize = 8;

/// Vectors of a block, whose squares are added up plainly.
pub(super) const VECTORS: usize = 8;

/// What the loop gathers in each lane.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gathered {
    pub least: [f32; LANES],
    pub greatest: [f32; LANES],
    /// The smallest but zero without its sign, as bits, which are in the same order, less 1; not of a careful look.
    pub smallest: [u32; LANES],
    pub negatives: [u32; LANES],
    pub zeros: [u32; LANES],
    pub sums: [f64; LANES],
    /// What the additions to the sums lost, of a careful look.
    pub lost: [f64; LANES],
    /// Four sums, and what the additions to each lost.
    pub squares: [f64; LANES],
}

/// What the vectors of a block are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Single,
    /// Two 32-bit floats are the high halves of a word and of the one below; which comes first does not matter here.
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
    // SAFETY: the processor was just asked for the features that the function is compiled for.
    Some(unsafe {
        match (kind, is_careful) {
            (Kind::Single, false) => gather_wide::<SINGLE, false>(blocks, center),
            (Kind::Single, true) => gather_wide::<SINGLE, true>(blocks, center),
            (Kind::Brain, false) => gather_wide::<BRAIN, false>(blocks, center),
            (Kind::Brain, true) => gather_wide::<BRAIN, true>(blocks, center),
            (Kind::Half, false) => gather_wide::<HALF, false>(blocks, center),
            (Kind::Half, true) => gather_wide::<HALF, true>(blocks, center),
        }
    })
}

const SINGLE: u8 = 0;
const BRAIN: u8 = 1;
const HALF: u8 = 2;

#[target_feature(enable = "avx2,fma,f16c")]
fn gather_wide<const KIND: u8, const CAREFUL: bool>(blocks: RawBlocks<'_, VECTORS>, center: f64) -> Gathered {
    let mut lanes = Lanes::new(center);
    for block in blocks {
        for number in 0..VECTORS {
            let loaded = block.load(number);
            if KIND == SINGLE {
                lanes.add::<CAREFUL>(_mm256_castsi256_ps(loaded));
            } else if KIND == BRAIN {
                lanes.add::<CAREFUL>(_mm256_castsi256_ps(_mm256_slli_epi32::<16>(loaded)));
                let high = _mm256_set1_epi32(i32::MIN >> 15);
                lanes.add::<CAREFUL>(_mm256_castsi256_ps(_mm256_and_si256(loaded, high)));
            } else {
                lanes.add::<CAREFUL>(_mm256_cvtph_ps(_mm256_castsi256_si128(loaded)));
                lanes.add::<CAREFUL>(_mm256_cvtph_ps(_mm256_extracti128_si256::<1>(loaded)));
            }
        }
        lanes.end_block();
    }
    lanes.gathered()
}

/// What is gathered so far.
struct Lanes {
    center: __m256d,
    least: __m256,
    greatest: __m256,
    smallest: __m256i,
    signs: __m256i,
    zeros: __m256i,
    /// Each with what was lost.
    low_sum: (__m256d, __m256d),
    high_sum: (__m256d, __m256d),
    squares: (__m256d, __m256d),
    /// Squares of the block.
    few: (__m256d, __m256d),
}

impl Lanes {
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn new(center: f64) -> Self {
        let none = (_mm256_setzero_pd(), _mm256_setzero_pd());
        Self {
            center: _mm256_set1_pd(center),
            least: _mm256_set1_ps(f32::INFINITY),
            greatest: _mm256_set1_ps(f32::NEG_INFINITY),
            smallest: _mm256_set1_epi32(-1),
            signs: _mm256_setzero_si256(),
            zeros: _mm256_setzero_si256(),
            low_sum: none,
            high_sum: none,
            squares: none,
            few: none,
        }
    }

    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn add<const CAREFUL: bool>(&mut self, values: __m256) {
        // Of a NaN and a number both keep the number, which comes second.
        self.least = _mm256_min_ps(values, self.least);
        self.greatest = _mm256_max_ps(values, self.greatest);
        let zero = _mm256_setzero_ps();
        let is_zero = _mm256_castps_si256(_mm256_cmp_ps::<_CMP_EQ_OQ>(values, zero));
        let is_below = _mm256_castps_si256(_mm256_cmp_ps::<_CMP_LT_OQ>(values, zero));
        self.zeros = _mm256_sub_epi32(self.zeros, is_zero);
        self.signs = _mm256_sub_epi32(self.signs, is_below);
        let low_half = _mm256_cvtps_pd(_mm256_castps256_ps128(values));
        let high_half = _mm256_cvtps_pd(_mm256_extractf128_ps::<1>(values));
        if CAREFUL {
            self.low_sum = with_error(self.low_sum, low_half);
            self.high_sum = with_error(self.high_sum, high_half);
        } else {
            // Zero becomes the largest of all.
            let size = _mm256_and_si256(_mm256_castps_si256(values), _mm256_set1_epi32(i32::MAX));
            self.smallest = _mm256_min_epu32(self.smallest, _mm256_sub_epi32(size, _mm256_set1_epi32(1)));
            self.low_sum.0 = _mm256_add_pd(self.low_sum.0, low_half);
            self.high_sum.0 = _mm256_add_pd(self.high_sum.0, high_half);
        }
        let off = _mm256_sub_pd(low_half, self.center);
        self.few.0 = _mm256_fmadd_pd(off, off, self.few.0);
        let off = _mm256_sub_pd(high_half, self.center);
        self.few.1 = _mm256_fmadd_pd(off, off, self.few.1);
    }

    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn end_block(&mut self) {
        self.squares = with_error(self.squares, _mm256_add_pd(self.few.0, self.few.1));
        self.few = (_mm256_setzero_pd(), _mm256_setzero_pd());
    }

    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn gathered(self) -> Gathered {
        let halves = |low: __m256d, high: __m256d| bytemuck::cast::<[__m256d; 2], [f64; LANES]>([low, high]);
        Gathered {
            least: bytemuck::cast(self.least),
            greatest: bytemuck::cast(self.greatest),
            smallest: bytemuck::cast::<__m256i, _>(self.smallest),
            negatives: bytemuck::cast::<__m256i, _>(self.signs),
            zeros: bytemuck::cast::<__m256i, _>(self.zeros),
            sums: halves(self.low_sum.0, self.high_sum.0),
            lost: halves(self.low_sum.1, self.high_sum.1),
            squares: halves(self.squares.0, self.squares.1),
        }
    }
}

/// The sum, and what all additions to it lost.
#[target_feature(enable = "avx2,fma")]
fn with_error((sum, lost): (__m256d, __m256d), value: __m256d) -> (__m256d, __m256d) {
    let new = _mm256_add_pd(sum, value);
    let of_value = _mm256_sub_pd(new, sum);
    let of_sum = _mm256_sub_pd(sum, _mm256_sub_pd(new, of_value));
    let error = _mm256_add_pd(of_sum, _mm256_sub_pd(value, of_value));
    (new, _mm256_add_pd(lost, error))
}
