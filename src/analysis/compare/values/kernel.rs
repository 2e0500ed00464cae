//! A run of elements of both arrays is read and compared, by the loop for their types.

use super::ElementRun;
use super::bins::BinTable;
use super::floats::{FloatRule, FloatSink, compare_floats};
use super::others::PairSink;
use super::rounding::{Brains, ComparedFloat, Doubles, Halves, MixedDoubles, Narrows, Rounding, Singles};
use super::rule::{CompareRule, ComparedAs};
use super::tally::ValueDifferences;
use crate::analysis::compare::pair::Sides;
use crate::analysis::compare::runs::RunsFound;
use crate::analysis::elements::{ElementReader, ReadingHands, TileValues, Valueless};
use crate::analysis::spans::SpanBatch;
use crate::analysis::unread::Unread;
use crate::decode::Number;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

/// What is done with every run.
pub(super) struct PairKernel<'a> {
    pub a: ElementReader<'a>,
    pub b: ElementReader<'a>,
    pub rule: CompareRule,
    pub compared_as: ComparedAs,
    /// How many of the worst are kept.
    pub most: usize,
    /// The difference from which an element is one of the worst so far, as bits.
    pub wanted: &'a AtomicU64,
}

/// What a worker keeps from run to run.
#[derive(Debug, Default)]
pub(super) struct PairHands {
    a: ReadingHands,
    b: ReadingHands,
    bins: BinTable,
    wide: Sides<Vec<f64>>,
    whole: Sides<Vec<i64>>,
    widest: Sides<Vec<i128>>,
    numbers: Sides<Vec<Option<Number>>>,
}

/// What a run yields.
#[derive(Debug, Default)]
pub(super) struct PairPart {
    pub elements: Range<u64>,
    pub found: ValueDifferences,
    pub runs: SpanBatch,
    pub lost: u64,
    pub odd: u64,
    pub unread: Sides<Unread>,
}

