//! Bands of mapped elements: from vectors that are compared as they are loaded to bits, on processors with AVX2.
//!
//! Each value is loaded once, so what it is compared with does not depend on whether another program changes it meanwhile.
//! Integers with and without a sign take the same loops: a value is in a range if it is not farther above the range's
//! low end, modulo the width of the type, than the high end is. 16-bit floats are compared as integers in the same order.

#![cfg(target_arch = "x86_64")]
#![expect(unsafe_code, reason = "calls code for instructions that were found to be there")]

use super::band::{Band, Ends, Padded, padded};
use crate::analysis::elements::{MappedForm, MappedTile, TileKind};
use crate::bytes::raw::RawBlocks;
use half::{bf16, f16};
use std::arch::x86_64::*;

/// Elements of a word of bits.
const WORD: usize = 64;

impl Band {
    /// As [`Self::bits`], of mapped elements: of how many from the first one on; of none where there is no such loop.
    pub(in crate::compute) fn look(
        &self,
        elements: &MappedTile<'_>,
        take: &mut impl FnMut(usize, u64),
    ) -> usize {
        match (elements.form, &self.ends) {
            (MappedForm::Plain(TileKind::F32), Ends::Single(ranges)) => self.look_at(elements, ranges, take),
            (MappedForm::Plain(TileKind::F64), Ends::Double(ranges)) => self.look_at(elements, ranges, take),
            (MappedForm::Half, Ends::Single(ranges)) => {
                let value = |bits: u16| f16::from_bits(bits).to_f32();
                self.look_at(elements, &keys(ranges, f16::INFINITY.to_bits(), value), take)
            }
            (MappedForm::Brain, Ends::Single(ranges)) => {
                let value = |bits: u16| bf16::from_bits(bits).to_f32();
                self.look_at(elements, &keys(ranges, bf16::INFINITY.to_bits(), value), take)
            }
            (MappedForm::Plain(kind), Ends::Whole(ranges)) => {
                self.look_at_wholes(kind, elements, ranges, take)
            }
            _ => 0,
        }
    }

    fn look_at_wholes(
        &self,
        kind: TileKind,
        elements: &MappedTile<'_>,
        ranges: &[[i128; 2]],
        take: &mut impl FnMut(usize, u64),
    ) -> usize {
        macro_rules! of {
            ($type:ident) => {{
                let inside = |[low, high]: &[i128; 2]| {
                    let low = (*low).max($type::MIN.into());
                    let high = (*high).min($type::MAX.into());
                    (low <= high).then_some([low as $type as _, high as $type as _])
                };
                ranges.iter().filter_map(inside).collect::<Vec<[_; 2]>>()
            }};
        }
        match kind {
            TileKind::U8 => self.look_at::<u8>(elements, &of!(u8), take),
            TileKind::I8 => self.look_at::<u8>(elements, &of!(i8), take),
            TileKind::U16 => self.look_at::<u16>(elements, &of!(u16), take),
            TileKind::I16 => self.look_at::<u16>(elements, &of!(i16), take),
            TileKind::U32 => self.look_at::<u32>(elements, &of!(u32), take),
            TileKind::I32 => self.look_at::<u32>(elements, &of!(i32), take),
            TileKind::U64 => self.look_at::<u64>(elements, &of!(u64), take),
            TileKind::I64 => self.look_at::<u64>(elements, &of!(i64), take),
            TileKind::F32 | TileKind::F64 | TileKind::Numbers | TileKind::Raw => 0,
        }
    }

    fn look_at<T: Look>(
        &self,
        elements: &MappedTile<'_>,
        ranges: &[[T; 2]],
        take: &mut impl FnMut(usize, u64),
    ) -> usize {
        let how = How { is_outside: self.is_outside, is_swapped: elements.is_swapped };
        let is_done = match padded(ranges) {
            Padded::None => T::look::<0>(elements, [], how, take),
            Padded::One(ranges) => T::look(elements, ranges, how, take),
            Padded::Two(ranges) => T::look(elements, ranges, how, take),
            Padded::Four(ranges) => T::look(elements, ranges, how, take),
        };
        if is_done { elements.count / WORD * WORD } else { 0 }
    }
}

/// How vectors are compared besides their ranges.
#[derive(Clone, Copy)]
struct How {
    is_outside: bool,
    is_swapped: bool,
}

/// A 16-bit float as an integer with a sign, in the same order; back again it is the same.
fn key(bits: u16) -> u16 {
    let sign = bits.cast_signed() >> 15;
    bits ^ (sign.cast_unsigned() & 0x7fff)
}

/// A 16-bit float as the integer that it is compared as.
#[derive(Clone, Copy)]
struct Key(u16);

