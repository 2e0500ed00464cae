//! The rows of the list of matches: each with its element, its value and the bytes around it; and what a click on one does.
//!
//! A match is told where it is now; one whose bytes were edited since says so and can't be gone to.

use super::FindState;
use super::hits::{Hits, MatchReading};
use super::names::MatchNames;
use crate::bytes::{Availability, Source, Span};
use crate::session::context::Context;
use crate::session::describe;
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;

/// Bytes that are shown before a match and behind it.
const CONTEXT: u64 = 8;
/// Bytes of a long match that are shown.
const SHOWN: u64 = 16;
/// The same where they are text.
const SHOWN_TEXT: u64 = 120;

/// One row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchLine {
    /// Where it is now; `None` when it was edited since.
    pub span: Option<Span>,
    /// The offset as it is shown.
    pub offset: String,
    /// The array and the index of its element; empty without one.
    pub element: String,
    /// Its bytes as a value, or as far as they are shown; empty while they are not cached.
    pub value: String,
    /// Bytes before the match, of the match, behind it.
    pub context: [Vec<Option<u8>>; 3],
}

impl FindState {
    /// The matches in `tab`, if they are listed, and which row was chosen there; none is before the first key or click.
    pub fn listed(&self, tab: &Tab) -> Option<(&Hits, Option<u64>)> {
        self.matches.shown(tab).map(|hits| (hits, self.matches.chosen()))
    }
}

impl Hits {
    /// Match `number` as the list shows it, in the order in which they were found; `None` when there are fewer. Only bytes
    /// that are cached are in it.
    pub fn line(&self, number: u64, tab: &Tab) -> Option<MatchLine> {
        let found = self.list.get(number)?;
        let span = self.now(found, tab);
        let base = tab.hex().format.base;
        let Some(span) = span else {
            return Some(MatchLine {
                span,
                offset: describe::hex(found.start().wrapping_add(base)),
                element: String::new(),
                value: String::new(),
                context: Default::default(),
            });
        };
        let before = Span::between(span.start().saturating_sub(CONTEXT), span.start());
        let own = Span::between(span.start(), span.end().min(span.start().saturating_add(SHOWN)));
        let behind =
            Span::between(span.end(), span.end().saturating_add(CONTEXT).min(tab.len()).max(span.end()));
        let name = MatchNames::of(tab, &self.elements).name(found.start(), span.start());
        Some(MatchLine {
            span: Some(span),
            offset: describe::hex(span.start().wrapping_add(base)),
            element: name.map_or_else(String::new, |name| name.words),
            value: self.value(span, tab),
            context: [before, own, behind].map(|part| cached(tab, part)),
        })
    }

    /// The value of the match that is at `span` now.
    fn value(&self, span: Span, tab: &Tab) -> String {
        let reading = self.reading();
        let most = match reading {
            MatchReading::Hex => SHOWN,
            MatchReading::Text(_) => SHOWN_TEXT,
            MatchReading::Value(_) => u64::MAX,
        };
        let shown = Span::between(span.start(), span.end().min(span.start().saturating_add(most)));
        let bytes: Option<Vec<u8>> = cached(tab, shown).into_iter().collect();
        let Some(bytes) = bytes else { return String::new() };
        let text = reading.text(&bytes);
        if shown == span { text } else { format!("{text} …") }
    }
}

fn cached(tab: &Tab, span: Span) -> Vec<Option<u8>> {
    let mut bytes = vec![0; span.len() as usize];
    let mut states = vec![Availability::Missing; bytes.len()];
    tab.shown().peek(span.start(), &mut bytes, &mut states);
    bytes.iter().zip(&states).map(|(byte, state)| (*state == Availability::Ready).then_some(*byte)).collect()
}

impl FindState {
    /// Chooses a row of the list and goes there.
    pub(super) fn show_match_row(&mut self, row: u64, tabs: &mut Tabs, context: &mut Context) {
        self.matches.choose(row, false);
        self.follow_chosen(tabs, context);
    }

    /// Chooses the rows up to this one too, and goes there.
    pub(super) fn extend_match_rows(&mut self, row: u64, tabs: &mut Tabs, context: &mut Context) {
        self.matches.choose(row, true);
        self.follow_chosen(tabs, context);
    }

    /// Goes to the match of the row that the keys stand on.
    fn follow_chosen(&mut self, tabs: &mut Tabs, context: &mut Context) {
        let Some(tab) = tabs.front_mut() else { return };
        let Some(hits) = self.matches.shown(tab) else { return };
        let number = self.matches.chosen().and_then(|row| self.matches.number_of_row(row));
        let Some(found) = number.and_then(|number| hits.list.get(number)) else { return };
        match hits.now(found, tab) {
            Some(span) => self.show_listed(span, tab),
            None => context.say("This match has been edited since. Use Find all to list the matches again."),
        }
    }

    /// Goes to a match of the list.
    fn show_listed(&mut self, span: Span, tab: &mut Tab) {
        let (id, revision) = (tab.id, tab.document().revision());
        let hidden = tab.hides(span).then(|| outside_array(tab, span));
        if hidden.is_none() {
            tab.show_match(span);
        }
        self.current = Some((id, revision, span));
        self.answer = hidden.unwrap_or_default();
    }

    /// Closes the list.
    pub(in crate::session) fn close_matches(&mut self, context: &mut Context) {
        self.matches.is_open = false;
        context.want_grid_focus();
    }
}

/// Where a match is that the array on the screen does not have.
pub(super) fn outside_array(tab: &Tab, span: Span) -> String {
    format!(
        "Found at {}, outside the array that is shown. Ctrl+3 shows the bytes beside it.",
        describe::hex(span.start().wrapping_add(tab.hex().format.base))
    )
}
