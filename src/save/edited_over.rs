//! What the user edited over: the bytes of the base that edits have taken the place of, as they were then.
//!
//! The base is read from the live file, and a store through another program's map changes no time of it, so a save
//! can't tell by the file alone whether it still is what was edited over. [`EditedOverRecord`] keeps it: the bytes
//! themselves while they are few, hashes of runs of 4 KiB beyond, nothing of edits over more than 4 GiB. A worker takes
//! them soon after an edit, from the pages that the screen showed where these are still held. Reads may block; who asks
//! for a [`Checker`] has what is known at that moment and reads nothing.

use super::edited_units::{RUN, Unit, UnitChange, Units, UnitsBuilder};
use crate::bytes::FileIdentity;
use crate::bytes::file::FileSource;
use crate::bytes::{ReadError, Source, Span};
use crate::document::{Revision, Snapshot};
use crate::job::Progress;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use xxhash_rust::xxh3::Xxh3;

/// Read at once where small places lie scattered, in bytes.
const WINDOW: u64 = if cfg!(test) { 20 } else { 16 << 10 };

/// Read at once at most, in bytes; a multiple of [`RUN`].
const CHUNK: u64 = if cfg!(test) { 64 } else { 1 << 20 };

/// Edits over more bytes than this are not recorded in full.
pub(super) const MOST_RECORDED: u64 = 4 << 30;

/// How often a comparison begins anew because the file was written to meanwhile.
const ATTEMPTS: usize = 5;

/// What a save compares the file with before it overwrites it.
pub trait EditedOver: fmt::Debug + Send + Sync {
    /// Whether `on_disk`, which the file holds in `span` now, is what was edited over; what was not edited is not
    /// compared. A span that continues the one before belongs to the same pass.
    ///
    /// # Errors
    /// The offset in the file of the first place that differs.
    fn check(&self, span: Span, on_disk: &[u8]) -> Result<(), u64>;

    /// The bytes of the file that are compared, sorted and apart.
    fn spans(&self) -> Vec<Span>;
}

/// What was edited over in one base. Shared by the window and its workers.
#[derive(Debug, Default)]
pub struct EditedOverRecord {
    known: Mutex<Known>,
    /// Held by the worker that takes notes, also while it reads.
    writing: Mutex<()>,
}

#[derive(Clone, Debug, Default)]
struct Known {
    units: Arc<Units>,
    /// The state of the document whose edits are recorded.
    revision: Option<Revision>,
    /// How often another state of the file was accepted.
    accepted: u64,
}

/// Fills a buffer with bytes of the base as the user saw them.
pub type Seen<'a> = &'a dyn Fn(Span, &mut [u8]) -> Result<(), ReadError>;

impl EditedOverRecord {
    /// With what is known of the file before anything was edited.
    pub(super) fn of(units: Units) -> Self {
        let known = Known { units: Arc::new(units), ..Known::default() };
        Self { known: Mutex::new(known), writing: Mutex::default() }
    }

    /// Whether the edits of the document's state `revision` are recorded. Never blocks on I/O.
    pub fn is_up_to(&self, revision: Revision) -> bool {
        self.known().revision == Some(revision)
    }

    fn known(&self) -> Known {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Nothing is edited in the document's state `revision`. Never blocks on I/O.
    pub fn forget(&self, revision: Revision) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.units = Arc::default();
        known.revision = Some(revision);
    }

