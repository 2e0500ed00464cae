//! A pasted table of values: from a spreadsheet, CSV, JSON, a Python list, what NumPy prints.
//!
//! The text of each value goes to the element's type as if it were typed into its cell. The work is linear in the text.

use super::ComputeError;
use super::apply::overlapping;
use super::copied_bytes::{Copied, of_bytes};
use super::for_each::unit_stride;
use super::pasted::Table;
use super::splices::Put;
use super::table::{are_names, read_for};
use crate::bytes::Source;
use crate::bytes::ahead::WINDOW;
use crate::decode::array::{Array, tuple};
use crate::decode::dtype::{ItemType, Leaf};
use crate::document::Splice;
use crate::job::Progress;
use std::collections::BTreeMap;

/// Fields of a record that can be columns.
const MOST_FIELDS: usize = 4096;

/// The splices that put the values of `text` over the first items of `array`: rows over its last axis, tables over
/// its last two, deeper lists over as many. The columns of a table go over the first fields of records. Blocks; progress counts values.
///
/// # Errors
/// [`ComputeError`]: a table that is not straight or does not fit, the first value that the type refuses, failed reads.
pub fn block(
    source: &dyn Source,
    array: &Array,
    text: &str,
    progress: &Progress,
) -> Result<Vec<Splice>, ComputeError> {
    put_copied(source, array, read_for(text, &array.item), progress)
}

/// The same for bytes, which are the items one after another in C order; they are put there as they are.
///
/// # Errors
/// As [`block`], and when the bytes are no whole number of items.
pub fn bytes_block(
    source: &dyn Source,
    array: &Array,
    bytes: &[u8],
    progress: &Progress,
) -> Result<Vec<Splice>, ComputeError> {
    put_copied(source, array, of_bytes(&array.item, bytes.to_vec()), progress)
}

fn put_copied(
    source: &dyn Source,
    array: &Array,
    copied: Result<Copied, String>,
    progress: &Progress,
) -> Result<Vec<Splice>, ComputeError> {
    let copied = copied.map_err(ComputeError::Refused)?;
    array.check_fits(source.len()).map_err(|error| ComputeError::Refused(error.to_string()))?;
    array.walk_in_memory().ok_or_else(overlapping)?;
    match copied {
        Copied::Values(table) => table_block(source, array, table, progress),
        Copied::Bytes(bytes) => exact_block(source, array, &bytes, progress),
    }
}

/// Bytes of whole items, none of which is looked at: what no value is written as stays what it is.
fn exact_block(
    source: &dyn Source,
    array: &Array,
    bytes: &[u8],
    progress: &Progress,
) -> Result<Vec<Splice>, ComputeError> {
    let size = (array.item.group_bytes() as usize).max(1);
    let items = (bytes.len() / size) as u64;
    let corner = Array { shape: fitted(&[items], true, array)?, ..array.clone() };
    progress.set_total(items);
    let mut put = Put::new();
    for run in corner.walk_in_memory().ok_or_else(overlapping)? {
        // Items side by side are taken many at once.
        let is_whole = run.weight == 1 && unit_stride(&corner, Some(run));
        let at_once = if is_whole { (WINDOW / size as u64).max(1) } else { 1 };
        let mut done = 0;
        while done < run.items {
            if progress.is_cancelled() {
                return Err(ComputeError::Cancelled);
            }
            let count = at_once.min(run.items - done);
            let at = corner.place_at(run.at + i128::from(done) * i128::from(run.stride)).span.start();
            let number = i128::from(run.number) + i128::from(done) * i128::from(run.weight);
            let from = usize::try_from(number).unwrap_or(0) * size;
            let new = &bytes[from..from + count as usize * size];
            let mut old = vec![0; new.len()];
            source.read_cancellable(at, &mut old, progress.as_cancel())?;
            put.push(at, &old, new)?;
            progress.advance(count);
            done += count;
        }
    }
    put.finish()
}

fn table_block(
    source: &dyn Source,
    array: &Array,
    table: Table,
    progress: &Progress,
) -> Result<Vec<Splice>, ComputeError> {
    let is_record = matches!(array.item, ItemType::Record(_));
    progress.set_total(table.values.len() as u64);
    let mut groups = Groups::new();
    let are_records = !is_record || table.values.iter().all(|value| value.starts_with('('));
    let is_table = table.shape.len() == 2 && array.shape.len() < 2;
    if is_record && is_table && (table.shape[1] > 1 || !are_records) {
        for (column, values) in fields_of(array, table)? {
            put_values(source, &column, &values, &mut groups, progress)?;
        }
    } else if are_records {
        put_values(source, array, &table, &mut groups, progress)?;
    } else {
        put_values(source, &of_one_field(array), &table, &mut groups, progress)?;
    }
    let mut put = Put::new();
    for (at, (old, new)) in groups {
        put.push(at, &old, &new)?;
    }
    put.finish()
}

