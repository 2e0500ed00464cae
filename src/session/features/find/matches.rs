//! The list of all matches: each with its element and the bytes around it, and which one is shown.
//!
//! A match is told where it is now; one whose bytes were edited since says so and can't be gone to.

use super::{FindState, Hits};
use crate::bytes::{Availability, Source, Span};
use crate::document::Mapped;
use crate::session::context::Context;
use crate::session::describe;
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;

/// Bytes that are shown before a match and behind it.
const CONTEXT: u64 = 8;
/// Bytes of a long match that are shown.
const SHOWN: u64 = 16;

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchLine {
    /// Where it is now; `None` when it was edited since.
    pub span: Option<Span>,
    /// The offset as it is shown.
    pub offset: String,
    /// The index of its element in the array or the values on the screen; empty without one.
    pub element: String,
    /// Bytes before the match, of the match, behind it.
    pub context: [Vec<Option<u8>>; 3],
}

impl FindState {
    /// The matches in `tab`, if they are listed, and which one was chosen there; none is before the first key or click.
    pub fn listed(&self, tab: &Tab) -> Option<(&Hits, Option<u64>)> {
        self.hits.as_ref().filter(|hits| self.lists && hits.tab == tab.id).map(|hits| (hits, self.chosen))
    }
}

impl Hits {
    /// Match `n` as the list shows it; `None` when there are fewer. Only bytes that are at hand are in it.
    pub fn line(&self, n: u64, tab: &Tab) -> Option<MatchLine> {
        let found = self.list.get(n)?;
        let span = self.now(found, tab);
        let base = tab.hex().format.base;
        let Some(span) = span else {
            let offset = describe::hex(found.start().wrapping_add(base));
            return Some(MatchLine { span, offset, element: String::new(), context: Default::default() });
        };
        let before = Span::between(span.start().saturating_sub(CONTEXT), span.start());
        let own = Span::between(span.start(), span.end().min(span.start().saturating_add(SHOWN)));
        let behind =
            Span::between(span.end(), span.end().saturating_add(CONTEXT).min(tab.len()).max(span.end()));
        Some(MatchLine {
            span: Some(span),
            offset: describe::hex(span.start().wrapping_add(base)),
            element: tab.element_words(span.start()),
            context: [before, own, behind].map(|part| at_hand(tab, part)),
        })
    }

    /// Where a match is now.
    fn now(&self, found: Span, tab: &Tab) -> Option<Span> {
        match tab.document().map_span(found, self.revision) {
            Mapped::Intact(span) => Some(span),
            Mapped::Touched(_) | Mapped::Gone | Mapped::Unknown => None,
        }
    }
}

fn at_hand(tab: &Tab, span: Span) -> Vec<Option<u8>> {
    let mut bytes = vec![0; span.len() as usize];
    let mut states = vec![Availability::Missing; bytes.len()];
    tab.shown().peek(span.start(), &mut bytes, &mut states);
    bytes.iter().zip(&states).map(|(byte, state)| (*state == Availability::Ready).then_some(*byte)).collect()
}

impl Tab {
    /// The index of the element that has the byte at `offset`, in the array or the values on the screen.
    pub fn element_words(&self, offset: u64) -> String {
        if let Some(view) = self.array().filter(|view| view.unpacked.is_none()) {
            let index = view.sliced.array.index_of(offset);
            let words = index.map(|index| view.sliced.index_words(&index));
            return words.map_or_else(String::new, |words| match &view.name {
                Some(name) => format!("{name}{words}"),
                None => words,
            });
        }
        let Some(dtype) = self.shown_dtype() else { return String::new() };
        let from = offset.checked_sub(self.values().format.origin);
        from.map_or_else(String::new, |from| format!("[{}]", from / dtype.size() as u64))
    }
}

impl FindState {
    /// Chooses match `n` of the list and goes there.
    pub(super) fn show_match_line(&mut self, n: u64, tabs: &mut Tabs, context: &mut Context) {
        let Some(tab) = tabs.front_mut() else { return };
        let Some((hits, _)) = self.listed(tab) else { return };
        let last = hits.list.len().saturating_sub(1);
        let line = hits.line(n.min(last), tab);
        self.chosen = Some(n.min(last));
        match line.map(|line| line.span) {
            Some(Some(span)) => self.show_listed(span, tab),
            Some(None) => {
                context.say("This match has been edited since. Use Find all to list the matches again.")
            }
            None => {}
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
        self.lists = false;
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
