//! Bytes that others may change, as the vectors of 32 bytes that questions and statistics compare as they are loaded.
//!
//! A copy of all values costs more than a look at them. So what needs no more than a look loads them from the map into
//! registers, by the instruction in [`RawBlock::load`]; the file above says why that is sound. Whatever depends on two
//! looks at the same value works on a copy.

use std::arch::asm;
use std::arch::x86_64::__m256i;
use std::marker::PhantomData;

/// Bytes of a vector.
const VECTOR: usize = 32;

/// Blocks of so many vectors, one after another.
#[derive(Debug)]
pub struct RawBlocks<'r, const VECTORS: usize> {
    next: *const u8,
    left: usize,
    raw: PhantomData<&'r ()>,
}

/// A few vectors, each of which is loaded when it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct RawBlock<'r, const VECTORS: usize> {
    start: *const u8,
    raw: PhantomData<&'r ()>,
}

impl<const VECTORS: usize> RawBlocks<'_, VECTORS> {
    /// The blocks in `bytes` bytes.
    ///
    /// # Safety
    /// The bytes can be read for the lifetime.
    pub(super) unsafe fn new(start: *const u8, bytes: usize) -> Self {
        Self { next: start, left: bytes / (VECTORS * VECTOR).max(1), raw: PhantomData }
    }
}

impl<'r, const VECTORS: usize> Iterator for RawBlocks<'r, VECTORS> {
    type Item = RawBlock<'r, VECTORS>;

    #[inline(always)]
    fn next(&mut self) -> Option<RawBlock<'r, VECTORS>> {
        self.left = self.left.checked_sub(1)?;
        let block = RawBlock { start: self.next, raw: PhantomData };
        self.next = self.next.wrapping_add(VECTORS * VECTOR);
        Some(block)
    }
}

impl<const VECTORS: usize> RawBlock<'_, VECTORS> {
    /// Loads a vector of the block, at any alignment. Two loads of the same may differ.
    ///
    /// # Safety
    /// The processor has AVX2, as where there are blocks.
    ///
    /// # Panics
    /// When the block has fewer vectors.
    #[target_feature(enable = "avx2")]
    #[inline]
    pub fn load(&self, number: usize) -> __m256i {
        assert!(number < VECTORS, "a vector of the block");
        let bytes: __m256i;
        // SAFETY: reads 32 bytes of the block, which can be read. The instruction is not `pure`: what it reads may change.
        unsafe {
            asm!(
                "vmovdqu {bytes}, [{at}]",
                bytes = lateout(ymm_reg) bytes,
                at = in(reg) self.start.add(number * VECTOR),
                options(readonly, nostack, preserves_flags)
            );
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::super::RawBytes;
    use super::*;
    use std::arch::x86_64::_mm256_extract_epi8;

    #[target_feature(enable = "avx2")]
    fn loaded(blocks: RawBlocks<'_, 3>) -> Vec<u8> {
        let mut bytes = Vec::new();
        for block in blocks {
            for number in 0..3 {
                let vector = block.load(number);
                // The first, the tenth and the last one of each.
                bytes.extend(
                    [_mm256_extract_epi8::<0>(vector), _mm256_extract_epi8::<9>(vector)].map(|n| n as u8),
                );
                bytes.push(_mm256_extract_epi8::<31>(vector) as u8);
            }
        }
        bytes
    }

    #[test]
    fn blocks_are_the_whole_ones_before_the_end() {
        let bytes: Vec<u8> = (0..1000_u32).map(|n| (n * 7) as u8).collect();
        let raw = RawBytes::of(&bytes);
        for (from, to, count) in
            [(0, 1000, 10), (1, 97, 1), (1, 96, 0), (808, 2000, 2), (999, 5, 0), (1001, 1002, 0)]
        {
            let Some(blocks) = raw.blocks::<3>(from, to) else { return };
            // SAFETY: there are blocks only where the processor has AVX2.
            let found = unsafe { loaded(blocks) };
            let vectors = (0..3 * count).map(|n| from + 32 * n);
            let wanted: Vec<u8> = vectors.flat_map(|at| [bytes[at], bytes[at + 9], bytes[at + 31]]).collect();
            assert_eq!(found, wanted, "{from} to {to}");
        }
    }
}
