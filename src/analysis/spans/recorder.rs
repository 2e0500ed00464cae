//! Who writes a list of spans.

use super::codes::{SpanCode, SpanCoder};
use super::even::EvenSpans;
use super::list::SpanList;
use super::segment::{Codes, SEGMENT, Segment, SpillError};
use super::{Full, Limit, SpanBatch};
use crate::bytes::Span;
use crate::bytes::scratch::Scratch;
use std::sync::Arc;

/// The only one who writes to a [`SpanList`].
#[derive(Debug)]
pub struct SpanRecorder {
    list: Arc<SpanList>,
    limit: Limit,
    /// Memory that sealed segments take.
    sealed_bytes: usize,
    /// Spans before the segment that grows.
    index: u64,
    /// Its codes so far.
    codes: Codes,
    coder: SpanCoder,
    /// Complete codes of all segments.
    coded: u64,
    /// How many spans readers see.
    published: u64,
    /// Where segments go that find no room in memory.
    scratch: Option<Arc<Scratch>>,
    is_full: bool,
}

/// A new empty list: who writes it, and what everybody reads.
pub fn recorder(limit: Limit) -> (SpanRecorder, Arc<SpanList>) {
    let list = Arc::new(SpanList::default());
    let recorder = SpanRecorder {
        list: Arc::clone(&list),
        limit,
        sealed_bytes: 0,
        index: 0,
        codes: Codes::default(),
        coder: SpanCoder::default(),
        coded: 0,
        published: 0,
        scratch: None,
        is_full: false,
    };
    (recorder, list)
}

impl SpanRecorder {
    /// How many spans the list has, those that are not published included.
    pub fn len(&self) -> u64 {
        self.index + self.codes.count + self.coder.open.count
    }

    /// Whether the list has no spans.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a span behind all others; readers see it after the next [`Self::publish`].
    ///
    /// # Errors
    /// [`Full`] when the limit is reached; the list stays as it is.
    ///
    /// # Panics
    /// When the span begins before the last one's end: the writer's own mistake.
    pub fn push(&mut self, span: Span) -> Result<(), Full> {
        self.push_even(EvenSpans::one(span))
    }

    /// The same for spans at even distances, which do not overlap.
    ///
    /// # Errors
    /// [`Full`] when the limit is reached; as many were added as have room.
    ///
    /// # Panics
    /// When the first span begins before the last one's end: the writer's own mistake.
    pub fn push_even(&mut self, even: EvenSpans) -> Result<(), Full> {
        let is_behind = even.first.start() >= self.coder.last.end();
        assert!(is_behind, "spans come in ascending order and do not overlap");
        let is_full = self.is_full || self.coded >= self.limit.uneven;
        let room = if is_full { 0 } else { self.limit.spans.saturating_sub(self.len()) };
        let taken = even.at_most(room).ok_or(Full)?;
        let len = taken.first.len();
        let first = self.coder.push(taken.first);
        first.into_iter().for_each(|code| self.add(&code));
        if taken.count > 1 {
            let others = self.coder.push_many(taken.step, len, taken.count - 1);
            others.into_iter().for_each(|code| self.add(&code));
        }
        if taken.count < even.count { Err(Full) } else { Ok(()) }
    }

    /// The same for all of a batch, whose spans do not overlap.
    ///
    /// # Errors
    /// As of [`Self::push_even`].
    ///
    /// # Panics
    /// As [`Self::push_even`].
    pub fn push_all(&mut self, batch: &SpanBatch) -> Result<(), Full> {
        batch.even().try_for_each(|even| self.push_even(even))
    }

    /// Shows what was added to the readers.
    pub fn publish(&mut self) {
        if self.published == self.len() {
            return;
        }
        self.published = self.len();
        let mut codes = self.codes.clone();
        codes.push(&self.coder.open);
        self.hang_in(Segment::new(self.index, self.coder.last.end(), codes));
    }

    /// Adds a complete code to the segment that grows.
    fn add(&mut self, code: &SpanCode) {
        if self.codes.len == SEGMENT {
            self.seal(code.before.end());
        }
        self.codes.push(code);
        self.coded += 1;
    }

    /// Ends the segment, the last span of which ends at `end`.
    fn seal(&mut self, end: u64) {
        let mut codes = std::mem::take(&mut self.codes);
        codes.shrink_to_fit();
        let index = self.index;
        self.index += codes.count;
        let Some(full) = Segment::new(index, end, codes) else { return };
        let mut full = full;
        if self.sealed_bytes + full.size() > self.limit.bytes {
            match self.spill(&full) {
                Ok(spilled) => full = spilled,
                Err(error) => {
                    self.is_full = true;
                    self.list.note(error);
                }
            }
        }
        self.sealed_bytes += full.size();
        self.hang_in(Some(full));
    }

    /// The segment with its codes in the temporary file, which is made now if this is the first.
    fn spill(&mut self, full: &Segment) -> Result<Segment, SpillError> {
        let scratch = match &self.scratch {
            Some(scratch) => scratch,
            None => {
                let scratch = Scratch::new().map_err(|error| SpillError::write(&error))?;
                self.scratch.insert(Arc::new(scratch))
            }
        };
        full.spilled(scratch)
    }

    fn hang_in(&self, segment: Option<Segment>) {
        segment.into_iter().for_each(|segment| self.list.hang_in(Arc::new(segment)));
    }

    /// Whether there is a temporary file.
    #[cfg(test)]
    pub(super) fn has_file(&self) -> bool {
        self.scratch.is_some()
    }
}

/// A list whose temporary file is this one.
#[cfg(test)]
pub fn recorder_into(limit: Limit, file: std::fs::File) -> (SpanRecorder, Arc<SpanList>) {
    let (mut recorder, list) = recorder(limit);
    recorder.scratch = Some(Arc::new(Scratch::of(file)));
    (recorder, list)
}
