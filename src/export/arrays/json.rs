//! Values as JSON, nested as `tolist()` nests them.
//!
//! Values for which JSON has no number are in quotes: NaN, infinities, integers above 2**53, which many readers would
//! round. Floats are written as Python's `float` of the value prints.

use super::nest::{Nest, empty};
use super::values::for_each;
use super::{Export, ExportError, refused};
use crate::decode::dtype::{EmptyValues, ItemType, Record};
use crate::decode::literal::{self, Literal};
use crate::decode::{DType, Element, Number, NumberStyle, Order};
use std::io::Write;

/// The largest whole number that a double and all below it hold exactly.
const EXACT: u128 = 1 << 53;

pub(in crate::export) fn write(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    write_values(export, out)?;
    Ok(writeln!(out)?)
}

/// The values alone, without a line break at the end. Blocks.
///
/// # Errors
/// Of reads and writes, and [`ExportError::Refused`] for an item with too many values without bytes.
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
        value(&array.item, group, item, &mut EmptyValues::new(), &mut text)?;
        text.extend(std::iter::repeat_n(']', nest.closing()));
        if !nest.is_ended() {
            text.push_str(", ");
        }
        Ok(out.write_all(text.as_bytes())?)
    })
}

fn value(
    item: &ItemType,
    group: &[u8],
    place: u32,
    empty: &mut EmptyValues,
    out: &mut String,
) -> Result<(), ExportError> {
    count(1, group.len(), empty)?;
    match item {
        ItemType::Record(record) => return fields(record, group, empty, out),
        ItemType::Array(array) => return sub_array(&array.item, &array.shape, group, empty, out),
        _ => single(item, group, place, out),
    }
    Ok(())
}

fn count(values: u64, bytes: usize, empty: &mut EmptyValues) -> Result<(), ExportError> {
    empty
        .take(values, bytes)
        .or_else(|error| refused(format!("The values can't be written as JSON: {error}.")))
}

/// Appends the value of one element; of a record or a sub-array its text.
pub fn single(item: &ItemType, group: &[u8], place: u32, out: &mut String) {
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
                Ok(Literal::Bytes(_)) if matches!(item, ItemType::Text(..)) => {
                    code_points(item, group, &text, out)
                }
                Ok(found) => push(&found, out),
                Err(_) => out.push_str(&quoted(&text)),
            }
        }
    }
}

/// A string with code points that are no characters: surrogates as escapes, as `json.dumps` writes them. One with numbers
/// beyond all code points is `text`, its bytes as Python writes them.
fn code_points(item: &ItemType, group: &[u8], text: &str, out: &mut String) {
    let ItemType::Text(_, order) = item else { return };
    let code = |chunk: &[u8]| {
        let bytes = chunk.try_into().unwrap_or_default();
        if *order == Order::Little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) }
    };
    let codes: Vec<u32> = group.chunks_exact(4).map(code).collect();
    if codes.iter().any(|code| *code > u32::from(char::MAX)) {
        return out.push_str(&quoted(text));
    }
    let len = codes.iter().rposition(|code| *code != 0).map_or(0, |last| last + 1);
    out.push('"');
    for code in &codes[..len] {
        match char::from_u32(*code) {
            Some(character) => crate::escape::push_json_part(character.encode_utf8(&mut [0; 4]), out),
            None => out.push_str(&format!("\\u{code:04x}")),
        }
    }
    out.push('"');
}

/// The fields as a list.
fn fields(
    record: &Record,
    group: &[u8],
    empty: &mut EmptyValues,
    out: &mut String,
) -> Result<(), ExportError> {
    out.push('[');
    for (number, field) in record.fields.iter().enumerate() {
        out.push_str(if number > 0 { ", " } else { "" });
        match group.get(field.place()) {
            Some(bytes) => value(&field.item, bytes, 0, empty, out)?,
            None => out.push_str("null"),
        }
    }
    out.push(']');
    Ok(())
}

fn sub_array(
    item: &ItemType,
    shape: &[u64],
    group: &[u8],
    empty: &mut EmptyValues,
    out: &mut String,
) -> Result<(), ExportError> {
    let Some((&side, rest)) = shape.split_first() else { return value(item, group, 0, empty, out) };
    let sides = usize::try_from(side).unwrap_or(usize::MAX);
    let size = group.len().checked_div(sides).unwrap_or(0);
    count(side, size, empty)?;
    out.push('[');
    for at in 0..sides {
        out.push_str(if at > 0 { ", " } else { "" });
        let part = group.get(at * size..(at + 1) * size).unwrap_or_default();
        sub_array(item, rest, part, empty, out)?;
    }
    out.push(']');
    Ok(())
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
