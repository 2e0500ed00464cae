//! A text as a table of values. Each value is still text.
//!
//! In brackets: lists of Python and JSON, `np.array(…)`, the output of NumPy. Without brackets: lines of cells, which
//! `text_cells.rs` reads. One pass; no value is interpreted here.

use super::copied_bytes::{self, Copied};
use super::pasted::{Table, Words};
use super::text_cells;
use crate::decode::cursor::{Cursor, white_space};
use crate::decode::dtype::{ItemType, Leaf};
use crate::decode::literal;
use crate::export::arrays::column_name;
use std::borrow::Cow;

/// Lists in lists.
const MAX_DEPTH: usize = 32;

/// Bytes of text that are read.
const MOST_BYTES: usize = 256 << 20;

/// What a text holds that was copied from somewhere, for items of type `item`.
pub(super) fn read_for(text: &str, item: &ItemType) -> Result<Copied, String> {
    let trimmed = text.trim();
    let strings = copied_bytes::is_string(item);
    let bytes =
        copied_bytes::read(trimmed, item).or_else(|| copied_bytes::read(unwrapped(trimmed, strings).0, item));
    if let Some(copied) = bytes {
        return copied;
    }
    let is_time = matches!(item, ItemType::Time(_));
    if !strings && copied_bytes::may_be_bytes(trimmed) && (is_time || !are_values(trimmed, item)) {
        // What no value is written as; nobody writes times as pairs of digits.
        if let Some(copied) = copied_bytes::digits(trimmed, item) {
            return copied;
        }
    }
    let ItemType::Record(_) = item else {
        let mut table = read(text, false, strings)?;
        if !strings && !is_time {
            // What Python and JSON have no literal for: complex numbers, other times.
            table.values.iter_mut().for_each(|value| *value = without_quotes(value).to_owned());
        }
        return Ok(Copied::Values(table));
    };
    read(text, true, false).map(|table| Copied::Values(table.of_records(item)))
}

/// A value of no string type; bytes are written in quotes.
fn without_quotes(value: &str) -> &str {
    if value.starts_with("b'") || value.starts_with("b\"") { value } else { value.trim_matches(['\'', '"']) }
}

/// Whether a text is a table of values of this type. Some of them are tried, which tells a table from digits of bytes.
fn are_values(text: &str, item: &ItemType) -> bool {
    const TRIED: usize = 4096;
    let old = vec![0; usize::try_from(item.group_bytes()).unwrap_or(0)];
    let fits = |value: &String| item.encode(without_quotes(value), &old, 0).is_ok();
    read(text, false, false).is_ok_and(|table| table.values.iter().take(TRIED).all(fits))
}

impl Table {
    /// Rows of as many values as a record has leaves are records. A row of the leaves' names is none.
    fn of_records(mut self, item: &ItemType) -> Self {
        let leaves = item.leaves(MOST_LEAVES);
        let columns = leaves.len();
        let is_record =
            |value: &String| value.starts_with('(') && value.ends_with(')') && value.contains(',');
        if columns == 0
            || self.shape.len() < 2
            || self.shape.last() != Some(&(columns as u64))
            || self.values.first().is_some_and(is_record)
        {
            return self;
        }
        if self.shape.len() == 2 && are_names(&self.values, &leaves) {
            self.values.drain(..columns.min(self.values.len()));
            self.shape[0] = self.shape[0].saturating_sub(1);
        }
        let record = |row: &[String]| {
            let mut room = MOST_LEAVES;
            record_of(item, &mut row.iter(), &mut room)
        };
        self.values = self.values.chunks(columns).map(record).collect();
        self.shape.pop();
        self
    }
}

/// Whether the first values are the names of a record's leaves, as a table has them in its first line.
pub(super) fn are_names(values: &[String], leaves: &[Leaf]) -> bool {
    let same = |(value, leaf): (&String, &Leaf)| {
        let value = text_cells::bare(value);
        value == leaf.name || value == column_name(&leaf.name)
    };
    values.iter().zip(leaves).all(same)
}

/// Leaves of a record that stand in columns.
const MOST_LEAVES: usize = 4096;

/// The text of a record whose leaves have these values, in order. Of parts without leaves there can be any number: only
/// so many are written.
fn record_of(item: &ItemType, values: &mut std::slice::Iter<'_, String>, room: &mut usize) -> String {
    match item {
        ItemType::Record(record) => {
            let fields: Vec<String> =
                record.fields.iter().map(|field| record_of(&field.item, values, room)).collect();
            format!("({}{})", fields.join(", "), if fields.len() == 1 { "," } else { "" })
        }
        ItemType::Array(array) => sequence_of(&array.item, &array.shape, values, room),
        _ => values.next().map(|value| text_cells::literal(value)).unwrap_or_default(),
    }
}

