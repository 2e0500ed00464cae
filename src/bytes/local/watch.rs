//! Notices that a file changed, grew, shrank, was replaced or deleted while we had it open.
//!
//! The system notifies of changes in a file's folder (a watch of the file itself ends when the file is replaced), and
//! then the file is checked. Where the system sends no notifications, as on network file systems, the file is checked
//! twice a second. A check asks only for attributes and never reads a byte. So a write through another program's map,
//! which may not change the times, is not found here: a save compares bytes. `look.rs` has one check and its meaning,
//! `lane.rs` the threads that check, `folders.rs` the system's notifications.

mod folders;
mod lane;
mod look;

use super::file::FileSource;
use super::identity::FileIdentity;
use crate::job::Waker;
use look::{AtPath, Look};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

/// From one look to the next where the system tells of nothing.
const UNTOLD_INTERVAL: Duration = Duration::from_millis(500);

/// The same where it tells: for what it can't see, as a write by another name of the file.
const TOLD_INTERVAL: Duration = Duration::from_secs(1);

/// Two looks at one file are no closer, however often it is written to.
const SHORTEST_INTERVAL: Duration = Duration::from_millis(25);

/// A name that is gone for so long is gone: programs that save take the old file away before they put the new one
/// there.
const GONE_FOR: Duration = Duration::from_millis(150);

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
    /// The path leads nowhere; the open file still has the bytes that it had.
    Deleted,
    /// The path leads to the open file again, after it did not.
    Restored,
    /// Only its attributes changed (mode, owner, names), or somebody wrote and set the time back.
    Attributes,
}

/// What a path leads to now; the times and the length of a block device's name say nothing, so they come as known.
pub type Stat = Arc<dyn Fn(&Path, &FileIdentity) -> io::Result<FileIdentity> + Send + Sync>;

/// Looks after all watched files, on threads that end when this is dropped; nobody waits for them. Files of one
/// device are looked at one after another, so that a device that does not answer keeps one thread and no other file.
pub struct Watcher {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    /// Rung when there is something to look at sooner than was thought, and when the watcher is dropped.
    moved: Condvar,
    waker: Waker,
    stat: Stat,
}

#[derive(Default)]
struct State {
    watches: BTreeMap<WatchId, Watch>,
    /// The lanes that have a thread.
    lanes: BTreeSet<Lane>,
    next: u64,
    /// Counts the files that came and went.
    made_and_dropped: u64,
    changes: Vec<(WatchId, FileChange)>,
    is_over: bool,
}

/// Files that are looked at one after another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Lane {
    Device(u64),
    /// Where devices have no numbers.
    Folder(PathBuf),
}

/// What is known of one file.
struct Watch {
    path: PathBuf,
    lane: Lane,
    source: Weak<FileSource>,
    /// The file that is open, in the state that was last reported.
    known: FileIdentity,
    at_path: AtPath,
    is_paused: bool,
    /// Whether the system tells when something happens here.
    is_told: bool,
    /// When the last look began, and when the next one is to.
    looked: Option<Instant>,
    due: Instant,
    /// How many looks have ended.
    looks: u64,
    /// Since when the name is gone, which was not told yet.
    gone_since: Option<Instant>,
    /// Counts the orders given for this watch; a look that began before the last one is void.
    revision: u64,
}

