//! Notices that a file changed, grew, shrank, was replaced or deleted.

use super::file::{FileIdentity, FileSource};
use crate::job::Waker;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// One watched file, as long as its watcher lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WatchId(u64);

/// What happened to a file, compared with what was last known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileChange {
    /// Written to; the length is the same.
    Modified,
    /// Cut short to `len` bytes.
    CutShort { len: u64 },
    /// Grown to `len` bytes; earlier bytes may have changed too.
    Grown { len: u64 },
    /// The path leads to another file now; the open one still has the bytes that it had.
    Replaced,
    /// The path leads nowhere.
    Deleted,
    /// The file is back where it was, as it was.
    Restored,
    /// Only its attributes changed (mode, owner, names), or somebody wrote and set the time back.
    Attributes,
}

/// Looks at all watched files twice a second, on one thread that ends when this is dropped.
#[derive(Debug)]
pub struct Watcher {}

impl Watcher {
    /// `waker` is called when [`Self::changes`] has something to tell.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn new(waker: Waker) -> io::Result<Self> {
        todo!()
    }

    /// Watches `path`, which was `identity` when it was opened. With `source` the open file is looked at too, so
    /// that a change of it is noticed when the path leads elsewhere.
    pub fn watch(&self, path: &Path, identity: &FileIdentity, source: Option<&Arc<FileSource>>) -> WatchId {
        todo!()
    }

    pub fn unwatch(&self, id: WatchId) {
        todo!()
    }

    /// Reports nothing of `id` until [`Self::update`]: for the time of a save of our own.
    pub fn pause(&self, id: WatchId) {
        todo!()
    }

    /// From now on `id` is compared with `identity` (and `source`): after a save or reload of our own.
    pub fn update(&self, id: WatchId, identity: &FileIdentity, source: Option<&Arc<FileSource>>) {
        todo!()
    }

    /// What changed since the last call, each change once, in the order in which it was noticed.
    pub fn changes(&self) -> Vec<(WatchId, FileChange)> {
        todo!()
    }
}
