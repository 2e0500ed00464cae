//! Bytes that were copied as text, for the elements of an array: `b'…'`, `struct.unpack(…)`, hex, Base64.
//!
//! Values and bytes can look alike: `10 20` is two numbers. Hex and Base64 are taken only where no value is written so,
//! and never for strings, for which any word is a value.

use super::pasted::Table;
use crate::decode::dtype::{ItemType, Record, struct_dtype};
use crate::decode::literal::{self, Literal};
use crate::decode::{Element, hex, paste_formats};
use crate::export::arrays::own_bytes;
use std::sync::Arc;

/// What a copied text holds.
#[derive(Debug)]
pub(super) enum Copied {
    Values(Table),
    /// The bytes of whole items, one after another in C order, to be put there as they are.
    Bytes(Vec<u8>),
}

/// What the bytes in `text` are for items of type `item`; `None` when it is something else.
pub(super) fn read(text: &str, item: &ItemType) -> Option<Result<Copied, String>> {
    if text.starts_with("np.memmap(") || text.starts_with("np.ndarray(") {
        let text = "np.memmap names a file but has no values. Open that file, or copy from it as np.array.";
        return Some(Err(text.to_owned()));
    }
    if let Some(call) = text.strip_prefix("struct.unpack(") {
        return Some(unpack(call).map(Copied::Values));
    }
    if let Some(call) = text.strip_prefix("np.frombuffer(") {
        return Some(frombuffer(call, item));
    }
    if is_string(item) {
        return None;
    }
    if text.starts_with("b'") || text.starts_with("b\"") {
        return Some(match literal::parse(text) {
            Ok(Literal::Bytes(bytes)) => of_own_bytes(item, bytes),
            _ => Err("The bytes are not written as in Python. Nothing was changed.".to_owned()),
        });
    }
    None
}

/// Whether a text may be digits of bytes, hex or Base64.
pub(super) fn may_be_bytes(text: &str) -> bool {
    is_hex(text) || is_base64(text)
}

/// What the bytes are that hex or Base64 digits stand for.
pub(super) fn digits(text: &str, item: &ItemType) -> Option<Result<Copied, String>> {
    if is_hex(text) {
        return hex::parse(text).ok().map(|bytes| of_bytes(item, bytes));
    }
    is_base64(text).then(|| paste_formats::read_base64(text)).flatten().map(|bytes| of_bytes(item, bytes))
}

/// Whether any word is a value of this type.
pub(super) fn is_string(item: &ItemType) -> bool {
    match item {
        ItemType::Scalar(dtype) => dtype.element == Element::Char,
        _ => {
            matches!(item, ItemType::Bytes(_) | ItemType::Text(..) | ItemType::Void(_) | ItemType::Pascal(_))
        }
    }
}

/// `'<6f', b'…')`.
fn unpack(call: &str) -> Result<Table, String> {
    let fault = || {
        "struct.unpack is read only as pagelens copies it: with a format such as '<6f' and bytes. Nothing was changed.".to_owned()
    };
    let (format, bytes) = call.split_once(", ").ok_or_else(fault)?;
    let format = format.trim_matches(['\'', '"']);
    let bytes = bytes.trim_end().strip_suffix(')').ok_or_else(fault)?;
    let Ok(Literal::Bytes(bytes)) = literal::parse(bytes.trim()) else { return Err(fault()) };
    if let Some(dtype) = struct_dtype(format) {
        return texts_of(&ItemType::Scalar(dtype), &bytes);
    }
    match format!("struct:{format}").parse() {
        Ok(ItemType::Record(record))
            if !record.fields.is_empty()
                && record.fields.iter().all(|field| matches!(field.item, ItemType::Scalar(_))) =>
        {
            numbers_of(&record, &bytes)
        }
        _ => Err(fault()),
    }
}

/// The numbers in the fields of records, one after another.
fn numbers_of(record: &Arc<Record>, bytes: &[u8]) -> Result<Table, String> {
    let size = whole_items(&ItemType::Record(Arc::clone(record)), bytes)?;
    let mut values = Vec::new();
    for bytes in bytes.chunks_exact(size) {
        for field in &record.fields {
            let mut text = String::new();
            field.item.format(
                bytes.get(field.place()).unwrap_or_default(),
                0,
                &Default::default(),
                &mut text,
            );
            values.push(text);
        }
    }
    Ok(Table { shape: vec![values.len() as u64], values, is_flat: true })
}

