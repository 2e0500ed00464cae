//! Editing a typed value in its cell, and in the inspector.
//!
//! What is typed is kept as text until it is committed; a text that is no value of the type stays there with
//! the reason, and the old value with it.

use super::done::Done;
use super::panes::PaneKind;
use super::tab::Tab;
use super::view::{CellEdit, Motion, Selection, motion};
use crate::bytes::Span;
use crate::decode::inspect;
use crate::decode::{DType, Order};
use crate::document::{Content, Edit};

impl Tab {
    /// Opens the cell at the caret for typing, with `text` or the value that is there.
    pub(super) fn start_edit(&mut self, text: Option<String>) -> Done {
        self.check_editable()?;
        if self.focus_kind() == PaneKind::Bytes && self.is_shown(self.typed_key()) {
            self.set_focus(self.typed_key());
            self.enter_pane()?;
        }
        if self.is_in_array() {
            return self.start_array_edit(text);
        }
        let Some(dtype) = self.focused_dtype() else {
            return Err(String::from("Type digits to edit bytes. Edit values in the values pane (Ctrl+3)."));
        };
        let at = self.map().snap(self.selected().start());
        let cell = self.cell_for(at, dtype)?;
        let is_old = text.is_none();
        let text = match text {
            Some(text) => text,
            None => self.value_text(cell, dtype)?,
        };
        self.selection = Selection::caret_at(at, self.selection.column);
        self.edit = Some(CellEdit { offset: at, text, error: None, is_old });
        self.reveal_caret();
        Ok(())
    }

    /// The bytes that a value typed at `at` takes the place of: a whole cell, or none at the end.
    fn cell_for(&self, at: u64, dtype: DType) -> Result<Span, String> {
        let cell = self.map().cell_at(at);
        let size = dtype.size() as u64;
        // Behind bytes that are no whole value a new one would be between two rows of the grid.
        let last = self.map().cell_at(at.saturating_sub(1));
        let is_behind_tail = cell.is_empty() && last.end() == at && at > self.values().format.origin;
        let cut = if is_behind_tail { last } else { cell };
        if cut.is_empty() || cut.len() == size {
            return Ok(cell);
        }
        Err(format!(
            "Only {} of the {size} bytes of the last {} are in the file. Append bytes first, or edit the bytes.",
            cut.len(),
            dtype.label()
        ))
    }

    fn value_text(&self, cell: Span, dtype: DType) -> Result<String, String> {
        let mut text = String::new();
        if !cell.is_empty() {
            let bytes = self.bytes_at(cell).ok_or("The value is still being read. Try again in a moment.")?;
            dtype.format(&bytes, &mut text);
        }
        Ok(text)
    }

    pub(super) fn edit_text(&mut self, text: String) {
        if let Some(edit) = &mut self.edit {
            edit.text = text;
            edit.error = None;
            edit.is_old = false;
        }
    }

    /// Takes the typed value; a text that is none stays in the cell with the reason.
    pub(super) fn commit_edit(&mut self, then: Option<Motion>) -> Done {
        let Some(mut edit) = self.edit.take() else { return Ok(()) };
        if self.is_in_array() {
            return self.commit_array_edit(edit, then);
        }
        let Some(dtype) = self.focused_dtype() else { return Ok(()) };
        if edit.is_old {
            // Nothing was typed; behind the last value there is no old one either.
            then.into_iter().for_each(|motion| self.step(motion, false));
            return Ok(());
        }
        let bytes = match dtype.encode(edit.text.trim()) {
            Ok(bytes) => bytes,
            Err(reason) => {
                edit.error = Some(reason.to_string());
                self.edit = Some(edit);
                return Ok(());
            }
        };
        let cell = self.cell_for(edit.offset, dtype)?;
        if self.bytes_at(cell).as_ref() != Some(&bytes) {
            let after = Selection::caret_at(edit.offset, self.selection.column);
            self.splice(Edit::one("Value", cell, Content::Bytes(bytes)), after)?;
        }
        if let Some(motion) = then {
            self.step(motion, false);
        }
        Ok(())
    }

    /// Takes the typed value; one that is none is given up, and said so.
    pub(super) fn leave_edit(&mut self) -> Done {
        self.commit_edit(None)?;
        match self.edit.take().and_then(|edit| edit.error) {
            Some(reason) => Err(format!("The value was not changed: {reason}")),
            None => Ok(()),
        }
    }

    /// Takes the value that is being typed, before something else is done. `false` when it is none: it stays open then.
    pub(super) fn settle_edit(&mut self) -> Result<bool, String> {
        self.commit_edit(None)?;
        Ok(self.edit.is_none())
    }

    /// Moves the caret by a key.
    pub(super) fn step(&mut self, to: Motion, extend: bool) {
        if self.is_in_array() {
            return self.step_in_array(to, extend);
        }
        let room = self.focused().room(self.len());
        self.document.seal();
        self.selection = motion::moved(&self.selection, to, extend, &self.map(), room.whole_rows());
        self.reveal_caret();
        self.show_caret_in_array();
    }

    /// Writes a value of the inspector's row at the caret, over the bytes that are there.
    pub(super) fn set_inspected(&mut self, row: usize, order: Order, text: &str) -> Done {
        let Some(row) = inspect::ROWS.get(row) else { return Ok(()) };
        if let Some(unpacked) =
            self.array().filter(|_| self.is_in_array()).and_then(|view| view.unpacked.as_ref())
        {
            return Err(unpacked.why_fixed.clone());
        }
        let bytes = (row.encode)(text.trim(), order).map_err(|reason| reason.to_string())?;
        let at = self.selected().start();
        let span = Span::between(at, at + bytes.len() as u64);
        if span.end() > self.len() {
            return Err(format!(
                "{} bytes do not fit between {at:#x} and the end of the file. Append bytes first.",
                span.len()
            ));
        }
        if self.bytes_at(span).as_ref() == Some(&bytes) {
            return Ok(());
        }
        let after = Selection::caret_at(at, self.selection.column);
        self.splice(Edit::one("Value", span, Content::Bytes(bytes)), after)
    }
}
