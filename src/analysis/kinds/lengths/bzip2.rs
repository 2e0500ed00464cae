//! The end of bzip2 data: the marks of its blocks and of its end stand at any bit, each with a checksum behind it. That of
//! the end has to be made of those of the blocks.

use super::NoLength;
use super::feed::Feed;

/// The marks: 48 bits of the number pi, and of its square root.
const BLOCK: u64 = 0x3141_5926_5359;
const END: u64 = 0x1772_4538_5090;
const MARK_BITS: u64 = 48;
const SUM_BITS: u64 = 32;
/// Bits of the header.
const HEADER_BITS: u64 = 32;
/// Bits of a compressed block at most: 900,000 bytes hardly get longer.
const MOST_BLOCK: u64 = 16 << 20;

/// A mark whose checksum is still to come.
struct OpenMark {
    is_end: bool,
    /// The bit behind it.
    behind: u64,
}

/// Where the data that begins here ends.
pub(super) fn end(feed: &mut Feed<'_>) -> Result<u64, NoLength> {
    let (mut last, mut bits, mut sum) = (0_u64, 0_u64, 0_u32);
    let mut open: Option<OpenMark> = None;
    let mut last_mark = HEADER_BITS;
    loop {
        let place = feed.place();
        let bytes = feed.next()?;
        if bytes.is_empty() {
            return Err(NoLength::Damaged);
        }
        let count = bytes.len();
        for (number, byte) in bytes.iter().enumerate() {
            last = last << 8 | u64::from(*byte);
            bits += 8;
            if let Some(mark) = open.as_ref().filter(|mark| bits >= mark.behind + SUM_BITS) {
                let own = (last >> (bits - mark.behind - SUM_BITS)) as u32;
                if mark.is_end {
                    let end = place + number as u64 + 1;
                    return if own == sum { Ok(end) } else { Err(NoLength::Damaged) };
                }
                sum = sum.rotate_left(1) ^ own;
                open = None;
            } else if open.is_none() {
                open = mark_in(last, bits);
                match &open {
                    Some(mark) => last_mark = mark.behind,
                    None if bits.saturating_sub(last_mark) > MOST_BLOCK => return Err(NoLength::Damaged),
                    None => {}
                }
            }
        }
        feed.take(count);
    }
}

/// A mark that ends in the last byte.
fn mark_in(last: u64, bits: u64) -> Option<OpenMark> {
    if bits < HEADER_BITS + MARK_BITS {
        return None;
    }
    (0..8).rev().find_map(|after| {
        let mark = last >> after & ((1 << MARK_BITS) - 1);
        let behind = bits - after;
        (mark == BLOCK || mark == END).then_some(OpenMark { is_end: mark == END, behind })
    })
}
