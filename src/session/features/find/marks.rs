//! Which bytes on the screen are matches.

use super::FindState;
use super::element_search::number_of;
use super::hits::{FoundMatch, Hits};
use super::query::Sought;
use super::sought_arrays::{SoughtArray, SoughtElement};
use crate::analysis::{Pattern, Window};
use crate::bytes::{Availability, Source, Span};
use crate::decode::array::MemoryOrder;
use crate::session::tab::Tab;
use std::ops::ControlFlow;

/// What is sought is not marked where the screen cuts off more of it than this.
const MARKED_CONTEXT: u64 = 4096;
/// Matches marked on one screen at most.
const MARKED: usize = 20_000;
/// Arrays that are looked at for one screen at most.
const NEAR: usize = 256;

impl FindState {
    /// Whether matches are marked in `tab`.
    pub fn marks(&self, tab: &Tab) -> bool {
        self.open || self.matches.shown(tab).is_some()
    }

    /// Which of the visible bytes of `tab` are matches.
    pub fn marked(&self, tab: &Tab, visible: Span) -> Vec<Span> {
        let sought = self.sought.as_ref().filter(|_| self.marks(tab));
        match sought.and_then(Sought::pattern) {
            Some(pattern) => marked_bytes(&**pattern, tab, visible),
            None => self.marked_elements(tab, visible),
        }
    }

    /// Which of the visible bytes are elements of the list.
    fn marked_elements(&self, tab: &Tab, visible: Span) -> Vec<Span> {
        let mut marks = Vec::new();
        let Some(hits) = self.matches.hits().filter(|hits| hits.tab == tab.id && self.marks(tab)) else {
            return marks;
        };
        let Some(arrays) = &hits.found.arrays else { return marks };
        // Those of a container are in the order of the file, and hardly ever overlap. Readings begin at the same place.
        let end = match arrays.are_readings() {
            true => arrays.all().len(),
            false => arrays.all().partition_point(|array| array.elements().offset < visible.end()),
        };
        let near = arrays.all()[..end].iter().rev().take(NEAR);
        for array in near.filter(|array| array.unpacked.is_none()) {
            let extent = array.elements().extent().unwrap_or_default();
            if let Some(within) = extent.intersect(visible).filter(|within| !within.is_empty()) {
                hits.add_marks(array, tab, within, &mut marks);
            }
        }
        marks.sort_unstable_by_key(|span| span.start());
        marks
    }
}

impl Hits {
    /// Adds those of the visible bytes that are matches in one array.
    fn add_marks(&self, array: &SoughtArray, tab: &Tab, within: Span, marks: &mut Vec<Span>) {
        let elements = array.elements();
        let mut add = |number: u64| {
            let place = elements.place(&elements.index_at(number)).span;
            let found = FoundMatch { span: place, element: Some(SoughtElement { array, number }) };
            marks.extend(self.now(&found, tab));
        };
        let number_at = |byte: u64| Some(number_of(elements, &elements.index_of(byte)?));
        let is_packed = elements.item.group_items() > 1;
        let (first, last) = (number_at(within.start()), number_at(within.end() - 1));
        if let (Some(MemoryOrder::C), Some(first), Some(last), false) =
            (elements.order(), first, last, is_packed)
        {
            let numbers = Span::between(array.first + first, array.first + last + 1);
            let run = self.found.list.peek_touching(numbers, MARKED).ready().unwrap_or_default();
            return run.iter().for_each(|entry| add(entry.start() - array.first));
        }
        let mut at = within.start();
        let step = if is_packed { 1 } else { elements.item.group_bytes().max(1) };
        for _ in 0..MARKED {
            if at >= within.end() {
                break;
            }
            if let Some(number) = number_at(at)
                && self.has_element(array.first + number)
            {
                add(number);
            }
            at = at.saturating_add(step);
        }
    }

    /// Whether this number of an element is in the list, as far as that is in memory.
    fn has_element(&self, number: u64) -> bool {
        let next = self.found.list.peek_ending_after(number).ready().flatten();
        next.is_some_and(|ranked| ranked.span.start() == number)
    }
}

/// The matches of a pattern among the visible bytes.
fn marked_bytes(pattern: &dyn Pattern, tab: &Tab, visible: Span) -> Vec<Span> {
    let context = (pattern.max_len() as u64 - 1).min(MARKED_CONTEXT);
    let wide = Span::between(visible.start().saturating_sub(context), visible.end().saturating_add(context))
        .clamp_to(tab.len());
    let mut bytes = vec![0; wide.len() as usize];
    let mut states = vec![Availability::Missing; bytes.len()];
    tab.shown().peek(wide.start(), &mut bytes, &mut states);
    let mut marks = Vec::new();
    let window = Window::whole(&bytes, wide.start(), tab.len());
    let _ = pattern.find_in(&window, &mut |hit| {
        if states[hit.at..hit.at + hit.len].iter().all(|state| *state == Availability::Ready) {
            let start = wide.start() + hit.at as u64;
            marks.push(Span::between(start, start + hit.len as u64));
        }
        if marks.len() < MARKED { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    marks
}
