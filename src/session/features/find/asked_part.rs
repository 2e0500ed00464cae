//! A question about the elements of a part of an array, which another feature asks: what fits it is listed.

use super::FindState;
use super::element_search::ElementSearch;
use super::query::{Query, QueryKind, Sought, TabFacts};
use super::sought_arrays::SoughtArrays;
use crate::session::context::Context;
use crate::session::ids::TabId;
use crate::session::other_arrays::OtherArrays;
use crate::session::tabs::Tabs;
use std::sync::Arc;

impl FindState {
    /// Lists the elements of `arrays`, which are of a tab, that fit a question.
    pub(in crate::session) fn list_in(
        &mut self,
        tab: TabId,
        question: String,
        arrays: SoughtArrays,
        tabs: &Tabs,
        context: &Context,
    ) {
        let Some(tab) = tabs.get(tab) else { return };
        self.facts = TabFacts::of(Some(tab));
        self.set_query(Query { kind: QueryKind::Where, text: question, ..self.query.clone() });
        if !self.compile_query() {
            return;
        }
        let Some(Sought::Elements(question)) = self.sought.clone() else { return };
        let search = ElementSearch {
            question,
            arrays,
            container: None,
            searched: tab.shown().clone(),
            others: OtherArrays::of(tab),
            is_plain: false,
            numbers: Arc::default(),
        };
        self.find_all_elements(search, tab, context);
    }
}
