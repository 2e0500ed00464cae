//! Bytes and arrays for other programs, one file each.
//!
//! A format is a function and a line in [`FORMATS`], for bytes, for arrays (in `arrays`), or for both. A form of bytes
//! gets them in memory and never reads a source.

pub mod base64;
mod decimal;
mod dump;
mod hex;
mod literal;
pub mod matches;
mod python;
pub mod statistics;
pub mod strings;
mod text;
mod values;

pub mod arrays;

use crate::decode::{DType, Element, Encoding, Order};
use arrays::{Export, ExportError, code, copy, csv, json, npy, print, safetensors};
use std::io::Write;

/// What the formats may need to know.
#[derive(Clone, Copy, Debug)]
pub struct ExportOptions {
    /// Offset of the first byte, for dumps.
    pub offset: u64,
    /// Bytes a line where there are lines; 0 counts as 1.
    pub columns: usize,
    /// Upper-case hex digits.
    pub upper: bool,
    /// Encoding of text.
    pub encoding: Encoding,
    /// Type of values.
    pub dtype: DType,
}

impl Default for ExportOptions {
    fn default() -> Self {
        Self {
            offset: 0,
            columns: 16,
            upper: false,
            encoding: Encoding::Ascii,
            dtype: DType::new(Element::U8, Order::Little),
        }
    }
}

/// Writes the text of bytes in memory, which the caller caps at [`MAX_BYTES`].
pub type Render = fn(&[u8], &ExportOptions) -> String;

