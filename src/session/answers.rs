//! What is typed into a question about the bytes, as text: where to go, what to select, how much to insert.

use super::dialog::RunOfBytes;
use super::done::Done;
use super::editing::NO_DELETING;
use super::tab::Tab;
use super::view::{Column, Selection};
use crate::bytes::Span;
use crate::decode::{OffsetContext, Radix, evaluate, evaluate_span, hex};
use crate::document::{Content, Edit, MAX_LEN};

/// What was typed into a question about the bytes of the tab in front.
#[derive(Clone, Debug)]
pub enum Answer {
    GoTo(String),
    SelectRange(String),
    SetBase(String),
    InsertRun(RunOfBytes),
    AppendRun(RunOfBytes),
    Fill(String),
}

impl Tab {
    /// Does what was typed into a question.
    pub(super) fn take_answer(&mut self, answer: Answer) -> Done {
        match answer {
            Answer::GoTo(text) => self.go_to(&text),
            Answer::SelectRange(text) => self.select_range(&text),
            Answer::SetBase(text) => self.set_base(&text),
            Answer::InsertRun(run) => self.add_run(&run, self.selected().start(), "Insert"),
            Answer::AppendRun(run) => self.add_run(&run, self.len(), "Append"),
            Answer::Fill(text) => self.fill(&text),
        }
    }

    pub(super) fn place(&self) -> OffsetContext {
        let format = &self.hex().format;
        OffsetContext {
            here: self.caret(),
            len: self.len(),
            base: format.base,
            default_radix: Radix::Decimal,
        }
    }

    /// The offset that a typed expression names.
    ///
    /// # Errors
    /// A sentence that names the column or the number.
    pub fn evaluate(&self, text: &str) -> Result<u64, String> {
        evaluate(text, &self.place()).map_err(|error| error.to_string())
    }

    /// The same for a field that counts from the start of the file, whatever addresses are shown.
    ///
    /// # Errors
    /// A sentence that names the column or the number.
    pub fn evaluate_offset(&self, text: &str) -> Result<u64, String> {
        evaluate(text, &OffsetContext { base: 0, ..self.place() }).map_err(|error| error.to_string())
    }

    fn go_to(&mut self, text: &str) -> Done {
        if text.contains('[') {
            return self.go_to_items(text);
        }
        let offset = self.evaluate(text)?;
        self.jump(Selection::caret_at(offset, self.selection.column));
        Ok(())
    }

    fn select_range(&mut self, text: &str) -> Done {
        if text.contains('[') {
            return self.go_to_items(text);
        }
        let span = evaluate_span(text, &self.place()).map_err(|error| error.to_string())?;
        self.jump(Selection::of(span, self.selection.column));
        Ok(())
    }

    fn set_base(&mut self, text: &str) -> Done {
        let place = OffsetContext { here: 0, len: u64::MAX, base: 0, default_radix: Radix::Decimal };
        let base = if text.trim().is_empty() {
            0
        } else {
            evaluate(text, &place).map_err(|error| error.to_string())?
        };
        self.show_offsets(|_, shown| *shown = base);
        Ok(())
    }

    fn add_run(&mut self, run: &RunOfBytes, at: u64, label: &'static str) -> Done {
        if self.is_in_array() {
            return Err(String::from(NO_DELETING));
        }
        let place = OffsetContext { here: 0, len: MAX_LEN, base: 0, default_radix: Radix::Decimal };
        let count = evaluate(&run.count, &place).map_err(|error| error.to_string())?;
        let pattern = pattern(&run.pattern)?;
        if count == 0 {
            return Err(String::from("Type the number of bytes, at least 1."));
        }
        let span = Span::at(at, count).ok_or("The file would exceed the largest possible size.")?;
        let edit = Edit::one(label, Span::empty_at(at), Content::Repeat { pattern, len: count });
        self.splice(edit, Selection::of(span, self.selection.column))
    }

    fn fill(&mut self, text: &str) -> Done {
        if self.is_in_array() {
            return Err(String::from(NO_DELETING));
        }
        let span = self.selected();
        if span.is_empty() {
            return Err(String::from("Select the bytes to overwrite first."));
        }
        let content = Content::Repeat { pattern: pattern(text)?, len: span.len() };
        self.splice(Edit::one("Fill", span, content), Selection::of(span, self.selection.column))
    }

    pub(super) fn truncate(&mut self) -> Done {
        let at = self.selected().start();
        self.remove(Span::between(at, self.len()), "Truncate", None)
    }

    /// Takes every change back as one step.
    pub(super) fn revert(&mut self) -> Done {
        self.check_editable()?;
        let caret = self.caret().min(self.shown().base_len());
        let before = (self.selection.caret, self.selection.anchor);
        let step = self.document.revert("Revert", (before, (caret, caret)));
        self.show_step(step);
        Ok(())
    }

    /// Takes the `n`-th change back and leaves all others.
    pub(super) fn revert_change(&mut self, n: u64) -> Done {
        self.check_editable()?;
        let change = self.shown().nth_change(n).ok_or("This change no longer exists.")?;
        let before = (self.selection.caret, self.selection.anchor);
        let start = change.span.start();
        let step = self.document.revert_change(n, "Revert change", (before, (start, start)));
        self.show_step(step);
        Ok(())
    }

    /// The number of the change that the selection touches.
    pub fn change_here(&self) -> Option<u64> {
        let (shown, here) = (self.shown(), self.selected());
        let next = shown.changes_before(here.start());
        let touches = |n: u64| {
            let span = shown.nth_change(n)?.span;
            let inside = here.start() >= span.start() && here.start() < span.end();
            (inside || here.start() == span.start()).then_some(n)
        };
        touches(next).or_else(|| touches(next.checked_sub(1)?))
    }

    /// Takes back the change at the caret.
    pub(super) fn revert_here(&mut self) -> Done {
        let n = self.change_here().ok_or("There is no change at the caret. F7 goes to the next one.")?;
        self.revert_change(n)
    }

    /// Selects the `n`-th change.
    pub(super) fn show_change(&mut self, n: u64) {
        if let Some(change) = self.shown().nth_change(n) {
            self.jump(Selection::of(change.span, Column::Cells));
        }
    }

    pub(super) fn next_change(&mut self, backwards: bool) -> Done {
        let at = self.selected().start();
        let shown = self.shown();
        let change =
            if backwards { shown.change_before(at) } else { shown.change_after(at.saturating_add(1)) };
        let round =
            if backwards { shown.nth_change(shown.changes().saturating_sub(1)) } else { shown.nth_change(0) };
        let change = change.or(round).ok_or("Nothing has been changed.")?;
        self.jump(Selection::of(change.span, Column::Cells));
        Ok(())
    }
}

fn pattern(text: &str) -> Result<Vec<u8>, String> {
    let bytes = hex::parse(text).map_err(|error| error.to_string())?;
    if bytes.is_empty() { Err(String::from("Type at least one byte, for example 00.")) } else { Ok(bytes) }
}