/// `b'…', dtype=…).reshape(…)`, as it is copied here: the bytes of items of the array's own type.
fn frombuffer(call: &str, item: &ItemType) -> Result<Copied, String> {
    let end = call.find(", dtype=").unwrap_or(call.len());
    match literal::parse(call[..end].trim()) {
        Ok(Literal::Bytes(bytes)) => of_own_bytes(item, bytes),
        _ => {
            Err("np.frombuffer is read only as pagelens copies it: with a bytes string. Nothing was changed."
                .to_owned())
        }
    }
}

/// Pairs of digits, one of which no number is written as.
fn is_hex(text: &str) -> bool {
    let pair = |pair: &str| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit());
    let odd = |pair: &str| pair.starts_with('0') || pair.bytes().any(|byte| byte.is_ascii_alphabetic());
    text.split_whitespace().all(pair) && text.split_whitespace().any(odd)
}

/// Lines of Base64 that are no number and no word: a capitalised word is a heading more often than four letters of
/// Base64, and so is one with a number behind it.
fn is_base64(text: &str) -> bool {
    let letters = || text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n'));
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let is_long = text.lines().next().is_some_and(|line| line.len() >= 60);
    let bare = text.trim().trim_end_matches(|last: char| last.is_ascii_digit());
    let is_word = !is_long && bare.bytes().all(|letter| letter.is_ascii_alphabetic());
    // A complex number ends with j.
    let complex = text.trim().ends_with('j');
    let odd =
        |byte: u8| byte.is_ascii_uppercase() || byte == b'=' || (!complex && matches!(byte, b'+' | b'/'));
    // Several lines are only made of what is too long for one.
    let is_one = text.lines().nth(1).is_none() || is_long;
    !is_word
        && is_one
        && letters().all(known)
        && letters().count().is_multiple_of(4)
        && letters().any(odd)
        && text.trim().parse::<f64>().is_err()
}

/// Bytes of items of type `item`, one after another. Those that share bytes are put by their values, for an array may
/// begin or end within such bytes.
///
/// # Errors
/// A sentence when they are no whole number of items.
pub(super) fn of_bytes(item: &ItemType, bytes: Vec<u8>) -> Result<Copied, String> {
    if item.shares_bytes() {
        return texts_of(item, &bytes).map(Copied::Values);
    }
    whole_items(item, &bytes)?;
    Ok(Copied::Bytes(bytes))
}

/// The same, where items that share bytes were given bytes of their own: see [`own_bytes`].
fn of_own_bytes(item: &ItemType, bytes: Vec<u8>) -> Result<Copied, String> {
    if item.shares_bytes() {
        texts_of(&own_bytes(item), &bytes).map(Copied::Values)
    } else {
        of_bytes(item, bytes)
    }
}

/// The size of an item of which the bytes are a whole number.
fn whole_items(item: &ItemType, bytes: &[u8]) -> Result<usize, String> {
    let size = usize::try_from(item.group_bytes()).unwrap_or(usize::MAX);
    if bytes.is_empty() || size == 0 || !bytes.len().is_multiple_of(size) {
        return Err(format!(
            "The {} pasted bytes are not a multiple of the element's size, {size}. Nothing was changed.",
            bytes.len()
        ));
    }
    Ok(size)
}

/// The values in bytes of type `item`, one after another.
pub(super) fn texts_of(item: &ItemType, bytes: &[u8]) -> Result<Table, String> {
    let size = whole_items(item, bytes)?;
    let mut values = Vec::new();
    for group in bytes.chunks_exact(size) {
        for place in 0..item.group_items() {
            let mut text = String::new();
            item.format(group, place, &Default::default(), &mut text);
            values.push(text);
        }
    }
    Ok(Table { shape: vec![values.len() as u64], values, is_flat: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn struct_unpack_is_read_by_the_codes_of_its_format() {
        for (call, values) in [
            ("'<2h', b'\\x01\\x00\\x02\\x00')", &["1", "2"][..]),
            ("'>h', b'\\x01\\x00')", &["256"]),
            ("'2B', b'\\x01\\xff')", &["1", "255"]),
            ("'@q', b'\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff')", &["-1"]),
            ("'<hB', b'\\x01\\x00\\x02\\x03\\x00\\x04')", &["1", "2", "3", "4"]),
        ] {
            assert_eq!(unpack(call).expect("values").values, values, "{call}");
        }
        for call in ["'<3s', b'abc')", "'<hB', b'abcd')", "'<', b'')", "'<h', 1)", "'<h')"] {
            assert!(unpack(call).is_err(), "{call}");
        }
    }
}
