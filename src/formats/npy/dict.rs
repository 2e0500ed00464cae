//! The places of the keys and values of a Python dict in its text, and a shape read from one.
//!
//! Only the top of the dict is taken apart, in one pass; what a value means is for others. Knowing the places
//! makes it possible to change one value and leave every other byte as it was.

use std::ops::Range;

/// More brackets in brackets than this are refused.
const MOST_DEPTH: usize = 32;

/// More keys than this are refused: the header has three.
const MOST_KEYS: usize = 64;

/// A key without its quotes, and its value.
type Pair = (Range<usize>, Range<usize>);

/// What is wrong with a dict, and at which byte of its text.
pub(super) type Fault = (&'static str, usize);

/// Keys and values in order, as places of `text`; and where the dict ends.
///
/// # Errors
/// What is wrong and where.
pub(super) fn places(text: &str) -> Result<(Vec<Pair>, usize), Fault> {
    let mut scan = Scan { text: text.as_bytes(), at: 0 };
    scan.white();
    if !scan.take(b'{') {
        return Err(("it does not begin with '{'", scan.at));
    }
    let mut found = Vec::new();
    loop {
        scan.white();
        if scan.take(b'}') {
            return Ok((found, scan.at));
        }
        let key = scan.value(b':')?;
        if !scan.take(b':') {
            return Err(("a colon is missing", scan.at));
        }
        scan.white();
        let value = scan.value(b',')?;
        scan.take(b',');
        if found.len() == MOST_KEYS {
            return Err(("it has too many keys", scan.at));
        }
        // A key that is no string is left as it is: nobody asks for it.
        let quote = scan.text[key.start];
        let is_string = matches!(quote, b'\'' | b'"') && key.len() >= 2 && scan.text[key.end - 1] == quote;
        let name = if is_string { key.start + 1..key.end - 1 } else { key };
        found.push((name, value));
    }
}

struct Scan<'a> {
    text: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    fn white(&mut self) {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.text.get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }

    /// The text up to `stop` or the end of the dict, without the white space behind it.
    fn value(&mut self, stop: u8) -> Result<Range<usize>, Fault> {
        let start = self.at;
        let mut depth = 0;
        let mut end = start;
        while let Some(byte) = self.text.get(self.at).copied() {
            match byte {
                b'\'' | b'"' => self.string(byte)?,
                b'(' | b'[' | b'{' => depth += 1,
                b'}' if depth == 0 => break,
                b')' | b']' | b'}' if depth == 0 => {
                    return Err(("a bracket was never opened", self.at));
                }
                b')' | b']' | b'}' => depth -= 1,
                byte if depth == 0 && byte == stop => break,
                _ => {}
            }
            if depth > MOST_DEPTH {
                return Err(("brackets lie in brackets too deep to be meant", self.at));
            }
            self.at += 1;
            if !byte.is_ascii_whitespace() {
                end = self.at;
            }
        }
        if self.at == self.text.len() {
            return Err(("the dict does not end", self.at));
        }
        if end == start {
            return Err(("a value is missing", self.at));
        }
        Ok(start..end)
    }

    /// From an opening quote to its closing one, which is not passed.
    fn string(&mut self, quote: u8) -> Result<(), Fault> {
        loop {
            self.at += 1;
            match self.text.get(self.at) {
                None => return Err(("a string does not end", self.text.len())),
                Some(b'\\') => self.at += 1,
                Some(byte) if *byte == quote => return Ok(()),
                Some(_) => {}
            }
        }
    }
}

/// The sides of `(2, 3)`, `(2,)`, `()`, also with the `L` of Python 2; `most` at most.
pub(super) fn shape(text: &str, most: usize) -> Option<Vec<u64>> {
    let inside = text.trim().strip_prefix('(')?.strip_suffix(')')?.trim();
    if inside.is_empty() {
        return Some(Vec::new());
    }
    // One side is a tuple only with its comma.
    if !inside.contains(',') {
        return None;
    }
    let inside = inside.strip_suffix(',').unwrap_or(inside);
    let mut sides = Vec::new();
    for side in inside.split(',') {
        let digits = side.trim();
        let digits = digits.strip_suffix('L').unwrap_or(digits);
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !plain || sides.len() == most {
            return None;
        }
        sides.push(digits.parse().ok()?);
    }
    Some(sides)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_any_kind_are_found_where_they_stand() {
        let text = "{'a': [('x', '<f4', (2,)), ('}', 'U:')], \"b\" :True , 'c': (3,), }  \n";
        let (found, end) = places(text).expect("a dict");
        let found: Vec<_> = found.into_iter().map(|(key, value)| (&text[key], &text[value])).collect();
        assert_eq!(found, [("a", "[('x', '<f4', (2,)), ('}', 'U:')]"), ("b", "True"), ("c", "(3,)")]);
        assert_eq!(&text[end..], "  \n");
        let deep = format!("{{'a': {}", "[".repeat(100_000));
        for bad in
            ["", "{", "{'a'", "{'a':", "{'a': }", "{'a': ]}", "{'a': 'x", "[", "{'a': '\\", deep.as_str()]
        {
            assert!(places(bad).is_err(), "{bad:.20}");
        }
    }

    #[test]
    fn a_shape_is_a_tuple_of_counts() {
        assert_eq!(shape("(2, 3)", 9), Some(vec![2, 3]));
        assert_eq!((shape("( )", 9), shape("(5L,)", 9)), (Some(vec![]), Some(vec![5])));
        for bad in [
            "(5)",
            "(-1,)",
            "(1, 2, 3)",
            "[1, 2]",
            "(1,,2)",
            "(,)",
            "(18446744073709551616,)",
            "(1.5, 2)",
            "(",
        ] {
            assert_eq!(shape(bad, 2), None, "{bad}");
        }
    }
}
