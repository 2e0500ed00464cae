//! JSON read token by token from the bytes of a header, with the place of everything.
//!
//! A parser that builds values would cost many times the header's memory and would lose the positions of values and
//! which keys occur twice. This one is linear, follows no recursion, and takes what Python's `json` takes and some
//! more: it is not the judge of the text, it finds arrays in it.

use super::header::VALUE_CHARS;
use std::borrow::Cow;
use std::ops::Range;

/// Brackets inside brackets beyond this are refused.
const MOST_DEPTH: usize = 32;

/// Of text that is no UTF-8, so many bytes are shown.
const BAD_TEXT_BYTES: usize = 256;

/// What is wrong, and at which byte of the text.
#[derive(Debug, PartialEq)]
pub(crate) struct JsonError {
    pub text: &'static str,
    pub at: usize,
}

/// A key of an object, and where it stands with its quotes.
pub(crate) type JsonKey<'a> = (Cow<'a, str>, Range<usize>);

/// A place in a JSON text.
#[derive(Default)]
pub(crate) struct Json<'a> {
    text: &'a [u8],
    at: usize,
    /// Bytes that are read again.
    again: usize,
}

impl<'a> Json<'a> {
    /// At the start of `text`.
    pub fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0, again: 0 }
    }

    /// Where the next byte to be read is.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Goes back to where it was.
    pub fn go_back(&mut self, at: usize) {
        self.again += self.at.saturating_sub(at);
        self.at = self.at.min(at);
    }

    /// Bytes that were read so far, those that were read twice counted twice.
    pub fn work(&self) -> u64 {
        (self.at + self.again) as u64
    }

    /// Whether nothing but white space is left.
    pub fn is_done(&mut self) -> bool {
        self.peek().is_none()
    }

    /// The text of a place as it stands there, the first few thousand bytes of it.
    pub fn raw(&self, place: Range<usize>) -> Cow<'a, str> {
        let bytes = self.text.get(place).unwrap_or_default();
        String::from_utf8_lossy(&bytes[..bytes.len().min(4 * VALUE_CHARS)])
    }

    /// What is wrong here.
    ///
    /// # Errors
    /// Always.
    pub fn error<T>(&self, text: &'static str) -> Result<T, JsonError> {
        Err(JsonError { text, at: self.at })
    }

    /// The next byte that is no white space, not taken.
    pub fn peek(&mut self) -> Option<u8> {
        while let Some(byte) = self.text.get(self.at) {
            if !matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
                return Some(*byte);
            }
            self.at += 1;
        }
        None
    }

    fn take(&mut self, byte: u8, missing: &'static str) -> Result<(), JsonError> {
        if self.peek() != Some(byte) {
            return self.error(missing);
        }
        self.at += 1;
        Ok(())
    }

    /// Goes into an object.
    ///
    /// # Errors
    /// [`JsonError`] when something else comes next.
    pub fn open_object(&mut self) -> Result<(), JsonError> {
        self.take(b'{', "an object was expected here")
    }

    /// The next key of an object that was opened; `None` behind its end. `first` is whether no key was read
    /// yet. The value comes next.
    ///
    /// # Errors
    /// [`JsonError`] when neither a key nor the end comes next.
    pub fn key(&mut self, first: bool) -> Result<Option<JsonKey<'a>>, JsonError> {
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(None);
        }
        if !first {
            self.take(b',', "a comma or the end of the object was expected here")?;
        }
        if self.peek() != Some(b'"') {
            return self.error("a key was expected here");
        }
        let start = self.at;
        let key = self.string()?;
        let place = start..self.at;
        self.take(b':', "a colon was expected here")?;
        Ok(Some((key, place)))
    }

    /// Goes into a list.
    ///
    /// # Errors
    /// [`JsonError`] when something else comes next.
    pub fn open_list(&mut self) -> Result<(), JsonError> {
        self.take(b'[', "a list was expected here")
    }

    /// Whether a value of a list that was opened comes next; not behind its end. `first` is whether none was read yet.
    ///
    /// # Errors
    /// [`JsonError`] when neither a value nor the end comes next.
    pub fn next_in_list(&mut self, first: bool) -> Result<bool, JsonError> {
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(false);
        }
        if !first {
            self.take(b',', "a comma or the end of the list was expected here")?;
        }
        Ok(true)
    }

    /// A string. Text that is no UTF-8 is shown in part, with marks.
    ///
    /// # Errors
    /// [`JsonError`] when no string comes next, or it does not end.
    pub fn string(&mut self) -> Result<Cow<'a, str>, JsonError> {
        self.take(b'"', "a string was expected here")?;
        let start = self.at;
        let mut escaped = false;
        loop {
            match self.text.get(self.at) {
                None => return self.error("a string does not end"),
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.at = (self.at + 2).min(self.text.len());
                }
                Some(_) => self.at += 1,
            }
        }
        let bytes = &self.text[start..self.at];
        self.at += 1;
        let Ok(text) = std::str::from_utf8(bytes) else {
            let some = &bytes[..bytes.len().min(BAD_TEXT_BYTES)];
            return Ok(Cow::Owned(String::from_utf8_lossy(some).into_owned()));
        };
        Ok(if escaped { Cow::Owned(unescaped(text)) } else { Cow::Borrowed(text) })
    }

    /// A whole number from 0 on.
    ///
    /// # Errors
    /// [`JsonError`] when no whole number of 64 bits comes next.
    pub fn count(&mut self) -> Result<u64, JsonError> {
        self.peek();
        let digits = self.text[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let mut value = 0_u64;
        for digit in &self.text[self.at..self.at + digits] {
            let next = value.checked_mul(10).and_then(|value| value.checked_add(u64::from(digit - b'0')));
            let Some(next) = next else { return self.error("a number does not fit into 64 bits") };
            value = next;
        }
        let after = self.text.get(self.at + digits);
        if digits == 0 || matches!(after, Some(b'.' | b'e' | b'E')) {
            return self.error("an integer of at least 0 was expected here");
        }
        self.at += digits;
        Ok(value)
    }

    /// The counts of a list, at most `most` of them; whether these are all. After an error only a part was passed.
    ///
    /// # Errors
    /// [`JsonError`] when no list of whole numbers comes next.
    pub fn counts(&mut self, most: usize, into: &mut Vec<u64>) -> Result<bool, JsonError> {
        into.clear();
        self.take(b'[', "a list was expected here")?;
        let mut all = true;
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(true);
        }
        loop {
            let count = self.count()?;
            if into.len() < most {
                into.push(count);
            } else {
                all = false;
            }
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(all);
            }
            self.take(b',', "a comma or the end of the list was expected here")?;
        }
    }

    /// Passes over any value.
    ///
    /// # Errors
    /// [`JsonError`] when no value comes next.
    pub fn pass(&mut self) -> Result<(), JsonError> {
        self.skip().map(drop)
    }

    /// Passes over any value; where it stood.
    ///
    /// # Errors
    /// [`JsonError`] when no value comes next.
    pub fn skip(&mut self) -> Result<Range<usize>, JsonError> {
        let Some(first) = self.peek() else { return self.error("a value was expected here") };
        let start = self.at;
        match first {
            b'"' => self.pass_string()?,
            b'{' | b'[' => self.pass_brackets()?,
            b',' | b':' | b'}' | b']' => return self.error("a value was expected here"),
            _ => {
                let plain = |byte: &&u8| !matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n');
                self.at += self.text[self.at..].iter().take_while(plain).count();
            }
        }
        Ok(start..self.at)
    }

    fn pass_string(&mut self) -> Result<(), JsonError> {
        self.at += 1;
        loop {
            match self.text.get(self.at) {
                None => return self.error("a string does not end"),
                Some(b'"') => break,
                Some(b'\\') => self.at = (self.at + 2).min(self.text.len()),
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        Ok(())
    }

    fn pass_brackets(&mut self) -> Result<(), JsonError> {
        let mut open = [0_u8; MOST_DEPTH];
        let mut depth = 0;
        loop {
            let Some(byte) = self.peek() else { return self.error("a bracket is not closed") };
            match byte {
                b'"' => {
                    self.pass_string()?;
                    continue;
                }
                b'{' | b'[' => {
                    let Some(slot) = open.get_mut(depth) else {
                        return self.error("brackets are nested too deeply");
                    };
                    *slot = byte + 2;
                    depth += 1;
                }
                b'}' | b']' => {
                    if open[depth - 1] != byte {
                        return self.error("a bracket is closed by a bracket of another kind");
                    }
                    depth -= 1;
                }
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Ok(());
            }
        }
    }
}

/// Text without its escapes; a half of a surrogate pair becomes the mark for what is no character.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let mut escape = rest[at + 1..].chars();
        let c = escape.next().unwrap_or('\\');
        rest = escape.as_str();
        match c {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'u' => out.push(code_point(&mut rest)),
            other => out.push(other),
        }
    }
    out.push_str(rest);
    out
}

