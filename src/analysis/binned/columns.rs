//! What is known of each column of a row of bins, and the bins that it becomes.
//!
//! Rows of elements are added to the columns first: neighbours are added to neighbours, which vectors of the processor
//! do. Only then the columns of a bin are brought together, once a row of bins.

use super::{BinRow, BinValues};
use crate::analysis::vector::{Vectorised, vectorised};

/// A float that the greatest and the least value of a column are kept in.
pub(super) trait ColumnFloat: Copy + PartialOrd + Into<f64> {
    const LEAST: Self;
    const GREATEST: Self;
}

impl ColumnFloat for f32 {
    const LEAST: Self = f32::NEG_INFINITY;
    const GREATEST: Self = f32::INFINITY;
}

impl ColumnFloat for f64 {
    const LEAST: Self = f64::NEG_INFINITY;
    const GREATEST: Self = f64::INFINITY;
}

/// A value of a tile.
pub(super) trait BinnedValue: Copy {
    /// Holds it exactly, or rounded as `f64` does.
    type Column: ColumnFloat;

    fn value(self) -> Self::Column;

    fn is_nan(self) -> bool;
}

macro_rules! binned_value {
    ($($type:ty => $column:ty, $is_nan:expr;)*) => {
        $(impl BinnedValue for $type {
            type Column = $column;

            #[inline(always)]
            fn value(self) -> $column {
                self as $column
            }

            #[inline(always)]
            fn is_nan(self) -> bool {
                let is_nan: fn($type) -> bool = $is_nan;
                is_nan(self)
            }
        })*
    };
}
binned_value! {
    u8 => f32, |_| false;
    i8 => f32, |_| false;
    u16 => f32, |_| false;
    i16 => f32, |_| false;
    f32 => f32, f32::is_nan;
    u32 => f64, |_| false;
    i32 => f64, |_| false;
    u64 => f64, |_| false;
    i64 => f64, |_| false;
    f64 => f64, f64::is_nan;
}

/// Greatest and least value of each column.
#[derive(Debug, Default)]
pub(super) struct Extremes<A> {
    max: Vec<A>,
    min: Vec<A>,
}

impl<A: ColumnFloat> Extremes<A> {
    fn new(columns: usize, wanted: BinValues) -> Self {
        let of = |is_wanted: bool, value: A| if is_wanted { vec![value; columns] } else { Vec::new() };
        Self { max: of(wanted.max, A::LEAST), min: of(wanted.min, A::GREATEST) }
    }

    /// As at first.
    fn clear(&mut self) {
        self.max.fill(A::LEAST);
        self.min.fill(A::GREATEST);
    }
}

/// Extremes in the float that suits the type of the elements.
#[derive(Debug)]
pub(super) enum ColumnExtremes {
    Narrow(Extremes<f32>),
    Wide(Extremes<f64>),
}

/// Picks the extremes of a float out of those of a row of bins.
pub(super) trait ExtremesOf<A> {
    fn extremes(&mut self) -> Option<&mut Extremes<A>>;
}

impl ExtremesOf<f32> for ColumnExtremes {
    fn extremes(&mut self) -> Option<&mut Extremes<f32>> {
        match self {
            Self::Narrow(extremes) => Some(extremes),
            Self::Wide(_) => None,
        }
    }
}

impl ExtremesOf<f64> for ColumnExtremes {
    fn extremes(&mut self) -> Option<&mut Extremes<f64>> {
        match self {
            Self::Wide(extremes) => Some(extremes),
            Self::Narrow(_) => None,
        }
    }
}

/// What is known of the columns of one row of bins.
#[derive(Debug)]
pub(super) struct Columns {
    pub row: usize,
    wanted: BinValues,
    extremes: ColumnExtremes,
    sum: Vec<f64>,
    /// NaN of each column; empty while there are none.
    nan: Vec<u32>,
    /// Changes of the number of elements from column to column.
    steps: Vec<i64>,
}

impl Columns {
    /// Columns without elements.
    pub fn new(row: usize, columns: usize, wanted: BinValues, is_narrow: bool) -> Self {
        let extremes = if is_narrow {
            ColumnExtremes::Narrow(Extremes::new(columns, wanted))
        } else {
            ColumnExtremes::Wide(Extremes::new(columns, wanted))
        };
        let sum = if wanted.mean { vec![0.0; columns] } else { Vec::new() };
        Self { row, wanted, extremes, sum, nan: Vec::new(), steps: vec![0; columns + 1] }
    }

    /// Of another row of bins, without elements.
    pub fn begin(&mut self, row: usize) {
        self.row = row;
        match &mut self.extremes {
            ColumnExtremes::Narrow(extremes) => extremes.clear(),
            ColumnExtremes::Wide(extremes) => extremes.clear(),
        }
        self.sum.fill(0.0);
        self.nan.clear();
        self.steps.fill(0);
    }

    /// Adds neighbours of a row, from a column on.
    pub fn add<T: BinnedValue>(&mut self, values: &[T], column: usize)
    where
        ColumnExtremes: ExtremesOf<T::Column>,
    {
        let columns = column..column + values.len();
        if columns.end >= self.steps.len() {
            return;
        }
        self.steps[columns.start] += 1;
        self.steps[columns.end] -= 1;
        if vectorised(AnyNan(values)) {
            self.nan.resize(self.steps.len() - 1, 0);
            self.add_with_nan(values, column);
            return;
        }
        let wanted = self.wanted;
        let Some(extremes) = self.extremes.extremes() else { return };
        if wanted.max {
            vectorised(Greatest(&mut extremes.max[columns.clone()], values));
        }
        if wanted.min {
            vectorised(Least(&mut extremes.min[columns.clone()], values));
        }
        if wanted.mean {
            vectorised(Sums(&mut self.sum[columns], values));
        }
    }

