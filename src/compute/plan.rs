//! The plan of an operation: how it makes the new values.

use super::broadcast::Spread;
use super::codec::Codec;
use super::expr::Expr;
use super::sequence::Values;
use super::value::Value;
use std::sync::Arc;

/// How new values are made. Cheap to clone: each worker has its own.
#[derive(Clone)]
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
    Sequence(Values, Option<Arc<Vec<Value>>>),
    /// Those of a list.
    Spread(Arc<Spread>),
}
