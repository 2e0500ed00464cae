//! The values of quantised blocks as 32-bit floats, with the bits of the reference, and one value put back.
//!
//! A block shares its scales, so a value is changed only to one that the block can hold as it is; its neighbours
//! and its scales are never touched. Quantising whole blocks anew is not done here.

mod layout;

use super::dtype::Quant;
use super::{DType, Element, Order};
use layout::{Codes, Part, Slot};

/// MXFP4's sixteen values, doubled: the scale is halved for it.
const E2M1: [i8; 16] = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

/// Neighbours that share their scale in every format, and lie in as many neighbouring bytes or bits.
const SAME_SCALE: usize = 16;

/// Items that share a sum in `Q8_K`, and where the sums begin.
const SUMMED: usize = 16;
const SUMS_AT: usize = 260;

impl Quant {
    /// The value of the `item`-th of a block's items.
    ///
    /// # Panics
    /// When `block` is not one block, or has no such item.
    pub fn value(self, block: &[u8], item: u32) -> f32 {
        let slot = self.checked(block, item);
        slot.value(slot.code(block))
    }

    /// The values of all items of a block, the same as [`value`](Self::value) has.
    ///
    /// # Panics
    /// When `block` is not one block, or `values` are not as many as it has items.
    pub fn values(self, block: &[u8], values: &mut [f32]) {
        let (items, bytes) = self.block();
        assert!(block.len() == bytes as usize && values.len() == items as usize, "a block and its items");
        for (number, run) in values.chunks_exact_mut(SAME_SCALE).enumerate() {
            layout::slot(self, block, number * SAME_SCALE).run(block, run);
        }
    }

    /// The block's bytes with another value of one item.
    ///
    /// # Errors
    /// When the block's scale has no such value: a sentence that names the nearest ones.
    ///
    /// # Panics
    /// As [`value`](Self::value).
    pub fn encode(self, block: &[u8], item: u32, value: f32) -> Result<Vec<u8>, String> {
        let slot = self.checked(block, item);
        let code = slot.find(value).ok_or_else(|| slot.refusal(value))?;
        Ok(self.with_code(block, item, &slot, code))
    }

    /// The block with item `item` as near to `value` as its scale allows; of two that are as near the lower one.
    ///
    /// # Errors
    /// When the block's scale has no number.
    ///
    /// # Panics
    /// As [`value`](Self::value).
    pub fn encode_nearest(self, block: &[u8], item: u32, value: f32) -> Result<Vec<u8>, String> {
        let slot = self.checked(block, item);
        let far = |code: &u8| (f64::from(slot.value(*code)) - f64::from(value)).abs();
        let codes = slot.all().filter(|code| !slot.value(*code).is_nan());
        let code = codes.min_by(|a, b| far(a).total_cmp(&far(b))).ok_or_else(|| slot.refusal(value))?;
        Ok(self.with_code(block, item, &slot, code))
    }

    fn with_code(self, block: &[u8], item: u32, slot: &Slot, code: u8) -> Vec<u8> {
        let mut new = block.to_vec();
        slot.put(&mut new, code);
        if self == Self::Q8K {
            sum_again(&mut new, item as usize / SUMMED);
        }
        new
    }

    fn checked(self, block: &[u8], item: u32) -> Slot {
        let (items, bytes) = self.block();
        assert!(block.len() == bytes as usize && item < items, "one block and one of its items");
        layout::slot(self, block, item as usize)
    }
}

/// `Q8_K` keeps the sum of each sixteen of its values.
fn sum_again(block: &mut [u8], group: usize) {
    let values = &block[4 + group * SUMMED..][..SUMMED];
    let sum: i16 = values.iter().map(|byte| i16::from(byte.cast_signed())).sum();
    block[SUMS_AT + 2 * group..][..2].copy_from_slice(&sum.to_le_bytes());
}

impl Part {
    fn mask(self) -> u8 {
        ((1_u16 << self.bits) - 1) as u8
    }

