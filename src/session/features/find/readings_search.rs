//! The next value among bytes that are read as several types at once, or the one before: by its place, and at one place in
//! the order of the types. Blocks; for workers.

use super::element_search::{ElementSearch, FoundElement, NextElement};
use super::element_test::{last_within, next_within};
use super::sought_arrays::{SoughtArray, SoughtElement};
use crate::job::Progress;
use std::ops::Range;

/// A value: where it begins, which of the arrays it is read by, and its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FoundReading {
    offset: u64,
    array: usize,
    number: u64,
}

/// Where a value is to begin: offsets for the arrays up to one, and for those behind it.
#[derive(Clone, Debug)]
struct Sought {
    /// How many arrays the first offsets are for.
    split: usize,
    before: Range<u64>,
    behind: Range<u64>,
}

impl Sought {
    fn everywhere(offsets: Range<u64>) -> Self {
        Self { split: 0, before: offsets.clone(), behind: offsets }
    }

    /// The numbers of those elements of an array.
    fn numbers(&self, at: usize, array: &SoughtArray) -> Range<u64> {
        let offsets = if at < self.split { &self.before } else { &self.behind };
        number_at(array, offsets.start)..number_at(array, offsets.end)
    }
}

/// The number of the first element that begins at `offset` or behind it.
fn number_at(array: &SoughtArray, offset: u64) -> u64 {
    let elements = array.elements();
    let size = elements.item.group_bytes().max(1);
    offset.saturating_sub(elements.offset).div_ceil(size).min(elements.items())
}

impl ElementSearch {
    /// Finds the next value from `start` on, or the one before, round the end. `last` is the number, among those of all
    /// arrays, of the value that was found before; while the search stands on it, it is not meant again.
    pub(super) fn find_next_reading(
        &self,
        start: u64,
        last: Option<u64>,
        backwards: bool,
        progress: &Progress,
    ) -> NextElement {
        let mut next = self.begin_next(progress);
        let arrays = self.arrays.all();
        let stands_on = last.and_then(|last| {
            let element = self.arrays.element(last)?;
            let at = arrays.iter().position(|array| array.first == element.array.first)?;
            (element.place().span.start() == start).then_some(at)
        });
        let behind = start.saturating_add(1);
        let near = match (stands_on, backwards) {
            (None, false) => Sought::everywhere(start..u64::MAX),
            (None, true) => Sought::everywhere(0..start),
            (Some(at), false) => Sought { split: at + 1, before: behind..u64::MAX, behind: start..u64::MAX },
            (Some(at), true) => Sought { split: at, before: 0..behind, behind: 0..start },
        };
        let far = Sought::everywhere(if backwards { start..u64::MAX } else { 0..behind });
        for (sought, wrapped) in [(near, false), (far, true)] {
            let found = self.reading_in(&sought, backwards, &mut next, progress);
            if let Some(array) = found.and_then(|found| arrays.get(found.array)) {
                let number = found.map_or(0, |found| found.number);
                next.found = Some(FoundElement::of(&SoughtElement { array, number }));
                next.wrapped = wrapped;
                break;
            }
            if progress.is_cancelled() {
                break;
            }
        }
        next
    }

    /// The first value of those that are sought, or with `backwards` the last. What can't come before the best so far is
    /// not searched.
    fn reading_in(
        &self,
        sought: &Sought,
        backwards: bool,
        next: &mut NextElement,
        progress: &Progress,
    ) -> Option<FoundReading> {
        let mut best: Option<FoundReading> = None;
        for (at, array) in self.arrays.all().iter().enumerate() {
            if progress.is_cancelled() {
                return None;
            }
            let mut numbers = sought.numbers(at, array);
            match best {
                Some(best) if backwards => numbers.start = numbers.start.max(number_at(array, best.offset)),
                Some(best) => numbers.end = numbers.end.min(number_at(array, best.offset)),
                None => {}
            }
            let Some(asked) = self.ask(array, &[], &mut next.remarks, progress) else { continue };
            let found = match backwards {
                false => next_within(&asked, numbers, progress, &mut next.unread).1,
                true => last_within(&asked, numbers, progress, &mut next.unread).1,
            };
            if let Some(number) = found {
                let offset = array.elements().place(&[number]).span.start();
                best = Some(FoundReading { offset, array: at, number });
            }
        }
        best
    }
}
