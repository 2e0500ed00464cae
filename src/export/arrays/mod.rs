//! The items of an array as text and as files of other programs, one file each.
//!
//! A format is a function and a line in [`ARRAY_FORMATS`]. All of them read the source block by block and write as
//! they go, so memory is bounded whatever the array's size; a caller who wants text in memory caps it.

mod code;
mod copy;
mod csv;
mod gather;
mod json;
mod nest;
mod npy;
mod print;
mod python;
mod safetensors;
mod values;

pub use csv::column_name;
pub use json::{quoted as json_string, write_string as write_json_string, write_values as write_json_values};
pub use values::{Visit, for_each};

use crate::bytes::{ReadError, Source};
use crate::decode::array::Array;
use crate::decode::item::ItemType;
use crate::decode::{DType, Element, Order};
use crate::job::Progress;
use std::io::{self, Write};
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

/// One way to hand over an array.
pub struct ArrayFormat {
    /// For settings and the command line.
    pub name: &'static str,
    pub label: &'static str,
    /// Of a file, without the point.
    pub extension: &'static str,
    /// Whether it is text that can be copied.
    pub is_text: bool,
    /// Blocks. What is written before an error is no whole file.
    pub write: fn(&Export<'_>, &mut dyn Write) -> Result<(), ExportError>,
}

/// Items whose text is longer are better exported than copied, in bytes of the array.
pub const MAX_TEXT_BYTES: u64 = 16 << 20;

/// Why an array could not be handed over. Its `Display` is a sentence for the user.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("{0}.")]
    Read(#[from] ReadError),
    #[error("It could not be written: {0}.")]
    Write(#[from] io::Error),
    #[error("{0}")]
    Refused(String),
    #[error("It was cancelled.")]
    Cancelled,
}

const fn text(
    name: &'static str,
    label: &'static str,
    extension: &'static str,
    write: fn(&Export<'_>, &mut dyn Write) -> Result<(), ExportError>,
) -> ArrayFormat {
    ArrayFormat { name, label, extension, is_text: true, write }
}

const fn file(
    name: &'static str,
    label: &'static str,
    write: fn(&Export<'_>, &mut dyn Write) -> Result<(), ExportError>,
) -> ArrayFormat {
    ArrayFormat { name, label, extension: name, is_text: false, write }
}

/// All formats, in the order of the menu.
pub const ARRAY_FORMATS: &[ArrayFormat] = &[
    text("print", "Text, as NumPy prints", "txt", print::write),
    text("csv", "CSV", "csv", csv::write),
    text("tsv", "Tab-separated, for spreadsheets", "tsv", csv::write_tabs),
    text("memmap", "Python: np.memmap of the file", "py", python::memmap),
    text("array", "Python: np.array", "py", python::array),
    text("list", "Python: list", "py", python::list),
    text("struct", "Python: struct.unpack", "py", python::unpack),
    text("array.array", "Python: array.array", "py", python::array_array),
    text("bytes", "Python: bytes", "py", python::bytes),
    text("json", "JSON", "json", json::write),
    text("markdown", "Markdown table", "md", csv::markdown),
    text("rust", "Rust array", "rs", code::rust),
    text("c", "C array", "c", code::c),
    text("hex", "Hex", "txt", copy::hex),
    text("base64", "Base64", "txt", copy::base64),
    file("npy", "NumPy file (.npy)", npy::write),
    file("raw", "Raw bytes", copy::raw),
    file("safetensors", "safetensors", safetensors::write),
];

/// The format of this name.
pub fn array_format(name: &str) -> Option<&'static ArrayFormat> {
    ARRAY_FORMATS.iter().find(|format| format.name == name)
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
