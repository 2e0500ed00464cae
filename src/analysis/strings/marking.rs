//! Marks the text of each encoding in a window: the fast look at every byte.
//!
//! A character of several units marks all of them. Only characters that begin in the first units count, those that a
//! window owns; they may reach a few units further.

use super::class::{COMMON, Plane, TEXT, has_unit, is_common_beyond, is_text, text_bytes};
use super::runs::Marks;
use crate::analysis::vector::{Vectorised, vectorised};
use crate::decode::{Encoding, Order};

/// Bytes that are looked at together.
const BLOCK: usize = 64;

/// How the text of an encoding is marked.
#[derive(Clone, Debug)]
pub(super) enum Marker {
    Ascii,
    /// One byte a character, and which bytes are text.
    Bytes(Box<[bool; 256]>),
    Utf8,
    Utf16(Order),
    Utf32(Order),
    /// An encoding in which bytes don't show by themselves where a character begins: it is read from the start on.
    InOrder,
}

impl Marker {
    /// The way that suits an encoding.
    pub fn of(encoding: Encoding) -> Self {
        match encoding {
            Encoding::Ascii => Self::Ascii,
            Encoding::Utf8 => Self::Utf8,
            Encoding::Utf16Le => Self::Utf16(Order::Little),
            Encoding::Utf16Be => Self::Utf16(Order::Big),
            Encoding::Utf32Le => Self::Utf32(Order::Little),
            Encoding::Utf32Be => Self::Utf32(Order::Big),
            Encoding::ShiftJis | Encoding::EucJp | Encoding::Gbk | Encoding::EucKr | Encoding::Big5 => {
                Self::InOrder
            }
            Encoding::Latin1
            | Encoding::Ebcdic
            | Encoding::Cp437
            | Encoding::Cp850
            | Encoding::Windows1250
            | Encoding::Windows1251
            | Encoding::Windows1252
            | Encoding::Windows1253
            | Encoding::Windows1254
            | Encoding::Windows1255
            | Encoding::Windows1256
            | Encoding::Windows1257
            | Encoding::Windows1258
            | Encoding::Iso8859_2
            | Encoding::Iso8859_5
            | Encoding::Iso8859_7
            | Encoding::Iso8859_15
            | Encoding::Koi8R
            | Encoding::MacRoman => Self::Bytes(Box::new(text_bytes(encoding))),
        }
    }

    /// Units at the start of a window into which a character of the one before may reach, and one more.
    pub fn edge(&self) -> usize {
        match self {
            Self::Ascii | Self::Bytes(_) | Self::Utf32(_) | Self::InOrder => 1,
            Self::Utf8 => 4,
            Self::Utf16(_) => 2,
        }
    }

    /// Marks the characters in `bytes` that begin in the first `starts` units.
    pub fn mark(&self, bytes: &[u8], starts: usize, marks: &mut Marks) {
        match self {
            Self::Ascii => ascii(&bytes[..starts], marks),
            Self::Bytes(table) => {
                by_blocks(&bytes[..starts], &mut marks.words, |byte| table[usize::from(byte)]);
            }
            Self::Utf8 => utf8(bytes, starts, marks),
            Self::Utf16(order) => {
                let plane: &Plane = &COMMON;
                let pairs = vectorised(Utf16 { bytes: &bytes[..starts * 2], order: *order, plane, marks });
                if pairs {
                    surrogates(bytes, *order, starts, marks);
                }
            }
            Self::Utf32(order) => utf32(&bytes[..starts * 4], *order, marks),
            Self::InOrder => {}
        }
    }

    /// How many characters begin in the bytes of a run.
    pub fn characters(&self, run: &[u8]) -> u64 {
        let count = match self {
            Self::Ascii | Self::Bytes(_) | Self::InOrder => run.len(),
            Self::Utf8 => run.iter().filter(|byte| **byte & 0xc0 != 0x80).count(),
            Self::Utf16(order) => {
                let units = run.as_chunks::<2>().0.iter();
                units.filter(|unit| !matches!(unit16(**unit, *order), 0xdc00..=0xdfff)).count()
            }
            Self::Utf32(_) => run.len() / 4,
        };
        count as u64
    }
}

