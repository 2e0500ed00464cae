//! Values of several types in a plain file: in both byte orders, at every offset.

use super::FindOptions;
use super::stretch::{Reading, Stretch, Stretches};
use crate::bytes::Span;
use crate::cli::CommandError;
use crate::cli::range::range_of;
use crate::cli::raw::Raw;
use crate::cli::target::{container, find, open_file};
use crate::decode::array::{Array, MemoryOrder};
use crate::decode::dtype::ItemType;
use crate::escape::PathText;

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
    let within = within(options)?;
    let names = names(options, dtype)?;
    let mut all = Vec::new();
    for name in names {
        let first = as_type(options, &name, 0, within)?;
        let size = first.arrays.first().map_or(1, |array| array.sliced.array.item.group_bytes());
        all.push(Ok(first));
        let skips = if options.unaligned { 1..size } else { 1..1 };
        // A file may be too short for a value at some of these offsets.
        all.extend(skips.filter_map(|skip| as_type(options, &name, skip, within).ok()).map(Ok));
    }
    Ok(all)
}

/// The bytes of `--in`, if it is given. Fails for what is no plain file.
fn within(options: &FindOptions) -> Result<Option<Span>, CommandError> {
    const ONLY_PLAIN: &str = "a list of types, --unaligned and --both-orders are for plain files";
    let (opened, name) = open_file(&options.file)?;
    let place = opened.asked.shown().to_string();
    // Of a header that can't be read the bytes can be seen all the same.
    if name.is_some() || matches!(container(&opened), Ok(Some(_))) {
        return Err(CommandError::usage(format!("{place}: {ONLY_PLAIN}. This file has arrays of its own.")));
    }
    if options.raw.shape.is_some() || options.raw.strides.is_some() {
        return Err(CommandError::usage(format!("{place}: {ONLY_PLAIN}: leave out --shape and --strides.")));
    }
    if options.within.is_some() && options.raw.offset.is_some() {
        return Err(CommandError::usage(format!(
            "{place}: --in says at which byte the first value of each type is: leave out --offset."
        )));
    }
    let Some(text) = options.within.as_deref() else { return Ok(None) };
    range_of("--in", Some(text), opened.len, &place).map(Some)
}

/// The types that are asked for, each in each byte order.
fn names(options: &FindOptions, dtype: &str) -> Result<Vec<String>, CommandError> {
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
    Ok(names)
}

/// The file as values of a type, from `skip` bytes behind `--offset` on; or those of them that lie in the bytes `within`.
fn as_type(
    options: &FindOptions,
    name: &str,
    skip: u64,
    within: Option<Span>,
) -> Result<Stretch, CommandError> {
    let start = within.map(|within| within.start().to_string());
    let given = start.as_deref().or(options.raw.offset.as_deref()).unwrap_or("0");
    let offset = if skip == 0 { given.to_owned() } else { format!("{given} + {skip}") };
    let raw = Raw { dtype: Some(name.to_owned()), offset: Some(offset), ..Raw::default() };
    let mut target = find(&options.file, &raw)?;
    if let Some(within) = within {
        let array = &target.array;
        let groups = within.len().saturating_sub(skip) / array.item.group_bytes().max(1);
        let count = groups.saturating_mul(u64::from(array.item.group_items()));
        let cut = Array::new(array.item.clone(), array.offset, vec![count], MemoryOrder::C);
        target.array = cut.map_err(|error| CommandError::failed(error.to_string()))?;
    }
    let mut stretch = Stretch::of_array(&target, None, None)?;
    for array in &mut stretch.arrays {
        array.reading = Some(Reading { dtype: name.to_owned(), is_counted: skip == 0 });
    }
    // That bytes are left over at the end is no news here.
    Ok(Stretch { notes: Vec::new(), ..stretch })
}
