//! Floats in one pass: counts, extremes, sums and deviations of each tile, block by block.

use super::basics::{Basics, Group, place_of};
use super::double::Double;
use super::moments::{Moments, unit_of};
use super::real::{FloatValue, Look, MappedLook, squares};
use crate::analysis::elements::MappedTile;
use crate::analysis::vector::{Vectorised, vectorised};

/// The part of a piece.
#[derive(Clone, Debug, Default)]
pub(super) struct FloatPart<T> {
    basics: Basics<T>,
    group: Group<f64>,
    /// Whether mapped blocks are looked at with care from the start.
    is_careful: bool,
}

impl<T: FloatValue> FloatPart<T> {
    /// Adds values that follow each other; the first is element `first`.
    pub fn add(&mut self, values: &[T], first: u64) {
        vectorised(AddAll { values, first, part: self });
    }

    /// Adds mapped values, block by block, as long as no more than a look is needed: no NaN or infinity is among them, and no
    /// new extreme. How many that were.
    pub fn add_mapped(&mut self, elements: &MappedTile<'_>) -> usize {
        let blocks = elements.count / T::BLOCK;
        (0..blocks).find(|block| !self.takes_mapped(elements, *block)).unwrap_or(blocks) * T::BLOCK
    }

    /// Whether a mapped block needed no more than a look, and was added.
    fn takes_mapped(&mut self, elements: &MappedTile<'_>, block: usize) -> bool {
        let center = self.group.center;
        let mut seen = T::look_mapped(elements, block, center, self.is_careful);
        if seen.is_some_and(|seen| !seen.is_sure) {
            // As a rule the next blocks are so too.
            self.is_careful = true;
            seen = T::look_mapped(elements, block, center, true);
        }
        let Some(MappedLook { look, squares, zeros, .. }) = seen else { return false };
        let (least, greatest) = (self.basics.least, self.basics.greatest);
        let is_usual = look.is_plain
            && least.is_some_and(|least| look.least >= least.value)
            && greatest.is_some_and(|greatest| look.greatest <= greatest.value);
        let count = T::BLOCK as u64;
        let off = look.sum.hi - center * T::BLOCK as f64;
        if !is_usual || !self.group.takes(count, look.sum, off, squares) {
            return false;
        }
        self.basics.counts.count += count;
        self.basics.counts.zeros += zeros;
        self.basics.counts.negatives += look.signs;
        true
    }

    /// Adds one value that so many elements from `first` on have.
    pub fn add_repeated(&mut self, value: T, first: u64, count: u64) {
        let mut one = Self::default();
        one.add(&[value], first);
        let mut all = one.end();
        if all.moments.count > 0 {
            all.moments = Moments::repeated(count, value.wide());
        }
        all.counts.multiply(count);
        self.basics.merge(&all);
    }

    /// All that was added.
    pub fn end(mut self) -> Basics<T> {
        let last = self.group.end(0.0);
        self.basics.moments.merge(&last);
        self.basics
    }

    /// What a block has but for its sums.
    #[inline(never)]
    fn take(&mut self, block: &[T], first: u64, look: &Look<T>) {
        self.basics.counts.count += block.len() as u64;
        self.take_values(block, block, first, look);
    }

    /// Adds the sums of a block to the group, or to one of its own.
    #[inline(always)]
    fn take_sums<const FUSED: bool>(&mut self, block: &[T], look: &Look<T>, squared: f64) {
        let off = look.sum.hi - self.group.center * block.len() as f64;
        if !self.group.takes(block.len() as u64, look.sum, off, squared) {
            let center = self.center_for(block.len(), look);
            let squared = squares::<FUSED, T>(block, |value| value.wide() - center);
            self.group.add(block.len() as u64, look.sum, squared);
        }
    }

