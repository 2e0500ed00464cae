//! One byte as a character the way C writes it: `'A'`, `'\n'`, `'\x00'`.
//!
//! Bytes above 0x7F are Latin-1 here; every other encoding is in `text`.

use super::integer::{ValueError, excerpt};
use std::fmt::Write;

const ESCAPES: [(char, u8); 6] =
    [('n', b'\n'), ('r', b'\r'), ('t', b'\t'), ('\\', b'\\'), ('\'', b'\''), ('"', b'"')];

pub(in crate::decode) fn push(byte: u8, out: &mut String) {
    out.push('\'');
    let escape = ESCAPES.into_iter().find(|&(_, escaped)| escaped == byte && byte != b'"');
    if let Some((letter, _)) = escape {
        out.push('\\');
        out.push(letter);
    } else if matches!(byte, 0x20..=0x7e | 0xa1..=0xac | 0xae..) {
        out.push(char::from(byte));
    } else {
        // Writing to a String cannot fail.
        let _ = write!(out, "\\x{byte:02x}");
    }
    out.push('\'');
}

/// Takes the character with its quotes or without.
pub(in crate::decode) fn parse(text: &str) -> Result<u8, ValueError> {
    let wrong = || {
        ValueError::new(format!(
            "'{}' is not a single one-byte character; you can type any byte as \\x00 to \\xff",
            excerpt(text)
        ))
    };
    let trimmed = text.trim();
    let quoted = trimmed.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    let inner = quoted.filter(|inner| !inner.is_empty()).unwrap_or(if text.chars().count() == 1 {
        text
    } else {
        trimmed
    });
    let mut characters = inner.chars();
    let (first, rest) = (characters.next().ok_or_else(wrong)?, characters.as_str());
    if rest.is_empty() {
        return u8::try_from(first).map_err(|_| wrong());
    }
    let escape = if first == '\\' { rest } else { return Err(wrong()) };
    if let Some(digits) = escape.strip_prefix('x') {
        let is_byte = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        return u8::from_str_radix(digits, 16).ok().filter(|_| is_byte).ok_or_else(wrong);
    }
    ESCAPES
        .into_iter()
        .find(|(letter, _)| escape == letter.to_string())
        .map(|(_, byte)| byte)
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_reads_back() {
        for byte in 0..=255 {
            let mut text = String::new();
            push(byte, &mut text);
            assert_eq!(parse(&text), Ok(byte), "{text}");
            assert!(text.chars().count() <= 6, "{text}");
            let bare = &text[1..text.len() - 1];
            assert_eq!(parse(bare), Ok(byte), "{bare}");
        }
    }

    #[test]
    fn what_is_no_single_byte_is_refused() {
        for text in ["", "ab", "65", "€", "\\x4", "\\x+1", "\\q", "''", "'ab'"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert_eq!(parse("'"), Ok(b'\''));
    }
}
