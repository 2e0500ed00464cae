//! What everybody reads of a list of spans.

use super::even::EvenSpans;
use super::near::{NearSegments, NotNear};
use super::segment::{Ranked, Segment, Spans, SpillError};
use crate::bytes::Span;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Sorted spans; a reader's side of a [`recorder`](super::recorder()).
#[derive(Debug, Default)]
pub struct SpanList {
    segments: Mutex<Vec<Arc<Segment>>>,
    near: Mutex<NearSegments>,
    /// The first.
    trouble: OnceLock<SpillError>,
}

/// What is known without waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peeked<T> {
    Ready(T),
    /// It is in the temporary file; a worker is to read it.
    Missing,
    /// It can't be read.
    Lost,
}

impl<T> Peeked<T> {
    /// What is there, if it is.
    pub fn ready(self) -> Option<T> {
        match self {
            Self::Ready(it) => Some(it),
            Self::Missing | Self::Lost => None,
        }
    }
}

fn peeked<T>(found: Result<T, NotNear>) -> Peeked<T> {
    match found {
        Ok(it) => Peeked::Ready(it),
        Err(NotNear::Missing) => Peeked::Missing,
        Err(NotNear::Lost) => Peeked::Lost,
    }
}

/// How a look-up gets the spans of a segment.
type Get<'g, E> = &'g dyn Fn(&Arc<Segment>) -> Result<Spans, E>;

impl SpanList {
    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Segment>>> {
        self.segments.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn near(&self) -> MutexGuard<'_, NearSegments> {
        self.near.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a segment at the end, in the place of an earlier state of the same one.
    pub(super) fn hang_in(&self, segment: Arc<Segment>) {
        let mut segments = self.lock();
        match segments.last_mut() {
            Some(last) if last.index == segment.index => *last = segment,
            _ => segments.push(segment),
        }
    }

    /// Remembers why spans are lost.
    pub(super) fn note(&self, error: SpillError) {
        let _ = self.trouble.set(error);
    }

    /// Why some spans can't be read, or were not taken; `None` as long as nothing went wrong.
    pub fn trouble(&self) -> Option<&SpillError> {
        self.trouble.get()
    }

    /// How many spans there are by now.
    pub fn len(&self) -> u64 {
        self.lock().last().map_or(0, |last| last.index + last.count)
    }

    /// Whether there are no spans.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Memory that the spans take, in bytes.
    pub fn size(&self) -> usize {
        let segments: usize = self.lock().iter().map(|segment| segment.size()).sum();
        segments + self.near().size()
    }
}

/// Look-ups for workers, which may wait for the temporary file.
impl SpanList {
    /// The span of this number, in their order.
    ///
    /// # Errors
    /// [`SpillError`] when it can't be read.
    pub fn get(&self, index: u64) -> Result<Option<Span>, SpillError> {
        self.span(index, &|segment| self.read(segment))
    }

    /// The first span that ends after `offset`: the one `offset` lies in, or else the next.
    ///
    /// # Errors
    /// [`SpillError`] when it can't be read.
    pub fn ending_after(&self, offset: u64) -> Result<Option<Ranked>, SpillError> {
        self.after(offset, &|segment| self.read(segment))
    }

    /// The last span that ends at or before `offset`.
    ///
    /// # Errors
    /// [`SpillError`] when it can't be read.
    pub fn ending_by(&self, offset: u64) -> Result<Option<Ranked>, SpillError> {
        let before = self.ending_after(offset)?.map_or_else(|| self.len(), |ranked| ranked.index);
        let Some(index) = before.checked_sub(1) else { return Ok(None) };
        Ok(self.get(index)?.map(|span| Ranked { index, span }))
    }

    /// At most `max` spans that share a byte with `within`, from its start on.
    ///
    /// # Errors
    /// [`SpillError`] when they can't be read.
    pub fn touching(&self, within: Span, max: usize) -> Result<Vec<Span>, SpillError> {
        self.shared(within, max, &|segment| self.read(segment))
    }

    /// The spans from number `index` on that are there now, those at even distances together; each with how many come
    /// before it. What comes later is not among them. After an error nothing follows.
    pub fn even_from(
        &self,
        index: u64,
    ) -> impl Iterator<Item = Result<(u64, EvenSpans), SpillError>> + use<'_> {
        let segments = {
            let segments = self.lock();
            let first = segments.partition_point(|segment| segment.index + segment.count <= index);
            segments[first..].to_vec()
        };
        let mut is_lost = false;
        let of_segment = move |segment: Arc<Segment>| -> Vec<Result<(u64, EvenSpans), SpillError>> {
            if is_lost {
                return Vec::new();
            }
            match self.read(&segment) {
                Ok(spans) => spans.even_from(index.saturating_sub(segment.index)).map(Ok).collect(),
                Err(error) => {
                    is_lost = true;
                    vec![Err(error)]
                }
            }
        };
        segments.into_iter().flat_map(of_segment)
    }

