//! Formats of Python's struct: `<2hI10s`, `@hxl`.
//!
//! Native sizes and alignment are those of 64-bit Unix. Values are fields `f0`, `f1`…; a format of one value without
//! padding is that value's type alone.

use super::record::Builder;
use super::refusal::{Parsed, refuse, sized};
use super::{ItemType, parse_numpy};
use crate::decode::scalar::integer::excerpt;
use crate::decode::{DType, Order, type_names};

/// More values than this are a sub-array, not fields.
const MOST_FIELDS: usize = 4096;

/// Whether sizes are native, the order, and the rest of a format.
fn mark(text: &str) -> (bool, Order, &str) {
    match text.as_bytes().first() {
        Some(b'@') => (true, Order::Little, &text[1..]),
        Some(b'=' | b'<') => (false, Order::Little, &text[1..]),
        Some(b'>' | b'!') => (false, Order::Big, &text[1..]),
        _ => (true, Order::Little, text),
    }
}

/// The type of the values of a format such as `<600f`, however many there are; `None` when they are of several types,
/// or no numbers.
pub fn dtype(format: &str) -> Option<DType> {
    let (native, order, rest) = mark(format.trim());
    let mut codes = rest.chars().filter(|c| !c.is_ascii_digit() && !c.is_ascii_whitespace());
    let code = codes.next()?;
    let type_names::Means::Element(element) = type_names::find_struct(code, native)? else { return None };
    codes.all(|other| other == code).then_some(DType::new(element, order))
}

pub(super) fn parse(text: &str) -> Parsed {
    let trimmed = text.trim();
    let (native, order, rest) = mark(trimmed);
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
    let item = match type_names::find_struct(code, native) {
        Some(means) => parse_numpy::of(means, "", order)?,
        None if type_names::find_struct(code, true).is_some() => {
            return refuse(format!("'{code}' has only a native size: leave out the byte order"));
        }
        None => return refuse(format!("'{}' is not a struct code", excerpt(&code.to_string()))),
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
