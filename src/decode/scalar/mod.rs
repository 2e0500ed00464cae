//! One number, character or time as bits and as text.

pub(in crate::decode) mod big;
pub(in crate::decode) mod calendar;
pub(in crate::decode) mod character;
pub(in crate::decode) mod complex;
pub(in crate::decode) mod extended;
pub(in crate::decode) mod float;
pub(in crate::decode) mod float_text;
pub(in crate::decode) mod guid;
pub(in crate::decode) mod integer;
pub(in crate::decode) mod powers;
pub(in crate::decode) mod small_float;
pub(in crate::decode) mod timestamp;
