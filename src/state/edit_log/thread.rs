//! A log's own thread, and the handle by which the window's thread hands it what happened.
//!
//! Handing over moves some counters and never waits for the disk: the lock is held for a push. What waits is bounded;
//! when the disk does not keep up, the edits that wait are forgotten and one state of the whole history takes their
//! place. The disk is asked for confirmations on threads of their own, as those may take long and records must not
//! wait for them: what is written survives the end of the program, confirmed or not.

use super::writer::{LogEntry, Status, Sync, Why, Writer};
use crate::document::HistoryHandle;
use crate::job::Waker;
use std::collections::VecDeque;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Memory that entries may keep while they wait.
const MOST_WAITING: u64 = 64 << 20;

/// A log that is being written. Dropping it leaves the log where it is.
#[derive(Debug)]
pub struct EditLog {
    shared: Arc<Shared>,
    ended: Receiver<()>,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    arrived: Condvar,
    /// Notified when entries are done.
    done: Condvar,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shared")
    }
}

#[derive(Default)]
struct Queue {
    entries: VecDeque<LogEntry>,
    /// Entries handed over since the start, and those of them that are done.
    given: u64,
    handled: u64,
    weight: u64,
    /// Edits that a state has taken the place of.
    forgotten: VecDeque<LogEntry>,
    synced: Option<io::Result<()>>,
    end: Option<End>,
    status: Status,
    status_is_new: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Keep,
    Discard,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EditLog {
    /// Starts the thread. `wake` is called when the status has changed.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start(writer: Writer, wake: Waker) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let (ending, ended) = sync_channel(1);
        let worker = Worker { writer, shared: Arc::clone(&shared), since: Instant::now(), wake, ending };
        std::thread::Builder::new().name("edit log".to_owned()).spawn(move || worker.run())?;
        Ok(Self { shared, ended })
    }

    /// Hands over what happened. `history` is asked for all there is when too much waits already; `true` then.
    pub fn send(&self, entry: LogEntry, history: impl FnOnce() -> HistoryHandle) -> bool {
        let mut queue = self.shared.lock();
        queue.given += 1;
        queue.weight = queue.weight.saturating_add(entry.weight());
        // One alone may be as large as it likes: it waits no longer than it takes to come to it.
        let is_too_much = queue.weight > MOST_WAITING && !queue.entries.is_empty();
        queue.entries.push_back(entry);
        if is_too_much {
            let about = queue.entries.iter().rev().find_map(|entry| match entry {
                LogEntry::About(about) | LogEntry::Saved { about, .. } => Some(about.clone()),
                _ => None,
            });
            // Freeing trees takes its time, which is not the window's.
            queue.forgotten = std::mem::take(&mut queue.entries);
            queue.entries.extend(about.map(LogEntry::About));
            queue.entries.push_back(LogEntry::State { history: history(), why: Why::Gap });
            queue.weight = 0;
        }
        drop(queue);
        self.shared.arrived.notify_one();
        is_too_much
    }

    /// All entries handed over so far.
    pub fn handed(&self) -> HandedToLog {
        HandedToLog { upto: self.shared.lock().given, shared: Arc::clone(&self.shared) }
    }

    /// How the log stands, when that has changed since the last call. Never blocks for long.
    pub fn news(&self) -> Option<Status> {
        let is_gone = matches!(self.ended.try_recv(), Err(TryRecvError::Disconnected));
        let mut queue = self.shared.lock();
        if is_gone && queue.end.is_none() {
            queue.end = Some(End::Keep);
            queue.status.trouble = Some("its writer ended unexpectedly".to_owned());
            queue.status_is_new = true;
            self.shared.done.notify_all();
        }
        std::mem::take(&mut queue.status_is_new).then(|| queue.status.clone())
    }

    /// Removes the log, soon.
    pub fn discard(self) -> Ending {
        self.end_as(End::Discard)
    }

    /// Leaves the log as it is when all is written, soon.
    pub fn keep(self) -> Ending {
        self.end_as(End::Keep)
    }

    fn end_as(mut self, end: End) -> Ending {
        self.end(end);
        let (_, nothing) = sync_channel(0);
        Ending(std::mem::replace(&mut self.ended, nothing))
    }

    fn end(&self, end: End) {
        self.shared.lock().end.get_or_insert(end);
        self.shared.arrived.notify_one();
        self.shared.done.notify_all();
    }
}

/// The entries that were handed over to a log up to some moment.
#[derive(Debug)]
pub struct HandedToLog {
    shared: Arc<Shared>,
    upto: u64,
}

