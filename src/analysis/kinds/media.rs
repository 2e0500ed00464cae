//! Sound, films and documents. Sources: Microsoft's RIFF; RFC 3533 (Ogg); RFC 9639 (FLAC); ISO/IEC 14496-12; ID3v2.4;
//! RFC 8794 (EBML); ISO 32000 (PDF); Microsoft's MS-CFB; the file format page of SQLite; RFC 7468 (PEM).

use super::head::Head;
use super::pem::pem;
use super::signature::{Claim, Signature, of_length, of_length_or_cut, open_ended};

pub(super) const TABLE: &[Signature] = &[
    Signature::new("WAV sound", "wav", b"WAVE", 8, riff),
    Signature::new("AVI film", "avi", b"AVI ", 8, riff),
    Signature::new("WebP picture", "webp", b"WEBP", 8, riff),
    Signature::new("AIFF sound", "aif", b"AIFF", 8, form),
    Signature::new("AIFF sound", "aif", b"AIFC", 8, form),
    Signature::new("Ogg stream", "ogg", b"OggS\0\x02", 0, |head| open_ended(head.le32(18)? == 0)),
    Signature::new("FLAC sound", "flac", b"fLaC", 0, |head| {
        open_ended(head.u8(4)? & 0x7f == 0 && head.be32(4)? & 0xff_ffff == 34)
    }),
    Signature::new("MIDI music", "mid", b"MThd\0\0\0\x06", 0, |head| open_ended(head.be16(8)? <= 2)),
    Signature::new("MP3 sound with ID3 tag", "mp3", b"ID3", 0, id3),
    Signature::new("MP4 or QuickTime film", "mp4", b"ftyp", 4, iso_media),
    Signature::new("Matroska or WebM film", "mkv", b"\x1a\x45\xdf\xa3", 0, matroska),
    Signature::new("PDF document", "pdf", b"%PDF-", 0, |head| {
        open_ended(matches!(head.part(5, 3)?, [b'1' | b'2', b'.', b'0'..=b'9']))
    }),
    Signature::new("RTF document", "rtf", b"{\\rtf1", 0, |_| open_ended(true)),
    Signature::new("XML document", "xml", b"<?xml version=", 0, |_| open_ended(true)),
    Signature::new("Microsoft compound file", "ole", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, |head| {
        open_ended(head.le16(28)? == 0xfffe)
    }),
    Signature::new("SQLite database", "sqlite", b"SQLite format 3\0", 0, sqlite),
    Signature::new("PEM key or certificate", "pem", b"-----BEGIN ", 0, pem),
];

fn riff(head: Head<'_>) -> Option<Claim> {
    if !head.has(0, b"RIFF") {
        return open_ended(head.has(0, b"RF64"));
    }
    of_length_or_cut(head, 8 + head.le32(4)?)
}

fn form(head: Head<'_>) -> Option<Claim> {
    if !head.has(0, b"FORM") {
        return None;
    }
    of_length(head, 8 + head.be32(4)?)
}

/// The four bytes of the length have seven bits each.
fn id3(head: Head<'_>) -> Option<Claim> {
    let size = head.be32(6)?;
    open_ended(matches!(head.u8(3)?, 2..=4) && head.u8(4)? != 0xff && size & 0x8080_8080 == 0 && size > 0)
}

fn iso_media(head: Head<'_>) -> Option<Claim> {
    let size = head.be32(0)?;
    let brand = head.part(8, 4)?;
    open_ended(
        (16..=1024).contains(&size) && size % 4 == 0 && brand.iter().all(|byte| matches!(byte, 0x20..=0x7e)),
    )
}

fn matroska(head: Head<'_>) -> Option<Claim> {
    let start = head.part(0, head.bytes.len().min(64))?;
    let has = |name: &[u8]| start.windows(name.len()).any(|part| part == name);
    open_ended(has(b"matroska") || has(b"webm"))
}

fn sqlite(head: Head<'_>) -> Option<Claim> {
    let page = match head.be16(16)? {
        1 => 65536,
        page => page,
    };
    if !page.is_power_of_two() || page < 512 || !matches!(head.u8(18)?, 1 | 2) {
        return None;
    }
    // The number of pages is right where the two counters of changes agree.
    let is_told = head.be32(24)? == head.be32(92).unwrap_or(0);
    let pages = head.be32(28)?;
    Some(Claim { len: if is_told { head.fitting(page * pages) } else { None } })
}
