//! What the names of an expression are: the element `x`, and elements of other arrays beside it.

use super::other_array::OtherArray;
use crate::decode::dtype::{Field, ItemType, Record};
use std::sync::Arc;

/// The types of what an expression can name, each at its offset in a record of all of them. `x` is the first.
#[derive(Clone, Debug)]
pub(super) struct Scene {
    pub x: ItemType,
    /// By name.
    pub others: Vec<(String, u64, ItemType)>,
}

impl Scene {
    /// Only `x`.
    pub fn of(x: &ItemType) -> Self {
        Self { x: x.clone(), others: Vec::new() }
    }

    /// `x` and those beside it.
    pub fn beside(x: &ItemType, others: &[OtherArray]) -> Self {
        let mut end = x.group_bytes();
        let at = |other: &OtherArray| {
            let (offset, item) = (end, other.item());
            end = end.saturating_add(item.group_bytes());
            (other.name.clone(), offset, item)
        };
        Self { x: x.clone(), others: others.iter().map(at).collect() }
    }

    /// The type of an element with those beside it.
    pub fn whole(&self) -> ItemType {
        if self.others.is_empty() {
            return self.x.clone();
        }
        let x = Field { name: "x".to_owned(), offset: 0, item: self.x.clone() };
        let field = |(name, offset, item): &(String, u64, ItemType)| Field {
            name: name.clone(),
            offset: *offset,
            item: item.clone(),
        };
        let fields: Vec<Field> = std::iter::once(x).chain(self.others.iter().map(field)).collect();
        let size = fields.last().map_or(0, |last| last.offset.saturating_add(last.item.group_bytes()));
        ItemType::Record(Arc::new(Record { fields, size, aligned: false }))
    }

    /// Where the element of another array is, and what it is.
    pub fn other(&self, name: &str) -> Option<(u64, &ItemType)> {
        self.others.iter().find(|(known, ..)| known == name).map(|(_, offset, item)| (*offset, item))
    }
}
