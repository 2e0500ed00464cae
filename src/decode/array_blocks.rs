//! An array cut into blocks of neighbours in C order, each an array of its own over the same bytes.
//!
//! For whoever takes the elements of an array part by part. Nothing is read.

use super::array::Array;

/// An array cut into blocks of neighbours in C order.
#[derive(Debug)]
pub struct Blocks<'a> {
    array: &'a Array,
    /// The axis that is cut; those before it are taken place by place, those behind it whole.
    axis: usize,
    rows: u64,
    index: Vec<u64>,
    ended: bool,
}

impl<'a> Blocks<'a> {
    /// Blocks of at most `most` items, at least one.
    pub fn new(array: &'a Array, most: u64) -> Self {
        let mut inner = 1_u64;
        let mut axis = array.shape.len().saturating_sub(1);
        while axis > 0 && inner.saturating_mul(array.shape[axis]) <= most {
            inner = inner.saturating_mul(array.shape[axis]);
            axis -= 1;
        }
        let rows = (most / inner.max(1)).max(1);
        Self { array, axis, rows, index: vec![0; array.shape.len()], ended: array.items() == 0 }
    }
}

impl Iterator for Blocks<'_> {
    type Item = Array;

    fn next(&mut self) -> Option<Array> {
        if self.ended {
            return None;
        }
        let place = self.array.place(&self.index);
        let mut block = self.array.clone();
        (block.offset, block.first) = (place.span.start(), u64::from(place.item));
        let Some(&side) = self.array.shape.get(self.axis) else {
            self.ended = true;
            return Some(block);
        };
        let from = self.index[self.axis];
        let rows = self.rows.min(side - from);
        block.shape[self.axis] = rows;
        block.shape[..self.axis].fill(1);
        self.ended = true;
        self.index[self.axis] = from + rows;
        for axis in (0..=self.axis).rev() {
            if axis < self.axis {
                self.index[axis] += 1;
            }
            if self.index[axis] < self.array.shape[axis] {
                self.ended = false;
                break;
            }
            self.index[axis] = 0;
        }
        Some(block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::Span;
    use crate::decode::array::MemoryOrder;
    use crate::decode::dtype::ItemType;
    use crate::decode::{DType, Element, Order};

    #[test]
    fn blocks_of_any_size_hold_all_items_in_their_order() {
        let item = ItemType::Scalar(DType::new(Element::U16, Order::Little));
        for shape in [&[2, 3, 4][..], &[5], &[], &[3, 1, 2, 2], &[2, 0, 3]] {
            let array = Array::new(item.clone(), 6, shape.to_vec(), MemoryOrder::F);
            let array = array.unwrap_or_else(|error| panic!("{error}"));
            let places = |array: &Array| -> Vec<Span> {
                (0..array.items()).map(|number| array.place(&array.index_at(number)).span).collect()
            };
            for most in 1..30 {
                let blocks: Vec<Array> = Blocks::new(&array, most).collect();
                assert!(blocks.iter().all(|block| (1..=most).contains(&block.items())), "{shape:?} {most}");
                let found: Vec<Span> = blocks.iter().flat_map(places).collect();
                assert_eq!(found, places(&array), "{shape:?} {most}");
            }
        }
    }
}
