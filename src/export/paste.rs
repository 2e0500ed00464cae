//! What a pasted text may mean as bytes.
//!
//! Nothing is decided here: the readings are a list to choose from, the likeliest first. The text itself is always
//! the last of them.

use super::{base64, python};
use crate::decode::hex;

/// One way to read a pasted text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasteReading {
    pub label: &'static str,
    pub bytes: Vec<u8>,
    /// The text has the form of this reading and of no word: it is meant so.
    pub is_certain: bool,
}

type Reader = fn(&str) -> Option<Vec<u8>>;

const READERS: [(&str, bool, Reader); 6] = [
    ("hex dump", true, read_dump),
    ("hex", true, |text| hex::parse(text).ok()),
    ("Python bytes", true, python::read),
    ("numbers", false, read_numbers),
    ("Base64", false, base64::read),
    ("text (UTF-8)", false, |text| Some(text.as_bytes().to_vec())),
];

/// The readings that make sense; of those with the same bytes only the first. Empty only for an empty text.
pub fn guess(text: &str) -> Vec<PasteReading> {
    let mut readings: Vec<PasteReading> = Vec::new();
    for (label, is_certain, read) in READERS {
        let is_new =
            |bytes: &Vec<u8>| !bytes.is_empty() && readings.iter().all(|reading| reading.bytes != *bytes);
        if let Some(bytes) = read(text).filter(is_new) {
            readings.push(PasteReading { label, bytes, is_certain });
        }
    }
    readings
}

/// The bytes of Base64 in lines of any length; `None` when it is none.
pub fn base64(text: &str) -> Option<Vec<u8>> {
    base64::read(text)
}

/// The hex column of `hexdump -C`, `xxd` and this program. The offsets must count the bytes, so that other text is
/// not taken for a dump.
fn read_dump(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut first_offset = None;
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let end = line.find(|character: char| !character.is_ascii_hexdigit()).unwrap_or(line.len());
        let (digits, rest) = line.split_at(end);
        let offset = u64::from_str_radix(digits, 16).ok().filter(|_| digits.len() >= 4)?;
        if offset != first_offset.get_or_insert(offset).checked_add(bytes.len() as u64)? {
            return None;
        }
        let columns = match rest.strip_prefix(": ") {
            Some(columns) => columns.split("  ").next()?,
            None if rest.is_empty() || rest.starts_with(' ') => rest.split('|').next()?,
            None => return None,
        };
        bytes.extend(hex::parse(columns).ok()?);
    }
    Some(bytes)
}

/// Numbers from 0 to 255 between commas or spaces, also as an array of C, Rust, Python.
fn read_numbers(text: &str) -> Option<Vec<u8>> {
    let value = text.rsplit_once('=').map_or(text, |(_, value)| value).trim();
    let list = value.trim_end_matches(';').trim_matches(['{', '}', '[', ']', '(', ')']);
    list.split(|character: char| character == ',' || character.is_whitespace())
        .filter(|number| !number.is_empty())
        .map(read_number)
        .collect()
}

fn read_number(text: &str) -> Option<u8> {
    let number = text.strip_suffix("u8").unwrap_or(text);
    match number.strip_prefix("0x").or_else(|| number.strip_prefix("0X")) {
        Some(digits) => u8::from_str_radix(digits, 16).ok(),
        None => number.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> Vec<&'static str> {
        guess(text).iter().map(|reading| reading.label).collect()
    }

    #[test]
    fn readings_are_the_likely_ones_first() {
        assert_eq!(labels("41 42"), ["hex", "numbers", "text (UTF-8)"]);
        assert_eq!(labels("[65, 66]"), ["numbers", "text (UTF-8)"]);
        assert_eq!(labels("QUJD"), ["Base64", "text (UTF-8)"]);
        assert_eq!(labels("plain words"), ["text (UTF-8)"]);
        assert_eq!(labels("b'A'"), ["Python bytes", "text (UTF-8)"]);
        assert_eq!(labels(""), [""; 0]);
        assert_eq!(labels("{1, 256}"), ["text (UTF-8)"]);
    }

    #[test]
    fn dumps_of_other_programs() {
        let xxd = "00000000: 4142 4344 0a                             ABCD.\n";
        let hexdump = "00000ff8  41 42 43 44 45 46 47 48  49 4a 4b 4c 4d 4e 4f 50  |ABCDEFGHIJKLMNOP|\n\
                       00001008  7c 20                                             || |\n0000100a\n";
        assert_eq!(
            guess(xxd)[0],
            PasteReading { label: "hex dump", bytes: b"ABCD\n".to_vec(), is_certain: true }
        );
        assert_eq!(guess(hexdump)[0].bytes, b"ABCDEFGHIJKLMNOP| ");
        let gap = hexdump.replace("00001008", "00001010");
        assert_eq!(labels(&gap), ["text (UTF-8)"]);
    }
}
