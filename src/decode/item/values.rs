//! One item's value as text and back, and as a number.

use super::ItemType;
use crate::decode::{Number, NumberStyle, ValueClass, ValueError};

/// A field that is no record, of an item.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// `pos.x`, `m[0, 1]`; empty where the item itself is no record.
    pub name: String,
    /// Bytes from the start of the item.
    pub offset: u64,
    pub item: ItemType,
}

impl ItemType {
    /// Appends the text of the value in `group`; of a record a Python tuple, of a sub-array a list.
    pub fn format(&self, group: &[u8], item: u32, style: &NumberStyle, out: &mut String) {
        let _ = (item, style);
        if let Self::Scalar(dtype) = self {
            dtype.format(group, out);
        }
    }

    /// The group's new bytes when its item `item` becomes the value of `text`.
    ///
    /// # Errors
    /// [`ValueError`] when the text is no value or the type can't hold it.
    pub fn encode(&self, text: &str, old: &[u8], item: u32) -> Result<Vec<u8>, ValueError> {
        let _ = (old, item);
        match self {
            Self::Scalar(dtype) => dtype.encode(text),
            _ => Err(ValueError::new("such a value can't be typed")),
        }
    }

    /// Characters of the widest value.
    pub fn width(&self, style: &NumberStyle) -> usize {
        let _ = style;
        match self {
            Self::Scalar(dtype) => dtype.max_width(),
            _ => 16,
        }
    }

    /// Whether the value is zero, or no number.
    pub fn class(&self, group: &[u8], item: u32) -> ValueClass {
        let _ = item;
        if group.iter().all(|byte| *byte == 0) { ValueClass::Zero } else { ValueClass::Ordinary }
    }

    /// The parts that hold one value each, at most `most`; one without a name for what is no record.
    pub fn leaves(&self, most: usize) -> Vec<Leaf> {
        let _ = most;
        vec![Leaf { name: String::new(), offset: 0, item: self.clone() }]
    }

    /// The value to calculate with; `None` for what is no number.
    pub fn number(&self, group: &[u8], item: u32) -> Option<Number> {
        let mut text = String::new();
        self.format(group, item, &NumberStyle::Shortest, &mut text);
        text.parse().map(Number::Float).ok()
    }

    /// The group's new bytes when its item `item` becomes `number`; a fraction is rounded once.
    ///
    /// # Errors
    /// [`ValueError`] when the type can't hold it.
    pub fn of_number(&self, number: Number, old: &[u8], item: u32) -> Result<Vec<u8>, ValueError> {
        match number {
            Number::Int(value) => self.encode(&value.to_string(), old, item),
            Number::Wide(value) => self.encode(&value.to_string(), old, item),
            Number::Float(value) => self.encode(&value.to_string(), old, item),
            Number::Complex(..) => Err(ValueError::new("no complex numbers yet")),
        }
    }
}