/// The character of the digits behind `\u`, of two such escapes when they are a pair.
fn code_point(rest: &mut &str) -> char {
    let Some(first) = hex4(rest) else { return char::REPLACEMENT_CHARACTER };
    *rest = &rest[4..];
    if let 0xd800..0xdc00 = first
        && let Some(second) = rest.strip_prefix("\\u").and_then(hex4)
        && let 0xdc00..0xe000 = second
    {
        *rest = &rest[6..];
        let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        return char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    }
    char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn hex4(text: &str) -> Option<u32> {
    let digits = text.get(..4)?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(())?;
    u32::from_str_radix(digits, 16).ok()
}

/// Appends `text` as a JSON string with its quotes, nothing escaped that need not be.
pub(crate) fn push_quoted(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for c in text.chars() {
        match c {
            '"' => out.extend(b"\\\""),
            '\\' => out.extend(b"\\\\"),
            '\n' => out.extend(b"\\n"),
            '\r' => out.extend(b"\\r"),
            '\t' => out.extend(b"\\t"),
            '\u{8}' => out.extend(b"\\b"),
            '\u{c}' => out.extend(b"\\f"),
            c if c < ' ' => out.extend(format!("\\u{:04x}", u32::from(c)).into_bytes()),
            c => out.extend(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read_and_written_back() {
        let mut json = Json::new(br#" "a\"\\\/\n\u00e9\ud83d\ude00\ud800x\u12" "#);
        assert_eq!(json.string().as_deref(), Ok("a\"\\/\né😀\u{fffd}x\u{fffd}12"));
        let mut out = Vec::new();
        push_quoted("a\"\\\n\u{1}é", &mut out);
        assert_eq!(out, "\"a\\\"\\\\\\n\\u0001é\"".as_bytes());
    }

    #[test]
    fn a_value_of_any_kind_is_passed_over_and_depth_is_bounded() {
        let text = br#"{"a": [1, {"b": "}]"}], "c": null} 7"#;
        let mut json = Json::new(text);
        assert_eq!(json.skip(), Ok(0..text.len() - 2));
        assert_eq!(json.count(), Ok(7));
        let deep = [b'['; 5000];
        assert_eq!(Json::new(&deep).skip().map_err(|error| error.at), Err(MOST_DEPTH));
        assert!(Json::new(b"[}").skip().is_err());
        assert!(Json::new(b"\"\\").string().is_err());
    }

    #[test]
    fn counts_are_whole_and_fit_in_64_bits() {
        assert_eq!(Json::new(b"18446744073709551615,").count(), Ok(u64::MAX));
        for bad in ["18446744073709551616", "1.5", "1e3", "-1", "", "x"] {
            assert!(Json::new(bad.as_bytes()).count().is_err(), "{bad}");
        }
        let mut counts = Vec::new();
        assert_eq!(Json::new(b"[1, 2,3]").counts(2, &mut counts), Ok(false));
        assert_eq!(counts, [1, 2]);
        assert!(Json::new(b"[1, 2").counts(9, &mut counts).is_err());
    }
}
