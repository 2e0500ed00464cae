//! The rows of the list of matches: each with its element, its value and the bytes around it; and what a click on one does.
//!
//! A match is told where it is now; one whose bytes were edited since says so and can't be gone to.

use super::FindState;
use super::element_search::FoundElement;
use super::hits::{FoundMatch, Hits, MatchReading};
use super::names::MatchNames;
use super::sought_arrays::SoughtElement;
use crate::analysis::spans::Peeked;
use crate::bytes::{Availability, Source, Span};
use crate::session::context::Context;
use crate::session::describe;
use crate::session::effect::Effect;
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;

/// Bytes that are shown before a match and behind it.
const CONTEXT: u64 = 8;
/// Bytes of a long match that are shown.
const SHOWN: u64 = 16;
/// The same where they are text.
const SHOWN_TEXT: u64 = 120;
/// The longest value that is shown, in bytes.
const MOST_VALUE: u64 = 4096;
/// Elements that are shown before an element and behind it, and characters of each.
const NEIGHBOURS: u64 = 2;
const MOST_NEIGHBOUR: usize = 24;

/// One row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchLine {
    /// Where it is now; `None` when it was edited since, or is not known.
    pub span: Option<Span>,
    /// What is said in place of its value; empty where it has one.
    pub instead: &'static str,
    /// The offset as it is shown; empty of a decompressed array.
    pub offset: String,
    /// The array and the index of its element; empty without one.
    pub element: String,
    /// Its bytes as a value, or as far as they are shown; empty while they are not cached.
    pub value: String,
    pub context: MatchContext,
}

impl MatchLine {
    fn unknown(instead: &'static str) -> Self {
        let context = MatchContext::Values(Default::default());
        Self {
            span: None,
            instead,
            offset: String::new(),
            element: String::new(),
            value: String::new(),
            context,
        }
    }
}

/// What is around a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MatchContext {
    /// Bytes before it, its own, and behind it.
    Bytes([Vec<Option<u8>>; 3]),
    /// The values of the elements before it, its own, and of those behind it.
    Values([String; 3]),
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
        let found = match self.found.peek(number) {
            Peeked::Ready(found) => found?,
            Peeked::Missing => return Some(MatchLine::unknown("…")),
            Peeked::Lost => return Some(MatchLine::unknown("could not be read")),
        };
        let now = self.now(&found, tab);
        let offset = now.unwrap_or(found.span).start().wrapping_add(tab.hex().format.base);
        let offset = if found.is_in_file() { describe::hex(offset) } else { String::new() };
        let element = found.element.as_ref().map(SoughtElement::words);
        let Some(span) = now else {
            let element = element.unwrap_or_default();
            return Some(MatchLine { offset, element, ..MatchLine::unknown("edited since") });
        };
        let source = self.found.source(tab.shown());
        let context = match &found.element {
            Some(element) => MatchContext::Values(neighbours(element, source)),
            None => bytes_around(span, source),
        };
        let name = || MatchNames::of(tab, &self.elements).name(found.span.start(), span.start());
        Some(MatchLine {
            span: Some(span),
            instead: "",
            offset,
            element: element.or_else(|| Some(name()?.words)).unwrap_or_default(),
            value: self.value(&found, span, source),
            context,
        })
    }

    /// The value of the match that is at `span` now.
    fn value(&self, found: &FoundMatch<'_>, span: Span, source: &dyn Source) -> String {
        let most = match (&found.element, self.found.reading()) {
            (Some(_), _) | (None, MatchReading::Value(_)) => MOST_VALUE,
            (None, MatchReading::Hex) => SHOWN,
            (None, MatchReading::Text(_) | MatchReading::UsualText) => SHOWN_TEXT,
        };
        let shown = Span::between(span.start(), span.end().min(span.start().saturating_add(most)));
        let bytes: Option<Vec<u8>> = cached(source, shown).into_iter().collect();
        let Some(bytes) = bytes else { return String::new() };
        let text = self.found.text(found, &bytes);
        if shown == span { text } else { format!("{text} …") }
    }
}

