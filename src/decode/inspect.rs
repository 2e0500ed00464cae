//! The readings that an inspector shows of the bytes at one place, each of which can be typed anew.
//!
//! A row that can't read the bytes says so with `None`; it never shows a part or a guess. Which rows are shown is the
//! user's choice: [`Row::usual`] is where it starts.

mod digits;
mod leb128;

use super::scalar::integer::ValueError;
use super::{DType, Element, Order, Radix};
use digits::{digits, encode_digits, encode_halves, encode_utf_8, halves, utf_8};
use leb128::{encode_sleb128, encode_uleb128, sleb128, uleb128};

/// The text of the bytes and how many of them it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectedValue {
    pub text: String,
    pub len: usize,
}

/// The text of the first bytes of a slice; `None` when they are too few or no such value.
pub type FormatRow = fn(&[u8], Order) -> Option<InspectedValue>;

/// The bytes of a typed text.
pub type EncodeRow = fn(&str, Order) -> Result<Vec<u8>, ValueError>;

/// One row of the inspector.
pub struct Row {
    /// For settings: `uint16`.
    pub name: &'static str,
    pub label: &'static str,
    /// Bytes that the row reads; the most it reads where `varies`.
    pub size: usize,
    /// Whether its values have different lengths, so that typing one may replace a reading by more or fewer bytes.
    pub varies: bool,
    /// Whether the two orders read differently.
    pub ordered: bool,
    /// Whether it is shown until the user says otherwise.
    pub usual: bool,
    pub format: FormatRow,
    pub encode: EncodeRow,
}

impl Row {
    /// Characters of its longest reading.
    pub fn most_chars(&self) -> usize {
        let element = Element::ALL.iter().find(|element| element.name() == self.name);
        // Of what is no element the digits of all its bytes are longest.
        element.map_or(8 * self.size, |element| DType::new(*element, Order::Little).max_width())
    }
}

/// The most bytes that any row reads.
pub const MAX_SIZE: usize = 32;

macro_rules! rare_row {
    ($element:ident) => {
        Row {
            name: Element::$element.name(),
            label: Element::$element.label(),
            size: Element::$element.size(),
            varies: false,
            ordered: Element::$element.size() > 1,
            usual: false,
            format: |bytes, order| value(DType::new(Element::$element, order), bytes),
            encode: |text, order| DType::new(Element::$element, order).encode(text),
        }
    };
}

macro_rules! value_row {
    ($element:ident) => {
        Row { usual: true, ..rare_row!($element) }
    };
}

macro_rules! halves_row {
    ($name:literal, $label:literal, $element:ident) => {
        Row {
            usual: false,
            ..row(
                $name,
                $label,
                1,
                |bytes, _| halves(Element::$element, bytes),
                |text, _| encode_halves(Element::$element, text),
            )
        }
    };
}

const fn row(
    name: &'static str,
    label: &'static str,
    size: usize,
    format: FormatRow,
    encode: EncodeRow,
) -> Row {
    Row { name, label, size, varies: false, ordered: size > 1, usual: true, format, encode }
}

const fn varying_row(
    name: &'static str,
    label: &'static str,
    size: usize,
    format: FormatRow,
    encode: EncodeRow,
) -> Row {
    Row { varies: true, ordered: false, ..row(name, label, size, format, encode) }
}

/// All rows, in the order of the screen.
pub const ROWS: &[Row] = &[
    row(
        "binary",
        "binary",
        1,
        |bytes, _| digits(Radix::Binary, bytes),
        |text, _| encode_digits(Radix::Binary, text),
    ),
    row(
        "octal",
        "octal",
        1,
        |bytes, _| digits(Radix::Octal, bytes),
        |text, _| encode_digits(Radix::Octal, text),
    ),
    value_row!(U8),
    value_row!(I8),
    value_row!(U16),
    value_row!(I16),
    value_row!(U24),
    value_row!(I24),
    value_row!(U32),
    value_row!(I32),
    value_row!(U64),
    value_row!(I64),
    rare_row!(U128),
    rare_row!(I128),
    value_row!(F16),
    value_row!(Bf16),
    value_row!(F32),
    value_row!(F64),
    rare_row!(LongDouble),
    rare_row!(Complex64),
    rare_row!(Complex128),
    rare_row!(Complex256),
    value_row!(Bool),
    value_row!(Char),
    varying_row("utf-8", "UTF-8 character", 4, |bytes, _| utf_8(bytes), |text, _| encode_utf_8(text)),
    value_row!(Unix32),
    value_row!(Unix64),
    rare_row!(UnixMs),
    rare_row!(UnixUs),
    rare_row!(UnixNs),
    value_row!(FileTime),
    rare_row!(DosTime),
    varying_row("uleb128", "LEB128 unsigned", 10, |bytes, _| uleb128(bytes), |text, _| encode_uleb128(text)),
    varying_row("sleb128", "LEB128 signed", 10, |bytes, _| sleb128(bytes), |text, _| encode_sleb128(text)),
    value_row!(Guid),
    value_row!(Rgba),
    rare_row!(Pointer),
    rare_row!(F8E4M3FN),
    rare_row!(F8E5M2),
    rare_row!(F8E8M0FNU),
    rare_row!(F8E3M4),
    rare_row!(F8E4M3),
    rare_row!(F8E4M3B11FNUZ),
    rare_row!(F8E4M3FNUZ),
    rare_row!(F8E5M2FNUZ),
    rare_row!(F6E2M3FN),
    rare_row!(F6E3M2FN),
    rare_row!(F4E2M1FN),
    halves_row!("f4e2m1x2", "float 4 pair", F4E2M1FN),
    rare_row!(I4),
    rare_row!(U4),
    halves_row!("int4x2", "signed 4 pair", I4),
    halves_row!("uint4x2", "unsigned 4 pair", U4),
    rare_row!(I2),
    rare_row!(U2),
];

