//! Finds the type of a name: in typed text, and in one dialect.

use super::{Column, Dialect, Means, NAMES, Names};
use std::collections::HashMap;
use std::sync::LazyLock;

/// The columns in which a text is looked up; the first [`TYPED`] are those of what is typed.
const COLUMNS: [Column; 11] = [
    Column::Exact,
    Column::Counted,
    Column::United,
    Column::Name,
    Column::AnyCase,
    Column::Bits,
    Column::Code,
    Column::In(Dialect::Safetensors),
    Column::In(Dialect::Gguf),
    Column::In(Dialect::Struct),
    Column::In(Dialect::NativeStruct),
];

const TYPED: usize = 9;

/// What each name of a column means; a header may hold a million of them.
static INDEX: LazyLock<HashMap<(Column, &str), Means>> = LazyLock::new(|| {
    let words = |row: &'static Names, column| {
        row.column(column).split_ascii_whitespace().map(move |word| ((column, word), row.means))
    };
    NAMES.iter().flat_map(|row| COLUMNS.into_iter().flat_map(move |column| words(row, column))).collect()
});

fn at(column: Column, word: &str) -> Option<Means> {
    let index: &HashMap<(Column, &str), Means> = &INDEX;
    index.get(&(column, word)).copied()
}

/// What a name without its byte order means, and what follows it: a length in digits, or a unit of time in brackets.
/// `marked` is whether there was a byte order. With one, sizes are bytes: `<u16` has 128 bits.
pub(in crate::decode) fn find(word: &str, marked: bool) -> Option<(Means, &str)> {
    let lower = word.to_ascii_lowercase();
    let stored = |dialect| at(Column::In(dialect), word).filter(|_| !marked);
    let has_order = |means: &Means| !matches!(means, Means::Packed(_) | Means::Quant(_));
    let alone = |means| (means, "");
    at(Column::Exact, word)
        .map(alone)
        .or_else(|| followed(word).filter(|(means, _)| !marked || *means != Means::Pascal))
        .or_else(|| stored(Dialect::Safetensors).or_else(|| stored(Dialect::Gguf)).map(alone))
        .or_else(|| at(Column::Bits, &lower).filter(|_| !marked).map(alone))
        .or_else(|| at(Column::Code, word).map(alone))
        .or_else(|| at(Column::Name, &lower).filter(|means| !marked || has_order(means)).map(alone))
        .or_else(|| at(Column::AnyCase, &lower).map(alone))
}

/// A name with a length or a unit behind it.
fn followed(word: &str) -> Option<(Means, &str)> {
    let (name, digits) = word.split_at(word.trim_end_matches(|c: char| c.is_ascii_digit()).len());
    let counted = at(Column::Counted, name).filter(|means| *means != Means::Pascal || !digits.is_empty());
    let united = || {
        let words =
            NAMES.iter().flat_map(|row| row.united.split_ascii_whitespace().map(|name| (name, row.means)));
        words.into_iter().find_map(|(name, means)| Some((means, word.strip_prefix(name)?)))
    };
    counted.map(|means| (means, digits)).or_else(united)
}

/// What a name means in one dialect, where no other names count.
pub(in crate::decode) fn find_in(dialect: Dialect, word: &str) -> Option<Means> {
    at(Column::In(dialect), word)
}

/// The code of a struct format; `native` is whether the format has no byte order.
pub(in crate::decode) fn find_struct(code: char, native: bool) -> Option<Means> {
    let mut buf = [0; 4];
    let code: &str = code.encode_utf8(&mut buf);
    let only_native = find_in(Dialect::NativeStruct, code).filter(|_| native);
    only_native.or_else(|| find_in(Dialect::Struct, code))
}

/// Every name that stands for a type wherever types are typed; with a length or a unit where the name takes one.
pub fn names() -> impl Iterator<Item = String> {
    let words = |row: &'static Names, column| {
        row.column(column).split_ascii_whitespace().map(move |word| match column {
            Column::Counted => format!("{word}3"),
            Column::United => format!("{word}[25s]"),
            _ => word.to_owned(),
        })
    };
    let typed = move |row| COLUMNS[..TYPED].iter().flat_map(move |column| words(row, *column));
    NAMES.iter().filter(|row| row.means != Means::Object).flat_map(typed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{DType, Element, Order};

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
    fn the_elements_come_first_and_in_their_order() {
        for (row, element) in NAMES.iter().zip(Element::ALL) {
            assert_eq!(row.means, Means::Element(*element));
        }
        for row in NAMES {
            let any_case = [row.name, row.any_case, row.bits].concat();
            assert_eq!(any_case, any_case.to_ascii_lowercase(), "is looked up in small letters");
            assert_ne!([row.name, row.exact, row.counted].concat(), "", "{:?} can't be typed", row.means);
        }
    }

    #[test]
    fn no_name_stands_for_two_types() {
        for column in COLUMNS {
            let words: Vec<&str> = NAMES.iter().flat_map(|row| row.column(column).split(' ')).collect();
            for word in words.iter().filter(|word| !word.is_empty()) {
                assert_eq!(words.iter().filter(|other| *other == word).count(), 1, "{word} of {column:?}");
            }
        }
        for row in NAMES {
            for word in row.bits.split_ascii_whitespace() {
                let numpy = |element: &Element| element.is_numpy() && element.code() == word;
                assert!(!Element::ALL.iter().any(numpy), "NumPy knows {word} already");
            }
        }
    }

    #[test]
    fn each_name_that_is_typed_means_its_row() {
        for column in &COLUMNS[..TYPED] {
            for row in NAMES.iter().filter(|row| row.united.is_empty() && row.counted.is_empty()) {
                for word in row.column(*column).split_ascii_whitespace() {
                    let found = find(word, false).map(|(means, _)| means);
                    let is_text = *column == Column::In(Dialect::Safetensors) && word.starts_with('U');
                    // Bits are counted before NumPy's bytes: u16 has 2 bytes, <u16 has 16.
                    let is_bits = *column == Column::Code && matches!(word, "u16" | "i16");
                    if !is_text && !is_bits {
                        assert_eq!(found, Some(row.means), "{word} of {column:?}");
                    }
                }
            }
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
            ("F8_E4M3FNUZ", "float8_e4m3fnuz"),
        ] {
            assert_eq!(text.parse::<DType>().map(DType::name), Ok(name.to_owned()), "{text}");
        }
        for text in ["<f32", "", "é4", "u5", "S1", "c", "U8", "i4,i4", "q4_0"] {
            assert!(text.parse::<DType>().is_err(), "{text}");
        }
    }
}
