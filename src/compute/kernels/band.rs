//! The questions that are asked most, whether an element is between two values or in one of a few such ranges, in one
//! loop from the elements to bits.
//!
//! `x > 3`, `x == 3`, `1 <= x < 2`, `x < -1 or x > 1`, `not x < 0`, `isinf(x)` and `isnan(x)` are such questions.

use super::ranges::{Ordered, Ranges};
use super::steps::{InputKind, Operand, Outcome, Program, RealTest, Step, TruthOp};
use crate::analysis::elements::TileValues;
use crate::analysis::vector::{Vectorised, vectorised};
use crate::compute::expr::Comparison;

/// Ranges of a band at most.
pub(super) const MOST_RANGES: usize = 4;

/// The values that are as asked: those in a few ranges, or all others.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::compute) struct Band {
    pub(super) ends: Ends,
    /// Whether all others are meant; NaN is among them.
    pub(super) is_outside: bool,
}

/// From one value to another, both included.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Ends {
    Whole(Vec<[i128; 2]>),
    Single(Vec<[f32; 2]>),
    Double(Vec<[f64; 2]>),
}

impl Band {
    /// The band of a program over one input, if it is one.
    pub(super) fn of(program: &Program, kind: InputKind, is_single: bool) -> Option<Self> {
        match (kind, is_single) {
            (InputKind::Whole, _) => Self::made(ranges(program, of_whole)?, Ends::Whole),
            (InputKind::Real, true) => {
                let of = |step: &Step| of_real(step, |value| value as f32, f32::MAX);
                Self::made(ranges(program, of)?, Ends::Single)
            }
            (InputKind::Real, false) => {
                let of = |step: &Step| of_real(step, |value| value, f64::MAX);
                Self::made(ranges(program, of)?, Ends::Double)
            }
        }
    }

    fn made<T: Ordered>(ranges: Ranges<T>, ends: fn(Vec<[T; 2]>) -> Ends) -> Option<Self> {
        let is_outside = ranges.has_nan;
        let ranges = if is_outside { ranges.not() } else { ranges };
        (ranges.all.len() <= MOST_RANGES).then(|| Self { ends: ends(ranges.all), is_outside })
    }

    /// Gives `take` a bit for each of 64 elements, where some are set, with the place of the first. `false` for values of
    /// another type than the band's.
    pub(in crate::compute) fn bits(&self, values: TileValues<'_>, take: &mut dyn FnMut(usize, u64)) -> bool {
        let is_outside = self.is_outside;
        macro_rules! whole {
            ($values:expr, $type:ident) => {{
                let Ends::Whole(ranges) = &self.ends else { return false };
                let inside = |[low, high]: &[i128; 2]| {
                    let low = (*low).max($type::MIN.into());
                    let high = (*high).min($type::MAX.into());
                    (low <= high).then_some([low as $type, high as $type])
                };
                let ranges: Vec<[$type; 2]> = ranges.iter().filter_map(inside).collect();
                within($values, &ranges, is_outside, take);
            }};
        }
        match values {
            TileValues::U8(values) => whole!(values, u8),
            TileValues::I8(values) => whole!(values, i8),
            TileValues::U16(values) => whole!(values, u16),
            TileValues::I16(values) => whole!(values, i16),
            TileValues::U32(values) => whole!(values, u32),
            TileValues::I32(values) => whole!(values, i32),
            TileValues::U64(values) => whole!(values, u64),
            TileValues::I64(values) => whole!(values, i64),
            TileValues::F32(values) => {
                let Ends::Single(ranges) = &self.ends else { return false };
                within(values, ranges, is_outside, take);
            }
            TileValues::F64(values) => {
                let Ends::Double(ranges) = &self.ends else { return false };
                within(values, ranges, is_outside, take);
            }
            TileValues::Numbers(_) | TileValues::Raw(..) => return false,
        }
        true
    }
}

/// What the steps of a program come to; `of` answers for one that compares the input.
fn ranges<T: Ordered>(program: &Program, of: impl Fn(&Step) -> Option<(u8, Ranges<T>)>) -> Option<Ranges<T>> {
    let Outcome::Truth(Operand::Register(result)) = program.outcome else { return None };
    let mut known: Vec<Option<Ranges<T>>> = vec![None; program.truths.into()];
    for step in &program.steps {
        let at = |register: u8| known.get(usize::from(register)).cloned().flatten();
        let (to, ranges) = match *step {
            Step::Truth(TruthOp::Not, to, Operand::Register(a), _) => (to, at(a)?.not()),
            Step::Truth(TruthOp::And, to, Operand::Register(a), Operand::Register(b)) => {
                (to, at(a)?.both(&at(b)?))
            }
            Step::Truth(TruthOp::Or, to, Operand::Register(a), Operand::Register(b)) => {
                (to, at(a)?.either(&at(b)?))
            }
            _ => of(step)?,
        };
        *known.get_mut(usize::from(to))? = Some(ranges);
    }
    known.get(usize::from(result))?.clone()
}

/// A comparison of the input with a constant, the input first.
fn with_constant<C>(how: Comparison, a: Operand<C>, b: Operand<C>) -> Option<(Comparison, C)> {
    match (a, b) {
        (Operand::Input(0), Operand::Constant(value)) => Some((how, value)),
        (Operand::Constant(value), Operand::Input(0)) => Some((how.exchanged(), value)),
        _ => None,
    }
}

