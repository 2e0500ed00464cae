//! An expression as a list of steps over tiles, each a loop over all elements of a tile.
//!
//! There are three kinds of tiles: of whole numbers, of floats, and of truth values. Each step writes a register, and reads
//! registers, inputs and constants.

use crate::compute::expr::Comparison;
use crate::compute::rounding::Rounding;

/// Where the values of a step come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Operand<C> {
    Input(u8),
    Register(u8),
    Constant(C),
}

/// What an input holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InputKind {
    Whole,
    Real,
}

/// Makes the enum of the operations, and the list of them for the tests.
macro_rules! whole_ops {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// On two whole numbers; only on the first one where it says so.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum WholeOp {
            $($(#[$doc])* $name,)*
        }

        #[cfg(test)]
        impl WholeOp {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];
        }
    };
}

whole_ops! {
    Add,
    Subtract,
    Multiply,
    FloorDivide,
    Remainder,
    Or,
    Xor,
    And,
    Left,
    Right,
    Smaller,
    Larger,
    /// Of the first.
    Negate,
    /// Of the first: all bits the other way round.
    Invert,
    /// Of the first.
    Abs,
    /// Of the first.
    Sign,
    /// Of the first, to a constant power of at least 1.
    Power,
}

/// On two floats; only on the first one where it says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RealOp {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Remainder,
    Power,
    /// NumPy's `minimum`: the second one of equals.
    Smaller,
    /// NumPy's `maximum`: the second one of equals.
    Larger,
    /// The same, the first one of equals.
    Lowered,
    /// The same, the first one of equals.
    Raised,
    /// Of the first.
    Negate,
    /// Of the first.
    Abs,
    /// Of the first.
    Sqrt,
    /// Of the first.
    Floor,
    /// Of the first.
    Ceil,
    /// Of the first.
    Trunc,
    /// Of the first: to even.
    Round,
    /// Of the first.
    Sign,
    /// Of the first.
    Square,
}

/// On two truth values; only on the first one where it says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TruthOp {
    And,
    Or,
    Xor,
    /// Of the first.
    Not,
}

/// What is asked of a float.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RealTest {
    Nan,
    Infinite,
    Finite,
    /// Whether it is not 0.
    True,
}

/// What takes the place of floats that are no numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cleaned {
    pub nan: f64,
    pub high: f64,
    pub low: f64,
}

/// One loop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Step {
    Whole(WholeOp, u8, Operand<i128>, Operand<i128>),
    /// Remainders are rounded on the way as `Rounding` says; the result is rounded by a step of its own.
    Real(RealOp, Rounding, u8, Operand<f64>, Operand<f64>),
    Truth(TruthOp, u8, Operand<bool>, Operand<bool>),
    CompareWhole(Comparison, u8, Operand<i128>, Operand<i128>),
    CompareReal(Comparison, u8, Operand<f64>, Operand<f64>),
    Test(RealTest, u8, Operand<f64>),
    Clean(Cleaned, u8, Operand<f64>),
    /// By way of 64 bits.
    WholeToReal(u8, Operand<i128>),
    TruthToWhole(u8, Operand<bool>),
    TruthToReal(u8, Operand<bool>),
    /// In its place.
    Round(Rounding, u8),
}

/// What the steps come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Outcome {
    Whole(Operand<i128>),
    Real(Operand<f64>),
    Truth(Operand<bool>),
}

/// A list of steps, and how many registers of each kind it uses.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Program {
    pub steps: Vec<Step>,
    pub outcome: Outcome,
    pub wholes: u8,
    pub reals: u8,
    pub truths: u8,
}
