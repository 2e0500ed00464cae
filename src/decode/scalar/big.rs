//! Integers of any size, as much of them as exact decimals of long doubles need.
//!
//! Slow and simple: it decides the few cases that 128 bits can't, and writes digits that were asked for.

/// The exact decimal digits of `significand × 2^exponent` without zeros at either end, and where the point lies:
/// `0.digits × 10^point`. No digits is zero.
pub(in crate::decode) fn exact_decimal(significand: u128, exponent: i64) -> (String, i64) {
    if significand == 0 {
        return (String::new(), 0);
    }
    // A power of two below 1 is a power of five over one of ten.
    let mut limbs = limbs(significand);
    if exponent >= 0 {
        shift(&mut limbs, exponent.unsigned_abs());
    } else {
        multiply_by_five(&mut limbs, exponent.unsigned_abs());
    }
    let digits = digits(limbs);
    let point = i64::try_from(digits.len()).unwrap_or(i64::MAX) + exponent.min(0);
    (digits.trim_end_matches('0').to_owned(), point)
}

/// Lowest first.
fn limbs(mut number: u128) -> Vec<u32> {
    let mut limbs = Vec::new();
    while number != 0 {
        limbs.push(number as u32);
        number >>= 32;
    }
    limbs
}

fn multiply(limbs: &mut Vec<u32>, factor: u32) {
    let mut carry = 0u64;
    for limb in &mut *limbs {
        let product = u64::from(*limb) * u64::from(factor) + carry;
        *limb = product as u32;
        carry = product >> 32;
    }
    if carry != 0 {
        limbs.push(carry as u32);
    }
}

fn shift(limbs: &mut Vec<u32>, bits: u64) {
    multiply(limbs, 1 << (bits % 32));
    let zeros = usize::try_from(bits / 32).unwrap_or(0);
    limbs.splice(0..0, std::iter::repeat_n(0, zeros));
}

fn multiply_by_five(limbs: &mut Vec<u32>, times: u64) {
    const THIRTEEN: u32 = 5u32.pow(13);
    for _ in 0..times / 13 {
        multiply(limbs, THIRTEEN);
    }
    multiply(limbs, 5u32.pow((times % 13) as u32));
}

fn digits(mut limbs: Vec<u32>) -> String {
    const NINE: u64 = 1_000_000_000;
    let mut groups = Vec::new();
    while !limbs.is_empty() {
        let mut rest = 0;
        for limb in limbs.iter_mut().rev() {
            let value = (rest << 32) | u64::from(*limb);
            *limb = (value / NINE) as u32;
            rest = value % NINE;
        }
        while limbs.last() == Some(&0) {
            limbs.pop();
        }
        groups.push(rest);
    }
    let mut text = groups.pop().map_or_else(String::new, |first| first.to_string());
    for group in groups.iter().rev() {
        text.push_str(&format!("{group:09}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_decimals_are_those_of_f64() {
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..2000 {
            let bits = random.u64(0..0x7ff0_0000_0000_0000);
            let value = f64::from_bits(bits);
            let stored = (bits >> 52).cast_signed();
            let significand = (bits & ((1 << 52) - 1)) | (u64::from(stored > 0) << 52);
            let (digits, point) = exact_decimal(significand.into(), stored.max(1) - 1075);
            let text = format!("{value:.1100e}");
            let (mantissa, exponent) = text.split_once('e').expect("an exponent");
            let mantissa = mantissa.replace('.', "");
            assert_eq!(digits, mantissa.trim_end_matches('0'), "{bits:#x}");
            assert_eq!(point - 1, exponent.parse::<i64>().expect("a number"), "{bits:#x}");
        }
        assert_eq!(exact_decimal(1 << 100, 3), ("10141204801825835211973625643008".to_owned(), 32));
    }
}
