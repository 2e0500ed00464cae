//! Replace: one match or all of them. All are one step, done only if the bytes are still those that were searched.

use super::finding::{Finding, Query, QueryKind, hex_bytes, value_bytes};
use super::notice::{Level, Topic};
use super::view::Selection;
use super::{Session, TabId, words};
use crate::analysis::SpanList;
use crate::analysis::search::Pattern;
use crate::bytes::Span;
use crate::document::{Content, Edit, Revision};

/// The bytes that take a match's place.
pub(super) fn replacement(query: &Query) -> Result<Vec<u8>, String> {
    match query.kind {
        _ if query.replacement.is_empty() => Ok(Vec::new()),
        QueryKind::Hex => hex_bytes(&query.replacement),
        QueryKind::Value => value_bytes(query, &query.replacement),
        QueryKind::Text => query.encoding.encode(&query.replacement).map_err(|error| error.to_string()),
    }
}

impl Finding {
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

impl Session {
    /// Replaces the match that is selected and goes to the next; without one, goes to the next.
    pub(super) fn replace_one(&mut self) {
        let Some(tab) = self.tabs.front() else { return };
        if let Some(span) = self.features.finding.current(tab).filter(|span| tab.selected().covers(*span)) {
            match replacement(&self.features.finding.query) {
                Ok(bytes) => {
                    let end = span.start() + bytes.len() as u64;
                    let edit = Edit::one("Replace", span, Content::Bytes(bytes));
                    self.edit(move |tab| tab.splice(edit, Selection::caret_at(end, tab.selection.column)));
                }
                Err(reason) => {
                    self.features.finding.error = Some(reason);
                    return;
                }
            }
        }
        self.find(false);
    }

    pub(super) fn replace_all(&mut self, id: TabId, revision: Revision, list: &SpanList) {
        let bytes = match replacement(&self.features.finding.query) {
            Ok(bytes) => bytes,
            Err(reason) => {
                self.features.finding.error = Some(reason);
                return;
            }
        };
        let count = list.len();
        let Some(tab) = self.tabs.get_mut(id) else { return };
        if tab.document().revision() != revision {
            self.features.finding.answer =
                String::from("Nothing was replaced: the file was edited during the search. Try again.");
            return;
        }
        let spans: Vec<Span> = list.iter().collect();
        let deletes = bytes.is_empty();
        let before = tab.len();
        let after = Selection::caret_at(tab.selected().start(), tab.selection.column);
        let done = tab.splice(Edit::same("Replace all", spans, Content::Bytes(bytes)), after);
        let len = tab.len();
        self.features.finding.hits = None;
        self.features.finding.answer = match done {
            Ok(()) => replaced_words(count, deletes, before, len),
            Err(reason) => {
                self.context.notices.push(Level::Error, Topic::Edit, Some(id), reason);
                String::from("Nothing was replaced.")
            }
        };
    }
}

/// What replacing `count` matches did to a file that had `before` bytes and now has `after`.
fn replaced_words(count: u64, deletes: bool, before: u64, after: u64) -> String {
    let did = if deletes { "Deleted" } else { "Replaced" };
    let matches = words::counted(count, "match", "matches");
    let length = match after.abs_diff(before) {
        0 => String::new(),
        by => format!(
            "; the file is {} {}",
            words::bytes(by),
            if after > before { "longer" } else { "shorter" }
        ),
    };
    format!("{did} {matches}{length}. One Undo reverts all.")
}
