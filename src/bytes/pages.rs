//! What the screen may read: blocks of sources in memory, filled by loader threads.
//!
//! The window's thread peeks and never does I/O; what it misses is wanted, and a loader reads it. Each frame replaces
//! what is wanted, so that what scrolled by is not read, and holds what it shows. One budget for all sources.
//! The lock is held for look-ups and copies only, never for a read: a source that hangs holds up nobody else.
//! `shelf.rs` holds one source's blocks and wants, `loader.rs` the thread that fills them: it ends when it has had
//! nothing to do for a while, since old sources stay attached as long as an undo needs them, and a want starts another.

mod loader;
mod shelf;

use super::retry::Retries;
use super::{
    Availability, RawBytes, ReadError, ReadHints, SharedRun, SharedSource, Source, Span, check_bounds,
};
use crate::job::{Cancel, Waker};
use loader::Loader;
use shelf::{CacheBlock, Shelf};
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Bytes that the cache holds when nothing else was asked for.
pub const DEFAULT_BUDGET: usize = 12 << 20;

/// How long a loader waits for something to read before it ends.
const IDLE: Duration = Duration::from_secs(5);

/// Runs what it is given on a thread of its own.
pub type Start = Arc<dyn Fn(Box<dyn FnOnce() + Send>) -> io::Result<()> + Send + Sync>;

/// How loader threads come and go.
#[derive(Clone)]
pub struct Threads {
    pub start: Start,
    /// How long a loader waits for something to read before it ends.
    pub idle: Duration,
}

impl Default for Threads {
    fn default() -> Self {
        let start: Start =
            Arc::new(|run| std::thread::Builder::new().name("load".to_owned()).spawn(run).map(drop));
        Self { start, idle: IDLE }
    }
}

/// A handle to the one cache of the program; clones share it.
#[derive(Clone)]
pub struct PageCache {
    shared: Arc<Shared>,
}

/// What the cache holds and did, for the status page and tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheStats {
    pub sources: usize,
    /// Loader threads that run, over all sources.
    pub loaders: usize,
    /// Bytes held now, with what it costs to keep track of them.
    pub resident_bytes: usize,
    pub budget_bytes: usize,
    /// Blocks that are asked for and not there yet.
    pub waiting_blocks: usize,
    /// Blocks that could not be read, or not in full.
    pub failed_blocks: usize,
    /// Reads that loaders made, the failed ones included.
    pub reads: u64,
    /// What the successful reads brought.
    pub bytes_read: u64,
}

/// What the handle, the sources and the loaders share.
struct Shared {
    state: Mutex<State>,
    /// A source has all that the frame asked it for; `settle` waits for that.
    complete: Condvar,
    waker: Waker,
    threads: Threads,
}

struct State {
    shelves: BTreeMap<u64, Shelf>,
    next_shelf: u64,
    /// Loaders that run or are being started, those of dropped sources included.
    loaders: usize,
    budget: usize,
    resident: usize,
    /// Counts frames. A block last shown in this or the previous frame is not dropped.
    frame: u64,
    /// The last frame in which all that could be dropped was, so that to look again would be in vain.
    full_in_frame: u64,
    /// How long this frame has waited.
    waited: Duration,
    /// Whether the window's thread waits at this moment, so that nobody needs to wake it.
    settling: bool,
    /// Whether the waker was called since the last frame began.
    is_woken: bool,
    reads: u64,
    bytes_read: u64,
}

impl PageCache {
    /// `waker` is called, from a loader's thread, when something that a frame missed is there and the window does
    /// not wait for it; once until the next frame begins, which has to follow.
    pub fn new(budget_bytes: usize, waker: Waker) -> Self {
        Self::with_threads(budget_bytes, waker, Threads::default())
    }

    /// As [`Self::new`], with other `threads` than the system's for the loaders.
    pub fn with_threads(budget_bytes: usize, waker: Waker, threads: Threads) -> Self {
        let state = State {
            shelves: BTreeMap::new(),
            next_shelf: 0,
            loaders: 0,
            budget: budget_bytes,
            resident: 0,
            frame: shelf::UNSHOWN_FRAMES,
            full_in_frame: 0,
            waited: Duration::ZERO,
            settling: false,
            is_woken: false,
            reads: 0,
            bytes_read: 0,
        };
        let state = Mutex::new(state);
        Self { shared: Arc::new(Shared { state, complete: Condvar::new(), waker, threads }) }
    }

