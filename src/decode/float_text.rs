//! Typed floats to bits, each rounded once: to nearest, ties to even.
//!
//! Reading a decimal as f64 and rounding that to 16 bits would round twice; here the f64 only stands in for the
//! decimal where the two cannot differ. What overflows to infinity or vanishes to zero is refused.

use super::float::Layout;
use super::number::{ValueError, excerpt, without_separators};
use std::cmp::Ordering;

/// The bits of `1.5`, `-1e-7`, `0x1.8p3`, `inf`, `nan`, `nan(0x7fc00001)`.
pub(super) fn parse_float(layout: Layout, text: &str) -> Result<u64, ValueError> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(ValueError::empty(layout.name));
    }
    let unsigned = trimmed.strip_prefix(['-', '+']).unwrap_or(trimmed).to_ascii_lowercase();
    let sign = if trimmed.starts_with('-') { layout.sign_bit() } else { 0 };
    let magnitude = match unsigned.as_str() {
        "inf" | "infinity" => layout.infinity(),
        "nan" => layout.plain_nan(),
        other => match other.strip_prefix("nan(").and_then(|rest| rest.strip_suffix(')')) {
            Some(bits) if trimmed.len() == other.len() => return parse_nan(layout, bits, trimmed),
            _ => parse_number(layout, other, trimmed)?,
        },
    };
    Ok(sign | magnitude)
}

fn parse_nan(layout: Layout, bits: &str, text: &str) -> Result<u64, ValueError> {
    let digits = bits.strip_prefix("0x").unwrap_or_default();
    u64::from_str_radix(digits, 16)
        .ok()
        .filter(|bits| {
            !digits.starts_with('+')
                && *bits <= layout.sign_bit() | (layout.sign_bit() - 1)
                && bits & !layout.sign_bit() > layout.infinity()
        })
        .ok_or_else(|| {
            ValueError::new(format!(
                "'{}' does not hold the bits of a NaN of {}, which look like nan({:#x})",
                excerpt(text),
                layout.name,
                layout.plain_nan() + 1
            ))
        })
}

/// The bits of an unsigned finite number; `typed` is what messages show.
fn parse_number(layout: Layout, lower: &str, typed: &str) -> Result<u64, ValueError> {
    let not_a_number = || ValueError::not_a("number", typed);
    let clean = without_separators(lower).ok_or_else(not_a_number)?;
    let (bits, is_zero) = match clean.strip_prefix("0x") {
        Some(hex) => {
            let (significand, exponent) = read_hex(hex).ok_or_else(not_a_number)?;
            (round(layout, significand, exponent), significand == 0)
        }
        None => {
            let decimal = Decimal::read(&clean).ok_or_else(not_a_number)?;
            (decimal.round(layout, &clean), decimal.digits.is_empty())
        }
    };
    if bits >= layout.infinity() {
        let largest = layout.value(layout.infinity() - 1);
        return Err(ValueError::new(format!(
            "{} is beyond {} (±{largest:.1e})",
            excerpt(typed),
            layout.name
        )));
    }
    if bits == 0 && !is_zero {
        let smallest = layout.value(1);
        return Err(ValueError::new(format!(
            "{} is so small that {} would make it 0 (its smallest is {smallest:.1e})",
            excerpt(typed),
            layout.name
        )));
    }
    Ok(bits)
}

/// Rounds `significand × 2^exponent` to the nearest `layout` bits; those of infinity when it is too large.
///
/// A significand that stands for a longer one has its lowest bit set when anything was cut off; it then has at
/// least two bits more than the layout, so that the cut can't be taken for a tie.
fn round(layout: Layout, significand: u128, exponent: i64) -> u64 {
    if significand == 0 {
        return 0;
    }
    let fraction = i64::from(layout.fraction);
    let top = i64::from(significand.ilog2()).saturating_add(exponent);
    let lowest_normal = 1 - layout.bias();
    if top > layout.bias() {
        return layout.infinity();
    }
    let shift = (top.max(lowest_normal) - fraction).saturating_sub(exponent);
    let kept = match u32::try_from(shift) {
        Err(_) if shift < 0 => significand << shift.unsigned_abs(),
        Ok(0) => significand,
        Ok(shift @ 1..=127) => {
            let (kept, rest, half) =
                (significand >> shift, significand & ((1 << shift) - 1), 1 << (shift - 1));
            kept + u128::from(rest > half || (rest == half && kept % 2 == 1))
        }
        _ => 0,
    };
    // The kept bits include the implicit one, which thereby adds one to the exponent; so does a carry.
    let exponent_bits = ((top.max(lowest_normal) - lowest_normal) as u64) << layout.fraction;
    exponent_bits + kept as u64
}

