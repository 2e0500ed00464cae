//! Floats of every width as the shortest text that reads back to the same bits.
//!
//! The layout of the text is that of NumPy's scalars (2.3 and later): `1.0`, `1e-05`, `1.5e+06`, `nan`, `-inf`.
//! Positional digits end where they would stop being exact. Beyond NumPy, a NaN that is not the plain one is
//! written with its bits, `nan(0x7fc00001)`. Nothing here allocates except to make `out` longer.

use super::integer::{push_ascii, push_unsigned};
use crate::decode::ValueClass;
use std::fmt::Write;

/// How a binary float of IEEE 754's shape lies in its bits.
#[derive(Clone, Copy, Debug)]
pub(in crate::decode) struct FloatLayout {
    pub name: &'static str,
    pub bits: u32,
    /// Stored bits of the significand.
    pub fraction: u32,
    /// From here on the text has an exponent: below it, the shortest digits of a whole number are all its digits.
    scientific_from: f64,
    /// Characters of the longest text.
    pub width: usize,
}

pub(in crate::decode) const F16: FloatLayout =
    FloatLayout { name: "float16", bits: 16, fraction: 10, scientific_from: 1e3, width: 11 };
pub(in crate::decode) const BF16: FloatLayout =
    FloatLayout { name: "bfloat16", bits: 16, fraction: 7, scientific_from: 1e3, width: 11 };
pub(in crate::decode) const F32: FloatLayout =
    FloatLayout { name: "float32", bits: 32, fraction: 23, scientific_from: 1e6, width: 15 };
pub(in crate::decode) const F64: FloatLayout =
    FloatLayout { name: "float64", bits: 64, fraction: 52, scientific_from: 1e16, width: 24 };

/// Below this the text has an exponent.
const SCIENTIFIC_BELOW: f64 = 1e-4;

impl FloatLayout {
    /// The bit of the sign, in its place.
    pub const fn sign_bit(self) -> u64 {
        1 << (self.bits - 1)
    }

    /// The bits of positive infinity; what is above them (without the sign) is a NaN.
    pub const fn infinity(self) -> u64 {
        self.sign_bit() - (1 << self.fraction)
    }

    /// The NaN that arithmetic makes: quiet, without a payload.
    pub const fn plain_nan(self) -> u64 {
        self.infinity() | (1 << (self.fraction - 1))
    }

    /// What is added to an exponent when it is stored.
    pub const fn bias(self) -> i64 {
        (1 << (self.bits - self.fraction - 2)) - 1
    }

    /// The value of finite `magnitude` bits (no sign); exact, since no format here is wider than f64.
    pub fn value(self, magnitude: u64) -> f64 {
        match self.bits {
            64 => f64::from_bits(magnitude),
            32 => f64::from(f32::from_bits(magnitude as u32)),
            _ if self.fraction == BF16.fraction => half::bf16::from_bits(magnitude as u16).to_f64(),
            _ => half::f16::from_bits(magnitude as u16).to_f64(),
        }
    }

    /// Appends the text of `bits` and answers what kind of value it is. Inlined where the layout is known.
    #[inline]
    pub fn format(self, bits: u64, out: &mut String) -> ValueClass {
        let magnitude = bits & !self.sign_bit();
        if magnitude >= self.infinity() {
            self.format_special(bits, out);
            return ValueClass::Special;
        }
        if bits != magnitude {
            out.push('-');
        }
        if magnitude == 0 {
            out.push_str("0.0");
            return ValueClass::Zero;
        }
        self.format_finite(magnitude, out);
        ValueClass::Ordinary
    }

    /// Appends the text of an infinity or a NaN.
    fn format_special(self, bits: u64, out: &mut String) {
        let magnitude = bits & !self.sign_bit();
        let sign = if bits == magnitude { "" } else { "-" };
        // Writing to a String cannot fail.
        let _ = if magnitude == self.infinity() {
            write!(out, "{sign}inf")
        } else if magnitude == self.plain_nan() {
            write!(out, "{sign}nan")
        } else {
            write!(out, "nan({bits:#x})")
        };
    }

    /// Appends the shortest text of a magnitude above 0.
    #[inline]
    fn format_finite(self, magnitude: u64, out: &mut String) {
        let value = self.value(magnitude);
        let scientific = value >= self.scientific_from || value < SCIENTIFIC_BELOW;
        let mut buffer = zmij::Buffer::new();
        let text = match self.bits {
            64 => buffer.format_finite(value),
            32 => buffer.format_finite(f32::from_bits(magnitude as u32)),
            _ => return self.shortest_of_16_bits(magnitude, value).push(scientific, out),
        };
        match text.as_bytes() {
            // The two layouts are the same but for an exponent of one digit, which has two here.
            _ if !scientific => out.push_str(text),
            [.., b'e', _, _, _] | [.., b'e', _, _, _, _] => out.push_str(text),
            [mantissa @ .., b'e', sign, digit] => {
                push_ascii(mantissa, out);
                push_ascii(&[b'e', *sign, b'0', *digit], out);
            }
            _ => Decimal::read(text).push(scientific, out),
        }
    }

