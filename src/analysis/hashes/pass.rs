//! The pass: chunks are read ahead of the algorithms, and every free thread does whatever can be done next.
//!
//! 1. A thread reads a chunk into a buffer that fits into its core's cache. Algorithms by parts take it there and then.
//!    Where only these are wanted, a mapped file is copied tile by tile, and chunks are larger.
//! 2. Each algorithm that needs its bytes in order is a lane. A thread that is free takes the state of a lane and the
//!    chunk that is its turn; several lanes work on the same chunk at the same time.
//! 3. A chunk that all lanes have had leaves the row: its parts are put together in order, its buffer is used again.
//!    The row has an end, so memory is bounded.
//!
//! The first byte that can't be read ends the pass. It knows nothing of the algorithms.

use super::HashError;
use super::method::{Extent, Fold, InOrder, Method, Part, PartState, Parts};
use super::table::HashAlgorithm;
use super::tree::LEAF;
use crate::analysis::scan::taken_at_once;
use crate::analysis::tuning::Tuning;
use crate::bytes::retry::Retries;
use crate::bytes::{RawBytes, ReadError, ReadErrorKind, ReadHints, Source, Span};
use crate::job::Progress;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Chunks that are read before the fastest lane needs them, before threads help the lanes.
const READ_AHEAD: u64 = 2;

/// Bytes of a mapped file that are copied at once: they stay in a core's cache while all algorithms take them.
const TILE: usize = 64 << 10;

/// Copies are fastest where lines of the cache begin.
const ALIGN: usize = 64;

/// The values of the algorithms, in their order.
pub(super) fn values(
    source: &dyn Source,
    span: Span,
    algorithms: &[&'static HashAlgorithm],
    tuning: Tuning,
    progress: &Progress,
) -> Result<Vec<Vec<u8>>, HashError> {
    let hints = source.hints().within_bounds();
    let is_local = hints == ReadHints::LOCAL;
    let least = if is_local { LEAF } else { hints.block_bytes.max(LEAF) };
    let copied = (tuning.chunk as u64).max(least).next_power_of_two();
    let is_by_parts = algorithms.iter().all(|algorithm| is_by_parts(algorithm));
    let chunk = match is_by_parts && is_local {
        true => power_of_two_in(taken_at_once(source, span, tuning.threads.max(1), copied)),
        false => copied,
    };
    let mut desk = Desk::default();
    let mut parts = Vec::new();
    // Where the state of each algorithm is: in a lane, or among those by parts.
    let mut places = Vec::new();
    for algorithm in algorithms {
        match (algorithm.make)(Extent { total: span.len(), chunk }) {
            Method::InOrder(state) => {
                places.push(Place::Lane(desk.lanes.len()));
                desk.lanes.push(Lane { state: Some(state), next: 0 });
            }
            Method::ByParts(kernel, fold) => {
                places.push(Place::Fold(parts.len()));
                parts.push(kernel);
                desk.folds.push(Some(fold));
            }
        }
    }
    let chunks = span.len().div_ceil(chunk);
    let most = if is_local { tuning.threads } else { tuning.threads.max(hints.parallel_reads) };
    // One more than there are cores: one of them may wait for the disk.
    let threads = most.max(1) + usize::from(!desk.lanes.is_empty() || most == 1);
    let useful = chunks.saturating_mul(1 + desk.lanes.len() as u64).clamp(1, threads as u64) as usize;
    let floor = Floor {
        source,
        span,
        chunk,
        copied,
        chunks,
        parts,
        progress,
        grain: (tuning.grain.max(1) as u64).max(if is_local { 1 } else { hints.block_bytes }),
        retries: Retries::default(),
        row_len: 2 * threads + READ_AHEAD as usize,
        desk: Mutex::new(desk),
        moved: Condvar::new(),
    };
    floor.work_on_threads(useful);
    floor.result(&places)
}

/// Whether an algorithm works by parts.
fn is_by_parts(algorithm: &HashAlgorithm) -> bool {
    matches!((algorithm.make)(Extent { total: 0, chunk: LEAF }), Method::ByParts(..))
}

/// The largest power of two up to `number`, which is not 0.
fn power_of_two_in(number: u64) -> u64 {
    1 << number.max(1).ilog2()
}

/// Where the state of an algorithm is kept.
enum Place {
    Lane(usize),
    Fold(usize),
}

/// What the threads of a pass share.
struct Floor<'a> {
    source: &'a dyn Source,
    span: Span,
    chunk: u64,
    /// Bytes that are read at once at most where all algorithms work by parts.
    copied: u64,
    /// How many chunks there are.
    chunks: u64,
    parts: Vec<Box<dyn Parts>>,
    progress: &'a Progress,
    grain: u64,
    retries: Retries,
    /// Chunks that may be in the row.
    row_len: usize,
    desk: Mutex<Desk>,
    moved: Condvar,
}

