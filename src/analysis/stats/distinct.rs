//! How many different values there are: exact while they are few, then estimated from a sample.
//!
//! Values are hashed to 32 bits, and those with small hashes are kept, each once. At first all hashes are small enough,
//! so the count is exact. Whenever more values are kept than there is room for, the limit for hashes is halved: then
//! those that are kept are a random sample of the different values, a known share of all of them.

use super::keyed::Keyed;
use crate::analysis::vector::{Vectorised, vectorised};

/// So many different values are counted exactly; of more the sample has at least half as many.
pub(super) const EXACT: usize = 1 << 16;

/// Places of the table: twice as many as are kept, so that a search is short.
const PLACES: usize = 2 * EXACT;

/// Values that are hashed at once.
const AT_ONCE: usize = 64;

/// A sample of the different values seen.
#[derive(Debug)]
pub(super) struct Sample {
    /// Bits of values, each in the first free place from its hash on; 0 is a free place, and is kept apart.
    places: Vec<u64>,
    has_zero: bool,
    kept: usize,
    /// Hashes up to this are small enough.
    limit: u32,
    /// The value before, which needs no other look.
    last: Option<u64>,
}

impl Default for Sample {
    fn default() -> Self {
        Self { places: vec![0; PLACES], has_zero: false, kept: 0, limit: u32::MAX, last: None }
    }
}

/// Spreads bits evenly over 32 bits. All 32-bit values have different hashes.
#[inline(always)]
fn hash(bits: u64) -> u32 {
    let high = ((bits >> 32) as u32).wrapping_mul(0x9e37_79b1);
    let mut mixed = bits as u32 ^ high ^ (high >> 15);
    mixed ^= mixed >> 16;
    mixed = mixed.wrapping_mul(0x7feb_352d);
    mixed ^= mixed >> 15;
    mixed = mixed.wrapping_mul(0x846c_a68b);
    mixed ^ (mixed >> 16)
}

impl Sample {
    /// Adds values.
    pub fn add<T: Keyed>(&mut self, values: &[T]) {
        vectorised(AddValues { values, sample: self });
    }

    /// Adds one value by its bits.
    pub fn add_bits(&mut self, bits: u64) {
        let hash = hash(bits);
        if hash <= self.limit {
            self.keep(bits, hash);
        }
    }

    fn keep(&mut self, bits: u64, hash: u32) {
        if bits == 0 {
            self.kept += usize::from(!self.has_zero);
            self.has_zero = true;
        } else if self.put(bits, hash) {
            self.kept += 1;
        } else {
            return;
        }
        while self.kept > EXACT {
            self.limit /= 2;
            self.thin_out();
        }
    }

    /// Whether the value is new to the table.
    #[inline]
    fn put(&mut self, bits: u64, hash: u32) -> bool {
        // Small hashes are those that are kept: their low bits are even.
        let mut place = hash as usize % PLACES;
        loop {
            match self.places[place] {
                0 => {
                    self.places[place] = bits;
                    return true;
                }
                there if there == bits => return false,
                _ => place = (place + 1) % PLACES,
            }
        }
    }

    /// Drops what the limit has no room for any more.
    fn thin_out(&mut self) {
        let old = std::mem::replace(&mut self.places, vec![0; PLACES]);
        self.has_zero &= hash(0) <= self.limit;
        self.kept = usize::from(self.has_zero);
        for bits in old.into_iter().filter(|bits| *bits != 0) {
            let hash = hash(bits);
            if hash <= self.limit {
                self.put(bits, hash);
                self.kept += 1;
            }
        }
    }

    /// Adds what another worker has seen.
    pub fn merge(&mut self, other: &Self) {
        if other.limit < self.limit {
            self.limit = other.limit;
            self.thin_out();
        }
        if other.has_zero {
            self.add_bits(0);
        }
        for bits in other.places.iter().copied().filter(|bits| *bits != 0) {
            self.add_bits(bits);
        }
    }

    /// How many different values there were, and whether that is exact.
    pub fn count(&self) -> (u64, bool) {
        let share = (f64::from(self.limit) + 1.0) / (f64::from(u32::MAX) + 1.0);
        let is_exact = self.limit == u32::MAX;
        (if is_exact { self.kept as u64 } else { (self.kept as f64 / share).round() as u64 }, is_exact)
    }
}

struct AddValues<'a, T> {
    values: &'a [T],
    sample: &'a mut Sample,
}

impl<T: Keyed> Vectorised for AddValues<'_, T> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let mut hashes = [0; AT_ONCE];
        for values in self.values.chunks(AT_ONCE) {
            let mut least = u32::MAX;
            for (value, place) in values.iter().zip(&mut hashes) {
                *place = hash(value.identity());
                least = least.min(*place);
            }
            // Once there are many different values, hardly any of them is kept.
            if least <= self.sample.limit {
                self.sample.add_few(values, &hashes);
            }
        }
    }
}

impl Sample {
    #[inline(never)]
    fn add_few<T: Keyed>(&mut self, values: &[T], hashes: &[u32]) {
        for (value, hash) in values.iter().zip(hashes) {
            if *hash <= self.limit {
                let bits = value.identity();
                if self.last != Some(bits) {
                    self.last = Some(bits);
                    self.keep(bits, *hash);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(values: &[u64]) -> (u64, bool) {
        let (mut left, mut right) = (Sample::default(), Sample::default());
        let (first, second) = values.split_at(values.len() / 3);
        left.add(first);
        right.add(second);
        left.merge(&right);
        left.count()
    }

    #[test]
    fn few_values_are_counted_and_many_estimated() {
        for count in [0, 1, 2, 1000, EXACT as u64] {
            let values: Vec<u64> = (0..3 * count).map(|at| at % count * 0x1_0000_0007).collect();
            assert_eq!(counted(&values), (count, true), "{count}");
        }
        for count in [EXACT as u64 + 1, 500_000, 3_000_000] {
            let values: Vec<u64> = (0..count).map(|at| at.wrapping_mul(0x1234_5677)).collect();
            let (found, is_exact) = counted(&values);
            assert!(!is_exact && (found as f64 / count as f64 - 1.0).abs() < 0.02, "{found} of {count}");
        }
    }

    #[test]
    fn equal_values_count_once_whatever_their_bits() {
        let mut sample = Sample::default();
        sample.add(&[0.0_f32, -0.0, f32::NAN, -f32::NAN, f32::from_bits(0x7fc0_1234), 1.0]);
        assert_eq!(sample.count(), (3, true));
    }
}
