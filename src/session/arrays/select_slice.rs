//! What a slice of the whole array names, as a block of cells of what is shown of it.
//!
//! A block is everything between two corners: a slice that leaves out cells between them is refused.

use super::block::Block;
use super::table::Across;
use super::view::{ArrayView, MOST_FIELDS};
use crate::bytes::Span;
use crate::decode::dtype::ItemType;
use crate::decode::slice::{Slice, Sliced};

const NOT_SHOWN: &str =
    "This element is not in the slice that is shown. Clear the slice field to show the whole array.";
const STEPS: &str = "A slice with a step can't be selected. Type it into the slice field above the array.";

impl ArrayView {
    /// Selects what a slice of the whole array names, as in Python: an element, a range, a field.
    ///
    /// # Errors
    /// A sentence that says what does not fit.
    pub fn select(&mut self, slice: &Slice) -> Result<(), String> {
        let wanted = self.base.slice(slice).map_err(|error| error.to_string())?;
        if wanted.array.items() == 0 {
            return Err(String::from("This slice has no elements."));
        }
        let first = vec![0; wanted.array.shape.len()];
        let last: Vec<u64> = wanted.array.shape.iter().map(|side| side - 1).collect();
        let (from, to) = (self.find(&wanted, &first)?, self.find(&wanted, &last)?);
        if !self.has_steps_of(&wanted) {
            return Err(String::from(STEPS));
        }
        let columns = self.columns_of(&wanted, &from)?;
        let (top, end) = (wanted.array.place(&first).span.start(), wanted.array.place(&last).span.start());
        if columns.is_some() {
            self.table = self.turned_to(&from);
            self.block = Block::at((self.table.row_of(&from).unwrap_or(0), 0)).fitted(&self.table);
            self.reveal(true);
        } else if !self.show_index(&from, top) {
            return Err(String::from(NOT_SHOWN));
        }
        let anchor = self.block.caret;
        let fits = from.iter().zip(&to).enumerate().all(|(axis, (a, b))| a == b || self.is_seen_axis(axis));
        if !fits {
            return Err(String::from(
                "This slice spans axes that are not shown, so its first element is selected. Choose these axes as rows and columns.",
            ));
        }
        let caret = match columns {
            Some(_) => self.table.row_of(&to).map_or(anchor, |row| (row, 0)),
            None => self.table.cell_of(&to, end).unwrap_or(anchor),
        };
        self.block = Block { anchor, caret }.fitted(&self.table);
        if let Some(columns) = columns {
            (self.block.anchor.1, self.block.caret.1) = columns;
        }
        Ok(())
    }

    /// The index in the shown slice of an item of `wanted`.
    fn find(&self, wanted: &Sliced, index: &[u64]) -> Result<Vec<u64>, String> {
        let shown = &self.sliced;
        let span = wanted.array.place(index).span;
        let has_inner = shown.axes.iter().any(|axis| axis.axis.is_none());
        let found = if has_inner && shown.array.item == wanted.array.item {
            shown.array.index_of(span.start())
        } else {
            shown.index_of_base(&wanted.base_index(index))
        };
        let touches = |found: &Vec<u64>| {
            let own = shown.array.place(found).span;
            own.start() < span.end() && span.start() < own.end()
        };
        found.filter(touches).ok_or_else(|| String::from(NOT_SHOWN))
    }

    /// Whether no item that is shown lies between those of `wanted` without being one of them.
    fn has_steps_of(&self, wanted: &Sliced) -> bool {
        wanted.axes.iter().zip(&wanted.array.shape).filter(|(_, side)| **side > 1).all(|(axis, _)| {
            let own = self.sliced.axes.iter().find(|own| axis.axis.is_some() && own.axis == axis.axis);
            own.map_or(1, |own| own.step.unsigned_abs()) == axis.step.unsigned_abs()
        })
    }

    /// The columns of the fields that are meant, where columns are fields: first and last.
    fn columns_of(&self, wanted: &Sliced, from: &[u64]) -> Result<Option<(u64, u64)>, String> {
        let Across::Fields(shown) = self.table.across() else { return Ok(None) };
        let record = self.sliced.array.place(from).span.start();
        let meant = spans_of_fields(wanted);
        let is_meant = |offset: u64, len: u64| {
            Span::at(record.saturating_add(offset), len).is_some_and(|span| {
                meant.iter().any(|meant| meant.start() <= span.start() && span.end() <= meant.end())
            })
        };
        let hits: Vec<usize> = (0..shown.len())
            .filter(|at| is_meant(shown[*at].offset, shown[*at].item.group_bytes()))
            .collect();
        let (Some(first), Some(last)) = (hits.first(), hits.last()) else {
            return Err(String::from("This field is hidden, or not in the slice that is shown."));
        };
        if last - first + 1 != hits.len() {
            return Err(String::from(
                "These fields are not next to each other. Move their columns, or type the slice into the slice field.",
            ));
        }
        Ok(Some((*first as u64, *last as u64)))
    }
}

/// The bytes of the fields of the first record that is meant.
fn spans_of_fields(wanted: &Sliced) -> Vec<Span> {
    let first = vec![0; wanted.array.shape.len()];
    // The axes that a field brings along lie within the record.
    let inner = wanted.axes.iter().zip(&wanted.array.shape);
    let end: Vec<u64> = inner.map(|(axis, side)| if axis.axis.is_none() { side - 1 } else { 0 }).collect();
    let (a, b) = (wanted.array.place(&first).span, wanted.array.place(&end).span);
    let ItemType::Record(_) = &wanted.array.item else {
        return vec![Span::between(a.start().min(b.start()), a.end().max(b.end()))];
    };
    let leaves = wanted.array.item.leaves(MOST_FIELDS);
    let span = |offset: u64, len: u64| Span::at(a.start().checked_add(offset)?, len);
    leaves.iter().filter_map(|leaf| span(leaf.offset, leaf.item.group_bytes())).collect()
}
