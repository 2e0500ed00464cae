//! The values of an array that a header describes, seen as another type: `--dtype` on a file with a header.
//!
//! As NumPy's `view`: the bytes stay, and as many of them are meant. A `.npy` file of bfloat16 says `V2`, since NumPy
//! has no name for it.

use super::raw::Raw;
use crate::decode::array::{Array, MemoryOrder, tuple};
use crate::decode::dtype::ItemType;
use crate::decode::shape::Shape;

/// The array as the options see it, or a sentence that says why it can't be seen so.
pub(super) fn seen_as(array: &Array, raw: &Raw) -> Result<Array, String> {
    for (option, given) in [("--offset", raw.offset.is_some()), ("--strides", raw.strides.is_some())] {
        if given {
            return Err(format!(
                "the header determines the offset of the values: leave out {option}. --dtype and --shape reinterpret the same bytes."
            ));
        }
    }
    let item = match raw.dtype.as_deref() {
        Some(dtype) => dtype.parse().map_err(|error| format!("--dtype {dtype}: {error}"))?,
        None => array.item.clone(),
    };
    let order = raw.order()?.or_else(|| array.order()).unwrap_or_default();
    let bytes = bytes_of(array.items(), &array.item).ok_or("the array's size is not a multiple of 8 bits")?;
    let shape = match raw.shape.as_deref() {
        Some(text) => {
            let shape: Shape = text.parse().map_err(|error| format!("--shape {text}: {error}"))?;
            shape.resolve(&item, bytes).map_err(|error| error.to_string())?
        }
        None => shape_as(array, &item, order)?,
    };
    let seen = Array::new(item, array.offset, shape, order).map_err(|error| error.to_string())?;
    match bytes_of(seen.items(), &seen.item) {
        Some(needed) if needed == bytes => Ok(seen),
        Some(needed) => Err(format!(
            "{} of the shape {} takes {needed} bytes, but the array has {bytes}. Choose a --shape of the same size.",
            seen.item,
            tuple(&seen.shape)
        )),
        None => Err(format!(
            "{} of the shape {} does not end at a byte boundary, but the array has {bytes} bytes. Choose a --shape of the same size.",
            seen.item,
            tuple(&seen.shape)
        )),
    }
}

fn bytes_of(items: u64, item: &ItemType) -> Option<u64> {
    let group = u64::from(item.group_items());
    items.is_multiple_of(group).then_some(items / group)?.checked_mul(item.group_bytes())
}

/// The shape with another type: the last axis has more or fewer items where their size is another.
fn shape_as(array: &Array, item: &ItemType, order: MemoryOrder) -> Result<Vec<u64>, String> {
    let size = |item: &ItemType| (item.group_bytes(), item.group_items());
    if size(&array.item) == size(item) {
        return Ok(array.shape.clone());
    }
    let mut shape = array.shape.clone();
    let sides = shape.len();
    let Some(last) = shape.last_mut() else {
        return Err(format!("a single {} can't be read as {item}: their sizes differ", array.item));
    };
    if order == MemoryOrder::F && sides > 1 {
        return Err(format!(
            "in Fortran order the last axis is not contiguous, so {} can't be read as {item}: add --shape",
            array.item
        ));
    }
    let items = bytes_of(*last, &array.item)
        .filter(|bytes| item.group_bytes() > 0 && bytes.is_multiple_of(item.group_bytes()))
        .map(|bytes| bytes / item.group_bytes() * u64::from(item.group_items()));
    *last = items.ok_or_else(|| {
        format!(
            "the size of the last axis ({last} {}) is not a multiple of the size of {item}: add --shape",
            array.item
        )
    })?;
    Ok(shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(
        array: (&str, &[u64], MemoryOrder),
        options: [Option<&str>; 3],
    ) -> Result<(String, Vec<u64>), String> {
        let (item, shape, order) = array;
        let item: ItemType = item.parse().expect("a type");
        let array = Array::new(item, 128, shape.to_vec(), order).expect("an array");
        let [dtype, shape, offset] = options.map(|option| option.map(str::to_owned));
        let raw = Raw { dtype, shape, offset, ..Raw::default() };
        let seen = super::seen_as(&array, &raw)?;
        assert_eq!(seen.offset, 128);
        Ok((seen.item.to_string(), seen.shape))
    }

    #[test]
    fn the_same_bytes_are_meant() {
        let (c, f) = (MemoryOrder::C, MemoryOrder::F);
        let as_type = |array, dtype| seen(array, [Some(dtype), None, None]).map(|(_, shape)| shape);
        assert_eq!(as_type(("|V2", &[2, 3], f), "bfloat16"), Ok(vec![2, 3]));
        assert_eq!(as_type(("<f4", &[2, 3], c), "<f2"), Ok(vec![2, 6]));
        assert_eq!(as_type(("<f4", &[2, 4], c), "<c16"), Ok(vec![2, 1]));
        assert_eq!(as_type(("|u1", &[3], c), "int4x2"), Ok(vec![6]));
        assert_eq!(as_type(("<f4", &[], c), "<i4"), Ok(vec![]));
        for (array, dtype) in
            [(("<f4", &[2, 3][..], c), "<f8"), (("<f4", &[2, 4], f), "<f8"), (("<f4", &[], c), "<f2")]
        {
            assert!(as_type(array, dtype).is_err(), "{dtype}");
        }
        let reshaped = seen(("<f4", &[2, 3], c), [Some("<f8"), Some("3"), None]);
        assert_eq!(reshaped, Ok(("<f8".to_owned(), vec![3])));
        assert_eq!(seen(("<f4", &[2, 3], f), [None, Some("3,-1"), None]), Ok(("<f4".to_owned(), vec![3, 2])));
        assert!(
            seen(("<f4", &[2, 3], c), [None, Some("4"), None]).is_err_and(|text| text.contains("16 bytes"))
        );
        let refused = seen(("<f4", &[2, 3], c), [Some("<f4"), None, Some("0")]);
        assert!(refused.is_err_and(|text| text.contains("leave out --offset")));
    }
}
