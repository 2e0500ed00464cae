//! An array over bytes: the position of element `[i, j, k]`.
//!
//! Shape, strides and offset as NumPy has them, over data of any length: all arithmetic is checked, nothing is read. A
//! stride is in bytes; of packed and quantised elements, which share bytes, it is in elements.

use super::dtype::ItemType;
use crate::bytes::Span;
use std::sync::Arc;

/// Which axis has its items side by side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MemoryOrder {
    /// The last one: C, NumPy's default.
    #[default]
    C,
    /// The first one: Fortran.
    F,
}

/// An N-D array over the bytes of a source. No sides: one item.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    pub item: ItemType,
    /// Byte of item `[0, 0, ..]`.
    pub offset: u64,
    /// Of packed and quantised items: how many items after `offset` item `[0, 0, ..]` is.
    pub first: u64,
    pub shape: Vec<u64>,
    /// One a side: bytes, or items of packed and quantised types. May be negative or 0.
    pub strides: Vec<i64>,
}

/// Where an item lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemPlace {
    /// The bytes of its group.
    pub span: Span,
    /// Which item of the group.
    pub item: u32,
}

/// Sides that an array may have: as many as in NumPy.
pub const MAX_SIDES: usize = 64;

/// Why there is no such array. Its `Display` is a sentence for the user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArrayError {
    #[error("An array has at most {MAX_SIDES} axes; this one would have {sides}.")]
    TooManySides { sides: usize },
    #[error("An array of the shape {} would be larger than any file can be.", tuple(shape))]
    TooLarge { shape: Vec<u64> },
    #[error(
        "The number of axes is {sides}, but the number of strides is {strides}. Each axis needs one stride."
    )]
    StrideCount { sides: usize, strides: usize },
    #[error(
        "The strides reach {by} bytes before the start of the file. Increase the offset, or correct the strides."
    )]
    BeforeStart { by: u64 },
    #[error("The array ends at byte {end}, but the file has only {len} bytes.")]
    BeyondEnd { end: u64, len: u64 },
    #[error("The shape has -1 {given} times, but at most one axis may be -1.")]
    TwoUnknown { given: usize },
    #[error("The shape can't have -1 if another axis has length 0.")]
    UnknownBesideZero,
    #[error("{item} has no size. Add the length of an element, for example {item}16.")]
    NoSize { item: &'static str },
    #[error("Packed values, which share bytes, can't be a sub-array.")]
    SharedInSubArray,
}

/// `(3, 4)`, `(3,)`, `()`: a shape or an index as Python writes it.
pub fn tuple<T: std::fmt::Display>(numbers: &[T]) -> String {
    let joined = numbers.iter().map(T::to_string).collect::<Vec<_>>().join(", ");
    if numbers.len() == 1 { format!("({joined},)") } else { format!("({joined})") }
}

impl Array {
    /// An array without gaps. A sub-array as item joins the shape.
    ///
    /// # Errors
    /// [`ArrayError`]: too many sides, or longer than a file can be.
    pub fn new(item: ItemType, offset: u64, shape: Vec<u64>, order: MemoryOrder) -> Result<Self, ArrayError> {
        let strides =
            packed_strides(&item, &shape, order).ok_or(ArrayError::TooLarge { shape: shape.clone() })?;
        Self::with_strides(item, offset, shape, strides)
    }

    /// An array with any strides, in bytes; in items of packed and quantised types. A sub-array as item joins the
    /// shape.
    ///
    /// # Errors
    /// [`ArrayError`]: not as many strides as sides, too many sides, or reaching out of what a file can have.
    pub fn with_strides(
        item: ItemType,
        offset: u64,
        shape: Vec<u64>,
        strides: Vec<i64>,
    ) -> Result<Self, ArrayError> {
        if shape.len() != strides.len() {
            return Err(ArrayError::StrideCount { sides: shape.len(), strides: strides.len() });
        }
        let mut array = Self { item, offset, first: 0, shape, strides };
        array.join_sub_arrays()?;
        array.check()?;
        Ok(array)
    }

    /// Makes the sides of a sub-array the last ones of the array.
    pub(super) fn join_sub_arrays(&mut self) -> Result<(), ArrayError> {
        while let ItemType::Array(inner) = &self.item {
            let inner = Arc::clone(inner);
            if inner.item.shares_bytes() {
                return Err(ArrayError::SharedInSubArray);
            }
            let too_large = || ArrayError::TooLarge { shape: inner.shape.clone() };
            let strides = packed_strides(&inner.item, &inner.shape, MemoryOrder::C).ok_or_else(too_large)?;
            self.shape.extend(&inner.shape);
            self.strides.extend(strides);
            self.item = inner.item.clone();
        }
        Ok(())
    }

