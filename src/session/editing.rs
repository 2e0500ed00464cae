//! Typing and deleting in a tab: what a key does to the bytes, and where the caret goes.
//!
//! Every change is one `splice` of the document. A refusal is a sentence that says why and what to do; the
//! bytes are as before then.

use super::done::Done;
use super::half_typed_byte::HalfTyped;
use super::panes::PaneKind;
use super::tab::Tab;
use super::view::{Column, Motion, Selection};
use crate::bytes::open::OpenedKind;
use crate::bytes::{Availability, Source, Span};
use crate::decode::{Encoding, Radix};
use crate::document::{Applied, CoalesceKey, Content, Edit};

/// What is typed into the tab in front.
#[derive(Clone, Debug)]
pub enum EditAction {
    /// Characters typed into the grid.
    Type(String),
    Backspace,
    DeleteForward,
    /// Enter on the grid: starts editing a value, or commits it.
    Enter,
    Text(String),
    Commit {
        then: Option<Motion>,
    },
    Cancel,
    /// The cell's field was left for another field: takes its value, or leaves the old one there and says why.
    Leave,
    /// Takes one change back and leaves all others.
    RevertChange(u64),
}

/// What Delete and Backspace say among the cells of an array.
pub(super) const NO_DELETING: &str = "Elements of an array can't be inserted or deleted. Change their values with Set values… (Ctrl+E), or delete bytes in the bytes pane.";

const TYPING: CoalesceKey = CoalesceKey(1);
const ERASING: CoalesceKey = CoalesceKey(2);

impl Tab {
    /// Whether a change is allowed now.
    pub(super) fn check_editable(&self) -> Done {
        if self.locked {
            return Err(format!("{} is locked. Unlock it with Ctrl+Shift+L.", self.title));
        }
        Ok(())
    }

    /// Does `edit` as one step; the selection is `after` then.
    pub(super) fn splice(&mut self, edit: Edit, after: Selection) -> Done {
        self.grow(edit, after).map(drop)
    }

    /// The same; says whether the step before has grown by it.
    fn grow(&mut self, edit: Edit, after: Selection) -> Result<bool, String> {
        self.check_editable()?;
        if self.has_fixed_length() {
            check_same_length(&edit, self.len(), &self.title)?;
        }
        let before = (self.selection.caret, self.selection.anchor);
        let edit = edit.carets(before, (after.caret, after.anchor));
        let applied = self.document.apply(edit).map_err(|error| error.to_string())?;
        self.selection = after;
        self.refresh();
        self.reveal_caret();
        self.show_caret_in_array();
        Ok(applied.coalesced)
    }

    /// Undo or redo.
    pub(super) fn go_back_or_forth(&mut self, back: bool) -> Done {
        self.check_editable()?;
        let step = if back { self.document.undo() } else { self.document.redo() };
        self.show_step(step);
        Ok(())
    }

    /// After a step: the caret goes where the step had it.
    pub(super) fn show_step(&mut self, step: Option<Applied>) {
        let Some(step) = step else { return };
        self.edit = None;
        self.refresh();
        let (caret, anchor) = step.caret;
        let len = self.len();
        let mut selection = Selection::caret_at(caret.min(len), self.selection.column);
        selection.anchor = anchor.min(len);
        self.selection = selection.snapped(&self.map());
        let at = self.selection.caret_place().offset();
        self.scroll_focused(|view| view.jump_to(at, len));
        self.show_step_in_arrays();
    }

    /// The byte at `offset`, if it is at hand.
    pub(super) fn byte_at(&self, offset: u64) -> Option<u8> {
        let mut byte = [0];
        let mut state = [Availability::Missing];
        self.shown().peek(offset, &mut byte, &mut state);
        (state[0] == Availability::Ready).then_some(byte[0])
    }

    /// The bytes of `span`, if all are at hand.
    pub(super) fn bytes_at(&self, span: Span) -> Option<Vec<u8>> {
        let len = usize::try_from(span.len()).ok()?;
        let mut bytes = vec![0; len];
        let mut states = vec![Availability::Missing; len];
        self.shown().peek(span.start(), &mut bytes, &mut states);
        states.iter().all(|state| *state == Availability::Ready).then_some(bytes)
    }

