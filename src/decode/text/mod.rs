//! Character encodings: one cell of the text column for every byte.
//!
//! A character of several bytes has its cell at its first byte. Nothing that is typed is replaced: a character that
//! an encoding has no bytes for is refused.

mod class;
mod code_pages;
mod multi;
mod single;

pub use class::{ByteClass, byte_class};

use super::Order;
use multi::{Multi, Step};
use single::{Page, Table};
use std::sync::OnceLock;

/// An encoding of the text column.
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
    /// IBM code page 037.
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
    /// The byte belongs to the character that a cell before began.
    Continuation,
    /// A character that nothing can be drawn for starts here, or the byte belongs to none.
    Unprintable,
}

/// A character that an encoding has no bytes for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} has no '{}' (character {} of the text)", .encoding.label(), .character.escape_debug(), .index + 1)]
pub struct UnencodableChar {
    pub character: char,
    /// Which character of the text it is, from 0.
    pub index: usize,
    pub encoding: Encoding,
}

#[derive(Clone, Copy)]
enum Codec {
    Single(Page),
    Multi(Multi),
}

struct Facts {
    encoding: Encoding,
    name: &'static str,
    label: &'static str,
    codec: Codec,
}

const fn single(encoding: Encoding, name: &'static str, label: &'static str, page: Page) -> Facts {
    Facts { encoding, name, label, codec: Codec::Single(page) }
}

const fn multi(encoding: Encoding, name: &'static str, label: &'static str, multi: Multi) -> Facts {
    Facts { encoding, name, label, codec: Codec::Multi(multi) }
}

const COUNT: usize = Encoding::ALL.len();

/// In the order of [`Encoding`], which is that of the menu.
#[rustfmt::skip]
static FACTS: [Facts; COUNT] = {
    use encoding_rs as library;
    use Encoding as E;
    use Page::Library;
    [
        single(E::Ascii, "ascii", "ASCII", Page::Ascii),
        single(E::Latin1, "latin-1", "Latin-1 (ISO 8859-1)", Page::Latin1),
        multi(E::Utf8, "utf-8", "UTF-8", Multi::Utf8),
        multi(E::Utf16Le, "utf-16le", "UTF-16 little-endian", Multi::Utf16(Order::Little)),
        multi(E::Utf16Be, "utf-16be", "UTF-16 big-endian", Multi::Utf16(Order::Big)),
        multi(E::Utf32Le, "utf-32le", "UTF-32 little-endian", Multi::Utf32(Order::Little)),
        multi(E::Utf32Be, "utf-32be", "UTF-32 big-endian", Multi::Utf32(Order::Big)),
        single(E::Ebcdic, "cp037", "EBCDIC (code page 037)", single::EBCDIC),
        single(E::Cp437, "cp437", "DOS, United States (code page 437)", single::CP437),
        single(E::Cp850, "cp850", "DOS, Western Europe (code page 850)", single::CP850),
        single(E::Windows1250, "windows-1250", "Windows-1250, Central Europe", Library(library::WINDOWS_1250)),
        single(E::Windows1251, "windows-1251", "Windows-1251, Cyrillic", Library(library::WINDOWS_1251)),
        single(E::Windows1252, "windows-1252", "Windows-1252, Western Europe", Library(library::WINDOWS_1252)),
        single(E::Windows1253, "windows-1253", "Windows-1253, Greek", Library(library::WINDOWS_1253)),
        single(E::Windows1254, "windows-1254", "Windows-1254, Turkish", Library(library::WINDOWS_1254)),
        single(E::Windows1255, "windows-1255", "Windows-1255, Hebrew", Library(library::WINDOWS_1255)),
        single(E::Windows1256, "windows-1256", "Windows-1256, Arabic", Library(library::WINDOWS_1256)),
        single(E::Windows1257, "windows-1257", "Windows-1257, Baltic", Library(library::WINDOWS_1257)),
        single(E::Windows1258, "windows-1258", "Windows-1258, Vietnamese", Library(library::WINDOWS_1258)),
        single(E::Iso8859_2, "iso-8859-2", "ISO 8859-2, Central Europe", Library(library::ISO_8859_2)),
        single(E::Iso8859_5, "iso-8859-5", "ISO 8859-5, Cyrillic", Library(library::ISO_8859_5)),
        single(E::Iso8859_7, "iso-8859-7", "ISO 8859-7, Greek", Library(library::ISO_8859_7)),
        single(E::Iso8859_15, "iso-8859-15", "ISO 8859-15, Western Europe", Library(library::ISO_8859_15)),
        single(E::Koi8R, "koi8-r", "KOI8-R, Russian", Library(library::KOI8_R)),
        single(E::MacRoman, "mac-roman", "Mac Roman", Library(library::MACINTOSH)),
        multi(E::ShiftJis, "shift-jis", "Shift-JIS, Japanese", Multi::EastAsian(library::SHIFT_JIS)),
        multi(E::EucJp, "euc-jp", "EUC-JP, Japanese", Multi::EastAsian(library::EUC_JP)),
        multi(E::Gbk, "gbk", "GBK, Simplified Chinese", Multi::EastAsian(library::GBK)),
        multi(E::EucKr, "euc-kr", "EUC-KR, Korean", Multi::EastAsian(library::EUC_KR)),
        multi(E::Big5, "big5", "Big5, Traditional Chinese", Multi::EastAsian(library::BIG5)),
    ]
};

