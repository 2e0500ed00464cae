//! Strings and bytes as Python's `repr` writes them, in quotes and with escapes; `literal` reads them back.
//!
//! What can't be seen is escaped: controls, and all that is neither a letter nor a mark of some script.

use std::fmt::Write;

/// Appends a string of Python.
pub(super) fn push_str(text: &str, out: &mut String) {
    let quote = quote_for(text.contains('\''), text.contains('"'));
    out.push(quote);
    for character in text.chars() {
        push_char(character, quote, out);
    }
    out.push(quote);
}

/// Appends one character of a string between `quote`s.
pub(super) fn push_char(character: char, quote: char, out: &mut String) {
    // Writing to a String cannot fail.
    let _ = match character {
        '\\' => write!(out, "\\\\"),
        '\n' => write!(out, "\\n"),
        '\r' => write!(out, "\\r"),
        '\t' => write!(out, "\\t"),
        _ if character == quote => write!(out, "\\{quote}"),
        _ => {
            let code = u32::from(character);
            // Debug escapes exactly what can't be printed, and combining marks where no letter stands before them.
            let is_mark = || format!("a{character}").escape_debug().count() == 2;
            let is_plain = character.escape_debug().len() == 1 || character.is_alphanumeric() || is_mark();
            match code {
                _ if is_plain || matches!(character, '\'' | '"') => write!(out, "{character}"),
                0..0x100 => write!(out, "\\x{code:02x}"),
                0x100..0x10000 => write!(out, "\\u{code:04x}"),
                _ => write!(out, "\\U{code:08x}"),
            }
        }
    };
}

/// Appends a bytes string of Python.
pub(super) fn push_bytes(bytes: &[u8], out: &mut String) {
    let quote = quote_for(bytes.contains(&b'\''), bytes.contains(&b'"'));
    out.push('b');
    out.push(quote);
    for &byte in bytes {
        match byte {
            0x20..0x7f => push_char(char::from(byte), quote, out),
            b'\n' | b'\r' | b'\t' => push_char(char::from(byte), quote, out),
            // Writing to a String cannot fail.
            _ => _ = write!(out, "\\x{byte:02x}"),
        }
    }
    out.push(quote);
}

/// Python takes double quotes where that saves escapes.
const fn quote_for(single: bool, double: bool) -> char {
    if single && !double { '"' } else { '\'' }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_marks_of_every_script_stay_and_what_cannot_be_seen_is_escaped() {
        // As repr of Python 3.11 writes them.
        for (text, wanted) in [
            ("नमस्ते", "'नमस्ते'"),
            ("e\u{301}", "'e\u{301}'"),
            ("สวัสดี", "'สวัสดี'"),
            ("שלום", "'שלום'"),
            ("漢字", "'漢字'"),
            ("a\u{202e}b\u{200b}", "'a\\u202eb\\u200b'"),
            ("\u{7f}\u{85}\u{a0}", "'\\x7f\\x85\\xa0'"),
        ] {
            let mut out = String::new();
            push_str(text, &mut out);
            assert_eq!(out, wanted, "{text:?}");
        }
    }
}
