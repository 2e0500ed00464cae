//! Byte orders and widths changed, a whole slice at a time.

use crate::analysis::vector::{Vectorised, vectorised};
use half::slice::{HalfBitsSliceExt, HalfFloatSliceExt};

/// Which way the bytes of a number come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bytes {
    Native,
    Swapped,
}

/// A number whose bytes can be reversed.
pub(super) trait Swap: bytemuck::Pod {
    fn swapped(self) -> Self;
}

macro_rules! swap {
    ($($kind:ty)*) => {
        $(impl Swap for $kind {
            #[inline(always)]
            fn swapped(self) -> Self {
                self.swap_bytes()
            }
        })*
    };
}
swap!(u16 u32 u64);

struct SwapAll<'a, T>(&'a mut [T]);

impl<T: Swap> Vectorised for SwapAll<'_, T> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        for value in self.0 {
            *value = value.swapped();
        }
    }
}

/// Brings numbers of this type into the machine's byte order, where they are.
pub(super) fn to_native<T: Swap>(raw: &mut [u8], order: Bytes) {
    if order == Bytes::Swapped {
        vectorised(SwapAll(bytemuck::cast_slice_mut::<u8, T>(raw)));
    }
}

struct Brain<'a>(&'a [u16], &'a mut [u32]);

impl Vectorised for Brain<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        for (from, to) in self.0.iter().zip(self.1) {
            *to = u32::from(*from) << 16;
        }
    }
}

/// The bits of bfloat16 as those of 32-bit floats.
pub(super) fn brain_floats(from: &[u16], to: &mut [u32]) {
    vectorised(Brain(from, to));
}

/// The bits of half floats as those of 32-bit floats; the crate asks the processor for a way of its own.
pub(super) fn half_floats(from: &[u16], to: &mut [u32]) {
    from.reinterpret_cast::<half::f16>().convert_to_f32_slice(bytemuck::cast_slice_mut(to));
}

/// Three bytes each; with a sign, the highest bit is copied upwards.
pub(super) fn three_bytes(from: &[u8], is_big: bool, has_sign: bool, to: &mut [u32]) {
    for (bytes, to) in from.as_chunks::<3>().0.iter().zip(to) {
        let [low, middle, high] = if is_big { [bytes[2], bytes[1], bytes[0]] } else { *bytes };
        let word = u32::from_le_bytes([0, low, middle, high]);
        *to = if has_sign { (word.cast_signed() >> 8).cast_unsigned() } else { word >> 8 };
    }
}

/// The values in bytes of 8, 2 or, in three bytes together, 4 values, each as a byte of its own.
pub(super) fn unpack(from: &[u8], bits: u8, low_first: bool, to: &mut [u8]) {
    match (bits, low_first) {
        (1, true) => spread::<8>(from, to, |byte, at| byte >> at & 1),
        (1, false) => spread::<8>(from, to, |byte, at| byte >> (7 - at) & 1),
        (4, true) => spread::<2>(from, to, |byte, at| byte >> (4 * at) & 15),
        (4, false) => spread::<2>(from, to, |byte, at| byte >> (4 - 4 * at) & 15),
        (_, true) => {
            sixes(from, to, |[low, middle, high], at| u32::from_le_bytes([low, middle, high, 0]) >> (6 * at))
        }
        (_, false) => sixes(from, to, |[high, middle, low], at| {
            u32::from_le_bytes([low, middle, high, 0]) >> (18 - 6 * at)
        }),
    }
}

fn spread<const N: usize>(from: &[u8], to: &mut [u8], value: impl Fn(u8, usize) -> u8) {
    for (byte, to) in from.iter().zip(to.as_chunks_mut::<N>().0) {
        for (at, to) in to.iter_mut().enumerate() {
            *to = value(*byte, at);
        }
    }
}

fn sixes(from: &[u8], to: &mut [u8], shifted: impl Fn([u8; 3], usize) -> u32) {
    for (group, to) in from.as_chunks::<3>().0.iter().zip(to.as_chunks_mut::<4>().0) {
        for (at, to) in to.iter_mut().enumerate() {
            *to = (shifted(*group, at) & 63) as u8;
        }
    }
}
