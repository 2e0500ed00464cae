//! One value of an element type as text and back.
//!
//! `encode` reads the text that `format` writes to the same bits, including NaN payloads and signs of zero; only the
//! padding of a long double is not kept. The names of types are in `type_names.rs`; only scalars are here.

use super::element::{Element, ElementKind};
use super::scalar::extended::{self, Extended};
use super::scalar::float::{F32, F64};
use super::scalar::float_text::parse_float;
use super::scalar::integer::{ValueError, excerpt, parse_integer, push_signed, push_unsigned};
use super::scalar::{character, complex, guid};
use super::{Order, ValueClass};
use std::borrow::Cow;
use std::fmt::{self, Write};

/// An element type and the order of its bytes. The order of a one-byte element says nothing and is not in its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DType {
    pub element: Element,
    pub order: Order,
}

impl DType {
    /// The type of this element in this byte order.
    pub const fn new(element: Element, order: Order) -> Self {
        Self { element, order }
    }

    /// Bytes of one value.
    pub const fn size(self) -> usize {
        self.element.size()
    }

    /// NumPy's string: `<f4`, `|u1`; `<bf16`, `<int24`, `float8_e5m2`, for which NumPy has none.
    pub fn name(self) -> String {
        self.to_string()
    }

    /// `float 32`, without the order.
    pub const fn label(self) -> &'static str {
        self.element.label()
    }

    /// Characters of the widest value.
    pub const fn max_width(self) -> usize {
        self.element.facts().width
    }

    /// Appends the shortest text that reads back to the same bits.
    ///
    /// # Panics
    /// When `bytes` are not [`size`](Self::size) bytes.
    pub fn format(self, bytes: &[u8], out: &mut String) {
        assert_eq!(bytes.len(), self.size(), "a value is made of its bytes");
        match self.element.facts().kind {
            ElementKind::Complex(part) => {
                let (real, imaginary) = bytes.split_at(part.size());
                let part = Self::new(part, self.order);
                complex::format(|bytes, out| part.format(bytes, out), real, imaginary, out);
            }
            ElementKind::Guid => guid::push(bytes, self.order == Order::Little, out),
            kind => format_bits(kind, self.bits(bytes), self.size(), out),
        }
    }

    /// The same, and answers what kind of value it is: both from one look at its bits for what most tables hold.
    ///
    /// # Panics
    /// When `bytes` are not [`size`](Self::size) bytes.
    pub fn show(self, bytes: &[u8], out: &mut String) -> ValueClass {
        match (self.element, bytes.len()) {
            (Element::F32, 4) => F32.format(self.bits(bytes) as u64, out),
            (Element::F64, 8) => F64.format(self.bits(bytes) as u64, out),
            _ => {
                self.format(bytes, out);
                self.class(bytes)
            }
        }
    }

    /// The bytes of a typed value, in this type's order.
    ///
    /// # Errors
    /// [`ValueError`] when the text is no value or the type can't hold it.
    pub fn encode(self, text: &str) -> Result<Vec<u8>, ValueError> {
        match self.element.facts().kind {
            ElementKind::Complex(part) => {
                let part = Self::new(part, self.order);
                complex::encode(|text| part.encode(text), self.element.name(), text)
            }
            ElementKind::Guid => guid::parse(text, self.order == Order::Little),
            _ => parse_bits(self.element, text).map(|word| self.bytes(word)),
        }
    }

    /// The bytes of the type's bits.
    pub(super) fn bytes(self, word: u128) -> Vec<u8> {
        let mut bytes = word.to_le_bytes()[..self.size()].to_vec();
        if self.order == Order::Big {
            bytes.reverse();
        }
        bytes
    }

    /// The bits of a value that is no complex one. Of a long double without the padding.
    #[inline]
    pub(super) fn bits(self, bytes: &[u8]) -> u128 {
        // Of the usual sizes without a copy of unknown length.
        match bytes.len() {
            1 => return bytes[0].into(),
            2 => return self.word(bytes, u16::from_le_bytes, u16::from_be_bytes),
            4 => return self.word(bytes, u32::from_le_bytes, u32::from_be_bytes),
            8 => return self.word(bytes, u64::from_le_bytes, u64::from_be_bytes),
            _ => {}
        }
        let mut word = [0; 16];
        let len = bytes.len().min(16);
        let word = match self.order {
            Order::Little => {
                word[..len].copy_from_slice(&bytes[..len]);
                u128::from_le_bytes(word)
            }
            Order::Big => {
                word[16 - len..].copy_from_slice(&bytes[..len]);
                u128::from_be_bytes(word)
            }
        };
        match self.element {
            Element::LongDouble => word & ((1 << extended::BITS) - 1),
            _ => word,
        }
    }

    /// So many bytes as a number, read by the reader of this type's order.
    #[inline]
    fn word<const N: usize, W: Into<u128>>(
        self,
        bytes: &[u8],
        little: fn([u8; N]) -> W,
        big: fn([u8; N]) -> W,
    ) -> u128 {
        let word = bytes.first_chunk().copied().unwrap_or([0; N]);
        if self.order == Order::Little { little(word).into() } else { big(word).into() }
    }
}

