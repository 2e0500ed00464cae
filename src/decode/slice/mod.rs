//! Slices as Python writes them: `[0, :, ::2]`, `a[12, 7]`, `['pos']['x'][-1]`, `[..., None]`.
//!
//! [`Slice`] is what was written, [`Array::slice`] what it means for an array, by NumPy's rules for basic indexing.
//! Lists of indices and masks are not here: what they pick has no strides.

mod apply;
mod parse;

use std::fmt;

pub use apply::{Fixed, IntoField, SliceError, Sliced, SlicedAxis};
pub use parse::{ParseSliceError, quoted};

#[cfg(doc)]
use crate::decode::array::Array;

/// What was written: brackets one after another, each applied to what the ones before it gave. None at all: the
/// whole array.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Slice {
    pub brackets: Vec<Bracket>,
}

/// One pair of brackets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Bracket {
    /// One part an axis; no parts: `[()]`.
    Parts(Vec<Part>),
    /// `['pos']`
    Field(String),
    /// `[['pos', 'colour']]`: a record of fewer fields.
    Fields(Vec<String>),
}

/// What is asked of one axis.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    Index(i64),
    /// An index beyond 64 bits, as it was typed: no axis has it.
    Beyond(Box<str>),
    Range(Range),
    Ellipsis,
    NewAxis,
}

/// `start:stop:step`, each optional. Numbers beyond 64 bits count as the largest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Range {
    pub start: Option<i64>,
    pub stop: Option<i64>,
    pub step: Option<i64>,
}

impl Slice {
    /// Whether it asks for the whole array.
    pub fn is_whole(&self) -> bool {
        self.brackets.is_empty()
    }
}

impl fmt::Display for Slice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.brackets.iter().try_for_each(|bracket| write!(f, "{bracket}"))
    }
}

impl fmt::Display for Bracket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parts(parts) if parts.is_empty() => f.write_str("[()]"),
            Self::Parts(parts) => {
                let parts: Vec<String> = parts.iter().map(Part::to_string).collect();
                write!(f, "[{}]", parts.join(", "))
            }
            Self::Field(name) => write!(f, "[{}]", parse::quoted(name)),
            Self::Fields(names) => {
                let names: Vec<String> = names.iter().map(|name| parse::quoted(name)).collect();
                write!(f, "[[{}]]", names.join(", "))
            }
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        match self {
            Self::Index(index) => write!(f, "{index}"),
            Self::Beyond(typed) => f.write_str(typed),
            Self::Range(Range { start, stop, step }) => {
                write!(f, "{}:{}", number(*start), number(*stop))?;
                step.map_or(Ok(()), |step| write!(f, ":{step}"))
            }
            Self::Ellipsis => f.write_str("..."),
            Self::NewAxis => f.write_str("None"),
        }
    }
}
