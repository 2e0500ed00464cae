//! The values of given ranks, exact, in few passes: each counts how often the next bits of the keys occur among the
//! values that are still in question, until these are so few that they can be kept and sorted.

use super::kernels::{Machine, numbers, repeated_numbers};
use super::spare::Spare;
use crate::analysis::elements::{ElementKernel, Tile};
use std::marker::PhantomData;

/// Bits of the first look.
pub(super) const FIRST_BITS: u32 = 16;

/// So many values are kept and sorted at most: 8 MiB of keys.
const FEW: u64 = 1 << 20;

/// Bytes of the tables of all workers.
const TABLE_BYTES: usize = 16 << 20;

/// Values with the same first bits, among which ranks are in question.
#[derive(Clone, Debug)]
struct Prefix {
    bits: u64,
    /// Values that are less than all of them.
    before: u64,
    count: u64,
    /// Which of the wanted ranks are among them.
    ranks: Vec<usize>,
}

/// What is in question.
#[derive(Debug)]
pub(super) struct Selection<T> {
    /// Ascending.
    ranks: Vec<u64>,
    found: Vec<Option<u64>>,
    /// Ascending; they share how many of their first bits are known.
    prefixes: Vec<Prefix>,
    known_bits: u32,
    of: PhantomData<T>,
}

impl<T: Machine> Selection<T> {
    /// Of values whose first bits were counted.
    pub fn new(ranks: Vec<u64>, counts: &[u64]) -> Self {
        let all =
            Prefix { bits: 0, before: 0, count: counts.iter().sum(), ranks: (0..ranks.len()).collect() };
        let found = vec![None; ranks.len()];
        let mut selection = Self { ranks, found, prefixes: vec![all], known_bits: 0, of: PhantomData };
        selection.narrow(FIRST_BITS, |_| counts.to_vec());
        selection
    }

    /// Whether all is found.
    pub fn is_done(&self) -> bool {
        self.prefixes.is_empty()
    }

    /// The values of the ranks; NaN's place where there is none.
    pub fn values(&self) -> Vec<Option<T>> {
        self.found.iter().map(|key| key.map(T::of_key)).collect()
    }

    /// The kernel of the next pass.
    pub fn next(&self, threads: usize, has_nan: bool) -> Narrowing<'_, T> {
        let left = T::BITS - self.known_bits;
        let few = self.prefixes.iter().map(|prefix| prefix.count).sum::<u64>() <= FEW;
        let most = TABLE_BYTES / threads.max(1) / size_of::<u64>() / self.prefixes.len().max(1);
        let bits = most.max(2).ilog2().min(left).min(16);
        let mut marks = vec![false; 1 << FIRST_BITS];
        for prefix in &self.prefixes {
            marks[(prefix.bits >> (self.known_bits - FIRST_BITS)) as usize] = true;
        }
        let bits = if few { None } else { Some(bits) };
        Narrowing { selection: self, has_nan, marks, bits, tables: Spare::default() }
    }

    /// Takes what a complete pass has counted or kept.
    pub fn take(&mut self, made: Counted) {
        match made {
            Counted::Tables(bits, tables) => {
                let size = 1 << bits;
                self.narrow(bits, |at| tables[at * size..(at + 1) * size].to_vec());
            }
            Counted::Keys(mut keys) => {
                keys.sort_unstable();
                for prefix in std::mem::take(&mut self.prefixes) {
                    let shift = T::BITS - self.known_bits;
                    let start = keys.partition_point(|key| key >> shift < prefix.bits);
                    for rank in prefix.ranks {
                        let place = self.ranks[rank].saturating_sub(prefix.before) as usize;
                        self.found[rank] = keys.get(start + place).copied();
                    }
                }
            }
        }
    }

    /// Splits each prefix by its next bits, of which `counts` answers how often they occur.
    fn narrow(&mut self, bits: u32, counts: impl Fn(usize) -> Vec<u64>) {
        self.known_bits += bits;
        let mut next = Vec::new();
        for (at, prefix) in std::mem::take(&mut self.prefixes).into_iter().enumerate() {
            let (mut before, mut left) = (prefix.before, prefix.ranks.into_iter().peekable());
            for (low, count) in counts(at).into_iter().enumerate() {
                let end = before + count;
                let mut ranks = Vec::new();
                while let Some(rank) = left.next_if(|rank| self.ranks[*rank] < end) {
                    ranks.push(rank);
                }
                if !ranks.is_empty() {
                    let bits = prefix.bits << bits | low as u64;
                    next.push(Prefix { bits, before, count, ranks });
                }
                before = end;
            }
        }
        if self.known_bits == T::BITS {
            for prefix in next {
                prefix.ranks.iter().for_each(|rank| self.found[*rank] = Some(prefix.bits));
            }
        } else {
            self.prefixes = next;
        }
    }
}

/// What a pass has counted: how often the next so many bits occur behind each prefix, or all keys that are in question.
pub(super) enum Counted {
    Tables(u32, Vec<u64>),
    Keys(Vec<u64>),
}

/// Looks at values whose first bits are in question.
pub(super) struct Narrowing<'a, T> {
    selection: &'a Selection<T>,
    /// Whether some elements are no numbers.
    has_nan: bool,
    /// By the first bits: whether there is a prefix that begins so.
    marks: Vec<bool>,
    /// The bits that are counted; `None` when the keys are kept.
    bits: Option<u32>,
    /// Counts, or keys.
    tables: Spare<Vec<u64>>,
}

impl<T: Machine> Narrowing<'_, T> {
    fn look(&self, values: &[T], times: u64, table: &mut Vec<u64>) {
        let first = T::BITS - FIRST_BITS;
        for value in values {
            let key = value.key();
            if self.marks[(key >> first) as usize] {
                self.count(key, times, table);
            }
        }
    }

    #[inline]
    fn count(&self, key: u64, times: u64, table: &mut Vec<u64>) {
        let left = T::BITS - self.selection.known_bits;
        let prefixes = &self.selection.prefixes;
        let Ok(at) = prefixes.binary_search_by_key(&(key >> left), |prefix| prefix.bits) else { return };
        match self.bits {
            Some(bits) => table[(at << bits) | (key >> (left - bits)) as usize & ((1 << bits) - 1)] += times,
            None => table.extend(std::iter::repeat_n(key, times as usize)),
        }
    }

    fn empty(&self) -> Vec<u64> {
        self.bits.map_or_else(Vec::new, |bits| vec![0; self.selection.prefixes.len() << bits])
    }

    /// What was counted, after a complete pass.
    pub fn counted(self) -> Counted {
        let mut all = self.empty();
        self.tables.each(|table| match self.bits {
            Some(_) => all.iter_mut().zip(table).for_each(|(all, own)| *all += *own),
            None => all.append(table),
        });
        match self.bits {
            Some(bits) => Counted::Tables(bits, all),
            None => Counted::Keys(all),
        }
    }
}

impl<T: Machine> ElementKernel for Narrowing<'_, T> {
    type Part = ();

    fn tile(&self, tile: &Tile<'_>, (): &mut ()) {
        let numbers = numbers::<T>(tile, self.has_nan);
        self.tables.with(|| self.empty(), |table| self.look(&numbers, 1, table));
    }

    fn repeated(&self, period: &Tile<'_>, count: u64, (): &mut ()) {
        for (value, times) in repeated_numbers::<T>(period, count) {
            self.tables.with(|| self.empty(), |table| self.look(&[value], times, table));
        }
    }
}