fn value(dtype: DType, bytes: &[u8]) -> Option<InspectedValue> {
    let bytes = bytes.get(..dtype.size())?;
    let mut text = String::new();
    dtype.format(bytes, &mut text);
    Some(InspectedValue { text, len: bytes.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(name: &str) -> &'static Row {
        ROWS.iter().find(|row| row.name == name).expect("a row of that name")
    }

    fn read(name: &str, bytes: &[u8], order: Order) -> Option<(String, usize)> {
        (find(name).format)(bytes, order).map(|reading| (reading.text, reading.len))
    }

    #[test]
    fn the_table_has_every_element_once_and_no_name_twice() {
        for &element in Element::ALL {
            assert_eq!(ROWS.iter().filter(|row| row.name == element.name()).count(), 1);
        }
        for (place, row) in ROWS.iter().enumerate() {
            assert!(ROWS[..place].iter().all(|other| other.name != row.name && other.label != row.label));
            assert!(row.size <= MAX_SIZE);
        }
    }

    #[test]
    fn what_a_row_shows_reads_back_to_the_same_bytes() {
        let seed = 0x5eed;
        let mut random = fastrand::Rng::with_seed(seed);
        for row in ROWS {
            for round in 0..2000 {
                let mut bytes = [0; MAX_SIZE];
                random.fill(&mut bytes);
                if round % 2 == 0 {
                    bytes[3..].fill(0);
                }
                for order in Order::ALL {
                    let Some(InspectedValue { text, len }) = (row.format)(&bytes, order) else { continue };
                    let encoded = (row.encode)(&text, order).expect("its own text");
                    if matches!(row.name, "longdouble" | "clongdouble") {
                        // The padding is not shown.
                        let again = (row.format)(&encoded, order).map(|reading| reading.text);
                        assert_eq!(again.as_ref(), Some(&text), "{} {order:?}, seed {seed}", row.name);
                    } else if row.varies {
                        // A LEB128 may be longer than need be.
                        let again = (row.format)(&encoded, order).expect("its own bytes");
                        assert_eq!(
                            (again.text, again.len),
                            (text.clone(), encoded.len()),
                            "{} {bytes:x?}",
                            row.name
                        );
                    } else {
                        assert_eq!(encoded, bytes[..len], "{} {order:?} {text}, seed {seed}", row.name);
                    }
                    let other = (row.format)(&bytes, order.swapped()).map(|reading| reading.text);
                    assert!(row.ordered || other.as_ref() == Some(&text), "{}", row.name);
                }
            }
        }
    }

    #[test]
    fn too_few_bytes_are_no_reading() {
        for row in ROWS.iter().filter(|row| !row.varies) {
            for order in Order::ALL {
                assert!((row.format)(&vec![0; row.size], order).is_some(), "{}", row.name);
                assert_eq!((row.format)(&vec![0; row.size - 1], order), None, "{}", row.name);
            }
        }
    }

    #[test]
    fn known_readings() {
        use Order::{Big, Little};
        for (name, bytes, order, expected) in [
            ("binary", &b"\xa5"[..], Little, Some(("10100101", 1))),
            ("octal", b"\x08", Little, Some(("010", 1))),
            ("int24", b"\xff\xff\xff", Little, Some(("-1", 3))),
            ("int24", b"\x80\0\0", Big, Some(("-8388608", 3))),
            ("uint24", b"\x01\x02\x03", Big, Some(("66051", 3))),
            ("uint24", b"\x01\x02\x03", Little, Some(("197121", 3))),
            ("utf-8", "€".as_bytes(), Little, Some(("€", 3))),
            ("utf-8", b"\n", Little, Some(("U+000A", 1))),
            ("utf-8", "\u{feff}".as_bytes(), Little, Some(("U+FEFF", 3))),
            ("utf-8", b"\xe2\x82", Little, None),
            ("utf-8", b"", Little, None),
            ("uleb128", b"\xe5\x8e\x26", Little, Some(("624485", 3))),
            ("sleb128", b"\xc0\xbb\x78", Little, Some(("-123456", 3))),
            (
                "uleb128",
                b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
                Little,
                Some(("18446744073709551615", 10)),
            ),
            ("uleb128", b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", Little, None),
            (
                "sleb128",
                b"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7f",
                Little,
                Some(("-9223372036854775808", 10)),
            ),
            ("sleb128", b"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", Little, None),
            ("uleb128", b"\x80\x80", Little, None),
            ("unix32", b"\x7f\xff\xff\xff", Big, Some(("2038-01-19T03:14:07Z", 4))),
            ("unix64", b"\xff\xff\xff\xff\xff\xff\xff\x7f", Little, Some(("9223372036854775807", 8))),
            ("rgba", b"\x01\x02\x03\xff", Little, Some(("#010203ff", 4))),
            ("int4x2", b"\xf7", Little, Some(("7, -1", 1))),
            ("f4e2m1x2", b"\x9f", Little, Some(("-6.0, -0.5", 1))),
        ] {
            let expected = expected.map(|(text, len)| (text.to_owned(), len));
            assert_eq!(read(name, bytes, order), expected, "{name} {bytes:x?}");
        }
    }
}
