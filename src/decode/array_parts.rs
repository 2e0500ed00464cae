//! A run of elements in C order as a few arrays over the same bytes.
//!
//! For whoever takes up the elements of an array at any one of them. Nothing is read.

use super::array::Array;
use std::ops::Range;

/// A part of an array: its elements, and the number of the first one in the whole.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberedPart {
    pub first: u64,
    pub array: Array,
}

impl Array {
    /// The elements of a run in C order as arrays, one behind another: at most two an axis.
    pub fn parts(&self, run: Range<u64>) -> Vec<NumberedPart> {
        let mut parts = Vec::new();
        if run.start < run.end {
            push_parts(self, 0, run, &mut parts);
        }
        parts
    }

    /// The array begun so many units of its strides further on.
    #[must_use]
    pub fn moved(&self, way: i128) -> Self {
        let mut moved = self.clone();
        if self.item.shares_bytes() {
            let (bytes, items) = (i128::from(self.item.group_bytes()), i128::from(self.item.group_items()));
            let at = i128::from(self.first) + way;
            let offset = i128::from(self.offset) + at.div_euclid(items) * bytes;
            moved.offset = u64::try_from(offset).unwrap_or(0);
            moved.first = at.rem_euclid(items) as u64;
        } else {
            moved.offset = u64::try_from(i128::from(self.offset) + way).unwrap_or(0);
        }
        moved
    }
}

/// Adds the elements of a run; the first one of `array` has the number `first`.
fn push_parts(array: &Array, first: u64, run: Range<u64>, parts: &mut Vec<NumberedPart>) {
    let Some(&rows) = array.shape.first() else {
        return parts.push(NumberedPart { first, array: array.clone() });
    };
    let per_row = array.items() / rows.max(1);
    let mut at = run.start;
    while at < run.end && per_row > 0 {
        let (row, within) = (at / per_row, at % per_row);
        let whole = (run.end / per_row).saturating_sub(row);
        if within == 0 && whole > 0 {
            let part = rows_of(array, row..row + whole);
            parts.push(NumberedPart { first: first + at, array: part });
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
    let mut part = at_row(array, rows.start);
    if let Some(side) = part.shape.first_mut() {
        *side = rows.end - rows.start;
    }
    part
}

/// One place of the first axis, which is gone.
fn row_of(array: &Array, row: u64) -> Array {
    let mut part = at_row(array, row);
    part.shape.remove(0);
    part.strides.remove(0);
    part
}

/// The array from a place of its first axis on.
fn at_row(array: &Array, row: u64) -> Array {
    let stride = array.strides.first().copied().unwrap_or(0);
    array.moved(i128::from(row) * i128::from(stride))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::array::MemoryOrder;
    use crate::decode::{DType, Element, Order};

    fn numbers_of(parts: &[NumberedPart], array: &Array) -> Vec<u64> {
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
        for round in 0..300 {
            let name = ["<u2", "int4x2"][round / 2 % 2];
            let item = name.parse().unwrap_or(DType::new(Element::U16, Order::Little).into());
            let shape: Vec<u64> = (0..random.usize(0..4)).map(|_| random.u64(1..5)).collect();
            let order = if round % 2 == 0 { MemoryOrder::C } else { MemoryOrder::F };
            let array = Array::new(item, 6, shape, order).expect("an array");
            let end = random.u64(0..=array.items());
            let start = random.u64(0..=end);
            let parts = array.parts(start..end);
            assert!(parts.len() <= 2 * array.shape.len().max(1), "{parts:?}");
            assert_eq!(numbers_of(&parts, &array), (start..end).collect::<Vec<_>>(), "{array:?}");
        }
    }
}
