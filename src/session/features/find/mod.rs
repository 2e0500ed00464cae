//! Find and replace: the query, the search that runs, and its result.
//!
//! A search runs on a snapshot, on a worker. The last result is kept with the revision for which it is valid.
//!
//! | file | what it holds |
//! |---|---|
//! | `query`, `value_types`, `history` | what is typed, and what it looks for; of which types a value is; what was looked for before |
//! | `next`, `all` | the two searches: one match, or all of them |
//! | `element_search`, `element_test`, `sought_arrays` | the same for the elements of arrays |
//! | `known_numbers` | numbers of all elements, for the next match |
//! | `readings_search` | the next value of bytes that are read as several types |
//! | `asked_part` | the elements of a part of an array, for another feature |
//! | `hits`, `list`, `order`, `rows` | what was found; the list of it, its order, and the rows that are meant |
//! | `places` | where matches are after edits |
//! | `matches`, `names`, `element_map` | the texts of a row |
//! | `marks` | the matches on the screen |
//! | `replace`, `replacing`, `replace_elements`, `replaced_words`, `select`, `handing` | what is done to matches: replaced, selected, copied, exported |

mod all;
mod asked_part;
mod element_map;
mod element_search;
mod element_test;
mod handing;
mod history;
mod hits;
mod known_numbers;
#[cfg(test)]
mod late;
mod list;
mod marks;
mod matches;
mod names;
mod next;
pub mod order;
mod places;
pub mod query;
mod readings_search;
mod replace;
mod replace_elements;
mod replaced_words;
mod replacing;
mod rows;
mod select;
mod sought_arrays;
pub mod value_types;

pub use hits::{FoundMatch, FoundMatches, Hits, MatchReading};
pub use list::MatchList;
pub(in crate::session) use matches::outside_array;
pub use matches::{MatchContext, MatchLine};
pub use order::{MatchOrder, OrderKey};
pub use query::{Query, QueryKind, Reach, TabFacts};
pub(in crate::session) use sought_arrays::SoughtArrays;
pub use value_types::{ValueOrders, ValueTypes, dtype_words};

use crate::analysis::Unread;
use crate::bytes::Span;
use crate::decode::DType;
use crate::decode::dtype::ItemType;
use crate::document::Revision;
use crate::session::action::FindAction;
use crate::session::arrays::ArrayView;
use crate::session::context::Context;
use crate::session::describe;
use crate::session::ids::TabId;
use crate::session::jobs::{Activity, Jobs};
use crate::session::panes::PaneKind;
use crate::session::request::Request;
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use crate::session::view::Selection;
use all::{All, AllAnswer};
use history::QueryHistory;
use known_numbers::NumbersOf;
use next::{Next, NextAnswer};
use query::{NOT_HEX, Sought, compile};
use replace::Replacing;
use replace_elements::NewBytes;
use replacing::MadeReplacement;
use std::io;

/// What the list of matches is called.
pub const MATCHES: &str = "matches";
/// What the status bar writes of a search.
const SEARCHING: &str = "Searching";
/// What is said when a worker has ended without an answer.
const LOST: &str = "The search ended unexpectedly.";

/// The state of Find and Replace.
#[derive(Debug, Default)]
pub struct FindState {
    pub open: bool,
    /// How often the bar was asked for: each time its field takes the keys, and what is in it is marked.
    pub asked: u64,
    pub replacing: bool,
    pub query: Query,
    /// Why the typed text can't be looked for.
    pub error: Option<String>,
    /// The character of it that is wrong, from 0.
    pub error_at: Option<usize>,
    /// What the last search said.
    pub answer: String,
    /// What it could not read, and why; empty when it could read all.
    pub passed_over: String,
    /// The types that can't have the value, so that they were not searched: a note, and no fault.
    pub left_out: String,
    /// All matches, to be listed.
    pub matches: MatchList,
    /// The match that the search stands on, and of which state of which tab it is true.
    current: Option<(TabId, Revision, Span)>,
    /// The element that was found last: its tab, the number of its array in the container, its number there.
    last_element: Option<(TabId, Option<u32>, u64)>,
    /// How many searches have ended; two may say the same.
    answers: u64,
    sought: Option<Sought>,
    /// What is shown, by which values are read.
    pub facts: TabFacts,
    next: Jobs<(Revision, Next), NextAnswer>,
    all: Jobs<(Revision, All), AllAnswer>,
    history: QueryHistory,
    numbers: Option<NumbersOf>,
    /// With the state of the document that was searched.
    replacing_elements: Jobs<Revision, NewBytes>,
    replacing_bytes: Jobs<Replacing, Result<MadeReplacement, String>>,
    /// Finds out whether rows are one run of bytes.
    joining: Jobs<(), Result<Span, String>>,
}