    /// Counts and extremes of the plain values of a block, a part of `all`.
    fn take_values(&mut self, block: &[T], all: &[T], first: u64, look: &Look<T>) {
        if look.has_zeros {
            let zero = T::default();
            self.basics.counts.zeros += count(block, |value| value == zero);
            self.basics.counts.negatives += count(block, |value| value < zero);
        } else {
            self.basics.counts.negatives += look.signs;
        }
        let place = |wanted: T| first + place_of(all, wanted).unwrap_or(0);
        self.basics.take_least(look.least, || place(look.least));
        self.basics.take_greatest(look.greatest, || place(look.greatest));
    }

    /// A new center for a block that does not belong to the group.
    #[inline(never)]
    fn center_for(&mut self, count: usize, look: &Look<T>) -> f64 {
        // Equal values have no deviation at all.
        let is_even = look.least == look.greatest;
        let center = if is_even { look.least.wide() } else { look.sum.hi / count as f64 };
        let ended = self.group.end(center);
        self.basics.moments.merge(&ended);
        center
    }

    /// A block with NaN, infinities, or values whose squares leave the range.
    #[inline(never)]
    fn take_odd(&mut self, block: &[T], first: u64) {
        self.basics.counts.count += block.len() as u64;
        let mut finite = Vec::with_capacity(block.len());
        for (value, number) in block.iter().zip(first..) {
            let wide = value.wide();
            if wide.is_finite() {
                finite.push(*value);
            } else if wide.is_nan() {
                self.basics.counts.nan += 1;
                self.basics.counts.first_nan.get_or_insert(number);
            } else if wide > 0.0 {
                self.basics.counts.positive_infinities += 1;
                self.basics.take_greatest(*value, || number);
                if finite.is_empty() {
                    self.basics.take_least(*value, || number);
                }
            } else {
                self.basics.counts.negative_infinities += 1;
                self.basics.counts.negatives += 1;
                self.basics.take_least(*value, || number);
                if finite.is_empty() {
                    self.basics.take_greatest(*value, || number);
                }
            }
        }
        if finite.is_empty() {
            return;
        }
        let (look, squared) = T::look::<false>(&finite, self.group.center);
        self.take_values(&finite, block, first, &look);
        if look.is_plain {
            self.take_sums::<false>(&finite, &look, squared);
        } else {
            self.basics.moments.merge(&far_moments(&finite));
        }
    }
}

/// How many values are so.
fn count<T: Copy>(values: &[T], is_so: impl Fn(T) -> bool) -> u64 {
    values.iter().map(|value| u64::from(is_so(*value))).sum()
}

/// Sums of values that are too large or too small to be squared, in units that suit them.
fn far_moments<T: FloatValue>(values: &[T]) -> Moments {
    let largest = values.iter().map(|value| value.wide().abs()).fold(0.0, f64::max);
    let exponent = unit_of(largest);
    let factor = 2f64.powi(-exponent);
    let sum = values.iter().fold(Double::ZERO, |sum, value| sum + value.wide() * factor);
    let center = sum.hi / values.len() as f64;
    let squares = values.iter().fold(Double::ZERO, |squares, value| {
        let off = value.wide() * factor - center;
        squares + off * off
    });
    Moments::around(values.len() as u64, sum, center.into(), squares, exponent)
}

struct AddAll<'a, T> {
    values: &'a [T],
    first: u64,
    part: &'a mut FloatPart<T>,
}

impl<T: FloatValue> Vectorised for AddAll<'_, T> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        self.add::<false>();
    }

    #[inline(always)]
    fn run_fused(self) {
        self.add::<true>();
    }
}

impl<T: FloatValue> AddAll<'_, T> {
    #[inline(always)]
    fn add<const FUSED: bool>(self) {
        let mut first = self.first;
        for block in self.values.chunks(T::BLOCK) {
            let (look, squared) = T::look::<FUSED>(block, self.part.group.center);
            if look.is_plain {
                self.part.take(block, first, &look);
                self.part.take_sums::<FUSED>(block, &look, squared);
            } else {
                self.part.take_odd(block, first);
            }
            first += block.len() as u64;
        }
    }
}
