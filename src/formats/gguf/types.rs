//! The tensor types of ggml by their numbers: name, items and bytes of a block, and what we show them as.

use crate::decode::item::{ItemType, Quant};
use crate::decode::{DType, Element, Order};

/// A type of tensors.
pub(super) struct Kind {
    pub name: &'static str,
    /// Items of a block, and its bytes.
    block: (u64, u64),
    shown: Shown,
}

#[derive(Clone, Copy)]
enum Shown {
    As(Element),
    Blocks(Quant),
    Not,
}

const fn kind(name: &'static str, items: u64, bytes: u64, shown: Shown) -> Option<Kind> {
    Some(Kind { name, block: (items, bytes), shown })
}

const fn scalar(name: &'static str, element: Element) -> Option<Kind> {
    kind(name, 1, element.size() as u64, Shown::As(element))
}

const fn blocks(name: &'static str, quant: Quant) -> Option<Kind> {
    let (items, bytes) = quant.block();
    kind(name, items as u64, bytes as u64, Shown::Blocks(quant))
}

const fn hidden(name: &'static str, items: u64, bytes: u64) -> Option<Kind> {
    kind(name, items, bytes, Shown::Not)
}

/// By number; what is `None` was withdrawn.
const KINDS: [Option<Kind>; 42] = [
    scalar("F32", Element::F32),
    scalar("F16", Element::F16),
    blocks("Q4_0", Quant::Q4_0),
    blocks("Q4_1", Quant::Q4_1),
    None,
    None,
    blocks("Q5_0", Quant::Q5_0),
    blocks("Q5_1", Quant::Q5_1),
    blocks("Q8_0", Quant::Q8_0),
    hidden("Q8_1", 32, 40),
    blocks("Q2_K", Quant::Q2K),
    blocks("Q3_K", Quant::Q3K),
    blocks("Q4_K", Quant::Q4K),
    blocks("Q5_K", Quant::Q5K),
    blocks("Q6_K", Quant::Q6K),
    blocks("Q8_K", Quant::Q8K),
    hidden("IQ2_XXS", 256, 66),
    hidden("IQ2_XS", 256, 74),
    hidden("IQ3_XXS", 256, 98),
    hidden("IQ1_S", 256, 50),
    hidden("IQ4_NL", 32, 18),
    hidden("IQ3_S", 256, 110),
    hidden("IQ2_S", 256, 82),
    hidden("IQ4_XS", 256, 136),
    scalar("I8", Element::I8),
    scalar("I16", Element::I16),
    scalar("I32", Element::I32),
    scalar("I64", Element::I64),
    scalar("F64", Element::F64),
    hidden("IQ1_M", 256, 56),
    scalar("BF16", Element::Bf16),
    None,
    None,
    None,
    hidden("TQ1_0", 256, 54),
    hidden("TQ2_0", 256, 66),
    None,
    None,
    None,
    blocks("MXFP4", Quant::Mxfp4),
    hidden("NVFP4", 64, 36),
    hidden("Q1_0", 128, 18),
];

pub(super) fn find(number: u32) -> Option<&'static Kind> {
    KINDS.get(number as usize)?.as_ref()
}

impl Kind {
    /// What it is shown as, or why it is not.
    pub fn item(&self, order: Order) -> Result<ItemType, String> {
        match (self.shown, order) {
            // One byte has no order; little is what it is called.
            (Shown::As(element), _) if element.size() == 1 => Ok(DType::new(element, Order::Little).into()),
            (Shown::As(element), order) => Ok(DType::new(element, order).into()),
            (Shown::Blocks(quant), Order::Little) => Ok(ItemType::Quant(quant)),
            (Shown::Blocks(_), Order::Big) => Err(format!("{} in big-endian order", self.name)),
            (Shown::Not, _) => Err(format!("type {} is not shown", self.name)),
        }
    }

    /// Bytes of a tensor whose rows of `row` items make `items` in all; `None` when a row ends within a block.
    pub fn bytes(&self, row: u64, items: u64) -> Option<u64> {
        let (of, bytes) = self.block;
        (row.is_multiple_of(of)).then_some(items / of)?.checked_mul(bytes)
    }
}
