//! Strings and bytes strings of Python: quotes of all kinds, prefixes, escapes, neighbours joined.
//!
//! `\N{…}` is refused: the names of characters are not carried along.

use super::super::scalar::integer::excerpt;
use super::scan::Scan;
use super::{Literal, LiteralError};

/// How a string begins.
#[derive(Clone, Copy)]
pub(super) struct Prefix {
    len: usize,
    raw: bool,
    bytes: bool,
}

impl Scan<'_> {
    /// The letters before the quote of a string that comes next.
    pub(super) fn string_prefix(&self) -> Option<Prefix> {
        let bytes = self.cursor.rest().as_bytes();
        let len = bytes.iter().take(3).position(|byte| matches!(byte, b'\'' | b'"'))?;
        let (mut raw, mut is_bytes, mut unicode) = (false, false, false);
        for letter in &bytes[..len] {
            let seen = match letter.to_ascii_lowercase() {
                b'r' => &mut raw,
                b'b' => &mut is_bytes,
                b'u' => &mut unicode,
                _ => return None,
            };
            if std::mem::replace(seen, true) {
                return None;
            }
        }
        (!unicode || len == 1).then_some(Prefix { len, raw, bytes: is_bytes })
    }

    /// One string, or several side by side, which are one.
    pub(super) fn strings(&mut self) -> Result<Literal, LiteralError> {
        let Some(first) = self.string_prefix() else { return Err(self.error("a string is missing")) };
        let (mut text, mut bytes) = (String::new(), Vec::new());
        let mut next = Some(first);
        while let Some(prefix) = next {
            if prefix.bytes != first.bytes {
                return Err(self.error("strings and bytes can't be joined"));
            }
            self.string(prefix, &mut text, &mut bytes)?;
            let here = self.cursor.at;
            self.cursor.peek();
            next = self.string_prefix();
            if next.is_none() {
                self.cursor.at = here;
            }
        }
        Ok(if first.bytes { Literal::Bytes(bytes) } else { Literal::Str(text) })
    }

    fn string(&mut self, prefix: Prefix, text: &mut String, bytes: &mut Vec<u8>) -> Result<(), LiteralError> {
        self.cursor.at += prefix.len;
        let rest = self.cursor.rest();
        let quote = &rest[..1];
        let triple = rest.len() >= 3 && rest.as_bytes()[..3].iter().all(|byte| *byte == quote.as_bytes()[0]);
        let close = if triple { &rest[..3] } else { quote };
        self.cursor.at += close.len();
        loop {
            let rest = self.cursor.rest();
            if rest.starts_with(close) {
                self.cursor.at += close.len();
                return Ok(());
            }
            let Some(character) = rest.chars().next() else {
                return Err(self.error("a quote is missing at the end"));
            };
            if character == '\n' && !triple {
                return Err(self.error("a quote is missing at the end of the line"));
            }
            if character == '\\' {
                self.escape(prefix, text, bytes)?;
                continue;
            }
            if prefix.bytes && !character.is_ascii() {
                return Err(
                    self.error(format!("'{character}' is not a byte: write it as \\x and two hex digits"))
                );
            }
            self.cursor.at += character.len_utf8();
            if prefix.bytes { bytes.push(character as u8) } else { text.push(character) }
        }
    }

    fn escape(&mut self, prefix: Prefix, text: &mut String, bytes: &mut Vec<u8>) -> Result<(), LiteralError> {
        let rest = &self.cursor.rest()[1..];
        let Some(letter) = rest.chars().next() else {
            return Err(self.error("a quote is missing at the end"));
        };
        if prefix.bytes && !letter.is_ascii() {
            return Err(self.error(format!("'{letter}' is not a byte: write it as \\x and two hex digits")));
        }
        let plain = |code: u32, len: usize| (Some(code), len);
        let (code, len) = match letter {
            _ if prefix.raw => (None, letter.len_utf8()),
            '\n' => {
                self.cursor.at += 2;
                return Ok(());
            }
            'n' => plain(10, 1),
            't' => plain(9, 1),
            'r' => plain(13, 1),
            'a' => plain(7, 1),
            'b' => plain(8, 1),
            'f' => plain(12, 1),
            'v' => plain(11, 1),
            '\\' | '\'' | '"' => plain(letter as u32, 1),
            '0'..='7' => {
                let len = rest.bytes().take(3).take_while(|digit| matches!(digit, b'0'..=b'7')).count();
                plain(u32::from_str_radix(&rest[..len], 8).unwrap_or(0), len)
            }
            'x' => plain(self.hex(rest, 2)?, 3),
            'u' if !prefix.bytes => plain(self.hex(rest, 4)?, 5),
            'U' if !prefix.bytes => plain(self.hex(rest, 8)?, 9),
            'N' if !prefix.bytes => {
                return Err(self.error("\\N{…} is not supported: write \\u and four hex digits"));
            }
            // As Python does: what is no escape is itself.
            _ => (None, letter.len_utf8()),
        };
        match code {
            Some(code) if prefix.bytes => bytes.push(code as u8),
            Some(code) => text.push(char::from_u32(code).ok_or_else(|| {
                self.error(format!("'{}' is not a character", excerpt(&self.cursor.rest()[..1 + len])))
            })?),
            None if prefix.bytes => bytes.extend_from_slice(&self.cursor.rest().as_bytes()[..1 + len]),
            None => text.push_str(&self.cursor.rest()[..1 + len]),
        }
        self.cursor.at += 1 + len;
        Ok(())
    }

    /// The value of `digits` hex digits behind a letter.
    fn hex(&self, rest: &str, digits: usize) -> Result<u32, LiteralError> {
        rest.get(1..1 + digits)
            .filter(|text| text.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|text| u32::from_str_radix(text, 16).ok())
            .ok_or_else(|| self.error(format!("{digits} hex digits are missing after \\{}", &rest[..1])))
    }
}
