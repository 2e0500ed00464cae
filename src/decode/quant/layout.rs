//! The position of an element in a block, and its scale, by the block layouts of ggml-common.h.
//!
//! An element is a code of 2 to 8 bits, in one part or two, times a scale, sometimes moved by an offset. The products
//! are made in the order of the reference, because floats remember it.

use super::Quant;
use half::f16;

/// Bits of a byte.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub byte: usize,
    pub shift: u8,
    pub bits: u8,
    /// Whether the next item's part is the next bits, and not the same bits of the next byte.
    pub runs_in_bits: bool,
}

impl Part {
    /// Bits of a byte whose next byte has those of the next item.
    const fn new(byte: usize, shift: u8, bits: u8) -> Self {
        Self { byte, shift, bits, runs_in_bits: false }
    }
}

/// What a code means.
#[derive(Clone, Copy)]
pub(super) enum Codes {
    /// The code less so much.
    Above(u8),
    /// Eight bits with a sign.
    Signed,
    /// Four bits of MXFP4.
    E2m1,
}

/// One item of a block.
pub(super) struct Slot {
    pub low: Part,
    pub high: Option<Part>,
    pub codes: Codes,
    pub scale: f32,
    pub offset: Option<f32>,
}

/// The place and scales of item `i`.
pub(super) fn slot(quant: Quant, block: &[u8], i: usize) -> Slot {
    match quant {
        Quant::Q4_0 => Slot::new(halves(2, i), Codes::Above(8), float(block, 0)),
        Quant::Q4_1 => Slot::new(halves(4, i), Codes::Above(0), float(block, 0)).plus(float(block, 2)),
        Quant::Q5_0 => Slot::new(halves(6, i), Codes::Above(16), float(block, 0)).with(bit(2, i)),
        Quant::Q5_1 => {
            Slot::new(halves(8, i), Codes::Above(0), float(block, 0)).with(bit(4, i)).plus(float(block, 2))
        }
        Quant::Q8_0 => Slot::new(Part::new(2 + i, 0, 8), Codes::Signed, float(block, 0)),
        Quant::Q2K => {
            let scale = block[i / 16];
            let offset = float(block, 82) * f32::from(scale >> 4);
            Slot::new(quarters(16, i), Codes::Above(0), float(block, 80) * f32::from(scale & 15))
                .plus(-offset)
        }
        Quant::Q3K => {
            let high = Part::new(i % 32, (i / 32) as u8, 1);
            let scale = float(block, 108) * f32::from(signed_scale(&block[96..108], i / 16));
            Slot::new(quarters(32, i), Codes::Above(4), scale).with(high)
        }
        Quant::Q4K => scaled(block, i, 16),
        Quant::Q5K => scaled(block, i, 48).with(Part::new(16 + i % 32, (i / 32) as u8, 1)),
        Quant::Q6K => {
            let low = Part::new(64 * (i / 128) + i % 64, (4 * (i % 128 / 64)) as u8, 4);
            let scale = float(block, 208) * f32::from(block[192 + i / 16].cast_signed());
            Slot::new(low, Codes::Above(32), scale).with(quarters(128, i))
        }
        Quant::Q8K => {
            let scale = f32::from_le_bytes([block[0], block[1], block[2], block[3]]);
            Slot::new(Part::new(4 + i, 0, 8), Codes::Signed, scale)
        }
        Quant::Mxfp4 => Slot::new(halves(1, i), Codes::E2m1, half_power(block[0])),
    }
}

impl Slot {
    fn new(low: Part, codes: Codes, scale: f32) -> Self {
        Self { low, high: None, codes, scale, offset: None }
    }

    fn with(self, high: Part) -> Self {
        Self { high: Some(high), ..self }
    }

    fn plus(self, offset: f32) -> Self {
        Self { offset: Some(offset), ..self }
    }
}

fn float(block: &[u8], at: usize) -> f32 {
    f16::from_le_bytes([block[at], block[at + 1]]).to_f32()
}

/// Four bits: sixteen items in the low halves of sixteen bytes, sixteen more in the high ones.
fn halves(at: usize, i: usize) -> Part {
    Part::new(at + i % 16, (4 * (i / 16)) as u8, 4)
}

/// One bit, the lowest first.
fn bit(at: usize, i: usize) -> Part {
    Part { byte: at + i / 8, shift: (i % 8) as u8, bits: 1, runs_in_bits: true }
}

/// Two bits: of each 128 items, 32 in the lowest bits of 32 bytes, 32 in the next, and so on.
fn quarters(at: usize, i: usize) -> Part {
    Part::new(at + 32 * (i / 128) + i % 32, (2 * (i % 128 / 32)) as u8, 2)
}

/// The six bits of one of the sixteen scales of `Q3_K`, less 32.
fn signed_scale(scales: &[u8], k: usize) -> i8 {
    let low = (scales[k % 8] >> (4 * (k / 8))) & 15;
    let high = (scales[8 + k % 4] >> (2 * (k / 4))) & 3;
    (low | high << 4).cast_signed() - 32
}

/// `Q4_K`, and `Q5_K` without its fifth bits: a scale and an offset of six bits each for 32 items.
fn scaled(block: &[u8], i: usize, codes_at: usize) -> Slot {
    let (scales, j) = (&block[4..16], i / 32);
    let (scale, least) = if j < 4 {
        (scales[j] & 63, scales[4 + j] & 63)
    } else {
        let both = scales[4 + j];
        (both & 15 | (scales[j - 4] >> 2) & 0x30, both >> 4 | (scales[j] >> 2) & 0x30)
    };
    let low = Part::new(codes_at + 32 * (i / 64) + i % 32, (4 * (i % 64 / 32)) as u8, 4);
    let offset = float(block, 2) * f32::from(least);
    Slot::new(low, Codes::Above(0), float(block, 0) * f32::from(scale)).plus(-offset)
}

/// Half of 2 to the power of `exponent` - 127; the two smallest are subnormal.
fn half_power(exponent: u8) -> f32 {
    f32::from_bits(match exponent {
        0 | 1 => 0x0020_0000 << exponent,
        _ => (u32::from(exponent) - 1) << 23,
    })
}
