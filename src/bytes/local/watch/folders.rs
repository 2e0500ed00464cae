//! Notifications of the system about changes in a folder.
//!
//! Each lane has a set of its own: adding a folder may hang with its device. A notification only makes a check happen
//! earlier. Where none comes (network file systems, limits of the system), files are checked more often instead.

use super::{Lane, Shared};
use crate::bytes::local::sys;
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Weak;

/// The watched folders of one lane.
pub(super) struct WatchedFolders {
    shared: Weak<Shared>,
    lane: Lane,
    /// Made with the first folder; `None` inside when the system gives none.
    teller: Option<Option<RecommendedWatcher>>,
    /// Whether each folder's changes are told.
    told: BTreeMap<PathBuf, bool>,
}

impl WatchedFolders {
    pub(super) fn new(shared: Weak<Shared>, lane: Lane) -> Self {
        Self { shared, lane, teller: None, told: BTreeMap::new() }
    }

    /// Lets go of the folders that are not `in_use`.
    pub(super) fn keep(&mut self, in_use: &BTreeSet<PathBuf>) {
        let gone: Vec<PathBuf> =
            self.told.keys().filter(|folder| !in_use.contains(*folder)).cloned().collect();
        for folder in gone {
            self.forget(&folder);
        }
    }

    /// Whether the system tells what happens in `folder`; asks it to where that is not known to be so. May block.
    pub(super) fn cover(&mut self, folder: &Path, is_told: bool) -> bool {
        if is_told && self.told.get(folder) == Some(&true) {
            return true;
        }
        self.forget(folder);
        let told = sys::tells_changes(folder) && self.add(folder);
        self.told.insert(folder.to_owned(), told);
        told
    }

    fn add(&mut self, folder: &Path) -> bool {
        let (shared, lane) = (Weak::clone(&self.shared), self.lane.clone());
        let teller = self.teller.get_or_insert_with(|| {
            notify::recommended_watcher(move |event| on_event(&shared, &lane, &event)).ok()
        });
        teller.as_mut().is_some_and(|teller| teller.watch(folder, RecursiveMode::NonRecursive).is_ok())
    }

    fn forget(&mut self, folder: &Path) {
        if self.told.remove(folder) == Some(true)
            && let Some(Some(teller)) = &mut self.teller
        {
            // Gone already when the folder is; then there is nothing to end.
            let _ = teller.unwatch(folder);
        }
    }
}

/// Has the files looked at that `event` may be about. On the teller's thread: no I/O.
fn on_event(shared: &Weak<Shared>, lane: &Lane, event: &notify::Result<Event>) {
    let Some(shared) = shared.upgrade() else { return };
    let event = event.as_ref().ok();
    if event.is_some_and(|event| matches!(event.kind, EventKind::Access(_)) && !event.need_rescan()) {
        return;
    }
    // What is not told in full may be about any file.
    let named = event.filter(|event| !event.need_rescan() && !event.paths.is_empty());
    let mut state = shared.lock();
    let mut is_any = false;
    for watch in state.watches.values_mut().filter(|watch| watch.lane == *lane) {
        let folder_too =
            named.is_none_or(|event| event.paths.iter().any(|path| watch.path.parent() == Some(path)));
        let is_it = |event: &Event| event.paths.iter().any(|path| path.file_name() == watch.path.file_name());
        if folder_too || named.is_some_and(is_it) {
            watch.is_told &= !folder_too;
            watch.hurry();
            is_any = true;
        }
    }
    drop(state);
    if is_any {
        shared.moved.notify_all();
    }
}
