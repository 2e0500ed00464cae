//! The report shape 'many places': sorted spans that do not overlap, in a few bytes each, readable while they grow.
//!
//! One [`SpanRecorder`] writes, anybody reads the [`SpanList`]. Spans are in immutable segments of a few thousand; a
//! reader holds the lock only to find its segment, the writer only to hang one in, so neither waits for the other. The
//! list never forgets and never grows above its [`Limit`].

use crate::bytes::Span;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Spans of a segment: small enough to be copied at every publication, large enough that the list of them is short.
const SEGMENT: usize = 4096;
/// Spans from one mark to the next: what a look-up decodes at most.
const STRIDE: usize = 64;

/// How much a list may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    pub spans: u64,
    pub bytes: usize,
}

impl Default for Limit {
    fn default() -> Self {
        Self { spans: 50_000_000, bytes: 256 << 20 }
    }
}

/// The list has reached its limit and did not take the span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the list is full")]
pub struct Full;

/// A span and how many come before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranked {
    pub index: u64,
    pub span: Span,
}

/// Where decoding can begin.
#[derive(Clone, Copy, Debug)]
struct Mark {
    /// Offset in the segment's bytes.
    byte: usize,
    state: Coder,
}

/// What the code of a span leaves out, because the span before it says it.
#[derive(Clone, Copy, Debug, Default)]
struct Coder {
    end: u64,
    len: u64,
}

impl Coder {
    /// The gap since the last end, and the length only where it changes. The first byte holds from the lowest bit:
    /// 'length follows', six bits of the gap, 'more of the gap follows'; the rest is seven bits a byte.
    fn write(&mut self, span: Span, out: &mut Vec<u8>) {
        let gap = span.start() - self.end;
        let same = span.len() == self.len;
        let rest = gap >> 6;
        out.push(u8::from(!same) | ((gap & 0x3f) as u8) << 1 | u8::from(rest > 0) << 7);
        if rest > 0 {
            write_number(rest, out);
        }
        if !same {
            write_number(span.len(), out);
        }
        *self = Self { end: span.end(), len: span.len() };
    }

    /// The span coded at `*at`, which moves behind it. Codes are this file's own, so they are whole.
    fn read(&mut self, bytes: &[u8], at: &mut usize) -> Span {
        let first = bytes[*at];
        *at += 1;
        let mut gap = u64::from(first >> 1 & 0x3f);
        if first & 0x80 != 0 {
            gap |= read_number(bytes, at) << 6;
        }
        if first & 1 != 0 {
            self.len = read_number(bytes, at);
        }
        let start = self.end + gap;
        self.end = start + self.len;
        Span::between(start, self.end)
    }
}

fn write_number(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn read_number(bytes: &[u8], at: &mut usize) -> u64 {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = bytes[*at];
        *at += 1;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return value;
        }
        shift += 7;
    }
}

/// A run of spans, from `index` on.
#[derive(Clone, Debug, Default)]
struct Segment {
    index: u64,
    count: usize,
    /// Start of the first and end of the last span.
    start: u64,
    end: u64,
    bytes: Vec<u8>,
    marks: Vec<Mark>,
}

impl Segment {
    fn size(&self) -> usize {
        size_of::<Self>() + self.bytes.len() + self.marks.len() * size_of::<Mark>()
    }

    /// The spans from the `skip`-th on.
    fn spans_from(&self, skip: usize) -> impl Iterator<Item = Ranked> {
        let stride = skip / STRIDE;
        let mark = self.marks.get(stride).copied();
        let (mut at, mut state) = mark.map_or((0, Coder::default()), |mark| (mark.byte, mark.state));
        let first = stride * STRIDE;
        let count = if mark.is_some() { self.count } else { first };
        (first..count)
            .map(move |i| Ranked { index: self.index + i as u64, span: state.read(&self.bytes, &mut at) })
            .skip(skip - first)
    }

    /// The first span that ends after `offset`; callers know that there is one.
    fn position_ending_after(&self, offset: u64) -> usize {
        let stride = self.marks.partition_point(|mark| mark.state.end <= offset).saturating_sub(1);
        let first = stride * STRIDE;
        first + self.spans_from(first).take_while(|ranked| ranked.span.end() <= offset).count()
    }
}

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
    /// What sealed segments take.
    sealed_bytes: usize,
    open: Segment,
    coder: Coder,
    /// How many spans of the open segment readers see.
    published: usize,
}

/// A new empty list: who writes it, and what everybody reads.
pub fn recorder(limit: Limit) -> (SpanRecorder, Arc<SpanList>) {
    let list = Arc::new(SpanList::default());
    let recorder = SpanRecorder {
        list: Arc::clone(&list),
        limit,
        sealed_bytes: 0,
        open: Segment::default(),
        coder: Coder::default(),
        published: 0,
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
        let count = self.open.index + self.open.count as u64;
        if count >= self.limit.spans || self.sealed_bytes + self.open.size() >= self.limit.bytes {
            return Err(Full);
        }
        if self.open.count == SEGMENT {
            self.seal();
        }
        if self.open.count == 0 {
            self.open.start = span.start();
        }
        if self.open.count.is_multiple_of(STRIDE) {
            self.open.marks.push(Mark { byte: self.open.bytes.len(), state: self.coder });
        }
        self.coder.write(span, &mut self.open.bytes);
        self.open.count += 1;
        self.open.end = span.end();
        Ok(())
    }

    /// Shows what was added to the readers.
    pub fn publish(&mut self) {
        if self.published == self.open.count {
            return;
        }
        self.hang_in(Arc::new(self.open.clone()));
        self.published = self.open.count;
    }

    fn seal(&mut self) {
        let next = Segment { index: self.open.index + self.open.count as u64, ..Segment::default() };
        let mut full = std::mem::replace(&mut self.open, next);
        full.bytes.shrink_to_fit();
        full.marks.shrink_to_fit();
        self.sealed_bytes += full.size();
        self.hang_in(Arc::new(full));
        self.published = 0;
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
        segment.spans_from(segment.position_ending_after(offset)).next()
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
            let position = segment.position_ending_after(from);
            let wanted = segment.spans_from(position).map(|ranked| ranked.span);
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
        segments.into_iter().flat_map(|segment| {
            let (mut at, mut state) =
                (0, segment.marks.first().map_or_else(Coder::default, |mark| mark.state));
            (0..segment.count).map(move |_| state.read(&segment.bytes, &mut at))
        })
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
    fn the_memory_limit_holds_and_a_dense_list_takes_few_bytes_a_span() {
        let (mut recorder, list) = super::recorder(Limit { bytes: 1 << 20, ..Limit::default() });
        let mut at = 0;
        while recorder.push(Span::between(at, at + 7)).is_ok() {
            at += 100;
        }
        recorder.publish();
        assert!(list.size() <= (1 << 20) + 64, "{} bytes", list.size());
        assert!(list.len() > (1 << 20) / 3, "{} spans", list.len());
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