fn sequence_of(
    item: &ItemType,
    shape: &[u64],
    values: &mut std::slice::Iter<'_, String>,
    room: &mut usize,
) -> String {
    let Some((&length, rest)) = shape.split_first() else { return record_of(item, values, room) };
    let mut parts = Vec::new();
    while parts.len() as u64 != length && *room > 0 {
        *room -= usize::from(rest.is_empty());
        parts.push(sequence_of(item, rest, values, room));
    }
    format!("[{}]", parts.join(", "))
}

/// `records`: what stands in round brackets is one value, a record. `strings`: words are what they are, and spaces part
/// of them.
fn read(text: &str, records: bool, strings: bool) -> Result<Table, String> {
    if text.len() > MOST_BYTES {
        return Err(format!(
            "The text is longer than {} MiB. Save it to a file and open that.",
            MOST_BYTES >> 20
        ));
    }
    let (text, call) = unwrapped(text.trim(), strings);
    let words: Words = if strings { as_it_is } else { plain };
    let is_flat = call == Call::Flat;
    if text.starts_with('[')
        || (text.starts_with('{') && !records)
        || (text.starts_with('(') && !records && is_tuple(text))
    {
        let table = Nested {
            cursor: Cursor::new(text, white_space),
            records,
            words,
            shape: Vec::new(),
            values: Vec::new(),
        }
        .whole(call != Call::None)?;
        return Ok(Table { is_flat, ..table });
    }
    text_cells::lines(text, strings, records, words)
}

fn as_it_is(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

/// Whether round brackets at the start close at the end with commas between: `(1+2j)` is one value.
fn is_tuple(text: &str) -> bool {
    text.ends_with(')') && text.contains(',')
}

/// Without `np.array(` and what comes after its list, and without a name or declaration before `=` and a list or call.
/// Of strings only lists and calls are taken so: any other text is one of them.
fn unwrapped(text: &str, strings: bool) -> (&str, Call) {
    let whole = text;
    let text = text.trim_end_matches([';', ' ', '\n']);
    let begins = |value: &str| {
        let lists = ["[", "np.array(", "numpy.array("];
        let more = ["{", "(", "array.array(", "array(", "struct.unpack(", "b'", "b\""];
        lists.iter().chain(more.iter().filter(|_| !strings)).any(|start| value.starts_with(start))
    };
    let is_name =
        |name: &str| name.starts_with(char::is_alphabetic) && !name.contains(['(', '\'', '"', '\n']);
    let value = match text.split_once('=') {
        Some((name, value)) if is_name(name.trim()) && begins(value.trim()) => value.trim(),
        _ if strings && !begins(text) => return (whole, Call::None),
        _ => text,
    };
    for call in ["np.array(", "numpy.array(", "array.array(", "array("] {
        let Some(inner) = value.strip_prefix(call) else { continue };
        let kind = if call == "array.array(" { Call::Flat } else { Call::Other };
        if let Some(start) = inner.find('[').filter(|start| kind == Call::Flat || *start == 0) {
            return (inner.get(start..).unwrap_or(value), kind);
        }
        // An array without sides.
        return (inner.split(", dtype=").next().unwrap_or(inner).trim_end_matches(')'), Call::None);
    }
    if value.starts_with('{')
        && let Some(at) = value.find("\"values\"")
        && let Some(list) = value[at..].find('[')
    {
        return (&value[at + list..], Call::Other);
    }
    (value, Call::None)
}

/// What the values stand in, and so what may come behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Call {
    None,
    /// `array.array` has one side whatever its values are from.
    Flat,
    Other,
}

struct Nested<'a> {
    cursor: Cursor<'a>,
    records: bool,
    words: Words,
    /// Items of the first list of each depth; later ones have as many.
    shape: Vec<u64>,
    values: Vec<String>,
}

