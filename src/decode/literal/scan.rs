//! The way through the text of a literal: containers, names and numbers.
//!
//! The depth is counted down on the way in, so the stack is bounded by it. Strings are read in `strings.rs`.

use super::super::scalar::float::F64;
use super::super::scalar::float_text::parse_float;
use super::super::scalar::integer::{excerpt, split_prefix, without_separators};
use super::{Literal, LiteralError};
use crate::decode::cursor::{Cursor, white_space};

pub(super) struct Scan<'a> {
    pub(super) cursor: Cursor<'a>,
    /// Containers that may still be opened.
    depth: usize,
    /// Whether names and calls are values.
    names: bool,
    /// Whether the text is a source of Python: comments, lines that go on, whole numbers of Python 2.
    source: bool,
    /// Values that may still be read.
    values: usize,
}

type Read = Result<Literal, LiteralError>;

impl<'a> Scan<'a> {
    pub(super) const fn new(text: &'a str, depth: usize, names: bool) -> Self {
        Self { cursor: Cursor::new(text, white_space), depth, names, source: false, values: usize::MAX }
    }

    /// Of a text as `ast.literal_eval` takes it, with at most so many values.
    pub(super) const fn source(text: &'a str, values: usize) -> Self {
        Self {
            cursor: Cursor::new(text, source_blanks),
            depth: super::MAX_DEPTH,
            names: false,
            source: true,
            values,
        }
    }

    /// From here on so many values may be read.
    pub(super) const fn allow(&mut self, values: usize) {
        self.values = values;
    }

    pub(super) fn whole(mut self) -> Read {
        let value = self.value()?;
        match self.cursor.peek() {
            None => Ok(value),
            Some(_) => Err(self.error(format!("'{}' follows the value", excerpt(self.cursor.rest())))),
        }
    }

    pub(super) fn error(&self, text: impl Into<String>) -> LiteralError {
        LiteralError { text: text.into(), at: self.cursor.at }
    }

    pub(super) fn value(&mut self) -> Read {
        let Some(left) = self.values.checked_sub(1) else {
            return Err(self.error("it has too many values"));
        };
        self.values = left;
        match self.cursor.peek() {
            None => Err(self.error("a value is missing at the end")),
            Some('[') => self.nested(|scan| Ok(Literal::List(scan.items(']')?.0))),
            Some('(') => self.nested(Self::parentheses),
            Some('{') => self.nested(Self::dict),
            Some('\'' | '"') => self.strings(),
            Some(_) if self.string_prefix().is_some() => self.strings(),
            Some('+' | '-' | '.' | '0'..='9') => self.number(),
            Some(first) if first.is_alphabetic() || first == '_' => self.word(),
            Some(_) => Err(self.error(format!("'{}' is not a value", excerpt(self.cursor.rest())))),
        }
    }

