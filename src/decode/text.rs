//! Character encodings: one cell of the text column for every byte.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Encoding {
    #[default]
    Ascii,
    Latin1,
    Utf8,
    Utf16Le,
    Utf16Be,
    Utf32Le,
    Utf32Be,
    Ebcdic,
    Cp437,
    Cp850,
    Windows1250,
    Windows1251,
    Windows1252,
    Windows1253,
    Windows1254,
    Windows1255,
    Windows1256,
    Windows1257,
    Windows1258,
    Iso8859_2,
    Iso8859_5,
    Iso8859_7,
    Iso8859_15,
    Koi8R,
    MacRoman,
    ShiftJis,
    EucJp,
    Gbk,
    EucKr,
    Big5,
}

/// What the text column shows at one byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextCell {
    /// A character starts here.
    Char(char),
    /// The byte belongs to the character of a cell before.
    Continuation,
    /// A control character, or no character at all.
    Unprintable,
}

/// A character that an encoding has no bytes for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{encoding} has no '{character}' (character {at})", encoding = .encoding.label(), at = .index + 1)]
pub struct UnencodableChar {
    pub character: char,
    /// Which character of the text it is, from 0.
    pub index: usize,
    pub encoding: Encoding,
}

impl Encoding {
    pub const ALL: &'static [Self] = &[];
    pub fn label(self) -> &'static str {
        todo!()
    }
    /// The name in settings: `utf-8`, `cp037`.
    pub fn name(self) -> &'static str {
        todo!()
    }
    /// Any case.
    pub fn from_name(name: &str) -> Option<Self> {
        let _ = name;
        todo!()
    }
    /// Appends `count` cells, those of `bytes[first..first + count]`. The bytes before and after are context, so that a
    /// character may span rows: give [`context`](Self::context) bytes on both sides where there are as many.
    /// `bytes[0]` is at a multiple of [`unit`](Self::unit) in the file.
    pub fn cells(self, bytes: &[u8], first: usize, count: usize, out: &mut Vec<TextCell>) {
        let _ = (bytes, first, count, out);
        todo!()
    }
    pub fn encode(self, text: &str) -> Result<Vec<u8>, UnencodableChar> {
        let _ = text;
        todo!()
    }
    /// The text of `bytes`, U+FFFD for what is none.
    pub fn decode_lossy(self, bytes: &[u8]) -> String {
        let _ = bytes;
        todo!()
    }
    /// Bytes of context that `cells` wants before and after.
    pub const fn context(self) -> usize {
        todo!()
    }
    /// Bytes of a code unit: 1, 2 for UTF-16, 4 for UTF-32.
    pub const fn unit(self) -> usize {
        todo!()
    }
}

/// What kind of byte it is, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ByteClass {
    Zero,
    Printable,
    Space,
    Control,
    High,
    Ones,
}

impl ByteClass {
    pub const ALL: [Self; 6] =
        [Self::Zero, Self::Printable, Self::Space, Self::Control, Self::High, Self::Ones];
}

pub const fn byte_class(byte: u8) -> ByteClass {
    let _ = byte;
    todo!()
}
