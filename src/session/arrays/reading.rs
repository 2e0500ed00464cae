//! From a file to its arrays: a job looks at the first bytes and reads the header, if the file has one.
//!
//! The header is read again when its bytes have changed. A header that can't be read leaves the file open as bytes,
//! with the reason in the panel.

use super::header::{Followed, Mark};
use super::tree::Tree;
use crate::document::{Revision, Snapshot};
use crate::formats::{self, Container, Format, FormatError};
use crate::job::{Job, Poll, Progress};
use crate::session::notice::{Level, Topic};
use crate::session::panes::PaneKey;
use crate::session::tab::Tab;
use crate::session::{Session, TabId};
use crate::state::OpenTab;
use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// A container with the tree of its names.
pub struct Found {
    pub format: &'static dyn Format,
    pub container: Container,
    pub tree: Tree,
}

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Found").field("format", &self.format.label()).finish_non_exhaustive()
    }
}

/// What a worker found: an answer, and whether the file keeps checksums.
type Looked = (Answer, bool);

/// What a header says: nothing for a file that is no container.
type Answer = Option<Result<(&'static dyn Format, Container, Tree), FormatError>>;

/// Work on arrays that is under way.
#[derive(Default)]
pub struct ArrayJobs {
    reading: Vec<Reading>,
    pub(super) checking: Vec<super::checksums::Checking>,
    pub(super) held_back: Vec<super::checksums::HeldBack>,
    pub(super) setting: Vec<super::setting::Setting>,
    /// Why the fact of a header that was set last was not taken.
    pub(super) metadata_refused: Option<String>,
    pub(super) unpacking: Vec<super::showing::Unpacking>,
    pub(super) handing: Vec<super::handing::Handing>,
    /// How tabs of the last session were left whose arrays are on their way to the screen.
    pub(in crate::session) left: HashMap<TabId, OpenTab>,
}

impl fmt::Debug for ArrayJobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ArrayJobs")
    }
}

struct Reading {
    tab: TabId,
    revision: Revision,
    len: u64,
    job: Job<Looked>,
}

impl ArrayJobs {
    /// Names of what takes long, with how far it is.
    pub fn activities(&self) -> impl Iterator<Item = (String, &Progress)> {
        let setting =
            self.setting.iter().map(|work| (String::from("Computing values"), &**work.job.progress()));
        let unpacking =
            self.unpacking.iter().map(|work| (format!("Unpacking {}", work.name), &**work.job.progress()));
        let handing = self.handing.iter().map(|work| (work.label.clone(), &**work.job.progress()));
        let checking =
            self.checking.iter().map(|work| (String::from("Making checksums"), &**work.job.progress()));
        checking.chain(setting).chain(unpacking).chain(handing)
    }

    /// Ends what takes long; the headers go on.
    pub fn cancel(&mut self) -> bool {
        let any = !(self.setting.is_empty() && self.unpacking.is_empty() && self.handing.is_empty());
        self.setting.clear();
        self.unpacking.clear();
        self.handing.clear();
        self.cancel_checking() || any
    }
}

impl Session {
    /// Whether no header is being read.
    pub fn has_read_headers(&self) -> bool {
        self.features.arrays.reading.is_empty()
    }

    /// Starts to look for arrays in a tab's file.
    pub(in crate::session) fn look_for_arrays(&mut self, id: TabId) {
        let Some(tab) = self.tabs.get(id) else { return };
        let Some(path) = tab.file.as_ref().map(|file| file.path().to_owned()) else { return };
        let (snapshot, revision, len) = (tab.shown().clone(), tab.document.revision(), tab.len());
        self.features.arrays.reading.retain(|reading| reading.tab != id);
        let job = Job::spawn("header", self.context.waker(), move |progress| {
            let keeps_checksums = formats::keeps_checksums(&snapshot, &path);
            (read_header(&snapshot, &path, progress), keeps_checksums)
        });
        if let Ok(job) = job {
            self.features.arrays.reading.push(Reading { tab: id, revision, len, job });
        }
    }

