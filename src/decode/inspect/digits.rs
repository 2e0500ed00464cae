//! Readings that are no values of a type: digits of a byte, a character, halves of a byte.
//!
//! Each function takes the first bytes of a slice, and gives nothing when they are too few.

use super::InspectedValue;
use crate::decode::scalar::integer::{ValueError, excerpt, push_ascii};
use crate::decode::{DType, Element, Encoding, Order, Radix, TextCell};

pub(super) fn digits(radix: Radix, bytes: &[u8]) -> Option<InspectedValue> {
    let mut buffer = [0; 8];
    let mut text = String::new();
    push_ascii(radix.write_byte(*bytes.first()?, false, &mut buffer), &mut text);
    Some(InspectedValue { text, len: 1 })
}

/// Takes the digits with a prefix or without, and `_` or spaces between them.
pub(super) fn encode_digits(radix: Radix, text: &str) -> Result<Vec<u8>, ValueError> {
    let typed = text.trim().to_ascii_lowercase();
    let prefix = if radix == Radix::Binary { "0b" } else { "0o" };
    let bare: String = typed
        .strip_prefix(prefix)
        .unwrap_or(&typed)
        .chars()
        .filter(|character| !matches!(character, ' ' | '_'))
        .collect();
    if bare.is_empty() || !bare.chars().all(|digit| digit.is_digit(radix.base())) {
        return Err(ValueError::not_a(&format!("{} number", radix.name()), text));
    }
    u8::from_str_radix(&bare, radix.base())
        .map(|byte| vec![byte])
        .map_err(|_| ValueError::new(format!("{} does not fit one byte", excerpt(text))))
}

/// The character itself if it can be drawn, else its code point.
pub(super) fn utf_8(bytes: &[u8]) -> Option<InspectedValue> {
    let mut cells = Vec::with_capacity(4);
    Encoding::Utf8.cells(bytes, 0, 4, &mut cells);
    let tail = cells.iter().skip(1).take_while(|cell| **cell == TextCell::Continuation).count();
    let len = 1 + tail;
    let character = std::str::from_utf8(bytes.get(..len)?).ok()?.chars().next()?;
    let text = match cells.first()? {
        TextCell::Char(character) if !character.is_whitespace() => character.to_string(),
        _ => format!("U+{:04X}", u32::from(character)),
    };
    Some(InspectedValue { text, len })
}

pub(super) fn encode_utf_8(text: &str) -> Result<Vec<u8>, ValueError> {
    let typed = if text.chars().count() == 1 { text } else { text.trim() };
    let mut characters = typed.chars();
    let lone = characters.next().filter(|_| characters.as_str().is_empty());
    let by_code = || {
        let digits = typed.strip_prefix("U+").or_else(|| typed.strip_prefix("u+"))?;
        let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        u32::from_str_radix(digits, 16).ok().filter(|_| is_hex).and_then(char::from_u32)
    };
    let character = lone.or_else(by_code).ok_or_else(|| {
        ValueError::new(format!(
            "'{}' is not a single character; you can type any character as U+20AC",
            excerpt(text)
        ))
    })?;
    Ok(character.to_string().into_bytes())
}

/// Two values of half a byte, the lower half first.
pub(super) fn halves(element: Element, bytes: &[u8]) -> Option<InspectedValue> {
    let byte = *bytes.first()?;
    let dtype = DType::new(element, Order::Little);
    let mut text = String::new();
    dtype.format(&[byte & 0xf], &mut text);
    text.push_str(", ");
    dtype.format(&[byte >> 4], &mut text);
    Some(InspectedValue { text, len: 1 })
}

pub(super) fn encode_halves(element: Element, text: &str) -> Result<Vec<u8>, ValueError> {
    let dtype = DType::new(element, Order::Little);
    let bare = text.trim().trim_start_matches(['(', '[']).trim_end_matches([')', ']']);
    let Some((low, high)) = bare.split_once(',') else {
        return Err(ValueError::new(format!("'{}' is not a pair of values such as 1, 2", excerpt(text))));
    };
    let half = |text: &str| dtype.encode(text).map(|byte| byte.first().copied().unwrap_or(0));
    let (low, high) = (half(low)?, half(high)?);
    if low > 0xf || high > 0xf {
        return Err(ValueError::new(format!(
            "'{}' does not fit into the two halves of a byte",
            excerpt(text)
        )));
    }
    Ok(vec![low | high << 4])
}
