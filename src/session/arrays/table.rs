//! An array as a table: which element is in row `r`, column `c`.
//!
//! Of two or more axes any two are rows and columns, and each other axis is fixed at one index. One axis runs on from
//! row to row. A record gives a column for each of its fields. Every place is one sum of two products, so that a row
//! number of any size costs the same; nothing is read here.

use super::block::Block;
use super::even_row::EvenRow;
use crate::bytes::Span;
use crate::decode::array::{Array, ItemPlace};
use crate::decode::dtype::{ItemType, Leaf};
use crate::decode::slice::{Slice, Sliced, SlicedAxis};
use crate::escape::escaped;
use std::ops::Range;
use std::sync::Arc;

/// What the columns are.
#[derive(Clone, Debug, PartialEq)]
pub enum Across {
    /// So many items of the one axis, before the next row begins.
    Wrapped(u64),
    /// The items of an axis.
    Axis(usize),
    /// The fields of a record.
    Fields(Arc<[Leaf]>),
}

/// Which axes of an array are seen, and where the others stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Axes {
    pub rows: Option<usize>,
    pub columns: Option<usize>,
    /// An index for each axis; those of the two above count for nothing.
    pub at: Vec<u64>,
}

impl Axes {
    /// The last axis across, the one before it down; of records the last one down.
    pub fn usual(array: &Array) -> Self {
        let sides = array.shape.len();
        let (rows, columns) = match (is_record(&array.item), sides) {
            (_, 0) => (None, None),
            (true, _) | (false, 1) => (Some(sides - 1), None),
            (false, _) => (Some(sides - 2), Some(sides - 1)),
        };
        Self { rows, columns, at: vec![0; sides] }
    }

    /// These axes, as far as `array` has them.
    #[must_use]
    pub fn fitted(mut self, array: &Array) -> Self {
        let sides = array.shape.len();
        if self.at.len() != sides {
            return Self::usual(array);
        }
        for (at, side) in self.at.iter_mut().zip(&array.shape) {
            *at = (*at).min(side.saturating_sub(1));
        }
        self
    }
}

/// Whether an item has columns of its own.
pub fn is_record(item: &ItemType) -> bool {
    matches!(item, ItemType::Record(_) | ItemType::Array(_))
}

/// The rows and columns of an array.
#[derive(Clone, Debug)]
pub struct Table {
    sliced: Sliced,
    axes: Axes,
    across: Across,
    rows: u64,
    columns: u64,
    /// Items in all, where they are wrapped.
    items: u64,
    /// Bytes of the item at row 0, column 0; items of types that share bytes.
    origin: i128,
    row_step: i128,
    column_step: i128,
    tail: Option<Span>,
    /// Whether the place behind the last element is shown, where one can be appended.
    appends: bool,
}

/// A cell and what is in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TableCell<'a> {
    pub place: ItemPlace,
    pub item: &'a ItemType,
}