    /// Refuses a type without a size, such as `S`: of raw bytes it would show nothing. A header may describe one.
    ///
    /// # Errors
    /// [`ArrayError::NoSize`].
    pub fn check_size(item: &ItemType) -> Result<(), ArrayError> {
        match item {
            ItemType::Bytes(0) => Err(ArrayError::NoSize { item: "S" }),
            ItemType::Text(0, _) => Err(ArrayError::NoSize { item: "U" }),
            ItemType::Void(0) => Err(ArrayError::NoSize { item: "V" }),
            _ => Ok(()),
        }
    }

    /// Whether the array can be one of some file.
    pub(super) fn check(&self) -> Result<(), ArrayError> {
        if self.shape.len() > MAX_SIDES {
            return Err(ArrayError::TooManySides { sides: self.shape.len() });
        }
        let too_large = || ArrayError::TooLarge { shape: self.shape.clone() };
        let mut filled = self.shape.iter().map(|&side| side.max(1));
        let items = filled.try_fold(1_u64, u64::checked_mul);
        items.filter(|&items| i64::try_from(items).is_ok()).ok_or_else(too_large)?;
        let Some((low, high)) = self.reach() else { return Ok(()) };
        if low < 0 {
            return Err(ArrayError::BeforeStart { by: low.unsigned_abs().try_into().unwrap_or(u64::MAX) });
        }
        if high > i128::from(i64::MAX) {
            return Err(too_large());
        }
        Ok(())
    }

    /// How many items there are.
    pub fn items(&self) -> u64 {
        items_of(&self.shape)
    }

    /// Bytes of an item that has bytes of its own; of packed and quantised types those of a group.
    pub fn item_bytes(&self) -> u64 {
        self.item.group_bytes()
    }

    /// The first and the last place that an item begins at, in units of the strides from `offset` on.
    fn ends(&self) -> Option<(i128, i128)> {
        let start = i128::from(self.first);
        let mut ends = (start, start);
        for (&side, &stride) in self.shape.iter().zip(&self.strides) {
            let way = i128::from(side.checked_sub(1)?) * i128::from(stride);
            if way < 0 {
                ends.0 += way;
            } else {
                ends.1 += way;
            }
        }
        Some(ends)
    }

    /// The bytes from the lowest to the end of the highest item; `None` when there are no items.
    fn reach(&self) -> Option<(i128, i128)> {
        let (low, high) = self.ends()?;
        let (offset, bytes) = (i128::from(self.offset), i128::from(self.item.group_bytes()));
        if self.item.shares_bytes() {
            let items = i128::from(self.item.group_items());
            let start = |at: i128| offset + at.div_euclid(items) * bytes;
            Some((start(low), start(high) + bytes))
        } else {
            Some((offset + low, offset + high + bytes))
        }
    }

    /// All bytes from the first to the last item; `None` when there are no items.
    pub fn extent(&self) -> Option<Span> {
        let (low, high) = self.reach()?;
        Span::new(u64::try_from(low).ok()?, u64::try_from(high).ok()?)
    }

    /// Whether a source of `len` bytes has all items.
    ///
    /// # Errors
    /// [`ArrayError::BeyondEnd`] otherwise.
    pub fn check_fits(&self, len: u64) -> Result<(), ArrayError> {
        match self.extent() {
            Some(extent) if extent.end() > len => Err(ArrayError::BeyondEnd { end: extent.end(), len }),
            _ => Ok(()),
        }
    }

    /// Where item `index` lies: one number a side, each below its side.
    pub fn place(&self, index: &[u64]) -> ItemPlace {
        let way = |(&at, &stride): (&u64, &i64)| i128::from(at) * i128::from(stride);
        let at = i128::from(self.first) + index.iter().zip(&self.strides).map(way).sum::<i128>();
        self.place_at(at)
    }

    /// The place of the item that begins so many units of the strides after `offset`.
    pub fn place_at(&self, at: i128) -> ItemPlace {
        let (items, bytes) = (i128::from(self.item.group_items()), i128::from(self.item.group_bytes()));
        let (way, item) = if self.item.shares_bytes() {
            (at.div_euclid(items) * bytes, at.rem_euclid(items) as u32)
        } else {
            (at, 0)
        };
        let start = u64::try_from(i128::from(self.offset) + way).unwrap_or(0);
        let span = Span::at(start, self.item.group_bytes()).unwrap_or(Span::empty_at(start));
        ItemPlace { span, item }
    }

    /// The item that owns `byte`; of a group of items the first that the array has; of items that overlap the first
    /// that is found. `None` for a byte between items, before or behind them.
    pub fn index_of(&self, byte: u64) -> Option<Vec<u64>> {
        let way = i128::from(byte) - i128::from(self.offset);
        let (at, size) = if self.item.shares_bytes() {
            let items = i128::from(self.item.group_items());
            let group = way.div_euclid(i128::from(self.item.group_bytes()).max(1));
            (group * items + items - 1, items)
        } else {
            (way, i128::from(self.item.group_bytes()))
        };
        self.search(at, size)
    }

