//! Floats side by side, block by block, in loops that the compiler turns into vectors.
//!
//! Differences are compared as bits: those of floats without a sign are in the order of the values, and the largest of
//! many integers is found by vectors of any processor.

use super::bins::BinTable;
use super::rounding::{ComparedFloat, Rounding};
use super::rule::CompareRule;
use super::tally::{ElementDifference, UlpDistance, ValueDifferences, larger};
use crate::analysis::compare::runs::{RunsFound, find_runs};
use crate::analysis::vector::{Vectorised, vectorised};

/// Pairs that are looked at at once: both blocks and the marks stay in the first cache.
pub(super) const BLOCK: usize = 1024;

/// The rule in the numbers that are compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct FloatRule<T> {
    atol: T,
    rtol: T,
    has_closeness: bool,
    ulps: u64,
    has_ulps: bool,
    equal_nan: bool,
    same_bits: bool,
}

impl<T: ComparedFloat> FloatRule<T> {
    /// The rule, rounded to these numbers.
    pub fn new(rule: &CompareRule) -> Self {
        let closeness = rule.closeness;
        Self {
            atol: T::narrow(closeness.map_or(0.0, |close| close.atol)),
            rtol: T::narrow(closeness.map_or(0.0, |close| close.rtol)),
            has_closeness: closeness.is_some(),
            ulps: rule.ulp.unwrap_or_default(),
            has_ulps: rule.ulp.is_some(),
            equal_nan: rule.equal_nan,
            same_bits: rule.is_exact(),
        }
    }
}

/// What a block shows.
#[derive(Clone, Copy, Debug)]
struct Seen<T: ComparedFloat> {
    max_abs: T::Bits,
    max_rel: T::Bits,
    max_steps: T::Bits,
    /// Pairs without a difference, and those that have a NaN.
    zeros: u32,
    different: u32,
    nan_a: u32,
    nan_b: u32,
    nan_both: u32,
}

/// One pair.
#[derive(Clone, Copy)]
struct PairSeen<T> {
    difference: T,
    relative: T,
    is_different: bool,
    nan: (bool, bool),
}

#[inline(always)]
fn look_at<R: Rounding>(a: R::Value, b: R::Value, rule: &FloatRule<R::Value>) -> PairSeen<R::Value> {
    let zero = R::Value::default();
    let nan = (is_nan(a), is_nan(b));
    let is_same = a == b;
    let is_number = !(nan.0 | nan.1);
    let difference = R::difference(a, b);
    let is_close = rule.has_closeness & b.is_finite() & (difference <= R::allowed(b, rule.atol, rule.rtol));
    let is_near = rule.has_ulps & is_number & (R::Value::steps_wide(R::steps(a, b)) <= rule.ulps);
    let is_equal_nan = nan.0 & nan.1 & rule.equal_nan;
    let is_same_nan = rule.same_bits & (a.bits() == b.bits());
    // Infinities of one sign have no difference, and NaNs none that is a number.
    let difference = if is_number & !is_same { difference } else { zero };
    let relative = if is_number & b.is_finite() & (b != zero) { difference.over(b.abs()) } else { zero };
    let is_different = !(is_same | is_close | is_near | is_equal_nan | is_same_nan);
    PairSeen { difference, relative, is_different, nan }
}

#[expect(clippy::eq_op, reason = "only NaN differs from itself")]
#[inline(always)]
fn is_nan<T: ComparedFloat>(value: T) -> bool {
    value != value
}

/// A look at a block; marks the pairs that are different.
struct LookAtBlock<'b, R: Rounding> {
    a: &'b [R::Value],
    b: &'b [R::Value],
    rule: &'b FloatRule<R::Value>,
    marks: &'b mut [u8],
    /// The exponents of the differences.
    exponents: &'b mut [u16],
}

