//! The items of an array one after another in C order, whatever their type.
//!
//! Items that share bytes come with their group and their place in it; nothing is decoded here.

use super::gather::gather;
use super::{Export, ExportError, own_bytes};
use crate::bytes::ahead::Ahead;
use crate::decode::Number;

/// What is called for each item: the bytes of its group, and which one of it.
pub type Visit<'a> = dyn FnMut(&[u8], u32) -> Result<(), ExportError> + 'a;

/// Calls `visit` for each item in C order. Blocks.
///
/// # Errors
/// Of reads, of `visit`, and [`ExportError::Cancelled`].
pub fn for_each(export: &Export<'_>, visit: &mut Visit<'_>) -> Result<(), ExportError> {
    let Export { source, array, progress, .. } = *export;
    if !array.item.shares_bytes() {
        let size = array.item.group_bytes() as usize;
        if size == 0 {
            return (0..array.items()).try_for_each(|_| visit(&[], 0));
        }
        return gather(source, array, progress, &mut |bytes| {
            bytes.chunks_exact(size).try_for_each(|group| visit(group, 0))
        });
    }
    array.check_fits(source.len()).map_err(|error| ExportError::Refused(error.to_string()))?;
    let mut ahead = Ahead::new(source);
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
