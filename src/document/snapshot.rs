//! A document as it was at one moment: a [`Source`] that any thread may read while the document goes on.

use super::edit::Revision;
use crate::bytes::{Availability, ReadError, Source};

/// A state of a document. Cheap to clone and to keep: it shares all but some nodes with the document.
#[derive(Clone, Debug)]
pub struct Snapshot {}

impl Snapshot {
    pub fn revision(&self) -> Revision {
        todo!()
    }

    /// Length of the base that changes are told against.
    pub fn base_len(&self) -> u64 {
        todo!()
    }

    /// How many pieces the bytes lie in.
    pub fn pieces(&self) -> u64 {
        todo!()
    }
}

impl Source for Snapshot {
    fn len(&self) -> u64 {
        todo!()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        let _ = (offset, buf);
        todo!()
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        let _ = (offset, buf, states);
        todo!()
    }
}
