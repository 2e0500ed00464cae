//! The thread that reads what the screen of one source misses.
//!
//! It reads without the lock and delivers under it. It ends when its source's shelf is gone or has had nothing to
//! read for a while; a read that never returns keeps it, and nothing else. Coming and going are counted under the
//! lock that the queue is looked at under, so that nothing is queued for a loader that has ended.

use super::shelf::{LoadTask, Shelf};
use super::{Shared, State};
use crate::bytes::retry::Retries;
use crate::bytes::{ReadError, ReadHints, SharedSource, Span};
use crate::job::Cancel;
use std::io;
use std::sync::{Arc, Condvar, MutexGuard, PoisonError};

pub(super) struct Loader {
    pub(super) shared: Arc<Shared>,
    /// Its shelf.
    pub(super) id: u64,
    pub(super) backing: SharedSource,
    /// Those of the backing source, within bounds.
    pub(super) hints: ReadHints,
    pub(super) retries: Retries,
    /// Called when there is something to read, or the shelf is gone.
    pub(super) work: Arc<Condvar>,
}

/// What came of a task.
enum Outcome {
    Read(Vec<Box<[u8]>>),
    /// A single block failed after these bytes.
    Failed(Box<[u8]>, ReadError),
    /// Several blocks failed; nobody knows yet which.
    TakeApart,
    /// All of them failed: smaller reads would fail as well.
    AllFailed(ReadError),
}

/// What a delivery changed for the screen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum News {
    None,
    /// More is there, or known to have failed.
    Some,
    /// And nothing that the frame asked this source for is missing.
    AllThere,
}

impl Loader {
    /// Starts the thread. The loader is counted in already, and is not any more when this fails.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub(super) fn start(self) -> io::Result<()> {
        let (shared, id) = (Arc::clone(&self.shared), self.id);
        (shared.threads.start)(Box::new(move || self.run())).inspect_err(|_| shared.lock().count_out(id))
    }

    fn run(self) {
        let mut buf = vec![0; self.hints.page_bytes as usize];
        let mut state = self.shared.lock();
        while let Some((task, locked)) = self.wait_for_task(state) {
            drop(locked);
            let outcome = self.carry_out(&task, &mut buf);
            state = self.deliver(task, outcome);
        }
    }

    /// `None` when the loader is to end, and not counted any more.
    fn wait_for_task<'a>(
        &self,
        mut state: MutexGuard<'a, State>,
    ) -> Option<(LoadTask, MutexGuard<'a, State>)> {
        let mut has_waited = false;
        loop {
            let task = state.shelves.get_mut(&self.id).map(Shelf::next_task);
            match task {
                Some(Some(task)) => return Some((task, state)),
                Some(None) if !has_waited => {}
                Some(None) | None => {
                    state.count_out(self.id);
                    return None;
                }
            }
            let waited = self.work.wait_timeout(state, self.shared.threads.idle);
            let (locked, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            (state, has_waited) = (locked, timeout.timed_out());
        }
    }

    fn carry_out(&self, task: &LoadTask, buf: &mut [u8]) -> Outcome {
        let buf = &mut buf[..task.span.len() as usize];
        match self.retries.read(&*self.backing, task.span.start(), buf, Cancel::never()) {
            Ok(()) => Outcome::Read(buf.chunks(self.hints.block_bytes as usize).map(Box::from).collect()),
            Err(fault) if !fault.may_spare_parts() => Outcome::AllFailed(fault),
            Err(fault) if task.is_single() => Outcome::Failed(self.salvage(task.span, &fault, buf), fault),
            Err(_) => Outcome::TakeApart,
        }
    }

    /// What can still be had of a block before the place where a read of it failed.
    fn salvage(&self, block: Span, fault: &ReadError, buf: &mut [u8]) -> Box<[u8]> {
        let good_end = match *fault {
            ReadError::CutShort { len_now, .. } => len_now,
            ReadError::BeyondEnd { .. } | ReadError::Cancelled { .. } | ReadError::Io { .. } => {
                fault.span().start()
            }
        };
        let good = Span::between(block.start(), good_end.clamp(block.start(), block.end()));
        if good.is_empty() {
            return Box::default();
        }
        let buf = &mut buf[..good.len() as usize];
        match self.backing.read_at(good.start(), buf) {
            Ok(()) => Box::from(&*buf),
            Err(_) => Box::default(),
        }
    }

    /// Hands the lock on, so that a screen of many small reads takes it once for each.
    fn deliver(&self, task: LoadTask, outcome: Outcome) -> MutexGuard<'_, State> {
        let mut state = self.shared.lock();
        state.reads += 1;
        let dropped = match &outcome {
            Outcome::TakeApart => Vec::new(),
            Outcome::Read(_) | Outcome::Failed(..) | Outcome::AllFailed(_) => state.make_room(task.cost()),
        };
        let news = state.accept(self.id, task, outcome);
        if news == News::AllThere {
            self.shared.complete.notify_all();
        }
        let wake = news != News::None && !state.settling && !state.is_woken;
        if !wake && dropped.is_empty() {
            return state;
        }
        state.is_woken |= wake;
        drop(state);
        drop(dropped);
        if wake {
            (self.shared.waker)();
        }
        self.shared.lock()
    }
}

impl State {
    fn count_out(&mut self, id: u64) {
        self.loaders -= 1;
        if let Some(shelf) = self.shelves.get_mut(&id) {
            shelf.loaders -= 1;
        }
    }

    /// Puts what came of a task on its shelf.
    fn accept(&mut self, id: u64, task: LoadTask, outcome: Outcome) -> News {
        let (frame, has_room) = (self.frame, self.resident + task.cost() <= self.budget);
        let Some(shelf) = self.shelves.get_mut(&id) else {
            return News::None;
        };
        if !shelf.end_task(&task) {
            return News::None;
        }
        match outcome {
            Outcome::Read(pieces) => {
                self.bytes_read += task.span.len();
                self.resident += shelf.put(&task, pieces, frame, has_room);
            }
            Outcome::Failed(bytes, fault) => {
                self.resident += shelf.put_failed(&task, bytes, fault, frame);
            }
            Outcome::AllFailed(fault) => {
                self.resident += shelf.put_all_failed(&task, &fault, frame);
            }
            Outcome::TakeApart => {
                shelf.take_apart(task);
                return News::None;
            }
        }
        if shelf.asks() { News::Some } else { News::AllThere }
    }
}