impl FindState {
    /// What is running.
    pub(in crate::session) fn activities(&self) -> impl Iterator<Item = Activity> {
        let searches = self.next.activities().chain(self.all.activities());
        let replaced = self.replacing_elements.activities().chain(self.replacing_bytes.activities());
        searches.chain(self.matches.activities()).chain(replaced).chain(self.joining.activities())
    }

    /// Whether a search runs.
    pub fn is_searching(&self) -> bool {
        !(self.next.is_empty() && self.all.is_empty())
    }

    /// How many searches have ended.
    pub fn answers(&self) -> u64 {
        self.answers
    }

    /// How else the typed text can be read, when it is no hex.
    pub fn offer(&self) -> Option<QueryKind> {
        let is_no_hex = self.query.kind == QueryKind::Hex
            && self.error.as_ref().is_some_and(|error| error.starts_with(NOT_HEX));
        let as_value = Query { kind: QueryKind::Value, ..self.query.clone() };
        is_no_hex
            .then(|| if compile(&as_value, &self.facts).is_ok() { QueryKind::Value } else { QueryKind::Text })
    }

    /// Ends what the status bar shows first; `false` when nothing runs.
    pub(in crate::session) fn cancel(&mut self, _: &mut Context) -> bool {
        let was_searching = self.end_search();
        if was_searching {
            self.answer = String::from("Stopped.");
        }
        was_searching
            || self.matches.cancel()
            || self.replacing_elements.clear()
            || self.stop_replacing()
            || self.joining.clear()
    }

    fn stop_replacing(&mut self) -> bool {
        let was_replacing = self.replacing_bytes.clear();
        if was_replacing {
            self.answer = String::from("Stopped. Nothing was replaced.");
        }
        was_replacing
    }

    /// Ends the search; what was found so far stays listed.
    fn end_search(&mut self) -> bool {
        let was_searching = self.forget_search();
        if let Some(hits) = self.matches.hits.as_mut().filter(|hits| hits.end.is_none()) {
            hits.end = Some(crate::analysis::search::End::Cancelled);
        }
        was_searching
    }

    fn forget_search(&mut self) -> bool {
        let next = self.next.clear();
        self.all.clear() || next
    }
}

impl FindState {
    /// Does what the window asks.
    pub(in crate::session) fn apply(&mut self, action: FindAction, tabs: &mut Tabs, context: &mut Context) {
        match action {
            FindAction::SetQuery(query) => {
                self.facts = TabFacts::of(tabs.front());
                self.set_query(query);
            }
            FindAction::From { backwards } => self.find(backwards, tabs, context),
            FindAction::Recall { older } => self.recall(older),
            FindAction::ReplaceOne => self.replace_one(tabs, context),
            FindAction::ReplaceAll(reach) => self.find_all(reach, true, tabs, context),
            FindAction::ListAll => self.find_all(Reach::File, false, tabs, context),
            FindAction::Close => self.close(context),
            FindAction::ShowMatch(row) => self.show_match_row(row, tabs, context),
            FindAction::ExtendMatches(row) => self.extend_match_rows(row, tabs, context),
            FindAction::ChooseAllMatches => self.matches.choose_all(),
            FindAction::SortMatches(by) => self.sort_matches(by, context),
            FindAction::CloseMatches => self.close_matches(context),
        }
    }

    /// Shows the bar to find by this kind of question.
    pub(in crate::session) fn open_as(&mut self, kind: QueryKind, tabs: &Tabs) {
        self.open(self.replacing && self.open, tabs);
        self.set_query(Query { kind, ..self.query.clone() });
    }

    /// Lists the values of the array that is shown, or of all arrays of the file, that fit a question.
    pub(in crate::session) fn list_where(&mut self, question: &str, tabs: &Tabs, context: &Context) {
        self.facts = TabFacts::of(tabs.front());
        self.set_query(Query { kind: QueryKind::Where, text: question.to_owned(), ..self.query.clone() });
        self.find_all(Reach::File, false, tabs, context);
    }

    /// The keys go to the list of a search for all matches that has just begun.
    pub(in crate::session) fn give_list_keys(&self, context: &mut Context) {
        if !self.all.is_empty() && self.matches.is_open {
            context.request(Request::FocusList(MATCHES));
        }
    }

    /// Shows the bar, for replacing too with `replacing`.
    pub(in crate::session) fn open(&mut self, replacing: bool, tabs: &Tabs) {
        self.open = true;
        self.asked += 1;
        self.replacing = replacing;
        if !self.query.text.is_empty() {
            return;
        }
        self.facts = TabFacts::of(tabs.front());
        if let Some(encoding) = tabs.front().map(Tab::text_encoding) {
            self.query.encoding = encoding;
        }
    }

    /// Hides the bar.
    pub(in crate::session) fn close(&mut self, context: &mut Context) {
        self.open = false;
        context.want_grid_focus();
    }

