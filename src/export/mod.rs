//! A selection as text for other programs, one file each.
//!
//! A format is a file here and a line in [`FORMATS`]. Formats get bytes in memory and never read a source.

mod base64;
mod decimal;
mod dump;
mod hex;
mod literal;
mod python;
mod text;
mod values;

pub mod arrays;

use crate::decode::{DType, Element, Encoding, Order};

/// What the formats may need to know.
#[derive(Clone, Copy, Debug)]
pub struct Options {
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

impl Default for Options {
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

/// One way to write bytes as text.
pub struct Format {
    /// For settings.
    pub name: &'static str,
    pub label: &'static str,
    /// The text of bytes, which the caller caps at [`MAX_BYTES`].
    pub render: fn(&[u8], &Options) -> String,
}

/// What is longer is better saved than copied: the text has up to six times as many characters.
pub const MAX_BYTES: u64 = 16 << 20;

/// All formats, in the order of the menu.
pub const FORMATS: &[Format] = &[
    Format { name: "hex", label: "Hex", render: hex::render },
    Format { name: "dump", label: "Hex dump", render: dump::render },
    Format { name: "text", label: "Text", render: text::render },
    Format { name: "values", label: "Python list of values", render: values::render },
    Format { name: "python", label: "Python bytes", render: python::render },
    Format { name: "c", label: "C array", render: literal::render_c },
    Format { name: "rust", label: "Rust array", render: literal::render_rust },
    Format { name: "decimal", label: "Decimal numbers", render: decimal::render },
    Format { name: "base64", label: "Base64", render: base64::render },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::readings;

    fn render(name: &str, bytes: &[u8], options: &Options) -> String {
        let format = FORMATS.iter().find(|format| format.name == name).expect("a format of that name");
        (format.render)(bytes, options)
    }

    #[test]
    fn names_and_labels_are_unique() {
        for (place, format) in FORMATS.iter().enumerate() {
            let clash = |other: &Format| other.name == format.name || other.label == format.label;
            assert!(!FORMATS[..place].iter().any(clash), "{}", format.name);
        }
    }

    #[test]
    fn each_format_of_five_bytes() {
        let bytes = b"A'\\\0\xff";
        let options = Options { columns: 4, offset: 0x10, ..Options::default() };
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
            let options = Options {
                columns: random.usize(0..20),
                offset: random.u64(0..1 << 40),
                upper: random.bool(),
                ..Options::default()
            };
            for format in FORMATS.iter().filter(|format| format.name != "text") {
                if format.name == "decimal" && bytes.len() == 1 {
                    // A number alone is read as hex, as it would be typed.
                    continue;
                }
                let text = (format.render)(&bytes, &options);
                let fits = readings::fits(&text);
                let found = fits.iter().any(|fit| fit.bytes == bytes);
                assert!(found, "{} {bytes:x?} {options:?} seed {seed}\n{text}", format.name);
                let wrong = readings::certain(&fits).is_some_and(|fit| fit.bytes != bytes);
                assert!(!wrong, "{} {bytes:x?} {options:?} seed {seed}\n{text}", format.name);
            }
        }
    }

    #[test]
    fn no_bytes_make_no_trouble() {
        for format in FORMATS {
            let text = (format.render)(b"", &Options { columns: 0, ..Options::default() });
            assert!(text.len() < 40, "{}: {text}", format.name);
        }
    }

    #[test]
    fn values_are_what_python_reads() {
        let list = |name: &str, bytes: &[u8]| {
            let dtype = name.parse().expect("a dtype");
            render("values", bytes, &Options { dtype, ..Options::default() })
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
