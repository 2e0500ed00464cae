//! Replace: one match, the chosen rows of the list, or all matches. Many are one step, and only bytes that are still those
//! that were found are replaced.

use super::FindState;
use super::hits::{FoundMatch, Hits};
use super::places::MatchPlaces;
use super::query::{Query, REPLACE_IN_LIST, replacement};
use super::replace_elements::new_text;
use super::replaced_words::replaced_words;
use super::replacing::{MadeReplacement, MatchReplacement};
use super::rows::MatchRows;
use crate::analysis::spans::Peeked;
use crate::compute;
use crate::document::{Content, Edit, Places, Revision};
use crate::session::context::Context;
use crate::session::describe;
use crate::session::ids::TabId;
use crate::session::jobs::{Finished, Task};
use crate::session::notice::{Level, Topic};
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use crate::session::view::Selection;

/// What the step is called.
const LABEL: &str = "Replace all";
/// Bytes of a replacement that a row of the list shows.
const MOST_PREVIEW: usize = 120;

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
        if hits.found.arrays.is_some() {
            return match hits.found.peek(number) {
                Peeked::Ready(Some(FoundMatch { element: Some(element), .. })) => {
                    new_text(&element, &self.query.replacement)
                }
                Peeked::Ready(_) | Peeked::Missing => Ok(String::from("…")),
                Peeked::Lost => Err(hits.found.trouble().unwrap_or_default()),
            };
        }
        let bytes = replacement(&self.query_of(hits))?;
        let shown = &bytes[..bytes.len().min(MOST_PREVIEW)];
        Ok(match shown {
            [] => String::from("deleted"),
            shown if shown.len() < bytes.len() => format!("{} …", hits.found.reading().text(shown)),
            shown => hits.found.reading().text(shown),
        })
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
        let (Some(tab), Some(rows)) = (tabs.get(id), self.matches.all_rows()) else { return };
        if tab.document().revision() != revision {
            self.answer =
                String::from("Nothing was replaced: the file was edited during the search. Try again.");
            return;
        }
        self.start_replacing_bytes(rows, (bytes, true), tab, context);
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
        self.start_replacing_bytes(rows, (bytes, false), tab, context);
    }

    /// Has a worker find out what is put where.
    fn start_replacing_bytes(
        &mut self,
        rows: MatchRows,
        (bytes, is_search): (Vec<u8>, bool),
        tab: &Tab,
        context: &mut Context,
    ) {
        let Some(hits) = self.matches.hits() else { return };
        let what = Replacing { deletes: bytes.is_empty(), is_search };
        let work =
            MatchReplacement { rows, places: MatchPlaces::of(hits, tab), now: tab.shown().clone(), bytes };
        let task = Task::shown("replace", "Replacing").of(tab);
        self.replacing_bytes.clear();
        let started =
            self.replacing_bytes.start(context.waker(), task, what, move |progress| work.make(progress));
        match started {
            Ok(()) => self.answer = String::from("Replacing…"),
            Err((error, _)) => {
                context.say(format!("Nothing was replaced: no thread could be started ({error})."));
            }
        }
    }

    /// Replaces the bytes as one step.
    pub(super) fn replaced_bytes(
        &mut self,
        ended: Finished<Replacing, Result<MadeReplacement, String>>,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        let is_current = ended.is_current(tabs);
        let Some(tab) = ended.tab.and_then(|id| tabs.get_mut(id)) else { return };
        let made = ended.answer.unwrap_or_else(|| Err(String::from("Nothing was replaced.")));
        let done = made.and_then(|made| put(tab, made, ended.what.deletes, is_current, context));
        if done.is_ok() && ended.what.is_search {
            self.matches.clear();
        }
        let words = done.unwrap_or_else(|reason| reason);
        self.answer.clone_from(&words);
        self.answers += 1;
        if !ended.what.is_search || !self.open {
            context.say(words);
        }
    }
}

/// What a worker was asked to replace matches by.
#[derive(Debug)]
pub(super) struct Replacing {
    deletes: bool,
    /// Whether it is what a search has just found, and not the rows of the list.
    is_search: bool,
}

/// Does what a worker has made, as one step; answers what was done, or why nothing was.
fn put(
    tab: &mut Tab,
    made: MadeReplacement,
    deletes: bool,
    is_current: bool,
    context: &mut Context,
) -> Result<String, String> {
    let MadeReplacement { places, count, edited } = made;
    if !is_current {
        return Err(String::from("Nothing was replaced: the file was edited in the meantime. Try again."));
    }
    if count == 0 {
        return Err(String::from(
            "These matches have been edited since. Use Find all to list the matches again.",
        ));
    }
    let edit = match places {
        Places::Same(spans, content) => Edit::same(LABEL, spans, content),
        // What is in a temporary file is shown through the cache, as every file is.
        Places::Each(splices) => Edit::each(
            LABEL,
            compute::with_sources(splices, |source| match context.cache.attach(source.clone()) {
                Ok(cached) => cached,
                Err(_) => source,
            }),
        ),
    };
    let before = tab.len();
    let after = Selection::caret_at(tab.selected().start(), tab.selection.column);
    if let Err(reason) = tab.splice(edit, after) {
        context.notices.push(Level::Error, Topic::Edit, Some(tab.id), reason);
        return Err(String::from("Nothing was replaced."));
    }
    let mut words = replaced_words(count, deletes, before, tab.len());
    if edited > 0 {
        let were = describe::counted(edited, "match was", "matches were");
        words.push_str(&format!(" {were} edited since and left alone."));
    }
    Ok(words)
}
