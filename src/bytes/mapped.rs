//! The memory map for scans and its fault guard.

use super::{Availability, ReadError, Source};
use std::fs::File;
use std::io;

/// A file read through memory maps: for scans. Never hands out a reference into a map.
#[derive(Debug)]
pub struct MappedSource {
    file: File,
    len: u64,
}

impl MappedSource {
    /// `len` is the length that the source is to have. Falls back to positioned reads where nothing can be mapped.
    ///
    /// # Errors
    /// As of `fstat`.
    pub fn new(file: File, len: u64) -> io::Result<Self> {
        todo!()
    }
}

impl Source for MappedSource {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        todo!()
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        todo!()
    }
}
