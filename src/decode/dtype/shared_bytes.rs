//! Types whose values share bytes with their neighbours: packed ones, and blocks with scales.

use crate::decode::element::Element;

/// Values of 1, 4 or 6 bits, one after another without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Packed {
    /// The type of a value that has a byte of its own.
    pub element: Element,
    /// 1, 4 or 6.
    pub bits: u8,
    /// Whether the first value is in the lowest bits of its byte.
    pub low_first: bool,
}

/// Block formats of GGUF (ggml-common.h of llama.cpp): whole blocks, shared scales.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quant {
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q2K,
    Q3K,
    Q4K,
    Q5K,
    Q6K,
    Q8K,
    Mxfp4,
}

impl Quant {
    pub const ALL: [Self; 12] = [
        Self::Q4_0,
        Self::Q4_1,
        Self::Q5_0,
        Self::Q5_1,
        Self::Q8_0,
        Self::Q2K,
        Self::Q3K,
        Self::Q4K,
        Self::Q5K,
        Self::Q6K,
        Self::Q8K,
        Self::Mxfp4,
    ];

    /// Items a block, and bytes a block.
    pub const fn block(self) -> (u32, u32) {
        match self {
            Self::Q4_0 => (32, 18),
            Self::Q4_1 => (32, 20),
            Self::Q5_0 => (32, 22),
            Self::Q5_1 => (32, 24),
            Self::Q8_0 => (32, 34),
            Self::Q2K => (256, 84),
            Self::Q3K => (256, 110),
            Self::Q4K => (256, 144),
            Self::Q5K => (256, 176),
            Self::Q6K => (256, 210),
            Self::Q8K => (256, 292),
            Self::Mxfp4 => (32, 17),
        }
    }
}
