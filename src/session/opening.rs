//! Opening: paths to tabs, on a worker, one job a file, so that a dead disk holds up nobody else. It only reads.
//! A file that is open already is shown, not opened twice.

use super::action::{Action, ExternalAction};
use super::generations::right_generation;
use super::notice::{Level, Topic};
use super::panes::{PaneKey, View};
use super::tab::{FileFacts, Tab};
use super::view::{CellKind, Columns, Selection, ViewFormat};
use super::{Session, TabId};
use crate::bytes::file::FileSource;
use crate::bytes::open::{self, OpenError, Opened};
use crate::bytes::pages::{CachedSource, PageCache};
use crate::bytes::{MemorySource, Origin, SharedSource, spool};
use crate::decode::{DType, Encoding, Radix};
use crate::document::{Document, Revision};
use crate::escape::{PathText, escape};
use crate::job::{Job, Poll, Progress};
use crate::save::{Generation, Pending, SaveError, destination_of};
use crate::state::edit_log::{About, PatchText};
use crate::state::{Folders, OpenTab};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is wanted of a file besides its bytes: from the command line or from the last session.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// An expression, as in Go to.
    pub offset: Option<String>,
    pub dtype: Option<DType>,
    /// An array to show, of the file itself or of the container that it is.
    pub array: Option<ArrayRequest>,
    pub columns: Option<u32>,
    pub encoding: Option<Encoding>,
    pub read_only: bool,
    /// Whether the new tab comes to the front.
    pub in_front: bool,
    /// How it was left, of a tab of the last session; what is asked for now comes before that.
    pub left: Option<OpenTab>,
}

/// An array as it was asked for on the command line: texts, to be read once the file is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArrayRequest {
    /// Of an array of the container.
    pub name: Option<String>,
    pub dtype: Option<String>,
    pub offset: Option<String>,
    pub shape: Option<String>,
    pub order: Option<String>,
    pub slice: Option<String>,
}

/// A file that is on its way.
#[derive(Debug)]
pub struct Opening {
    pub path: PathBuf,
    options: OpenOptions,
    /// The tab to be, numbered when it was asked for: tabs stand in that order, whichever disk is faster.
    tab: TabId,
    /// Whether the tab is there and waits for its file to be read anew.
    reloads: bool,
    /// What that tab was like when it was asked for.
    revision: Option<Revision>,
    /// Something was typed meanwhile, and the next keys are meant for the same tab.
    pub(super) stays_behind: bool,
    job: Job<Result<Found, OpenError>>,
}

impl Opening {
    /// Of a tab of the last session: its place among the tabs, and how it was left.
    pub(super) fn left(&self) -> Option<(u64, &OpenTab)> {
        Some((self.tab.number(), self.options.left.as_ref()?))
    }
}

/// What the worker hands back: the file, and what an interrupted save has left beside it.
#[derive(Debug)]
struct Found {
    opened: Opened,
    interrupted: Result<Option<Pending>, SaveError>,
}

/// Stands for standard input on the command line.
pub const STDIN: &str = "-";

/// The built-in sample: its layout is told in its own first lines.
const SAMPLE: &[u8] = include_bytes!("../../assets/sample.bin");

impl Session {
    /// Files that are being opened.
    pub fn opening(&self) -> impl Iterator<Item = &Path> {
        self.features.opening.iter().map(|opening| opening.path.as_path())
    }

    /// Starts to open `path`.
    pub fn open(&mut self, path: PathBuf, options: OpenOptions) {
        self.start_opening(path, options, None);
    }

    pub(super) fn start_opening(&mut self, path: PathBuf, options: OpenOptions, reload: Option<TabId>) {
        if options.in_front && options.left.is_none() {
            self.features
                .opening
                .iter_mut()
                .for_each(|other| other.options.in_front &= other.options.left.is_none());
        }
        if let Some(opening) = self.features.opening.iter_mut().find(|opening| opening.path == path) {
            // A reload wants nothing but the bytes, and a tab of the last session no more than it was like.
            if reload.is_none() && options.left.is_none() {
                (opening.options, opening.stays_behind) = (options, false);
            }
            return;
        }
        let asked = path.clone();
        let read = move |progress: &Progress| match asked == Path::new(STDIN) {
            true => spool::spool_stdin(progress),
            false => open::open(&asked, progress),
        };
        self.start_reading(path, options, reload, read);
    }

