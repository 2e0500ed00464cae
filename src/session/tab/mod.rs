//! An open document with its panes, caret and mode.
//!
//! A tab changes its document only through `splice`, and whoever draws reads `shown`, the snapshot after the
//! last change. It holds no jobs and asks no questions; those are the session's.

mod arrange;
pub(super) mod change;
pub mod layout;
mod maximise;
pub mod pictured;
mod previous;
mod subject;

use super::TabId;
use super::arrays::TabArrays;
use super::jumps::Jumps;
use super::logged_document::Logged;
use super::panes::{PaneContent, PaneKey, PaneSet, PlainValues, View};
use super::view::{ByteRows, CellEdit, Columns, RowMap, Selection};
use super::work_guard::WorkState;
use crate::bytes::file::FileSource;
use crate::bytes::open::OpenedKind;
use crate::bytes::pages::CachedSource;
use crate::bytes::watch::WatchId;
use crate::bytes::{Origin, ReadError, Source, Span};
use crate::decode::{DType, Encoding, Radix};
use crate::document::{Document, Snapshot};
use crate::save::edited_over::EditedOverRecord;
use crate::save::{Generation, Pending};
use arrange::Centre;
use std::path::Path;
use std::sync::Arc;

/// What is known of the file behind a tab.
#[derive(Debug)]
pub struct FileFacts {
    /// Symbolic links resolved. What was spooled has no version.
    pub origin: Origin,
    pub kind: OpenedKind,
    /// Whether the system would let us write it.
    pub writable: bool,
    pub watch: Option<WatchId>,
    pub source: Option<Arc<FileSource>>,
    pub cached: Arc<CachedSource>,
    /// The document's base, which an in-place save keeps readable.
    pub generation: Arc<Generation>,
    /// What the edits have taken the place of.
    pub record: Arc<EditedOverRecord>,
}

impl FileFacts {
    /// Where it lies, in the form of a path.
    pub fn path(&self) -> &Path {
        self.origin.location.as_path()
    }

    /// Whether it is a file that can be opened again, and not a copy of what has no length.
    pub fn is_stored(&self) -> bool {
        self.origin.version.is_some()
    }
}

/// An open document.
#[derive(Debug)]
pub struct Tab {
    pub id: TabId,
    /// Tabs stand in the order of this; no two have the same.
    pub(super) place: u64,
    pub title: String,
    pub file: Option<FileFacts>,
    pub(super) document: Logged,
    shown: Snapshot,
    pub(super) panes: PaneSet,
    /// Which of the panes are shown, and how they share the room.
    centre: Centre,
    /// The pane that the keys go to; it is shown.
    focus: PaneKey,
    /// The pane of bytes, and the typed one, that the keys went to last.
    last: (PaneKey, PaneKey),
    pub selection: Selection,
    pub(super) insert: bool,
    /// The user's lock: no change until it is taken off.
    pub locked: bool,
    pub edit: Option<CellEdit>,
    pub(super) half_typed: Option<super::half_typed_byte::HalfTyped>,
    pub(super) jumps: Jumps,
    /// The text column's encoding, also while it is hidden.
    pub(super) last_encoding: Encoding,
    pub(super) saving: WorkState,
    /// Its file is being put right after an interrupted save: what is written to it then is our own doing.
    pub(super) recovering: WorkState,
    /// Whether what is appended to the file comes in by itself.
    pub following: bool,
    /// Bytes of the disk that hold what earlier saves have overwritten, for undo.
    pub held_disk: u64,
    /// What an interrupted save has left beside the file.
    pub interrupted: Option<Pending>,
    /// Which arrays the file holds.
    pub arrays: TabArrays,
}

impl Tab {
    /// A tab over `document`, with its panes of bytes and of values.
    pub fn new(id: TabId, title: String, document: Document, bytes: View, values: PlainValues) -> Self {
        let shown = document.snapshot();
        let last_encoding = bytes.format.text.unwrap_or_default();
        Self {
            id,
            place: id.number(),
            title,
            file: None,
            document: Logged::new(document),
            shown,
            panes: PaneSet::new(bytes, values),
            centre: Centre::default(),
            focus: PaneKey::BYTES,
            last: (PaneKey::BYTES, PaneKey::TYPED),
            selection: Selection::default(),
            insert: false,
            locked: false,
            edit: None,
            half_typed: None,
            jumps: Jumps::default(),
            last_encoding,
            saving: WorkState::default(),
            recovering: WorkState::default(),
            following: false,
            held_disk: 0,
            interrupted: None,
            arrays: TabArrays::default(),
        }
    }

    /// The document, to read.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The bytes as they are now, edits included.
    pub fn shown(&self) -> &Snapshot {
        &self.shown
    }

    /// Bytes of the document, edits included.
    pub fn len(&self) -> u64 {
        self.shown.len()
    }

