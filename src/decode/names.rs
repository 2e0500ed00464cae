//! The names of element types: one table for the window, the command line and the fields of records.
//!
//! What NumPy understands means what it means to NumPy on a 64-bit little-endian Unix, where sizes are bytes. Then come
//! names that NumPy lacks, which count bits: Rust's, and those of safetensors in capitals. [`taken_for`] tells of the
//! names that other programs use for another type.

use super::element::Element;

/// NumPy's names and one-letter codes, beside [`Element::name`] and the codes with sizes.
const NUMPY: &[(&str, Element)] = &[
    ("?", Element::Bool),
    ("b", Element::I8),
    ("B", Element::U8),
    ("h", Element::I16),
    ("H", Element::U16),
    ("i", Element::I32),
    ("I", Element::U32),
    ("l", Element::I64),
    ("L", Element::U64),
    ("q", Element::I64),
    ("Q", Element::U64),
    ("p", Element::I64),
    ("P", Element::U64),
    ("n", Element::I64),
    ("N", Element::U64),
    ("e", Element::F16),
    ("f", Element::F32),
    ("d", Element::F64),
    ("g", Element::LongDouble),
    ("F", Element::Complex64),
    ("D", Element::Complex128),
    ("G", Element::Complex256),
    ("bool_", Element::Bool),
    ("byte", Element::I8),
    ("ubyte", Element::U8),
    ("short", Element::I16),
    ("ushort", Element::U16),
    ("intc", Element::I32),
    ("uintc", Element::U32),
    ("int", Element::I64),
    ("int_", Element::I64),
    ("uint", Element::U64),
    ("intp", Element::I64),
    ("uintp", Element::U64),
    ("long", Element::I64),
    ("ulong", Element::U64),
    ("longlong", Element::I64),
    ("ulonglong", Element::U64),
    ("half", Element::F16),
    ("single", Element::F32),
    ("double", Element::F64),
    ("float", Element::F64),
    ("float128", Element::LongDouble),
    ("csingle", Element::Complex64),
    ("cdouble", Element::Complex128),
    ("complex", Element::Complex128),
    ("complex256", Element::Complex256),
];

/// Names with a size in bits, for which NumPy has no meaning. Case does not matter.
const BITS: &[(&str, Element)] = &[
    ("u16", Element::U16),
    ("u24", Element::U24),
    ("u32", Element::U32),
    ("u64", Element::U64),
    ("u128", Element::U128),
    ("i16", Element::I16),
    ("i24", Element::I24),
    ("i32", Element::I32),
    ("i64", Element::I64),
    ("i128", Element::I128),
    ("f32", Element::F32),
    ("f64", Element::F64),
    ("bf16", Element::Bf16),
];

/// Names of safetensors and GGUF that are others in small letters.
const STORED: &[(&str, Element)] = &[
    ("I8", Element::I8),
    ("F16", Element::F16),
    ("C64", Element::Complex64),
    ("F8_E4M3", Element::F8E4M3FN),
    ("F8_E5M2", Element::F8E5M2),
    ("F8_E8M0", Element::F8E8M0FNU),
];

/// NumPy's way to write sizes in bytes, for the types of three bytes that it lacks.
const THREE_BYTES: &[(&str, Element)] = &[("u3", Element::U24), ("i3", Element::I24)];

/// The element of a name without its mark of the byte order; `marked` is whether there was one. With a mark sizes are
/// bytes: `<u16` has 128 bits.
pub(super) fn element(name: &str, marked: bool) -> Option<Element> {
    let of = |table: &[(&str, Element)]| table.iter().find(|(known, _)| *known == name).map(|(_, own)| *own);
    let lower = name.to_ascii_lowercase();
    let counts_bits = || BITS.iter().find(|(known, _)| !marked && *known == lower).map(|(_, own)| *own);
    let by = |is_it: &dyn Fn(Element) -> bool| Element::ALL.iter().copied().find(|element| is_it(*element));
    of(NUMPY)
        .or_else(|| of(STORED).filter(|_| !marked))
        .or_else(counts_bits)
        .or_else(|| by(&|element| element.code() == name || element.name() == name))
        .or_else(|| of(THREE_BYTES))
        .or_else(|| by(&|element| element.name() == lower).filter(|_| name.len() > 2))
        .or_else(|| (marked && lower == "bf16").then_some(Element::Bf16))
}

