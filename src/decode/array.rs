//! An array over bytes: where item `[i, j, k]` lies.
//!
//! Shape, strides and offset as NumPy has them, over data of any length: all arithmetic is checked, nothing is
//! read. A stride is in bytes; of packed and quantised items, which share bytes, it is in items.

use super::item::ItemType;
use crate::bytes::Span;

/// Which axis has its items side by side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MemoryOrder {
    /// The last one: C, NumPy's default.
    #[default]
    C,
    /// The first one: Fortran.
    F,
}

/// An N-D array over the bytes of a source. No sides: one item.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    pub item: ItemType,
    /// Byte of item `[0, 0, ..]`.
    pub offset: u64,
    /// Of packed and quantised items: how many items after `offset` item `[0, 0, ..]` is.
    pub first: u64,
    pub shape: Vec<u64>,
    /// One a side: bytes, or items of packed and quantised types. May be negative or 0.
    pub strides: Vec<i64>,
}

/// Where an item lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemPlace {
    /// The bytes of its group.
    pub span: Span,
    /// Which item of the group.
    pub item: u32,
}
