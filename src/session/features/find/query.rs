//! A query as it is typed, and what it looks for.

use super::value_types::ValueTypes;
use crate::analysis::masked::Masked;
use crate::analysis::regex::{Regex, RegexError};
use crate::analysis::texts::{TextQuery, usual_encodings_beside};
use crate::analysis::{Case, Needle, NeedleError, Pattern};
use crate::compute::{ParseOperationError, Predicate};
use crate::decode::{DType, Element, Encoding, Order, hex};
use crate::session::defaults::DEFAULT_DTYPE;
use crate::session::tab::Tab;
use std::fmt;
use std::sync::Arc;

/// How the typed text is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueryKind {
    #[default]
    Hex,
    Text,
    /// A regular expression over bytes.
    Regex,
    /// A value, a range or a value with a tolerance: of the elements of arrays, or of bytes that are read as the types
    /// in [`Query::types`].
    Value,
    /// A question about each element `x` of arrays.
    Where,
}

impl QueryKind {
    /// All kinds, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Hex, Self::Text, Self::Regex, Self::Value, Self::Where];

    /// What it is called.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Hex => "Hex",
            Self::Text => "Text",
            Self::Regex => "Regex",
            Self::Value => "Value",
            Self::Where => "Where",
        }
    }
}

/// Why a text can't be looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct QueryError {
    pub reason: String,
    /// The character of the text that is wrong, from 0; `None` where it is all of it.
    pub at: Option<usize>,
}

impl From<String> for QueryError {
    fn from(reason: String) -> Self {
        Self { reason, at: None }
    }
}

/// What is looked for, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub text: String,
    pub replacement: String,
    pub kind: QueryKind,
    pub any_case: bool,
    /// Only text that is no part of a longer word.
    pub whole_words: bool,
    pub encoding: Encoding,
    /// Text in any of the usual encodings that can write it, instead of in the chosen one.
    pub usual_encodings: bool,
    /// The types of a value.
    pub types: ValueTypes,
}

/// The question for values that are no number.
pub const IS_NAN: &str = "isnan(x)";
/// The question for infinities.
pub const IS_INFINITE: &str = "isinf(x)";

/// Where all places are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    File,
    Selection,
}

/// What is looked for, ready to search with.
#[derive(Clone)]
pub(super) enum Sought {
    Bytes(Arc<dyn Pattern>),
    Elements(Arc<Predicate>),
}

impl Sought {
    /// The pattern of a search for bytes.
    pub fn pattern(&self) -> Option<&Arc<dyn Pattern>> {
        match self {
            Self::Bytes(pattern) => Some(pattern),
            Self::Elements(_) => None,
        }
    }
}

impl fmt::Debug for Sought {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(pattern) => write!(f, "Sought(at most {} bytes)", pattern.max_len()),
            Self::Elements(_) => f.write_str("Sought(elements)"),
        }
    }
}

/// What a query looks for.
pub(super) fn compile(query: &Query, facts: &TabFacts) -> Result<Sought, QueryError> {
    let plain = |error: NeedleError| sentence(&error.to_string());
    let pattern: Arc<dyn Pattern> = match query.kind {
        QueryKind::Hex => hex_pattern(&query.text)?,
        QueryKind::Value if facts.asks_elements(query) || facts.reads_as(query).is_some() => {
            let question = Predicate::value(&query.text, None);
            return Ok(Sought::Elements(Arc::new(question.map_err(|error| wrong_question(query, &error))?)));
        }
        QueryKind::Value => {
            let dtype = facts.dtype_of(query);
            Arc::new(Needle::exact(&value_bytes(dtype, &query.text)?).map_err(plain)?)
        }
        QueryKind::Text => {
            let case = if query.any_case { Case::Unicode } else { Case::Exact };
            let usual = if query.usual_encodings {
                usual_encodings_beside(&query.text, |order| facts.has_text(order))
            } else {
                Vec::new()
            };
            let encodings = if query.usual_encodings { &usual[..] } else { &[query.encoding] };
            let text = TextQuery { text: &query.text, encodings, case, whole_words: query.whole_words };
            Arc::new(text.pattern().map_err(plain)?.0)
        }
        QueryKind::Regex => Arc::new(Regex::new(&query.text, query.any_case).map_err(wrong_expression)?),
        QueryKind::Where => {
            let question = query.text.parse::<Predicate>();
            return Ok(Sought::Elements(Arc::new(question.map_err(|error| wrong_question(query, &error))?)));
        }
    };
    Ok(Sought::Bytes(pattern))
}

