//! Arrays of one shape with their axes in another order, the same one for all: that in which the elements of the first one
//! lie in memory. What is beside neighbours is then neighbours too, as far as the arrays are alike.

use crate::decode::array::Array;

/// Which axes an array had before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AxisOrder {
    /// Of each axis now, which one it was.
    axes: Vec<usize>,
    /// Of each axis now, its length where it goes the other way round.
    flipped: Vec<Option<u64>>,
}

impl AxisOrder {
    /// By falling strides, all of them forwards.
    pub fn of_memory(array: &Array) -> Self {
        let mut axes: Vec<usize> = (0..array.shape.len()).collect();
        axes.sort_by_key(|axis| std::cmp::Reverse(array.strides[*axis].unsigned_abs()));
        let flip = |axis: &usize| (array.strides[*axis] < 0).then_some(array.shape[*axis]);
        Self { flipped: axes.iter().map(flip).collect(), axes }
    }

    /// The same elements in this order.
    pub fn applied(&self, array: &Array) -> Array {
        let mut way = 0;
        let mut ordered = array.clone();
        for ((to, axis), flipped) in self.axes.iter().enumerate().zip(&self.flipped) {
            (ordered.shape[to], ordered.strides[to]) = (array.shape[*axis], array.strides[*axis]);
            if let Some(side) = flipped {
                way += (i128::from(*side) - 1).max(0) * i128::from(array.strides[*axis]);
                ordered.strides[to] = -array.strides[*axis];
            }
        }
        ordered.moved(way)
    }

    /// The index that an element had before.
    pub fn before(&self, index: &[u64]) -> Vec<u64> {
        let mut before = vec![0; index.len()];
        for ((at, axis), flipped) in index.iter().zip(&self.axes).zip(&self.flipped) {
            before[*axis] = flipped.map_or(*at, |side| side.saturating_sub(1 + at));
        }
        before
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::array::MemoryOrder;

    #[test]
    fn elements_are_the_same_by_either_index() {
        let mut random = fastrand::Rng::with_seed(4);
        for round in 0..200 {
            let name = ["<f4", "int4x2", ">i2"][round % 3];
            let item = name.parse().unwrap_or_else(|error| panic!("{name}: {error}"));
            let shape: Vec<u64> = (0..random.usize(1..4)).map(|_| random.u64(1..5)).collect();
            let order = if random.bool() { MemoryOrder::C } else { MemoryOrder::F };
            let whole = Array::new(item, 2, shape.clone(), order).expect("an array");
            let parts: Vec<&str> = shape.iter().map(|_| if random.bool() { "::-1" } else { ":" }).collect();
            let slice = format!("[{}]", parts.join(", ")).parse().expect("a slice");
            let array = whole.slice(&slice).expect("of this array").array;
            let order = AxisOrder::of_memory(&array);
            let ordered = order.applied(&array);
            assert!(ordered.strides.is_sorted_by(|a, b| a >= b) && ordered.strides.iter().all(|s| *s >= 0));
            for number in 0..array.items() {
                let index = ordered.index_at(number);
                assert_eq!(ordered.place(&index), array.place(&order.before(&index)), "{array:?}");
            }
        }
    }
}
