//! Numbers of all elements that an expression uses: `mean(x)`, `sum(x > 3)`, `max(other('b'))`.
//!
//! They are worked out once, by the statistics that the analysis layer has, before the elements are gone through. NaN and
//! NaT are left out.

use super::ComputeError;
use super::expr::{Expr, Reduction};
use super::expression_values::ExpressionValues;
use super::other_array::{OtherArray, by_name};
use super::predicate::{WantedNumber, bound, field_of};
use super::scene::Scene;
use super::sentence::sentence;
use super::zipped::Zipped;
use crate::analysis::stats::{Statistics, StatisticsQuestion, ValueKind, statistics};
use crate::analysis::{ElementPass, PassEnd};
use crate::bytes::Source;
use crate::decode::Number;
use crate::decode::array::Array;
use crate::decode::dtype::ItemType;
use crate::export::arrays::own_bytes;
use crate::job::Progress;

/// The elements that an expression is about, and what is beside them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground<'a> {
    pub source: &'a dyn Source,
    pub array: &'a Array,
    pub others: &'a [OtherArray],
}

/// The numbers of all elements of an array that a question or an operation wants, in that order; `others` are the other
/// arrays that they are of. Blocks.
///
/// # Errors
/// [`ComputeError`] when there is no such number, an element can't be read or has no value, or it was cancelled.
pub fn numbers_of_all(
    wanted: &[WantedNumber],
    source: &dyn Source,
    array: &Array,
    others: &[OtherArray],
    progress: &Progress,
) -> Result<Vec<Number>, ComputeError> {
    Ground { source, array, others }.numbers(wanted, progress)
}

/// Where the middle is, in percent.
const MEDIAN: f64 = 50.0;

impl Ground<'_> {
    /// The numbers that are wanted, in that order. Blocks.
    ///
    /// # Errors
    /// [`ComputeError`] when there is no such number, an element can't be read or has no value, or it was cancelled.
    pub fn numbers(&self, wanted: &[WantedNumber], progress: &Progress) -> Result<Vec<Number>, ComputeError> {
        let mut known: Vec<(Expr, Statistics)> = Vec::new();
        let mut numbers = Vec::with_capacity(wanted.len());
        for one in wanted {
            if !known.iter().any(|(of, _)| *of == one.of) {
                let has_median =
                    wanted.iter().any(|other| other.of == one.of && other.reduction == Reduction::Median);
                known.push((one.of.clone(), self.statistics(&one.of, has_median, progress)?));
            }
            let found = known.iter().find(|(of, _)| *of == one.of).map(|(_, found)| found);
            let number = found
                .ok_or_else(|| "it is not known".to_owned())
                .and_then(|found| number_of(one.reduction, found));
            numbers.push(number.map_err(|reason| {
                ComputeError::Refused(sentence(&format!("There is no {}: {reason}", one.reduction.name())))
            })?);
        }
        Ok(numbers)
    }

    /// The statistics of the values of `of`.
    fn statistics(
        &self,
        of: &Expr,
        has_median: bool,
        progress: &Progress,
    ) -> Result<Statistics, ComputeError> {
        let (array, item) = (self.array, &self.array.item);
        match of {
            Expr::X if !matches!(item, ItemType::Record(_)) => {
                statistics_of(self.source, array, has_median, progress)
            }
            Expr::Field(names) => {
                let (offset, item) = field_of(item, names)?;
                let field = Array { item, offset: array.offset.saturating_add(offset), ..array.clone() };
                statistics_of(self.source, &field, has_median, progress)
            }
            Expr::Other(name) if by_name(self.others, name).is_some() => {
                let Some(other) = by_name(self.others, name) else { return Ok(Statistics::default()) };
                other.check(array)?;
                statistics_of(&*other.source, &other.array, has_median, progress)
            }
            of => self.statistics_of_expression(of, has_median, progress),
        }
    }

    fn statistics_of_expression(
        &self,
        of: &Expr,
        has_median: bool,
        progress: &Progress,
    ) -> Result<Statistics, ComputeError> {
        let zipped = if of.others().is_empty() {
            None
        } else {
            Some(Zipped::new(self.source, self.array, self.others)?)
        };
        let others = if zipped.is_some() { self.others } else { &[] };
        let scene = Scene::beside(&own_bytes(&self.array.item), others);
        let bound = bound(of, &scene, &[])?;
        let (source, array): (&dyn Source, &Array) = match &zipped {
            Some((zipped, records)) => (zipped, records),
            None => (self.source, self.array),
        };
        let values = ExpressionValues::new(source, array, bound)?;
        let is_wide = values.is_wide();
        let found = statistics_of(&values, &values.array()?, has_median && !is_wide, progress);
        if let Some((number, reason)) = values.fault() {
            return Err(ComputeError::At { index: self.array.index_at(number), reason });
        }
        let mut found = found?;
        if has_median && is_wide {
            // The middle of integers is a float: what is in the middle is found among floats.
            let floats = values.into_floats();
            found.percentiles = statistics_of(&floats, &floats.array()?, true, progress)?.percentiles;
        }
        Ok(found)
    }
}

/// The statistics of an array, none of whose elements may be missing.
fn statistics_of(
    source: &dyn Source,
    array: &Array,
    has_median: bool,
    progress: &Progress,
) -> Result<Statistics, ComputeError> {
    let percentiles = if has_median { vec![MEDIAN] } else { Vec::new() };
    let wanted = StatisticsQuestion { percentiles, ..StatisticsQuestion::default() };
    let progress = progress.of_part();
    let (found, end) = statistics(&ElementPass::new(source, array, &progress), &wanted, &mut |_| {});
    if end != PassEnd::Complete {
        return Err(ComputeError::Cancelled);
    }
    match found.unread.reason() {
        Some(error) => Err(ComputeError::Read(error.clone())),
        None => Ok(found),
    }
}

/// The number that statistics say, or why they don't.
fn number_of(reduction: Reduction, known: &Statistics) -> Result<Number, String> {
    if known.count == known.nan {
        return Err(if known.count == 0 {
            "there are no elements".to_owned()
        } else {
            "all elements are NaN".to_owned()
        });
    }
    if known.kind == ValueKind::Others {
        return Err("the elements are no numbers".to_owned());
    }
    let number = match reduction {
        Reduction::Mean => known.mean,
        Reduction::Std => known.deviation.map(Number::Float),
        Reduction::Min => known.least.map(|least| least.value),
        Reduction::Max => known.greatest.map(|greatest| greatest.value),
        Reduction::Sum => known.sum,
        Reduction::Median => known.percentiles.first().map(|(_, value)| Number::Float(*value)),
    };
    number.ok_or_else(|| why_none(reduction, known.kind).to_owned())
}

/// Why numbers that are not all NaN have no such number.
fn why_none(reduction: Reduction, kind: ValueKind) -> &'static str {
    match (reduction, kind) {
        (Reduction::Min | Reduction::Max | Reduction::Median, ValueKind::Complex) => {
            "complex numbers have no order"
        }
        (Reduction::Mean | Reduction::Std | Reduction::Sum, ValueKind::Complex) => {
            "some of the complex numbers are infinite"
        }
        (Reduction::Median, _) => "medians of 128-bit integers and long doubles are not worked out",
        (Reduction::Mean | Reduction::Std | Reduction::Min | Reduction::Max | Reduction::Sum, _) => {
            "it is not known for this type"
        }
    }
}
