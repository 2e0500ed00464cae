//! A typed value that replaces an element.

use super::codec::as_truth;
use super::value::Calculated;
use crate::decode::Number;
use crate::decode::dtype::ItemType;
use crate::decode::literal::{self, Literal};

/// The bytes of a number in another form than its type writes it: of a float that is whole, and of any number that is a
/// truth value.
fn otherwise(kind: &ItemType, text: &str, group: &[u8], item: u32) -> Option<Vec<u8>> {
    let ItemType::Scalar(dtype) = kind else { return None };
    let number = match literal::parse(text).ok()? {
        Literal::Float(value, _) if value.is_finite() => Number::Float(value),
        Literal::Int(value) => Number::Int(value),
        _ => return None,
    };
    let is_whole = dtype.element.is_integer() || kind.is_truth();
    kind.of_number(number, group, item).ok().filter(|_| is_whole)
}

/// Puts the value of a text in place of an item. Whole numbers may be written as floats, as in `1e3`.
pub(super) fn typed(kind: &ItemType, text: &str, group: &mut [u8], item: u32) -> Calculated<()> {
    let encoded = kind.encode(text, group, item);
    let mut new =
        encoded.or_else(|error| otherwise(kind, text, group, item).ok_or_else(|| error.to_string()))?;
    as_truth(kind, &mut new);
    if group.len() != new.len() {
        return Err("the value does not have the size of the element".to_owned());
    }
    group.copy_from_slice(&new);
    Ok(())
}
