//! Applies an operation to all elements of an array. `pieces.rs` goes through the elements on all cores, `for_each.rs`
//! through those that share bytes; `element_work.rs` makes the new value of one of them.

use super::computed::ComputedSource;
use super::element_work::Work;
use super::for_each::{Each, unit_stride};
use super::operation::Operation;
use super::other_array::OtherArray;
use super::pieces::{self, put_changes};
use super::plan::Way;
use super::prepared::Prepared;
use super::splices::Put;
use super::{ComputeError, NewValues};
use crate::bytes::ahead::WINDOW;
use crate::bytes::{SharedSource, Source, Span};
use crate::decode::array::Array;
use crate::decode::array_walk::Run;
use crate::job::Progress;
use std::sync::Arc;

/// Above so many places, and with less than so many bytes from one to the next, what lies between is put back as it was:
/// each place by itself costs some hundred bytes of memory, and many of them more time than what lies between.
const BRIDGED: [(u64, u64); 2] = [(1 << 16, 1 << 10), (1 << 18, WINDOW / 8)];

/// Results of fewer bytes are kept as they are.
const WORTH_COMPUTING_AGAIN: u64 = 8 << 20;

/// The splices that give each item of `array` its new value; items that keep theirs have none. Large results are
/// spans of one source that peeks as missing: see [`super::with_sources`]. Blocks; progress counts items.
///
/// # Errors
/// [`ComputeError`]: the first item in memory whose value does not fit, items that overlap, failed reads.
pub fn apply(
    source: &dyn Source,
    array: &Array,
    operation: &Operation,
    progress: &Progress,
) -> Result<NewValues, ComputeError> {
    apply_beside(source, array, operation, &[], progress)
}

/// The same for an operation that names other arrays: they are `others`, as they are before anything changes.
///
/// # Errors
/// As [`apply`]; and when another array has another shape, or there is no number that is wanted of all elements.
pub fn apply_beside(
    source: &dyn Source,
    array: &Array,
    operation: &Operation,
    others: &[OtherArray],
    progress: &Progress,
) -> Result<NewValues, ComputeError> {
    let prepared = Prepared::new(source, array, operation, others, progress)?;
    apply_into(source, &prepared, Put::new(), progress).map_err(|error| prepared.told(error))
}

/// As [`apply_beside`], for a save that follows at once: large results are calculated again when they are read, and kept nowhere. The
/// source is not to change meanwhile.
///
/// # Errors
/// As [`apply_beside`].
pub fn apply_unkept(
    source: &SharedSource,
    array: &Array,
    operation: &Operation,
    others: &[OtherArray],
    progress: &Progress,
) -> Result<NewValues, ComputeError> {
    let prepared = Prepared::new(&**source, array, operation, others, progress)?;
    let bytes = array.extent().map_or(0, Span::len);
    let computed =
        if bytes < WORTH_COMPUTING_AGAIN { None } else { ComputedSource::new(source.clone(), &prepared)? };
    let put = computed.map_or_else(Put::new, |computed| Put::of(Arc::new(computed)));
    apply_into(&**source, &prepared, put, progress).map_err(|error| prepared.told(error))
}

fn apply_into(
    source: &dyn Source,
    prepared: &Prepared,
    mut put: Put,
    progress: &Progress,
) -> Result<NewValues, ComputeError> {
    let array = &prepared.array;
    array.check_fits(source.len()).map_err(|error| ComputeError::Refused(error.to_string()))?;
    let walk = array.walk_in_memory().ok_or_else(overlapping)?;
    progress.set_total(progress.done().saturating_add(array.items()));
    let apart = if unit_stride(array, walk.clone().next()) { 1 } else { array.items() / walk.runs().max(1) };
    let places = walk.runs().saturating_mul(apart);
    let extent = array.extent().unwrap_or(Span::empty_at(array.offset));
    let step = extent.len() / places.max(1);
    let bridges = BRIDGED.iter().any(|(most, far)| places > *most && step < *far);
    let work = Work::new(prepared)?;
    if let Way::Bytes(pattern) = &work.way
        && !bridges
    {
        for run in walk {
            fill(array, run, pattern, &mut put, progress)?;
        }
        let infinite = if work.is_overflow { array.items() } else { 0 };
        return Ok(NewValues { splices: put.finish()?, infinite });
    }
    if !array.item.shares_bytes() && array.item.group_bytes() > 0 {
        let bridging = match apart {
            _ if bridges => pieces::MANY,
            1 => pieces::DENSE,
            _ => pieces::APART,
        };
        let infinite = put_changes(source, (array, walk, bridging), work, &mut put, progress)?;
        return Ok(NewValues { splices: put.finish()?, infinite });
    }
    let mut each = Each::new(source, array, work, progress, &mut put, bridges);
    for run in walk {
        each.run(run, extent.end())?;
    }
    let infinite = each.finish()?;
    Ok(NewValues { splices: put.finish()?, infinite })
}

pub(super) fn overlapping() -> ComputeError {
    ComputeError::refused(
        "The elements overlap or interleave, so one value would change another. Choose other strides.",
    )
}

/// The same bytes in each item of a run; nothing is read.
fn fill(
    array: &Array,
    run: Run,
    pattern: &[u8],
    put: &mut Put,
    progress: &Progress,
) -> Result<(), ComputeError> {
    if progress.is_cancelled() {
        return Err(ComputeError::Cancelled);
    }
    progress.advance(run.items);
    if unit_stride(array, Some(run)) {
        put.fill(array.run_span(run), pattern);
        return Ok(());
    }
    for item in 0..run.items {
        let at = run.at + i128::from(item) * i128::from(run.stride);
        put.fill(array.place_at(at).span, pattern);
    }
    Ok(())
}
