//! The kind of a whole file, by its first bytes.

use super::head::Head;
use super::signatures;
use crate::analysis::kinds::signature::Series;
use file_format::FileFormat;

/// How many bytes from the start of a file are enough to tell its kind.
pub const KIND_BYTES: usize = super::embedded::HEAD_BYTES;

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecognisedKind {
    pub name: String,
    /// As in HTTP, where one is known.
    pub media_type: Option<String>,
    /// The usual ending of the names of such files, without a dot.
    pub extension: Option<String>,
}

impl RecognisedKind {
    fn plain(name: &str) -> Self {
        Self { name: name.to_owned(), media_type: None, extension: None }
    }
}

/// The kind of a file of `len` bytes that begins with `start`: [`KIND_BYTES`] of it, or all. `None` where nothing is known
/// of it.
pub fn recognise(start: &[u8], len: u64) -> Option<RecognisedKind> {
    if len == 0 {
        return Some(RecognisedKind::plain("empty file"));
    }
    let head = Head { bytes: start, rest: len };
    let own = signatures().find(|signature| {
        signature.series != Series::ZipEnd
            && head.has(signature.at, signature.magic)
            && (signature.check)(head).is_some()
    });
    let known =
        Some(FileFormat::from_bytes(start)).filter(|format| *format != FileFormat::ArbitraryBinaryData);
    match (own, known) {
        (own, Some(format)) => Some(RecognisedKind {
            // The own name is checked against the header, that of the crate is more exact inside containers.
            name: own.map_or_else(|| format.name().to_owned(), |own| own.name.to_owned()),
            media_type: Some(format.media_type().to_owned()),
            extension: Some(own.map_or_else(|| format.extension(), |own| own.extension).to_owned()),
        }),
        (Some(own), None) => Some(RecognisedKind {
            name: own.name.to_owned(),
            media_type: None,
            extension: Some(own.extension.to_owned()),
        }),
        (None, None) => text_kind(start, len),
    }
}

/// Whether the bytes are text, and in which encoding.
fn text_kind(start: &[u8], len: u64) -> Option<RecognisedKind> {
    let is_cut = (start.len() as u64) < len;
    let text = |name: &str| {
        let media_type = Some("text/plain".to_owned());
        Some(RecognisedKind { name: name.to_owned(), media_type, extension: Some("txt".to_owned()) })
    };
    match start {
        [0xff, 0xfe, rest @ ..] if looks_like_utf16(rest, u16::from_le_bytes) => return text("UTF-16 text"),
        [0xfe, 0xff, rest @ ..] if looks_like_utf16(rest, u16::from_be_bytes) => return text("UTF-16 text"),
        _ => {}
    }
    let is_control = |byte: &u8| matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f);
    if start.iter().any(is_control) {
        return None;
    }
    match std::str::from_utf8(start) {
        Ok(_) if start.is_ascii() => text("ASCII text"),
        Ok(_) => text("UTF-8 text"),
        // A character may be cut where the bytes at hand end.
        Err(error) if is_cut && error.error_len().is_none() && error.valid_up_to() > 0 => text("UTF-8 text"),
        Err(_) => None,
    }
}

fn looks_like_utf16(bytes: &[u8], read: fn([u8; 2]) -> u16) -> bool {
    let units = bytes.chunks_exact(2).map(|pair| read([pair[0], pair[1]]));
    let is_text =
        |c: Result<char, _>| c.is_ok_and(|c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t'));
    !bytes.is_empty() && char::decode_utf16(units).all(is_text)
}
