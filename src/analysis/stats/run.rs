//! Which passes answer a question about an array, and what they say together.

use super::answer::{Bins, Distinct, Histogram, Statistics, StatisticsQuestion, ValueKind};
use super::basics::Basics;
use super::bins::Edges;
use super::codes::CodeCounts;
use super::details::Details;
use super::double::Double;
use super::finite::{FiniteRange, joined};
use super::floats::FloatPart;
use super::histogram;
use super::integers::WholePart;
use super::kernels::{FloatKernel, Machine, WholeKernel};
use super::locate::locate;
use super::meaning::Meaning;
use super::numbers::{NumberKernel, NumberPart};
use super::percentiles::{interpolated, place};
use super::real::FloatValue;
use super::select::Selection;
use super::spare::Spare;
use super::whole::WholeValue;
use crate::analysis::elements::{ElementKernel, ElementPass, TileKind};
use crate::analysis::pool::PassEnd;
use crate::analysis::unread::Unread;
use crate::decode::array::Array;
use crate::decode::dtype::ItemType;
use crate::decode::scalar_type::DType;
use crate::decode::{Element, Number};
use std::marker::PhantomData;
use std::ops::ControlFlow;

/// Takes what is known so far, now and then.
pub type Report<'r> = &'r mut (dyn FnMut(&Statistics) + Send);

/// The statistics of the elements of `pass`, whose progress is counted; its total is set here. What is known is reported
/// after each part of the work, and now and then between. A cancelled answer is of no use.
pub fn statistics(
    pass: &ElementPass<'_>,
    wanted: &StatisticsQuestion,
    report: Report<'_>,
) -> (Statistics, PassEnd) {
    let mut run = Run { pass, wanted, report, so_far: Statistics::default() };
    let item = &pass.array.item;
    pass.progress.set_total(pass.bytes());
    // How often each value occurs answers everything, but a look at the values is faster where it is enough.
    let needs_counts = wanted.distinct || wanted.bins.is_some() || !wanted.percentiles.is_empty();
    let meaning = Meaning::of(item).filter(|_| needs_counts || !is_wide_float(item));
    let end = match (meaning, TileKind::of(item)) {
        (Some(meaning), _) => run.codes(meaning),
        (None, TileKind::F32) => run.floats::<f32>(),
        (None, TileKind::F64) => run.floats::<f64>(),
        (None, TileKind::I32) => run.integers::<i32>(),
        (None, TileKind::U32) => run.integers::<u32>(),
        (None, TileKind::I64) => run.integers::<i64>(),
        (None, TileKind::U64) => run.integers::<u64>(),
        (None, TileKind::U8 | TileKind::I8 | TileKind::U16 | TileKind::I16) => PassEnd::Complete,
        (None, TileKind::Numbers | TileKind::Raw) => run.numbers(),
    };
    (run.so_far, end)
}

/// Whether it is a float of two bytes, of which a look takes less time than a count.
fn is_wide_float(item: &ItemType) -> bool {
    matches!(item, ItemType::Scalar(dtype) if matches!(dtype.element, Element::F16 | Element::Bf16))
}

struct Run<'a, 'r> {
    pass: &'a ElementPass<'a>,
    wanted: &'a StatisticsQuestion,
    report: Report<'r>,
    so_far: Statistics,
}

/// Chunks between two reports.
const REPORT_EVERY: u64 = 64;

/// What a pass has to say besides its parts.
#[derive(Debug, Default)]
struct Tally {
    /// Chunks since the last report; a piece may have several.
    unreported: u64,
    lost: u64,
    odd: u64,
    unread: Unread,
}

impl Run<'_, '_> {
    /// Runs a kernel; `merge` adds each part in C order, `tell` says what is known, which is reported now and then and
    /// at the end.
    fn pass<K: ElementKernel, S: Default + Send>(
        &mut self,
        kernel: &K,
        merge: fn(&mut S, K::Part),
        tell: &(dyn Fn(&S, &mut Statistics) + Sync),
    ) -> PassEnd {
        let Self { pass, report, so_far, .. } = self;
        let (mut all, mut tally) = (S::default(), Tally::default());
        let end = pass.run(kernel, &mut |made| {
            merge(&mut all, made.part);
            tally.unreported += (pass.bytes_of(made.elements) / pass.tuning.chunk.max(1) as u64).max(1);
            tally.lost += made.lost;
            tally.odd += made.odd;
            tally.unread.merge(&made.unread);
            if tally.unreported >= REPORT_EVERY {
                tally.unreported = 0;
                tell(&all, so_far);
                tally.tell(so_far);
                report(so_far);
            }
            ControlFlow::Continue(())
        });
        tell(&all, so_far);
        tally.tell(so_far);
        report(so_far);
        end
    }

