//! The report shape 'many strings': where each is and in which encoding, in a few bytes each, readable while it grows.
//!
//! The text stays in the file: whoever shows a string reads it there.

use super::FoundString;
use crate::analysis::spans::{Limit, Peeked, SpanCursor, SpanList, SpanRecorder, SpillError, recorder};
use crate::bytes::Span;
use crate::decode::Encoding;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};

/// Encodings that are kept together.
const SEGMENT: usize = 64 << 10;

/// Strings in ascending order; a reader's side of a [`StringRecorder`].
#[derive(Debug)]
pub struct StringList {
    pub spans: Arc<SpanList>,
    /// Those that were asked for.
    encodings: Vec<Encoding>,
    /// Of each string the place of its encoding among them; empty where there is one.
    tags: Mutex<Vec<Vec<u8>>>,
}

impl StringList {
    /// How many there are by now.
    pub fn len(&self) -> u64 {
        self.spans.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The string of this number, in their order. Blocks.
    ///
    /// # Errors
    /// [`SpillError`] when it can't be read.
    pub fn get(&self, index: u64) -> Result<Option<(Span, Encoding)>, SpillError> {
        let span = self.spans.get(index)?;
        Ok(span.and_then(|span| Some((span, self.encoding(index)?))))
    }

    /// The same without waiting.
    pub fn peek(&self, index: u64) -> Peeked<Option<(Span, Encoding)>> {
        match self.spans.peek(index) {
            Peeked::Ready(span) => Peeked::Ready(span.and_then(|span| Some((span, self.encoding(index)?)))),
            Peeked::Missing => Peeked::Missing,
            Peeked::Lost => Peeked::Lost,
        }
    }

    /// For strings by number that are near each other.
    pub fn cursor(&self) -> StringCursor<'_> {
        StringCursor { list: self, spans: self.spans.cursor() }
    }

    fn encoding(&self, index: u64) -> Option<Encoding> {
        if self.encodings.len() == 1 {
            return Some(self.encodings[0]);
        }
        let tags = self.tags.lock().unwrap_or_else(PoisonError::into_inner);
        let at = usize::try_from(index).ok()?;
        let tag = tags.get(at / SEGMENT)?.get(at % SEGMENT)?;
        self.encodings.get(usize::from(*tag)).copied()
    }
}

/// Look-ups by number one after another.
#[derive(Debug)]
pub struct StringCursor<'l> {
    list: &'l StringList,
    spans: SpanCursor<'l>,
}

impl StringCursor<'_> {
    /// The string of this number. Blocks.
    ///
    /// # Errors
    /// [`SpillError`] when it can't be read.
    pub fn get(&mut self, index: u64) -> Result<Option<(Span, Encoding)>, SpillError> {
        let span = self.spans.get(index)?;
        Ok(span.and_then(|span| Some((span, self.list.encoding(index)?))))
    }
}

/// The only one who writes to a [`StringList`].
#[derive(Debug)]
pub struct StringRecorder {
    list: Arc<StringList>,
    spans: SpanRecorder,
}

/// A new empty list of strings in these encodings: who writes it, and what everybody reads.
pub fn string_recorder(encodings: &[Encoding], limit: Limit) -> (StringRecorder, Arc<StringList>) {
    let (spans, list) = recorder(limit);
    let list = Arc::new(StringList { spans: list, encodings: encodings.to_vec(), tags: Mutex::default() });
    (StringRecorder { list: Arc::clone(&list), spans }, list)
}

impl StringRecorder {
    /// Adds strings behind all others and shows them to the readers; breaks when the list is full.
    pub fn add(&mut self, strings: &[FoundString]) -> ControlFlow<()> {
        let mut flow = ControlFlow::Continue(());
        {
            // The tags first: a reader who sees a span finds its tag.
            let mut tags = self.list.tags.lock().unwrap_or_else(PoisonError::into_inner);
            for found in strings {
                if self.spans.push(found.span).is_err() {
                    flow = ControlFlow::Break(());
                    break;
                }
                if self.list.encodings.len() > 1 {
                    let place = self.list.encodings.iter().position(|known| *known == found.encoding);
                    if tags.last().is_none_or(|last| last.len() == SEGMENT) {
                        tags.push(Vec::with_capacity(SEGMENT));
                    }
                    let tag = place.and_then(|place| u8::try_from(place).ok()).unwrap_or(u8::MAX);
                    tags.last_mut().into_iter().for_each(|last| last.push(tag));
                }
            }
        }
        self.spans.publish();
        flow
    }
}
