//! Questions about single elements of an array: which of them fit from one on, and which is the last one before another.
//!
//! A question is bound to the type of an array first. Then it is asked of the array, or of parts of it: a search for the
//! next element asks the part behind the caret, one for the element before asks larger and larger parts in front of it.

use crate::analysis::{PassEnd, Unread};
use crate::bytes::Source;
use crate::compute::{ArrayQuestion, Predicate};
use crate::decode::array::Array;
use crate::job::Progress;
use std::ops::{ControlFlow, Range};

/// Elements of the first part that is asked in front of the caret.
const FIRST_PART: u64 = 1 << 16;

/// The question for the elements of `array`.
///
/// # Errors
/// A sentence when it has no meaning for them.
pub(super) fn bind(question: &Predicate, array: &Array) -> Result<ArrayQuestion, String> {
    if !question.wanted(&array.item).is_empty() {
        return Err(String::from(
            "mean, std, min, max, sum and median of all elements can't be used in Find. Type their values instead.",
        ));
    }
    question.for_items(&array.item, &[]).map_err(|error| error.to_string())
}

/// A part of an array: its elements, and the number of the first one in the whole.
#[derive(Clone, Debug, PartialEq)]
struct ArrayPart {
    first: u64,
    array: Array,
}

/// The first element from `from` on that fits. Blocks.
pub(super) fn next_in(
    question: &ArrayQuestion,
    source: &dyn Source,
    array: &Array,
    from: u64,
    progress: &Progress,
    unread: &mut Unread,
) -> (PassEnd, Option<u64>) {
    for part in parts(array, from..array.items()) {
        let mut found = None;
        let end = question.search(source, &part.array, progress, &mut |piece| {
            unread.merge(&piece.unread);
            found = piece.hits.iter().next();
            if found.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        if found.is_some() || end == PassEnd::Cancelled {
            return (end, found.map(|number| part.first + number));
        }
    }
    (PassEnd::Complete, None)
}

/// The last element before `before` that fits. Blocks.
pub(super) fn last_in(
    question: &ArrayQuestion,
    source: &dyn Source,
    array: &Array,
    before: u64,
    progress: &Progress,
    unread: &mut Unread,
) -> (PassEnd, Option<u64>) {
    let (mut end, mut len) = (before.min(array.items()), FIRST_PART);
    while end > 0 {
        let start = end.saturating_sub(len);
        for part in parts(array, start..end).into_iter().rev() {
            let mut found = None;
            let ended = question.search(source, &part.array, progress, &mut |piece| {
                unread.merge(&piece.unread);
                found = piece.hits.iter().last().or(found);
                ControlFlow::Continue(())
            });
            if ended == PassEnd::Cancelled {
                return (ended, None);
            }
            if let Some(number) = found {
                return (PassEnd::Complete, Some(part.first + number));
            }
        }
        (end, len) = (start, len.saturating_mul(4));
    }
    (PassEnd::Complete, None)
}

/// A run of elements in C order as arrays, one behind another: at most two an axis.
fn parts(array: &Array, run: Range<u64>) -> Vec<ArrayPart> {
    let mut parts = Vec::new();
    if run.start < run.end {
        push_parts(array, 0, run, &mut parts);
    }
    parts
}

/// Adds the elements of a run; the first one of `array` has the number `first`.
fn push_parts(array: &Array, first: u64, run: Range<u64>, parts: &mut Vec<ArrayPart>) {
    let Some(&rows) = array.shape.first() else {
        return parts.push(ArrayPart { first, array: array.clone() });
    };
    let per_row = array.items() / rows.max(1);
    let mut at = run.start;
    while at < run.end && per_row > 0 {
        let (row, within) = (at / per_row, at % per_row);
        let whole = (run.end / per_row).saturating_sub(row);
        if within == 0 && whole > 0 {
            let part = rows_of(array, row..row + whole);
            parts.push(ArrayPart { first: first + at, array: part });
            at += whole * per_row;
        } else {
            let end = run.end.min((row + 1) * per_row);
            let inner = row_of(array, row);
            push_parts(&inner, first + row * per_row, within..within + (end - at), parts);
            at = end;
        }
    }
}

/// Some places of the first axis.
fn rows_of(array: &Array, rows: Range<u64>) -> Array {
    let mut part = moved(array, rows.start);
    if let Some(side) = part.shape.first_mut() {
        *side = rows.end - rows.start;
    }
    part
}

/// One place of the first axis, which is gone.
fn row_of(array: &Array, row: u64) -> Array {
    let mut part = moved(array, row);
    part.shape.remove(0);
    part.strides.remove(0);
    part
}

/// The array from a place of its first axis on.
fn moved(array: &Array, row: u64) -> Array {
    let stride = array.strides.first().copied().unwrap_or(0);
    let way = i128::from(row) * i128::from(stride);
    let mut part = array.clone();
    if array.item.shares_bytes() {
        let (bytes, items) = (i128::from(array.item.group_bytes()), i128::from(array.item.group_items()));
        let at = i128::from(array.first) + way;
        let offset = i128::from(array.offset) + at.div_euclid(items) * bytes;
        part.offset = u64::try_from(offset).unwrap_or(0);
        part.first = at.rem_euclid(items) as u64;
    } else {
        part.offset = u64::try_from(i128::from(array.offset) + way).unwrap_or(0);
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::MemorySource;
    use crate::decode::array::MemoryOrder;
    use crate::decode::{DType, Element, Order};

    fn numbers_of(parts: &[ArrayPart], array: &Array) -> Vec<u64> {
        let mut numbers = Vec::new();
        for part in parts {
            for number in 0..part.array.items() {
                let place = part.array.place(&part.array.index_at(number));
                let whole = part.first + number;
                assert_eq!(place, array.place(&array.index_at(whole)), "{part:?}");
                numbers.push(whole);
            }
        }
        numbers
    }

    #[test]
    fn a_run_of_elements_is_a_few_arrays() {
        let mut random = fastrand::Rng::with_seed(3);
        let item = || DType::new(Element::U16, Order::Little).into();
        for round in 0..300 {
            let shape: Vec<u64> = (0..random.usize(0..4)).map(|_| random.u64(1..5)).collect();
            let order = if round % 2 == 0 { MemoryOrder::C } else { MemoryOrder::F };
            let array = Array::new(item(), 6, shape, order).expect("an array");
            let end = random.u64(0..=array.items());
            let start = random.u64(0..=end);
            let parts = parts(&array, start..end);
            assert!(parts.len() <= 2 * array.shape.len().max(1), "{parts:?}");
            assert_eq!(numbers_of(&parts, &array), (start..end).collect::<Vec<_>>(), "{array:?}");
        }
    }

    #[test]
    fn the_next_and_the_last_special_value_are_those_of_a_loop() {
        let mut random = fastrand::Rng::with_seed(9);
        for order in [MemoryOrder::C, MemoryOrder::F] {
            let values: Vec<f32> =
                (0..120).map(|_| if random.u8(..) < 20 { f32::NAN } else { random.f32() }).collect();
            let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
            let source = MemorySource::new(bytes);
            let array = Array::new(DType::new(Element::F32, Order::Little).into(), 0, vec![4, 5, 6], order)
                .expect("an array");
            let value = |number: u64| {
                let place = array.place(&array.index_at(number)).span.start();
                values[place as usize / 4]
            };
            let question: Predicate = "isnan(x)".parse().expect("a question");
            let test = bind(&question, &array).expect("floats");
            let progress = Progress::default();
            for at in 0..=120 {
                let mut unread = Unread::default();
                let next = next_in(&test, &source, &array, at, &progress, &mut unread).1;
                assert_eq!(next, (at..120).find(|number| value(*number).is_nan()), "{order:?} {at}");
                let last = last_in(&test, &source, &array, at, &progress, &mut unread).1;
                assert_eq!(last, (0..at).rev().find(|number| value(*number).is_nan()), "{order:?} {at}");
            }
        }
    }
}
