//! Slices from text, in one pass from left to right.
//!
//! What Python reads is read here the same way, whitespace and all; arithmetic, names and calls are not evaluated.

use super::{Bracket, Part, Range, Slice};
use crate::decode::cursor::Cursor;
use crate::escape::is_hidden;
use std::str::FromStr;

/// Why a text is no slice, and at which byte of it. Its `Display` is a sentence for the user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct ParseSliceError {
    pub text: String,
    pub at: usize,
}

/// Brackets, and parts a bracket, that are read: more than any array has use for.
const MOST: usize = 128;

impl FromStr for Slice {
    type Err = ParseSliceError;

    /// With brackets or, for a single pair, without; a name before them is passed over. Nothing: the whole array.
    fn from_str(text: &str) -> Result<Self, ParseSliceError> {
        let mut reader = Reader { cursor: Cursor::new(text, blanks) };
        let mut brackets = Vec::new();
        if reader.cursor.peek().is_none() {
            return Ok(Self { brackets });
        }
        if text.trim() == "()" {
            return Ok(Self { brackets: vec![Bracket::Parts(Vec::new())] });
        }
        reader.pass_name();
        if reader.cursor.peek() != Some('[') {
            let parts = reader.parts(None)?;
            return Ok(Self { brackets: vec![parts] });
        }
        while reader.cursor.take('[') {
            if brackets.len() == MOST {
                return Err(reader.error("There are more brackets than any array needs."));
            }
            brackets.push(reader.bracket()?);
        }
        match reader.cursor.peek() {
            None => Ok(Self { brackets }),
            Some(other) => Err(reader.error(&format!("'{other}' can't follow the brackets."))),
        }
    }
}

/// White space as Python takes it.
fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t', '\n', '\r', '\x0c']).len()
}

struct Reader<'a> {
    cursor: Cursor<'a>,
}

