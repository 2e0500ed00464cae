//! All names of types: one table for the window, the command line, headers, struct formats and source code.
//!
//! A name that NumPy has means the same as in NumPy on a 64-bit little-endian Unix, where sizes are in bytes. Then come
//! names that NumPy lacks, whose sizes are in bits: Rust's names, and those of safetensors and GGUF in capitals.
//! [`taken_for`] explains names that other programs use for another type. A [`Dialect`] takes only its own names.

mod doubtful;
mod lookup;

pub use doubtful::taken_for;
pub use lookup::names;
pub(super) use lookup::{find, find_in, find_struct};

use super::dtype::{Packed, Quant};
use super::element::Element;

/// What a name stands for, without a byte order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Means {
    Element(Element),
    Packed(Packed),
    Quant(Quant),
    /// A string of bytes, and its length where none follows the name.
    Bytes(u32),
    /// A string of code points, and its length where none follows.
    Text(u32),
    Void,
    /// Only with a length.
    Pascal,
    Datetime,
    Timedelta,
    /// Addresses of Python's objects, which no file can hold.
    Object,
}

/// A file format or a language with names of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    Safetensors,
    Gguf,
    /// Codes of Python's struct with a byte order, whose sizes are the same everywhere.
    Struct,
    /// Codes of Python's struct without a byte order, where they differ from the others.
    NativeStruct,
    C,
    Rust,
}

/// A column of the table: in which texts its names count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Column {
    /// As it is written, with a byte order or without.
    Exact,
    /// Before digits, which are a length.
    Counted,
    /// Before brackets, which are a unit of time.
    United,
    /// The names in full; case does not matter.
    Name,
    /// Other names whose case does not matter.
    AnyCase,
    /// The same, but never behind a byte order: sizes are bits.
    Bits,
    /// NumPy's strings.
    Code,
    In(Dialect),
}

/// All names of one type, separated by blanks.
struct Names {
    means: Means,
    /// The name in full: `float32`. Empty for types that are known by codes only.
    name: &'static str,
    /// NumPy's string without the byte order; empty where NumPy has none.
    code: &'static str,
    /// The name in a menu: `float 32`.
    words: &'static str,
    exact: &'static str,
    counted: &'static str,
    united: &'static str,
    any_case: &'static str,
    bits: &'static str,
    safetensors: &'static str,
    gguf: &'static str,
    structs: &'static str,
    native: &'static str,
    c: &'static str,
    rust: &'static str,
}

impl Names {
    const fn none(means: Means) -> Self {
        Self {
            means,
            name: "",
            code: "",
            words: "",
            exact: "",
            counted: "",
            united: "",
            any_case: "",
            bits: "",
            safetensors: "",
            gguf: "",
            structs: "",
            native: "",
            c: "",
            rust: "",
        }
    }

    /// The names in a column, separated by blanks.
    const fn column(&self, column: Column) -> &'static str {
        match column {
            Column::Exact => self.exact,
            Column::Counted => self.counted,
            Column::United => self.united,
            Column::Name => self.name,
            Column::AnyCase => self.any_case,
            Column::Bits => self.bits,
            Column::Code => self.code,
            Column::In(Dialect::Safetensors) => self.safetensors,
            Column::In(Dialect::Gguf) => self.gguf,
            Column::In(Dialect::Struct) => self.structs,
            Column::In(Dialect::NativeStruct) => self.native,
            Column::In(Dialect::C) => self.c,
            Column::In(Dialect::Rust) => self.rust,
        }
    }
}

const fn packed(element: Element, bits: u8, low_first: bool) -> Means {
    Means::Packed(Packed { element, bits, low_first })
}

macro_rules! names {
    ($($means:expr => $($field:ident $value:literal),*;)*) => {
        /// All names: first those of the elements, in their order.
        const NAMES: &[Names] = &[$(Names { $($field: $value,)* ..Names::none($means) },)*];
    };
}

