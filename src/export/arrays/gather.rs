//! The bytes of an array's elements in C order, in blocks, wherever they are.
//!
//! A contiguous array is read as it is. Other arrays are read block by block: the elements of a block are read in the
//! order of memory, so that a page is read once a block even where the order of memory is the other way round.

use super::ExportError;
use crate::bytes::ahead::{Ahead, WINDOW};
use crate::bytes::{Source, Span};
use crate::decode::array::{Array, MemoryOrder};
use crate::decode::array_blocks::Blocks;
use crate::decode::array_walk::Run;
use crate::job::Progress;

/// Bytes of a block in C order.
const BLOCK: u64 = 4 << 20;

/// Of a block whose items lie in another order: the larger it is, the more of each page is used at once.
const TILE: u64 = 32 << 20;

/// Items that are further apart, in bytes, are read each for itself: more of a page is not wanted.
const APART: u64 = 2 << 10;

/// Gives `take` the items in C order, block after block. Items have bytes of their own.
pub(super) fn gather(
    source: &dyn Source,
    array: &Array,
    progress: &Progress,
    take: &mut dyn FnMut(&[u8]) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let size = array.item.group_bytes();
    array.check_fits(source.len()).map_err(|error| ExportError::Refused(error.to_string()))?;
    progress.set_total(array.items().saturating_mul(size));
    if size == 0 || array.items() == 0 {
        return Ok(());
    }
    let is_plain = array.order() == Some(MemoryOrder::C);
    let in_c_order = array.walk_in_memory().is_none_or(|walk| walk.is_in_c_order());
    let budget = if is_plain || in_c_order { BLOCK } else { TILE };
    let mut ahead = Ahead::new(source, progress.as_cancel());
    let mut bytes = Vec::new();
    for block in Blocks::new(array, (budget / size).max(1)) {
        if progress.is_cancelled() {
            return Err(ExportError::Cancelled);
        }
        bytes.resize((block.items() * size) as usize, 0);
        collect(&block, &mut ahead, source, progress, &mut bytes)?;
        take(&bytes)?;
        progress.advance(bytes.len() as u64);
    }
    Ok(())
}

/// The items of `block` in C order.
fn collect(
    block: &Array,
    ahead: &mut Ahead<'_>,
    source: &dyn Source,
    progress: &Progress,
    out: &mut [u8],
) -> Result<(), ExportError> {
    let size = block.item.group_bytes();
    let extent = block.extent().unwrap_or_default();
    let walk = block.walk_in_memory().unwrap_or_else(|| block.walk());
    // Whether the gaps between runs are so short that they are read along.
    let is_dense = extent.len().saturating_sub(out.len() as u64) <= walk.runs().saturating_mul(APART);
    for (number, run) in walk.enumerate() {
        if number % 4096 == 0 && progress.is_cancelled() {
            return Err(ExportError::Cancelled);
        }
        let span = block.run_span(run);
        let until = if is_dense { extent.end() } else { span.end() };
        let is_run = run.items == 1 || u64::try_from(run.stride) == Ok(size);
        if is_run && run.weight == 1 && span.len() >= WINDOW {
            let start = (run.number * size) as usize;
            let out = &mut out[start..start + span.len() as usize];
            source.read_cancellable(span.start(), out, progress.as_cancel())?;
        } else if run.stride > 0 && run.stride.unsigned_abs() <= APART.max(size) {
            windows(block, run, until, ahead, out)?;
        } else {
            single(block, run, is_dense.then_some(until), ahead, out)?;
        }
    }
    Ok(())
}

/// A run of items that are close together, as many at once as a window holds.
fn windows(
    block: &Array,
    run: Run,
    until: u64,
    ahead: &mut Ahead<'_>,
    out: &mut [u8],
) -> Result<(), ExportError> {
    let (size, stride) = (block.item.group_bytes() as usize, run.stride.unsigned_abs());
    let at_once = (WINDOW / stride).max(1);
    let mut done = 0;
    while done < run.items {
        let items = at_once.min(run.items - done);
        let first = block.place_at(run.at + i128::from(done) * i128::from(run.stride)).span;
        let span = Span::between(first.start(), first.start() + (items - 1) * stride + size as u64);
        let bytes = ahead.get(span, until.max(span.end()))?;
        for item in 0..items {
            let from = (item * stride) as usize;
            let to = place_of(run, done + item) * size;
            out[to..to + size].copy_from_slice(&bytes[from..from + size]);
        }
        done += items;
    }
    Ok(())
}

fn single(
    block: &Array,
    run: Run,
    until: Option<u64>,
    ahead: &mut Ahead<'_>,
    out: &mut [u8],
) -> Result<(), ExportError> {
    let size = block.item.group_bytes() as usize;
    for item in 0..run.items {
        let span = block.place_at(run.at + i128::from(item) * i128::from(run.stride)).span;
        let bytes = ahead.get(span, until.unwrap_or(span.end()))?;
        let to = place_of(run, item) * size;
        out[to..to + size].copy_from_slice(bytes);
    }
    Ok(())
}

fn place_of(run: Run, item: u64) -> usize {
    let number = i128::from(run.number) + i128::from(item) * i128::from(run.weight);
    usize::try_from(number).unwrap_or(0)
}
