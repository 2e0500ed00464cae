//! From marks to runs: a bit for each unit of the bytes, set where it belongs to a character of text.
//!
//! A run that touches an end of the window may go on beyond it, so it is told whatever its length. Of the others only
//! those that are long enough are looked at: a few operations on a word find where 64 of them may begin.

use std::ops::Range;

/// More units than this are not asked of the filter; who asks for longer runs looks at their length again.
const MOST_FILTERED: usize = 64;

/// Marks of a window. There is a word more than the units need, which is 0.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pub words: Vec<u64>,
}

/// Which runs are told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// What begins at this unit or later belongs to the next window.
    pub starts: usize,
    /// Units at the start into which a character of the window before may reach, and one more.
    pub edge: usize,
    /// Units that a run has at least.
    pub least: usize,
}

impl Marks {
    /// All units of a window without a mark.
    pub fn reset(&mut self, units: usize) {
        self.words.clear();
        self.words.resize(units / 64 + 2, 0);
    }

    fn has(&self, unit: usize) -> bool {
        self.words[unit / 64] >> (unit % 64) & 1 == 1
    }

    /// Sets the marks of a few units.
    pub fn set(&mut self, units: Range<usize>) {
        units.for_each(|unit| self.words[unit / 64] |= 1 << (unit % 64));
    }

    /// The first unit from `from` on without a mark.
    fn end_of(&self, from: usize) -> usize {
        let (mut word, mut free) = (from / 64, !self.words[from / 64] & u64::MAX << (from % 64));
        while free == 0 {
            word += 1;
            free = !self.words[word];
        }
        word * 64 + free.trailing_zeros() as usize
    }

    /// The first unit of the run that has the mark at `unit`.
    fn start_of(&self, unit: usize) -> usize {
        let (mut word, mut free) = (unit / 64, !self.words[unit / 64] & u64::MAX >> (63 - unit % 64));
        while free == 0 && word > 0 {
            word -= 1;
            free = !self.words[word];
        }
        if free == 0 { 0 } else { word * 64 + 64 - free.leading_zeros() as usize }
    }

    /// Tells the runs in ascending order.
    pub fn runs(&self, wanted: Wanted, found: &mut impl FnMut(Range<usize>)) {
        let Wanted { starts, edge, least } = wanted;
        for unit in 0..edge.min(starts) {
            if self.has(unit) && (unit == 0 || !self.has(unit - 1)) {
                found(unit..self.end_of(unit));
            }
        }
        let mut carry = 0;
        for (word, pair) in self.words.windows(2).enumerate() {
            if pair[0] == 0 {
                carry = 0;
                continue;
            }
            let long = long_from(pair[0], pair[1], least.min(MOST_FILTERED));
            let mut first = long & !(long << 1 | carry);
            carry = long >> 63;
            while first != 0 {
                let start = word * 64 + first.trailing_zeros() as usize;
                first &= first - 1;
                let end = self.end_of(start);
                if start >= edge && end < starts && end - start >= least {
                    found(start..end);
                }
            }
        }
        if starts > 0 && self.has(starts - 1) {
            let start = self.start_of(starts - 1);
            if start >= edge {
                found(start..self.end_of(starts - 1));
            }
        }
    }
}

/// The bits of `word` that begin `least` set bits in a row, of which the last may be in `next`.
fn long_from(word: u64, next: u64, least: usize) -> u64 {
    let mut bits = u128::from(word) | u128::from(next) << 64;
    let mut have = 1;
    while have < least {
        let step = have.min(least - have);
        bits &= bits >> step;
        have += step;
    }
    bits as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_those_of_a_look_at_every_unit() {
        for seed in 0..2000 {
            let mut rng = fastrand::Rng::with_seed(seed);
            let units = rng.usize(0..400);
            let density = rng.u8(..);
            let set: Vec<bool> = (0..units).map(|_| rng.u8(..) < density).collect();
            let mut marks = Marks::default();
            marks.reset(units);
            set.iter().enumerate().filter(|(_, set)| **set).for_each(|(unit, _)| marks.set(unit..unit + 1));
            let starts = rng.usize(0..=units);
            let wanted = Wanted { starts, edge: rng.usize(1..5), least: rng.usize(1..80) };
            let mut found = Vec::new();
            marks.runs(wanted, &mut |run| found.push(run));
            let mut expected = Vec::new();
            let mut unit = 0;
            while unit < units {
                let end = unit + set[unit..].iter().take_while(|set| **set).count();
                let touches = unit < wanted.edge || end >= starts;
                if unit < end && unit < starts && (touches || end - unit >= wanted.least) {
                    expected.push(unit..end);
                }
                unit = end + 1;
            }
            assert_eq!(found, expected, "seed {seed}, {wanted:?}");
        }
    }
}
