//! Bytes in memory: a new file, a paste, a test.

use super::{Availability, ReadError, Source, check_bounds};
use std::fmt;
use std::sync::Arc;

/// Bytes that are in memory already, so that every read is ready at once.
#[derive(Clone)]
pub struct MemorySource {
    bytes: Arc<[u8]>,
}

impl MemorySource {
    /// A source of exactly these bytes.
    pub fn new(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self { bytes: bytes.into() }
    }
}

impl fmt::Debug for MemorySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemorySource({} bytes)", self.bytes.len())
    }
}

impl Source for MemorySource {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        check_bounds(offset, buf.len(), self.len())?;
        let start = offset as usize;
        buf.copy_from_slice(&self.bytes[start..start + buf.len()]);
        Ok(())
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.bytes.len());
        let ready = buf.len().min(self.bytes.len() - start);
        buf[..ready].copy_from_slice(&self.bytes[start..start + ready]);
        buf[ready..].fill(0);
        states[..ready].fill(Availability::Ready);
        states[ready..].fill(Availability::Failed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_over_the_end_is_an_error_and_a_peek_says_where_it_ends() {
        let source = MemorySource::new(*b"abcd");
        let mut buf = [0; 3];
        assert!(matches!(source.read_at(2, &mut buf), Err(ReadError::BeyondEnd { len: 4, .. })));
        let mut states = [Availability::Missing; 3];
        source.peek(2, &mut buf, &mut states);
        assert_eq!(&buf, b"cd\0");
        assert_eq!(states, [Availability::Ready, Availability::Ready, Availability::Failed]);
        source.peek(u64::MAX, &mut buf, &mut states);
        assert_eq!(states, [Availability::Failed; 3]);
    }
}