    /// The nearest of the decimals with the fewest digits that round to `magnitude`.
    ///
    /// Powers of ten are approximations here, so a candidate's value may be off by two units of the last place of
    /// an f64. No candidate lies that close to the edge of the interval of a 16-bit float without lying on it: the
    /// tests go through all of them.
    fn shortest_of_16_bits(self, magnitude: u64, value: f64) -> Decimal {
        let low = (self.value(magnitude - 1) + value) / 2.0;
        let above = if magnitude + 1 == self.infinity() {
            value + (value - self.value(magnitude - 1))
        } else {
            self.value(magnitude + 1)
        };
        let high = (value + above) / 2.0;
        // A tie is rounded to the even significand.
        let has_edges = magnitude.is_multiple_of(2);
        let rounds_here = |candidate: f64| {
            (low < candidate && candidate < high) || (has_edges && (candidate == low || candidate == high))
        };
        let mut exponent = value.log10().floor() as i32;
        loop {
            // Half way between two decimals only lie values for which this is exact; the even one is taken.
            let quotient = scale(value, -exponent);
            let nearest = [quotient.floor(), quotient.floor() + 1.0]
                .into_iter()
                .filter(|&digits| quotient >= 1.0 && rounds_here(scale(digits, exponent)))
                .min_by(|a, b| {
                    let distance = |digits: f64| (digits - quotient).abs();
                    distance(*a).total_cmp(&distance(*b)).then((a % 2.0).total_cmp(&(b % 2.0)))
                });
            if let Some(digits) = nearest {
                return Decimal::new(digits as u64, exponent);
            }
            exponent -= 1;
        }
    }
}

/// The powers of ten that the decimals of 16-bit floats need; exact up to 10^22.
const POWERS_OF_TEN: [f64; 46] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22, 1e23, 1e24, 1e25, 1e26, 1e27, 1e28, 1e29, 1e30, 1e31, 1e32, 1e33, 1e34, 1e35,
    1e36, 1e37, 1e38, 1e39, 1e40, 1e41, 1e42, 1e43, 1e44, 1e45,
];

/// `number × 10^exponent`, exact whenever both are small enough.
fn scale(number: f64, exponent: i32) -> f64 {
    let power = POWERS_OF_TEN[exponent.unsigned_abs() as usize];
    if exponent < 0 { number / power } else { number * power }
}

/// `digits × 10^exponent`, without trailing zeros.
struct Decimal {
    digits: u64,
    exponent: i32,
}

impl Decimal {
    fn new(mut digits: u64, mut exponent: i32) -> Self {
        while digits != 0 && digits.is_multiple_of(10) {
            digits /= 10;
            exponent += 1;
        }
        Self { digits, exponent }
    }

    /// From `123.45`, `1e-7` or `1.5e300`, of at most 19 digits.
    fn read(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let (mut digits, mut after_point, mut in_fraction) = (0u64, 0, false);
        for byte in mantissa.bytes() {
            if byte == b'.' {
                in_fraction = true;
            } else {
                digits = digits * 10 + u64::from(byte - b'0');
                after_point += i32::from(in_fraction);
            }
        }
        Self::new(digits, exponent.parse::<i32>().unwrap_or(0) - after_point)
    }

    fn push(&self, scientific: bool, out: &mut String) {
        let mut buffer = [b'0'; 20];
        let mut start = buffer.len();
        let mut rest = self.digits;
        while rest != 0 {
            start -= 1;
            buffer[start] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        let digits = &buffer[start..];
        push_decimal(digits, digits.len() as i32 + self.exponent, scientific, out);
    }
}

/// Appends `0.digits × 10^point`, the digits without zeros at either end.
pub(in crate::decode) fn push_decimal(digits: &[u8], point: i32, scientific: bool, out: &mut String) {
    if scientific {
        push_ascii(&digits[..1], out);
        if digits.len() > 1 {
            out.push('.');
            push_ascii(&digits[1..], out);
        }
        push_exponent(point - 1, out);
    } else if point <= 0 {
        out.push_str("0.");
        push_zeros(-point, out);
        push_ascii(digits, out);
    } else {
        let whole = digits.len().min(point as usize);
        push_ascii(&digits[..whole], out);
        push_zeros(point - whole as i32, out);
        out.push('.');
        push_ascii(if whole < digits.len() { &digits[whole..] } else { b"0" }, out);
    }
}

fn push_zeros(count: i32, out: &mut String) {
    out.extend((0..count).map(|_| '0'));
}

/// Appends `e+05`.
pub(in crate::decode) fn push_exponent(exponent: i32, out: &mut String) {
    out.push_str(if exponent < 0 { "e-" } else { "e+" });
    if exponent.abs() < 10 {
        out.push('0');
    }
    push_unsigned(u64::from(exponent.unsigned_abs()), out);
}
