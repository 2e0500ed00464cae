//! Integers in one pass: counts, extremes, exact sums and deviations of each tile, block by block.

use super::basics::{Basics, Group, place_of};
use super::double::Double;
use super::moments::Moments;
use super::real::squares;
use super::whole::{BLOCK, WholeLook, WholeValue};
use crate::analysis::vector::{Vectorised, vectorised};

/// The part of a piece.
#[derive(Clone, Debug, Default)]
pub(super) struct WholePart<T> {
    basics: Basics<T>,
    group: Group<T>,
}

impl<T: WholeValue> WholePart<T>
where
    Double: From<T>,
{
    /// Adds values that follow each other; the first is element `first`. One of them is perhaps no number: `nat`.
    pub fn add(&mut self, values: &[T], first: u64, nat: Option<T>) {
        vectorised(AddWhole { values, first, nat, part: self });
    }

    /// Adds one value that so many elements from `first` on have.
    pub fn add_repeated(&mut self, value: T, first: u64, count: u64, nat: Option<T>) {
        let mut one = Self::default();
        one.add(&[value], first, nat);
        let mut all = one.end();
        if all.moments.count > 0 {
            all.moments = all.moments.times(count);
        }
        all.total = all.total.saturating_mul(i128::from(count));
        all.counts.multiply(count);
        self.basics.merge(&all);
    }

    /// All that was added.
    pub fn end(mut self) -> Basics<T> {
        let last = self.group.end(T::default());
        self.basics.moments.merge(&last);
        self.basics
    }

    /// What a block has but for its spread. `all` has the elements of the block and perhaps others between them.
    #[inline(never)]
    fn take(&mut self, block: &[T], all: &[T], first: u64, look: &WholeLook<T>) {
        self.basics.counts.count += block.len() as u64;
        self.basics.counts.zeros += look.zeros;
        self.basics.counts.negatives += look.negatives;
        self.basics.total += look.sum;
        let place = |wanted: T| first + place_of(all, wanted).unwrap_or(0);
        self.basics.take_least(look.least, || place(look.least));
        self.basics.take_greatest(look.greatest, || place(look.greatest));
    }

    /// Adds the sums of a block to the group, or to one of its own.
    #[inline(always)]
    fn take_sums<const FUSED: bool>(&mut self, block: &[T], look: &WholeLook<T>) {
        let center = self.group.center;
        let wide: i128 = center.into();
        if fits(look.least.into() - wide) && fits(look.greatest.into() - wide) {
            let squared = squares::<FUSED, T>(block, |value| value.off(center));
            let off = (look.sum - wide * block.len() as i128) as f64;
            if self.group.takes(block.len() as u64, Double::of_int(look.sum), off, squared) {
                return;
            }
        }
        if let Some(center) = self.center_for(block, look) {
            let squared = squares::<FUSED, T>(block, |value| value.off(center));
            self.group.add(block.len() as u64, Double::of_int(look.sum), squared);
        }
    }

    /// A new center for a block that does not belong to the group; `None` when the block is too wide for any.
    #[inline(never)]
    fn center_for(&mut self, block: &[T], look: &WholeLook<T>) -> Option<T> {
        if !fits(look.greatest.into() - look.least.into()) {
            self.basics.moments.merge(&wide_moments(block, look.sum));
            return None;
        }
        let center = T::of(look.sum.div_euclid(block.len() as i128));
        let ended = self.group.end(center);
        self.basics.moments.merge(&ended);
        Some(center)
    }

    /// Counts the elements that are no numbers; the others, and the number of the first of them all.
    #[inline(never)]
    fn numbers(&mut self, block: &[T], first: u64, nat: T) -> Vec<T> {
        let numbers: Vec<T> = block.iter().copied().filter(|value| *value != nat).collect();
        let nan = (block.len() - numbers.len()) as u64;
        self.basics.counts.count += nan;
        self.basics.counts.nan += nan;
        if let Some(place) = block.iter().position(|value| *value == nat) {
            self.basics.counts.first_nan.get_or_insert(first + place as u64);
        }
        numbers
    }
}

/// Whether a difference has no more bits than the loops have for it.
fn fits(off: i128) -> bool {
    i64::try_from(off).is_ok()
}

/// Sums of values that are further apart than 63 bits.
fn wide_moments<T: WholeValue>(block: &[T], sum: i128) -> Moments {
    let center = sum.div_euclid(block.len() as i128);
    let squares = block.iter().fold(Double::ZERO, |squares, value| {
        let off = ((*value).into() - center) as f64;
        squares + off * off
    });
    Moments::around(block.len() as u64, Double::of_int(sum), Double::of_int(center), squares, 0)
}

struct AddWhole<'a, T> {
    values: &'a [T],
    first: u64,
    nat: Option<T>,
    part: &'a mut WholePart<T>,
}

impl<T: WholeValue> Vectorised for AddWhole<'_, T>
where
    Double: From<T>,
{
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

impl<T: WholeValue> AddWhole<'_, T>
where
    Double: From<T>,
{
    #[inline(always)]
    fn add<const FUSED: bool>(self) {
        let mut first = self.first;
        let mut numbers;
        for all in self.values.chunks(BLOCK) {
            let mut block = all;
            let mut look = T::look(block);
            if self.nat == Some(look.least) {
                numbers = self.part.numbers(block, first, look.least);
                block = &numbers;
                look = T::look(block);
            }
            if !block.is_empty() {
                self.part.take(block, all, first, &look);
                self.part.take_sums::<FUSED>(block, &look);
            }
            first += all.len() as u64;
        }
    }
}
