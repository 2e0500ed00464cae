//! Fields put into a record one after another, by NumPy's rules of alignment.
//!
//! Every size is checked before it is added, and names are unique; a field never shares bytes of a packed value.

use super::refusal::{Parsed, refuse, sized};
use super::{Field, ItemType, Record, SubArray};
use crate::decode::scalar::integer::excerpt;
use crate::decode::scalar_type::ParseDTypeError;
use std::collections::HashSet;
use std::sync::Arc;

/// Sides of a sub-array that NumPy allows.
const MOST_SIDES: usize = 64;

/// An array of `item`s as one item; `item` itself when it has no sides.
pub(super) fn array(item: ItemType, shape: Vec<u64>) -> Parsed {
    if shape.is_empty() {
        return Ok(item);
    }
    if shape.len() > MOST_SIDES {
        return refuse(format!("a shape has at most {MOST_SIDES} axes"));
    }
    alone(&item)?;
    let items = shape.iter().try_fold(1u64, |count, side| count.checked_mul(*side));
    sized(items.and_then(|items| items.checked_mul(item.group_bytes())))?;
    Ok(ItemType::Array(Arc::new(SubArray { item, shape })))
}

/// Refuses what shares its bytes with its neighbours.
fn alone(item: &ItemType) -> Result<(), ParseDTypeError> {
    match item {
        ItemType::Packed(_) | ItemType::Quant(_) => {
            refuse(format!("{item} shares bytes with its neighbours, so it can't be a field or a sub-array"))
        }
        _ => Ok(()),
    }
}

/// A record as it grows.
pub(super) struct Builder {
    fields: Vec<Field>,
    names: HashSet<String>,
    /// Bytes so far.
    end: u64,
    align: u64,
    aligned: bool,
}

impl Builder {
    pub(super) fn new(aligned: bool) -> Self {
        Self { fields: Vec::new(), names: HashSet::new(), end: 0, align: 1, aligned }
    }

    /// Adds a field behind the others. One without a name is called by its number.
    pub(super) fn push(&mut self, name: String, item: ItemType) -> Result<(), ParseDTypeError> {
        let align = if self.aligned { item.alignment() } else { 1 };
        self.push_at(name, item, self.end.next_multiple_of(align))
    }

    /// Adds a field at its own place.
    pub(super) fn push_at(
        &mut self,
        name: String,
        item: ItemType,
        offset: u64,
    ) -> Result<(), ParseDTypeError> {
        alone(&item)?;
        let name = if name.is_empty() { format!("f{}", self.fields.len()) } else { name };
        if !self.names.insert(name.clone()) {
            return refuse(format!("two fields are called '{}'", excerpt(&name)));
        }
        if self.aligned {
            let align = item.alignment();
            if !offset.is_multiple_of(align) {
                return refuse(format!(
                    "the offset {offset} of '{}' is not a multiple of {align}, as align=True requires",
                    excerpt(&name)
                ));
            }
            self.align = self.align.max(align);
        }
        self.end = self.end.max(sized(offset.checked_add(item.group_bytes()))?);
        self.fields.push(Field { name, offset, item });
        Ok(())
    }

    /// Leaves `bytes` free; of a `.npy` header's padding, and of struct's `x`.
    pub(super) fn skip(&mut self, bytes: u64) -> Result<(), ParseDTypeError> {
        self.end = sized(self.end.checked_add(bytes))?;
        Ok(())
    }

    /// Goes on at a multiple of `align`.
    pub(super) fn align_to(&mut self, align: u64) {
        self.end = self.end.next_multiple_of(align);
    }

    pub(super) const fn len(&self) -> usize {
        self.fields.len()
    }

    pub(super) fn finish(self) -> Parsed {
        let size = sized(Some(self.end.next_multiple_of(self.align)))?;
        Ok(ItemType::Record(Arc::new(Record { fields: self.fields, size, aligned: self.aligned })))
    }

    /// With the size that was asked for.
    pub(super) fn finish_with(self, size: u64) -> Parsed {
        sized(Some(size))?;
        if size < self.end {
            return refuse(format!("the fields need {} bytes, but itemsize is {size}", self.end));
        }
        if !size.is_multiple_of(self.align) {
            return refuse(format!(
                "the itemsize {size} is not a multiple of {}, as aligned requires",
                self.align
            ));
        }
        Ok(ItemType::Record(Arc::new(Record { fields: self.fields, size, aligned: self.aligned })))
    }

    /// The single field, where it is all of the record.
    pub(super) fn only(&self) -> Option<ItemType> {
        match self.fields.as_slice() {
            [field] if field.offset == 0 && field.item.group_bytes() == self.end => Some(field.item.clone()),
            _ => None,
        }
    }
}

impl ItemType {
    /// The bytes of which a C compiler on x86-64 makes its place a multiple.
    pub fn alignment(&self) -> u64 {
        match self {
            Self::Scalar(dtype) => dtype.element.facts().align.into(),
            Self::Text(..) => 4,
            Self::Time(_) => 8,
            Self::Array(array) => array.item.alignment(),
            Self::Record(record) if record.aligned => {
                record.fields.iter().map(|field| field.item.alignment()).max().unwrap_or(1)
            }
            _ => 1,
        }
    }
}