    /// Text typed into the grid.
    pub(super) fn type_text(&mut self, text: &str) -> Done {
        self.check_editable()?;
        if let Some(edit) = &mut self.edit {
            // The field of the cell does not have the keys yet: what is typed meanwhile is its text all the same.
            let kept = if std::mem::take(&mut edit.is_old) { "" } else { edit.text.as_str() };
            edit.text = format!("{kept}{text}");
            return Ok(());
        }
        if self.focus_kind() != PaneKind::Bytes {
            return self.start_edit(Some(text.to_owned()));
        }
        match self.selection.column {
            Column::Cells => {
                let radix = self.byte_radix();
                text.chars().filter(|c| !c.is_whitespace()).try_for_each(|c| self.type_digit(radix, c))
            }
            Column::Text => {
                let encoding = self.text_encoding();
                let bytes = encoding.encode(text).map_err(|error| error.to_string())?;
                self.type_bytes(bytes)
            }
        }
    }

    /// The encoding of the text column, also while it is hidden.
    pub fn text_encoding(&self) -> Encoding {
        self.hex().format.text.unwrap_or(self.last_encoding)
    }

    /// The radix of the byte cells.
    pub fn byte_radix(&self) -> Radix {
        self.hex().format.radix
    }

    fn type_digit(&mut self, radix: Radix, digit: char) -> Done {
        let index = usize::from(self.selection.digit);
        let at = if self.selection.is_empty() { self.selection.caret } else { self.selected().start() };
        let adds = index == 0 && (self.insert || at == self.len());
        let old = if adds || (index == 0 && matches!(radix, Radix::Decimal | Radix::Octal)) {
            // In these radices the digits behind would often make a number above 255 of the new first one.
            0
        } else {
            self.byte_at(at).ok_or("The byte is still being read. Type it again in a moment.")?
        };
        let byte = radix.with_digit(old, index, digit).ok_or_else(|| not_a_digit(radix, digit))?;
        let replaced = match (adds, self.insert && !self.selection.is_empty()) {
            (true, true) => self.selected(),
            (true, false) => Span::empty_at(at),
            (false, _) => Span::between(at, at + 1),
        };
        let next = index + 1;
        let mut after = Selection::caret_at(at, Column::Cells);
        if next < radix.digits() {
            after.digit = next as u8;
        } else {
            after.caret = at + 1;
            after.anchor = at + 1;
        }
        let before = if adds { None } else { self.byte_at(at) };
        let edit = Edit::one("Typing", replaced, Content::Bytes(vec![byte])).coalescing(TYPING);
        let grew = self.grow(edit, after)?;
        match &mut self.half_typed {
            Some(half) if index > 0 => half.is_own_step &= grew,
            half => *half = Some(HalfTyped { adds, before, is_own_step: !grew }),
        }
        Ok(())
    }

    /// Puts back what was where a byte is half typed.
    fn take_back_digits(&mut self) -> Done {
        let (caret, column) = (self.selection.caret, self.selection.column);
        let Some(half) = self.half_typed.take() else { return Ok(()) };
        let after = Selection::caret_at(caret, column);
        let byte = Span::between(caret, caret + 1).clamp_to(self.len());
        let content = match half.before {
            _ if half.is_own_step => {
                self.go_back_or_forth(true)?;
                self.selection = after;
                return Ok(());
            }
            Some(before) => vec![before],
            None if half.adds => Vec::new(),
            None => return Ok(()),
        };
        self.splice(Edit::one("Typing", byte, Content::Bytes(content)).coalescing(TYPING), after)
    }

    fn type_bytes(&mut self, bytes: Vec<u8>) -> Done {
        let at = self.selected().start();
        let count = bytes.len() as u64;
        let replaced = match (self.insert, self.selection.is_empty()) {
            (true, _) => self.selected(),
            (false, _) => Span::between(at, at.saturating_add(count)).clamp_to(self.len()),
        };
        let after = Selection::caret_at(at + count, self.selection.column);
        self.splice(Edit::one("Typing", replaced, Content::Bytes(bytes)).coalescing(TYPING), after)
    }

    /// Removes the selection; without one, in insert mode, the cell at the caret.
    pub(super) fn delete_forward(&mut self) -> Done {
        if self.is_in_array() {
            return Err(String::from(NO_DELETING));
        }
        let span = self.selected();
        if !span.is_empty() {
            return self.remove(span, "Delete", None);
        }
        if !self.insert {
            return Err(String::from(
                "Overwrite mode does not delete single bytes. Select the bytes to delete, or press Insert for insert mode.",
            ));
        }
        let cell = self.map().cell_at(self.selection.caret);
        if cell.is_empty() { Ok(()) } else { self.remove(cell, "Delete", Some(ERASING)) }
    }

