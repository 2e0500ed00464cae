//! The next match from the caret on, or the one before.

use super::FindState;
use super::matches::outside_array;
use super::unread_words;
use crate::analysis::{Direction, NextHit, Search};
use crate::bytes::{Source, Span};
use crate::document::{Mapped, Revision};
use crate::session::context::Context;
use crate::session::describe;
use crate::session::jobs::{Finished, Task};
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;

/// A search for the next match, or the one before.
#[derive(Debug)]
pub(super) struct Next {
    backwards: bool,
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
        if self.sought.is_none() && !self.compile_query() {
            self.open(self.replacing, tabs);
            return;
        }
        let Some(sought) = self.sought.clone() else { return };
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
        // A search for all matches goes on.
        self.next.clear();
        let (task, what) =
            (Task::shown("find", super::SEARCHING).of(tab), (snapshot.revision(), Next { backwards }));
        let started = self.next.start(context.waker(), task, what, move |progress| {
            progress.set_total(snapshot.len());
            Search::new(&snapshot, sought.pattern(), progress).find_next(from, direction, true)
        });
        self.say_started(started.map_err(|(error, _)| error));
    }

    pub(super) fn found(&mut self, ended: Finished<(Revision, Next), NextHit>, tabs: &mut Tabs) {
        let (revision, Next { backwards }) = ended.what;
        let Some(found) = ended.answer else {
            self.answer = String::from(super::LOST);
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
                outside_array(tab, span)
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
}