/// What there is to do, and what is done.
#[derive(Default)]
struct Desk {
    /// The chunks from number `first` on that are being read or are still needed.
    row: VecDeque<Slot>,
    first: u64,
    spare: Vec<Vec<u8>>,
    lanes: Vec<Lane>,
    folds: Vec<Option<Box<dyn Fold>>>,
    /// The chunk with the lowest number that could not be read.
    failed: Option<(u64, ReadError)>,
    stopped: bool,
}

/// A chunk in the row.
#[derive(Default)]
struct Slot {
    /// Whether it was read, and its parts are there.
    is_ready: bool,
    bytes: Arc<Vec<u8>>,
    parts: Vec<Part>,
}

/// An algorithm that needs its bytes in order.
struct Lane {
    /// `None` while a thread works with it.
    state: Option<Box<dyn InOrder>>,
    /// The chunk that is its turn.
    next: u64,
}

/// The next thing to do.
enum Task {
    Read { number: u64, buffer: Vec<u8> },
    Update { lane: usize, state: Box<dyn InOrder>, bytes: Arc<Vec<u8>> },
}

impl Desk {
    /// The lane that is furthest behind of those whose next chunk is there.
    fn ready_lane(&self) -> Option<usize> {
        let ready = |lane: &Lane| {
            let slot = lane.next.checked_sub(self.first).and_then(|at| self.row.get(at as usize));
            lane.state.is_some() && slot.is_some_and(|slot| slot.is_ready)
        };
        let lanes = self.lanes.iter().enumerate().filter(|(_, lane)| ready(lane));
        lanes.min_by_key(|(_, lane)| lane.next).map(|(at, _)| at)
    }

    /// The number of the chunk that is read next.
    fn next_read(&self) -> u64 {
        self.first + self.row.len() as u64
    }
}