impl Table {
    /// The table of what a slice has left of an array. `wrapped` is how many items of a single axis make a row; `tail` the
    /// bytes after the last of them that are no whole one.
    pub fn new(sliced: &Sliced, axes: Axes, shown: Arc<[Leaf]>, wrapped: u64, tail: Option<Span>) -> Self {
        let array = &sliced.array;
        let axes = axes.fitted(array);
        let across = match (is_record(&array.item), axes.columns) {
            (true, _) => Across::Fields(shown),
            (false, Some(axis)) => Across::Axis(axis),
            (false, None) => Across::Wrapped(wrapped.max(1)),
        };
        let side = |axis: Option<usize>| axis.and_then(|axis| array.shape.get(axis)).copied().unwrap_or(1);
        let stride = |axis: Option<usize>| {
            i128::from(axis.and_then(|axis| array.strides.get(axis)).copied().unwrap_or(0))
        };
        let items = if array.shape.contains(&0) { 0 } else { side(axes.rows) };
        let (rows, columns) = match &across {
            Across::Wrapped(width) => {
                (items.div_ceil(*width), (*width).min(items + u64::from(tail.is_some())))
            }
            Across::Axis(axis) if items > 0 => (items, side(Some(*axis))),
            Across::Fields(leaves) => (items, leaves.len() as u64),
            Across::Axis(_) => (0, 0),
        };
        let mut origin =
            if array.item.shares_bytes() { i128::from(array.first) } else { i128::from(array.offset) };
        for (axis, at) in axes.at.iter().enumerate() {
            if Some(axis) != axes.rows && Some(axis) != axes.columns {
                origin += i128::from(*at) * stride(Some(axis));
            }
        }
        let (row_step, column_step) = match &across {
            Across::Wrapped(width) => (stride(axes.rows) * i128::from(*width), stride(axes.rows)),
            _ => (stride(axes.rows), stride(axes.columns)),
        };
        let tail = tail.filter(|_| matches!(across, Across::Wrapped(_)));
        Self {
            sliced: sliced.clone(),
            axes,
            across,
            rows,
            columns,
            items,
            origin,
            row_step,
            column_step,
            tail,
            appends: false,
        }
    }

    /// Plain values: the elements that the bytes from `start` to `end` are made of, `width` in a row, with the place behind
    /// the last one.
    pub fn of_values(item: ItemType, start: u64, end: u64, width: u64) -> Self {
        let size = item.group_bytes().max(1);
        let count = end.saturating_sub(start) / size;
        let tail = Some(Span::between(start + count * size, end.max(start))).filter(|tail| !tail.is_empty());
        let strides = vec![i64::try_from(size).unwrap_or(i64::MAX)];
        let array = Array { item, offset: start, first: 0, shape: vec![count], strides };
        let axes = Axes::usual(&array);
        let axis = SlicedAxis { axis: Some(0), inner: None, start: 0, step: 1 };
        let sliced = Sliced {
            array,
            axes: vec![axis],
            fixed: Vec::new(),
            fields: Vec::new(),
            slice: Slice::default(),
        };
        let table = Self::new(&sliced, axes, Arc::default(), width, tail);
        Self { columns: width.max(1), appends: true, ..table }
    }

    /// The array that the slice has left.
    pub fn array(&self) -> &Array {
        &self.sliced.array
    }

    /// Which axes are down and across, and the indices on the others.
    pub fn axes(&self) -> &Axes {
        &self.axes
    }

    /// What stands in the columns.
    pub fn across(&self) -> &Across {
        &self.across
    }

    /// Rows of elements.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Columns of elements.
    pub fn columns(&self) -> u64 {
        self.columns
    }

    /// The bytes after the last element that are no whole one.
    pub fn tail(&self) -> Option<Span> {
        self.tail
    }

    /// Where those bytes are shown: no element, so that neither caret nor selection goes there.
    pub fn tail_place(&self) -> Option<(u64, u64)> {
        match self.across {
            Across::Wrapped(width) => self.tail.map(|_| (self.items / width, self.items % width)),
            Across::Axis(_) | Across::Fields(_) => None,
        }
    }

    /// Rows on the screen: one more than there are of elements where the bytes after the last one need it.
    pub fn shown_rows(&self) -> u64 {
        match self.across {
            Across::Wrapped(width) if self.appends || self.tail.is_some() => self.items / width + 1,
            Across::Wrapped(_) | Across::Axis(_) | Across::Fields(_) => self.rows,
        }
    }

    /// Where row 0, column 0 is, and how far it is to the next row and the next column: in bytes, or in items of types
    /// that share bytes.
    pub(super) fn steps(&self) -> (i128, i128, i128) {
        (self.origin, self.row_step, self.column_step)
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.rows == 0 || self.columns == 0
    }

    /// Whether there is an item at this place: the last row of a wrapped axis may be short.
    pub fn has(&self, row: u64, column: u64) -> bool {
        let within = row < self.rows && column < self.columns;
        match self.across {
            Across::Wrapped(width) => within && row * width + column < self.items,
            _ => within,
        }
    }

