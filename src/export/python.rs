//! Bytes as a literal of Python, spelled as its `repr` does.

use super::Options;
use crate::decode::hex::push_byte;

pub(super) fn render(bytes: &[u8], _: &Options) -> String {
    literal(bytes)
}

/// `b'A\x00'`; in double quotes when that saves escapes.
pub(super) fn literal(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { b'"' } else { b'\'' };
    let mut text = String::with_capacity(bytes.len() * 2 + 3);
    text.push('b');
    text.push(char::from(quote));
    for &byte in bytes {
        match byte {
            b'\\' => text.push_str("\\\\"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            _ if byte == quote => text.extend(['\\', char::from(quote)]),
            b' '..=b'~' => text.push(char::from(byte)),
            _ => {
                text.push_str("\\x");
                push_byte(byte, false, &mut text);
            }
        }
    }
    text.push(char::from(quote));
    text
}

/// The bytes of a bytes literal with Python's escapes; `None` when it is none.
pub(super) fn read(text: &str) -> Option<Vec<u8>> {
    let literal = text.trim().strip_prefix(['b', 'B'])?;
    let quote = literal.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    let inner = literal.get(1..)?.strip_suffix(quote)?;
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'\\' => {
                let (byte, after) = read_escape(rest)?;
                bytes.push(byte);
                rest = after;
            }
            _ if byte.is_ascii() && byte != b'\n' && char::from(byte) != quote => bytes.push(byte),
            _ => return None,
        }
    }
    Some(bytes)
}

/// The byte of an escape behind its backslash, and what follows.
fn read_escape(text: &[u8]) -> Option<(u8, &[u8])> {
    const SIMPLE: [(u8, u8); 10] = [
        (b'\\', b'\\'),
        (b'\'', b'\''),
        (b'"', b'"'),
        (b'a', 0x07),
        (b'b', 0x08),
        (b'f', 0x0c),
        (b'n', b'\n'),
        (b'r', b'\r'),
        (b't', b'\t'),
        (b'v', 0x0b),
    ];
    let (&letter, after) = text.split_first()?;
    if let Some((_, byte)) = SIMPLE.into_iter().find(|(spelled, _)| *spelled == letter) {
        return Some((byte, after));
    }
    let radix = if letter == b'x' { 16 } else { 8 };
    let digits = if letter == b'x' { after } else { text };
    let most = if letter == b'x' { 2 } else { 3 };
    let is_digit = |byte: &&u8| char::from(**byte).is_digit(radix);
    let len = digits.iter().take(most).take_while(is_digit).count();
    if len == 0 || (letter == b'x' && len < 2) {
        return None;
    }
    let byte = u8::from_str_radix(std::str::from_utf8(&digits[..len]).ok()?, radix).ok()?;
    Some((byte, &digits[len..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_read_as_python_reads_them() {
        for (text, bytes) in [
            (r"b'a\x41\101\0z'", Some(&b"aAA\0z"[..])),
            (r#" b"it's" "#, Some(b"it's")),
            (r"b'\'\n\v'", Some(b"'\n\x0b")),
            (r"b''", Some(b"")),
            (r"b'\400'", None),
            (r"b'\x4'", None),
            (r"b'a", None),
            (r"b'\'", None),
            (r"b'a'b'", None),
            (r"b'é'", None),
            (r"b'\q'", None),
            ("b'", None),
            ("b", None),
            ("'a'", None),
        ] {
            assert_eq!(read(text).as_deref(), bytes, "{text}");
        }
    }
}
