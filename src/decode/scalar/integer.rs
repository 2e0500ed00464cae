//! Integers as text and back, and why a text is no value.
//!
//! A number that does not fit is refused with the range; it never wraps. Floats have files of their own.

use std::borrow::Cow;
use std::fmt::Display;

/// Why a text is no value of a type. Its `Display` is a sentence for the user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ValueError {
    message: String,
}

impl ValueError {
    pub(in crate::decode) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }

    pub(in crate::decode) fn empty(kind: &str) -> Self {
        Self::new(format!("no value was typed for {kind}"))
    }

    fn beyond(text: &str, kind: &str, low: impl Display, high: impl Display) -> Self {
        Self::new(format!("{} does not fit {kind} ({low} to {high})", excerpt(text.trim())))
    }

    pub(in crate::decode) fn not_a(kind: &str, text: &str) -> Self {
        Self::new(format!("'{}' is not a {kind}", excerpt(text)))
    }
}

/// Enough of a typed text to recognise it in a message.
pub(in crate::decode) fn excerpt(text: &str) -> Cow<'_, str> {
    const SHOWN: usize = 40;
    match text.char_indices().nth(SHOWN) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
    }
}

/// Appends `value` in decimal. Faster than `write!`, which a screen of some thousand values feels.
pub(in crate::decode) fn push_unsigned(mut value: u64, out: &mut String) {
    let mut digits = [b'0'; 20];
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    push_ascii(&digits[start..], out);
}

/// Appends digits, which are ASCII; at once, for a screen of them.
pub(in crate::decode) fn push_ascii(digits: &[u8], out: &mut String) {
    out.push_str(std::str::from_utf8(digits).unwrap_or_default());
}

pub(in crate::decode) fn push_signed(value: i64, out: &mut String) {
    if value < 0 {
        out.push('-');
    }
    push_unsigned(value.unsigned_abs(), out);
}

/// The text without the `_` between its digits; `None` when one stands anywhere else.
pub(in crate::decode) fn without_separators(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('_') {
        return Some(Cow::Borrowed(text));
    }
    let bytes = text.as_bytes();
    let is_digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    let well_placed = |(at, &byte): (usize, &u8)| {
        byte != b'_' || (is_digit(at.checked_sub(1)) && is_digit(at.checked_add(1)))
    };
    bytes.iter().enumerate().all(well_placed).then(|| Cow::Owned(text.replace('_', "")))
}

/// Which radix a prefix asks for, and what follows it.
pub(in crate::decode) fn split_prefix(text: &str) -> (u32, &str) {
    let prefixed = |radix| text.get(2..).map_or((10, text), |rest| (radix, rest));
    match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => prefixed(16),
        [b'0', b'o' | b'O', ..] => prefixed(8),
        [b'0', b'b' | b'B', ..] => prefixed(2),
        _ => (10, text),
    }
}

/// Reads `-12`, `0x1F`, `0o17`, `0b101`, `1_000` as a number from `low` to `high`; `kind` is the type's name.
pub(in crate::decode) fn parse_integer(
    text: &str,
    kind: &str,
    low: i128,
    high: i128,
) -> Result<i128, ValueError> {
    let (negative, magnitude) = parse_magnitude(text, kind)?;
    let value = magnitude.and_then(|magnitude| match negative {
        true => 0i128.checked_sub_unsigned(magnitude),
        false => i128::try_from(magnitude).ok(),
    });
    value
        .filter(|value| (low..=high).contains(value))
        .ok_or_else(|| ValueError::beyond(text, kind, low, high))
}

/// The same for a number of 128 bits without a sign.
pub(in crate::decode) fn parse_wide(text: &str, kind: &str) -> Result<u128, ValueError> {
    let (negative, magnitude) = parse_magnitude(text, kind)?;
    magnitude
        .filter(|magnitude| !negative || *magnitude == 0)
        .ok_or_else(|| ValueError::beyond(text, kind, 0, u128::MAX))
}

/// The sign and the rest; `None` for what is larger than any type holds.
fn parse_magnitude(text: &str, kind: &str) -> Result<(bool, Option<u128>), ValueError> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(ValueError::empty(kind));
    }
    let unsigned = trimmed.strip_prefix(['-', '+']).unwrap_or(trimmed);
    let clean = without_separators(unsigned).ok_or_else(|| ValueError::not_a("number", trimmed))?;
    let (radix, digits) = split_prefix(&clean);
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return Err(match clean.parse::<f64>() {
            Ok(_) if !clean.starts_with(['-', '+']) => ValueError::new(format!(
                "{} is not an integer, but {kind} holds only integers",
                excerpt(trimmed)
            )),
            _ => ValueError::not_a("number", trimmed),
        });
    }
    // The digits are right, so the only way to fail is to be too large, and then no type holds it.
    Ok((trimmed.starts_with('-'), u128::from_str_radix(digits, radix).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_number_says_why() {
        let reason = |text: &str| parse_integer(text, "uint8", 0, 255).map_err(|error| error.to_string());
        assert_eq!(reason(" 0xfF "), Ok(255));
        assert_eq!(reason("2_5_5"), Ok(255));
        assert_eq!(reason("-0"), Ok(0));
        for (text, why) in [
            ("300", "300 does not fit uint8 (0 to 255)"),
            ("-1", "-1 does not fit uint8 (0 to 255)"),
            ("1.5", "1.5 is not an integer, but uint8 holds only integers"),
            ("1e2", "1e2 is not an integer, but uint8 holds only integers"),
            ("12a", "'12a' is not a number"),
            ("0x", "'0x' is not a number"),
            ("--1", "'--1' is not a number"),
            ("1__0", "'1__0' is not a number"),
            ("_1", "'_1' is not a number"),
            ("", "no value was typed for uint8"),
        ] {
            assert_eq!(reason(text), Err(why.to_owned()));
        }
        let endless = "9".repeat(1000);
        assert_eq!(reason(&endless), Err(format!("{}… does not fit uint8 (0 to 255)", "9".repeat(40))));
    }

    #[test]
    fn the_extremes_print_whole() {
        let mut text = String::new();
        push_unsigned(u64::MAX, &mut text);
        text.push(' ');
        push_signed(i64::MIN, &mut text);
        text.push(' ');
        push_unsigned(0, &mut text);
        assert_eq!(text, "18446744073709551615 -9223372036854775808 0");
    }
}