#[inline(always)]
fn is_ascii_text(byte: u8) -> bool {
    (byte.wrapping_sub(0x20) < 0x5f) | (byte == b'\t')
}

#[inline(always)]
fn unit16(unit: [u8; 2], order: Order) -> u16 {
    match order {
        Order::Little => u16::from_le_bytes(unit),
        Order::Big => u16::from_be_bytes(unit),
    }
}

/// A bit for each of 64 flags, which are 0 or 1.
#[inline(always)]
fn packed(flags: &[u8; BLOCK]) -> u64 {
    /// Moves the lowest bit of each byte of a word to the top, side by side.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let mut bits = 0;
    for (at, word) in flags.as_chunks::<8>().0.iter().enumerate() {
        bits |= (u64::from_le_bytes(*word).wrapping_mul(GATHER) >> 56) << (8 * at);
    }
    bits
}

#[inline(always)]
fn block_bits(block: &[u8; BLOCK], has: impl Fn(u8) -> bool) -> u64 {
    let mut flags = [0; BLOCK];
    for (flag, byte) in flags.iter_mut().zip(block) {
        *flag = u8::from(has(*byte));
    }
    packed(&flags)
}

/// Marks each byte by itself.
struct ByBlocks<'a, F> {
    bytes: &'a [u8],
    /// One more than there are whole blocks, at least.
    words: &'a mut [u64],
    has: F,
}

impl<F: Fn(u8) -> bool> Vectorised for ByBlocks<'_, F> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let (blocks, rest) = self.bytes.as_chunks::<BLOCK>();
        for (word, block) in self.words.iter_mut().zip(blocks) {
            *word = block_bits(block, &self.has);
        }
        let mut last = 0;
        for (at, byte) in rest.iter().enumerate() {
            last |= u64::from((self.has)(*byte)) << at;
        }
        self.words[blocks.len()] = last;
    }
}

fn by_blocks(bytes: &[u8], words: &mut [u64], has: impl Fn(u8) -> bool) {
    vectorised(ByBlocks { bytes, words, has });
}

/// Marks ASCII, in the quickest way that the processor has.
fn ascii(bytes: &[u8], marks: &mut Marks) {
    #[cfg(target_arch = "x86_64")]
    let done = super::ascii::mark(bytes, &mut marks.words);
    #[cfg(not(target_arch = "x86_64"))]
    let done = 0;
    by_blocks(&bytes[done * BLOCK..], &mut marks.words[done..], is_ascii_text);
}

/// ASCII as in its own encoding; then each first byte of a longer character that another byte of one follows.
fn utf8(bytes: &[u8], starts: usize, marks: &mut Marks) {
    ascii(&bytes[..starts], marks);
    let plane: &Plane = &TEXT;
    let mut leads = Marks::default();
    leads.reset(starts);
    vectorised(Leads { bytes, starts, leads: &mut leads });
    for (word, leads) in leads.words.iter().enumerate() {
        let mut leads = *leads;
        while leads != 0 {
            let at = word * 64 + leads.trailing_zeros() as usize;
            leads &= leads - 1;
            if let Some((len, code)) = long_character(&bytes[at..])
                && is_text_code(plane, code)
            {
                marks.set(at..at + len);
            }
        }
    }
}

/// The character of several bytes of UTF-8 at the start of `bytes`, if there is one: its length and its code.
#[inline(always)]
fn long_character(bytes: &[u8]) -> Option<(usize, u32)> {
    let tail =
        |at: usize| bytes.get(at).filter(|byte| **byte & 0xc0 == 0x80).map(|byte| u32::from(*byte & 0x3f));
    let first = u32::from(*bytes.first()?);
    match first {
        0xc2..=0xdf => Some((2, (first & 0x1f) << 6 | tail(1)?)),
        0xe0..=0xef => {
            let code = (first & 0xf) << 12 | tail(1)? << 6 | tail(2)?;
            (code >= 0x800 && !(0xd800..0xe000).contains(&code)).then_some((3, code))
        }
        0xf0..=0xf4 => {
            let code = (first & 7) << 18 | tail(1)? << 12 | tail(2)? << 6 | tail(3)?;
            (0x1_0000..0x11_0000).contains(&code).then_some((4, code))
        }
        _ => None,
    }
}