static TABLES: [OnceLock<Table>; COUNT] = [const { OnceLock::new() }; COUNT];

impl Encoding {
    /// All of them, in the order of the menu.
    #[rustfmt::skip]
    pub const ALL: &'static [Self] = &[
        Self::Ascii, Self::Latin1, Self::Utf8, Self::Utf16Le, Self::Utf16Be, Self::Utf32Le, Self::Utf32Be,
        Self::Ebcdic, Self::Cp437, Self::Cp850, Self::Windows1250, Self::Windows1251, Self::Windows1252, Self::Windows1253,
        Self::Windows1254, Self::Windows1255, Self::Windows1256, Self::Windows1257, Self::Windows1258, Self::Iso8859_2, Self::Iso8859_5,
        Self::Iso8859_7, Self::Iso8859_15, Self::Koi8R, Self::MacRoman, Self::ShiftJis, Self::EucJp, Self::Gbk,
        Self::EucKr, Self::Big5,
    ];

    fn facts(self) -> &'static Facts {
        &FACTS[self as usize]
    }

    /// The name in a menu.
    pub fn label(self) -> &'static str {
        self.facts().label
    }

    /// The name in settings: `utf-8`, `cp037`.
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// The encoding of a name in settings, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        FACTS.iter().find(|facts| facts.name.eq_ignore_ascii_case(name)).map(|facts| facts.encoding)
    }

    /// Bytes of a code unit: 2 for UTF-16, 4 for UTF-32, else 1.
    pub fn unit(self) -> usize {
        match self.facts().codec {
            Codec::Single(_) => 1,
            Codec::Multi(multi) => multi.unit(),
        }
    }

    /// Bytes that [`cells`](Self::cells) wants to see before and after those that it makes cells of.
    pub fn context(self) -> usize {
        match self.facts().codec {
            Codec::Single(_) => 0,
            Codec::Multi(multi) => multi.context(),
        }
    }

    /// Appends `count` cells, those of `bytes[first..first + count]`; fewer when `bytes` end before.
    ///
    /// The bytes around are context, so that a character may span rows: give [`context`](Self::context) bytes on both
    /// sides where there are as many. `bytes[0]` lies at a multiple of [`unit`](Self::unit) in the file.
    pub fn cells(self, bytes: &[u8], first: usize, count: usize, out: &mut Vec<TextCell>) {
        let end = first.saturating_add(count).min(bytes.len());
        let first = first.min(end);
        let multi = match self.facts().codec {
            Codec::Single(page) => {
                let table = self.table(page);
                out.extend(bytes[first..end].iter().map(|&byte| cell_of(table[usize::from(byte)])));
                return;
            }
            Codec::Multi(multi) => multi,
        };
        let mut at = multi.start(bytes, first);
        while at < end {
            let step = multi.step(&bytes[at..]);
            let shown = first.saturating_sub(at)..step.len.min(end - at);
            out.extend(shown.map(|index| cell_in(&step, index)));
            at += step.len;
        }
    }

    /// The bytes of a text.
    ///
    /// # Errors
    /// [`UnencodableChar`] for the first character that has none.
    pub fn encode(self, text: &str) -> Result<Vec<u8>, UnencodableChar> {
        let mut bytes = Vec::with_capacity(text.len());
        for (index, character) in text.chars().enumerate() {
            let encoded = match self.facts().codec {
                Codec::Multi(multi) => multi.encode(character, &mut bytes),
                Codec::Single(page) => {
                    let byte = single::byte_of(self.table(page), character);
                    bytes.extend(byte);
                    byte.is_some()
                }
            };
            if !encoded {
                return Err(UnencodableChar { character, index, encoding: self });
            }
        }
        Ok(bytes)
    }

    /// The text of `bytes`, with U+FFFD for what is none.
    pub fn decode_lossy(self, bytes: &[u8]) -> String {
        let multi = match self.facts().codec {
            Codec::Single(page) => {
                let table = self.table(page);
                return bytes.iter().map(|&byte| table[usize::from(byte)]).collect();
            }
            Codec::Multi(multi) => multi,
        };
        let mut text = String::with_capacity(bytes.len());
        let mut at = 0;
        while at < bytes.len() {
            let step = multi.step(&bytes[at..]);
            match step.characters[0] {
                Some(_) => text.extend(step.characters.into_iter().flatten()),
                None => text.push(char::REPLACEMENT_CHARACTER),
            }
            at += step.len;
        }
        text
    }

    /// How many bytes the first character of `bytes` takes, and which it is; in Big5 a few are two characters. Without a
    /// character, how many bytes are none.
    pub fn first_character(self, bytes: &[u8]) -> (usize, [Option<char>; 2]) {
        let Some(first) = bytes.first() else { return (0, [None; 2]) };
        match self.facts().codec {
            Codec::Single(page) => {
                let character = self.table(page)[usize::from(*first)];
                (1, [Some(character).filter(|found| *found != char::REPLACEMENT_CHARACTER), None])
            }
            Codec::Multi(multi) => {
                let step = multi.step(bytes);
                (step.len, step.characters)
            }
        }
    }

    fn table(self, page: Page) -> &'static Table {
        TABLES[self as usize].get_or_init(|| page.table())
    }
}

