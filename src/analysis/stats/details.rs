//! What needs the extremes first, or is slower than they are: histogram, distinct values, and the first look of the way to
//! the percentiles, all in one pass.

use super::bins::{BinCounts, Edges};
use super::codes::CodeTable;
use super::distinct::Sample;
use super::kernels::{Machine, numbers, repeated_numbers};
use super::select::FIRST_BITS;
use super::spare::Spare;
use crate::analysis::elements::{ElementKernel, Tile};
use crate::analysis::vector::{Vectorised, vectorised};
use std::marker::PhantomData;

/// Keys whose first bits are taken at once.
const AT_ONCE: usize = 256;

/// Gathers what is asked for.
pub(super) struct Details<T> {
    /// Whether some elements are no numbers.
    pub has_nan: bool,
    /// How often the first bits of keys occur.
    pub firsts: Option<Spare<CodeTable>>,
    pub bins: Option<(Edges, Spare<BinCounts>)>,
    pub samples: Option<Spare<Sample>>,
    pub of: PhantomData<T>,
}

impl<T: Machine> Details<T> {
    /// How often each of the first bits occurred.
    pub fn first_counts(&self) -> Option<Vec<u64>> {
        self.firsts.as_ref().map(|firsts| CodeTable::all(firsts, 1 << FIRST_BITS))
    }

    /// How many values are in each bin.
    pub fn bin_counts(&self) -> Option<(Vec<f64>, Vec<u64>)> {
        let (edges, tables) = self.bins.as_ref()?;
        let mut all = vec![0; edges.all().len() - 1];
        tables.each(|table| all.iter_mut().zip(table.counts()).for_each(|(all, own)| *all += own));
        Some((edges.all().to_vec(), all))
    }

    /// What all workers have seen.
    pub fn sample(&self) -> Option<Sample> {
        let mut all = Sample::default();
        self.samples.as_ref()?.each(|sample| all.merge(sample));
        Some(all)
    }
}

impl<T: Machine> ElementKernel for Details<T> {
    type Part = ();

    fn tile(&self, tile: &Tile<'_>, (): &mut ()) {
        let values = numbers::<T>(tile, self.has_nan);
        if let Some(firsts) = &self.firsts {
            firsts.with(|| CodeTable::new(1 << FIRST_BITS), |table| count_firsts(&values, table));
        }
        if let Some((edges, tables)) = &self.bins {
            tables.with(|| BinCounts::new(edges), |table| table.add(edges, &values));
        }
        if let Some(samples) = &self.samples {
            samples.with(Sample::default, |sample| sample.add(&values));
        }
    }

    fn repeated(&self, period: &Tile<'_>, count: u64, (): &mut ()) {
        for (value, times) in repeated_numbers::<T>(period, count) {
            if let Some(firsts) = &self.firsts {
                let code = (value.key() >> (T::BITS - FIRST_BITS)) as usize;
                firsts.with(|| CodeTable::new(1 << FIRST_BITS), |table| table.add_times(code, times));
            }
            if let Some((edges, tables)) = &self.bins {
                tables.with(|| BinCounts::new(edges), |table| table.add_times(edges, value.float(), times));
            }
            if let Some(samples) = &self.samples {
                samples.with(Sample::default, |sample| sample.add_bits(value.identity()));
            }
        }
    }
}

fn count_firsts<T: Machine>(values: &[T], table: &mut CodeTable) {
    let mut firsts = [0; AT_ONCE];
    for values in values.chunks(AT_ONCE) {
        let firsts = &mut firsts[..values.len()];
        vectorised(FirstBits { values, firsts });
        table.words(firsts);
    }
}

struct FirstBits<'a, T> {
    values: &'a [T],
    firsts: &'a mut [u16],
}

impl<T: Machine> Vectorised for FirstBits<'_, T> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        for (value, first) in self.values.iter().zip(self.firsts) {
            *first = (value.key() >> (T::BITS - FIRST_BITS)) as u16;
        }
    }
}
