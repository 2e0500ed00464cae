//! Actions of the keyboard and the mouse in the panes of a tab: moving, selecting, scrolling, changing the format.

use super::action::PaneAction;
use super::arrays::TableAction;
use super::done::Done;
use super::panes::{PaneContent, PaneKey, PaneKind, ValuesFormat};
use super::tab::Tab;
use super::tab::layout::PaneSide;
use super::view::format::MAX_ROW_BYTES;
use super::view::{Column, Hit, Motion, RowsArea, Selection, ViewFormat, Viewport};
use crate::bytes::Span;
use crate::decode::Radix;

impl Tab {
    /// Does what changes the view or the caret.
    pub(super) fn apply_to_pane(&mut self, action: PaneAction) -> Done {
        // A frame may still tell of a pane that it has closed.
        if action.pane().is_some_and(|pane| !self.panes.has(pane)) {
            return Ok(());
        }
        match action {
            PaneAction::Measured { pane, room, columns } => self.measure(pane, room, columns),
            PaneAction::Focus(pane) => return self.leave_edit_for(pane),
            PaneAction::Press { pane, hit, extend, clicks } => return self.press(pane, hit, extend, clicks),
            PaneAction::Drag { pane, hit } => {
                let map = self.view(pane).map(self.len());
                self.selection = self.selection.drag(hit, &map);
                self.show_caret_in_array();
            }
            PaneAction::Scroll { pane, viewport } => self.scroll(pane, viewport),
            PaneAction::Move { motion, extend } => self.step(motion, extend),
            PaneAction::OtherColumn if self.is_in_array() => self.step_in_array(Motion::Right, false),
            PaneAction::OtherColumn => self.other_column(),
            PaneAction::Format { pane, format } => self.reformat(pane, format),
            PaneAction::ValuesFormat { pane, format } => self.reformat_values(pane, format),
            PaneAction::JumpTo(offset) => {
                self.jump(Selection::caret_at(offset.min(self.len()), self.selection.column));
            }
            PaneAction::ShowByte(offset) => return self.show_byte(offset),
            PaneAction::Select(span) => {
                self.jump(Selection::of(span.clamp_to(self.len()), self.selection.column))
            }
            PaneAction::ShowLayout { bytes, values } => self.keeping_layout(|tab| tab.show(bytes, values)),
            PaneAction::NthChange(n) => self.show_change(n),
            PaneAction::CentreRoom { width, height } => self.set_room(width, height),
        }
        Ok(())
    }

    pub(super) fn select_all(&mut self) -> Done {
        if self.is_in_array() {
            return self.look_at_array(self.focus(), TableAction::PressAll);
        }
        self.selection = Selection::of(Span::first(self.len()), self.selection.column);
        Ok(())
    }

    pub(super) fn step_to(&mut self, motion: Motion) -> Done {
        self.step(motion, false);
        Ok(())
    }

    pub(super) fn toggle_insert(&mut self) -> Done {
        self.insert = !self.insert;
        Ok(())
    }

    pub(super) fn toggle_lock(&mut self) -> Done {
        self.locked = !self.locked;
        Ok(())
    }

    /// Moves the focus to the next pane in reading order, or to the previous one.
    pub(super) fn go_to_next_pane(&mut self, backwards: bool) -> Done {
        let pane = self.next_pane(backwards);
        if self.is_maximised() {
            if !self.settle_edit()? {
                return Ok(());
            }
            self.maximise(pane);
        }
        self.leave_edit_for(pane)
    }

    /// Moves the focus to the pane on a side of the focused one, if there is one.
    pub(super) fn go_to_pane_at(&mut self, side: PaneSide) -> Done {
        match self.layout().neighbour(self.focus(), side) {
            Some(pane) => self.leave_edit_for(pane),
            None => Ok(()),
        }
    }

    /// Shows these panes; the keys go to one of them.
    pub(super) fn show_panes(&mut self, bytes: bool, values: bool) -> Done {
        let was_in_array = self.is_in_array();
        let is_seen = was_in_array || self.focused().shows(self.selection.caret_place().offset(), self.len());
        self.keeping_layout(|tab| tab.show(bytes, values));
        if self.is_in_array() && !was_in_array {
            return self.enter_array();
        }
        // A caret that is in sight stays there, however many rows the other pane needs for the same bytes.
        if is_seen && !self.is_in_array() {
            self.reveal_caret();
        }
        Ok(())
    }