/// Significand and binary exponent of `1.8p3`, `ff`, `.8p-1`; digits beyond 120 bits are kept as one set bit.
fn read_hex(text: &str) -> Option<(u128, i64)> {
    let (digits, exponent) = match text.split_once('p') {
        Some((digits, exponent)) => (digits, read_exponent(exponent)?),
        None => (text, 0),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && part.is_empty() {
        return None;
    }
    let (mut significand, mut dropped) = (0u128, 0i64);
    for digit in whole.chars().chain(part.chars()) {
        let digit = u128::from(digit.to_digit(16)?);
        if significand >> 116 == 0 {
            significand = (significand << 4) | digit;
        } else {
            significand |= u128::from(digit != 0);
            dropped += 4;
        }
    }
    let moved = dropped - 4 * i64::try_from(part.len()).ok()?;
    Some((significand, exponent.saturating_add(moved)))
}

/// A signed decimal exponent; what is absurdly large stays absurdly large.
fn read_exponent(text: &str) -> Option<i64> {
    const ABSURD: i64 = 1 << 40;
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let magnitude = digits.parse::<i64>().unwrap_or(ABSURD).min(ABSURD);
    Some(if text.starts_with('-') { -magnitude } else { magnitude })
}

/// `0.digits × 10^point`, without zeros at either end of the digits; no digits is zero.
struct Decimal {
    digits: String,
    point: i64,
}

impl Decimal {
    /// `None` unless `text` is `12`, `1.5`, `.5`, `1.` or one of these with an exponent.
    fn read(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once('e') {
            Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
            None => (text, 0),
        };
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = [whole, part].concat();
        if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let significant = all.trim_start_matches('0');
        let leading = i64::try_from(all.len() - significant.len()).ok()?;
        let point = i64::try_from(whole.len()).ok()?.saturating_add(exponent).saturating_sub(leading);
        Some(Self { digits: significant.trim_end_matches('0').to_owned(), point })
    }

    fn round(&self, layout: Layout, text: &str) -> u64 {
        // What `read` took is a subset of what the standard library reads, correctly rounded.
        match layout.bits {
            64 => text.parse::<f64>().unwrap_or(0.0).to_bits(),
            32 => u64::from(text.parse::<f32>().unwrap_or(0.0).to_bits()),
            _ => self.round_to_16_bits(layout, text.parse().unwrap_or(0.0)),
        }
    }

    /// `near` is the f64 nearest to the decimal. It rounds to 16 bits as the decimal does, except when it lies
    /// half way between two neighbours: then the decimal's side of it decides.
    fn round_to_16_bits(&self, layout: Layout, near: f64) -> u64 {
        if near == 0.0 || near.is_infinite() {
            return if near == 0.0 { 0 } else { layout.infinity() };
        }
        let bits = near.to_bits();
        let stored = (bits >> 52).cast_signed();
        let significand = u128::from((bits & ((1 << 52) - 1)) | (u64::from(stored > 0) << 52));
        // Two more bits below make room for the side.
        let (scaled, exponent) = (significand << 2, stored.max(1) - 1075 - 2);
        // A place half way between neighbours has at most 12 significant bits.
        let side = if significand.trailing_zeros() < 40 { Ordering::Equal } else { self.compare(near) };
        match side {
            Ordering::Less => round(layout, scaled - 1, exponent),
            Ordering::Equal => round(layout, scaled, exponent),
            Ordering::Greater => round(layout, scaled + 1, exponent),
        }
    }

    /// Where the decimal lies from `other`, exactly, for values of at most 13 bits not below 2^-150.
    fn compare(&self, other: f64) -> Ordering {
        // 160 digits are all the digits of such a value. Far smaller ones vanish whichever side they are on.
        let exact = format!("{other:.160e}");
        match Self::read(&exact) {
            Some(exact) => self.point.cmp(&exact.point).then_with(|| self.digits.cmp(&exact.digits)),
            None => Ordering::Equal,
        }
    }
}
