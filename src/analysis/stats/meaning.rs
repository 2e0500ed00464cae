//! What the codes of one or two bytes are, and what their counts say.

use super::answer::{Bins, Distinct, Extremum, Histogram, Statistics, ValueKind};
use super::double::Double;
use super::histogram::edges;
use super::moments::Moments;
use super::percentiles::between;
use crate::decode::dtype::ItemType;
use crate::decode::scalar_type::DType;
use crate::decode::{Element, Number, Order};

/// How a code is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The code is the bits of such a value.
    Bits(DType),
    /// It is an integer of eight bits.
    Unsigned,
    Signed,
}

/// What a code is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Coded {
    Value(f64),
    Nan,
    /// Bits that its type does not use.
    Odd,
}

/// Values and how often they occur, from the least to the greatest; no NaN.
pub(super) type Ranked = Vec<(f64, u64)>;

/// What counts of codes say.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub statistics: Statistics,
    pub ranked: Ranked,
    /// The codes there are of the least value, of the greatest, and of NaN. Of zero there may be two.
    pub codes: [Vec<u16>; 3],
}

impl Meaning {
    /// Of a type whose values are codes: those that take one byte or two, and integers of fewer bits.
    pub fn of(item: &ItemType) -> Option<Self> {
        match item {
            ItemType::Scalar(dtype) if dtype.size() <= 2 => Some(Self::Bits(*dtype)),
            ItemType::Packed(packed) if !packed.element.is_float() => {
                let signed = matches!(packed.element, Element::I4 | Element::I2);
                Some(if signed { Self::Signed } else { Self::Unsigned })
            }
            _ => None,
        }
    }

    /// Bytes of a code.
    pub fn bytes(self) -> usize {
        match self {
            Self::Bits(dtype) => dtype.size(),
            Self::Unsigned | Self::Signed => 1,
        }
    }

    fn coded(self, code: usize) -> Coded {
        let number = match self {
            Self::Unsigned => Some(Number::Int(code as i128)),
            Self::Signed => Some(Number::Int(i128::from((code as u8).cast_signed()))),
            Self::Bits(dtype) => {
                let bits = (code as u16).to_le_bytes();
                DType::new(dtype.element, Order::Little).number(&bits[..dtype.size()])
            }
        };
        match number {
            Some(Number::Int(value)) => Coded::Value(value as f64),
            Some(Number::Float(value)) if value.is_nan() => Coded::Nan,
            Some(Number::Float(value)) => Coded::Value(value),
            Some(Number::Wide(_) | Number::Complex(..)) | None => Coded::Odd,
        }
    }

    /// Whether the codes are numbers at all: characters are not.
    fn is_number(self) -> bool {
        !matches!(self, Self::Bits(DType { element: Element::Char, .. }))
    }

    fn is_float(self) -> bool {
        matches!(self, Self::Bits(dtype) if dtype.element.is_float())
    }

