//! A document made again from what was told of it: the way back from `record`.
//!
//! What is read may be damaged, or be written by anybody: every number is checked before it is used, and the worst
//! that comes of it is a [`ReplayError`]. Bytes that nobody kept are either seen as unreadable in the state now, or
//! the steps that would bring them back are dropped; both are counted. No bytes are read here, so it never blocks.

use super::edit::{Applied, CoalesceKey};
use super::history::{Both, History, Nobody, Save};
use super::node::TreeBuilder;
use super::pack::{take, take_run};
use super::partial::PartialSource;
use super::piece::{Piece, PieceRun, SourceId};
use super::serialize::SourceKey;
use super::snapshot::Snapshot;
use super::step::{StepWriter, UndoStep, take_piece};
use super::tree::{PieceTree, Replacements};
use super::{ChangeObserver, Document, SavePoint};
use crate::bytes::{SharedSource, Span};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

/// What a step is called whose name this version does not know.
const UNKNOWN_LABEL: &str = "Edit";
const GROWING: CoalesceKey = CoalesceKey(0);

/// What a file held that edits were made on.
#[derive(Clone, Debug)]
pub enum Base {
    /// The file itself.
    Whole(SharedSource),
    /// What is known of a file that is not there any more.
    Partial(Arc<PartialSource>),
}

impl Base {
    fn source(&self) -> SharedSource {
        match self {
            Self::Whole(source) => Arc::clone(source),
            Self::Partial(source) => Arc::clone(source) as SharedSource,
        }
    }

    fn partial(self) -> Option<Arc<PartialSource>> {
        match self {
            Self::Whole(_) => None,
            Self::Partial(source) => Some(source),
        }
    }
}

/// What was told makes no document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ReplayError(pub &'static str);

/// A document on its way back.
#[derive(Debug)]
pub struct Replay {
    document: Document,
    labels: &'static [&'static str],
    keys: HashMap<u32, KnownSource>,
    base: SourceKey,
    point: Option<SavePoint>,
}

/// A source of the log, in this document's table.
#[derive(Clone, Debug)]
struct KnownSource {
    id: SourceId,
    len: u64,
    partial: Option<Arc<PartialSource>>,
}

/// A document that is there again.
#[derive(Debug)]
pub struct Restored {
    pub document: Document,
    /// Steps that can't be undone or redone any more, as the bytes that they would bring back were not kept.
    pub lost_undo: usize,
    pub lost_redo: usize,
    /// Bytes of the state now that were not kept and can't be read.
    pub unknown: u64,
}

