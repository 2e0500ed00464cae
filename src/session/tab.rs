//! An open document with its two panes, caret and mode.
//!
//! A tab changes its document only through `splice`, and whoever draws reads `shown`, the snapshot after the
//! last change. It holds no jobs and asks no questions; those are the session's.

use super::TabId;
use super::arrays::TabArrays;
use super::jumps::Jumps;
use super::logged::Logged;
use super::pane::{PaneId, View};
use super::view::{CellEdit, Column, Columns, RowMap, Selection};
use crate::bytes::file::{FileIdentity, FileSource};
use crate::bytes::open::Kind;
use crate::bytes::pages::CachedSource;
use crate::bytes::watch::WatchId;
use crate::bytes::{ReadError, Source, Span};
use crate::decode::{Encoding, Radix};
use crate::document::{Document, Snapshot};
use crate::save::Generation;
use crate::save::edited_over::Record;
use crate::save::recover::Pending;
use std::path::PathBuf;
use std::sync::Arc;

/// What is known of the file behind a tab.
#[derive(Debug)]
pub struct FileFacts {
    /// Symbolic links resolved.
    pub path: PathBuf,
    pub identity: Option<FileIdentity>,
    pub kind: Kind,
    /// Whether the system would let us write it.
    pub writable: bool,
    pub watch: Option<WatchId>,
    pub source: Option<Arc<FileSource>>,
    pub cached: Arc<CachedSource>,
    /// The document's base, which an in-place save keeps readable.
    pub generation: Arc<Generation>,
    /// What the edits have taken the place of.
    pub record: Arc<Record>,
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
    pub bytes: View,
    pub values: View,
    show_bytes: bool,
    show_values: bool,
    pub focus: PaneId,
    pub selection: Selection,
    pub(super) insert: bool,
    /// The user's lock: no change until it is taken off.
    pub locked: bool,
    pub edit: Option<CellEdit>,
    pub(super) half_typed: Option<super::editing::HalfTyped>,
    pub(super) jumps: Jumps,
    /// The text column's encoding, also while it is hidden.
    pub(super) last_encoding: Encoding,
    /// A save of this tab is running.
    pub saving: bool,
    /// Whether what is appended to the file comes in by itself.
    pub following: bool,
    /// Bytes of the disk that hold what earlier saves have overwritten, for undo.
    pub held_disk: u64,
    /// What an interrupted save has left beside the file.
    pub interrupted: Option<Pending>,
    /// Which arrays the file holds, and the one on the screen.
    pub arrays: TabArrays,
}

impl Tab {
    pub fn new(id: TabId, title: String, document: Document, bytes: View, values: View) -> Self {
        let shown = document.snapshot();
        let last_encoding = bytes.format.text.unwrap_or_default();
        Self {
            id,
            place: id.number(),
            title,
            file: None,
            document: Logged::new(document),
            shown,
            bytes,
            values,
            show_bytes: true,
            show_values: false,
            focus: PaneId::Bytes,
            selection: Selection::default(),
            insert: false,
            locked: false,
            edit: None,
            half_typed: None,
            jumps: Jumps::default(),
            last_encoding,
            saving: false,
            following: false,
            held_disk: 0,
            interrupted: None,
            arrays: TabArrays::default(),
        }
    }

    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The bytes as they are now, edits included.
    pub fn shown(&self) -> &Snapshot {
        &self.shown
    }