/// The cell of the byte at `index` of a step.
fn cell_in(step: &Step, index: usize) -> TextCell {
    match step.characters {
        [None, _] => TextCell::Unprintable,
        characters => match characters.get(index).copied().flatten() {
            Some(character) => cell_of(character),
            None => TextCell::Continuation,
        },
    }
}

fn cell_of(character: char) -> TextCell {
    if is_drawable(character) { TextCell::Char(character) } else { TextCell::Unprintable }
}

/// Neither a control nor a format character, nor one without a common glyph.
fn is_drawable(character: char) -> bool {
    !character.is_control()
        && !matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{e000}'..='\u{f8ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_facts_stand_in_the_order_of_the_encodings() {
        for (place, facts) in FACTS.iter().enumerate() {
            assert_eq!((facts.encoding as usize, Encoding::ALL[place]), (place, facts.encoding));
            assert_eq!(Encoding::from_name(&facts.name.to_uppercase()), Some(facts.encoding));
            assert!(FACTS[..place].iter().all(|other| other.label != facts.label));
        }
        assert_eq!(Encoding::from_name("utf-9"), None);
    }

    /// Cells as text: a character, `.` for Unprintable, `_` for Continuation.
    fn shown(encoding: Encoding, bytes: &[u8], first: usize, count: usize) -> String {
        let mut cells = Vec::new();
        encoding.cells(bytes, first, count, &mut cells);
        let show = |cell| match cell {
            TextCell::Char(character) => character,
            TextCell::Continuation => '_',
            TextCell::Unprintable => '.',
        };
        cells.into_iter().map(show).collect()
    }

    #[test]
    fn a_character_may_span_rows() {
        let text = "aé€😀z";
        let whole = "aé_€__😀___z";
        for cut in 0..=text.len() {
            let left = shown(Encoding::Utf8, text.as_bytes(), 0, cut);
            let right = shown(Encoding::Utf8, text.as_bytes(), cut, text.len() - cut);
            assert_eq!(left + &right, whole, "cut at {cut}");
        }
    }

    #[test]
    fn every_cut_gives_the_same_cells_in_every_encoding() {
        for (encoding, text) in [
            (Encoding::Utf16Le, "aé€😀\u{feff}z"),
            (Encoding::Utf16Be, "aé€😀z"),
            (Encoding::Utf32Le, "a😀z"),
            (Encoding::ShiftJis, "aｱ日本語 表z"),
            (Encoding::EucJp, "aｱ日本語 表z"),
            (Encoding::Gbk, "a漢字€ 丂z"),
            (Encoding::EucKr, "a한국어 뷁z"),
            (Encoding::Big5, "a中文 許z"),
            (Encoding::Windows1251, "Ж"),
        ] {
            let bytes = encoding.encode(text).expect("encodable");
            let whole = shown(encoding, &bytes, 0, bytes.len());
            let drawn: String = whole.chars().filter(|character| !"._".contains(*character)).collect();
            assert_eq!(drawn, text.replace('\u{feff}', ""));
            for cut in 0..=bytes.len() {
                let halves = shown(encoding, &bytes, 0, cut) + &shown(encoding, &bytes, cut, bytes.len());
                assert_eq!(halves, whole, "{encoding:?} cut at {cut}");
            }
        }
    }

    #[test]
    fn broken_sequences_show_as_unprintable() {
        assert_eq!(shown(Encoding::Utf8, b"\x80a\xe2\x82z\xf0\x9f\x98", 0, 9), ".a..z...");
        assert_eq!(shown(Encoding::Utf8, b"\xc0\x80\xed\xa0\x80", 0, 5), ".....");
        assert_eq!(shown(Encoding::Utf16Le, b"\x00\xd8a\0b", 0, 5), "..a_.");
        assert_eq!(shown(Encoding::Utf32Be, b"\0\x11\0\0\0\0\0a\0", 0, 9), "....a___.");
        assert_eq!(shown(Encoding::ShiftJis, b"\xfd\x82", 0, 2), "..");
        assert_eq!(shown(Encoding::Ascii, b"a\x80\n~", 0, 9), "a..~");
        assert_eq!(shown(Encoding::Utf8, b"abc", 7, 2), "");
    }

    #[test]
    fn nothing_is_replaced_by_something_alike() {
        let refused =
            |encoding: Encoding, text: &str| encoding.encode(text).map_err(|error| error.to_string());
        assert_eq!(refused(Encoding::Ascii, "ae€"), Err("ASCII has no '€' (character 3 of the text)".into()));
        // The web's encoder would write a backslash for the yen sign.
        assert!(refused(Encoding::ShiftJis, "¥").is_err());
        assert!(refused(Encoding::Windows1252, "\u{fffd}").is_err());
        assert_eq!(refused(Encoding::Ebcdic, "A1"), Ok(vec![0xc1, 0xf1]));
    }
}