impl<R: Rounding> Vectorised for LookAtBlock<'_, R> {
    type Out = Seen<R::Value>;

    #[inline(always)]
    fn run(self) -> Self::Out {
        let none = <R::Value as ComparedFloat>::Bits::default();
        let (mut max_abs, mut max_rel, mut max_steps) = (none, none, none);
        let (mut zeros, mut different, mut nan_a, mut nan_b, mut nan_both) = (0, 0, 0, 0, 0);
        let rule = *self.rule;
        let told = self.marks.iter_mut().zip(self.exponents);
        for ((a, b), (mark, exponent)) in self.a.iter().zip(self.b).zip(told) {
            let pair = look_at::<R>(*a, *b, &rule);
            let bits = pair.difference.bits();
            max_abs = max_abs.max(bits);
            max_rel = max_rel.max(pair.relative.bits());
            if R::HAS_ULPS {
                let steps = if pair.nan.0 | pair.nan.1 { none } else { R::steps(*a, *b) };
                max_steps = max_steps.max(steps);
            }
            *mark = u8::from(pair.is_different);
            *exponent = R::Value::exponent(bits);
            zeros += u32::from(bits == none);
            different += u32::from(pair.is_different);
            nan_a += u32::from(pair.nan.0);
            nan_b += u32::from(pair.nan.1);
            nan_both += u32::from(pair.nan.0 & pair.nan.1);
        }
        Seen { max_abs, max_rel, max_steps, zeros, different, nan_a, nan_b, nan_both }
    }
}

/// Whether a block has a NaN.
struct AnyNan<'b, T>(&'b [T]);

impl<T: ComparedFloat> Vectorised for AnyNan<'_, T> {
    type Out = bool;

    #[inline(always)]
    fn run(self) -> bool {
        self.0.iter().fold(false, |any, value| any | is_nan(*value))
    }
}

/// Where what is found of pairs goes.
pub(super) struct FloatSink<'s> {
    pub found: &'s mut ValueDifferences,
    pub runs: &'s mut RunsFound,
    pub bins: &'s mut BinTable,
    /// The worst that are kept, and the difference above which one is wanted.
    pub most: usize,
    pub wanted: f64,
}

/// The blocks with the largest values so far; where in them these are is found out at the end.
#[derive(Default)]
struct LargestBlocks {
    abs: Option<(f64, usize)>,
    rel: Option<(f64, usize)>,
    ulps: Option<(u64, usize)>,
}

/// Compares pairs, the first of which is element `first`.
pub(super) fn compare_floats<R: Rounding>(
    a: &[R::Value],
    b: &[R::Value],
    first: u64,
    rule: &FloatRule<R::Value>,
    sink: &mut FloatSink<'_>,
) where
    R::Value: bytemuck::NoUninit,
{
    let (mut marks, mut exponents) = ([0; BLOCK], [0; BLOCK]);
    let mut largest = LargestBlocks::default();
    for (number, (own, other)) in a.chunks(BLOCK).zip(b.chunks(BLOCK)).enumerate() {
        let first = first + (number * BLOCK) as u64;
        let count = own.len();
        let is_same = bytemuck::cast_slice::<_, u8>(own) == bytemuck::cast_slice::<_, u8>(other);
        if is_same && !vectorised(AnyNan(own)) {
            sink.found.add_same(count as u64, first, R::HAS_ULPS);
            continue;
        }
        let (marks, exponents) = (&mut marks[..count], &mut exponents[..count]);
        let seen = vectorised(LookAtBlock::<R> { a: own, b: other, rule, marks, exponents });
        sink.take(&seen, count);
        let nan = seen.nan_a + seen.nan_b - seen.nan_both;
        if seen.zeros < count as u32 {
            sink.bins.add(exponents);
        } else {
            sink.found.bins.zero += count as u64 - u64::from(nan);
        }
        if seen.different > 0 {
            find_runs(marks, &[0; BLOCK][..count], first, sink.runs);
            sink.add_worst::<R>((own, other), first, rule, &seen);
        }
        if nan < count as u32 {
            largest.take(&seen, number, R::HAS_ULPS);
        }
        // Zeros and NaNs were counted with the least exponent.
        if seen.zeros < count as u32 {
            sink.bins.add_zeros(seen.zeros);
            sink.found.bins.zero += u64::from(seen.zeros - nan);
        }
    }
    sink.bins.flush(R::Value::EXPONENTS, R::Value::BIAS, sink.found);
    largest.put::<R>((a, b), first, rule, sink.found);
}

