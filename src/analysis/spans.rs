//! The report shape 'many places': sorted spans that do not overlap, in a few bytes each, readable while they grow.
//!
//! One [`SpanRecorder`] writes, anybody reads the [`SpanList`]. Spans are in immutable segments of a few thousand; a
//! reader holds the lock only to find its segment, the writer only to hang one in, so neither waits for the other. The
//! list never forgets. What goes above the memory of its [`Limit`] is written to a temporary file without a name; a
//! look-up there reads a few kilobytes, which the system as a rule still has in memory.

pub use super::span_segment::Ranked;
use super::span_segment::{Coder, Codes, SEGMENT, Segment};
use crate::bytes::Span;
use crate::bytes::scratch::Scratch;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How much a list may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    pub spans: u64,
    /// Memory; what goes beyond is in a temporary file.
    pub bytes: usize,
}

impl Default for Limit {
    fn default() -> Self {
        Self { spans: 500_000_000, bytes: 32 << 20 }
    }
}

/// The list has reached its limit, or the disk is full, and it did not take the span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the list is full")]
pub struct Full;

/// Sorted spans; a reader's side of a [`recorder`].
#[derive(Debug, Default)]
pub struct SpanList {
    segments: Mutex<Vec<Arc<Segment>>>,
}

/// The only one who writes to a [`SpanList`].
#[derive(Debug)]
pub struct SpanRecorder {
    list: Arc<SpanList>,
    limit: Limit,
    /// Memory that sealed segments take.
    sealed_bytes: usize,
    open: Open,
    coder: Coder,
    /// How many spans of the open segment readers see.
    published: usize,
    /// Where segments go that find no room in memory.
    scratch: Option<Arc<Scratch>>,
    is_full: bool,
}

/// The segment that grows.
#[derive(Debug, Default)]
struct Open {
    index: u64,
    count: usize,
    codes: Codes,
}

/// A new empty list: who writes it, and what everybody reads.
pub fn recorder(limit: Limit) -> (SpanRecorder, Arc<SpanList>) {
    let list = Arc::new(SpanList::default());
    let recorder = SpanRecorder {
        list: Arc::clone(&list),
        limit,
        sealed_bytes: 0,
        open: Open::default(),
        coder: Coder::default(),
        published: 0,
        scratch: None,
        is_full: false,
    };
    (recorder, list)
}

impl SpanRecorder {
    /// Adds a span behind all others; readers see it after the next [`Self::publish`].
    ///
    /// # Errors
    /// [`Full`] when the limit is reached; the list stays as it is.
    ///
    /// # Panics
    /// When the span begins before the last one's end: the writer's own mistake.
    pub fn push(&mut self, span: Span) -> Result<(), Full> {
        assert!(span.start() >= self.coder.end, "spans come in ascending order and do not overlap");
        if self.open.count == SEGMENT {
            self.seal();
        }
        if self.is_full || self.open.index + self.open.count as u64 >= self.limit.spans {
            return Err(Full);
        }
        self.open.codes.push(self.open.count, &mut self.coder, span);
        self.open.count += 1;
        Ok(())
    }

    /// Shows what was added to the readers.
    pub fn publish(&mut self) {
        if self.published == self.open.count {
            return;
        }
        self.hang_in(self.segment(self.open.codes.clone()));
        self.published = self.open.count;
    }

    /// What is open, as a segment.
    fn segment(&self, codes: Codes) -> Arc<Segment> {
        Arc::new(Segment::new(self.open.index, self.open.count, self.coder.end, codes))
    }

    fn seal(&mut self) {
        let mut codes = std::mem::take(&mut self.open.codes);
        codes.shrink_to_fit();
        let mut full = self.segment(codes);
        self.open = Open { index: full.index + full.count as u64, ..Open::default() };
        self.published = 0;
        if self.sealed_bytes + full.size() > self.limit.bytes {
            match self.spill(&full) {
                Some(spilled) => full = Arc::new(spilled),
                None => self.is_full = true,
            }
        }
        self.sealed_bytes += full.size();
        self.hang_in(full);
    }

    /// The segment with its codes in the temporary file, which is made now if this is the first.
    fn spill(&mut self, full: &Segment) -> Option<Segment> {
        if self.scratch.is_none() {
            self.scratch = Scratch::new().ok().map(Arc::new);
        }
        full.spilled(self.scratch.as_ref()?)
    }

