//! The lines of elements along one axis of an array: one for each index of the other axes, as NumPy's `axis=N` has them.

use crate::decode::array::Array;

/// All lines of an array along an axis.
#[derive(Clone, Debug)]
pub struct AxisLines {
    array: Array,
    axis: usize,
    /// The first elements of all lines.
    firsts: Array,
}

impl AxisLines {
    /// The lines along `axis`, which is one of the array's.
    pub fn new(array: &Array, axis: usize) -> Option<Self> {
        array.shape.get(axis)?;
        let mut firsts = array.clone();
        // Also of an axis without elements: then each line is empty.
        (firsts.shape[axis], firsts.strides[axis]) = (1, 0);
        Some(Self { array: array.clone(), axis, firsts })
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.firsts.items()
    }

    /// The line with this number, in C order: the index of the other axes, and its elements.
    pub fn line(&self, number: u64) -> (Vec<u64>, Array) {
        let mut index = self.firsts.index_at(number);
        let place = self.firsts.place(&index);
        let line = Array {
            item: self.array.item.clone(),
            offset: place.span.start(),
            first: u64::from(place.item),
            shape: vec![self.array.shape[self.axis]],
            strides: vec![self.array.strides[self.axis]],
        };
        index.remove(self.axis);
        (index, line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::array::MemoryOrder;

    #[test]
    fn a_line_has_the_elements_of_one_index_of_the_other_axes() {
        let item = "<i2".parse().expect("a type");
        let array = Array::new(item, 100, vec![2, 3, 4], MemoryOrder::C).expect("an array");
        let lines = AxisLines::new(&array, 1).expect("an axis");
        assert_eq!(lines.count(), 8);
        let (index, line) = lines.line(5);
        assert_eq!((index, line.shape.clone(), line.strides.clone()), (vec![1, 1], vec![3], vec![8]));
        assert_eq!(line.place(&[2]), array.place(&[1, 2, 1]));
        assert!(AxisLines::new(&array, 3).is_none());
        let empty = Array { shape: vec![2, 0], strides: vec![0, 0], ..array };
        let lines = [0, 1].map(|axis| AxisLines::new(&empty, axis).expect("an axis"));
        assert_eq!([lines[0].count(), lines[1].count()], [0, 2], "as the shapes (0,) and (2,)");
        let (index, line) = lines[1].line(1);
        assert_eq!((index, line.items()), (vec![1], 0));
    }
}