impl HandedToLog {
    /// Waits until the log has written them or failed to, but no longer than `most`. Returns `false` if the time ran
    /// out. Blocks; workers only.
    pub fn wait(&self, most: Duration) -> bool {
        let queue = self.shared.lock();
        let is_open = |queue: &mut Queue| queue.handled < self.upto && queue.end.is_none();
        let waited = self.shared.done.wait_timeout_while(queue, most, is_open);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }
}

/// A log that is ending.
#[derive(Debug)]
pub struct Ending(Receiver<()>);

impl Ending {
    /// Never blocks.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.0.try_recv(), Err(TryRecvError::Empty))
    }

    /// Waits until it has ended, but no longer than that.
    pub fn wait(self, most: Duration) {
        let _ = self.0.recv_timeout(most);
    }
}

impl Drop for EditLog {
    fn drop(&mut self) {
        self.end(End::Keep);
    }
}

/// What a log's thread is to do next.
struct Arrived {
    entries: VecDeque<LogEntry>,
    /// Entries since the start, these included.
    given: u64,
    synced: Option<io::Result<()>>,
    end: Option<End>,
}

struct Worker {
    writer: Writer,
    shared: Arc<Shared>,
    since: Instant,
    wake: Waker,
    ending: SyncSender<()>,
}

impl Worker {
    fn run(mut self) {
        let end = loop {
            let Arrived { entries, given, synced, end } = self.wait();
            if let Some(answer) = synced {
                self.writer.synced(answer, self.now());
            }
            let is_idle = entries.is_empty();
            // Nothing of it is wanted any more when the log is to go.
            for entry in entries.into_iter().filter(|_| end != Some(End::Discard)) {
                self.writer.handle(entry, self.now());
            }
            if !is_idle {
                self.shared.lock().handled = given;
                self.shared.done.notify_all();
            }
            if let Some(end) = end {
                break end;
            }
            if is_idle {
                self.writer.copy_some(self.now());
            }
            if let Some(sync) = self.writer.look_at_clock(self.now()) {
                self.sync(sync);
            }
            self.tell();
        };
        let now = self.now();
        match end {
            End::Keep => self.writer.finish(now),
            End::Discard => {
                if let Err(error) = self.writer.discard() {
                    tracing::warn!(%error, "a log of edits that are not wanted could not be removed");
                }
            }
        }
        // Its lock is gone by now.
        let _ = self.ending.send(());
    }

    fn now(&self) -> Duration {
        self.since.elapsed()
    }

    /// What has come, at once when there is something to copy meanwhile.
    fn wait(&self) -> Arrived {
        let mut queue = self.shared.lock();
        while queue.entries.is_empty()
            && queue.synced.is_none()
            && queue.end.is_none()
            && !self.writer.has_copies()
        {
            match self.writer.wakes_at().map(|at| at.saturating_sub(self.now())) {
                Some(Duration::ZERO) => break,
                Some(left) => {
                    let waited = self.shared.arrived.wait_timeout(queue, left);
                    queue = waited.unwrap_or_else(PoisonError::into_inner).0;
                }
                None => queue = self.shared.arrived.wait(queue).unwrap_or_else(PoisonError::into_inner),
            }
        }
        queue.weight = 0;
        let forgotten = std::mem::take(&mut queue.forgotten);
        let entries = std::mem::take(&mut queue.entries);
        let arrived = Arrived { entries, given: queue.given, synced: queue.synced.take(), end: queue.end };
        drop(queue);
        drop(forgotten);
        arrived
    }

    /// Has the disk confirm what was written, on a thread of its own; here when there is none to be had.
    fn sync(&mut self, sync: Sync) {
        let (shared, sync) = (Arc::clone(&self.shared), Arc::new(sync));
        let own = Arc::clone(&sync);
        let started = std::thread::Builder::new().name("edit log sync".to_owned()).spawn(move || {
            let answer = sync.run();
            shared.lock().synced = Some(answer);
            shared.arrived.notify_one();
        });
        if started.is_err() {
            self.writer.synced(own.run(), self.now());
        }
    }

    /// Tells the window how the log stands, when that is something to be seen.
    fn tell(&self) {
        let status = self.writer.status();
        let mut queue = self.shared.lock();
        let before = std::mem::replace(&mut queue.status, status);
        let seen = |status: &Status| (status.trouble.clone(), status.left_out, status.wants_state);
        queue.status_is_new |= before != queue.status;
        let wakes = seen(&before) != seen(&queue.status);
        drop(queue);
        if wakes {
            (self.wake)();
        }
    }
}