    /// Records what the edits of `snapshot` have taken the place of. What is recorded already stays as it is;
    /// what is no longer edited is forgotten. Blocks; may be broken off.
    pub fn update(&self, snapshot: &Snapshot, seen: Seen<'_>, progress: &Progress) {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let known = self.known();
        if known.revision.is_some_and(|revision| revision >= snapshot.revision()) {
            return;
        }
        let mut reader =
            Reader { seen, window: Span::default(), bytes: Vec::new(), len: snapshot.base_len() };
        let (mut builder, mut recorded) = (UnitsBuilder::default(), 0);
        for span in snapshot.replaced_spans() {
            let mut at = span.start();
            for unit in known.units.touching(span) {
                let Some(part) = unit.span().intersect(span) else { continue };
                reader.record(Span::between(at, part.start()), &mut builder, &mut recorded, progress);
                reader.keep(&known.units, unit, part, &mut builder);
                at = part.end();
            }
            reader.record(Span::between(at, span.end()), &mut builder, &mut recorded, progress);
        }
        let mut now = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        // What was accepted meanwhile is the newer knowledge; the edits since are recorded by the next worker.
        if now.accepted == known.accepted && !progress.is_cancelled() {
            now.units = Arc::new(builder.finish());
            now.revision = Some(snapshot.revision());
        }
    }

    /// What a save is to compare.
    pub fn checker(&self) -> Checker {
        Checker { units: self.known().units, carried: Mutex::default() }
    }

    /// Whether comparing is a matter of moments.
    pub fn is_quick_to_compare(&self) -> bool {
        self.known().units.are_few()
    }

    /// Compares what was edited over with what `file` holds now. Blocks; may be broken off.
    ///
    /// # Errors
    /// When the file does not say what it is, or was written to again and again meanwhile.
    pub fn compare(&self, file: &FileSource, progress: &Progress) -> io::Result<Comparison> {
        let known = self.known();
        for _ in 0..ATTEMPTS {
            let identity = file.identity_now()?;
            let (now, difference) = compare(&known.units, file, identity.len, progress);
            if progress.is_cancelled() {
                return Err(io::ErrorKind::Interrupted.into());
            }
            if file.identity_now()? == identity {
                let revision = known.revision;
                return Ok(Comparison { identity, difference, units: Arc::new(now), revision });
            }
        }
        Err(io::Error::other("another program keeps writing to it"))
    }

    /// From now on what `comparison` found counts as what was edited over: the user has seen how it differs.
    pub fn accept(&self, comparison: &Comparison) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.units = Arc::clone(&comparison.units);
        known.revision = comparison.revision;
        known.accepted += 1;
    }
}

/// How a file differs now from what was edited over.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// What the file was during the comparison.
    pub identity: FileIdentity,
    pub difference: Difference,
    /// What the file held in the places that were edited, in this state of the document.
    units: Arc<Units>,
    revision: Option<Revision>,
}

/// In how many bytes and places the file differs from what was edited over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Bytes that differ; of what is known by hash, all of its run.
    pub bytes: u64,
    /// Whether `bytes` is the number and not just the most that it can be.
    pub is_exact: bool,
    pub places: u64,
    /// Places, not among these, that lie behind the file's end.
    pub behind_end: u64,
}

impl Difference {
    /// Whether all that was edited over is there unchanged, as far as the file goes.
    pub fn is_none(&self) -> bool {
        self.bytes == 0
    }
}

/// Reads the base in windows, so that scattered places do not cost a call each.
struct Reader<'a> {
    seen: Seen<'a>,
    window: Span,
    bytes: Vec<u8>,
    len: u64,
}

impl Reader<'_> {
    /// The bytes of `span`, which is no longer than [`CHUNK`]; `None` when they can't be read.
    fn bytes_of(&mut self, span: Span) -> Option<&[u8]> {
        if !self.window.covers(span) {
            let wide = Span::between(span.start(), span.end().max(span.start() + WINDOW)).clamp_to(self.len);
            let window = [wide, span].into_iter().find(|window| {
                self.bytes.resize(window.len() as usize, 0);
                (self.seen)(*window, &mut self.bytes).is_ok()
            });
            self.window = window.unwrap_or_default();
        }
        let from =
            span.start().checked_sub(self.window.start()).filter(|_| self.window.covers(span))? as usize;
        self.bytes.get(from..from + span.len() as usize)
    }

    /// Notes what is in `span` now.
    fn record(&mut self, span: Span, to: &mut UnitsBuilder, recorded: &mut u64, progress: &Progress) {
        for chunk in span.chunks(CHUNK) {
            *recorded += chunk.len();
            if *recorded > MOST_RECORDED || progress.is_cancelled() {
                return;
            }
            match self.bytes_of(chunk) {
                Some(bytes) => to.push(chunk, bytes),
                None => to.push_unknown(chunk),
            }
        }
    }

    /// Takes over what is known of `part` of `unit`.
    fn keep(&mut self, units: &Units, unit: &Unit, part: Span, to: &mut UnitsBuilder) {
        if part == unit.span() || units.bytes(unit).is_some() {
            return to.push_part(units, unit, part);
        }
        // A hash says nothing of a part of its run, unless the run is still what it was.
        let skip = (part.start() - unit.span().start()) as usize;
        match self.bytes_of(unit.span()) {
            Some(bytes) if units.agrees(unit, bytes) => {
                to.push(part, &bytes[skip..skip + part.len() as usize])
            }
            _ => to.push_changed(part),
        }
    }
}

