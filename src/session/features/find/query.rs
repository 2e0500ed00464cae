//! A query as it is typed, and what it looks for.

use crate::analysis::{Case, Needle, NeedleError, Pattern};
use crate::decode::{DType, Encoding, hex};
use crate::session::defaults::DEFAULT_DTYPE;
use std::fmt;
use std::sync::Arc;

/// How the typed text is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueryKind {
    #[default]
    Hex,
    Text,
    /// A number as [`Query::dtype`] has it: its bytes are looked for.
    Value,
}

/// What is looked for, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub text: String,
    pub replacement: String,
    pub kind: QueryKind,
    pub any_case: bool,
    pub encoding: Encoding,
    /// The type of a value; `None` until one was chosen or shown.
    pub dtype: Option<DType>,
}

/// Where all places are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    File,
    Selection,
}

/// What is looked for, ready to search with.
#[derive(Clone)]
pub(super) struct Sought(Arc<dyn Pattern>);

impl Sought {
    /// The pattern of the bytes.
    pub fn pattern(&self) -> &dyn Pattern {
        &*self.0
    }
}

impl fmt::Debug for Sought {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sought(at most {} bytes)", self.0.max_len())
    }
}

/// What a query looks for.
pub(super) fn compile(query: &Query) -> Result<Sought, String> {
    let plain = |error: NeedleError| error.to_string();
    let needle = match query.kind {
        QueryKind::Hex => Needle::exact(&hex_bytes(&query.text)?).map_err(plain)?,
        QueryKind::Value => Needle::exact(&value_bytes(query, &query.text)?).map_err(plain)?,
        QueryKind::Text => {
            let case = if query.any_case { Case::Unicode } else { Case::Exact };
            let mut utf8 = [0; 4];
            let encode = |c: char| query.encoding.encode(c.encode_utf8(&mut utf8)).ok();
            Needle::text(&query.text, case, encode).map_err(plain)?
        }
    };
    Ok(Sought(Arc::new(needle)))
}

pub(super) const NOT_HEX: &str = "Not hex digits";

/// Typed hex. A number with a sign, a point or an exponent is not meant as its digits.
fn hex_bytes(text: &str) -> Result<Vec<u8>, String> {
    if text.trim_start().starts_with(['-', '+']) {
        return Err(format!("{NOT_HEX}: a number with a sign is a value."));
    }
    let text = text.trim_end();
    hex::parse(text).map_err(|error| match text.chars().nth(error.at) {
        Some(digit) if digit.is_ascii_hexdigit() && error.at + 1 == text.chars().count() => {
            String::from("Incomplete byte at the end.")
        }
        _ => format!("{NOT_HEX}: {error}."),
    })
}

/// The bytes of a typed number.
fn value_bytes(query: &Query, text: &str) -> Result<Vec<u8>, String> {
    let dtype = query.dtype.unwrap_or(DEFAULT_DTYPE);
    dtype.encode(text.trim()).map_err(|error| format!("Not a value of {}: {error}.", dtype.element.name()))
}

/// The bytes that take a match's place.
pub(super) fn replacement(query: &Query) -> Result<Vec<u8>, String> {
    match query.kind {
        _ if query.replacement.is_empty() => Ok(Vec::new()),
        QueryKind::Hex => hex_bytes(&query.replacement),
        QueryKind::Value => value_bytes(query, &query.replacement),
        QueryKind::Text => query.encoding.encode(&query.replacement).map_err(|error| error.to_string()),
    }
}
