//! Contents on their way into a log: what is written at once, what waits, and what is too much.
//!
//! Bytes that edits put in come first, then the old bytes that they took out, which only an undo after a later save
//! needs. What can't be read is left out, as it can't be seen in the window either.

use super::file::LogFile;
use super::record::{LogRecord, RUNS};
use crate::bytes::Span;
use crate::document::{Contents, HistoryHandle, SourceKey};
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::time::Duration;

/// New bytes up to this many are written before the edit that names them.
const AT_ONCE: u64 = 1 << 20;
/// Copied between two looks at what has come.
const CHUNK: u64 = 256 << 10;

/// Bytes that are to be in the log and are not yet.
#[derive(Debug, Default)]
pub struct Wanted {
    spans: BTreeMap<u32, Vec<Span>>,
    len: u64,
}

impl Wanted {
    /// Asks for what is not in `log` yet.
    pub fn add(&mut self, log: &mut LogFile, key: SourceKey, span: Span) {
        let missing = log.kept.add(key, span);
        if !missing.is_empty() || log.is_new(key) {
            self.len += missing.iter().map(|span| span.len()).sum::<u64>();
            self.spans.entry(key.0).or_default().extend(missing);
        }
    }
}

/// Some spans of a source, to be copied when there is time.
#[derive(Debug)]
struct Copy {
    contents: Contents,
    key: SourceKey,
    spans: VecDeque<Span>,
}

/// What waits to be copied.
#[derive(Debug)]
pub struct Copies {
    budget: u64,
    /// New and old bytes that were too many.
    pub left_out: (u64, u64),
    /// Keys of this and all earlier bases.
    bases: Vec<u32>,
    new: VecDeque<Copy>,
    old: VecDeque<Copy>,
}

impl Copies {
    /// Nothing to copy; `budget` bounds the bytes of contents in the log.
    pub fn new(budget: u64) -> Self {
        let (new, old) = (VecDeque::new(), VecDeque::new());
        Self { budget, left_out: (0, 0), bases: Vec::new(), new, old }
    }

