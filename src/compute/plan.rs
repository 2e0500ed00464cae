//! The plan of an operation: how it makes the new values.

use super::broadcast::Spread;
use super::codec::Codec;
use super::parse::Expr;
use super::sequence::Values;
use super::value::Value;

/// How new values are made.
pub(super) enum Way<'a> {
    /// These bytes.
    Bytes(Vec<u8>),
    /// This text.
    Text(String),
    /// This value.
    Value(Value),
    Each(&'a Expr),
    Swap,
    Cast(Codec, &'a Expr),
    Sequence(Values, Option<Vec<Value>>),
    /// Those of a list.
    Spread(Spread),
}