    /// Jumps to a byte in a pane of bytes. All other panes stay.
    fn show_byte(&mut self, offset: u64) -> Done {
        let pane = self.shown_of_kind(PaneKind::Bytes).unwrap_or(PaneKey::BYTES);
        self.bring(pane);
        self.leave_edit_for(pane)?;
        if self.focus() == pane {
            self.jump(Selection::caret_at(offset.min(self.len()), Column::Cells));
        }
        Ok(())
    }

    /// Goes back to where the last jump started, or forward again.
    pub(super) fn travel(&mut self, back: bool) -> Done {
        let here = self.caret();
        let target = if back { self.jumps.go_back(here) } else { self.jumps.go_forward(here) };
        if let Some(target) = target {
            self.go(Selection::caret_at(target.min(self.len()), self.selection.column));
        }
        Ok(())
    }

    fn press(&mut self, pane: PaneKey, hit: Hit, extend: bool, clicks: u32) -> Done {
        if !self.settle_edit()? {
            return Ok(());
        }
        self.document.seal();
        self.aim(pane);
        let map = self.map();
        self.selection = self.selection.press(hit, extend, clicks, &map);
        self.show_caret_in_array();
        if clicks == 2 && self.focus_kind() == PaneKind::Values && !self.locked {
            return self.start_edit(None);
        }
        Ok(())
    }

    /// Another room for `pane`. A caret that was in sight stays there.
    fn measure(&mut self, pane: PaneKey, room: RowsArea, columns: u32) {
        if self.panes.get(pane).content.rows().is_none() {
            // The frame was drawn before the array came here.
            return;
        }
        let (len, caret) = (self.len(), self.selection.caret_place().offset());
        let view = self.view_mut(pane);
        let seen = view.shows(caret, len) && !view.waits_for_room();
        view.measure(room, columns.clamp(1, MAX_ROW_BYTES), len);
        if seen {
            view.reveal(caret, len);
        }
    }

    /// Sends the keys to `pane`; a value that is being typed is taken first.
    fn leave_edit_for(&mut self, pane: PaneKey) -> Done {
        if self.settle_edit()? && self.is_shown(pane) {
            let was_elsewhere = self.focus() != pane;
            self.set_focus(pane);
            self.reveal_caret();
            if self.is_in_array() && was_elsewhere {
                return self.enter_array();
            }
        }
        Ok(())
    }

    fn scroll(&mut self, pane: PaneKey, viewport: Viewport) {
        let len = self.len();
        let view = self.view_mut(pane);
        view.viewport = viewport.clamped(&view.room(len));
        self.follow(pane);
    }

    fn other_column(&mut self) {
        if self.focus_kind() == PaneKind::Bytes && self.hex().format.text.is_some() {
            self.selection.column = self.selection.column.other();
            self.selection.digit = 0;
        } else {
            self.selection.column = Column::Cells;
        }
    }

    pub(super) fn reformat(&mut self, pane: PaneKey, format: ViewFormat) {
        self.edit = None;
        if let Some(encoding) = format.text {
            self.last_encoding = encoding;
        }
        let len = self.len();
        if let Some(view) = self.panes.get_mut(pane).content.hex_mut() {
            view.reformat(format, len);
        }
        self.selection = self.selection.snapped(&self.map());
        self.leave_missing_text();
    }

    /// Shows the plain values of a pane in another format, also while an array is in their place.
    pub(super) fn reformat_values(&mut self, pane: PaneKey, format: ValuesFormat) {
        self.edit = None;
        let len = self.len();
        if let Some(typed) = self.panes.get_mut(pane).content.typed_mut() {
            typed.values.reformat(format, len);
        }
        self.selection = self.selection.snapped(&self.map());
    }

    /// Changes how all panes show offsets: in hexadecimal or decimal digits, and what is added to them.
    pub(super) fn show_offsets(&mut self, change: impl Fn(&mut Radix, &mut u64)) {
        let len = self.len();
        for pane in self.panes.iter_mut() {
            match &mut pane.content {
                PaneContent::Hex(view) => {
                    let mut format = view.format.clone();
                    change(&mut format.offsets, &mut format.base);
                    view.reformat(format, len);
                }
                PaneContent::Typed(typed) => {
                    let mut format = typed.values.format;
                    change(&mut format.offsets, &mut format.base);
                    typed.values.reformat(format, len);
                }
                PaneContent::Picture(_) => {}
            }
        }
    }
}
