//! The loop that statistics of 32-bit floats are made of, in vectors of 32 bytes, on processors that have them.
//!
//! All in one loop: each value is loaded once, and the units of the processor that add, multiply and compare are busy at
//! the same time. From code in lanes the compiler makes several loops of it at best. `real` has these, and the same results.

#![expect(unsafe_code, reason = "calls code for instructions that were found to be there")]

use std::arch::x86_64::{
    __m256, __m256d, __m256i, _mm256_add_epi32, _mm256_add_pd, _mm256_and_si256, _mm256_castps_si256,
    _mm256_castps256_ps128, _mm256_cvtps_pd, _mm256_extractf128_ps, _mm256_fmadd_pd, _mm256_max_ps,
    _mm256_min_epu32, _mm256_min_ps, _mm256_set1_epi32, _mm256_set1_pd, _mm256_set1_ps, _mm256_setzero_pd,
    _mm256_setzero_si256, _mm256_srli_epi32, _mm256_sub_pd,
};

/// Values of a vector.
pub(super) const LANES: usize = 8;

/// Vectors whose squares are added up plainly.
const PLAIN: usize = 8;

/// What the loop gathers in each lane.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gathered {
    pub least: [f32; LANES],
    pub greatest: [f32; LANES],
    /// The smallest without its sign, as bits, which are in the same order.
    pub smallest: [u32; LANES],
    pub signs: [u32; LANES],
    pub sums: [f64; LANES],
    /// Four sums, and what the additions to each lost.
    pub squares: [f64; LANES],
}

/// What complete vectors of a block show, squares about `center`; `None` where the processor has no such vectors.
pub(super) fn gather(block: &[[f32; LANES]], center: f64) -> Option<Gathered> {
    if !is_x86_feature_detected!("avx2") || !is_x86_feature_detected!("fma") {
        return None;
    }
    // SAFETY: the processor was just asked for both features that the function is compiled for.
    Some(unsafe { gather_wide(block, center) })
}

#[target_feature(enable = "avx2,fma")]
fn gather_wide(block: &[[f32; LANES]], center: f64) -> Gathered {
    let center = _mm256_set1_pd(center);
    let sizes = _mm256_set1_epi32(i32::MAX);
    let (mut least, mut greatest) = (_mm256_set1_ps(f32::INFINITY), _mm256_set1_ps(f32::NEG_INFINITY));
    let (mut smallest, mut signs) = (_mm256_set1_epi32(-1), _mm256_setzero_si256());
    let zero = _mm256_setzero_pd();
    let (mut low_sum, mut high_sum) = (zero, zero);
    let mut squares = (zero, zero);
    for run in block.chunks(PLAIN) {
        let (mut low_few, mut high_few) = (zero, zero);
        for values in run {
            let values: __m256 = bytemuck::cast(*values);
            // Of a NaN and a number both keep the number, which comes second.
            least = _mm256_min_ps(values, least);
            greatest = _mm256_max_ps(values, greatest);
            let bits = _mm256_castps_si256(values);
            smallest = _mm256_min_epu32(smallest, _mm256_and_si256(bits, sizes));
            signs = _mm256_add_epi32(signs, _mm256_srli_epi32::<31>(bits));
            let low_half = _mm256_cvtps_pd(_mm256_castps256_ps128(values));
            let high_half = _mm256_cvtps_pd(_mm256_extractf128_ps::<1>(values));
            low_sum = _mm256_add_pd(low_sum, low_half);
            high_sum = _mm256_add_pd(high_sum, high_half);
            let off = _mm256_sub_pd(low_half, center);
            low_few = _mm256_fmadd_pd(off, off, low_few);
            let off = _mm256_sub_pd(high_half, center);
            high_few = _mm256_fmadd_pd(off, off, high_few);
        }
        squares = with_error(squares, _mm256_add_pd(low_few, high_few));
    }
    let halves = |low: __m256d, high: __m256d| bytemuck::cast::<[__m256d; 2], [f64; LANES]>([low, high]);
    Gathered {
        least: bytemuck::cast(least),
        greatest: bytemuck::cast(greatest),
        smallest: bytemuck::cast::<__m256i, _>(smallest),
        signs: bytemuck::cast::<__m256i, _>(signs),
        sums: halves(low_sum, high_sum),
        squares: halves(squares.0, squares.1),
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
