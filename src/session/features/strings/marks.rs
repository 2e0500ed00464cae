//! Which bytes on the screen are strings of the list.

use super::{ListedStrings, StringsState};
use crate::bytes::Span;
use crate::document::Mapped;
use crate::session::tab::Tab;

/// Strings marked on one screen at most.
const MARKED: usize = 20_000;
/// Strings in a row that were deleted, of which one is looked behind.
const DELETED: u64 = 64;

impl StringsState {
    /// Which of the visible bytes of `tab` are strings of the list, as far as that is in memory.
    pub fn marked(&self, tab: &Tab, visible: Span) -> Vec<Span> {
        self.listed(tab).map(|listed| listed.marked(tab, visible)).unwrap_or_default()
    }

    /// At most `most` strings that are spread over all of them, where they are now.
    pub fn spread(&self, tab: &Tab, most: u64) -> Vec<Span> {
        let Some(listed) = self.listed(tab) else { return Vec::new() };
        listed.list.spans.spread(most).into_iter().filter_map(|span| listed.now(span, tab)).collect()
    }
}

impl ListedStrings {
    fn marked(&self, tab: &Tab, visible: Span) -> Vec<Span> {
        if !self.is_old(tab) {
            return self.list.spans.peek_touching(visible, MARKED).ready().unwrap_or_default();
        }
        let Some(first) = self.first_behind(tab, visible.start()) else { return Vec::new() };
        let mut marks = Vec::new();
        for number in (first..self.len()).take(MARKED) {
            let Some(Some((span, _))) = self.list.peek(number).ready() else { break };
            match tab.document().map_span(span, self.searched.revision()) {
                Mapped::Intact(now) if now.start() < visible.end() => marks.push(now),
                Mapped::Touched(now) if now.start() < visible.end() => {}
                Mapped::Gone => {}
                Mapped::Intact(_) | Mapped::Touched(_) | Mapped::Unknown => break,
            }
        }
        marks
    }

    /// The number of the first string that ends behind `offset` now: edits keep strings in their order. `None` while that is
    /// not known.
    fn first_behind(&self, tab: &Tab, offset: u64) -> Option<u64> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.end_now(tab, middle, high)? {
                Some((number, end)) if end <= offset => low = number + 1,
                Some(_) | None => high = middle,
            }
        }
        Some(low)
    }

    /// Where the first string from number `from` on ends now that was not deleted; inside `None` when there is none before
    /// number `until`.
    fn end_now(&self, tab: &Tab, from: u64, until: u64) -> Option<Option<(u64, u64)>> {
        for number in (from..until).take(usize::try_from(DELETED).unwrap_or(usize::MAX)) {
            let (span, _) = self.list.peek(number).ready()??;
            match tab.document().map_span(span, self.searched.revision()) {
                Mapped::Intact(now) | Mapped::Touched(now) => return Some(Some((number, now.end()))),
                Mapped::Gone => {}
                Mapped::Unknown => return None,
            }
        }
        Some(None)
    }
}
