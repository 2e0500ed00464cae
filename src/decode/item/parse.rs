//! The texts that mean an item's type, in the order in which they are tried.
//!
//! NumPy's meaning comes first, then the names that NumPy lacks, then formats of Python's struct; `struct:` in front
//! forces the last. A text is read once by each, so the work is linear.

use super::{ItemType, numpy, python, structs};
use crate::decode::DType;
use crate::decode::dtype::ParseDTypeError;
use crate::decode::literal;
use crate::decode::number::excerpt;
use std::str::FromStr;

/// The longest text that is read.
const LONGEST: usize = 1 << 20;
/// NumPy's own limit of an item's bytes.
const LARGEST: u64 = i32::MAX as u64;

pub(super) type Parsed = Result<ItemType, ParseDTypeError>;

pub(super) fn refuse<T>(message: impl Into<String>) -> Result<T, ParseDTypeError> {
    Err(ParseDTypeError { message: message.into() })
}

/// A size of an item, unless it is beyond what NumPy allows.
pub(super) fn sized(bytes: Option<u64>) -> Result<u64, ParseDTypeError> {
    match bytes {
        Some(bytes) if bytes <= LARGEST => Ok(bytes),
        _ => refuse("an element of more than 2147483647 bytes is too large"),
    }
}

pub(super) fn unknown(text: &str) -> ParseDTypeError {
    let text = excerpt(text.trim());
    ParseDTypeError {
        message: format!("'{text}' is not a type; write one such as '<f4', 'uint8' or [('x', '<f4')]"),
    }
}

impl FromStr for ItemType {
    type Err = ParseDTypeError;

    fn from_str(text: &str) -> Parsed {
        let trimmed = text.trim();
        if trimmed.len() > LONGEST {
            return refuse("the text is too long for a type");
        }
        if let Some(format) = trimmed.strip_prefix("struct:") {
            return structs::parse(format);
        }
        if is_expression(trimmed) {
            let value = literal::parse_expression(trimmed).or_else(|error| {
                let column = trimmed[..error.at.min(trimmed.len())].chars().count() + 1;
                refuse(format!("column {column}: {}", error.text))
            })?;
            return python::of_literal(&value);
        }
        if let Some(found) = named(trimmed) {
            return found;
        }
        match numpy::parse(trimmed, false) {
            Ok(item) => Ok(item),
            Err(error) => structs::parse(trimmed).or(Err(error)),
        }
    }
}

impl FromStr for DType {
    type Err = ParseDTypeError;

    /// The same names mean the same types as for [`ItemType`]; only those with one number an item are taken.
    fn from_str(text: &str) -> Result<Self, ParseDTypeError> {
        match text.parse::<ItemType>()? {
            ItemType::Scalar(dtype) => Ok(dtype),
            item => {
                refuse(format!("{} is not a single number. Show it as an array", excerpt(&item.to_string())))
            }
        }
    }
}

/// Whether the text is Python's rather than a name: brackets, quotes and calls. `(2,3)f4` is a name.
fn is_expression(text: &str) -> bool {
    match text.chars().next() {
        Some('[' | '{' | '\'' | '"') => true,
        Some('(') => !text[1..].trim_start().starts_with(|c: char| c.is_ascii_digit() || c == ')'),
        _ => {
            let called = text.split_once('(').is_some_and(|(name, _)| name.trim_end().ends_with("dtype"));
            called || ["np.", "numpy.", "ml_dtypes."].iter().any(|module| text.starts_with(module))
        }
    }
}

/// Types that NumPy has no string for, by the name that `Display` gives them.
pub(super) fn named(text: &str) -> Option<Parsed> {
    if let Some(digits) = text.strip_prefix("pascal") {
        let is_number = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
        return is_number.then(|| {
            let len = sized(digits.parse().ok())?;
            Ok(ItemType::Pascal(len as u32))
        });
    }
    let lower = text.to_ascii_lowercase();
    let packed =
        super::PACKED.iter().find(|(name, _)| *name == lower).map(|(_, packed)| ItemType::Packed(*packed));
    let quant =
        || super::QUANTS.iter().find(|(name, _)| *name == lower).map(|(_, quant)| ItemType::Quant(*quant));
    packed.or_else(quant).map(Ok)
}

impl ItemType {
    /// The type that the `descr` of a `.npy` header describes. NumPy writes gaps between fields as fields without a
    /// name; they become gaps again.
    ///
    /// # Errors
    /// [`ParseDTypeError`] when it describes none.
    pub fn from_descr(descr: &str) -> Parsed {
        python::of_descr(descr)
    }
}
