//! From a file to its arrays: a job looks at the first bytes and reads the header, if the file has one.
//!
//! The header is read again when its bytes have changed. A header that can't be read leaves the file open as bytes,
//! with the reason in the panel.

use super::tree::Tree;
use crate::bytes::{Source, Span};
use crate::document::{Revision, Snapshot};
use crate::formats::{self, Container, Format, FormatError, HEAD};
use crate::job::{Job, Poll, Progress};
use crate::session::{Session, TabId};
use std::fmt;
use std::path::{Path, PathBuf};

/// A container with the tree of its names.
pub struct Found {
    pub format: &'static dyn Format,
    pub container: Container,
    pub tree: Tree,
    /// The entry that is on the screen.
    pub shown: Option<u32>,
    /// What the document was when the header was read.
    pub(super) revision: Revision,
    /// Which bytes of the header differed from the file then.
    pub(super) changed: Vec<Span>,
}

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Found").field("format", &self.format.label()).finish_non_exhaustive()
    }
}

/// What a worker answers: nothing for a file that is no container.
type Answer = Option<Result<(&'static dyn Format, Container, Tree), FormatError>>;

/// Work on arrays that is under way.
#[derive(Default)]
pub struct ArrayJobs {
    reading: Vec<Reading>,
    pub(super) setting: Vec<super::setting::Setting>,
    pub(super) unpacking: Vec<super::showing::Unpacking>,
    pub(super) handing: Vec<super::handing::Handing>,
}

impl fmt::Debug for ArrayJobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ArrayJobs")
    }
}

struct Reading {
    tab: TabId,
    revision: Revision,
    job: Job<Answer>,
}

impl ArrayJobs {
    /// Names of what takes long, with how far it is.
    pub fn activities(&self) -> impl Iterator<Item = (String, &Progress)> {
        let setting =
            self.setting.iter().map(|work| (String::from("Computing values"), &**work.job.progress()));
        let unpacking =
            self.unpacking.iter().map(|work| (format!("Unpacking {}", work.name), &**work.job.progress()));
        let handing = self.handing.iter().map(|work| (work.label.clone(), &**work.job.progress()));
        setting.chain(unpacking).chain(handing)
    }

    /// Ends what takes long; the headers go on.
    pub fn cancel(&mut self) -> bool {
        let any = !(self.setting.is_empty() && self.unpacking.is_empty() && self.handing.is_empty());
        self.setting.clear();
        self.unpacking.clear();
        self.handing.clear();
        any
    }
}

impl Session {
    /// Whether no header is being read.
    pub fn has_read_headers(&self) -> bool {
        self.arrays.reading.is_empty()
    }

    /// Starts to look for arrays in a tab's file.
    pub(in crate::session) fn look_for_arrays(&mut self, id: TabId) {
        let Some(tab) = self.tab_by_id(id) else { return };
        let Some(path) = tab.file.as_ref().map(|file| file.path.clone()) else { return };
        let (snapshot, revision) = (tab.shown().clone(), tab.document.revision());
        self.arrays.reading.retain(|reading| reading.tab != id);
        let job = Job::spawn("header", self.waker.0.clone(), move |progress| {
            read_header(&snapshot, &path, progress)
        });
        if let Ok(job) = job {
            self.arrays.reading.push(Reading { tab: id, revision, job });
        }
    }

    /// Takes the headers that have been read, and reads those again that have changed.
    pub(in crate::session) fn poll_arrays(&mut self) {
        let mut at = 0;
        while at < self.arrays.reading.len() {
            match self.arrays.reading[at].job.poll() {
                Poll::Running => at += 1,
                Poll::Lost => drop(self.arrays.reading.remove(at)),
                Poll::Done(answer) => {
                    let reading = self.arrays.reading.remove(at);
                    self.header_read(reading.tab, reading.revision, answer);
                }
            }
        }
        self.poll_setting();
        self.poll_unpacking();
        self.poll_handing();
        let stale: Vec<TabId> =
            self.tabs.iter().filter(|tab| tab.header_changed()).map(|tab| tab.id).collect();
        for id in stale {
            if self.arrays.reading.iter().all(|reading| reading.tab != id) {
                self.look_for_arrays(id);
            }
        }
    }

    fn header_read(&mut self, id: TabId, revision: Revision, answer: Answer) {
        let request = self.wanted_arrays.remove(&id);
        let Some(tab) = self.tab_by_id_mut(id) else { return };
        let first = tab.arrays.found.is_none();
        match answer {
            None => tab.arrays.error = None,
            Some(Err(error)) => {
                tab.arrays.error = Some(error);
                // What the header said before is not known to hold any more; it is read again when it changes.
                let header = tab.arrays.found.as_ref().map(|found| found.container.header);
                let changed = header.map(|header| tab.shown().changed_spans(header));
                if let (Some(found), Some(changed)) = (&mut tab.arrays.found, changed) {
                    (found.revision, found.changed) = (revision, changed);
                }
            }
            Some(Ok((format, container, mut tree))) => {
                tab.arrays.error = None;
                let old = tab.arrays.found.take();
                let shown = old.as_ref().and_then(|old| old.shown_in(&container));
                if let Some(old) = &old {
                    tree.set_filter(old.tree.filter(), &container);
                }
                let changed = tab.shown().changed_spans(container.header);
                tab.arrays.found = Some(Found { format, container, tree, shown, revision, changed });
                tab.follow_header();
            }
        }
        match request {
            Some(request) => self.show_wanted(id, &request),
            None if first => self.show_only_array(id),
            None => {}
        }
    }
}

impl Found {
    /// The entry on the screen, among the entries of the header as it is now.
    fn shown_in(&self, container: &Container) -> Option<u32> {
        let name = &self.container.entries.get(self.shown? as usize)?.name;
        container.find(name).and_then(|at| u32::try_from(at).ok())
    }
}

fn read_header(snapshot: &Snapshot, path: &Path, progress: &Progress) -> Answer {
    let mut head = vec![0; HEAD.min(usize::try_from(snapshot.len()).unwrap_or(HEAD))];
    snapshot.read_at(0, &mut head).ok()?;
    let format = formats::recognise(&head, path)?;
    Some(format.read(snapshot, path, progress).map(|container| {
        let tree = Tree::of(&container, progress);
        (format, container, tree)
    }))
}

/// The file beside `path` that a container names.
pub(super) fn beside(path: &Path, name: &str) -> PathBuf {
    path.with_file_name(name)
}