impl Reader<'_> {
    fn error(&self, text: &str) -> ParseSliceError {
        ParseSliceError { text: text.to_owned(), at: self.cursor.at }
    }

    /// The name of the array, if brackets follow it.
    fn pass_name(&mut self) {
        let part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let begins = self.cursor.rest().starts_with(|c: char| c.is_alphabetic() || c == '_');
        let len = self.cursor.run(part).len();
        if begins && self.cursor.rest()[len..].trim_start().starts_with('[') {
            self.cursor.at += len;
        }
    }

    /// What follows an opening bracket, its closing one included.
    fn bracket(&mut self) -> Result<Bracket, ParseSliceError> {
        match self.cursor.peek() {
            Some('\'' | '"') => {
                let name = self.string()?;
                self.close(']')?;
                Ok(Bracket::Field(name))
            }
            Some('[') => {
                self.cursor.take('[');
                let names = self.names()?;
                self.close(']')?;
                Ok(Bracket::Fields(names))
            }
            Some('(') => {
                self.cursor.take('(');
                let parts = self.parts(Some(')'))?;
                self.close(']')?;
                Ok(parts)
            }
            Some(']') => Err(self.error("The brackets are empty. [...] is the whole array.")),
            _ => self.parts(Some(']')),
        }
    }

    fn close(&mut self, bracket: char) -> Result<(), ParseSliceError> {
        if self.cursor.take(bracket) { Ok(()) } else { Err(self.expected(&format!("'{bracket}'"))) }
    }

    fn expected(&mut self, what: &str) -> ParseSliceError {
        match self.cursor.peek() {
            Some(found) => self.error(&format!("Expected {what}, not '{found}'.")),
            None => self.error(&format!("The slice ends where {what} is expected.")),
        }
    }

    /// The names of a list of fields up to its closing bracket.
    fn names(&mut self) -> Result<Vec<String>, ParseSliceError> {
        let mut names = Vec::new();
        loop {
            match self.cursor.peek() {
                Some('\'' | '"') if names.len() < MOST * MOST => names.push(self.string()?),
                Some(']') if !names.is_empty() => {
                    self.cursor.take(']');
                    return Ok(names);
                }
                _ => {
                    return Err(self.error(
                        "A list in brackets can only have field names, as in [['x', 'y']]. Lists of numbers \
                         are not supported; write a slice.",
                    ));
                }
            }
            if !self.cursor.take(',') {
                self.close(']')?;
                return Ok(names);
            }
        }
    }

    /// Parts between commas up to `end`, which is taken; `None`: to the end of the text.
    fn parts(&mut self, end: Option<char>) -> Result<Bracket, ParseSliceError> {
        let mut parts = Vec::new();
        let tuple = end == Some(')');
        if tuple && self.cursor.take(')') {
            return Ok(Bracket::Parts(parts));
        }
        loop {
            if parts.len() == MOST {
                return Err(self.error("The slice has more parts than the largest number of axes."));
            }
            let part = self.part()?;
            if tuple && matches!(part, Part::Range(_)) {
                return Err(self.error("A range can't be in round brackets."));
            }
            parts.push(part);
            let comma = self.cursor.take(',');
            let ended = match end {
                Some(end) => self.cursor.take(end),
                None => self.cursor.peek().is_none(),
            };
            match (comma, ended) {
                // A value in brackets of its own is no tuple, but means the same.
                (_, true) => return Ok(Bracket::Parts(parts)),
                (true, false) => {}
                (false, false) => {
                    return Err(self.expected("a comma or the end of the brackets"));
                }
            }
        }
    }

    /// A word that is no part of a longer one.
    fn take_word(&mut self, word: &str) -> bool {
        self.cursor.peek();
        let after = self.cursor.rest().strip_prefix(word);
        let found = after.is_some_and(|after| !after.starts_with(|c: char| c.is_alphanumeric() || c == '_'));
        if found {
            self.cursor.at += word.len();
        }
        found
    }

    fn part(&mut self) -> Result<Part, ParseSliceError> {
        if self.take_word("...") || self.take_word("Ellipsis") {
            return Ok(Part::Ellipsis);
        }
        if ["np.newaxis", "numpy.newaxis", "newaxis"].iter().any(|word| self.take_word(word)) {
            return Ok(Part::NewAxis);
        }
        let none = self.take_word("None");
        let from = self.cursor.at;
        let start = if none { None } else { self.number()? };
        let to = self.cursor.at;
        if !self.cursor.take(':') {
            return match start {
                Some(index) => Ok(i64::try_from(index)
                    .map_or_else(|_| Part::Beyond(self.cursor.text[from..to].trim().into()), Part::Index)),
                None if none => Ok(Part::NewAxis),
                None => Err(self.no_part()),
            };
        }
        let start = start.map(clamped);
        let stop = self.bound()?;
        let step = if self.cursor.take(':') { self.bound()? } else { None };
        if step == Some(0) {
            return Err(self.error("A step can't be 0."));
        }
        Ok(Part::Range(Range { start, stop, step }))
    }

    /// A number of a range; none, or `None`, for the usual one.
    fn bound(&mut self) -> Result<Option<i64>, ParseSliceError> {
        if self.take_word("None") { Ok(None) } else { Ok(self.number()?.map(clamped)) }
    }

    fn no_part(&mut self) -> ParseSliceError {
        match self.cursor.peek() {
            Some('\'' | '"') => self.error("A field name must be alone in its brackets: ['x'][0]."),
            Some(c) if c.is_alphabetic() || c == '_' => {
                let word = self.cursor.run(|c| c.is_alphanumeric() || c == '_');
                self.error(&format!("'{word}' is not a number; a field name is written ['{word}']."))
            }
            _ => self.expected("an index or a range"),
        }
    }

    /// A whole number with its signs; `None` where there is none. Numbers beyond 128 bits are the largest.
    fn number(&mut self) -> Result<Option<i128>, ParseSliceError> {
        let mut negative = false;
        let mut signs = 0;
        while let Some(sign @ ('-' | '+')) = self.cursor.peek() {
            negative ^= sign == '-';
            self.cursor.at += 1;
            signs += 1;
        }
        let word = self.cursor.run(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
        if !word.starts_with(|c: char| c.is_ascii_digit()) {
            return if signs == 0 && !word.starts_with('.') {
                Ok(None)
            } else {
                Err(self.expected("a number"))
            };
        }
        let Some(number) = whole_number(word) else {
            let word: String = word.chars().take(40).collect();
            return Err(self.error(&format!("'{word}' is not an integer.")));
        };
        self.cursor.at += word.len();
        Ok(Some(if negative { number.saturating_neg() } else { number }))
    }

    /// A string in quotes, with Python's common escapes.
    fn string(&mut self) -> Result<String, ParseSliceError> {
        let quote = self.cursor.peek().unwrap_or('\'');
        self.cursor.take(quote);
        let mut out = String::new();
        let mut letters = self.cursor.text[self.cursor.at..].char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '\n' => break,
                _ if letter == quote => {
                    self.cursor.at += at + quote.len_utf8();
                    return Ok(out);
                }
                '\\' => match escape(&mut letters) {
                    Some(letter) => out.push(letter),
                    None => {
                        self.cursor.at += at;
                        return Err(self.error("This escape is not known. For a backslash, write it twice."));
                    }
                },
                _ => out.push(letter),
            }
        }
        self.cursor.at = self.cursor.text.len();
        Err(self.error("The closing quote of a name is missing."))
    }
}