    /// Takes the headers that have been read, and reads those again that have changed.
    pub(in crate::session) fn poll_arrays(&mut self) {
        let mut at = 0;
        while at < self.features.arrays.reading.len() {
            let answer = match self.features.arrays.reading[at].job.poll() {
                Poll::Running => {
                    at += 1;
                    continue;
                }
                Poll::Lost => None,
                Poll::Done(looked) => Some(looked),
            };
            let reading = self.features.arrays.reading.remove(at);
            let (answer, keeps_checksums) =
                answer.map_or((None, None), |(answer, keeps)| (answer, Some(keeps)));
            if let Some(tab) = self.tabs.get_mut(reading.tab) {
                tab.arrays.keeps_checksums = keeps_checksums;
            }
            self.header_read(&reading, answer);
        }
        self.poll_checking();
        self.poll_setting();
        self.poll_unpacking();
        self.poll_handing();
        let changed = |tab: &mut Tab| tab.header_changed().then_some(tab.id);
        let stale: Vec<TabId> = self.tabs.iter_mut().filter_map(changed).collect();
        for id in stale {
            if self.features.arrays.reading.iter().all(|reading| reading.tab != id) {
                self.look_for_arrays(id);
            }
        }
    }

    /// Whether the header of this tab is being read.
    pub(in crate::session) fn is_reading_header(&self, id: TabId) -> bool {
        self.features.arrays.reading.iter().any(|reading| reading.tab == id)
    }

    fn header_read(&mut self, reading: &Reading, answer: Answer) {
        let id = reading.tab;
        let Some(tab) = self.tabs.get_mut(id) else { return };
        let mark = tab.mark_of(reading, &answer);
        if mark.is_stale(&tab.document) {
            // It tells of bytes that are others by now.
            return self.look_for_arrays(id);
        }
        let first = tab.arrays.found.is_none();
        let followed = tab.take_header(mark, answer);
        for (pane, followed) in followed {
            match followed {
                Followed::Done => {}
                Followed::Closed(reason) => {
                    self.context.notices.push(Level::Warning, Topic::Open, Some(id), reason);
                }
                Followed::Unpack(entry) => self.show_entry(id, pane, entry, None),
            }
        }
        match (self.features.wanted_arrays.remove(&id), self.features.left_tabs.remove(&id)) {
            (Some(request), _) => self.show_wanted(id, &request),
            // Where an earlier version has not written what was shown, it is as with any file.
            (None, Some(left)) if left.panes.is_some() => self.show_left(id, left),
            (None, _) if first => self.show_only_array(id),
            (None, _) => {}
        }
    }
}

impl Tab {
    /// What an answer was made of.
    fn mark_of(&self, reading: &Reading, answer: &Answer) -> Mark {
        let (revision, len) = (reading.revision, reading.len);
        match answer {
            None => Mark::of_nothing(revision, len),
            Some(Err(error)) => {
                let old = self.arrays.found.as_ref().map(|found| found.container.header);
                Mark::of_error(revision, len, error, old)
            }
            Some(Ok((_, container, _))) => Mark::of(revision, len, container),
        }
    }

    /// Takes what was read; answers what is to be done about the array of each pane.
    fn take_header(&mut self, mark: Mark, answer: Answer) -> Vec<(PaneKey, Followed)> {
        let arrays = &mut self.arrays;
        let before = arrays.mark.take();
        // What never looked like a container is looked at no more.
        arrays.mark = (answer.is_some() || before.is_some()).then_some(mark);
        arrays.error = None;
        match answer {
            None => arrays.found = None,
            Some(Err(error)) => {
                arrays.error = Some(error);
                return Vec::new();
            }
            Some(Ok((format, container, mut tree))) => {
                let old = arrays.found.take();
                if let Some(old) = &old {
                    tree.set_filter(old.tree.filter(), &container);
                }
                let single = old.is_some_and(|old| old.container.entries.len() == 1);
                let found = Found { format, container, tree };
                for pane in self.panes.iter_mut() {
                    let Some(typed) = pane.content.typed_mut() else { continue };
                    let name = typed.array.as_ref().and_then(|view| view.name.as_deref());
                    typed.entry = name.and_then(|name| found.number_of(name, single));
                }
                arrays.found = Some(found);
            }
        }
        self.array_keys().into_iter().map(|pane| (pane, self.follow_header(pane, before.as_ref()))).collect()
    }
}

fn read_header(snapshot: &Snapshot, path: &Path, progress: &Progress) -> Answer {
    let format = formats::recognise_source(snapshot, path)?;
    Some(format.read(snapshot, path, progress).map(|mut container| {
        format.complete(&mut container, path, progress);
        let tree = Tree::of(&container, progress);
        (format, container, tree)
    }))
}

/// The file beside `path` that a container names.
pub(super) fn beside(path: &Path, name: &str) -> PathBuf {
    path.with_file_name(name)
}
