//! Elements that are no floats side by side, one by one where they are not the same.

use super::rule::CompareRule;
use super::tally::{ComparedPair, ValueDifferences};
use crate::analysis::compare::runs::RunsFound;
use crate::decode::Number;

/// Where what is found of pairs goes.
pub(super) struct PairSink<'s> {
    pub rule: &'s CompareRule,
    pub found: &'s mut ValueDifferences,
    pub runs: &'s mut RunsFound,
    pub most: usize,
}

impl PairSink<'_> {
    fn add(&mut self, pair: &ComparedPair) {
        if pair.is_different {
            self.runs.add(pair.element, pair.element + 1);
        }
        self.found.add(pair, self.most);
    }

    /// Integers, the first pair of which is element `first`; `nat` is the value that is none.
    pub fn integers<T: ComparedInteger>(&mut self, a: &[T], b: &[T], first: u64, nat: Option<T>) {
        for (element, (a, b)) in (first..).zip(a.iter().zip(b)) {
            let nan = (nat == Some(*a), nat == Some(*b));
            let is_nan = nan.0 || nan.1;
            let distance = T::distance(*a, *b);
            let (difference, size) = (distance as f64, T::distance(*b, T::default()) as f64);
            let is_near = !is_nan
                && (self.is_close(difference, size)
                    || self.rule.ulp.is_some_and(|most| distance <= u128::from(most)));
            let is_same_nat = nan == (true, true) && self.rule.same_is_equal();
            let is_same = !is_nan && distance == 0;
            self.add(&ComparedPair {
                element,
                is_different: !(is_same || is_near || is_same_nat),
                nan,
                difference: (!is_nan).then_some(difference),
                relative: (!is_nan && size > 0.0).then(|| difference / size),
                ulps: (!is_nan).then(|| u64::try_from(distance).unwrap_or(u64::MAX)),
            });
        }
    }

    /// Numbers of any kind, also complex ones.
    pub fn numbers(&mut self, a: &[Option<Number>], b: &[Option<Number>], first: u64) {
        for (element, (a, b)) in (first..).zip(a.iter().zip(b)) {
            self.number(*a, *b, element);
        }
    }

    fn number(&mut self, a: Option<Number>, b: Option<Number>, element: u64) {
        let nan = (a.is_none_or(is_nan), b.is_none_or(is_nan));
        let is_nan = nan.0 || nan.1;
        let is_same = !is_nan && a == b;
        let (difference, size) = match (a, b) {
            (Some(a), Some(b)) if !is_nan => (if is_same { 0.0 } else { distance(a, b) }, length(b)),
            _ => (f64::NAN, f64::NAN),
        };
        // Of numbers whose kinds differ the same value has no difference.
        let is_equal = !is_nan && difference == 0.0;
        let is_close = size.is_finite() && self.is_close(difference, size);
        let is_equal_nan = nan == (true, true) && self.rule.same_is_equal();
        self.add(&ComparedPair {
            element,
            is_different: !(is_equal || is_close || is_equal_nan),
            nan,
            difference: (!difference.is_nan()).then_some(difference),
            relative: (size.is_finite() && size > 0.0 && !is_nan).then(|| difference / size),
            ulps: None,
        });
    }

    /// Elements of so many bytes that are no numbers.
    pub fn bytes(&mut self, a: &[u8], b: &[u8], size: usize, first: u64) {
        let pairs = a.chunks_exact(size.max(1)).zip(b.chunks_exact(size.max(1)));
        for (element, (a, b)) in (first..).zip(pairs) {
            self.found.compared += 1;
            if a != b {
                self.found.different += 1;
                self.runs.add(element, element + 1);
            }
        }
    }

    /// Elements that are the same, so many.
    pub fn same(&mut self, count: u64, first: u64, has_ulps: bool) {
        self.found.add_same(count, first, has_ulps);
    }

    fn is_close(&self, difference: f64, size: f64) -> bool {
        self.rule.closeness.is_some_and(|close| difference <= close.atol + close.rtol * size)
    }
}

/// An integer whose distance from another one is exact.
pub(super) trait ComparedInteger: Copy + Default + PartialEq {
    fn distance(a: Self, b: Self) -> u128;
}

impl ComparedInteger for i64 {
    fn distance(a: Self, b: Self) -> u128 {
        u128::from(a.abs_diff(b))
    }
}

impl ComparedInteger for i128 {
    fn distance(a: Self, b: Self) -> u128 {
        a.abs_diff(b)
    }
}

fn is_nan(number: Number) -> bool {
    match number {
        Number::Int(_) | Number::Wide(_) => false,
        Number::Float(value) => value.is_nan(),
        Number::Complex(re, im) => re.is_nan() || im.is_nan(),
    }
}

fn parts(number: Number) -> (f64, f64) {
    match number {
        Number::Int(value) => (value as f64, 0.0),
        Number::Wide(value) => (value as f64, 0.0),
        Number::Float(value) => (value, 0.0),
        Number::Complex(re, im) => (re, im),
    }
}

fn length(number: Number) -> f64 {
    let (re, im) = parts(number);
    re.hypot(im)
}

fn distance(a: Number, b: Number) -> f64 {
    match (a, b) {
        (Number::Int(a), Number::Int(b)) => a.abs_diff(b) as f64,
        (Number::Wide(a), Number::Wide(b)) => a.abs_diff(b) as f64,
        _ => {
            let ((re_a, im_a), (re_b, im_b)) = (parts(a), parts(b));
            // Infinities of one sign have no distance.
            let part = |a: f64, b: f64| if a == b { 0.0 } else { a - b };
            part(re_a, re_b).hypot(part(im_a, im_b))
        }
    }
}
