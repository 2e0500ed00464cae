//! Keys and clicks in an array's cells: moving, selecting, typing a value.
//!
//! The bytes that are selected in an array are selected in the whole tab, as far as they are one run.

use super::action::TableAction;
use super::block::{Block, CaretCell};
use super::spans::add_spans;
use super::view::ArrayView;
use crate::bytes::Span;
use crate::decode::array_text::Evaluate;
use crate::decode::slice::{Bracket, ParseSliceError, Part, Slice};
use crate::document::{Content, Edit};
use crate::session::describe;
use crate::session::done::Done;
use crate::session::panes::{PaneKey, PaneKind};
use crate::session::tab::Tab;
use crate::session::view::{CellEdit, Column, Motion, Selection};

/// Bytes of a value that can be typed in its cell.
const MOST_TYPED: u64 = 64 << 10;

const MOVED: &str =
    "The array's layout changed while the value was typed, so nothing was changed. Type it again.";

impl Tab {
    /// What moves or selects in the array of a pane, or changes how it is laid out.
    pub(in crate::session) fn look_at_array(&mut self, pane: PaneKey, action: TableAction) -> Done {
        let leaves_cell = leaves_cell(&action);
        if leaves_cell {
            if !self.settle_edit()? {
                return Ok(());
            }
            self.document.seal();
            self.bring(pane);
            self.aim(pane);
        }
        let dropped = if matches!(action, TableAction::Bar(..)) { self.drop_edit() } else { Ok(()) };
        let (len, offset_of) = (self.array_len(pane), self.offset_reader(pane));
        let Some(view) = self.panes.get_mut(pane).content.array_mut() else { return Ok(()) };
        let before = view.selected_bytes();
        let opens = matches!(action, TableAction::Press { extend: false, clicks: 2, .. });
        change_table(view, action, len, &offset_of);
        let is_other = view.selected_bytes() != before;
        if leaves_cell || (is_other && self.focus() == pane) {
            self.select_block();
        }
        dropped?;
        if opens && !self.locked { self.start_edit(None) } else { Ok(()) }
    }

    /// Takes what is being typed; what is no value is given up, so that the array can lie otherwise.
    fn drop_edit(&mut self) -> Done {
        let typed = self.edit.as_ref().map(|edit| edit.text.clone()).unwrap_or_default();
        self.settle_edit()?;
        match self.edit.take().and_then(|edit| edit.error) {
            Some(reason) => Err(format!("'{typed}' was not accepted: {reason}")),
            None => Ok(()),
        }
    }

    /// The bytes that the array of a pane can have: the tab's own, or those of an unpacked member.
    pub(super) fn array_len(&self, pane: PaneKey) -> u64 {
        match self.panes.get(pane).content.array().and_then(|view| view.unpacked.as_ref()) {
            Some(unpacked) => crate::bytes::Source::len(&*unpacked.source),
            None => self.len(),
        }
    }

    /// After a change of the block: its bytes are the tab's selection, where they are one run; else the caret's.
    pub(in crate::session) fn select_block(&mut self) {
        self.edit = None;
        let Some(view) = self.array() else { return };
        if view.unpacked.is_some() {
            return;
        }
        let one = view.block.is_one();
        let Some(span) = view.run().or_else(|| view.caret_span()) else {
            self.selection = Selection::caret_at(view.base.offset.min(self.len()), Column::Cells);
            return;
        };
        let span = span.clamp_to(self.len());
        self.selection = if one && view.run().is_none_or(|run| run.len() <= 64) {
            Selection::of(span, Column::Cells)
        } else {
            Selection::between(span.end(), span.start(), Column::Cells)
        };
        self.show_in_rows(span.start());
        let is_picture = self.focus_kind() == PaneKind::Picture;
        let own = if is_picture { self.typed_key() } else { self.focus() };
        self.show_in_arrays(span, own);
    }

