//! Records as tuples and sub-arrays as lists, each typed back whole.
//!
//! Texts such as times are in quotes. Of very many values only the first are written, with `...` behind, and such a
//! text can't be typed back.

use super::{ItemType, strings};
use crate::decode::literal::{self, Literal};
use crate::decode::{Element, NumberStyle, ValueError, quoted};

/// Values that are written of one item.
const MOST_VALUES: usize = 10_000;

pub(super) fn format(item: &ItemType, group: &[u8], style: NumberStyle, out: &mut String) {
    let mut room = MOST_VALUES;
    push(item, group, style, &mut room, out);
}

fn push(item: &ItemType, group: &[u8], style: NumberStyle, room: &mut usize, out: &mut String) {
    match item {
        ItemType::Record(record) => {
            out.push('(');
            for (at, field) in record.fields.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                if *room == 0 {
                    out.push_str("...");
                    break;
                }
                let bytes = group.get(field.place()).unwrap_or_default();
                push(&field.item, bytes, style, room, out);
            }
            out.push_str(if record.fields.len() == 1 { ",)" } else { ")" });
        }
        ItemType::Array(array) => push_array(&array.item, &array.shape, group, style, room, out),
        _ => {
            *room = room.saturating_sub(1);
            if is_word(item) {
                let mut text = String::new();
                item.format(group, 0, &style, &mut text);
                quoted::push_str(&text, out);
            } else {
                item.format(group, 0, &style, out);
            }
        }
    }
}

fn push_array(
    item: &ItemType,
    shape: &[u64],
    group: &[u8],
    style: NumberStyle,
    room: &mut usize,
    out: &mut String,
) {
    let Some((side, rest)) = shape.split_first() else { return push(item, group, style, room, out) };
    let count = usize::try_from(*side).unwrap_or(usize::MAX);
    let size = group.len().checked_div(count).unwrap_or(0);
    out.push('[');
    for at in 0..count {
        out.push_str(if at == 0 { "" } else { ", " });
        if *room == 0 {
            out.push_str("...");
            break;
        }
        // Also of values without bytes only so many.
        *room = room.saturating_sub(usize::from(size == 0));
        push_array(item, rest, group.get(at * size..(at + 1) * size).unwrap_or_default(), style, room, out);
    }
    out.push(']');
}

/// Whether the text of a value is no literal of Python by itself.
fn is_word(item: &ItemType) -> bool {
    match item {
        ItemType::Time(_) => true,
        ItemType::Scalar(dtype) => dtype.element.is_word(),
        _ => false,
    }
}

pub(super) fn encode(item: &ItemType, text: &str, old: &[u8]) -> Result<Vec<u8>, ValueError> {
    let value = literal::parse_expression(text).map_err(|error| {
        ValueError::new(format!(
            "{} (at character {})",
            error.text,
            1 + text[..error.at.min(text.len())].chars().count()
        ))
    })?;
    let mut new = old.to_vec();
    put(item, &value, &mut new)?;
    Ok(new)
}

/// Puts a value into the bytes of its item.
fn put(item: &ItemType, value: &Literal, bytes: &mut [u8]) -> Result<(), ValueError> {
    match item {
        ItemType::Record(record) => {
            let values = counted(value, record.fields.len() as u64, "fields")?;
            for (field, value) in record.fields.iter().zip(values) {
                let place = bytes.get_mut(field.place());
                let place = place.ok_or_else(|| ValueError::new("a field is outside its record"))?;
                put(&field.item, value, place)
                    .map_err(|error| ValueError::new(format!("{}: {error}", field.name)))?;
            }
            Ok(())
        }
        ItemType::Array(array) => put_array(&array.item, &array.shape, value, bytes),
        _ => {
            let new = leaf(item, value, bytes)?;
            bytes.copy_from_slice(&new);
            Ok(())
        }
    }
}