impl Replay {
    /// Begins with nothing but the first `len` bytes of a base, which may have grown since. `labels` are the names of
    /// steps that are known.
    pub fn new(key: SourceKey, base: Base, len: u64, labels: &'static [&'static str]) -> Self {
        let mut document = Document::new(base.source());
        document.tree = PieceTree::new(document.tree.base(), len.min(document.tree.base_len()));
        let mut replay = Self { document, labels, keys: HashMap::new(), base: key, point: None };
        replay.add_base(key, base);
        replay
    }

    /// Takes note that the document's base now is called `key`.
    fn add_base(&mut self, key: SourceKey, base: Base) {
        let id = self.document.tree.base();
        let known = KnownSource { id, len: base.source().len(), partial: base.partial() };
        self.keys
            .insert(key.0.saturating_add(1), KnownSource { id: super::sources::pasted(id), ..known.clone() });
        self.keys.insert(key.0, known);
        self.base = key;
    }

    /// Makes a source known that is no base of the document now: `key` and, where it once was a base, the key after
    /// it name it.
    pub fn add(&mut self, key: SourceKey, source: Base, was_base: bool) {
        if self.document.sources.room() < 2 {
            return;
        }
        let shared = source.source();
        let len = shared.len();
        let id = self.document.sources.add_base(shared);
        let known = KnownSource { id, len, partial: source.partial() };
        if was_base {
            self.keys.insert(key.0.saturating_add(1), known.clone());
        }
        self.keys.insert(key.0, known);
    }

    /// The state now.
    pub fn snapshot(&self) -> Snapshot {
        self.document.snapshot()
    }

    /// The state whose save has begun and not ended.
    pub fn saving(&self) -> Option<&Snapshot> {
        self.point.as_ref().map(|point| &point.snapshot)
    }

    /// Does a packed edit.
    ///
    /// # Errors
    /// When it does not fit the state now.
    pub fn step(&mut self, label: &str, coalesced: bool, bytes: &[u8]) -> Result<(), ReplayError> {
        let label = self.label(label);
        let index = self.document.history.intern(label);
        let keys = &self.keys;
        let step = UndoStep::admitted(bytes, |_| index, self.document.len(), &|piece| admit(keys, piece));
        let (step, _) = step.ok_or(ReplayError("an edit does not fit the bytes that it was made on"))?;
        self.document.do_again(&step, label, coalesced);
        Ok(())
    }

    /// # Errors
    /// When there is nothing to undo.
    pub fn undo(&mut self) -> Result<(), ReplayError> {
        self.document.undo().map(drop).ok_or(ReplayError("there is nothing to undo"))
    }

    /// # Errors
    /// When there is nothing to redo.
    pub fn redo(&mut self) -> Result<(), ReplayError> {
        self.document.redo().map(drop).ok_or(ReplayError("there is nothing to redo"))
    }

    /// A save begins with the state now.
    pub fn begin_save(&mut self) {
        self.point = Some(self.document.begin_save());
    }

    /// The save under way has failed.
    pub fn cancel_save(&mut self) {
        if let Some(point) = self.point.take() {
            self.document.cancel_save(point);
        }
    }

    /// The base has grown to `len` bytes.
    pub fn grow_base(&mut self, len: u64) {
        let known = self.keys.get(&self.base.0).map_or(0, |known| known.len);
        self.document.grow_base(len.min(known));
    }

    /// The save that had begun is done, and the first `len` bytes of its file are the base now.
    ///
    /// # Errors
    /// When no save had begun, or its file has another length.
    pub fn finish_save(&mut self, key: SourceKey, base: Base, len: u64) -> Result<(), ReplayError> {
        let point = self.point.take().ok_or(ReplayError("the log ends a save that it did not begin"))?;
        let len = len.min(base.source().len());
        let done = self.document.finish_save_of(point, base.source(), len);
        done.map_err(|_| ReplayError("a saved file does not have the length of the saved content"))?;
        self.add_base(key, base);
        Ok(())
    }

    /// Takes over a whole history that was packed, with its state, in the place of all that was there.
    ///
    /// # Errors
    /// When it makes no history on this base; nothing is taken over then.
    pub fn take_over(&mut self, mut bytes: &[u8]) -> Result<(), ReplayError> {
        let unpacked = self.unpack(&mut bytes).filter(|_| bytes.is_empty());
        let (tree, history) = unpacked.ok_or(ReplayError("a stored history is incomplete"))?;
        self.point = history.save.as_ref().and_then(|save| {
            let marked = history.marked(&tree, &mut Nobody)?;
            let sources = Arc::clone(self.document.sources.shared());
            let snapshot = Snapshot::new(marked, sources, self.document.revision);
            Some(SavePoint { snapshot, id: save.id })
        });
        (self.document.tree, self.document.history) = (tree, history);
        self.document.next_revision();
        Ok(())
    }

    fn unpack(&mut self, bytes: &mut &[u8]) -> Option<(PieceTree, History)> {
        let (base, base_len) = (take(bytes)?, take(bytes)?);
        if base != u64::from(self.base.0) || base_len != self.document.tree.base_len() {
            return None;
        }
        let tree = self.unpack_tree(bytes)?;
        let mut history = History::new();
        let mut labels = Vec::new();
        for _ in 0..take(bytes)? {
            let label = String::from_utf8_lossy(take_run(bytes)?);
            labels.push(history.intern(self.label(&label)));
        }
        let unknown = history.intern(UNKNOWN_LABEL);
        let steps = AdmittedSteps { keys: &self.keys, labels, unknown };
        let (undo, undo_lens) = steps.unpack(bytes, tree.len())?;
        let (redo, redo_lens) = steps.unpack(bytes, tree.len())?;
        let total = undo.len() + redo.len();
        let saved = take(bytes)?.checked_sub(1).and_then(|saved| usize::try_from(saved).ok());
        history.saved = saved.filter(|&saved| saved <= total);
        if let Some(mark) = take(bytes)?.checked_sub(1) {
            let (mark, fork) = (usize::try_from(mark).ok()?, usize::try_from(take(bytes)?).ok()?);
            let len_there = match fork.checked_sub(undo.len()) {
                Some(ahead) => redo_lens.get(ahead),
                None => undo_lens.get(undo.len() - fork),
            };
            let (branch, _) = steps.unpack(bytes, *len_there?)?;
            (fork + branch.len() == mark).then_some(())?;
            history.save = Some(Save { id: 1, mark, fork, branch });
            history.saves_begun = 1;
        }
        (history.undo, history.redo) = (undo, redo);
        Some((tree, history))
    }

    fn unpack_tree(&self, bytes: &mut &[u8]) -> Option<PieceTree> {
        let mut builder = TreeBuilder::new(self.document.tree.base());
        let (mut expected, mut len) = (0_u64, 0_u64);
        for _ in 0..take(bytes)? {
            builder.push(admit(&self.keys, take_piece(bytes, &mut expected, &mut len)?)?);
        }
        Some(self.document.tree.with_root(builder.finish()))
    }

    fn label(&self, name: &str) -> &'static str {
        self.labels.iter().copied().find(|label| *label == name).unwrap_or(UNKNOWN_LABEL)
    }

    /// The document. A save that had begun counts as given up.
    ///
    /// # Errors
    /// When what was told was not a document's: its pieces contradict each other.
    pub fn finish(mut self) -> Result<Restored, ReplayError> {
        self.cancel_save();
        let mut document = self.document;
        document
            .snapshot()
            .check()
            .map_err(|_| ReplayError("the pieces of the file contradict each other"))?;
        let partial = self.keys.into_values().filter_map(|known| Some((known.id.0, known.partial?)));
        let partial: HashMap<u32, Arc<PartialSource>> = partial.collect();
        let unknown_of = |piece: Piece| {
            let span = Span::between(piece.offset(), piece.end());
            partial.get(&piece.source().0).map_or(0, |known| span.len() - known.runs().known_in(span))
        };
        let mut unknown = 0;
        document.tree.visit(Span::first(document.len()), &mut |_, piece| {
            unknown += unknown_of(piece);
            ControlFlow::Continue(())
        });
        let usable = |steps: &[UndoStep]| {
            let whole = |step: &&UndoStep| {
                let (mut reader, mut pieces) = (step.reader(), PieceRun::new());
                while reader.next(&mut pieces).is_some() {}
                pieces.into_iter().all(|piece| unknown_of(piece) == 0)
            };
            steps.iter().rev().take_while(whole).count()
        };
        let history = &mut document.history;
        let (undo, redo) = (usable(&history.undo), usable(&history.redo));
        let (lost_undo, lost_redo) = (history.undo.len() - undo, history.redo.len() - redo);
        history.keep_steps(undo, redo);
        Ok(Restored { document, lost_undo, lost_redo, unknown })
    }
}

