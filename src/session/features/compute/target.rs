//! The elements of the array on the screen that are to be changed, and the rows that can be appended to it.

use crate::bytes::Span;
use crate::compute::Operation;
use crate::decode::array::{Array, MemoryOrder};
use crate::document::{Content, Splice};
use crate::session::arrays::{ArrayView, BarField};
use crate::session::tab::Tab;

/// Rows to be put in, and the shape that there is then.
pub(super) struct Appended {
    pub(super) splice: Splice,
    pub(super) shape: String,
}

impl Tab {
    /// The selected items, if they can be changed.
    pub(super) fn array_to_change(&self) -> Result<Array, String> {
        self.check_editable()?;
        self.check_array()?.selected_array()
    }

    /// The dtype that an operation makes of the items, if it is another one.
    pub(super) fn cast_by(&self, operation: &Operation, array: &Array) -> Result<Option<String>, String> {
        let item = operation.result_type(&array.item);
        if item == array.item {
            return Ok(None);
        }
        let whole = self.array().is_some_and(|view| view.name.is_none() && view.base == *array);
        if whole {
            return Ok(Some(item.to_string()));
        }
        Err(format!(
            "The other elements would still be {}. Only a whole array without a header can be cast: select all of it (Ctrl+A), or export it and cast the exported file.",
            array.item
        ))
    }

    /// The array from the caret's item on, for a pasted table: its columns to the right, its rows below.
    pub(super) fn array_from_caret(&self) -> Result<Array, String> {
        self.check_editable()?;
        self.check_array()?.array_from_caret()
    }

    pub(super) fn rows_to_append(&self, rows: u64) -> Result<Appended, String> {
        self.check_editable()?;
        let view = self.check_array()?;
        self.check_can_grow(view)?;
        let array = &view.base;
        let Some((first, others)) = array.shape.split_first() else {
            return Err(String::from("An array without axes has no rows."));
        };
        // A side of 1 lies in both orders, and its rows would not.
        let declared_c =
            array.shape.len() < 2 || matches!(view.bar.text(BarField::Order).trim(), "C" | "c" | "");
        if array.order() != Some(MemoryOrder::C) || !declared_c {
            return Err(String::from("Rows can be appended only to uncompressed arrays in C order."));
        }
        let end = array.extent().map_or(array.offset, |extent| extent.end());
        let items = others.iter().try_fold(rows, |items, side| items.checked_mul(*side));
        let per = u64::from(array.item.group_items());
        let len = items
            .filter(|items| items.is_multiple_of(per))
            .and_then(|items| (items / per).checked_mul(array.item.group_bytes()))
            .filter(|len| *len > 0)
            .ok_or("This number of rows does not fill whole bytes.")?;
        if view.name.is_some() && end != self.len() {
            return Err(String::from(
                "Rows can't be appended here, because other bytes follow the array in this file. Export the array and append rows to the exported file.",
            ));
        }
        let mut shape = array.shape.clone();
        shape[0] = first.checked_add(rows).ok_or("The array would have too many rows.")?;
        let content = Content::Repeat { pattern: vec![0], len };
        let splice = Splice { span: Span::empty_at(end), content };
        Ok(Appended { splice, shape: crate::decode::array::tuple(&shape) })
    }

    /// Whether what tells of the array can tell of more rows: the user's own description, or a header that is followed.
    fn check_can_grow(&self, view: &ArrayView) -> Result<(), String> {
        let (Some(_), Some(found)) = (&view.name, &self.arrays.found) else { return Ok(()) };
        if !found.format.can_grow() {
            return Err(format!(
                "Rows can't be appended in this file: its header ({}) would grow and move what follows. Export the array and append rows to the exported file.",
                found.container.format
            ));
        }
        let same = |field: &BarField| {
            view.described.as_ref().is_some_and(|described| described.text(*field) == view.bar.text(*field))
        };
        if !BarField::ALL.iter().filter(|field| **field != BarField::Slice).all(same) {
            return Err(String::from(
                "The array is not shown as the file's header describes it. Press Restore in the bar above it, then append rows.",
            ));
        }
        Ok(())
    }
}
