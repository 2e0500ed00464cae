//! A log as it was read: its file, its edits, and the positions of the bytes that they name.
//!
//! Contents stay in the file. Reading ends where the records end to be whole, and says how.

use super::frame::{Frames, Tail};
use super::record::{About, LogRecord};
use crate::bytes::{
    Availability, MemorySource, ReadError, SharedSource, Source, Span, check_bounds, peek_nothing,
};
use crate::document::{Base, PartialSource, RepeatSource, Replay, ReplayError, RunList, SourceKey};
use crate::save::disk::{DiskFile, read_exact_at};
use std::collections::HashMap;
use std::io;
use std::sync::Arc;

/// A log up to this length is read into memory for what it keeps.
const IN_MEMORY: u64 = 16 << 20;

/// What a log holds of a source.
#[derive(Debug, Default)]
pub struct HeldRuns {
    pub len: u64,
    pub was_base: bool,
    pattern: Option<Vec<u8>>,
    /// Spans that are kept, each with its place in the log's file.
    pub runs: Vec<(Span, u64)>,
}

/// A log.
#[derive(Debug)]
pub struct Image {
    pub seed: u64,
    /// Where the last whole record ends.
    pub end: u64,
    pub tail: Tail,
    /// The file as it was at the end of the log.
    pub about: About,
    base: SourceKey,
    base_len: u64,
    /// Edits, saves and states, in their order.
    events: Vec<LogRecord>,
    pub sources: HashMap<u32, HeldRuns>,
}

/// How far a log could be followed.
#[derive(Debug)]
pub struct FollowedLog {
    pub replay: Replay,
    /// Why not to its end.
    pub failure: Option<ReplayError>,
}