/// Whether a code point is text; `plane` is [`TEXT`].
#[inline(always)]
fn is_text_code(plane: &Plane, code: u32) -> bool {
    match u16::try_from(code) {
        Ok(unit) => has_unit(plane, unit),
        Err(_) => char::from_u32(code).is_some_and(is_text),
    }
}

/// Finds bytes that may begin a character of several bytes.
struct Leads<'a> {
    bytes: &'a [u8],
    starts: usize,
    leads: &'a mut Marks,
}

impl Vectorised for Leads<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let may_begin = |byte: u8, next: u8| (byte.wrapping_sub(0xc2) < 0x33) & (next & 0xc0 == 0x80);
        let pairs = self.starts.min(self.bytes.len().saturating_sub(1));
        let (firsts, seconds) = (&self.bytes[..pairs], &self.bytes[self.bytes.len().min(1)..]);
        let (blocks, rest) = firsts.as_chunks::<BLOCK>();
        let next_blocks = seconds.as_chunks::<BLOCK>().0;
        for (word, (block, next)) in self.leads.words.iter_mut().zip(blocks.iter().zip(next_blocks)) {
            let mut flags = [0; BLOCK];
            for (flag, (byte, next)) in flags.iter_mut().zip(block.iter().zip(next)) {
                *flag = u8::from(may_begin(*byte, *next));
            }
            *word = packed(&flags);
        }
        let from = blocks.len() * BLOCK;
        for (at, byte) in rest.iter().enumerate() {
            self.leads.words[blocks.len()] |= u64::from(may_begin(*byte, seconds[from + at])) << at;
        }
    }
}

/// Marks the units that are common characters by themselves; tells whether there are surrogates.
struct Utf16<'a> {
    bytes: &'a [u8],
    order: Order,
    plane: &'a Plane,
    marks: &'a mut Marks,
}

impl Vectorised for Utf16<'_> {
    type Out = bool;

    #[inline(always)]
    fn run(self) -> bool {
        let mut has_surrogates = false;
        let units = self.bytes.as_chunks::<2>().0;
        for (word, block) in self.marks.words.iter_mut().zip(units.chunks(64)) {
            let mut bits = 0;
            for (at, unit) in block.iter().enumerate() {
                let unit = unit16(*unit, self.order);
                bits |= u64::from(has_unit(self.plane, unit)) << at;
                has_surrogates |= unit & 0xfc00 == 0xd800;
            }
            *word = bits;
        }
        has_surrogates
    }
}

/// Marks pairs of units that are one character beyond the basic plane.
fn surrogates(bytes: &[u8], order: Order, starts: usize, marks: &mut Marks) {
    let units = bytes.as_chunks::<2>().0;
    for (at, pair) in units.windows(2).enumerate().take(starts) {
        let [high, low] = [unit16(pair[0], order), unit16(pair[1], order)];
        if high & 0xfc00 == 0xd800
            && let Some(Ok(character)) = char::decode_utf16([high, low]).next()
            && is_common_beyond(character)
        {
            marks.set(at..at + 2);
        }
    }
}

fn utf32(bytes: &[u8], order: Order, marks: &mut Marks) {
    let plane: &Plane = &TEXT;
    for (at, unit) in bytes.as_chunks::<4>().0.iter().enumerate() {
        let code = match order {
            Order::Little => u32::from_le_bytes(*unit),
            Order::Big => u32::from_be_bytes(*unit),
        };
        if code < 0x11_0000 && is_text_code(plane, code) {
            marks.set(at..at + 1);
        }
    }
}
