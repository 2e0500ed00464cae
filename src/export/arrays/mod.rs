//! The elements of an array as text and as files of other programs, one file each.
//!
//! A format is a function here and a line in [`FORMATS`](super::FORMATS). All of them read the source block by block
//! and write as they go, so memory is bounded whatever the array's size; a caller who wants text in memory caps it.

pub(super) mod code;
pub(super) mod copy;
pub(super) mod csv;
mod gather;
pub(super) mod json;
mod nest;
pub(super) mod npy;
pub(super) mod print;
pub(super) mod python;
pub(super) mod safetensors;
mod values;

pub use csv::column_name;
pub use json::{
    quoted as json_string, single as json_value, write_string as write_json_string,
    write_values as write_json_values,
};
pub use values::{Visit, for_each};

use crate::bytes::{ReadError, ReadErrorKind, Source};
use crate::decode::array::Array;
use crate::decode::dtype::ItemType;
use crate::decode::{DType, Element, Order};
use crate::job::Progress;
use std::io;
use std::path::Path;

/// What is handed over, and what a format may need to know of it.
#[derive(Clone, Copy, Debug)]
pub struct Export<'a> {
    pub source: &'a dyn Source,
    pub array: &'a Array,
    /// The file that holds the bytes, for expressions that open it again.
    pub path: Option<&'a Path>,
    /// What the array is called; empty when it has no name.
    pub name: &'a str,
    /// Counts bytes.
    pub progress: &'a Progress,
}

/// Items whose text is longer are better exported than copied, in bytes of the array.
pub const MAX_TEXT_BYTES: u64 = 16 << 20;

/// Why an array could not be handed over. Its `Display` is a sentence for the user.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("{0}.")]
    Read(ReadError),
    #[error("The output could not be written: {0}.")]
    Write(#[from] io::Error),
    #[error("{0}")]
    Refused(String),
    #[error("Cancelled.")]
    Cancelled,
}

impl From<ReadError> for ExportError {
    fn from(error: ReadError) -> Self {
        if error.kind() == ReadErrorKind::Cancelled { Self::Cancelled } else { Self::Read(error) }
    }
}

/// The type of the items in a file where each has bytes of its own: quantised ones become single floats, packed ones
/// take a byte.
pub fn own_bytes(item: &ItemType) -> ItemType {
    match item {
        ItemType::Quant(_) => ItemType::Scalar(DType::new(Element::F32, Order::Little)),
        ItemType::Packed(packed) => ItemType::Scalar(DType::new(packed.element, Order::Little)),
        _ => item.clone(),
    }
}

fn refused<T>(text: impl Into<String>) -> Result<T, ExportError> {
    Err(ExportError::Refused(text.into()))
}
