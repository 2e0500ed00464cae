//! Values as JSON, nested as `tolist()` nests them.
//!
//! What JSON has no number for stands in quotes: NaN, infinities, whole numbers above 2**53, which many readers
//! would round. Floats are written as Python's `float` of the value prints.

use super::nest::{Nest, empty};
use super::values::for_each;
use super::{Export, ExportError};
use crate::decode::item::ItemType;
use crate::decode::literal::{self, Literal};
use crate::decode::{DType, Element, Number, NumberStyle, Order};
use std::io::Write;

/// The largest whole number that a double and all below it hold exactly.
const EXACT: u128 = 1 << 53;

pub(super) fn write(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    write_values(export, out)?;
    Ok(writeln!(out)?)
}

/// The values alone, without a line break at the end. Blocks.
///
/// # Errors
/// Of reads and writes.
pub fn write_values(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    let array = export.array;
    if array.items() == 0 {
        return Ok(write!(out, "{}", empty(&array.shape, "[", "]")?)?);
    }
    let mut nest = Nest::new(&array.shape);
    let mut text = String::new();
    for_each(export, &mut |group, item| {
        let (opens, _) = nest.opening();
        text.clear();
        text.extend(std::iter::repeat_n('[', opens));
        value(&array.item, group, item, &mut text);
        text.extend(std::iter::repeat_n(']', nest.closing()));
        if !nest.is_ended() {
            text.push_str(", ");
        }
        Ok(out.write_all(text.as_bytes())?)
    })
}

fn value(item: &ItemType, group: &[u8], place: u32, out: &mut String) {
    match item {
        ItemType::Record(record) => {
            let fields = record.fields.iter().map(|field| (field.offset, &field.item));
            return list(fields, group, out);
        }
        ItemType::Array(array) => return sub_array(&array.item, &array.shape, group, out),
        _ => {}
    }
    let is_bool = matches!(item, ItemType::Scalar(dtype) if dtype.element == Element::Bool);
    let is_number = matches!(item, ItemType::Scalar(_) | ItemType::Packed(_) | ItemType::Quant(_));
    match item.number(group, place).filter(|_| is_number && !is_char(item)) {
        Some(Number::Int(0)) if is_bool => out.push_str("false"),
        Some(Number::Int(1)) if is_bool => out.push_str("true"),
        Some(Number::Int(value)) => whole(&value.to_string(), value.unsigned_abs() > EXACT, out),
        Some(Number::Wide(value)) => whole(&value.to_string(), true, out),
        Some(Number::Float(value)) => float(value, out),
        Some(Number::Complex(real, imaginary)) => {
            const DOUBLES: DType = DType::new(Element::Complex128, Order::Little);
            let mut text = String::new();
            DOUBLES.format(&[real.to_le_bytes(), imaginary.to_le_bytes()].concat(), &mut text);
            out.push_str(&quoted(text.trim_matches(['(', ')'])));
        }
        None => {
            let mut text = String::new();
            item.format(group, place, &NumberStyle::Shortest, &mut text);
            match literal::parse(&text) {
                Ok(found) => push(&found, out),
                Err(_) => out.push_str(&quoted(&text)),
            }
        }
    }
}

/// Values of their own bytes at these offsets, as a list.
fn list<'a>(parts: impl Iterator<Item = (u64, &'a ItemType)>, group: &[u8], out: &mut String) {
    out.push('[');
    for (number, (offset, item)) in parts.enumerate() {
        if number > 0 {
            out.push_str(", ");
        }
        let end = offset.saturating_add(item.group_bytes());
        match group.get(offset as usize..end as usize) {
            Some(bytes) => value(item, bytes, 0, out),
            None => out.push_str("null"),
        }
    }
    out.push(']');
}

fn sub_array(item: &ItemType, shape: &[u64], group: &[u8], out: &mut String) {
    match shape {
        [] => value(item, group, 0, out),
        [side] => list((0..*side).map(|number| (number * item.group_bytes(), item)), group, out),
        [side, rest @ ..] => {
            let size = (group.len() as u64).checked_div(*side).unwrap_or(0).max(1);
            out.push('[');
            for (number, part) in group.chunks(size as usize).enumerate() {
                out.push_str(if number > 0 { ", " } else { "" });
                sub_array(item, rest, part, out);
            }
            out.push(']');
        }
    }
}

fn is_char(item: &ItemType) -> bool {
    matches!(item, ItemType::Scalar(dtype) if dtype.element == Element::Char)
}

fn whole(digits: &str, quotes: bool, out: &mut String) {
    let quote = if quotes { "\"" } else { "" };
    out.extend([quote, digits, quote]);
}

fn float(value: f64, out: &mut String) {
    const DOUBLE: DType = DType::new(Element::F64, Order::Little);
    if value.is_finite() {
        DOUBLE.format(&value.to_le_bytes(), out);
    } else if value.is_nan() {
        out.push_str("\"nan\"");
    } else {
        out.push_str(if value > 0.0 { "\"inf\"" } else { "\"-inf\"" });
    }
}

/// Records, strings and times, by the text that they have.
fn push(literal: &Literal, out: &mut String) {
    match literal {
        Literal::None => out.push_str("null"),
        Literal::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Literal::Int(value) => whole(&value.to_string(), value.unsigned_abs() > EXACT, out),
        Literal::Float(value, _) => float(*value, out),
        Literal::Complex(_, _, text) => out.push_str(&quoted(text)),
        Literal::Str(text) => out.push_str(&quoted(text)),
        Literal::Bytes(bytes) => {
            let text: String = bytes.iter().map(|&byte| char::from(byte)).collect();
            out.push_str(&quoted(&text));
        }
        Literal::List(items) | Literal::Tuple(items) => {
            out.push('[');
            for (number, item) in items.iter().enumerate() {
                if number > 0 {
                    out.push_str(", ");
                }
                push(item, out);
            }
            out.push(']');
        }
        Literal::Dict(_) | Literal::Name(_) | Literal::Call(..) => out.push_str("null"),
    }
}

/// Writes a string of JSON part by part, however long it is: a name may be as long as a header.
///
/// # Errors
/// Of the writes.
pub fn write_string(text: &str, out: &mut dyn Write) -> std::io::Result<()> {
    const PART: usize = 64 << 10;
    out.write_all(b"\"")?;
    let (mut rest, mut written) = (text, String::new());
    while !rest.is_empty() {
        let (part, after) = rest.split_at(rest.floor_char_boundary(PART));
        written.clear();
        crate::escape::push_json_part(part, &mut written);
        out.write_all(written.as_bytes())?;
        rest = after;
    }
    out.write_all(b"\"")
}

/// A string of JSON, which is safe in a terminal too.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    crate::escape::push_json(text, &mut out);
    out
}
