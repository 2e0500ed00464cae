//! What kind of file each tab shows, told by its first bytes when it was opened.
//!
//! A worker reads them, unseen. The kind stays while the file is edited.

use crate::analysis::kinds::{KIND_BYTES, RecognisedKind, recognise};
use crate::bytes::Source;
use crate::document::Snapshot;
use crate::session::context::Context;
use crate::session::ids::TabId;
use crate::session::jobs::{Activity, Jobs, Task};
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use std::collections::HashMap;

/// The kinds of the open files.
#[derive(Debug, Default)]
pub struct FileKinds {
    /// `None` where nothing is known, or the bytes can't be read.
    known: HashMap<TabId, Option<RecognisedKind>>,
    looking: Jobs<TabId, Option<RecognisedKind>>,
}

impl FileKinds {
    /// The kind of the file in a tab, once it is known.
    pub fn of(&self, tab: TabId) -> Option<&RecognisedKind> {
        self.known.get(&tab)?.as_ref()
    }

    /// Whether every file has been looked at.
    pub(in crate::session) fn is_at_rest(&self) -> bool {
        self.looking.is_empty()
    }

    /// Takes what has been found out, and looks at files that are new.
    pub(in crate::session) fn poll(&mut self, tabs: &mut Tabs, context: &mut Context) {
        for ended in self.looking.drain_finished() {
            self.known.insert(ended.what, ended.answer.flatten());
        }
        self.known.retain(|tab, _| tabs.get(*tab).is_some());
        let is_new =
            |tab: &&Tab| tab.has_file() && !self.known.contains_key(&tab.id) && !self.looking.has_tab(tab.id);
        let new: Vec<(TabId, Snapshot)> =
            tabs.iter().filter(is_new).map(|tab| (tab.id, tab.document().snapshot())).collect();
        for (id, snapshot) in new {
            let Some(tab) = tabs.get(id) else { continue };
            let task = Task::hidden("kind of file").of(tab);
            let started = self.looking.start(context.waker(), task, id, move |progress| {
                let mut start = vec![0; snapshot.len().min(KIND_BYTES as u64) as usize];
                snapshot.read_cancellable(0, &mut start, progress.as_cancel()).ok()?;
                recognise(&start, snapshot.len())
            });
            if started.is_err() {
                // Without a thread the kind stays unknown.
                self.known.insert(id, None);
            }
        }
    }

    pub(in crate::session) fn activities(&self) -> impl Iterator<Item = Activity> {
        self.looking.activities()
    }

    /// The user can end nothing of it.
    pub(in crate::session) fn cancel(&mut self, _: &mut Context) -> bool {
        false
    }
}
