//! Numbers that no machine calculates with at once: 128-bit integers, long doubles, complex ones; and elements that are
//! no numbers.

use super::basics::{ElementCounts, Extreme};
use super::double::Double;
use super::moments::{Moments, unit_of};
use crate::analysis::elements::{ElementKernel, Tile, TileValues};
use crate::decode::Number;
use std::cmp::Ordering;

/// What a piece of them has.
#[derive(Clone, Debug, Default)]
pub(super) struct NumberPart {
    pub counts: ElementCounts,
    pub least: Option<Extreme<Number>>,
    pub greatest: Option<Extreme<Number>>,
    /// Of the numbers, of complex ones the real parts.
    pub moments: Moments,
    /// Of the imaginary parts.
    pub imaginary: Moments,
    /// Of integers; `None` once it has more than 127 bits.
    pub total: Total,
    pub is_complex: bool,
    pub has_floats: bool,
}

/// An exact sum, unless it has become too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Total(pub Option<i128>);

impl Default for Total {
    fn default() -> Self {
        Self(Some(0))
    }
}

/// Shows tiles of numbers, and counts other elements.
pub(super) struct NumberKernel;

impl ElementKernel for NumberKernel {
    type Part = NumberPart;

    const ONLY_MAKES_PARTS: bool = true;

    fn tile(&self, tile: &Tile<'_>, part: &mut NumberPart) {
        match tile.values {
            TileValues::Numbers(values) => part.add(values, tile.first),
            _ => part.counts.count += tile.len() as u64,
        }
    }

    fn repeated(&self, period: &Tile<'_>, count: u64, part: &mut NumberPart) {
        let length = period.len() as u64;
        let TileValues::Numbers(values) = period.values else {
            part.counts.count += count;
            return;
        };
        for (value, at) in values.iter().zip(0..count) {
            let mut one = NumberPart::default();
            one.add(&[*value], period.first + at);
            one.multiply(count / length + u64::from(at < count % length));
            part.merge(&one);
        }
    }
}

impl NumberPart {
    /// Adds neighbours, the first of which is element `first`.
    fn add(&mut self, values: &[Option<Number>], first: u64) {
        self.counts.count += values.len() as u64;
        let (mut real, mut imaginary) = (Vec::with_capacity(values.len()), Vec::new());
        for (value, number) in values.iter().zip(first..) {
            let Some(value) = value.filter(|value| !is_nan(*value)) else {
                self.counts.nan += 1;
                self.counts.first_nan.get_or_insert(number);
                continue;
            };
            self.counts.zeros += u64::from(is_zero(value));
            match value {
                Number::Complex(re, im) => {
                    self.is_complex = true;
                    if re.is_finite() && im.is_finite() {
                        real.push(Double::from(re));
                        imaginary.push(Double::from(im));
                    } else {
                        self.counts.positive_infinities += 1;
                    }
                }
                Number::Float(float) if float.is_infinite() => {
                    self.has_floats = true;
                    let infinities = if float > 0.0 {
                        &mut self.counts.positive_infinities
                    } else {
                        &mut self.counts.negative_infinities
                    };
                    *infinities += 1;
                    self.counts.negatives += u64::from(float < 0.0);
                    self.take(value, number);
                }
                Number::Float(float) => {
                    self.has_floats = true;
                    self.counts.negatives += u64::from(float < 0.0);
                    real.push(Double::from(float));
                    self.take(value, number);
                }
                Number::Int(int) => {
                    self.counts.negatives += u64::from(int < 0);
                    self.total.add(Some(int));
                    real.push(Double::of_int(int));
                    self.take(value, number);
                }
                Number::Wide(wide) => {
                    self.total.add(None);
                    real.push(Double::of_int((wide >> 1).cast_signed()).scaled(1) + (wide & 1) as f64);
                    self.take(value, number);
                }
            }
        }
        self.moments.merge(&moments(&real));
        self.imaginary.merge(&moments(&imaginary));
    }

    fn take(&mut self, value: Number, number: u64) {
        if self.least.is_none_or(|least| compare(value, least.value) == Ordering::Less) {
            self.least = Some(Extreme { value, number });
        }
        if self.greatest.is_none_or(|greatest| compare(value, greatest.value) == Ordering::Greater) {
            self.greatest = Some(Extreme { value, number });
        }
    }

    /// Makes so many elements of each.
    fn multiply(&mut self, times: u64) {
        self.counts.multiply(times);
        self.moments = self.moments.times(times);
        self.imaginary = self.imaginary.times(times);
        self.total = Total(self.total.0.and_then(|total| total.checked_mul(times.into())));
    }

    /// Adds the part of elements that come later.
    pub fn merge(&mut self, later: &Self) {
        self.counts.merge(&later.counts);
        for extreme in [later.least, later.greatest].into_iter().flatten() {
            self.take(extreme.value, extreme.number);
        }
        self.moments.merge(&later.moments);
        self.imaginary.merge(&later.imaginary);
        self.total.add(later.total.0);
        self.is_complex |= later.is_complex;
        self.has_floats |= later.has_floats;
    }
}

impl Total {
    fn add(&mut self, other: Option<i128>) {
        self.0 = self.0.zip(other).and_then(|(own, other)| own.checked_add(other));
    }
}

fn is_nan(value: Number) -> bool {
    match value {
        Number::Float(value) => value.is_nan(),
        Number::Complex(real, imaginary) => real.is_nan() || imaginary.is_nan(),
        Number::Int(_) | Number::Wide(_) => false,
    }
}

fn is_zero(value: Number) -> bool {
    matches!(value, Number::Int(0) | Number::Float(0.0) | Number::Complex(0.0, 0.0))
}

/// By size; all numbers of an array that have one are of the same kind, integers of both.
fn compare(a: Number, b: Number) -> Ordering {
    match (a, b) {
        (Number::Int(a), Number::Int(b)) => a.cmp(&b),
        (Number::Wide(a), Number::Wide(b)) => a.cmp(&b),
        (Number::Int(_), Number::Wide(_)) => Ordering::Less,
        (Number::Wide(_), Number::Int(_)) => Ordering::Greater,
        (Number::Float(a), Number::Float(b)) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
        _ => Ordering::Equal,
    }
}

fn moments(values: &[Double]) -> Moments {
    let largest = values.iter().map(|value| value.hi.abs()).fold(0.0, f64::max);
    let exponent = unit_of(largest);
    let scaled = |value: &Double| if exponent == 0 { *value } else { value.scaled(-exponent) };
    let sum = values.iter().fold(Double::ZERO, |sum, value| sum + scaled(value));
    let center = sum / Double::from(values.len() as u64);
    let squares = values.iter().fold(Double::ZERO, |squares, value| {
        let off = scaled(value) - center;
        squares + off * off
    });
    Moments::around(values.len() as u64, sum, center, squares, exponent)
}
