//! The end of gzip data (RFC 1952): it is decompressed, and its checksum and length are compared.

use super::NoLength;
use super::feed::Feed;
use flate2::{Decompress, FlushDecompress, Status};

/// Bytes that are decompressed at once.
const OUT: usize = 128 << 10;
/// Bytes of a name or a comment in the header at most.
const MOST_TEXT: usize = 64 << 10;

/// Where the member that begins here ends.
pub(super) fn end(feed: &mut Feed<'_>) -> Result<u64, NoLength> {
    header(feed)?;
    let (mut inflate, mut out) = (Decompress::new(false), vec![0; OUT]);
    let mut sum = crc32fast::Hasher::new();
    let mut length = 0_u64;
    loop {
        let (read, written) = (inflate.total_in(), inflate.total_out());
        let input = feed.next()?;
        let is_last = input.is_empty();
        let status = inflate.decompress(input, &mut out, FlushDecompress::None);
        let status = status.map_err(|_| NoLength::Damaged)?;
        let (read, written) = (inflate.total_in() - read, inflate.total_out() - written);
        sum.update(&out[..written as usize]);
        length += written;
        feed.take(read as usize);
        feed.spend(written)?;
        match status {
            Status::StreamEnd => break,
            Status::Ok | Status::BufError if is_last || read + written == 0 => return Err(NoLength::Damaged),
            Status::Ok | Status::BufError => {}
        }
        if feed.cancel.is_cancelled() {
            return Err(NoLength::Cancelled);
        }
    }
    let is_right = feed.le32()? == sum.finalize() && feed.le32()? == length as u32;
    if is_right { Ok(feed.place()) } else { Err(NoLength::Damaged) }
}

fn header(feed: &mut Feed<'_>) -> Result<(), NoLength> {
    const HEADER_SUM: u8 = 2;
    const EXTRA: u8 = 4;
    const NAME: u8 = 8;
    const COMMENT: u8 = 16;
    let skip = |feed: &mut Feed<'_>, count: usize| (0..count).try_for_each(|_| feed.byte().map(drop));
    skip(feed, 3)?;
    let flags = feed.byte()?;
    skip(feed, 6)?;
    if flags & EXTRA != 0 {
        let len = u16::from_le_bytes([feed.byte()?, feed.byte()?]);
        skip(feed, len.into())?;
    }
    for text in [NAME, COMMENT] {
        let mut len = 0;
        while flags & text != 0 && feed.byte()? != 0 {
            len += 1;
            if len > MOST_TEXT {
                return Err(NoLength::Damaged);
            }
        }
    }
    skip(feed, if flags & HEADER_SUM != 0 { 2 } else { 0 })
}