impl Nested<'_> {
    fn whole(mut self, goes_on: bool) -> Result<Table, String> {
        self.list(0)?;
        match self.cursor.peek() {
            // What a list of Python says of itself.
            Some('#') => Ok(Table { shape: self.shape, values: self.values, is_flat: false }),
            Some(_) if !goes_on => Err(self.fault("there is more text after the list")),
            _ => Ok(Table { shape: self.shape, values: self.values, is_flat: false }),
        }
    }

    fn fault(&self, what: &str) -> String {
        let line = self.cursor.text[..self.cursor.at].matches('\n').count() + 1;
        format!("The values can't be read: in line {line} {what}. Nothing was changed.")
    }

    fn opens_list(&mut self) -> bool {
        match self.cursor.peek() {
            Some('[') => true,
            Some('{') => !self.records,
            Some('(') => !self.records && self.holds_comma(),
            _ => false,
        }
    }

    /// Whether round brackets are a tuple: a comma comes before they close.
    fn holds_comma(&self) -> bool {
        let rest = self.cursor.rest();
        rest.find([',', ')']).is_some_and(|at| rest[at..].starts_with(','))
    }

    /// One list with its brackets.
    fn list(&mut self, depth: usize) -> Result<(), String> {
        if depth == MAX_DEPTH {
            return Err(self.fault("lists are nested too deeply"));
        }
        let close = match self.cursor.peek() {
            Some('[') => ']',
            Some('{') => '}',
            _ => ')',
        };
        self.cursor.at += 1;
        let mut count = 0;
        loop {
            match self.cursor.peek() {
                None => return Err(self.fault(&format!("a '{close}' is missing"))),
                Some(c) if c == close => break,
                Some(',') => return Err(self.fault("a value is missing before a comma")),
                Some(_) => {}
            }
            if self.opens_list() {
                self.list(depth + 1)?;
            } else {
                let value = self.value(close)?;
                if !self.note_bottom(depth) {
                    return Err(self.fault("a list contains both values and lists"));
                }
                self.values.push(value);
            }
            count += 1;
            self.cursor.take(',');
        }
        self.cursor.at += 1;
        self.counted(depth, count)
    }

    /// Notes that values stand at this depth; `false` when they stood deeper before.
    fn note_bottom(&mut self, depth: usize) -> bool {
        if self.values.is_empty() && self.shape.len() <= depth {
            self.shape.resize(depth + 1, u64::MAX);
        }
        self.shape.len() == depth + 1
    }

    fn counted(&mut self, depth: usize, count: u64) -> Result<(), String> {
        if self.shape.len() <= depth {
            self.shape.resize(depth + 1, u64::MAX);
        }
        let known = self.shape[depth];
        if known == u64::MAX {
            self.shape[depth] = count;
        } else if known != count {
            return Err(
                self.fault(&format!("a list has length {count}, but the ones before it have length {known}"))
            );
        }
        Ok(())
    }

    /// The text of one value up to what ends it.
    fn value(&mut self, close: char) -> Result<String, String> {
        let rest = self.cursor.rest();
        let (mut depth, mut quote, mut escaped) = (0_usize, None, false);
        for (at, letter) in rest.char_indices() {
            match quote {
                Some(_) if escaped => escaped = false,
                Some(_) if letter == '\\' => escaped = true,
                Some(end) if letter == end => quote = None,
                Some(_) => {}
                None if matches!(letter, '\'' | '"') => quote = Some(letter),
                None if matches!(letter, '(' | '{') => depth += 1,
                None if depth > 0 && matches!(letter, ')' | '}') => depth -= 1,
                None if depth == 0 && (letter == close || letter == ',' || letter.is_whitespace()) => {
                    self.cursor.at += at;
                    return Ok((self.words)(&rest[..at]).into_owned());
                }
                None => {}
            }
        }
        Err(self.fault(&format!("a '{close}' is missing")))
    }
}

/// The words of JSON, C, Rust and NumPy for what Python has another word for.
fn plain(text: &str) -> Cow<'_, str> {
    if text.starts_with("complex(") {
        let number = literal::parse_expression(text).ok().and_then(|value| value.number_text());
        return number.map_or(Cow::Borrowed(text), Cow::Owned);
    }
    let (sign, word) = text.strip_prefix('-').map_or(("", text), |word| ("-", word));
    let scopes = ["np.", "numpy.", "math.", "f32::", "f64::", "float('", "\""];
    let bare = scopes.iter().find_map(|scope| word.strip_prefix(scope)).unwrap_or(word);
    let bare = bare.trim_end_matches(['\'', ')', '"']);
    match bare {
        "true" => Cow::Borrowed("True"),
        "false" => Cow::Borrowed("False"),
        "null" | "None" => Cow::Borrowed("nan"),
        "NaN" | "NAN" | "nan" => Cow::Owned(format!("{sign}nan")),
        "-nan" => Cow::Borrowed("-nan"),
        "Infinity" | "INFINITY" | "inf" => Cow::Owned(format!("{sign}inf")),
        "-inf" => Cow::Borrowed("-inf"),
        _ => match word.strip_suffix('u').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit())) {
            Some(digits) if !digits.is_empty() => Cow::Borrowed(digits),
            _ => number_in_quotes(text).map_or(Cow::Borrowed(text), Cow::Borrowed),
        },
    }
}

