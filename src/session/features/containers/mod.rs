//! The arrays that files hold. Jobs read the headers, and read them again when their bytes have changed.

pub(in crate::session) mod like;
mod show;

use crate::document::Revision;
use crate::formats::{self, EntryBytes, FormatError};
use crate::session::arrays::header::Followed;
use crate::session::arrays::header_answer::{HeaderAnswer, read_header};
use crate::session::context::Context;
use crate::session::features::open::options::ArrayRequest;
use crate::session::ids::TabId;
use crate::session::jobs::{Activity, Jobs, Task};
use crate::session::notice::{Level, Topic};
use crate::session::panes::PaneKey;
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use crate::session::view::Selection;
use crate::state::OpenTab;
use like::LikeAnother;
use show::Unpacking;
pub(in crate::session) use show::with_tree;
use std::collections::HashMap;

/// The headers that are read, and the arrays that are on their way to the screen.
#[derive(Debug, Default)]
pub(in crate::session) struct Containers {
    reading: Jobs<Reading, HeaderRead>,
    unpacking: Jobs<Unpacking, Result<EntryBytes, FormatError>>,
    pub like: LikeAnother,
    /// What was asked of the arrays of files whose headers are being read.
    wanted: HashMap<TabId, ArrayRequest>,
    /// How tabs of the last session were left whose headers are being read.
    left: HashMap<TabId, LeftTab>,
    /// The same of tabs whose arrays are on their way to the screen.
    left_arrays: HashMap<TabId, LeftTab>,
    /// Panes that were made for an array that has not come yet.
    waiting_panes: Vec<(TabId, PaneKey)>,
}

/// How a tab was left, and how it looks since it was put back without its arrays.
#[derive(Debug)]
struct LeftTab {
    tab: OpenTab,
    looks: Option<(Selection, Vec<PaneKey>)>,
}

impl LeftTab {
    /// Remembers how the tab looks now.
    fn note(&mut self, tab: &Tab) {
        self.looks = Some((tab.selection, tab.layout().panes()));
    }

    /// Whether the user has neither moved the caret nor arranged the panes since.
    fn is_untouched(&self, tab: &Tab) -> bool {
        let looks = self.looks.as_ref();
        looks.is_some_and(|(selection, panes)| *selection == tab.selection && *panes == tab.layout().panes())
    }
}

/// What a worker found, and whether the file keeps checksums.
type HeaderRead = (HeaderAnswer, bool);

/// A header that is being read.
#[derive(Debug)]
struct Reading {
    tab: TabId,
    revision: Revision,
    len: u64,
}

impl Containers {
    /// Takes the headers that have been read, and reads those again that have changed.
    pub fn poll(&mut self, tabs: &mut Tabs, context: &mut Context) {
        for ended in self.reading.drain_finished() {
            let (answer, keeps_checksums) =
                ended.answer.map_or((None, None), |(answer, keeps)| (answer, Some(keeps)));
            if let Some(tab) = tabs.get_mut(ended.what.tab) {
                tab.arrays.keeps_checksums = keeps_checksums;
            }
            self.header_read(&ended.what, answer, tabs, context);
        }
        self.poll_unpacking(tabs, context);
        self.like.poll(tabs, context);
        let changed = |tab: &mut Tab| tab.header_changed().then_some(tab.id);
        let stale: Vec<TabId> = tabs.iter_mut().filter_map(changed).collect();
        for id in stale {
            if !self.is_reading(id) {
                self.read_header(id, tabs, context);
            }
        }
    }

    /// What takes long; headers are read unseen.
    pub fn activities(&self) -> impl Iterator<Item = Activity> {
        self.unpacking.activities().chain(self.like.activities())
    }

    /// Ends what takes long; the headers go on. `false` when there is nothing.
    pub fn cancel(&mut self, context: &mut Context) -> bool {
        context.say_stopped(self.unpacking.clear() | self.like.cancel())
    }

