//! A fill: a pattern over and over, of any length, at the cost of the pattern.

use crate::bytes::{Availability, ReadError, Source, Span, check_bounds};
use std::fmt;
use std::sync::Arc;

/// `pattern` repeated from offset 0 on, cut off at `len`.
pub struct RepeatSource {
    pattern: Arc<[u8]>,
    len: u64,
}

impl RepeatSource {
    /// `None` when the pattern is empty.
    pub fn new(pattern: impl Into<Arc<[u8]>>, len: u64) -> Option<Self> {
        let pattern = pattern.into();
        (!pattern.is_empty()).then_some(Self { pattern, len })
    }

    fn fill(&self, offset: u64, buf: &mut [u8]) {
        let period = self.pattern.len();
        // What is left is less than the pattern, so it is an index.
        let phase = (offset % period as u64) as usize;
        let mut filled = 0;
        for part in [&self.pattern[phase..], &self.pattern[..phase]] {
            let len = part.len().min(buf.len() - filled);
            buf[filled..filled + len].copy_from_slice(&part[..len]);
            filled += len;
        }
        // A whole number of periods is there: double it until the buffer is full.
        while filled < buf.len() {
            let len = filled.min(buf.len() - filled);
            buf.copy_within(..len, filled);
            filled += len;
        }
    }
}

impl fmt::Debug for RepeatSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RepeatSource({} bytes over {})", self.pattern.len(), self.len)
    }
}

impl Source for RepeatSource {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        check_bounds(offset, buf.len(), self.len)?;
        self.fill(offset, buf);
        Ok(())
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        let there = self.len.saturating_sub(offset).min(buf.len() as u64) as usize;
        self.fill(offset, &mut buf[..there]);
        buf[there..].fill(0);
        states[..there].fill(Availability::Ready);
        states[there..].fill(Availability::Failed);
    }

    fn pattern(&self) -> Option<&[u8]> {
        Some(&self.pattern)
    }

    fn data_after(&self, offset: u64) -> Option<Span> {
        let data = self.pattern.iter().any(|&byte| byte != 0);
        Span::new(offset, self.len).filter(|span| data && !span.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_reads_as_the_pattern_does() {
        let source = RepeatSource::new(*b"abc", 20).expect("a pattern");
        let whole: Vec<u8> = (0..20).map(|at| b"abc"[at % 3]).collect();
        for start in 0..=20 {
            for end in start..=20 {
                let mut buf = vec![0; end - start];
                source.read_at(start as u64, &mut buf).expect("inside");
                assert_eq!(buf, whole[start..end]);
            }
        }
    }

    #[test]
    fn zeros_hold_no_data_and_the_end_is_the_end() {
        let zeros = RepeatSource::new([0, 0], u64::MAX).expect("a pattern");
        assert_eq!(zeros.data_after(5), None);
        let ones = RepeatSource::new([1], 3).expect("a pattern");
        assert_eq!(ones.data_after(1), Some(Span::between(1, 3)));
        assert_eq!(ones.data_after(3), None);
        let (mut buf, mut states) = ([9; 2], [Availability::Missing; 2]);
        ones.peek(2, &mut buf, &mut states);
        assert_eq!((buf, states), ([1, 0], [Availability::Ready, Availability::Failed]));
        assert!(RepeatSource::new([], 3).is_none());
    }
}
