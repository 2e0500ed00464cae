//! An operation over all elements of an array on all cores, piece by piece, what has changed in the order of memory.
//!
//! Memory is bounded by a few pieces for each worker, whatever the array's size and wherever its elements are.

use super::ComputeError;
use super::beside::Neighbours;
use super::element_work::Work;
use super::kernels::TILE;
use super::parts::{ArrayPiece, ArrayPieces, Part};
use super::read_in_parts::read_in_parts;
use super::splices::Put;
use super::tiles::{Numbers, TileWork};
use crate::analysis::{PassEnd, Pool, Tuning};
use crate::bytes::{Source, Span};
use crate::decode::array::Array;
use crate::decode::array_walk::{Run, Walk};
use crate::job::Progress;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};

/// How far apart two changes may be that become one, in bytes: what lies between is put back as it was. Each change by
/// itself costs some hundred bytes of memory, so above so many changes it is more.
pub(super) type Bridges = &'static [(u64, u64)];

/// Of elements side by side.
pub(super) const DENSE: Bridges = &[(0, 64), (1 << 12, 256), (1 << 14, 4 << 10), (1 << 16, 32 << 10)];

/// Of elements that are apart, and few or far from each other.
pub(super) const APART: Bridges = &[(0, 0), (1 << 16, 1 << 10), (1 << 18, 32 << 10)];

/// Of elements that are apart, many and near each other.
pub(super) const MANY: Bridges = &[(0, 32 << 10)];

/// What a piece has become.
#[derive(Default)]
struct Changed {
    /// Rising, none touching another.
    spans: Vec<Span>,
    /// The new bytes of all of them, one after another.
    bytes: Vec<u8>,
    items: u64,
    infinite: u64,
    fault: Option<ComputeError>,
}

/// What a worker keeps from piece to piece.
#[derive(Default)]
struct Hand<'a> {
    tiles: Option<TileWork<'a>>,
    old: Vec<u8>,
    new: Vec<u8>,
    /// Elements that are apart, side by side: as they were and as they will be.
    together: (Vec<u8>, Vec<u8>),
    /// What is beside them, array by array.
    beside: Vec<Vec<u8>>,
}

struct Worker<'a> {
    source: &'a dyn Source,
    array: &'a Array,
    work: Work<'a>,
    progress: &'a Progress,
    /// Whether new bytes are wanted, and not only where they are.
    keeps_bytes: bool,
    /// What lies between changes that are no further apart counts as changed too, in bytes.
    bridge: AtomicU64,
}

