//! Which characters make a string.
//!
//! Text has characters with a picture, spaces and tabs; controls, line breaks and code points without a character end
//! it. UTF-16 needs a narrower rule: of any two bytes most are some ideograph, so that nearly all data would be text. There
//! only characters in common use count: the alphabets, signs, kana, emoji, and the ideographs and syllables of the first
//! levels of the national character sets.

use crate::decode::Encoding;
use crate::escape::is_hidden;
use std::sync::LazyLock;
use unicode_width::UnicodeWidthChar;

/// Whether a character may be part of a string.
pub(super) fn is_text(character: char) -> bool {
    match character {
        '\t' | ' '..='~' => true,
        '\0'..='\u{9f}' => false,
        // They stand between characters that they join, or give the one before another picture.
        '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' => true,
        '\u{a0}' | '\u{3000}' => true,
        _ if is_hidden(character) => false,
        // The standard library escapes what has no picture of its own: also marks on letters, which have no width.
        _ => character.escape_debug().len() == 1 || character.width() == Some(0),
    }
}

/// The bytes of a single-byte encoding that are text.
pub(super) fn text_bytes(encoding: Encoding) -> [bool; 256] {
    std::array::from_fn(|byte| {
        let (_, [character, _]) = encoding.first_character(&[byte as u8]);
        character.is_some_and(is_text)
    })
}

/// Code points of the basic plane, a bit each.
pub(super) type Plane = [u64; 1024];

/// What counts as text in UTF-16. Made in some milliseconds at the first use.
pub(super) static COMMON: LazyLock<Box<Plane>> = LazyLock::new(|| {
    let mut plane = empty_plane();
    let mut add = |character: char| {
        let code = character as usize;
        if code < 0x1_0000 && is_text(character) {
            plane[code / 64] |= 1 << (code % 64);
        }
    };
    for (from, to) in ALPHABETS {
        (*from..=*to).for_each(&mut add);
    }
    for (encoding, leads, trail) in FIRST_LEVELS {
        for lead in leads.0..=leads.1 {
            for trail in trail..=0xfe {
                let (len, characters) = encoding.first_character(&[lead, trail]);
                if len == 2 {
                    characters.into_iter().flatten().for_each(&mut add);
                }
            }
        }
    }
    plane
});

/// What counts as text elsewhere. Made in some milliseconds at the first use.
pub(super) static TEXT: LazyLock<Box<Plane>> = LazyLock::new(|| {
    let mut plane = empty_plane();
    for unit in 0..=u16::MAX {
        if char::from_u32(u32::from(unit)).is_some_and(is_text) {
            plane[usize::from(unit) / 64] |= 1 << (unit % 64);
        }
    }
    plane
});

fn empty_plane() -> Box<Plane> {
    vec![0; 1024].try_into().unwrap_or_else(|_| Box::new([0; 1024]))
}

/// Blocks of letters and signs that are in use.
const ALPHABETS: &[(char, char)] = &[
    // Latin with all its extensions, IPA, marks, Greek, Cyrillic, Armenian, Hebrew, Arabic.
    ('\t', '\u{77f}'),
    // The scripts of India, Thai, Lao, Tibetan, Burmese, Georgian.
    ('\u{900}', '\u{10ff}'),
    // Khmer.
    ('\u{1780}', '\u{17ff}'),
    // More of Latin and Greek, punctuation, currencies, arrows, mathematics, boxes, symbols.
    ('\u{1e00}', '\u{27bf}'),
    // Punctuation of East Asia, and kana.
    ('\u{3000}', '\u{30ff}'),
    // Forms of full and half width.
    ('\u{ff01}', '\u{ffe6}'),
];

/// The first bytes of the characters in common use, and the lowest second byte: of GB 2312, JIS X 0208, Big5 and
/// KS X 1001.
const FIRST_LEVELS: [(Encoding, (u8, u8), u8); 4] = [
    (Encoding::Gbk, (0xb0, 0xd7), 0xa1),
    (Encoding::EucJp, (0xb0, 0xcf), 0xa1),
    (Encoding::Big5, (0xa4, 0xc6), 0x40),
    (Encoding::EucKr, (0xb0, 0xc8), 0xa1),
];

/// Whether a character beyond the basic plane counts as text in UTF-16: emoji and other pictures.
pub(super) fn is_common_beyond(character: char) -> bool {
    matches!(character, '\u{1f000}'..='\u{1faff}') && is_text(character)
}

/// Whether a plane has a code point.
#[inline(always)]
pub(super) fn has_unit(plane: &Plane, unit: u16) -> bool {
    plane[usize::from(unit >> 6)] >> (unit & 63) & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_what_can_be_seen() {
        for text in
            ["aZ~ \t0", "éßЖω", "中文한글かな", "👍🏽", "e\u{301}", "\u{a0}€", "می\u{200c}خواهم", "❤\u{fe0f}"]
        {
            assert!(text.chars().all(is_text), "{text}");
        }
        for character in [
            '\0',
            '\n',
            '\r',
            '\x7f',
            '\u{85}',
            '\u{ad}',
            '\u{200b}',
            '\u{202e}',
            '\u{feff}',
            '\u{e000}',
            '\u{378}',
            '\u{fffe}',
            '\u{10ffff}',
        ] {
            assert!(!is_text(character), "{character:?}");
        }
    }

    #[test]
    fn common_characters_are_a_small_part_of_all_and_hold_what_people_write() {
        let count: u32 = COMMON.iter().map(|word| word.count_ones()).sum();
        assert!((10_000..20_000).contains(&count), "{count}");
        for text in [
            "Übergrößenträger",
            "Привет, мир",
            "文件夹设置",
            "日本語の文章",
            "안녕하세요",
            "שלום",
            "ﾃｽﾄ",
            "→ 10 €",
        ] {
            let units: Vec<u16> = text.encode_utf16().collect();
            assert!(units.iter().all(|unit| has_unit(&COMMON, *unit)), "{text}");
        }
        // Letters of ASCII whose bytes are read in the wrong order.
        assert!("\u{4100}\u{4200}\u{e900}".encode_utf16().all(|unit| !has_unit(&COMMON, unit)));
    }

    #[test]
    fn ascii_is_what_strings_takes_for_text() {
        let bytes = text_bytes(Encoding::Ascii);
        for byte in 0..=255_u8 {
            assert_eq!(bytes[usize::from(byte)], byte == b'\t' || (0x20..0x7f).contains(&byte), "{byte:#x}");
        }
    }
}
