//! Another array whose elements an expression uses: `other('b')`.

use super::ComputeError;
use super::in_order::InOrder;
use crate::bytes::{ReadError, SharedSource};
use crate::decode::array::{Array, items_of, tuple};
use crate::decode::dtype::ItemType;
use crate::export::arrays::own_bytes;
use crate::job::Cancel;
use std::ops::Range;

/// An array by the name that an expression has for it. It has the shape of the array that the expression is about, or a
/// single element, which stands beside each of those.
#[derive(Clone, Debug)]
pub struct OtherArray {
    pub name: String,
    pub source: SharedSource,
    pub array: Array,
}

impl OtherArray {
    /// Refuses an array that has not an element for each of `array`.
    ///
    /// # Errors
    /// [`ComputeError::Refused`].
    pub(super) fn check(&self, array: &Array) -> Result<(), ComputeError> {
        self.array.check_fits(self.source.len()).map_err(|error| ComputeError::refused(error.to_string()))?;
        if self.array.shape == array.shape || self.array.items() == 1 {
            return Ok(());
        }
        Err(ComputeError::refused(format!(
            "'{}' has the shape {} here, but the elements have the shape {}: other('{}') needs the same shape, or a single element.",
            self.name,
            tuple(&self.array.shape),
            tuple(&array.shape),
            self.name
        )))
    }

    /// What its elements are once each has bytes of its own.
    pub(super) fn item(&self) -> ItemType {
        own_bytes(&self.array.item)
    }

    /// Puts its elements beside those with these numbers into `out`. Blocks.
    pub(super) fn read(
        &self,
        numbers: Range<u64>,
        out: &mut Vec<u8>,
        cancel: &Cancel,
    ) -> Result<(), ReadError> {
        let size = usize::try_from(self.item().group_bytes()).unwrap_or(0);
        let count = (numbers.end - numbers.start) as usize;
        let elements = InOrder::new(&*self.source, &self.array);
        out.clear();
        if self.array.items() == 1 {
            let mut one = vec![0; size];
            elements.read(0..1, &mut one, cancel)?;
            out.extend(one.iter().copied().cycle().take(count * size));
            return Ok(());
        }
        out.resize(count * size, 0);
        elements.read(numbers, out, cancel)
    }
}

/// Refuses another array whose whole shape differs from that of the whole array at hand. Slices of both may have the same
/// shape all the same; but an index from the end would be another one in each.
///
/// # Errors
/// Why it can't be used, as half a sentence.
pub fn check_whole_shape(other: &[u64], own: &[u64]) -> Result<(), String> {
    if other == own || items_of(other) == 1 {
        return Ok(());
    }
    Err(format!("its shape is {}, but the shape of this array is {}", tuple(other), tuple(own)))
}

/// The array of this name.
pub(super) fn by_name<'a>(others: &'a [OtherArray], name: &str) -> Option<&'a OtherArray> {
    others.iter().find(|other| other.name == name)
}
