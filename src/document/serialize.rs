//! Edits and the whole history, told so that another run of the program can do them again.
//!
//! What is handed out owns what it names and may be walked on any thread, so that the window's thread pays for some
//! counters and no more. Bytes are named by their place in the document's table of sources; [`Contents`] reads them.
//! `replay` reads the packed form. Nothing here is written anywhere.

use super::edit::{Applied, Caret};
use super::history::History;
use super::pack::{fold, put, put_run};
use super::piece::{Piece, PieceRun, SourceId};
use super::snapshot::Snapshot;
use super::sources::Sources;
use super::step::{StepWriter, UndoStep};
use super::tree::{ReplaceObserver, ReplacedSpan, Replacements};
use crate::bytes::{ReadError, SharedSource, Span};
use crate::job::Cancel;
use std::ops::ControlFlow;
use std::sync::Arc;

/// The place of a source in its document's table, by which a log names it. Bytes of a base that were pasted carry
/// the key after the base's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceKey(pub u32);

/// What an edit does with bytes that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentUse {
    Inserted,
    Removed,
}

/// What the sources of a document hold, whatever becomes of the document.
#[derive(Clone, Debug)]
pub struct Contents(Arc<Sources>);

impl Contents {
    /// `None` for typed bytes, which have no end yet.
    pub fn source(&self, key: SourceKey) -> Option<&SharedSource> {
        self.0.get(SourceId(key.0))
    }

    /// Fills `buf` from `offset` on. May block.
    ///
    /// # Errors
    /// As of the source.
    pub fn read(&self, key: SourceKey, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        self.0.read(Piece::new(SourceId(key.0), offset, buf.len() as u64), buf, Cancel::never())
    }
}

/// One edit: what it did, and the state after it.
#[derive(Clone, Debug)]
pub struct Delta {
    /// Puts back the state before it.
    back: UndoStep,
    after: Snapshot,
    applied: Applied,
    during_save: bool,
}

impl Delta {
    pub(super) fn new(back: UndoStep, after: Snapshot, applied: Applied, during_save: bool) -> Self {
        Self { back, after, applied, during_save }
    }

    /// What the edit is called in the Edit menu.
    pub fn label(&self) -> &'static str {
        self.applied.label
    }

    /// Whether it grew the step before it.
    pub fn coalesced(&self) -> bool {
        self.applied.coalesced
    }

    /// Whether a save had begun before it and not ended.
    pub fn during_save(&self) -> bool {
        self.during_save
    }

    /// The base of the document, and its length.
    pub fn base(&self) -> (SourceKey, u64) {
        base_of(&self.after)
    }

    /// The bytes that the edit and its document name.
    pub fn contents(&self) -> Contents {
        Contents(Arc::clone(self.after.sources()))
    }

    /// About how many bytes of memory are kept by keeping this.
    pub fn weight(&self) -> u64 {
        // A small edit copies the nodes on its way; one of many places makes a tree of its own.
        4096 + 16 * self.back.bytes().len() as u64
    }

    /// The edit as a packed step; `named` is told of all bytes that it puts in or takes out.
    pub fn pack(&self, named: &mut dyn FnMut(ContentUse, SourceKey, Span)) -> Vec<u8> {
        let mut reader = self.back.reader();
        let mut writer = StepWriter::new(reader.head);
        let (mut old, mut new) = (PieceRun::new(), PieceRun::new());
        // How much farther on a place lies after the edit than before it.
        let mut moved = 0_u64;
        while let Some(now) = reader.next(&mut old) {
            let start = now.start().wrapping_sub(moved);
            let old_len = old.iter().map(|piece| piece.len()).sum::<u64>();
            if !now.is_empty() {
                self.after.tree().visit(now, &mut |_, piece| {
                    new.push(piece);
                    ControlFlow::Continue(())
                });
            }
            writer.place(Span::between(start, start + old_len), &new);
            moved = moved.wrapping_add(now.len()).wrapping_sub(old_len);
            new.drain(..).for_each(|piece| tell(piece, |key, span| named(ContentUse::Inserted, key, span)));
            old.drain(..).for_each(|piece| tell(piece, |key, span| named(ContentUse::Removed, key, span)));
        }
        writer.finish().bytes().to_vec()
    }
}

/// All that can be undone and redone, and the state now.
#[derive(Clone, Debug)]
pub struct HistoryHandle {
    history: History,
    now: Snapshot,
}

