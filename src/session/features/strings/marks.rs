//! Which bytes on the screen are strings of the list.

use super::{ListedStrings, StringsState};
use crate::analysis::strings::list::StringList;
use crate::bytes::Span;
use crate::document::{Mapped, Revision};
use crate::session::ids::TabId;
use crate::session::tab::Tab;
use std::sync::{Arc, Weak};

/// Strings marked on one screen at most.
const MARKED: usize = 20_000;
/// Deleted strings behind which the next one is searched, and not looked for one by one.
const DELETED: u64 = 64;
/// Steps through edits for the marks of one screen at most.
const MOST_STEPS: u64 = 1 << 20;

impl StringsState {
    /// Which of the visible bytes of `tab` are strings of the list, as far as that is in memory.
    pub fn marked(&self, tab: &Tab, visible: Span) -> Vec<Span> {
        self.listed(tab).map(|listed| listed.marked(tab, visible)).unwrap_or_default()
    }

    /// What [`Self::spread`] depends on; `None` where it has none. It is spread again only when this is another.
    pub fn spread_key(&self, tab: &Tab) -> Option<SpreadKey> {
        let listed = self.listed(tab)?;
        let (searched, now) = (listed.searched.revision(), tab.document().revision());
        Some(SpreadKey { tab: tab.id, list: Arc::downgrade(&listed.list), len: listed.len(), searched, now })
    }

    /// At most `most` strings that are spread over all of them, where they are now.
    pub fn spread(&self, tab: &Tab, most: u64) -> Vec<Span> {
        let Some(listed) = self.listed(tab) else { return Vec::new() };
        listed.list.spans.spread(most).into_iter().filter_map(|span| listed.now(span, tab)).collect()
    }
}

/// Which state of which list is spread over which state of a document.
#[derive(Clone, Debug)]
pub struct SpreadKey {
    tab: TabId,
    /// Kept so that no other list is at its place.
    list: Weak<StringList>,
    len: u64,
    searched: Revision,
    now: Revision,
}

impl PartialEq for SpreadKey {
    fn eq(&self, other: &Self) -> bool {
        let others = (other.tab, other.len, other.searched, other.now);
        (self.tab, self.len, self.searched, self.now) == others && self.list.ptr_eq(&other.list)
    }
}

impl ListedStrings {
    fn marked(&self, tab: &Tab, visible: Span) -> Vec<Span> {
        if !self.is_old(tab) {
            return self.list.spans.peek_touching(visible, MARKED).ready().unwrap_or_default();
        }
        let Some(mut number) = self.first_behind(tab, 0, visible.start()) else { return Vec::new() };
        let (mut marks, mut deleted) = (Vec::new(), 0);
        for _ in 0..self.most_looks(tab) {
            let Some(Some((span, _))) = self.list.peek(number).ready() else { break };
            number += 1;
            match tab.document().map_span(span, self.searched.revision()) {
                Mapped::Intact(now) if now.start() < visible.end() => marks.push(now),
                Mapped::Touched(now) if now.start() < visible.end() => {}
                Mapped::Gone => {
                    deleted += 1;
                    if deleted % DELETED == 0 {
                        let place = self.last_byte(tab, number - 1);
                        let next = place.and_then(|place| self.first_behind(tab, number, place + 1));
                        number = next.unwrap_or(number);
                    }
                }
                Mapped::Intact(_) | Mapped::Touched(_) | Mapped::Unknown => break,
            }
        }
        marks
    }

    /// How many strings are mapped for one screen at most: each is mapped through all edits since the search.
    fn most_looks(&self, tab: &Tab) -> u64 {
        let passed = tab.document().revision().0.saturating_sub(self.searched.revision().0);
        (MOST_STEPS / passed.max(1)).clamp(1, MARKED as u64)
    }

    /// The number of the first string from number `low` on that ends behind `offset` now: edits keep strings in their
    /// order. Those that were deleted count by what is at their place. `None` while that is not known.
    fn first_behind(&self, tab: &Tab, mut low: u64, offset: u64) -> Option<u64> {
        let mut high = self.len();
        while low < high {
            let middle = low + (high - low) / 2;
            if self.last_byte(tab, middle)? < offset { low = middle + 1 } else { high = middle }
        }
        Some(low)
    }

    /// Where the last byte of a string is now, or, if it was deleted, what came behind it. An empty span at its place is
    /// never deleted.
    fn last_byte(&self, tab: &Tab, number: u64) -> Option<u64> {
        let (span, _) = self.list.peek(number).ready()??;
        let last = Span::empty_at(span.end().saturating_sub(1));
        match tab.document().map_span(last, self.searched.revision()) {
            Mapped::Intact(now) | Mapped::Touched(now) => Some(now.start()),
            Mapped::Gone | Mapped::Unknown => None,
        }
    }
}
