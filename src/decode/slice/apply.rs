//! What a slice means for an array: new offset, shape and strides, and where each of its axes came from.
//!
//! NumPy's rules for basic indexing. Nothing is read.

use super::{Bracket, Part, Range, Slice, quoted};
use crate::decode::array::{Array, ArrayError, tuple};
use crate::decode::dtype::{ItemType, Record};
use std::sync::Arc;

/// A part of an array, as an array, and how it lies in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sliced {
    pub array: Array,
    /// One an axis of `array`.
    pub axes: Vec<SlicedAxis>,
    /// The axes of the base array that an index took away.
    pub fixed: Vec<Fixed>,
    /// The fields that were gone into, the outermost first.
    pub fields: Vec<IntoField>,
    /// What was asked for: it can be asked of another array too.
    pub slice: Slice,
}

/// A field that was gone into, and the sides that it brought along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntoField {
    pub name: String,
    /// One a side: the index, where one was taken.
    pub fixed: Vec<Option<u64>>,
}

/// Where an axis of a slice comes from: its item `i` is item `start + i * step` of the axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlicedAxis {
    /// Of the base array; `None` for a new axis, or one of a field that is an array itself.
    pub axis: Option<usize>,
    /// Number of the field that brought it along, and which of its sides it is.
    pub inner: Option<(usize, usize)>,
    pub start: u64,
    pub step: i64,
}

/// An axis of the base array of which there is one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fixed {
    pub axis: usize,
    pub index: u64,
}

/// Why an array has no such part. Its `Display` is a sentence for the user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SliceError {
    #[error("Index {index} is out of range: axis {axis} has length {side}{}.", range(*side))]
    OutOfRange { index: String, axis: usize, side: u64 },
    #[error("There are {given} indices, but an array of the shape {} takes at most {}.", tuple(shape), shape.len())]
    TooMany { given: usize, shape: Vec<u64> },
    #[error("A pair of brackets can have only one ellipsis.")]
    TwoEllipses,
    #[error("A step can't be 0.")]
    NoStep,
    #[error("There is no field '{name}'{}.", known(fields))]
    NoField { name: String, fields: Vec<String> },
    #[error("The field '{name}' is named twice.")]
    FieldTwice { name: String },
    #[error("{0}")]
    Array(#[from] ArrayError),
}

fn range(side: u64) -> String {
    if side == 0 { String::new() } else { format!(", so valid indices are -{side} to {}", side - 1) }
}

fn known(fields: &[String]) -> String {
    const SHOWN: usize = 8;
    if fields.is_empty() {
        return ": the elements have no fields".to_owned();
    }
    let names: Vec<String> = fields.iter().take(SHOWN).map(|name| format!("'{name}'")).collect();
    let more = if fields.len() > SHOWN { ", …" } else { "" };
    format!("; the fields are {}{more}", names.join(", "))
}

impl Array {
    /// The part that `slice` asks for.
    ///
    /// # Errors
    /// [`SliceError`] where NumPy has an `IndexError` or names an unknown field.
    pub fn slice(&self, slice: &Slice) -> Result<Sliced, SliceError> {
        let axes =
            (0..self.shape.len()).map(|axis| SlicedAxis { axis: Some(axis), inner: None, start: 0, step: 1 });
        let mut sliced = Sliced {
            array: self.clone(),
            axes: axes.collect(),
            fixed: Vec::new(),
            fields: Vec::new(),
            slice: slice.clone(),
        };
        for bracket in &slice.brackets {
            match bracket {
                Bracket::Parts(parts) => sliced.parts(parts)?,
                Bracket::Field(name) => sliced.field(name)?,
                Bracket::Fields(names) => sliced.fields(names)?,
            }
        }
        sliced.array.check()?;
        Ok(sliced)
    }
}

impl Sliced {
    /// The index in the base array of item `index` of this part.
    pub fn base_index(&self, index: &[u64]) -> Vec<u64> {
        let sides = self.axes.iter().filter_map(|axis| axis.axis).chain(self.fixed.iter().map(|f| f.axis));
        let mut base = vec![0; sides.max().map_or(0, |axis| axis + 1)];
        for fixed in &self.fixed {
            base[fixed.axis] = fixed.index;
        }
        for (axis, &at) in self.axes.iter().zip(index) {
            if let Some(place) = axis.axis {
                base[place] = axis.at(at);
            }
        }
        base
    }