impl Image {
    /// Reads a log. `None` when the file is none, or ends before it says what it is about. Blocks.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn read(file: &dyn DiskFile) -> io::Result<Option<Self>> {
        let Some(mut frames) = Frames::open(file)? else { return Ok(None) };
        let Some((_, first)) = frames.next()? else { return Ok(None) };
        let Some(LogRecord::Begin { about, base, len }) = LogRecord::from_bytes(&first) else {
            return Ok(None);
        };
        let mut image = Self {
            seed: frames.seed(),
            end: frames.offset,
            tail: Tail::Whole,
            about,
            base,
            base_len: len,
            events: Vec::new(),
            sources: HashMap::new(),
        };
        image.source(base).len = len;
        while let Some((start, bytes)) = frames.next()? {
            let Some(record) = LogRecord::from_bytes(&bytes) else {
                frames.tail = Tail::Damaged;
                break;
            };
            image.take(record, start + bytes.len() as u64);
            image.end = frames.offset;
        }
        image.tail = frames.tail;
        Ok(Some(image))
    }

    fn source(&mut self, key: SourceKey) -> &mut HeldRuns {
        self.sources.entry(key.0).or_default()
    }

    /// Takes a record in that ends at `end`.
    fn take(&mut self, record: LogRecord, end: u64) {
        match record {
            LogRecord::Begin { .. } => {}
            LogRecord::About(about) => self.about = about,
            LogRecord::Source { key, len, was_base } => {
                let held = self.source(key);
                (held.len, held.was_base) = (len, was_base);
            }
            LogRecord::Pattern { key, len, pattern } => {
                let held = self.source(key);
                (held.len, held.pattern) = (len, Some(pattern));
            }
            LogRecord::Content { key, spans, bytes } => {
                let mut at = end - bytes.len() as u64;
                let held = self.source(key);
                for span in spans {
                    held.runs.push((span, at));
                    at += span.len();
                }
            }
            LogRecord::Saved { ref about, base, len } => {
                self.about = about.clone();
                self.source(base).len = len;
                self.events.push(record);
            }
            LogRecord::Grown { len } => {
                let base = self.base_now();
                self.source(base).len = len;
                self.events.push(record);
            }
            LogRecord::Step { .. }
            | LogRecord::Undo
            | LogRecord::Redo
            | LogRecord::SaveBegun
            | LogRecord::SaveCancelled
            | LogRecord::State(_) => self.events.push(record),
        }
    }

    /// The document's base at the end of the log.
    pub fn base_now(&self) -> SourceKey {
        let saved = self.events.iter().rev().find_map(|event| match event {
            LogRecord::Saved { base, .. } => Some(*base),
            _ => None,
        });
        saved.unwrap_or(self.base)
    }

    /// The log's own file as a source that what it keeps is read from; `cacher` puts it behind the screen's cache when
    /// it is too long for memory. Blocks.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn store(
        &self,
        file: Arc<dyn DiskFile>,
        cacher: impl FnOnce(SharedSource) -> SharedSource,
    ) -> io::Result<SharedSource> {
        if self.end > IN_MEMORY {
            return Ok(cacher(Arc::new(LogSource { file, len: self.end })));
        }
        let mut bytes = vec![0; self.end as usize];
        read_exact_at(&*file, 0, &mut bytes)?;
        Ok(Arc::new(MemorySource::new(bytes)))
    }

    /// What is kept of a source. Where runs overlap, as in no log of ours, nothing of it counts as known.
    pub fn partial(&self, key: SourceKey, store: &SharedSource) -> Arc<PartialSource> {
        let empty = HeldRuns::default();
        let held = self.sources.get(&key.0).unwrap_or(&empty);
        let runs = RunList::new(held.runs.clone()).unwrap_or_default();
        let len = held.len.max(runs.end());
        Arc::new(PartialSource::new(len, runs, Arc::clone(store), "the bytes exceed the limit of the log"))
    }

    /// Does all edits again. `file` is what the last base is read from; without it, only what is kept is known.
    pub fn follow(
        &self,
        store: &SharedSource,
        file: Option<SharedSource>,
        labels: &'static [&'static str],
    ) -> FollowedLog {
        let last = self.base_now();
        let base = |key: SourceKey| match &file {
            Some(file) if key == last => Base::Whole(Arc::clone(file)),
            _ => Base::Partial(self.partial(key, store)),
        };
        let mut replay = Replay::new(self.base, base(self.base), self.base_len, labels);
        for (&key, held) in &self.sources {
            let key = SourceKey(key);
            let pattern = held.pattern.clone().and_then(|pattern| RepeatSource::new(pattern, held.len));
            match pattern {
                Some(pattern) => replay.add(key, Base::Whole(Arc::new(pattern)), false),
                None if key == self.base || key == last => {}
                None => replay.add(key, Base::Partial(self.partial(key, store)), held.was_base),
            }
        }
        let failure = self.events.iter().try_for_each(|event| follow_one(&mut replay, event, &base)).err();
        FollowedLog { replay, failure }
    }
}

fn follow_one(
    replay: &mut Replay,
    event: &LogRecord,
    base: &dyn Fn(SourceKey) -> Base,
) -> Result<(), ReplayError> {
    match event {
        LogRecord::Step { label, coalesced, packed } => replay.step(label, *coalesced, packed),
        LogRecord::Undo => replay.undo(),
        LogRecord::Redo => replay.redo(),
        LogRecord::SaveBegun => {
            replay.begin_save();
            Ok(())
        }
        LogRecord::SaveCancelled => {
            replay.cancel_save();
            Ok(())
        }
        LogRecord::Grown { len } => {
            replay.grow_base(*len);
            Ok(())
        }
        LogRecord::Saved { base: key, len, .. } => replay.finish_save(*key, base(*key), *len),
        LogRecord::State(packed) => replay.take_over(packed),
        _ => Ok(()),
    }
}

/// The file of a log, read by position. Peeks as missing: what the screen shows needs a cache before it.
#[derive(Debug)]
struct LogSource {
    file: Arc<dyn DiskFile>,
    len: u64,
}

impl Source for LogSource {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        let span = check_bounds(offset, buf.len(), self.len)?;
        read_exact_at(&*self.file, offset, buf).map_err(|error| ReadError::of_io(span, &error))
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        peek_nothing(self.len, offset, buf, states);
    }
}

#[cfg(test)]
mod tests {
    use super::super::frame;
    use super::*;
    use crate::document::{Content, Document, Edit};
    use crate::save::RealDisk;
    use crate::save::disk::{Access, Disk, Privacy, write_all_at};

