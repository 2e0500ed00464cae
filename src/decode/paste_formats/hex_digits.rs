//! Pairs of hex digits in any of the usual spellings: `41 42`, `4142`, `0x41, 0x42`, `\x41\x42`, `41h 42h`, `$41 $42`.
//!
//! Some of what can be read so can mean something else: a first group that may be an offset, decimal numbers between
//! commas, words of several bytes. These are possible, not certain.

use super::{TextBytes, dump};
use crate::decode::hex;

pub(super) fn read(text: &str) -> Result<TextBytes, String> {
    let text = text.trim();
    let marks = [':', '-', '_'];
    if let Some(mark) = text.chars().next().filter(|first| marks.contains(first)) {
        return Err(format!("it begins with '{mark}'"));
    }
    if let Some(mark) = text.chars().next_back().filter(|last| marks.contains(last)) {
        return Err(format!("it ends with '{mark}'"));
    }
    if let Some(bytes) = marked(text) {
        return Ok(TextBytes::certain(bytes));
    }
    let bytes = hex::parse(text).map_err(|error| error.to_string())?;
    Ok(TextBytes { bytes, is_certain: !may_be_other(text) })
}

/// Each byte with the mark of an assembler or of BASIC: `41h`, `$41`, `&H41`.
fn marked(text: &str) -> Option<Vec<u8>> {
    let digits: fn(&str) -> Option<&str> = match text.as_bytes() {
        [b'$', ..] => |token| token.strip_prefix('$'),
        [b'&', b'H' | b'h', ..] => |token| token.get(2..).filter(|_| token.starts_with('&')),
        _ => |token| token.strip_suffix(['h', 'H']),
    };
    tokens(text, |c| c.is_whitespace() || c == ',')
        .map(|token| {
            let digits = digits(token)?;
            // An assembler wants a digit in front: 0ffh.
            let digits = digits.strip_prefix('0').filter(|rest| rest.len() == 2).unwrap_or(digits);
            let fits = matches!(digits.len(), 1 | 2) && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            u8::from_str_radix(digits, 16).ok().filter(|_| fits)
        })
        .collect()
}

fn tokens(text: &str, is_separator: fn(char) -> bool) -> impl Iterator<Item = &str> {
    text.split(is_separator).filter(|token| !token.is_empty())
}

/// Whether hex digits may be meant as something else.
fn may_be_other(text: &str) -> bool {
    if text.contains('\\') {
        return !is_escaped(text);
    }
    let is_prefixed = |token: &str| token.starts_with("0x") || token.starts_with("0X");
    let all = || tokens(text, |c| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '_'));
    if all().any(is_prefixed) {
        // Beside a number with 0x one without may be decimal, and one of several bytes has no byte order here.
        return !all().all(|token| is_prefixed(token) && token.len() <= 4);
    }
    may_have_offset(text)
        || dump::has_offsets(text)
        || may_be_decimal(text)
        || may_be_bits(text)
        || has_odd_marks(text)
}

/// Whether each byte is `\x` and two digits, with at most line ends between them. In a string all else is itself.
fn is_escaped(text: &str) -> bool {
    let mut parts = text.split("\\x");
    parts.next() == Some("")
        && parts.all(|part| {
            let digits = part.trim_end_matches(['\r', '\n']);
            digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
        })
}

/// A line that begins with a longer group than the rest has, which may be an offset, or ends far off, which may be text.
fn may_have_offset(text: &str) -> bool {
    text.lines().any(|line| {
        if line.trim().contains("   ") {
            return true;
        }
        let mut groups = line.split_whitespace().map(str::len);
        let (first, second) = (groups.next().unwrap_or(0), groups.next());
        first >= 4
            && second.is_some_and(|second| second != first && groups.next().unwrap_or(second) <= second)
    })
}

/// The most digits of a decimal number that stands in a line of its own.
const MOST_DIGITS: usize = 20;

/// Decimal numbers as lists and spreadsheets have them: between commas or tabs, or one a line.
fn may_be_decimal(text: &str) -> bool {
    let listed = text.contains([',', ';', '\t']);
    let is_short = |line: &str| line.len() <= MOST_DIGITS && !line.contains(char::is_whitespace);
    let one_a_line = || text.lines().count() > 1 && text.lines().all(|line| is_short(line.trim()));
    (listed || one_a_line())
        && tokens(text, |c| c.is_whitespace() || matches!(c, ',' | ';'))
            .all(|token| token.bytes().all(|digit| digit.is_ascii_digit()))
}

/// Groups of eight digits, all of them 0 or 1; `0b` says so.
fn may_be_bits(text: &str) -> bool {
    tokens(text, |c| c.is_whitespace() || matches!(c, ',' | ';'))
        .map(|group| group.strip_prefix("0b").or_else(|| group.strip_prefix("0B")).unwrap_or(group))
        .all(|group| group.len() == 8 && group.bytes().all(|bit| matches!(bit, b'0' | b'1')))
}

/// Colons and hyphens stand between bytes, or between words of two; a date or a UUID has them elsewhere.
fn has_odd_marks(text: &str) -> bool {
    if !text.contains([':', '-']) {
        return false;
    }
    let mut widths = tokens(text, |c| c.is_whitespace() || matches!(c, ':' | '-')).map(str::len);
    let first = widths.next().unwrap_or(2);
    !matches!(first, 2 | 4) || widths.any(|width| width != first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_at_the_ends_are_named() {
        for (text, reason) in [
            ("41:", "it ends with ':'"),
            ("_41", "it begins with '_'"),
            ("-41_", "it begins with '-'"),
            ("41 -", "it ends with '-'"),
        ] {
            assert_eq!(read(text), Err(reason.to_owned()), "{text}");
        }
    }
}
