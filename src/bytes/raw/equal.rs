//! How far two runs of mapped bytes are equal.
//!
//! Where they differ is for the caller to find out on copies: what differs here may be equal a moment later.

use super::RawBytes;

/// Bytes that are compared between two branches.
const STEP: usize = 128;

impl RawBytes<'_> {
    /// How far from `from` on these bytes are equal to those of `other` at the same places, in steps of some bytes: the
    /// place of the first step that has a difference, or that would reach over `to`.
    pub fn equal_until(&self, other: &RawBytes<'_>, from: usize, to: usize) -> usize {
        let to = to.min(self.len()).min(other.len());
        #[cfg(target_arch = "x86_64")]
        if let (Some(own), Some(others)) = (self.blocks(from, to), other.blocks(from, to)) {
            // SAFETY: there are blocks only where the processor has AVX2.
            return from + STEP * unsafe { x86::equal_blocks(own, others) };
        }
        self.equal_by_copies(other, from, to)
    }

    /// The same for processors without such vectors.
    fn equal_by_copies(&self, other: &RawBytes<'_>, from: usize, to: usize) -> usize {
        let (mut own, mut others) = ([0; STEP], [0; STEP]);
        let mut at = from;
        while at + STEP <= to {
            self.copy(at, &mut own);
            other.copy(at, &mut others);
            if own != others {
                break;
            }
            at += STEP;
        }
        at
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::super::RawBlocks;
    use std::arch::x86_64::{_mm256_or_si256, _mm256_setzero_si256, _mm256_testz_si256, _mm256_xor_si256};

    /// Vectors of a step.
    const VECTORS: usize = super::STEP / 32;

    /// How many blocks are equal before the first that is not.
    #[target_feature(enable = "avx2")]
    pub(super) fn equal_blocks(own: RawBlocks<'_, VECTORS>, others: RawBlocks<'_, VECTORS>) -> usize {
        let mut equal = 0;
        for (own, others) in own.zip(others) {
            let mut any = _mm256_setzero_si256();
            for number in 0..VECTORS {
                any = _mm256_or_si256(any, _mm256_xor_si256(own.load(number), others.load(number)));
            }
            if _mm256_testz_si256(any, any) == 0 {
                break;
            }
            equal += 1;
        }
        equal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_equal_up_to_the_step_with_the_first_difference() {
        let mut rng = fastrand::Rng::with_seed(5);
        for _ in 0..2000 {
            let bytes: Vec<u8> = (0..rng.usize(0..1200)).map(|_| rng.u8(..)).collect();
            let mut other = bytes.clone();
            let place = rng.usize(0..1300);
            if let Some(byte) = other.get_mut(place) {
                *byte ^= 1 << rng.u8(0..8);
            }
            let from = rng.usize(0..=bytes.len());
            let to = rng.usize(from..1300);
            let end = to.min(bytes.len());
            let steps = (end - from) / STEP;
            let wanted = if (from..from + steps * STEP).contains(&place) && place < bytes.len() {
                from + (place - from) / STEP * STEP
            } else {
                from + steps * STEP
            };
            let (own, others) = (RawBytes::of(&bytes), RawBytes::of(&other));
            assert_eq!(own.equal_until(&others, from, to), wanted);
            assert_eq!(own.equal_by_copies(&others, from, end), wanted);
        }
    }
}