    /// Steps over an opening bracket and reads what it opens.
    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Read) -> Read {
        if self.depth == 0 {
            return Err(self.error("lists are nested too deeply"));
        }
        self.depth -= 1;
        self.cursor.at += 1;
        let value = read(self);
        self.depth += 1;
        value
    }

    /// Values up to `close`, and whether there was a comma.
    fn items(&mut self, close: char) -> Result<(Vec<Literal>, bool), LiteralError> {
        let (mut items, mut comma) = (Vec::new(), false);
        while !self.cursor.take(close) {
            if !items.is_empty() && !comma {
                return Err(self.error(format!("a comma or '{close}' is missing")));
            }
            items.push(self.value()?);
            let more = self.cursor.take(',');
            if !more && self.cursor.peek() != Some(close) {
                return Err(self.error(format!("a comma or '{close}' is missing")));
            }
            comma |= more;
        }
        Ok((items, comma))
    }

    fn parentheses(&mut self) -> Read {
        let (mut items, comma) = self.items(')')?;
        match items.pop() {
            Some(only) if items.is_empty() && !comma => Ok(only),
            last => {
                items.extend(last);
                Ok(Literal::Tuple(items))
            }
        }
    }

    fn dict(&mut self) -> Read {
        let mut pairs = Vec::new();
        while !self.cursor.take('}') {
            let key = self.value()?;
            if !self.cursor.take(':') {
                return Err(self.error("a ':' is missing after the key"));
            }
            pairs.push((key, self.value()?));
            if !self.cursor.take(',') && self.cursor.peek() != Some('}') {
                return Err(self.error("a comma or '}' is missing"));
            }
        }
        Ok(Literal::Dict(pairs))
    }

    /// Letters, digits, `_` and dots from here on.
    pub(super) fn run(&self) -> &'a str {
        self.cursor.run(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
    }

    fn word(&mut self) -> Read {
        let name = self.run();
        match name {
            "None" => self.constant(name, Literal::None),
            "True" | "true" => self.constant(name, Literal::Bool(true)),
            "False" | "false" => self.constant(name, Literal::Bool(false)),
            "null" => self.constant(name, Literal::None),
            _ if self.starts_float() => self.number(),
            _ if self.names => {
                self.cursor.at += name.len();
                if self.cursor.peek() == Some('(') {
                    return self.nested(|scan| scan.call(name));
                }
                Ok(Literal::Name(name.to_owned()))
            }
            _ => Err(self.error(format!("'{}' is not a value", excerpt(name)))),
        }
    }

    fn constant(&mut self, name: &str, value: Literal) -> Read {
        self.cursor.at += name.len();
        Ok(value)
    }

    fn call(&mut self, name: &str) -> Read {
        let mut arguments = Vec::new();
        while !self.cursor.take(')') {
            self.cursor.peek();
            let word = self.run();
            let after = self.cursor.rest()[word.len()..].trim_start();
            let keyword = (!word.is_empty() && after.starts_with('=')).then(|| word.to_owned());
            if keyword.is_some() {
                self.cursor.at = self.cursor.text.len() - after.len() + 1;
            }
            arguments.push((keyword, self.value()?));
            if !self.cursor.take(',') && self.cursor.peek() != Some(')') {
                return Err(self.error("a comma or ')' is missing"));
            }
        }
        Ok(Literal::Call(name.to_owned(), arguments))
    }

    /// Whether `nan` or `inf` comes next, also as the imaginary part.
    fn starts_float(&self) -> bool {
        let word = self.run().to_ascii_lowercase();
        matches!(word.strip_suffix('j').unwrap_or(&word), "nan" | "inf" | "infinity" | "-nan")
    }

    /// Steps over a sign and white space behind it, then over one number without its sign.
    fn magnitude(&mut self) -> Result<(), LiteralError> {
        self.cursor.peek();
        let bytes = self.cursor.rest().as_bytes();
        let start = self.cursor.at;
        let is_hex = matches!(bytes, [b'0', b'x' | b'X', ..]);
        if self.cursor.rest().starts_with(|c: char| c.is_alphabetic()) && !self.starts_float() {
            return Err(self.error("a number is missing"));
        }
        let mut len = 0;
        while let Some(byte) = bytes.get(len) {
            let after_exponent = len > 0
                && match bytes[len - 1] {
                    b'e' | b'E' => !is_hex,
                    b'p' | b'P' => is_hex,
                    _ => false,
                };
            let part = byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_');
            let sign = after_exponent && matches!(byte, b'+' | b'-');
            if !(part || sign) {
                break;
            }
            len += 1;
        }
        if len == 0 {
            return Err(self.error("a number is missing"));
        }
        self.cursor.at = start + len;
        if bytes[..len].eq_ignore_ascii_case(b"nan") {
            self.payload();
        }
        Ok(())
    }

    /// Steps over the `(0x7fc00001)` of a NaN, and the `j` behind it.
    fn payload(&mut self) {
        let rest = self.cursor.rest();
        let Some(inner) = rest.strip_prefix("(0x") else { return };
        let digits = inner.bytes().take_while(u8::is_ascii_hexdigit).count();
        if inner[digits..].starts_with(')') {
            self.cursor.at += 3 + digits + 1;
            self.cursor.at += usize::from(self.cursor.rest().starts_with(['j', 'J']));
        }
    }

    fn number(&mut self) -> Read {
        let start = self.cursor.at;
        let signed = self.cursor.rest().starts_with(['+', '-']);
        self.cursor.at += usize::from(signed);
        if self.names && self.cursor.rest().starts_with(|c: char| c.is_alphabetic()) && !self.starts_float() {
            // `-np.inf`: a constant with its sign.
            let name = self.run();
            self.cursor.at += name.len();
            return Ok(Literal::Name(self.cursor.text[start..self.cursor.at].to_owned()));
        }
        self.magnitude()?;
        let first = self.written(start);
        let end = self.cursor.at;
        if !first.ends_with(['j', 'J']) && matches!(self.cursor.peek(), Some('+' | '-')) {
            let sign = self.cursor.at;
            self.cursor.at += 1;
            self.magnitude()?;
            let imaginary = &self.cursor.text[sign..self.cursor.at];
            if !imaginary.ends_with(['j', 'J']) {
                self.cursor.at = sign;
                return Err(self.error("an imaginary part ends with j"));
            }
            let text = self.written(start);
            let (real, imaginary) = (self.float(&first, start)?, self.float(imaginary, sign)?);
            return Ok(Literal::Complex(real, imaginary, text));
        }
        self.cursor.at = end;
        // `5L` of Python 2, of which NumPy rids a header too.
        let first = first.strip_suffix('L').filter(|_| self.source).map_or(first.clone(), str::to_owned);
        if first.ends_with(['j', 'J']) {
            return Ok(Literal::Complex(0.0, self.float(&first, start)?, first));
        }
        match integer(&first) {
            Some(value) => Ok(Literal::Int(value)),
            None => Ok(Literal::Float(self.float(&first, start)?, first)),
        }
    }

    /// The number from `start` to here, without the white space that Python allows behind a sign.
    fn written(&self, start: usize) -> String {
        self.cursor.text[start..self.cursor.at].chars().filter(|c| !c.is_whitespace()).collect()
    }

    fn float(&self, text: &str, at: usize) -> Result<f64, LiteralError> {
        let bare = text.trim_end_matches(['j', 'J']).replace(char::is_whitespace, "");
        if bare.to_ascii_lowercase().contains("nan") {
            return Ok(f64::NAN);
        }
        // What is beyond f64 may be within the type it is meant for, which reads the text itself.
        let by_std = without_separators(&bare).and_then(|bare| bare.parse().ok());
        by_std
            .or_else(|| parse_float(&F64, &bare).ok().map(|bits| f64::from_bits(bits as u64)))
            .ok_or_else(|| LiteralError { text: format!("'{}' is not a number", excerpt(text)), at })
    }
}

/// White space, comments, and the ends of lines that go on.
fn source_blanks(text: &str) -> usize {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let len = match rest.as_bytes() {
            [b'#', ..] => rest.find(['\n', '\r']).unwrap_or(rest.len()),
            [b'\\', b'\n', ..] => 2,
            [b'\\', b'\r', b'\n', ..] => 3,
            _ => return text.len() - rest.len(),
        };
        rest = &rest[len..];
    }
}

/// A whole number of at most 127 bits.
fn integer(text: &str) -> Option<i128> {
    let unsigned = text.trim_start_matches(['+', '-']).trim_start();
    let unsigned = without_separators(unsigned)?;
    let (radix, digits) = split_prefix(&unsigned);
    let value = i128::from_str_radix(digits, radix).ok().filter(|_| !digits.starts_with(['+', '-']))?;
    Some(if text.starts_with('-') { -value } else { value })
}
