//! Marks the ASCII text of many bytes at once, on processors with AVX2: a comparison of 32 bytes, and an instruction that
//! makes a bit of each.

#![expect(unsafe_code, reason = "calls code for instructions that were found to be there")]

use crate::bytes::RawBytes;
use crate::bytes::raw::RawBlocks;
use std::arch::x86_64::*;

/// Marks as many whole words of 64 bytes as there are; how many, which is none without AVX2.
pub(super) fn mark(bytes: &[u8], words: &mut [u64]) -> usize {
    let raw = RawBytes::of(bytes);
    let Some(blocks) = raw.blocks::<2>(0, bytes.len()) else { return 0 };
    // SAFETY: there are blocks only where the processor has AVX2.
    unsafe { mark_blocks(blocks, words) };
    (bytes.len() / 64).min(words.len())
}

#[target_feature(enable = "avx2")]
fn mark_blocks(blocks: RawBlocks<'_, 2>, words: &mut [u64]) {
    for (block, word) in blocks.zip(words) {
        *word = bits(block.load(0)) | bits(block.load(1)) << 32;
    }
}

/// A bit for each byte from space to tilde, and each tab.
#[target_feature(enable = "avx2")]
#[inline]
fn bits(bytes: __m256i) -> u64 {
    let above = _mm256_sub_epi8(bytes, _mm256_set1_epi8(0x20));
    let is_printable = _mm256_cmpeq_epi8(_mm256_min_epu8(above, _mm256_set1_epi8(0x5e)), above);
    let is_tab = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(0x09));
    _mm256_movemask_epi8(_mm256_or_si256(is_printable, is_tab)).cast_unsigned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_a_bit_for_each_byte_of_text() {
        let bytes: Vec<u8> = (0..=255).chain((0..700_u32).map(|n| (n * 37 % 251) as u8)).collect();
        for from in [0, 1, 31, 256] {
            let bytes = &bytes[from..];
            let mut words = vec![0; bytes.len() / 64 + 2];
            let done = mark(bytes, &mut words);
            assert!(done == bytes.len() / 64 || done == 0);
            for (at, byte) in bytes[..done * 64].iter().enumerate() {
                let is_text = *byte == b'\t' || (0x20..0x7f).contains(byte);
                assert_eq!(words[at / 64] >> (at % 64) & 1 == 1, is_text, "{byte:#x}");
            }
            assert!(words[done..].iter().all(|word| *word == 0));
        }
    }
}