    /// The item of a cell and its bytes; `None` where there is none.
    pub fn cell(&self, row: u64, column: u64) -> Option<TableCell<'_>> {
        if !self.has(row, column) {
            return None;
        }
        let (rows, columns) = (i128::from(row), i128::from(column));
        if let Across::Fields(leaves) = &self.across {
            let leaf = leaves.get(usize::try_from(column).ok()?)?;
            let start = self.origin + rows * self.row_step + i128::from(leaf.offset);
            let span = Span::at(u64::try_from(start).ok()?, leaf.item.group_bytes())?;
            return Some(TableCell { place: ItemPlace { span, item: 0 }, item: &leaf.item });
        }
        let at = self.origin + rows * self.row_step + columns * self.column_step;
        let item = &self.sliced.array.item;
        let (bytes, items) = (item.group_bytes(), item.group_items());
        let place = if item.shares_bytes() {
            // A slice that goes backward has items before its first one.
            let (group, within) = (at.div_euclid(items.into()), at.rem_euclid(items.into()));
            let start = i128::from(self.sliced.array.offset) + group * i128::from(bytes);
            ItemPlace { span: Span::at(u64::try_from(start).ok()?, bytes)?, item: within as u32 }
        } else {
            ItemPlace { span: Span::at(u64::try_from(at).ok()?, bytes)?, item: 0 }
        };
        Some(TableCell { place, item })
    }

    /// The elements of a row in these columns, where they lie evenly; `None` of fields and of values that share bytes.
    pub(super) fn even_row(&self, row: u64, columns: &Range<u64>) -> Option<EvenRow> {
        let item = &self.sliced.array.item;
        if matches!(self.across, Across::Fields(_)) || item.shares_bytes() || !self.has(row, columns.start) {
            return None;
        }
        let end = match self.across {
            Across::Wrapped(width) => (self.items - row * width).min(columns.end),
            _ => columns.end.min(self.columns),
        };
        let count = end.checked_sub(columns.start).filter(|count| *count > 0)?;
        let at = |column: u64| {
            let at = i128::from(row) * self.row_step + i128::from(column) * self.column_step;
            u64::try_from(self.origin + at).ok()
        };
        // What fits at both ends fits between them.
        let (start, last, size) = (at(columns.start)?, at(end - 1)?, item.group_bytes());
        start.max(last).checked_add(size)?;
        Some(EvenRow { start, last, step: i64::try_from(self.column_step).ok()?, size, count })
    }

    /// The type of the items of a column.
    pub fn item(&self, column: u64) -> Option<&ItemType> {
        match &self.across {
            Across::Fields(leaves) => leaves.get(usize::try_from(column).ok()?).map(|leaf| &leaf.item),
            _ => Some(&self.sliced.array.item),
        }
    }

    /// The index in the sliced array of the item at a cell, one number an axis.
    pub fn index(&self, row: u64, column: u64) -> Vec<u64> {
        let mut index = self.axes.at.clone();
        let down = match self.across {
            Across::Wrapped(width) => row * width + column,
            _ => row,
        };
        for (axis, at) in [(self.axes.rows, down), (self.axes.columns, column)] {
            if let Some(place) = axis.and_then(|axis| index.get_mut(axis)) {
                *place = at;
            }
        }
        index
    }

    /// The same in the whole array, as it is shown: `[12, 7]`, `[3]['m'][0, 1]`. Nothing where there is no item.
    pub fn index_words(&self, row: u64, column: u64) -> String {
        if !self.has(row, column) {
            return String::new();
        }
        let mut words = self.sliced.index_words(&self.index(row, column));
        let field = match &self.across {
            Across::Fields(leaves) => usize::try_from(column)
                .ok()
                .and_then(|column| leaves.get(column))
                .map_or_else(String::new, |leaf| field_words(&leaf.name)),
            _ => String::new(),
        };
        if words == "[()]" && !field.is_empty() {
            words.clear();
        }
        words + &field
    }

    /// The number of item `at` of an axis in the whole array.
    fn whole(&self, axis: usize, at: u64) -> i128 {
        let (start, step) = self.sliced.axes.get(axis).map_or((0, 1), |axis| (axis.start, axis.step));
        i128::from(start) + i128::from(at) * i128::from(step)
    }

    /// What stands at the left of a row.
    pub fn row_label(&self, row: u64) -> String {
        match (self.axes.rows, &self.across) {
            (Some(axis), Across::Wrapped(width)) => self.whole(axis, row * width).to_string(),
            (Some(axis), _) => self.whole(axis, row).to_string(),
            (None, _) => String::new(),
        }
    }

    /// What stands above a column.
    pub fn column_label(&self, column: u64) -> String {
        match &self.across {
            Across::Fields(leaves) => usize::try_from(column)
                .ok()
                .and_then(|column| leaves.get(column))
                .map_or_else(String::new, |leaf| escaped(&leaf.name).into_owned()),
            Across::Axis(axis) => self.whole(*axis, column).to_string(),
            Across::Wrapped(1) => String::new(),
            Across::Wrapped(_) => format!("+{column}"),
        }
    }

    /// The longest row label in characters.
    pub fn row_label_width(&self) -> usize {
        let ends = [0, self.rows.saturating_sub(1)];
        ends.iter().map(|row| self.row_label(*row).len()).max().unwrap_or(0)
    }

    /// The cell of the item with this index in the sliced array, if the axes that stand still are there; of a record
    /// the field that `byte` is part of.
    pub fn cell_of(&self, index: &[u64], byte: u64) -> Option<(u64, u64)> {
        match &self.across {
            Across::Wrapped(_) | Across::Axis(_) => self.place_of(index),
            Across::Fields(leaves) => {
                let down = self.row_of(index)?;
                let record = self.origin + i128::from(down) * self.row_step;
                let into = u64::try_from(i128::from(byte) - record).ok()?;
                let holds =
                    |leaf: &Leaf| (leaf.offset..leaf.offset + leaf.item.group_bytes()).contains(&into);
                Some((down, leaves.iter().position(holds)? as u64))
            }
        }
    }

    /// The cell of the item with this index in the sliced array; of a record its first field.
    pub(in crate::session) fn place_of(&self, index: &[u64]) -> Option<(u64, u64)> {
        let down = self.row_of(index)?;
        match &self.across {
            Across::Wrapped(width) => Some((down / width, down % width)),
            Across::Axis(axis) => Some((down, *index.get(*axis)?)),
            Across::Fields(_) => Some((down, 0)),
        }
    }

    /// The place on the axis that runs down of the item with this index in the sliced array.
    pub(super) fn row_of(&self, index: &[u64]) -> Option<u64> {
        self.axes.rows.map_or(Some(0), |axis| index.get(axis).copied())
    }

    /// The bytes of a block of cells, when they are one run.
    pub fn run_of(&self, block: &Block) -> Option<Span> {
        if let Across::Wrapped(width) = self.across {
            let (first, last) = block.items(width);
            let at = |number: u64| self.cell(number / width, number % width).map(|cell| cell.place.span);
            let (start, end) = (at(first)?, at(last)?);
            let size =
                if self.sliced.array.item.shares_bytes() { 1 } else { self.sliced.array.item.group_bytes() };
            let dense = first == last || self.column_step == i128::from(size);
            return dense.then(|| Span::between(start.start(), end.end()));
        }
        let (rows, columns) = (block.rows(), block.columns());
        let first = self.cell(rows.0, columns.0)?.place.span;
        let last = self.cell(rows.1, columns.1)?.place.span;
        if block.is_one() {
            return Some(first);
        }
        if matches!(self.across, Across::Fields(_)) || self.sliced.array.item.shares_bytes() {
            return self.loose_run(rows, columns, first, last);
        }
        let size = i128::from(self.sliced.array.item.group_bytes());
        let row_items = i128::from(columns.1 - columns.0 + 1);
        let within = columns.0 == columns.1 || self.column_step == size;
        let between = rows.0 == rows.1 || self.row_step == size * row_items;
        (within && between && first.start() <= last.start()).then(|| Span::between(first.start(), last.end()))
    }

    /// Whole records one after another, and items that share bytes in one row or in whole rows.
    fn loose_run(&self, rows: (u64, u64), columns: (u64, u64), first: Span, last: Span) -> Option<Span> {
        let whole = columns.0 == 0 && columns.1 + 1 == self.columns;
        if let (Across::Fields(_), true) = (&self.across, whole) {
            let size = self.sliced.array.item.group_bytes();
            let start = u64::try_from(self.origin + i128::from(rows.0) * self.row_step).ok()?;
            let dense = rows.0 == rows.1 || self.row_step == i128::from(size);
            return Span::at(start, size.checked_mul(rows.1 - rows.0 + 1)?).filter(|_| dense);
        }
        let dense = (columns.0 == columns.1 || self.column_step == 1)
            && (rows.0 == rows.1 || self.row_step == i128::from(columns.1 - columns.0 + 1))
            && self.sliced.array.item.shares_bytes();
        dense.then(|| Span::between(first.start(), last.end()))
    }

    /// The part of the sliced array that a block of cells is: what a fill or a copy acts on. A block of wrapped
    /// cells is the run of items from its first to its last.
    pub fn part(&self, block: &Block) -> Vec<AxisPart> {
        let (rows, columns) = (block.rows(), block.columns());
        let sides = self.sliced.array.shape.len();
        let mut parts: Vec<AxisPart> = (0..sides).map(|axis| AxisPart::One(self.axes.at[axis])).collect();
        match &self.across {
            Across::Wrapped(width) => {
                let (first, last) = block.items(*width);
                if let Some(axis) = self.axes.rows {
                    parts[axis] = AxisPart::Run(first, last + 1);
                }
            }
            across => {
                if let Some(axis) = self.axes.rows {
                    parts[axis] = AxisPart::Run(rows.0, rows.1 + 1);
                }
                if let Across::Axis(axis) = across {
                    parts[*axis] = AxisPart::Run(columns.0, columns.1 + 1);
                }
            }
        }
        parts
    }
}

