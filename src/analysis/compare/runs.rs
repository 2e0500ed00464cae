//! Runs of bytes that differ, found in copies of both.

use crate::analysis::spans::SpanBatch;
use crate::bytes::Span;

/// Runs that differ, as they are found from the front; neighbours become one.
#[derive(Debug, Default)]
pub(super) struct RunsFound {
    done: SpanBatch,
    open: Option<Span>,
    /// How many bytes differ.
    pub bytes: u64,
}

impl RunsFound {
    /// Adds the places from `start` up to `end`, which are behind all others.
    #[inline]
    pub fn add(&mut self, start: u64, end: u64) {
        self.bytes += end - start;
        match &mut self.open {
            Some(open) if open.end() == start => *open = Span::between(open.start(), end),
            open => {
                if let Some(done) = open.replace(Span::between(start, end)) {
                    self.done.push(done);
                }
            }
        }
    }

    /// Bytes that the runs take.
    pub fn weight(&self) -> usize {
        self.done.coded_len() + usize::from(self.open.is_some())
    }

    /// All that were found.
    pub fn finish(mut self) -> (SpanBatch, u64) {
        self.done.extend_by(self.open);
        (self.done, self.bytes)
    }
}

impl SpanBatch {
    fn extend_by(&mut self, span: Option<Span>) {
        if let Some(span) = span {
            self.push(span);
        }
    }
}

/// Bytes that are compared at once.
const WORD: usize = 8;

const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;

/// Adds the places at which `a` and `b` differ, which are as long; the first byte of both is at `place`.
pub(super) fn find_runs(a: &[u8], b: &[u8], place: u64, found: &mut RunsFound) {
    let (words_a, rest_a) = a.as_chunks::<WORD>();
    let (words_b, rest_b) = b.as_chunks::<WORD>();
    let mut at = place;
    for (a, b) in words_a.iter().zip(words_b) {
        let mixed = u64::from_le_bytes(*a) ^ u64::from_le_bytes(*b);
        if mixed != 0 {
            // The highest bit of each byte that differs.
            let marks = ((mixed & LOW).wrapping_add(LOW) | mixed) & !LOW;
            add_marked(marks, at, found);
        }
        at += WORD as u64;
    }
    for (a, b) in rest_a.iter().zip(rest_b) {
        if a != b {
            found.add(at, at + 1);
        }
        at += 1;
    }
}

#[inline]
fn add_marked(marks: u64, at: u64, found: &mut RunsFound) {
    if marks == !LOW {
        found.add(at, at + WORD as u64);
        return;
    }
    let mut left = marks;
    while left != 0 {
        let from = left.trailing_zeros() / 8;
        // All bits from the first mark on: where marks follow each other, the run goes on.
        let run = (!(left >> (8 * from)) & !LOW).trailing_zeros() / 8;
        found.add(at + u64::from(from), at + u64::from(from + run));
        let end = from + run;
        left = if end >= 8 { 0 } else { left >> (8 * end) << (8 * end) };
    }
}

/// Joins runs that go on from one batch to the next.
#[derive(Debug, Default)]
pub(super) struct Joined {
    open: Option<Span>,
}

impl Joined {
    /// The runs that have ended by `end`, up to which all is known; what reaches it may go on.
    pub fn add(&mut self, batch: &SpanBatch, end: u64) -> SpanBatch {
        let goes_on =
            self.open.is_some_and(|open| batch.first().is_some_and(|first| first.start() == open.end()));
        let mut ended = SpanBatch::default();
        if !goes_on {
            ended.extend_by(self.open.take());
        }
        for span in batch.iter() {
            match &mut self.open {
                Some(open) if open.end() == span.start() => *open = Span::between(open.start(), span.end()),
                open => ended.extend_by(open.replace(span)),
            }
        }
        if self.open.is_some_and(|open| open.end() < end) {
            ended.extend_by(self.open.take());
        }
        ended
    }

    /// The run that was still open.
    pub fn finish(self) -> Option<Span> {
        self.open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runs_are_those_of_a_plain_look() {
        for seed in 0..3000 {
            let mut rng = fastrand::Rng::with_seed(seed);
            let letters = rng.u8(2..6);
            let len = rng.usize(0..100);
            let a: Vec<u8> = (0..len).map(|_| rng.u8(0..letters).wrapping_mul(0x55)).collect();
            let b: Vec<u8> = (0..len).map(|_| rng.u8(0..letters).wrapping_mul(0x55)).collect();
            let mut found = RunsFound::default();
            let cut = rng.usize(0..=len);
            find_runs(&a[..cut], &b[..cut], 7, &mut found);
            find_runs(&a[cut..], &b[cut..], 7 + cut as u64, &mut found);
            let (runs, bytes) = found.finish();
            let places: Vec<u64> = runs.iter().flat_map(|run| run.start()..run.end()).collect();
            let wanted: Vec<u64> = (0..len).filter(|at| a[*at] != b[*at]).map(|at| 7 + at as u64).collect();
            assert_eq!(places, wanted, "seed {seed}");
            assert_eq!(bytes, wanted.len() as u64);
            let spans: Vec<Span> = runs.iter().collect();
            assert!(spans.windows(2).all(|pair| pair[0].end() < pair[1].start()), "joined");
        }
    }

    #[test]
    fn runs_go_on_from_batch_to_batch() {
        let batch = |spans: &[(u64, u64)]| {
            let mut batch = SpanBatch::default();
            spans.iter().for_each(|(start, end)| batch.push(Span::between(*start, *end)));
            batch
        };
        let told = |batch: SpanBatch| batch.iter().map(|span| (span.start(), span.end())).collect::<Vec<_>>();
        let mut joined = Joined::default();
        assert_eq!(told(joined.add(&batch(&[(0, 2), (5, 10)]), 10)), [(0, 2)]);
        assert_eq!(told(joined.add(&batch(&[(10, 20)]), 20)), []);
        assert_eq!(told(joined.add(&batch(&[(20, 21), (25, 26)]), 30)), [(5, 21), (25, 26)]);
        assert_eq!(told(joined.add(&batch(&[(39, 40)]), 40)), []);
        assert_eq!(told(joined.add(&SpanBatch::default(), 50)), [(39, 40)]);
        assert_eq!(joined.finish(), None);
    }
}