/// Gives each element of `array`, of which `walk` is the walk in memory, its new value, and puts what has changed into
/// `put`. How many became infinite.
///
/// # Errors
/// [`ComputeError`]: the first element in memory whose value does not fit, a failed read, a cancel.
pub(super) fn put_changes(
    source: &dyn Source,
    (array, walk, bridges): (&Array, Walk, Bridges),
    work: Work<'_>,
    put: &mut Put,
    progress: &Progress,
) -> Result<u64, ComputeError> {
    let cores = Tuning::default().threads;
    let threads = if work.is_drawn() {
        1
    } else {
        cores.min(usize::try_from(array.items() / 4096).unwrap_or(cores) + 1)
    };
    let bridge =
        |places: u64| bridges.iter().rev().find(|(most, _)| places >= *most).map_or(0, |(_, gap)| *gap);
    let keeps_bytes = put.keeps_bytes();
    let worker = Worker { source, array, work, progress, keeps_bytes, bridge: AtomicU64::new(bridge(0)) };
    let mut pieces = ArrayPieces::new(array, walk);
    let (mut infinite, mut places) = (0, 0);
    let mut fault = None;
    let mut take = |made: Changed| {
        let mut rest = &made.bytes[..];
        for span in &made.spans {
            let (bytes, later) = rest.split_at(if keeps_bytes { span.len() as usize } else { 0 });
            rest = later;
            if let Err(error) = put.push_new(*span, bytes) {
                fault = Some(error);
                return ControlFlow::Break(());
            }
        }
        places += made.spans.len() as u64;
        worker.bridge.store(bridge(places), Ordering::Relaxed);
        infinite += made.infinite;
        progress.advance(made.items);
        match made.fault {
            None => ControlFlow::Continue(()),
            found => {
                fault = found;
                ControlFlow::Break(())
            }
        }
    };
    let pool = Pool { threads, cancel: progress.as_cancel() };
    let end =
        pool.run(&mut || pieces.next(), &|piece, hand: &mut Hand<'_>| worker.piece(&piece, hand), &mut take);
    match (fault, end) {
        (Some(fault), _) => Err(fault),
        (None, PassEnd::Complete) => Ok(infinite),
        (None, PassEnd::Stopped | PassEnd::Cancelled) => Err(ComputeError::Cancelled),
    }
}

impl<'a> Worker<'a> {
    fn piece(&self, piece: &ArrayPiece, hand: &mut Hand<'a>) -> Changed {
        let mut made = Changed { items: piece.items, ..Changed::default() };
        for part in &piece.parts {
            if self.progress.is_cancelled() {
                break;
            }
            if let Err(fault) = self.part(part, hand, &mut made) {
                made.fault = Some(fault);
                break;
            }
        }
        made.infinite = hand.tiles.as_mut().map_or(0, |tiles| std::mem::take(&mut tiles.work.infinite));
        made
    }

    fn part(&self, part: &Part, hand: &mut Hand<'a>, made: &mut Changed) -> Result<(), ComputeError> {
        let Hand { tiles, old, new, together, beside } = hand;
        let tiles = tiles.get_or_insert_with(|| TileWork::new(&self.work));
        old.resize(part.span.len() as usize, 0);
        read_in_parts(self.source, part.span.start(), old, self.progress.as_cancel())?;
        let size = self.array.item.group_bytes() as usize;
        new.resize(old.len(), 0);
        if !matches!(part.runs.as_slice(), [run] if run.items * size as u64 == part.span.len()) {
            new.copy_from_slice(old);
        }
        for run in &part.runs {
            let from = (self.array.run_span(*run).start() - part.span.start()) as usize;
            let step = if run.items == 1 { size } else { run.stride.unsigned_abs() as usize };
            let numbers = Numbers { first: run.number, weight: run.weight };
            if let Some(others) = self.work.beside() {
                // Their order is that of memory, so the numbers of a run are one behind another.
                let run = run.number..run.number + run.items;
                others.read(run, beside, self.progress.as_cancel())?;
            }
            let neighbours = Neighbours { bytes: beside, skip: 0 };
            let result = if step == size {
                let place = from..from + run.items as usize * size;
                tiles.make(&old[place.clone()], &mut new[place], numbers, neighbours)
            } else {
                apart(tiles, (old, new), (from, step, size), (run, neighbours), together)
            };
            result.map_err(|(number, reason)| ComputeError::At {
                index: self.array.index_at(number),
                reason,
            })?;
        }
        let bridge = self.bridge.load(Ordering::Relaxed) as usize;
        for run in &part.runs {
            let from = (self.array.run_span(*run).start() - part.span.start()) as usize;
            let step = if run.items == 1 { size } else { run.stride.unsigned_abs() as usize };
            changes(old, new, (from, step, size), run.items as usize, &mut |at, end| {
                made.push(part.span.start(), self.keeps_bytes.then_some(new), at, end, bridge);
            });
        }
        Ok(())
    }
}

/// The elements of a run that are apart, brought together for each tile.
fn apart(
    tiles: &mut TileWork<'_>,
    (old, new): (&[u8], &mut [u8]),
    (from, step, size): (usize, usize, usize),
    (run, neighbours): (&Run, Neighbours<'_>),
    (were, become_): &mut (Vec<u8>, Vec<u8>),
) -> Result<(), (u64, String)> {
    let numbers = Numbers { first: run.number, weight: run.weight };
    let items = run.items as usize;
    let mut done = 0;
    while done < items {
        let count = TILE.min(items - done);
        let place = |item: usize| from + (done + item) * step;
        were.clear();
        (0..count).for_each(|item| were.extend_from_slice(&old[place(item)..place(item) + size]));
        become_.clone_from(were);
        let first = numbers.at(done as u64);
        tiles.make(were, become_, Numbers { first, ..numbers }, neighbours.from(done))?;
        for (item, bytes) in become_.chunks_exact(size).enumerate() {
            new[place(item)..place(item) + size].copy_from_slice(bytes);
        }
        done += count;
    }
    Ok(())
}

/// Calls `found` with each run of neighbours that have changed: where it begins and ends.
fn changes(
    old: &[u8],
    new: &[u8],
    (from, step, size): (usize, usize, usize),
    items: usize,
    found: &mut dyn FnMut(usize, usize),
) {
    /// Bytes that are compared at once where elements are side by side.
    const AT_ONCE: usize = 64;
    if step != size {
        for place in (0..items).map(|item| from + item * step) {
            if old[place..place + size] != new[place..place + size] {
                found(place, place + size);
            }
        }
        return;
    }
    let end = from + items * size;
    let at_once = AT_ONCE.div_ceil(size) * size;
    let mut at = from;
    while at < end {
        let to = (at + at_once).min(end);
        if let Some((first, last)) = differing(&old[at..to], &new[at..to]) {
            // What lies between the first and the last change of so few bytes is not worth a place of its own.
            found(at + first / size * size, at + last / size * size + size);
        }
        at = to;
    }
}

/// The first and the last place where few bytes differ.
fn differing(old: &[u8], new: &[u8]) -> Option<(usize, usize)> {
    const WORD: usize = 8;
    let (olds, rest_of_old) = old.as_chunks::<WORD>();
    let (news, rest_of_new) = new.as_chunks::<WORD>();
    let differ = |(old, new): (&[u8; WORD], &[u8; WORD])| u64::from_le_bytes(*old) ^ u64::from_le_bytes(*new);
    let words = || olds.iter().zip(news).map(differ).enumerate().filter(|(_, bits)| *bits != 0);
    let words_end = olds.len() * WORD;
    let rest = || rest_of_old.iter().zip(rest_of_new);
    let first = words().next().map(|(word, bits)| word * WORD + bits.trailing_zeros() as usize / 8);
    let first = first.or_else(|| rest().position(|(a, b)| a != b).map(|at| words_end + at))?;
    let last = rest().rposition(|(a, b)| a != b).map(|at| words_end + at);
    let last_in_words =
        || words().next_back().map(|(word, bits)| word * WORD + 7 - bits.leading_zeros() as usize / 8);
    Some((first, last.or_else(last_in_words).unwrap_or(first)))
}

impl Changed {
    /// Adds the bytes of `new` from `at` up to `end`, which lie at `base`; also those since the last change where that is
    /// near.
    fn push(&mut self, base: u64, new: Option<&Vec<u8>>, at: usize, end: usize, bridge: usize) {
        let span = Span::between(base + at as u64, base + end as u64);
        if let Some(last) = self.spans.last_mut()
            && last.end() >= base
            && span.start() - last.end() <= bridge as u64
        {
            let from = (last.end() - base) as usize;
            self.bytes.extend_from_slice(new.map_or(&[], |new| &new[from..end]));
            *last = Span::between(last.start(), span.end());
            return;
        }
        self.bytes.extend_from_slice(new.map_or(&[], |new| &new[at..end]));
        self.spans.push(span);
    }
}