    /// The arrays of all linked panes but `except` show what is selected.
    fn show_in_arrays(&mut self, span: Span, except: PaneKey) {
        if !self.panes.get(except).linked {
            return;
        }
        for pane in self.panes.iter_mut().filter(|pane| pane.linked && pane.key != except) {
            if let Some(view) = pane.content.array_mut().filter(|view| view.unpacked.is_none()) {
                view.show_span(span);
            }
        }
    }

    /// Selects the caret's cell alone; `false` when it is.
    pub(in crate::session) fn leave_block(&mut self) -> bool {
        let Some(view) = self.array_mut().filter(|view| !view.block.is_one()) else { return false };
        view.block = Block::at(view.block.caret);
        self.select_block();
        true
    }

    /// The bytes that are marked as selected: those of the block in an array, else the tab's selection.
    pub fn add_selected(&self, within: Span, out: &mut Vec<Span>) {
        match self.array().filter(|view| self.is_in_array() && view.unpacked.is_none()) {
            Some(view) if !view.block.is_one() => add_spans(&view.table, &view.block, within, out),
            _ if self.selection.is_empty() => {}
            _ => out.push(self.selected()),
        }
    }

    /// After a move of the caret: the arrays of the other panes show the item that it is in.
    pub(in crate::session) fn show_caret_in_array(&mut self) {
        self.show_in_arrays(self.selected(), self.focus());
    }

    /// After a step of undo or redo: the arrays show what was changed.
    pub(in crate::session) fn show_step_in_arrays(&mut self) {
        let (span, focus) = (self.selected(), self.focus());
        self.show_in_arrays(span, focus);
        let array = self.panes.get_mut(focus).content.array_mut();
        if array.is_some_and(|view| view.unpacked.is_none() && view.show_span(span)) {
            self.select_block();
        }
    }

    /// After a jump: the array shows the item that was jumped to, or the keys go to the bytes.
    pub(in crate::session) fn show_jump_in_array(&mut self) {
        let (span, focus) = (self.selected(), self.focus());
        self.show_in_arrays(span, focus);
        let view = self.panes.get_mut(focus).content.array_mut();
        let Some(view) = view else { return };
        let found = view.unpacked.is_none() && view.show_span(span);
        if found && span.is_empty() {
            self.select_block();
        } else if !found {
            self.leave_array_for(span);
        }
    }

    /// The keys go to a pane that shows `span`, which the array with the keys does not have.
    fn leave_array_for(&mut self, span: Span) {
        let at = span.start();
        let shown = |kind| self.shown_of_kind(kind);
        let other = self.layout().panes().into_iter().find(|pane| {
            let array = self.panes.get(*pane).content.array();
            array.is_some_and(|view| view.unpacked.is_none() && view.has_byte(at))
        });
        match shown(PaneKind::Bytes).or_else(|| shown(PaneKind::Values)).or(other) {
            Some(pane) => self.set_focus(pane),
            None => {
                self.bring(PaneKey::BYTES);
                self.set_focus(PaneKey::BYTES);
            }
        }
        let len = self.len();
        let focus = self.focus();
        match self.panes.get_mut(focus).content.array_mut().map(|view| view.show_span(span)) {
            Some(_) if span.is_empty() => self.select_block(),
            Some(_) => {}
            None => self.view_mut(focus).jump_to(at, len),
        }
    }

    /// When the keys come to the array: its block is what is selected among the bytes.
    ///
    /// # Errors
    /// A sentence when that is no part of the array; the block is as before then.
    pub(in crate::session) fn enter_array(&mut self) -> Done {
        let span = self.selected();
        let Some(view) = self.array_mut().filter(|view| view.unpacked.is_none()) else {
            return Ok(());
        };
        let found = view.table.is_empty() || view.show_span(span);
        self.select_block();
        if found {
            return Ok(());
        }
        Err(format!(
            "No element of the slice that is shown contains offset {:#x}. The selection in the array is unchanged.",
            span.start()
        ))
    }