/// The keys of the 16-bit floats in the ranges; a zero in one of them brings both.
fn keys(ranges: &[[f32; 2]], infinity: u16, value: impl Fn(u16) -> f32) -> Vec<[Key; 2]> {
    // The first key from the least one on that is so, and then all others.
    let first = |is_so: &dyn Fn(f32) -> bool| {
        let (mut low, mut high) = (-i32::from(infinity) - 1, i32::from(infinity) + 1);
        while low < high {
            let middle = (low + high).div_euclid(2);
            if is_so(value(key(middle as u16))) { high = middle } else { low = middle + 1 }
        }
        low
    };
    let inside = |[low, high]: &[f32; 2]| {
        let (from, to) = (first(&|value| value >= *low), first(&|value| value > *high) - 1);
        (from <= to).then_some([Key(from as u16), Key(to as u16)])
    };
    ranges.iter().filter_map(inside).collect()
}

/// A type with a loop over mapped elements.
trait Look: Copy {
    /// Gives `take` bits, if the processor has the vectors.
    fn look<const RANGES: usize>(
        elements: &MappedTile<'_>,
        ranges: [[Self; 2]; RANGES],
        how: How,
        take: &mut impl FnMut(usize, u64),
    ) -> bool;
}

/// A loop for a type: how many vectors have 64 elements, how the bytes of one are turned round, how a range becomes two
/// vectors, which elements are in it, and how the vectors of 64 elements become bits.
macro_rules! look {
    ($type:ty, $name:ident, $vectors:literal, $turned:expr, $load:ident, $ends:ident, $inside:ident, $bits:ident) => {
        impl Look for $type {
            fn look<const RANGES: usize>(
                elements: &MappedTile<'_>,
                ranges: [[Self; 2]; RANGES],
                how: How,
                take: &mut impl FnMut(usize, u64),
            ) -> bool {
                let to = elements.from + elements.count * size_of::<Self>();
                let Some(blocks) = elements.raw.blocks::<$vectors>(elements.from, to) else { return false };
                if !is_x86_feature_detected!("popcnt") || !is_x86_feature_detected!("bmi1") {
                    return false;
                }
                // SAFETY: there are blocks only where the processor has AVX2, and it was just asked for the others.
                unsafe {
                    if how.is_swapped {
                        $name::<RANGES, true>(blocks, ranges, how.is_outside, take);
                    } else {
                        $name::<RANGES, false>(blocks, ranges, how.is_outside, take);
                    }
                }
                true
            }
        }

        #[target_feature(enable = "avx2,popcnt,bmi1")]
        fn $name<const RANGES: usize, const SWAPPED: bool>(
            blocks: RawBlocks<'_, $vectors>,
            ranges: [[$type; 2]; RANGES],
            is_outside: bool,
            take: &mut impl FnMut(usize, u64),
        ) {
            let mut ends = [[_mm256_setzero_si256(); 2]; RANGES];
            for (ends, [low, high]) in ends.iter_mut().zip(ranges) {
                *ends = $ends(low, high);
            }
            let turned: [i8; 16] = $turned;
            let turned = _mm256_broadcastsi128_si256(bytemuck::cast(turned));
            let flip = if is_outside { u64::MAX } else { 0 };
            for (number, block) in blocks.enumerate() {
                let mut found = [_mm256_setzero_si256(); $vectors];
                for (at, found) in found.iter_mut().enumerate() {
                    let mut values = block.load(at);
                    if SWAPPED {
                        values = _mm256_shuffle_epi8(values, turned);
                    }
                    let values = $load(values);
                    for [low, high] in ends {
                        *found = _mm256_or_si256(*found, $inside(values, low, high));
                    }
                }
                let bits = $bits(&found) ^ flip;
                if bits != 0 {
                    take(WORD * number, bits);
                }
            }
        }
    };
}

look!(u8, look_8, 2, turned::<1>(), same, ends_8, inside_8, bits_8);
look!(u16, look_16, 4, turned::<2>(), same, ends_16, inside_16, bits_16);
look!(Key, look_keys, 4, turned::<2>(), keyed, ends_keys, inside_16, bits_16);
look!(u32, look_32, 8, turned::<4>(), same, ends_32, inside_32, bits_32);
look!(f32, look_single, 8, turned::<4>(), same, ends_single, inside_single, bits_32);
look!(u64, look_64, 16, turned::<8>(), same, ends_64, inside_64, bits_64);
look!(f64, look_double, 16, turned::<8>(), same, ends_double, inside_double, bits_64);

/// Where each byte of half a vector comes from when the bytes of numbers are turned round.
const fn turned<const SIZE: usize>() -> [i8; 16] {
    let mut from = [0; 16];
    let mut at = 0;
    while at < 16 {
        from[at] = (at / SIZE * SIZE + SIZE - 1 - at % SIZE) as i8;
        at += 1;
    }
    from
}

#[target_feature(enable = "avx2")]
#[inline]
fn same(values: __m256i) -> __m256i {
    values
}

#[target_feature(enable = "avx2")]
#[inline]
fn keyed(values: __m256i) -> __m256i {
    let signs = _mm256_srai_epi16::<15>(values);
    _mm256_xor_si256(values, _mm256_and_si256(signs, _mm256_set1_epi16(i16::MAX)))
}

