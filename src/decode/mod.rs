//! Bytes to values and back: pure functions that do no I/O and start no thread.
//!
//! Whatever is shown can be typed again: the text of a value reads back to the very bits it came from.
//! What does not fit is refused with a reason; nothing is rounded, cut or wrapped behind the user's back,
//! save a decimal fraction that is rounded once to the nearest float.

pub(crate) mod cursor;
mod element;
mod numeric;
pub(crate) mod operator;
mod quoted;
mod scalar;
mod style_format;
mod type_names;

pub mod array;
pub mod array_blocks;
pub mod array_of_byte;
pub mod array_parts;
pub mod array_runs;
pub mod array_text;
pub mod array_walk;
pub mod dtype;
pub mod expression;
pub mod hex;
pub mod inspect;
pub mod literal;
pub mod paste_formats;
mod quant;
pub mod radix;
pub mod scalar_type;
pub mod shape;
pub mod slice;
pub mod style;
pub mod text;
mod value;

pub use element::Element;
pub use expression::{ExpressionError, OffsetContext, evaluate, evaluate_span};
pub use hex::HexError;
pub use radix::Radix;
pub use scalar::integer::ValueError;
pub use scalar_type::{DType, ParseDTypeError};
pub use style::NumberStyle;
pub use text::{ByteClass, Encoding, TextCell, UnencodableChar, byte_class};
pub use type_names::{Dialect, names, taken_for};
pub use value::{Number, ValueClass};

/// Which byte of a value comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    #[default]
    Little,
    Big,
}

impl Order {
    pub const ALL: [Self; 2] = [Self::Little, Self::Big];

    /// NumPy's mark: `<` or `>`.
    pub const fn mark(self) -> char {
        match self {
            Self::Little => '<',
            Self::Big => '>',
        }
    }

    /// The name in menus.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Little => "little-endian",
            Self::Big => "big-endian",
        }
    }

    /// The other one.
    pub const fn swapped(self) -> Self {
        match self {
            Self::Little => Self::Big,
            Self::Big => Self::Little,
        }
    }
}