/// The piece in this document's table, if it lies within a source that is known.
fn admit(keys: &HashMap<u32, KnownSource>, piece: Piece) -> Option<Piece> {
    let known = keys.get(&piece.source().0)?;
    (piece.end() <= known.len).then(|| piece.with_source(known.id))
}

struct AdmittedSteps<'a> {
    keys: &'a HashMap<u32, KnownSource>,
    labels: Vec<u64>,
    unknown: u64,
}

impl AdmittedSteps<'_> {
    /// Steps of a stack whose last one is done first, on a state of `len` bytes; with the length of each state on the
    /// way, that one included.
    fn unpack(&self, bytes: &mut &[u8], len: u64) -> Option<(Vec<UndoStep>, Vec<u64>)> {
        let mut packed = Vec::new();
        for _ in 0..take(bytes)? {
            packed.push(take_run(bytes)?);
        }
        let (mut steps, mut lens) = (Vec::with_capacity(packed.len()), vec![len]);
        let mut len = len;
        for bytes in packed.into_iter().rev() {
            let label = |index: u64| {
                let label = usize::try_from(index).ok().and_then(|index| self.labels.get(index));
                label.copied().unwrap_or(self.unknown)
            };
            let (step, len_now) = UndoStep::admitted(bytes, label, len, &|piece| admit(self.keys, piece))?;
            steps.push(step);
            len = len_now;
            lens.push(len);
        }
        steps.reverse();
        Some((steps, lens))
    }
}

impl Document {
    /// Does a step that brings something new.
    fn do_again(&mut self, step: &UndoStep, label: &'static str, coalesced: bool) {
        let mut reader = step.reader();
        let caret = reader.head.caret_after;
        let mut writer = StepWriter::new(reader.head);
        let mut watcher = ChangeObserver::new(&mut self.moves);
        self.tree.replace_all(&mut reader, &mut Both(&mut writer, &mut watcher));
        let span = watcher.span;
        if coalesced {
            self.history.let_grow(GROWING);
        }
        let applied = Applied { revision: self.revision, label, span, caret, coalesced };
        self.pushed(writer.finish(), coalesced.then_some(GROWING), applied);
        self.last = None;
    }
}
