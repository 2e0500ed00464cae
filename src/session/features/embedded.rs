//! The files inside a file: where they begin, of which kind they are, and how long.
//!
//! A worker searches a snapshot, and the list grows while it does. Then it looks for the ends of compressed files, whose
//! headers don't tell them. A file is told where it is now, and one whose bytes were
//! edited since says so.

use super::chosen_rows::ChosenRows;
use super::clipboard::system::ClipboardOffer;
use super::find::outside_array;
use super::pause::{QUICK, UNASKED};
use super::settings::panels::{self, EMBEDDED};
use crate::analysis::kinds::{EmbeddedEnd, EmbeddedFile, EmbeddedTally, EndFinder, NoLength, find_embedded};
use crate::analysis::{Tuning, Unread};
use crate::bytes::{Source, Span};
use crate::document::{Mapped, Snapshot};
use crate::escape::PathText;
use crate::job::Progress;
use crate::session::action::EmbeddedAction;
use crate::session::context::Context;
use crate::session::describe;
use crate::session::ids::TabId;
use crate::session::jobs::{Activity, Finished, Jobs, Task};
use crate::session::name_request::{Asked, Outgoing};
use crate::session::request::Request;
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use crate::session::view::Selection;
use std::fmt::Write;
use std::ops::{ControlFlow, RangeInclusive};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Files that are listed at most: more are no list that anybody reads.
const MOST: usize = 100_000;

/// The files inside the file that was searched last.
#[derive(Debug, Default)]
pub struct EmbeddedState {
    listed: Option<ListedFiles>,
    chosen: Option<ChosenRows>,
    searching: Jobs<(), Result<EmbeddedTally, String>>,
    /// The user has just asked, whatever the length of the file.
    is_asked: bool,
    /// Whether the panel was shown at the last look.
    was_shown: Option<bool>,
}

/// What a search has found.
#[derive(Debug)]
pub struct ListedFiles {
    tab: TabId,
    /// The bytes that were searched, edits included.
    searched: Snapshot,
    files: Arc<FoundFiles>,
    end: Option<EmbeddedEnd>,
    unread: Unread,
    failed: Option<String>,
}

/// The files as they are found.
#[derive(Debug, Default)]
struct FoundFiles {
    list: Mutex<Vec<FoundFile>>,
    /// What the search says, once all are there. Then the ends of some are looked for.
    tally: OnceLock<EmbeddedTally>,
}

/// A file, and why its length is not known, once its end was looked for.
#[derive(Clone, Debug)]
struct FoundFile {
    file: EmbeddedFile,
    why: Option<NoLength>,
}

impl FoundFiles {
    fn lock(&self) -> MutexGuard<'_, Vec<FoundFile>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, file: EmbeddedFile) -> ControlFlow<()> {
        let mut list = self.lock();
        if list.len() == MOST {
            return ControlFlow::Break(());
        }
        list.push(FoundFile { file, why: None });
        ControlFlow::Continue(())
    }

    /// Looks for the ends of those whose headers don't tell it. Blocks.
    fn measure(&self, source: &dyn Source, progress: &Progress) {
        let mut finder = EndFinder::default();
        let count = self.lock().len();
        for at in 0..count {
            if progress.is_cancelled() {
                break;
            }
            let Some(file) = self.lock().get(at).map(|found| found.file) else { break };
            let (None, Some(kind)) = (file.len, file.open_end) else { continue };
            let length = finder.length(source, file.offset, kind, progress.as_cancel());
            if let Some(found) = self.lock().get_mut(at) {
                match length {
                    Ok(length) => found.file.len = Some(length),
                    Err(why) => found.why = Some(why),
                }
            }
        }
    }
}

impl FoundFile {
    /// Why the length is not known; empty where it is, or is still looked for. `has_ended`: nobody looks any more.
    fn why(&self, has_ended: bool) -> String {
        match (&self.why, self.file.len, self.file.open_end) {
            (_, Some(_), _) => String::new(),
            (None, None, Some(_)) if !has_ended => String::new(),
            (None, None, Some(_)) => NoLength::Cancelled.to_string(),
            (Some(why), None, _) => why.to_string(),
            (None, None, None) => NoLength::NotTold.to_string(),
        }
    }
}

/// One row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbeddedLine {
    pub offset: String,
    pub kind: &'static str,
    pub length: Option<u64>,
    /// Why the length is not known, as half a sentence; empty where it is, or is still looked for.
    pub why: String,
    /// Whether its bytes are still those that were found.
    pub is_there: bool,
}