/// For integers: the low end, and how far the high end is above it.
macro_rules! ends {
    ($($name:ident $type:ty, $splat:ident;)*) => {$(
        #[target_feature(enable = "avx2")]
        #[inline]
        fn $name(low: $type, high: $type) -> [__m256i; 2] {
            [$splat(low.cast_signed()), $splat(high.wrapping_sub(low).cast_signed())]
        }
    )*};
}
ends! {
    ends_8 u8, _mm256_set1_epi8;
    ends_16 u16, _mm256_set1_epi16;
    ends_32 u32, _mm256_set1_epi32;
    ends_64 u64, _mm256_set1_epi64x;
}

#[target_feature(enable = "avx2")]
#[inline]
fn ends_keys(low: Key, high: Key) -> [__m256i; 2] {
    ends_16(low.0, high.0)
}

#[target_feature(enable = "avx2")]
#[inline]
fn ends_single(low: f32, high: f32) -> [__m256i; 2] {
    [_mm256_castps_si256(_mm256_set1_ps(low)), _mm256_castps_si256(_mm256_set1_ps(high))]
}

#[target_feature(enable = "avx2")]
#[inline]
fn ends_double(low: f64, high: f64) -> [__m256i; 2] {
    [_mm256_castpd_si256(_mm256_set1_pd(low)), _mm256_castpd_si256(_mm256_set1_pd(high))]
}

/// All bits of each value that is not farther above the low end than the high end is.
macro_rules! inside {
    ($($name:ident $subtract:ident $smaller:ident $equal:ident;)*) => {$(
        #[target_feature(enable = "avx2")]
        #[inline]
        fn $name(values: __m256i, low: __m256i, reach: __m256i) -> __m256i {
            let above = $subtract(values, low);
            $equal($smaller(above, reach), above)
        }
    )*};
}
inside! {
    inside_8 _mm256_sub_epi8 _mm256_min_epu8 _mm256_cmpeq_epi8;
    inside_16 _mm256_sub_epi16 _mm256_min_epu16 _mm256_cmpeq_epi16;
    inside_32 _mm256_sub_epi32 _mm256_min_epu32 _mm256_cmpeq_epi32;
}

#[target_feature(enable = "avx2")]
#[inline]
fn inside_64(values: __m256i, low: __m256i, reach: __m256i) -> __m256i {
    // There is only a comparison of integers with a sign.
    let least = _mm256_set1_epi64x(i64::MIN);
    let above = _mm256_xor_si256(_mm256_sub_epi64(values, low), least);
    let beyond = _mm256_cmpgt_epi64(above, _mm256_xor_si256(reach, least));
    _mm256_xor_si256(beyond, _mm256_set1_epi64x(-1))
}

#[target_feature(enable = "avx2")]
#[inline]
fn inside_single(values: __m256i, low: __m256i, high: __m256i) -> __m256i {
    let (values, low, high) =
        (_mm256_castsi256_ps(values), _mm256_castsi256_ps(low), _mm256_castsi256_ps(high));
    let above = _mm256_cmp_ps::<_CMP_GE_OQ>(values, low);
    _mm256_castps_si256(_mm256_and_ps(above, _mm256_cmp_ps::<_CMP_LE_OQ>(values, high)))
}

#[target_feature(enable = "avx2")]
#[inline]
fn inside_double(values: __m256i, low: __m256i, high: __m256i) -> __m256i {
    let (values, low, high) =
        (_mm256_castsi256_pd(values), _mm256_castsi256_pd(low), _mm256_castsi256_pd(high));
    let above = _mm256_cmp_pd::<_CMP_GE_OQ>(values, low);
    _mm256_castpd_si256(_mm256_and_pd(above, _mm256_cmp_pd::<_CMP_LE_OQ>(values, high)))
}

#[target_feature(enable = "avx2")]
#[inline]
fn mask_8(found: __m256i) -> u64 {
    _mm256_movemask_epi8(found).cast_unsigned().into()
}

#[target_feature(enable = "avx2")]
#[inline]
fn bits_8(found: &[__m256i; 2]) -> u64 {
    mask_8(found[0]) | mask_8(found[1]) << 32
}

#[target_feature(enable = "avx2")]
#[inline]
fn bits_16(found: &[__m256i; 4]) -> u64 {
    // Two vectors become one, half by half, and the halves come into order.
    let low = _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_packs_epi16(found[0], found[1]));
    let high = _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_packs_epi16(found[2], found[3]));
    bits_8(&[low, high])
}

#[target_feature(enable = "avx2")]
#[inline]
fn bits_32(found: &[__m256i; 8]) -> u64 {
    let mut bits = 0;
    for (at, found) in found.iter().enumerate() {
        bits |= u64::from(_mm256_movemask_ps(_mm256_castsi256_ps(*found)).cast_unsigned()) << (8 * at);
    }
    bits
}

#[target_feature(enable = "avx2")]
#[inline]
fn bits_64(found: &[__m256i; 16]) -> u64 {
    let mut bits = 0;
    for (at, found) in found.iter().enumerate() {
        bits |= u64::from(_mm256_movemask_pd(_mm256_castsi256_pd(*found)).cast_unsigned()) << (4 * at);
    }
    bits
}
