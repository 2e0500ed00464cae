//! Numbers of variable length: LEB128, of at most 64 bits.
//!
//! One that is longer than need be is read; written is the shortest.

use super::InspectedValue;
use crate::decode::scalar::integer::{ValueError, parse_integer, push_signed, push_unsigned};

/// Bytes that 64 bits take.
pub(super) const MAX_SIZE: usize = 10;

/// Seven bits a byte, the lowest first, until a byte below 0x80: the value's bits, and the bytes.
/// `None` when no such byte comes or there are more than 70 bits.
fn leb128(bytes: &[u8]) -> Option<(u128, usize)> {
    let len = bytes.iter().take(MAX_SIZE).position(|byte| byte & 0x80 == 0)? + 1;
    let word = bytes[..len].iter().rev().fold(0, |word, byte| word << 7 | u128::from(byte & 0x7f));
    Some((word, len))
}

pub(super) fn uleb128(bytes: &[u8]) -> Option<InspectedValue> {
    let (word, len) = leb128(bytes)?;
    let mut text = String::new();
    push_unsigned(u64::try_from(word).ok()?, &mut text);
    Some(InspectedValue { text, len })
}

pub(super) fn sleb128(bytes: &[u8]) -> Option<InspectedValue> {
    let (word, len) = leb128(bytes)?;
    // The highest bit that is there is the sign: bring it to the top and back.
    let unused = 128 - 7 * len;
    let value = (word << unused).cast_signed() >> unused;
    let mut text = String::new();
    push_signed(i64::try_from(value).ok()?, &mut text);
    Some(InspectedValue { text, len })
}

pub(super) fn encode_uleb128(text: &str) -> Result<Vec<u8>, ValueError> {
    let mut rest = parse_integer(text, "LEB128 of 64 bits", 0, u64::MAX.into())?;
    let mut bytes = Vec::with_capacity(MAX_SIZE);
    while rest >= 0x80 {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    Ok(bytes)
}

pub(super) fn encode_sleb128(text: &str) -> Result<Vec<u8>, ValueError> {
    let mut rest = parse_integer(text, "LEB128 of 64 bits", i64::MIN.into(), i64::MAX.into())?;
    let mut bytes = Vec::with_capacity(MAX_SIZE);
    while !(-0x40..0x40).contains(&rest) {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8 & 0x7f);
    Ok(bytes)
}