    /// The item of `size` units that has the unit at `at`.
    fn search(&self, at: i128, size: i128) -> Option<Vec<u64>> {
        let (low, _) = self.ends()?;
        let mut axes: Vec<usize> = (0..self.shape.len()).collect();
        axes.sort_by_key(|&axis| std::cmp::Reverse(self.strides[axis].unsigned_abs()));
        let mut search = Search { array: self, axes, size, index: vec![0; self.shape.len()], steps: 0 };
        search.find(0, at - low).then_some(search.index)
    }

    /// The item that lies at `place`: of a group of items the very one. As [`Array::index_of`] of others.
    pub fn index_of_place(&self, place: ItemPlace) -> Option<Vec<u64>> {
        if !self.item.shares_bytes() {
            return self.index_of(place.span.start());
        }
        let way = i128::from(place.span.start()) - i128::from(self.offset);
        let group = way.div_euclid(i128::from(self.item.group_bytes()).max(1));
        self.search(group * i128::from(self.item.group_items()) + i128::from(place.item), 1)
    }

    /// The order in which the items lie without gaps; C for what has both orders. `None` with gaps or overlaps.
    pub fn order(&self) -> Option<MemoryOrder> {
        [MemoryOrder::C, MemoryOrder::F].into_iter().find(|&order| {
            let Some(packed) = packed_strides(&self.item, &self.shape, order) else { return false };
            let sides = self.shape.iter().zip(self.strides.iter().zip(&packed));
            self.items() == 0 || sides.into_iter().all(|(&side, (own, packed))| side == 1 || own == packed)
        })
    }

    /// The index of an item by its number in C order.
    pub fn index_at(&self, mut number: u64) -> Vec<u64> {
        let mut index = vec![0; self.shape.len()];
        for (at, &side) in index.iter_mut().zip(&self.shape).rev() {
            let side = side.max(1);
            *at = number % side;
            number /= side;
        }
        index
    }
}

/// Looks for the index of a byte, the widest axis first. Where items do not overlap each axis has one candidate.
struct Search<'a> {
    array: &'a Array,
    axes: Vec<usize>,
    /// Units that an item takes.
    size: i128,
    index: Vec<u64>,
    steps: u32,
}

/// Places that a search may try: overlapping strides can be made to have endless ways.
const MOST_STEPS: u32 = 4096;

impl Search<'_> {
    /// `rest` is how far the byte is from the lowest item, by the axes from `depth` on.
    fn find(&mut self, depth: usize, rest: i128) -> bool {
        let Some(&axis) = self.axes.get(depth) else { return (0..self.size).contains(&rest) };
        let (side, stride) = (self.array.shape[axis], self.array.strides[axis]);
        let step = i128::from(stride.unsigned_abs());
        let last = i128::from(side) - 1;
        let below = self.axes[depth + 1..].iter().map(|&axis| {
            (i128::from(self.array.shape[axis]) - 1) * i128::from(self.array.strides[axis].unsigned_abs())
        });
        let most = below.sum::<i128>() + self.size - 1;
        // A stride of 0 leads nowhere: its first index is as good as any.
        let (from, to) = if step == 0 {
            (0, 0)
        } else {
            ((rest - most + step - 1).div_euclid(step).max(0), rest.div_euclid(step).min(last))
        };
        for at in from..=to {
            self.steps += 1;
            if self.steps > MOST_STEPS {
                return false;
            }
            self.index[axis] = if stride < 0 { last - at } else { at } as u64;
            if self.find(depth + 1, rest - at * step) {
                return true;
            }
        }
        false
    }
}

/// How many items a shape has; `u64::MAX` for more than that.
pub fn items_of(shape: &[u64]) -> u64 {
    if shape.contains(&0) {
        return 0;
    }
    shape.iter().fold(1, |items: u64, &side| items.saturating_mul(side))
}

fn unit_of(item: &ItemType) -> i128 {
    if item.shares_bytes() { 1 } else { i128::from(item.group_bytes()) }
}

/// The strides of an array without gaps; `None` when they are too large.
fn packed_strides(item: &ItemType, shape: &[u64], order: MemoryOrder) -> Option<Vec<i64>> {
    let mut strides = vec![0; shape.len()];
    let mut step = i64::try_from(unit_of(item)).ok()?;
    let mut set = |axis: usize| {
        strides[axis] = step;
        step = step.checked_mul(i64::try_from(shape[axis].max(1)).ok()?)?;
        Some(())
    };
    match order {
        MemoryOrder::C => (0..shape.len()).rev().try_for_each(&mut set)?,
        MemoryOrder::F => (0..shape.len()).try_for_each(&mut set)?,
    }
    Some(strides)
}