    /// Item `index` of this part as Python names it in the base array: `[3]['m'][0, 1]`; `[()]` where nothing is to be said.
    pub fn index_words(&self, index: &[u64]) -> String {
        let brackets = |numbers: &[u64]| {
            let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
            if numbers.is_empty() { String::new() } else { format!("[{}]", numbers.join(", ")) }
        };
        let mut words = brackets(&self.base_index(index));
        for (number, field) in self.fields.iter().enumerate() {
            let mut sides: Vec<u64> = field.fixed.iter().map(|fixed| fixed.unwrap_or(0)).collect();
            for (axis, at) in self.axes.iter().zip(index) {
                if let Some((_, side)) = axis.inner.filter(|(own, _)| *own == number) {
                    sides[side] = axis.at(*at);
                }
            }
            words += &format!("[{}]{}", quoted(&field.name), brackets(&sides));
        }
        if words.is_empty() { String::from("[()]") } else { words }
    }

    /// The index in this part of item `base` of the base array; `None` when it is not in it. Axes that are not of the
    /// base array stand at 0.
    pub fn index_of_base(&self, base: &[u64]) -> Option<Vec<u64>> {
        if self.fixed.iter().any(|fixed| base.get(fixed.axis) != Some(&fixed.index)) {
            return None;
        }
        let sides = self.axes.iter().zip(&self.array.shape);
        sides.map(|(axis, &side)| axis.find(base, side)).collect()
    }

    fn parts(&mut self, parts: &[Part]) -> Result<(), SliceError> {
        let taken = parts
            .iter()
            .filter(|part| matches!(part, Part::Index(_) | Part::Beyond(_) | Part::Range(_)))
            .count();
        let sides = self.array.shape.len();
        if taken > sides {
            return Err(SliceError::TooMany { given: taken, shape: self.array.shape.clone() });
        }
        if parts.iter().filter(|part| **part == Part::Ellipsis).count() > 1 {
            return Err(SliceError::TwoEllipses);
        }
        let mut cut = Cut::of(self);
        for part in parts {
            match part {
                Part::Index(index) => cut.index(*index)?,
                Part::Beyond(typed) => return Err(cut.beyond(typed)),
                Part::Range(range) => cut.range(*range)?,
                Part::Ellipsis => cut.keep(sides - taken),
                Part::NewAxis => cut.new_axis(),
            }
        }
        cut.keep(sides - cut.next);
        cut.finish()
    }

    fn record(&self, name: &str) -> Result<Arc<Record>, SliceError> {
        match &self.array.item {
            ItemType::Record(record) => Ok(Arc::clone(record)),
            _ => Err(SliceError::NoField { name: name.to_owned(), fields: Vec::new() }),
        }
    }

    fn field(&mut self, name: &str) -> Result<(), SliceError> {
        let record = self.record(name)?;
        let field = record.fields.iter().find(|field| field.name == name);
        let field = field.ok_or_else(|| no_field(name, &record))?;
        let too_large = || ArrayError::TooLarge { shape: self.array.shape.clone() };
        self.array.offset = self.array.offset.checked_add(field.offset).ok_or_else(too_large)?;
        self.array.item = field.item.clone();
        self.array.join_sub_arrays()?;
        let sides = self.array.shape.len() - self.axes.len();
        let own = |side| (self.fields.len(), side);
        let axes =
            (0..sides).map(|side| SlicedAxis { axis: None, inner: Some(own(side)), start: 0, step: 1 });
        self.axes.extend(axes);
        self.fields.push(IntoField { name: name.to_owned(), fixed: vec![None; sides] });
        Ok(())
    }

    fn fields(&mut self, names: &[String]) -> Result<(), SliceError> {
        let record = self.record(names.first().map_or("", String::as_str))?;
        let mut fields = Vec::with_capacity(names.len());
        for (place, name) in names.iter().enumerate() {
            if names[..place].contains(name) {
                return Err(SliceError::FieldTwice { name: name.clone() });
            }
            let field = record.fields.iter().find(|field| field.name == *name);
            fields.push(field.ok_or_else(|| no_field(name, &record))?.clone());
        }
        self.array.item =
            ItemType::Record(Arc::new(Record { fields, size: record.size, aligned: record.aligned }));
        Ok(())
    }
}

fn no_field(name: &str, record: &Record) -> SliceError {
    let fields = record.fields.iter().map(|field| field.name.clone()).collect();
    SliceError::NoField { name: name.to_owned(), fields }
}

impl SlicedAxis {
    /// The index in the base array of item `index` along this axis.
    pub fn at(self, index: u64) -> u64 {
        let at = i128::from(self.start) + i128::from(index) * i128::from(self.step);
        u64::try_from(at).unwrap_or(0)
    }

    /// Which of `side` places is at `base`.
    fn find(self, base: &[u64], side: u64) -> Option<u64> {
        let Some(axis) = self.axis else { return Some(0) };
        let way = i128::from(*base.get(axis)?) - i128::from(self.start);
        let step = i128::from(self.step);
        let index = u64::try_from(way.checked_div_euclid(step)?).ok()?;
        (way % step == 0 && index < side).then_some(index)
    }
}