fn put_array(item: &ItemType, shape: &[u64], value: &Literal, bytes: &mut [u8]) -> Result<(), ValueError> {
    let Some((side, rest)) = shape.split_first() else { return put(item, value, bytes) };
    let values = counted(value, *side, "values")?;
    let size = bytes.len().checked_div(values.len()).unwrap_or(0);
    for (at, value) in values.iter().enumerate() {
        put_array(item, rest, value, bytes.get_mut(at * size..(at + 1) * size).unwrap_or_default())?;
    }
    Ok(())
}

/// The values of a tuple or list, as many as are wanted.
fn counted<'a>(value: &'a Literal, wanted: u64, what: &str) -> Result<&'a [Literal], ValueError> {
    let values = value.items().ok_or_else(|| {
        ValueError::new(format!("expected {wanted} {what} in brackets, not {}", value.kind()))
    })?;
    if values.len() as u64 != wanted {
        return Err(ValueError::new(format!("expected {wanted} {what}, not {}", values.len())));
    }
    Ok(values)
}

/// The bytes of a value that is no record.
fn leaf(item: &ItemType, value: &Literal, old: &[u8]) -> Result<Vec<u8>, ValueError> {
    let is_char = matches!(item, ItemType::Scalar(dtype) if dtype.element == Element::Char);
    match value {
        _ if matches!(
            item,
            ItemType::Bytes(_) | ItemType::Void(_) | ItemType::Pascal(_) | ItemType::Text(..)
        ) =>
        {
            strings::of_literal(item, value, old)
        }
        Literal::Str(text) if is_char => {
            let mut characters = text.chars();
            let byte = characters.next().and_then(|character| u8::try_from(character).ok());
            match byte.filter(|_| characters.next().is_none()) {
                Some(byte) => Ok(vec![byte]),
                None => item.encode(text, old, 0),
            }
        }
        // Digits in quotes are a year, without them a count.
        Literal::Str(text) if matches!(item, ItemType::Time(_)) => item.encode(&format!("'{text}'"), old, 0),
        Literal::Str(text) | Literal::Float(_, text) | Literal::Complex(_, _, text) => {
            item.encode(text, old, 0)
        }
        Literal::Name(name) => item.encode(&value.number_text().unwrap_or_else(|| name.clone()), old, 0),
        Literal::Bytes(bytes) => item
            .of_raw(bytes)
            .ok_or_else(|| ValueError::new(format!("a bytes string is not a value of {item}"))),
        Literal::Int(number) => item.encode(&number.to_string(), old, 0),
        Literal::Bool(true) => item.encode("True", old, 0).or_else(|_| item.encode("1", old, 0)),
        Literal::Bool(false) => item.encode("False", old, 0).or_else(|_| item.encode("0", old, 0)),
        Literal::Call(name, arguments) => match arguments.as_slice() {
            [(None, Literal::Int(bits))] if name == "bits" => {
                item.encode(&format!("bits({bits:#x})"), old, 0)
            }
            _ if let Some(text) = value.number_text() => item.encode(&text, old, 0),
            _ => Err(ValueError::new("expected a value, not a call")),
        },
        other => Err(ValueError::new(format!("expected a value of {item}, not {}", other.kind()))),
    }
}

/// Characters of the widest value.
pub(super) fn width(item: &ItemType, style: NumberStyle) -> usize {
    match item {
        ItemType::Record(record) => {
            let fields = record.fields.iter().map(|field| width(&field.item, style).saturating_add(2));
            fields.fold(1, usize::saturating_add)
        }
        ItemType::Array(array) => {
            let inner = width(&array.item, style).saturating_add(2);
            let sides = array.shape.iter().rev().map(|side| usize::try_from(*side).unwrap_or(usize::MAX));
            sides.fold(inner, |inner, side| inner.saturating_mul(side).saturating_add(2))
        }
        _ => item.width(&style).saturating_add(2 * usize::from(is_word(item))),
    }
}
