//! NumPy's strings for types: `<f4`, `float32`, `S10`, `M8[25s]`, `(2,3)f4`, `i4,f4`.
//!
//! As NumPy 2 on a 64-bit little-endian Unix reads them: `|` and no mark at all are little-endian, `long` has 64 bits.

use super::parse::{Parsed, named, refuse, sized, unknown};
use super::record::{Builder, array};
use super::{ItemType, TimeType, units};
use crate::decode::dtype::ParseDTypeError;
use crate::decode::{DType, Order, names};

/// The type of a string: one, or several with commas, which are a record's fields.
pub(super) fn parse(text: &str, align: bool) -> Parsed {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0i32, 0);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if parts.is_empty() {
        return repeated(text);
    }
    // A comma at the end makes a record of what is before it.
    parts.extend(Some(&text[start..]).filter(|last| !last.trim().is_empty()));
    let mut builder = Builder::new(align);
    for part in parts {
        builder.push(String::new(), repeated(part)?)?;
    }
    builder.finish()
}

/// One type with the shape that may stand before it: `3f4`, `(2, 3)<f4`, `<3f4`.
fn repeated(text: &str) -> Parsed {
    let trimmed = text.trim();
    let marked = trimmed.trim_start_matches(['<', '>', '=', '|']);
    let first = &trimmed[..trimmed.len() - marked.len()];
    let (shape, rest) = if let Some(inner) = marked.strip_prefix('(') {
        let Some((inner, rest)) = inner.split_once(')') else {
            return refuse(format!("a ')' is missing in '{}'", crate::decode::number::excerpt(trimmed)));
        };
        let sides = inner.split(',').map(str::trim).filter(|side| !side.is_empty());
        (
            Some(
                sides
                    .map(|side| side.parse().map_err(|_| unknown(trimmed)))
                    .collect::<Result<Vec<u64>, _>>()?,
            ),
            rest,
        )
    } else {
        let digits = marked.len() - marked.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let side = Some(&marked[..digits]).filter(|digits| !digits.is_empty());
        let shape =
            side.map(|side| side.parse().map(|side| vec![side]).map_err(|_| unknown(trimmed))).transpose()?;
        (shape, &marked[digits..])
    };
    let Some(shape) = shape else { return one(trimmed) };
    let rest = rest.trim_start();
    let item = if rest.starts_with(['<', '>', '=', '|']) || first.is_empty() {
        one(rest)?
    } else {
        one(&[first, rest].concat())?
    };
    array(item, shape)
}

/// One type without a shape.
fn one(text: &str) -> Parsed {
    let (mark, rest) = match text.as_bytes().first() {
        Some(b'<' | b'>' | b'=' | b'|') => text.split_at(1),
        _ => ("", text),
    };
    let order = if mark == ">" { Order::Big } else { Order::Little };
    if let Some(found) = named(text) {
        return found;
    }
    if let Some(item) = flexible(rest, order)? {
        return Ok(item);
    }
    if let Some(item) = time(rest, order)? {
        return Ok(item);
    }
    if matches!(rest, "O" | "O8" | "object" | "object_" | "T") {
        return refuse("Python objects are memory addresses of one process, so a file can't hold them");
    }
    let element = names::element(rest, !mark.is_empty()).ok_or_else(|| unknown(text))?;
    Ok(ItemType::Scalar(DType::new(element, if element.size() == 1 { Order::Little } else { order })))
}

/// Strings and bytes: `S10`, `U5`, `V8`, `str`.
fn flexible(text: &str, order: Order) -> Result<Option<ItemType>, ParseDTypeError> {
    let (kind, digits) = match text {
        "c" => ("S", "1"),
        // Codes of Python's array for one character.
        "u" | "w" => ("U", "1"),
        "str" | "str_" | "unicode" => ("U", ""),
        "bytes" | "bytes_" => ("S", ""),
        "void" => ("V", ""),
        _ if text.is_char_boundary(1) && !text.is_empty() => text.split_at(1),
        _ => return Ok(None),
    };
    if !matches!(kind, "S" | "a" | "U" | "V") || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Ok(None);
    }
    let len: Option<u64> = if digits.is_empty() { Some(0) } else { digits.parse().ok() };
    let bytes = if kind == "U" { len.and_then(|len| len.checked_mul(4)) } else { len };
    let bytes = sized(bytes)? as u32;
    Ok(Some(match kind {
        "U" => ItemType::Text(bytes / 4, order),
        "V" => ItemType::Void(bytes),
        _ => ItemType::Bytes(bytes),
    }))
}

fn time(text: &str, order: Order) -> Result<Option<ItemType>, ParseDTypeError> {
    let names = [("datetime64", false), ("timedelta64", true), ("M8", false), ("m8", true)];
    let found = names.into_iter().find_map(|(name, delta)| Some((text.strip_prefix(name)?, delta)));
    let (rest, delta) = match (text, found) {
        ("M", _) => ("", false),
        ("m", _) => ("", true),
        (_, Some(found)) => found,
        _ => return Ok(None),
    };
    let (unit, count) = units::parse(rest).or_else(refuse)?;
    Ok(Some(ItemType::Time(TimeType { delta, unit, count, order })))
}