fn compare(units: &Units, file: &FileSource, len: u64, progress: &Progress) -> (Units, Difference) {
    let read = |span: Span, buf: &mut [u8]| file.read_cancellable(span.start(), buf, progress.as_cancel());
    let mut reader =
        Reader { seen: &read, window: Span::default(), bytes: Vec::new(), len: len.min(file.len()) };
    let mut now = UnitsBuilder::default();
    let mut found = Difference { is_exact: true, ..Difference::default() };
    let (mut last_differing, mut last_behind) = (None, None);
    for unit in units.iter() {
        if progress.is_cancelled() {
            break;
        }
        let span = unit.span();
        if span.end() > reader.len {
            found.behind_end += u64::from(last_behind.replace(span.end()) != Some(span.start()));
            continue;
        }
        let Some(bytes) = reader.bytes_of(span) else {
            now.push_unknown(span);
            continue;
        };
        if let Some(change) = units.change(unit, bytes) {
            found.places += u64::from(last_differing.replace(span.end()) != Some(span.start()));
            match change {
                UnitChange::Bytes(count) => found.bytes += count,
                UnitChange::Somewhere => (found.bytes, found.is_exact) = (found.bytes + span.len(), false),
            }
        }
        now.push(span, bytes);
    }
    (now.finish(), found)
}

/// What was edited over, as it was known when this was asked for.
#[derive(Debug)]
pub struct Checker {
    units: Arc<Units>,
    /// A run that the span before has ended in: where it goes on, and its hash so far.
    carried: Mutex<Option<Carried>>,
}

#[derive(Clone)]
struct Carried {
    run: Span,
    next: u64,
    hash: Xxh3,
}

impl fmt::Debug for Carried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Carried({} up to {:#x})", self.run, self.next)
    }
}

impl EditedOver for Checker {
    fn check(&self, span: Span, on_disk: &[u8]) -> Result<(), u64> {
        let mut carried = self.carried.lock().unwrap_or_else(PoisonError::into_inner);
        for unit in self.units.touching(span) {
            let Some(part) = unit.span().intersect(span) else { continue };
            let from = (part.start() - span.start()) as usize;
            let bytes = on_disk.get(from..from + part.len() as usize).ok_or(part.start())?;
            if part == unit.span() || self.units.bytes(unit).is_some() {
                self.units.check_part(unit, part, bytes)?;
                continue;
            }
            let before = carried.take().filter(|it| it.run == unit.span() && it.next == part.start());
            let fresh = || Carried { run: unit.span(), next: part.start(), hash: Xxh3::new() };
            // The middle of a run whose beginning was not seen can't be judged by its hash.
            let began = part.start() == unit.span().start();
            let Some(mut run) = before.or_else(|| began.then(fresh)) else { continue };
            run.hash.update(bytes);
            run.next = part.end();
            if run.next < unit.span().end() {
                *carried = Some(run);
            } else if !self.units.has_hash(unit, run.hash.digest()) {
                return Err(unit.span().start());
            }
        }
        Ok(())
    }

