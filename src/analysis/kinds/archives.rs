//! Archives and compressed data. Sources: APPNOTE.TXT of PKWARE; RFC 1952 (gzip), RFC 8878 (zstd); the pages of xz, LZ4,
//! 7-Zip and RAR on their formats; tar(5), cpio(5) and ar(5).

use super::head::Head;
use super::lengths::OpenEnd;
use super::signature::{Claim, Series, Signature, of_length, of_length_or_cut, open_ended};

pub(super) const TABLE: &[Signature] = &[
    Signature::new("ZIP archive", "zip", b"PK\x03\x04", 0, zip).series(Series::ZipMember),
    Signature::new("ZIP archive", "zip", b"PK\x05\x06", 0, zip_end).series(Series::ZipEnd),
    Signature::new("gzip data", "gz", b"\x1f\x8b\x08", 0, gzip).ends_as(OpenEnd::Gzip),
    Signature::new("bzip2 data", "bz2", b"BZh", 0, bzip2).ends_as(OpenEnd::Bzip2),
    Signature::new("XZ data", "xz", b"\xfd7zXZ\x00", 0, xz).ends_as(OpenEnd::Xz),
    Signature::new("Zstandard data", "zst", b"\x28\xb5\x2f\xfd", 0, zstd),
    Signature::new("LZ4 data", "lz4", b"\x04\x22\x4d\x18", 0, lz4),
    Signature::new("7-Zip archive", "7z", b"7z\xbc\xaf\x27\x1c", 0, seven_zip),
    Signature::new("RAR archive", "rar", b"Rar!\x1a\x07", 0, rar),
    Signature::new("tar archive", "tar", b"ustar", 257, tar).series(Series::Member),
    Signature::new("cpio archive", "cpio", b"07070", 0, cpio).series(Series::Member),
    Signature::new("ar archive", "a", b"!<arch>\n", 0, |head| open_ended(head.has(66, b"`\n"))),
    Signature::new("Cabinet archive", "cab", b"MSCF\0\0\0\0", 0, cabinet),
];

/// A local file header.
fn zip(head: Head<'_>) -> Option<Claim> {
    let (version, flags, method) = (head.u8(4)?, head.le16(6)?, head.le16(8)?);
    let known = matches!(method, 0..=6 | 8..=10 | 12 | 14 | 16 | 18..=20 | 93..=99);
    let (packed, name, extra) = (head.le32(18)?, head.le16(26)?, head.le16(28)?);
    let first = head.u8(30)?;
    if version > 63 || !known || name == 0 || first < 0x20 {
        return None;
    }
    // Bit 3: the sizes follow the data.
    let is_told = flags & 8 == 0 && packed != 0xffff_ffff;
    Some(Claim { len: is_told.then_some(30 + name + extra + packed) })
}

/// The end of the central directory; its length is what lies before it, plus itself without a comment.
fn zip_end(head: Head<'_>) -> Option<Claim> {
    let (disk, first_disk) = (head.le16(4)?, head.le16(6)?);
    let (here, all) = (head.le16(8)?, head.le16(10)?);
    let before = head.le32(12)? + head.le32(16)?;
    (disk == first_disk && here <= all).then_some(Claim { len: Some(before + 22) })
}

fn gzip(head: Head<'_>) -> Option<Claim> {
    let (flags, extra, system) = (head.u8(3)?, head.u8(8)?, head.u8(9)?);
    open_ended(flags & 0xe0 == 0 && matches!(extra, 0 | 2 | 4) && (system <= 13 || system == 255))
}

fn bzip2(head: Head<'_>) -> Option<Claim> {
    let is_block = head.has(4, b"\x31\x41\x59\x26\x53\x59") || head.has(4, b"\x17\x72\x45\x38\x50\x90");
    open_ended(matches!(head.u8(3)?, 0x31..=0x39) && is_block)
}

fn xz(head: Head<'_>) -> Option<Claim> {
    open_ended(head.crc32(6, 2)? == head.le32(8)?)
}

fn zstd(head: Head<'_>) -> Option<Claim> {
    let descriptor = head.u8(4)?;
    open_ended(descriptor & 0x08 == 0)
}

fn lz4(head: Head<'_>) -> Option<Claim> {
    let (flags, block) = (head.u8(4)?, head.u8(5)?);
    open_ended(flags >> 6 == 1 && flags & 2 == 0 && block & 0x8f == 0 && block >> 4 >= 4)
}

fn seven_zip(head: Head<'_>) -> Option<Claim> {
    if head.u8(6)? != 0 || head.crc32(12, 20)? != head.le32(8)? {
        return None;
    }
    of_length_or_cut(head, 32_u64.saturating_add(head.le64(12)?).saturating_add(head.le64(20)?))
}

fn rar(head: Head<'_>) -> Option<Claim> {
    open_ended(head.u8(6)? == 0 || head.has(6, &[1, 0]))
}

/// A header of 512 bytes with the sum of its bytes, the sum itself taken as blanks.
fn tar(head: Head<'_>) -> Option<Claim> {
    let block = head.part(0, 512)?;
    let sum = block.iter().enumerate().map(|(at, byte)| match at {
        148..156 => u64::from(b' '),
        _ => u64::from(*byte),
    });
    if head.octal(148, 8)? != sum.sum::<u64>() {
        return None;
    }
    let size = head.octal(124, 12).unwrap_or(0);
    Some(Claim { len: size.div_ceil(512).checked_mul(512).and_then(|size| size.checked_add(512)) })
}

/// The formats newc and crc; a header of 110 hex digits.
fn cpio(head: Head<'_>) -> Option<Claim> {
    if !matches!(head.part(5, 1)?, [b'1' | b'2']) {
        return None;
    }
    let (size, name) = (head.hex(54, 8)?, head.hex(94, 8)?);
    if !(1..=4096).contains(&name) {
        return None;
    }
    Some(Claim { len: Some((110 + name).next_multiple_of(4) + size.next_multiple_of(4)) })
}

fn cabinet(head: Head<'_>) -> Option<Claim> {
    if head.le32(12)? != 0 || head.u8(25)? != 1 {
        return None;
    }
    of_length(head, head.le32(8)?)
}
