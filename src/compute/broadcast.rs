//! The values of a list over the elements of an array, repeated as NumPy broadcasts them.
//!
//! The axes are compared from the last one on; an axis of length 1 is repeated. The list is kept once, however many
//! elements it goes over.

use super::ComputeError;
use super::copied_bytes::{Copied, texts_of};
use super::literal_value::typed;
use super::pasted::Table;
use super::table::read_for;
use super::value::Calculated;
use crate::decode::Element;
use crate::decode::array::{Array, tuple};
use crate::decode::dtype::ItemType;

/// A list, and which of its values each item takes.
pub(super) struct Spread {
    texts: Vec<String>,
    /// The bytes of the values one after another, where those of an item do not matter for it.
    bytes: Option<Vec<u8>>,
    /// One an axis of the array: its side, and how far apart the values of neighbours are in the list.
    axes: Vec<(u64, u64)>,
}

impl Spread {
    /// The list of `text` over `array`.
    ///
    /// # Errors
    /// [`ComputeError`] when it can't be read, or its shape does not fit.
    pub fn new(text: &str, array: &Array) -> Result<Self, ComputeError> {
        let table = match read_for(text, &array.item).map_err(ComputeError::Refused)? {
            Copied::Values(table) => table,
            Copied::Bytes(bytes) => texts_of(&array.item, &bytes).map_err(ComputeError::Refused)?,
        };
        let axes = axes(text, &table, array).ok_or_else(|| {
            ComputeError::Shape(format!(
                "The list has the shape {}, and the elements have the shape {}: the list can't be broadcast over them. Nothing was changed.",
                tuple(&table.shape),
                tuple(&array.shape)
            ))
        })?;
        let mut spread = Self { texts: table.values, bytes: None, axes };
        spread.bytes = spread.encoded(&array.item);
        Ok(spread)
    }

    /// All values as bytes; `None` when one does not fit, or the bytes there have a part in it.
    fn encoded(&self, item: &ItemType) -> Option<Vec<u8>> {
        let ItemType::Scalar(dtype) = item else { return None };
        if matches!(dtype.element, Element::LongDouble | Element::Complex256) {
            return None;
        }
        let mut bytes = vec![0; dtype.size() * self.texts.len()];
        for (text, group) in self.texts.iter().zip(bytes.chunks_exact_mut(dtype.size())) {
            typed(item, text, group, 0).ok()?;
        }
        Some(bytes)
    }

    /// Gives the item that is number `number` in C order its value.
    ///
    /// # Errors
    /// A sentence when the value does not fit the type.
    pub fn put(&self, kind: &ItemType, group: &mut [u8], item: u32, mut number: u64) -> Calculated<()> {
        let mut at = 0;
        for (side, step) in self.axes.iter().rev() {
            at += number % side * step;
            number /= side;
        }
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        if let Some(bytes) = self.bytes.as_ref().and_then(|bytes| bytes.chunks_exact(group.len()).nth(at)) {
            group.copy_from_slice(bytes);
            return Ok(());
        }
        let text = self.texts.get(at).ok_or_else(|| "the list has no value for it".to_owned())?;
        typed(kind, text, group, item)
    }
}

/// The sides of the array and the steps through the list; `None` when the list can't be broadcast over it.
fn axes(text: &str, table: &Table, array: &Array) -> Option<Vec<(u64, u64)>> {
    if array.shape.is_empty() {
        // A single item takes a single value.
        return None;
    }
    let mut shape = table.shape.clone();
    if table.is_flat && shape.len() == 1 && array.shape.len() > 1 && shape[0] == array.items() {
        // `array.array` has one side whatever its values are from.
        shape.clone_from(&array.shape);
    }
    // An array may have more sides of 1 in front, a list may not.
    while shape.len() > array.shape.len() && !text.starts_with('[') && shape[0] == 1 {
        shape.remove(0);
    }
    let more = array.shape.len().checked_sub(shape.len())?;
    let mut axes: Vec<(u64, u64)> = array.shape.iter().map(|side| ((*side).max(1), 0)).collect();
    let mut step = 1;
    for (place, side) in shape.iter().enumerate().rev() {
        let whole = array.shape[more + place];
        if *side == whole && *side != 1 {
            axes[more + place].1 = step;
        } else if *side != 1 {
            return None;
        }
        step *= side.max(&1);
    }
    Some(axes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::array::MemoryOrder;
    use crate::decode::{DType, Order};

    fn spread(text: &str, shape: &[u64]) -> Option<Vec<u8>> {
        let item = ItemType::Scalar(DType::new(Element::U8, Order::Little));
        let array = Array::new(item.clone(), 0, shape.to_vec(), MemoryOrder::C).expect("an array");
        let spread = Spread::new(text, &array).ok()?;
        let mut bytes = vec![0; array.items() as usize];
        for (number, byte) in bytes.chunks_exact_mut(1).enumerate() {
            spread.put(&item, byte, 0, number as u64).expect("a value");
        }
        Some(bytes)
    }

    #[test]
    fn lists_are_broadcast_as_numpy_does_it() {
        for (text, shape, values) in [
            ("[1, 2, 3]", &[2, 3][..], Some(&[1, 2, 3, 1, 2, 3][..])),
            ("[[1], [2]]", &[2, 3], Some(&[1, 1, 1, 2, 2, 2])),
            ("[7]", &[2, 2], Some(&[7, 7, 7, 7])),
            ("[[[1]], [[2]]]", &[2, 1, 2], Some(&[1, 1, 2, 2])),
            ("[[1, 2]]", &[0, 2], Some(&[])),
            ("[5]", &[0, 3], Some(&[])),
            ("[]", &[0], Some(&[])),
            ("[1, 2]", &[2, 3], None),
            ("[]", &[2, 3], None),
            ("[1, 2]", &[0], None),
            ("[[[1, 2, 3]]]", &[2, 3], None),
            ("np.array([[[1, 2, 3]]])", &[2, 3], Some(&[1, 2, 3, 1, 2, 3])),
            ("[5]", &[], None),
        ] {
            assert_eq!(spread(text, shape).as_deref(), values, "{text} over {shape:?}");
        }
    }
}
