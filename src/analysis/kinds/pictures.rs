//! Pictures. Sources: the PNG specification; ITU-T T.81 (JPEG); GIF89a; TIFF 6.0 and BigTIFF; Microsoft's pages on BMP and
//! DDS; the container specification of WebP; OpenEXR, QOI and Photoshop's file format specifications.

use super::head::Head;
use super::signature::{Claim, Signature, of_length, open_ended};

pub(super) const TABLE: &[Signature] = &[
    Signature::new("PNG picture", "png", b"\x89PNG\r\n\x1a\n", 0, png),
    Signature::new("JPEG picture", "jpg", b"\xff\xd8\xff", 0, jpeg),
    Signature::new("GIF picture", "gif", b"GIF87a", 0, gif),
    Signature::new("GIF picture", "gif", b"GIF89a", 0, gif),
    Signature::new("BMP picture", "bmp", b"BM", 0, bmp),
    Signature::new("TIFF picture", "tif", b"II*\0", 0, |head| tiff(head, head.le32(4)?, Head::le16)),
    Signature::new("TIFF picture", "tif", b"MM\0*", 0, |head| tiff(head, head.be32(4)?, Head::be16)),
    Signature::new("BigTIFF picture", "tif", b"II+\0\x08\0\0\0", 0, |head| open_ended(head.le64(8)? >= 16)),
    Signature::new("BigTIFF picture", "tif", b"MM\0+\0\x08\0\0", 0, |head| open_ended(head.be64(8)? >= 16)),
    Signature::new("Photoshop picture", "psd", b"8BPS\0\x01\0\0\0\0\0\0", 0, |head| {
        open_ended((1..=56).contains(&head.be16(12)?))
    }),
    Signature::new("JPEG 2000 picture", "jp2", b"\0\0\0\x0cjP  \r\n\x87\n", 0, |_| open_ended(true)),
    Signature::new("DDS texture", "dds", b"DDS \x7c\0\0\0", 0, |_| open_ended(true)),
    Signature::new("OpenEXR picture", "exr", b"\x76\x2f\x31\x01", 0, |head| open_ended(head.u8(4)? == 2)),
    Signature::new("QOI picture", "qoi", b"qoif", 0, |head| {
        open_ended(matches!(head.u8(12)?, 3 | 4) && head.u8(13)? <= 1 && head.be32(4)? > 0)
    }),
];

/// Chunks that are walked for the length at most.
const MOST_CHUNKS: usize = 4096;

fn png(head: Head<'_>) -> Option<Claim> {
    if !head.has(12, b"IHDR") || head.be32(8)? != 13 || head.crc32(12, 17)? != head.be32(29)? {
        return None;
    }
    let mut at = 8;
    for _ in 0..MOST_CHUNKS {
        let Some(len) = head.be32(at) else { break };
        let Some(end) = usize::try_from(len).ok().and_then(|len| at.checked_add(len)?.checked_add(12)) else {
            break;
        };
        if head.has(at + 4, b"IEND") {
            return Some(Claim { len: head.fitting(end as u64) });
        }
        at = end;
    }
    Some(Claim::default())
}

/// Two segments: the first one's length leads to the second.
fn jpeg(head: Head<'_>) -> Option<Claim> {
    let marker = head.u8(3)?;
    let len = head.be16(4)?;
    let second = 4 + len as usize;
    let leads_on = head.bytes.len() <= second || head.u8(second) == Some(0xff);
    open_ended(matches!(marker, 0xc0..=0xc4 | 0xdb..=0xef | 0xfe) && len >= 2 && leads_on)
}

fn gif(head: Head<'_>) -> Option<Claim> {
    open_ended(head.le16(6)? > 0 && head.le16(8)? > 0)
}

fn bmp(head: Head<'_>) -> Option<Claim> {
    let (size, pixels, header) = (head.le32(2)?, head.le32(10)?, head.le32(14)?);
    let planes = if header == 12 { head.le16(22)? } else { head.le16(26)? };
    let is_header = matches!(header, 12 | 40 | 52 | 56 | 64 | 108 | 124);
    if head.le32(6)? != 0 || !is_header || planes != 1 || pixels < 14 + header || pixels > size {
        return None;
    }
    of_length(head, size)
}

/// The first directory, where it is at hand: a sensible number of entries, the first one of a known type.
fn tiff<'a>(head: Head<'a>, directory: u64, number: fn(Head<'a>, usize) -> Option<u64>) -> Option<Claim> {
    if directory < 8 || directory >= head.rest {
        return None;
    }
    let at = usize::try_from(directory).ok()?;
    match (number(head, at), number(head, at.saturating_add(4))) {
        (Some(entries), Some(kind)) => open_ended((1..=1024).contains(&entries) && (1..=18).contains(&kind)),
        _ => open_ended(true),
    }
}
