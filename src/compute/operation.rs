//! What is to be done to each element, as it is typed: a value, an expression over `x`, a sequence, a cast.
//!
//! | written | meaning |
//! |---|---|
//! | `5`, `nan`, `'abc'`, `2020-01-01` | this value everywhere |
//! | `[1, 2, 3]`, `np.array(…)` | these values, repeated as NumPy broadcasts them |
//! | `x * 2 + 1`, `clip(x, 0, 1)`, `nan_to_num(x, 0)`, `x ^ 0xff` | calculated from the element `x` |
//! | `x - mean(x)`, `x + other('b')` | the same, from numbers of all elements, and from another array |
//! | `byteswap(x)` | the bytes of each value the other way round |
//! | `arange(0, step=2)`, `linspace(0, 1)`, `random(0, 1, seed=42)` | by the element's number in C order |
//! | `int32(x)` | the values as another type of the same size, in the same bytes |

use super::expr::{Expr, FUNCTIONS};
use super::parse::Parser;
use super::parse_error::{ParseOperationError, capital};
use super::predicate::{WantedNumber, wanted};
use super::rounding::Rounding;
use super::sequence::Sequence;
use crate::decode::dtype::ItemType;
use crate::decode::scalar_type::DType;
use std::fmt;
use std::str::FromStr;

/// Something to be done to each item of an array.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    text: String,
    pub(super) kind: OperationKind,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum OperationKind {
    /// The text as a value, or what it comes to.
    Constant(Option<Expr>),
    /// The text as a list of values.
    List,
    Each(Expr),
    ByteSwap,
    Cast(ItemType, Expr),
    Sequence(Sequence),
}

impl Operation {
    /// The operation as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The other arrays that it names.
    pub fn others(&self) -> Vec<&str> {
        match &self.kind {
            OperationKind::Constant(Some(expr))
            | OperationKind::Each(expr)
            | OperationKind::Cast(_, expr) => expr.others(),
            OperationKind::Constant(None)
            | OperationKind::List
            | OperationKind::ByteSwap
            | OperationKind::Sequence(_) => Vec::new(),
        }
    }

    /// What is calculated for items of this type; `None` where the text is a value of it, or nothing is calculated.
    pub(super) fn expr(&self, item: &ItemType) -> Option<&Expr> {
        match &self.kind {
            OperationKind::Each(expr) | OperationKind::Cast(_, expr) => Some(expr),
            OperationKind::Constant(Some(expr)) => {
                let zero = vec![0; usize::try_from(item.group_bytes()).unwrap_or(0)];
                item.encode(&self.text, &zero, 0).is_err().then_some(expr)
            }
            OperationKind::Constant(None)
            | OperationKind::List
            | OperationKind::ByteSwap
            | OperationKind::Sequence(_) => None,
        }
    }

    /// The numbers of all elements that have to be known first.
    pub fn wanted(&self, item: &ItemType) -> Vec<WantedNumber> {
        self.expr(item).map(|expr| wanted(expr, item)).unwrap_or_default()
    }

    /// The same with what it names in place.
    pub(super) fn with_expr(&self, expr: Expr) -> Self {
        let kind = match &self.kind {
            OperationKind::Each(_) => OperationKind::Each(expr),
            OperationKind::Cast(item, _) => OperationKind::Cast(item.clone(), expr),
            // A number that was worked out is not one that was typed: it may lose digits.
            OperationKind::Constant(_) => {
                OperationKind::Constant(Some(Expr::In(Rounding::F64, Box::new(expr))))
            }
            OperationKind::List | OperationKind::ByteSwap | OperationKind::Sequence(_) => self.kind.clone(),
        };
        Self { text: self.text.clone(), kind }
    }

    /// The type that the items of `item` are of afterwards: another one only after a cast.
    pub fn result_type(&self, item: &ItemType) -> ItemType {
        match (&self.kind, item) {
            (OperationKind::Cast(ItemType::Scalar(new), _), ItemType::Scalar(old)) => {
                ItemType::Scalar(DType::new(new.element, old.order))
            }
            (OperationKind::Cast(new, _), _) => new.clone(),
            _ => item.clone(),
        }
    }
}

impl FromStr for Operation {
    type Err = ParseOperationError;