/// Whole numbers that JSON can't hold stand in quotes there.
fn number_in_quotes(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let digits = inner.strip_prefix('-').unwrap_or(inner);
    (digits.len() > 15 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> (Vec<u64>, String) {
        let table = read(text, false, false).unwrap_or_else(|error| panic!("{text}: {error}"));
        (table.shape, table.values.join("|"))
    }

    #[test]
    fn tables_come_in_many_forms() {
        for (text, shape, values) in [
            ("1\t2\n3\t4\n", &[2, 2][..], "1|2|3|4"),
            ("1,2,3", &[1, 3], "1|2|3"),
            ("1.5 2\n\n 3 4", &[2, 2], "1.5|2|3|4"),
            ("\"a,b\";\"say \"\"x\"\"\"", &[1, 2], "a,b|say \"x\""),
            ("[1, 2, 3]", &[3], "1|2|3"),
            ("[[1, 2], [3, 4],]", &[2, 2], "1|2|3|4"),
            ("[[1 2]\n [3 4]]", &[2, 2], "1|2|3|4"),
            ("x = np.array([[1.5, np.nan], [-np.inf, 2]], dtype='<f4')", &[2, 2], "1.5|nan|-inf|2"),
            ("array([1., 2.])", &[2], "1.|2."),
            ("[true, null, \"-inf\", \"9007199254740993\"]", &[4], "True|nan|-inf|9007199254740993"),
            ("const DATA: [[f32; 2]; 1] = [[f32::NAN, -f32::INFINITY]];", &[1, 2], "nan|-inf"),
            ("const float data[1][2] = {{1.5, NAN}};", &[1, 2], "1.5|nan"),
            ("[(1+2j), 3j]", &[2], "(1+2j)|3j"),
            ("((1, 2), (3, 4))", &[2, 2], "1|2|3|4"),
            ("['a b', b'\\'']", &[2], "'a b'|b'\\''"),
            ("[[]]", &[1, 0], ""),
            ("| a | b |\n| --- | --- |\n| 1 | 2 |", &[1, 2], "1|2"),
            ("7", &[1, 1], "7"),
        ] {
            assert_eq!(table(text), (shape.to_vec(), values.to_owned()), "{text}");
        }
        let records = read("[(1, 2.0), (3, 4.0)]", true, false).expect("a table");
        assert_eq!((records.shape, records.values.join("|")), (vec![2], "(1, 2.0)|(3, 4.0)".to_owned()));
    }

    #[test]
    fn what_is_not_straight_is_refused() {
        for (text, word) in [
            ("1,2\n3", "row 2"),
            ("[[1, 2], [3]]", "length 1, but"),
            ("[1, [2]]", "both values and lists"),
            ("[[1], 2]", "both values and lists"),
            ("[1, 2", "a ']' is missing"),
            ("[1,, 2]", "before a comma"),
            ("[1] 2", "more"),
            ("", "no values"),
        ] {
            let error = read(text, false, false).expect_err(text);
            assert!(error.contains(word), "{text}: {error}");
        }
        assert!(read(&"[".repeat(100_000), false, false).is_err());
    }

    #[test]
    fn what_is_a_value_is_no_digits_of_bytes_and_strings_are_left_alone() {
        let item = |dtype: &str| dtype.parse::<ItemType>().expect("a type");
        for (dtype, text, values) in [
            ("|u1", "0x1F", "0x1F"),
            ("|u1", "05\n10\n15", "05|10|15"),
            ("|b1", "TRUE", "TRUE"),
            ("|u1", "0a ff", "[10, 255]"),
            ("<u2", "0a00 ff00", "0a00|ff00"),
            ("<U8", "[\"true\", \"null\", 42u]", "\"true\"|\"null\"|42u"),
            ("<U16", "hello world", "hello world"),
            ("<U16", "name=foo", "name=foo"),
            ("<U4", "a\nb", "a|b"),
            ("<f4", "x = [1, 2];", "1|2"),
        ] {
            let found = match read_for(text, &item(dtype)).unwrap_or_else(|error| panic!("{text}: {error}")) {
                Copied::Values(table) => table.values.join("|"),
                Copied::Bytes(bytes) => format!("{bytes:?}"),
            };
            assert_eq!(found, values, "{text} as {dtype}");
        }
    }
}
