//! What tests of the log share: a document that is edited at random, its writer on a disk in memory, and the way back.

use crate::save::sim::{Crash, SimDisk, State};
use fastrand::Rng;
use pagelens::bytes::open::{Opened, OpenedKind};
use pagelens::bytes::{
    Availability, FileIdentity, MemorySource, Origin, ReadError, SharedSource, Source, Span,
};
use pagelens::document::{CoalesceKey, Content, Document, Edit, SavePoint, Snapshot, Splice};
use pagelens::save::Disk;
use pagelens::state::edit_log::{About, LogEntry, LogPlace, Offer, OfferFailure, Revived, Why, Writer, find};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub const LABELS: &[&str] = &["Typing", "Paste", "Replace all", "Revert"];
pub const FOLDER: &str = "/edits";
pub const FILE: &str = "/files/a.bin";
pub const BUDGET: u64 = 1 << 30;

pub fn disk(seed: u64) -> SimDisk {
    SimDisk::new(State::new(seed, &[Path::new(FOLDER)]))
}

pub fn all(source: &dyn Source) -> Vec<u8> {
    let mut bytes = vec![0; source.len() as usize];
    source.read_at(0, &mut bytes).expect("readable");
    bytes
}

pub fn memory(bytes: &[u8]) -> SharedSource {
    Arc::new(MemorySource::new(bytes.to_vec()))
}

/// The file that is edited: its bytes, and how often it was written.
#[derive(Clone, Debug)]
pub struct Edited {
    pub bytes: Vec<u8>,
    pub version: i128,
}

impl Edited {
    pub fn identity(&self) -> FileIdentity {
        let len = self.bytes.len() as u64;
        FileIdentity { device: Some(1), inode: Some(9), len, mtime_ns: Some(self.version), ctime_ns: None }
    }

    fn origin(&self) -> Origin {
        Origin::new(FILE, Some(self.identity()))
    }

    pub fn about(&self) -> About {
        About { title: "a.bin".into(), origin: Some(self.origin()) }
    }

    pub fn opened(&self) -> Opened {
        Opened {
            source: memory(&self.bytes),
            file: None,
            asked: FILE.into(),
            origin: self.origin(),
            kind: OpenedKind::Regular,
            writable: true,
            len: self.bytes.len() as u64,
        }
    }
}

/// A document and the writer of its log.
pub struct Life {
    pub random: Rng,
    pub document: Document,
    pub writer: Writer,
    pub file: Edited,
    /// Counts entries; the clock of the writer.
    pub now: Duration,
    saving: Option<SavePoint>,
    kept: Vec<Snapshot>,
    base: Arc<Growing>,
}

/// A file that others append to.
#[derive(Debug)]
struct Growing(Mutex<Vec<u8>>);

impl Growing {
    fn new(bytes: &[u8]) -> Arc<Self> {
        Arc::new(Self(Mutex::new(bytes.to_vec())))
    }

    fn now(&self) -> MemorySource {
        MemorySource::new(self.0.lock().expect("no panic holds it").clone())
    }
}

impl Source for Growing {
    fn len(&self) -> u64 {
        self.now().len()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        self.now().read_at(offset, buf)
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        self.now().peek(offset, buf, states);
    }
}

impl Life {
    pub fn new(disk: &SimDisk, seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let bytes: Vec<u8> = (0..random.usize(0..3000)).map(|_| random.u8(..)).collect();
        Self::on(disk, random, bytes, BUDGET)
    }

    pub fn on(disk: &SimDisk, random: Rng, bytes: Vec<u8>, budget: u64) -> Self {
        let file = Edited { bytes, version: 1 };
        let place = LogPlace::fresh(Arc::new(disk.clone()), Path::new(FOLDER));
        let writer = Writer::new(place, file.about(), budget);
        let base = Growing::new(&file.bytes);
        let document = Document::new(base.clone());
        Self { random, document, writer, file, now: Duration::ZERO, saving: None, kept: Vec::new(), base }
    }

    /// Goes on with what was restored.
    pub fn resumed(random: Rng, revived: Revived, file: Edited) -> Self {
        let Revived { document, writer, .. } = revived;
        // What the document was restored on does not grow.
        let base = Growing::new(&[]);
        Self { random, document, writer, file, now: Duration::ZERO, saving: None, kept: Vec::new(), base }
    }

    pub fn write(&mut self, entry: LogEntry) {
        self.now += Duration::from_millis(1);
        self.writer.handle(entry, self.now);
    }

