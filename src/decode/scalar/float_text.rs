//! Typed floats to bits, each rounded once: to nearest, ties to even.
//!
//! Reading a decimal as f64 and rounding that to 16 bits would round twice; here the f64 only stands in for the
//! decimal where the two cannot differ. What overflows to infinity or vanishes to zero is refused.

use super::float::FloatLayout;
use super::integer::{ValueError, excerpt, without_separators};
use std::cmp::Ordering;

/// A kind of float: what its bits mean, and how a number becomes bits.
pub(in crate::decode) trait Binary {
    fn name(&self) -> &'static str;
    /// `None` where there are no negative values.
    fn sign_bit(&self) -> Option<u128>;
    fn infinity(&self) -> Option<u128>;
    /// The NaN that arithmetic makes.
    fn plain_nan(&self) -> Option<u128>;
    /// Whether these are the bits of a NaN, which `nan(0x…)` may name.
    fn is_nan(&self, bits: u128) -> bool;
    /// Whether these are bits of no value at all, which `bits(0x…)` names.
    fn is_odd(&self, _bits: u128) -> bool {
        false
    }
    /// The bits nearest to `significand × 2^exponent`; `None` beyond the largest value.
    fn round(&self, significand: u128, exponent: i64) -> Option<u128>;
    /// The bits nearest to a decimal, of which `text` is the unsigned text.
    fn round_decimal(&self, decimal: &Decimal, text: &str) -> Option<u128>;
    /// The largest and the smallest value above 0, for messages.
    fn range(&self) -> (String, String);
}

/// The bits of `1.5`, `-1e-7`, `0x1.8p3`, `inf`, `nan`, `nan(0x7fc00001)`.
pub(in crate::decode) fn parse_float(binary: &impl Binary, text: &str) -> Result<u128, ValueError> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(ValueError::empty(binary.name()));
    }
    let unsigned = trimmed.strip_prefix(['-', '+']).unwrap_or(trimmed).to_ascii_lowercase();
    let lacks = |what: &str| ValueError::new(format!("{} has no {what}", binary.name()));
    let magnitude = match unsigned.as_str() {
        "inf" | "infinity" => binary.infinity().ok_or_else(|| lacks("infinity"))?,
        "nan" => binary.plain_nan().ok_or_else(|| lacks("NaN"))?,
        other => match parse_bits(binary, other, trimmed) {
            Some(bits) => return bits,
            None => parse_number(binary, other, trimmed)?,
        },
    };
    if trimmed.starts_with('-') { negative(binary, magnitude, &excerpt(trimmed)) } else { Ok(magnitude) }
}

fn negative(binary: &impl Binary, magnitude: u128, typed: &str) -> Result<u128, ValueError> {
    let zero = binary.round(0, 0);
    match binary.sign_bit() {
        // What would be the negative zero may be a NaN.
        Some(sign) if zero == Some(magnitude) && binary.is_nan(sign) => Ok(magnitude),
        Some(sign) if magnitude & sign == 0 => Ok(sign | magnitude),
        _ => Err(ValueError::new(format!("{} has no {typed}", binary.name()))),
    }
}

/// The bits that `nan(0x7fc00001)` or `bits(0x…)` names; `None` for other texts.
fn parse_bits(binary: &impl Binary, lower: &str, text: &str) -> Option<Result<u128, ValueError>> {
    if text.len() != lower.len() {
        return None;
    }
    let (word, rest) = lower.split_once('(')?;
    let digits = rest.strip_suffix(')').and_then(|rest| rest.strip_prefix("0x")).unwrap_or_default();
    let bits = u128::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'));
    let is_right = |bits: u128| if word == "nan" { binary.is_nan(bits) } else { binary.is_odd(bits) };
    if !matches!(word, "nan" | "bits") {
        return None;
    }
    Some(bits.filter(|bits| is_right(*bits)).ok_or_else(|| {
        let what = if word == "nan" { "a NaN" } else { "a value with unused bits" };
        let plain = binary.plain_nan().filter(|_| word == "nan");
        let like = plain.map_or_else(String::new, |plain| format!(", which look like nan({:#x})", plain | 1));
        let name = binary.name();
        ValueError::new(format!("'{}' does not hold the bits of {what} of {name}{like}", excerpt(text)))
    }))
}

/// The bits of an unsigned finite number; `typed` is what messages show.
fn parse_number(binary: &impl Binary, lower: &str, typed: &str) -> Result<u128, ValueError> {
    let not_a_number = || ValueError::not_a("number", typed);
    let clean = without_separators(lower).ok_or_else(not_a_number)?;
    let (bits, is_zero) = match clean.strip_prefix("0x") {
        Some(hex) => {
            let (significand, exponent) = read_hex(hex).ok_or_else(not_a_number)?;
            (binary.round(significand, exponent), significand == 0)
        }
        None => {
            let decimal = Decimal::read(&clean).ok_or_else(not_a_number)?;
            (binary.round_decimal(&decimal, &clean), decimal.digits.is_empty())
        }
    };
    held(binary, bits, is_zero, &excerpt(typed))
}