/// Names that mean one type here and another elsewhere: what is read, whose meaning that is, what the other one is called.
const DOUBTFUL: &[(&str, &str, &str, &str)] = &[
    ("u8", "uint64", "as in NumPy", "for 8 bits write uint8"),
    ("i8", "int64", "as in NumPy", "for 8 bits write int8"),
    ("f16", "longdouble", "as in NumPy", "for 16 bits write float16"),
    ("u16", "uint16", "as in Rust", "for 16 bytes write uint128"),
    ("i16", "int16", "as in Rust", "for 16 bytes write int128"),
    ("<u16", "<u16", "16 bytes", "for 16 bits write <u2"),
    (">u16", ">u16", "16 bytes", "for 16 bits write >u2"),
    ("<i16", "<i16", "16 bytes", "for 16 bits write <i2"),
    (">i16", ">i16", "16 bytes", "for 16 bits write >i2"),
    ("I8", "int8", "as in safetensors", "for 8 bytes write int64"),
    ("F16", "float16", "as in safetensors", "for 16 bytes write longdouble"),
    ("U8", "<U8", "a string of 8 characters, as in NumPy", "for a number of 8 bits write uint8"),
    ("U16", "<U16", "a string of 16 characters, as in NumPy", "for a number of 16 bits write uint16"),
    ("U32", "<U32", "a string of 32 characters, as in NumPy", "for a number of 32 bits write uint32"),
    ("U64", "<U64", "a string of 64 characters, as in NumPy", "for a number of 64 bits write uint64"),
    ("l", "int64", "as in NumPy on 64-bit Unix", "for 32 bits write int32"),
    ("L", "uint64", "as in NumPy on 64-bit Unix", "for 32 bits write uint32"),
    ("c", "S1", "as in NumPy", "for a character as C writes it write char"),
];

/// What a doubtful name is taken for, as a sentence; `None` for a name that means the same everywhere.
pub fn taken_for(text: &str) -> Option<String> {
    let text = text.trim();
    let (name, read, whose, other) = DOUBTFUL.iter().find(|(name, ..)| *name == text)?;
    let read = if read == name { String::new() } else { format!("{read}, ") };
    Some(format!("'{name}' is read as {read}{whose}; {other}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::item::ItemType;
    use crate::decode::{DType, Order};

    #[test]
    fn every_name_reads_back() {
        for &element in Element::ALL {
            for order in Order::ALL {
                let dtype = DType::new(element, order);
                let read: DType = dtype.name().parse().expect("its own name");
                assert_eq!(read.name(), dtype.name());
                assert_eq!(read.element, element);
            }
            let read: DType = element.name().parse().expect("its full name");
            assert_eq!(read.element, element);
        }
    }

    #[test]
    fn no_name_stands_for_two_elements() {
        for (name, element) in [NUMPY, BITS, STORED, THREE_BYTES].concat() {
            assert_eq!(name.parse(), Ok(DType::new(element, Order::Little)), "{name}");
        }
        for (name, _) in BITS {
            let numpy = |element: &Element| element.is_numpy() && element.code() == *name;
            assert!(!Element::ALL.iter().any(numpy), "NumPy knows {name} already");
        }
    }

    #[test]
    fn names_of_numpy_rust_and_safetensors() {
        for (text, name) in [
            ("<f4", "<f4"),
            ("f4", "<f4"),
            (" float32 ", "<f4"),
            ("F32", "<f4"),
            ("Float64", "<f8"),
            ("u8", "<u8"),
            (">u8", ">u8"),
            ("i8", "<i8"),
            ("f16", "<f16"),
            ("F16", "<f2"),
            ("I8", "|i1"),
            ("u16", "<u2"),
            ("<u16", "<u16"),
            ("uint8", "|u1"),
            ("UINT8", "|u1"),
            ("|b1", "|b1"),
            ("BOOL", "|b1"),
            ("B", "|u1"),
            ("b", "|i1"),
            ("!H", ">u2"),
            (">float64", ">f8"),
            ("bf16", "<bf16"),
            ("BF16", "<bf16"),
            (">bf16", ">bf16"),
            ("l", "<i8"),
            ("Q", "<u8"),
            ("char", "char"),
            ("int24", "<int24"),
            (">int24", ">int24"),
            (">i3", ">int24"),
            ("u24", "<uint24"),
            ("I24", "<int24"),
            ("F8_E4M3", "float8_e4m3fn"),
        ] {
            assert_eq!(text.parse::<DType>().map(DType::name), Ok(name.to_owned()), "{text}");
        }
        for text in ["<f32", "", "é4", "u5", "S1", "c", "U8", "i4,i4", "q4_0"] {
            assert!(text.parse::<DType>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_doubtful_name_says_what_it_is_taken_for() {
        for (name, read, whose, other) in DOUBTFUL {
            let item = |text: &str| text.parse::<ItemType>().expect("a type");
            assert_eq!(item(name), item(read), "{name} {whose}");
            let (_, proposed) = other.rsplit_once(' ').expect("a name at the end");
            assert_ne!(item(name), item(proposed), "{name}");
            assert!(taken_for(proposed).is_none(), "{proposed} is doubtful too");
        }
        let said = taken_for(" u8 ");
        assert_eq!(said.as_deref(), Some("'u8' is read as uint64, as in NumPy; for 8 bits write uint8."));
        assert_eq!(taken_for("<u16").as_deref(), Some("'<u16' is read as 16 bytes; for 16 bits write <u2."));
        assert_eq!(taken_for("f4"), None);
    }
}
