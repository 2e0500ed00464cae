//! Lists of numbers, as arrays of source code and as bare numbers between commas.
//!
//! `{0x41, 0x42}`, `[65, 66]`, `unsigned char data[] = {…};`, `new byte[] {…}`, `[]byte{…}`, `bytes([…])`, `db 41h, 42h`.
//! Numbers of several bytes have no byte order in a list: both are offered.

use super::{Found, source};

mod number;

use number::Number;

pub(super) fn read(text: &str) -> Result<Found, String> {
    let list = List::of(text)?;
    let mut bytes = Vec::with_capacity(list.numbers.len());
    for number in &list.numbers {
        let byte = u8::try_from(number.value).or_else(|_| i8::try_from(number.value).map(|byte| byte as u8));
        bytes.push(byte.map_err(|_| format!("{} does not fit into a byte", number.value))?);
    }
    Ok(Found { bytes, is_certain: list.is_sure && list.width.is_none_or(|width| width == 1) })
}

pub(super) fn read_little(text: &str) -> Result<Found, String> {
    wide(text, |value, width| value.to_le_bytes()[..width].to_vec())
}

pub(super) fn read_big(text: &str) -> Result<Found, String> {
    wide(text, |value, width| value.to_be_bytes()[16 - width..].to_vec())
}

/// The numbers in as many bytes as their type has, or as the largest needs.
fn wide(text: &str, bytes_of: fn(i128, usize) -> Vec<u8>) -> Result<Found, String> {
    let list = List::of(text)?;
    let fits = |width: usize| {
        let bits = 8 * width as u32;
        list.numbers.iter().all(|number| (-(1_i128 << (bits - 1))..1_i128 << bits).contains(&number.value))
    };
    let width = match list.width {
        Some(width) => Some(width).filter(|width| fits(*width)),
        None => [1, 2, 4, 8].into_iter().find(|width| fits(*width)),
    };
    let width = width.filter(|width| *width > 1).ok_or("it is not a list of numbers of several bytes")?;
    Ok(Found::possible(list.numbers.iter().flat_map(|number| bytes_of(number.value, width)).collect()))
}

/// The numbers of a list and what is said about them.
struct List {
    numbers: Vec<Number>,
    /// Bytes a number, where a type is named.
    width: Option<usize>,
    /// Its form is a list's and no other's.
    is_sure: bool,
}

impl List {
    fn of(text: &str) -> Result<Self, String> {
        let text = source::without_comments(text.trim());
        let (declared, value) = source::declaration(&text);
        let Some((before, inner, after)) = group(value) else { return Self::bare(value, declared) };
        let numbers = number::list(inner)?;
        if after.contains(['{', '[']) || before.contains(['{', ';']) {
            return Err(String::from("there is more than one list"));
        }
        let width =
            width_named(declared).or_else(|| width_named(before)).or_else(|| width_named(keyword(after)));
        let counted = counts(declared, before, after).into_iter().all(|count| count == numbers.len());
        let is_plain = numbers.iter().all(|number| !number.is_doubtful);
        Ok(Self { is_sure: counted && is_plain, numbers, width })
    }

    /// Numbers without brackets: an assembler's, or just numbers.
    fn bare(value: &str, declared: &str) -> Result<Self, String> {
        let value = value.trim_end_matches([',', ';']);
        let word = value.split_whitespace().next().unwrap_or("");
        let of_assembler =
            ["db", ".byte", "dc.b", "defb", ".db", "byte"].contains(&word.to_ascii_lowercase().as_str());
        let lines = value.lines().map(str::trim).filter(|line| !line.is_empty());
        let inner = if of_assembler {
            let lines = lines.map(|line| line.get(word.len()..).filter(|_| line.starts_with(word)));
            lines.collect::<Option<Vec<_>>>().ok_or("a line is not a list of numbers")?.join(",")
        } else {
            lines.collect::<Vec<_>>().join("\n")
        };
        let numbers = number::list(&inner)?;
        // Three digits are no pair of hex digits; two are both.
        let is_decimal = inner.contains(',') && numbers.iter().any(|number| number.digits >= 3);
        let is_plain = numbers.iter().all(|number| !number.is_doubtful);
        Ok(Self {
            is_sure: declared.is_empty() && is_plain && (of_assembler || is_decimal),
            numbers,
            width: None,
        })
    }
}

/// So many brackets are tried; source code has a handful around an array.
const MAX_BRACKETS: usize = 32;

/// The longest pair of brackets with what stands before and after it.
fn group(value: &str) -> Option<(&str, &str, &str)> {
    let mut best: Option<(usize, usize)> = None;
    let mut at = 0;
    for _ in 0..MAX_BRACKETS {
        let Some(open) = value[at..].find(['{', '[', '(']).map(|open| at + open) else { break };
        let close = open + source::closing(&value[open..])?;
        let inner = &value[open + 1..close];
        // A call or a list of lists holds the list itself.
        let is_call = value[open..].starts_with("('") && inner.contains('[');
        let is_list = !is_call && number::list(inner).is_ok();
        if is_list && best.is_none_or(|(from, to)| to - from <= close - open) {
            best = Some((open, close));
        }
        at = if is_list { close + 1 } else { open + 1 };
    }
    best.map(|(open, close)| (&value[..open], &value[open + 1..close], &value[close + 1..]))
}

/// What follows `dtype=` in a call.
fn keyword(after: &str) -> &str {
    after.split_once("dtype").map_or("", |(_, rest)| rest.trim_start_matches([' ', '=']))
}

/// How many numbers the declaration says there are.
fn counts(declared: &str, before: &str, after: &str) -> Vec<usize> {
    let in_brackets = |text: &str, open: &str| {
        let inner = text.rsplit_once(open)?.1.split(']').next()?;
        inner.trim().parse().ok()
    };
    let stated = after
        .split_once("_len")
        .and_then(|(_, rest)| rest.trim_matches([' ', '=', ';', '\n', '\r']).parse().ok());
    [in_brackets(declared, "["), in_brackets(declared, ";"), in_brackets(before, "["), stated]
        .into_iter()
        .flatten()
        .collect()
}

/// The bytes of a number of the first type that a text names.
fn width_named(text: &str) -> Option<usize> {
    let words = || text.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_ascii_lowercase);
    let of = |word: &str| {
        let word = word.trim_end_matches("of").trim_end_matches("array").trim_end_matches("_t");
        Some(match word {
            "char" | "byte" | "sbyte" | "u8" | "i8" | "uint8" | "int8" | "uint8clamped" | "uchar"
            | "bool" => 1,
            "short" | "ushort" | "u16" | "i16" | "uint16" | "int16" | "word" | "char16" => 2,
            "int" | "uint" | "u32" | "i32" | "uint32" | "int32" | "dword" | "float" | "float32" | "f32"
            | "char32" => 4,
            "long" | "ulong" | "u64" | "i64" | "uint64" | "int64" | "qword" | "double" | "float64"
            | "f64" | "usize" => 8,
            _ => return None,
        })
    };
    // Python's array('H', […]).
    if let Some(code) = text.split_once("array('").and_then(|(_, rest)| rest.chars().next()) {
        return match code {
            'b' | 'B' => Some(1),
            'h' | 'H' => Some(2),
            'i' | 'I' | 'f' => Some(4),
            _ => Some(8),
        };
    }
    let found: Vec<usize> = words().filter_map(|word| of(&word)).collect();
    // 'short int' is a short.
    found.iter().copied().find(|width| *width != 4).or_else(|| found.first().copied())
}
