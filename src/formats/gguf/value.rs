//! A key of GGUF's metadata and its value as text; of arrays the first elements and how many there are.

use super::reader::Reader;
use crate::bytes::Span;
use crate::decode::{DType, Element, Order};
use crate::formats::header::VALUE_CHARS;
use crate::formats::{FormatError, Meta};

/// Items of an array that are shown.
const SHOWN_ITEMS: u64 = 8;

/// Bytes of a string in an array that are shown.
const SHOWN_BYTES: usize = 40;

/// Arrays in arrays beyond this are refused.
const MOST_DEPTH: usize = 8;

/// Bytes of a key that are shown; the format allows 65,535.
const KEY_BYTES: usize = 256;

const STRING: u32 = 8;
const ARRAY: u32 = 9;

/// What a number of a value's type means.
pub(super) enum ValueType {
    Scalar(Element),
    String,
    Array,
}

impl ValueType {
    fn of(number: u32, at: u64) -> Result<Self, FormatError> {
        let element = match number {
            0 => Element::U8,
            1 => Element::I8,
            2 => Element::U16,
            3 => Element::I16,
            4 => Element::U32,
            5 => Element::I32,
            6 => Element::F32,
            7 => Element::Bool,
            10 => Element::U64,
            11 => Element::I64,
            12 => Element::F64,
            STRING => return Ok(Self::String),
            ARRAY => return Ok(Self::Array),
            _ => {
                let text = format!("The value at byte {at} has the type {number}, which is not known.");
                return Err(FormatError::new(text, Span::at(at, 4)));
            }
        };
        Ok(Self::Scalar(element))
    }
}

/// The key that comes next and the type of its value, which comes after.
pub(super) fn key(reader: &mut Reader<'_>) -> Result<(String, ValueType), FormatError> {
    reader.step()?;
    let (key, ..) = reader.string(KEY_BYTES)?;
    let at = reader.at();
    Ok((key, ValueType::of(reader.u32()?, at)?))
}

/// The key that comes next, and its value.
pub(super) fn read(reader: &mut Reader<'_>) -> Result<Meta, FormatError> {
    let (key, kind) = key(reader)?;
    let key = key.into_boxed_str();
    let start = reader.at();
    let mut text = String::new();
    let (span, editable) = match kind {
        ValueType::Scalar(element) => {
            scalar(reader, element, &mut text)?;
            (Span::between(start, reader.at()), &*key != super::ALIGNMENT_KEY)
        }
        ValueType::String => {
            let (value, span, whole) = reader.string(VALUE_CHARS)?;
            text = value;
            if !whole {
                text.push('…');
            }
            (span, whole)
        }
        ValueType::Array => {
            array(reader, &mut text)?;
            (Span::between(start, reader.at()), false)
        }
    };
    Ok(Meta { key, value: text.into(), span: Some(span), editable })
}

fn scalar(reader: &mut Reader<'_>, element: Element, out: &mut String) -> Result<(), FormatError> {
    let dtype = DType::new(element, reader.order);
    match element.size() {
        1 => dtype.format(&reader.bytes::<1>()?, out),
        2 => dtype.format(&reader.bytes::<2>()?, out),
        4 => dtype.format(&reader.bytes::<4>()?, out),
        _ => dtype.format(&reader.bytes::<8>()?, out),
    }
    Ok(())
}

/// An array that is being read.
struct Open {
    kind: ValueType,
    left: u64,
    /// How many items it has in all.
    len: u64,
}

/// Arrays in arrays are followed by a list of open ones, not by recursion.
fn array(reader: &mut Reader<'_>, out: &mut String) -> Result<(), FormatError> {
    let mut open = vec![begin(reader, out)?];
    while let Some(last) = open.last_mut() {
        if last.left == 0 {
            let shown = last.len.min(SHOWN_ITEMS);
            let tail = if last.len > shown { format!(", … {} in all]", last.len) } else { "]".to_owned() };
            push(out, &tail);
            open.pop();
            continue;
        }
        let index = last.len - last.left;
        if index > 0 && index < SHOWN_ITEMS {
            push(out, ", ");
        }
        match last.kind {
            ValueType::Scalar(element) if index >= SHOWN_ITEMS => {
                reader.skip_items(last.left, element.size() as u64)?;
                last.left = 0;
            }
            ValueType::Scalar(element) => {
                let mut text = String::new();
                scalar(reader, element, &mut text)?;
                push(out, &text);
                last.left -= 1;
            }
            ValueType::String => {
                reader.step()?;
                let most = if index < SHOWN_ITEMS { SHOWN_BYTES } else { 0 };
                let (text, _, whole) = reader.string(most)?;
                if index < SHOWN_ITEMS {
                    push(out, &format!("{:?}{}", text, if whole { "" } else { "…" }));
                }
                last.left -= 1;
            }
            ValueType::Array => {
                reader.step()?;
                last.left -= 1;
                if open.len() == MOST_DEPTH {
                    let text = format!("At byte {} arrays are nested too deeply.", reader.at());
                    return Err(FormatError::new(text, Span::at(reader.at(), 0)));
                }
                // Of hidden items nothing is shown either.
                let mut hidden = String::new();
                let next = begin(reader, if index < SHOWN_ITEMS { &mut *out } else { &mut hidden })?;
                open.push(next);
            }
        }
    }
    Ok(())
}

fn begin(reader: &mut Reader<'_>, out: &mut String) -> Result<Open, FormatError> {
    let at = reader.at();
    let kind = ValueType::of(reader.u32()?, at)?;
    let len = reader.length()?;
    push(out, "[");
    Ok(Open { kind, left: len, len })
}

/// Appends as long as the text is short enough to be shown.
fn push(out: &mut String, text: &str) {
    if out.len() < VALUE_CHARS {
        out.push_str(text);
    }
}

/// The bytes of `text` as a value of this element.
pub(super) fn encode(element: Element, order: Order, text: &str) -> Result<Vec<u8>, String> {
    DType::new(element, order).encode(text.trim()).map_err(|error| format!("{error}."))
}
