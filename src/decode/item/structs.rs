//! Formats of Python's struct: `<2hI10s`, `@hxl`.
//!
//! Native sizes and alignment are those of 64-bit Unix. Values are fields `f0`, `f1`…; a format of one value without
//! padding is that value's type alone.

use super::ItemType;
use super::parse::{Parsed, refuse, sized};
use super::record::Builder;
use crate::decode::number::excerpt;
use crate::decode::{DType, Element, Order};

/// More values than this are a sub-array, not fields.
const MOST_FIELDS: usize = 4096;

pub(super) fn parse(text: &str) -> Parsed {
    let trimmed = text.trim();
    let (native, order, rest) = match trimmed.as_bytes().first() {
        Some(b'@') => (true, Order::Little, &trimmed[1..]),
        Some(b'=' | b'<') => (false, Order::Little, &trimmed[1..]),
        Some(b'>' | b'!') => (false, Order::Big, &trimmed[1..]),
        _ => (true, Order::Little, trimmed),
    };
    let mut builder = Builder::new(false);
    let mut count: Option<u64> = None;
    for character in rest.chars() {
        if let Some(digit) = character.to_digit(10) {
            let longer = count.unwrap_or(0).checked_mul(10).and_then(|count| count.checked_add(digit.into()));
            count = Some(sized(longer)?);
        } else if character.is_ascii_whitespace() && count.is_none() {
        } else {
            push(&mut builder, character, count.take(), native, order)?;
        }
    }
    if count.is_some() {
        return refuse("a struct format can't end with a number");
    }
    match builder.only() {
        Some(item) => Ok(item),
        None if builder.len() == 0 && rest.trim().is_empty() => refuse("the struct format is missing"),
        None => builder.finish(),
    }
}

fn push(
    builder: &mut Builder,
    code: char,
    count: Option<u64>,
    native: bool,
    order: Order,
) -> Result<(), crate::decode::ParseDTypeError> {
    let many = count.unwrap_or(1);
    match code {
        'x' => return builder.skip(many),
        's' => return builder.push(String::new(), ItemType::Bytes(sized(Some(many))? as u32)),
        'p' => return builder.push(String::new(), ItemType::Pascal(sized(Some(many))? as u32)),
        _ => {}
    }
    let item = match code {
        'c' => ItemType::Bytes(1),
        _ => match element(code, native) {
            Some(element) => {
                ItemType::Scalar(DType::new(element, if element.size() == 1 { Order::Little } else { order }))
            }
            None if matches!(code, 'n' | 'N' | 'P') => {
                return refuse(format!("'{code}' has only a native size: leave out the byte order"));
            }
            None => return refuse(format!("'{}' is not a struct code", excerpt(&code.to_string()))),
        },
    };
    if native {
        builder.align_to(item.alignment());
    }
    if many as usize > MOST_FIELDS.saturating_sub(builder.len()) {
        return refuse(format!(
            "a struct format can have at most {MOST_FIELDS} values. For an array, write one value here and {many} as the shape"
        ));
    }
    for _ in 0..many {
        builder.push(String::new(), item.clone())?;
    }
    Ok(())
}

const fn element(code: char, native: bool) -> Option<Element> {
    Some(match code {
        'b' => Element::I8,
        'B' => Element::U8,
        '?' => Element::Bool,
        'h' => Element::I16,
        'H' => Element::U16,
        'l' if native => Element::I64,
        'L' if native => Element::U64,
        'i' | 'l' => Element::I32,
        'I' | 'L' => Element::U32,
        'q' => Element::I64,
        'Q' => Element::U64,
        'n' if native => Element::I64,
        'N' if native => Element::U64,
        'P' if native => Element::Pointer,
        'e' => Element::F16,
        'f' => Element::F32,
        'd' => Element::F64,
        'F' => Element::Complex64,
        'D' => Element::Complex128,
        _ => return None,
    })
}