/// `bits` unless the number of `typed` became infinity or vanished.
fn held(binary: &impl Binary, bits: Option<u128>, is_zero: bool, typed: &str) -> Result<u128, ValueError> {
    let name = binary.name();
    match bits {
        None if is_zero => Err(ValueError::new(format!("{name} has no zero"))),
        None => {
            Err(ValueError::new(format!("{typed} is outside the range of {name} (±{})", binary.range().0)))
        }
        Some(bits) if !is_zero && binary.round(0, 0) == Some(bits) => Err(ValueError::new(format!(
            "{typed} is so small that it would become 0 in {name} (its smallest number is {})",
            binary.range().1
        ))),
        Some(bits) => Ok(bits),
    }
}

/// The bits of a number that was calculated, rounded once.
pub(in crate::decode) fn of_f64(binary: &impl Binary, value: f64) -> Result<u128, ValueError> {
    if value.is_finite() {
        let bits = value.abs().to_bits();
        let stored = (bits >> 52).cast_signed();
        let significand = (bits & ((1 << 52) - 1)) | (u64::from(stored > 0) << 52);
        let typed = value.to_string();
        return of_parts(binary, significand.into(), stored.max(1) - 1075, value.is_sign_negative(), &typed);
    }
    parse_float(binary, if value.is_nan() { "nan" } else { ["inf", "-inf"][usize::from(value < 0.0)] })
}

/// The bits of `±significand × 2^exponent`, rounded once; `typed` is what messages show.
pub(in crate::decode) fn of_parts(
    binary: &impl Binary,
    significand: u128,
    exponent: i64,
    is_negative: bool,
    typed: &str,
) -> Result<u128, ValueError> {
    // One bit stands for those that are cut off, so that a significand of 128 bits has room to be rounded.
    let rounded = if significand >> 120 == 0 {
        binary.round(significand, exponent)
    } else {
        binary.round(significand >> 8 | u128::from(significand & 0xff != 0), exponent + 8)
    };
    let magnitude = held(binary, rounded, significand == 0, typed)?;
    if is_negative { negative(binary, magnitude, typed) } else { Ok(magnitude) }
}

impl Binary for FloatLayout {
    fn name(&self) -> &'static str {
        self.name
    }

    fn sign_bit(&self) -> Option<u128> {
        Some(Self::sign_bit(*self).into())
    }

    fn infinity(&self) -> Option<u128> {
        Some(Self::infinity(*self).into())
    }

    fn plain_nan(&self) -> Option<u128> {
        Some(Self::plain_nan(*self).into())
    }

    fn is_nan(&self, bits: u128) -> bool {
        let sign = u128::from(Self::sign_bit(*self));
        bits < 2 * sign && bits & !sign > u128::from(Self::infinity(*self))
    }

    fn round(&self, significand: u128, exponent: i64) -> Option<u128> {
        let bits = round(*self, significand, exponent);
        (bits < Self::infinity(*self)).then_some(bits.into())
    }

    fn round_decimal(&self, decimal: &Decimal, text: &str) -> Option<u128> {
        let bits = decimal.round(*self, text);
        (bits < Self::infinity(*self)).then_some(bits.into())
    }

    fn range(&self) -> (String, String) {
        let (largest, smallest) = (self.value(Self::infinity(*self) - 1), self.value(1));
        (format!("{largest:.1e}"), format!("{smallest:.1e}"))
    }
}

/// Rounds `significand × 2^exponent` to the nearest `layout` bits; those of infinity when it is too large.
///
/// A significand that stands for a longer one has its lowest bit set when anything was cut off; it then has at
/// least two bits more than the layout, so that the cut can't be taken for a tie.
fn round(layout: FloatLayout, significand: u128, exponent: i64) -> u64 {
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
pub(in crate::decode) struct Decimal {
    pub digits: String,
    pub point: i64,
}

impl Decimal {
    /// `None` unless `text` is `12`, `1.5`, `.5`, `1.` or one of these with an exponent.
    pub fn read(text: &str) -> Option<Self> {
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

    fn round(&self, layout: FloatLayout, text: &str) -> u64 {
        // What `read` took is a subset of what the standard library reads, correctly rounded.
        match layout.bits {
            64 => text.parse::<f64>().unwrap_or(0.0).to_bits(),
            32 => u64::from(text.parse::<f32>().unwrap_or(0.0).to_bits()),
            _ => self.round_to_16_bits(layout, text.parse().unwrap_or(0.0)),
        }
    }

    /// `near` is the f64 nearest to the decimal. It rounds to 16 bits as the decimal does, except when it lies
    /// half way between two neighbours: then the decimal's side of it decides.
    fn round_to_16_bits(&self, layout: FloatLayout, near: f64) -> u64 {
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
    pub fn compare(&self, other: f64) -> Ordering {
        // 160 digits are all the digits of such a value. Far smaller ones vanish whichever side they are on.
        let exact = format!("{other:.160e}");
        match Self::read(&exact) {
            Some(exact) => self.point.cmp(&exact.point).then_with(|| self.digits.cmp(&exact.digits)),
            None => Ordering::Equal,
        }
    }
}