    /// All spans that are there now, in ascending order; what comes later is not among them. After an error nothing
    /// follows.
    pub fn iter(&self) -> impl Iterator<Item = Result<Span, SpillError>> + use<'_> {
        self.iter_from(0)
    }

    /// The same from number `index` on.
    pub fn iter_from(&self, index: u64) -> impl Iterator<Item = Result<Span, SpillError>> + use<'_> {
        self.even_from(index).flat_map(|even| {
            let (lost, spans) = match even {
                Ok((_, even)) => (None, Some(even.iter())),
                Err(error) => (Some(Err(error)), None),
            };
            lost.into_iter().chain(spans.into_iter().flatten().map(Ok))
        })
    }

    /// For look-ups by number that are near each other.
    pub fn cursor(&self) -> SpanCursor<'_> {
        SpanCursor { list: self, spans: None }
    }

    /// Reads what was missed by looks that don't wait; whether there was anything. Blocks.
    pub fn read_wanted(&self, goes_on: &dyn Fn() -> bool) -> bool {
        let mut any = false;
        while goes_on() {
            let Some(index) = self.near().next_wanted() else { break };
            any = true;
            let Some(segment) = self.segment_of(index) else { continue };
            match self.read(&segment) {
                Ok(spans) => self.near().keep(spans),
                Err(_) => self.near().lose(index),
            }
        }
        any
    }

    fn read(&self, segment: &Segment) -> Result<Spans, SpillError> {
        segment.read().inspect_err(|error| self.note(error.clone()))
    }
}

/// Look-ups by number one after another: the segment of the last one is kept.
#[derive(Debug)]
pub struct SpanCursor<'l> {
    list: &'l SpanList,
    spans: Option<Spans>,
}

impl SpanCursor<'_> {
    /// The span of this number. Blocks.
    ///
    /// # Errors
    /// [`SpillError`] when it can't be read.
    pub fn get(&mut self, index: u64) -> Result<Option<Span>, SpillError> {
        let held = self.spans.as_ref().and_then(|spans| spans.get(index.checked_sub(spans.index)?));
        if held.is_some() {
            return Ok(held);
        }
        let Some(segment) = self.list.segment_of(index) else { return Ok(None) };
        let spans = self.spans.insert(self.list.read(&segment)?);
        Ok(spans.get(index - segment.index))
    }
}

/// Looks that never wait: what is not in memory is missing, and wanted from then on.
impl SpanList {
    /// The span of this number, in their order.
    pub fn peek(&self, index: u64) -> Peeked<Option<Span>> {
        peeked(self.span(index, &|segment| self.peek_spans(segment)))
    }

    /// The first span that ends after `offset`: the one `offset` lies in, or else the next.
    pub fn peek_ending_after(&self, offset: u64) -> Peeked<Option<Ranked>> {
        peeked(self.after(offset, &|segment| self.peek_spans(segment)))
    }

    /// At most `max` spans that share a byte with `within`, from its start on.
    pub fn peek_touching(&self, within: Span, max: usize) -> Peeked<Vec<Span>> {
        peeked(self.shared(within, max, &|segment| self.peek_spans(segment)))
    }

    /// At most `max` spans that are spread evenly over all. Where the one that is due is not in memory, it is the first of
    /// its segment; nothing is wanted for it.
    pub fn spread(&self, max: u64) -> Vec<Span> {
        let segments = self.lock();
        let len = segments.last().map_or(0, |last| last.index + last.count);
        let step = len.div_ceil(max.max(1)).max(1);
        let mut spread: Vec<Span> = Vec::new();
        let mut at = 0;
        for number in (0..len).step_by(usize::try_from(step).unwrap_or(usize::MAX)) {
            at += segments[at..].partition_point(|segment| segment.index + segment.count <= number);
            let Some(segment) = segments.get(at) else { break };
            let own = segment.in_memory().and_then(|spans| spans.get(number - segment.index));
            let span = own.unwrap_or(segment.first);
            if spread.last() != Some(&span) {
                spread.push(span);
            }
        }
        spread
    }

    /// Whether something was missed that [`Self::read_wanted`] would read.
    pub fn wants(&self) -> bool {
        self.near().wants()
    }

    fn peek_spans(&self, segment: &Segment) -> Result<Spans, NotNear> {
        segment.in_memory().map_or_else(|| self.near().get(segment.index), Ok)
    }
}

/// What both kinds of look-ups do.
impl SpanList {
    fn segment_of(&self, index: u64) -> Option<Arc<Segment>> {
        let segments = self.lock();
        let after = segments.partition_point(|segment| segment.index <= index);
        segments.get(after.checked_sub(1)?).map(Arc::clone)
    }

    fn segment_ending_after(&self, offset: u64) -> Option<Arc<Segment>> {
        let segments = self.lock();
        segments.get(segments.partition_point(|segment| segment.end <= offset)).map(Arc::clone)
    }

    fn span<E>(&self, index: u64, get: Get<'_, E>) -> Result<Option<Span>, E> {
        let Some(segment) = self.segment_of(index) else { return Ok(None) };
        Ok(get(&segment)?.get(index - segment.index))
    }

    fn after<E>(&self, offset: u64, get: Get<'_, E>) -> Result<Option<Ranked>, E> {
        let Some(segment) = self.segment_ending_after(offset) else { return Ok(None) };
        let found = get(&segment)?
            .ending_after(offset)
            .next()
            .map(|(index, even)| Ranked { index, span: even.first });
        Ok(found)
    }

    fn shared<E>(&self, within: Span, max: usize, get: Get<'_, E>) -> Result<Vec<Span>, E> {
        let mut spans: Vec<Span> = Vec::new();
        let mut from = within.start();
        while let Some(segment) = self.segment_ending_after(from) {
            let of_segment = get(&segment)?;
            let wanted = of_segment.ending_after(from).flat_map(|(_, even)| even.iter());
            spans.extend(wanted.take_while(|span| span.start() < within.end()).take(max - spans.len()));
            from = segment.end;
            if spans.len() == max || from >= within.end() {
                break;
            }
        }
        Ok(spans)
    }
}