/// Records of a single field take its values.
fn of_one_field(array: &Array) -> Array {
    let offset = |leaf: &Leaf| array.offset.checked_add(leaf.offset);
    match &array.item.leaves(2)[..] {
        [leaf] => match offset(leaf) {
            Some(offset) => Array { offset, item: leaf.item.clone(), ..array.clone() },
            None => array.clone(),
        },
        _ => array.clone(),
    }
}

/// Bytes by where they lie, as they were and as they will be. Items that share bytes change the same ones one after
/// another.
type Groups = BTreeMap<u64, (Vec<u8>, Vec<u8>)>;

fn put_values(
    source: &dyn Source,
    array: &Array,
    table: &Table,
    groups: &mut Groups,
    progress: &Progress,
) -> Result<(), ComputeError> {
    let corner = Array { shape: fitted(&table.shape, table.is_flat, array)?, ..array.clone() };
    for (number, text) in table.values.iter().enumerate() {
        if number % 1024 == 0 && progress.is_cancelled() {
            return Err(ComputeError::Cancelled);
        }
        let index = corner.index_at(number as u64);
        let place = array.place(&index);
        if let std::collections::btree_map::Entry::Vacant(vacant) = groups.entry(place.span.start()) {
            let mut old = vec![0; place.span.len() as usize];
            source.read_cancellable(place.span.start(), &mut old, progress.as_cancel())?;
            vacant.insert((old.clone(), old));
        }
        let Some((_, new)) = groups.get_mut(&place.span.start()) else { continue };
        super::literal_value::typed(&array.item, text, new, place.item)
            .map_err(|reason| ComputeError::At { index, reason })?;
        progress.advance(1);
    }
    Ok(())
}

/// The columns of a table as values of the first fields of a record, without the line of their names.
fn fields_of(array: &Array, mut table: Table) -> Result<Vec<(Array, Table)>, ComputeError> {
    let leaves = array.item.leaves(MOST_FIELDS);
    let width = usize::try_from(table.shape[1]).unwrap_or(usize::MAX);
    if width > leaves.len() || width == 0 {
        return Err(ComputeError::Refused(format!(
            "The values have {width} columns, but there are only {} fields from the caret on. Nothing was changed.",
            leaves.len()
        )));
    }
    if are_names(&table.values[..width], &leaves[..width]) {
        table.values.drain(..width);
    }
    let rows = (table.values.len() / width) as u64;
    let too_far =
        || ComputeError::Refused(String::from("The fields end beyond the largest possible offset."));
    let field = |(column, leaf): (usize, &Leaf)| {
        let offset = array.offset.checked_add(leaf.offset).ok_or_else(too_far)?;
        let values = table.values.iter().skip(column).step_by(width).cloned().collect();
        let values = Table { shape: vec![rows], values, is_flat: false };
        Ok((Array { offset, item: leaf.item.clone(), ..array.clone() }, values))
    };
    leaves[..width].iter().enumerate().map(field).collect()
}

/// The shape of the values in `text`.
///
/// # Errors
/// [`ComputeError`] when they can't be read or make no straight table.
pub fn block_shape(text: &str, item: &ItemType) -> Result<Vec<u64>, ComputeError> {
    match read_for(text, item).map_err(ComputeError::Refused)? {
        Copied::Values(table) => Ok(table.shape),
        Copied::Bytes(bytes) => Ok(vec![bytes.len() as u64 / item.group_bytes().max(1)]),
    }
}

/// The shape of a table with as many sides as the array has.
fn fitted(of_table: &[u64], is_flat: bool, array: &Array) -> Result<Vec<u64>, ComputeError> {
    let mut shape = of_table.to_vec();
    // A column over a single axis, or a table with one row.
    while shape.len() > array.shape.len() {
        let one = shape.iter().position(|&side| side == 1);
        match one {
            Some(axis) => shape.remove(axis),
            None => break,
        };
    }
    if is_flat {
        // One after another, as the array's items are in C order.
        for side in array.shape.iter().skip(1).rev().take_while(|side| **side > 0) {
            let whole = shape.first().is_some_and(|all| all > side && all.is_multiple_of(*side));
            if !whole {
                break;
            }
            shape[0] /= side;
            shape.insert(1, *side);
        }
    }
    while shape.len() < array.shape.len() {
        shape.insert(0, 1);
    }
    let fits =
        shape.len() == array.shape.len() && shape.iter().zip(&array.shape).all(|(own, side)| own <= side);
    if fits {
        return Ok(shape);
    }
    Err(ComputeError::Refused(format!(
        "The values have the shape {}, but the elements from the caret on have the shape {}. Nothing was changed.",
        tuple(of_table),
        tuple(&array.shape)
    )))
}
