//! A part of an open file as a source: old bytes that a journal holds, readable also after it has lost its name.

use super::disk::{DiskFile, read_exact_at};
use crate::bytes::{Availability, ReadError, Source, check_bounds};
use std::sync::Arc;

/// `len` bytes from `at` on. Peeks as missing: what the screen shows needs a cache before it.
#[derive(Debug)]
pub(super) struct JournalWindow {
    pub file: Arc<dyn DiskFile>,
    pub at: u64,
    pub len: u64,
}

impl Source for JournalWindow {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        let span = check_bounds(offset, buf.len(), self.len)?;
        read_exact_at(&*self.file, self.at + offset, buf).map_err(|error| ReadError::of_io(span, &error))
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        buf.fill(0);
        let here = usize::try_from(self.len.saturating_sub(offset)).unwrap_or(usize::MAX).min(states.len());
        states[..here].fill(Availability::Missing);
        states[here..].fill(Availability::Failed);
    }
}
