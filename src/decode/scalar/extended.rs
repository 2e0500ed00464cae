//! The 80-bit float of the x87 (NumPy's longdouble on x86-64) as the shortest text that reads back, and text to bits.
//!
//! Sign and exponent in 16 bits, then 64 bits of significand with its first bit written out. Where that bit contradicts
//! the exponent, the bits are no number for the processor, and the text is `bits(0x…)`. Powers of ten are held to 128
//! bits; what those can't decide is decided by the exact decimals.

use super::big::exact_decimal;
use super::float::push_decimal;
use super::float_text::{Binary, Decimal};
use super::powers::{Scaled, scale};
use std::cmp::Ordering;
use std::fmt::Write;

/// The format; it has only one.
#[derive(Clone, Copy, Debug)]
pub(in crate::decode) struct Extended;

pub(in crate::decode) const BITS: u32 = 80;
/// Characters of the longest text.
pub(in crate::decode) const WIDTH: usize = 29;
const SIGN: u128 = 1 << 79;
const ONE: u64 = 1 << 63;
const INFINITY: u128 = (0x7fff << 64) | ONE as u128;
const PLAIN_NAN: u128 = INFINITY | 1 << 62;
/// What the exponent of a significand that is a whole number is counted from.
const BIAS: i64 = 16_383 + 63;

/// The significand and the exponent of its last bit; `None` for what is no finite number in its usual form.
pub(in crate::decode) fn parts(bits: u128) -> Option<(u64, i64)> {
    let (exponent, significand) = (((bits >> 64) & 0x7fff) as i64, bits as u64);
    let usual = if exponent == 0 { significand < ONE } else { significand >= ONE };
    (usual && exponent < 0x7fff).then_some((significand, exponent.max(1) - BIAS))
}

pub(in crate::decode) const fn is_negative(bits: u128) -> bool {
    bits & SIGN != 0
}

/// The nearest f64; NaN for what is no number.
pub(in crate::decode) fn to_f64(bits: u128) -> f64 {
    let magnitude = match parts(bits) {
        Some((significand, exponent)) => {
            let rounded = super::float::F64.round(significand.into(), exponent);
            rounded.map_or(f64::INFINITY, |bits| f64::from_bits(bits as u64))
        }
        None if bits & !SIGN == INFINITY => f64::INFINITY,
        None => f64::NAN,
    };
    if is_negative(bits) { -magnitude } else { magnitude }
}

/// Appends the text of 80 bits.
pub(in crate::decode) fn format(bits: u128, out: &mut String) {
    let magnitude = bits & !SIGN;
    let number = parts(bits);
    // Writing to a String cannot fail.
    if number.is_none() && magnitude != INFINITY && magnitude != PLAIN_NAN {
        let _ = match magnitude > INFINITY {
            true => write!(out, "nan({bits:#x})"),
            false => write!(out, "bits({bits:#x})"),
        };
        return;
    }
    if is_negative(bits) {
        out.push('-');
    }
    match number {
        None => out.push_str(if magnitude == INFINITY { "inf" } else { "nan" }),
        Some((0, _)) => out.push_str("0.0"),
        Some((significand, exponent)) => {
            let (digits, point) =
                shortest(significand, exponent).unwrap_or_else(|| shortest_exactly(significand, exponent));
            push_decimal(digits.as_bytes(), point as i32, !(-3..=16).contains(&point), out);
        }
    }
}

/// Twice doubled significands of the number and of the edges of what rounds to it.
const fn interval(significand: u64, exponent: i64) -> [u128; 3] {
    let four = (significand as u128) << 2;
    // Below a power of two the neighbours lie closer.
    let below = if significand == ONE && exponent > 1 - BIAS { 1 } else { 2 };
    [four - below, four, four + 2]
}

/// Digits and point of the shortest decimal; `None` when 128 bits can't tell.
fn shortest(significand: u64, exponent: i64) -> Option<(String, i64)> {
    /// Bits below the point, and by how much a scaled value may be off.
    const FRACTION: i64 = 54;
    const ERROR: u128 = 1 << 14;
    let top = exponent + 63 - i64::from(significand.leading_zeros());
    // log10(2) is 0.30103; the estimate may be one too small.
    let power = (top * 30_103).div_euclid(100_000) - 20;
    let fixed = interval(significand, exponent).map(|number| {
        let Scaled { significand, exponent } = scale(number, exponent - 2, -power);
        let down = -(exponent + FRACTION);
        u32::try_from(down).ok().and_then(|down| significand.checked_shr(down)).unwrap_or(0)
    });
    let [low, value, high] = fixed;
    let mut unit = 10u128.pow(21) << FRACTION;
    for zeros in (0..=21).rev() {
        let down = value / unit;
        let mut best: Option<(u128, u128)> = None;
        for digits in [down, down + 1] {
            let candidate = digits * unit;
            let distances = [candidate.abs_diff(low), candidate.abs_diff(high)];
            if distances.into_iter().any(|distance| distance <= ERROR) {
                return None;
            }
            if candidate < low || candidate > high || digits == 0 {
                continue;
            }
            let distance = candidate.abs_diff(value);
            match best {
                Some((_, other)) if distance.abs_diff(other) <= 2 * ERROR => return None,
                Some((_, other)) if other < distance => {}
                _ => best = Some((digits, distance)),
            }
        }
        if let Some((digits, _)) = best {
            let digits = digits.to_string();
            let point = digits.len() as i64 + zeros + power;
            return Some((digits.trim_end_matches('0').to_owned(), point));
        }
        unit /= 10;
    }
    None
}

