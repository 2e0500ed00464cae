//! Find and replace: what is looked for, the search that runs, and what it found.
//!
//! A search runs on a snapshot, on a worker. The last answer is kept with the revision it is true of. What a replace
//! does with it is in `replacing`.

use super::pane::PaneId;
use super::replacing::replacement;
use super::tab::Tab;
use super::view::Selection;
use super::{DEFAULT_DTYPE, Session, TabId, words};
use crate::analysis::search::{End, Pattern};
use crate::analysis::{
    Case, Direction, Found, Limit, Needle, NeedleError, Search, SpanList, Tally, Unread, scan::Window, spans,
};
use crate::bytes::{Availability, Source, Span};
use crate::decode::item::ItemType;
use crate::decode::{DType, Encoding, hex};
use crate::document::{Mapped, Revision};
use crate::job::{Job, Poll, Progress};
use std::ops::ControlFlow;
use std::sync::Arc;

/// How the typed needle is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueryKind {
    #[default]
    Hex,
    Text,
    /// A number as [`Query::dtype`] has it: its bytes are looked for.
    Value,
}

/// What is looked for, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub text: String,
    pub replacement: String,
    pub kind: QueryKind,
    pub any_case: bool,
    pub encoding: Encoding,
    /// The type of a value; `None` until one was chosen or shown.
    pub dtype: Option<DType>,
}

/// Where all places are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    File,
    Selection,
}

/// Places kept at most; each takes a few bytes.
const HITS: Limit = Limit { spans: 50_000_000, bytes: 256 << 20 };
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

#[derive(Debug)]
enum Running {
    Next { tab: TabId, revision: Revision, backwards: bool, job: Job<Found> },
    All { tab: TabId, revision: Revision, replace: bool, job: Job<Tally> },
}

/// The state of Find and Replace.
#[derive(Debug, Default)]
pub struct Finding {
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
    pub(super) lists: bool,
    /// The match that was chosen in the list.
    pub(super) chosen: Option<u64>,
    /// The match that the search stands on, and of which state of which tab it is true.
    pub(super) current: Option<(TabId, Revision, Span)>,
    /// How many searches have ended; two may say the same.
    answers: u64,
    pub(super) needle: Option<Arc<Needle>>,
    running: Option<Running>,
}

