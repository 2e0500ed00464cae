//! What was gathered becomes an answer.

use super::answer::{Extremum, Statistics, StatisticsQuestion, ValueKind};
use super::basics::{Basics, ElementCounts, Extreme};
use super::meaning::{self, Known};
use super::moments::Moments;
use super::numbers::NumberPart;
use crate::decode::Number;

impl Statistics {
    /// What was counted, and the least and the greatest value.
    fn set_counts<T: Copy>(
        &mut self,
        all: &ElementCounts,
        [least, greatest]: [Option<Extreme<T>>; 2],
        number: impl Fn(T) -> Number,
    ) {
        let extremum =
            |extreme: Extreme<T>| Extremum { value: number(extreme.value), element: Some(extreme.number) };
        self.count = all.count;
        self.odd = 0;
        (self.nan, self.first_nan) = (all.nan, all.first_nan);
        self.positive_infinities = all.positive_infinities;
        self.negative_infinities = all.negative_infinities;
        (self.zeros, self.negatives) = (all.zeros, all.negatives);
        (self.least, self.greatest) = (least.map(&extremum), greatest.map(&extremum));
    }

    /// What was counted of values that are numbers.
    pub(super) fn set_basics<T: Copy>(&mut self, all: &Basics<T>, number: impl Fn(T) -> Number) {
        self.set_counts(&all.counts, [all.least, all.greatest], number);
    }

    /// The sums of the finite values. As in NumPy, an infinity makes the sum and the mean infinite, and the deviation
    /// NaN.
    pub(super) fn set_moments(&mut self, finite: &Moments, exact: Option<i128>) {
        let (up, down) = (self.positive_infinities > 0, self.negative_infinities > 0);
        let with_infinities = |value: f64| match (up, down) {
            (false, false) => value,
            (true, false) => f64::INFINITY,
            (false, true) => f64::NEG_INFINITY,
            (true, true) => f64::NAN,
        };
        if self.count == self.nan {
            return;
        }
        let sum = with_infinities(finite.total());
        self.sum = Some(exact.map_or(Number::Float(sum), Number::Int));
        self.sum_error = if exact.is_some() { 0.0 } else { sum_error(sum, self) };
        self.mean = Some(Number::Float(with_infinities(finite.mean())));
        self.deviation = Some(if up || down { f64::NAN } else { finite.deviation() });
    }

    /// What was gathered of numbers of any kind.
    pub(super) fn set_numbers(&mut self, all: &NumberPart) {
        self.set_counts(&all.counts, [all.least, all.greatest], |value| value);
        let has_numbers = all.moments.count > 0;
        if all.is_complex {
            self.kind = ValueKind::Complex;
            let of = |part: fn(&Moments) -> f64| Number::Complex(part(&all.moments), part(&all.imaginary));
            if has_numbers && all.counts.positive_infinities == 0 {
                self.sum = Some(of(Moments::total));
                self.mean = Some(of(Moments::mean));
                self.deviation = Some(all.moments.deviation().hypot(all.imaginary.deviation()));
            }
        } else if has_numbers || all.least.is_some() {
            self.kind = if all.has_floats { ValueKind::Floats } else { ValueKind::Integers };
            self.set_moments(&all.moments, all.total.0.filter(|_| !all.has_floats));
        }
    }

    /// What counts of codes say.
    pub(super) fn set_codes(&mut self, known: Known, wanted: &StatisticsQuestion) {
        *self = known.statistics;
        if !wanted.distinct {
            self.distinct = None;
        }
        // As of other types.
        if known.ranked.is_empty() {
            return;
        }
        self.percentiles = meaning::percentiles(&known.ranked, &wanted.percentiles);
        self.histogram = wanted.bins.and_then(|bins| meaning::histogram(&known.ranked, bins));
    }
}

/// The sum is rounded once; the carried errors are rounded too, once in each of so many additions.
fn sum_error(sum: f64, known: &Statistics) -> f64 {
    let size = |extremum: Option<Extremum>| match extremum.map(|extremum| extremum.value) {
        Some(Number::Float(value)) => value.abs(),
        _ => 0.0,
    };
    let largest = size(known.least).max(size(known.greatest));
    let count = known.finite() as f64;
    sum.abs() * (f64::EPSILON / 2.0) + count * count * 2f64.powi(-100) * largest
}