/// The number of `bits` as an integer of `size` bytes with a sign.
pub(super) const fn signed(bits: u128, size: usize) -> i128 {
    // The sign is brought to the top and back.
    let unused = 128 - 8 * size as u32;
    (bits << unused).cast_signed() >> unused
}

/// The number in the low bits of a byte; `None` when the others are not zero.
pub(super) const fn tiny(byte: u128, bits: u8, has_sign: bool) -> Option<i128> {
    if byte >> bits != 0 {
        return None;
    }
    let value = byte.cast_signed();
    Some(if has_sign && byte >> (bits - 1) != 0 { value - (1 << bits) } else { value })
}

fn format_bits(kind: ElementKind, bits: u128, size: usize, out: &mut String) {
    // Writing to a String cannot fail.
    match kind {
        ElementKind::Unsigned => match u64::try_from(bits) {
            Ok(bits) => push_unsigned(bits, out),
            Err(_) => _ = write!(out, "{bits}"),
        },
        ElementKind::Signed => match i64::try_from(signed(bits, size)) {
            Ok(value) => push_signed(value, out),
            Err(_) => _ = write!(out, "{}", signed(bits, size)),
        },
        ElementKind::Tiny(width, has_sign) => match tiny(bits, width, has_sign) {
            Some(value) => push_signed(value as i64, out),
            None => _ = write!(out, "bits({bits:#x})"),
        },
        ElementKind::Float(layout) => _ = layout.format(bits as u64, out),
        ElementKind::Small(small) => small.format(bits as u8, out),
        ElementKind::Extended => extended::format(bits, out),
        ElementKind::Bool => match bits as u64 {
            0 => out.push_str("False"),
            1 => out.push_str("True"),
            other => push_unsigned(other, out),
        },
        ElementKind::Char => character::push(bits as u8, out),
        ElementKind::Time(stamp) if is_unsigned_time(size, stamp) => stamp.format(bits.cast_signed(), out),
        ElementKind::Time(stamp) => stamp.format(signed(bits, size), out),
        ElementKind::Color => _ = write!(out, "#{:08x}", (bits as u32).swap_bytes()),
        ElementKind::Pointer => _ = write!(out, "{:#018x}", bits as u64),
        // These are more than one number, and formatted above.
        ElementKind::Complex(_) | ElementKind::Guid => {}
    }
}

const fn is_unsigned_time(size: usize, stamp: super::scalar::timestamp::Timestamp) -> bool {
    size == 4 && matches!(stamp, super::scalar::timestamp::Timestamp::Dos)
}