    /// Adds neighbours of a row that are all of one bin, which has one column here.
    pub fn add_to_bin<T: BinnedValue>(&mut self, values: &[T], bin: usize)
    where
        ColumnExtremes: ExtremesOf<T::Column>,
    {
        if bin + 1 >= self.steps.len() {
            return;
        }
        self.steps[bin] += values.len() as i64;
        self.steps[bin + 1] -= values.len() as i64;
        let wanted = self.wanted;
        let Some(extremes) = self.extremes.extremes() else { return };
        let mut nan = 0;
        for value in values {
            if value.is_nan() {
                nan += 1;
                continue;
            }
            let number = value.value();
            if wanted.max && number > extremes.max[bin] {
                extremes.max[bin] = number;
            }
            if wanted.min && number < extremes.min[bin] {
                extremes.min[bin] = number;
            }
            if wanted.mean {
                self.sum[bin] += number.into();
            }
        }
        if nan > 0 {
            self.nan.resize(self.steps.len() - 1, 0);
            self.nan[bin] += nan;
        }
    }

    fn add_with_nan<T: BinnedValue>(&mut self, values: &[T], column: usize)
    where
        ColumnExtremes: ExtremesOf<T::Column>,
    {
        let wanted = self.wanted;
        let Some(extremes) = self.extremes.extremes() else { return };
        for (at, value) in (column..).zip(values) {
            if value.is_nan() {
                self.nan[at] += 1;
                continue;
            }
            let number = value.value();
            if wanted.max && number > extremes.max[at] {
                extremes.max[at] = number;
            }
            if wanted.min && number < extremes.min[at] {
                extremes.min[at] = number;
            }
            if wanted.mean {
                self.sum[at] += number.into();
            }
        }
    }

    /// The bins, of which number `i` begins at column `starts[i]`.
    pub fn bins(&self, starts: &[usize]) -> BinRow {
        match &self.extremes {
            ColumnExtremes::Narrow(extremes) => self.bins_of(extremes, starts),
            ColumnExtremes::Wide(extremes) => self.bins_of(extremes, starts),
        }
    }

    fn bins_of<A: ColumnFloat>(&self, extremes: &Extremes<A>, starts: &[usize]) -> BinRow {
        let width = starts.len() - 1;
        let mut bins = BinRow {
            row: self.row,
            max: Vec::with_capacity(if self.wanted.max { width } else { 0 }),
            min: Vec::with_capacity(if self.wanted.min { width } else { 0 }),
            sum: Vec::with_capacity(if self.wanted.mean { width } else { 0 }),
            count: Vec::with_capacity(width),
            nan: Vec::with_capacity(width),
        };
        let mut elements = 0;
        for edges in starts.windows(2) {
            let columns = edges[0]..edges[1];
            let all: u64 = self.steps[columns.clone()]
                .iter()
                .map(|step| {
                    elements += step;
                    elements as u64
                })
                .sum();
            let nan = self.nan.get(columns.clone()).map_or(0, |nan| nan.iter().map(|n| u64::from(*n)).sum());
            let has_any = all > nan;
            bins.count.push(all - nan);
            bins.nan.push(nan);
            if self.wanted.max {
                let greatest = extremes.max[columns.clone()].iter().copied();
                let greatest = greatest.fold(A::LEAST, |a, b| if b > a { b } else { a });
                bins.max.push(if has_any { greatest.into() } else { f64::NAN });
            }
            if self.wanted.min {
                let least = extremes.min[columns.clone()].iter().copied();
                let least = least.fold(A::GREATEST, |a, b| if b < a { b } else { a });
                bins.min.push(if has_any { least.into() } else { f64::NAN });
            }
            if self.wanted.mean {
                bins.sum.push(self.sum[columns].iter().fold(0.0, |sum, value| sum + value));
            }
        }
        bins
    }
}

struct AnyNan<'a, T>(&'a [T]);

impl<T: BinnedValue> Vectorised for AnyNan<'_, T> {
    type Out = bool;

    #[inline(always)]
    fn run(self) -> bool {
        self.0.iter().fold(false, |any, value| any | value.is_nan())
    }
}

struct Greatest<'a, T: BinnedValue>(&'a mut [T::Column], &'a [T]);

impl<T: BinnedValue> Vectorised for Greatest<'_, T> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        for (max, value) in self.0.iter_mut().zip(self.1) {
            let value = value.value();
            *max = if value > *max { value } else { *max };
        }
    }
}

struct Least<'a, T: BinnedValue>(&'a mut [T::Column], &'a [T]);

impl<T: BinnedValue> Vectorised for Least<'_, T> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        for (min, value) in self.0.iter_mut().zip(self.1) {
            let value = value.value();
            *min = if value < *min { value } else { *min };
        }
    }
}

struct Sums<'a, T>(&'a mut [f64], &'a [T]);

impl<T: BinnedValue> Vectorised for Sums<'_, T> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        for (sum, value) in self.0.iter_mut().zip(self.1) {
            *sum += value.value().into();
        }
    }
}
