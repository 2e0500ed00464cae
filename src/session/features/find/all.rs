//! All matches in the file or the selection: to list them, or to replace them.

use super::FindState;
use super::element_map::ElementMap;
use super::element_search::{AllElements, ElementSearch, Remarks};
use super::hits::{FoundMatches, Hits};
use super::known_numbers::NumbersOf;
use super::query::{IS_INFINITE, IS_NAN, Query, Reach, Sought, TabFacts, replacement};
use super::sought_arrays::SoughtArrays;
use super::unread_words;
use super::value_types::ValueTypes;
use crate::analysis::in_slice::InSlice;
use crate::analysis::search::End;
use crate::analysis::{Limit, Pattern, Search, Tally, Unread, spans};
use crate::bytes::{Source, Span};
use crate::compute::Predicate;
use crate::decode::DType;
use crate::decode::array::{Array, MemoryOrder};
use crate::document::Revision;
use crate::formats::Container;
use crate::session::context::Context;
use crate::session::jobs::{Finished, Task};
use crate::session::other_arrays::OtherArrays;
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use std::sync::Arc;

/// Places kept at most; each takes a few bytes, unless many are at even distances.
const HITS: Limit = Limit { spans: u64::MAX, uneven: 50_000_000, bytes: 32 << 20 };

/// A search for all matches.
#[derive(Debug)]
pub(super) struct All {
    replace: bool,
}

/// Why bytes are not searched in some selections.
const COMPRESSED: &str =
    "The selected array is compressed in the file. Search for a value, or where elements are as asked.";

/// Why some selections are not read as other types.
const NOT_ONE_RUN: &str = "The selected elements have other bytes between them, so they are not read as other types. Choose the type of the array, or select whole rows.";

/// Which bytes are searched.
struct Within {
    span: Span,
    /// Only those in these elements, if other bytes are between them.
    elements: Option<Array>,
}

impl Within {
    /// Those of the elements of an array in the file.
    fn elements(arrays: &SoughtArrays) -> Option<Self> {
        let array = arrays.all().first().filter(|array| array.unpacked.is_none())?.elements();
        let elements = array.order().is_none().then(|| array.clone());
        Some(Self { span: array.extent().unwrap_or_default(), elements })
    }
}

/// The bytes of the selected elements, or else those that are selected, as one run.
fn one_run(elements: Option<&SoughtArrays>, tab: &Tab) -> Result<Span, String> {
    let Some(elements) = elements else { return Ok(tab.selected()) };
    match Within::elements(elements) {
        None => Err(String::from(COMPRESSED)),
        Some(Within { elements: Some(_), .. }) => Err(String::from(NOT_ONE_RUN)),
        Some(Within { span, elements: None }) => Ok(span),
    }
}

/// What such a search answers besides the matches.
#[derive(Debug)]
pub(super) enum AllAnswer {
    /// With what is to be said of the matches.
    Bytes(Tally, Option<String>),
    Elements(AllElements),
}

impl FindState {
    /// Looks for all places in the file or the selection, to list or to replace them.
    pub(in crate::session) fn find_all(
        &mut self,
        reach: Reach,
        replace: bool,
        tabs: &Tabs,
        context: &Context,
    ) {
        self.facts = TabFacts::of(tabs.front());
        if replace
            && let Err(reason) =
                tabs.front().map_or(Ok(()), Tab::check_editable).and(replacement(&self.query).map(drop))
        {
            self.error = Some(reason);
            return;
        }
        if !self.compile_query() {
            self.open(replace, tabs);
            return;
        }
        let Some(tab) = tabs.front() else { return };
        self.history.add(&self.query);
        match self.sought.clone() {
            Some(Sought::Bytes(pattern)) => {
                let within = match reach {
                    Reach::Selection if !tab.selected().is_empty() => tab.selected(),
                    Reach::Selection | Reach::File => Span::first(tab.len()),
                };
                self.find_all_bytes(pattern, Within { span: within, elements: None }, replace, tab, context);
            }
            Some(Sought::Elements(question)) => match self.search_in_file(question, tab) {
                Ok(search) => self.find_all_elements(search, tab, context),
                Err(reason) => self.error = Some(reason),
            },
            None => {}
        }
    }

