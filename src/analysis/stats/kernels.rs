//! Tiles of floats and of integers are shown to what gathers them.

use super::double::Double;
use super::floats::FloatPart;
use super::integers::WholePart;
use super::keyed::Keyed;
use super::real::FloatValue;
use super::whole::WholeValue;
use crate::analysis::elements::{ElementKernel, MappedTile, Tile, TileValues};
use std::borrow::Cow;
use std::marker::PhantomData;

/// A type of the values of tiles.
pub(super) trait Machine: Keyed + PartialEq {
    /// The values of a tile, if they have this type.
    fn slice<'t>(values: &TileValues<'t>) -> Option<&'t [Self]>;

    /// What NaT is in tiles that have it.
    const NAT: Option<Self>;
}

macro_rules! machine {
    ($type:ty, $variant:ident, $nat:expr) => {
        impl Machine for $type {
            fn slice<'t>(values: &TileValues<'t>) -> Option<&'t [Self]> {
                match values {
                    TileValues::$variant(values) => Some(values),
                    _ => None,
                }
            }

            const NAT: Option<Self> = $nat;
        }
    };
}
machine!(f32, F32, None);
machine!(f64, F64, None);
machine!(i32, I32, None);
machine!(u32, U32, None);
machine!(i64, I64, Some(i64::MIN));
machine!(u64, U64, None);

/// The values of a tile without NaN and NaT; without a look at them unless the array is known to have some.
pub(super) fn numbers<'t, T: Machine>(tile: &Tile<'t>, has_nan: bool) -> Cow<'t, [T]> {
    let values = T::slice(&tile.values).unwrap_or_default();
    let nat = T::NAT.filter(|_| tile.has_nat);
    let is_number = |value: &T| !value.is_nan() && nat != Some(*value);
    if has_nan && !values.iter().all(is_number) {
        return Cow::Owned(values.iter().copied().filter(is_number).collect());
    }
    Cow::Borrowed(values)
}

/// The numbers of a period, and how often each occurs among `count` elements.
pub(super) fn repeated_numbers<T: Machine>(period: &Tile<'_>, count: u64) -> Vec<(T, u64)> {
    let nat = T::NAT.filter(|_| period.has_nat);
    let values = T::slice(&period.values).unwrap_or_default();
    occurrences(values, period.first, count)
        .filter(|(value, ..)| !value.is_nan() && nat != Some(**value))
        .map(|(value, _, times)| (*value, times))
        .collect()
}

/// The values of a period, which element each is first, and how often it occurs among `count` elements.
fn occurrences<T>(period: &[T], first: u64, count: u64) -> impl Iterator<Item = (&T, u64, u64)> {
    let length = (period.len() as u64).max(1);
    let of = move |(value, at)| (value, first + at, count / length + u64::from(at < count % length));
    period.iter().zip(0..count).map(of)
}

/// Shows floats.
pub(super) struct FloatKernel<T>(pub PhantomData<T>);

impl<T: Machine + FloatValue> ElementKernel for FloatKernel<T> {
    type Part = FloatPart<T>;

    const ONLY_MAKES_PARTS: bool = true;

    fn mapped(&self, elements: &MappedTile<'_>, part: &mut FloatPart<T>) -> usize {
        part.add_mapped(elements)
    }

    fn tile(&self, tile: &Tile<'_>, part: &mut FloatPart<T>) {
        part.add(T::slice(&tile.values).unwrap_or_default(), tile.first);
    }

    fn repeated(&self, period: &Tile<'_>, count: u64, part: &mut FloatPart<T>) {
        let values = T::slice(&period.values).unwrap_or_default();
        for (value, number, times) in occurrences(values, period.first, count) {
            part.add_repeated(*value, number, times);
        }
    }
}

/// Shows integers.
pub(super) struct WholeKernel<T>(pub PhantomData<T>);

impl<T: Machine + WholeValue> ElementKernel for WholeKernel<T>
where
    Double: From<T>,
{
    type Part = WholePart<T>;

    const ONLY_MAKES_PARTS: bool = true;

    fn tile(&self, tile: &Tile<'_>, part: &mut WholePart<T>) {
        let nat = T::NAT.filter(|_| tile.has_nat);
        part.add(T::slice(&tile.values).unwrap_or_default(), tile.first, nat);
    }

    fn repeated(&self, period: &Tile<'_>, count: u64, part: &mut WholePart<T>) {
        let nat = T::NAT.filter(|_| period.has_nat);
        let values = T::slice(&period.values).unwrap_or_default();
        for (value, number, times) in occurrences(values, period.first, count) {
            part.add_repeated(*value, number, times, nat);
        }
    }
}
