//! Spans on their way from a worker to a list, or to whoever counts or writes them.

use super::codes::{CodeState, SpanCoder};
use super::even::EvenSpans;
use crate::bytes::Span;

/// Spans by rising start, in a few bytes each; they may overlap.
#[derive(Clone, Debug, Default)]
pub struct SpanBatch {
    bytes: Vec<u8>,
    coder: SpanCoder,
    count: u64,
    first: Option<Span>,
    overlaps: bool,
}

impl SpanBatch {
    /// A single span.
    pub fn of(span: Span) -> Self {
        let mut batch = Self::default();
        batch.push(span);
        batch
    }

    /// Adds a span, which begins no earlier than the last one.
    #[inline]
    pub fn push(&mut self, span: Span) {
        self.begin(span);
        self.count += 1;
        if let Some(done) = self.coder.push(span) {
            done.write(&mut self.bytes);
        }
    }

    /// Adds spans, which begin no earlier than the last one.
    pub fn push_even(&mut self, even: EvenSpans) {
        self.push(even.first);
        if even.count > 1 {
            self.overlaps |= even.step < even.first.len();
            self.count += even.count - 1;
            if let Some(done) = self.coder.push_many(even.step, even.first.len(), even.count - 1) {
                done.write(&mut self.bytes);
            }
        }
    }

    #[inline]
    fn begin(&mut self, span: Span) {
        self.overlaps |= span.start() < self.coder.last.end();
        if self.first.is_none() {
            self.first = Some(span);
            self.overlaps = false;
        }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Memory that they take beyond that of a batch without any, in bytes.
    pub fn size(&self) -> usize {
        self.bytes.capacity()
    }

    /// Bytes of their codes; 0 for none.
    pub fn coded_len(&self) -> usize {
        self.bytes.len() + usize::from(self.count > 0)
    }

    /// The first one.
    pub fn first(&self) -> Option<Span> {
        self.first
    }

    /// Where the last one ends.
    pub fn end(&self) -> u64 {
        self.coder.last.end()
    }

    /// All of them, those at even distances together.
    pub fn even(&self) -> impl Iterator<Item = EvenSpans> + '_ {
        let (mut state, mut at) = (CodeState::default(), 0);
        let coded = std::iter::from_fn(move || state.read(&self.bytes, &mut at));
        coded.chain(self.coder.open.spans())
    }

    /// All of them, one by one.
    pub fn iter(&self) -> impl Iterator<Item = Span> + '_ {
        self.even().flat_map(EvenSpans::iter)
    }

    /// Those that begin at or after `free_from`, and each at or after the end of the one before.
    pub fn apart(self, free_from: u64) -> Self {
        if !self.overlaps && self.first.is_none_or(|first| first.start() >= free_from) {
            return self;
        }
        let mut free_from = free_from;
        let mut apart = Self::default();
        for even in self.even() {
            if let Some(free) = even.apart(free_from) {
                free_from = free.last().end();
                apart.push_even(free);
            }
        }
        apart
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(spans: &[Span]) -> SpanBatch {
        let mut batch = SpanBatch::default();
        spans.iter().for_each(|span| batch.push(*span));
        batch
    }

    /// Spans by rising start that often go on evenly, and sometimes overlap.
    fn random_spans(rng: &mut fastrand::Rng) -> Vec<Span> {
        let (mut start, mut spans) = (rng.u64(0..50), Vec::new());
        for _ in 0..rng.usize(0..30) {
            let scales = (rng.u32(1..12), rng.u32(1..10));
            let (step, len) = (rng.u64(1..1 << scales.0), rng.u64(1..1 << scales.1));
            for _ in 0..rng.usize(1..6) {
                spans.push(Span::at(start, len).expect("small"));
                start += step;
            }
        }
        spans
    }

    #[test]
    fn what_was_added_comes_out_again() {
        let mut rng = fastrand::Rng::with_seed(11);
        for round in 0..2000 {
            let spans = random_spans(&mut rng);
            let batch = batch(&spans);
            assert_eq!(batch.iter().collect::<Vec<_>>(), spans, "{round}");
            assert_eq!((batch.count(), batch.first()), (spans.len() as u64, spans.first().copied()));
            let mut again = SpanBatch::default();
            batch.even().for_each(|even| again.push_even(even));
            assert_eq!(again.iter().collect::<Vec<_>>(), spans, "{round}");
            let free_from = rng.u64(0..3000);
            let mut end = free_from;
            let mut apart = spans;
            apart.retain(|span| {
                let is_free = span.start() >= end;
                end = if is_free { span.end() } else { end };
                is_free
            });
            let found = batch.apart(free_from);
            assert_eq!(found.iter().collect::<Vec<_>>(), apart, "{round} from {free_from}");
            assert_eq!(found.count(), apart.len() as u64);
        }
    }

    #[test]
    fn dense_spans_take_almost_nothing() {
        let every = |step: u64, len: u64| {
            let mut batch = SpanBatch::default();
            (0..1_000_000).for_each(|n| batch.push(Span::between(n * step, n * step + len)));
            batch
        };
        for (step, len) in [(1, 1), (1, 40), (64, 2), (1 << 20, 9)] {
            let batch = every(step, len);
            assert_eq!(batch.count(), 1_000_000);
            assert!(batch.size() < 64, "{} bytes, every {step}", batch.size());
        }
        let mut rng = fastrand::Rng::with_seed(1);
        let mut batch = SpanBatch::default();
        (0..1_000_000_u64).filter(|_| rng.bool()).for_each(|n| batch.push(Span::between(n, n + 1)));
        assert!(batch.coded_len() < batch.count() as usize, "less than a byte each");
    }
}