    pub fn len(&self) -> u64 {
        self.shown.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn caret(&self) -> u64 {
        self.selection.caret
    }

    pub fn selected(&self) -> Span {
        self.selection.span()
    }

    /// Why the byte at the caret, or at the start of the selection, could not be read, if so.
    pub fn fault(&self) -> Option<ReadError> {
        self.shown.fault_at(self.selected().start())
    }

    pub fn is_editable(&self) -> bool {
        !self.locked
    }

    pub fn is_modified(&self) -> bool {
        self.document.is_modified()
    }

    pub fn has_file(&self) -> bool {
        self.file.as_ref().is_some_and(|file| file.identity.is_some())
    }

    /// Whether there is a file whose growth can be followed.
    pub fn can_follow(&self) -> bool {
        let is_file = |file: &FileFacts| file.kind == Kind::Regular && file.source.is_some();
        self.interrupted.is_none() && self.file.as_ref().is_some_and(is_file)
    }

    /// Whether Save has something to do.
    pub fn can_save(&self) -> bool {
        !self.saving && (self.is_modified() || !self.has_file() || self.edit.is_some())
    }

    pub fn inserts(&self) -> bool {
        self.insert
    }

    pub fn can_go_back(&self) -> bool {
        self.jumps.can_go_back()
    }

    pub fn can_go_forward(&self) -> bool {
        self.jumps.can_go_forward()
    }

    pub fn decimal_offsets(&self) -> bool {
        self.bytes.format.offsets == Radix::Decimal
    }

    pub fn view(&self, pane: PaneId) -> &View {
        match pane {
            // An array's place among the bytes is theirs.
            PaneId::Bytes | PaneId::Array => &self.bytes,
            PaneId::Values => &self.values,
        }
    }

    pub fn view_mut(&mut self, pane: PaneId) -> &mut View {
        match pane {
            PaneId::Bytes | PaneId::Array => &mut self.bytes,
            PaneId::Values => &mut self.values,
        }
    }

    /// The pane that the keys go to.
    pub fn focused(&self) -> &View {
        self.view(self.focus)
    }

    pub fn fits_columns(&self) -> bool {
        self.focused().format.columns == Columns::Fit
    }

    /// How rows and cells lie in the pane that the keys go to.
    pub fn map(&self) -> RowMap {
        self.focused().map(self.len())
    }

    /// Whether a pane is shown.
    pub fn is_shown(&self, pane: PaneId) -> bool {
        match pane {
            PaneId::Bytes => self.show_bytes,
            PaneId::Values => self.show_values && self.arrays.view.is_none(),
            PaneId::Array => self.show_values && self.arrays.view.is_some(),
        }
    }

    /// The pane beside `pane`, which the command Other view goes to.
    pub fn other_pane(&self, pane: PaneId) -> PaneId {
        match pane {
            PaneId::Values | PaneId::Array => PaneId::Bytes,
            PaneId::Bytes if self.arrays.view.is_some() => PaneId::Array,
            PaneId::Bytes => PaneId::Values,
        }
    }

    /// Whether just these panes are shown.
    pub fn shows(&self, bytes: bool, values: bool) -> bool {
        (self.show_bytes, self.show_values) == (bytes, values)
    }

    /// Shows these panes; at least one always is.
    pub fn show(&mut self, bytes: bool, values: bool) {
        let shown_before = if self.focus == PaneId::Values { PaneId::Values } else { PaneId::Bytes };
        let len = self.len();
        (self.show_bytes, self.show_values) = (bytes || !values, values);
        if !self.is_shown(self.focus) {
            self.focus = self.other_pane(self.focus);
        }
        // A pane that comes into sight shows what the other one shows.
        let top = self.view(shown_before).top_byte(len);
        let other = if shown_before == PaneId::Bytes { PaneId::Values } else { PaneId::Bytes };
        self.view_mut(other).show_at_top(top, len);
        self.set_focus(self.focus);
    }

    /// Sends the keys to `pane`; the selection is widened to its whole cells.
    pub fn set_focus(&mut self, pane: PaneId) {
        self.focus = pane;
        if pane != PaneId::Bytes {
            self.selection.column = Column::Cells;
        }
        if pane == PaneId::Array {
            return;
        }
        self.selection = self.selection.snapped(&self.map());
    }

    /// After a change of the document: what is drawn, and the caret inside it.
    pub(super) fn refresh(&mut self) {
        self.shown = self.document.snapshot();
        let len = self.len();
        for pane in [PaneId::Bytes, PaneId::Values] {
            let view = self.view_mut(pane);
            view.viewport = view.viewport.clamped(&view.room(len));
        }
        self.selection.anchor = self.selection.anchor.min(len);
        self.selection.caret = self.selection.caret.min(len);
        self.refresh_array();
    }

    /// Scrolls the focused pane to the caret, the other one with it.
    pub(super) fn reveal_caret(&mut self) {
        let (at, len) = (self.selection.caret_place().offset(), self.len());
        self.view_mut(self.focus).reveal(at, len);
        self.follow(self.focus);
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
        self.view_mut(self.focus).jump_to(at, len);
        self.follow(self.focus);
        self.show_jump_in_array();
    }

    /// Scrolls the pane beside `moved` to the same bytes.
    pub(super) fn follow(&mut self, moved: PaneId) {
        let len = self.len();
        let top = self.view(moved).top_byte(len);
        let other = self.other_pane(moved);
        if self.show_bytes && self.show_values && moved != PaneId::Array && other != PaneId::Array {
            self.view_mut(other).show_at_top(top, len);
        }
    }
}
