//! In which precision each operation of an expression over several types is calculated, by NumPy's rules.

use crate::compute::expr::{Expr, Function};
use crate::compute::rounding::Rounding;
use crate::decode::operator::Operator;

/// What a part of an expression is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// A number of the expression, which takes the type of what it meets.
    Constant,
    /// The same with a fraction: whole numbers become floats of 64 bits beside it.
    Fraction,
    /// Whole numbers of types of so many bytes; 0 of truth values.
    Whole(u64),
    Real(Rounding),
}

impl Kind {
    /// What both become together.
    fn joined(self, other: Self) -> Self {
        match (self, other) {
            (Self::Constant, kind) | (kind, Self::Constant) => kind,
            (Self::Fraction, Self::Whole(_)) | (Self::Whole(_), Self::Fraction) => Self::Real(Rounding::F64),
            (Self::Fraction, kind) | (kind, Self::Fraction) => kind,
            (Self::Whole(a), Self::Whole(b)) => Self::Whole(a.max(b)),
            (Self::Real(a), Self::Real(b)) => Self::Real(wider(a, b)),
            (Self::Real(real), Self::Whole(bytes)) | (Self::Whole(bytes), Self::Real(real)) => {
                Self::Real(wider(real, least_for(bytes)))
            }
        }
    }

    /// What it is where it is a fraction.
    fn divided(self) -> Self {
        match self {
            Self::Whole(_) => Self::Real(Rounding::F64),
            Self::Constant => Self::Fraction,
            kind => kind,
        }
    }
}

/// The narrowest floats that integers of so many bytes become beside others.
fn least_for(bytes: u64) -> Option<Rounding> {
    match bytes {
        0 | 1 => None,
        2 => Some(Rounding::F32),
        _ => Some(Rounding::F64),
    }
}

/// The narrowest floats that both become.
fn wider(a: Rounding, b: impl Into<Option<Rounding>>) -> Rounding {
    match (a, b.into()) {
        (a, None) => a,
        (a, Some(b)) if a == b => a,
        (Rounding::F64, _) | (_, Some(Rounding::F64)) => Rounding::F64,
        // Two different ones of 16 bits and less.
        _ => Rounding::F32,
    }
}

/// The expression with each operation in the precision of its operands, and what it comes to; `inputs` are those of the
/// elements, the first of which is `x`.
pub(super) fn typed(expr: &Expr, inputs: &[Kind]) -> (Expr, Kind) {
    let input = |at: usize| inputs.get(at).copied().unwrap_or(Kind::Constant);
    let both = |left: &Expr, right: &Expr| {
        let ((left, a), (right, b)) = (typed(left, inputs), typed(right, inputs));
        (Box::new(left), Box::new(right), a.joined(b))
    };
    let one = |inner: &Expr| {
        let (inner, kind) = typed(inner, inputs);
        (Box::new(inner), kind)
    };
    match expr {
        Expr::X => (Expr::X, input(0)),
        Expr::Input(at) => (Expr::Input(*at), input(usize::from(*at))),
        Expr::Negate(inner) => {
            let (inner, kind) = one(inner);
            (within(kind, Expr::Negate(inner)), kind)
        }
        Expr::Invert(inner) => {
            let (inner, kind) = one(inner);
            (Expr::Invert(inner), kind)
        }
        Expr::Binary(operator, left, right) => {
            let (left, right, kind) = both(left, right);
            let kind = if *operator == Operator::Divide { kind.divided() } else { kind };
            (within(kind, Expr::Binary(*operator, left, right)), kind)
        }
        Expr::Compare(how, left, right) => {
            let (left, right, kind) = both(left, right);
            (within(kind, Expr::Compare(*how, left, right)), Kind::Whole(0))
        }
        Expr::And(left, right) => {
            let (left, right, _) = both(left, right);
            (Expr::And(left, right), Kind::Whole(0))
        }
        Expr::Or(left, right) => {
            let (left, right, _) = both(left, right);
            (Expr::Or(left, right), Kind::Whole(0))
        }
        Expr::Not(inner) => (Expr::Not(one(inner).0), Kind::Whole(0)),
        Expr::Call(function, values) => {
            let (values, kinds): (Vec<Expr>, Vec<Kind>) =
                values.iter().map(|value| typed(value, inputs)).unzip();
            let kind = kinds.into_iter().fold(Kind::Constant, Kind::joined);
            match function {
                Function::IsNan | Function::IsInf | Function::IsFinite => {
                    (Expr::Call(*function, values), Kind::Whole(0))
                }
                Function::Sqrt => (within(kind.divided(), Expr::Call(*function, values)), kind.divided()),
                _ => (within(kind, Expr::Call(*function, values)), kind),
            }
        }
        Expr::In(_, inner) => typed(inner, inputs),
        Expr::Float(_) | Expr::Complex(..) => (expr.clone(), Kind::Fraction),
        Expr::Int(_) | Expr::Text(_) => (expr.clone(), Kind::Constant),
        Expr::Field(..) | Expr::Other(..) | Expr::Reduced(..) => (expr.clone(), Kind::Constant),
    }
}

/// An operation in the precision of its kind; one on whole numbers is exact, and in double precision where it meets a
/// fraction.
fn within(kind: Kind, expr: Expr) -> Expr {
    match kind {
        Kind::Real(rounding) => Expr::In(rounding, Box::new(expr)),
        Kind::Whole(_) => Expr::In(Rounding::F64, Box::new(expr)),
        Kind::Constant | Kind::Fraction => expr,
    }
}
