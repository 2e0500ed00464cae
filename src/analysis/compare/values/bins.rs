//! Differences counted by their orders of magnitude.

use super::tally::ValueDifferences;

/// Counts of differences by their exponents. Several tables, so that a count need not wait for the one before.
#[derive(Debug)]
pub(super) struct BinTable {
    counts: Box<[[u32; MOST_EXPONENTS]; TABLES]>,
    /// How many of those with the least exponent have no difference, or none that is a number.
    zeros: u64,
}

/// All exponents of a double.
const MOST_EXPONENTS: usize = 2048;
const TABLES: usize = 4;

impl Default for BinTable {
    fn default() -> Self {
        Self { counts: Box::new([[0; MOST_EXPONENTS]; TABLES]), zeros: 0 }
    }
}

impl BinTable {
    /// Counts differences.
    pub fn add(&mut self, exponents: &[u16]) {
        let (fours, rest) = exponents.as_chunks::<TABLES>();
        for four in fours {
            for (table, exponent) in self.counts.iter_mut().zip(four) {
                table[usize::from(*exponent) % MOST_EXPONENTS] += 1;
            }
        }
        for exponent in rest {
            self.counts[0][usize::from(*exponent) % MOST_EXPONENTS] += 1;
        }
    }

    /// So many of those that are counted with the least exponent have no difference, or none that is a number.
    pub fn add_zeros(&mut self, count: u32) {
        self.zeros += u64::from(count);
    }

    /// Moves all counts to where they belong.
    pub fn flush(&mut self, exponents: usize, bias: i32, found: &mut ValueDifferences) {
        for exponent in 0..exponents {
            let mut count: u64 =
                self.counts.iter_mut().map(|table| u64::from(std::mem::take(&mut table[exponent]))).sum();
            if exponent == 0 {
                count -= std::mem::take(&mut self.zeros);
            }
            if count > 0 && exponent == exponents - 1 {
                found.bins.infinite += count;
            } else if count > 0 {
                *found.bins.powers.entry(exponent as i32 - bias).or_default() += count;
            }
        }
    }
}
