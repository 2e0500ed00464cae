//! The elements of another array that belong to the selected ones.

use super::table::part_of;
use super::view::ArrayView;
use crate::compute::check_whole_shape;
use crate::decode::array::Array;

impl ArrayView {
    /// The part of another array that the selection is of this one: the same slice and the same block.
    ///
    /// # Errors
    /// A sentence when the other array has no such part.
    pub fn selected_of(&self, other: &Array) -> Result<Array, String> {
        check_whole_shape(&other.shape, &self.base.shape)?;
        let sliced = other.slice(&self.sliced.slice).map_err(|error| error.to_string())?.array;
        let part = part_of(&sliced, &self.table.part(&self.block));
        part.ok_or_else(|| String::from("The selection ends beyond the largest possible offset."))
    }
}
