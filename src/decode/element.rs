//! The table of element types: sizes, names, labels, and how the bits of each are read.
//!
//! The order of [`Element`], of the tables and of the menus is the same. What is done with the bits is in
//! `dtype.rs`.

use super::extended;
use super::float::{BF16, F16, F32, F64, Layout};
use super::small_float::{
    E2M1, E2M3, E3M2, E3M4, E4M3, E4M3B11, E4M3FN, E4M3FNUZ, E5M2, E5M2FNUZ, E8M0, SmallFloat,
};
use super::stamp::{FILETIME, Stamp, unix};

macro_rules! elements {
    ($($(#[$doc:meta])* $element:ident: $name:literal, $label:literal, $code:literal, $size:literal, $align:literal,
        $kind:expr, $width:expr;)*) => {
        /// What the values of a typed view are.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Element {
            $($(#[$doc])* $element,)*
        }

        impl Element {
            pub const ALL: &[Self] = &[$(Self::$element,)*];
        }

        const FACTS: &[Facts] = &[$(Facts {
            name: $name, label: $label, code: $code, size: $size, align: $align, kind: $kind, width: $width,
        },)*];
    };
}

/// How a value of the element is read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Unsigned,
    Signed,
    /// In the low bits of a byte: how many, and whether the highest of them is a sign.
    Tiny(u8, bool),
    Float(Layout),
    Small(SmallFloat),
    Extended,
    /// Two floats, real and imaginary part.
    Complex(Element),
    Bool,
    Char,
    Time(Stamp),
    Guid,
    Color,
    Pointer,
}

pub(super) struct Facts {
    pub name: &'static str,
    pub label: &'static str,
    /// NumPy's string without the order; the name where NumPy has none.
    pub code: &'static str,
    pub size: usize,
    /// Where a C compiler puts it: at multiples of this.
    pub align: u8,
    pub kind: Kind,
    /// Characters of the widest value.
    pub width: usize,
}

elements! {
    U8: "uint8", "unsigned 8", "u1", 1, 1, Kind::Unsigned, 3;
    U16: "uint16", "unsigned 16", "u2", 2, 2, Kind::Unsigned, 5;
    /// Three bytes, as samples of sound and sensors have it.
    U24: "uint24", "unsigned 24", "uint24", 3, 1, Kind::Unsigned, 8;
    U32: "uint32", "unsigned 32", "u4", 4, 4, Kind::Unsigned, 10;
    U64: "uint64", "unsigned 64", "u8", 8, 8, Kind::Unsigned, 20;
    I8: "int8", "signed 8", "i1", 1, 1, Kind::Signed, 4;
    I16: "int16", "signed 16", "i2", 2, 2, Kind::Signed, 6;
    I24: "int24", "signed 24", "int24", 3, 1, Kind::Signed, 8;
    I32: "int32", "signed 32", "i4", 4, 4, Kind::Signed, 11;
    I64: "int64", "signed 64", "i8", 8, 8, Kind::Signed, 20;
    F16: "float16", "float 16", "f2", 2, 2, Kind::Float(F16), F16.width;
    Bf16: "bfloat16", "bfloat 16", "bf16", 2, 2, Kind::Float(BF16), BF16.width;
    F32: "float32", "float 32", "f4", 4, 4, Kind::Float(F32), F32.width;
    F64: "float64", "float 64", "f8", 8, 8, Kind::Float(F64), F64.width;
    /// One byte: 0 is False, 1 is True, any other number is shown as it is.
    Bool: "bool", "bool", "b1", 1, 1, Kind::Bool, 5;
    /// One byte as a Latin-1 character, the way C writes it.
    Char: "char", "char", "char", 1, 1, Kind::Char, 6;
    U128: "uint128", "unsigned 128", "u16", 16, 16, Kind::Unsigned, 39;
    I128: "int128", "signed 128", "i16", 16, 16, Kind::Signed, 40;
    /// The 80 bits of the x87 in 16 bytes.
    LongDouble: "longdouble", "long double", "f16", 16, 16, Kind::Extended, extended::WIDTH;
    Complex64: "complex64", "complex 64", "c8", 8, 4, Kind::Complex(Element::F32), 2 * F32.width + 3;
    Complex128: "complex128", "complex 128", "c16", 16, 8, Kind::Complex(Element::F64), 2 * F64.width + 3;
    /// Two long doubles.
    Complex256: "clongdouble", "complex 256", "c32", 32, 16, Kind::Complex(Element::LongDouble), 2 * extended::WIDTH + 3;
    F8E4M3FN: "float8_e4m3fn", "float 8 e4m3fn", "float8_e4m3fn", 1, 1, Kind::Small(E4M3FN), E4M3FN.width;
    F8E5M2: "float8_e5m2", "float 8 e5m2", "float8_e5m2", 1, 1, Kind::Small(E5M2), E5M2.width;
    F8E8M0FNU: "float8_e8m0fnu", "float 8 e8m0fnu", "float8_e8m0fnu", 1, 1, Kind::Small(E8M0), E8M0.width;
    F8E3M4: "float8_e3m4", "float 8 e3m4", "float8_e3m4", 1, 1, Kind::Small(E3M4), E3M4.width;
    F8E4M3: "float8_e4m3", "float 8 e4m3", "float8_e4m3", 1, 1, Kind::Small(E4M3), E4M3.width;
    F8E4M3B11FNUZ: "float8_e4m3b11fnuz", "float 8 e4m3b11fnuz", "float8_e4m3b11fnuz", 1, 1, Kind::Small(E4M3B11),
        E4M3B11.width;
    F8E4M3FNUZ: "float8_e4m3fnuz", "float 8 e4m3fnuz", "float8_e4m3fnuz", 1, 1, Kind::Small(E4M3FNUZ), E4M3FNUZ.width;
    F8E5M2FNUZ: "float8_e5m2fnuz", "float 8 e5m2fnuz", "float8_e5m2fnuz", 1, 1, Kind::Small(E5M2FNUZ), E5M2FNUZ.width;
    F6E2M3FN: "float6_e2m3fn", "float 6 e2m3fn", "float6_e2m3fn", 1, 1, Kind::Small(E2M3), E2M3.width;
    F6E3M2FN: "float6_e3m2fn", "float 6 e3m2fn", "float6_e3m2fn", 1, 1, Kind::Small(E3M2), E3M2.width;
    F4E2M1FN: "float4_e2m1fn", "float 4 e2m1fn", "float4_e2m1fn", 1, 1, Kind::Small(E2M1), E2M1.width;
    /// A value of 4 bits in a byte of its own, as in ml_dtypes.
    I4: "int4", "signed 4", "int4", 1, 1, Kind::Tiny(4, true), 10;
    U4: "uint4", "unsigned 4", "uint4", 1, 1, Kind::Tiny(4, false), 10;
    I2: "int2", "signed 2", "int2", 1, 1, Kind::Tiny(2, true), 10;
    U2: "uint2", "unsigned 2", "uint2", 1, 1, Kind::Tiny(2, false), 10;
    Unix32: "unix32", "Unix time 32", "unix32", 4, 4, Kind::Time(unix(1)), 20;
    Unix64: "unix64", "Unix time 64", "unix64", 8, 8, Kind::Time(unix(1)), 20;
    UnixMs: "unix64_ms", "Unix ms", "unix64_ms", 8, 8, Kind::Time(unix(1_000)), 24;
    UnixUs: "unix64_us", "Unix µs", "unix64_us", 8, 8, Kind::Time(unix(1_000_000)), 27;
    UnixNs: "unix64_ns", "Unix ns", "unix64_ns", 8, 8, Kind::Time(unix(1_000_000_000)), 30;
    /// Windows: tenths of microseconds since 1601.
    FileTime: "filetime", "Windows time", "filetime", 8, 8, Kind::Time(FILETIME), 28;
    DosTime: "dostime", "DOS time", "dostime", 4, 4, Kind::Time(Stamp::Dos), 19;
    /// Windows writes the first three fields little-endian; the big-endian one is RFC 9562's.
    Guid: "guid", "GUID", "guid", 16, 4, Kind::Guid, 36;
    /// Red, green, blue, alpha, a byte each; big-endian has alpha first.
    Rgba: "rgba", "RGBA", "rgba", 4, 1, Kind::Color, 9;
    /// A 64-bit address.
    Pointer: "pointer", "pointer 64", "pointer", 8, 8, Kind::Pointer, 18;
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

    /// NumPy's name: `uint8`, `float32`, `bfloat16`.
    pub const fn name(self) -> &'static str {
        self.facts().name
    }

    /// The name in a menu: `float 32`.
    pub const fn label(self) -> &'static str {
        self.facts().label
    }

    pub(super) const fn code(self) -> &'static str {
        self.facts().code
    }

    /// Whether the code has to be written without a mark, since it is a name and a byte has no order.
    pub(super) const fn is_bare(self) -> bool {
        self.facts().size == 1 && self.facts().code.len() > 2
    }

    pub const fn is_float(self) -> bool {
        matches!(self.facts().kind, Kind::Float(_) | Kind::Small(_) | Kind::Extended)
    }

    pub const fn is_integer(self) -> bool {
        matches!(self.facts().kind, Kind::Signed | Kind::Unsigned | Kind::Tiny(..))
    }

    pub const fn is_complex(self) -> bool {
        matches!(self.facts().kind, Kind::Complex(_))
    }

    /// Whether NumPy itself has the type.
    pub const fn is_numpy(self) -> bool {
        (self as usize) < Self::U128 as usize && !matches!(self, Self::U24 | Self::I24 | Self::Bf16)
            || matches!(self, Self::LongDouble | Self::Complex64 | Self::Complex128 | Self::Complex256)
    }

    /// Whether the package ml_dtypes has it, under the same name.
    pub const fn is_ml(self) -> bool {
        matches!(self, Self::Bf16) || matches!(self.facts().kind, Kind::Small(_) | Kind::Tiny(..))
    }

    pub const fn is_time(self) -> bool {
        matches!(self.facts().kind, Kind::Time(_))
    }

    /// Whether the text of a value is neither a number nor already in quotes.
    pub(super) const fn is_word(self) -> bool {
        matches!(self.facts().kind, Kind::Time(_) | Kind::Guid | Kind::Color)
    }
}
