//! Cyclic redundancy checks by parts, of any width up to 64 bits.
//!
//! The register is a polynomial over GF(2). A chunk read from a register of 0 leaves a remainder; a register that was
//! something before adds itself times x to the power of the chunk's bits. So chunks are computed apart and put together
//! by one multiplication each. Registers are held here with the highest power in the highest bit, in whichever order the
//! algorithm takes its bits.

use super::method::{Extent, Fold, Method, Part, PartState, Parts, number_part, part_number};
use crc::{Crc, Table};

/// What of an algorithm matters between chunks.
#[derive(Clone, Copy)]
struct Shape {
    width: u32,
    /// Without its highest power.
    polynomial: u64,
    initial: u64,
    /// Whether the value is the register with its bits the other way round.
    is_reflected: bool,
    /// What is added at the end.
    last: u64,
}

impl Shape {
    const fn mask(self) -> u64 {
        u64::MAX >> (64 - self.width)
    }

    const fn reversed(self, value: u64) -> u64 {
        value.reverse_bits() >> (64 - self.width)
    }

    /// The register of a value from which the last addition was taken.
    const fn register(self, value: u64) -> u64 {
        if self.is_reflected { self.reversed(value) } else { value }
    }

    /// The product of two polynomials, modulo the algorithm's own.
    const fn product(self, a: u64, b: u64) -> u64 {
        let (mut sum, mut left) = (0, self.width);
        while left > 0 {
            left -= 1;
            let carry = sum >> (self.width - 1) & 1;
            sum = (sum << 1) & self.mask();
            if carry == 1 {
                sum ^= self.polynomial;
            }
            if b >> left & 1 == 1 {
                sum ^= a;
            }
        }
        sum
    }

    /// x to the power of 8 for each of `bytes`.
    const fn power(self, bytes: u64) -> u64 {
        // x to the eighth. A width below 9 has to reduce it first.
        let (mut square, mut eighth) = (1 & self.mask(), 0);
        while eighth < 8 {
            square = self.times_x(square);
            eighth += 1;
        }
        let (mut result, mut left) = (1, bytes);
        while left > 0 {
            if left & 1 == 1 {
                result = self.product(result, square);
            }
            square = self.product(square, square);
            left >>= 1;
        }
        result
    }

    const fn times_x(self, value: u64) -> u64 {
        let carry = value >> (self.width - 1) & 1;
        let shifted = (value << 1) & self.mask();
        if carry == 1 { shifted ^ self.polynomial } else { shifted }
    }
}

struct CrcSum {
    shape: Shape,
    register: u64,
    /// The last length and its power: all chunks but the last have the same.
    power: (u64, u64),
}

impl Fold for CrcSum {
    fn fold(&mut self, part: Part, len: u64) {
        if self.power.0 != len {
            self.power = (len, self.shape.power(len));
        }
        self.register = self.shape.product(self.power.1, self.register) ^ part_number(&part);
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        let value = self.shape.register(self.register) ^ self.shape.last;
        let bytes = self.shape.width.div_ceil(8) as usize;
        value.to_be_bytes()[8 - bytes..].to_vec()
    }
}

fn method(shape: Shape, parts: impl Parts + 'static) -> Method {
    let sum = CrcSum { shape, register: shape.initial, power: (0, 1) };
    Method::ByParts(Box::new(parts), Box::new(sum))
}

/// Makes the constructor for algorithms whose numbers are of this type.
macro_rules! by_table {
    ($(#[$doc:meta])* $name:ident, $number:ty) => {
        $(#[$doc])*
        pub(super) fn $name(algorithm: &'static crc::Algorithm<$number>) -> Method {
            struct ByTable(Box<Crc<$number, Table<16>>>, Shape);

            impl Parts for ByTable {
                fn begin(&self, _: u64) -> Box<dyn PartState + '_> {
                    Box::new(TablePart(self.0.digest_with_initial(0), self.1))
                }

                fn of_zeros(&self, _: u64) -> Option<Part> {
                    Some(Part::default())
                }
            }

            struct TablePart<'c>(crc::Digest<'c, $number, Table<16>>, Shape);

            impl PartState for TablePart<'_> {
                fn add(&mut self, bytes: &[u8]) {
                    self.0.update(bytes);
                }

                fn end(self: Box<Self>) -> Part {
                    number_part(self.1.register(u64::from(self.0.finalize()) ^ self.1.last))
                }
            }

            let shape = Shape {
                width: u32::from(algorithm.width),
                polynomial: u64::from(algorithm.poly),
                initial: u64::from(algorithm.init),
                is_reflected: algorithm.refout,
                last: u64::from(algorithm.xorout),
            };
            method(shape, ByTable(Box::new(Crc::<$number, Table<16>>::new(algorithm)), shape))
        }
    };
}

by_table!(by_table_8, u8);
by_table!(by_table_16, u16);
by_table!(by_table_32, u32);
by_table!(by_table_64, u64);

const fn shape_of_32(algorithm: &crc::Algorithm<u32>) -> Shape {
    Shape {
        width: 32,
        polynomial: algorithm.poly as u64,
        initial: algorithm.init as u64,
        is_reflected: algorithm.refout,
        last: algorithm.xorout as u64,
    }
}

const CRC32: Shape = shape_of_32(&crc::CRC_32_ISO_HDLC);
const CRC32C: Shape = shape_of_32(&crc::CRC_32_ISCSI);

/// CRC-32 with the processor's help. The library starts from the value that a register of 0 has.
struct Fast32;

impl Parts for Fast32 {
    fn begin(&self, _: u64) -> Box<dyn PartState + '_> {
        Box::new(Fast32Part(crc32fast::Hasher::new_with_initial(!0)))
    }

    fn of_zeros(&self, _: u64) -> Option<Part> {
        Some(Part::default())
    }
}

struct Fast32Part(crc32fast::Hasher);

impl PartState for Fast32Part {
    fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn end(self: Box<Self>) -> Part {
        number_part(CRC32.register(u64::from(!self.0.finalize())))
    }
}

/// CRC-32C with the processor's help, in the same way.
struct Fast32C;

impl Parts for Fast32C {
    fn begin(&self, _: u64) -> Box<dyn PartState + '_> {
        Box::new(Fast32CPart(!0))
    }

    fn of_zeros(&self, _: u64) -> Option<Part> {
        Some(Part::default())
    }
}

struct Fast32CPart(u32);

impl PartState for Fast32CPart {
    fn add(&mut self, bytes: &[u8]) {
        self.0 = crc32c::crc32c_append(self.0, bytes);
    }

    fn end(self: Box<Self>) -> Part {
        number_part(CRC32C.register(u64::from(!self.0)))
    }
}

pub(super) fn crc32(_: Extent) -> Method {
    method(CRC32, Fast32)
}

pub(super) fn crc32_c(_: Extent) -> Method {
    method(CRC32C, Fast32C)
}
