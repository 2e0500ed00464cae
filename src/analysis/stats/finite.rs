//! The least and the greatest of the finite values, where there are infinities too: the range of a histogram.

use super::kernels::{Machine, numbers, repeated_numbers};
use crate::analysis::elements::{ElementKernel, Tile};
use std::marker::PhantomData;

/// Looks at finite values.
pub(super) struct FiniteRange<T>(pub PhantomData<T>);

/// The range of the finite values of a piece, if it has any.
pub(super) type Range = Option<(f64, f64)>;

/// Both together.
pub(super) fn joined(a: Range, b: Range) -> Range {
    match (a, b) {
        (Some((low, high)), Some((other_low, other_high))) => {
            Some((low.min(other_low), high.max(other_high)))
        }
        (one, other) => one.or(other),
    }
}

impl<T: Machine> ElementKernel for FiniteRange<T> {
    type Part = Range;

    const ONLY_MAKES_PARTS: bool = true;

    fn tile(&self, tile: &Tile<'_>, part: &mut Range) {
        for value in numbers::<T>(tile, true).iter().map(|value| value.float()) {
            *part = joined(*part, value.is_finite().then_some((value, value)));
        }
    }

    fn repeated(&self, period: &Tile<'_>, count: u64, part: &mut Range) {
        for (value, _) in repeated_numbers::<T>(period, count) {
            let value = value.float();
            *part = joined(*part, value.is_finite().then_some((value, value)));
        }
    }
}