    /// Starts to open what `read` answers, under the name `path`.
    fn start_reading(
        &mut self,
        path: PathBuf,
        options: OpenOptions,
        reload: Option<TabId>,
        read: impl FnOnce(&Progress) -> Result<Opened, OpenError> + Send + 'static,
    ) {
        let journals = self.context.folders.as_ref().map(Folders::journals);
        let job = Job::spawn("open", self.context.waker(), move |progress| {
            let opened = read(progress)?;
            let interrupted = match opened.origin.version {
                Some(_) => {
                    let location = &opened.origin.location;
                    destination_of(location).pending(location, journals.as_deref())
                }
                None => Ok(None),
            };
            Ok(Found { opened, interrupted })
        });
        let reloads = reload.is_some();
        let tab = reload.unwrap_or_else(|| self.tabs.next_id());
        match job {
            Ok(job) => {
                let revision = self.tabs.get(tab).map(|tab| tab.document.revision());
                let opening = Opening { path, options, tab, reloads, revision, stays_behind: false, job };
                self.features.opening.push(opening);
            }
            Err(error) => {
                let text = format!("{} was not opened: no thread could be started ({error}).", path.shown());
                self.context.notices.push(Level::Error, Topic::Open, None, text);
            }
        }
    }

    /// Opens the changes of the tab in front as a text, which no file holds yet.
    pub(super) fn show_patch(&mut self) {
        let Some(tab) = self.tabs.front() else { return };
        let now = tab.shown().clone();
        let Some(base) = now.base().cloned() else { return };
        let file = tab.file.as_ref();
        let about = About { title: tab.title.clone(), origin: file.map(|file| file.origin.clone()) };
        let mut name = about.path().map_or_else(|| PathBuf::from(&about.title), Path::to_owned);
        name.as_mut_os_string().push(".patch.txt");
        let text = PatchText::new(&about, None, now, base);
        let own = name.clone();
        let options = OpenOptions { in_front: true, ..OpenOptions::default() };
        self.start_reading(name, options, None, move |progress| {
            spool::spool_reader(text, &own, u64::MAX, progress)
        });
    }

    /// Takes what has been opened since the last call.
    pub(super) fn poll_opening(&mut self) {
        let mut at = 0;
        while at < self.features.opening.len() {
            let answer = self.features.opening[at].job.poll();
            if matches!(answer, Poll::Running) {
                at += 1;
                continue;
            }
            let mut opening = self.features.opening.remove(at);
            let about = opening.reloads.then_some(opening.tab);
            match answer {
                Poll::Done(Ok(found)) => {
                    self.opened(found, &mut opening);
                    self.typed_is_open(&opening.path);
                }
                Poll::Done(Err(error)) => {
                    self.context.forget_recent_if_missing(&opening.path, &error);
                    let restored = opening.options.left.is_some() || opening.reloads;
                    if !restored && self.typed_failed(&opening.path, &error) {
                        continue;
                    }
                    self.context.notices.push(Level::Error, Topic::Open, about, error.to_string());
                }
                Poll::Running | Poll::Lost => {
                    let text = format!(
                        "{} was not opened: the reader stopped unexpectedly. Open it again.",
                        opening.path.shown()
                    );
                    self.context.notices.push(Level::Error, Topic::Open, about, text);
                }
            }
        }
    }

    fn opened(&mut self, found: Found, opening: &mut Opening) {
        let asked_in_front = opening.options.in_front;
        opening.options.in_front &= !opening.stays_behind;
        let tab = self.take_opened(found, opening);
        let is_behind =
            opening.options.left.is_none() && tab.is_some_and(|tab| self.tabs.front_id() != Some(tab));
        if asked_in_front && !opening.options.in_front && is_behind {
            let name = opening.path.file_name().unwrap_or(opening.path.as_os_str());
            self.context.say(format!("{} is open in another tab.", name.shown()));
        }
    }

    /// Answers the tab that shows it.
    fn take_opened(&mut self, found: Found, opening: &Opening) -> Option<TabId> {
        let Found { opened, interrupted } = &found;
        let Opening { options, tab, reloads, .. } = opening;
        let pending = interrupted.as_ref().ok().and_then(Option::as_ref);
        if !reloads {
            let same = |tab: &Tab| {
                let versions = tab.file.as_ref().and_then(|file| file.origin.version.as_ref());
                versions.zip(opened.origin.version.as_ref()).is_some_and(|(own, new)| own.same_file(new))
            };
            if let Some(id) = self.tabs.iter().find(|tab| same(tab)).map(|tab| tab.id) {
                if options.left.is_none() {
                    self.place_caret(id, options);
                    self.apply_options(id, options);
                    if let Some(request) = &options.array {
                        self.show_wanted(id, request);
                    }
                }
                if options.in_front {
                    self.bring_to_front(id);
                }
                return Some(id);
            }
        }
        match self.facts(opened, pending) {
            Ok(facts) => {
                if *reloads {
                    self.reloaded(*tab, facts, opening.revision);
                } else {
                    self.add_file_tab(*tab, opened, facts, options);
                }
                self.remember_interrupted(*tab, interrupted);
                Some(*tab)
            }
            Err(error) => {
                let text = format!(
                    "{} was not opened: no thread could be started ({error}).",
                    opened.path().shown()
                );
                self.context.notices.push(Level::Error, Topic::Open, reloads.then_some(*tab), text);
                None
            }
        }
    }

