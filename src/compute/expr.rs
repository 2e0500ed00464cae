//! What an expression over `x` is made of, as a tree.
//!
//! A tree has at most [`MOST_NODES`] nodes, and so is at most as deep.

use super::rounding::Rounding;
use crate::decode::operator::Operator;

/// What an expression is made of.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    X,
    /// The element of a further array at the same index; numbered from 1.
    Input(u8),
    Int(i128),
    Float(f64),
    Complex(f64, f64),
    /// What a field or a string can be compared with.
    Text(String),
    Negate(Box<Self>),
    Invert(Box<Self>),
    Binary(Operator, Box<Self>, Box<Self>),
    Call(Function, Vec<Self>),
    Compare(Comparison, Box<Self>, Box<Self>),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Not(Box<Self>),
    /// A field of a record, by the names that lead to it.
    Field(Vec<String>),
    /// The element of another array of the container, by its name.
    Other(String),
    /// One number of all elements; of `x` where nothing else is said.
    Reduced(Reduction, Option<Box<Self>>),
    /// The operation inside rounds as another type than that of `x`; those below it say for themselves.
    In(Rounding, Box<Self>),
}

/// Functions of values; all give what NumPy's function of that name gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Abs,
    Clip,
    Minimum,
    Maximum,
    Sqrt,
    Floor,
    Ceil,
    Trunc,
    Round,
    Sign,
    NanToNum,
    IsNan,
    IsInf,
    IsFinite,
}

/// Name, function, fewest and most arguments.
pub(super) const FUNCTIONS: [(&str, Function, usize, usize); 16] = [
    ("abs", Function::Abs, 1, 1),
    ("clip", Function::Clip, 3, 3),
    ("minimum", Function::Minimum, 2, 2),
    ("min", Function::Minimum, 2, 2),
    ("maximum", Function::Maximum, 2, 2),
    ("max", Function::Maximum, 2, 2),
    ("sqrt", Function::Sqrt, 1, 1),
    ("floor", Function::Floor, 1, 1),
    ("ceil", Function::Ceil, 1, 1),
    ("trunc", Function::Trunc, 1, 1),
    ("round", Function::Round, 1, 1),
    ("sign", Function::Sign, 1, 1),
    ("nan_to_num", Function::NanToNum, 1, 4),
    ("isnan", Function::IsNan, 1, 1),
    ("isinf", Function::IsInf, 1, 1),
    ("isfinite", Function::IsFinite, 1, 1),
];

/// A question about the order of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}

/// The longer spellings first.
pub(super) const COMPARISONS: [(&str, Comparison); 6] = [
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

impl Comparison {
    /// The answer for two values; of floats that of IEEE 754.
    #[inline(always)]
    pub fn holds<T: PartialOrd>(self, a: T, b: T) -> bool {
        match self {
            Self::Less => a < b,
            Self::LessOrEqual => a <= b,
            Self::Greater => a > b,
            Self::GreaterOrEqual => a >= b,
            Self::Equal => a == b,
            Self::NotEqual => a != b,
        }
    }

    /// The same question with the values exchanged.
    pub const fn exchanged(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            Self::Equal => Self::Equal,
            Self::NotEqual => Self::NotEqual,
        }
    }
}

/// One number of all elements of an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reduction {
    Mean,
    Std,
    Min,
    Max,
    Sum,
    Median,
}

pub(super) const REDUCTIONS: [(&str, Reduction); 6] = [
    ("mean", Reduction::Mean),
    ("std", Reduction::Std),
    ("min", Reduction::Min),
    ("max", Reduction::Max),
    ("sum", Reduction::Sum),
    ("median", Reduction::Median),
];

impl Reduction {
    /// As it is written.
    pub fn name(self) -> &'static str {
        REDUCTIONS.iter().find(|(_, one)| *one == self).map_or("", |(name, _)| name)
    }
}

/// Operators and calls of an expression. Whoever walks the tree goes no deeper than this.
pub(super) const MOST_NODES: usize = 256;

impl Expr {
    /// Whether it is a lone number with its signs, also a complex one of both parts.
    pub fn is_number(&self) -> bool {
        match self {
            Self::Int(_) | Self::Float(_) | Self::Complex(..) => true,
            Self::Negate(inner) => inner.is_number(),
            Self::Binary(Operator::Add | Operator::Subtract, real, imaginary) => {
                real.is_number() && matches!(**imaginary, Self::Complex(..))
            }
            _ => false,
        }
    }

