//! The names that people type for an element type: NumPy's, Python's `array` type codes, Rust's.
//!
//! A name that means one thing here and another there is refused with both, never guessed. Without a mark the
//! order is little-endian.

use super::Order;
use super::dtype::{DType, ParseDTypeError};
use super::element::Element;
use super::number::excerpt;
use std::ffi::c_long;

/// Names that need no mark, beside those that [`Element::name`] gives.
const NAMES: [(&str, Element); 16] = [
    ("u16", Element::U16),
    ("u32", Element::U32),
    ("u64", Element::U64),
    ("i16", Element::I16),
    ("i32", Element::I32),
    ("i64", Element::I64),
    ("f16", Element::F16),
    ("f32", Element::F32),
    ("f64", Element::F64),
    ("bf16", Element::Bf16),
    ("half", Element::F16),
    ("single", Element::F32),
    ("double", Element::F64),
    ("b1", Element::Bool),
    ("s1", Element::Char),
    ("bool_", Element::Bool),
];

/// Type codes of Python's `array` and `struct`; their case matters.
const TYPECODES: [(&str, Element); 15] = [
    ("b", Element::I8),
    ("B", Element::U8),
    ("h", Element::I16),
    ("H", Element::U16),
    ("i", Element::I32),
    ("I", Element::U32),
    ("l", if size_of::<c_long>() == 8 { Element::I64 } else { Element::I32 }),
    ("L", if size_of::<c_long>() == 8 { Element::U64 } else { Element::U32 }),
    ("q", Element::I64),
    ("Q", Element::U64),
    ("e", Element::F16),
    ("f", Element::F32),
    ("d", Element::F64),
    ("?", Element::Bool),
    ("c", Element::Char),
];

pub(super) fn parse(text: &str) -> Result<DType, ParseDTypeError> {
    let trimmed = text.trim();
    let (order, rest) = split_order(trimmed);
    let element = match order {
        None => unmarked(rest)?,
        Some(_) => marked(rest),
    };
    let element = element.ok_or_else(|| unknown(trimmed))?;
    if trimmed.starts_with('|') && element.size() > 1 {
        return Err(refuse(format!(
            "'{}' does not say which byte comes first: write '<{code}' or '>{code}'",
            excerpt(trimmed),
            code = element.code()
        )));
    }
    // One byte has no order, and its name none.
    let order = order.filter(|_| element.size() > 1);
    Ok(DType::new(element, order.unwrap_or_default()))
}

fn refuse(message: String) -> ParseDTypeError {
    ParseDTypeError { message }
}

fn unknown(text: &str) -> ParseDTypeError {
    refuse(format!("'{}' is no element type; write one like '<f4', 'uint8' or 'bfloat16'", excerpt(text)))
}

fn split_order(text: &str) -> (Option<Order>, &str) {
    const NATIVE: Order = if cfg!(target_endian = "big") { Order::Big } else { Order::Little };
    let order = match text.as_bytes().first() {
        Some(b'<' | b'|') => Order::Little,
        Some(b'>' | b'!') => Order::Big,
        Some(b'=' | b'@') => NATIVE,
        _ => return (None, text),
    };
    (Some(order), text[1..].trim_start())
}

/// With a mark, NumPy's sizes in bytes hold: `<u8` has 64 bits.
fn marked(rest: &str) -> Option<Element> {
    by_numpy_code(rest)
        .or_else(|| by_full_name(rest))
        .or_else(|| by_typecode(rest).filter(|_| !rest.eq_ignore_ascii_case("l")))
}

fn unmarked(text: &str) -> Result<Option<Element>, ParseDTypeError> {
    let lower = text.to_ascii_lowercase();
    let ambiguous = match lower.as_str() {
        "u8" => Some(("uint8", "uint64")),
        "i8" => Some(("int8", "int64")),
        _ => None,
    };
    if let Some((small, large)) = ambiguous {
        return Err(refuse(format!(
            "'{text}' is 8 bits in Rust and 8 bytes in NumPy: write '{small}', or '<{lower}' for {large}"
        )));
    }
    let named = || NAMES.into_iter().find(|(name, _)| *name == lower).map(|(_, element)| element);
    Ok(by_typecode(text).or_else(|| by_full_name(text)).or_else(named).or_else(|| by_numpy_code(&lower)))
}

fn by_typecode(text: &str) -> Option<Element> {
    TYPECODES.into_iter().find(|(code, _)| *code == text).map(|(_, element)| element)
}

fn by_full_name(text: &str) -> Option<Element> {
    Element::ALL.iter().copied().find(|element| element.name().eq_ignore_ascii_case(text))
}

fn by_numpy_code(text: &str) -> Option<Element> {
    Element::ALL.iter().copied().find(|element| element.code() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for &element in Element::ALL {
            for order in Order::ALL {
                let dtype = DType::new(element, order);
                let read: DType = dtype.name().parse().expect("its own name");
                assert_eq!(read.name(), dtype.name());
                assert_eq!(read.element, element);
            }
            let read: DType = element.name().parse().expect("its full name");
            assert_eq!(read.element, element);
        }
    }

    #[test]
    fn no_name_stands_for_two_elements() {
        for (name, element) in NAMES.into_iter().chain(TYPECODES) {
            assert_eq!(name.parse(), Ok(DType::new(element, Order::Little)), "{name}");
        }
    }

    #[test]
    fn names_of_numpy_array_and_rust() {
        for (text, name) in [
            ("<f4", "<f4"),
            ("f4", "<f4"),
            (" float32 ", "<f4"),
            ("F32", "<f4"),
            (">u8", ">u8"),
            ("<u8", "<u8"),
            ("uint8", "|u1"),
            ("|b1", "|b1"),
            ("B", "|u1"),
            ("b", "|i1"),
            ("!H", ">u2"),
            ("> float64", ">f8"),
            ("bf16", "<bf16"),
            (">bf16", ">bf16"),
            ("S1", "|S1"),
            ("Q", "<u8"),
        ] {
            assert_eq!(text.parse::<DType>().map(DType::name), Ok(name.to_owned()), "{text}");
        }
    }

    #[test]
    fn doubtful_names_are_refused_with_the_choice() {
        let reason = |text: &str| text.parse::<DType>().map_err(|error| error.to_string());
        for (text, why) in [
            ("u8", "'u8' is 8 bits in Rust and 8 bytes in NumPy: write 'uint8', or '<u8' for uint64"),
            ("I8", "'I8' is 8 bits in Rust and 8 bytes in NumPy: write 'int8', or '<i8' for int64"),
            ("|f4", "'|f4' does not say which byte comes first: write '<f4' or '>f4'"),
            ("<f32", "'<f32' is no element type; write one like '<f4', 'uint8' or 'bfloat16'"),
            ("<l", "'<l' is no element type; write one like '<f4', 'uint8' or 'bfloat16'"),
            ("", "'' is no element type; write one like '<f4', 'uint8' or 'bfloat16'"),
            ("é4", "'é4' is no element type; write one like '<f4', 'uint8' or 'bfloat16'"),
        ] {
            assert_eq!(reason(text), Err(why.to_owned()));
        }
    }
}
