//! The reasons why a text is not a type, and the limit of sizes.

use super::ItemType;
use crate::decode::scalar::integer::excerpt;
use crate::decode::scalar_type::ParseDTypeError;

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
