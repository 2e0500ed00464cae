//! What the header of a `.npy` file says: its size, and from its dict the type, the shape and the order.
//!
//! Latin-1 in versions 1 and 2, UTF-8 in version 3. The size is checked against the bytes that are there before
//! anything is read.

use super::{MAGIC, START, dict};
use crate::bytes::Span;
use crate::decode::array::MemoryOrder;
use crate::decode::dtype::ItemType;
use crate::decode::literal::{Literal, header_value};
use crate::decode::{DType, Element, Order};
use crate::formats::header::{MOST_SIDES, cut};
use crate::formats::{FormatError, Meta};
use std::borrow::Cow;

/// A longer header is not read; NumPy itself refuses more than 10,000 bytes unless it is given a `max_header_size`.
const MOST_HEADER: u64 = 16 << 20;

/// Values of what is a single one, perhaps in parentheses.
const FEW: usize = 8;

/// What a header says.
pub(in crate::formats) struct Said {
    pub item: ItemType,
    pub shape: Box<[u64]>,
    pub order: MemoryOrder,
    /// Why the array can't be shown, although its header is right.
    pub hidden: Option<Box<str>>,
    /// Its type as the header names it, without quotes.
    pub type_name: Box<str>,
    pub metadata: Vec<Meta>,
    /// What is odd about it, as sentences.
    pub odd: Vec<String>,
}

/// Bytes in front of the items, by the first [`START`] bytes of a file of `len` bytes.
///
/// # Errors
/// [`FormatError`] when it does not begin as a `.npy` file does, or is shorter than its header.
pub(in crate::formats) fn size_of_header(start: &[u8], len: u64) -> Result<u64, FormatError> {
    let whole = Some(Span::first(len.min(START as u64)));
    if !start.starts_with(MAGIC) {
        return Err(FormatError::new("It does not begin like a .npy file.", whole));
    }
    let too_short = || FormatError::new("The file ends within its first 12 bytes.", whole);
    let version = start.get(6..8).ok_or_else(too_short)?;
    let header = match version {
        [1, 0] => start.get(8..10).map(|len| 10 + u64::from(u16::from_le_bytes([len[0], len[1]]))),
        [2 | 3, 0] => {
            start.get(8..12).map(|len| 12 + u64::from(u32::from_le_bytes([len[0], len[1], len[2], len[3]])))
        }
        [major, minor] => {
            let text =
                format!("Version {major}.{minor} of the format is not supported; 1.0, 2.0 and 3.0 are.");
            return Err(FormatError::new(text, Span::new(6, 8)));
        }
        _ => None,
    };
    let header = header.ok_or_else(too_short)?;
    if header > len {
        let text = format!("The header should end at byte {header}, but the file has only {len} bytes.");
        return Err(FormatError::new(text, whole));
    }
    if header > MOST_HEADER {
        let text = format!("The header should have {header} bytes, but headers above 16 MiB are not read.");
        return Err(FormatError::new(text, whole));
    }
    Ok(header)
}

/// Where the dict begins.
pub(super) fn dict_at(header: &[u8]) -> usize {
    if header.get(6) == Some(&1) { 10 } else { 12 }
}

/// The dict's text, a byte a character where the version says so.
pub(super) fn text(header: &[u8]) -> Result<Cow<'_, str>, FormatError> {
    let at = dict_at(header);
    let bytes = header.get(at..).unwrap_or_default();
    if header.get(6) == Some(&3) || bytes.is_ascii() {
        return std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
            let at = (at + error.valid_up_to()) as u64;
            FormatError::new(format!("The header is not UTF-8 at byte {at}."), Span::at(at, 1))
        });
    }
    Ok(Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect()))
}

