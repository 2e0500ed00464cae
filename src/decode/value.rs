//! A value as a number, for arithmetic, and what kind of value it is, for its colour.
//!
//! Numbers are exact where they can be: integers to 128 bits; floats as f64, to which a long double is rounded.

/// A value that can be calculated with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    Int(i128),
    /// Only what `Int` can't hold.
    Wide(u128),
    Float(f64),
    Complex(f64, f64),
}

/// What a value is, for its colour in a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueClass {
    Zero,
    Ordinary,
    /// NaN, infinities, NaT.
    Special,
}
