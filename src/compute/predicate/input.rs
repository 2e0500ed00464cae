//! What an expression reads of each element.

use crate::compute::value::Value;
use crate::decode::Number;
use crate::decode::dtype::ItemType;

/// What a question reads of each element.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::compute) enum Input {
    /// The number that is at this offset, of this type.
    Number(u64, ItemType),
    /// Whether these bytes are at this offset: 1 if they are.
    Bytes(u64, Vec<u8>),
}

impl Input {
    /// What is calculated with where an element has these bytes.
    pub fn value(&self, element: &[u8]) -> Value {
        match self {
            Self::Bytes(offset, wanted) => Value::Whole(has(element, *offset, wanted).into()),
            Self::Number(offset, item) => {
                let bytes = usize::try_from(*offset).ok().and_then(|offset| element.get(offset..));
                value_of(bytes.and_then(|bytes| item.number(bytes, 0)), item)
            }
        }
    }

    /// A value of its kind: `number` of whole ones, `real` of others.
    pub fn example(&self, number: i128, real: f64) -> Value {
        match self {
            Self::Bytes(..) => Value::Whole(number),
            Self::Number(_, item) => match number_form(item) {
                Some(NumberForm::Real) if item_is_complex(item) => Value::Complex(real, real),
                Some(NumberForm::Real) => Value::Real(real),
                _ => Value::Whole(number),
            },
        }
    }
}

/// Whether these bytes are at this offset of an element.
pub(super) fn has(element: &[u8], offset: u64, wanted: &[u8]) -> bool {
    let offset = usize::try_from(offset).unwrap_or(usize::MAX);
    element.get(offset..offset.saturating_add(wanted.len())) == Some(wanted)
}

fn item_is_complex(item: &ItemType) -> bool {
    matches!(item, ItemType::Scalar(dtype) if dtype.element.is_complex())
}

/// What is calculated with; a time that is none is the lowest of the ticks, another value that is none is NaN.
pub(super) fn value_of(number: Option<Number>, item: &ItemType) -> Value {
    match number {
        Some(Number::Int(value)) => Value::Whole(value),
        Some(Number::Wide(value)) => Value::Real(value as f64),
        Some(Number::Float(value)) => Value::Real(value),
        Some(Number::Complex(real, imaginary)) => Value::Complex(real, imaginary),
        None if matches!(item, ItemType::Time(_)) => Value::Whole(i64::MIN.into()),
        None => Value::Real(f64::NAN),
    }
}

/// What the values of a type are calculated with as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::compute) enum NumberForm {
    Whole,
    /// Floats, complex ones too.
    Real,
}

/// `None` of what is no number.
pub(in crate::compute) fn number_form(item: &ItemType) -> Option<NumberForm> {
    if matches!(item, ItemType::Record(_) | ItemType::Array(_)) {
        return None;
    }
    let zero = vec![0; usize::try_from(item.group_bytes()).ok()?.min(1 << 16)];
    Some(match item.number(&zero, 0)? {
        Number::Int(_) | Number::Wide(_) => NumberForm::Whole,
        Number::Float(_) | Number::Complex(..) => NumberForm::Real,
    })
}
