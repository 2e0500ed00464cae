//! What is typed into the bar over an array, and the array that it describes.
//!
//! Every field is taken as it is typed. What does not fit stays in its field with the reason under it, and the array
//! that was shown last stays on the screen.

use crate::decode::array::{Array, tuple};
use crate::decode::array_text::{ArrayFaults, ArrayText, Evaluate};
use crate::decode::shape::left_over_words;
use crate::decode::slice::Sliced;
use crate::decode::taken_for;

/// A field of the bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BarField {
    Dtype,
    Offset,
    Shape,
    /// `C`, `F`, or strides in bytes.
    Order,
    Slice,
}

impl BarField {
    pub const ALL: [Self; 5] = [Self::Dtype, Self::Offset, Self::Shape, Self::Order, Self::Slice];

    /// The name of the field, as the bar shows it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Dtype => "dtype",
            Self::Offset => "offset",
            Self::Shape => "shape",
            Self::Order => "order",
            Self::Slice => "slice",
        }
    }
}

/// The texts of the fields, what is wrong with each, and what is to be said of one that is right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bar {
    texts: [String; 5],
    errors: [Option<String>; 5],
    notes: [Option<String>; 5],
    left_over: u64,
}

impl Bar {
    /// The bar of an array: its dtype, offset in bytes, shape, byte order and slice.
    pub fn new(dtype: String, offset: u64, shape: &[u64], order: String, slice: String) -> Self {
        let texts = [dtype, format!("{offset:#x}"), tuple(shape), order, slice];
        Self { texts, ..Self::default() }
    }

    /// What stands in a field.
    pub fn text(&self, field: BarField) -> &str {
        &self.texts[field as usize]
    }

    /// Why the text of a field can't be used; `None` when it can.
    pub fn error(&self, field: BarField) -> Option<&str> {
        self.errors[field as usize].as_deref()
    }

    /// What a doubtful type is taken for; how many bytes an open side leaves over.
    pub fn note(&self, field: BarField) -> Option<&str> {
        self.notes[field as usize].as_deref()
    }

    /// How many bytes an open axis leaves over.
    pub fn left_over(&self) -> u64 {
        self.left_over
    }

    /// The first field with something wrong.
    pub fn first_error(&self) -> Option<(BarField, &str)> {
        BarField::ALL.into_iter().find_map(|field| Some((field, self.error(field)?)))
    }

    /// Puts `text` into a field. [`Self::read`] checks it.
    pub fn set(&mut self, field: BarField, text: String) {
        self.texts[field as usize] = text;
    }

    /// The array of a source of `len` bytes, and what the slice leaves of it; `None` with the reasons in the fields.
    pub fn read(&mut self, len: u64, evaluate: Evaluate<'_>) -> Option<(Array, Sliced)> {
        (self.errors, self.notes, self.left_over) = Default::default();
        let [dtype, offset, shape, order, slice] = BarField::ALL.map(|field| self.text(field));
        let read = ArrayText { dtype, offset, shape, order, slice }.read(len, evaluate);
        self.notes[BarField::Dtype as usize] = taken_for(self.text(BarField::Dtype));
        match read {
            Ok(read) => {
                self.notes[BarField::Shape as usize] = left_over_words(read.left_over);
                self.left_over = read.left_over;
                Some((read.array, read.sliced))
            }
            Err(faults) => {
                let ArrayFaults { dtype, offset, shape, order, slice, whole } = *faults;
                self.errors = [dtype, offset, shape.or(whole), order, slice];
                None
            }
        }
    }
}
