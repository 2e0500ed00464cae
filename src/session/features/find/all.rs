//! All matches in the file or the selection: to list them, or to replace them.

use super::FindState;
use super::element_map::ElementMap;
use super::element_search::{AllElements, ElementSearch, Remarks};
use super::hits::{FoundMatches, Hits};
use super::query::{IS_INFINITE, IS_NAN, Query, Reach, Sought, TabFacts, replacement};
use super::sought_arrays::SoughtArrays;
use super::unread_words;
use crate::analysis::search::End;
use crate::analysis::{Limit, Pattern, Search, Tally, Unread, spans};
use crate::bytes::{Source, Span};
use crate::compute::Predicate;
use crate::decode::DType;
use crate::decode::array::{Array, MemoryOrder};
use crate::document::Revision;
use crate::session::context::Context;
use crate::session::describe;
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
                self.find_all_bytes(pattern, (within, replace), tab, context);
            }
            Some(Sought::Elements(question)) => {
                match tab.element_search(question, self.facts.dtype_of(&self.query)) {
                    Ok(search) => self.find_all_elements(search, tab, context),
                    Err(reason) => self.error = Some(reason),
                }
            }
            None => {}
        }
    }

    fn find_all_bytes(
        &mut self,
        pattern: Arc<dyn Pattern>,
        (within, replace): (Span, bool),
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
            progress.set_total(within.len());
            let tally = Search::new(&searched, &*pattern, progress).find_all(within, &mut recorder);
            AllAnswer::Bytes(tally, pattern.remark())
        });
        self.say_started(started.map_err(|(error, _)| error));
    }

    pub(super) fn find_all_elements(&mut self, search: ElementSearch, tab: &Tab, context: &Context) {
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
    fn typed_query(&self) -> Query {
        Query { dtype: self.facts.dtype_of(&self.query), ..self.query.clone() }
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
        let more = if end == End::Cut { "More than " } else { "" };
        self.passed_over =
            [unread_words(&unread), remarks.words(), remark.unwrap_or_default()].join(" ").trim().to_owned();
        self.answer = format!("{more}{}.", describe::counted(count, "match", "matches"));
        hits.end = Some(end);
        hits.unread = unread;
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
        self.error = Some(reason.to_owned());
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
        let searched = self.shown().clone();
        let is_plain = [IS_NAN, IS_INFINITE].contains(&question.text());
        let others = OtherArrays::of(self);
        let search =
            |arrays, container| ElementSearch { question, arrays, container, searched, others, is_plain };
        if let Some(view) = self.shown_array() {
            return Ok(search(SoughtArrays::of_view(view, self.shown_entry()), None));
        }
        let container = self.arrays.found.as_ref().map(|found| Arc::clone(&found.container));
        if let Some(container) = container.filter(|container| !container.entries.is_empty()) {
            return Ok(search(SoughtArrays::default(), Some(container)));
        }
        let format = self.values().format;
        let dtype = dtype.unwrap_or(format.dtype);
        let count = self.len().saturating_sub(format.origin) / dtype.size() as u64;
        let array = Array::new(dtype.into(), format.origin, vec![count], MemoryOrder::C);
        let array = array.map_err(|error| error.to_string())?;
        Ok(search(SoughtArrays::of_array(&array), None))
    }
}