/// What follows a backslash.
fn escape(letters: &mut std::str::CharIndices<'_>) -> Option<char> {
    let digits = match letters.next()?.1 {
        same @ ('\\' | '\'' | '"') => return Some(same),
        'n' => return Some('\n'),
        'r' => return Some('\r'),
        't' => return Some('\t'),
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => return None,
    };
    let code = (0..digits).try_fold(0, |code, _| Some(code * 16 + letters.next()?.1.to_digit(16)?))?;
    char::from_u32(code)
}

/// The bound of a range: beyond the ends of an axis they are all alike.
fn clamped(number: i128) -> i64 {
    number.clamp(-i128::from(i64::MAX), i128::from(i64::MAX)) as i64
}

/// Python's whole numbers; those beyond 128 bits are the largest.
fn whole_number(word: &str) -> Option<i128> {
    let (radix, digits) = match word.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") => (16, &word[2..]),
        Some("0o") => (8, &word[2..]),
        Some("0b") => (2, &word[2..]),
        _ => (10, word),
    };
    let digits = if radix == 10 { digits } else { digits.strip_prefix('_').unwrap_or(digits) };
    let well_separated = !digits.ends_with('_') && !digits.starts_with('_') && !digits.contains("__");
    let known = !digits.is_empty() && digits.chars().all(|c| c == '_' || c.is_digit(radix));
    // Python knows no 007: it was octal once.
    let octal = radix == 10 && digits.starts_with('0') && digits.contains(|c| ('1'..='9').contains(&c));
    if !well_separated || !known || octal {
        return None;
    }
    let add = |sum: i128, c: char| match c.to_digit(radix) {
        Some(digit) => sum.saturating_mul(i128::from(radix)).saturating_add(i128::from(digit)),
        None => sum,
    };
    Some(digits.chars().fold(0, add))
}

/// A text in quotes as Python and [`Slice`] read it back.
pub fn quoted(name: &str) -> String {
    let mut out = String::from("'");
    for letter in name.chars() {
        match letter {
            '\\' | '\'' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // As Python writes it, so that it reads back.
            c if is_hidden(c) && u32::from(c) > 0xffff => out.push_str(&format!("\\U{:08x}", u32::from(c))),
            c if is_hidden(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}
