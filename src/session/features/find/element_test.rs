//! Questions about single elements of an array: which of them fit from one on, and which is the last one before another.
//!
//! A question is made ready for an array first. Then it is asked of the array, or of parts of it: a search for the next
//! element asks the part behind the caret, one for the element before asks larger and larger parts in front of it.

use crate::analysis::{PassEnd, Unread};
use crate::compute::AskedArray;
use crate::job::Progress;
use std::ops::{ControlFlow, Range};

/// Elements of the first part that is asked in front of the caret.
const FIRST_PART: u64 = 1 << 16;

/// The first element from `from` on that fits. Blocks.
pub(super) fn next_in(
    asked: &AskedArray<'_>,
    from: u64,
    progress: &Progress,
    unread: &mut Unread,
) -> (PassEnd, Option<u64>) {
    next_within(asked, from..asked.items(), progress, unread)
}

/// The first element with one of these numbers that fits. Blocks.
pub(super) fn next_within(
    asked: &AskedArray<'_>,
    numbers: Range<u64>,
    progress: &Progress,
    unread: &mut Unread,
) -> (PassEnd, Option<u64>) {
    let mut found = None;
    if numbers.is_empty() {
        return (PassEnd::Complete, found);
    }
    let end = asked.search(numbers, progress, &mut |piece| {
        unread.merge(&piece.unread);
        found = piece.hits.iter().next();
        if found.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    (end, found)
}

/// The last element before `before` that fits. Blocks.
pub(super) fn last_in(
    asked: &AskedArray<'_>,
    before: u64,
    progress: &Progress,
    unread: &mut Unread,
) -> (PassEnd, Option<u64>) {
    last_within(asked, 0..before, progress, unread)
}

/// The last element with one of these numbers that fits. Blocks.
pub(super) fn last_within(
    asked: &AskedArray<'_>,
    numbers: Range<u64>,
    progress: &Progress,
    unread: &mut Unread,
) -> (PassEnd, Option<u64>) {
    let (mut end, mut len) = (numbers.end.min(asked.items()), FIRST_PART);
    while end > numbers.start {
        let start = end.saturating_sub(len).max(numbers.start);
        let mut found = None;
        let ended = asked.search(start..end, progress, &mut |piece| {
            unread.merge(&piece.unread);
            found = piece.hits.iter().last().or(found);
            ControlFlow::Continue(())
        });
        if ended == PassEnd::Cancelled {
            return (ended, None);
        }
        if found.is_some() {
            return (PassEnd::Complete, found);
        }
        (end, len) = (start, len.saturating_mul(4));
    }
    (PassEnd::Complete, None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::MemorySource;
    use crate::compute::Predicate;
    use crate::decode::array::{Array, MemoryOrder};
    use crate::decode::{DType, Element, Order};

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
            let progress = Progress::default();
            let asked = question.asked_of(&source, &array, &[], &progress).expect("floats");
            for at in 0..=120 {
                let mut unread = Unread::default();
                let next = next_in(&asked, at, &progress, &mut unread).1;
                assert_eq!(next, (at..120).find(|number| value(*number).is_nan()), "{order:?} {at}");
                let last = last_in(&asked, at, &progress, &mut unread).1;
                assert_eq!(last, (0..at).rev().find(|number| value(*number).is_nan()), "{order:?} {at}");
            }
        }
    }
}