/// What all bytes in front of the items say; they stand at byte `base` of the file.
///
/// # Errors
/// [`FormatError`] when the dict can't be read or lacks a key.
pub(in crate::formats) fn parse(header: &[u8], base: u64) -> Result<Said, FormatError> {
    let text = text(header)?;
    let start = base + dict_at(header) as u64;
    let one_byte = matches!(text, Cow::Borrowed(_));
    // Places of characters are places of bytes unless Latin-1 was widened.
    let span = |place: &std::ops::Range<usize>| {
        Span::new(start + place.start as u64, start + place.end as u64).filter(|_| one_byte)
    };
    let dict = dict::read(&text).map_err(|error| {
        let at = start + error.at as u64;
        let why = error.text;
        FormatError::new(format!("The header can't be read at byte {at}: {why}."), Some(Span::empty_at(at)))
    })?;
    let mut odd = Vec::new();
    if !dict.is_all {
        odd.push("Something follows the header's dict.".to_owned());
    }
    let mut metadata = Vec::new();
    for pair in &dict.pairs {
        let name = dict::name(pair).unwrap_or("(no string)");
        let known = matches!(name, "descr" | "fortran_order" | "shape");
        if !known {
            odd.push(format!("The header has a key {} that NumPy does not know.", cut(name, 60)));
        }
        let shown = cut(&text[pair.value.clone()], super::super::header::VALUE_CHARS);
        let editable = known && one_byte && shown.len() == pair.value.len();
        metadata.push(Meta {
            key: cut(name, 60).into(),
            value: shown.into(),
            span: span(&pair.value),
            editable,
        });
    }
    let value = |wanted: &str| {
        dict.get(wanted).map(|pair| &text[pair.value.clone()]).ok_or_else(|| {
            FormatError::new(
                format!("The header has no '{wanted}'."),
                Some(Span::between(base, start + dict.end as u64)),
            )
        })
    };
    let descr = value("descr")?;
    let type_name = match header_value(descr, FEW) {
        Ok(Literal::Str(name)) => cut(&name, 60),
        _ => cut(descr, 60),
    };
    let (item, mut hidden) = item(descr);
    let order = order(value("fortran_order")?)
        .ok_or_else(|| FormatError::new("The header's fortran_order is neither True nor False.", None))?;
    let mut shape = shape(value("shape")?)?;
    let item = joined(item, &mut shape, &mut hidden);
    let (shape, type_name) = (shape.into(), type_name.into());
    Ok(Said { item, shape, order, hidden, type_name, metadata, odd })
}

fn shape(text: &str) -> Result<Vec<u64>, FormatError> {
    dict::shape(text, MOST_SIDES).ok_or_else(|| {
        FormatError::new(
            format!("The header's shape {} is not a tuple of at most 64 lengths.", cut(text, 60)),
            None,
        )
    })
}

pub(super) fn order(text: &str) -> Option<MemoryOrder> {
    match header_value(text, FEW) {
        Ok(Literal::Bool(true)) => Some(MemoryOrder::F),
        Ok(Literal::Bool(false)) => Some(MemoryOrder::C),
        _ => None,
    }
}

/// The type that `descr` means; one that can't be shown is a byte, and the reason.
fn item(descr: &str) -> (ItemType, Option<Box<str>>) {
    let nothing = DType::new(Element::U8, Order::Little).into();
    match ItemType::from_descr(descr).ok() {
        Some(item) => (item, None),
        // Only now, because a field may be called O.
        None if names_objects(descr) => (nothing, Some("pickled objects, not loaded".into())),
        None => (nothing, Some(format!("type {} is not known", cut(descr, 40)).into())),
    }
}

/// Whether a string of `descr` is the code of Python objects.
fn names_objects(descr: &str) -> bool {
    descr.split(['\'', '"']).any(|part| matches!(part, "O" | "|O" | "<O" | ">O" | "=O" | "|O8" | "|O4"))
}

/// The sides of a sub-array become the array's last ones, as NumPy has it.
fn joined(item: ItemType, shape: &mut Vec<u64>, hidden: &mut Option<Box<str>>) -> ItemType {
    let ItemType::Array(array) = item else { return item };
    if shape.len() + array.shape.len() > MOST_SIDES {
        *hidden = Some("more than 64 axes".into());
        return array.item.clone();
    }
    shape.extend(&array.shape);
    joined(array.item.clone(), shape, hidden)
}
