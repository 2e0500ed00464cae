//! The tensor types of ggml by their numbers: name, elements and bytes of a block. What is shown is found by the name.

use crate::decode::dtype::ItemType;
use crate::decode::{Dialect, Order};

/// A type of tensors.
pub(super) struct TensorType {
    pub name: &'static str,
    /// Items of a block, and its bytes.
    block: (u64, u64),
}

const fn kind(name: &'static str, items: u64, bytes: u64) -> Option<TensorType> {
    Some(TensorType { name, block: (items, bytes) })
}

const fn scalar(name: &'static str, bytes: u64) -> Option<TensorType> {
    kind(name, 1, bytes)
}

/// By number; what is `None` was withdrawn.
const KINDS: [Option<TensorType>; 42] = [
    scalar("F32", 4),
    scalar("F16", 2),
    kind("Q4_0", 32, 18),
    kind("Q4_1", 32, 20),
    None,
    None,
    kind("Q5_0", 32, 22),
    kind("Q5_1", 32, 24),
    kind("Q8_0", 32, 34),
    kind("Q8_1", 32, 40),
    kind("Q2_K", 256, 84),
    kind("Q3_K", 256, 110),
    kind("Q4_K", 256, 144),
    kind("Q5_K", 256, 176),
    kind("Q6_K", 256, 210),
    kind("Q8_K", 256, 292),
    kind("IQ2_XXS", 256, 66),
    kind("IQ2_XS", 256, 74),
    kind("IQ3_XXS", 256, 98),
    kind("IQ1_S", 256, 50),
    kind("IQ4_NL", 32, 18),
    kind("IQ3_S", 256, 110),
    kind("IQ2_S", 256, 82),
    kind("IQ4_XS", 256, 136),
    scalar("I8", 1),
    scalar("I16", 2),
    scalar("I32", 4),
    scalar("I64", 8),
    scalar("F64", 8),
    kind("IQ1_M", 256, 56),
    scalar("BF16", 2),
    None,
    None,
    None,
    kind("TQ1_0", 256, 54),
    kind("TQ2_0", 256, 66),
    None,
    None,
    None,
    kind("MXFP4", 32, 17),
    kind("NVFP4", 64, 36),
    kind("Q1_0", 128, 18),
];

pub(super) fn find(number: u32) -> Option<&'static TensorType> {
    KINDS.get(number as usize)?.as_ref()
}

impl TensorType {
    /// What it is shown as.
    ///
    /// # Errors
    /// Why it is not shown.
    pub fn item(&self, order: Order) -> Result<ItemType, String> {
        match ItemType::named_in(Dialect::Gguf, self.name, order) {
            Some(ItemType::Quant(_)) if order == Order::Big => {
                Err(format!("{} in big-endian order", self.name))
            }
            Some(item) => Ok(item),
            None => Err(format!("type {} is not shown", self.name)),
        }
    }

    /// Bytes of a tensor whose rows of `row` items make `items` in all; `None` when a row ends within a block.
    pub fn bytes(&self, row: u64, items: u64) -> Option<u64> {
        let (of, bytes) = self.block;
        (row.is_multiple_of(of)).then_some(items / of)?.checked_mul(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_of_what_is_shown_is_as_large_as_its_type() {
        let mut shown = 0;
        for kind in KINDS.iter().flatten() {
            if let Ok(item) = kind.item(Order::Little) {
                assert_eq!(kind.block, (item.group_items().into(), item.group_bytes()), "{}", kind.name);
                shown += 1;
            }
        }
        assert_eq!(shown, 20, "all types of the dialect have a number");
    }
}
