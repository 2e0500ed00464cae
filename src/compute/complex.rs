//! Arithmetic of complex numbers, part by part in the array's precision as NumPy does it.
//!
//! Powers, bits and remainders are not defined here.

use super::value::Calculated;
use crate::decode::operator::Operator;

type Pair = (f64, f64);

/// `step` rounds to the precision of a part, after each operation.
pub(super) fn binary(binary: Operator, a: Pair, b: Pair, step: impl Fn(f64) -> f64) -> Calculated<Pair> {
    match binary {
        Operator::Add => Ok((step(a.0 + b.0), step(a.1 + b.1))),
        Operator::Subtract => Ok((step(a.0 - b.0), step(a.1 - b.1))),
        Operator::Multiply => {
            let real = step(step(a.0 * b.0) - step(a.1 * b.1));
            Ok((real, step(step(a.0 * b.1) + step(a.1 * b.0))))
        }
        Operator::Divide => Ok(quotient(a, b, step)),
        Operator::Power if b == (2.0, 0.0) => self::binary(Operator::Multiply, a, a, step),
        _ => Err("complex numbers can only be added, subtracted, multiplied, divided and squared".to_owned()),
    }
}

/// Smith's method.
fn quotient(a: Pair, b: Pair, step: impl Fn(f64) -> f64) -> Pair {
    if b.0.abs() >= b.1.abs() {
        if b == (0.0, 0.0) {
            return (step(a.0 / b.0.abs()), step(a.1 / b.0.abs()));
        }
        let ratio = step(b.1 / b.0);
        let scale = step(1.0 / step(b.0 + step(b.1 * ratio)));
        let real = step(step(a.0 + step(a.1 * ratio)) * scale);
        (real, step(step(a.1 - step(a.0 * ratio)) * scale))
    } else {
        let ratio = step(b.0 / b.1);
        let scale = step(1.0 / step(b.1 + step(b.0 * ratio)));
        let real = step(step(step(a.0 * ratio) + a.1) * scale);
        (real, step(step(step(a.1 * ratio) - a.0) * scale))
    }
}
