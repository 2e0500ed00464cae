//! The table of element types: their sizes, and how the bits of each are read.
//!
//! The order of [`Element`], of the tables and of the menus is the same. Names are in `type_names.rs`; `scalar_type.rs`
//! reads and writes values.

use super::scalar::extended;
use super::scalar::float::{BF16, F16, F32, F64, FloatLayout};
use super::scalar::small_float::{
    E2M1, E2M3, E3M2, E3M4, E4M3, E4M3B11, E4M3FN, E4M3FNUZ, E5M2, E5M2FNUZ, E8M0, SmallFloat,
};
use super::scalar::timestamp::{FILETIME, Timestamp, unix};

macro_rules! elements {
    ($($(#[$doc:meta])* $element:ident: $size:literal, $align:literal, $kind:expr, $width:expr;)*) => {
        /// What the values of a typed view are.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Element {
            $($(#[$doc])* $element,)*
        }

        impl Element {
            pub const ALL: &[Self] = &[$(Self::$element,)*];
        }

        const FACTS: &[Facts] = &[$(Facts { size: $size, align: $align, kind: $kind, width: $width },)*];
    };
}

/// How a value of the element is read.
#[derive(Clone, Copy, Debug)]
pub(super) enum ElementKind {
    Unsigned,
    Signed,
    /// In the low bits of a byte: how many, and whether the highest of them is a sign.
    Tiny(u8, bool),
    Float(FloatLayout),
    Small(SmallFloat),
    Extended,
    /// Two floats, real and imaginary part.
    Complex(Element),
    Bool,
    Char,
    Time(Timestamp),
    Guid,
    Color,
    Pointer,
}

pub(super) struct Facts {
    pub size: usize,
    /// Where a C compiler puts it: at multiples of this.
    pub align: u8,
    pub kind: ElementKind,
    /// Characters of the widest value.
    pub width: usize,
}

elements! {
    U8: 1, 1, ElementKind::Unsigned, 3;
    U16: 2, 2, ElementKind::Unsigned, 5;
    /// Three bytes, as samples of sound and sensors have it.
    U24: 3, 1, ElementKind::Unsigned, 8;
    U32: 4, 4, ElementKind::Unsigned, 10;
    U64: 8, 8, ElementKind::Unsigned, 20;
    I8: 1, 1, ElementKind::Signed, 4;
    I16: 2, 2, ElementKind::Signed, 6;
    I24: 3, 1, ElementKind::Signed, 8;
    I32: 4, 4, ElementKind::Signed, 11;
    I64: 8, 8, ElementKind::Signed, 20;
    F16: 2, 2, ElementKind::Float(F16), F16.width;
    Bf16: 2, 2, ElementKind::Float(BF16), BF16.width;
    F32: 4, 4, ElementKind::Float(F32), F32.width;
    F64: 8, 8, ElementKind::Float(F64), F64.width;
    /// One byte: 0 is False, 1 is True, any other number is shown as it is.
    Bool: 1, 1, ElementKind::Bool, 5;
    /// One byte as a Latin-1 character, the way C writes it.
    Char: 1, 1, ElementKind::Char, 6;
    U128: 16, 16, ElementKind::Unsigned, 39;
    I128: 16, 16, ElementKind::Signed, 40;
    /// The 80 bits of the x87 in 16 bytes.
    LongDouble: 16, 16, ElementKind::Extended, extended::WIDTH;
    Complex64: 8, 4, ElementKind::Complex(Element::F32), 2 * F32.width + 3;
    Complex128: 16, 8, ElementKind::Complex(Element::F64), 2 * F64.width + 3;
    /// Two long doubles.
    Complex256: 32, 16, ElementKind::Complex(Element::LongDouble), 2 * extended::WIDTH + 3;
    F8E4M3FN: 1, 1, ElementKind::Small(E4M3FN), E4M3FN.width;
    F8E5M2: 1, 1, ElementKind::Small(E5M2), E5M2.width;
    F8E8M0FNU: 1, 1, ElementKind::Small(E8M0), E8M0.width;
    F8E3M4: 1, 1, ElementKind::Small(E3M4), E3M4.width;
    F8E4M3: 1, 1, ElementKind::Small(E4M3), E4M3.width;
    F8E4M3B11FNUZ: 1, 1, ElementKind::Small(E4M3B11), E4M3B11.width;
    F8E4M3FNUZ: 1, 1, ElementKind::Small(E4M3FNUZ), E4M3FNUZ.width;
    F8E5M2FNUZ: 1, 1, ElementKind::Small(E5M2FNUZ), E5M2FNUZ.width;
    F6E2M3FN: 1, 1, ElementKind::Small(E2M3), E2M3.width;
    F6E3M2FN: 1, 1, ElementKind::Small(E3M2), E3M2.width;
    F4E2M1FN: 1, 1, ElementKind::Small(E2M1), E2M1.width;
    /// A value of 4 bits in a byte of its own, as in ml_dtypes.
    I4: 1, 1, ElementKind::Tiny(4, true), 10;
    U4: 1, 1, ElementKind::Tiny(4, false), 10;
    I2: 1, 1, ElementKind::Tiny(2, true), 10;
    U2: 1, 1, ElementKind::Tiny(2, false), 10;
    Unix32: 4, 4, ElementKind::Time(unix(1)), 20;
    Unix64: 8, 8, ElementKind::Time(unix(1)), 20;
    UnixMs: 8, 8, ElementKind::Time(unix(1_000)), 24;
    UnixUs: 8, 8, ElementKind::Time(unix(1_000_000)), 27;
    UnixNs: 8, 8, ElementKind::Time(unix(1_000_000_000)), 30;
    /// Windows: tenths of microseconds since 1601.
    FileTime: 8, 8, ElementKind::Time(FILETIME), 28;
    DosTime: 4, 4, ElementKind::Time(Timestamp::Dos), 19;
    /// Windows writes the first three fields little-endian; the big-endian one is RFC 9562's.
    Guid: 16, 4, ElementKind::Guid, 36;
    /// Red, green, blue, alpha, a byte each; big-endian has alpha first.
    Rgba: 4, 1, ElementKind::Color, 9;
    /// A 64-bit address.
    Pointer: 8, 8, ElementKind::Pointer, 18;
}

impl Element {
    /// Those that most files need: the menu of types.
    pub const USUAL: &[Self] = Self::ALL.split_at(16).0;

    pub(super) const fn facts(self) -> &'static Facts {
        &FACTS[self as usize]
    }

    /// Bytes of one value: 1, 2, 3, 4, 8, 16 or 32.
    pub const fn size(self) -> usize {
        self.facts().size
    }

    /// Whether NumPy's string has no mark, since it is a name and a byte has no order.
    pub(super) const fn is_bare(self) -> bool {
        self.size() == 1 && self.code().len() > 2
    }

    /// Whether a value is one float.
    pub const fn is_float(self) -> bool {
        matches!(self.facts().kind, ElementKind::Float(_) | ElementKind::Small(_) | ElementKind::Extended)
    }

    /// Whether a value is one integer, also one of 2 or 4 bits.
    pub const fn is_integer(self) -> bool {
        matches!(self.facts().kind, ElementKind::Signed | ElementKind::Unsigned | ElementKind::Tiny(..))
    }

    /// Whether a value is two floats.
    pub const fn is_complex(self) -> bool {
        matches!(self.facts().kind, ElementKind::Complex(_))
    }

    /// Whether NumPy itself has the type.
    pub const fn is_numpy(self) -> bool {
        (self as usize) < Self::U128 as usize && !matches!(self, Self::U24 | Self::I24 | Self::Bf16)
            || matches!(self, Self::LongDouble | Self::Complex64 | Self::Complex128 | Self::Complex256)
    }

    /// Whether the package ml_dtypes has it, under the same name.
    pub const fn is_ml(self) -> bool {
        matches!(self, Self::Bf16)
            || matches!(self.facts().kind, ElementKind::Small(_) | ElementKind::Tiny(..))
    }

    /// Whether a value is a count that is shown as a time.
    pub const fn is_time(self) -> bool {
        matches!(self.facts().kind, ElementKind::Time(_))
    }

    /// Whether the text of a value is neither a number nor already in quotes.
    pub(super) const fn is_word(self) -> bool {
        matches!(self.facts().kind, ElementKind::Time(_) | ElementKind::Guid | ElementKind::Color)
    }
}
