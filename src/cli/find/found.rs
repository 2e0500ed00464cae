//! What a search gives to who writes it down.

use crate::bytes::Span;

/// A hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub span: Span,
    /// The number of the element in C order, where elements are searched.
    pub element: Option<u64>,
}

/// Some hits.
#[derive(Debug)]
pub(super) enum Batch {
    Found(Vec<Found>),
    /// Only how many there are.
    Count(u64),
}
