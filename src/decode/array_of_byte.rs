//! Which of several arrays has a byte, and in which element.

use super::array::Array;
use crate::bytes::Span;

/// How many arrays that begin at or before a byte are asked: they may overlap.
const MOST_OVERLAPPING: usize = 8;

/// The array that has the byte at `offset`, and the index of the element that has it. The arrays are sorted by the starts
/// of their extents; `parts` returns the extent of one, and the array itself.
pub fn element_of_byte<T>(
    arrays: &[T],
    parts: impl Fn(&T) -> (Span, &Array),
    offset: u64,
) -> Option<(&T, Vec<u64>)> {
    let behind = arrays.partition_point(|array| parts(array).0.start() <= offset);
    arrays[..behind].iter().rev().take(MOST_OVERLAPPING).find_map(|array| {
        let (extent, elements) = parts(array);
        let index = extent.contains(offset).then(|| elements.index_of(offset)).flatten()?;
        Some((array, index))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::array::MemoryOrder;
    use crate::decode::{DType, Element, Order};

    #[test]
    fn a_byte_after_a_short_array_belongs_to_the_long_one_around_it() {
        let bytes = |offset, count| {
            let item = DType::new(Element::U16, Order::Little).into();
            let array = Array::new(item, offset, vec![count], MemoryOrder::C).expect("an array");
            (array.extent().expect("an extent"), array)
        };
        // Bytes 10 to 49, and 20 to 23 in them.
        let arrays = [bytes(10, 20), bytes(20, 2)];
        let found = |offset| {
            let found = element_of_byte(&arrays, |(extent, array)| (*extent, array), offset);
            found.map(|((extent, _), index)| (extent.start(), index))
        };
        for (offset, expected) in [
            (9, None),
            (10, Some((10, vec![0]))),
            (19, Some((10, vec![4]))),
            (20, Some((20, vec![0]))),
            (23, Some((20, vec![1]))),
            (24, Some((10, vec![7]))),
            (49, Some((10, vec![19]))),
            (50, None),
        ] {
            assert_eq!(found(offset), expected, "{offset}");
        }
    }
}
