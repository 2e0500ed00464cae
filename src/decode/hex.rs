//! Hex text to bytes and back: typing, pasting, searching.
//!
//! Two digits are one byte, in the order they are written: `0x4142` is 41 42, not a number.

use super::Radix;
use super::scalar::integer::push_ascii;
use std::iter::Peekable;
use std::str::CharIndices;

/// Why a text is no hex.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {reason}", column = .at + 1)]
pub struct HexError {
    /// Which character of the text, from 0.
    pub at: usize,
    pub reason: String,
}

/// The bytes of `41 42`, `4142`, `0x41, 0x42`, `\x41\x42`, `41:42`. No digits at all are no bytes.
///
/// # Errors
/// [`HexError`] at the first character that is neither a digit nor a separator, and at a digit without a second one.
/// A lone digit stands for a byte only behind `0x`.
pub fn parse(text: &str) -> Result<Vec<u8>, HexError> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut rest = Scanner { chars: text.char_indices().peekable(), seen: 0 };
    while let Some(character) = rest.peek() {
        if is_separator(character) {
            rest.next();
            continue;
        }
        let prefixed = rest.skip_prefix(text);
        let start = rest.seen;
        let before = bytes.len();
        while let Some(high) = rest.next_digit() {
            match rest.next_digit() {
                Some(low) => bytes.push(high << 4 | low),
                None if prefixed && bytes.len() == before => bytes.push(high),
                None => {
                    let reason = "incomplete byte: the second digit is missing".to_owned();
                    return Err(HexError { at: rest.seen - 1, reason });
                }
            }
        }
        if rest.seen == start {
            let reason = match rest.peek() {
                Some(found) => format!("'{}' is not a hex digit", found.escape_debug()),
                None => "hex digits are missing".to_owned(),
            };
            return Err(HexError { at: rest.seen, reason });
        }
    }
    Ok(bytes)
}

fn is_separator(character: char) -> bool {
    character.is_whitespace() || matches!(character, ',' | ';' | ':' | '-' | '_')
}

/// Walks through a text and counts its characters.
struct Scanner<'a> {
    chars: Peekable<CharIndices<'a>>,
    seen: usize,
}

impl Scanner<'_> {
    fn peek(&mut self) -> Option<char> {
        self.chars.peek().map(|&(_, character)| character)
    }

    fn next(&mut self) -> Option<(usize, char)> {
        let next = self.chars.next();
        self.seen += usize::from(next.is_some());
        next
    }

    fn next_digit(&mut self) -> Option<u8> {
        let digit = self.peek()?.to_digit(16)?;
        self.next();
        Some(digit as u8)
    }

    /// Steps over `0x` or `\x`.
    fn skip_prefix(&mut self, text: &str) -> bool {
        let here = self.chars.peek().map_or("", |&(at, _)| &text[at..]);
        let found = matches!(here.as_bytes(), [b'0' | b'\\', b'x' | b'X', ..]);
        if found {
            self.next();
            self.next();
        }
        found
    }
}

/// Two digits a byte, `separator` between bytes.
pub fn format(bytes: &[u8], upper: bool, separator: &str) -> String {
    let mut text = String::with_capacity(bytes.len() * (2 + separator.len()));
    for (index, &byte) in bytes.iter().enumerate() {
        if index > 0 {
            text.push_str(separator);
        }
        push_byte(byte, upper, &mut text);
    }
    text
}

/// Appends the two digits of a byte.
pub fn push_byte(byte: u8, upper: bool, out: &mut String) {
    let mut digits = [0; 8];
    push_ascii(Radix::Hex.write_byte(byte, upper, &mut digits), out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_spellings_read_alike() {
        for text in [
            "41 42 0a",
            "41420A",
            "0x41, 0x42, 0xA",
            "0x41420a",
            "\\x41\\x42\\x0a",
            "41:42:0a",
            "41-42-0a",
            "\n41\t42,0a;",
            "4142_0a",
        ] {
            assert_eq!(parse(text), Ok(vec![0x41, 0x42, 0x0a]), "{text}");
        }
        assert_eq!(parse(" , "), Ok(vec![]));
    }

    #[test]
    fn errors_name_the_column() {
        let reason = |text: &str| parse(text).map_err(|error| error.to_string());
        for (text, why) in [
            ("414", "column 3: incomplete byte: the second digit is missing"),
            ("4 1", "column 1: incomplete byte: the second digit is missing"),
            ("0x123", "column 5: incomplete byte: the second digit is missing"),
            ("41 4g", "column 4: incomplete byte: the second digit is missing"),
            ("41 ½", "column 4: '½' is not a hex digit"),
            ("0x", "column 3: hex digits are missing"),
            ("0x 41", "column 3: ' ' is not a hex digit"),
            ("\\n", "column 1: '\\\\' is not a hex digit"),
        ] {
            assert_eq!(reason(text), Err(why.to_owned()), "{text}");
        }
    }

    #[test]
    fn format_and_parse_are_inverse() {
        let bytes: Vec<u8> = (0..=255).collect();
        for (upper, separator) in [(false, " "), (true, ""), (true, ", ")] {
            assert_eq!(parse(&format(&bytes, upper, separator)), Ok(bytes.clone()));
        }
        assert_eq!(format(&[0xab, 1], true, "-"), "AB-01");
    }
}