fn parse_bits(element: Element, text: &str) -> Result<u128, ValueError> {
    let (name, size) = (element.name(), element.size() as u32);
    let integer = |low, high| parse_integer(text, name, low, high).map(i128::cast_unsigned);
    match element.facts().kind {
        ElementKind::Unsigned if size == 16 => super::scalar::integer::parse_wide(text, name),
        ElementKind::Signed if size == 16 => integer(i128::MIN, i128::MAX),
        ElementKind::Unsigned => integer(0, (1 << (8 * size)) - 1),
        ElementKind::Signed => integer(-1 << (8 * size - 1), (1 << (8 * size - 1)) - 1),
        ElementKind::Tiny(width, has_sign) => parse_tiny(text, name, width, has_sign),
        ElementKind::Float(layout) => parse_float(&layout, text),
        ElementKind::Small(small) => parse_float(&small, text),
        ElementKind::Extended => parse_float(&Extended, text),
        ElementKind::Bool => parse_bool(text),
        ElementKind::Char => character::parse(text).map(u128::from),
        ElementKind::Time(stamp) if is_unsigned_time(size as usize, stamp) => {
            stamp.parse(text, name, 0, u32::MAX.into()).map(i128::cast_unsigned)
        }
        ElementKind::Time(stamp) => {
            stamp.parse(text, name, -1 << (8 * size - 1), (1 << (8 * size - 1)) - 1).map(i128::cast_unsigned)
        }
        ElementKind::Color => parse_color(text),
        ElementKind::Pointer => integer(0, u64::MAX.into()),
        ElementKind::Complex(_) | ElementKind::Guid => Err(ValueError::not_a("single number", text)),
    }
}

fn parse_tiny(text: &str, name: &str, width: u8, has_sign: bool) -> Result<u128, ValueError> {
    let odd = text.trim().strip_prefix("bits(0x").and_then(|rest| rest.strip_suffix(')'));
    if let Some(digits) = odd {
        let bits = u8::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'));
        return bits
            .filter(|bits| bits >> width != 0)
            .map(u128::from)
            .ok_or_else(|| ValueError::not_a("byte", text));
    }
    let end = 1 << width;
    let (low, high) = if has_sign { (-end / 2, end / 2 - 1) } else { (0, end - 1) };
    parse_integer(text, name, low, high)
        .map(|value| value.cast_unsigned() & end.cast_unsigned().wrapping_sub(1))
}

fn parse_bool(text: &str) -> Result<u128, ValueError> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" => Ok(1),
        "false" => Ok(0),
        _ => Ok(parse_integer(text, "bool", 0, 255)?.cast_unsigned()),
    }
}

/// `#rrggbbaa`, or `#rrggbb`, which is opaque.
fn parse_color(text: &str) -> Result<u128, ValueError> {
    let digits = text.trim().strip_prefix('#').unwrap_or(text.trim());
    let is_hex = matches!(digits.len(), 6 | 8) && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let value = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex).ok_or_else(|| {
        ValueError::new(format!("'{}' is not a colour such as #rrggbbaa", excerpt(text.trim())))
    })?;
    let whole = if digits.len() == 6 { value << 8 | 0xff } else { value };
    Ok(whole.swap_bytes().into())
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.size() {
            1 if self.element.is_bare() => f.write_str(self.element.code()),
            1 => write!(f, "|{}", self.element.code()),
            _ => write!(f, "{}{}", self.order.mark(), self.element.code()),
        }
    }
}

/// Why a text is no type. Its `Display` is a sentence for the user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ParseDTypeError {
    pub(super) message: String,
}

impl serde::Serialize for DType {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for DType {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = <Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        name.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_facts_stand_in_the_order_of_the_elements() {
        for (place, element) in Element::ALL.iter().enumerate() {
            assert_eq!(*element as usize, place);
        }
        for element in Element::USUAL {
            let bits = format!("{}", 8 * element.size());
            assert!(matches!(element, Element::Bool | Element::Char) || element.name().ends_with(&bits));
        }
    }

    #[test]
    fn every_byte_of_a_type_of_one_byte_reads_back() {
        for element in Element::ALL.iter().filter(|element| element.size() == 1) {
            let dtype = DType::new(*element, Order::Little);
            let mut widest = 0;
            for byte in 0..=255 {
                let mut text = String::new();
                dtype.format(&[byte], &mut text);
                assert_eq!(dtype.encode(&text), Ok(vec![byte]), "{dtype} {text}");
                widest = widest.max(text.chars().count());
            }
            assert_eq!(widest, dtype.max_width(), "{dtype}");
        }
    }

    #[test]
    fn a_bool_that_is_neither_keeps_its_number() {
        let dtype = DType::new(Element::Bool, Order::Little);
        assert_eq!(dtype.encode("TRUE"), Ok(vec![1]));
        assert_eq!(dtype.encode("7"), Ok(vec![7]));
        assert!(dtype.encode("yes").is_err());
    }
}
