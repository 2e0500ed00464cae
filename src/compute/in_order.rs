//! The elements of an array in C order, each with bytes of its own, from any of them on.
//!
//! What lies so already is read as it is. Quantised elements become single floats, packed ones take a byte.

use super::read_in_parts::read_in_parts;
use crate::bytes::ahead::{Ahead, WINDOW};
use crate::bytes::{ReadError, Source, Span};
use crate::decode::Number;
use crate::decode::array::{Array, MemoryOrder};
use crate::decode::array_walk::Run;
use crate::decode::dtype::ItemType;
use crate::export::arrays::own_bytes;
use crate::job::Cancel;
use std::ops::Range;

/// Elements that are further apart, in bytes, are read each for itself: more of a page is not wanted.
const APART: u64 = 2 << 10;

/// An array whose elements are read in C order.
#[derive(Clone, Debug)]
pub(super) struct InOrder<'a> {
    source: &'a dyn Source,
    array: &'a Array,
    /// What the elements are once they have bytes of their own.
    item: ItemType,
    size: usize,
    is_dense: bool,
}

impl<'a> InOrder<'a> {
    /// Nothing is read yet.
    pub fn new(source: &'a dyn Source, array: &'a Array) -> Self {
        let item = own_bytes(&array.item);
        let size = usize::try_from(item.group_bytes()).unwrap_or(usize::MAX);
        let is_dense = array.order() == Some(MemoryOrder::C) && !array.item.shares_bytes();
        Self { source, array, item, size, is_dense }
    }

    /// Puts the elements with these numbers into `out`, which has room for them. Blocks.
    ///
    /// # Errors
    /// As of [`Source::read_cancellable`].
    pub fn read(&self, numbers: Range<u64>, out: &mut [u8], cancel: &Cancel) -> Result<(), ReadError> {
        if self.is_dense {
            let at = self.array.offset + numbers.start * self.size as u64;
            return read_in_parts(self.source, at, out, cancel);
        }
        for part in self.array.parts(numbers.clone()) {
            let out = &mut out[(part.first - numbers.start) as usize * self.size..];
            if part.array.item.shares_bytes() {
                self.own(&part.array, out, cancel)?;
                continue;
            }
            let walk = part.array.walk_in_memory().unwrap_or_else(|| part.array.walk());
            for run in walk {
                self.run(&part.array, run, out, cancel)?;
            }
        }
        Ok(())
    }

    /// The elements of a run, each to its place.
    fn run(&self, part: &Array, run: Run, out: &mut [u8], cancel: &Cancel) -> Result<(), ReadError> {
        let size = self.size;
        if run.weight == 1 && (run.items == 1 || u64::try_from(run.stride) == Ok(size as u64)) {
            let from = place_of(run, 0) * size;
            let out = &mut out[from..from + run.items as usize * size];
            return read_in_parts(self.source, part.run_span(run).start(), out, cancel);
        }
        let is_near = run.stride > 0 && run.stride.unsigned_abs() <= APART;
        let at_once = if is_near { (WINDOW / run.stride.unsigned_abs()).max(1) } else { 1 };
        let mut bytes = Vec::new();
        let mut done = 0;
        while done < run.items {
            let items = at_once.min(run.items - done);
            let first = part.place_at(run.at + i128::from(done) * i128::from(run.stride)).span;
            let reach = (items - 1) * run.stride.unsigned_abs() + size as u64;
            bytes.resize(reach as usize, 0);
            self.source.read_cancellable(first.start(), &mut bytes, cancel)?;
            for item in 0..items {
                let from = (item * run.stride.unsigned_abs()) as usize;
                let to = place_of(run, done + item) * size;
                out[to..to + size].copy_from_slice(&bytes[from..from + size]);
            }
            done += items;
        }
        Ok(())
    }

    /// Elements that share bytes, one after another, each with bytes of its own.
    fn own(&self, part: &Array, out: &mut [u8], cancel: &Cancel) -> Result<(), ReadError> {
        let mut ahead = Ahead::new(self.source, cancel);
        let zero = vec![0; self.size];
        for run in part.walk() {
            let until = part.run_span(run).end();
            for item in 0..run.items {
                let place = part.place_at(run.at + i128::from(item) * i128::from(run.stride));
                let number = part.item.number(ahead.get(place.span, until)?, place.item);
                let value = self.item.of_number(number.unwrap_or(Number::Int(0)), &zero, 0);
                let to = place_of(run, item) * self.size;
                // A type of its own holds every value of what it is made from.
                out[to..to + self.size].copy_from_slice(value.as_deref().unwrap_or(&zero));
            }
        }
        Ok(())
    }

    /// The elements that have these bytes among those of all elements, and the bytes that those elements have.
    pub fn around(span: Span, size: u64) -> (Range<u64>, Span) {
        let (first, end) = (span.start() / size, span.end().div_ceil(size));
        (first..end, Span::between(first * size, end * size))
    }
}

fn place_of(run: Run, item: u64) -> usize {
    let number = i128::from(run.number) + i128::from(item) * i128::from(run.weight);
    usize::try_from(number).unwrap_or(0)
}
