//! What the screen may read: blocks of sources in memory, filled by loader threads.
//!
//! The window's thread peeks and never does I/O; what it misses is wanted, and a loader reads it. Each frame replaces
//! what is wanted, so that what scrolled by is not read, and holds what it shows. One budget for all sources.
//! The lock is held for look-ups and copies only, never for a read: a source that hangs holds up nobody else.
//! `shelf.rs` holds one source's blocks and wants, `loader.rs` the thread that fills them.

mod loader;
mod shelf;

use super::{Availability, ReadError, SharedSource, Source, check_bounds};
use crate::job::Waker;
use loader::Loader;
use shelf::{Block, Shelf};
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Bytes that the cache holds when nothing else was asked for.
pub const DEFAULT_BUDGET: usize = 12 << 20;

/// What a loader reads at once, in bytes, where the screen shows a run.
pub const PAGE_BYTES: u64 = 64 << 10;

/// What is kept, dropped, found bad by itself, and read where the screen shows scattered places, in bytes.
pub const BLOCK_BYTES: u64 = 4 << 10;

/// With two, one page that never comes does not keep the rest of its source from the screen.
const LOADERS_PER_SOURCE: usize = 2;

/// A handle to the one cache of the program; clones share it.
#[derive(Clone)]
pub struct PageCache {
    shared: Arc<Shared>,
}

/// What the cache holds and did, for the status page and tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheStats {
    pub sources: usize,
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
}

struct State {
    shelves: BTreeMap<u64, Shelf>,
    next_shelf: u64,
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
        let state = State {
            shelves: BTreeMap::new(),
            next_shelf: 0,
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
        Self { shared: Arc::new(Shared { state: Mutex::new(state), complete: Condvar::new(), waker }) }
    }

    /// Puts the cache before `backing`. The loader threads end when the answer is dropped; nobody waits for them.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn attach(&self, backing: SharedSource) -> io::Result<Arc<CachedSource>> {
        let work = Arc::new(Condvar::new());
        let id = {
            let mut state = self.shared.lock();
            let id = state.next_shelf;
            state.next_shelf += 1;
            state.shelves.insert(id, Shelf::new(backing.len(), Arc::clone(&work)));
            id
        };
        // Made before the threads, so that a failure to start the second ends the first.
        let cached = CachedSource { shared: Arc::clone(&self.shared), id, backing };
        for _ in 0..LOADERS_PER_SOURCE {
            let loader = Loader {
                shared: Arc::clone(&self.shared),
                id,
                backing: Arc::clone(&cached.backing),
                work: Arc::clone(&work),
            };
            std::thread::Builder::new().name("load".to_owned()).spawn(move || loader.run())?;
        }
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
        let begun = Instant::now();
        let allowed = patience.saturating_sub(state.waited);
        state.settling = true;
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
        let dropped = state.make_room(0);
        drop(state);
        drop(dropped);
    }

    /// Lets failed blocks of `source` be tried again when they are next peeked at.
    pub fn retry_failed(&self, source: &CachedSource) {
        self.clear(source, Shelf::take_failed);
    }

    /// The same for all sources.
    pub fn retry_all_failed(&self) {
        let mut state = self.shared.lock();
        let taken: Vec<Block> = state.shelves.values_mut().flat_map(Shelf::take_failed).collect();
        state.resident -= taken.iter().map(Block::cost).sum::<usize>();
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

    fn clear(&self, source: &CachedSource, take: impl FnOnce(&mut Shelf) -> Vec<Block>) {
        let mut state = self.shared.lock();
        let taken = state.shelves.get_mut(&source.id).map(take).unwrap_or_default();
        state.resident -= taken.iter().map(Block::cost).sum::<usize>();
        drop(state);
        // Freed here, after the lock.
        drop(taken);
    }

    pub fn stats(&self) -> CacheStats {
        let state = self.shared.lock();
        CacheStats {
            sources: state.shelves.len(),
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
    /// Takes the longest unseen blocks out until `incoming` more bytes fit the budget, or all that is left is on
    /// the screen. The caller frees them when it has let go of the lock.
    fn make_room(&mut self, incoming: usize) -> Vec<Block> {
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

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        let mut state = self.shared.lock();
        let frame = state.frame;
        if let Some(shelf) = state.shelves.get_mut(&self.id) {
            shelf.peek(offset, buf, states, frame);
        }
    }

    fn data_after(&self, offset: u64) -> Option<super::Span> {
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
