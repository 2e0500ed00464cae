//! Find and replace: the query, the search that runs, and its result.
//!
//! A search runs on a snapshot, on a worker. The last result is kept with the revision for which it is valid.

mod matches;
pub mod query;
mod replace;

pub use matches::MatchLine;
pub use query::{Query, QueryKind, Reach};

use crate::analysis::search::{End, Pattern};
use crate::analysis::{
    Direction, Limit, Needle, NextHit, Search, SpanList, Tally, Unread, scan::Window, spans,
};
use crate::bytes::{Availability, Source, Span};
use crate::decode::DType;
use crate::decode::dtype::ItemType;
use crate::document::{Mapped, Revision};
use crate::session::action::FindAction;
use crate::session::arrays::ArrayView;
use crate::session::context::Context;
use crate::session::describe;
use crate::session::ids::TabId;
use crate::session::jobs::{Activity, Finished, Jobs, Task};
use crate::session::panes::PaneKind;
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use crate::session::view::Selection;
use query::{NOT_HEX, compile, replacement};
use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Places kept at most; each takes a few bytes.
const HITS: Limit = Limit { spans: 50_000_000, bytes: 256 << 20 };
/// What the status bar writes of a search.
const SEARCHING: &str = "Searching";
/// What is said when a worker has ended without an answer.
const LOST: &str = "The search ended unexpectedly.";
/// A needle longer than this is not marked where the screen cuts it off.
const MARKED_CONTEXT: u64 = 4096;
/// Matches marked on one screen at most.
const MARKED: usize = 20_000;

/// All places of a needle, as of a revision.
#[derive(Debug)]
pub struct Hits {
    pub tab: TabId,
    pub revision: Revision,
    pub list: Arc<SpanList>,
    /// `None` while the search runs.
    pub end: Option<End>,
    pub unread: Unread,
}

/// A search for the next match, or the one before.
#[derive(Debug)]
struct Next {
    backwards: bool,
}

/// A search for all matches, to list or to replace them.
#[derive(Debug)]
struct All {
    replace: bool,
}

/// The state of Find and Replace.
#[derive(Debug, Default)]
pub struct FindState {
    pub open: bool,
    /// How often the bar was asked for: each time its field takes the keys, and what is in it is marked.
    pub asked: u64,
    pub replacing: bool,
    pub query: Query,
    /// Why the typed text is no needle.
    pub error: Option<String>,
    /// What the last search said.
    pub answer: String,
    /// What it could not read, and why; empty when it could read all.
    pub passed_over: String,
    pub hits: Option<Hits>,
    /// Whether the matches are listed.
    lists: bool,
    /// The match that was chosen in the list.
    chosen: Option<u64>,
    /// The match that the search stands on, and of which state of which tab it is true.
    current: Option<(TabId, Revision, Span)>,
    /// How many searches have ended; two may say the same.
    answers: u64,
    needle: Option<Arc<Needle>>,
    next: Jobs<(Revision, Next), NextHit>,
    all: Jobs<(Revision, All), Tally>,
}

impl FindState {
    /// What is running.
    pub(in crate::session) fn activities(&self) -> impl Iterator<Item = Activity> {
        self.next.activities().chain(self.all.activities())
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
        is_no_hex.then(|| if compile(&as_value).is_ok() { QueryKind::Value } else { QueryKind::Text })
    }

    /// Ends the search; `false` when none runs.
    pub(in crate::session) fn cancel(&mut self, _: &mut Context) -> bool {
        let was_searching = self.forget_search();
        if was_searching {
            self.answer = String::from("Stopped.");
        }
        was_searching
    }

    fn forget_search(&mut self) -> bool {
        let next = self.next.clear();
        self.all.clear() || next
    }

    /// The match that the search stands on in `tab`, where its bytes are now; `None` once they were edited.
    pub fn current(&self, tab: &Tab) -> Option<Span> {
        let (_, revision, span) = self.current.filter(|(id, ..)| *id == tab.id)?;
        match tab.document().map_span(span, revision) {
            Mapped::Intact(span) => Some(span),
            Mapped::Touched(_) | Mapped::Gone | Mapped::Unknown => None,
        }
    }