    /// Puts the cache before `backing`. The loader threads end when the answer is dropped, and when nothing is read
    /// for a while; nobody waits for them.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn attach(&self, backing: SharedSource) -> io::Result<Arc<CachedSource>> {
        let mut state = self.shared.lock();
        let id = state.next_shelf;
        state.next_shelf += 1;
        state.shelves.insert(id, Shelf::new(Arc::clone(&backing)));
        let first = state.hire(&self.shared, id, 1);
        drop(state);
        // Made before the thread, so that a failure to start it takes the shelf away.
        let cached = CachedSource { shared: Arc::clone(&self.shared), id, backing };
        first.into_iter().try_for_each(Loader::start)?;
        Ok(Arc::new(cached))
    }

    /// Starts a frame: its patience is whole again.
    pub fn begin_frame(&self) {
        let mut state = self.shared.lock();
        state.frame += 1;
        state.waited = Duration::ZERO;
        state.is_woken = false;
    }

    /// Asks the loaders for what was missing so far this frame and waits for it, over all calls of a frame for at
    /// most `patience`. `false` when something is still missing; what failed is not missing.
    pub fn settle(&self, patience: Duration) -> bool {
        let mut state = self.shared.lock();
        for shelf in state.shelves.values_mut().filter(|shelf| shelf.asks()) {
            shelf.publish();
        }
        // Said before the lock is let go of, so that a loader does not wake who waits.
        state.settling = true;
        let mut state = self.start_loaders(state);
        let begun = Instant::now();
        let allowed = patience.saturating_sub(state.waited);
        let arrived = loop {
            if !state.shelves.values().any(Shelf::asks) {
                break true;
            }
            let left = allowed.saturating_sub(begun.elapsed());
            if left.is_zero() {
                break false;
            }
            let waited = self.shared.complete.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        };
        state.settling = false;
        state.waited += begun.elapsed();
        arrived
    }

    /// Ends a frame: what it did not peek at is no longer read.
    pub fn end_frame(&self) {
        let mut state = self.shared.lock();
        for shelf in state.shelves.values_mut() {
            shelf.end_frame();
        }
        let mut state = self.start_loaders(state);
        let dropped = state.make_room(0);
        drop(state);
        drop(dropped);
    }

    /// Starts the loaders that what is queued lacks, and hands the lock on. Where none runs and none can be had, what is
    /// queued fails, to be tried again as other failed reads are.
    fn start_loaders<'a>(&'a self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        let waiting = state.shelves.iter().filter(|(_, shelf)| shelf.lacks_loaders());
        let waiting: Vec<u64> = waiting.map(|(&id, _)| id).collect();
        if waiting.is_empty() {
            return state;
        }
        let hire = |id| state.hire(&self.shared, id, usize::MAX);
        let loaders: Vec<Loader> = waiting.into_iter().flat_map(hire).collect();
        drop(state);
        let mut gave_up = false;
        for loader in loaders {
            let id = loader.id;
            if let Err(error) = loader.start() {
                gave_up |= self.shared.lock().give_up(id, &error);
            }
        }
        if gave_up {
            // The frame that asked has shown it as missing, and nothing else will tell that it is not.
            (self.shared.waker)();
        }
        self.shared.lock()
    }

    /// Lets failed blocks of `source` be tried again when they are next peeked at.
    pub fn retry_failed(&self, source: &CachedSource) {
        self.clear(source, Shelf::take_failed);
    }

    /// The same for all sources.
    pub fn retry_all_failed(&self) {
        let mut state = self.shared.lock();
        let taken: Vec<CacheBlock> = state.shelves.values_mut().flat_map(Shelf::take_failed).collect();
        state.resident -= taken.iter().map(CacheBlock::cost).sum::<usize>();
        drop(state);
        drop(taken);
    }

    /// Drops all that is held of `source`, also what is being read just now.
    pub fn forget(&self, source: &CachedSource) {
        self.clear(source, Shelf::take_all);
    }

    /// Takes notice that what is behind `source` is longer by now. All that is held is dropped: who appends to a file
    /// may also write to what was there.
    pub fn grown(&self, source: &CachedSource) {
        let len = source.len();
        self.clear(source, |shelf| shelf.grow(len));
    }

    fn clear(&self, source: &CachedSource, take: impl FnOnce(&mut Shelf) -> Vec<CacheBlock>) {
        let mut state = self.shared.lock();
        let taken = state.shelves.get_mut(&source.id).map(take).unwrap_or_default();
        state.resident -= taken.iter().map(CacheBlock::cost).sum::<usize>();
        drop(state);
        // Freed here, after the lock.
        drop(taken);
    }

    /// What the cache holds and did so far.
    pub fn stats(&self) -> CacheStats {
        let state = self.shared.lock();
        CacheStats {
            sources: state.shelves.len(),
            loaders: state.loaders,
            resident_bytes: state.resident,
            budget_bytes: state.budget,
            waiting_blocks: state.shelves.values().map(Shelf::waiting).sum(),
            failed_blocks: state.shelves.values().map(Shelf::failed).sum(),
            reads: state.reads,
            bytes_read: state.bytes_read,
        }
    }
}

