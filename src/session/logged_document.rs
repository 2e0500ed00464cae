//! A tab's document, which remembers what happens to it until that is handed to the log of unsaved edits.
//!
//! There is no other way to change a document in a session: what is not one of these calls only reads. So nothing
//! that changes bytes can be left out of the log.

use crate::bytes::SharedSource;
use crate::document::{Applied, Caret, Document, Edit, EditError, RebaseError, SavePoint, SourceKey};
use crate::state::edit_log::LogEntry;
use std::ops::Deref;

/// What has happened to a document.
#[derive(Debug)]
pub enum Event {
    /// As the log is told of it.
    Entry(LogEntry),
    /// A save is done, and this is the base.
    Saved { base: SourceKey, len: u64 },
    /// It was loaded anew: nothing of what was before is left.
    Reset,
    /// Another file is under its edits.
    Rebased,
}

/// A document that remembers.
#[derive(Debug)]
pub struct Logged {
    document: Document,
    events: Vec<Event>,
}

impl Deref for Logged {
    type Target = Document;

    fn deref(&self) -> &Document {
        &self.document
    }
}

impl Logged {
    /// What is there already is nobody's news.
    pub fn new(document: Document) -> Self {
        Self { document, events: Vec::new() }
    }

    /// What has happened since the last call.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    fn push(&mut self, entry: LogEntry) {
        self.events.push(Event::Entry(entry));
    }

    fn push_step(&mut self) {
        let delta = self.document.take_delta();
        self.events.extend(delta.map(|delta| Event::Entry(LogEntry::Step(delta))));
    }

    /// Does `edit` as one step, as [`Document::apply`] does.
    ///
    /// # Errors
    /// [`EditError`]; the document is as it was before then.
    pub fn apply(&mut self, edit: Edit) -> Result<Applied, EditError> {
        let applied = self.document.apply(edit)?;
        self.push_step();
        Ok(applied)
    }

    /// Puts the bytes of the base back as one step; `None` when nothing has been changed.
    pub fn revert(&mut self, label: &'static str, carets: (Caret, Caret)) -> Option<Applied> {
        let applied = self.document.revert(label, carets)?;
        self.push_step();
        Some(applied)
    }

    /// Puts the bytes of the base back in the place of change `n`; `None` when there is no such change.
    pub fn revert_change(&mut self, n: u64, label: &'static str, carets: (Caret, Caret)) -> Option<Applied> {
        let applied = self.document.revert_change(n, label, carets)?;
        self.push_step();
        Some(applied)
    }

    /// Takes the last step back; `None` when there is none.
    pub fn undo(&mut self) -> Option<Applied> {
        let applied = self.document.undo()?;
        self.push(LogEntry::Undo);
        Some(applied)
    }

    /// Does the step again that was undone last; `None` when there is none.
    pub fn redo(&mut self) -> Option<Applied> {
        let applied = self.document.redo()?;
        self.push(LogEntry::Redo);
        Some(applied)
    }

    /// Starts again with another base; steps and edits are gone.
    pub fn reset(&mut self, base: SharedSource) {
        self.document.reset(base);
        self.events.push(Event::Reset);
    }

    /// Fixes the state that is to be saved.
    pub fn begin_save(&mut self) -> SavePoint {
        let point = self.document.begin_save();
        self.push(LogEntry::SaveBegun(self.document.history()));
        point
    }

    /// Makes what was saved at `point` the base; `new_base` holds its bytes.
    ///
    /// # Errors
    /// [`RebaseError`]; the document is as it was before then.
    pub fn finish_save(&mut self, point: SavePoint, new_base: SharedSource) -> Result<(), RebaseError> {
        self.document.finish_save(point, new_base)?;
        let (base, len) = self.document.base();
        self.events.push(Event::Saved { base, len });
        Ok(())
    }

    /// Gives up the save that began at `point`.
    pub fn cancel_save(&mut self, point: SavePoint) {
        self.document.cancel_save(point);
        self.push(LogEntry::SaveCancelled);
    }

    /// The file has grown to `base_len` bytes; a shorter length changes nothing.
    pub fn grow_base(&mut self, base_len: u64) {
        let (_, before) = self.document.base();
        self.document.grow_base(base_len);
        let (_, len) = self.document.base();
        if len > before {
            self.push(LogEntry::Grown { len });
        }
    }

    /// Puts another base under the edits, as [`Document::rebase`] does.
    ///
    /// # Errors
    /// [`RebaseError`]; the document is as it was before then.
    pub fn rebase(&mut self, new_base: SharedSource) -> Result<Option<u64>, RebaseError> {
        let gone = self.document.rebase(new_base)?;
        self.events.push(Event::Rebased);
        Ok(gone)
    }

    /// Ends the growing of the last step; no bytes change.
    pub fn seal(&mut self) {
        self.document.seal();
    }
}
