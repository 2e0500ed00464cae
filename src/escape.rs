//! Names and other text of files, made safe to show: in a terminal, in a message, in the window.
//!
//! A name may hold bytes that drive a terminal (ESC, BEL, C1), a line feed that fakes a line, marks that turn the
//! direction of the text round, or characters that nobody sees. Each of them is shown as an escape (`\x1b`, `\n`,
//! `\u{202e}`). A backslash stays as it is, so escaping twice gives the same text. Everything that a person reads of a
//! file goes through here; what a program reads (`--json`, `--raw`, an export) does not.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fmt::{self, Write};
use std::path::Path;

/// `text` with an escape for each character that must not be shown as it is.
pub fn escaped(text: &str) -> Cow<'_, str> {
    let mut previous = None;
    let mut chars = text.char_indices().peekable();
    let mut out = String::new();
    let mut done = 0;
    while let Some((at, character)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        if must_escape(previous, character, next) {
            out.push_str(&text[done..at]);
            push(character, &mut out);
            done = at + character.len_utf8();
        }
        previous = Some(character);
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// As [`escaped`], in place of a string that is owned already.
pub fn escape(text: String) -> String {
    match escaped(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(escaped) => escaped,
    }
}

/// Appends `text` as a JSON string with its quotes. Besides what JSON demands, whatever [`escaped`] would not show is
/// written as `\u`, so that the document is safe in a terminal too; a reader gets the same text.
pub fn push_json(text: &str, out: &mut String) {
    out.push('"');
    push_json_part(text, out);
    out.push('"');
}

/// As [`push_json`], a part of a string without its quotes.
pub fn push_json_part(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Joiners too: each character is looked at on its own here.
            character if is_hidden(character) => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    // Writing to a String cannot fail.
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            character => out.push(character),
        }
    }
}

/// Whether a character is to be escaped between these.
fn must_escape(previous: Option<char>, character: char, next: Option<char>) -> bool {
    let is_seen =
        |beside: Option<char>| beside.is_some_and(|beside| !beside.is_ascii() && !is_hidden(beside));
    match character {
        // Joiners and the choice of a picture belong to scripts and emoji; among letters of ASCII they only hide.
        '\u{200c}' | '\u{200d}' => !(is_seen(next) && (is_seen(previous) || previous == Some('\u{fe0f}'))),
        '\u{fe0e}' | '\u{fe0f}' => !is_seen(previous),
        _ => is_hidden(character),
    }
}

/// Controls, marks of direction, breaks of lines, and what takes no room: nothing of it is seen where it stands.
pub const fn is_hidden(character: char) -> bool {
    character.is_ascii_control() || (!character.is_ascii() && is_hidden_beyond_ascii(character as u32))
}

/// General categories Cc, Zl, Zp, those of Cf that have no picture, and the default ignorable code points of Unicode
/// (DerivedCoreProperties.txt), with the unassigned ones among them.
const fn is_hidden_beyond_ascii(code: u32) -> bool {
    matches!(code,
        0x80..=0x9f | 0xad | 0x34f | 0x61c | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180b..=0x180f
        | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0x3164 | 0xfe00..=0xfe0f | 0xfeff | 0xffa0
        | 0xfff0..=0xfffb | 0xfffe..=0xffff | 0x13430..=0x1343f | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a
        | 0xe0000..=0xe0fff)
}

fn push(character: char, out: &mut String) {
    // Writing to a String cannot fail.
    let _ = match character {
        '\n' => write!(out, "\\n"),
        '\r' => write!(out, "\\r"),
        '\t' => write!(out, "\\t"),
        _ if u32::from(character) < 0x100 => write!(out, "\\x{:02x}", u32::from(character)),
        _ => write!(out, "\\u{{{:x}}}", u32::from(character)),
    };
}

/// How a path is shown, and how it is put into a field to be typed on.
pub trait PathText {
    /// The path for a person: escaped, bytes that are no text as `\xff`.
    fn shown(&self) -> ShownPath<'_>;

    /// The path for a field or a program, from which it is read again; nothing is escaped.
    fn typed(&self) -> String;
}

/// What [`PathText::shown`] gives: a path that writes itself escaped.
#[derive(Clone, Copy, Debug)]
pub struct ShownPath<'a>(&'a OsStr);

impl PathText for OsStr {
    fn shown(&self) -> ShownPath<'_> {
        ShownPath(self)
    }

    fn typed(&self) -> String {
        self.to_string_lossy().into_owned()
    }
}

impl PathText for Path {
    fn shown(&self) -> ShownPath<'_> {
        self.as_os_str().shown()
    }

    fn typed(&self) -> String {
        self.as_os_str().typed()
    }
}

impl fmt::Display for ShownPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.as_encoded_bytes().utf8_chunks() {
            f.write_str(&escaped(chunk.valid()))?;
            for byte in chunk.invalid() {
                write!(f, "\\x{byte:02x}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_drives_a_terminal_or_is_not_seen_becomes_an_escape() {
        for (text, shown) in [
            ("plain näme 模型.npy", "plain näme 模型.npy"),
            ("a\x1b]0;x\x07b", "a\\x1b]0;x\\x07b"),
            ("two\nlines\r\t", "two\\nlines\\r\\t"),
            ("\u{9b}31m\u{85}\x7f", "\\x9b31m\\x85\\x7f"),
            ("gpj\u{202e}.exe\u{2066}", "gpj\\u{202e}.exe\\u{2066}"),
            ("\u{200e}\u{61c}a\u{200b}b\u{feff}\u{ad}", "\\u{200e}\\u{61c}a\\u{200b}b\\u{feff}\\xad"),
            ("a\u{2028}b\u{2029}c", "a\\u{2028}b\\u{2029}c"),
            ("x\u{e0041}\u{3164}", "x\\u{e0041}\\u{3164}"),
            ("back\\slash", "back\\slash"),
        ] {
            assert_eq!(escaped(text), shown);
            assert_eq!(escaped(&escaped(text)), shown, "escaping twice");
        }
    }

    #[test]
    fn joiners_stay_where_a_script_has_them() {
        for text in ["👨\u{200d}👩\u{200d}👧", "❤\u{fe0f}\u{200d}🔥", "می\u{200c}خواهم", "क्\u{200d}ष"]
        {
            assert_eq!(escaped(text), text);
        }
        assert_eq!(escaped("a\u{200d}b\u{fe0f}é\u{200d}"), "a\\u{200d}b\\u{fe0f}é\\u{200d}");
    }

    #[test]
    fn json_reads_back_and_has_nothing_that_is_not_seen() {
        let text = "a\"\\\n\x1b\u{9b}\u{202e}\u{200d}é\u{e0041}";
        let mut json = String::new();
        push_json(text, &mut json);
        assert_eq!(json, "\"a\\\"\\\\\\n\\u001b\\u009b\\u202e\\u200dé\\udb40\\udc41\"");
    }

    #[test]
    #[cfg(unix)]
    fn bytes_of_a_path_that_are_no_text_are_shown_too() {
        use std::os::unix::ffi::OsStrExt;
        let path = Path::new(std::ffi::OsStr::from_bytes(b"/tmp/a\xff\x1b\xe2\x82.npy"));
        assert_eq!(path.shown().to_string(), "/tmp/a\\xff\\x1b\\xe2\\x82.npy");
        assert_eq!(Path::new("/a\nb").typed(), "/a\nb");
    }
}