    /// Puts an older or a newer query of the history into the field.
    fn recall(&mut self, older: bool) {
        if let Some(query) = self.history.recall(&self.query, older) {
            self.put_query(query);
        }
    }

    fn set_query(&mut self, query: Query) {
        if query.text != self.query.text {
            self.history.leave();
        }
        self.put_query(query);
    }

    fn put_query(&mut self, query: Query) {
        let asks_the_same = Query { replacement: query.replacement.clone(), ..self.query.clone() } == query;
        self.query = query;
        if asks_the_same {
            // What was said of the replacement may be true no more.
            self.compile_query();
            return;
        }
        self.end_search();
        (self.current, self.last_element) = (None, None);
        self.answer.clear();
        self.passed_over.clear();
        self.left_out.clear();
        self.compile_query();
    }

    /// Whether there is something to look for.
    fn compile_query(&mut self) -> bool {
        self.error_at = None;
        (self.sought, self.error) = match compile(&self.query, &self.facts) {
            Ok(sought) => (Some(sought), None),
            // An empty field is not yet a mistake.
            Err(_) if self.query.text.trim().is_empty() => (None, None),
            Err(error) => {
                self.error_at = error.at;
                (None, Some(error.reason))
            }
        };
        self.sought.is_some()
    }

    fn say_started(&mut self, started: io::Result<()>) {
        match started {
            Ok(()) => {
                self.answer = String::from("Searching…");
                self.passed_over.clear();
                self.left_out.clear();
            }
            Err(error) => self.error = Some(format!("No thread could be started ({error}).")),
        }
    }

    /// Takes what workers have finished since the last call.
    pub(in crate::session) fn poll(&mut self, tabs: &mut Tabs, context: &mut Context) {
        if self.matches.read_wanted(context) && self.matches.is_followed_late {
            self.follow_chosen(tabs, context);
        }
        self.matches.poll(context);
        for ended in self.replacing_bytes.drain_finished() {
            self.replaced_bytes(ended, tabs, context);
        }
        for ended in self.joining.drain_finished() {
            FindState::joined(ended, tabs, context);
        }
        for ended in self.replacing_elements.drain_finished() {
            self.replaced_elements(ended, tabs, context);
        }
        let (next, all) = (self.next.drain_finished(), self.all.drain_finished());
        if next.is_empty() && all.is_empty() {
            return;
        }
        next.into_iter().for_each(|ended| self.found(ended, tabs, context));
        all.into_iter().for_each(|ended| self.found_all(ended, tabs, context));
        self.answers += 1;
        if !self.open && !self.answer.is_empty() {
            // F3 goes on without the bar, which would say it.
            context.say(self.answer.clone());
        }
    }

    /// Forgets what belongs to a tab that is closed.
    pub(in crate::session) fn forget_tab(&mut self, id: TabId) {
        self.matches.forget_tab(id);
        self.next.forget_tab(id);
        self.all.forget_tab(id);
        self.replacing_bytes.forget_tab(id);
        self.joining.forget_tab(id);
        self.numbers.take_if(|numbers| numbers.is_of(id));
    }
}
impl Tab {
    /// Whether only arrays are shown, the keys go to one of the file's own bytes, and `span` lies outside all of them.
    pub(in crate::session) fn hides(&self, span: Span) -> bool {
        let array = |pane| self.panes.get(pane).content.array();
        let has = |view: &ArrayView| view.unpacked.is_none() && view.has_byte(span.start());
        array(self.focus()).is_some_and(|view| view.unpacked.is_none())
            && self.layout().panes().into_iter().all(|pane| array(pane).is_some_and(|view| !has(view)))
    }

    /// The type of the values on the screen; `None` for bytes alone and for records.
    pub fn shown_dtype(&self) -> Option<DType> {
        match self.array() {
            Some(view) => match view.table.item(view.block.caret.1)? {
                ItemType::Scalar(dtype) => Some(*dtype),
                _ => None,
            },
            None => Some(self.values().format.dtype),
        }
    }

    /// Selects a match, in the bytes where it is not made of whole values.
    pub(in crate::session) fn show_match(&mut self, span: Span) {
        let selection = Selection::of(span, self.selection.column);
        if self.focus_kind() == PaneKind::Values
            && let Some(bytes) = self.shown_of_kind(PaneKind::Bytes)
            && selection.snapped(&self.map()).span() != span
        {
            self.set_focus(bytes);
        }
        self.jump(Selection::of(span, self.selection.column));
    }
}

fn unread_words(unread: &Unread) -> String {
    if unread.is_empty() {
        return String::new();
    }
    let reason = unread.reason().map(ToString::to_string).unwrap_or_default();
    format!("{} could not be read and were skipped: {reason}.", describe::bytes(unread.bytes()))
}