    fn floats<T: Machine + FloatValue>(&mut self) -> PassEnd {
        let kernel = FloatKernel::<T>(PhantomData);
        self.so_far.kind = ValueKind::Floats;
        let merge = |all: &mut Basics<T>, part: FloatPart<T>| all.merge(&part.end());
        let end = self.pass(&kernel, merge, &|all, so_far| {
            so_far.set_basics(all, |value| Number::Float(value.wide()));
            so_far.set_moments(&all.moments, None);
        });
        if end == PassEnd::Complete { self.details::<T>() } else { end }
    }

    fn integers<T: Machine + WholeValue>(&mut self) -> PassEnd
    where
        Double: From<T>,
    {
        let kernel = WholeKernel::<T>(PhantomData);
        let is_time = self.pass.array.item.is_time();
        self.so_far.kind = if is_time { ValueKind::Times } else { ValueKind::Integers };
        let merge = |all: &mut Basics<T>, part: WholePart<T>| all.merge(&part.end());
        let end = self.pass(&kernel, merge, &|all, so_far| {
            so_far.set_basics(all, |value| Number::Int(value.into()));
            so_far.set_moments(&all.moments, Some(all.total));
        });
        if end == PassEnd::Complete { self.details::<T>() } else { end }
    }

    /// What comes after the counts and sums of values of a machine's type.
    fn details<T: Machine>(&mut self) -> PassEnd {
        let wanted = self.wanted;
        let count = self.so_far.count - self.so_far.nan;
        if count == 0 {
            if wanted.distinct {
                let different = u64::from(self.so_far.nan > 0);
                self.so_far.distinct = Some(Distinct { count: different, is_exact: true });
            }
            return PassEnd::Complete;
        }
        let edges = match wanted.bins {
            None => None,
            Some(bins) => match self.edges::<T>(bins) {
                Ok(edges) => edges,
                Err(end) => return end,
            },
        };
        let details = Details::<T> {
            has_nan: self.so_far.nan > 0,
            firsts: (!wanted.percentiles.is_empty()).then(Spare::default),
            bins: edges.map(|edges| (Edges::new(edges), Spare::default())),
            samples: wanted.distinct.then(Spare::default),
            of: PhantomData,
        };
        if details.firsts.is_none() && details.bins.is_none() && details.samples.is_none() {
            return PassEnd::Complete;
        }
        let end = self.quiet_pass(&details);
        if end != PassEnd::Complete {
            return end;
        }
        if let Some((edges, counts)) = details.bin_counts() {
            self.so_far.histogram = Some(Histogram { edges, counts });
        }
        if let Some(sample) = details.sample() {
            let (different, is_exact) = sample.count();
            let count = different + u64::from(self.so_far.nan > 0);
            self.so_far.distinct = Some(Distinct { count, is_exact });
        }
        (self.report)(&self.so_far);
        match details.first_counts() {
            Some(counts) => self.percentiles::<T>(count, &counts),
            None => PassEnd::Complete,
        }
    }

    /// A pass whose elements are counted already.
    fn quiet_pass<K: ElementKernel>(&mut self, kernel: &K) -> PassEnd {
        let progress = self.pass.progress;
        progress.set_total(progress.done().saturating_add(self.pass.bytes()));
        self.pass.run(kernel, &mut |_| ControlFlow::Continue(()))
    }