    /// The part of the item that is so many behind this one and shares its scale.
    fn after(self, items: usize) -> Self {
        let Self { byte, shift, bits, runs_in_bits } = self;
        if !runs_in_bits {
            return Self { byte: byte + items, ..self };
        }
        let at = usize::from(shift) + items * usize::from(bits);
        Self { byte: byte + at / 8, shift: (at % 8) as u8, ..self }
    }

    fn get(self, block: &[u8]) -> u8 {
        (block[self.byte] >> self.shift) & self.mask()
    }

    fn put(self, block: &mut [u8], code: u8) {
        let byte = &mut block[self.byte];
        *byte = *byte & !(self.mask() << self.shift) | (code & self.mask()) << self.shift;
    }
}

impl Slot {
    fn code(&self, block: &[u8]) -> u8 {
        self.low.get(block) | self.high.map_or(0, |high| high.get(block) << self.low.bits)
    }

    fn put(&self, block: &mut [u8], code: u8) {
        self.low.put(block, code);
        if let Some(high) = self.high {
            high.put(block, code >> self.low.bits);
        }
    }

    fn value(&self, code: u8) -> f32 {
        let steps = match self.codes {
            Codes::Above(zero) => i16::from(code) - i16::from(zero),
            Codes::Signed => i16::from(code.cast_signed()),
            Codes::E2m1 => i16::from(E2M1[usize::from(code & 15)]),
        };
        let product = self.scale * f32::from(steps);
        // Without an offset nothing is added: it would make 0.0 of -0.0.
        self.offset.map_or(product, |offset| product + offset)
    }

    /// The values of this item and of those behind it, which share its scale.
    fn run(&self, block: &[u8], values: &mut [f32]) {
        let low = &block[self.low.byte..][..values.len()];
        let (shift, mask) = (self.low.shift, self.low.mask());
        let codes = |at: usize| (low[at] >> shift) & mask;
        match self.high {
            None => values.iter_mut().enumerate().for_each(|(at, value)| *value = self.value(codes(at))),
            Some(high) => {
                for (at, value) in values.iter_mut().enumerate() {
                    *value = self.value(codes(at) | high.after(at).get(block) << self.low.bits);
                }
            }
        }
    }

    fn all(&self) -> impl Iterator<Item = u8> {
        let bits = self.low.bits + self.high.map_or(0, |high| high.bits);
        0..=((1_u16 << bits) - 1) as u8
    }

    /// The code of just this value; of both zeros, the one that is asked for if it is there.
    fn find(&self, value: f32) -> Option<u8> {
        let same = |code: &u8| self.value(*code).to_bits() == value.to_bits();
        let equal = |code: &u8| {
            let there = self.value(*code);
            there == value || there.is_nan() && value.is_nan()
        };
        self.all().find(same).or_else(|| self.all().find(equal))
    }

    fn refusal(&self, value: f32) -> String {
        let values = || self.all().map(|code| self.value(code)).filter(|value| !value.is_nan());
        let below = values().filter(|there| *there < value).reduce(f32::max);
        let above = values().filter(|there| *there > value).reduce(f32::min);
        let nearest = match (below.map(shown), above.map(shown)) {
            (Some(below), Some(above)) => format!("the nearest are {below} and {above}"),
            (Some(one), None) | (None, Some(one)) => format!("the nearest is {one}"),
            (None, None) => "it can't hold any number".to_owned(),
        };
        let text = shown(value);
        format!(
            "With the scale of its block this element can't be {text}: {nearest}. ~{text} takes the nearest."
        )
    }
}

