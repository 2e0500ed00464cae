//! What the screen may read: blocks of sources in memory, filled by loader threads.
//!
//! The window's thread peeks and never does I/O; what it misses is wanted, and a loader reads it.

use super::{Availability, ReadError, SharedSource, Source};
use crate::job::Waker;
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// Bytes that the cache holds when nothing else was asked for.
pub const DEFAULT_BUDGET: usize = 12 << 20;

/// What a loader reads at once, in bytes, where the screen shows a run.
pub const PAGE_BYTES: u64 = 64 << 10;

/// What is kept, dropped, found bad by itself, and read where the screen shows scattered places, in bytes.
pub const BLOCK_BYTES: u64 = 4 << 10;

/// A handle to the one cache of the program; clones share it.
#[derive(Clone, Debug)]
pub struct PageCache {}

/// What the cache holds and did, for the status page and tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheStats {
    pub sources: usize,
    /// Bytes held now.
    pub resident_bytes: usize,
    pub budget_bytes: usize,
    /// Blocks that are asked for and not there yet.
    pub waiting_blocks: usize,
    /// Blocks that could not be read, or not in full.
    pub failed_blocks: usize,
    /// Reads that loaders made, the failed ones included, and the bytes that they brought.
    pub reads: u64,
    pub bytes_read: u64,
}

impl PageCache {
    /// `waker` is called, from a loader's thread, when something that a frame missed is there.
    pub fn new(budget_bytes: usize, waker: Waker) -> Self {
        todo!()
    }

    /// Puts the cache before `backing`. The loader threads end when the answer is dropped.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn attach(&self, backing: SharedSource) -> io::Result<Arc<CachedSource>> {
        todo!()
    }

    /// Starts a frame: its patience is whole again.
    pub fn begin_frame(&self) {
        todo!()
    }

    /// Asks the loaders for what was missing so far this frame and waits for it, over all calls of a frame for at
    /// most `patience`. `false` when something is still missing.
    pub fn settle(&self, patience: Duration) -> bool {
        todo!()
    }

    /// Ends a frame: what it did not peek at is no longer read.
    pub fn end_frame(&self) {
        todo!()
    }

    /// Lets failed blocks of `source` be tried again when they are next peeked at.
    pub fn retry_failed(&self, source: &CachedSource) {
        todo!()
    }

    /// Drops all that is held of `source`, also what is being read just now.
    pub fn forget(&self, source: &CachedSource) {
        todo!()
    }

    pub fn stats(&self) -> CacheStats {
        todo!()
    }
}

/// A source whose peeks are served by the cache; everything else goes to the backing source.
#[derive(Debug)]
pub struct CachedSource {
    backing: SharedSource,
}

impl CachedSource {
    pub fn backing(&self) -> &SharedSource {
        &self.backing
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
        todo!()
    }
}
