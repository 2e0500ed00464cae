//! What is typed into the bar over an array, and the array that it describes.
//!
//! Every field is taken as it is typed. What does not fit stays in its field with the reason under it, and the array
//! that was shown last stays on the screen.

use crate::decode::array::{Array, ArrayError, MemoryOrder, tuple};
use crate::decode::item::ItemType;
use crate::decode::shape::{Shape, left_over_words, parse_strides};
use crate::decode::slice::{Slice, Sliced};
use crate::decode::{ParseDTypeError, taken_for};

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
}

/// Turns a typed offset into a number.
pub type Evaluate<'a> = &'a dyn Fn(&str) -> Result<u64, String>;

impl Bar {
    pub fn new(dtype: String, offset: u64, shape: &[u64], order: String, slice: String) -> Self {
        let texts = [dtype, format!("{offset:#x}"), tuple(shape), order, slice];
        Self { texts, ..Self::default() }
    }

    pub fn text(&self, field: BarField) -> &str {
        &self.texts[field as usize]
    }

    pub fn error(&self, field: BarField) -> Option<&str> {
        self.errors[field as usize].as_deref()
    }

    /// What a doubtful type is taken for; how many bytes an open side leaves over.
    pub fn note(&self, field: BarField) -> Option<&str> {
        self.notes[field as usize].as_deref()
    }

    /// The first field with something wrong.
    pub fn first_error(&self) -> Option<(BarField, &str)> {
        BarField::ALL.into_iter().find_map(|field| Some((field, self.error(field)?)))
    }

    pub fn set(&mut self, field: BarField, text: String) {
        self.texts[field as usize] = text;
    }

    /// The array of a source of `len` bytes, and what the slice leaves of it; `None` with the reasons in the fields.
    pub fn read(&mut self, len: u64, evaluate: Evaluate<'_>) -> Option<(Array, Sliced)> {
        (self.errors, self.notes) = Default::default();
        let item = self.keep(BarField::Dtype, parse_type);
        self.notes[BarField::Dtype as usize] = taken_for(self.text(BarField::Dtype));
        let offset = self.keep(BarField::Offset, evaluate);
        let shape =
            self.keep(BarField::Shape, |text| text.parse::<Shape>().map_err(|error| error.to_string()));
        let order = self.keep(BarField::Order, parse_order);
        let slice = self.keep(BarField::Slice, |text| {
            if text.trim().is_empty() {
                return Ok(Slice::default());
            }
            text.parse::<Slice>().map_err(|error| error.to_string())
        });
        let (item, offset, shape, order, slice) = (item?, offset?, shape?, order?, slice?);
        let (array, left) = self.at(BarField::Shape, build(item, offset, &shape, order, len))?;
        self.notes[BarField::Shape as usize] = left_over_words(left);
        let sliced = array.slice(&slice).map_err(|error| error.to_string());
        let sliced = self.at(BarField::Slice, sliced)?;
        Some((array, sliced))
    }

    fn keep<T>(&mut self, field: BarField, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let answer = read(self.text(field));
        self.at(field, answer)
    }

    fn at<T>(&mut self, field: BarField, answer: Result<T, String>) -> Option<T> {
        match answer {
            Ok(value) => Some(value),
            Err(reason) => {
                self.errors[field as usize] = Some(reason);
                None
            }
        }
    }
}

/// How the sides lie in memory.
enum Laid {
    Order(MemoryOrder),
    Strides(Vec<i64>),
}

fn parse_type(text: &str) -> Result<ItemType, String> {
    let item: ItemType = text.parse().map_err(|error: ParseDTypeError| error.to_string())?;
    // A header may describe strings without bytes, as S0; who types S means another length.
    if !text.contains('0') {
        Array::check_size(&item).map_err(|error| error.to_string())?;
    }
    Ok(item)
}

fn parse_order(text: &str) -> Result<Laid, String> {
    match text.trim() {
        "C" | "c" | "" => Ok(Laid::Order(MemoryOrder::C)),
        "F" | "f" => Ok(Laid::Order(MemoryOrder::F)),
        strides => parse_strides(strides)
            .map(Laid::Strides)
            .map_err(|_| String::from("Write C, F, or the strides in bytes, such as 800, 8.")),
    }
}

/// The array, and how many bytes an open side leaves over.
fn build(item: ItemType, offset: u64, shape: &Shape, order: Laid, len: u64) -> Result<(Array, u64), String> {
    let words = |error: ArrayError| error.to_string();
    let available = len.saturating_sub(offset);
    let (array, left) = match order {
        Laid::Order(order) => {
            let sides = shape.resolve(&item, available).map_err(words)?;
            let left = shape.left_over(&item, &sides, available);
            (Array::new(item, offset, sides, order), left)
        }
        Laid::Strides(strides) => {
            let sides = shape.resolve_strided(&item, available, &strides).map_err(words)?;
            (Array::with_strides(item, offset, sides, strides), 0)
        }
    };
    let array = array.map_err(words)?;
    array.check_fits(len).map_err(words)?;
    Ok((array, left))
}