impl fmt::Debug for PageCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.stats().fmt(f)
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Counts in the loaders that a source has too few of, up to `most`. The caller starts them without the lock.
    fn hire(&mut self, shared: &Arc<Shared>, id: u64, most: usize) -> Vec<Loader> {
        let Some(shelf) = self.shelves.get_mut(&id) else { return Vec::new() };
        let loaders: Vec<Loader> = (shelf.loaders..shelf.useful_loaders().min(most))
            .map(|_| Loader {
                shared: Arc::clone(shared),
                id,
                backing: Arc::clone(&shelf.backing),
                hints: shelf.hints,
                retries: Retries::default(),
                work: Arc::clone(&shelf.work),
            })
            .collect();
        shelf.loaders += loaders.len();
        self.loaders += loaders.len();
        loaders
    }

    /// Fails what is queued at a source that has no loader and gets none. `false` when it has one.
    fn give_up(&mut self, id: u64, error: &io::Error) -> bool {
        let frame = self.frame;
        let Some(shelf) = self.shelves.get_mut(&id).filter(|shelf| shelf.loaders == 0) else { return false };
        self.resident +=
            shelf.fail_queue(&format!("no thread could be started to read them ({error})"), frame);
        true
    }

    /// Takes the longest unseen blocks out until `incoming` more bytes fit the budget, or all that is left is on
    /// the screen. The caller frees them when it has let go of the lock.
    fn make_room(&mut self, incoming: usize) -> Vec<CacheBlock> {
        let mut dropped = Vec::new();
        if self.resident + incoming <= self.budget || self.full_in_frame == self.frame {
            return dropped;
        }
        // A bit more than needed, so that the search for the oldest is not made for every page.
        let target = (self.budget - self.budget / 8).saturating_sub(incoming);
        let mut oldest: Vec<(u64, u64, u64)> = Vec::new();
        for (&id, shelf) in &self.shelves {
            oldest.extend(shelf.droppable(self.frame).map(|(shown, number)| (shown, id, number)));
        }
        oldest.sort_unstable();
        for (_, id, number) in oldest {
            if self.resident <= target {
                break;
            }
            if let Some(block) = self.shelves.get_mut(&id).and_then(|shelf| shelf.take(number)) {
                self.resident -= block.cost();
                dropped.push(block);
            }
        }
        if self.resident > target {
            self.full_in_frame = self.frame;
        }
        dropped
    }
}

/// A source whose peeks are served by the cache; everything else goes to the backing source.
pub struct CachedSource {
    shared: Arc<Shared>,
    id: u64,
    backing: SharedSource,
}

impl CachedSource {
    /// The source that the cache is before.
    pub fn backing(&self) -> &SharedSource {
        &self.backing
    }

    /// Copies into `buf` what is held of the bytes from `offset` on and leaves the rest of it as it is. Asks for
    /// nothing and counts as no showing, so that any thread may call it.
    pub fn copy_held(&self, offset: u64, buf: &mut [u8]) {
        if let Some(shelf) = self.shared.lock().shelves.get(&self.id) {
            shelf.copy_held(offset, buf);
        }
    }
}

impl fmt::Debug for CachedSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CachedSource").field(&self.backing).finish()
    }
}

impl Source for CachedSource {
    fn len(&self) -> u64 {
        self.backing.len()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        self.backing.read_at(offset, buf)
    }

    fn read_cancellable(&self, offset: u64, buf: &mut [u8], cancel: &Cancel) -> Result<(), ReadError> {
        self.backing.read_cancellable(offset, buf, cancel)
    }

    fn look_mapped(&self, span: Span, look: &mut dyn FnMut(&RawBytes<'_>)) -> bool {
        self.backing.look_mapped(span, look)
    }

    fn hints(&self) -> ReadHints {
        self.backing.hints()
    }

    fn shared_run(&self, offset: u64) -> SharedRun {
        self.backing.shared_run(offset)
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        let mut state = self.shared.lock();
        let frame = state.frame;
        if let Some(shelf) = state.shelves.get_mut(&self.id) {
            shelf.peek(offset, buf, states, frame);
        }
    }

    fn data_after(&self, offset: u64) -> Option<Span> {
        self.backing.data_after(offset)
    }

    fn fault_at(&self, offset: u64) -> Option<ReadError> {
        if let Err(beyond) = check_bounds(offset, 1, self.len()) {
            return Some(beyond);
        }
        self.shared.lock().shelves.get(&self.id)?.fault_at(offset)
    }
}

impl Drop for CachedSource {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        let shelf = state.shelves.remove(&self.id);
        if let Some(shelf) = &shelf {
            state.resident -= shelf.cost();
            // A loader whose shelf is gone ends.
            shelf.call_loaders();
        }
        drop(state);
        drop(shelf);
    }
}