// The table: first the elements in their order, then the other types.
names! {
    Means::Element(Element::U8) => name "uint8", code "u1", words "unsigned 8", exact "B ubyte",
        safetensors "U8", structs "B", c "uint8_t", rust "u8";
    Means::Element(Element::U16) => name "uint16", code "u2", words "unsigned 16", exact "H ushort",
        bits "u16", safetensors "U16", structs "H", c "uint16_t", rust "u16";
    // NumPy has no type of three bytes, but would call it u3.
    Means::Element(Element::U24) => name "uint24", words "unsigned 24", exact "u3", bits "u24", c "uint32_t",
        rust "u32";
    Means::Element(Element::U32) => name "uint32", code "u4", words "unsigned 32", exact "I uintc",
        bits "u32", safetensors "U32", structs "I L", c "uint32_t", rust "u32";
    Means::Element(Element::U64) => name "uint64", code "u8", words "unsigned 64",
        exact "Q L P N uint uintp ulong ulonglong", bits "u64", safetensors "U64", structs "Q", native "L N",
        c "uint64_t", rust "u64";
    Means::Element(Element::I8) => name "int8", code "i1", words "signed 8", exact "b byte",
        safetensors "I8", gguf "I8", structs "b", c "int8_t", rust "i8";
    Means::Element(Element::I16) => name "int16", code "i2", words "signed 16", exact "h short", bits "i16",
        safetensors "I16", gguf "I16", structs "h", c "int16_t", rust "i16";
    Means::Element(Element::I24) => name "int24", words "signed 24", exact "i3", bits "i24", c "int32_t",
        rust "i32";
    Means::Element(Element::I32) => name "int32", code "i4", words "signed 32", exact "i intc", bits "i32",
        safetensors "I32", gguf "I32", structs "i l", c "int32_t", rust "i32";
    Means::Element(Element::I64) => name "int64", code "i8", words "signed 64",
        exact "q l p n int int_ intp long longlong", bits "i64", safetensors "I64", gguf "I64", structs "q",
        native "l n", c "int64_t", rust "i64";
    Means::Element(Element::F16) => name "float16", code "f2", words "float 16", exact "e half",
        safetensors "F16", gguf "F16", structs "e";
    Means::Element(Element::Bf16) => name "bfloat16", code "bf16", words "bfloat 16", any_case "bf16",
        safetensors "BF16", gguf "BF16";
    Means::Element(Element::F32) => name "float32", code "f4", words "float 32", exact "f single",
        bits "f32", safetensors "F32", gguf "F32", structs "f", c "float", rust "f32";
    Means::Element(Element::F64) => name "float64", code "f8", words "float 64", exact "d double float",
        bits "f64", safetensors "F64", gguf "F64", structs "d", c "double", rust "f64";
    Means::Element(Element::Bool) => name "bool", code "b1", words "bool", exact "? bool_",
        safetensors "BOOL", structs "?", c "bool", rust "bool";
    Means::Element(Element::Char) => name "char", words "char";
    Means::Element(Element::U128) => name "uint128", code "u16", words "unsigned 128", bits "u128";
    Means::Element(Element::I128) => name "int128", code "i16", words "signed 128", bits "i128";
    Means::Element(Element::LongDouble) => name "longdouble", code "f16", words "long double",
        exact "g float128";
    Means::Element(Element::Complex64) => name "complex64", code "c8", words "complex 64", exact "F csingle",
        safetensors "C64", structs "F";
    Means::Element(Element::Complex128) => name "complex128", code "c16", words "complex 128",
        exact "D cdouble complex", structs "D";
    Means::Element(Element::Complex256) => name "clongdouble", code "c32", words "complex 256",
        exact "G complex256";
    Means::Element(Element::F8E4M3FN) => name "float8_e4m3fn", words "float 8 e4m3fn", safetensors "F8_E4M3";
    Means::Element(Element::F8E5M2) => name "float8_e5m2", words "float 8 e5m2", safetensors "F8_E5M2";
    Means::Element(Element::F8E8M0FNU) => name "float8_e8m0fnu", words "float 8 e8m0fnu",
        safetensors "F8_E8M0";
    Means::Element(Element::F8E3M4) => name "float8_e3m4", words "float 8 e3m4";
    Means::Element(Element::F8E4M3) => name "float8_e4m3", words "float 8 e4m3";
    Means::Element(Element::F8E4M3B11FNUZ) => name "float8_e4m3b11fnuz", words "float 8 e4m3b11fnuz";
    Means::Element(Element::F8E4M3FNUZ) => name "float8_e4m3fnuz", words "float 8 e4m3fnuz",
        safetensors "F8_E4M3FNUZ";
    Means::Element(Element::F8E5M2FNUZ) => name "float8_e5m2fnuz", words "float 8 e5m2fnuz",
        safetensors "F8_E5M2FNUZ";
    Means::Element(Element::F6E2M3FN) => name "float6_e2m3fn", words "float 6 e2m3fn";
    Means::Element(Element::F6E3M2FN) => name "float6_e3m2fn", words "float 6 e3m2fn";
    Means::Element(Element::F4E2M1FN) => name "float4_e2m1fn", words "float 4 e2m1fn";
    Means::Element(Element::I4) => name "int4", words "signed 4";
    Means::Element(Element::U4) => name "uint4", words "unsigned 4";
    Means::Element(Element::I2) => name "int2", words "signed 2";
    Means::Element(Element::U2) => name "uint2", words "unsigned 2";
    Means::Element(Element::Unix32) => name "unix32", words "Unix time 32";
    Means::Element(Element::Unix64) => name "unix64", words "Unix time 64";
    Means::Element(Element::UnixMs) => name "unix64_ms", words "Unix ms";
    Means::Element(Element::UnixUs) => name "unix64_us", words "Unix µs";
    Means::Element(Element::UnixNs) => name "unix64_ns", words "Unix ns";
    Means::Element(Element::FileTime) => name "filetime", words "Windows time";
    Means::Element(Element::DosTime) => name "dostime", words "DOS time";
    Means::Element(Element::Guid) => name "guid", words "GUID";
    Means::Element(Element::Rgba) => name "rgba", words "RGBA";
    Means::Element(Element::Pointer) => name "pointer", words "pointer 64", native "P";
    // The bits of NumPy's packbits; the others as GPUs have them.
    packed(Element::Bool, 1, false) => name "bits";
    packed(Element::Bool, 1, true) => name "bits_le";
    packed(Element::I4, 4, true) => name "int4x2";
    packed(Element::U4, 4, true) => name "uint4x2";
    packed(Element::F4E2M1FN, 4, true) => name "f4e2m1x2", safetensors "F4";
    packed(Element::F6E2M3FN, 6, true) => name "f6e2m3x4", safetensors "F6_E2M3";
    packed(Element::F6E3M2FN, 6, true) => name "f6e3m2x4", safetensors "F6_E3M2";
    Means::Quant(Quant::Q4_0) => name "q4_0", gguf "Q4_0";
    Means::Quant(Quant::Q4_1) => name "q4_1", gguf "Q4_1";
    Means::Quant(Quant::Q5_0) => name "q5_0", gguf "Q5_0";
    Means::Quant(Quant::Q5_1) => name "q5_1", gguf "Q5_1";
    Means::Quant(Quant::Q8_0) => name "q8_0", gguf "Q8_0";
    Means::Quant(Quant::Q2K) => name "q2_k", gguf "Q2_K";
    Means::Quant(Quant::Q3K) => name "q3_k", gguf "Q3_K";
    Means::Quant(Quant::Q4K) => name "q4_k", gguf "Q4_K";
    Means::Quant(Quant::Q5K) => name "q5_k", gguf "Q5_K";
    Means::Quant(Quant::Q6K) => name "q6_k", gguf "Q6_K";
    Means::Quant(Quant::Q8K) => name "q8_k", gguf "Q8_K";
    Means::Quant(Quant::Mxfp4) => name "mxfp4", gguf "MXFP4";
    Means::Bytes(0) => exact "bytes bytes_", counted "S a";
    Means::Bytes(1) => exact "c", structs "c";
    Means::Text(0) => exact "str str_ unicode", counted "U";
    // Codes of Python's array for one character.
    Means::Text(1) => exact "u w";
    Means::Void => exact "void", counted "V";
    Means::Pascal => counted "pascal";
    Means::Datetime => exact "M", united "datetime64 M8";
    Means::Timedelta => exact "m", united "timedelta64 m8";
    Means::Object => exact "O O8 object object_ T";
}

impl Element {
    const fn names(self) -> &'static Names {
        &NAMES[self as usize]
    }

    /// NumPy's name: `uint8`, `float32`, `bfloat16`.
    pub const fn name(self) -> &'static str {
        self.names().name
    }

    /// The name in a menu: `float 32`.
    pub const fn label(self) -> &'static str {
        self.names().words
    }

    /// NumPy's string without the byte order; the name where NumPy has none.
    pub(super) const fn code(self) -> &'static str {
        let names = self.names();
        if names.code.is_empty() { names.name } else { names.code }
    }

    /// The name in a dialect: of struct formats the code, of C and Rust the type that holds all values.
    pub fn name_in(self, dialect: Dialect) -> Option<&'static str> {
        self.names().column(Column::In(dialect)).split_ascii_whitespace().next()
    }
}

impl Means {
    /// The name in full; empty for types that are known by codes only.
    pub(super) fn name(self) -> &'static str {
        NAMES.iter().find(|row| row.means == self).map_or("", |row| row.name)
    }
}
