//! Numbers packed into bytes: seven bits a byte, the lowest first, so that small ones take one byte.
//!
//! What is read may come from a file that anybody wrote: a number that ends early or does not fit is `None`.

use std::sync::Arc;

/// Bytes of a number, at most.
const LONGEST: usize = 10;

/// Appends a number.
pub fn put(bytes: &mut Vec<u8>, number: u64) {
    each_byte(number, |byte| bytes.push(byte));
}

#[inline]
fn each_byte(mut number: u64, mut f: impl FnMut(u8)) {
    while number > 0x7F {
        f(number as u8 | 0x80);
        number >>= 7;
    }
    f(number as u8);
}

/// Packs numbers of which there are few as a rule: those that fit into a block take no memory of their own.
pub struct Packer {
    full: Vec<u8>,
    block: [u8; Self::BLOCK],
    used: usize,
}

impl Packer {
    const BLOCK: usize = 64;

    /// Nothing yet; `expected` bytes will come.
    pub fn new(expected: usize) -> Self {
        let capacity = if expected > Self::BLOCK { expected } else { 0 };
        Self { full: Vec::with_capacity(capacity), block: [0; Self::BLOCK], used: 0 }
    }

    /// Appends a number.
    #[inline]
    pub fn put(&mut self, number: u64) {
        if self.used > Self::BLOCK - LONGEST {
            self.empty_block();
        }
        let (block, used) = (&mut self.block, &mut self.used);
        each_byte(number, |byte| {
            block[*used] = byte;
            *used += 1;
        });
    }

    fn empty_block(&mut self) {
        self.full.extend_from_slice(&self.block[..self.used]);
        self.used = 0;
    }

    /// All bytes.
    pub fn finish(mut self) -> Arc<[u8]> {
        if self.full.is_empty() {
            return Arc::from(&self.block[..self.used]);
        }
        self.empty_block();
        Arc::from(self.full)
    }
}

/// Takes a number off the front.
#[inline]
pub fn take(bytes: &mut &[u8]) -> Option<u64> {
    let (mut number, mut shift) = (0, 0);
    while let Some((&byte, rest)) = bytes.split_first() {
        *bytes = rest;
        number |= u64::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return (shift < 63 || byte < 2).then_some(number);
        }
        shift += 7;
        if shift > 63 {
            return None;
        }
    }
    None
}

/// Appends bytes behind their number.
pub fn put_run(bytes: &mut Vec<u8>, run: &[u8]) {
    put(bytes, run.len() as u64);
    bytes.extend_from_slice(run);
}

/// Takes bytes off the front that stand behind their number.
pub fn take_run<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let len = usize::try_from(take(bytes)?).ok()?;
    let (run, rest) = bytes.split_at_checked(len)?;
    *bytes = rest;
    Some(run)
}

/// Small numbers of either sign as small numbers.
pub fn fold(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

/// What [`fold`] was given.
pub fn unfold(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_out_as_they_went_in_and_never_half() {
        for number in [0, 1, 127, 128, 16_383, 16_384, u64::MAX >> 1, u64::MAX] {
            let mut bytes = Vec::new();
            put(&mut bytes, number);
            assert_eq!(take(&mut &bytes[..]), Some(number));
            assert_eq!(take(&mut &bytes[..bytes.len() - 1]), None);
        }
        let too_large = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2];
        assert_eq!((take(&mut &too_large[..]), take(&mut &[0xFF; 20][..])), (None, None));
        let mut run = Vec::new();
        put_run(&mut run, b"abc");
        assert_eq!(take_run(&mut &run[..]), Some(&b"abc"[..]));
        assert_eq!(take_run(&mut &run[..3]), None);
    }

    #[test]
    fn folded_numbers_unfold() {
        for number in [0, 1, -1, 63, -64, i64::MAX, i64::MIN] {
            assert_eq!(unfold(fold(number)), number);
        }
        assert_eq!([fold(0), fold(-1), fold(1)], [0, 1, 2]);
    }
}
