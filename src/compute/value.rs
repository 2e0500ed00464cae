//! The values that expressions calculate with.

use crate::decode::{DType, Element};

/// A value on the way, with what decides the type of the result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value {
    /// A number of the expression: Python's `int` and `float`, which take the type of what they meet.
    Int(i128),
    Float(f64),
    /// Whole numbers of an array.
    Whole(i128),
    /// Floats of the array's type, or of 64 bits where whole numbers met a fraction.
    Real(f64),
    Complex(f64, f64),
}

/// A calculated value, or a sentence that says why there is none.
pub(super) type Calculated<T> = Result<T, String>;

/// Whether it is an integer without a sign, of at most 64 bits.
pub(super) fn is_unsigned(dtype: DType) -> bool {
    matches!(dtype.element, Element::U8 | Element::U16 | Element::U24 | Element::U32 | Element::U64)
}
