//! What a search gives to who writes it down.

use crate::analysis::SpanBatch;
use crate::bytes::Span;
use std::ops::Range;

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
    Spans(SpanBatch),
    /// Elements by their numbers in C order, those that follow each other together.
    Elements(Vec<Range<u64>>),
    /// Only how many there are.
    Count(u64),
}
