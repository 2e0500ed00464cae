//! The readings that an inspector shows of the bytes at one place, each of which can be typed anew.
//!
//! A row that can't read the bytes says so with `None`; it never shows a part or a guess.

use super::number::{ValueError, excerpt, parse_integer, push_ascii, push_signed, push_unsigned};
use super::{DType, Element, Encoding, Order, Radix, TextCell, time};

/// The text of the bytes and how many of them it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    pub text: String,
    pub len: usize,
}

/// The text of the first bytes of a slice; `None` when they are too few or no such value.
pub type FormatRow = fn(&[u8], Order) -> Option<Reading>;

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
    pub format: FormatRow,
    pub encode: EncodeRow,
}

/// The most bytes that any row reads.
pub const MAX_SIZE: usize = 10;

macro_rules! value_row {
    ($element:ident) => {
        Row {
            name: Element::$element.name(),
            label: Element::$element.label(),
            size: Element::$element.size(),
            varies: false,
            ordered: Element::$element.size() > 1,
            format: |bytes, order| value(DType::new(Element::$element, order), bytes),
            encode: |text, order| DType::new(Element::$element, order).encode(text),
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
    Row { name, label, size, varies: false, ordered: size > 1, format, encode }
}

const fn varying_row(
    name: &'static str,
    label: &'static str,
    size: usize,
    format: FormatRow,
    encode: EncodeRow,
) -> Row {
    Row { name, label, size, varies: true, ordered: false, format, encode }
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
    row("uint24", "unsigned 24", 3, |bytes, order| three_bytes(false, bytes, order), encode_unsigned_24),
    row("int24", "signed 24", 3, |bytes, order| three_bytes(true, bytes, order), encode_signed_24),
    value_row!(U32),
    value_row!(I32),
    value_row!(U64),
    value_row!(I64),
    value_row!(F16),
    value_row!(Bf16),
    value_row!(F32),
    value_row!(F64),
    value_row!(Bool),
    value_row!(Char),
    varying_row("utf-8", "UTF-8 character", 4, |bytes, _| utf_8(bytes), |text, _| encode_utf_8(text)),
    row("unix-32", "Unix time 32", 4, |bytes, order| unix_time(Element::I32, bytes, order), encode_unix_32),
    row("unix-64", "Unix time 64", 8, |bytes, order| unix_time(Element::I64, bytes, order), encode_unix_64),
    varying_row("uleb128", "LEB128 unsigned", 10, |bytes, _| uleb128(bytes), |text, _| encode_uleb128(text)),
    varying_row("sleb128", "LEB128 signed", 10, |bytes, _| sleb128(bytes), |text, _| encode_sleb128(text)),
];

fn value(dtype: DType, bytes: &[u8]) -> Option<Reading> {
    let bytes = bytes.get(..dtype.size())?;
    let mut text = String::new();
    dtype.format(bytes, &mut text);
    Some(Reading { text, len: bytes.len() })
}

fn digits(radix: Radix, bytes: &[u8]) -> Option<Reading> {
    let mut buffer = [0; 8];
    let mut text = String::new();
    push_ascii(radix.write_byte(*bytes.first()?, false, &mut buffer), &mut text);
    Some(Reading { text, len: 1 })
}

/// Takes the digits with a prefix or without, and `_` or spaces between them.
fn encode_digits(radix: Radix, text: &str) -> Result<Vec<u8>, ValueError> {
    let typed = text.trim().to_ascii_lowercase();
    let prefix = if radix == Radix::Binary { "0b" } else { "0o" };
    let bare: String = typed
        .strip_prefix(prefix)
        .unwrap_or(&typed)
        .chars()
        .filter(|character| !matches!(character, ' ' | '_'))
        .collect();
    if bare.is_empty() || !bare.chars().all(|digit| digit.is_digit(radix.base())) {
        return Err(ValueError::not_a(&format!("{} number", radix.name()), text));
    }
    u8::from_str_radix(&bare, radix.base())
        .map(|byte| vec![byte])
        .map_err(|_| ValueError::new(format!("{} does not fit one byte", excerpt(text))))
}

fn three_bytes(signed: bool, bytes: &[u8], order: Order) -> Option<Reading> {
    let &[a, b, c] = bytes.first_chunk::<3>()?;
    let word = match order {
        Order::Little => u32::from_be_bytes([c, b, a, 0]),
        Order::Big => u32::from_be_bytes([a, b, c, 0]),
    };
    let mut text = String::new();
    if signed {
        push_signed(i64::from(word.cast_signed() >> 8), &mut text);
    } else {
        push_unsigned(u64::from(word >> 8), &mut text);
    }
    Some(Reading { text, len: 3 })
}

fn encode_unsigned_24(text: &str, order: Order) -> Result<Vec<u8>, ValueError> {
    let value = parse_integer(text, "uint24", 0, (1 << 24) - 1)?;
    Ok(low_24_bits(value, order))
}

fn encode_signed_24(text: &str, order: Order) -> Result<Vec<u8>, ValueError> {
    let value = parse_integer(text, "int24", -1 << 23, (1 << 23) - 1)?;
    Ok(low_24_bits(value, order))
}

fn low_24_bits(value: i128, order: Order) -> Vec<u8> {
    let mut bytes = value.to_le_bytes()[..3].to_vec();
    if order == Order::Big {
        bytes.reverse();
    }
    bytes
}

/// The character itself if it can be drawn, else its code point.
fn utf_8(bytes: &[u8]) -> Option<Reading> {
    let mut cells = Vec::with_capacity(4);
    Encoding::Utf8.cells(bytes, 0, 4, &mut cells);
    let tail = cells.iter().skip(1).take_while(|cell| **cell == TextCell::Continuation).count();
    let len = 1 + tail;
    let character = std::str::from_utf8(bytes.get(..len)?).ok()?.chars().next()?;
    let text = match cells.first()? {
        TextCell::Char(character) if !character.is_whitespace() => character.to_string(),
        _ => format!("U+{:04X}", u32::from(character)),
    };
    Some(Reading { text, len })
}

fn encode_utf_8(text: &str) -> Result<Vec<u8>, ValueError> {
    let typed = if text.chars().count() == 1 { text } else { text.trim() };
    let mut characters = typed.chars();
    let lone = characters.next().filter(|_| characters.as_str().is_empty());
    let by_code = || {
        let digits = typed.strip_prefix("U+").or_else(|| typed.strip_prefix("u+"))?;
        let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        u32::from_str_radix(digits, 16).ok().filter(|_| is_hex).and_then(char::from_u32)
    };
    let character = lone.or_else(by_code).ok_or_else(|| {
        ValueError::new(format!("'{}' is not one character; any can be typed as U+20AC", excerpt(text)))
    })?;
    Ok(character.to_string().into_bytes())
}

fn unix_time(element: Element, bytes: &[u8], order: Order) -> Option<Reading> {
    let bytes = bytes.get(..element.size())?;
    let seconds = match (bytes.first_chunk::<8>(), bytes.first_chunk::<4>(), order) {
        (Some(wide), _, Order::Little) => i64::from_le_bytes(*wide),
        (Some(wide), _, Order::Big) => i64::from_be_bytes(*wide),
        (None, Some(narrow), Order::Little) => i64::from(i32::from_le_bytes(*narrow)),
        (None, narrow, _) => i64::from(i32::from_be_bytes(*narrow?)),
    };
    Some(Reading { text: time::format(seconds)?, len: bytes.len() })
}

fn encode_unix_32(text: &str, order: Order) -> Result<Vec<u8>, ValueError> {
    let seconds = i32::try_from(time::parse(text)?).map_err(|_| {
        ValueError::new(format!(
            "{} does not fit 32 bits (1901-12-13T20:45:52Z to 2038-01-19T03:14:07Z)",
            excerpt(text.trim())
        ))
    })?;
    Ok(match order {
        Order::Little => seconds.to_le_bytes().to_vec(),
        Order::Big => seconds.to_be_bytes().to_vec(),
    })
}

fn encode_unix_64(text: &str, order: Order) -> Result<Vec<u8>, ValueError> {
    let seconds = time::parse(text)?;
    Ok(match order {
        Order::Little => seconds.to_le_bytes().to_vec(),
        Order::Big => seconds.to_be_bytes().to_vec(),
    })
}

/// Seven bits a byte, the lowest first, until a byte below 0x80: the value's bits, and the bytes.
/// `None` when no such byte comes or there are more than 70 bits.
fn leb128(bytes: &[u8]) -> Option<(u128, usize)> {
    let len = bytes.iter().take(MAX_SIZE).position(|byte| byte & 0x80 == 0)? + 1;
    let word = bytes[..len].iter().rev().fold(0, |word, byte| word << 7 | u128::from(byte & 0x7f));
    Some((word, len))
}

fn uleb128(bytes: &[u8]) -> Option<Reading> {
    let (word, len) = leb128(bytes)?;
    let mut text = String::new();
    push_unsigned(u64::try_from(word).ok()?, &mut text);
    Some(Reading { text, len })
}

fn sleb128(bytes: &[u8]) -> Option<Reading> {
    let (word, len) = leb128(bytes)?;
    // The highest bit that is there is the sign: bring it to the top and back.
    let unused = 128 - 7 * len;
    let value = (word << unused).cast_signed() >> unused;
    let mut text = String::new();
    push_signed(i64::try_from(value).ok()?, &mut text);
    Some(Reading { text, len })
}

fn encode_uleb128(text: &str) -> Result<Vec<u8>, ValueError> {
    let mut rest = parse_integer(text, "LEB128 of 64 bits", 0, u64::MAX.into())?;
    let mut bytes = Vec::with_capacity(MAX_SIZE);
    while rest >= 0x80 {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    Ok(bytes)
}

fn encode_sleb128(text: &str) -> Result<Vec<u8>, ValueError> {
    let mut rest = parse_integer(text, "LEB128 of 64 bits", i64::MIN.into(), i64::MAX.into())?;
    let mut bytes = Vec::with_capacity(MAX_SIZE);
    while !(-0x40..0x40).contains(&rest) {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8 & 0x7f);
    Ok(bytes)
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
        for &element in Element::USUAL {
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
                    let Some(Reading { text, len }) = (row.format)(&bytes, order) else { continue };
                    let encoded = (row.encode)(&text, order).expect("its own text");
                    if row.varies {
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
            ("unix-32", b"\x7f\xff\xff\xff", Big, Some(("2038-01-19T03:14:07Z", 4))),
            ("unix-64", b"\xff\xff\xff\xff\xff\xff\xff\x7f", Little, None),
        ] {
            let expected = expected.map(|(text, len)| (text.to_owned(), len));
            assert_eq!(read(name, bytes, order), expected, "{name} {bytes:x?}");
        }
    }
}
