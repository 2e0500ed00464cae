//! Sets of numbers as ranges, and whether NaN is among them: what comparisons with constants, `and`, `or` and `not` come
//! to. Ranges end at values of the type, so every set has its exact opposite.

/// A type whose numbers are in order, but for NaN.
pub(super) trait Ordered: Copy + PartialOrd {
    const LEAST: Self;
    const GREATEST: Self;

    /// The next greater number; `None` of the greatest.
    fn above(self) -> Option<Self>;

    /// The next smaller number; `None` of the least.
    fn below(self) -> Option<Self>;
}

impl Ordered for i128 {
    const LEAST: Self = Self::MIN;
    const GREATEST: Self = Self::MAX;

    fn above(self) -> Option<Self> {
        self.checked_add(1)
    }

    fn below(self) -> Option<Self> {
        self.checked_sub(1)
    }
}

macro_rules! ordered {
    ($($float:ty)*) => {$(
        impl Ordered for $float {
            const LEAST: Self = Self::NEG_INFINITY;
            const GREATEST: Self = Self::INFINITY;

            // Of NaN it is NaN, which is in no range.
            fn above(self) -> Option<Self> {
                (self != Self::INFINITY).then(|| self.next_up())
            }

            fn below(self) -> Option<Self> {
                (self != Self::NEG_INFINITY).then(|| self.next_down())
            }
        }
    )*};
}
ordered!(f32 f64);

/// Numbers in ranges that rise and do not overlap.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ranges<T> {
    pub all: Vec<[T; 2]>,
    pub has_nan: bool,
}

impl<T: Ordered> Ranges<T> {
    /// From one number to another, both included; none when the first is above the second, or one of them is NaN.
    pub fn of(low: T, high: T) -> Self {
        let all = if low <= high { vec![[low, high]] } else { Vec::new() };
        Self { all, has_nan: false }
    }

    /// The numbers below another one.
    pub fn below(value: T) -> Self {
        value.below().map_or(Self { all: Vec::new(), has_nan: false }, |high| Self::of(T::LEAST, high))
    }

    /// The numbers above another one.
    pub fn above(value: T) -> Self {
        value.above().map_or(Self { all: Vec::new(), has_nan: false }, |low| Self::of(low, T::GREATEST))
    }

    /// What is in none of the ranges, and NaN if it was not meant.
    pub fn not(&self) -> Self {
        let mut all = Vec::new();
        let mut from = Some(T::LEAST);
        for [low, high] in &self.all {
            if let (Some(from), Some(before)) = (from, low.below())
                && from <= before
            {
                all.push([from, before]);
            }
            from = high.above();
        }
        all.extend(from.map(|from| [from, T::GREATEST]));
        Self { all, has_nan: !self.has_nan }
    }

    /// What is in both.
    pub fn both(&self, other: &Self) -> Self {
        let mut all = Vec::new();
        let (mut own, mut others) = (self.all.iter().peekable(), other.all.iter().peekable());
        while let (Some([low, high]), Some([other_low, other_high])) = (own.peek(), others.peek()) {
            let low = if other_low > low { other_low } else { low };
            let end = if other_high < high { other_high } else { high };
            if low <= end {
                all.push([*low, *end]);
            }
            if high <= other_high {
                own.next();
            } else {
                others.next();
            }
        }
        Self { all, has_nan: self.has_nan && other.has_nan }
    }

    /// What is in one of them.
    pub fn either(&self, other: &Self) -> Self {
        self.not().both(&other.not()).not()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Floats around which ranges end, in order, and those between.
    fn floats() -> Vec<f32> {
        let ends =
            [f32::NEG_INFINITY, f32::MIN, -2.5, -1e-45, -0.0, 0.0, 1e-45, 1.0, 2.5, f32::MAX, f32::INFINITY];
        ends.iter().flat_map(|end| [end.next_down(), *end, end.next_up()]).chain([f32::NAN]).collect()
    }

    fn has(ranges: &Ranges<f32>, value: f32) -> bool {
        if value.is_nan() {
            ranges.has_nan
        } else {
            ranges.all.iter().any(|[low, high]| (*low..=*high).contains(&value))
        }
    }

    #[test]
    fn sets_of_floats_are_those_of_a_look_at_each_value() {
        let values = floats();
        let mut rng = fastrand::Rng::with_seed(11);
        for seed in 0..3000 {
            let mut any = || values[rng.usize(..values.len())];
            let (a, b, c, d) = (any(), any(), any(), any());
            let (one, other) = (Ranges::of(a, b).either(&Ranges::below(c)), Ranges::above(d).not());
            for value in &values {
                let value = *value;
                let in_one = value >= a && value <= b || value < c;
                let is_above = value > d;
                let in_other = !is_above;
                assert_eq!(has(&one, value), in_one, "{seed} {value:?}");
                assert_eq!(has(&other, value), in_other, "{seed} {value:?}");
                assert_eq!(has(&one.not(), value), !in_one, "{seed} {value:?}");
                assert_eq!(has(&one.both(&other), value), in_one && in_other, "{seed} {value:?}");
                assert_eq!(has(&one.either(&other), value), in_one || in_other, "{seed} {value:?}");
                let rising = |ranges: &Ranges<f32>| ranges.all.windows(2).all(|pair| pair[0][1] < pair[1][0]);
                assert!(rising(&one) && rising(&one.both(&other)) && rising(&one.either(&other)));
            }
        }
    }

    #[test]
    fn integers_have_ends() {
        let all = Ranges::of(i128::MIN, i128::MAX);
        assert!(all.not().all.is_empty());
        assert!(Ranges::below(i128::MIN).all.is_empty());
        assert_eq!(Ranges::of(3, 3).not().all, [[i128::MIN, 2], [4, i128::MAX]]);
        assert!(Ranges::of(1, 3).both(&Ranges::of(4, 5)).all.is_empty());
    }
}
