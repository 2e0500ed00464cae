//! The element types of a typed view and their names.

use super::Order;
use std::str::FromStr;

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
    Bool,
    Char,
}

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
    /// Bytes of one element.
    pub const fn size(self) -> usize {
        todo!()
    }
    /// NumPy's name: `uint8`, `float32`, `bfloat16`.
    pub const fn name(self) -> &'static str {
        todo!()
    }
    /// The name in a menu: `float 32`.
    pub const fn label(self) -> &'static str {
        todo!()
    }
    pub const fn is_float(self) -> bool {
        todo!()
    }
    pub const fn is_integer(self) -> bool {
        todo!()
    }
}

/// An element type and the order of its bytes; the order of one-byte elements says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DType {
    pub element: Element,
    pub order: Order,
}

impl DType {
    pub const fn new(element: Element, order: Order) -> Self {
        Self { element, order }
    }
    pub const fn size(self) -> usize {
        todo!()
    }
    /// NumPy's string: `<f4`, `|u1`, `<bf16`.
    pub fn name(self) -> String {
        todo!()
    }
    pub fn label(self) -> &'static str {
        todo!()
    }
    /// Characters of the widest value.
    pub fn max_width(self) -> usize {
        todo!()
    }
    /// Appends the shortest text that reads back to the same bits. `bytes.len() == size()`.
    pub fn format(self, bytes: &[u8], out: &mut String) {
        let _ = (bytes, out);
        todo!()
    }
    /// The bytes of a typed value.
    pub fn encode(self, text: &str) -> Result<Vec<u8>, ValueError> {
        let _ = text;
        todo!()
    }
}

impl FromStr for DType {
    type Err = ParseDTypeError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let _ = text;
        todo!()
    }
}

impl serde::Serialize for DType {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name())
    }
}

impl<'de> serde::Deserialize<'de> for DType {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        name.parse().map_err(serde::de::Error::custom)
    }
}

/// Why a name is no dtype.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseDTypeError(pub String);

/// Why a text is no value of a type. `Display` is a sentence for the user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ValueError(pub String);
