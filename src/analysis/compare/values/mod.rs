//! The comparison of two arrays element by element, with a tolerance.
//!
//! Both arrays have the same shape; their types, strides and byte orders may differ. Runs of elements, in C order, are
//! read of both and compared on all cores. Which elements are not equal is told in order, as runs of their numbers.

mod bins;
mod floats;
mod kernel;
mod others;
mod rounding;
mod rule;
mod tally;

use super::pair::{BytePair, EqualRuns, PairKnown, Sides};
use super::runs::Joined;
use crate::analysis::elements::ElementReader;
use crate::analysis::pool::{PassEnd, Pool};
use crate::analysis::search::End;
use crate::analysis::spans::SpanBatch;
use crate::analysis::tuning::Tuning;
use crate::analysis::unread::Unread;
use crate::bytes::Source;
use crate::decode::array::Array;
use crate::job::Progress;
use kernel::{PairKernel, PairPart};
pub use rule::{Closeness, CompareRefusal, CompareRule};
use rule::{ComparedAs, check_shapes};
use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicU64, Ordering};
pub use tally::{DifferenceBins, ElementDifference, NanPairs, UlpDistance, ValueDifferences};

/// Elements that are compared at once where they are side by side: both fit into the second cache.
const RUN: u64 = 32 << 10;

/// The same where they are not: the more, the more of each page is used at once.
const LONG_RUN: u64 = 1 << 20;

/// Elements that are skipped at once at most, where they are known to be the same.
const MOST_SKIPPED: u64 = 1 << 24;

/// An array, and where its elements are.
#[derive(Clone, Copy, Debug)]
pub struct ComparedArray<'a> {
    pub source: &'a dyn Source,
    /// Its elements are in the source, see [`Array::check_fits`].
    pub array: &'a Array,
}

/// A comparison of two arrays.
#[derive(Clone, Copy, Debug)]
pub struct ArrayCompare<'a> {
    a: ComparedArray<'a>,
    b: ComparedArray<'a>,
    rule: CompareRule,
    compared_as: ComparedAs,
    /// How many of the worst are kept.
    pub worst: usize,
    pub progress: &'a Progress,
    pub tuning: Tuning,
}

/// How a comparison of arrays ended.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueTally {
    pub end: End,
    pub found: ValueDifferences,
    /// How many elements could not be compared, because one of them could not be read.
    pub lost: u64,
    /// How many have bits that their type does not use, and so no value.
    pub odd: u64,
    /// The bytes that could not be read.
    pub unread: Sides<Unread>,
}

/// Takes runs of numbers of elements that are not equal, in order, on any thread; breaks when it wants no more.
pub type TakeElements<'t> = &'t mut (dyn FnMut(SpanBatch) -> ControlFlow<()> + Send);

impl<'a> ArrayCompare<'a> {
    /// Of arrays with the same shape.
    ///
    /// # Errors
    /// [`CompareRefusal`] when their shapes differ, or their elements can't be compared.
    pub fn new(
        a: ComparedArray<'a>,
        b: ComparedArray<'a>,
        rule: CompareRule,
        progress: &'a Progress,
    ) -> Result<Self, CompareRefusal> {
        check_shapes(a.array, b.array)?;
        Self::in_c_order(a, b, rule, progress)
    }

    /// Of arrays with as many elements, in C order, whatever their shapes are.
    ///
    /// # Errors
    /// As of [`Self::new`].
    pub fn in_c_order(
        a: ComparedArray<'a>,
        b: ComparedArray<'a>,
        rule: CompareRule,
        progress: &'a Progress,
    ) -> Result<Self, CompareRefusal> {
        if a.array.items() != b.array.items() {
            check_shapes(a.array, b.array)?;
        }
        let compared_as = ComparedAs::of(a.array, b.array, &rule)?;
        for side in [a, b] {
            let reader = ElementReader::new(side.source, side.array, progress.as_cancel(), Tuning::default());
            if reader.is_too_large() {
                return Err(CompareRefusal::TooLarge(side.array.item.to_string()));
            }
        }
        Ok(Self { a, b, rule, compared_as, worst: 10, progress, tuning: Tuning::default() })
    }

    /// Whether the elements are numbers, which have differences.
    pub fn has_differences(&self) -> bool {
        self.compared_as != ComparedAs::Bytes
    }

    /// Compares all elements.
    pub fn run(&self, take: TakeElements<'_>) -> ValueTally {
        self.run_over(0..self.a.array.items(), take)
    }

