//! Bytes as a literal of Python, spelled as its `repr` does.

use super::ExportOptions;
use crate::decode::hex::push_byte;

pub(super) fn render(bytes: &[u8], _: &ExportOptions) -> String {
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
