//! Strings: text among other bytes, as a list of any length, in the panel of that name.
//!
//! A worker searches a snapshot, and the list grows while it does. A list stays as it was found while the document is
//! edited: a string is told where it is now, and one whose bytes were edited says so.
//!
//! | file | what it holds |
//! |---|---|
//! | `asked` | what is searched for |
//! | `listed` | what was found, and the texts of a row |
//! | `marks` | the strings on the screen |
//! | `order`, `sorting` | the order of the rows, and who puts them in it |
//! | `handing` | strings for other programs: copied, exported |

pub mod asked;
mod handing;
mod listed;
mod marks;
pub mod order;
mod sorting;

pub use asked::AskedStrings;
pub use listed::{ListedStrings, StringLine};
pub use marks::SpreadKey;
pub use order::{StringKey, StringOrder};

use super::chosen_rows::ChosenRows;
use super::find::outside_array;
use super::late_reads::LateReads;
use super::pause::{QUICK, UNASKED, is_still_wanted};
use super::settings::panels::{self, STRINGS};
use crate::analysis::search::End;
use crate::analysis::spans::Peeked;
use crate::analysis::strings::list::string_recorder;
use crate::analysis::strings::{StringQuery, StringSearch};
use crate::analysis::{Limit, Tally, Tuning, Unread};
use crate::bytes::Span;
use crate::session::action::StringsAction;
use crate::session::context::Context;
use crate::session::ids::TabId;
use crate::session::jobs::{Activity, Jobs, Task};
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use order::SortedStrings;
use sorting::Sorting;
use std::ops::RangeInclusive;

/// Strings that are kept at most; each takes a few bytes, those beyond the memory are in a temporary file.
const MOST: Limit = Limit { spans: 50_000_000, uneven: 50_000_000, bytes: 32 << 20 };

/// The strings of the tab in front, or of the one that was searched last.
#[derive(Debug, Default)]
pub struct StringsState {
    asked: AskedStrings,
    /// What was selected when the selection was asked for, and where.
    selection: Option<(TabId, Span)>,
    listed: Option<ListedStrings>,
    /// What takes its place as soon as there is something in it.
    coming: Option<ListedStrings>,
    chosen: Option<ChosenRows>,
    order: StringOrder,
    sorted: Option<SortedStrings>,
    searching: Jobs<(), Tally>,
    sorting: Sorting,
    reads: LateReads,
    /// Whether the chosen row is gone to as soon as it was read.
    is_followed_late: bool,
    /// The user has just asked, whatever the length of the file.
    is_asked: bool,
    /// Whether the panel was shown at the last look.
    was_shown: Option<bool>,
    /// Whether it is asked as it was last time, or otherwise since.
    is_recalled: bool,
}

/// What is searched, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
struct SearchOfStrings {
    tab: TabId,
    query: StringQuery,
    /// `None` for the whole file.
    selection: Option<Span>,
}

/// What the panel shows.
impl StringsState {
    /// What is searched for.
    pub fn asked(&self) -> &AskedStrings {
        &self.asked
    }

    /// What was found in `tab`, if it was searched.
    pub fn listed(&self, tab: &Tab) -> Option<&ListedStrings> {
        self.listed.as_ref().filter(|listed| listed.tab() == tab.id)
    }

    /// Whether the selection is meant and nothing was selected.
    pub fn wants_selection(&self, tab: &Tab) -> bool {
        self.asked.in_selection && self.selection.is_none_or(|(id, span)| id != tab.id || span.is_empty())
    }

    /// Whether a search runs.
    pub fn is_searching(&self) -> bool {
        !self.searching.is_empty()
    }

    /// Whether the status bar shows the search that runs.
    pub fn is_shown_in_status(&self) -> bool {
        self.searching.activities().next().is_some()
    }

    /// Whether a frame is needed in which a worker is told what to read of the list.
    pub fn is_late(&self) -> bool {
        self.listed.as_ref().is_some_and(|listed| self.reads.are_due(&listed.list.spans))
    }

    /// How the rows are ordered, and whether they are not yet in this order.
    pub fn order(&self) -> (StringOrder, bool) {
        (self.order, self.order.by != StringKey::Offset && self.sorted.is_none())
    }

    /// The row that the keys stand on; `None` before the first key or click.
    pub fn chosen(&self) -> Option<u64> {
        self.chosen.map(|chosen| chosen.at)
    }