    /// Compares the elements with these numbers, in C order.
    pub fn run_over(&self, elements: Range<u64>, take: TakeElements<'_>) -> ValueTally {
        let elements = elements.start..elements.end.min(self.a.array.items()).max(elements.start);
        let cancel = self.progress.as_cancel();
        let reader =
            |side: ComparedArray<'a>| ElementReader::new(side.source, side.array, cancel, self.tuning);
        let wanted = AtomicU64::new(0.0_f64.to_bits());
        let (rule, compared_as, most) = (self.rule, self.compared_as, self.worst);
        let kernel =
            PairKernel { a: reader(self.a), b: reader(self.b), rule, compared_as, most, wanted: &wanted };
        let threads = kernel.a.threads.max(kernel.b.threads);
        let mut runs = Runs::new(self, &kernel, elements.clone());
        self.progress.set_total(elements.end - elements.start);
        let mut tally = ValueTally::default();
        let mut joined = Joined::default();
        let work = |run: ElementRun, hands: &mut kernel::PairHands| {
            let part = kernel.compare(run, hands);
            self.progress.advance(part.elements.end - part.elements.start);
            part
        };
        let end = Pool { threads, cancel }.run(&mut || runs.next(), &work, &mut |part: PairPart| {
            tally.add(&part, most);
            wanted.store(tally.found.least_worst(most).to_bits(), Ordering::Relaxed);
            let ended = joined.add(&part.runs, part.elements.end);
            if ended.is_empty() { ControlFlow::Continue(()) } else { take(ended) }
        });
        tally.end = match end {
            PassEnd::Complete => End::Complete,
            PassEnd::Stopped => End::Cut,
            PassEnd::Cancelled => End::Cancelled,
        };
        let last = joined.finish().filter(|_| end == PassEnd::Complete);
        if last.is_some_and(|last| take(SpanBatch::of(last)).is_break()) {
            tally.end = End::Cut;
        }
        tally
    }
}

impl Default for ValueTally {
    fn default() -> Self {
        Self {
            end: End::Complete,
            found: ValueDifferences::default(),
            lost: 0,
            odd: 0,
            unread: Sides::default(),
        }
    }
}

impl ValueTally {
    fn add(&mut self, part: &PairPart, most: usize) {
        self.found.merge(&part.found, most);
        self.lost += part.lost;
        self.odd += part.odd;
        self.unread.merge(&part.unread);
    }

    /// Whether all elements are equal, all of which could be compared.
    pub fn is_equal(&self) -> bool {
        self.found.different == 0 && self.lost == 0 && self.odd == 0 && self.end == End::Complete
    }
}

/// Elements that follow each other in C order.
#[derive(Clone, Debug)]
pub(super) struct ElementRun {
    pub elements: Range<u64>,
    /// Whether they are known to be the same in both arrays.
    pub is_same: bool,
}

/// The runs of elements that workers take.
struct Runs<'a> {
    rest: Range<u64>,
    at_once: u64,
    /// What is known of the bytes of both arrays, where their elements are the same bytes side by side.
    known: Option<(EqualRuns<'a>, u64)>,
}

impl<'a> Runs<'a> {
    fn new(compare: &ArrayCompare<'a>, kernel: &PairKernel<'_>, rest: Range<u64>) -> Self {
        let (a, b) = (compare.a, compare.b);
        let is_dense = kernel.a.is_dense() && kernel.b.is_dense();
        let size = a.array.item.group_bytes();
        let is_skipped = is_dense
            && a.array.item == b.array.item
            && a.array.item.group_items() == 1
            && size > 0
            && compare.rule.same_is_equal();
        let known = is_skipped.then(|| {
            let pair = BytePair {
                a: a.source,
                b: b.source,
                from: Sides { a: a.array.offset, b: b.array.offset },
                len: a.array.items().saturating_mul(size),
            };
            (EqualRuns::new(pair), size)
        });
        // So many bytes of wide elements that they are not mapped for the read.
        let size = size.max(b.array.item.group_bytes()).max(1);
        let at_once =
            if is_dense { RUN.min(RUN * 4 / size) } else { LONG_RUN.min(LONG_RUN * 4 / size) }.max(1);
        Self { rest, at_once, known }
    }
}

impl Iterator for Runs<'_> {
    type Item = ElementRun;

    fn next(&mut self) -> Option<ElementRun> {
        let start = self.rest.start;
        if start >= self.rest.end {
            return None;
        }
        let mut end = start.saturating_add(self.at_once).min(self.rest.end);
        let mut is_same = false;
        if let Some((known, size)) = &self.known
            && let (PairKnown::Equal, until) = known.at(start * size)
            && until / size >= end
        {
            is_same = true;
            end = (until / size).min(start.saturating_add(MOST_SKIPPED)).min(self.rest.end);
        }
        self.rest.start = end;
        Some(ElementRun { elements: start..end, is_same })
    }
}