/// One pair of brackets at work, axis after axis.
struct Cut<'a> {
    from: &'a mut Sliced,
    /// The axis that the next part is for.
    next: usize,
    /// How far the first item moves, in units of the strides.
    way: i128,
    shape: Vec<u64>,
    strides: Vec<i64>,
    axes: Vec<SlicedAxis>,
}

impl<'a> Cut<'a> {
    fn of(from: &'a mut Sliced) -> Self {
        Self { from, next: 0, way: 0, shape: Vec::new(), strides: Vec::new(), axes: Vec::new() }
    }

    fn take_axis(&mut self) -> (u64, i64, SlicedAxis) {
        let axis = self.next;
        self.next += 1;
        (self.from.array.shape[axis], self.from.array.strides[axis], self.from.axes[axis])
    }

    fn push(&mut self, side: u64, stride: i64, axis: SlicedAxis) {
        self.shape.push(side);
        self.strides.push(stride);
        self.axes.push(axis);
    }

    fn keep(&mut self, axes: usize) {
        for _ in 0..axes {
            let (side, stride, axis) = self.take_axis();
            self.push(side, stride, axis);
        }
    }

    fn new_axis(&mut self) {
        self.push(1, 0, SlicedAxis { axis: None, inner: None, start: 0, step: 1 });
    }

    fn index(&mut self, index: i64) -> Result<(), SliceError> {
        let axis = self.next;
        let (side, stride, from) = self.take_axis();
        let at = if index < 0 { i128::from(index) + i128::from(side) } else { i128::from(index) };
        let at = u64::try_from(at).ok().filter(|&at| at < side);
        let at = at.ok_or_else(|| SliceError::OutOfRange { index: index.to_string(), axis, side })?;
        self.way += i128::from(at) * i128::from(stride);
        if let Some(axis) = from.axis {
            self.from.fixed.push(Fixed { axis, index: from.at(at) });
        }
        if let Some((field, side)) = from.inner {
            self.from.fields[field].fixed[side] = Some(from.at(at));
        }
        Ok(())
    }

    /// An index that no axis has.
    fn beyond(&self, typed: &str) -> SliceError {
        const SHOWN: usize = 40;
        let mut index: String = typed.chars().take(SHOWN).collect();
        if index.len() < typed.len() {
            index.push('…');
        }
        SliceError::OutOfRange { index, axis: self.next, side: self.from.array.shape[self.next] }
    }

    fn range(&mut self, range: Range) -> Result<(), SliceError> {
        let (side, stride, from) = self.take_axis();
        let (start, step, count) = range.over(side)?;
        if count > 0 {
            self.way += i128::from(start) * i128::from(stride);
        }
        // Where one item is left the stride says nothing, and could be too long to say.
        let stride = if count > 1 { stride.saturating_mul(step) } else { stride };
        let axis = SlicedAxis { start: from.at(start), step: from.step.saturating_mul(step), ..from };
        self.push(count, stride, axis);
        Ok(())
    }

    fn finish(self) -> Result<(), SliceError> {
        let Self { from, way, shape, strides, axes, .. } = self;
        let empty = shape.contains(&0);
        let array = &mut from.array;
        (array.shape, array.strides, from.axes) = (shape, strides, axes);
        // An array without items may begin anywhere; where it was is best.
        if empty {
            return Ok(());
        }
        let (moved, first) = if array.item.shares_bytes() {
            let (items, bytes) = (i128::from(array.item.group_items()), i128::from(array.item.group_bytes()));
            let at = i128::from(array.first) + way;
            (at.div_euclid(items) * bytes, at.rem_euclid(items) as u64)
        } else {
            (way, array.first)
        };
        let too_large = ArrayError::TooLarge { shape: array.shape.clone() };
        array.offset = u64::try_from(i128::from(array.offset) + moved).map_err(|_| too_large)?;
        array.first = first;
        Ok(())
    }
}

impl Range {
    /// Start, step and number of places of the range over `side` of them, as `slice.indices` of Python has it.
    fn over(self, side: u64) -> Result<(u64, i64, u64), SliceError> {
        let (side, step) = (i128::from(side), i128::from(self.step.unwrap_or(1)));
        if step == 0 {
            return Err(SliceError::NoStep);
        }
        let (low, high) = if step > 0 { (0, side) } else { (-1, side - 1) };
        let place = |at: i64| {
            let at = i128::from(at);
            (if at < 0 { at + side } else { at }).clamp(low, high)
        };
        let start = self.start.map_or(if step > 0 { low } else { high }, place);
        let stop = self.stop.map_or(if step > 0 { high } else { low }, place);
        let way = if step > 0 { stop - start } else { start - stop };
        let count = if way > 0 { (way - 1) / step.abs() + 1 } else { 0 };
        Ok((start.max(0) as u64, step as i64, count as u64))
    }
}
