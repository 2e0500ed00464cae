//! What one pass counts and adds up of values of one type: the part of a piece, merged in C order.

use super::double::Double;
use super::moments::Moments;

/// A value and the first element that has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Extreme<T> {
    pub value: T,
    /// Which element, in C order.
    pub number: u64,
}

/// How many elements there are, and how many of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct ElementCounts {
    pub count: u64,
    pub nan: u64,
    pub first_nan: Option<u64>,
    pub positive_infinities: u64,
    pub negative_infinities: u64,
    pub zeros: u64,
    pub negatives: u64,
}

impl ElementCounts {
    /// Makes so many elements of each.
    pub fn multiply(&mut self, times: u64) {
        for tally in [
            &mut self.count,
            &mut self.nan,
            &mut self.positive_infinities,
            &mut self.negative_infinities,
            &mut self.zeros,
            &mut self.negatives,
        ] {
            *tally *= times;
        }
    }

    /// Adds those of elements that come later.
    pub fn merge(&mut self, later: &Self) {
        self.count += later.count;
        self.nan += later.nan;
        self.first_nan = self.first_nan.or(later.first_nan);
        self.positive_infinities += later.positive_infinities;
        self.negative_infinities += later.negative_infinities;
        self.zeros += later.zeros;
        self.negatives += later.negatives;
    }
}

/// Counts and sums of values of the type `T`; NaN counts, and is part of nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Basics<T> {
    pub counts: ElementCounts,
    /// Infinities included.
    pub least: Option<Extreme<T>>,
    pub greatest: Option<Extreme<T>>,
    /// Of the finite values.
    pub moments: Moments,
    /// Of integers, exact.
    pub total: i128,
}

impl<T: Copy + PartialOrd> Basics<T> {
    /// Adds the part of elements that come later.
    pub fn merge(&mut self, later: &Self) {
        self.counts.merge(&later.counts);
        if let Some(least) = later.least {
            self.take_least(least.value, || least.number);
        }
        if let Some(greatest) = later.greatest {
            self.take_greatest(greatest.value, || greatest.number);
        }
        self.moments.merge(&later.moments);
        self.total = self.total.saturating_add(later.total);
    }

    /// Of elements that come later than all so far: their least value, and which one has it first.
    #[inline]
    pub fn take_least(&mut self, value: T, number: impl FnOnce() -> u64) {
        if self.least.is_none_or(|least| value < least.value) {
            self.least = Some(Extreme { value, number: number() });
        }
    }

    /// The same of the greatest.
    #[inline]
    pub fn take_greatest(&mut self, value: T, number: impl FnOnce() -> u64) {
        if self.greatest.is_none_or(|greatest| value > greatest.value) {
            self.greatest = Some(Extreme { value, number: number() });
        }
    }
}

/// The first place of a value, if it is among these.
pub(super) fn place_of<T: Copy + PartialEq>(values: &[T], wanted: T) -> Option<u64> {
    // As many as a vector loop likes to look at before it asks whether one was there.
    const AT_ONCE: usize = 64;
    let groups = values.chunks(AT_ONCE);
    let has = |group: &[T]| group.iter().fold(false, |found, value| found | (*value == wanted));
    let (number, group) = groups.enumerate().find(|(_, group)| has(group))?;
    let inside = group.iter().position(|value| *value == wanted)?;
    Some((number * AT_ONCE + inside) as u64)
}

/// Blocks of values whose deviations are from the same center. It is near enough to the mean of each of them that the
/// correction, when the group ends, loses at most a bit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Group<C> {
    pub center: C,
    count: u64,
    sum: Double,
    squares: Double,
}

impl<C: Copy> Group<C> {
    /// Whether a block of so many values joins the group, and is added; else it wants a group of its own. `off` is the
    /// sum of its deviations, and `squares` that of their squares.
    #[inline]
    pub fn takes(&mut self, count: u64, sum: Double, off: f64, squares: f64) -> bool {
        if off * off > 0.5 * squares * count as f64 {
            return false;
        }
        self.add(count, sum, squares);
        true
    }

    /// Adds a block whose mean is the center, or nearly so.
    pub fn add(&mut self, count: u64, sum: Double, squares: f64) {
        self.count += count;
        self.sum = self.sum + sum;
        self.squares = self.squares + squares;
    }

    /// Ends the group and begins one around another center.
    pub fn end(&mut self, center: C) -> Moments
    where
        Double: From<C>,
    {
        let moments = Moments::around(self.count, self.sum, self.center.into(), self.squares, 0);
        *self = Self { center, count: 0, sum: Double::ZERO, squares: Double::ZERO };
        moments
    }
}