/// The same by exact decimals: the edges themselves round to an even significand.
fn shortest_exactly(significand: u64, exponent: i64) -> (String, i64) {
    let [low, value, high] =
        interval(significand, exponent).map(|number| exact_decimal(number, exponent - 2));
    let place = |(digits, point): &(String, i64)| (*point, digits.clone());
    let rounds_here = |candidate: &(String, i64)| {
        let sides = (place(candidate).cmp(&place(&low)), place(candidate).cmp(&place(&high)));
        match sides {
            (Ordering::Greater, Ordering::Less) => true,
            (Ordering::Equal, _) | (_, Ordering::Equal) => significand.is_multiple_of(2),
            _ => false,
        }
    };
    let (digits, point) = &value;
    for count in 1..digits.len() {
        let down = (digits[..count].trim_end_matches('0').to_owned(), *point);
        let up = step_up(&digits[..count], *point);
        // Which is nearer: the rest against five and zeros.
        let rest = &digits[count..];
        let odd = digits.as_bytes()[count - 1] % 2 == 1;
        let up_first = rest > "5" || (rest == "5" && odd);
        let ordered = if up_first { [up, down] } else { [down, up] };
        if let Some(found) = ordered.into_iter().find(|candidate| rounds_here(candidate)) {
            return found;
        }
    }
    value
}

/// The next decimal of as many digits.
fn step_up(digits: &str, point: i64) -> (String, i64) {
    let kept = digits.trim_end_matches('9');
    match kept.as_bytes().last() {
        None => ("1".to_owned(), point + 1),
        Some(last) => {
            let mut text = kept[..kept.len() - 1].to_owned();
            text.push(char::from(last + 1));
            (text, point)
        }
    }
}

/// Rounds `significand × 2^exponent`, of which `compare` tells on which side of a half-way place the number lies:
/// it is given twice the kept significand plus one, and its exponent.
fn round_by(significand: u128, exponent: i64, tie: impl Fn(u128, i64) -> Option<Ordering>) -> Option<u128> {
    let top = i64::from(significand.ilog2()) + exponent;
    let last = (top - 63).max(1 - BIAS);
    let shift = last - exponent;
    let (kept, up) = match u32::try_from(shift) {
        Err(_) if shift < 0 => (significand << (-shift).min(127), false),
        Ok(0) => (significand, false),
        Ok(shift @ ..=128) => {
            let kept = significand.checked_shr(shift).unwrap_or(0);
            let side = tie(2 * kept + 1, last - 1)?;
            (kept, side == Ordering::Greater || (side == Ordering::Equal && kept % 2 == 1))
        }
        // Far below the smallest.
        _ => (0, false),
    };
    let kept = kept + u128::from(up);
    let (kept, last) = if kept >> 64 == 0 { (kept, last) } else { (kept >> 1, last + 1) };
    // Below the first normal the exponent is 0; at 2^63 it is 1 by the bit itself.
    let stored = if kept < u128::from(ONE) { 0 } else { last + BIAS };
    (stored < 0x7fff).then(|| (u128::from(stored.unsigned_abs()) << 64) | kept)
}

/// Where `significand × 2^exponent` lies from `half × 2^last`.
fn exact_side(significand: u128, exponent: i64, half: u128, last: i64) -> Ordering {
    let shift = (last - exponent).unsigned_abs() as u32;
    // Never to the left by more than there is room for: the half-way place is the coarser one.
    let aligned = half.checked_shl(shift).filter(|aligned| aligned >> shift == half);
    aligned.map_or(Ordering::Less, |aligned| significand.cmp(&aligned))
}

impl Binary for Extended {
    fn name(&self) -> &'static str {
        "longdouble"
    }

    fn sign_bit(&self) -> Option<u128> {
        Some(SIGN)
    }

    fn infinity(&self) -> Option<u128> {
        Some(INFINITY)
    }

    fn plain_nan(&self) -> Option<u128> {
        Some(PLAIN_NAN)
    }

    fn is_nan(&self, bits: u128) -> bool {
        bits < 2 * SIGN && bits & !SIGN > INFINITY
    }

    fn is_odd(&self, bits: u128) -> bool {
        bits < 2 * SIGN && bits & !SIGN < INFINITY && parts(bits).is_none()
    }

    fn round(&self, significand: u128, exponent: i64) -> Option<u128> {
        if significand == 0 {
            return Some(0);
        }
        let exponent = exponent.clamp(-(1 << 40), 1 << 40);
        round_by(significand, exponent, |half, last| Some(exact_side(significand, exponent, half, last)))
    }

    fn round_decimal(&self, decimal: &Decimal, _text: &str) -> Option<u128> {
        /// By how much the scaled value may be off, in units of its last bit.
        const ERROR: u128 = 1 << 13;
        if decimal.digits.is_empty() || decimal.point < -5000 {
            return Some(0);
        }
        if decimal.point > 5000 {
            return None;
        }
        let count = decimal.digits.len().min(36);
        let head: u128 = decimal.digits[..count].parse().unwrap_or(0);
        let Scaled { significand, exponent } = scale(head, 0, decimal.point - count as i64);
        round_by(significand, exponent, |half, last| {
            let shift = u32::try_from(last - exponent).ok()?;
            let middle = half.checked_shl(shift).filter(|middle| middle >> shift == half);
            Some(match middle {
                Some(middle) if significand.abs_diff(middle) > ERROR => significand.cmp(&middle),
                None => Ordering::Less,
                Some(_) => {
                    let (digits, point) = exact_decimal(half, last);
                    decimal.point.cmp(&point).then_with(|| decimal.digits.as_str().cmp(&digits))
                }
            })
        })
    }

    fn range(&self) -> (String, String) {
        ("1.2e+4932".to_owned(), "3.6e-4951".to_owned())
    }
}