    /// Puts the caret on the element with this index in the whole array.
    pub(in crate::session) fn go_to_element(&mut self, index: &[u64]) -> Done {
        let part = |at: &u64| i64::try_from(*at).map(Part::Index).ok();
        let parts: Option<Vec<Part>> = index.iter().map(part).collect();
        let parts = parts.ok_or("The index is beyond the largest possible one.")?;
        self.go_to_slice(&Slice { brackets: vec![Bracket::Parts(parts)] })
    }

    /// Selects what a slice names: an item, a run of items, a field.
    pub(in crate::session) fn go_to_items(&mut self, text: &str) -> Done {
        let slice: Slice = text.parse().map_err(|error: ParseSliceError| error.to_string())?;
        self.go_to_slice(&slice)
    }

    fn go_to_slice(&mut self, slice: &Slice) -> Done {
        let view = self.array_mut().ok_or(
            "No array is shown. [12, 7] names an element of an array. Show an array first (Array menu).",
        )?;
        let before = view.caret_span();
        let done = view.select(slice);
        if done.is_err() && view.caret_span() == before {
            return done;
        }
        self.jumps.leave(self.selection.caret);
        let pane = self.typed_key();
        self.bring(pane);
        self.aim(pane);
        self.select_block();
        done
    }

    /// A key that moves in the array.
    pub(in crate::session) fn step_in_array(&mut self, motion: Motion, extend: bool) {
        self.document.seal();
        let Some(view) = self.array_mut() else { return };
        let page = view.rows_pane().whole_rows();
        view.block = view.block.moved(motion, extend, &view.table, page);
        view.reveal(false);
        self.select_block();
    }

    /// Opens the caret's cell for typing, with `text` or the value that is there.
    pub(in crate::session) fn start_array_edit(&mut self, text: Option<String>) -> Done {
        let (cell, old) = self.caret_value()?;
        let is_old = text.is_none();
        let text = text.unwrap_or(old);
        if let Some(view) = self.array_mut() {
            view.block = Block::at(view.block.caret);
            view.reveal(false);
        }
        self.select_block();
        self.edit = Some(CellEdit { offset: cell.place.span.start(), text, error: None, is_old });
        self.arrays.typed_into = Some(cell);
        Ok(())
    }

    /// The caret's cell, if it can be changed.
    fn caret_cell(&self) -> Result<CaretCell, String> {
        let view = self.check_array()?;
        if let Some(reason) = &view.misfit {
            return Err(reason.clone());
        }
        let (row, column) = view.block.caret;
        let cell = view.table.cell(row, column).ok_or("There is no element here.")?;
        let len = cell.place.span.len();
        if len > MOST_TYPED {
            return Err(format!(
                "This value ({}) is too long to edit in a cell. Select it and edit its bytes.",
                describe::bytes(len)
            ));
        }
        Ok(CaretCell { place: cell.place, item: cell.item.clone() })
    }

    fn bytes_of(&self, cell: &CaretCell) -> Result<Vec<u8>, String> {
        let unread = "The value is still being read. Try again in a moment.";
        self.bytes_at(cell.place.span).ok_or_else(|| String::from(unread))
    }

    /// The caret's cell and its value as text that reads back.
    fn caret_value(&self) -> Result<(CaretCell, String), String> {
        let cell = self.caret_cell()?;
        let bytes = self.bytes_of(&cell)?;
        let mut text = String::new();
        cell.item.format(&bytes, cell.place.item, &crate::decode::style::NumberStyle::Shortest, &mut text);
        Ok((cell, text))
    }