/// The bytes around a match.
fn bytes_around(span: Span, source: &dyn Source) -> MatchContext {
    let before = Span::between(span.start().saturating_sub(CONTEXT), span.start());
    let own = Span::between(span.start(), span.end().min(span.start().saturating_add(SHOWN)));
    let behind =
        Span::between(span.end(), span.end().saturating_add(CONTEXT).min(source.len()).max(span.end()));
    MatchContext::Bytes([before, own, behind].map(|part| cached(source, part)))
}

/// The values around an element, in C order.
fn neighbours(element: &SoughtElement<'_>, source: &dyn Source) -> [String; 3] {
    let last = element.array.elements().items();
    let text = |number: u64| {
        let other = SoughtElement { number, ..*element };
        let bytes: Option<Vec<u8>> = cached(source, other.place().span).into_iter().collect();
        let text = bytes.map_or_else(|| String::from("…"), |bytes| other.text(&bytes));
        describe::cut(&text, MOST_NEIGHBOUR).into_owned()
    };
    let texts = |numbers: std::ops::Range<u64>| numbers.map(text).collect::<Vec<String>>().join("  ");
    let (number, small) = (element.number, element.array.elements().item.group_bytes() <= MOST_VALUE);
    if !small {
        return Default::default();
    }
    let before = number.saturating_sub(NEIGHBOURS)..number;
    let behind = (number + 1).min(last)..(number + 1).saturating_add(NEIGHBOURS).min(last);
    [texts(before), text(number), texts(behind)]
}

fn cached(source: &dyn Source, span: Span) -> Vec<Option<u8>> {
    let mut bytes = vec![0; span.len() as usize];
    let mut states = vec![Availability::Missing; bytes.len()];
    source.peek(span.start(), &mut bytes, &mut states);
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

    /// Goes to the match of the row that the keys stand on; later, if it is to be read first.
    pub(super) fn follow_chosen(&mut self, tabs: &mut Tabs, context: &mut Context) {
        self.matches.is_followed_late = false;
        let Some(tab) = tabs.front_mut() else { return };
        let Some(hits) = self.matches.shown(tab) else { return };
        let number = self.matches.chosen().and_then(|row| self.matches.number_of_row(row));
        let found = match number.map(|number| hits.found.peek(number)) {
            Some(Peeked::Ready(Some(found))) => found,
            Some(Peeked::Ready(None)) | None => return,
            Some(Peeked::Missing) => {
                self.matches.is_followed_late = true;
                return;
            }
            Some(Peeked::Lost) => {
                return context.say(hits.found.trouble().unwrap_or_default());
            }
        };
        let Some(span) = hits.now(&found, tab) else {
            return context.say("This match has been edited since. Use Find all to list the matches again.");
        };
        match &found.element {
            Some(element) => {
                let element = FoundElement::of(element);
                self.show_element(element, tab, context);
            }
            None => self.show_listed(span, tab),
        }
        // How many there are stays said while one goes through them.
        if self.answer.is_empty() {
            self.answer = self.matches.hits().map(Hits::count_words).unwrap_or_default();
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

    /// Goes to an element, in its array.
    pub(super) fn show_element(&mut self, element: FoundElement, tab: &mut Tab, context: &mut Context) {
        self.current = element.span.map(|span| (tab.id, tab.document().revision(), span));
        self.last_element = Some((tab.id, element.entry, element.number));
        self.answer.clear();
        if let Some(span) = element.span.filter(|_| element.is_reading) {
            return self.show_listed(span, tab);
        }
        let is_shown = element.entry.is_none() || tab.shown_entry() == element.entry;
        match (element.entry, tab.array().is_some() && is_shown) {
            (_, true) => context.tell(tab.go_to_element(&element.index)),
            (Some(entry), false) => {
                context.want(Effect::ShowElement { tab: tab.id, entry, index: element.index });
            }
            (None, false) => {
                if let Some(span) = element.span {
                    tab.show_match(span);
                }
            }
        }
    }

    /// Closes the list.
    pub(in crate::session) fn close_matches(&mut self, context: &mut Context) {
        self.matches.is_open = false;
        context.want_grid_focus();
    }
}

/// Where a match is that the array on the screen does not have.
pub(in crate::session) fn outside_array(tab: &Tab, span: Span) -> String {
    format!(
        "Found at {}, outside the array that is shown. Ctrl+3 shows the bytes beside it.",
        describe::hex(span.start().wrapping_add(tab.hex().format.base))
    )
}
