//! Element types: their sizes and labels, and one value of each as text and back.
//!
//! What `format` writes, `encode` reads to the same bits, NaN payloads and signs of zero included.
//! Names as people type them are read in `names.rs`; only scalars are here, no records.

use super::float::{BF16, F16, F32, F64, Layout};
use super::number::{ValueError, parse_integer, push_signed, push_unsigned};
use super::{Order, character, float_text, names};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// What the values of a typed view are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Element {
    U8,
    U16,
    U32,
    U64,
    I8,
    I16,
    I32,
    I64,
    F16,
    Bf16,
    F32,
    F64,
    /// One byte: 0 is False, 1 is True, any other number is shown as it is.
    Bool,
    /// One byte as a Latin-1 character, the way C writes it.
    Char,
}

/// How a value of the element is read.
#[derive(Clone, Copy)]
enum Kind {
    Unsigned,
    Signed,
    Float(Layout),
    Bool,
    Char,
}

struct Facts {
    name: &'static str,
    label: &'static str,
    /// NumPy's string without the order.
    code: &'static str,
    size: usize,
    kind: Kind,
    /// Characters of the widest value.
    width: usize,
}

const fn facts(
    name: &'static str,
    label: &'static str,
    code: &'static str,
    size: usize,
    kind: Kind,
    width: usize,
) -> Facts {
    Facts { name, label, code, size, kind, width }
}

/// In the order of [`Element`].
const FACTS: [Facts; 14] = [
    facts("uint8", "unsigned 8", "u1", 1, Kind::Unsigned, 3),
    facts("uint16", "unsigned 16", "u2", 2, Kind::Unsigned, 5),
    facts("uint32", "unsigned 32", "u4", 4, Kind::Unsigned, 10),
    facts("uint64", "unsigned 64", "u8", 8, Kind::Unsigned, 20),
    facts("int8", "signed 8", "i1", 1, Kind::Signed, 4),
    facts("int16", "signed 16", "i2", 2, Kind::Signed, 6),
    facts("int32", "signed 32", "i4", 4, Kind::Signed, 11),
    facts("int64", "signed 64", "i8", 8, Kind::Signed, 20),
    facts("float16", "float 16", "f2", 2, Kind::Float(F16), F16.width),
    facts("bfloat16", "bfloat 16", "bf16", 2, Kind::Float(BF16), BF16.width),
    facts("float32", "float 32", "f4", 4, Kind::Float(F32), F32.width),
    facts("float64", "float 64", "f8", 8, Kind::Float(F64), F64.width),
    facts("bool", "bool", "b1", 1, Kind::Bool, 5),
    facts("char", "char", "S1", 1, Kind::Char, 6),
];

impl Element {
    pub const ALL: [Self; 14] = [
        Self::U8,
        Self::U16,
        Self::U32,
        Self::U64,
        Self::I8,
        Self::I16,
        Self::I32,
        Self::I64,
        Self::F16,
        Self::Bf16,
        Self::F32,
        Self::F64,
        Self::Bool,
        Self::Char,
    ];

    const fn facts(self) -> &'static Facts {
        &FACTS[self as usize]
    }

    /// Bytes of one value: 1, 2, 4 or 8.
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

    pub const fn is_float(self) -> bool {
        matches!(self.facts().kind, Kind::Float(_))
    }

    pub const fn is_integer(self) -> bool {
        matches!(self.facts().kind, Kind::Signed | Kind::Unsigned)
    }
}

/// An element type and the order of its bytes. The order of a one-byte element says nothing and is not in its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DType {
    pub element: Element,
    pub order: Order,
}

impl DType {
    pub const fn new(element: Element, order: Order) -> Self {
        Self { element, order }
    }

    /// Bytes of one value.
    pub const fn size(self) -> usize {
        self.element.size()
    }

    /// NumPy's string: `<f4`, `|u1`; `<bf16`, for which NumPy has none.
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
        let bits = self.bits(bytes);
        let unused = 64 - 8 * self.size();
        match self.element.facts().kind {
            Kind::Unsigned => push_unsigned(bits, out),
            // The sign is brought to the top and back.
            Kind::Signed => push_signed((bits << unused).cast_signed() >> unused, out),
            Kind::Float(layout) => layout.format(bits, out),
            Kind::Bool => match bits {
                0 => out.push_str("False"),
                1 => out.push_str("True"),
                other => push_unsigned(other, out),
            },
            Kind::Char => character::push(bits as u8, out),
        }
    }

    /// The bytes of a typed value, in this type's order.
    ///
    /// # Errors
    /// [`ValueError`] when the text is no value or the type can't hold it.
    pub fn encode(self, text: &str) -> Result<Vec<u8>, ValueError> {
        let name = self.element.name();
        let bits = 8 * self.size();
        let word = match self.element.facts().kind {
            Kind::Unsigned => parse_integer(text, name, 0, (1 << bits) - 1)? as u64,
            Kind::Signed => parse_integer(text, name, -1 << (bits - 1), (1 << (bits - 1)) - 1)? as u64,
            Kind::Float(layout) => float_text::parse_float(layout, text)?,
            Kind::Bool => parse_bool(text)?,
            Kind::Char => u64::from(character::parse(text)?),
        };
        let little = word.to_le_bytes();
        let mut bytes = little[..self.size()].to_vec();
        if self.order == Order::Big {
            bytes.reverse();
        }
        Ok(bytes)
    }

    fn bits(self, bytes: &[u8]) -> u64 {
        assert_eq!(bytes.len(), self.size(), "a value is made of its bytes");
        let mut word = [0; 8];
        match self.order {
            Order::Little => {
                word[..bytes.len()].copy_from_slice(bytes);
                u64::from_le_bytes(word)
            }
            Order::Big => {
                word[8 - bytes.len()..].copy_from_slice(bytes);
                u64::from_be_bytes(word)
            }
        }
    }
}

fn parse_bool(text: &str) -> Result<u64, ValueError> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" => Ok(1),
        "false" => Ok(0),
        _ => Ok(parse_integer(text, "bool", 0, 255)? as u64),
    }
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.size() == 1 { '|' } else { self.order.mark() };
        write!(f, "{mark}{}", self.element.code())
    }
}

/// Why a name is no element type. Its `Display` is a sentence for the user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ParseDTypeError {
    pub(super) message: String,
}

impl FromStr for DType {
    type Err = ParseDTypeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        names::parse(text)
    }
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
        for (place, element) in Element::ALL.into_iter().enumerate() {
            assert_eq!(element as usize, place);
            let bits = format!("{}", 8 * element.size());
            assert!(matches!(element, Element::Bool | Element::Char) || element.name().ends_with(&bits));
        }
    }

    #[test]
    fn a_bool_that_is_neither_keeps_its_number() {
        let dtype = DType::new(Element::Bool, Order::Little);
        for byte in 0..=255 {
            let mut text = String::new();
            dtype.format(&[byte], &mut text);
            assert_eq!(dtype.encode(&text), Ok(vec![byte]), "{text}");
        }
        assert_eq!(dtype.encode("TRUE"), Ok(vec![1]));
        assert!(dtype.encode("yes").is_err());
    }
}
