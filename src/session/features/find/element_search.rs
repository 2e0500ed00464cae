//! A question asked of all elements of several arrays: every element that fits, the next one, or the one before.
//!
//! Everything here blocks and runs on workers. Arrays for which the question has no meaning are left out and counted.

use super::element_test::{last_in, next_in};
use super::known_numbers::KnownNumbers;
use super::sought_arrays::{SoughtArray, SoughtArrays, SoughtElement};
use crate::analysis::search::End;
use crate::analysis::{EvenSpans, PassEnd, SpanRecorder, Unread};
use crate::bytes::{Source, Span};
use crate::compute::{AskedArray, ComputeError, OtherArray, Predicate, check_whole_shape};
use crate::decode::array::Array;
use crate::decode::{Element, Number};
use crate::document::Snapshot;
use crate::formats::Container;
use crate::job::Progress;
use crate::session::describe;
use crate::session::other_arrays::OtherArrays;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Types that are named one by one.
const MOST_NAMED: usize = 3;
/// Characters of a value in a note.
const MOST_VALUE: usize = 24;

/// What is asked, and of which arrays.
pub(super) struct ElementSearch {
    pub question: Arc<Predicate>,
    pub arrays: SoughtArrays,
    /// The container whose arrays are to be asked, where they are not known yet.
    pub container: Option<Arc<Container>>,
    pub searched: Snapshot,
    /// The arrays that the question may name.
    pub others: OtherArrays,
    /// Whether arrays for which the question has no meaning are passed over without a word.
    pub is_plain: bool,
    /// Numbers of all elements that are known already.
    pub numbers: Arc<KnownNumbers>,
}

/// Where a search for the next element begins.
#[derive(Clone, Debug)]
pub(super) enum ElementStart {
    /// At this element of the only array.
    Number(u64),
    /// At the element that has this byte, or else at the first array behind it.
    Byte(u64),
}

/// An element that was found, in words that are true without the search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundElement {
    /// The number of its array in the container.
    pub entry: Option<u32>,
    /// Its number in the array that was asked, or among those of all types.
    pub number: u64,
    /// Its index in the whole array.
    pub index: Vec<u64>,
    pub words: String,
    /// Its bytes in the file; `None` of a decompressed array.
    pub span: Option<Span>,
    /// Whether it is bytes that were read as one of several types, and no element of an array.
    pub is_reading: bool,
}

impl FoundElement {
    /// The same element by itself.
    pub(super) fn of(element: &SoughtElement<'_>) -> Self {
        let is_reading = element.array.is_reading;
        let span = element.array.unpacked.is_none().then(|| element.place().span);
        let words = match span.filter(|_| is_reading) {
            Some(span) => format!("{} as {}", describe::hex(span.start()), element.words()),
            None => element.words(),
        };
        // Readings are told from each other by the number among those of all types.
        let number = if is_reading { element.array.first + element.number } else { element.number };
        Self { entry: element.array.entry, number, index: element.base_index(), words, span, is_reading }
    }
}

/// The answer to 'next' and 'previous'.
#[derive(Debug)]
pub(super) struct NextElement {
    pub found: Option<FoundElement>,
    pub wrapped: bool,
    pub unread: Unread,
    pub remarks: Remarks,
}

/// What 'all' says besides the matches.
#[derive(Debug)]
pub(super) struct AllElements {
    pub end: End,
    pub unread: Unread,
    pub remarks: Remarks,
}

/// Arrays that were not asked.
#[derive(Clone, Debug, Default)]
pub(super) struct Remarks {
    /// How many were asked.
    pub asked: u64,
    /// How many the question has no meaning for, and why the first one not.
    pub senseless: u64,
    pub reason: Option<String>,
    /// How many are compressed or elsewhere.
    pub left_out: u64,
    /// Whether the arrays are the same bytes, read as several types.
    pub are_readings: bool,
    /// The types that can't have the value, each once.
    pub left_out_types: Vec<Element>,
}

impl ElementSearch {
    /// Makes the arrays known, and what the progress counts up to.
    fn begin(&self, progress: &Progress) {
        if let Some(container) = &self.container {
            self.arrays.fill(container, self.searched.len(), progress);
        }
        // Numbers of all elements take a pass of their own.
        let passes = if self.question.has_reductions() && self.numbers.is_empty() { 2 } else { 1 };
        progress.set_total(self.arrays.bytes().saturating_mul(passes));
    }