impl Floor<'_> {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does all the work on so many threads, this one among them.
    fn work_on_threads(&self, threads: usize) {
        std::thread::scope(|scope| {
            for _ in 1..threads {
                let worker = std::thread::Builder::new().name("hash".to_owned());
                // Without a further thread the work is done by those that there are.
                if worker.spawn_scoped(scope, || self.work()).is_err() {
                    break;
                }
            }
            self.work();
        });
    }

    /// A thread's life.
    fn work(&self) {
        let _stop = StopAll(self);
        while let Some(task) = self.take() {
            match task {
                Task::Read { number, buffer } => self.read(number, buffer),
                Task::Update { lane, mut state, bytes } => {
                    state.update(&bytes);
                    drop(bytes);
                    let mut desk = self.desk();
                    desk.lanes[lane].state = Some(state);
                    desk.lanes[lane].next += 1;
                    self.retire(&mut desk);
                }
            }
            self.moved.notify_all();
        }
    }

    /// Waits for something to do; `None` when there is nothing more.
    fn take(&self) -> Option<Task> {
        let mut desk = self.desk();
        loop {
            if desk.stopped || desk.failed.is_some() || self.progress.is_cancelled() {
                return None;
            }
            let next = desk.next_read();
            let may_read = next < self.chunks && desk.row.len() < self.row_len;
            let fastest = desk.lanes.iter().map(|lane| lane.next).max();
            if may_read && fastest.is_none_or(|fastest| next < fastest + READ_AHEAD) {
                return Some(Self::read_task(&mut desk));
            }
            if let Some(lane) = desk.ready_lane() {
                let at = (desk.lanes[lane].next - desk.first) as usize;
                let bytes = Arc::clone(&desk.row[at].bytes);
                if let Some(state) = desk.lanes[lane].state.take() {
                    return Some(Task::Update { lane, state, bytes });
                }
            }
            if may_read {
                return Some(Self::read_task(&mut desk));
            }
            if desk.first == self.chunks {
                return None;
            }
            desk = self.moved.wait(desk).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn read_task(desk: &mut Desk) -> Task {
        let number = desk.next_read();
        desk.row.push_back(Slot::default());
        Task::Read { number, buffer: desk.spare.pop().unwrap_or_default() }
    }

    /// Reads a chunk and does the parts of it.
    fn read(&self, number: u64, mut buffer: Vec<u8>) {
        let at = number * self.chunk;
        let start = self.span.start() + at;
        let span = Span::between(start, start.saturating_add(self.chunk).min(self.span.end()));
        let has_lanes = !self.desk().lanes.is_empty();
        let parts = if has_lanes {
            self.fill(span, &mut buffer).map(|()| self.parts_of(at, &buffer))
        } else {
            self.parts_alone(at, span, &mut buffer)
        };
        let slot = parts.map(|parts| Slot { is_ready: true, bytes: Arc::new(buffer), parts });
        let mut desk = self.desk();
        match slot {
            // Cancelled between two algorithms: the parts are not all there.
            Ok(slot) if slot.parts.len() == self.parts.len() => {
                let place = (number - desk.first) as usize;
                desk.row[place] = slot;
                self.retire(&mut desk);
            }
            Ok(_) => {}
            Err(error) if desk.failed.as_ref().is_none_or(|(earlier, _)| number < *earlier) => {
                desk.failed = Some((number, error));
            }
            Err(_) => {}
        }
    }

    fn parts_of(&self, at: u64, bytes: &[u8]) -> Vec<Part> {
        let wanted = self.parts.iter().take_while(|_| !self.progress.is_cancelled());
        wanted
            .map(|kernel| {
                let mut state = kernel.begin(at);
                state.add(bytes);
                state.end()
            })
            .collect()
    }

    /// The parts of a chunk that nothing else needs the bytes of: not all of them after a cancel.
    fn parts_alone(&self, at: u64, span: Span, buffer: &mut Vec<u8>) -> Result<Vec<Part>, ReadError> {
        if self.is_hole(span) {
            let of_zeros = self.parts.iter().map(|kernel| kernel.of_zeros(span.len()));
            if let Some(parts) = of_zeros.collect::<Option<Vec<Part>>>() {
                return Ok(parts);
            }
        }
        let begun = || self.parts.iter().map(|kernel| kernel.begin(at)).collect::<Vec<_>>();
        let mut states = begun();
        let is_shown = self.source.look_mapped(span, &mut |raw| self.add_mapped(raw, &mut states, buffer));
        if !is_shown {
            states = begun();
            for piece in span.chunks(self.copied) {
                if self.progress.is_cancelled() {
                    break;
                }
                self.fill(piece, buffer)?;
                states.iter_mut().for_each(|state| state.add(buffer));
            }
        }
        let is_cancelled = self.progress.is_cancelled();
        Ok(states.into_iter().filter(|_| !is_cancelled).map(|state| state.end()).collect())
    }

    /// Adds mapped bytes, which are copied tile by tile.
    fn add_mapped(&self, raw: &RawBytes<'_>, states: &mut [Box<dyn PartState + '_>], buffer: &mut Vec<u8>) {
        buffer.clear();
        buffer.resize(TILE + ALIGN, 0);
        let skip = buffer.as_ptr().align_offset(ALIGN).min(ALIGN);
        let tile = &mut buffer[skip..skip + TILE];
        let mut at = 0;
        while at < raw.len() && !self.progress.is_cancelled() {
            let copied = raw.copy(at, tile);
            states.iter_mut().for_each(|state| state.add(&tile[..copied]));
            at += copied;
        }
    }

    fn is_hole(&self, span: Span) -> bool {
        self.source.data_after(span.start()).is_none_or(|data| data.start() >= span.end())
    }

    /// Puts the bytes of `span` into the buffer.
    fn fill(&self, span: Span, buffer: &mut Vec<u8>) -> Result<(), ReadError> {
        buffer.clear();
        buffer.resize(span.len() as usize, 0);
        if self.is_hole(span) {
            return Ok(());
        }
        let cancel = self.progress.as_cancel();
        match self.retries.read(self.source, span.start(), buffer, cancel) {
            Err(error) if error.may_spare_parts() => Err(self.first_bad(span, buffer).unwrap_or(error)),
            result => result,
        }
    }

    /// The first small piece of `span` that can't be read, to name the place.
    fn first_bad(&self, span: Span, buffer: &mut [u8]) -> Option<ReadError> {
        let cancel = self.progress.as_cancel();
        let mut at = span.start();
        while at < span.end() {
            let end = (at - at % self.grain).saturating_add(self.grain).min(span.end());
            let buf = &mut buffer[..(end - at) as usize];
            if let Err(error) = self.source.read_cancellable(at, buf, cancel) {
                return Some(error);
            }
            at = end;
        }
        None
    }

    /// Takes the chunks that nobody needs any more out of the row.
    fn retire(&self, desk: &mut Desk) {
        while desk.row.front().is_some_and(|slot| slot.is_ready)
            && desk.lanes.iter().all(|lane| lane.next > desk.first)
        {
            let Some(slot) = desk.row.pop_front() else { return };
            let len = self.chunk.min(self.span.len() - desk.first * self.chunk);
            for (fold, part) in desk.folds.iter_mut().flatten().zip(slot.parts) {
                fold.fold(part, len);
            }
            desk.first += 1;
            self.progress.advance(len);
            desk.spare.extend(Arc::into_inner(slot.bytes));
        }
    }

    /// What has come out, when all threads are through.
    fn result(self, places: &[Place]) -> Result<Vec<Vec<u8>>, HashError> {
        let mut desk = self.desk.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, error)) = desk.failed.filter(|(_, error)| error.kind() != ReadErrorKind::Cancelled) {
            return Err(HashError::Read(error));
        }
        if desk.first < self.chunks {
            return Err(HashError::Cancelled);
        }
        let value = |place: &Place| match place {
            Place::Lane(at) => desk.lanes[*at].state.take().map(InOrder::finish),
            Place::Fold(at) => desk.folds[*at].take().map(Fold::finish),
        };
        places.iter().map(value).collect::<Option<_>>().ok_or(HashError::Cancelled)
    }
}

/// A thread that leaves wakes the others, so that they see why; one that panics stops them.
struct StopAll<'f, 'a>(&'f Floor<'a>);

impl Drop for StopAll<'_, '_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.desk().stopped = true;
        } else {
            drop(self.0.desk());
        }
        self.0.moved.notify_all();
    }
}