    /// Where the needle stands in the visible bytes of `tab`, for marking it.
    pub fn marked(&self, tab: &Tab, visible: Span) -> Vec<Span> {
        let Some(needle) = self.needle.as_ref().filter(|_| self.open) else { return Vec::new() };
        let context = (needle.max_len() as u64 - 1).min(MARKED_CONTEXT);
        let wide =
            Span::between(visible.start().saturating_sub(context), visible.end().saturating_add(context))
                .clamp_to(tab.len());
        let mut bytes = vec![0; wide.len() as usize];
        let mut states = vec![Availability::Missing; bytes.len()];
        tab.shown().peek(wide.start(), &mut bytes, &mut states);
        let mut marks = Vec::new();
        let window = Window { bytes: &bytes, offset: wide.start(), starts: bytes.len() };
        let _ = needle.find_in(&window, &mut |hit| {
            if states[hit.at..hit.at + hit.len].iter().all(|state| *state == Availability::Ready) {
                let start = wide.start() + hit.at as u64;
                marks.push(Span::between(start, start + hit.len as u64));
            }
            if marks.len() < MARKED { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        marks
    }
}

impl FindState {
    /// Does what the window asks.
    pub(in crate::session) fn apply(&mut self, action: FindAction, tabs: &mut Tabs, context: &mut Context) {
        match action {
            FindAction::SetQuery(query) => self.set_query(query),
            FindAction::From { backwards } => self.find(backwards, tabs, context),
            FindAction::ReplaceOne => self.replace_one(tabs, context),
            FindAction::ReplaceAll(reach) => self.find_all(reach, true, tabs, context),
            FindAction::Close => self.close(context),
            FindAction::ShowMatch(n) => self.show_match_line(n, tabs, context),
            FindAction::CloseMatches => self.close_matches(context),
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
        if let Some(dtype) = tabs.front().and_then(Tab::shown_dtype) {
            self.query.dtype = Some(dtype);
        }
        if let Some(encoding) = tabs.front().map(Tab::text_encoding) {
            self.query.encoding = encoding;
        }
    }

    /// Hides the bar.
    pub(in crate::session) fn close(&mut self, context: &mut Context) {
        self.open = false;
        context.want_grid_focus();
    }

    fn set_query(&mut self, query: Query) {
        let same_needle = Query { replacement: query.replacement.clone(), ..self.query.clone() } == query;
        self.query = query;
        if same_needle {
            // What was said of the replacement may be true no more.
            self.compile_query();
            return;
        }
        self.forget_search();
        self.hits = None;
        self.current = None;
        self.answer.clear();
        self.passed_over.clear();
        self.compile_query();
    }

    /// Whether there is something to look for.
    fn compile_query(&mut self) -> bool {
        (self.needle, self.error) = match compile(&self.query) {
            Ok(needle) => (Some(Arc::new(needle)), None),
            // An empty field is not yet a mistake.
            Err(_) if self.query.text.trim().is_empty() => (None, None),
            Err(reason) => (None, Some(reason)),
        };
        self.needle.is_some()
    }

    /// Looks for the next match from the caret on, or for the one before.
    pub(in crate::session) fn find(&mut self, backwards: bool, tabs: &Tabs, context: &Context) {
        if self.needle.is_none() && !self.compile_query() {
            self.open(self.replacing, tabs);
            return;
        }
        let Some(needle) = self.needle.clone() else { return };
        let Some(tab) = tabs.front() else { return };
        let snapshot = tab.shown().clone();
        // The match that the search stands on is not the next one, if the caret is still there.
        let here = tab.selected();
        let current = self.current(tab).filter(|span| here.covers(*span) || tab.hides(*span));
        let from = match (current, backwards) {
            (Some(span), false) => span.start().saturating_add(1),
            // The match before ends where this one begins, at the latest.
            (Some(span), true) => span.start(),
            (None, _) => here.start(),
        };
        let direction = if backwards { Direction::Backward } else { Direction::Forward };
        self.forget_search();
        let (task, what) =
            (Task::shown("find", SEARCHING).of(tab), (snapshot.revision(), Next { backwards }));
        let started = self.next.start(context.waker(), task, what, move |progress| {
            progress.set_total(snapshot.len());
            Search::new(&snapshot, needle.as_ref(), progress).find_next(from, direction, true)
        });
        self.say_started(started.map_err(|(error, _)| error));
    }

    /// Looks for all places in the file or the selection, to list or to replace them.
    pub(in crate::session) fn find_all(
        &mut self,
        reach: Reach,
        replace: bool,
        tabs: &Tabs,
        context: &Context,
    ) {
        if replace
            && let Err(reason) =
                tabs.front().map_or(Ok(()), Tab::check_editable).and(replacement(&self.query).map(drop))
        {
            self.error = Some(reason);
            return;
        }
        if self.needle.is_none() && !self.compile_query() {
            self.open(replace, tabs);
            return;
        }
        let Some(needle) = self.needle.clone() else { return };
        let Some(tab) = tabs.front() else { return };
        let snapshot = tab.shown().clone();
        let within = match reach {
            Reach::Selection if !tab.selected().is_empty() => tab.selected(),
            Reach::Selection | Reach::File => Span::first(tab.len()),
        };
        let revision = snapshot.revision();
        let (mut recorder, list) = spans::recorder(HITS);
        self.hits = Some(Hits { tab: tab.id, revision, list, end: None, unread: Unread::default() });
        (self.lists, self.chosen) = (!replace, None);
        self.forget_search();
        let (task, what) = (Task::shown("find all", SEARCHING).of(tab), (revision, All { replace }));
        let started = self.all.start(context.waker(), task, what, move |progress| {
            progress.set_total(within.len());
            Search::new(&snapshot, needle.as_ref(), progress).find_all(within, &mut recorder)
        });
        self.say_started(started.map_err(|(error, _)| error));
    }

    fn say_started(&mut self, started: io::Result<()>) {
        match started {
            Ok(()) => {
                self.answer = String::from("Searching…");
                self.passed_over.clear();
            }
            Err(error) => self.error = Some(format!("No thread could be started ({error}).")),
        }
    }

    /// Takes what searches have found since the last call.
    pub(in crate::session) fn poll(&mut self, tabs: &mut Tabs, context: &mut Context) {
        let (next, all) = (self.next.drain_finished(), self.all.drain_finished());
        if next.is_empty() && all.is_empty() {
            return;
        }
        next.into_iter().for_each(|ended| self.found(ended, tabs));
        all.into_iter().for_each(|ended| self.found_all(ended, tabs, context));
        self.answers += 1;
        if !self.open && !self.answer.is_empty() {
            // F3 goes on without the bar, which would say it.
            context.say(self.answer.clone());
        }
    }

    fn found(&mut self, ended: Finished<(Revision, Next), NextHit>, tabs: &mut Tabs) {
        let (revision, Next { backwards }) = ended.what;
        let Some(found) = ended.answer else {
            self.answer = String::from(LOST);
            return;
        };
        self.passed_over = unread_words(&found.unread);
        let mut current = None;
        let Some(tab) = ended.tab.and_then(|id| tabs.get_mut(id)) else { return };
        let id = tab.id;
        let answer = match found.span.map(|span| tab.document().map_span(span, revision)) {
            None => String::from("Not found."),
            // Who has gone on editing is not to be carried away from it.
            Some(Mapped::Intact(span)) if tab.edit.is_some() || tab.document().revision() != revision => {
                format!("Found at {}. Search again to go there.", describe::hex(span.start()))
            }
            Some(Mapped::Intact(span)) if tab.hides(span) => {
                current = Some((id, tab.document().revision(), span));
                matches::outside_array(tab, span)
            }
            Some(Mapped::Intact(span)) => {
                tab.show_match(span);
                current = Some((id, tab.document().revision(), span));
                match (found.wrapped, backwards) {
                    (false, _) => String::new(),
                    (true, false) => String::from("Wrapped to the start."),
                    (true, true) => String::from("Wrapped to the end."),
                }
            }
            Some(Mapped::Touched(_) | Mapped::Gone | Mapped::Unknown) => {
                String::from("The match has been edited since. Search again.")
            }
        };
        self.current = current;
        self.answer = answer;
    }

    fn found_all(&mut self, ended: Finished<(Revision, All), Tally>, tabs: &mut Tabs, context: &mut Context) {
        let (revision, All { replace }) = ended.what;
        let Some(tally) = ended.answer else {
            self.answer = String::from(LOST);
            return;
        };
        let Some(id) = ended.tab else { return };
        let Some(hits) = self.hits.as_mut().filter(|hits| hits.tab == id) else { return };
        let count = hits.list.len();
        let more = if tally.end == End::Cut { "More than " } else { "" };
        self.passed_over = unread_words(&tally.unread);
        self.answer = format!("{more}{}.", describe::counted(count, "match", "matches"));
        hits.end = Some(tally.end);
        hits.unread = tally.unread;
        if replace && tally.end == End::Complete && count > 0 {
            let list = Arc::clone(&hits.list);
            self.replace_all((id, revision), &list, tabs, context);
        } else if replace && tally.end == End::Cut {
            self.answer.push_str(
                " These are too many to replace in one step. Select a part of the file and replace there.",
            );
        }
    }

    /// Forgets what belongs to a tab that is closed.
    pub(in crate::session) fn forget_tab(&mut self, id: TabId) {
        self.hits.take_if(|hits| hits.tab == id);
        self.next.forget_tab(id);
        self.all.forget_tab(id);
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
