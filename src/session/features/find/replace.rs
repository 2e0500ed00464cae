//! Replace: one match, the chosen rows of the list, or all matches. Many are one step, and only bytes that are still those
//! that were found are replaced.

use super::FindState;
use super::hits::{FoundMatch, Hits};
use super::query::{Query, REPLACE_IN_LIST, replacement};
use super::replace_elements::new_text;
use super::replaced_words::replaced_words;
use super::rows::MatchRows;
use crate::bytes::Span;
use crate::document::{Content, Edit, Revision};
use crate::session::context::Context;
use crate::session::describe;
use crate::session::ids::TabId;
use crate::session::notice::{Level, Topic};
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use crate::session::view::Selection;

impl FindState {
    /// Whether there is something to look for.
    pub fn has_needle(&self) -> bool {
        self.sought.is_some()
    }

    /// Whether the replacement and a match differ in length. `false` while either of them is not valid.
    pub fn changes_length(&self) -> bool {
        let Some(sought) = &self.sought else { return false };
        let len = sought.pattern().map(|pattern| pattern.max_len());
        replacement(&self.query).is_ok_and(|bytes| len.is_some_and(|len| bytes.len() != len))
    }

    /// What match `number` of the list would become: the text of its new value.
    ///
    /// # Errors
    /// A sentence when the replacement can't be read, or is no value of the element's type.
    pub fn preview(&self, hits: &Hits, number: u64) -> Result<String, String> {
        if let Some(FoundMatch { element: Some(element), .. }) = hits.found.get(number) {
            return new_text(&element, &self.query.replacement);
        }
        let bytes = replacement(&self.query_of(hits))?;
        Ok(if bytes.is_empty() { String::from("deleted") } else { hits.found.reading().text(&bytes) })
    }

    /// The question of a list, with the replacement that is typed now.
    fn query_of(&self, hits: &Hits) -> Query {
        Query { replacement: self.query.replacement.clone(), ..hits.query.clone() }
    }
}

impl FindState {
    /// Replaces the match that is selected and goes to the next; without one, goes to the next.
    pub(super) fn replace_one(&mut self, tabs: &mut Tabs, context: &mut Context) {
        let Some(tab) = tabs.front_mut() else { return };
        let is_bytes = self.sought.as_ref().is_none_or(|sought| sought.pattern().is_some());
        if !is_bytes {
            self.error = Some(String::from(REPLACE_IN_LIST));
            return;
        }
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

    /// Replaces what a search has just found.
    pub(super) fn replace_found(
        &mut self,
        (id, revision): (TabId, Revision),
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
        let (Some(tab), Some(hits)) = (tabs.get_mut(id), self.matches.hits()) else { return };
        if tab.document().revision() != revision {
            self.answer =
                String::from("Nothing was replaced: the file was edited during the search. Try again.");
            return;
        }
        let spans = hits.found.iter().map(|found| found.span).collect();
        let done = splice(tab, spans, bytes, context);
        self.matches.clear();
        self.answer = done.unwrap_or_else(|| String::from("Nothing was replaced."));
    }

    /// Replaces the chosen rows of the list.
    pub(in crate::session) fn replace_chosen(&mut self, tabs: &mut Tabs, context: &mut Context) {
        if self.matches.chosen().is_none() {
            return context.say("Choose rows of the list first.");
        }
        let rows = self.matches.meant_rows();
        self.replace_rows(rows, tabs, context);
    }

    /// Replaces all rows of the list.
    pub(in crate::session) fn replace_listed(&mut self, tabs: &mut Tabs, context: &mut Context) {
        let rows = self.matches.all_rows();
        self.replace_rows(rows, tabs, context);
    }

    fn replace_rows(&mut self, rows: Option<MatchRows>, tabs: &mut Tabs, context: &mut Context) {
        let Some(tab) = tabs.front_mut() else { return };
        let (Some(hits), Some(rows)) = (self.matches.shown(tab), rows) else { return };
        if hits.end.is_none() {
            return context.say("The search still runs. Replace when it has ended, or stop it first.");
        }
        if hits.found.arrays.is_some() {
            return self.start_replacing(rows, tabs, context);
        }
        let bytes = match tab.check_editable().and_then(|()| replacement(&self.query_of(hits))) {
            Ok(bytes) => bytes,
            Err(reason) => {
                self.error = Some(reason.clone());
                return context.say(reason);
            }
        };
        let is_as_found = tab.document().revision() == hits.revision();
        let now = |found: FoundMatch<'_>| if is_as_found { Some(found.span) } else { hits.now(&found, tab) };
        let mut spans: Vec<Span> = rows.iter().filter_map(now).collect();
        spans.sort_unstable_by_key(|span| span.start());
        let edited = rows.len() - spans.len() as u64;
        if spans.is_empty() {
            return context
                .say("These matches have been edited since. Use Find all to list the matches again.");
        }
        if let Some(mut words) = splice(tab, spans, bytes, context) {
            if edited > 0 {
                let were = describe::counted(edited, "match was", "matches were");
                words.push_str(&format!(" {were} edited since and left alone."));
            }
            self.answer.clone_from(&words);
            self.answers += 1;
            context.say(words);
        }
    }
}

/// Replaces the bytes of these spans, as one step; answers what was done. `None`, with a message, when it was refused.
fn splice(tab: &mut Tab, spans: Vec<Span>, bytes: Vec<u8>, context: &mut Context) -> Option<String> {
    let count = spans.len() as u64;
    let deletes = bytes.is_empty();
    let before = tab.len();
    let after = Selection::caret_at(tab.selected().start(), tab.selection.column);
    match tab.splice(Edit::same("Replace all", spans, Content::Bytes(bytes)), after) {
        Ok(()) => Some(replaced_words(count, deletes, before, tab.len())),
        Err(reason) => {
            context.notices.push(Level::Error, Topic::Edit, Some(tab.id), reason);
            None
        }
    }
}