impl Watcher {
    /// `waker` is called when [`Self::changes`] has something to tell.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn new(waker: Waker) -> io::Result<Self> {
        Self::with_stat(waker, Arc::new(look::stat))
    }

    /// The same with another way to ask what is at a path.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn with_stat(waker: Waker, stat: Stat) -> io::Result<Self> {
        let shared = Arc::new(Shared { state: Mutex::default(), moved: Condvar::new(), waker, stat });
        let watcher = Self { shared: Arc::clone(&shared) };
        std::thread::Builder::new().name("watch".to_owned()).spawn(move || lane::keep_staffed(&shared))?;
        Ok(watcher)
    }

    /// Watches `path`, which was `identity` when it was opened. With `source` the open file is looked at too, so
    /// that a change of it is noticed when the path leads elsewhere. Does no I/O itself.
    pub fn watch(&self, path: &Path, identity: &FileIdentity, source: Option<&Arc<FileSource>>) -> WatchId {
        let mut state = self.shared.lock();
        let id = WatchId(state.next);
        state.next += 1;
        state.made_and_dropped += 1;
        let folder = || Lane::Folder(path.parent().unwrap_or(path).to_owned());
        let watch = Watch {
            path: path.to_owned(),
            lane: identity.device.map_or_else(folder, Lane::Device),
            source: source.map(Arc::downgrade).unwrap_or_default(),
            known: identity.clone(),
            at_path: AtPath::OpenFile,
            is_paused: false,
            is_told: false,
            looked: None,
            due: Instant::now(),
            looks: 0,
            gone_since: None,
            revision: 0,
        };
        state.watches.insert(id, watch);
        drop(state);
        self.shared.moved.notify_all();
        id
    }

    /// Looks at the file no more, and drops what was not told yet.
    pub fn unwatch(&self, id: WatchId) {
        let mut state = self.shared.lock();
        state.watches.remove(&id);
        state.made_and_dropped += 1;
        state.changes.retain(|(changed, _)| *changed != id);
        drop(state);
        self.shared.moved.notify_all();
    }

    /// Reports nothing of `id` until [`Self::update`]: for the time of a save of our own.
    pub fn pause(&self, id: WatchId) {
        if let Some(watch) = self.shared.lock().watches.get_mut(&id) {
            watch.is_paused = true;
            watch.revision += 1;
        }
    }

    /// From now on `id` is compared with `identity` (and `source`): after a save or reload of our own. What was not
    /// told yet is dropped.
    pub fn update(&self, id: WatchId, identity: &FileIdentity, source: Option<&Arc<FileSource>>) {
        let mut state = self.shared.lock();
        state.changes.retain(|(changed, _)| *changed != id);
        if let Some(watch) = state.watches.get_mut(&id) {
            watch.known = identity.clone();
            watch.source = source.map(Arc::downgrade).unwrap_or_default();
            watch.at_path = AtPath::OpenFile;
            watch.is_paused = false;
            watch.gone_since = None;
            watch.revision += 1;
            watch.hurry();
        }
        drop(state);
        self.shared.moved.notify_all();
    }

    /// Looks at all files soon: the user comes back from other programs.
    pub fn look_now(&self) {
        self.shared.lock().watches.values_mut().for_each(Watch::hurry);
        self.shared.moved.notify_all();
    }

    /// What changed since the last call, each change once, in the order in which it was noticed. Never blocks.
    pub fn changes(&self) -> Vec<(WatchId, FileChange)> {
        std::mem::take(&mut self.shared.lock().changes)
    }

    /// How many looks at the file have ended, those of which nothing came included; for tests.
    pub fn looks(&self, id: WatchId) -> u64 {
        self.shared.lock().watches.get(&id).map_or(0, |watch| watch.looks)
    }

    /// How many files are watched.
    pub fn len(&self) -> usize {
        self.shared.lock().watches.len()
    }

    /// Whether no file is watched.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl fmt::Debug for Watcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Watcher({} files)", self.len())
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.shared.lock().is_over = true;
        self.shared.moved.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watch {
    /// Has the file looked at as soon as may be.
    fn hurry(&mut self) {
        let now = Instant::now();
        let soonest = self.looked.map_or(now, |looked| now.max(looked + SHORTEST_INTERVAL));
        self.due = self.due.min(soonest);
    }

    /// Takes a look into account: what is to be reported of it.
    fn notice(&mut self, look: Look) -> Vec<FileChange> {
        if look.at_path == AtPath::Nothing && self.at_path != AtPath::Nothing {
            let now = Instant::now();
            let since = *self.gone_since.get_or_insert(now);
            if now < since + GONE_FOR {
                self.due = self.due.min(since + GONE_FOR);
                return Vec::new();
            }
        }
        self.gone_since = None;
        let place = look.at_path.news_after(&self.at_path);
        let content = look.state.as_ref().and_then(|state| look::change_between(&self.known, state));
        // Taking a name away changes the attributes of a file, which is no news beside the news of its name.
        let by_name_only = place.is_some() || look.at_path != AtPath::OpenFile;
        let content = content.filter(|change| !(by_name_only && *change == FileChange::Attributes));
        self.at_path = look.at_path;
        if let Some(state) = look.state {
            self.known = state;
        }
        place.into_iter().chain(content).collect()
    }
}