impl ListedFiles {
    /// How many there are by now.
    pub fn len(&self) -> u64 {
        self.files.lock().len() as u64
    }

    /// Whether there are none by now.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How the search ended; `None` while it runs.
    pub fn end(&self) -> Option<EmbeddedEnd> {
        self.end
    }

    /// Whether all files are listed and the ends of some are looked for.
    pub fn is_measuring(&self) -> bool {
        self.end.is_none() && self.files.tally.get().is_some()
    }

    /// What could not be read.
    pub fn unread(&self) -> &Unread {
        &self.unread
    }

    /// Why nothing was searched.
    pub fn failure(&self) -> Option<&str> {
        self.failed.as_deref()
    }

    /// Whether the document was edited since the search.
    pub fn is_old(&self, tab: &Tab) -> bool {
        self.searched.revision() != tab.document().revision()
    }

    fn get(&self, row: u64) -> Option<EmbeddedFile> {
        self.found(row).map(|found| found.file)
    }

    fn found(&self, row: u64) -> Option<FoundFile> {
        self.files.lock().get(usize::try_from(row).ok()?).cloned()
    }

    /// Where a file is now, its first byte where its length is not known; `None` when it was edited since.
    fn now(&self, file: &EmbeddedFile, tab: &Tab) -> Option<Span> {
        let span = Span::at(file.offset, file.len.unwrap_or(1))?;
        match tab.document().map_span(span, self.searched.revision()) {
            Mapped::Intact(span) => Some(span),
            Mapped::Touched(_) | Mapped::Gone | Mapped::Unknown => None,
        }
    }

    /// A row of the list as it is shown.
    pub fn line(&self, row: u64, tab: &Tab) -> Option<EmbeddedLine> {
        let found = self.found(row)?;
        let (file, why) = (found.file, found.why(self.end.is_some()));
        let now = self.now(&file, tab);
        let offset = now.map_or(file.offset, Span::start).wrapping_add(tab.hex().format.base);
        Some(EmbeddedLine {
            offset: describe::hex(offset),
            kind: file.name,
            length: file.len,
            why,
            is_there: now.is_some(),
        })
    }
}

/// What the panel shows.
impl EmbeddedState {
    /// What was found in `tab`, if it was searched.
    pub fn listed(&self, tab: &Tab) -> Option<&ListedFiles> {
        self.listed.as_ref().filter(|listed| listed.tab == tab.id)
    }

    /// Whether a search runs.
    pub fn is_searching(&self) -> bool {
        !self.searching.is_empty()
    }

    /// Whether the status bar shows the search that runs.
    pub fn is_shown_in_status(&self) -> bool {
        self.searching.activities().next().is_some()
    }

    /// The row that the keys stand on; `None` before the first key or click.
    pub fn chosen(&self) -> Option<u64> {
        self.chosen.map(|chosen| chosen.at)
    }

    /// All chosen rows.
    pub fn chosen_rows(&self) -> Option<RangeInclusive<u64>> {
        self.chosen.map(ChosenRows::rows)
    }
}

impl EmbeddedState {
    /// Does what the window asks.
    pub(in crate::session) fn apply(
        &mut self,
        action: EmbeddedAction,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        match action {
            EmbeddedAction::Show(row) => self.choose(row, false, tabs, context),
            EmbeddedAction::Extend(row) => self.choose(row, true, tabs, context),
            EmbeddedAction::ChooseAll => self.chosen = ChosenRows::all(self.len()).or(self.chosen),
        }
    }

    /// Searches the file again.
    pub(in crate::session) fn search_again(&mut self, tabs: &Tabs, context: &mut Context) {
        self.is_asked = true;
        self.listed = None;
        self.follow(tabs, context);
    }

    /// Takes what workers have found, and starts what is wanted now.
    pub(in crate::session) fn poll(&mut self, tabs: &mut Tabs, context: &mut Context) {
        for ended in self.searching.drain_finished() {
            self.searched(ended);
        }
        self.listed.take_if(|listed| !tabs.contains(listed.tab));
        self.follow(tabs, context);
    }

    pub(in crate::session) fn activities(&self) -> impl Iterator<Item = Activity> {
        self.searching.activities()
    }

    /// Ends the search; what was found so far stays listed. `false` when none runs.
    pub(in crate::session) fn cancel(&mut self, _: &mut Context) -> bool {
        self.stop()
    }

