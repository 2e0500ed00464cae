//! Replace: one match or all of them. All are one step, done only if the bytes are still those that were searched.

use super::{FindState, replacement};
use crate::analysis::SpanList;
use crate::analysis::search::Pattern;
use crate::bytes::Span;
use crate::document::{Content, Edit, Revision};
use crate::session::context::Context;
use crate::session::describe;
use crate::session::ids::TabId;
use crate::session::notice::{Level, Topic};
use crate::session::tabs::Tabs;
use crate::session::view::Selection;

impl FindState {
    /// Whether there is something to look for.
    pub fn has_needle(&self) -> bool {
        self.needle.is_some()
    }

    /// Whether the replacement and a match differ in length. `false` while either of them is not valid.
    pub fn changes_length(&self) -> bool {
        let Some(needle) = &self.needle else { return false };
        replacement(&self.query).is_ok_and(|bytes| bytes.len() != needle.max_len())
    }
}

impl FindState {
    /// Replaces the match that is selected and goes to the next; without one, goes to the next.
    pub(super) fn replace_one(&mut self, tabs: &mut Tabs, context: &mut Context) {
        let Some(tab) = tabs.front_mut() else { return };
        if let Some(span) = self.current(tab).filter(|span| tab.selected().covers(*span)) {
            match replacement(&self.query) {
                Ok(bytes) => {
                    let end = span.start() + bytes.len() as u64;
                    let edit = Edit::one("Replace", span, Content::Bytes(bytes));
                    context.tell(tab.splice(edit, Selection::caret_at(end, tab.selection.column)));
                }
                Err(reason) => {
                    self.error = Some(reason);
                    return;
                }
            }
        }
        self.find(false, tabs, context);
    }

    pub(super) fn replace_all(
        &mut self,
        (id, revision): (TabId, Revision),
        list: &SpanList,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        let bytes = match replacement(&self.query) {
            Ok(bytes) => bytes,
            Err(reason) => {
                self.error = Some(reason);
                return;
            }
        };
        let count = list.len();
        let Some(tab) = tabs.get_mut(id) else { return };
        if tab.document().revision() != revision {
            self.answer =
                String::from("Nothing was replaced: the file was edited during the search. Try again.");
            return;
        }
        let spans: Vec<Span> = list.iter().collect();
        let deletes = bytes.is_empty();
        let before = tab.len();
        let after = Selection::caret_at(tab.selected().start(), tab.selection.column);
        let done = tab.splice(Edit::same("Replace all", spans, Content::Bytes(bytes)), after);
        let len = tab.len();
        self.hits = None;
        self.answer = match done {
            Ok(()) => replaced_words(count, deletes, before, len),
            Err(reason) => {
                context.notices.push(Level::Error, Topic::Edit, Some(id), reason);
                String::from("Nothing was replaced.")
            }
        };
    }
}

/// What replacing `count` matches did to a file that had `before` bytes and now has `after`.
fn replaced_words(count: u64, deletes: bool, before: u64, after: u64) -> String {
    let did = if deletes { "Deleted" } else { "Replaced" };
    let matches = describe::counted(count, "match", "matches");
    let length = match after.abs_diff(before) {
        0 => String::new(),
        by => format!(
            "; the file is {} {}",
            describe::bytes(by),
            if after > before { "longer" } else { "shorter" }
        ),
    };
    format!("{did} {matches}{length}. One Undo reverts all.")
}
