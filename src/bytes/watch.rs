//! Notices that a file changed, grew, shrank, was replaced or deleted while we had it open.
//!
//! One thread looks at every watched path twice a second and at the open file where the path leads elsewhere. It
//! asks for attributes only and never reads a byte, so that a write through another program's map, which may leave
//! the times alone, is not seen here: a save compares bytes. There is no notification by the system: it is absent
//! on network file systems, and a watch of a file dies when the file is replaced.

use super::file::{FileIdentity, FileSource, is_block_device};
use crate::job::Waker;
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

/// From one look at the files to the next.
const INTERVAL: Duration = Duration::from_millis(500);

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

/// Looks at all watched files twice a second, on one thread that ends when this is dropped; nobody waits for it.
pub struct Watcher {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    /// Rung when the watcher is dropped.
    ended: Condvar,
    waker: Waker,
}

#[derive(Default)]
struct State {
    watches: BTreeMap<WatchId, Watch>,
    next: u64,
    changes: Vec<(WatchId, FileChange)>,
    is_over: bool,
}

/// What is known of one file.
struct Watch {
    path: PathBuf,
    source: Weak<FileSource>,
    /// The file that is open, in the state that was last reported.
    known: FileIdentity,
    at_path: AtPath,
    is_paused: bool,
    /// Counts the orders given for this watch; a look that began before the last one is void.
    revision: u64,
}

/// Where the path was last seen to lead.
#[derive(Clone, Debug, PartialEq, Eq)]
enum AtPath {
    OpenFile,
    /// Its times and length do not matter: it is not what is shown.
    OtherFile(FileIdentity),
    Nothing,
}

/// What one look at a file showed.
struct Look {
    at_path: AtPath,
    /// The state of the open file, where it could be seen.
    state: Option<FileIdentity>,
}

impl Watcher {
    /// `waker` is called when [`Self::changes`] has something to tell.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn new(waker: Waker) -> io::Result<Self> {
        let shared = Arc::new(Shared { state: Mutex::default(), ended: Condvar::new(), waker });
        let watcher = Self { shared: Arc::clone(&shared) };
        std::thread::Builder::new().name("watch".to_owned()).spawn(move || shared.run())?;
        Ok(watcher)
    }

    /// Watches `path`, which was `identity` when it was opened. With `source` the open file is looked at too, so
    /// that a change of it is noticed when the path leads elsewhere. Does no I/O itself.
    pub fn watch(&self, path: &Path, identity: &FileIdentity, source: Option<&Arc<FileSource>>) -> WatchId {
        let mut state = self.shared.lock();
        let id = WatchId(state.next);
        state.next += 1;
        let watch = Watch {
            path: path.to_owned(),
            source: source.map(Arc::downgrade).unwrap_or_default(),
            known: identity.clone(),
            at_path: AtPath::OpenFile,
            is_paused: false,
            revision: 0,
        };
        state.watches.insert(id, watch);
        id
    }

    /// Looks at the file no more, and drops what was not told yet.
    pub fn unwatch(&self, id: WatchId) {
        let mut state = self.shared.lock();
        state.watches.remove(&id);
        state.changes.retain(|(changed, _)| *changed != id);
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
            watch.revision += 1;
        }
    }

    /// What changed since the last call, each change once, in the order in which it was noticed. Never blocks.
    pub fn changes(&self) -> Vec<(WatchId, FileChange)> {
        std::mem::take(&mut self.shared.lock().changes)
    }
}

impl fmt::Debug for Watcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Watcher({} files)", self.shared.lock().watches.len())
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.shared.lock().is_over = true;
        self.shared.ended.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        loop {
            let state = self.lock();
            let rested = self.ended.wait_timeout_while(state, INTERVAL, |state| !state.is_over);
            let (state, _) = rested.unwrap_or_else(PoisonError::into_inner);
            if state.is_over {
                return;
            }
            let to_look_at: Vec<WatchId> = state.watches.keys().copied().collect();
            drop(state);
            for id in to_look_at {
                self.look_at(id);
            }
        }
    }

    /// Looks at one file, without the lock: that may take as long as its disk likes.
    fn look_at(&self, id: WatchId) {
        let Some((path, source, known, revision)) = self.lock().order(id) else {
            return;
        };
        let Some(look) = look(&path, source.upgrade().as_deref(), &known) else {
            return;
        };
        let mut state = self.lock();
        let Some(watch) = state.watches.get_mut(&id).filter(|watch| watch.revision == revision) else {
            return;
        };
        let noticed = watch.notice(look);
        state.changes.extend(noticed.iter().map(|&change| (id, change)));
        drop(state);
        if !noticed.is_empty() {
            (self.waker)();
        }
    }
}

impl State {
    /// What a look at `id` needs to know; `None` when it is not to be looked at.
    fn order(&self, id: WatchId) -> Option<(PathBuf, Weak<FileSource>, FileIdentity, u64)> {
        let watch = self.watches.get(&id).filter(|watch| !watch.is_paused)?;
        Some((watch.path.clone(), Weak::clone(&watch.source), watch.known.clone(), watch.revision))
    }
}

/// `None` when the system does not say, as on a network that is down: that is no change of the file.
fn look(path: &Path, source: Option<&FileSource>, known: &FileIdentity) -> Option<Look> {
    let at_path = match std::fs::metadata(path) {
        Ok(metadata) => {
            let mut seen = FileIdentity::of(&metadata);
            if is_block_device(&metadata) {
                // The attributes of its name say nothing about its bytes.
                seen = FileIdentity { device: seen.device, inode: seen.inode, ..known.clone() };
            }
            if !known.other_file(&seen) {
                return Some(Look { at_path: AtPath::OpenFile, state: Some(seen) });
            }
            AtPath::OtherFile(seen)
        }
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            AtPath::Nothing
        }
        Err(_) => return None,
    };
    Some(Look { at_path, state: source.and_then(|source| source.identity_now().ok()) })
}

impl Watch {
    /// Takes a look into account: what is to be reported of it.
    fn notice(&mut self, look: Look) -> Vec<FileChange> {
        let place = match (&self.at_path, &look.at_path) {
            (AtPath::OpenFile, AtPath::OpenFile) | (AtPath::Nothing, AtPath::Nothing) => None,
            (AtPath::OtherFile(before), AtPath::OtherFile(now)) if before.same_file(now) => None,
            (_, AtPath::OpenFile) => Some(FileChange::Restored),
            (_, AtPath::OtherFile(_)) => Some(FileChange::Replaced),
            (_, AtPath::Nothing) => Some(FileChange::Deleted),
        };
        let content = look.state.as_ref().and_then(|state| change_between(&self.known, state));
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

/// How one state of a file became another, told by length and times.
fn change_between(before: &FileIdentity, now: &FileIdentity) -> Option<FileChange> {
    if now.len < before.len {
        Some(FileChange::CutShort { len: now.len })
    } else if now.len > before.len {
        Some(FileChange::Grown { len: now.len })
    } else if now.mtime_ns != before.mtime_ns {
        Some(FileChange::Modified)
    } else if now.ctime_ns != before.ctime_ns {
        Some(FileChange::Attributes)
    } else {
        None
    }
}