    fn stop(&mut self) -> bool {
        let any = self.searching.clear();
        if any && let Some(listed) = self.listed.as_mut().filter(|listed| listed.end.is_none()) {
            // All files may be there, and only the ends of some be missing.
            let tally = listed.files.tally.get();
            listed.end = Some(tally.map_or(EmbeddedEnd::Cancelled, |tally| tally.end));
            listed.unread = tally.map(|tally| tally.unread.clone()).unwrap_or_default();
        }
        any
    }

    fn searched(&mut self, ended: Finished<(), Result<EmbeddedTally, String>>) {
        let Some(listed) = self.listed.as_mut().filter(|listed| ended.tab == Some(listed.tab)) else {
            return;
        };
        match ended.answer {
            Some(Ok(tally)) => (listed.end, listed.unread) = (Some(tally.end), tally.unread),
            failed => {
                let lost = || String::from("The search ended unexpectedly.");
                listed.end = Some(EmbeddedEnd::Cancelled);
                listed.failed = Some(failed.and_then(Result::err).unwrap_or_else(lost));
            }
        }
    }

    /// Has the list follow the tab in front.
    fn follow(&mut self, tabs: &Tabs, context: &mut Context) {
        let is_shown = panels::shows(&context.settings, EMBEDDED);
        // Who opens the panel asks for what is in it. One that is shown from the start is not asked.
        self.is_asked |= is_shown && self.was_shown == Some(false);
        self.was_shown = Some(is_shown);
        if !is_shown {
            self.searching.clear();
            // What was found of a part is searched again when the panel is shown again.
            self.listed.take_if(|listed| listed.end.is_none());
            return;
        }
        let Some(tab) = tabs.front() else { return };
        let is_asked = std::mem::take(&mut self.is_asked);
        if self.listed(tab).is_none() && (is_asked || tab.len() <= UNASKED) {
            self.start(tab, context);
        }
    }

    fn start(&mut self, tab: &Tab, context: &mut Context) {
        self.searching.clear();
        self.chosen = None;
        let (searched, files) = (tab.shown().clone(), Arc::<FoundFiles>::default());
        let (snapshot, list) = (searched.clone(), Arc::clone(&files));
        let task = if tab.len() <= QUICK {
            Task::hidden("embedded files")
        } else {
            Task::shown("embedded files", "Searching embedded files")
        };
        let started = self.searching.start(context.waker(), task.of(tab), (), move |progress| {
            let all = Span::first(snapshot.len());
            let mut take = |file| list.add(file);
            let tally = find_embedded(&snapshot, all, Tuning::default(), progress, &mut take);
            let tally = tally.map_err(|error| error.to_string())?;
            let tally = list.tally.get_or_init(|| tally).clone();
            list.measure(&snapshot, progress);
            Ok(tally)
        });
        let failed = started.err().map(|(error, ())| format!("No thread could be started ({error})."));
        let end = failed.is_some().then_some(EmbeddedEnd::Cancelled);
        let unread = Unread::default();
        self.listed = Some(ListedFiles { tab: tab.id, searched, files, end, unread, failed });
    }

    fn len(&self) -> u64 {
        self.listed.as_ref().map_or(0, ListedFiles::len)
    }

    /// Chooses a row and goes there; with `extend` also the rows up to it. A file of known length is selected.
    fn choose(&mut self, row: u64, extend: bool, tabs: &mut Tabs, context: &mut Context) {
        self.chosen = ChosenRows::choose(self.chosen, row, extend, self.len());
        let Some(tab) = tabs.front_mut() else { return };
        let Some(listed) = self.listed(tab) else { return };
        let Some(file) = self.chosen().and_then(|row| listed.get(row)) else { return };
        match listed.now(&file, tab) {
            Some(span) if tab.hides(span) => context.say(outside_array(tab, span)),
            Some(span) if file.len.is_some() => tab.show_match(span),
            Some(span) => tab.jump(Selection::caret_at(span.start(), tab.selection.column)),
            None => context.say("This file has been edited since. Search again to list it as it is now."),
        }
    }

