//! What statistics say of an array, complete or so far.

use crate::analysis::unread::Unread;
use crate::decode::Number;

/// What is asked besides counts, extremes, sum, mean and deviation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StatisticsQuestion {
    /// From 0 to 100.
    pub percentiles: Vec<f64>,
    /// A histogram.
    pub bins: Option<Bins>,
    /// Whether distinct values are counted.
    pub distinct: bool,
    /// Whether the first elements with the extremes and the first NaN are found, where that takes another pass.
    pub places: bool,
}

/// How a histogram is to be cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bins {
    /// How many, at least 1.
    pub count: usize,
    /// From where to where; without it from the least to the greatest value.
    pub range: Option<(f64, f64)>,
}

/// What the values of an array are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ValueKind {
    Integers,
    Floats,
    /// Their order, and what depends on it, is left out.
    Complex,
    /// Counts of ticks.
    Times,
    /// Text, records and the like: they are counted, and no more.
    #[default]
    Others,
}

/// Statistics of the elements that could be read; while they are made, of those so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statistics {
    pub kind: ValueKind,
    /// Elements that were read, NaN included.
    pub count: u64,
    /// Elements that could not be read.
    pub lost: u64,
    /// The bytes of the elements that could not be read.
    pub unread: Unread,
    /// Elements whose bits are no value of their type; they are left out.
    pub odd: u64,
    /// NaN and NaT: left out of all that follows but the distinct values.
    pub nan: u64,
    pub first_nan: Option<u64>,
    pub positive_infinities: u64,
    pub negative_infinities: u64,
    pub zeros: u64,
    pub negatives: u64,
    /// Infinities included.
    pub least: Option<Extremum>,
    pub greatest: Option<Extremum>,
    /// Of integers exact; `None` where there are no values.
    pub sum: Option<Number>,
    /// How far the sum of floats can be from the true one.
    pub sum_error: f64,
    pub mean: Option<Number>,
    /// The standard deviation of these values themselves (`ddof=0`).
    pub deviation: Option<f64>,
    pub distinct: Option<Distinct>,
    /// What was asked for, and the value; empty while they are not known.
    pub percentiles: Vec<(f64, f64)>,
    pub histogram: Option<Histogram>,
    /// Of elements of one byte: how often each byte occurs.
    pub bytes: Option<Box<[u64; 256]>>,
}

/// The least or the greatest value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extremum {
    pub value: Number,
    /// The first element that has it, in C order, if that is known.
    pub element: Option<u64>,
}

/// How many different values there are. All NaN are one value, and so are both zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Distinct {
    pub count: u64,
    /// Otherwise it is an estimate that is hardly ever more than 2 % off.
    pub is_exact: bool,
}

/// How many values are in each bin. A value on an edge is in the bin that begins there; the last bin has both of its
/// edges.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// One more than there are bins.
    pub edges: Vec<f64>,
    pub counts: Vec<u64>,
}

impl Statistics {
    /// Of elements of one byte the Shannon entropy in bits a byte: 0 to 8.
    pub fn entropy(&self) -> Option<f64> {
        let counts = self.bytes.as_deref()?;
        let all = counts.iter().sum::<u64>() as f64;
        let bits = counts.iter().filter(|count| **count > 0).map(|count| {
            let share = *count as f64 / all;
            -share * share.log2()
        });
        (all > 0.0).then(|| bits.sum::<f64>().abs())
    }

    /// Values that are finite numbers.
    pub fn finite(&self) -> u64 {
        let left_out = self.nan + self.positive_infinities + self.negative_infinities;
        self.count.saturating_sub(left_out)
    }
}
