//! The elements of an array one after another in C order, whatever their type.
//!
//! Elements that share bytes come with their group and their place in it; nothing is decoded here.

use super::gather::gather;
use super::{Export, ExportError, own_bytes, refused};
use crate::bytes::ahead::Ahead;
use crate::decode::Number;
use crate::decode::array::Array;
use crate::decode::dtype::ItemType;

/// What is called for each item: the bytes of its group, and which one of it.
pub type Visit<'a> = dyn FnMut(&[u8], u32) -> Result<(), ExportError> + 'a;

/// Calls `visit` for each item in C order. Blocks.
///
/// # Errors
/// Errors of reads and of `visit`, [`ExportError::Cancelled`], and [`ExportError::Refused`] for too many items without
/// bytes.
pub fn for_each(export: &Export<'_>, visit: &mut Visit<'_>) -> Result<(), ExportError> {
    let Export { source, array, progress, .. } = *export;
    if !array.item.shares_bytes() {
        let size = array.item.group_bytes() as usize;
        if size == 0 {
            bound_empty(array)?;
            return (0..array.items()).try_for_each(|_| visit(&[], 0));
        }
        return gather(source, array, progress, &mut |bytes| {
            bytes.chunks_exact(size).try_for_each(|group| visit(group, 0))
        });
    }
    array.check_fits(source.len()).map_err(|error| ExportError::Refused(error.to_string()))?;
    let mut ahead = Ahead::new(source, progress.as_cancel());
    for run in array.walk() {
        let until = array.run_span(run).end();
        for item in 0..run.items {
            if item % 4096 == 0 && progress.is_cancelled() {
                return Err(ExportError::Cancelled);
            }
            let place = array.place_at(run.at + i128::from(item) * i128::from(run.stride));
            visit(ahead.get(place.span, until)?, place.item)?;
        }
    }
    Ok(())
}

/// How many values without bytes are written from one array, at most. A short header can declare any number of them.
const MOST_EMPTY: u64 = 1 << 16;

/// Refuses to write the items one by one if they have no bytes and there are too many of them.
///
/// # Errors
/// [`ExportError::Refused`].
pub(super) fn bound_empty(array: &Array) -> Result<(), ExportError> {
    let values = array.items().saturating_mul(values_in(&array.item));
    if array.item.group_bytes() > 0 || values <= MOST_EMPTY {
        return Ok(());
    }
    refused(format!(
        "The array has {values} values of size 0, too many to write one by one. Export it as .npy, or export only a part."
    ))
}

/// How many values an item holds, those of an empty record or sub-array counted as one.
fn values_in(item: &ItemType) -> u64 {
    let values = match item {
        ItemType::Record(record) => {
            record.fields.iter().fold(0, |sum: u64, field| sum.saturating_add(values_in(&field.item)))
        }
        ItemType::Array(array) => {
            array.shape.iter().fold(values_in(&array.item), |all, side| all.saturating_mul(*side))
        }
        _ => 1,
    };
    values.max(1)
}

/// Gives `take` the items in C order as bytes, each with bytes of its own: see [`own_bytes`].
pub(super) fn own_bytes_of(
    export: &Export<'_>,
    take: &mut dyn FnMut(&[u8]) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let item = &export.array.item;
    if !item.shares_bytes() {
        return gather(export.source, export.array, export.progress, take);
    }
    let target = own_bytes(item);
    let zero = vec![0; target.group_bytes() as usize];
    let mut bytes = Vec::new();
    for_each(export, &mut |group, place| {
        let number = item.number(group, place).unwrap_or(Number::Int(0));
        let value = target.of_number(number, &zero, 0);
        bytes.extend(value.map_err(|error| ExportError::Refused(format!("{error}.")))?);
        if bytes.len() >= 1 << 18 {
            take(&bytes)?;
            bytes.clear();
        }
        Ok(())
    })?;
    take(&bytes)
}