    /// All chosen rows.
    pub fn chosen_rows(&self) -> Option<RangeInclusive<u64>> {
        self.chosen.map(ChosenRows::rows)
    }

    /// A row of the list as it is shown. Only bytes that are cached are in it.
    pub fn line(&self, row: u64, tab: &Tab) -> Option<StringLine> {
        let listed = self.listed(tab)?;
        listed.line(self.number_of_row(row)?, tab)
    }

    fn number_of_row(&self, row: u64) -> Option<u64> {
        let count = self.listed.as_ref().map_or(0, ListedStrings::len);
        order::number_of_row(row, count, self.order, self.sorted.as_ref())
    }
}

impl StringsState {
    /// Does what the window asks.
    pub(in crate::session) fn apply(
        &mut self,
        action: StringsAction,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        match action {
            StringsAction::Ask(asked) => {
                self.recall(context);
                if asked.in_selection && !self.asked.in_selection {
                    self.take_selection(tabs);
                }
                self.asked = asked;
                self.remember(context);
                self.is_asked = true;
                self.follow(tabs, context);
            }
            StringsAction::Show(row) => self.choose(row, false, tabs, context),
            StringsAction::Extend(row) => self.choose(row, true, tabs, context),
            StringsAction::ChooseAll => self.chosen = ChosenRows::all(self.len()).or(self.chosen),
            StringsAction::Sort(by) => self.sort(by, context),
        }
    }

    /// Asks as the user did last time, from the first look on.
    fn recall(&mut self, context: &Context) {
        if !std::mem::replace(&mut self.is_recalled, true) {
            self.asked = AskedStrings::recalled(&context.settings.strings);
        }
    }

    /// Keeps what is asked for the next start.
    fn remember(&self, context: &mut Context) {
        if let Some(choice) = self.asked.choice().filter(|choice| *choice != context.settings.strings) {
            context.change_settings(|settings| settings.strings = choice);
        }
    }

    /// Searches again: for the selection the bytes that are selected now.
    pub(in crate::session) fn search_again(&mut self, tabs: &Tabs, context: &mut Context) {
        if tabs.front().is_some_and(|tab| !tab.selected().is_empty()) {
            self.take_selection(tabs);
        }
        self.is_asked = true;
        self.coming = None;
        if let Some(listed) = &mut self.listed {
            listed.forget_question();
        }
        self.follow(tabs, context);
    }

    fn take_selection(&mut self, tabs: &Tabs) {
        self.selection = tabs.front().map(|tab| (tab.id, tab.selected()));
    }

    /// Puts the rows in the order of a column, or the other way round.
    pub(in crate::session) fn sort(&mut self, by: StringKey, context: &mut Context) {
        self.order = self.order.toggled(by);
        self.chosen = None;
        self.start_sorting(context);
    }

    /// Takes what workers have found, and starts what is wanted now.
    pub(in crate::session) fn poll(&mut self, tabs: &mut Tabs, context: &mut Context) {
        for ended in self.searching.drain_finished() {
            let of = [self.coming.as_mut(), self.listed.as_mut()];
            let running = of.into_iter().flatten().find(|listed| listed.end().is_none());
            if let Some(listed) = running {
                let lost = Tally { end: End::Cancelled, unread: Unread::default() };
                listed.finish(ended.answer.unwrap_or(lost));
            }
        }
        if self.coming.as_ref().is_some_and(|coming| coming.end().is_some() || !coming.is_empty()) {
            self.listed = self.coming.take();
            (self.chosen, self.sorted) = (None, None);
            (self.reads, self.is_followed_late) = (LateReads::default(), false);
            self.sorting.clear();
        }
        self.listed.take_if(|listed| !tabs.contains(listed.tab()));
        let reads = &mut self.reads;
        let was_read = self
            .listed
            .as_ref()
            .is_some_and(|listed| reads.poll((&listed.list.spans, listed.tab()), listed.trouble(), context));
        if was_read && self.is_followed_late {
            self.show_chosen(tabs, context);
        }
        self.poll_sorting(context);
        self.start_sorting(context);
        self.follow(tabs, context);
    }

    pub(in crate::session) fn activities(&self) -> impl Iterator<Item = Activity> {
        self.searching.activities().chain(self.sorting.activities())
    }

