//! The search for candidates with vectors of 32 bytes, for processors that have them.

use super::{ByteColumn, MOST_PROBES, Probes};
use std::arch::asm;
use std::arch::x86_64::{
    __m256i, _mm256_and_si256, _mm256_cmpeq_epi8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8,
    _mm256_setzero_si256,
};

/// Bytes of a vector.
const VECTOR: usize = 32;
/// Places that are compared between two branches.
const BLOCK: usize = 4 * VECTOR;

/// A column whose values fill a vector each.
#[derive(Clone, Copy)]
struct Splat<const VALUES: usize> {
    at: usize,
    values: [__m256i; VALUES],
}

/// The first candidate in `from..to`, or the place up to which there is none: less than a block before `to`.
///
/// # Safety
/// `start` is mapped as far as the columns reach from places below `to`.
#[target_feature(enable = "avx2")]
pub(super) unsafe fn find(start: *const u8, probes: &Probes, from: usize, to: usize) -> Result<usize, usize> {
    // SAFETY: the caller's promise, for each of these.
    unsafe {
        match (probes.any.len(), probes.most) {
            (1, 1) => find_any::<1, 1>(start, probes, from, to),
            (1, 2) => find_any::<1, 2>(start, probes, from, to),
            (1, _) => find_any::<1, 4>(start, probes, from, to),
            (2, 1) => find_any::<2, 1>(start, probes, from, to),
            (2, 2) => find_any::<2, 2>(start, probes, from, to),
            (_, 1) => find_any::<MOST_PROBES, 1>(start, probes, from, to),
            (_, 2) => find_any::<MOST_PROBES, 2>(start, probes, from, to),
            (_, _) => find_any::<MOST_PROBES, 4>(start, probes, from, to),
        }
    }
}

/// # Safety
/// As of [`find`].
#[target_feature(enable = "avx2")]
unsafe fn find_any<const PROBES: usize, const VALUES: usize>(
    start: *const u8,
    probes: &Probes,
    from: usize,
    to: usize,
) -> Result<usize, usize> {
    let none = Splat { at: 0, values: [_mm256_setzero_si256(); VALUES] };
    let mut pairs = [[none; 2]; PROBES];
    for (n, pair) in pairs.iter_mut().enumerate() {
        // Fewer are filled up with the last.
        let [first, second] = &probes.any[n.min(probes.any.len() - 1)];
        *pair = [splat(first), splat(second)];
    }
    let mut at = from;
    while at + BLOCK <= to {
        let mut found = [_mm256_setzero_si256(); BLOCK / VECTOR];
        for (n, found) in found.iter_mut().enumerate() {
            // SAFETY: the vector's places lie below `to`, by the condition of the loop.
            *found = unsafe { candidates(start.add(at + n * VECTOR), &pairs) };
        }
        let any = _mm256_or_si256(_mm256_or_si256(found[0], found[1]), _mm256_or_si256(found[2], found[3]));
        if _mm256_movemask_epi8(any) != 0 {
            for (n, found) in found.into_iter().enumerate() {
                let mask = _mm256_movemask_epi8(found).cast_unsigned();
                if mask != 0 {
                    return Ok(at + n * VECTOR + mask.trailing_zeros() as usize);
                }
            }
        }
        at += BLOCK;
    }
    Err(at)
}

#[target_feature(enable = "avx2")]
#[inline]
fn splat<const VALUES: usize>(column: &ByteColumn) -> Splat<VALUES> {
    let mut values = [_mm256_setzero_si256(); VALUES];
    for (vector, value) in values.iter_mut().zip(column.values) {
        *vector = _mm256_set1_epi8(value.cast_signed());
    }
    Splat { at: column.at, values }
}

/// All bits of each place where a pair fits.
///
/// # Safety
/// `start` is mapped as far as the columns reach from the places of a vector.
#[target_feature(enable = "avx2")]
#[inline]
unsafe fn candidates<const PROBES: usize, const VALUES: usize>(
    start: *const u8,
    pairs: &[[Splat<VALUES>; 2]; PROBES],
) -> __m256i {
    let mut any = _mm256_setzero_si256();
    for [first, second] in pairs {
        // SAFETY: the caller's promise.
        let (first, second) = unsafe { (equal(start, first), equal(start, second)) };
        any = _mm256_or_si256(any, _mm256_and_si256(first, second));
    }
    any
}

/// All bits of each place where the column fits. Reads each byte once.
///
/// # Safety
/// As of [`candidates`].
#[target_feature(enable = "avx2")]
#[inline]
unsafe fn equal<const VALUES: usize>(start: *const u8, column: &Splat<VALUES>) -> __m256i {
    let bytes: __m256i;
    // SAFETY: reads 32 mapped bytes at any alignment. The block is not `pure`: what it reads may change.
    unsafe {
        asm!(
            "vmovdqu {bytes}, [{at}]",
            bytes = lateout(ymm_reg) bytes,
            at = in(reg) start.add(column.at),
            options(readonly, nostack, preserves_flags)
        );
    }
    let mut any = _mm256_cmpeq_epi8(bytes, column.values[0]);
    for value in &column.values[1..] {
        any = _mm256_or_si256(any, _mm256_cmpeq_epi8(bytes, *value));
    }
    any
}