/// Writes an array block by block. What is written before an error is no whole file.
pub type WriteArray = fn(&Export<'_>, &mut dyn Write) -> Result<(), ExportError>;

/// One form in which bytes, an array or both are handed to other programs.
pub struct ExportFormat {
    /// For settings and the command line.
    pub name: &'static str,
    pub label: &'static str,
    /// Of a file, without the point.
    pub extension: &'static str,
    /// Whether it is text that can be copied.
    pub is_text: bool,
    /// `None` when it is a form of arrays only.
    pub of_bytes: Option<Render>,
    /// `None` when it is a form of bytes only.
    pub of_array: Option<WriteArray>,
}

/// What is longer is better saved than copied: the text has up to six times as many characters.
pub const MAX_BYTES: u64 = 16 << 20;

const fn text(name: &'static str, label: &'static str, extension: &'static str) -> ExportFormat {
    ExportFormat { name, label, extension, is_text: true, of_bytes: None, of_array: None }
}

const fn file(name: &'static str, label: &'static str, write: WriteArray) -> ExportFormat {
    ExportFormat { is_text: false, ..text(name, label, name) }.array(write)
}

impl ExportFormat {
    const fn bytes(self, render: Render) -> Self {
        Self { of_bytes: Some(render), ..self }
    }

    const fn array(self, write: WriteArray) -> Self {
        Self { of_array: Some(write), ..self }
    }
}

/// All formats, in the order of the menus.
pub const FORMATS: &[ExportFormat] = &[
    text("print", "Text, as NumPy prints", "txt").array(print::write),
    text("csv", "CSV", "csv").array(csv::write),
    text("tsv", "Tab-separated, for spreadsheets", "tsv").array(csv::write_tabs),
    text("hex", "Hex", "txt").bytes(hex::render).array(copy::hex),
    text("dump", "Hex dump", "txt").bytes(dump::render),
    text("text", "Text", "txt").bytes(text::render),
    text("memmap", "Python: np.memmap of the file", "py").array(arrays::python::memmap),
    text("array", "Python: np.array", "py").array(arrays::python::array),
    text("list", "Python: list", "py").array(arrays::python::list),
    text("values", "Python list of values", "py").bytes(values::render),
    text("struct", "Python: struct.unpack", "py").array(arrays::python::unpack),
    text("array.array", "Python: array.array", "py").array(arrays::python::array_array),
    text("python", "Python bytes", "py").bytes(python::render),
    text("bytes", "Python: bytes", "py").array(arrays::python::bytes),
    text("json", "JSON", "json").array(json::write),
    text("markdown", "Markdown table", "md").array(csv::markdown),
    text("c", "C array", "c").bytes(literal::render_c).array(code::c),
    text("rust", "Rust array", "rs").bytes(literal::render_rust).array(code::rust),
    text("decimal", "Decimal numbers", "txt").bytes(decimal::render),
    text("base64", "Base64", "txt").bytes(base64::render).array(copy::base64),
    file("npy", "NumPy file (.npy)", npy::write),
    file("raw", "Raw bytes", copy::raw),
    file("safetensors", "safetensors", safetensors::write),
];

/// The number of the format of this name in [`FORMATS`].
pub fn number_of(name: &str) -> Option<usize> {
    FORMATS.iter().position(|format| format.name == name)
}

/// The forms of bytes, with their numbers in [`FORMATS`].
pub fn byte_formats() -> impl Iterator<Item = (usize, &'static ExportFormat)> {
    FORMATS.iter().enumerate().filter(|(_, format)| format.of_bytes.is_some())
}

/// The forms of arrays, with their numbers in [`FORMATS`].
pub fn array_formats() -> impl Iterator<Item = (usize, &'static ExportFormat)> {
    FORMATS.iter().enumerate().filter(|(_, format)| format.of_array.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::paste_formats;

    fn render(name: &str, bytes: &[u8], options: &ExportOptions) -> String {
        let format = FORMATS.iter().find(|format| format.name == name).expect("a format of that name");
        format.of_bytes.expect("a form of bytes")(bytes, options)
    }

    #[test]
    fn names_and_labels_are_unique() {
        for (place, format) in FORMATS.iter().enumerate() {
            let clash = |other: &ExportFormat| other.name == format.name || other.label == format.label;
            assert!(!FORMATS[..place].iter().any(clash), "{}", format.name);
            assert!(format.of_bytes.is_some() || format.of_array.is_some(), "{}", format.name);
        }
        assert_eq!((byte_formats().count(), array_formats().count()), (9, 18));
    }

    #[test]
    fn each_format_of_five_bytes() {
        let bytes = b"A'\\\0\xff";
        let options = ExportOptions { columns: 4, offset: 0x10, ..ExportOptions::default() };
        for (name, expected) in [
            ("hex", "41 27 5c 00 ff"),
            ("dump", "00000010  41 27 5c 00  |A'\\.|\n00000014  ff           |.|\n"),
            ("text", "A'\\\0\u{fffd}"),
            ("values", "[65, 39, 92, 0, 255]"),
            ("python", r#"b"A'\\\x00\xff""#),
            ("c", "const unsigned char data[5] = {\n    0x41, 0x27, 0x5c, 0x00,\n    0xff,\n};\n"),
            ("rust", "const DATA: [u8; 5] = [\n    0x41, 0x27, 0x5c, 0x00,\n    0xff,\n];\n"),
            ("decimal", "65, 39, 92, 0, 255"),
            ("base64", "QSdcAP8="),
        ] {
            assert_eq!(render(name, bytes, &options), expected, "{name}");
        }
    }

    #[test]
    fn what_is_copied_reads_back_to_the_same_bytes() {
        let seed = 7;
        let mut random = fastrand::Rng::with_seed(seed);
        for round in 0..400 {
            let bytes: Vec<u8> = (0..random.usize(1..70))
                .map(|_| if round % 2 == 0 { random.u8(..) } else { random.u8(0x20..0x7f) })
                .collect();
            let options = ExportOptions {
                columns: random.usize(0..20),
                offset: random.u64(0..1 << 40),
                upper: random.bool(),
                ..ExportOptions::default()
            };
            for (_, format) in byte_formats().filter(|(_, format)| format.name != "text") {
                if format.name == "decimal" && bytes.len() == 1 {
                    // A number alone is read as hex, as it would be typed.
                    continue;
                }
                let text = render(format.name, &bytes, &options);
                let fits = paste_formats::fits(&text);
                let found = fits.iter().any(|fit| fit.bytes == bytes);
                assert!(found, "{} {bytes:x?} {options:?} seed {seed}\n{text}", format.name);
                let wrong = paste_formats::certain(&fits).is_some_and(|fit| fit.bytes != bytes);
                assert!(!wrong, "{} {bytes:x?} {options:?} seed {seed}\n{text}", format.name);
            }
        }
    }

    #[test]
    fn no_bytes_make_no_trouble() {
        for (_, format) in byte_formats() {
            let text = render(format.name, b"", &ExportOptions { columns: 0, ..ExportOptions::default() });
            assert!(text.len() < 40, "{}: {text}", format.name);
        }
    }

    #[test]
    fn values_are_what_python_reads() {
        let list = |name: &str, bytes: &[u8]| {
            let dtype = name.parse().expect("a dtype");
            render("values", bytes, &ExportOptions { dtype, ..ExportOptions::default() })
        };
        assert_eq!(
            list("<f2", b"\0\x3c\0\x7c\0\xfc\0\x7e\x01\xfe"),
            "[1.0, float('inf'), float('-inf'), float('nan'), float('nan')]"
        );
        assert_eq!(list(">u2", b"\x01\x02\x03"), "[258]  # 1 byte left over");
        assert_eq!(list("bool", b"\0\x01\x02"), "[False, True, 2]");
        assert_eq!(list("char", b"A\n\xe9'"), r#"[b'A', b'\n', b'\xe9', b"'"]"#);
    }
}