    /// The records of a document with some history.
    fn records() -> Vec<LogRecord> {
        let mut document = Document::new(Arc::new(MemorySource::new([7; 100])));
        let mut records = Vec::new();
        let (base, len) = document.base();
        records.push(LogRecord::Begin { about: About::default(), base, len });
        records.push(LogRecord::Source { key: SourceKey(0), len: 0, was_base: false });
        let spans = vec![Span::between(0, 9)];
        records.push(LogRecord::Content { key: SourceKey(0), spans, bytes: b"abcdefghi".to_vec() });
        records.push(LogRecord::Pattern { key: SourceKey(3), len: 1000, pattern: b"xy".to_vec() });
        for at in [3, 40, 90] {
            let content = Content::Bytes(vec![at as u8; 3]);
            let edit = Edit::one("Typing", Span::between(at, at + 2), content);
            document.apply(edit).expect("inside");
            let packed = document.take_delta().expect("an edit").pack(&mut |_, _, _| {});
            records.push(LogRecord::Step { label: "Typing".into(), coalesced: at == 40, packed });
        }
        let fill = Content::Repeat { pattern: b"xy".to_vec(), len: 1000 };
        document.apply(Edit::one("Fill", Span::empty_at(5), fill)).expect("inside");
        let packed = document.take_delta().expect("an edit").pack(&mut |_, _, _| {});
        records.push(LogRecord::Step { label: "Fill".into(), coalesced: false, packed });
        document.undo();
        records.extend([LogRecord::Undo, LogRecord::SaveBegun, LogRecord::Redo, LogRecord::Undo]);
        let _ = document.begin_save();
        document.undo();
        records.push(LogRecord::State(document.history().pack()));
        records.push(LogRecord::Saved { about: About::default(), base: SourceKey(9), len: document.len() });
        records.push(LogRecord::Grown { len: 500 });
        records
    }

    /// A log whose checksums are right and whose records are anything.
    #[test]
    fn records_that_make_no_sense_do_no_harm() {
        let folder = tempfile::tempdir().expect("a folder");
        let whole: Vec<Vec<u8>> = records().iter().map(LogRecord::to_bytes).collect();
        let mut followed_to_the_end = 0;
        for seed in 0..3000_u64 {
            let mut random = fastrand::Rng::with_seed(seed);
            let mut bytes = frame::header(seed);
            for record in &whole {
                let mut record = record.clone();
                for _ in 0..random.usize(0..3) * usize::from(random.u8(..4) == 0) {
                    let at = random.usize(..record.len());
                    record[at] = if random.bool() { random.u8(..) } else { record[at].wrapping_add(1) };
                }
                if random.u8(..60) == 0 {
                    record.truncate(random.usize(..=record.len()));
                }
                let at = bytes.len() as u64;
                (0..1 + usize::from(random.u8(..40) == 0))
                    .for_each(|_| frame::push(&mut bytes, seed, at, &record));
            }
            let path = folder.path().join(seed.to_string());
            let file = RealDisk.create_new(&path, Privacy::Private).expect("made");
            write_all_at(&*file, 0, &bytes, || {}).expect("written");
            let file: Arc<dyn DiskFile> = RealDisk.open(&path, Access::Read).expect("there").into();
            let Some(image) = Image::read(&*file).expect("readable") else { continue };
            let store = image.store(file, |source| source).expect("readable");
            let followed = image.follow(&store, None, &["Typing"]);
            followed_to_the_end += usize::from(followed.failure.is_none());
            let Ok(mut restored) = followed.replay.finish() else { continue };
            while restored.document.undo().is_some() {}
            while restored.document.redo().is_some() {}
            let snapshot = restored.document.snapshot();
            snapshot.check().unwrap_or_else(|error| panic!("seed {seed}: {error}"));
            let _ = snapshot.read_at(0, &mut vec![0; snapshot.len().min(5000) as usize]);
        }
        assert!(followed_to_the_end > 100, "{followed_to_the_end} were what they should be, or close");
    }
}
