//! What a comparison of elements has come to: counts, the largest differences and where they are, a histogram.

use std::collections::BTreeMap;

/// A difference, and the element that has it: its number in C order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ElementDifference {
    pub difference: f64,
    pub element: u64,
}

/// The largest number of values between two elements, and which element it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UlpDistance {
    pub ulps: u64,
    pub element: u64,
}

/// Which elements are NaN, or NaT.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NanPairs {
    pub only_a: u64,
    pub only_b: u64,
    pub both: u64,
}

/// How many differences there are of each order of magnitude.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DifferenceBins {
    /// Pairs without a difference.
    pub zero: u64,
    /// Infinite differences.
    pub infinite: u64,
    /// Differences from two to the power of the key up to the next power; the least key has all smaller ones too.
    pub powers: BTreeMap<i32, u64>,
}

impl DifferenceBins {
    pub(super) fn add(&mut self, difference: f64) {
        if difference == 0.0 {
            self.zero += 1;
        } else if difference.is_infinite() {
            self.infinite += 1;
        } else {
            let exponent = ((difference.to_bits() >> 52) & 0x7ff) as i32;
            *self.powers.entry(exponent - 1023).or_default() += 1;
        }
    }

    fn merge(&mut self, other: &Self) {
        self.zero += other.zero;
        self.infinite += other.infinite;
        for (power, count) in &other.powers {
            *self.powers.entry(*power).or_default() += count;
        }
    }
}

/// What is known of the elements that were compared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ValueDifferences {
    /// How many pairs were compared.
    pub compared: u64,
    /// How many of them are not equal by the rule.
    pub different: u64,
    pub nan: NanPairs,
    /// The largest `|a - b|`; NaNs have none.
    pub max_abs: Option<ElementDifference>,
    /// The largest `|a - b| / |b|`, where `b` is not 0.
    pub max_rel: Option<ElementDifference>,
    /// The largest distance in values of the type; only of arrays of one type.
    pub max_ulp: Option<UlpDistance>,
    /// Of the elements that are not equal, those with the largest `|a - b|`, the largest first.
    pub worst: Vec<ElementDifference>,
    pub bins: DifferenceBins,
}

impl ValueDifferences {
    /// Adds what follows, of which the `most` worst are kept.
    pub(super) fn merge(&mut self, next: &Self, most: usize) {
        self.compared += next.compared;
        self.different += next.different;
        self.nan.only_a += next.nan.only_a;
        self.nan.only_b += next.nan.only_b;
        self.nan.both += next.nan.both;
        self.bins.merge(&next.bins);
        larger(&mut self.max_abs, next.max_abs);
        larger(&mut self.max_rel, next.max_rel);
        if let Some(ulp) = next.max_ulp
            && self.max_ulp.is_none_or(|known| known.ulps < ulp.ulps)
        {
            self.max_ulp = Some(ulp);
        }
        next.worst.iter().for_each(|worst| self.add_worst(*worst, most));
    }

    /// Adds pairs without a difference, so many; the first is element `first`.
    pub(super) fn add_same(&mut self, count: u64, first: u64, has_ulps: bool) {
        self.compared += count;
        self.bins.zero += count;
        self.max_abs.get_or_insert(ElementDifference { difference: 0.0, element: first });
        if has_ulps {
            self.max_ulp.get_or_insert(UlpDistance { ulps: 0, element: first });
        }
    }

    pub(super) fn add_worst(&mut self, found: ElementDifference, most: usize) {
        // Of equal ones the first counts.
        let place = self.worst.partition_point(|known| known.difference >= found.difference);
        if place < most {
            self.worst.truncate(most - 1);
            self.worst.insert(place, found);
        }
    }

    /// The difference from which an element is one of the worst.
    pub(super) fn least_worst(&self, most: usize) -> f64 {
        match self.worst.last() {
            Some(last) if self.worst.len() == most => last.difference,
            _ => 0.0,
        }
    }

    /// Adds one pair.
    pub(super) fn add(&mut self, pair: &ComparedPair, most: usize) {
        self.compared += 1;
        self.different += u64::from(pair.is_different);
        let ComparedPair { element, .. } = *pair;
        match pair.nan {
            (true, true) => self.nan.both += 1,
            (true, false) => self.nan.only_a += 1,
            (false, true) => self.nan.only_b += 1,
            (false, false) => {}
        }
        if let Some(difference) = pair.difference {
            self.bins.add(difference);
            let found = ElementDifference { difference, element };
            larger(&mut self.max_abs, Some(found));
            if pair.is_different {
                self.add_worst(found, most);
            }
        }
        larger(&mut self.max_rel, pair.relative.map(|difference| ElementDifference { difference, element }));
        if let Some(ulps) = pair.ulps
            && self.max_ulp.is_none_or(|known| known.ulps < ulps)
        {
            self.max_ulp = Some(UlpDistance { ulps, element });
        }
    }
}

/// A pair of elements that was compared.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ComparedPair {
    pub element: u64,
    pub is_different: bool,
    pub nan: (bool, bool),
    pub difference: Option<f64>,
    pub relative: Option<f64>,
    pub ulps: Option<u64>,
}

pub(super) fn larger(known: &mut Option<ElementDifference>, found: Option<ElementDifference>) {
    if let Some(found) = found
        && known.is_none_or(|known| known.difference < found.difference)
    {
        *known = Some(found);
    }
}
