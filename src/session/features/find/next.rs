//! The next match from the caret on, or the one before.

use super::FindState;
use super::element_search::{ElementSearch, ElementStart, NextElement, number_of};
use super::hits::MatchPlace;
use super::matches::outside_array;
use super::query::{Sought, TabFacts};
use super::unread_words;
use crate::analysis::other_byte::OtherByte;
use crate::analysis::search::Overlaps;
use crate::analysis::{Direction, NextHit, Pattern, Search};
use crate::bytes::{Availability, Source, Span};
use crate::document::{Mapped, Revision};
use crate::session::context::Context;
use crate::session::describe;
use crate::session::jobs::{Finished, Task};
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use std::sync::Arc;

/// A search for the next match, or the one before.
#[derive(Debug)]
pub(super) struct Next {
    backwards: bool,
    /// Whether it looks for what is typed, so that what it finds may be replaced.
    is_typed: bool,
}

/// What such a search answers.
#[derive(Debug)]
pub(super) enum NextAnswer {
    Bytes(NextHit),
    Element(NextElement),
}

impl FindState {
    /// The match that the search stands on in `tab`, where its bytes are now; `None` once they were edited.
    pub fn current(&self, tab: &Tab) -> Option<Span> {
        let (_, revision, span) = self.current.filter(|(id, ..)| *id == tab.id)?;
        match tab.document().map_span(span, revision) {
            Mapped::Intact(span) => Some(span),
            Mapped::Touched(_) | Mapped::Gone | Mapped::Unknown => None,
        }
    }

    /// Looks for the next match from the caret on, or for the one before.
    pub(in crate::session) fn find(&mut self, backwards: bool, tabs: &Tabs, context: &Context) {
        self.facts = TabFacts::of(tabs.front());
        if !self.compile_query() {
            self.open(self.replacing, tabs);
            return;
        }
        let Some(tab) = tabs.front() else { return };
        self.history.add(&self.query);
        match self.sought.clone() {
            Some(Sought::Bytes(pattern)) => self.find_bytes(&pattern, backwards, tab, context),
            Some(Sought::Elements(question)) => match self.search_in_file(question, tab) {
                Ok(search) => self.find_element(search, backwards, tab, context),
                Err(reason) => self.error = Some(reason),
            },
            None => {}
        }
    }

    fn find_bytes(&mut self, pattern: &Arc<dyn Pattern>, backwards: bool, tab: &Tab, context: &Context) {
        // The match that the search stands on is not the next one, if the caret is still there.
        let from = match (self.standing(tab), backwards) {
            (Some(span), false) if pattern.overlaps() == Overlaps::All => span.start().saturating_add(1),
            (Some(span), false) => span.end(),
            // The match before ends where this one begins, at the latest.
            (Some(span), true) => span.start(),
            (None, _) => tab.selected().start(),
        };
        self.start_next(Arc::clone(pattern), from, Next { backwards, is_typed: true }, tab, context);
    }

    /// The match that the search stands on, if the caret is still there.
    fn standing(&self, tab: &Tab) -> Option<Span> {
        let here = tab.selected();
        self.current(tab).filter(|span| here.covers(*span) || tab.hides(*span))
    }

    /// Goes to the next byte that is another one than the one at the caret.
    pub(in crate::session) fn find_different(&mut self, tabs: &Tabs, context: &mut Context) {
        let Some(tab) = tabs.front() else { return };
        let (mut byte, mut state) = ([0], [Availability::Missing]);
        tab.shown().peek(tab.selected().start(), &mut byte, &mut state);
        match state {
            [Availability::Ready] => self.find_other(byte[0], tab, context),
            [Availability::Missing] => context.say("The byte at the caret is still being read. Try again."),
            [Availability::Failed] if tab.selected().start() >= tab.len() => {
                context.say("There is no byte at the caret.");
            }
            [Availability::Failed] => context.say("The byte at the caret could not be read."),
        }
    }

    /// Goes to the next byte that is not zero.
    pub(in crate::session) fn find_non_zero(&mut self, tabs: &Tabs, context: &Context) {
        if let Some(tab) = tabs.front() {
            self.find_other(0, tab, context);
        }
    }

    fn find_other(&mut self, byte: u8, tab: &Tab, context: &Context) {
        let from = tab.selected().start().saturating_add(1);
        let next = Next { backwards: false, is_typed: false };
        self.start_next(Arc::new(OtherByte(byte)), from, next, tab, context);
    }

    fn start_next(&mut self, pattern: Arc<dyn Pattern>, from: u64, next: Next, tab: &Tab, context: &Context) {
        let snapshot = tab.shown().clone();
        let direction = if next.backwards { Direction::Backward } else { Direction::Forward };
        // A search for all matches goes on.
        self.next.clear();
        let (task, what) = (Task::shown("find", super::SEARCHING).of(tab), (snapshot.revision(), next));
        let started = self.next.start(context.waker(), task, what, move |progress| {
            progress.set_total(snapshot.len());
            NextAnswer::Bytes(Search::new(&snapshot, &*pattern, progress).find_next(from, direction, true))
        });
        self.say_started(started.map_err(|(error, _)| error));
    }

