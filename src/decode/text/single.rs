//! Encodings of one byte a character: a table of 256 characters each, made when it is first wanted.

use super::code_pages;

/// Where the table of an encoding comes from.
#[derive(Clone, Copy)]
pub(super) enum Page {
    Ascii,
    Latin1,
    /// 256 characters, or 128 above ASCII.
    Listed(&'static str),
    Library(&'static encoding_rs::Encoding),
}

pub(super) const EBCDIC: Page = Page::Listed(code_pages::CP037);
pub(super) const CP437: Page = Page::Listed(code_pages::CP437);
pub(super) const CP850: Page = Page::Listed(code_pages::CP850);

/// The character of each byte; U+FFFD where a byte has none.
pub(super) type Table = [char; 256];

impl Page {
    /// The characters of the bytes.
    pub fn table(self) -> Table {
        let mut table = std::array::from_fn(|byte| {
            if byte < 0x80 { char::from(byte as u8) } else { char::REPLACEMENT_CHARACTER }
        });
        match self {
            Self::Ascii => {}
            Self::Latin1 => table = std::array::from_fn(|byte| char::from(byte as u8)),
            Self::Listed(characters) => {
                let first = table.len() - characters.chars().count();
                table[first..].iter_mut().zip(characters.chars()).for_each(|(place, listed)| *place = listed);
            }
            Self::Library(encoding) => {
                for byte in 0x80..=0xffu8 {
                    let bytes = [byte];
                    let (text, _) = encoding.decode_without_bom_handling(&bytes);
                    table[usize::from(byte)] = text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER);
                }
            }
        }
        table
    }
}

/// The byte of a character.
pub(super) fn byte_of(table: &Table, character: char) -> Option<u8> {
    if character == char::REPLACEMENT_CHARACTER {
        return None;
    }
    let byte = table.iter().position(|&listed| listed == character)?;
    u8::try_from(byte).ok()
}
