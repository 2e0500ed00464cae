//! Bytes put one after another and then read as a source: in memory when they are few, else in a file without a
//! name that vanishes with the last who reads it, the program's own end included.

use super::Disk;
use super::disk::{DiskFile, read_exact_at, retry, write_all_at};
use super::error::{Stop, at_step};
use crate::bytes::{Availability, MemorySource, ReadError, SharedSource, Source, check_bounds};
use std::path::Path;
use std::sync::Arc;

/// Bytes being collected.
pub(super) enum Store {
    Memory(Vec<u8>),
    File { file: Box<dyn DiskFile>, len: u64 },
}

impl Store {
    /// Room for `total` bytes, in a file near `folder` when they are more than `most_in_memory`.
    pub fn new(disk: &dyn Disk, folder: &Path, total: u64, most_in_memory: u64) -> Result<Self, Stop> {
        if total <= most_in_memory {
            return Ok(Self::Memory(Vec::with_capacity(total as usize)));
        }
        let file = retry(|| disk.create_unnamed(folder)).map_err(at_step("making room for the old bytes"))?;
        Ok(Self::File { file, len: 0 })
    }

    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        match self {
            Self::Memory(all) => all.extend_from_slice(bytes),
            Self::File { file, len } => {
                write_all_at(&**file, *len, bytes, || {}).map_err(at_step("putting the old bytes aside"))?;
                *len += bytes.len() as u64;
            }
        }
        Ok(())
    }

    pub fn finish(self) -> SharedSource {
        match self {
            Self::Memory(all) => Arc::new(MemorySource::new(all)),
            Self::File { file, len } => Arc::new(SpillSource { file, len }),
        }
    }
}

/// Bytes in a file without a name. Peeks as missing: what the screen shows needs a cache before it.
#[derive(Debug)]
struct SpillSource {
    file: Box<dyn DiskFile>,
    len: u64,
}

impl Source for SpillSource {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        let span = check_bounds(offset, buf.len(), self.len)?;
        read_exact_at(&*self.file, offset, buf)
            .map_err(|error| ReadError::Io { span, reason: error.to_string() })
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        buf.fill(0);
        let here = usize::try_from(self.len.saturating_sub(offset)).unwrap_or(usize::MAX).min(states.len());
        states[..here].fill(Availability::Missing);
        states[here..].fill(Availability::Failed);
    }
}
