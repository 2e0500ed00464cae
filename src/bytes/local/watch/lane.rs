//! The threads that check files: one for each lane, and one that starts them.
//!
//! A lane's thread is the only one that asks its device anything, also for the watch of a folder. While the device does
//! not answer the thread hangs, its files are not checked, and the other lanes continue. It ends with its last file.

use super::folders::WatchedFolders;
use super::{Lane, Shared, State, TOLD_INTERVAL, UNTOLD_INTERVAL, WatchId, look};
use crate::bytes::local::file::FileSource;
use crate::bytes::local::identity::FileIdentity;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

/// When a thread was refused, it is asked for again after this long.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// So many files are looked at until it is asked anew which one is due.
const TOGETHER: usize = 64;

/// What a look at a file needs to know.
struct Order {
    id: WatchId,
    path: PathBuf,
    source: Weak<FileSource>,
    known: FileIdentity,
    revision: u64,
    /// Whether the watch of the folder still stands, as far as is known.
    is_told: bool,
    /// The folders of all files of the lane, when these have changed.
    folders: Option<BTreeSet<PathBuf>>,
}

/// Gives every lane a thread, until the watcher is dropped.
pub(super) fn keep_staffed(shared: &Arc<Shared>) {
    let mut state = shared.lock();
    while !state.is_over {
        let Some(lane) = state.lane_without_thread() else {
            state = shared.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
            continue;
        };
        state.lanes.insert(lane.clone());
        let (own, key) = (Arc::clone(shared), lane.clone());
        let started = std::thread::Builder::new().name("look".to_owned()).spawn(move || own.run_lane(&key));
        if started.is_err() {
            state.lanes.remove(&lane);
            let waited = shared.moved.wait_timeout(state, ASK_AGAIN);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl State {
    fn lane_without_thread(&self) -> Option<Lane> {
        self.watches.values().map(|watch| &watch.lane).find(|lane| !self.lanes.contains(*lane)).cloned()
    }

    /// The next file of `lane` and when it is due; `Err` when the lane has no file any more.
    fn next_of(&self, lane: &Lane) -> Result<Option<(WatchId, Instant)>, NoFiles> {
        let mut of_lane = self.watches.iter().filter(|(_, watch)| watch.lane == *lane).peekable();
        of_lane.peek().ok_or(NoFiles)?;
        let idle = of_lane.filter(|(_, watch)| !watch.is_paused);
        Ok(idle.map(|(id, watch)| (*id, watch.due)).min_by_key(|(_, due)| *due))
    }
}

impl State {
    /// Files of `lane` that are due by now, the first one first. Those that are looked at together are due together
    /// again, so that a thousand files are not gone through for each of them.
    fn due_of(&self, lane: &Lane, now: Instant) -> Vec<WatchId> {
        let of_lane = self.watches.iter().filter(|(_, watch)| watch.lane == *lane && !watch.is_paused);
        let mut due: Vec<(Instant, WatchId)> =
            of_lane.filter(|(_, watch)| watch.due <= now).map(|(id, watch)| (watch.due, *id)).collect();
        due.sort_unstable();
        due.into_iter().take(TOGETHER).map(|(_, id)| id).collect()
    }
}

struct NoFiles;

impl Shared {
    fn run_lane(self: &Arc<Self>, lane: &Lane) {
        let mut folders = WatchedFolders::new(Arc::downgrade(self), lane.clone());
        let mut seen = 0;
        while let Some(orders) = self.next_orders(lane, &mut seen) {
            for order in orders {
                if let Some(in_use) = &order.folders {
                    folders.keep(in_use);
                }
                let is_told = order.path.parent().is_some_and(|folder| folders.cover(folder, order.is_told));
                let at_path = (self.stat)(&order.path, &order.known);
                let looked = look::look(at_path, order.source.upgrade().as_deref(), &order.known);
                self.take(&order, looked, is_told);
            }
        }
    }

    /// Waits for the next looks to make; `None` when the lane is over.
    fn next_orders(&self, lane: &Lane, seen: &mut u64) -> Option<Vec<Order>> {
        let mut state = self.lock();
        loop {
            if state.is_over {
                return None;
            }
            let Ok(next) = state.next_of(lane) else {
                state.lanes.remove(lane);
                return None;
            };
            let now = Instant::now();
            match next {
                Some((_, due)) if due <= now => {
                    let due = state.due_of(lane, now);
                    return Some(
                        due.into_iter().filter_map(|id| Self::order(&mut state, id, lane, seen)).collect(),
                    );
                }
                Some((_, due)) => state = self.wait(state, due - now),
                None => state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>, time: Duration) -> MutexGuard<'a, State> {
        self.moved.wait_timeout(state, time).unwrap_or_else(PoisonError::into_inner).0
    }

    fn order(state: &mut State, id: WatchId, lane: &Lane, seen: &mut u64) -> Option<Order> {
        let folders = (*seen != state.made_and_dropped).then(|| {
            let of_lane = state.watches.values().filter(|watch| watch.lane == *lane);
            of_lane.filter_map(|watch| Some(watch.path.parent()?.to_owned())).collect()
        });
        *seen = state.made_and_dropped;
        let watch = state.watches.get_mut(&id)?;
        let now = Instant::now();
        watch.looked = Some(now);
        // Set before the look, so that what the system tells meanwhile brings the next one forward.
        watch.due = now + if watch.is_told { TOLD_INTERVAL } else { UNTOLD_INTERVAL };
        Some(Order {
            id,
            path: watch.path.clone(),
            source: Weak::clone(&watch.source),
            known: watch.known.clone(),
            revision: watch.revision,
            is_told: watch.is_told,
            folders,
        })
    }

    fn take(&self, order: &Order, looked: Option<look::Look>, is_told: bool) {
        let mut state = self.lock();
        let Some(watch) = state.watches.get_mut(&order.id) else { return };
        watch.looks += 1;
        // A folder whose file is not there may itself be another by now.
        watch.is_told = is_told && looked.as_ref().is_some_and(|look| look.at_path == look::AtPath::OpenFile);
        let Some(looked) = looked.filter(|_| watch.revision == order.revision) else { return };
        let noticed = watch.notice(looked);
        state.changes.extend(noticed.iter().map(|&change| (order.id, change)));
        drop(state);
        if !noticed.is_empty() {
            (self.waker)();
        }
    }
}