    /// Takes the typed value; a text that is none stays in the cell with the reason.
    pub(in crate::session) fn commit_array_edit(&mut self, mut edit: CellEdit, then: Option<Motion>) -> Done {
        if !edit.is_old {
            if self.caret_cell().is_ok_and(|cell| Some(cell) != self.arrays.typed_into) {
                return Err(String::from(MOVED));
            }
            match self.typed_bytes(&edit.text) {
                Ok((span, old, new)) if old != new => {
                    let after = Selection::of(span, Column::Cells);
                    self.splice(Edit::one("Value", span, Content::Bytes(new)), after)?;
                }
                Ok(_) => {}
                Err(reason) => {
                    edit.error = Some(reason);
                    self.edit = Some(edit);
                    return Ok(());
                }
            }
        }
        if let Some(motion) = then {
            self.step_in_array(motion, false);
        }
        Ok(())
    }

    /// The bytes of the caret's cell, before and after.
    fn typed_bytes(&self, text: &str) -> Result<(Span, Vec<u8>, Vec<u8>), String> {
        let cell = self.caret_cell()?;
        let old = self.bytes_of(&cell)?;
        let new =
            cell.item.encode(text.trim(), &old, cell.place.item).map_err(|reason| reason.to_string())?;
        Ok((cell.place.span, old, new))
    }
}

/// Whether what is typed into a cell is taken before the action.
fn leaves_cell(action: &TableAction) -> bool {
    matches!(
        action,
        TableAction::Press { .. }
            | TableAction::PressRow { .. }
            | TableAction::PressColumn { .. }
            | TableAction::PressAll
            | TableAction::Axes(_)
            | TableAction::Style(_)
            | TableAction::ShowAllFields
            | TableAction::Wrap(_)
            | TableAction::Hide(_)
            | TableAction::ToggleField(_)
            | TableAction::MoveColumn { .. }
    )
}

/// Does what is asked of the table itself.
fn change_table(view: &mut ArrayView, action: TableAction, len: u64, offset_of: Evaluate<'_>) {
    match action {
        TableAction::Bar(field, text) => {
            view.set(field, text, len, offset_of);
        }
        TableAction::Axes(axes) => view.set_axes(axes),
        TableAction::Style(style) => view.set_style(style),
        TableAction::Wrap(wrap) => {
            view.wrap = wrap;
            view.lay_out(view.table.axes().clone());
        }
        TableAction::Press { place, extend, clicks: _ } => {
            let anchor = if extend { view.block.anchor } else { place };
            view.block = Block { anchor, caret: place }.fitted(&view.table);
        }
        TableAction::PressRow { row, extend } => {
            let from = if extend { view.block.anchor.0 } else { row };
            view.block = Block::rows_of(from, row, &view.table);
        }
        TableAction::PressColumn { column, extend } => {
            let from = if extend { view.block.anchor.1 } else { column };
            view.block = Block::columns_of(from, column, view.block.caret.0, &view.table);
        }
        TableAction::PressAll => view.block = Block::all(&view.table),
        TableAction::Drag(place) => {
            view.block = Block { caret: place, ..view.block }.fitted(&view.table);
        }
        TableAction::Scroll { down, across } => view.scroll(down, across),
        TableAction::Measured { room, seen } => view.measure(room, &seen),
        TableAction::Resize { column, chars } => {
            change_columns(view, |view| view.columns.resize(column, chars))
        }
        TableAction::Hide(column) => change_columns(view, |view| view.columns.hide(column)),
        TableAction::ToggleField(leaf) => change_columns(view, |view| view.columns.toggle(leaf)),
        TableAction::ShowAllFields => change_columns(view, |view| view.columns.show_all()),
        TableAction::MoveColumn { from, to } => change_columns(view, |view| {
            view.columns.move_to(from, to);
            view.block = Block::columns_of(to as u64, to as u64, view.block.caret.0, &view.table);
        }),
    }
}

/// Changes which columns there are or how wide they are, and lays the table out again.
fn change_columns(view: &mut ArrayView, change: impl FnOnce(&mut ArrayView)) {
    change(view);
    view.lay_out(view.table.axes().clone());
}
