//! The end of xz data: its footer leads back to an index of its blocks, whose sizes have to add up to the distance from the
//! start. Checksums prove the footer and the index.

use super::NoLength;
use super::feed::Feed;

/// Bytes of the header, and of the footer.
const HEADER: u64 = 12;
const FOOTER: u64 = 12;
/// Bytes of an index at most: some hundred thousand blocks.
const MOST_INDEX: u64 = 16 << 20;
/// The effort of a look at one place: a read takes the time that so many bytes take.
const LOOK: u64 = 4 << 10;

/// Where the stream that begins here ends.
pub(super) fn end(feed: &mut Feed<'_>) -> Result<u64, NoLength> {
    let start = feed.start;
    let mut flags = [0; 2];
    feed.source.read_cancellable(start + 6, &mut flags, feed.cancel)?;
    let sign = memchr::memmem::Finder::new(b"YZ");
    loop {
        let place = feed.place();
        let bytes = feed.next()?;
        if bytes.is_empty() {
            return Err(NoLength::Damaged);
        }
        let count = bytes.len();
        // All parts have multiples of four bytes.
        let ends: Vec<u64> = sign
            .find_iter(bytes)
            .map(|at| place + at as u64 + 2)
            .filter(|end| (end - start).is_multiple_of(4) && end - start >= HEADER + FOOTER + 8)
            .filter(|end| may_be_footer(&bytes[..(end - place) as usize], flags))
            .collect();
        for end in ends {
            if is_end(feed, end, flags)? {
                return Ok(end);
            }
        }
        feed.take(count);
    }
}

/// Whether these bytes end with a footer, as far as it is among them.
fn may_be_footer(bytes: &[u8], flags: [u8; 2]) -> bool {
    bytes.last_chunk::<{ FOOTER as usize }>().is_none_or(|footer| is_footer(footer, flags))
}

fn is_footer(footer: &[u8; FOOTER as usize], flags: [u8; 2]) -> bool {
    footer[8..10] == flags && le32(footer) == crc32fast::hash(&footer[4..10])
}

fn le32(bytes: &[u8]) -> u32 {
    bytes.first_chunk().map_or(0, |four| u32::from_le_bytes(*four))
}

/// Whether a footer ends here, with an index that fits.
fn is_end(feed: &mut Feed<'_>, end: u64, flags: [u8; 2]) -> Result<bool, NoLength> {
    feed.spend(LOOK)?;
    let mut footer = [0; FOOTER as usize];
    feed.source.read_cancellable(end - FOOTER, &mut footer, feed.cancel)?;
    if !is_footer(&footer, flags) {
        return Ok(false);
    }
    let len = (u64::from(le32(&footer[4..])) + 1) * 4;
    let index_start = (end - FOOTER).checked_sub(len).filter(|at| *at >= feed.start + HEADER);
    let Some(index_start) = index_start.filter(|_| len <= MOST_INDEX) else { return Ok(false) };
    feed.spend(len)?;
    let mut index = vec![0; len as usize];
    feed.source.read_cancellable(index_start, &mut index, feed.cancel)?;
    let Some((records, sum)) = index.split_last_chunk::<4>() else { return Ok(false) };
    if u32::from_le_bytes(*sum) != crc32fast::hash(records) {
        return Ok(false);
    }
    Ok(blocks_len(records) == Some(index_start - feed.start - HEADER))
}

/// Bytes of all blocks, by the records of an index.
fn blocks_len(records: &[u8]) -> Option<u64> {
    let mut rest = records.strip_prefix(&[0])?;
    let count = number(&mut rest)?;
    let mut sum = 0_u64;
    for _ in 0..count {
        let unpadded = number(&mut rest)?;
        number(&mut rest)?;
        sum = sum.checked_add(unpadded.checked_next_multiple_of(4)?)?;
    }
    (rest.len() < 4 && rest.iter().all(|byte| *byte == 0)).then_some(sum)
}

/// A number of seven bits a byte, the lowest first; the highest bit of a byte says that more follow.
fn number(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..63).step_by(7) {
        let (byte, behind) = rest.split_first()?;
        *rest = behind;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}