/// The path of a field as Python writes it: `['pos']['x']`, `['m'][0, 1]`.
fn field_words(path: &str) -> String {
    let mut words = String::new();
    for part in path.split('.').filter(|part| !part.is_empty()) {
        let (name, index) = part.split_at(part.find('[').unwrap_or(part.len()));
        words.push_str(&format!("['{name}']{index}"));
    }
    words
}

/// What of one axis is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AxisPart {
    One(u64),
    /// From, and up to but not including.
    Run(u64, u64),
}

/// The part of an array that is meant; an axis of which one index is meant is gone. `None` beyond any file.
pub fn part_of(array: &Array, parts: &[AxisPart]) -> Option<Array> {
    let mut part = Array { shape: Vec::new(), strides: Vec::new(), ..array.clone() };
    let mut start =
        if array.item.shares_bytes() { i128::from(array.first) } else { i128::from(array.offset) };
    for ((meant, side), stride) in parts.iter().zip(&array.shape).zip(&array.strides) {
        let from = match *meant {
            AxisPart::One(at) => at,
            AxisPart::Run(from, to) => {
                part.shape.push(to.min(*side).saturating_sub(from));
                part.strides.push(*stride);
                from
            }
        };
        start += i128::from(from) * i128::from(*stride);
    }
    if array.item.shares_bytes() {
        let (bytes, items) = (i128::from(array.item.group_bytes()), i128::from(array.item.group_items()));
        let offset = i128::from(array.offset) + start.div_euclid(items) * bytes;
        (part.offset, part.first) = (u64::try_from(offset).ok()?, start.rem_euclid(items) as u64);
    } else {
        part.offset = u64::try_from(start).ok()?;
    }
    Some(part)
}
