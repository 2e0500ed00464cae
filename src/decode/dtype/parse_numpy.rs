//! NumPy's strings for types: `<f4`, `float32`, `S10`, `M8[25s]`, `(2,3)f4`, `i4,f4`.
//!
//! As NumPy 2 on a 64-bit little-endian Unix reads them: `|` and no mark at all are little-endian, `long` has 64 bits.

use super::record::{Builder, array};
use super::refusal::{Parsed, refuse, sized, unknown};
use super::{ItemType, TimeType, time_units};
use crate::decode::scalar_type::ParseDTypeError;
use crate::decode::type_names::{self, Means};
use crate::decode::{DType, Order};

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
            return refuse(format!(
                "a ')' is missing in '{}'",
                crate::decode::scalar::integer::excerpt(trimmed)
            ));
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
    let (mark, word) = match text.as_bytes().first() {
        Some(b'<' | b'>' | b'=' | b'|') => text.split_at(1),
        _ => ("", text),
    };
    let (means, rest) = type_names::find(word, !mark.is_empty()).ok_or_else(|| unknown(text))?;
    of(means, rest, if mark == ">" { Order::Big } else { Order::Little })
}

/// The type that a name means, with the length or the unit behind it.
pub(super) fn of(means: Means, rest: &str, order: Order) -> Parsed {
    Ok(match means {
        Means::Element(element) => {
            let order = if element.size() == 1 { Order::Little } else { order };
            ItemType::Scalar(DType::new(element, order))
        }
        Means::Packed(packed) => ItemType::Packed(packed),
        Means::Quant(quant) => ItemType::Quant(quant),
        Means::Bytes(usual) => ItemType::Bytes(length(rest, usual, 1)?),
        Means::Text(usual) => ItemType::Text(length(rest, usual, 4)?, order),
        Means::Void => ItemType::Void(length(rest, 0, 1)?),
        Means::Pascal => ItemType::Pascal(length(rest, 0, 1)?),
        Means::Datetime | Means::Timedelta => {
            let (unit, count) = time_units::parse(rest).or_else(refuse)?;
            ItemType::Time(TimeType { delta: means == Means::Timedelta, unit, count, order })
        }
        Means::Object => {
            return refuse("Python objects are memory addresses of one process, so a file can't hold them");
        }
    })
}

/// The number in `digits`, `usual` without any, of units of `size` bytes.
fn length(digits: &str, usual: u32, size: u32) -> Result<u32, ParseDTypeError> {
    let len: Option<u64> = if digits.is_empty() { Some(usual.into()) } else { digits.parse().ok() };
    let bytes = sized(len.and_then(|len| len.checked_mul(size.into())))?;
    Ok(bytes as u32 / size)
}