/// Hex bytes; a question mark is any digit.
fn hex_pattern(text: &str) -> Result<Arc<dyn Pattern>, QueryError> {
    let plain = |error: NeedleError| sentence(&error.to_string());
    if !text.contains('?') {
        return Ok(Arc::new(Needle::exact(&hex_bytes(text)?).map_err(plain)?));
    }
    let bytes = hex::parse_masked(text.trim_end()).map_err(|error| wrong_hex(text, &error))?;
    Ok(Arc::new(Masked::new(&bytes).map_err(plain)?))
}

fn wrong_expression(error: RegexError) -> QueryError {
    let reason = sentence(&error.to_string());
    match error {
        RegexError::Syntax { at, .. } | RegexError::Foreign { at, .. } => {
            QueryError { reason, at: at.checked_sub(1) }
        }
        RegexError::Empty | RegexError::Other { .. } | RegexError::TooLarge | RegexError::OnlyEmpty => {
            reason.into()
        }
    }
}

fn wrong_question(query: &Query, error: &ParseOperationError) -> QueryError {
    let at = query.text.get(..error.at).map(|front| front.chars().count());
    QueryError { reason: sentence(&error.text), at }
}

/// What of the tab in front decides how a value is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TabFacts {
    /// Whether an array is shown, or the file has arrays.
    pub has_arrays: bool,
    /// The type of the plain values.
    pub shown: Option<DType>,
    /// Whether arrays have UTF-32 text in little and in big byte order.
    pub has_text: [bool; 2],
}

impl TabFacts {
    /// Those of a tab.
    pub(super) fn of(tab: Option<&Tab>) -> Self {
        let has = |tab: &Tab| {
            let found = tab.arrays.found.as_ref();
            tab.shown_array().is_some() || found.is_some_and(|found| !found.container.entries.is_empty())
        };
        let has_text = [Order::Little, Order::Big].map(|order| {
            tab.is_some_and(|tab| {
                let shown = tab.shown_array().is_some_and(|view| view.table.array().item.has_text(order));
                let found = tab.arrays.found.as_ref();
                shown || found.is_some_and(|found| found.container.has_text(order))
            })
        });
        Self { has_arrays: tab.is_some_and(has), shown: tab.and_then(Tab::shown_dtype), has_text }
    }

    fn has_text(&self, order: Order) -> bool {
        self.has_text[usize::from(order == Order::Big)]
    }

    /// Whether a value is looked for among the elements of arrays, or of the plain values, instead of at any offset.
    fn asks_elements(&self, query: &Query) -> bool {
        query.types.is_empty() && self.has_arrays || is_range(&query.text)
    }

    /// The types that the bytes are read as, each at its own places, where a value is looked for that way: as several
    /// types, only at multiples of their sizes, or in a range. `None` where the bytes of one value are looked for, or
    /// elements are asked.
    pub(super) fn reads_as(&self, query: &Query) -> Option<Vec<DType>> {
        if query.kind != QueryKind::Value {
            return None;
        }
        if query.types.is_empty() {
            let asks = query.types.aligned && !self.has_arrays;
            return self.dtype_of(query).filter(|_| asks).map(|dtype| vec![dtype]);
        }
        let dtypes = query.types.dtypes();
        (dtypes.len() > 1 || query.types.aligned || is_range(&query.text)).then_some(dtypes)
    }