    fn find_element(&mut self, search: ElementSearch, backwards: bool, tab: &Tab, context: &Context) {
        let search = self.with_numbers(search, tab);
        let last = self.last_element.filter(|(id, ..)| *id == tab.id);
        let last = last.map(|(_, entry, number)| (entry, number));
        let place = self.standing(tab).unwrap_or(tab.selected()).start();
        let start = tab.element_start();
        self.next.clear();
        let next = Next { backwards, is_typed: true };
        let (task, what) =
            (Task::shown("find", super::SEARCHING).of(tab), (search.searched.revision(), next));
        let started = self.next.start(context.waker(), task, what, move |progress| {
            NextAnswer::Element(if search.arrays.are_readings() {
                search.find_next_reading(place, last.map(|(_, number)| number), backwards, progress)
            } else {
                search.find_next(&start, last, backwards, progress)
            })
        });
        self.say_started(started.map_err(|(error, _)| error));
    }

    pub(super) fn found(
        &mut self,
        ended: Finished<(Revision, Next), NextAnswer>,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        let (revision, Next { backwards, is_typed }) = ended.what;
        let Some(tab) = ended.tab.and_then(|id| tabs.get_mut(id)) else { return };
        match ended.answer {
            None => self.answer = String::from(super::LOST),
            Some(NextAnswer::Bytes(found)) => {
                self.found_bytes(&found, revision, backwards, tab);
                self.current.take_if(|_| !is_typed);
                if let Some((.., span)) = self.current {
                    self.follow_in_list(MatchPlace::Bytes(span), tab);
                }
            }
            Some(NextAnswer::Element(found)) => {
                self.found_element(found, revision, backwards, tab, context);
            }
        }
    }

    fn found_bytes(&mut self, found: &NextHit, revision: Revision, backwards: bool, tab: &mut Tab) {
        self.passed_over = unread_words(&found.unread);
        self.left_out.clear();
        let mut current = None;
        let id = tab.id;
        let answer = match found.span.map(|span| tab.document().map_span(span, revision)) {
            None => String::from("Not found."),
            // Who has gone on editing is not to be carried away from it.
            Some(Mapped::Intact(span)) if tab.edit.is_some() || tab.document().revision() != revision => {
                format!("Found at {}. Search again to go there.", describe::hex(span.start()))
            }
            Some(Mapped::Intact(span)) if tab.hides(span) => {
                current = Some((id, tab.document().revision(), span));
                outside_array(tab, span)
            }
            Some(Mapped::Intact(span)) => {
                tab.show_match(span);
                current = Some((id, tab.document().revision(), span));
                wrapped_words(found.wrapped, backwards)
            }
            Some(Mapped::Touched(_) | Mapped::Gone | Mapped::Unknown) => {
                String::from("The match has been edited since. Search again.")
            }
        };
        self.current = current;
        self.answer = answer;
    }

    fn found_element(
        &mut self,
        next: NextElement,
        revision: Revision,
        backwards: bool,
        tab: &mut Tab,
        context: &mut Context,
    ) {
        self.passed_over = [unread_words(&next.unread), next.remarks.words()].join(" ").trim().to_owned();
        self.left_out = next.remarks.types_words(&self.query.text);
        let Some(found) = next.found else {
            self.current = None;
            self.last_element = None;
            match next.remarks.refusal() {
                Some(reason) => self.refuse(reason),
                None => self.answer = String::from("Not found."),
            }
            return;
        };
        if tab.edit.is_some() || tab.document().revision() != revision {
            self.answer = format!("Found at {}. Search again to go there.", found.words);
            return;
        }
        let place = MatchPlace::Element(found.entry, found.number);
        self.show_element(found, tab, context);
        self.follow_in_list(place, tab);
        self.answer = wrapped_words(next.wrapped, backwards);
    }
}

impl FindState {
    /// The mark of the list goes to a match that was found without it.
    fn follow_in_list(&mut self, place: MatchPlace, tab: &Tab) {
        let query = self.typed_query();
        self.matches.follow(place, tab, &query);
    }
}

fn wrapped_words(wrapped: bool, backwards: bool) -> String {
    match (wrapped, backwards) {
        (false, _) => String::new(),
        (true, false) => String::from("Wrapped to the start."),
        (true, true) => String::from("Wrapped to the end."),
    }
}

impl Tab {
    /// Where a search for the next element begins: at the caret.
    fn element_start(&self) -> ElementStart {
        if let Some(view) = self.shown_array() {
            let (row, column) = view.block.caret;
            return ElementStart::Number(number_of(&view.sliced.array, &view.table.index(row, column)));
        }
        ElementStart::Byte(self.selected().start())
    }
}
