//! Lists of numbers, as arrays of source code and as bare numbers between commas.
//!
//! `{0x41, 0x42}`, `[65, 66]`, `unsigned char data[] = {…};`, `new byte[] {…}`, `[]byte{…}`, `bytes([…])`,
//! `db 41h, 42h`. Numbers of several bytes have no byte order in a list: both are offered.

use super::{TextBytes, source_code};

mod number;
mod types;

use number::Number;
use types::Named;

pub(super) fn read(text: &str) -> Result<TextBytes, String> {
    let list = List::of(text)?;
    let mut bytes = Vec::with_capacity(list.numbers.len());
    for number in &list.numbers {
        let byte = u8::try_from(number.value).or_else(|_| i8::try_from(number.value).map(|byte| byte as u8));
        bytes.push(byte.map_err(|_| format!("{} does not fit into a byte", number.value))?);
    }
    Ok(TextBytes {
        bytes,
        is_certain: list.is_sure && matches!(list.named, Named::Nothing | Named::Width(1)),
    })
}

pub(super) fn read_little(text: &str) -> Result<TextBytes, String> {
    wide(text, |value, width| value.to_le_bytes()[..width].to_vec())
}

pub(super) fn read_big(text: &str) -> Result<TextBytes, String> {
    wide(text, |value, width| value.to_be_bytes()[16 - width..].to_vec())
}

/// The numbers in as many bytes as their type has, or as the largest needs.
fn wide(text: &str, bytes_of: fn(i128, usize) -> Vec<u8>) -> Result<TextBytes, String> {
    let list = List::of(text)?;
    let fits = |width: usize| {
        let bits = 8 * width as u32;
        width >= 16
            || list
                .numbers
                .iter()
                .all(|number| (-(1_i128 << (bits - 1))..1_i128 << bits).contains(&number.value))
    };
    let width = match list.named {
        Named::Width(width) => Some(width).filter(|width| fits(*width)),
        Named::Nothing | Named::Unknown => [1, 2, 4, 8].into_iter().find(|width| fits(*width)),
    };
    let width = width.filter(|width| *width > 1).ok_or("it is not a list of numbers of several bytes")?;
    Ok(TextBytes::possible(list.numbers.iter().flat_map(|number| bytes_of(number.value, width)).collect()))
}

/// The numbers of a list and what is said about them.
struct List {
    numbers: Vec<Number>,
    named: Named,
    /// Its form is a list's and no other's.
    is_sure: bool,
}

impl List {
    fn of(text: &str) -> Result<Self, String> {
        let text = source_code::without_comments(text.trim());
        let (declared, value) = source_code::declaration(&text);
        let Some(Group { before, open, inner, after }) = group(value) else {
            return Self::bare(value, declared);
        };
        let numbers = number::list(inner)?;
        if after.contains(['{', '[']) || before.contains(['{', ';']) {
            return Err(String::from("there is more than one list"));
        }
        let (keyword, rest) = types::keyword(after);
        let named = [types::of_declaration(declared), keyword, types::of_head(before), of_suffix(&numbers)];
        let named = named.into_iter().find(|named| *named != Named::Nothing).unwrap_or(Named::Nothing);
        let counted = counts(declared, before, after).into_iter().all(|count| count == numbers.len());
        let is_plain = numbers.iter().all(|number| !number.is_doubtful);
        // Round brackets around one number are no list.
        let is_list = open != '(' || inner.contains(',');
        let is_alone = types::is_head(before, open) && is_end(rest);
        Ok(Self { is_sure: counted && is_plain && is_list && is_alone, numbers, named })
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
        let is_sure = declared.is_empty() && is_plain && (of_assembler || is_decimal);
        Ok(Self { is_sure, named: of_suffix(&numbers), numbers })
    }
}

/// So many brackets are tried; source code has a handful around an array.
const MAX_BRACKETS: usize = 32;

/// A list and what stands around it.
struct Group<'a> {
    before: &'a str,
    open: char,
    inner: &'a str,
    after: &'a str,
}

/// The longest pair of brackets around numbers.
fn group(value: &str) -> Option<Group<'_>> {
    let mut best: Option<(usize, usize)> = None;
    let mut at = 0;
    for _ in 0..MAX_BRACKETS {
        let Some(open) = value[at..].find(['{', '[', '(']).map(|open| at + open) else { break };
        let close = open + source_code::closing(&value[open..])?;
        let inner = &value[open + 1..close];
        // A call or a list of lists holds the list itself.
        let holds_list = inner.trim_start().starts_with(['[', '{', '(']);
        let is_call =
            value[open..].starts_with('(') && (holds_list || inner.starts_with('\'') && inner.contains('['));
        let is_list = !is_call && number::list(inner).is_ok();
        if is_list && best.is_none_or(|(from, to)| to - from <= close - open) {
            best = Some((open, close));
        }
        at = if is_list { close + 1 } else { open + 1 };
    }
    let (open, close) = best?;
    Some(Group {
        before: &value[..open],
        open: value[open..].chars().next()?,
        inner: &value[open + 1..close],
        after: &value[close + 1..],
    })
}

fn of_suffix(numbers: &[Number]) -> Named {
    numbers.iter().find_map(|number| number.width).map_or(Named::Nothing, Named::Width)
}

/// Whether only a statement's end follows, or the count that `xxd -i` adds.
fn is_end(after: &str) -> bool {
    let rest = after.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ')' | ';' | ','));
    rest.is_empty() || stated_len(rest).is_some()
}

/// The number of `unsigned int data_len = 70;`.
fn stated_len(after: &str) -> Option<usize> {
    let (_, rest) = after.split_once("_len")?;
    rest.trim_matches([' ', '=', ';', '\n', '\r']).parse().ok()
}

/// How many numbers the declaration says there are.
fn counts(declared: &str, before: &str, after: &str) -> Vec<usize> {
    let in_brackets = |text: &str, open: &str| {
        let inner = text.rsplit_once(open)?.1.split(']').next()?;
        inner.trim().parse().ok()
    };
    [in_brackets(declared, "["), in_brackets(declared, ";"), in_brackets(before, "["), stated_len(after)]
        .into_iter()
        .flatten()
        .collect()
}