    /// Puts the cache before an opened file and has it watched.
    fn facts(&mut self, opened: &Opened, pending: Option<&Pending>) -> std::io::Result<FileFacts> {
        let cached = self.context.cache.attach(opened.source.clone())?;
        let generation = right_generation(&self.context.cache, cached.clone(), pending);
        Ok(self.facts_of(opened, cached, Arc::new(generation)))
    }

    /// What is known of an opened file that has a cache before it already; has it watched.
    pub(super) fn facts_of(
        &self,
        opened: &Opened,
        cached: Arc<CachedSource>,
        generation: Arc<Generation>,
    ) -> FileFacts {
        let watch = match (&self.context.watcher, opened.origin.file_identity()) {
            (Some(watcher), Some(identity)) => {
                Some(watcher.watch(opened.path(), identity, opened.file.as_ref()))
            }
            _ => None,
        };
        FileFacts {
            origin: opened.origin.clone(),
            kind: opened.kind,
            writable: opened.writable,
            watch,
            source: opened.file.clone(),
            cached,
            generation,
            record: Arc::default(),
        }
    }

    fn add_file_tab(&mut self, id: TabId, opened: &Opened, facts: FileFacts, options: &OpenOptions) {
        let title = match opened.path().file_name() {
            Some(name) => name.shown().to_string(),
            None => opened.path().shown().to_string(),
        };
        let title = if opened.asked == Path::new(STDIN) { String::from("standard input") } else { title };
        let document = Document::new(facts.generation.clone());
        let remember = facts.is_stored().then(|| facts.path().to_owned());
        self.add_tab(id, title, document, options);
        if let Some(tab) = self.tabs.get_mut(id) {
            tab.file = Some(facts);
        }
        self.place_caret(id, options);
        if let (Some(left), Some(tab)) = (&options.left, self.tabs.get_mut(id)) {
            tab.look_as_left(left);
            self.features.left_tabs.insert(id, left.clone());
        }
        self.features.wanted_arrays.extend(options.array.clone().map(|request| (id, request)));
        self.look_for_arrays(id);
        if let Some(path) = remember {
            self.context.remember_recent(&path, 0);
        }
    }

    /// Shows `source`, which no file is behind, in a tab in front.
    pub fn open_source(&mut self, title: String, source: SharedSource) -> TabId {
        let id = self.tabs.next_id();
        let options = OpenOptions { in_front: true, ..OpenOptions::default() };
        self.add_tab(id, title, Document::new(source), &options);
        id
    }

    /// Adds a tab with the views of the settings, changed by `options`.
    pub(super) fn add_tab(&mut self, id: TabId, title: String, document: Document, options: &OpenOptions) {
        let (bytes, values) = self.first_formats(options);
        // A title of a log of edits comes from a file too.
        let mut tab = Tab::new(id, escape(title), document, View::new(bytes), View::new(values));
        tab.locked = options.read_only || self.context.settings.read_only_by_default;
        if let Some(front) = self.tabs.front() {
            tab.set_pair_shares(front.pair_shares());
        }
        let values = options.dtype.is_some();
        tab.show(true, values);
        if options.dtype.is_some() {
            tab.set_focus(PaneKey::TYPED);
        }
        let is_first = self.tabs.front_id().is_none();
        self.tabs.add(tab);
        if options.in_front || is_first {
            self.bring_to_front(id);
        }
    }

    fn first_formats(&self, options: &OpenOptions) -> (ViewFormat, ViewFormat) {
        let settings = &self.context.settings;
        let dtype = options.dtype.or_else(|| settings.dtype.parse().ok()).unwrap_or(super::DEFAULT_DTYPE);
        let columns = |asked: Option<u32>, usual: u32| match asked.unwrap_or(usual) {
            0 => Columns::Fit,
            cells => Columns::Fixed(cells),
        };
        let encoding =
            options.encoding.or_else(|| Encoding::from_name(&settings.encoding)).unwrap_or_default();
        let bytes = ViewFormat {
            kind: CellKind::Bytes(Radix::Hex),
            columns: columns(options.columns.filter(|_| options.dtype.is_none()), settings.columns),
            group: settings.grouping,
            upper: settings.upper_case,
            text: settings.text_column.then_some(encoding),
            ..ViewFormat::default()
        };
        let values = ViewFormat {
            kind: CellKind::Values(dtype),
            columns: columns(options.columns.filter(|_| options.dtype.is_some()), 0),
            group: 0,
            text: None,
            ..ViewFormat::default()
        };
        (bytes, values)
    }