    /// Lists all places in the selection: in these `elements` of a table, or else in the bytes.
    pub(in crate::session) fn find_all_selected(
        &mut self,
        elements: Option<SoughtArrays>,
        tabs: &Tabs,
        context: &Context,
    ) {
        self.facts = TabFacts::of(tabs.front());
        if !self.compile_query() {
            self.open(false, tabs);
            return;
        }
        let Some(tab) = tabs.front() else { return };
        self.history.add(&self.query);
        match (self.sought.clone(), elements) {
            (Some(Sought::Bytes(pattern)), Some(elements)) => match Within::elements(&elements) {
                Some(within) => self.find_all_bytes(pattern, within, false, tab, context),
                None => self.error = Some(String::from(COMPRESSED)),
            },
            (Some(Sought::Bytes(pattern)), None) => {
                let within = Within { span: tab.selected(), elements: None };
                self.find_all_bytes(pattern, within, false, tab, context);
            }
            (Some(Sought::Elements(question)), elements) => {
                let arrays = match self.facts.reads_as(&self.query) {
                    Some(dtypes) => one_run(elements.as_ref(), tab)
                        .map(|span| SoughtArrays::readings(&dtypes, self.query.types.aligned, span)),
                    None => {
                        let dtype = self.facts.dtype_of(&self.query);
                        elements.map_or_else(|| tab.selected_values(dtype), Ok)
                    }
                };
                match arrays.map(|arrays| tab.search_of(question, arrays, None)) {
                    Ok(search) => self.find_all_elements(search, tab, context),
                    Err(reason) => self.error = Some(reason),
                }
            }
            (None, _) => {}
        }
    }

    /// A question about what is shown; or about the file's bytes as values of the chosen types.
    pub(super) fn search_in_file(
        &self,
        question: Arc<Predicate>,
        tab: &Tab,
    ) -> Result<ElementSearch, String> {
        match self.facts.reads_as(&self.query) {
            Some(dtypes) => {
                let arrays =
                    SoughtArrays::readings(&dtypes, self.query.types.aligned, Span::first(tab.len()));
                Ok(tab.search_of(question, arrays, None))
            }
            None => tab.element_search(question, self.facts.dtype_of(&self.query)),
        }
    }

    fn find_all_bytes(
        &mut self,
        pattern: Arc<dyn Pattern>,
        within: Within,
        replace: bool,
        tab: &Tab,
        context: &Context,
    ) {
        let searched = tab.shown().clone();
        let (mut recorder, list) = spans::recorder(HITS);
        let elements = ElementMap::default();
        let container = tab.arrays.found.as_ref().map(|found| Arc::clone(&found.container));
        let found = FoundMatches::new(&self.typed_query(), list, searched.clone(), None);
        self.begin_list(found, elements.clone(), replace, tab);
        let what = (searched.revision(), All { replace });
        let task = Task::shown("find all", super::SEARCHING).of(tab);
        let started = self.all.start(context.waker(), task, what, move |progress| {
            if let Some(container) = container {
                elements.fill(&container, searched.len(), progress);
            }
            progress.set_total(within.span.len());
            let slice = within.elements.as_ref().and_then(|elements| InSlice::new(&*pattern, elements));
            let pattern = slice.as_ref().map_or(&*pattern, |slice| slice as &dyn Pattern);
            let tally = Search::new(&searched, pattern, progress).find_all(within.span, &mut recorder);
            AllAnswer::Bytes(tally, pattern.remark())
        });
        self.say_started(started.map_err(|(error, _)| error));
    }

    pub(super) fn find_all_elements(&mut self, search: ElementSearch, tab: &Tab, context: &Context) {
        let search = self.with_numbers(search, tab);
        let (mut recorder, list) = spans::recorder(HITS);
        let (searched, arrays) = (search.searched.clone(), search.arrays.clone());
        let what = (searched.revision(), All { replace: false });
        let found = FoundMatches::new(&self.typed_query(), list, searched, Some(arrays));
        self.begin_list(found, ElementMap::default(), false, tab);
        let task = Task::shown("find all", super::SEARCHING).of(tab);
        let started = self.all.start(context.waker(), task, what, move |progress| {
            AllAnswer::Elements(search.find_all(&mut recorder, progress))
        });
        self.say_started(started.map_err(|(error, _)| error));
    }

    /// The query with the type that its values have.
    pub(super) fn typed_query(&self) -> Query {
        let dtype = self.facts.dtype_of(&self.query).filter(|_| self.query.types.is_empty());
        let types = dtype.map_or_else(|| self.query.types.clone(), ValueTypes::one);
        Query { types, ..self.query.clone() }
    }

    /// What is found from now on takes the place of what was found before.
    fn begin_list(&mut self, found: FoundMatches, elements: ElementMap, replace: bool, tab: &Tab) {
        let (query, unread) = (self.typed_query(), Unread::default());
        self.forget_search();
        self.matches.begin(Hits { tab: tab.id, query, end: None, unread, found, elements }, !replace);
    }