impl FloatSink<'_> {
    fn take<T: ComparedFloat>(&mut self, seen: &Seen<T>, count: usize) {
        let found = &mut *self.found;
        found.compared += count as u64;
        found.different += u64::from(seen.different);
        found.nan.both += u64::from(seen.nan_both);
        found.nan.only_a += u64::from(seen.nan_a - seen.nan_both);
        found.nan.only_b += u64::from(seen.nan_b - seen.nan_both);
    }

    /// Adds those of a block that are among the worst. Of equal ones the first counts, so another one has to be larger.
    fn add_worst<R: Rounding>(
        &mut self,
        (a, b): (&[R::Value], &[R::Value]),
        first: u64,
        rule: &FloatRule<R::Value>,
        seen: &Seen<R::Value>,
    ) {
        let wanted = |sink: &Self| sink.wanted.max(sink.found.least_worst(sink.most));
        if R::Value::from_bits(seen.max_abs).wide() <= wanted(self) {
            return;
        }
        for (element, (a, b)) in (first..).zip(a.iter().zip(b)) {
            let pair = look_at::<R>(*a, *b, rule);
            let difference = pair.difference.wide();
            if pair.is_different && difference > wanted(self) {
                self.found.add_worst(ElementDifference { difference, element }, self.most);
            }
        }
    }
}

/// Whether a pair of values is the one that is looked for.
type IsPair<'i, T> = &'i dyn Fn(&PairSeen<T>, T, T) -> bool;

impl LargestBlocks {
    fn take<T: ComparedFloat>(&mut self, seen: &Seen<T>, block: usize, has_ulps: bool) {
        fn larger<V: PartialOrd>(known: &mut Option<(V, usize)>, value: V, block: usize) {
            if known.as_ref().is_none_or(|(known, _)| *known < value) {
                *known = Some((value, block));
            }
        }
        larger(&mut self.abs, T::from_bits(seen.max_abs).wide(), block);
        let rel = T::from_bits(seen.max_rel).wide();
        if rel > 0.0 {
            larger(&mut self.rel, rel, block);
        }
        if has_ulps {
            larger(&mut self.ulps, T::steps_wide(seen.max_steps), block);
        }
    }

    /// Finds the elements.
    fn put<R: Rounding>(
        self,
        (a, b): (&[R::Value], &[R::Value]),
        first: u64,
        rule: &FloatRule<R::Value>,
        found: &mut ValueDifferences,
    ) {
        let place = |block: usize, is: IsPair<'_, R::Value>| {
            let pairs = a[block * BLOCK..].iter().zip(&b[block * BLOCK..]);
            let is_number = |pair: &PairSeen<R::Value>| !(pair.nan.0 | pair.nan.1);
            let mut seen = pairs.map(|(a, b)| (look_at::<R>(*a, *b, rule), *a, *b));
            let at = seen.position(|(pair, a, b)| is_number(&pair) && is(&pair, a, b));
            first + (block * BLOCK + at.unwrap_or(0)) as u64
        };
        if let Some((difference, block)) = self.abs {
            let element = place(block, &|pair, _, _| pair.difference.wide() == difference);
            larger(&mut found.max_abs, Some(ElementDifference { difference, element }));
        }
        if let Some((difference, block)) = self.rel {
            let element = place(block, &|pair, _, _| pair.relative.wide() == difference);
            larger(&mut found.max_rel, Some(ElementDifference { difference, element }));
        }
        if let Some((ulps, block)) = self.ulps
            && found.max_ulp.is_none_or(|known| known.ulps < ulps)
        {
            let element = place(block, &|_, a, b| R::Value::steps_wide(R::steps(a, b)) == ulps);
            found.max_ulp = Some(UlpDistance { ulps, element });
        }
    }
}