fn shown(value: f32) -> String {
    let mut text = String::new();
    DType::new(Element::F32, Order::Little).format(&value.to_le_bytes(), &mut text);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `Q4_0` with the scale 0.5: codes 0 to 15 are -4.0 to 3.5.
    fn block() -> Vec<u8> {
        let mut block = half::f16::from_f32(0.5).to_le_bytes().to_vec();
        block.extend(0..16);
        block
    }

    #[test]
    fn only_values_of_the_scale_are_put_and_only_there() {
        let old = block();
        assert_eq!((Quant::Q4_0.value(&old, 3), Quant::Q4_0.value(&old, 19)), (-2.5, -4.0));
        let new = Quant::Q4_0.encode(&old, 19, 3.5).expect("can be held");
        for item in 0..32 {
            let wanted = if item == 19 { 3.5 } else { Quant::Q4_0.value(&old, item) };
            assert_eq!(Quant::Q4_0.value(&new, item), wanted, "item {item}");
        }
        let refused = Quant::Q4_0.encode(&old, 0, 0.6).expect_err("no such step");
        assert!(refused.contains("can't be 0.6: the nearest are 0.5 and 1.0."), "{refused}");
        let refused = Quant::Q4_0.encode(&old, 0, 1e9).expect_err("too large");
        assert!(refused.contains("the nearest is 3.5."), "{refused}");
    }

    #[test]
    fn the_sums_of_q8_k_follow_its_values() {
        let mut block = vec![0; 292];
        block[..4].copy_from_slice(&1.0_f32.to_le_bytes());
        let new = Quant::Q8K.encode(&block, 17, -128.0).expect("can be held");
        let new = Quant::Q8K.encode(&new, 18, 3.0).expect("can be held");
        assert_eq!(new[262..264], (-125_i16).to_le_bytes());
        assert_eq!(new[260..262], [0, 0]);
    }

    #[test]
    fn every_value_of_every_format_reads_back() {
        let mut rng = fastrand::Rng::with_seed(7);
        for quant in Quant::ALL {
            let (items, bytes) = quant.block();
            for _ in 0..20 {
                let block: Vec<u8> = (0..bytes).map(|_| rng.u8(..)).collect();
                for item in (0..items).step_by(7) {
                    let other = quant.value(&block, rng.u32(..items));
                    let Ok(new) = quant.encode(&block, item, other) else { continue };
                    let is = quant.value(&new, item);
                    assert!(is == other || is.is_nan() && other.is_nan(), "{quant:?} {item}: {is} {other}");
                    let same = (0..items)
                        .filter(|at| *at != item)
                        .all(|at| quant.value(&new, at).to_bits() == quant.value(&block, at).to_bits());
                    assert!(same, "{quant:?} {item}: a neighbour was changed");
                }
            }
        }
    }

    #[test]
    fn all_values_of_a_block_are_those_of_its_items() {
        let mut rng = fastrand::Rng::with_seed(11);
        for quant in Quant::ALL {
            let (items, bytes) = quant.block();
            let mut values = vec![0.0; items as usize];
            for _ in 0..50 {
                let block: Vec<u8> = (0..bytes).map(|_| rng.u8(..)).collect();
                quant.values(&block, &mut values);
                for (item, value) in (0..).zip(&values) {
                    let own = quant.value(&block, item);
                    let same = own.to_bits() == value.to_bits() || own.is_nan() && value.is_nan();
                    assert!(same, "{quant:?} {item}: {own} {value}");
                }
            }
        }
    }

    #[test]
    fn the_nearest_value_is_taken_when_it_is_asked_for() {
        for (asked, taken) in [(0.3, 0.5), (0.2, 0.0), (100.0, 3.5), (-100.0, -4.0), (0.5, 0.5), (0.25, 0.0)]
        {
            let new = Quant::Q4_0.encode_nearest(&block(), 3, asked).expect("a number");
            assert_eq!(Quant::Q4_0.value(&new, 3), taken, "{asked}");
            for other in (0..32).filter(|other| *other != 3) {
                assert_eq!(Quant::Q4_0.value(&new, other), Quant::Q4_0.value(&block(), other));
            }
        }
        let mut broken = block();
        broken[..2].copy_from_slice(&half::f16::NAN.to_le_bytes());
        assert!(Quant::Q4_0.encode_nearest(&broken, 3, 0.5).is_err());
    }
}