impl PairKernel<'_> {
    /// Reads a run of both and compares it.
    pub fn compare(&self, run: ElementRun, hands: &mut PairHands) -> PairPart {
        let elements = run.elements;
        let mut part = PairPart { elements: elements.clone(), ..PairPart::default() };
        if run.is_same {
            let count = elements.end - elements.start;
            part.found.add_same(count, elements.start, self.compared_as.has_ulps());
            return part;
        }
        let PairHands { a, b, bins, wide, whole, widest, numbers } = hands;
        let (mut none_a, mut none_b) = (Valueless::default(), Valueless::default());
        let own = self.a.read(elements.clone(), a, &mut none_a);
        let other = self.b.read(elements.clone(), b, &mut none_b);
        let count = (elements.end - elements.start) as usize;
        let lost = union(&none_a.lost, &none_b.lost);
        let all = union(&lost, &union(&none_a.odd, &none_b.odd));
        let size = |ranges: &[Range<usize>]| ranges.iter().map(|range| range.len() as u64).sum::<u64>();
        part.lost = size(&lost);
        part.odd = size(&all) - part.lost;
        part.unread = Sides { a: none_a.unread, b: none_b.unread };
        let mut room = Room { bins, wide, whole, widest, numbers };
        let mut runs = RunsFound::default();
        let mut at = 0;
        for gap in all.iter().chain(std::iter::once(&(count..count))) {
            if at < gap.start {
                let range = at..gap.start;
                let first = elements.start + at as u64;
                self.values(
                    own.part(range.clone()),
                    other.part(range),
                    first,
                    &mut room,
                    &mut part.found,
                    &mut runs,
                );
            }
            at = gap.end;
        }
        part.runs = runs.finish().0;
        part
    }

    fn values(
        &self,
        a: TileValues<'_>,
        b: TileValues<'_>,
        first: u64,
        room: &mut Room<'_>,
        found: &mut ValueDifferences,
        runs: &mut RunsFound,
    ) {
        match self.compared_as {
            ComparedAs::Half => self.singles::<Halves>(a, b, first, room, found, runs),
            ComparedAs::Brain => self.singles::<Brains>(a, b, first, room, found, runs),
            ComparedAs::Single => self.singles::<Singles>(a, b, first, room, found, runs),
            ComparedAs::Narrow => self.singles::<Narrows>(a, b, first, room, found, runs),
            ComparedAs::Double => {
                if let (TileValues::F64(a), TileValues::F64(b)) = (a, b) {
                    self.floats::<Doubles>(a, b, first, room.bins, found, runs);
                }
            }
            ComparedAs::Mixed => {
                let Sides { a: own, b: other } = &mut *room.wide;
                to_wide(a, own);
                to_wide(b, other);
                self.floats::<MixedDoubles>(own, other, first, room.bins, found, runs);
            }
            ComparedAs::Integers | ComparedAs::Times | ComparedAs::Numbers | ComparedAs::Bytes => {
                let mut sink = PairSink { rule: &self.rule, found, runs, most: self.most };
                self.others(a, b, first, room, &mut sink);
            }
        }
    }

    fn singles<R: Rounding<Value = f32>>(
        &self,
        a: TileValues<'_>,
        b: TileValues<'_>,
        first: u64,
        room: &mut Room<'_>,
        found: &mut ValueDifferences,
        runs: &mut RunsFound,
    ) {
        if let (TileValues::F32(a), TileValues::F32(b)) = (a, b) {
            self.floats::<R>(a, b, first, room.bins, found, runs);
        }
    }

    fn floats<R: Rounding>(
        &self,
        a: &[R::Value],
        b: &[R::Value],
        first: u64,
        bins: &mut BinTable,
        found: &mut ValueDifferences,
        runs: &mut RunsFound,
    ) where
        R::Value: bytemuck::NoUninit + ComparedFloat,
    {
        let wanted = f64::from_bits(self.wanted.load(Ordering::Relaxed));
        let mut sink = FloatSink { found, runs, bins, most: self.most, wanted };
        compare_floats::<R>(a, b, first, &FloatRule::new(&self.rule), &mut sink);
    }

    fn others(
        &self,
        a: TileValues<'_>,
        b: TileValues<'_>,
        first: u64,
        room: &mut Room<'_>,
        sink: &mut PairSink<'_>,
    ) {
        if is_same_slice(a, b) && self.same_bytes_are_equal(a) {
            let count = a.len() as u64;
            if let TileValues::Raw(..) = a {
                sink.found.compared += count
            } else {
                sink.same(count, first, true)
            }
            return;
        }
        let nat = self.a.has_nat() && self.b.has_nat();
        match (a, b) {
            (TileValues::Raw(a, size), TileValues::Raw(b, _)) => sink.bytes(a, b, size, first),
            (TileValues::Numbers(_), _) | (_, TileValues::Numbers(_)) => {
                let Sides { a: own, b: other } = &mut *room.numbers;
                to_numbers(a, own);
                to_numbers(b, other);
                sink.numbers(own, other, first);
            }
            (TileValues::U64(_), _) | (_, TileValues::U64(_)) => {
                let Sides { a: own, b: other } = &mut *room.widest;
                to_integers(a, own);
                to_integers(b, other);
                sink.integers(own, other, first, None);
            }
            _ => {
                let Sides { a: own, b: other } = &mut *room.whole;
                to_integers(a, own);
                to_integers(b, other);
                sink.integers(own, other, first, nat.then_some(i64::MIN));
            }
        }
    }

    /// Whether elements with the same bytes are equal, all that there may be.
    fn same_bytes_are_equal(&self, a: TileValues<'_>) -> bool {
        let may_be_nan = matches!(a, TileValues::Numbers(_)) || self.a.has_nat();
        !may_be_nan
    }
}

/// Memory for values of other types than they are read as.
struct Room<'r> {
    bins: &'r mut BinTable,
    wide: &'r mut Sides<Vec<f64>>,
    whole: &'r mut Sides<Vec<i64>>,
    widest: &'r mut Sides<Vec<i128>>,
    numbers: &'r mut Sides<Vec<Option<Number>>>,
}

