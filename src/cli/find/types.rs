//! Values of several types in a plain file: in both byte orders, at every offset.

use super::FindOptions;
use super::stretch::{Stretch, Stretches};
use crate::cli::CommandError;
use crate::cli::raw::Raw;
use crate::cli::target::find;
use crate::decode::dtype::ItemType;

/// Types in a list at most.
const MOST_TYPES: usize = 32;

/// Whether `--dtype` names several types, divided by commas: `<f4,<f8`. For a question over fields these would be those
/// of a record, but a record is no value.
pub(super) fn is_list(options: &FindOptions) -> bool {
    let each_is_type = |dtype: &String| dtype.split(',').all(|name| name.trim().parse::<ItemType>().is_ok());
    let dtype = options.raw.dtype.as_ref().filter(|dtype| dtype.contains(','));
    options.what.value.is_some() && dtype.is_some_and(each_is_type)
}

/// One stretch for each type, byte order and offset of the first value. What is found comes in this order.
///
/// # Errors
/// [`CommandError`] when a type is not known, or the file can't be read as values of it.
pub(super) fn type_stretches(options: &FindOptions, dtype: &str) -> Result<Stretches, CommandError> {
    if options.raw.shape.is_some() || options.raw.strides.is_some() || options.within.is_some() {
        return Err(CommandError::usage(
            "A list of types, --unaligned and --both-orders are for a whole plain file: leave out --shape, --strides and --in.",
        ));
    }
    let mut names: Vec<String> = Vec::new();
    for name in if is_list(options) { dtype.split(',').collect() } else { vec![dtype] } {
        let item: ItemType =
            name.trim().parse().map_err(|error| CommandError::usage(format!("--dtype {name}: {error}")))?;
        let text = item.to_string();
        let swapped = match text.split_at_checked(1) {
            Some(("<", rest)) => Some(format!(">{rest}")),
            Some((">", rest)) => Some(format!("<{rest}")),
            _ => None,
        };
        names.push(text);
        names.extend(swapped.filter(|_| options.both_orders));
    }
    names.dedup();
    if names.len() > MOST_TYPES {
        return Err(CommandError::usage(format!("--dtype: {MOST_TYPES} types are the most.")));
    }
    let mut all = Vec::new();
    for name in names {
        let first = as_type(options, &name, 0)?;
        let size = first.arrays.first().map_or(1, |array| array.sliced.array.item.group_bytes());
        all.push(Ok(first));
        let skips = if options.unaligned { 1..size } else { 1..1 };
        // A file may be too short for a value at some of these offsets.
        all.extend(skips.filter_map(|skip| as_type(options, &name, skip).ok()).map(Ok));
    }
    Ok(all)
}

/// The file as values of a type, from `skip` bytes behind `--offset` on.
fn as_type(options: &FindOptions, name: &str, skip: u64) -> Result<Stretch, CommandError> {
    let given = options.raw.offset.as_deref().unwrap_or("0");
    let offset = if skip == 0 { given.to_owned() } else { format!("{given} + {skip}") };
    let raw = Raw { dtype: Some(name.to_owned()), offset: Some(offset), ..Raw::default() };
    let target = find(&options.file, &raw)?;
    let stretch = Stretch::of_array(&target, None, Some(name.to_owned()))?;
    // That bytes are left over at the end is no news here.
    Ok(Stretch { notes: Vec::new(), ..stretch })
}
