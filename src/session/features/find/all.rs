//! All matches in the file or the selection: to list them, or to replace them.

use super::FindState;
use super::element_map::ElementMap;
use super::hits::Hits;
use super::query::{Reach, replacement};
use super::unread_words;
use crate::analysis::search::End;
use crate::analysis::{Limit, Search, Tally, Unread, spans};
use crate::bytes::{Source, Span};
use crate::document::Revision;
use crate::session::context::Context;
use crate::session::describe;
use crate::session::jobs::{Finished, Task};
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use std::sync::Arc;

/// Places kept at most; each takes a few bytes.
const HITS: Limit = Limit { spans: 50_000_000, bytes: 256 << 20 };

/// A search for all matches.
#[derive(Debug)]
pub(super) struct All {
    replace: bool,
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
        if replace
            && let Err(reason) =
                tabs.front().map_or(Ok(()), Tab::check_editable).and(replacement(&self.query).map(drop))
        {
            self.error = Some(reason);
            return;
        }
        if self.sought.is_none() && !self.compile_query() {
            self.open(replace, tabs);
            return;
        }
        let Some(sought) = self.sought.clone() else { return };
        let Some(tab) = tabs.front() else { return };
        let searched = tab.shown().clone();
        let within = match reach {
            Reach::Selection if !tab.selected().is_empty() => tab.selected(),
            Reach::Selection | Reach::File => Span::first(tab.len()),
        };
        let (mut recorder, list) = spans::recorder(HITS);
        let elements = ElementMap::default();
        let container = tab.arrays.found.as_ref().map(|found| Arc::clone(&found.container));
        let hits = Hits {
            tab: tab.id,
            query: self.query.clone(),
            list,
            end: None,
            unread: Unread::default(),
            searched: searched.clone(),
            elements: elements.clone(),
        };
        self.forget_search();
        self.matches.begin(hits, !replace);
        let (task, what) =
            (Task::shown("find all", super::SEARCHING).of(tab), (searched.revision(), All { replace }));
        let started = self.all.start(context.waker(), task, what, move |progress| {
            if let Some(container) = container {
                elements.fill(&container, searched.len(), progress);
            }
            progress.set_total(within.len());
            Search::new(&searched, sought.pattern(), progress).find_all(within, &mut recorder)
        });
        self.say_started(started.map_err(|(error, _)| error));
    }

    pub(super) fn found_all(
        &mut self,
        ended: Finished<(Revision, All), Tally>,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        let (revision, All { replace }) = ended.what;
        let Some(tally) = ended.answer else {
            self.answer = String::from(super::LOST);
            return;
        };
        let Some(id) = ended.tab else { return };
        let Some(hits) = self.matches.hits.as_mut().filter(|hits| hits.tab == id) else { return };
        let count = hits.list.len();
        let more = if tally.end == End::Cut { "More than " } else { "" };
        self.passed_over = unread_words(&tally.unread);
        self.answer = format!("{more}{}.", describe::counted(count, "match", "matches"));
        hits.end = Some(tally.end);
        hits.unread = tally.unread;
        if replace && tally.end == End::Complete && count > 0 {
            let list = Arc::clone(&hits.list);
            self.replace_found((id, revision), &list, tabs, context);
        } else if replace && tally.end == End::Cut {
            self.answer.push_str(
                " These are too many to replace in one step. Select a part of the file and replace there.",
            );
        }
        self.matches.start_sorting(context);
    }
}
