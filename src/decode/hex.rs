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

/// A byte of which some bits are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaskedByte {
    /// The known bits; 0 where they are not known.
    pub value: u8,
    /// 1 for each known bit.
    pub mask: u8,
}

impl MaskedByte {
    /// Any byte.
    pub const ANY: Self = Self { value: 0, mask: 0 };

    /// This byte.
    pub const fn exactly(value: u8) -> Self {
        Self { value, mask: 0xff }
    }

    /// Whether `byte` has the known bits.
    pub const fn fits(self, byte: u8) -> bool {
        byte & self.mask == self.value
    }

    /// Of two digits, the upper one first; `None` for a question mark.
    const fn of_digits(high: Option<u8>, low: Option<u8>) -> Self {
        let (high_value, high_mask) = masked_digit(high);
        let (low_value, low_mask) = masked_digit(low);
        Self { value: high_value << 4 | low_value, mask: high_mask << 4 | low_mask }
    }
}

const fn masked_digit(digit: Option<u8>) -> (u8, u8) {
    match digit {
        Some(value) => (value, 0xf),
        None => (0, 0),
    }
}

/// The bytes of `41 42`, `4142`, `0x41, 0x42`, `\x41\x42`, `41:42`. No digits at all are no bytes.
///
/// # Errors
/// [`HexError`] at the first character that is neither a digit nor a separator, and at a digit without a second one.
/// A lone digit stands for a byte only behind `0x`.
pub fn parse(text: &str) -> Result<Vec<u8>, HexError> {
    Ok(Scanner::new(text, false).bytes()?.into_iter().map(|byte| byte.value).collect())
}

/// As [`parse`], with a question mark for a digit that may be any: `4D ?? 5?`, `?d`. A lone question mark is any byte.
///
/// # Errors
/// As of [`parse`].
pub fn parse_masked(text: &str) -> Result<Vec<MaskedByte>, HexError> {
    Scanner::new(text, true).bytes()
}

fn is_separator(character: char) -> bool {
    character.is_whitespace() || matches!(character, ',' | ';' | ':' | '-' | '_')
}

/// Walks through a text and counts its characters.
struct Scanner<'a> {
    text: &'a str,
    chars: Peekable<CharIndices<'a>>,
    seen: usize,
    /// Whether a question mark is a digit.
    has_wildcards: bool,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str, has_wildcards: bool) -> Self {
        Self { text, chars: text.char_indices().peekable(), seen: 0, has_wildcards }
    }

    fn bytes(mut self) -> Result<Vec<MaskedByte>, HexError> {
        let mut bytes = Vec::with_capacity(self.text.len() / 2);
        while let Some(character) = self.peek() {
            if is_separator(character) {
                self.next();
                continue;
            }
            let prefixed = self.skip_prefix();
            let start = self.seen;
            let before = bytes.len();
            while let Some(high) = self.next_digit() {
                let is_alone = bytes.len() == before;
                match (high, self.next_digit()) {
                    (high, Some(low)) => bytes.push(MaskedByte::of_digits(high, low)),
                    (Some(high), None) if prefixed && is_alone => bytes.push(MaskedByte::exactly(high)),
                    (None, None) if is_alone => bytes.push(MaskedByte::ANY),
                    (_, None) => {
                        let reason = "incomplete byte: the second digit is missing".to_owned();
                        return Err(HexError { at: self.seen - 1, reason });
                    }
                }
            }
            if self.seen == start {
                let reason = match self.peek() {
                    Some(found) => format!("'{}' is not a hex digit", found.escape_debug()),
                    None => "hex digits are missing".to_owned(),
                };
                return Err(HexError { at: self.seen, reason });
            }
        }
        Ok(bytes)
    }

    fn peek(&mut self) -> Option<char> {
        self.chars.peek().map(|&(_, character)| character)
    }

    fn next(&mut self) -> Option<(usize, char)> {
        let next = self.chars.next();
        self.seen += usize::from(next.is_some());
        next
    }

    /// The next digit; one that is not known is `None` inside.
    fn next_digit(&mut self) -> Option<Option<u8>> {
        let character = self.peek()?;
        let digit = match character {
            '?' if self.has_wildcards => None,
            _ => Some(u8::try_from(character.to_digit(16)?).ok()?),
        };
        self.next();
        Some(digit)
    }

    /// Steps over `0x` or `\x`.
    fn skip_prefix(&mut self) -> bool {
        let here = self.chars.peek().map_or("", |&(at, _)| &self.text[at..]);
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
    fn question_marks_stand_for_any_digit() {
        let read = |text: &str| {
            parse_masked(text).map(|bytes| bytes.iter().map(|b| (b.value, b.mask)).collect::<Vec<_>>())
        };
        assert_eq!(read("4D ?? 5? ?d"), Ok(vec![(0x4d, 0xff), (0, 0), (0x50, 0xf0), (0x0d, 0x0f)]));
        assert_eq!(read("4D??5??d"), read("4D ?? 5? ?d"));
        assert_eq!(read("0x4? ? 0x1, ?"), Ok(vec![(0x40, 0xf0), (0, 0), (1, 0xff), (0, 0)]));
        assert_eq!(
            read("4"),
            Err(HexError { at: 0, reason: "incomplete byte: the second digit is missing".into() })
        );
        assert_eq!(read("41?").map_err(|error| error.at), Err(2));
        assert_eq!(parse("4?").map_err(|error| error.at), Err(0));
        assert_eq!(
            parse("41 ??").map_err(|error| error.to_string()),
            Err("column 4: '?' is not a hex digit".into())
        );
        let upper = MaskedByte { value: 0x50, mask: 0xf0 };
        assert!(upper.fits(0x5f) && !upper.fits(0x4f));
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
