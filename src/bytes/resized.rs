//! A source with another length: cut, or followed by zeros.
//!
//! For a file that an interrupted save has left longer or shorter than it should be.

use super::{Availability, RawBytes, ReadError, ReadHints, SharedSource, Source, Span, check_bounds};
use crate::job::Cancel;

/// `source`, as if it were `len` bytes long.
#[derive(Debug)]
pub struct Resized {
    source: SharedSource,
    len: u64,
}

impl Resized {
    /// `source`, cut to `len` bytes or followed by zeros up to there.
    pub fn new(source: SharedSource, len: u64) -> Self {
        Self { source, len }
    }

    /// How many of `count` bytes from `offset` on the source has.
    fn there(&self, offset: u64, count: usize) -> usize {
        let rest = self.source.len().min(self.len).saturating_sub(offset);
        usize::try_from(rest).unwrap_or(usize::MAX).min(count)
    }
}

impl Source for Resized {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        self.read_cancellable(offset, buf, Cancel::never())
    }

    fn read_cancellable(&self, offset: u64, buf: &mut [u8], cancel: &Cancel) -> Result<(), ReadError> {
        check_bounds(offset, buf.len(), self.len)?;
        let (own, zeros) = buf.split_at_mut(self.there(offset, buf.len()));
        zeros.fill(0);
        if own.is_empty() { Ok(()) } else { self.source.read_cancellable(offset, own, cancel) }
    }

    fn look_mapped(&self, span: Span, look: &mut dyn FnMut(&RawBytes<'_>)) -> bool {
        span.end() <= self.len.min(self.source.len()) && self.source.look_mapped(span, look)
    }

    fn hints(&self) -> ReadHints {
        self.source.hints()
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        let there = self.there(offset, buf.len());
        buf[there..].fill(0);
        let here = usize::try_from(self.len.saturating_sub(offset)).unwrap_or(usize::MAX).min(states.len());
        states[there..here].fill(Availability::Ready);
        states[here..].fill(Availability::Failed);
        if there > 0 {
            self.source.peek(offset, &mut buf[..there], &mut states[..there]);
        }
    }

    fn data_after(&self, offset: u64) -> Option<Span> {
        let rest = Span::new(offset, self.len)?;
        if offset >= self.source.len() {
            return None;
        }
        self.source.data_after(offset)?.intersect(rest)
    }

    fn fault_at(&self, offset: u64) -> Option<ReadError> {
        if self.there(offset, 1) == 1 { self.source.fault_at(offset) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::MemorySource;
    use std::sync::Arc;

    #[test]
    fn it_is_cut_or_followed_by_zeros() {
        let source: SharedSource = Arc::new(MemorySource::new(vec![7; 10]));
        for len in [0, 4, 10, 15] {
            let resized = Resized::new(source.clone(), len);
            let mut all = vec![1; len as usize];
            resized.read_at(0, &mut all).expect("inside");
            let expected: Vec<u8> = (0..len).map(|at| if at < 10 { 7 } else { 0 }).collect();
            assert_eq!(all, expected);
            assert!(resized.read_at(len, &mut [0]).is_err());
            let (mut peeked, mut states) = (vec![1; 20], vec![Availability::Missing; 20]);
            resized.peek(0, &mut peeked, &mut states);
            assert_eq!(&peeked[..len as usize], expected);
            let ready = states.iter().take_while(|state| **state == Availability::Ready).count();
            assert_eq!((ready as u64, states[19]), (len, Availability::Failed));
            assert_eq!(resized.data_after(0), Span::first(len.min(10)).intersect(Span::first(20)));
        }
    }
}