    /// Whether nothing waits to be copied.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.old.is_empty()
    }

    /// What waited was for another file.
    pub fn forget_waiting(&mut self) {
        self.new.clear();
        self.old.clear();
    }

    /// Takes notice of a source that is, or was, the base.
    pub fn add_base(&mut self, base: SourceKey) {
        if !self.bases.contains(&base.0) {
            self.bases.push(base.0);
        }
    }

    /// Whether `key` is the one key of this or an earlier base.
    pub fn was_base(&self, key: SourceKey) -> bool {
        self.bases.contains(&key.0)
    }

    /// The one key of a base, which has two; other keys as they are.
    pub fn base_of(&self, key: SourceKey) -> SourceKey {
        let before = key.0.checked_sub(1).filter(|before| self.bases.contains(before));
        before.map_or(key, SourceKey)
    }

    /// Copies a span before any old bytes, but not at once.
    pub fn want_later(&mut self, log: &mut LogFile, contents: &Contents, key: SourceKey, span: Span) {
        let spans = log.kept.add(key, span).into();
        self.new.push_back(Copy { contents: contents.clone(), key, spans });
    }

    /// Copies an old span when there is nothing else to do.
    pub fn want_old_span(&mut self, log: &mut LogFile, contents: &Contents, key: SourceKey, span: Span) {
        let key = self.base_of(key);
        let missing = log.kept.add(key, span);
        match self.old.back_mut().filter(|copy| copy.key == key) {
            Some(copy) => copy.spans.extend(missing),
            None if missing.is_empty() => {}
            None => self.old.push_back(Copy { contents: contents.clone(), key, spans: missing.into() }),
        }
    }

    /// Copies the bytes of the base that are not in their place or that steps of `history` name, up to `most`.
    pub fn want_old(&mut self, log: &mut LogFile, history: &HistoryHandle, most: u64) {
        let (contents, base, mut left) = (history.contents(), log.base, most);
        let mut want = |key, span: Span| {
            if self.base_of(key) == base && span.len() <= left {
                left -= span.len();
                self.want_old_span(log, &contents, key, span);
            }
        };
        history.visit_state(&mut |key, span| {
            if key != base {
                want(key, span);
            }
        });
        history.visit_steps(&mut want);
    }

    /// The records that stand before an edit: what its sources are, and their bytes unless they are too many.
    pub fn records(&mut self, log: &mut LogFile, contents: &Contents, wanted: Wanted) -> Vec<LogRecord> {
        let mut records = Vec::new();
        let at_once = wanted.len <= AT_ONCE;
        for (key, spans) in wanted.spans {
            let key = SourceKey(key);
            let is_pattern = self.announce(log, contents, key, &mut records);
            if is_pattern || spans.is_empty() {
                continue;
            }
            let mut copy = Copy { contents: contents.clone(), key, spans: spans.into() };
            while at_once && !copy.spans.is_empty() {
                records.extend(self.next_record(log, &mut copy));
            }
            if !copy.spans.is_empty() {
                self.new.push_back(copy);
            }
        }
        records
    }

    /// Says what a source is when it is named first; answers whether that is all there is to say of it.
    fn announce(
        &self,
        log: &mut LogFile,
        contents: &Contents,
        key: SourceKey,
        records: &mut Vec<LogRecord>,
    ) -> bool {
        let source = contents.source(key);
        let pattern = source.and_then(|source| source.pattern());
        if log.announce(key) {
            let len = source.map_or(0, |source| source.len());
            let was_base = self.bases.contains(&key.0);
            records.push(match pattern {
                Some(pattern) => LogRecord::Pattern { key, len, pattern: pattern.to_vec() },
                None => LogRecord::Source { key, len, was_base },
            });
        }
        pattern.is_some()
    }

    /// Writes all of `wanted` now.
    ///
    /// # Errors
    /// As of the system, and of reading the contents.
    pub fn write_all(
        &mut self,
        log: &mut LogFile,
        contents: &Contents,
        wanted: Wanted,
        now: Duration,
    ) -> io::Result<()> {
        for (key, spans) in wanted.spans {
            let key = SourceKey(key);
            let mut records = Vec::new();
            let is_pattern = self.announce(log, contents, key, &mut records);
            log.append(&records, now)?;
            let spans = if is_pattern { VecDeque::new() } else { spans.into() };
            let mut copy = Copy { contents: contents.clone(), key, spans };
            while !copy.spans.is_empty() {
                let record = self.next_record(log, &mut copy);
                log.append(record.as_slice(), now)?;
            }
        }
        Ok(())
    }

    /// Copies a little of what waits.
    ///
    /// # Errors
    /// As of the system, and of reading the contents.
    pub fn some(&mut self, log: &mut LogFile, now: Duration) -> io::Result<()> {
        let from_new = !self.new.is_empty();
        let queue = if from_new { &mut self.new } else { &mut self.old };
        let Some(mut copy) = queue.pop_front() else { return Ok(()) };
        let record = self.next_record(log, &mut copy);
        if !copy.spans.is_empty() {
            if from_new { self.new.push_front(copy) } else { self.old.push_front(copy) }
        }
        log.append(record.as_slice(), now)
    }

    /// Takes up to a chunk off the front of `copy`. `None` when it can't be read, or is more than the budget allows.
    fn next_record(&mut self, log: &LogFile, copy: &mut Copy) -> Option<LogRecord> {
        let (content_len, base) = (log.content_len, log.base);
        let (mut spans, mut bytes) = (Vec::new(), Vec::new());
        while (bytes.len() as u64) < CHUNK
            && spans.len() < RUNS
            && let Some(span) = copy.spans.pop_front()
        {
            let len = span.len().min(CHUNK - bytes.len() as u64);
            let (part, rest) = (Span::between(span.start(), span.start() + len), span.start() + len);
            if content_len + bytes.len() as u64 + len > self.budget {
                let is_old = self.base_of(copy.key) == base;
                let count = if is_old { &mut self.left_out.1 } else { &mut self.left_out.0 };
                *count = count.saturating_add(span.len());
                continue;
            }
            if rest < span.end() {
                copy.spans.push_front(Span::between(rest, span.end()));
            }
            let at = bytes.len();
            bytes.resize(at + len as usize, 0);
            match copy.contents.read(copy.key, part.start(), &mut bytes[at..]) {
                Ok(()) => spans.push(part),
                Err(_) => bytes.truncate(at),
            }
        }
        (!spans.is_empty()).then(|| LogRecord::Content { key: self.base_of(copy.key), spans, bytes })
    }
}
