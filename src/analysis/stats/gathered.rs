//! What a loop over vectors of 32 bytes gathers, and its sums in 64-bit floats.

use std::arch::x86_64::*;

/// 32-bit floats of a vector.
pub(super) const LANES: usize = 8;

/// Vectors of a block, whose squares are added up plainly.
pub(super) const VECTORS: usize = 8;

/// What the loop gathers. With NaN or infinities among the values only the sums hold: they are not finite then.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gathered {
    pub least: f32,
    pub greatest: f32,
    /// The smallest but zero without its sign; 0 of nothing but zeros. Not of a careful look at 32-bit floats.
    pub smallest: f32,
    pub negatives: u64,
    pub zeros: u64,
    /// In each lane.
    pub sums: [f64; LANES],
    /// What the additions to the sums lost, of a careful look.
    pub lost: [f64; LANES],
    /// Four sums, and what the additions to each lost.
    pub squares: [f64; LANES],
}

/// The sums of values and of the squares of their deviations, in 64-bit floats.
pub(super) struct LaneSums {
    center: __m256d,
    /// Each with what was lost.
    low_sum: (__m256d, __m256d),
    high_sum: (__m256d, __m256d),
    squares: (__m256d, __m256d),
    /// Squares of the block.
    few: (__m256d, __m256d),
}

impl LaneSums {
    /// Of no values; deviations are those from `center`.
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    pub fn new(center: f64) -> Self {
        let none = (_mm256_setzero_pd(), _mm256_setzero_pd());
        Self { center: _mm256_set1_pd(center), low_sum: none, high_sum: none, squares: none, few: none }
    }

    /// Adds a vector of values. A careful addition keeps what it loses.
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    pub fn add<const CAREFUL: bool, const ABOUT_ZERO: bool>(&mut self, values: __m256) {
        let low_half = _mm256_cvtps_pd(_mm256_castps256_ps128(values));
        let high_half = _mm256_cvtps_pd(_mm256_extractf128_ps::<1>(values));
        if CAREFUL {
            self.low_sum = with_error(self.low_sum, low_half);
            self.high_sum = with_error(self.high_sum, high_half);
        } else {
            self.low_sum.0 = _mm256_add_pd(self.low_sum.0, low_half);
            self.high_sum.0 = _mm256_add_pd(self.high_sum.0, high_half);
        }
        let off = if ABOUT_ZERO { low_half } else { _mm256_sub_pd(low_half, self.center) };
        self.few.0 = _mm256_fmadd_pd(off, off, self.few.0);
        let off = if ABOUT_ZERO { high_half } else { _mm256_sub_pd(high_half, self.center) };
        self.few.1 = _mm256_fmadd_pd(off, off, self.few.1);
    }

    /// Adds the squares of the block to those of all.
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    pub fn end_block(&mut self) {
        self.squares = with_error(self.squares, _mm256_add_pd(self.few.0, self.few.1));
        self.few = (_mm256_setzero_pd(), _mm256_setzero_pd());
    }

    /// The sums, what they lost, and the squares: four sums and what they lost.
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    pub fn end(self) -> ([f64; LANES], [f64; LANES], [f64; LANES]) {
        let halves = |low: __m256d, high: __m256d| bytemuck::cast::<[__m256d; 2], [f64; LANES]>([low, high]);
        (
            halves(self.low_sum.0, self.high_sum.0),
            halves(self.low_sum.1, self.high_sum.1),
            halves(self.squares.0, self.squares.1),
        )
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