    fn from_str(text: &str) -> Result<Self, ParseOperationError> {
        let text = text.trim().to_owned();
        if text.is_empty() {
            let text = "Type a value, or an expression such as x * 2 + 1".to_owned();
            return Err(ParseOperationError { text, at: 0 });
        }
        let kind = match misplaced(&text) {
            Some(error) => Err(error),
            None => kind_of(&text),
        };
        let kind = kind.map_err(|(text, at)| ParseOperationError { text: capital(&text), at })?;
        Ok(Self { text, kind })
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Functions that are the whole operation.
const WHOLE: [&str; 4] = ["byteswap", "arange", "linspace", "random"];

/// What is to be said of a call of such a function that is only a part of an expression. Other words around it are no
/// expression: the text may be the value of an array of texts.
fn misplaced(text: &str) -> Option<(String, usize)> {
    if text.starts_with('[') {
        return None;
    }
    let calls = ["linspace(0, 1)", "arange(0, 10)", "random(0, 1)", "byteswap(x)"];
    let (call, at) = calls.iter().find_map(|call| {
        let (name, _) = call.split_once('(')?;
        let at = unquoted_word(text, name)?;
        text[at + name.len()..].trim_start().starts_with('(').then_some((call, at))
    })?;
    let is_first = text[..at].trim().trim_start_matches("numpy.").trim_start_matches("np.").is_empty();
    if is_first && Parser::new(text).whole_call().is_some() {
        return None;
    }
    let name = call.split('(').next().unwrap_or(call);
    if !is_first && !is_operand(text, at, name) {
        return None;
    }
    let way_out = match name {
        "byteswap" => "calculate first, and swap the bytes in a second step",
        _ => "it takes only numbers, so calculate those, as in linspace(1, 3) for linspace(0, 1) * 2 + 1",
    };
    let text =
        format!("a call of {name} can't be a part of an expression, only the whole, as in {call}: {way_out}");
    Some((text, at))
}

/// Whether the call of `name` at `at` has a sign of an expression before it or behind it.
fn is_operand(text: &str, at: usize, name: &str) -> bool {
    let is_sign = |c: char| "+-*/%^&|~<>=!".contains(c);
    let before = text[..at].trim_end().trim_end_matches("numpy.").trim_end_matches("np.").trim_end();
    let mut depth = 0_usize;
    let end = text[at + name.len()..].char_indices().find(|(_, letter)| {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => return false,
        }
        depth == 0
    });
    let behind = end.map_or("", |(end, _)| text[at + name.len() + end + 1..].trim_start());
    let is_inside = before.matches('(').count() > before.matches(')').count();
    let is_argument = is_inside && before.ends_with(['(', ',']);
    is_argument || before.ends_with(is_sign) || behind.starts_with(is_sign)
}

fn kind_of(text: &str) -> Result<OperationKind, (String, usize)> {
    if ["[", "np.array(", "numpy.array(", "array("].iter().any(|start| text.starts_with(start)) {
        return Ok(OperationKind::List);
    }
    if let Some(call) = Parser::new(text).whole_call() {
        let name = text.split('(').next().unwrap_or("").trim();
        let name = name.strip_prefix("np.").or_else(|| name.strip_prefix("numpy.")).unwrap_or(name);
        let is_function = FUNCTIONS.iter().any(|(known, ..)| *known == name);
        let scalar = |item: &ItemType| matches!(item, ItemType::Scalar(_)) && name.len() > 1 && !is_function;
        let cast = name.parse::<ItemType>().ok().filter(scalar);
        if cast.is_some() || WHOLE.contains(&name) {
            let (name, arguments) = call?;
            if let Some(sequence) = Sequence::read(&name, &arguments) {
                return sequence.map(OperationKind::Sequence).map_err(|text| (text, 0));
            }
            return match (&arguments[..], cast) {
                ([(None, Expr::X)], None) => Ok(OperationKind::ByteSwap),
                ([(None, inner)], Some(item)) if inner.has_x() => {
                    Ok(OperationKind::Cast(item, inner.clone()))
                }
                ([(None, inner)], Some(_)) => Ok(OperationKind::Constant(Some(inner.clone()))),
                _ => Err((format!("{name} takes only x"), 0)),
            };
        }
    }
    match Parser::new(text).whole() {
        Ok(expr) if expr.has_x() => Ok(OperationKind::Each(expr)),
        Ok(expr) => Ok(OperationKind::Constant(Some(expr))),
        Err(error) if looks_calculated(text) => Err(error),
        // Text, a date, a record: the type knows what it means.
        Err(_) => Ok(OperationKind::Constant(None)),
    }
}

/// Whether a text that can't be read was meant to be calculated: it names `x` outside quotes.
fn looks_calculated(text: &str) -> bool {
    unquoted_word(text, "x").is_some()
}

/// Where a word stands by itself outside quotes.
fn unquoted_word(text: &str, word: &str) -> Option<usize> {
    let alone = |c: char| !c.is_alphanumeric() && c != '_';
    let mut quote = None;
    let mut before = ' ';
    for (at, letter) in text.char_indices() {
        match quote {
            Some(end) if letter == end => quote = None,
            Some(_) => {}
            None if letter == '\'' || letter == '"' => quote = Some(letter),
            None => {
                let behind = text[at..].strip_prefix(word).filter(|_| alone(before));
                if behind.is_some_and(|behind| behind.chars().next().is_none_or(alone)) {
                    return Some(at);
                }
            }
        }
        before = letter;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_out_of_place_is_told_and_the_same_words_in_a_text_are_a_text() {
        for text in [
            "linspace(0, 1) * 2 + 1",
            "2*arange(0, 10)",
            "x + np.random(0, 1)",
            "clip(random(0, 1), 0, 1)",
            "clip(1, random(0, 1))",
            "random(0, (1)) % 2",
            "random(0, 1) x",
            "-byteswap(x)",
        ] {
            let error = text.parse::<Operation>().expect_err(text);
            assert!(error.text.contains("can't be a part of an expression"), "{text}: {}", error.text);
        }
        for text in ["see random (2 of 3)", "at random (in the file", "one, random (2)", "'random(0, 1)'"] {
            let operation = text.parse::<Operation>().map_err(|error| error.text);
            let is_text = |operation: &Operation| matches!(operation.kind, OperationKind::Constant(_));
            assert!(operation.as_ref().is_ok_and(is_text), "{text}: {operation:?}");
        }
    }
}