    /// Whether the document has no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The offset of the caret, in bytes.
    pub fn caret(&self) -> u64 {
        self.selection.caret
    }

    /// The selected bytes; empty when nothing is selected.
    pub fn selected(&self) -> Span {
        self.selection.span()
    }

    /// Why the byte at the caret, or at the start of the selection, could not be read, if so.
    pub fn fault(&self) -> Option<ReadError> {
        self.shown.fault_at(self.selected().start())
    }

    /// Whether the lock is open.
    pub fn is_editable(&self) -> bool {
        !self.locked
    }

    /// Whether there are edits since the last save.
    pub fn is_modified(&self) -> bool {
        self.document.is_modified()
    }

    /// Whether something would be lost if it were closed now.
    pub fn has_unsaved_edits(&self) -> bool {
        self.is_modified() && !(self.file.is_none() && self.is_empty())
    }

    /// Whether there is a file that can be opened again.
    pub fn has_file(&self) -> bool {
        self.file.as_ref().is_some_and(FileFacts::is_stored)
    }

    /// Whether there is a file whose growth can be followed.
    pub fn can_follow(&self) -> bool {
        let is_file = |file: &FileFacts| file.kind == OpenedKind::Regular && file.source.is_some();
        self.interrupted.is_none() && self.file.as_ref().is_some_and(is_file)
    }

    /// Whether a save of this tab is under way.
    pub fn is_saving(&self) -> bool {
        self.saving.is_under_way()
    }

    /// Whether Save has something to do.
    pub fn can_save(&self) -> bool {
        !self.is_saving() && (self.is_modified() || !self.has_file() || self.edit.is_some())
    }

    /// Whether typed bytes go between the others.
    pub fn inserts(&self) -> bool {
        self.insert
    }

    /// Whether there is a place to go back to.
    pub fn can_go_back(&self) -> bool {
        self.jumps.can_go_back()
    }

    /// Whether there is a place to go forward to.
    pub fn can_go_forward(&self) -> bool {
        self.jumps.can_go_forward()
    }

    /// Whether offsets are shown in decimal digits.
    pub fn decimal_offsets(&self) -> bool {
        self.hex().format.offsets == Radix::Decimal
    }

    /// The rows of a pane; for an array, whose place among the bytes is theirs, those of the bytes.
    pub fn view(&self, pane: PaneKey) -> &ByteRows {
        self.panes.get(pane).content.rows().unwrap_or_else(|| self.hex())
    }

    /// The rows of the pane that the keys go to.
    pub fn focused(&self) -> &ByteRows {
        self.view(self.focus)
    }

    /// The type of the plain values that the keys go to; `None` in a pane of bytes.
    pub(super) fn focused_dtype(&self) -> Option<DType> {
        self.panes.get(self.focus).content.values().map(|values| values.format.dtype)
    }

    /// How many cells a row of a pane is to have; for an array, a row of the bytes.
    pub(super) fn columns_of(&self, pane: PaneKey) -> Columns {
        match &self.panes.get(pane).content {
            PaneContent::Typed(typed) if typed.array.is_none() => typed.values.format.columns,
            PaneContent::Hex(view) => view.format.columns,
            PaneContent::Typed(_) | PaneContent::Picture(_) => self.hex().format.columns,
        }
    }

    /// Whether a row of the focused pane has as many cells as the width has room for.
    pub fn fits_columns(&self) -> bool {
        self.columns_of(self.focus) == Columns::Fit
    }

    /// How rows and cells lie in the pane that the keys go to.
    pub fn map(&self) -> RowMap {
        self.focused().map(self.len())
    }

    /// After a change of the document: what is drawn, and the caret inside it.
    pub(super) fn refresh(&mut self) {
        self.shown = self.document.snapshot();
        let len = self.len();
        for view in self.panes.iter_mut().filter_map(|pane| pane.content.any_rows_mut()) {
            view.viewport = view.viewport.clamped(&view.room(len));
        }
        self.selection.anchor = self.selection.anchor.min(len);
        self.selection.caret = self.selection.caret.min(len);
        self.refresh_array();
    }

    /// Scrolls the focused pane to the caret, the linked ones with it.
    pub(super) fn reveal_caret(&mut self) {
        let (at, len) = (self.selection.caret_place().offset(), self.len());
        self.scroll_focused(|view| view.reveal(at, len));
    }

    /// Puts the caret somewhere else and remembers where it was.
    pub(super) fn jump(&mut self, selection: Selection) {
        self.document.seal();
        self.jumps.leave(self.selection.caret);
        self.go(selection);
    }

    /// Puts the caret somewhere else and shows it.
    pub(super) fn go(&mut self, selection: Selection) {
        self.edit = None;
        self.selection = selection.snapped(&self.map());
        let len = self.len();
        // The start of what was found matters more than its end.
        let at = self.selection.span().start();
        self.scroll_focused(|view| view.jump_to(at, len));
        self.show_jump_in_array();
    }
}