    /// Whether it depends on the element.
    pub fn has_x(&self) -> bool {
        let mut found = matches!(self, Self::X | Self::Input(_) | Self::Field(..) | Self::Other(..));
        if !matches!(self, Self::Reduced(..)) {
            self.each_part(&mut |part| found |= part.has_x());
        }
        found
    }

    /// The other arrays that are named in it, each once.
    pub fn others(&self) -> Vec<&str> {
        let mut names = match self {
            Self::Other(name) => vec![name.as_str()],
            _ => Vec::new(),
        };
        self.each_part(&mut |part| names.extend(part.others()));
        let mut seen = std::collections::HashSet::new();
        names.retain(|name| seen.insert(*name));
        names
    }

    /// Whether one number of all elements is in it.
    pub fn is_reduced(&self) -> bool {
        let mut found = matches!(self, Self::Reduced(..));
        self.each_part(&mut |part| found |= part.is_reduced());
        found
    }

    /// Whether its value is True or False: NumPy's `~` and `&` of such values are logical.
    pub fn is_truth(&self) -> bool {
        match self {
            Self::Compare(..) | Self::And(..) | Self::Or(..) | Self::Not(_) => true,
            Self::Call(Function::IsNan | Function::IsInf | Function::IsFinite, _) => true,
            Self::Binary(Operator::And | Operator::Or | Operator::Xor, left, right) => {
                left.is_truth() && right.is_truth()
            }
            Self::In(_, inner) => inner.is_truth(),
            _ => false,
        }
    }

    /// Nodes of the tree.
    pub fn nodes(&self) -> usize {
        let mut nodes = 1;
        self.each_part(&mut |part| nodes += part.nodes());
        nodes
    }

    /// What it is calculated from.
    pub fn each_part<'a>(&'a self, take: &mut dyn FnMut(&'a Self)) {
        match self {
            Self::X | Self::Input(_) | Self::Int(_) | Self::Float(_) | Self::Complex(..) => {}
            Self::Text(_) | Self::Field(..) | Self::Other(..) | Self::Reduced(_, None) => {}
            Self::Negate(inner) | Self::Invert(inner) | Self::Not(inner) | Self::In(_, inner) => take(inner),
            Self::Reduced(_, Some(inner)) => take(inner),
            Self::Binary(_, left, right) | Self::Compare(_, left, right) => {
                take(left);
                take(right);
            }
            Self::And(left, right) | Self::Or(left, right) => {
                take(left);
                take(right);
            }
            Self::Call(_, values) => values.iter().for_each(take),
        }
    }

    /// The same tree with parts exchanged: `change` answers what takes the place of a node, or `None` for its parts to be
    /// gone through.
    ///
    /// # Errors
    /// That of `change`.
    pub fn exchanged<E>(&self, change: &mut dyn FnMut(&Self) -> Result<Option<Self>, E>) -> Result<Self, E> {
        if let Some(new) = change(self)? {
            return Ok(new);
        }
        let mut part = |inner: &Self| inner.exchanged(change).map(Box::new);
        Ok(match self {
            Self::X | Self::Input(_) | Self::Int(_) | Self::Float(_) | Self::Complex(..) => self.clone(),
            Self::Text(_) | Self::Field(..) | Self::Other(..) | Self::Reduced(_, None) => self.clone(),
            Self::Negate(inner) => Self::Negate(part(inner)?),
            Self::Invert(inner) => Self::Invert(part(inner)?),
            Self::Not(inner) => Self::Not(part(inner)?),
            Self::In(rounding, inner) => Self::In(*rounding, part(inner)?),
            Self::Reduced(reduction, Some(inner)) => Self::Reduced(*reduction, Some(part(inner)?)),
            Self::Binary(operator, left, right) => Self::Binary(*operator, part(left)?, part(right)?),
            Self::Compare(how, left, right) => Self::Compare(*how, part(left)?, part(right)?),
            Self::And(left, right) => Self::And(part(left)?, part(right)?),
            Self::Or(left, right) => Self::Or(part(left)?, part(right)?),
            Self::Call(function, values) => {
                let values = values.iter().map(|value| value.exchanged(change)).collect::<Result<_, E>>()?;
                Self::Call(*function, values)
            }
        })
    }
}