impl HistoryHandle {
    pub(super) fn new(history: History, now: Snapshot) -> Self {
        Self { history, now }
    }

    /// The base of the document, and its length.
    pub fn base(&self) -> (SourceKey, u64) {
        base_of(&self.now)
    }

    /// The bytes that the edit and its document name.
    pub fn contents(&self) -> Contents {
        Contents(Arc::clone(self.now.sources()))
    }

    /// How many steps can be undone and redone.
    pub fn steps(&self) -> (usize, usize) {
        (self.history.undo.len(), self.history.redo.len())
    }

    /// Where the last step that can be undone has left the caret.
    pub fn caret(&self) -> Option<Caret> {
        self.history.undo.last().map(|step| step.reader().head.caret_after)
    }

    /// Tells of all bytes that the state now and the steps name; of some more than once.
    pub fn visit(&self, named: &mut dyn FnMut(SourceKey, Span)) {
        self.visit_state(named);
        self.visit_steps(named);
    }

    /// Tells of all bytes that the state now names.
    pub fn visit_state(&self, named: &mut dyn FnMut(SourceKey, Span)) {
        self.now.tree().visit(Span::first(self.now.tree().len()), &mut |_, piece| {
            tell(piece, &mut *named);
            ControlFlow::Continue(())
        });
    }

    /// Tells of all bytes that the steps name, and those that a save under way is going to need: when it is done, the
    /// steps on the way to its state name what is in the old file there.
    pub fn visit_steps(&self, named: &mut dyn FnMut(SourceKey, Span)) {
        if self.history.save.is_some() {
            self.history.marked(self.now.tree(), &mut Teller(&mut *named));
        }
        let branch = self.history.save.iter().flat_map(|save| &save.branch);
        let mut pieces = PieceRun::new();
        for step in self.history.undo.iter().chain(&self.history.redo).chain(branch) {
            let mut reader = step.reader();
            while reader.next(&mut pieces).is_some() {
                pieces.drain(..).for_each(|piece| tell(piece, &mut *named));
            }
        }
    }

    /// All of it, packed. The order is that of `replay`.
    pub fn pack(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let (base, base_len) = self.base();
        put(&mut bytes, u64::from(base.0));
        put(&mut bytes, base_len);
        self.pack_pieces(&mut bytes);
        put(&mut bytes, self.history.labels.len() as u64);
        self.history.labels.iter().for_each(|label| put_run(&mut bytes, label.as_bytes()));
        pack_steps(&mut bytes, &self.history.undo);
        pack_steps(&mut bytes, &self.history.redo);
        put(&mut bytes, self.history.saved.map_or(0, |saved| saved as u64 + 1));
        match &self.history.save {
            Some(save) => {
                put(&mut bytes, save.mark as u64 + 1);
                put(&mut bytes, save.fork as u64);
                pack_steps(&mut bytes, &save.branch);
            }
            None => put(&mut bytes, 0),
        }
        bytes
    }

    fn pack_pieces(&self, bytes: &mut Vec<u8>) {
        put(bytes, self.now.pieces());
        let mut expected = 0_u64;
        self.now.tree().visit(Span::first(self.now.tree().len()), &mut |_, piece| {
            put(bytes, u64::from(piece.source().0));
            put(bytes, fold(piece.offset().wrapping_sub(expected) as i64));
            put(bytes, piece.len());
            expected = piece.end();
            ControlFlow::Continue(())
        });
    }
}

/// Tells of what is taken out.
struct Teller<'a>(&'a mut dyn FnMut(SourceKey, Span));

impl ReplaceObserver for Teller<'_> {
    fn done(&mut self, _: ReplacedSpan, removed: &[Piece]) {
        removed.iter().for_each(|&piece| tell(piece, &mut *self.0));
    }
}

fn pack_steps(bytes: &mut Vec<u8>, steps: &[UndoStep]) {
    put(bytes, steps.len() as u64);
    steps.iter().for_each(|step| put_run(bytes, step.bytes()));
}

fn tell(piece: Piece, named: impl FnOnce(SourceKey, Span)) {
    named(SourceKey(piece.source().0), Span::between(piece.offset(), piece.end()));
}

fn base_of(snapshot: &Snapshot) -> (SourceKey, u64) {
    (SourceKey(snapshot.tree().base().0), snapshot.base_len())
}
