//! Adler-32 by parts.
//!
//! The sum has two halves: `a` is 1 and all bytes, `b` is all values that `a` takes. Of a later part, `a` counts from 1
//! again, and each of its bytes adds what `a` was before it to `b` once more.

use super::method::{Extent, Fold, Method, Part, PartState, Parts, number_part, part_number};

/// The largest prime below 2^16.
const MODULUS: u64 = 65_521;

struct AdlerParts;

impl Parts for AdlerParts {
    fn begin(&self, _: u64) -> Box<dyn PartState + '_> {
        Box::new(AdlerPart(adler2::Adler32::new()))
    }

    fn of_zeros(&self, len: u64) -> Option<Part> {
        // `a` stays 1, and so `b` counts the bytes.
        Some(number_part(((len % MODULUS) << 16) | 1))
    }
}

struct AdlerPart(adler2::Adler32);

impl PartState for AdlerPart {
    fn add(&mut self, bytes: &[u8]) {
        self.0.write_slice(bytes);
    }

    fn end(self: Box<Self>) -> Part {
        number_part(u64::from(self.0.checksum()))
    }
}

struct AdlerSum {
    a: u64,
    b: u64,
}

impl Fold for AdlerSum {
    fn fold(&mut self, part: Part, len: u64) {
        let part = part_number(&part);
        let (a, b) = (part & 0xffff, part >> 16);
        let before = self.a + MODULUS - 1;
        self.b = (self.b + b + len % MODULUS * (before % MODULUS)) % MODULUS;
        self.a = (before + a) % MODULUS;
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        [self.b, self.a].iter().flat_map(|half| (*half as u16).to_be_bytes()).collect()
    }
}

pub(super) fn adler32(_: Extent) -> Method {
    Method::ByParts(Box::new(AdlerParts), Box::new(AdlerSum { a: 1, b: 0 }))
}
