//! What a text on the clipboard may mean as bytes: a table of readings, each a file here and a line of [`READINGS`].
//!
//! A reading is certain when the text has a form that nothing else has: `0x41, 0x42`, the dump of a tool whose offsets
//! count up. Certain readings that agree decide; in all other cases the user chooses. Plain text is no reading of this
//! table: whoever pastes knows the encoding.

mod base64;
mod binary;
mod dump;
mod hex_digits;
mod hex_records;
mod list;
mod percent;
mod quoted_bytes;
mod source_code;
mod uuid;

pub use base64::read as read_base64;

/// The bytes that a reading makes of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextBytes {
    pub bytes: Vec<u8>,
    /// Nothing else has the form of this text.
    pub is_certain: bool,
}

impl TextBytes {
    fn certain(bytes: Vec<u8>) -> Self {
        Self { bytes, is_certain: true }
    }

    fn possible(bytes: Vec<u8>) -> Self {
        Self { bytes, is_certain: false }
    }
}

/// One way to read a text as bytes.
pub struct TextReader {
    /// For lists: `Hex dump`.
    pub label: &'static str,
    /// The bytes, or a sentence without its stop that says why the text is something else.
    pub read: fn(&str) -> Result<TextBytes, String>,
}

/// All readings, the likeliest first.
pub const READINGS: &[TextReader] = &[
    TextReader { label: "Hex dump", read: dump::read },
    TextReader { label: "Hex dump, words in the other byte order", read: dump::read_swapped },
    TextReader { label: "Hex dump, offsets in octal or decimal", read: dump::read_by_other_radix },
    TextReader { label: "Hex digits", read: hex_digits::read },
    TextReader { label: "Bytes in quotes", read: quoted_bytes::read },
    TextReader { label: "Numbers, one byte each", read: list::read },
    TextReader { label: "Numbers of several bytes, little-endian", read: list::read_little },
    TextReader { label: "Numbers of several bytes, big-endian", read: list::read_big },
    TextReader { label: "Intel HEX", read: hex_records::read_intel },
    TextReader { label: "Motorola S-records", read: hex_records::read_motorola },
    TextReader { label: "Binary digits", read: binary::read },
    TextReader { label: "Percent-encoded", read: percent::read },
    TextReader { label: "UUID in Windows byte order", read: uuid::read },
    TextReader { label: "Base64", read: base64::read_text },
];

/// A reading that fits a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    pub label: &'static str,
    pub bytes: Vec<u8>,
    pub is_certain: bool,
}

/// The readings that fit, certain ones first; of those with the same bytes only the first. No bytes fit nothing.
pub fn fits(text: &str) -> Vec<Fit> {
    let mut fits: Vec<Fit> = Vec::new();
    for reading in READINGS {
        let Ok(found) = (reading.read)(text) else { continue };
        match fits.iter_mut().find(|fit| fit.bytes == found.bytes) {
            Some(fit) if found.is_certain && !fit.is_certain => {
                (fit.label, fit.is_certain) = (reading.label, true);
            }
            Some(_) => {}
            None if found.bytes.is_empty() => {}
            None => {
                let TextBytes { bytes, is_certain } = found;
                fits.push(Fit { label: reading.label, bytes, is_certain });
            }
        }
    }
    fits.sort_by_key(|fit| !fit.is_certain);
    fits
}

/// The bytes that the text can only mean, among its [`fits`].
pub fn certain(fits: &[Fit]) -> Option<&Fit> {
    let mut sure = fits.iter().filter(|fit| fit.is_certain);
    let first = sure.next()?;
    sure.next().is_none().then_some(first)
}

/// Why the text is no hex: what to tell who meant it so.
pub fn why_not_hex(text: &str) -> Option<String> {
    hex_digits::read(text).err()
}