    pub fn edit(&mut self, edit: Edit) {
        if self.document.apply(edit).is_ok() {
            let delta = self.document.take_delta().expect("an edit was made");
            self.write(LogEntry::Step(delta));
        }
    }

    pub fn type_at(&mut self, at: u64, bytes: &[u8]) {
        let span = Span::at(at, bytes.len() as u64).expect("small").clamp_to(self.document.len());
        self.edit(Edit::one("Typing", span, Content::Bytes(bytes.to_vec())).coalescing(CoalesceKey(1)));
    }

    pub fn undo(&mut self) {
        if self.document.undo().is_some() {
            self.write(LogEntry::Undo);
        }
    }

    pub fn redo(&mut self) {
        if self.document.redo().is_some() {
            self.write(LogEntry::Redo);
        }
    }

    pub fn begin_save(&mut self) {
        self.saving = Some(self.document.begin_save());
        self.write(LogEntry::SaveBegun(self.document.history()));
    }

    /// What the save writes: the file is another from then on, whether the log is told of it or not.
    pub fn save_writes(&mut self) {
        if let Some(point) = &self.saving {
            self.file.bytes = all(&point.snapshot);
            self.file.version += 1;
        }
    }

    pub fn end_save(&mut self) {
        let Some(point) = self.saving.take() else { return };
        self.base = Growing::new(&self.file.bytes);
        self.document.finish_save(point, self.base.clone()).expect("the save under way");
        let (base, len) = self.document.base();
        self.write(LogEntry::Saved { about: self.file.about(), base, len });
    }

    pub fn cancel_save(&mut self) {
        let Some(point) = self.saving.take() else { return };
        self.document.cancel_save(point);
        self.write(LogEntry::SaveCancelled);
    }

    /// Another program appends to the file, and the document shows it.
    pub fn grow(&mut self) {
        let added = self.bytes(50);
        let mut bytes = self.base.0.lock().expect("no panic holds it");
        if self.saving.is_some() || *bytes != self.file.bytes {
            return;
        }
        bytes.extend_from_slice(&added);
        self.file.bytes.extend_from_slice(&added);
        self.file.version += 1;
        drop(bytes);
        let len = self.file.bytes.len() as u64;
        self.document.grow_base(len);
        self.write(LogEntry::Grown { len });
        self.write(LogEntry::About(self.file.about()));
    }

    /// Another program changes the file, and the edits are kept on top of that.
    pub fn rebase(&mut self) {
        if self.saving.is_some() {
            return;
        }
        let len = self.random.usize(0..=self.file.bytes.len() + 30);
        self.file.bytes.resize(len, 0x55);
        let changed = self.random.usize(0..=len);
        self.file.bytes[..changed].fill(0x66);
        self.file.version += 1;
        self.base = Growing::new(&self.file.bytes);
        let gone = self.document.rebase(self.base.clone()).expect("no save is under way");
        self.write(LogEntry::About(self.file.about()));
        if let Some(from) = gone {
            let span = Span::between(from, self.document.len());
            let _ = self.document.apply(Edit::one("Typing", span, Content::none()));
        }
        self.write(LogEntry::State { history: self.document.history(), why: Why::OtherFile });
    }

    /// What happens in the time between two entries.
    pub fn idle(&mut self) {
        while self.writer.has_copies() {
            self.writer.copy_some(self.now);
        }
    }

    fn span(&mut self, most: u64) -> Span {
        let len = self.document.len();
        let start = self.random.u64(0..=len);
        Span::between(start, (start + self.random.u64(0..=most)).min(len))
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        (0..self.random.usize(1..=most)).map(|_| self.random.u8(..)).collect()
    }

    fn content(&mut self) -> Content {
        match self.random.u8(..12) {
            0 => Content::Bytes(self.bytes(9000)),
            1 => Content::Repeat { pattern: self.bytes(4), len: self.random.u64(1..5000) },
            2 => Content::Clip(self.document.snapshot(), self.span(300)),
            3 | 4 if !self.kept.is_empty() => {
                let snapshot = self.kept[self.random.usize(..self.kept.len())].clone();
                let span = Span::between(self.random.u64(0..800), self.random.u64(0..800));
                let span = span.clamp_to(snapshot.len());
                Content::Clip(snapshot, span)
            }
            5 => Content::Source(memory(&self.bytes(300)), Span::empty_at(0)),
            6 => {
                let bytes = self.bytes(3000);
                let span = Span::between(0, bytes.len() as u64 / 2);
                Content::Source(memory(&bytes), span)
            }
            7 => Content::none(),
            _ => Content::Bytes(self.bytes(12)),
        }
    }

