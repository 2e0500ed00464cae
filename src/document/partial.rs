//! A source of which only some bytes are known: what a log has kept of a file or of something pasted.
//!
//! The other bytes can't be read, and a read of them returns the reason. The known bytes are stored one after another,
//! in memory or in a file.

use crate::bytes::{Availability, ReadError, SharedSource, Source, Span, check_bounds};
use crate::job::Cancel;
use std::fmt;

/// Runs of bytes that are known, each with its place in a store: sorted, apart, none empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunList(Vec<(Span, u64)>);

impl RunList {
    /// `None` when two runs overlap. Empty ones are left out.
    pub fn new(mut runs: Vec<(Span, u64)>) -> Option<Self> {
        runs.retain(|(span, _)| !span.is_empty());
        runs.sort_unstable();
        let apart = runs.windows(2).all(|pair| pair[0].0.end() <= pair[1].0.start());
        apart.then_some(Self(runs))
    }

    /// The known runs, each with its place in the store.
    pub fn iter(&self) -> impl Iterator<Item = (Span, u64)> {
        self.0.iter().copied()
    }

    /// The known parts of `wanted`, each with its place in the store.
    pub fn parts(&self, wanted: Span) -> impl Iterator<Item = (Span, u64)> {
        let first = self.0.partition_point(|(span, _)| span.end() <= wanted.start());
        self.0[first..].iter().map_while(move |(span, at)| {
            span.intersect(wanted).map(|part| (part, at + (part.start() - span.start())))
        })
    }

    /// Whether every byte of `wanted` is known.
    pub fn covers(&self, wanted: Span) -> bool {
        self.known_in(wanted) == wanted.len()
    }

    /// How many bytes of `wanted` are known.
    pub fn known_in(&self, wanted: Span) -> u64 {
        self.parts(wanted).map(|(part, _)| part.len()).sum()
    }

    /// Where the last known byte ends.
    pub fn end(&self) -> u64 {
        self.0.last().map_or(0, |(span, _)| span.end())
    }
}

/// `len` bytes, of which those in `runs` are known.
pub struct PartialSource {
    len: u64,
    runs: RunList,
    store: SharedSource,
    reason: &'static str,
}

impl PartialSource {
    /// `reason` says why the other bytes can't be read.
    pub fn new(len: u64, runs: RunList, store: SharedSource, reason: &'static str) -> Self {
        Self { len, runs, store, reason }
    }

    /// Which bytes are known.
    pub fn runs(&self) -> &RunList {
        &self.runs
    }

    fn unknown(&self, span: Span) -> ReadError {
        ReadError::other(span, self.reason)
    }
}

impl fmt::Debug for PartialSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PartialSource({} runs known of {} bytes)", self.runs.0.len(), self.len)
    }
}

impl Source for PartialSource {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        self.read_cancellable(offset, buf, Cancel::never())
    }

    fn read_cancellable(&self, offset: u64, buf: &mut [u8], cancel: &Cancel) -> Result<(), ReadError> {
        let span = check_bounds(offset, buf.len(), self.len)?;
        let mut at = offset;
        for (part, store_at) in self.runs.parts(span) {
            if part.start() > at {
                break;
            }
            let place = (part.start() - offset) as usize;
            let buf = &mut buf[place..place + part.len() as usize];
            let failed = |error: ReadError| ReadError::Io {
                span: part,
                kind: error.kind(),
                reason: error.to_string(),
            };
            self.store.read_cancellable(store_at, buf, cancel).map_err(failed)?;
            at = part.end();
        }
        if at == span.end() { Ok(()) } else { Err(self.unknown(Span::between(at, span.end()))) }
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        buf.fill(0);
        states.fill(Availability::Failed);
        let wanted = Span::between(offset, offset.saturating_add(buf.len() as u64));
        for (part, store_at) in self.runs.parts(wanted.clamp_to(self.len)) {
            let start = (part.start() - offset) as usize;
            let range = start..start + part.len() as usize;
            self.store.peek(store_at, &mut buf[range.clone()], &mut states[range]);
        }
    }

    fn fault_at(&self, offset: u64) -> Option<ReadError> {
        let byte = Span::at(offset, 1)?;
        match self.runs.parts(byte).next() {
            Some((_, store_at)) => self.store.fault_at(store_at),
            None => Some(self.unknown(byte)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::MemorySource;
    use std::sync::Arc;

    #[test]
    fn what_is_known_is_read_and_the_rest_says_why_not() {
        let runs = vec![(Span::between(6, 8), 2), (Span::between(1, 3), 0), (Span::empty_at(5), 9)];
        let runs = RunList::new(runs).expect("apart");
        let source = PartialSource::new(10, runs, Arc::new(MemorySource::new(*b"abcd")), "lost");
        let mut buf = [9; 2];
        source.read_at(6, &mut buf).expect("known");
        assert_eq!(&buf, b"cd");
        let error = source.read_at(2, &mut buf).expect_err("half known");
        assert_eq!(error, ReadError::other(Span::between(3, 4), "lost"));
        assert!(matches!(source.read_at(9, &mut buf), Err(ReadError::BeyondEnd { .. })));
        let (mut buf, mut states) = ([9; 4], [Availability::Missing; 4]);
        source.peek(0, &mut buf, &mut states);
        let (ready, failed) = (Availability::Ready, Availability::Failed);
        assert_eq!((&buf, states), (b"\0ab\0", [failed, ready, ready, failed]));
        assert!(source.fault_at(0).is_some() && source.fault_at(1).is_none());
        assert!(source.runs().covers(Span::between(1, 3)) && !source.runs().covers(Span::between(1, 4)));
        assert_eq!(RunList::new(vec![(Span::between(0, 2), 0), (Span::between(1, 3), 2)]), None);
    }
}