    /// Asks for a name for the file that the bytes of the chosen row go to.
    pub(in crate::session) fn ask_file_name(&self, tabs: &Tabs, context: &mut Context) {
        let Some(tab) = tabs.front() else { return };
        let Some(listed) = self.listed(tab) else { return };
        let Some(file) = self.chosen().and_then(|row| listed.get(row)) else {
            return context.say("Choose a file of the list first.");
        };
        let (Some(span), Some(_)) = (listed.now(&file, tab), file.len) else {
            let found = self.chosen().and_then(|row| listed.found(row));
            let why = found.map_or_else(String::new, |found| found.why(listed.end.is_some()));
            return context.say(match (file.len, &*why) {
                (Some(_), _) => String::from("This file has been edited since. Search again to list it as it is now."),
                (None, "") => String::from("pagelens is still looking for the end of this file. Try again later."),
                (None, why) => format!(
                    "The length of this file is not known: {why}. Select its bytes and choose Edit ▸ Selection to a file…."
                ),
            });
        };
        let name = format!("{}.{:#x}.{}", tab.title, span.start(), file.extension);
        let suggested = match &tab.file {
            Some(own) => own.path().with_file_name(name).typed(),
            None => name,
        };
        let of = Outgoing { tab: tab.id, snapshot: tab.shown().clone(), span };
        context.ask_name(Asked::Selection(Arc::new(of)), suggested);
    }

    /// Copies the chosen rows, or all of them, as lines of text.
    pub(in crate::session) fn copy_list(&self, tabs: &Tabs, context: &mut Context) {
        let Some(listed) = tabs.front().and_then(|tab| self.listed(tab)) else { return };
        let rows = self.chosen_rows().unwrap_or(0..=listed.len().saturating_sub(1));
        let mut text = String::new();
        for file in rows.filter_map(|row| listed.get(row)) {
            let len = file.len.map_or_else(String::new, |len| format!("\t{len}"));
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{:#x}\t{}{len}", file.offset, file.name);
        }
        if text.is_empty() {
            return context.say("There is nothing to copy.");
        }
        context.request(Request::Copy(ClipboardOffer::of_text(text)));
        context.say("Copied.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::kinds::OpenEnd;
    use crate::bytes::{MemorySource, ReadError};
    use crate::document::Document;
    use crate::job::no_waker;
    use std::sync::mpsc::{Sender, channel};

    /// A search that runs until the answer's other side is dropped; it has listed a file of unknown end.
    fn searching(tally: Option<EmbeddedTally>) -> (EmbeddedState, Sender<()>) {
        let (files, (go, wait)) = (FoundFiles::default(), channel::<()>());
        let open_end = Some(OpenEnd::Gzip);
        let file = EmbeddedFile { offset: 5, len: None, name: "gzip data", extension: "gz", open_end };
        assert!(files.add(file).is_continue());
        if let Some(tally) = tally {
            files.tally.set(tally).expect("the only one");
        }
        let mut state = EmbeddedState::default();
        let task = Task::hidden("test");
        let work = move |_: &Progress| Err(format!("{:?}", wait.recv()));
        state.searching.start(no_waker(), task, (), work).expect("a thread");
        let searched = Document::new(Arc::new(MemorySource::new(*b"0123456789"))).snapshot();
        let (tab, files, unread) = (TabId::default(), Arc::new(files), Unread::default());
        state.listed = Some(ListedFiles { tab, searched, files, end: None, unread, failed: None });
        (state, go)
    }

    #[test]
    fn who_stops_the_look_for_ends_has_all_files_and_no_row_waits() {
        let mut unread = Unread::default();
        unread.add(Span::between(2, 4), &ReadError::other(Span::between(2, 4), "broken"));
        let tally = EmbeddedTally { end: EmbeddedEnd::Complete, unread: unread.clone() };
        for (tally, end) in [(Some(tally), EmbeddedEnd::Complete), (None, EmbeddedEnd::Cancelled)] {
            let has_all = tally.is_some();
            let (mut state, _running) = searching(tally);
            let listed = state.listed.as_ref().expect("a list");
            assert_eq!(listed.is_measuring(), has_all);
            assert_eq!(listed.found(0).map(|found| found.why(listed.end.is_some())).as_deref(), Some(""));
            assert!(state.stop() && !state.stop() && !state.is_searching());
            let listed = state.listed.as_ref().expect("a list");
            assert_eq!((listed.end(), listed.is_measuring()), (Some(end), false));
            assert_eq!(listed.unread().bytes(), if has_all { 2 } else { 0 });
            let why = listed.found(0).map(|found| found.why(listed.end.is_some()));
            assert_eq!(why.as_deref(), Some("the search was stopped"));
        }
    }
}