    /// What was wanted of a tab that is closed.
    pub fn forget_tab(&mut self, id: TabId) {
        self.wanted.remove(&id);
        self.left.remove(&id);
        self.left_arrays.remove(&id);
    }

    /// Whether no header is being read.
    pub fn has_read_headers(&self) -> bool {
        self.reading.is_empty()
    }

    /// Whether the header of this tab is being read.
    pub fn is_reading(&self, id: TabId) -> bool {
        self.reading.has_tab(id)
    }

    /// How tabs of the last session were left whose arrays are not on the screen yet.
    pub fn left(&self) -> impl Iterator<Item = (TabId, &OpenTab)> {
        self.left.iter().chain(&self.left_arrays).map(|(id, left)| (*id, &left.tab))
    }

    /// A file is in its new tab: its header is read, for the array that was asked for or was shown when it was left.
    pub fn file_opened(
        &mut self,
        id: TabId,
        array: Option<ArrayRequest>,
        left: Option<OpenTab>,
        tabs: &Tabs,
        context: &Context,
    ) {
        self.wanted.extend(array.map(|request| (id, request)));
        if let Some((left, tab)) = left.zip(tabs.get(id)) {
            let mut left = LeftTab { tab: left, looks: None };
            left.note(tab);
            self.left.insert(id, left);
        }
        self.read_header(id, tabs, context);
    }

    /// Starts to search a tab's file for arrays.
    pub fn read_header(&mut self, id: TabId, tabs: &Tabs, context: &Context) {
        let Some(tab) = tabs.get(id) else { return };
        let Some(path) = tab.file.as_ref().map(|file| file.path().to_owned()) else { return };
        let snapshot = tab.shown().clone();
        let reading = Reading { tab: id, revision: tab.document().revision(), len: tab.len() };
        self.reading.forget_tab(id);
        let task = Task::hidden("header").about(id);
        let started = self.reading.start(context.waker(), task, reading, move |progress| {
            let keeps_checksums = formats::keeps_checksums(&snapshot, &path);
            (read_header(&snapshot, &path, progress), keeps_checksums)
        });
        if let Err((error, _)) = started {
            tracing::info!(%error, "a header is not read");
        }
    }

    /// Reads again what could not be read: the bytes on the screen, and a header that was refused, not recognised or
    /// not understood in full.
    pub fn read_again(&mut self, tabs: &Tabs, context: &Context) {
        context.cache.retry_all_failed();
        let Some(tab) = tabs.front().filter(|tab| !self.is_reading(tab.id)) else { return };
        let found = tab.arrays.found.as_ref();
        let is_whole = found.is_some_and(|found| found.container.findings.is_empty());
        if !is_whole || tab.arrays.error.is_some() {
            self.read_header(tab.id, tabs, context);
        }
    }

    fn header_read(
        &mut self,
        reading: &Reading,
        answer: HeaderAnswer,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        let id = reading.tab;
        let Some(tab) = tabs.get_mut(id) else { return };
        let mark = tab.mark_of((reading.revision, reading.len), &answer);
        if mark.is_stale(tab.document()) {
            // It tells of bytes that are others by now.
            return self.read_header(id, tabs, context);
        }
        let first = tab.arrays.found.is_none();
        for (pane, followed) in tab.take_header(mark, answer) {
            match followed {
                Followed::Done => {}
                Followed::Closed(reason) => {
                    context.notices.push(Level::Warning, Topic::Open, Some(id), reason);
                }
                Followed::Unpack(entry) => self.show_entry((id, pane), entry, None, tabs, context),
            }
        }
        match (self.wanted.remove(&id), self.left.remove(&id)) {
            (Some(request), _) => self.show_wanted(id, &request, tabs, context),
            // Where an earlier version has not written what was shown, it is as with any file.
            (None, Some(left)) if left.tab.panes.is_some() => self.show_left(id, left, tabs, context),
            (None, _) if first => self.show_only_array(id, tabs, context),
            (None, _) => {}
        }
    }
}
