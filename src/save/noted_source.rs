//! A source that notes what is read of it: what is calculated from its bytes is edited over exactly these, so that nobody
//! has to read them again to know what they were.

use super::edited_over::{EditedOverRecord, MOST_RECORDED};
use super::edited_units::{RUN, UnitsBuilder};
use crate::bytes::{Availability, FillRun, RawBytes, ReadError, ReadHints, SharedSource, Source, Span};
use crate::job::Cancel;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use xxhash_rust::xxh3::xxh3_64;

/// Another source, of which is noted what is read. What is looked at in its map is not noted.
#[derive(Debug)]
pub struct NotedSource {
    inner: SharedSource,
    /// `None` when no more is to be noted.
    notes: Mutex<Option<Notes>>,
}

#[derive(Debug, Default)]
struct Notes {
    /// Where each read began: its length, and the hashes of its runs.
    reads: BTreeMap<u64, (u64, Box<[u64]>)>,
    bytes: u64,
}

impl NotedSource {
    /// Nothing is noted yet.
    pub fn new(inner: SharedSource) -> Self {
        Self { inner, notes: Mutex::new(Some(Notes::default())) }
    }

    /// What was read, the first time where it was read again. From now on nothing is noted.
    pub fn take_record(&self) -> EditedOverRecord {
        let notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default();
        let runs = notes.reads.values().map(|(_, hashes)| hashes.len()).sum();
        let mut units = UnitsBuilder::with_capacity(runs);
        for (at, (len, hashes)) in notes.reads {
            let runs = Span::between(at, at + len).chunks(RUN);
            runs.zip(hashes).for_each(|(run, hash)| units.push_hash(run, hash));
        }
        EditedOverRecord::of(units.finish())
    }

    fn wants(&self, span: Span) -> bool {
        let notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        notes.as_ref().is_some_and(|notes| notes.has_room(span))
    }

    fn note(&self, span: Span, bytes: &[u8]) {
        if !self.wants(span) {
            return;
        }
        let hashes = bytes.chunks(RUN as usize).map(xxh3_64).collect();
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        // Others may have read the same meanwhile.
        if let Some(notes) = notes.as_mut().filter(|notes| notes.has_room(span)) {
            notes.reads.insert(span.start(), (span.len(), hashes));
            notes.bytes += span.len();
        }
    }
}

impl Notes {
    /// Whether nothing of the span is noted, and not too much else.
    fn has_room(&self, span: Span) -> bool {
        let before = self.reads.range(..span.end()).next_back();
        let is_new = before.is_none_or(|(at, (len, _))| at + len <= span.start());
        is_new && !span.is_empty() && self.bytes + span.len() <= MOST_RECORDED
    }
}

impl Source for NotedSource {
    fn len(&self) -> u64 {
        self.inner.len()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        self.read_cancellable(offset, buf, Cancel::never())
    }

    fn read_cancellable(&self, offset: u64, buf: &mut [u8], cancel: &Cancel) -> Result<(), ReadError> {
        self.inner.read_cancellable(offset, buf, cancel)?;
        self.note(Span::between(offset, offset + buf.len() as u64), buf);
        Ok(())
    }

    fn look_mapped(&self, span: Span, look: &mut dyn FnMut(&RawBytes<'_>)) -> bool {
        self.inner.look_mapped(span, look)
    }

    fn hints(&self) -> ReadHints {
        self.inner.hints()
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        self.inner.peek(offset, buf, states);
    }

    fn data_after(&self, offset: u64) -> Option<Span> {
        self.inner.data_after(offset)
    }

    fn fill_at(&self, offset: u64) -> Option<FillRun<'_>> {
        self.inner.fill_at(offset)
    }

    fn fault_at(&self, offset: u64) -> Option<ReadError> {
        self.inner.fault_at(offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::MemorySource;
    use crate::document::{Content, Document, Edit};
    use crate::job::Progress;
    use crate::save::edited_over::EditedOver;
    use std::sync::Arc;

    const LEN: u64 = 1000;

    fn bytes() -> Vec<u8> {
        (0..LEN).map(|at| (at * 7 % 251) as u8).collect()
    }

    /// A record of an edit over `edited`, after these reads; reads of its own are counted into `read`.
    fn record(reads: &[Span], edited: Span, read: &mut u64) -> EditedOverRecord {
        let base: SharedSource = Arc::new(MemorySource::new(bytes()));
        let noted = NotedSource::new(base.clone());
        for span in reads {
            noted.read_at(span.start(), &mut vec![0; span.len() as usize]).expect("there");
        }
        let record = noted.take_record();
        let mut document = Document::new(base.clone());
        let content = Content::Bytes(vec![0; edited.len() as usize]);
        document.apply(Edit::one("Test", edited, content)).expect("inside");
        let count = std::cell::Cell::new(0);
        let seen = |span: Span, buf: &mut [u8]| {
            count.set(count.get() + span.len());
            base.read_at(span.start(), buf)
        };
        record.update(&document.snapshot(), &seen, &Progress::default());
        *read = count.get();
        record
    }

    #[test]
    fn what_was_read_is_not_read_again_and_each_change_of_it_is_found() {
        let all = Span::first(LEN);
        let parts = [Span::between(0, 500), Span::between(500, LEN), Span::between(100, 900)];
        let mut read = 0;
        let checker = record(&parts, all, &mut read).checker();
        assert_eq!(read, 0, "all was read before");
        assert_eq!(checker.spans(), [all]);
        assert_eq!(checker.check(all, &bytes()), Ok(()));
        for at in [0, 31, 32, 499, 500, 777, LEN as usize - 1] {
            let mut changed = bytes();
            changed[at] ^= 1;
            let found = checker.check(all, &changed).expect_err("a byte differs");
            assert!(found <= at as u64 && at as u64 - found < RUN, "{found} for {at}");
        }
    }

    #[test]
    fn what_was_not_read_is_read_when_it_is_edited() {
        let edited = Span::between(90, 410);
        let mut read = 0;
        let checker = record(&[Span::between(96, 200), Span::between(300, 400)], edited, &mut read).checker();
        assert!((120..=420).contains(&read), "{read} bytes");
        let part = &bytes()[90..410];
        assert_eq!((checker.spans(), checker.check(edited, part)), (vec![edited], Ok(())));
        for at in [0, 6, 110, 111, 209, 210, 319] {
            let mut changed = part.to_vec();
            changed[at] ^= 1;
            assert!(checker.check(edited, &changed).is_err(), "at {at}");
        }
    }

    #[test]
    fn what_is_read_later_is_not_noted() {
        let base: SharedSource = Arc::new(MemorySource::new(bytes()));
        let noted = NotedSource::new(base);
        noted.take_record();
        noted.read_at(0, &mut [0; 100]).expect("there");
        assert_eq!(noted.take_record().checker().spans(), []);
    }
}