    /// What else was asked for of a file that is open already.
    fn apply_options(&mut self, id: TabId, options: &OpenOptions) {
        let Some(tab) = self.tabs.get_mut(id) else { return };
        tab.locked |= options.read_only;
        if let Some(dtype) = options.dtype {
            tab.show_values_of(dtype);
        }
        if let Some(cells) = options.columns.filter(|cells| *cells > 0) {
            tab.set_columns(options.dtype.is_some(), cells);
        }
    }

    fn place_caret(&mut self, id: TabId, options: &OpenOptions) {
        let Some(text) = &options.offset else { return };
        let Some(tab) = self.tabs.get_mut(id) else { return };
        match tab.evaluate(text) {
            Ok(offset) => {
                tab.go(Selection::caret_at(offset, tab.selection.column));
            }
            Err(reason) => {
                let text = format!("{}: {reason}", tab.title);
                self.context.notices.push(Level::Warning, Topic::Open, Some(id), text);
            }
        }
    }

    /// An empty document without a file.
    pub(super) fn new_file(&mut self) {
        self.features.untitled += 1;
        let title = if self.features.untitled == 1 {
            String::from("untitled")
        } else {
            format!("untitled {}", self.features.untitled)
        };
        let id = self.open_source(title, Arc::new(MemorySource::new(Vec::new())));
        if let Some(tab) = self.tabs.get_mut(id) {
            tab.insert = true;
            tab.locked = false;
        }
        self.context.want_grid_focus();
    }

    /// The built-in sample, with the values beside the bytes.
    pub(super) fn open_sample(&mut self) {
        let id = self.open_source(String::from("sample"), Arc::new(MemorySource::new(SAMPLE.to_vec())));
        if let Some(tab) = self.tabs.get_mut(id) {
            tab.show(true, true);
        }
        self.context.want_grid_focus();
    }

    /// The file of `id` has been read anew; edits and undo are gone.
    ///
    /// What was edited or is being saved since the user asked is not what the user agreed to lose.
    fn reloaded(&mut self, id: TabId, facts: FileFacts, asked_at: Option<Revision>) {
        let Some(tab) = self.tabs.get_mut(id) else {
            self.context.unwatch(&facts);
            return;
        };
        if tab.saving || tab.edit.is_some() || asked_at != Some(tab.document.revision()) {
            let text =
                format!("{} was edited while it was being reloaded, so your edits were kept.", tab.title);
            let ways_out = vec![("Reload", Action::External(ExternalAction::Reload(id)))];
            self.context.notices.push_with(Level::Warning, Topic::Open, Some(id), text, ways_out);
            self.context.unwatch(&facts);
            return;
        }
        if let Some(old) = tab.file.take() {
            self.context.unwatch(&old);
        }
        tab.document.reset(facts.generation.clone());
        tab.file = Some(facts);
        tab.edit = None;
        tab.selection = Selection::caret_at(tab.selection.caret, tab.selection.column);
        tab.distrust_header();
        tab.refresh();
        self.look_for_arrays(id);
        self.context.notices.clear(Topic::Open, Some(id));
        self.settle_outside(id);
    }
}

/// What is known of `file` when `source` takes its place, or is the same with another length.
pub(super) fn facts_of(
    cache: &PageCache,
    file: &FileFacts,
    source: Arc<FileSource>,
    cached: Arc<CachedSource>,
) -> FileFacts {
    FileFacts {
        origin: Origin::new(file.origin.location.clone(), Some(source.identity().clone())),
        kind: file.kind,
        writable: file.writable,
        watch: file.watch,
        generation: Arc::new(right_generation(cache, cached.clone(), None)),
        source: Some(source),
        cached,
        record: file.record.clone(),
    }
}

impl From<&OpenTab> for OpenOptions {
    fn from(tab: &OpenTab) -> Self {
        Self {
            offset: None,
            dtype: tab.dtype.as_ref().and_then(|name| name.parse().ok()),
            array: None,
            columns: None,
            encoding: tab.encoding.as_deref().and_then(Encoding::from_name),
            read_only: tab.read_only,
            in_front: false,
            left: Some(tab.clone()),
        }
    }
}