fn compared<T: Ordered>(how: Comparison, value: T) -> Ranges<T> {
    match how {
        Comparison::Equal => Ranges::of(value, value),
        Comparison::NotEqual => Ranges::of(value, value).not(),
        Comparison::Less => Ranges::below(value),
        Comparison::LessOrEqual => Ranges::of(T::LEAST, value),
        Comparison::Greater => Ranges::above(value),
        Comparison::GreaterOrEqual => Ranges::of(value, T::GREATEST),
    }
}

fn of_whole(step: &Step) -> Option<(u8, Ranges<i128>)> {
    let Step::CompareWhole(how, to, a, b) = *step else { return None };
    let (how, value) = with_constant(how, a, b)?;
    Some((to, compared(how, value)))
}

fn of_real<T: Ordered + std::ops::Neg<Output = T>>(
    step: &Step,
    of: impl Fn(f64) -> T,
    largest: T,
) -> Option<(u8, Ranges<T>)> {
    match *step {
        Step::CompareReal(how, to, a, b) => {
            let (how, value) = with_constant(how, a, b)?;
            Some((to, compared(how, of(value))))
        }
        Step::Test(test, to, Operand::Input(0)) => {
            let ranges = match test {
                RealTest::Nan => Ranges::of(T::LEAST, T::GREATEST).not(),
                RealTest::Finite => Ranges::of(-largest, largest),
                RealTest::True => Ranges::of(of(0.0), of(0.0)).not(),
                RealTest::Infinite => {
                    Ranges::of(T::LEAST, T::LEAST).either(&Ranges::of(T::GREATEST, T::GREATEST))
                }
            };
            Some((to, ranges))
        }
        _ => None,
    }
}

/// Shows which values are in one of the ranges, in a loop that was made for as many.
fn within<T: Copy + PartialOrd>(
    values: &[T],
    ranges: &[[T; 2]],
    is_outside: bool,
    take: &mut dyn FnMut(usize, u64),
) {
    match padded(ranges) {
        Padded::None => vectorised(Within { values, ranges: [], is_outside, take }),
        Padded::One(ranges) => vectorised(Within { values, ranges, is_outside, take }),
        Padded::Two(ranges) => vectorised(Within { values, ranges, is_outside, take }),
        Padded::Four(ranges) => vectorised(Within { values, ranges, is_outside, take }),
    }
}

/// As many ranges as there are loops for.
pub(super) enum Padded<T> {
    None,
    One([[T; 2]; 1]),
    Two([[T; 2]; 2]),
    Four([[T; 2]; MOST_RANGES]),
}

/// The last range again where there are fewer.
pub(super) fn padded<T: Copy>(ranges: &[[T; 2]]) -> Padded<T> {
    let Some(last) = ranges.last() else { return Padded::None };
    let at = |place: usize| *ranges.get(place).unwrap_or(last);
    match ranges.len() {
        1 => Padded::One([*last]),
        2 => Padded::Two([at(0), at(1)]),
        _ => Padded::Four([at(0), at(1), at(2), at(3)]),
    }
}

/// Which values are in a band.
struct Within<'a, 'f, T, const RANGES: usize> {
    values: &'a [T],
    ranges: [[T; 2]; RANGES],
    is_outside: bool,
    take: &'f mut dyn FnMut(usize, u64),
}

/// Elements of a word of bits.
const WORD: usize = 64;

/// Elements that are looked at together, whether one of them is as asked.
const BLOCK: usize = 2 * WORD;

impl<T: Copy + PartialOrd, const RANGES: usize> Vectorised for Within<'_, '_, T, RANGES> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let Self { values, ranges, is_outside, take } = self;
        let is_in = |value: T| {
            let mut any = false;
            for [low, high] in ranges {
                any |= (value >= low) & (value <= high);
            }
            any != is_outside
        };
        let mut words = |first: usize, values: &[T]| {
            let mut any = 0;
            for (number, word) in values.chunks(WORD).enumerate() {
                let mut truths = [0; WORD];
                truths.iter_mut().zip(word).for_each(|(truth, value)| *truth = u8::from(is_in(*value)));
                let bits = bits_of(&truths);
                if bits != 0 {
                    take(first + WORD * number, bits);
                }
                any |= bits;
            }
            any != 0
        };
        let (blocks, rest) = values.as_chunks::<BLOCK>();
        // Where there is one there are more, as a rule.
        let mut are_there = false;
        for (number, block) in blocks.iter().enumerate() {
            // A loop without an early end, which is run many elements at a time.
            if are_there || block.iter().fold(false, |any, value| any | is_in(*value)) {
                are_there = words(BLOCK * number, block);
            }
        }
        words(BLOCK * blocks.len(), rest);
    }
}

/// A bit for each truth value, which is 0 or 1.
#[inline(always)]
pub(in crate::compute) fn bits_of(truths: &[u8; 64]) -> u64 {
    let (words, _) = truths.as_chunks::<8>();
    let mut words = words.iter().map(|bytes| u64::from_le_bytes(*bytes));
    let words: [u64; 8] = std::array::from_fn(|_| words.next().unwrap_or(0));
    if words.iter().fold(0, |all, word| all | word) == 0 {
        return 0;
    }
    // The product brings the lowest bits of all eight bytes together in the highest byte.
    words.iter().rev().fold(0, |bits, word| bits << 8 | word.wrapping_mul(0x0102_0408_1020_4080) >> 56)
}
