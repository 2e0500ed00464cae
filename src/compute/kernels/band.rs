//! The questions that are asked most, whether an element is between two values, in one loop from the elements to bits.
//!
//! `x > 3`, `x == 3`, `1 <= x < 2`, `not x < 0` and `isnan(x)` are such questions, or their opposite.

use super::range::Range;
use super::steps::{InputKind, Operand, Outcome, Program, RealTest, Step, TruthOp};
use crate::analysis::elements::TileValues;
use crate::analysis::vector::{Vectorised, vectorised};
use crate::compute::expr::Comparison;

/// From one value to another, both included; nothing when the first is above the second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::compute) struct Band {
    ends: Ends,
    /// Whether all others are meant; NaN is among them.
    is_outside: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Ends {
    Whole(Range),
    Single(f32, f32),
    Double(f64, f64),
}

/// No whole number: none is so large.
const NOTHING: Range = Range::new(i128::MAX, i128::MIN);

impl Band {
    /// The band of a program over one input, if it is one.
    pub(super) fn of(program: &Program, kind: InputKind, is_single: bool) -> Option<Self> {
        let Outcome::Truth(Operand::Register(result)) = program.outcome else { return None };
        let mut known: Vec<Option<Self>> = vec![None; program.truths.into()];
        for step in &program.steps {
            let (to, band) = match step {
                Step::CompareReal(how, to, a, b) if kind == InputKind::Real => {
                    let (how, value) = with_constant(*how, *a, *b)?;
                    (to, if is_single { single(how, value as f32) } else { double(how, value) })
                }
                Step::CompareWhole(how, to, a, b) if kind == InputKind::Whole => {
                    let (how, value) = with_constant(*how, *a, *b)?;
                    (to, whole(how, value))
                }
                Step::Test(test, to, Operand::Input(0)) => (to, tested(*test, is_single)?),
                Step::Truth(TruthOp::Not, to, Operand::Register(a), _) => {
                    let band = (*known.get(usize::from(*a))?)?;
                    (to, Self { is_outside: !band.is_outside, ..band })
                }
                Step::Truth(TruthOp::And, to, Operand::Register(a), Operand::Register(b)) => {
                    let (a, b) = ((*known.get(usize::from(*a))?)?, (*known.get(usize::from(*b))?)?);
                    (to, a.both(b)?)
                }
                _ => return None,
            };
            *known.get_mut(usize::from(*to))? = Some(band);
        }
        *known.get(usize::from(result))?
    }

    /// What is in both.
    fn both(self, other: Self) -> Option<Self> {
        if self.is_outside || other.is_outside {
            return None;
        }
        let ends = match (self.ends, other.ends) {
            (Ends::Whole(a), Ends::Whole(b)) => Ends::Whole(Range::new(a.low.max(b.low), a.high.min(b.high))),
            (Ends::Single(a, b), Ends::Single(c, d)) => Ends::Single(a.max(c), b.min(d)),
            (Ends::Double(a, b), Ends::Double(c, d)) => Ends::Double(a.max(c), b.min(d)),
            _ => return None,
        };
        Some(Self { ends, is_outside: false })
    }

    /// Gives `take` a bit for each of 64 elements, where some are set, with the place of the first. `false` for values of
    /// another type than the band's.
    pub(in crate::compute) fn bits(&self, values: TileValues<'_>, take: &mut dyn FnMut(usize, u64)) -> bool {
        let is_outside = self.is_outside;
        macro_rules! whole {
            ($values:expr, $type:ident) => {{
                let Ends::Whole(range) = self.ends else { return false };
                let low = range.low.max($type::MIN.into());
                let high = range.high.min($type::MAX.into());
                // One value that is above the other is in no band.
                let (low, high) =
                    if low <= high { (low as $type, high as $type) } else { ($type::MAX, $type::MIN) };
                vectorised(Within { values: $values, low, high, is_outside, take });
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
                let Ends::Single(low, high) = self.ends else { return false };
                vectorised(Within { values, low, high, is_outside, take });
            }
            TileValues::F64(values) => {
                let Ends::Double(low, high) = self.ends else { return false };
                vectorised(Within { values, low, high, is_outside, take });
            }
            TileValues::Numbers(_) | TileValues::Raw(..) => return false,
        }
        true
    }
}

/// A comparison of the input with a constant, the input first.
fn with_constant<C>(how: Comparison, a: Operand<C>, b: Operand<C>) -> Option<(Comparison, C)> {
    match (a, b) {
        (Operand::Input(0), Operand::Constant(value)) => Some((how, value)),
        (Operand::Constant(value), Operand::Input(0)) => Some((how.exchanged(), value)),
        _ => None,
    }
}

fn whole(how: Comparison, value: i128) -> Band {
    let ends = match how {
        Comparison::Equal | Comparison::NotEqual => Range::of(value),
        Comparison::Less => value.checked_sub(1).map_or(NOTHING, |high| Range::new(i128::MIN, high)),
        Comparison::LessOrEqual => Range::new(i128::MIN, value),
        Comparison::Greater => value.checked_add(1).map_or(NOTHING, |low| Range::new(low, i128::MAX)),
        Comparison::GreaterOrEqual => Range::new(value, i128::MAX),
    };
    Band { ends: Ends::Whole(ends), is_outside: how == Comparison::NotEqual }
}

macro_rules! reals {
    ($($name:ident $type:ident $ends:ident;)*) => {$(
        fn $name(how: Comparison, value: $type) -> Band {
            const INFINITY: $type = $type::INFINITY;
            let is_outside = how == Comparison::NotEqual;
            let (low, high) = match how {
                _ if value.is_nan() => (INFINITY, -INFINITY),
                Comparison::Equal | Comparison::NotEqual => (value, value),
                Comparison::Less if value == -INFINITY => (INFINITY, -INFINITY),
                Comparison::Less => (-INFINITY, value.next_down()),
                Comparison::LessOrEqual => (-INFINITY, value),
                Comparison::Greater if value == INFINITY => (INFINITY, -INFINITY),
                Comparison::Greater => (value.next_up(), INFINITY),
                Comparison::GreaterOrEqual => (value, INFINITY),
            };
            Band { ends: Ends::$ends(low, high), is_outside }
        }
    )*};
}

reals! {
    single f32 Single;
    double f64 Double;
}

fn tested(test: RealTest, is_single: bool) -> Option<Band> {
    let of = |low: f64, high: f64, is_outside: bool| {
        let ends = if is_single { Ends::Single(low as f32, high as f32) } else { Ends::Double(low, high) };
        Some(Band { ends, is_outside })
    };
    let largest = if is_single { f32::MAX.into() } else { f64::MAX };
    match test {
        RealTest::Nan => of(f64::NEG_INFINITY, f64::INFINITY, true),
        RealTest::Finite => of(-largest, largest, false),
        RealTest::True => of(0.0, 0.0, true),
        RealTest::Infinite => None,
    }
}

/// Which values are in a band.
struct Within<'a, 'f, T> {
    values: &'a [T],
    low: T,
    high: T,
    is_outside: bool,
    take: &'f mut dyn FnMut(usize, u64),
}

/// Elements of a word of bits.
const WORD: usize = 64;

/// Elements that are looked at together, whether one of them is as asked.
const BLOCK: usize = 2 * WORD;

impl<T: Copy + PartialOrd> Vectorised for Within<'_, '_, T> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let Self { values, low, high, is_outside, take } = self;
        let is_in = |value: T| ((value >= low) & (value <= high)) != is_outside;
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
