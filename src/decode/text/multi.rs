//! Encodings of several bytes a character: one step from a character to the next, and where to begin.
//!
//! UTF-8, UTF-16 and UTF-32 show by themselves where a character starts. The East Asian ones do not: there a step
//! begins behind a byte that can only be a character of its own, or as far back as the context goes.

use crate::decode::Order;
use encoding_rs::{DecoderResult, Encoding};

/// How bytes become characters.
#[derive(Clone, Copy)]
pub(super) enum Multi {
    Utf8,
    Utf16(Order),
    Utf32(Order),
    EastAsian(&'static Encoding),
}

/// One character (in Big5, a few are two), or bytes that are none.
pub(super) struct Step {
    /// At least 1.
    pub len: usize,
    pub characters: [Option<char>; 2],
}

impl Step {
    const fn character(character: char, len: usize) -> Self {
        Self { len, characters: [Some(character), None] }
    }

    const fn nothing(len: usize) -> Self {
        Self { len, characters: [None, None] }
    }
}

/// Bytes on either side that settle what an East Asian character is, but for a longer run without ASCII.
const EAST_ASIAN_CONTEXT: usize = 256;

/// No byte below this is ever the second one of an East Asian character.
const LOWEST_TRAIL: u8 = 0x30;

impl Multi {
    /// Bytes of a code unit.
    pub const fn unit(self) -> usize {
        match self {
            Self::Utf8 | Self::EastAsian(_) => 1,
            Self::Utf16(_) => 2,
            Self::Utf32(_) => 4,
        }
    }

    /// Bytes before a position that decide how it is read.
    pub const fn context(self) -> usize {
        match self {
            Self::Utf8 | Self::Utf16(_) => 3,
            Self::Utf32(_) => 3,
            Self::EastAsian(_) => EAST_ASIAN_CONTEXT,
        }
    }

    /// Where to begin stepping so that the character of `bytes[first]` is met: at most its context before.
    pub fn start(self, bytes: &[u8], first: usize) -> usize {
        match self {
            Self::Utf8 => {
                let is_tail = |at: &usize| bytes.get(*at).is_some_and(|byte| byte & 0xc0 == 0x80);
                let tails = (0..3).take_while(|back| first > *back && is_tail(&(first - back))).count();
                first - tails
            }
            Self::Utf16(order) => {
                let start = first - first % 2;
                let unit = |at: usize| bytes.get(at..at + 2).map(|unit| unit_16(unit, order));
                let is_pair = start >= 2
                    && matches!(unit(start - 2), Some(0xd800..=0xdbff))
                    && matches!(unit(start), Some(0xdc00..=0xdfff));
                if is_pair { start - 2 } else { start }
            }
            Self::Utf32(_) => first - first % 4,
            Self::EastAsian(_) => {
                let lowest = first.saturating_sub(EAST_ASIAN_CONTEXT);
                let before = &bytes[lowest..first.min(bytes.len())];
                lowest + before.iter().rposition(|&byte| byte < LOWEST_TRAIL).map_or(0, |at| at + 1)
            }
        }
    }

    /// What `bytes`, which are not empty, begin with.
    pub fn step(self, bytes: &[u8]) -> Step {
        match self {
            Self::Utf8 => utf_8(bytes),
            Self::Utf16(order) => utf_16(bytes, order),
            Self::Utf32(order) => utf_32(bytes, order),
            Self::EastAsian(encoding) => east_asian(bytes, encoding),
        }
    }

    /// Appends the bytes of a character; `false` when it has none.
    pub fn encode(self, character: char, out: &mut Vec<u8>) -> bool {
        match self {
            Self::Utf8 => out.extend(character.encode_utf8(&mut [0; 4]).bytes()),
            Self::Utf16(order) => {
                out.extend(character.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| match order {
                    Order::Little => unit.to_le_bytes(),
                    Order::Big => unit.to_be_bytes(),
                }));
            }
            Self::Utf32(order) => out.extend(match order {
                Order::Little => u32::from(character).to_le_bytes(),
                Order::Big => u32::from(character).to_be_bytes(),
            }),
            Self::EastAsian(encoding) => {
                let mut text = [0; 4];
                let (bytes, _, _) = encoding.encode(character.encode_utf8(&mut text));
                // The library has stand-ins for some characters; what reads back as another one is refused.
                let step = east_asian(&bytes, encoding);
                if step.len != bytes.len() || step.characters != [Some(character), None] {
                    return false;
                }
                out.extend_from_slice(&bytes);
            }
        }
        true
    }
}

fn unit_16(bytes: &[u8], order: Order) -> u16 {
    match (order, bytes) {
        (Order::Little, &[low, high, ..]) | (Order::Big, &[high, low, ..]) => u16::from_be_bytes([high, low]),
        _ => 0,
    }
}

fn utf_8(bytes: &[u8]) -> Step {
    let len = match bytes[0] {
        0..=0x7f => 1,
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return Step::nothing(1),
    };
    let text = bytes.get(..len).and_then(|bytes| std::str::from_utf8(bytes).ok());
    text.and_then(|text| text.chars().next())
        .map_or(Step::nothing(1), |character| Step::character(character, len))
}

fn utf_16(bytes: &[u8], order: Order) -> Step {
    if bytes.len() < 2 {
        return Step::nothing(1);
    }
    let units = bytes.chunks_exact(2).take(2).map(|unit| unit_16(unit, order));
    match char::decode_utf16(units).next() {
        Some(Ok(character)) => Step::character(character, 2 * character.len_utf16()),
        _ => Step::nothing(2),
    }
}

fn utf_32(bytes: &[u8], order: Order) -> Step {
    let Some(&unit) = bytes.first_chunk::<4>() else { return Step::nothing(bytes.len()) };
    let code = match order {
        Order::Little => u32::from_le_bytes(unit),
        Order::Big => u32::from_be_bytes(unit),
    };
    char::from_u32(code).map_or(Step::nothing(4), |character| Step::character(character, 4))
}

fn east_asian(bytes: &[u8], encoding: &'static Encoding) -> Step {
    if bytes[0] < 0x80 {
        return Step::character(char::from(bytes[0]), 1);
    }
    // The shortest sequence that is whole: no character's bytes begin with those of another.
    (1..=4.min(bytes.len()))
        .find_map(|len| {
            let characters = whole_character(&bytes[..len], encoding)?;
            Some(Step { len, characters })
        })
        .unwrap_or(Step::nothing(1))
}

/// The characters of bytes that are exactly one sequence.
fn whole_character(bytes: &[u8], encoding: &'static Encoding) -> Option<[Option<char>; 2]> {
    let mut text = [0; 32];
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let (result, read, written) = decoder.decode_to_utf8_without_replacement(bytes, &mut text, true);
    if !matches!(result, DecoderResult::InputEmpty) || read != bytes.len() {
        return None;
    }
    let mut characters = std::str::from_utf8(&text[..written]).ok()?.chars();
    Some([Some(characters.next()?), characters.next()])
}
