//! Between which whole numbers all values of a program lie, from the range of its inputs.
//!
//! Each step widens the range by what it can make of its ends. What the range fits, a type can be calculated in without
//! a look at overflow.

use super::steps::{Operand, Outcome, Program, Step, WholeOp};

/// From the lowest to the highest, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub low: i128,
    pub high: i128,
}

/// Values beyond this are not calculated with here.
const FAR: i128 = 1 << 100;

impl Range {
    /// One number.
    pub const fn of(value: i128) -> Self {
        Self { low: value, high: value }
    }

    /// From `low` to `high`.
    pub const fn new(low: i128, high: i128) -> Self {
        Self { low, high }
    }

    /// Whether all of `other` is in it.
    pub const fn holds(self, other: Self) -> bool {
        self.low <= other.low && other.high <= self.high
    }

    /// Both, and what lies between.
    pub fn joined(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    fn spanned(values: impl IntoIterator<Item = i128>) -> Option<Self> {
        values.into_iter().map(Self::of).reduce(Self::joined)
    }

    fn is_near(self) -> bool {
        Self::new(-FAR, FAR).holds(self)
    }

    /// The largest distance from 0.
    fn reach(self) -> i128 {
        self.low.abs().max(self.high.abs())
    }

    /// All numbers with as many bits as those in both.
    fn of_bits(self, other: Self) -> Self {
        let both = self.joined(other);
        let bits = |value: i128| i128::BITS - (if value < 0 { !value } else { value }).leading_zeros();
        let most = (1 << bits(both.low).max(bits(both.high))) - 1;
        Self::new(if both.low < 0 { -most - 1 } else { 0 }, most)
    }
}

impl Program {
    /// The range of all whole numbers on the way, and that of the result if it is one; `None` when they are too large.
    pub(super) fn range(&self, inputs: &[Range]) -> Option<(Range, Option<Range>)> {
        let mut registers = [Range::of(0); u8::MAX as usize + 1];
        let mut all = inputs.iter().copied().fold(Range::of(0), Range::joined);
        for step in &self.steps {
            let value = |operand: &Operand<i128>, registers: &[Range]| match operand {
                Operand::Input(at) => inputs.get(usize::from(*at)).copied(),
                Operand::Register(at) => registers.get(usize::from(*at)).copied(),
                Operand::Constant(value) => Some(Range::of(*value)),
            };
            match step {
                Step::Whole(op, to, a, b) => {
                    let (a, b) = (value(a, &registers)?, value(b, &registers)?);
                    let made = of_step(*op, a, b).filter(|made| made.is_near())?;
                    all = all.joined(made).joined(b);
                    registers[usize::from(*to)] = made;
                }
                Step::TruthToWhole(to, _) => {
                    registers[usize::from(*to)] = Range::new(0, 1);
                    all = all.joined(Range::new(0, 1));
                }
                _ => {}
            }
            if let Step::Whole(_, _, a, _) = step
                && let Operand::Constant(a) = a
            {
                all = all.joined(Range::of(*a));
            }
        }
        let result = match self.outcome {
            Outcome::Whole(Operand::Register(at)) => Some(registers[usize::from(at)]),
            Outcome::Whole(Operand::Input(at)) => Some(*inputs.get(usize::from(at))?),
            Outcome::Whole(Operand::Constant(value)) => Some(Range::of(value)),
            Outcome::Real(_) | Outcome::Truth(_) => None,
        };
        if let Some(result) = result {
            all = all.joined(result);
        }
        all.is_near().then_some((all, result))
    }
}

/// The range of a step's results.
fn of_step(op: WholeOp, a: Range, b: Range) -> Option<Range> {
    let corners = |of: fn(i128, i128) -> Option<i128>| {
        let all = [of(a.low, b.low)?, of(a.low, b.high)?, of(a.high, b.low)?, of(a.high, b.high)?];
        Range::spanned(all)
    };
    Some(match op {
        WholeOp::Add => Range::new(a.low + b.low, a.high + b.high),
        WholeOp::Subtract => Range::new(a.low - b.high, a.high - b.low),
        WholeOp::Multiply => corners(i128::checked_mul)?,
        WholeOp::FloorDivide if b.low > 0 => {
            Range::spanned([b.low, b.high].map(|b| [a.low.div_euclid(b), a.high.div_euclid(b)]).concat())?
        }
        WholeOp::FloorDivide => Range::new(-a.reach(), a.reach()),
        WholeOp::Remainder if a.low >= 0 && b.low > 0 => Range::new(0, (b.high - 1).min(a.high)),
        WholeOp::Remainder => Range::new((b.low + 1).min(0), (b.high - 1).max(0)),
        WholeOp::And if a.low >= 0 && b.low >= 0 => Range::new(0, a.high.min(b.high)),
        WholeOp::And if a.low >= 0 => Range::new(0, a.high),
        WholeOp::And if b.low >= 0 => Range::new(0, b.high),
        WholeOp::Or | WholeOp::Xor | WholeOp::And => a.of_bits(b),
        WholeOp::Left => corners(|a, b| {
            let shifted = a.checked_mul(1_i128.checked_shl(u32::try_from(b).ok()?)?)?;
            (b < 100 || a == 0).then_some(shifted)
        })?,
        WholeOp::Right => {
            let b = Range::new(b.low.clamp(0, 127), b.high.clamp(0, 127));
            Range::spanned([a.low >> b.low, a.low >> b.high, a.high >> b.low, a.high >> b.high])?
        }
        WholeOp::Smaller => Range::new(a.low.min(b.low), a.high.min(b.high)),
        WholeOp::Larger => Range::new(a.low.max(b.low), a.high.max(b.high)),
        WholeOp::Negate => Range::new(-a.high, -a.low),
        WholeOp::Invert => Range::new(!a.high, !a.low),
        WholeOp::Abs if a.low >= 0 => a,
        WholeOp::Abs if a.high <= 0 => Range::new(-a.high, -a.low),
        WholeOp::Abs => Range::new(0, a.reach()),
        WholeOp::Sign => Range::new(a.low.signum(), a.high.signum()),
        WholeOp::Power => {
            let power = u32::try_from(b.high).ok()?;
            let ends = [a.low.checked_pow(power)?, a.high.checked_pow(power)?];
            let turns = (a.low < 0 && a.high > 0).then_some(0);
            Range::spanned(ends.into_iter().chain(turns))?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The result of an operation on two numbers, where it has one.
    fn exact(op: WholeOp, a: i128, b: i128) -> Option<i128> {
        Some(match op {
            WholeOp::Add => a + b,
            WholeOp::Subtract => a - b,
            WholeOp::Multiply => a * b,
            WholeOp::FloorDivide if b != 0 => a / b - i128::from(a % b != 0 && (a < 0) != (b < 0)),
            WholeOp::Remainder if b != 0 => ((a % b) + b) % b,
            WholeOp::FloorDivide | WholeOp::Remainder => return None,
            WholeOp::Or => a | b,
            WholeOp::Xor => a ^ b,
            WholeOp::And => a & b,
            WholeOp::Left => a << u32::try_from(b).ok()?,
            WholeOp::Right => a >> u32::try_from(b).ok()?,
            WholeOp::Smaller => a.min(b),
            WholeOp::Larger => a.max(b),
            WholeOp::Negate => -a,
            WholeOp::Invert => !a,
            WholeOp::Abs => a.abs(),
            WholeOp::Sign => a.signum(),
            WholeOp::Power => a.pow(u32::try_from(b).ok()?),
        })
    }

    #[test]
    fn every_result_is_in_the_range() {
        use WholeOp::*;
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..20_000 {
            let op = *random.choice(WholeOp::ALL).expect("one");
            let mut number = || i128::from(random.i16(-20..20));
            let (a, b) = ([number(), number()], [number(), number()]);
            let mut b = Range::new(b[0].min(b[1]), b[0].max(b[1]));
            if matches!(op, Left | Right) {
                b = Range::new(b.low.abs().min(b.high.abs()), b.low.abs().max(b.high.abs()));
            }
            if op == Power {
                b = Range::of(b.low.abs().max(1));
            }
            let a = Range::new(a[0].min(a[1]), a[0].max(a[1]));
            let Some(range) = of_step(op, a, b) else { continue };
            for (one, other) in
                (a.low..=a.high).flat_map(|one| (b.low..=b.high).map(move |other| (one, other)))
            {
                if let Some(value) = exact(op, one, other) {
                    assert!(
                        range.holds(Range::of(value)),
                        "{op:?} {a:?} {b:?}: {one} {other} {value} {range:?}"
                    );
                }
            }
        }
    }
}
