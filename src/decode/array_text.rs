//! An array from texts: one parser for the bar of the window and for the options of the command line.

use super::array::{Array, ArrayError, MemoryOrder};
use super::dtype::ItemType;
use super::scalar_type::ParseDTypeError;
use super::shape::{Shape, parse_strides};
use super::slice::{Slice, Sliced};

/// What is typed of an array.
#[derive(Clone, Copy, Debug)]
pub struct ArrayText<'a> {
    pub dtype: &'a str,
    /// Of the first element: a number, `end/2`, `-16`, a sum.
    pub offset: &'a str,
    /// One axis may be -1.
    pub shape: &'a str,
    /// `C`, `F`, or the strides in bytes, one an axis. Nothing: `C`.
    pub order: &'a str,
    /// Nothing: the whole array.
    pub slice: &'a str,
}

/// The array that texts describe.
#[derive(Clone, Debug)]
pub struct ReadArray {
    pub array: Array,
    /// What the slice leaves of it.
    pub sliced: Sliced,
    /// Bytes at the end that an open axis does not take.
    pub left_over: u64,
}

/// What is wrong with each text; as sentences, but for the offset's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArrayFaults {
    pub dtype: Option<String>,
    pub offset: Option<String>,
    pub shape: Option<String>,
    pub order: Option<String>,
    pub slice: Option<String>,
    /// Each text can be read, but there is no such array.
    pub whole: Option<String>,
}

/// Turns a typed offset into a number.
pub type Evaluate<'a> = &'a dyn Fn(&str) -> Result<u64, String>;

/// How the axes lie in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AxisLayout {
    Order(MemoryOrder),
    /// Bytes, one number an axis.
    Strides(Vec<i64>),
}

impl ArrayText<'_> {
    /// The array in a source of `len` bytes.
    ///
    /// # Errors
    /// [`ArrayFaults`]: all that is wrong, not only the first.
    pub fn read(&self, len: u64, evaluate: Evaluate<'_>) -> Result<ReadArray, Box<ArrayFaults>> {
        let mut faults = Box::<ArrayFaults>::default();
        let item = kept(parse_item(self.dtype), &mut faults.dtype);
        let offset = kept(evaluate(self.offset), &mut faults.offset);
        let shape = kept(self.shape.parse::<Shape>().map_err(|error| error.to_string()), &mut faults.shape);
        let layout = kept(parse_layout(self.order), &mut faults.order);
        let slice = kept(parse_slice(self.slice), &mut faults.slice);
        let (Some(item), Some(offset), Some(shape)) = (item, offset, shape) else { return Err(faults) };
        let (Some(layout), Some(slice)) = (layout, slice) else { return Err(faults) };
        let built = build(item, offset, &shape, layout, len).map_err(|error| error.to_string());
        let Some((array, left_over)) = kept(built, &mut faults.whole) else { return Err(faults) };
        match array.slice(&slice) {
            Ok(sliced) => Ok(ReadArray { array, sliced, left_over }),
            Err(error) => {
                faults.slice = Some(error.to_string());
                Err(faults)
            }
        }
    }
}

/// The value, or the fault put where it belongs.
fn kept<T>(read: Result<T, String>, fault: &mut Option<String>) -> Option<T> {
    read.map_err(|text| *fault = Some(text)).ok()
}

/// The type of an element, which has bytes.
///
/// # Errors
/// A sentence when the text is no type, or names strings without a length.
pub fn parse_item(text: &str) -> Result<ItemType, String> {
    let item: ItemType = text.parse().map_err(|error: ParseDTypeError| error.to_string())?;
    // A header may describe strings without bytes, as S0; who types S means another length.
    if !text.contains('0') {
        Array::check_size(&item).map_err(|error| error.to_string())?;
    }
    Ok(item)
}

/// `C`, `F` or strides.
///
/// # Errors
/// A sentence when the text is none of them.
pub fn parse_layout(text: &str) -> Result<AxisLayout, String> {
    match text.trim() {
        "C" | "c" | "" => Ok(AxisLayout::Order(MemoryOrder::C)),
        "F" | "f" => Ok(AxisLayout::Order(MemoryOrder::F)),
        strides => parse_strides(strides)
            .map(AxisLayout::Strides)
            .map_err(|_| String::from("Write C or F, or the strides in bytes, such as 800, 8.")),
    }
}

/// The slice; of nothing the whole array.
fn parse_slice(text: &str) -> Result<Slice, String> {
    if text.trim().is_empty() {
        return Ok(Slice::default());
    }
    text.parse::<Slice>().map_err(|error| error.to_string())
}

/// The array, and how many bytes an open axis leaves over.
fn build(
    item: ItemType,
    offset: u64,
    shape: &Shape,
    layout: AxisLayout,
    len: u64,
) -> Result<(Array, u64), ArrayError> {
    let available = len.saturating_sub(offset);
    let (array, left) = match layout {
        AxisLayout::Order(order) => {
            let sides = shape.resolve(&item, available)?;
            let left = shape.left_over(&item, &sides, available);
            (Array::new(item, offset, sides, order)?, left)
        }
        AxisLayout::Strides(strides) => {
            let sides = shape.resolve_strided(&item, available, &strides)?;
            (Array::with_strides(item, offset, sides, strides)?, 0)
        }
    };
    array.check_fits(len)?;
    Ok((array, left))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texts: [&str; 5]) -> Result<ReadArray, Box<ArrayFaults>> {
        let [dtype, offset, shape, order, slice] = texts;
        let evaluate = |text: &str| text.parse().map_err(|_| "no offset".to_owned());
        ArrayText { dtype, offset, shape, order, slice }.read(42, &evaluate)
    }

    #[test]
    fn an_array_and_its_slice() {
        let found = read(["<f4", "1", "-1, 2", "", "[1:, 0]"]).expect("an array");
        assert_eq!((found.array.shape, found.array.strides, found.left_over), (vec![5, 2], vec![8, 4], 1));
        assert_eq!((found.sliced.array.shape, found.sliced.array.offset), (vec![4], 9));
        let found = read(["<u2", "0", "3, 2", " f ", " "]).expect("an array");
        assert_eq!((found.array.strides, found.left_over), (vec![2, 6], 0));
        let found = read(["|u1", "2", "-1", "10", "..."]).expect("an array");
        assert_eq!((found.array.shape, found.array.strides, found.left_over), (vec![4], vec![10], 0));
    }

    #[test]
    fn every_text_has_its_own_fault() {
        let faults = read(["S", "x", "a", "X", "[0"]).expect_err("nothing is right");
        assert_eq!(faults.offset.as_deref(), Some("no offset"));
        assert!([faults.dtype, faults.shape, faults.order, faults.slice].iter().all(Option::is_some));
        assert_eq!(faults.whole, None);
        let faults = read(["<f4", "0", "99", "", ""]).expect_err("too long");
        assert!(faults.whole.is_some_and(|text| text.contains("42 bytes")));
        let faults = read(["<f4", "0", "3", "", "[3]"]).expect_err("beyond the end");
        assert_eq!((faults.slice.is_some(), faults.whole), (true, None));
    }
}