impl Finding {
    pub fn progress(&self) -> Option<&Progress> {
        match self.running.as_ref()? {
            Running::Next { job, .. } => Some(job.progress()),
            Running::All { job, .. } => Some(job.progress()),
        }
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

    pub fn cancel(&mut self) {
        if self.running.take().is_some() {
            self.answer = String::from("Stopped.");
        }
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

/// The needle of a query.
fn compile(query: &Query) -> Result<Needle, String> {
    let plain = |error: NeedleError| error.to_string();
    match query.kind {
        QueryKind::Hex => Needle::exact(&hex_bytes(&query.text)?).map_err(plain),
        QueryKind::Value => Needle::exact(&value_bytes(query, &query.text)?).map_err(plain),
        QueryKind::Text => {
            let case = if query.any_case { Case::Unicode } else { Case::Exact };
            let mut utf8 = [0; 4];
            let encode = |c: char| query.encoding.encode(c.encode_utf8(&mut utf8)).ok();
            Needle::text(&query.text, case, encode).map_err(plain)
        }
    }
}

const NOT_HEX: &str = "Not hex";

/// Typed hex. A number with a sign, a point or an exponent is not meant as its digits.
pub(super) fn hex_bytes(text: &str) -> Result<Vec<u8>, String> {
    if text.trim_start().starts_with(['-', '+']) {
        return Err(format!("{NOT_HEX}: a number with a sign is a value."));
    }
    let text = text.trim_end();
    hex::parse(text).map_err(|error| match text.chars().nth(error.at) {
        Some(digit) if digit.is_ascii_hexdigit() && error.at + 1 == text.chars().count() => {
            String::from("Incomplete byte at the end.")
        }
        _ => format!("{NOT_HEX}: {error}."),
    })
}

/// The bytes of a typed number.
pub(super) fn value_bytes(query: &Query, text: &str) -> Result<Vec<u8>, String> {
    let dtype = query.dtype.unwrap_or(DEFAULT_DTYPE);
    dtype.encode(text.trim()).map_err(|error| format!("Not a value of {}: {error}.", dtype.element.name()))
}

impl Session {
    pub fn finding(&self) -> &Finding {
        &self.features.finding
    }

    pub(super) fn open_find(&mut self, replacing: bool) {
        self.features.finding.open = true;
        self.features.finding.asked += 1;
        self.features.finding.replacing = replacing;
        if let Some(dtype) = self
            .tabs
            .front()
            .and_then(Tab::shown_dtype)
            .filter(|_| self.features.finding.query.text.is_empty())
        {
            self.features.finding.query.dtype = Some(dtype);
        }
        if let Some(encoding) =
            self.tabs.front().map(Tab::text_encoding).filter(|_| self.features.finding.query.text.is_empty())
        {
            self.features.finding.query.encoding = encoding;
        }
    }

    pub(super) fn set_query(&mut self, query: Query) {
        let same_needle =
            Query { replacement: query.replacement.clone(), ..self.features.finding.query.clone() } == query;
        self.features.finding.query = query;
        if same_needle {
            // What was said of the replacement may be true no more.
            self.compile_query();
            return;
        }
        self.features.finding.running = None;
        self.features.finding.hits = None;
        self.features.finding.current = None;
        self.features.finding.answer.clear();
        self.features.finding.passed_over.clear();
        self.compile_query();
    }

    /// Whether there is something to look for.
    fn compile_query(&mut self) -> bool {
        let finding = &mut self.features.finding;
        (finding.needle, finding.error) = match compile(&finding.query) {
            Ok(needle) => (Some(Arc::new(needle)), None),
            // An empty field is not yet a mistake.
            Err(_) if finding.query.text.trim().is_empty() => (None, None),
            Err(reason) => (None, Some(reason)),
        };
        finding.needle.is_some()
    }

    pub(super) fn find(&mut self, backwards: bool) {
        if self.features.finding.needle.is_none() && !self.compile_query() {
            self.open_find(self.features.finding.replacing);
            return;
        }
        let Some(needle) = self.features.finding.needle.clone() else { return };
        let Some(tab) = self.tabs.front() else { return };
        let (id, snapshot) = (tab.id, tab.shown().clone());
        // The match that the search stands on is not the next one, if the caret is still there.
        let here = tab.selected();
        let current =
            self.features.finding.current(tab).filter(|span| here.covers(*span) || tab.hides(*span));
        let from = match (current, backwards) {
            (Some(span), false) => span.start().saturating_add(1),
            // The match before ends where this one begins, at the latest.
            (Some(span), true) => span.start(),
            (None, _) => here.start(),
        };
        let revision = snapshot.revision();
        let direction = if backwards { Direction::Backward } else { Direction::Forward };
        let job = Job::spawn("find", self.context.waker(), move |progress| {
            progress.set_total(snapshot.len());
            Search::new(&snapshot, needle.as_ref(), progress).find_next(from, direction, true)
        });
        self.start_search(job.map(|job| Running::Next { tab: id, revision, backwards, job }));
    }

    /// Looks for all places in the file or the selection, to list or to replace them.
    pub(super) fn find_all(&mut self, reach: Reach, replace: bool) {
        if replace
            && let Err(reason) = self
                .tabs
                .front()
                .map_or(Ok(()), Tab::check_editable)
                .and(replacement(&self.features.finding.query).map(drop))
        {
            self.features.finding.error = Some(reason);
            return;
        }
        if self.features.finding.needle.is_none() && !self.compile_query() {
            self.open_find(replace);
            return;
        }
        let Some(needle) = self.features.finding.needle.clone() else { return };
        let Some(tab) = self.tabs.front() else { return };
        let (id, snapshot) = (tab.id, tab.shown().clone());
        let within = match reach {
            Reach::Selection if !tab.selected().is_empty() => tab.selected(),
            Reach::Selection | Reach::File => Span::first(tab.len()),
        };
        let revision = snapshot.revision();
        let (mut recorder, list) = spans::recorder(HITS);
        self.features.finding.hits =
            Some(Hits { tab: id, revision, list, end: None, unread: Unread::default() });
        (self.features.finding.lists, self.features.finding.chosen) = (!replace, None);
        let job = Job::spawn("find all", self.context.waker(), move |progress| {
            progress.set_total(within.len());
            Search::new(&snapshot, needle.as_ref(), progress).find_all(within, &mut recorder)
        });
        self.start_search(job.map(|job| Running::All { tab: id, revision, replace, job }));
    }

    fn start_search(&mut self, running: std::io::Result<Running>) {
        match running {
            Ok(running) => {
                self.features.finding.answer = String::from("Searching…");
                self.features.finding.passed_over.clear();
                self.features.finding.running = Some(running);
            }
            Err(error) => {
                self.features.finding.error = Some(format!("No thread could be started ({error})."))
            }
        }
    }

    pub(super) fn poll_finding(&mut self) {
        let Some(running) = &mut self.features.finding.running else { return };
        match running {
            Running::Next { tab, revision, backwards, job } => {
                let (tab, revision, backwards) = (*tab, *revision, *backwards);
                match job.poll() {
                    Poll::Running => return,
                    Poll::Done(found) => self.found(tab, revision, backwards, &found),
                    Poll::Lost => {
                        self.features.finding.answer = String::from("The search ended unexpectedly.")
                    }
                }
            }
            Running::All { tab, revision, replace, job } => {
                let (tab, revision, replace) = (*tab, *revision, *replace);
                match job.poll() {
                    Poll::Running => return,
                    Poll::Done(tally) => self.found_all(tab, revision, replace, tally),
                    Poll::Lost => {
                        self.features.finding.answer = String::from("The search ended unexpectedly.")
                    }
                }
            }
        }
        self.features.finding.running = None;
        self.features.finding.answers += 1;
        if !self.features.finding.open && !self.features.finding.answer.is_empty() {
            // F3 goes on without the bar, which would say it.
            self.context.say(self.features.finding.answer.clone());
        }
    }

    fn found(&mut self, id: TabId, revision: Revision, backwards: bool, found: &Found) {
        self.features.finding.passed_over = unread_words(&found.unread);
        let mut current = None;
        let Some(tab) = self.tabs.get_mut(id) else { return };
        let answer = match found.span.map(|span| tab.document().map_span(span, revision)) {
            None => String::from("Not found."),
            // Who has gone on editing is not to be carried away from it.
            Some(Mapped::Intact(span)) if tab.edit.is_some() || tab.document().revision() != revision => {
                format!("Found at {}. Search again to go there.", words::hex(span.start()))
            }
            Some(Mapped::Intact(span)) if tab.hides(span) => {
                current = Some((id, tab.document().revision(), span));
                super::matches::outside_array(tab, span)
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
        self.features.finding.current = current;
        self.features.finding.answer = answer;
    }

    fn found_all(&mut self, id: TabId, revision: Revision, replace: bool, tally: Tally) {
        let Some(hits) = self.features.finding.hits.as_mut().filter(|hits| hits.tab == id) else { return };
        let count = hits.list.len();
        let more = if tally.end == End::Cut { "More than " } else { "" };
        self.features.finding.passed_over = unread_words(&tally.unread);
        self.features.finding.answer = format!("{more}{}.", words::counted(count, "match", "matches"));
        hits.end = Some(tally.end);
        hits.unread = tally.unread;
        if replace && tally.end == End::Complete && count > 0 {
            let list = Arc::clone(&hits.list);
            self.replace_all(id, revision, &list);
        } else if replace && tally.end == End::Cut {
            self.features.finding.answer.push_str(
                " That is too many to replace in one step. Select a part of the file and replace there.",
            );
        }
    }

    /// Forgets what belongs to a tab that is closed.
    pub(super) fn forget_searches(&mut self, id: TabId) {
        self.features.finding.hits.take_if(|hits| hits.tab == id);
        let of_tab = |running: &mut Running| match running {
            Running::Next { tab, .. } | Running::All { tab, .. } => *tab == id,
        };
        self.features.finding.running.take_if(of_tab);
    }
}

impl Tab {
    /// Whether only an array is shown, and `span` lies outside it.
    pub(super) fn hides(&self, span: Span) -> bool {
        let only_array = self.is_in_array() && !self.is_shown(PaneId::Bytes);
        only_array && self.array().is_some_and(|view| view.unpacked.is_none() && !view.has_byte(span.start()))
    }

    /// The type of the values on the screen; `None` for bytes alone and for records.
    pub fn shown_dtype(&self) -> Option<DType> {
        match self.array() {
            Some(view) => match view.table.item(view.block.caret.1)? {
                ItemType::Scalar(dtype) => Some(*dtype),
                _ => None,
            },
            None => self.values.dtype(),
        }
    }

    /// Selects a match, in the bytes where it is not made of whole values.
    pub(super) fn show_match(&mut self, span: Span) {
        let selection = Selection::of(span, self.selection.column);
        if self.focus == PaneId::Values
            && self.is_shown(PaneId::Bytes)
            && selection.snapped(&self.map()).span() != span
        {
            self.set_focus(PaneId::Bytes);
        }
        self.jump(Selection::of(span, self.selection.column));
    }
}

fn unread_words(unread: &Unread) -> String {
    if unread.is_empty() {
        return String::new();
    }
    let reason = unread.reason().map(ToString::to_string).unwrap_or_default();
    format!("{} could not be read and were skipped: {reason}.", words::bytes(unread.bytes()))
}