    /// One random thing that a user does.
    pub fn act(&mut self) {
        match self.random.u8(..100) {
            0..30 => {
                let (at, bytes) = (self.random.u64(0..=self.document.len()), self.bytes(2));
                for n in 0..self.random.u64(1..6) {
                    self.type_at((at + n).min(self.document.len()), &bytes);
                }
            }
            30..50 => {
                let (span, content) = (self.span(60), self.content());
                let caret = (self.random.u64(..), self.random.u64(..9));
                self.edit(Edit::one("Paste", span, content).carets(caret, (caret.1, caret.0)));
            }
            50..58 => self.replace_all(),
            58 => self.grow(),
            59 => self.rebase(),
            60 => {
                let applied = self.document.revert("Revert", ((1, 2), (3, 4)));
                if applied.is_some() {
                    let delta = self.document.take_delta().expect("an edit was made");
                    self.write(LogEntry::Step(delta));
                }
            }
            61..78 => (0..self.random.u8(1..5)).for_each(|_| self.undo()),
            78..88 => (0..self.random.u8(1..4)).for_each(|_| self.redo()),
            88..91 => self.kept.push(self.document.snapshot()),
            91..94 => self.begin_save(),
            94..97 => {
                self.save_writes();
                self.end_save();
            }
            97 => self.cancel_save(),
            98 => self.idle(),
            _ => {
                let history = self.document.history();
                let why = [Why::Asked, Why::Gap, Why::OtherFile][self.random.usize(..3)];
                self.write(LogEntry::State { history, why });
            }
        }
    }

    fn replace_all(&mut self) {
        let mut spans = Vec::new();
        let mut at = self.random.u64(0..10);
        while at + 3 < self.document.len() && spans.len() < 80 {
            spans.push(Span::at(at, self.random.u64(1..3)).expect("small"));
            at += self.random.u64(3..40);
        }
        let content = self.content();
        let edit = if self.random.bool() {
            Edit::same("Replace all", spans, content)
        } else {
            let splice = |span| Splice { span, content: Content::Bytes(vec![span.start() as u8]) };
            Edit::each("Replace all", spans.into_iter().map(splice).collect())
        };
        self.edit(edit);
    }

    /// The only offer there is.
    pub fn revive(&self, disk: &SimDisk) -> Result<Revived, OfferFailure> {
        revive(&offer(disk), &self.file)
    }
}

/// For a life whose writer goes elsewhere.
pub fn idle_writer(disk: &SimDisk) -> Writer {
    Writer::new(LogPlace::fresh(Arc::new(disk.clone()), Path::new(FOLDER)), About::default(), BUDGET)
}

/// The one log that was left.
pub fn offer(disk: &SimDisk) -> Offer {
    let found = look(disk);
    assert_eq!(found.1, Vec::<String>::new());
    let mut offers = found.0;
    assert_eq!(offers.len(), 1, "one log was left");
    offers.remove(0)
}

/// All that was left, and what is said of the rest.
pub fn look(disk: &SimDisk) -> (Vec<Offer>, Vec<String>) {
    let shared: Arc<dyn Disk> = Arc::new(disk.clone());
    let found = find(&shared, Path::new(FOLDER), LABELS);
    (found.offers, found.messages)
}

pub fn revive(offer: &Offer, file: &Edited) -> Result<Revived, OfferFailure> {
    let opened = file.opened();
    let base = memory(&file.bytes);
    offer.revive(Some((&opened, base)), |source| source, LABELS, BUDGET)
}

pub fn kill(disk: &SimDisk) {
    disk.crash(Crash::Killed);
}

/// Every state that undo and redo reach, with the name of the step that leads away from it; the document is as before
/// then.
pub fn states(document: &mut Document) -> Vec<(Vec<u8>, Option<&'static str>, bool)> {
    let mut undone = 0;
    while document.undo().is_some() {
        undone += 1;
    }
    let mut states = Vec::new();
    loop {
        let modified = document.is_modified();
        states.push((all(&document.snapshot()), document.can_redo(), modified));
        if document.redo().is_none() {
            break;
        }
    }
    while states.len() > undone + 1 && document.history().steps().0 > undone {
        document.undo();
    }
    states
}
