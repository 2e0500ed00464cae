//! A tab whose file has grown or has been replaced. The edits are kept.

use crate::bytes::{SharedSource, Span};
use crate::document::{Content, Edit};
use crate::session::tab::{FileFacts, Tab};
use crate::session::view::Selection;

impl Tab {
    /// The file has `len` bytes by now. A view that showed the end goes on to show it.
    pub(super) fn lengthen(&mut self, len: u64) {
        let (len_before, focus) = (self.len(), self.focus());
        let was_at_end = self.view(focus).is_at_end(len_before);
        let caret_follows = self.following
            && was_at_end
            && !self.is_modified()
            && self.edit.is_none()
            && self.selection == Selection::caret_at(len_before, self.selection.column);
        self.document.grow_base(len);
        self.refresh();
        let len_now = self.len();
        if len_now == len_before || !self.following {
            return;
        }
        if caret_follows {
            self.selection = Selection::caret_at(len_now, self.selection.column);
        }
        if was_at_end {
            self.scroll_focused(|view| view.show_end(len_now));
        }
    }

    /// Puts the file of `facts` under the edits. What it lacks is taken out as a step, which undo brings back.
    pub(super) fn rebase(&mut self, facts: FileFacts) -> Result<(), String> {
        let base: SharedSource = facts.generation.clone();
        let gone = self.document.rebase(base).map_err(|error| error.to_string())?;
        self.edit = None;
        self.file = Some(facts);
        if let Some(from) = gone {
            let caret = (self.selection.caret, self.selection.anchor);
            let cut = Edit::one(
                "Truncated by another program",
                Span::between(from, self.document.len()),
                Content::none(),
            );
            self.document.apply(cut.carets(caret, (from, from))).map_err(|error| error.to_string())?;
        }
        self.refresh();
        self.selection = self.selection.snapped(&self.map());
        Ok(())
    }
}
