//! Pastes values over the elements of an array.

use crate::bytes::{Source, Span};
use crate::compute::{self, ComputeError};
use crate::decode::array::Array;
use crate::document::{Snapshot, Splice};
use crate::job::Progress;

/// What is pasted over the items of an array.
#[derive(Debug)]
pub(in crate::session) enum PastedValues {
    Text(String),
    /// The bytes of the items.
    Bytes(Vec<u8>),
    /// The same, of a document.
    Span(Snapshot, Span),
}

impl PastedValues {
    pub(super) fn splices(
        &self,
        source: &Snapshot,
        array: &Array,
        progress: &Progress,
    ) -> Result<Vec<Splice>, ComputeError> {
        match self {
            Self::Text(text) => compute::block(source, array, text, progress),
            Self::Bytes(bytes) => compute::bytes_block(source, array, bytes, progress),
            Self::Span(snapshot, span) => {
                let mut bytes = vec![0; usize::try_from(span.len()).unwrap_or(0)];
                snapshot.read_cancellable(span.start(), &mut bytes, progress.as_cancel())?;
                compute::bytes_block(source, array, &bytes, progress)
            }
        }
    }
}
