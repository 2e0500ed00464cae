//! Values of 1, 4 and 6 bits among others in the same bytes.
//!
//! A group is a byte, or three bytes for four values of 6 bits, and read as one number: the first value in its
//! lowest bits, or in its highest ones.

use super::{Order, Packed};
use crate::decode::scalar_type::DType;
use crate::decode::{NumberStyle, ValueError};

/// How far the bits of value `item` are from the lowest, and the bits of a value; `None` when there is no such value.
fn place(packed: Packed, group: &[u8], item: u32) -> Option<(u32, u32)> {
    let bits = u32::from(packed.bits);
    let all = 8 * u32::try_from(group.len()).ok()?;
    let low = item.checked_mul(bits)?;
    let high = low.checked_add(bits).filter(|high| *high <= all)?;
    Some((if packed.low_first { low } else { all - high }, bits))
}

/// The group as one number: of several bytes the first is the lowest where the first value is.
fn word(packed: Packed, group: &[u8]) -> u32 {
    let push = |word: u32, byte: &u8| word << 8 | u32::from(*byte);
    if packed.low_first { group.iter().rev().fold(0, push) } else { group.iter().fold(0, push) }
}

/// The value as a byte of its own, and that byte's type.
pub(super) fn value(packed: Packed, group: &[u8], item: u32) -> Option<(DType, u8)> {
    let (low, bits) = place(packed, group, item)?;
    let value = word(packed, group) >> low & ((1 << bits) - 1);
    Some((DType::new(packed.element, Order::Little), value as u8))
}

pub(super) fn format(packed: Packed, group: &[u8], item: u32, style: NumberStyle, out: &mut String) {
    match value(packed, group, item) {
        // A bit is a number here, as what NumPy's unpackbits makes of it.
        Some((_, byte)) if packed.bits == 1 => out.push(if byte == 0 { '0' } else { '1' }),
        Some((dtype, byte)) => dtype.format_styled(&[byte], style, out),
        None => out.push('…'),
    }
}

pub(super) fn encode(packed: Packed, text: &str, old: &[u8], item: u32) -> Result<Vec<u8>, ValueError> {
    let byte = DType::new(packed.element, Order::Little).encode(text)?;
    put(packed, byte.first().copied().unwrap_or(0), old, item)
}

/// The group with `byte` as its value `item`.
pub(super) fn put(packed: Packed, byte: u8, old: &[u8], item: u32) -> Result<Vec<u8>, ValueError> {
    let fits = byte >> (packed.bits % 8) == 0;
    let Some((low, bits)) = place(packed, old, item).filter(|_| fits) else {
        return Err(ValueError::new(format!("{byte} does not fit {} bits", packed.bits)));
    };
    let mask = ((1u32 << bits) - 1) << low;
    let new = word(packed, old) & !mask | u32::from(byte) << low;
    let bytes = new.to_le_bytes();
    let mut bytes = bytes.get(..old.len()).unwrap_or(&bytes).to_vec();
    if !packed.low_first {
        bytes.reverse();
    }
    Ok(bytes)
}