    /// Where bins begin and end; `None` without finite values.
    fn edges<T: Machine>(&mut self, bins: Bins) -> Result<Option<Vec<f64>>, PassEnd> {
        let so_far = &self.so_far;
        let float = |extremum: Option<super::answer::Extremum>| match extremum.map(|extremum| extremum.value)
        {
            Some(Number::Float(value)) => Some(value),
            Some(Number::Int(value)) => Some(value as f64),
            _ => None,
        };
        let has_infinities = so_far.positive_infinities + so_far.negative_infinities > 0;
        let range = match bins.range {
            Some(range) => Some(range),
            None if !has_infinities => float(so_far.least).zip(float(so_far.greatest)),
            None => {
                let mut range = None;
                let end = self.pass.run(&FiniteRange::<T>(PhantomData), &mut |made| {
                    range = joined(range, made.part);
                    ControlFlow::Continue(())
                });
                if end != PassEnd::Complete {
                    return Err(end);
                }
                range
            }
        };
        let is_narrow = TileKind::of(&self.pass.array.item) == TileKind::F32;
        let edges = match (is_narrow, bins.range) {
            (false, _) => histogram::edges,
            (true, None) => histogram::narrow_edges,
            (true, Some(_)) => histogram::rounded_edges,
        };
        Ok(range.map(|range| edges(range, bins.count.max(1))))
    }

    fn percentiles<T: Machine>(&mut self, count: u64, firsts: &[u64]) -> PassEnd {
        let percents = &self.wanted.percentiles;
        let places = percents.iter().map(|percent| place(count, *percent));
        let mut ranks: Vec<u64> = places
            .clone()
            .flat_map(|(lower, share)| [Some(lower), (share > 0.0).then_some(lower + 1)])
            .flatten()
            .collect();
        ranks.sort_unstable();
        ranks.dedup();
        let mut selection = Selection::<T>::new(ranks.clone(), firsts);
        while !selection.is_done() {
            let narrowing = selection.next(self.pass.tuning.threads, self.so_far.nan > 0);
            let end = self.quiet_pass(&narrowing);
            if end != PassEnd::Complete {
                return end;
            }
            let counted = narrowing.counted();
            selection.take(counted);
        }
        let values = selection.values();
        let at = |rank: u64| ranks.binary_search(&rank).ok().and_then(|place| values[place]);
        let value = |(lower, share): (u64, f64)| match (at(lower), at(lower + 1)) {
            (Some(low), Some(high)) if share > 0.0 => {
                interpolated(low.float(), high.float(), high.less(low), share)
            }
            (Some(low), _) => low.float(),
            (None, _) => f64::NAN,
        };
        self.so_far.percentiles = percents.iter().copied().zip(places.map(value)).collect();
        (self.report)(&self.so_far);
        PassEnd::Complete
    }

    fn numbers(&mut self) -> PassEnd {
        let merge = |all: &mut NumberPart, part: NumberPart| all.merge(&part);
        self.pass(&NumberKernel, merge, &|all, so_far| so_far.set_numbers(all))
    }

    /// One pass that counts codes answers all but where the extremes are.
    fn codes(&mut self, meaning: Meaning) -> PassEnd {
        let array = coded_array(self.pass.array, meaning);
        let pass = ElementPass { array: &array, ..*self.pass };
        let counts = CodeCounts::new(meaning.bytes());
        let wanted = self.wanted;
        let mut run = Run { pass: &pass, wanted, report: &mut *self.report, so_far: Statistics::default() };
        let end = run.pass(&counts, |(): &mut (), ()| {}, &|(), so_far| {
            so_far.set_codes(meaning.known(&counts.counts()), wanted);
        });
        let mut known = std::mem::take(&mut run.so_far);
        let end = if wanted.places && end == PassEnd::Complete {
            locate(&pass, meaning.known(&counts.counts()).codes, &mut known)
        } else {
            end
        };
        (self.report)(&known);
        self.so_far = known;
        end
    }
}

/// The array whose elements are the codes; of packed ones they are what they become.
fn coded_array(array: &Array, meaning: Meaning) -> Array {
    let item = match meaning {
        Meaning::Bits(dtype) => {
            let element = if dtype.size() == 1 { Element::U8 } else { Element::U16 };
            ItemType::Scalar(DType::new(element, dtype.order))
        }
        Meaning::Unsigned | Meaning::Signed => array.item.clone(),
    };
    Array { item, ..array.clone() }
}

impl Tally {
    fn tell(&self, so_far: &mut Statistics) {
        so_far.lost = self.lost;
        so_far.odd += self.odd;
        so_far.unread = self.unread.clone();
    }
}