    /// Backspace: takes back a half-typed digit; in insert mode removes the cell before; else steps left.
    pub(super) fn backspace(&mut self) -> Done {
        if self.is_in_array() {
            return Err(String::from(NO_DELETING));
        }
        if !self.selection.is_empty() {
            return self.remove(self.selected(), "Delete", None);
        }
        if self.selection.digit > 0 {
            self.selection.digit = 0;
            return self.take_back_digits();
        }
        let caret = self.selection.caret;
        let map = self.map();
        if caret <= map.origin() {
            return Ok(());
        }
        let cell = map.cell_at(caret - 1);
        if self.insert {
            return self.remove(cell, "Delete", Some(ERASING));
        }
        self.selection = Selection::caret_at(cell.start(), self.selection.column);
        self.reveal_caret();
        Ok(())
    }

    pub(super) fn remove(&mut self, span: Span, label: &'static str, key: Option<CoalesceKey>) -> Done {
        if self.is_in_array() {
            return Err(String::from(NO_DELETING));
        }
        let mut edit = Edit::one(label, span, Content::none());
        edit.coalesce = key;
        self.splice(edit, Selection::caret_at(span.start(), self.selection.column))
    }

    /// Puts `content` in at the caret: over what is there in overwrite mode, between in insert mode, where it
    /// also takes the place of the selection. What was put in is selected.
    pub(super) fn put(&mut self, content: Content, label: &'static str) -> Done {
        let at = self.selected().start();
        let count = content.len();
        let end = at.checked_add(count).ok_or("The file would exceed the largest possible size.")?;
        let replaced =
            if self.insert { self.selected() } else { Span::between(at, end).clamp_to(self.len()) };
        let after = Selection::of(Span::between(at, end), self.selection.column);
        self.splice(Edit::one(label, replaced, content), after)
    }
}

impl Tab {
    /// Does what is typed.
    pub(super) fn apply_to_edit(&mut self, action: EditAction) -> Done {
        match action {
            EditAction::Type(text) => self.type_text(&text),
            EditAction::Backspace => self.backspace(),
            EditAction::RevertChange(n) => self.revert_change(n),
            EditAction::DeleteForward => self.delete_forward(),
            EditAction::Enter => self.start_edit(None),
            EditAction::Text(text) => {
                self.edit_text(text);
                Ok(())
            }
            EditAction::Commit { then } => self.commit_edit(then),
            EditAction::Leave => self.leave_edit(),
            EditAction::Cancel => {
                self.edit = None;
                Ok(())
            }
        }
    }

    /// Whether its bytes can neither become more nor fewer: those of a device.
    pub(super) fn has_fixed_length(&self) -> bool {
        self.file.as_ref().is_some_and(|file| file.kind == OpenedKind::BlockDevice)
    }

    /// Puts `content` in the place of `span`; what was put in is selected.
    pub(super) fn put_over(&mut self, span: Span, content: Content, label: &'static str) -> Done {
        let after = Span::at(span.start(), content.len())
            .ok_or("The file would exceed the largest possible size.")?;
        self.splice(Edit::one(label, span, content), Selection::of(after, self.selection.column))
    }
}

/// Refuses an edit of a device that would make it longer or shorter.
fn check_same_length(edit: &Edit, len: u64, title: &str) -> Done {
    if edit.length_after(len) == Some(len) {
        return Ok(());
    }
    Err(format!(
        "{title} is a device, so its length is fixed: bytes can be overwritten, but not inserted or \
         removed. Press Insert for overwrite mode."
    ))
}

fn not_a_digit(radix: Radix, digit: char) -> String {
    match radix {
        Radix::Hex => format!("'{digit}' is not a hex digit. Press Tab to type in the text column."),
        Radix::Decimal => format!("'{digit}' does not fit here: a byte in decimal is 000 to 255."),
        Radix::Octal => format!("'{digit}' does not fit here: a byte in octal is 000 to 377."),
        Radix::Binary => format!("'{digit}' is not a binary digit. Type 0 or 1."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_keeps_its_length() {
        let bytes = |count: usize| Content::Bytes(vec![0; count]);
        let edit = |from, to, count| Edit::one("Typing", Span::between(from, to), bytes(count));
        for (edit, is_refused) in [
            (edit(3, 4, 1), false),
            (edit(3, 3, 1), true),
            (edit(3, 5, 0), true),
            (edit(7, 8, 2), true),
            (Edit::same("Replace", vec![Span::between(0, 2), Span::between(4, 6)], bytes(2)), false),
            (Edit::same("Replace", vec![Span::between(0, 2), Span::between(4, 6)], bytes(3)), true),
        ] {
            let refused = check_same_length(&edit, 8, "sda").err();
            assert_eq!(refused.is_some(), is_refused, "{edit:?}");
            assert!(refused.is_none_or(|reason| reason.starts_with("sda is a device")));
        }
    }
}