    /// All that counts of codes say.
    pub fn known(self, counts: &[u64]) -> Known {
        let mut known = Known::default();
        let all = &mut known.statistics;
        all.bytes = <&[u64; 256]>::try_from(counts).ok().map(|counts| Box::new(*counts));
        let different = counts.iter().filter(|count| **count > 0).count() as u64;
        if !self.is_number() {
            all.count = counts.iter().sum();
            all.distinct = Some(Distinct { count: different, is_exact: true });
            return known;
        }
        all.kind = if self.is_float() { ValueKind::Floats } else { ValueKind::Integers };
        let mut by_code = Vec::new();
        for (code, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            match self.coded(code) {
                Coded::Value(value) => by_code.push((value, count, code as u16)),
                Coded::Nan => {
                    all.nan += count;
                    known.codes[2].push(code as u16);
                }
                Coded::Odd => all.odd += count,
            }
        }
        by_code.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let same = |end: Option<&(f64, u64, u16)>| {
            let value = end.map(|end| end.0);
            by_code.iter().filter(|one| Some(one.0) == value).map(|one| one.2).collect()
        };
        (known.codes[0], known.codes[1]) = (same(by_code.first()), same(by_code.last()));
        let mut ranked: Ranked = by_code.iter().map(|(value, count, _)| (*value, *count)).collect();
        // Both zeros are one value.
        ranked.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            earlier.1 += if same { later.1 } else { 0 };
            same
        });
        all.count = all.nan + ranked.iter().map(|(_, count)| count).sum::<u64>();
        all.distinct = Some(Distinct { count: ranked.len() as u64 + u64::from(all.nan > 0), is_exact: true });
        self.sums(&ranked, all);
        known.ranked = ranked;
        known
    }

    fn sums(self, ranked: &[(f64, u64)], all: &mut Statistics) {
        let finite = ranked.iter().filter(|(value, _)| value.is_finite());
        let count_of = |is_so: &dyn Fn(f64) -> bool| {
            ranked.iter().filter(|(value, _)| is_so(*value)).map(|(_, count)| count).sum::<u64>()
        };
        all.zeros = count_of(&|value| value == 0.0);
        all.negatives = count_of(&|value| value < 0.0);
        all.positive_infinities = count_of(&|value| value == f64::INFINITY);
        all.negative_infinities = count_of(&|value| value == f64::NEG_INFINITY);
        let as_number = |value: f64| {
            if self.is_float() { Number::Float(value) } else { Number::Int(value as i128) }
        };
        let extremum = |(value, _): &(f64, u64)| Extremum { value: as_number(*value), element: None };
        (all.least, all.greatest) = (ranked.first().map(extremum), ranked.last().map(extremum));
        let exact: i128 = match self.is_float() {
            true => 0,
            false => finite.clone().map(|(value, count)| *value as i128 * i128::from(*count)).sum(),
        };
        all.set_moments(&moments(finite), (!self.is_float()).then_some(exact));
    }
}

/// The moments of values that occur so often.
fn moments<'a>(values: impl Iterator<Item = &'a (f64, u64)> + Clone) -> Moments {
    let times = |value: Double, count: u64| value * Double::from(count);
    let count = values.clone().map(|(_, count)| count).sum();
    let add = |sum: Double, (value, count): &(f64, u64)| sum + times(Double::from(*value), *count);
    let sum = values.clone().fold(Double::ZERO, add);
    let center = sum / Double::from(count);
    let squares = values.fold(Double::ZERO, |squares, (value, count)| {
        let off = Double::from(*value) - center;
        squares + times(off * off, *count)
    });
    Moments::around(count, sum, center, squares, 0)
}

/// The value at each of `percents` of values that are counted by size.
pub(super) fn percentiles(ranked: &[(f64, u64)], percents: &[f64]) -> Vec<(f64, f64)> {
    let count: u64 = ranked.iter().map(|(_, count)| count).sum();
    let ends: Vec<u64> = ranked
        .iter()
        .scan(0, |end, (_, count)| {
            *end += count;
            Some(*end)
        })
        .collect();
    let at = |rank: u64| {
        let place = ends.partition_point(|end| *end <= rank).min(ranked.len().saturating_sub(1));
        ranked.get(place).map_or(f64::NAN, |(value, _)| *value)
    };
    percents.iter().map(|percent| (*percent, between(count, *percent, at))).collect()
}

/// The histogram of values that are counted by size; `None` without finite values to choose a range by.
pub(super) fn histogram(ranked: &[(f64, u64)], bins: Bins) -> Option<Histogram> {
    let mut finite = ranked.iter().filter(|(value, _)| value.is_finite());
    let range = bins.range.or_else(|| {
        let least = finite.next()?.0;
        Some((least, finite.next_back().map_or(least, |(value, _)| *value)))
    })?;
    let edges = edges(range, bins.count);
    let mut counts = vec![0; bins.count];
    for (value, count) in ranked {
        if let Some(bin) = super::histogram::bin_of(&edges, *value) {
            counts[bin] += count;
        }
    }
    Some(Histogram { edges, counts })
}
