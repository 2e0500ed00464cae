//! The dictionary of a header as `ast.literal_eval` reads it: the positions of its values, and one value at a time.
//!
//! A value is passed over without building anything, and a list is read item by item, so that a header of any length
//! costs no more than what is made of it. Comments, lines that go on after a backslash, all kinds of strings and
//! numbers are read; `\N{…}` is not.

use super::scan::Scan;
use super::{Literal, LiteralError, MAX_DEPTH};
use std::ops::Range;

/// A key of the dictionary and the bytes of its value.
#[derive(Clone, Debug, PartialEq)]
pub struct HeaderPair {
    pub key: Literal,
    pub value: Range<usize>,
}

/// The pairs of the dictionary that begins `text`, at most `most`, and the byte behind its end and what may follow it
/// (white space and comments).
///
/// # Errors
/// [`LiteralError`] at the first byte that can't be read, and for more than `most` keys.
pub fn header_pairs(text: &str, most: usize) -> Result<(Vec<HeaderPair>, usize, usize), LiteralError> {
    let mut scan = Scan::source(text, usize::MAX);
    let mut parentheses = 0;
    while scan.cursor.take('(') {
        parentheses += 1;
    }
    if !scan.cursor.take('{') {
        return Err(scan.error("it does not begin with '{'"));
    }
    let mut pairs = Vec::new();
    while !scan.cursor.take('}') {
        if pairs.len() == most {
            return Err(scan.error("it has too many keys"));
        }
        let key = scan.key()?;
        if !scan.cursor.take(':') {
            return Err(scan.error("a colon is missing"));
        }
        let value = scan.pass()?;
        pairs.push(HeaderPair { key, value });
        if !scan.cursor.take(',') && scan.cursor.peek() != Some('}') {
            return Err(scan.error("a comma or '}' is missing"));
        }
    }
    let mut end = scan.cursor.at;
    for _ in 0..parentheses {
        if !scan.cursor.take(')') {
            return Err(scan.error("a ')' is missing"));
        }
        end = scan.cursor.at;
    }
    scan.cursor.peek();
    Ok((pairs, end, scan.cursor.at))
}

/// The value of a part of a header, of at most `most` values in all.
///
/// # Errors
/// [`LiteralError`] at the first byte that can't be read.
pub fn header_value(text: &str, most: usize) -> Result<Literal, LiteralError> {
    Scan::source(text, most).whole()
}

/// Calls `take` with each item of the list that a part of a header is, each of at most `most` values; `false` when it
/// is no list.
///
/// # Errors
/// Those of `take`, and what `wrong` makes of a text that can't be read.
pub(in crate::decode) fn header_items<E>(
    text: &str,
    most: usize,
    wrong: impl Fn(LiteralError) -> E,
    mut take: impl FnMut(Literal) -> Result<(), E>,
) -> Result<bool, E> {
    let mut scan = Scan::source(text, most);
    if !scan.cursor.take('[') {
        return Ok(false);
    }
    loop {
        if scan.cursor.take(']') {
            break;
        }
        scan.allow(most);
        take(scan.value().map_err(&wrong)?)?;
        if !scan.cursor.take(',') && scan.cursor.peek() != Some(']') {
            return Err(wrong(scan.error("a comma or ']' is missing")));
        }
    }
    match scan.cursor.peek() {
        None => Ok(true),
        Some(_) => Err(wrong(scan.error("something follows the list"))),
    }
}