    /// Ends what the status bar shows first; `false` when nothing runs.
    pub(in crate::session) fn cancel(&mut self, _: &mut Context) -> bool {
        if self.searching.clear() {
            // What was found so far stays listed.
            let running = [self.coming.as_mut(), self.listed.as_mut()].into_iter().flatten();
            running.for_each(ListedStrings::stop);
            return true;
        }
        if self.sorting.clear() {
            self.order = StringOrder::default();
            return true;
        }
        false
    }

    /// Has the list follow the tab in front and what is asked.
    fn follow(&mut self, tabs: &Tabs, context: &mut Context) {
        self.recall(context);
        let is_shown = panels::shows(&context.settings, STRINGS);
        // Who opens the panel asks for what is in it. One that is shown from the start is not asked.
        self.is_asked |= is_shown && self.was_shown == Some(false);
        self.was_shown = Some(is_shown);
        if !is_shown {
            self.searching.clear();
            self.coming = None;
            // What was found of a part is searched again when the panel is shown again.
            self.listed.take_if(|listed| listed.end().is_none());
            return;
        }
        let Some(tab) = tabs.front() else { return };
        let Ok(query) = self.asked.query() else { return };
        let selection = self.asked.in_selection.then_some(self.selection.filter(|(id, _)| *id == tab.id));
        let selection = match selection {
            Some(None) => return,
            Some(Some((_, span))) if span.is_empty() => return,
            Some(Some((_, span))) => Some(span.clamp_to(tab.len())),
            None => None,
        };
        let within = selection.unwrap_or(Span::first(tab.len()));
        let search = SearchOfStrings { tab: tab.id, query, selection };
        let last = self.coming.as_ref().or(self.listed.as_ref());
        if last.is_some_and(|last| last.is_of(&search)) {
            self.is_asked = false;
            return;
        }
        if std::mem::take(&mut self.is_asked) || within.len() <= UNASKED {
            self.start((search, within), tab, context);
        }
    }

    fn start(&mut self, (search, within): (SearchOfStrings, Span), tab: &Tab, context: &mut Context) {
        self.searching.clear();
        if let Some(listed) = &mut self.listed {
            listed.stop();
        }
        let (query, searched) = (search.query.clone(), tab.shown().clone());
        let (mut recorder, list) = string_recorder(&query.encodings, MOST);
        self.coming = Some(ListedStrings::new(search, list, searched.clone()));
        let is_quick = within.len() <= QUICK;
        let task =
            if is_quick { Task::hidden("strings") } else { Task::shown("strings", "Searching strings") };
        let started = self.searching.start(context.waker(), task.of(tab), (), move |progress| {
            progress.set_total(within.len());
            if !is_quick && !is_still_wanted(progress) {
                return Tally { end: End::Cancelled, unread: Unread::default() };
            }
            let (source, query, tuning) = (&searched, &query, Tuning::default());
            StringSearch { source, query, render: None, progress, tuning }
                .find(within, &mut |strings, _| recorder.add(strings))
        });
        if let Err((error, ())) = started {
            self.coming.iter_mut().for_each(ListedStrings::stop);
            context.say(format!("No thread could be started ({error})."));
        }
    }

    fn len(&self) -> u64 {
        self.listed.as_ref().map_or(0, ListedStrings::len)
    }

    /// Chooses a row and goes there; with `extend` also the rows up to it.
    fn choose(&mut self, row: u64, extend: bool, tabs: &mut Tabs, context: &mut Context) {
        self.chosen = ChosenRows::choose(self.chosen, row, extend, self.len());
        self.show_chosen(tabs, context);
    }

    /// Goes to the row that the keys stand on; later, if it is to be read first.
    fn show_chosen(&mut self, tabs: &mut Tabs, context: &mut Context) {
        self.is_followed_late = false;
        let Some(tab) = tabs.front_mut() else { return };
        let number = self.chosen().and_then(|row| self.number_of_row(row));
        let Some(listed) = self.listed(tab) else { return };
        match number.map(|number| listed.place(number, tab)) {
            Some(Peeked::Ready(Some(Some(span)))) if tab.hides(span) => context.say(outside_array(tab, span)),
            Some(Peeked::Ready(Some(Some(span)))) => tab.show_match(span),
            Some(Peeked::Ready(Some(None))) => {
                context.say("This string has been edited since. Search again to list it as it is now.")
            }
            Some(Peeked::Missing) => self.is_followed_late = true,
            Some(Peeked::Lost) => context.say(listed.trouble().unwrap_or_default()),
            Some(Peeked::Ready(None)) | None => {}
        }
    }
}