    /// Puts a segment at the end of the list, in the place of an earlier state of the same one.
    fn hang_in(&self, segment: Arc<Segment>) {
        let mut segments = self.list.lock();
        match segments.last_mut() {
            Some(last) if last.index == segment.index => *last = segment,
            _ => segments.push(segment),
        }
    }
}

impl SpanList {
    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Segment>>> {
        self.segments.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many spans there are by now.
    pub fn len(&self) -> u64 {
        self.lock().last().map_or(0, |last| last.index + last.count as u64)
    }

    /// Whether there are no spans.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Memory that the spans take, in bytes.
    pub fn size(&self) -> usize {
        self.lock().iter().map(|segment| segment.size()).sum()
    }

    /// The span of this number, in their order.
    pub fn get(&self, index: u64) -> Option<Span> {
        let segment = {
            let segments = self.lock();
            let after = segments.partition_point(|segment| segment.index <= index);
            Arc::clone(segments.get(after.checked_sub(1)?)?)
        };
        let skip = usize::try_from(index - segment.index).ok()?;
        segment.spans_from(skip).next().map(|ranked| ranked.span)
    }

    /// The first span that ends after `offset`: the one `offset` lies in, or else the next.
    pub fn ending_after(&self, offset: u64) -> Option<Ranked> {
        let segment = {
            let segments = self.lock();
            let first = segments.partition_point(|segment| segment.end <= offset);
            Arc::clone(segments.get(first)?)
        };
        segment.spans_ending_after(offset).next()
    }

    /// The last span that ends at or before `offset`.
    pub fn ending_by(&self, offset: u64) -> Option<Ranked> {
        let before = self.ending_after(offset).map_or_else(|| self.len(), |ranked| ranked.index);
        let index = before.checked_sub(1)?;
        self.get(index).map(|span| Ranked { index, span })
    }

    /// At most `max` spans that share a byte with `within`, from its start on.
    pub fn touching(&self, within: Span, max: usize) -> Vec<Span> {
        let mut spans = Vec::new();
        let mut from = within.start();
        while let Some(segment) = self.segment_ending_after(from) {
            let wanted = segment.spans_ending_after(from).map(|ranked| ranked.span);
            spans.extend(wanted.take_while(|span| span.start() < within.end()).take(max - spans.len()));
            from = segment.end;
            if spans.len() == max || from >= within.end() {
                break;
            }
        }
        spans
    }

    fn segment_ending_after(&self, offset: u64) -> Option<Arc<Segment>> {
        let segments = self.lock();
        segments.get(segments.partition_point(|segment| segment.end <= offset)).map(Arc::clone)
    }

    /// All spans that are there now, in ascending order; what comes later is not among them.
    pub fn iter(&self) -> impl Iterator<Item = Span> + use<> {
        let segments = self.lock().clone();
        segments.into_iter().flat_map(|segment| segment.spans_from(0).map(|ranked| ranked.span))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list_of(spans: &[Span]) -> Arc<SpanList> {
        let (mut recorder, list) = recorder(Limit::default());
        for span in spans {
            recorder.push(*span).expect("room");
        }
        recorder.publish();
        list
    }

    fn random_spans(seed: u64, count: usize) -> Vec<Span> {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut end = 0;
        let mut spans = Vec::new();
        for _ in 0..count {
            let scale = rng.u32(0..20);
            let start = end + rng.u64(0..1 << scale);
            let span = Span::at(start, if rng.u8(..) < 200 { 7 } else { rng.u64(1..3000) }).expect("small");
            end = span.end();
            spans.push(span);
        }
        spans
    }

    #[test]
    fn every_question_is_answered_as_a_plain_list_would() {
        for seed in 0..8 {
            let mut rng = fastrand::Rng::with_seed(seed);
            let spans = random_spans(seed, rng.usize(0..3 * SEGMENT));
            let list = list_of(&spans);
            assert_eq!(list.len(), spans.len() as u64, "seed {seed}");
            assert_eq!(list.iter().collect::<Vec<_>>(), spans, "seed {seed}");
            let end = spans.last().map_or(0, |span| span.end());
            for _ in 0..300 {
                let index = rng.usize(0..=spans.len());
                assert_eq!(list.get(index as u64), spans.get(index).copied(), "seed {seed}, index {index}");
                let offset = rng.u64(0..=end + 10);
                let next = spans.partition_point(|span| span.end() <= offset);
                let ranked = |i: usize| Ranked { index: i as u64, span: spans[i] };
                assert_eq!(
                    list.ending_after(offset),
                    (next < spans.len()).then(|| ranked(next)),
                    "seed {seed}"
                );
                assert_eq!(list.ending_by(offset), next.checked_sub(1).map(ranked), "seed {seed} {offset}");
                let within = Span::between(offset, offset + rng.u64(0..end / 2 + 10));
                let max = rng.usize(0..2 * SEGMENT);
                let shared = spans.iter().copied().filter(|span| span.intersect(within).is_some());
                assert_eq!(list.touching(within, max), shared.take(max).collect::<Vec<_>>(), "seed {seed}");
            }
        }
    }

    #[test]
    fn the_largest_offsets_survive_the_coding() {
        let spans = [Span::between(1 << 63, u64::MAX - 9), Span::between(u64::MAX - 1, u64::MAX)];
        let list = list_of(&spans);
        assert_eq!(list.iter().collect::<Vec<_>>(), spans);
        assert_eq!(list.ending_after(u64::MAX - 9), Some(Ranked { index: 1, span: spans[1] }));
    }

    #[test]
    fn a_full_list_takes_no_more_and_keeps_what_it_has() {
        let (mut recorder, list) = recorder(Limit { spans: 3, ..Limit::default() });
        let pushed = (0..5).map(|i| recorder.push(Span::between(10 * i, 10 * i + 1)));
        assert_eq!(pushed.collect::<Vec<_>>(), [Ok(()), Ok(()), Ok(()), Err(Full), Err(Full)]);
        recorder.publish();
        assert_eq!(list.len(), 3);
    }

    #[test]
    fn what_finds_no_room_in_memory_is_read_from_a_file() {
        for seed in 0..4 {
            let spans = random_spans(seed, 6 * SEGMENT + 77);
            let (mut recorder, list) = super::recorder(Limit { bytes: 20_000, ..Limit::default() });
            for span in &spans {
                recorder.push(*span).expect("room on the disk");
            }
            recorder.publish();
            assert!(recorder.scratch.is_some(), "seed {seed}");
            assert_eq!(list.iter().collect::<Vec<_>>(), spans, "seed {seed}");
            let mut rng = fastrand::Rng::with_seed(seed);
            for _ in 0..200 {
                let index = rng.usize(0..spans.len());
                assert_eq!(list.get(index as u64), Some(spans[index]), "seed {seed}, {index}");
                let ranked = list.ending_after(spans[index].start());
                assert_eq!(
                    ranked,
                    Some(Ranked { index: index as u64, span: spans[index] }),
                    "seed {seed}, {index}"
                );
                let within = Span::between(spans[index].start(), spans[index].end());
                assert_eq!(list.touching(within, 3), [spans[index]], "seed {seed}, {index}");
            }
        }
    }

    #[test]
    fn the_memory_limit_holds_and_a_dense_list_takes_few_bytes_a_span() {
        const LIMIT: usize = 1 << 20;
        let (mut recorder, list) = super::recorder(Limit { bytes: LIMIT, spans: 2_000_000 });
        let mut at = 0;
        while recorder.push(Span::between(at, at + 7)).is_ok() {
            at += 100;
        }
        recorder.publish();
        assert_eq!(list.len(), 2_000_000);
        // Behind the limit a segment leaves its head in memory, and the open one is there.
        let heads = 2_000_000 / SEGMENT * size_of::<Segment>();
        assert!(list.size() <= LIMIT + heads + (64 << 10), "{} bytes", list.size());
        let (mut recorder, list) = super::recorder(Limit::default());
        (0..100_000).for_each(|n| recorder.push(Span::between(100 * n, 100 * n + 7)).expect("room"));
        recorder.publish();
        assert!(list.size() < 300_000, "{} bytes", list.size());
    }

    #[test]
    fn readers_see_what_was_published_and_no_more() {
        let (mut recorder, list) = recorder(Limit::default());
        let span = Span::between(4, 6);
        recorder.push(span).expect("room");
        assert!(list.is_empty());
        recorder.publish();
        assert_eq!(list.get(0), Some(span));
        recorder.push(Span::between(6, 8)).expect("room");
        assert_eq!(list.len(), 1);
    }
}
