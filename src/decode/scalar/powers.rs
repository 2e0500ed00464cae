//! Numbers times powers of ten, to 128 bits.
//!
//! The powers are made once, each from the one before; a result is off by less than 2^-116 of itself. Callers see to
//! what that leaves open.

use std::sync::LazyLock;

/// `significand × 2^exponent`, the significand's highest bit set.
#[derive(Clone, Copy)]
pub(in crate::decode) struct Scaled {
    pub significand: u128,
    pub exponent: i64,
}

/// Powers of 10^16 on either side of 10^0.
const STEPS: i64 = 320;

static POWERS: LazyLock<Vec<Scaled>> = LazyLock::new(|| {
    let one = normal(1, 0);
    let up = normal(10u128.pow(16), 0);
    // 10^-16 by long division: 74 bits, then 54 more.
    let (ten, top) = (10u128.pow(16), 1u128 << 127);
    let (high, rest) = (top / ten, top % ten);
    let down = normal((high << 54) | ((rest << 54) / ten), -127 - 54);
    let mut powers = vec![one];
    for _ in 0..STEPS {
        powers.push(times(powers[powers.len() - 1], up));
    }
    let mut below = vec![one];
    for _ in 0..STEPS {
        below.push(times(below[below.len() - 1], down));
    }
    below.into_iter().skip(1).rev().chain(powers).collect()
});

fn normal(significand: u128, exponent: i64) -> Scaled {
    let zeros = significand.leading_zeros().min(127);
    Scaled { significand: significand << zeros, exponent: exponent - i64::from(zeros) }
}

fn times(a: Scaled, b: Scaled) -> Scaled {
    let halves = |number: u128| (number >> 64, number & u128::from(u64::MAX));
    let ((a1, a0), (b1, b0)) = (halves(a.significand), halves(b.significand));
    let (across, back) = (halves(a1 * b0), halves(a0 * b1));
    let middle = halves(a0 * b0).0 + across.1 + back.1;
    let high = a1 * b1 + across.0 + back.0 + (middle >> 64);
    // The product of two highest bits is the highest bit or the one below it.
    let spare = high.leading_zeros();
    let filled = (high << spare) | u128::from(spare == 1 && middle & (1 << 63) != 0);
    Scaled { significand: filled, exponent: a.exponent + b.exponent + 128 - i64::from(spare) }
}

/// `significand × 2^exponent × 10^power`; the significand is not 0, the power within ±5100.
pub(in crate::decode) fn scale(significand: u128, exponent: i64, power: i64) -> Scaled {
    let (step, rest) = (power.div_euclid(16), power.rem_euclid(16));
    let index = usize::try_from(step.clamp(-STEPS, STEPS) + STEPS).unwrap_or(0);
    let number = times(normal(significand, exponent), normal(10u128.pow(rest as u32), 0));
    times(number, POWERS[index])
}
