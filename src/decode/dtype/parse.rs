//! The texts that mean an element's type, in the order in which they are tried.
//!
//! NumPy's meaning comes first, then the names that NumPy lacks, then formats of Python's struct; `struct:` in front
//! forces the last. A text is read once by each, so the work is linear.

use super::refusal::{Parsed, refuse};
use super::{ItemType, parse_numpy, parse_python, parse_struct};
use crate::decode::literal;
use crate::decode::scalar::integer::excerpt;
use crate::decode::scalar_type::ParseDTypeError;
use crate::decode::type_names::{self, Dialect};
use crate::decode::{DType, Order};
use std::str::FromStr;

/// The longest text that is read.
const LONGEST: usize = 1 << 20;

impl FromStr for ItemType {
    type Err = ParseDTypeError;

    fn from_str(text: &str) -> Parsed {
        let trimmed = text.trim();
        if trimmed.len() > LONGEST {
            return refuse("the text is too long for a type");
        }
        if let Some(format) = trimmed.strip_prefix("struct:") {
            return parse_struct::parse(format);
        }
        if is_expression(trimmed) {
            let value = literal::parse_expression(trimmed).or_else(|error| {
                let column = trimmed[..error.at.min(trimmed.len())].chars().count() + 1;
                refuse(format!("column {column}: {}", error.text))
            })?;
            return parse_python::of_literal(&value);
        }
        match parse_numpy::parse(trimmed, false) {
            Ok(item) => Ok(item),
            Err(error) => parse_struct::parse(trimmed).or(Err(error)),
        }
    }
}

impl FromStr for DType {
    type Err = ParseDTypeError;

    /// The same names mean the same types as for [`ItemType`]; only those with one number an item are taken.
    fn from_str(text: &str) -> Result<Self, ParseDTypeError> {
        match text.parse::<ItemType>()? {
            ItemType::Scalar(dtype) => Ok(dtype),
            item => refuse(format!(
                "{} is not a type of a single number. Show the bytes as an array",
                excerpt(&item.to_string())
            )),
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

impl ItemType {
    /// The type of a name in a dialect. Names of no other dialect count.
    pub fn named_in(dialect: Dialect, name: &str, order: Order) -> Option<Self> {
        parse_numpy::of(type_names::find_in(dialect, name)?, "", order).ok()
    }

    /// The type that the `descr` of a `.npy` header describes. NumPy writes gaps between fields as fields without a
    /// name; they become gaps again.
    ///
    /// # Errors
    /// [`ParseDTypeError`] when it describes none.
    pub fn from_descr(descr: &str) -> Parsed {
        parse_python::of_descr(descr)
    }
}
