//! Which of many elements are as asked: a bit for each where there are some, and nothing where there are none.

use crate::compute::kernels::bits_of;
use std::ops::Range;

/// Elements that are as asked, by their numbers in C order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ElementHits {
    runs: Vec<HitRun>,
    count: u64,
}

/// Neighbours among which there are hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HitRun {
    /// Of 64 elements from this one on, those whose bits are set.
    Some(u64, u64),
    /// All of so many elements from this one on.
    All(u64, u64),
}

impl ElementHits {
    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The first `most` of them and no more.
    pub fn truncate(&mut self, most: u64) {
        if self.count <= most {
            return;
        }
        let mut left = most;
        self.runs.retain_mut(|run| {
            match run {
                HitRun::All(_, count) => *count = (*count).min(left),
                HitRun::Some(_, bits) => {
                    while u64::from(bits.count_ones()) > left {
                        *bits &= !(1 << bits.ilog2());
                    }
                }
            }
            left -= run.count();
            run.count() > 0
        });
        self.count = most;
    }

    /// Their numbers, rising.
    pub fn iter(&self) -> impl Iterator<Item = u64> + '_ {
        self.runs.iter().flat_map(|run| {
            let (mut next, mut left, mut bits) = match *run {
                HitRun::All(first, count) => (first, count, 0),
                HitRun::Some(first, bits) => (first, 0, bits),
            };
            std::iter::from_fn(move || {
                if left > 0 {
                    left -= 1;
                    next += 1;
                    return Some(next - 1);
                }
                (bits != 0).then(|| {
                    let at = bits.trailing_zeros();
                    bits &= bits - 1;
                    next + u64::from(at)
                })
            })
        })
    }

    /// The same elements of an array that begins so many elements before this one.
    #[must_use]
    pub(super) fn moved(mut self, by: u64) -> Self {
        if by == 0 {
            return self;
        }
        for run in &mut self.runs {
            match run {
                HitRun::Some(first, _) | HitRun::All(first, _) => *first += by,
            }
        }
        self
    }

    /// The same, those that follow each other together.
    pub fn ranges(&self) -> impl Iterator<Item = Range<u64>> + '_ {
        self.runs.iter().flat_map(|run| {
            let (mut all, mut next, mut bits) = match *run {
                HitRun::All(first, count) => (Some(first..first + count), 0, 0),
                HitRun::Some(first, bits) => (None, first, bits),
            };
            std::iter::from_fn(move || {
                if all.is_some() {
                    return all.take();
                }
                if bits == 0 {
                    return None;
                }
                let skipped = bits.trailing_zeros();
                let ones = (bits >> skipped).trailing_ones();
                let first = next + u64::from(skipped);
                next = first + u64::from(ones);
                bits = (bits >> skipped).checked_shr(ones).unwrap_or(0);
                Some(first..next)
            })
        })
    }

    /// The elements whose truth values, which are 0 or 1, are 1; the first one is number `first`.
    pub(super) fn push(&mut self, first: u64, truths: &[u8]) {
        let (words, rest) = truths.as_chunks::<64>();
        for (number, word) in words.iter().enumerate() {
            self.push_bits(first + 64 * number as u64, bits_of(word));
        }
        let mut last = [0; 64];
        last[..rest.len()].copy_from_slice(rest);
        self.push_bits(first + 64 * words.len() as u64, bits_of(&last));
    }

    /// Those of 64 elements from number `first` on whose bits are set.
    #[inline]
    pub(super) fn push_bits(&mut self, first: u64, bits: u64) {
        if bits != 0 {
            self.runs.push(HitRun::Some(first, bits));
            self.count += u64::from(bits.count_ones());
        }
    }

    /// All of so many elements.
    pub(super) fn push_all(&mut self, first: u64, count: u64) {
        if count > 0 {
            self.runs.push(HitRun::All(first, count));
            self.count += count;
        }
    }
}

impl HitRun {
    fn count(&self) -> u64 {
        match self {
            Self::Some(_, bits) => bits.count_ones().into(),
            Self::All(_, count) => *count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_are_the_elements_that_are_true() {
        let mut random = fastrand::Rng::with_seed(5);
        for round in 0..200 {
            let most = [0, 1, 20, 255][round % 4];
            let truths: Vec<u8> = (0..random.usize(..500)).map(|_| u8::from(random.u8(..) < most)).collect();
            let first = random.u64(..1000);
            let mut hits = ElementHits::default();
            hits.push_all(first, 3);
            hits.push(first + 3, &truths);
            let numbers = (0..).zip(&truths).filter(|(_, truth)| **truth == 1);
            let mut expected: Vec<u64> = (first..first + 3).collect();
            expected.extend(numbers.map(|(at, _): (u64, _)| first + 3 + at));
            assert_eq!(hits.iter().collect::<Vec<_>>(), expected);
            assert_eq!(hits.count(), expected.len() as u64);
            assert_eq!(hits.ranges().flatten().collect::<Vec<_>>(), expected);
            let most = random.usize(..=expected.len());
            hits.truncate(most as u64);
            assert_eq!(hits.iter().collect::<Vec<_>>(), expected[..most]);
        }
    }
}