    fn spans(&self) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        for span in self.units.iter().map(Unit::span) {
            match spans.last_mut() {
                Some(last) if last.end() == span.start() => *last = Span::between(last.start(), span.end()),
                _ => spans.push(span),
            }
        }
        spans
    }
}

const _: () = assert!(CHUNK.is_multiple_of(RUN), "a chunk ends where a run does");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::MemorySource;
    use crate::document::{Content, Document, Edit};
    use std::cell::RefCell;
    use std::collections::BTreeMap;

    /// A document, the file under it as it is now, and what the notes should say.
    struct Model {
        document: Document,
        record: EditedOverRecord,
        file: RefCell<Vec<u8>>,
        noted: BTreeMap<u64, u8>,
    }

    impl Model {
        fn new(len: u64) -> Self {
            let file: Vec<u8> = (0..len).map(|at| at as u8).collect();
            let document = Document::new(Arc::new(MemorySource::new(file.clone())));
            Self {
                document,
                record: EditedOverRecord::default(),
                file: RefCell::new(file),
                noted: BTreeMap::new(),
            }
        }

        fn edit(&mut self, random: &mut fastrand::Rng) {
            let len = self.document.len();
            let from = random.u64(0..=len);
            let span = Span::between(from, (from + random.u64(0..120)).min(len));
            let content = Content::Bytes(vec![0xee; random.usize(1..8)]);
            match random.u8(0..4) {
                0 => drop(self.document.undo()),
                1 => drop(self.document.redo()),
                _ => drop(self.document.apply(Edit::one("Test", span, content))),
            }
        }

        fn note(&mut self) {
            let snapshot = self.document.snapshot();
            let read = |span: Span, buf: &mut [u8]| {
                buf.copy_from_slice(&self.file.borrow()[span.start() as usize..span.end() as usize]);
                Ok(())
            };
            self.record.update(&snapshot, &read, &Progress::default());
            let file = self.file.borrow();
            let edited = snapshot.replaced_spans().into_iter().flat_map(|span| span.start()..span.end());
            let noted = edited.map(|at| (at, *self.noted.get(&at).unwrap_or(&file[at as usize])));
            self.noted = noted.collect();
        }

        /// Whether a save whose reads end where it likes finds the file to be what was edited over.
        fn passes(&self, random: &mut fastrand::Rng) -> bool {
            let (file, checker) = (self.file.borrow(), self.record.checker());
            let mut passes = true;
            let mut at = 0;
            while at < file.len() {
                let end = (at + random.usize(1..100)).min(file.len());
                passes &= checker.check(Span::between(at as u64, end as u64), &file[at..end]).is_ok();
                at = end;
            }
            passes
        }

        fn differs(&self) -> bool {
            self.noted.iter().any(|(at, byte)| self.file.borrow()[*at as usize] != *byte)
        }
    }

    #[test]
    fn every_change_of_what_was_edited_over_is_found() {
        let seed = 6;
        let mut random = fastrand::Rng::with_seed(seed);
        let (mut found, mut passed) = (0, 0);
        for round in 0..2000 {
            let mut model = Model::new(random.u64(1..600));
            let mut is_changed = false;
            for _ in 0..12 {
                (0..random.u8(0..4)).for_each(|_| model.edit(&mut random));
                model.note();
                assert_eq!(
                    model.record.checker().spans().iter().map(|span| span.len()).sum::<u64>(),
                    model.noted.len() as u64,
                    "round {round}, seed {seed}"
                );
                if random.u8(0..6) == 0 {
                    let at = random.usize(0..model.file.borrow().len());
                    model.file.borrow_mut()[at] ^= 0x80;
                    is_changed = true;
                }
                let passes = model.passes(&mut random);
                assert!(!(passes && model.differs()), "missed in round {round}, seed {seed}");
                // Of a run that has changed nobody knows which of its bytes did.
                assert!(passes || is_changed, "a false alarm in round {round}, seed {seed}");
                found += u32::from(!passes);
                passed += u32::from(passes && !model.noted.is_empty());
            }
        }
        assert!(found > 1000 && passed > 1000, "{found} {passed}");
    }
}
