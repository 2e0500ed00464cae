//! Count, sum and spread of values, merged without a loss that could be seen in the result.
//!
//! The spread is the sum of squared deviations from the mean. Those of two parts are merged by the formula of Chan,
//! Golub and LeVeque, in [`Double`]. Values whose squares would leave the range of floats are counted in another unit.

use super::double::Double;

/// Of values that are finite.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Moments {
    pub count: u64,
    /// In units of two to the power of `exponent`.
    pub sum: Double,
    /// Sum of squared deviations from the mean, in squared units.
    pub spread: Double,
    pub exponent: i32,
}

impl Moments {
    /// Of `count` values whose sum is known, and the sum of their squared deviations from some number near their mean.
    pub fn around(count: u64, sum: Double, center: Double, squares: Double, exponent: i32) -> Self {
        if count == 0 {
            return Self::default();
        }
        let off = sum / Double::from(count) - center;
        let spread = squares - off * off * Double::from(count);
        let spread = if spread.hi < 0.0 { Double::ZERO } else { spread };
        Self { count, sum, spread, exponent }
    }

    /// Of `count` equal values.
    pub fn repeated(count: u64, value: f64) -> Self {
        let exponent = unit_of(value.abs());
        let sum = Double::from(value).scaled(-exponent) * Double::from(count);
        Self { count, sum, spread: Double::ZERO, exponent }
    }

    /// Adds other values.
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = *other;
            return;
        }
        let exponent = self.exponent.max(other.exponent);
        let (own, other) = (self.in_units(exponent), other.in_units(exponent));
        let (count, other_count) = (Double::from(own.count), Double::from(other.count));
        let off = other.sum / other_count - own.sum / count;
        let all = own.count.saturating_add(other.count);
        let between = off * off * (count * other_count / Double::from(all));
        *self = Self {
            count: all,
            sum: own.sum + other.sum,
            spread: own.spread + other.spread + between,
            exponent,
        };
    }

    /// The same, for so many times these values.
    pub fn times(&self, times: u64) -> Self {
        let factor = Double::from(times);
        Self {
            count: self.count.saturating_mul(times),
            sum: self.sum * factor,
            spread: self.spread * factor,
            exponent: self.exponent,
        }
    }

    fn in_units(&self, exponent: i32) -> Self {
        let by = self.exponent - exponent;
        Self { sum: self.sum.scaled(by), spread: self.spread.scaled(2 * by), exponent, ..*self }
    }

    /// The sum; infinite where it is beyond what a float can be.
    pub fn total(&self) -> f64 {
        self.sum.scaled(self.exponent).value()
    }

    /// NaN of no values.
    pub fn mean(&self) -> f64 {
        (self.sum / Double::from(self.count)).scaled(self.exponent).value()
    }

    /// The standard deviation of these values (not an estimate for others): NaN of none.
    pub fn deviation(&self) -> f64 {
        if self.count == 0 {
            return f64::NAN;
        }
        (self.spread / Double::from(self.count)).sqrt().scaled(self.exponent).value()
    }
}

/// The exponent of the unit in which values up to `largest` are counted: squares of their differences stay floats, and
/// so do those of values that are not much smaller.
pub(super) fn unit_of(largest: f64) -> i32 {
    const FAR: i32 = 600;
    if largest >= 2f64.powi(400) {
        FAR
    } else if largest < 2f64.powi(-400) && largest > 0.0 {
        -FAR
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[f64]) -> Moments {
        let mut all = Moments::default();
        values.iter().for_each(|value| all.merge(&Moments::repeated(1, *value)));
        all
    }

    #[test]
    fn parts_make_the_same_as_the_whole() {
        let mut rng = fastrand::Rng::with_seed(1);
        let values: Vec<f64> = (0..1000).map(|_| 1e9 + rng.f64()).collect();
        let whole = of(&values);
        let mut parts = Moments::default();
        values.chunks(7).for_each(|part| parts.merge(&of(part)));
        assert_eq!((whole.mean(), whole.deviation()), (parts.mean(), parts.deviation()));
        let mut twice = whole;
        twice.merge(&whole);
        assert_eq!(twice.mean(), whole.times(2).mean());
        assert_eq!(twice.deviation(), whole.times(2).deviation());
    }

    #[test]
    fn values_at_the_ends_of_the_range_have_a_mean_and_a_deviation() {
        let large = of(&[1.5e308, 1.0e308]);
        assert_eq!((large.mean(), large.total()), (1.25e308, f64::INFINITY));
        assert!((large.deviation() / 2.5e307 - 1.0).abs() < 1e-15);
        let small = of(&[1e-300, 3e-300]);
        assert!((small.deviation() / 1e-300 - 1.0).abs() < 1e-15);
        let mixed = of(&[1e-300, 1.0, 1e300, -1e300, 1.0]);
        assert!((mixed.deviation() / (0.4_f64.sqrt() * 1e300) - 1.0).abs() < 1e-15);
        assert!(of(&[]).mean().is_nan() && of(&[]).deviation().is_nan());
        assert_eq!(of(&[5.0]).deviation(), 0.0);
    }
}