fn to_wide(values: TileValues<'_>, out: &mut Vec<f64>) {
    out.clear();
    match values {
        TileValues::U8(values) => out.extend(values.iter().map(|value| f64::from(*value))),
        TileValues::I8(values) => out.extend(values.iter().map(|value| f64::from(*value))),
        TileValues::U16(values) => out.extend(values.iter().map(|value| f64::from(*value))),
        TileValues::I16(values) => out.extend(values.iter().map(|value| f64::from(*value))),
        TileValues::U32(values) => out.extend(values.iter().map(|value| f64::from(*value))),
        TileValues::I32(values) => out.extend(values.iter().map(|value| f64::from(*value))),
        TileValues::U64(values) => out.extend(values.iter().map(|value| *value as f64)),
        TileValues::I64(values) => out.extend(values.iter().map(|value| *value as f64)),
        TileValues::F32(values) => out.extend(values.iter().map(|value| f64::from(*value))),
        TileValues::F64(values) => out.extend_from_slice(values),
        TileValues::Numbers(_) | TileValues::Raw(..) => {}
    }
}

/// Integers, which are not wider than the type that they become.
fn to_integers<T>(values: TileValues<'_>, out: &mut Vec<T>)
where
    T: From<u8> + From<i8> + From<u16> + From<i16> + From<u32> + From<i32> + From<i64> + FromU64,
{
    out.clear();
    match values {
        TileValues::U8(values) => out.extend(values.iter().map(|value| T::from(*value))),
        TileValues::I8(values) => out.extend(values.iter().map(|value| T::from(*value))),
        TileValues::U16(values) => out.extend(values.iter().map(|value| T::from(*value))),
        TileValues::I16(values) => out.extend(values.iter().map(|value| T::from(*value))),
        TileValues::U32(values) => out.extend(values.iter().map(|value| T::from(*value))),
        TileValues::I32(values) => out.extend(values.iter().map(|value| T::from(*value))),
        TileValues::U64(values) => out.extend(values.iter().map(|value| T::from_u64(*value))),
        TileValues::I64(values) => out.extend(values.iter().map(|value| T::from(*value))),
        TileValues::F32(_) | TileValues::F64(_) | TileValues::Numbers(_) | TileValues::Raw(..) => {}
    }
}

/// What an unsigned integer of 64 bits becomes.
trait FromU64 {
    fn from_u64(value: u64) -> Self;
}

impl FromU64 for i128 {
    fn from_u64(value: u64) -> Self {
        Self::from(value)
    }
}

impl FromU64 for i64 {
    /// Never asked for: where one array has such integers, both become wider ones.
    fn from_u64(value: u64) -> Self {
        value.cast_signed()
    }
}

fn to_numbers(values: TileValues<'_>, out: &mut Vec<Option<Number>>) {
    match values {
        TileValues::Numbers(values) => {
            out.clear();
            out.extend_from_slice(values);
        }
        TileValues::F32(_) | TileValues::F64(_) => {
            let mut wide = Vec::new();
            to_wide(values, &mut wide);
            out.clear();
            out.extend(wide.into_iter().map(|value| Some(Number::Float(value))));
        }
        _ => {
            let mut whole: Vec<i128> = Vec::new();
            to_integers(values, &mut whole);
            out.clear();
            out.extend(whole.into_iter().map(|value| Some(Number::Int(value))));
        }
    }
}

/// Whether both are the same bytes of the same type.
fn is_same_slice(a: TileValues<'_>, b: TileValues<'_>) -> bool {
    match (a, b) {
        (TileValues::U8(a), TileValues::U8(b)) => a == b,
        (TileValues::I8(a), TileValues::I8(b)) => a == b,
        (TileValues::U16(a), TileValues::U16(b)) => a == b,
        (TileValues::I16(a), TileValues::I16(b)) => a == b,
        (TileValues::U32(a), TileValues::U32(b)) => a == b,
        (TileValues::I32(a), TileValues::I32(b)) => a == b,
        (TileValues::U64(a), TileValues::U64(b)) => a == b,
        (TileValues::I64(a), TileValues::I64(b)) => a == b,
        (TileValues::Raw(a, _), TileValues::Raw(b, _)) => a == b,
        _ => false,
    }
}

/// All that are in either, sorted and apart; both are.
fn union(a: &[Range<usize>], b: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = a.iter().chain(b).cloned().collect();
    all.sort_unstable_by_key(|range| range.start);
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in all {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}