    pub(super) fn found_all(
        &mut self,
        ended: Finished<(Revision, All), AllAnswer>,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        let (revision, All { replace }) = ended.what;
        let (end, unread, remarks, remark) = match ended.answer {
            None => {
                self.answer = String::from(super::LOST);
                return;
            }
            Some(AllAnswer::Bytes(tally, remark)) => (tally.end, tally.unread, Remarks::default(), remark),
            Some(AllAnswer::Elements(all)) => (all.end, all.unread, all.remarks, None),
        };
        let Some(id) = ended.tab else { return };
        let Some(hits) = self.matches.hits.as_mut().filter(|hits| hits.tab == id) else { return };
        let count = hits.found.len();
        self.left_out = remarks.types_words(&hits.query.text);
        self.passed_over =
            [unread_words(&unread), remarks.words(), remark.unwrap_or_default()].join(" ").trim().to_owned();
        hits.end = Some(end);
        hits.unread = unread;
        self.answer = hits.count_words();
        if let Some(reason) = remarks.refusal().filter(|_| count == 0) {
            self.refuse(reason);
        }
        if replace && end == End::Complete && count > 0 {
            self.replace_found((id, revision), tabs, context);
        } else if replace && end == End::Cut {
            self.answer.push_str(
                " These are too many to replace in one step. Select a part of the file and replace there.",
            );
        }
        self.matches.start_sorting(context);
    }

    /// The question has no meaning for what was to be searched.
    pub(super) fn refuse(&mut self, reason: &str) {
        self.answer.clear();
        self.passed_over.clear();
        self.left_out.clear();
        self.error = Some(reason.to_owned());
    }
}

impl FindState {
    /// The same search with the numbers that are known of its question.
    pub(super) fn with_numbers(&mut self, search: ElementSearch, tab: &Tab) -> ElementSearch {
        let (revision, question) = (search.searched.revision(), search.question.text());
        let is_same = |of: &NumbersOf| (of.tab, of.revision, &*of.question) == (tab.id, revision, question);
        let known = self.numbers.take().filter(is_same).unwrap_or_else(|| NumbersOf {
            tab: tab.id,
            revision,
            question: question.to_owned(),
            numbers: Arc::default(),
        });
        let numbers = Arc::clone(&known.numbers);
        self.numbers = Some(known);
        ElementSearch { numbers, ..search }
    }
}

impl Tab {
    /// A search that asks the array that is shown; or all arrays of the file; or the plain values, as ones of `dtype` if
    /// that is given.
    pub(super) fn element_search(
        &self,
        question: Arc<Predicate>,
        dtype: Option<DType>,
    ) -> Result<ElementSearch, String> {
        if let Some(view) = self.shown_array() {
            return Ok(self.search_of(question, SoughtArrays::of_view(view, self.shown_entry()), None));
        }
        let container = self.arrays.found.as_ref().map(|found| Arc::clone(&found.container));
        if let Some(container) = container.filter(|container| !container.entries.is_empty()) {
            return Ok(self.search_of(question, SoughtArrays::default(), Some(container)));
        }
        let origin = self.values().format.origin;
        let span = Span::between(origin.min(self.len()), self.len());
        Ok(self.search_of(question, self.plain_values(span, dtype)?, None))
    }

    /// A search of these arrays, or of all arrays of a container.
    fn search_of(
        &self,
        question: Arc<Predicate>,
        arrays: SoughtArrays,
        container: Option<Arc<Container>>,
    ) -> ElementSearch {
        let is_plain = [IS_NAN, IS_INFINITE].contains(&question.text());
        let (searched, others) = (self.shown().clone(), OtherArrays::of(self));
        let numbers = Arc::default();
        ElementSearch { question, arrays, container, searched, others, is_plain, numbers }
    }

    /// The selected bytes as values of `dtype`, or of the type of the plain values.
    fn selected_values(&self, dtype: Option<DType>) -> Result<SoughtArrays, String> {
        self.plain_values(self.selected(), dtype)
    }

    fn plain_values(&self, span: Span, dtype: Option<DType>) -> Result<SoughtArrays, String> {
        let dtype = dtype.unwrap_or(self.values().format.dtype);
        let count = span.len() / dtype.size().max(1) as u64;
        let array = Array::new(dtype.into(), span.start(), vec![count], MemoryOrder::C);
        Ok(SoughtArrays::of_array(&array.map_err(|error| error.to_string())?))
    }
}