impl Scan<'_> {
    /// A key: anything short.
    fn key(&mut self) -> Result<Literal, LiteralError> {
        const KEY_VALUES: usize = 16;
        self.allow(KEY_VALUES);
        let key = self.value();
        self.allow(usize::MAX);
        key
    }

    /// Passes over one value, whatever it is, up to the comma or bracket behind it; where it stood.
    fn pass(&mut self) -> Result<Range<usize>, LiteralError> {
        self.cursor.peek();
        let start = self.cursor.at;
        let (mut end, mut depth) = (start, 0_usize);
        loop {
            match self.cursor.peek() {
                None => return Err(self.error("a '}' is missing")),
                Some(_) if self.string_prefix().is_some() => drop(self.strings()?),
                Some(',' | '}') if depth == 0 => break,
                Some(')' | ']') if depth == 0 => return Err(self.error("a bracket was never opened")),
                Some('(' | '[' | '{') if depth == MAX_DEPTH => {
                    return Err(self.error("brackets are nested too deeply"));
                }
                Some(character) => {
                    match character {
                        '(' | '[' | '{' => depth += 1,
                        ')' | ']' | '}' => depth -= 1,
                        _ => {}
                    }
                    self.cursor.at += self.run().len().max(character.len_utf8());
                }
            }
            end = self.cursor.at;
        }
        if end == start {
            return Err(self.error("a value is missing"));
        }
        Ok(start..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Literal {
        Literal::Str(text.to_owned())
    }

    #[test]
    fn values_of_any_kind_are_found_where_they_stand() {
        let header = "{u'a': [('x', '<f4', (2,)), ('}', 'U:')], # it's }\n \"b\" :True , \\\n'\\x63' 'c': (3,), }  \n# x";
        let (found, end, last) = header_pairs(header, 9).expect("a dict");
        let found: Vec<_> = found.iter().map(|pair| (&pair.key, &header[pair.value.clone()])).collect();
        let keys = [text("a"), text("b"), text("cc")];
        let values = ["[('x', '<f4', (2,)), ('}', 'U:')]", "True", "(3,)"];
        assert_eq!(found, keys.iter().zip(values).collect::<Vec<_>>());
        assert_eq!((&header[end..], last), ("  \n# x", header.len()));
        assert_eq!(header_pairs("(({'a': 1}) )", 9).map(|(pairs, end, _)| (pairs.len(), end)), Ok((1, 13)));
        let deep = format!("{{'a': {}", "[".repeat(100_000));
        for bad in [
            "",
            "{",
            "{'a'",
            "{'a':",
            "{'a': }",
            "{'a': ]}",
            "{'a': 'x",
            "[",
            "{'a': '\\",
            "{'a': 1 2 3",
            "({1: 2}",
            "{'a': 1 'b': 2",
            "{1: 2, 3: 4}",
            &deep,
        ] {
            assert!(header_pairs(bad, 1).is_err(), "{bad:.20}");
        }
    }

    #[test]
    fn numbers_strings_and_comments_are_those_of_python() {
        for (source, value) in [
            ("0x2", Literal::Int(2)),
            ("0b11", Literal::Int(3)),
            ("0o17", Literal::Int(15)),
            ("1_0", Literal::Int(10)),
            ("5L", Literal::Int(5)),
            ("+5", Literal::Int(5)),
            ("( 3 # three\n)", Literal::Int(3)),
            ("u'<f4'", text("<f4")),
            ("'<\\x66' r'4'", text("<f4")),
            ("'\\N{DIGIT ONE}'", Literal::None),
        ] {
            let found = header_value(source, 9);
            assert!(found == Ok(value) || source.contains("\\N") && found.is_err(), "{source}: {found:?}");
        }
        assert!(header_value("(1, 2, 3)", 3).is_err());
        assert!(header_value("# nothing", 3).is_err());
    }

    #[test]
    fn a_list_is_read_item_by_item() {
        let mut found = Vec::new();
        let mut take = |item| -> Result<(), String> {
            found.push(item);
            Ok(())
        };
        let wrong = |error: LiteralError| error.text;
        assert_eq!(header_items("[(1, 2), # two\n 'a',]", 3, wrong, &mut take), Ok(true));
        assert_eq!(header_items("(1,)", 3, wrong, &mut take), Ok(false));
        assert!(header_items("[(1, 2, 3)]", 3, wrong, &mut take).is_err());
        assert!(header_items("[1] 2", 3, wrong, &mut take).is_err());
        assert_eq!(found[..2], [Literal::Tuple(vec![Literal::Int(1), Literal::Int(2)]), text("a")]);
    }
}
