//! Questions about the elements of an array: which ones are as an expression or a value asks.
//!
//! | written | meaning |
//! |---|---|
//! | `x > 1e4 and x < 2e4`, `isnan(x)`, `abs(x - mean) > 6 * std` | an expression that is True |
//! | `id == 7 and temp < 0`, `x['first name'] == 'Ada'` | the same, over the fields of records |
//! | `-32768`, `3.14`, `nan`, `2024-05-01`, `'abc'` | this value, the nearest of the type |
//! | `1..2`, `1e4..`, `..-5` | from one value to another, both included |
//! | `3.14±0.01`, `3.14±1%`, `3.14±2ulp` | values that are near, also with a tolerance beside it |
//!
//! | file | what it holds |
//! |---|---|
//! | `bind`, `input`, `types` | names become inputs of known types |
//! | `asked_array` | a question with the numbers that it needs, and the other arrays that it is about |
//! | `value` | a value, a range or a tolerance as an expression |
//! | `question` | a question for one type of elements, answered tile by tile |
//! | `hits` | the answers of many elements |
//! | `search` | all elements of an array that are as asked |

mod asked_array;
mod bind;
mod hits;
mod input;
mod question;
mod search;
mod types;
mod value;

pub use asked_array::AskedArray;
pub use hits::ElementHits;
pub use question::ArrayQuestion;
pub use search::{ElementSpans, HitsOfPart};

pub(super) use bind::{Bound, bound, bound_to_x, field_of, wanted, with_numbers};
pub(super) use input::Input;

use super::ComputeError;
use super::expr::{Expr, Reduction};
use super::parse::Parser;
use super::parse_error::{ParseOperationError, capital};
use super::scene::Scene;
use crate::decode::Number;
use crate::decode::dtype::ItemType;
use std::str::FromStr;
use value::ValueQuestion;

/// A question about each element of an array of any type.
#[derive(Clone, Debug, PartialEq)]
pub struct Predicate {
    text: String,
    kind: PredicateKind,
}

#[derive(Clone, Debug, PartialEq)]
enum PredicateKind {
    Where(Expr),
    Value(ValueQuestion),
}

/// One number of all elements that a question needs to know.
#[derive(Clone, Debug, PartialEq)]
pub struct WantedNumber {
    pub reduction: Reduction,
    /// What it is of: an expression over the element, `x` itself, or fields of records.
    pub(in crate::compute) of: Expr,
}

impl FromStr for Predicate {
    type Err = ParseOperationError;

    /// An expression that is True or False: `x > 3 and not isnan(x)`.
    fn from_str(text: &str) -> Result<Self, ParseOperationError> {
        let text = text.trim();
        if text.is_empty() {
            let text = "Type a question about an element, such as x > 3".to_owned();
            return Err(ParseOperationError { text, at: 0 });
        }
        let refused = |(text, at): (String, usize)| ParseOperationError { text: capital(&text), at };
        let expr = Parser::with_fields(text).whole().map_err(refused)?;
        // A name such as mean may be that of a field.
        if !expr.has_x() && !expr.is_reduced() {
            return Err(ParseOperationError { text: capital(bind::NO_ELEMENT), at: 0 });
        }
        Ok(Self { text: text.to_owned(), kind: PredicateKind::Where(expr) })
    }
}

impl Predicate {
    /// A value, a range of values, or a value with a tolerance, which may also come by itself: `0.01`, `1%`, `2ulp`.
    ///
    /// # Errors
    /// A sentence when the text or the tolerance can't be one. Whether a type has the value is asked later.
    pub fn value(text: &str, tolerance: Option<&str>) -> Result<Self, ParseOperationError> {
        let kind = ValueQuestion::read(text, tolerance)
            .map_err(|(text, at)| ParseOperationError { text: capital(&text), at })?;
        Ok(Self { text: text.trim().to_owned(), kind: PredicateKind::Value(kind) })
    }

    /// The question as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The other arrays that it is about, by their names.
    pub fn others(&self) -> Vec<&str> {
        match &self.kind {
            PredicateKind::Where(expr) => expr.others(),
            PredicateKind::Value(_) => Vec::new(),
        }
    }

    /// Whether numbers of all elements may have to be known first.
    pub fn has_reductions(&self) -> bool {
        matches!(&self.kind, PredicateKind::Where(expr) if expr.is_reduced())
    }

    /// The numbers of all elements that have to be known before elements of this type can be asked.
    pub fn wanted(&self, item: &ItemType) -> Vec<WantedNumber> {
        match &self.kind {
            PredicateKind::Where(expr) => bind::wanted(expr, item),
            PredicateKind::Value(_) => Vec::new(),
        }
    }

    /// The question for elements of one type; `known` are the numbers that are [wanted](Self::wanted), in that order.
    ///
    /// # Errors
    /// [`ComputeError`] when elements of this type can't be asked, or never are as asked.
    pub fn for_items(&self, item: &ItemType, known: &[Number]) -> Result<ArrayQuestion, ComputeError> {
        self.in_scene(&Scene::of(item), known)
    }

    /// The same for elements with others beside them.
    fn in_scene(&self, scene: &Scene, known: &[Number]) -> Result<ArrayQuestion, ComputeError> {
        match &self.kind {
            PredicateKind::Where(expr) => ArrayQuestion::new(bound(expr, scene, known)?),
            PredicateKind::Value(value) => ArrayQuestion::new(value.bound(&scene.x)?),
        }
    }
}