    /// What is said before any array was asked.
    fn no_remarks(&self) -> Remarks {
        let (left_out, are_readings) = (self.arrays.left_out(), self.arrays.are_readings());
        Remarks { left_out, are_readings, ..Remarks::default() }
    }

    /// Begins a search for one element.
    pub(super) fn begin_next(&self, progress: &Progress) -> NextElement {
        self.begin(progress);
        let (unread, remarks) = (Unread::default(), self.no_remarks());
        NextElement { found: None, wrapped: false, unread, remarks }
    }

    /// Finds every element that fits; their numbers go to `hits`.
    pub fn find_all(&self, hits: &mut SpanRecorder, progress: &Progress) -> AllElements {
        self.begin(progress);
        let mut all =
            AllElements { end: End::Complete, unread: Unread::default(), remarks: self.no_remarks() };
        for array in self.arrays.all() {
            let Some(others) = self.others_of(array, &mut all.remarks, progress) else { continue };
            let Some(asked) = self.ask(array, &others, &mut all.remarks, progress) else { continue };
            let mut is_full = false;
            let unread = &mut all.unread;
            let end = asked.search(0..asked.items(), progress, &mut |piece| {
                unread.merge(&piece.unread);
                let mut spans = piece.hits.ranges().map(|numbers| {
                    let first = array.first + numbers.start;
                    EvenSpans::side_by_side(Span::between(first, first + 1), numbers.end - numbers.start)
                });
                is_full = spans.try_for_each(|spans| hits.push_even(spans)).is_err();
                hits.publish();
                if is_full { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            if is_full {
                all.end = End::Cut;
                break;
            }
            if end == PassEnd::Cancelled || progress.is_cancelled() {
                all.end = End::Cancelled;
                break;
            }
        }
        all
    }

    /// Finds the next element that fits from `start` on, or the one before, round the end. `last` is the element that was
    /// found before, which is not meant again while the search stands on it.
    pub fn find_next(
        &self,
        start: &ElementStart,
        last: Option<(Option<u32>, u64)>,
        backwards: bool,
        progress: &Progress,
    ) -> NextElement {
        let mut next = self.begin_next(progress);
        let arrays = self.arrays.all();
        let Some((at, number)) = self.place_of(start) else { return next };
        let is_last = arrays.get(at).is_some_and(|array| last == Some((array.entry, number)));
        let number = if is_last && !backwards { number + 1 } else { number };
        // The array with the caret comes twice: its near part first, and all of it at the end.
        let order: Vec<usize> = match backwards {
            false => (at..arrays.len()).chain(0..=at).collect(),
            true => (0..=at).rev().chain((at..arrays.len()).rev()).collect(),
        };
        let near = if backwards { at + 1 } else { arrays.len() - at };
        for (step, at) in order.into_iter().enumerate() {
            let Some(array) = arrays.get(at) else { continue };
            if progress.is_cancelled() {
                break;
            }
            let Some(others) = self.others_of(array, &mut next.remarks, progress) else { continue };
            let Some(asked) = self.ask(array, &others, &mut next.remarks, progress) else { continue };
            let unread = &mut next.unread;
            let (_, found) = match (step, backwards) {
                (0, false) => next_in(&asked, number, progress, unread),
                (_, false) => next_in(&asked, 0, progress, unread),
                (0, true) => last_in(&asked, number, progress, unread),
                (_, true) => last_in(&asked, u64::MAX, progress, unread),
            };
            if let Some(number) = found {
                next.wrapped = step >= near;
                next.found = Some(FoundElement::of(&SoughtElement { array, number }));
                break;
            }
        }
        next
    }

    /// The array and the number of its element at which a search begins.
    fn place_of(&self, start: &ElementStart) -> Option<(usize, u64)> {
        let arrays = self.arrays.all();
        match *start {
            ElementStart::Number(number) => (!arrays.is_empty()).then_some((0, number)),
            ElementStart::Byte(offset) => {
                let with = arrays.iter().enumerate().find_map(|(at, array)| {
                    let elements = array.elements();
                    elements.extent().filter(|extent| extent.contains(offset))?;
                    Some((at, number_of(elements, &elements.index_of(offset)?)))
                });
                let behind = || arrays.iter().position(|array| array.elements().offset >= offset);
                // Behind all arrays, a search begins after the last element of the last one.
                let after = || Some((arrays.len().checked_sub(1)?, arrays.last()?.elements().items()));
                with.or_else(|| behind().map(|at| (at, 0))).or_else(after)
            }
        }
    }

    /// The other arrays that the question names, cut as this one is.
    fn others_of(
        &self,
        array: &SoughtArray,
        remarks: &mut Remarks,
        progress: &Progress,
    ) -> Option<Vec<OtherArray>> {
        let cut = |other: &Array| {
            check_whole_shape(&other.shape, &array.whole)?;
            other.slice(&array.sliced.slice).map(|sliced| sliced.array).map_err(|error| error.to_string())
        };
        match self.others.named(&self.question.others(), &cut, progress) {
            Ok(others) => Some(others),
            Err(reason) => {
                remarks.senseless += 1;
                remarks.reason.get_or_insert(reason);
                None
            }
        }
    }

    /// The question with all that it needs to know of an array. Blocks.
    pub(super) fn ask<'a>(
        &'a self,
        array: &'a SoughtArray,
        others: &'a [OtherArray],
        remarks: &mut Remarks,
        progress: &Progress,
    ) -> Option<AskedArray<'a>> {
        let source = array.source(&self.searched);
        let elements = array.elements();
        let numbers = self.numbers_of(array.entry, (source, elements), others, progress);
        match numbers.and_then(|known| self.question.asked_knowing(source, elements, others, &known)) {
            Ok(asked) => {
                remarks.asked += 1;
                Some(asked)
            }
            // That integers are never NaN goes without saying.
            Err(_) if self.is_plain => {
                remarks.asked += 1;
                None
            }
            Err(error) => {
                remarks.senseless += 1;
                remarks.reason.get_or_insert_with(|| error.to_string());
                remarks.leave_out(array);
                None
            }
        }
    }
}

impl ElementSearch {
    /// The numbers of all elements that the question wants of an array. Blocks.
    pub(super) fn numbers_of(
        &self,
        entry: Option<u32>,
        (source, array): (&dyn Source, &Array),
        others: &[OtherArray],
        progress: &Progress,
    ) -> Result<Vec<Number>, ComputeError> {
        let make = || self.question.numbers_of(source, array, others, progress);
        if self.question.has_reductions() { self.numbers.get(entry, array, make) } else { make() }
    }
}

/// The number of an element in C order.
pub(super) fn number_of(array: &Array, index: &[u64]) -> u64 {
    index.iter().zip(&array.shape).fold(0, |number, (at, side)| number * side + at)
}

impl Remarks {
    /// What is to be said of arrays that were not asked; empty when all were.
    pub fn words(&self) -> String {
        let mut parts = Vec::new();
        if self.senseless > 0 && !self.are_readings {
            let arrays = counted(self.senseless, "array");
            let reason = self.reason.as_deref().unwrap_or_default().trim_end_matches('.');
            parts.push(format!("{arrays} skipped: {reason}."));
        }
        if self.left_out > 0 {
            let arrays = counted(self.left_out, "compressed or unshown array");
            parts.push(format!("{arrays} not searched."));
        }
        parts.join(" ")
    }

    /// The types that can't have the value, in few words; empty when all can. That is no fault.
    pub fn types_words(&self, value: &str) -> String {
        let types = &self.left_out_types;
        if types.is_empty() {
            return String::new();
        }
        let are_integers = types.iter().all(|element| element.is_integer());
        let kind = if are_integers { "integer types" } else { "types" };
        let words = if types.len() > MOST_NAMED {
            format!("{} {kind}", types.len())
        } else {
            types.iter().map(|element| element.name()).collect::<Vec<_>>().join(", ")
        };
        format!("Left out: {words}, which can't hold {}.", describe::cut(value.trim(), MOST_VALUE))
    }

    fn leave_out(&mut self, array: &SoughtArray) {
        if let Some(dtype) = array.read_as()
            && !self.left_out_types.contains(&dtype.element)
        {
            self.left_out_types.push(dtype.element);
        }
    }

    /// Why nothing could be asked at all, if so.
    pub fn refusal(&self) -> Option<&str> {
        (self.asked == 0).then_some(self.reason.as_deref()).flatten()
    }
}

fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what} was") } else { format!("{count} {what}s were") }
}