    /// The type of a value that is looked for at any offset, if it is one: the chosen one; or that of the values that are
    /// shown; or else the smallest usual one that has the value.
    pub fn dtype_of(&self, query: &Query) -> Option<DType> {
        if query.kind != QueryKind::Value {
            return None;
        }
        if !query.types.is_empty() {
            return query.types.single();
        }
        let usual = [Element::I16, Element::I32, Element::I64, Element::F32, Element::F64];
        let usual = usual.map(|element| DType::new(element, Order::Little));
        // Of a range or a value with a tolerance the first number decides.
        let end = RANGE_SIGNS.iter().filter_map(|sign| query.text.find(sign)).min();
        let number = query.text[..end.unwrap_or(query.text.len())].trim();
        let has = |dtype: &DType| number.is_empty() || dtype.encode(number).is_ok();
        self.shown.into_iter().chain(usual).find(has).or(self.shown)
    }
}

/// What stands between the ends of a range, or before a tolerance.
const RANGE_SIGNS: [&str; 4] = ["..", "±", "+-", "+/-"];

fn is_range(text: &str) -> bool {
    RANGE_SIGNS.iter().any(|sign| text.contains(sign))
}

/// Why elements are not replaced one after the other.
pub(super) const REPLACE_IN_LIST: &str =
    "Elements are replaced in the list: use Find all, then Replace in the list of matches.";

pub(super) const NOT_HEX: &str = "Not hex digits";

/// Typed hex. A number with a sign, a point or an exponent is not meant as its digits.
fn hex_bytes(text: &str) -> Result<Vec<u8>, QueryError> {
    if text.trim_start().starts_with(['-', '+']) {
        return Err(format!("{NOT_HEX}: a number with a sign is a value.").into());
    }
    hex::parse(text.trim_end()).map_err(|error| wrong_hex(text, &error))
}

fn wrong_hex(text: &str, error: &hex::HexError) -> QueryError {
    let text = text.trim_end();
    let reason = match text.chars().nth(error.at) {
        Some(digit) if digit.is_ascii_hexdigit() && error.at + 1 == text.chars().count() => {
            String::from("Incomplete byte at the end.")
        }
        _ => format!("{NOT_HEX}: {error}."),
    };
    QueryError { reason, at: Some(error.at) }
}

/// A reason with a capital letter and a full stop.
fn sentence(reason: &str) -> String {
    let mut letters = reason.chars();
    let first = letters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    let stop = if reason.ends_with('.') { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}

/// The bytes of a typed number.
fn value_bytes(dtype: Option<DType>, text: &str) -> Result<Vec<u8>, String> {
    let dtype = dtype.unwrap_or(DEFAULT_DTYPE);
    dtype.encode(text.trim()).map_err(|error| format!("Not a value of {}: {error}.", dtype.element.name()))
}

/// The bytes that take a match's place.
pub(super) fn replacement(query: &Query) -> Result<Vec<u8>, String> {
    match query.kind {
        QueryKind::Hex | QueryKind::Text | QueryKind::Regex | QueryKind::Value
            if query.replacement.is_empty() =>
        {
            Ok(Vec::new())
        }
        QueryKind::Hex => hex_bytes(&query.replacement).map_err(|error| error.reason),
        QueryKind::Value if query.types.single().is_none() && !query.types.is_empty() => {
            Err(String::from(REPLACE_IN_LIST))
        }
        QueryKind::Value => value_bytes(query.types.single(), &query.replacement),
        QueryKind::Text if query.usual_encodings => {
            Err(String::from("The matches may be in several encodings. Choose one encoding to replace text."))
        }
        QueryKind::Text | QueryKind::Regex => {
            query.encoding.encode(&query.replacement).map_err(|error| error.to_string())
        }
        QueryKind::Where => Err(String::from(REPLACE_IN_LIST)),
    }
}
