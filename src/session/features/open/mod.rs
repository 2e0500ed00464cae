//! Opening files: from paths to tabs, on a worker, with one job for each file, so that a dead disk blocks no other
//! file. It only reads. A file that is already open is shown, not opened twice.

pub(in crate::session) mod new_tab;
pub(in crate::session) mod options;
mod typed_path;

pub use typed_path::PathHelp;

use crate::bytes::open::{self, OpenError, Opened};
use crate::bytes::{MemorySource, spool};
use crate::document::{Document, Revision};
use crate::escape::PathText;
use crate::job::Progress;
use crate::save::{Pending, SaveError, destination_of};
use crate::session::action::{Action, ExternalAction, OpenAction};
use crate::session::context::Context;
use crate::session::effect::Effect;
use crate::session::features::save_flow::recovery::remember_interrupted;
use crate::session::generations::{facts_of, right_generation};
use crate::session::ids::TabId;
use crate::session::jobs::{Activity, Jobs, Task};
use crate::session::notice::{Level, Topic};
use crate::session::tab::{FileFacts, Tab};
use crate::session::tabs::Tabs;
use crate::session::view::Selection;
use crate::state::edit_log::{About, PatchText};
use crate::state::{Folders, OpenTab};
use new_tab::{add_tab, apply_options, place_caret, show_source};
use options::{OpenOptions, STDIN};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is being opened.
#[derive(Debug, Default)]
pub struct Open {
    jobs: Jobs<Opening, Result<FileRead, OpenError>>,
    /// What helps to type a path.
    pub paths: PathHelp,
    /// How many documents without a file there were.
    untitled: u64,
}

/// A file that is on its way.
#[derive(Debug)]
struct Opening {
    path: PathBuf,
    options: OpenOptions,
    /// The tab to be, numbered when it was asked for: tabs stand in that order, whichever disk is faster.
    tab: TabId,
    /// Whether the tab is there and waits for its file to be read anew.
    reloads: bool,
    /// What that tab was like when it was asked for.
    revision: Option<Revision>,
    /// Something was typed meanwhile, and the next keys are meant for the same tab.
    stays_behind: bool,
}

/// What the worker hands back: the file, and what an interrupted save has left beside it.
#[derive(Debug)]
struct FileRead {
    opened: Opened,
    interrupted: Result<Option<Pending>, SaveError>,
}

/// The built-in sample: its layout is told in its own first lines.
const SAMPLE: &[u8] = include_bytes!("../../../../assets/sample.bin");

impl Open {
    /// Does what the window asks.
    pub fn apply(&mut self, action: OpenAction, tabs: &mut Tabs, context: &mut Context) {
        match action {
            OpenAction::Files(paths) => self.open_all(paths, false, tabs, context),
            OpenAction::Locked(paths) => self.open_all(paths, true, tabs, context),
            OpenAction::Typed(path) => {
                self.paths.send(path.clone(), context);
                self.start(
                    path,
                    OpenOptions { in_front: true, ..OpenOptions::default() },
                    None,
                    tabs,
                    context,
                );
            }
            OpenAction::ListFolder(folder) => self.paths.list(folder, context),
        }
    }

    /// Takes what has been opened since the last call.
    pub fn poll(&mut self, tabs: &mut Tabs, context: &mut Context) {
        for ended in self.jobs.drain_finished() {
            let mut opening = ended.what;
            let about = opening.reloads.then_some(opening.tab);
            match ended.answer {
                Some(Ok(read)) => {
                    opened(read, &mut opening, tabs, context);
                    self.paths.opened(&opening.path, context);
                }
                Some(Err(error)) => {
                    context.forget_recent_if_missing(&opening.path, &error);
                    let restored = opening.options.left.is_some() || opening.reloads;
                    if !restored && self.paths.failed(&opening.path, &error, context) {
                        continue;
                    }
                    context.notices.push(Level::Error, Topic::Open, about, error.to_string());
                }
                None => {
                    let text = format!(
                        "{} was not opened: the reader stopped unexpectedly. Open it again.",
                        opening.path.shown()
                    );
                    context.notices.push(Level::Error, Topic::Open, about, text);
                }
            }
        }
        self.paths.poll();
    }

    /// What is running.
    pub fn activities(&self) -> impl Iterator<Item = Activity> {
        self.jobs.activities()
    }

    /// Files that are being opened.
    pub fn under_way(&self) -> impl Iterator<Item = &Path> {
        self.jobs.iter().map(|opening| opening.path.as_path())
    }

    /// Tabs of the last session that are being opened: the place of each among the tabs, and how it was left.
    pub fn left(&self) -> impl Iterator<Item = (u64, &OpenTab)> {
        self.jobs.iter().filter_map(|opening| Some((opening.tab.number(), opening.options.left.as_ref()?)))
    }

    /// Opens nothing more of what is on its way; `false` when nothing is.
    pub fn cancel(&mut self, _: &mut Context) -> bool {
        self.jobs.clear()
    }

    /// Something was typed: what is on its way stays behind the tab in front.
    pub fn stay_behind(&mut self) {
        self.jobs.iter_mut().for_each(|opening| opening.stays_behind = true);
    }

    fn open_all(&mut self, paths: Vec<PathBuf>, read_only: bool, tabs: &mut Tabs, context: &mut Context) {
        context.close_dialog();
        for path in paths {
            let options = OpenOptions { in_front: true, read_only, ..OpenOptions::default() };
            self.start(path, options, None, tabs, context);
        }
    }

    /// Starts to open `path`, or to read the file of the tab `reload` anew.
    pub fn start(
        &mut self,
        path: PathBuf,
        options: OpenOptions,
        reload: Option<TabId>,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        if options.in_front && options.left.is_none() {
            self.jobs.iter_mut().for_each(|other| other.options.in_front &= other.options.left.is_none());
        }
        if let Some(opening) = self.jobs.iter_mut().find(|opening| opening.path == path) {
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
        self.start_reading(path, options, reload, tabs, context, read);
    }

    /// Starts to open what `read` answers, under the name `path`.
    fn start_reading(
        &mut self,
        path: PathBuf,
        options: OpenOptions,
        reload: Option<TabId>,
        tabs: &mut Tabs,
        context: &mut Context,
        read: impl FnOnce(&Progress) -> Result<Opened, OpenError> + Send + 'static,
    ) {
        let journals = context.folders.as_ref().map(Folders::journals);
        let reloads = reload.is_some();
        let tab = reload.unwrap_or_else(|| tabs.next_id());
        let revision = tabs.get(tab).map(|tab| tab.document.revision());
        let name = path.file_name().unwrap_or(path.as_os_str()).shown();
        let task = Task::shown("open", format!("Opening {name}")).without_fraction().about(tab);
        let opening = Opening { path, options, tab, reloads, revision, stays_behind: false };
        let started = self.jobs.start(context.waker(), task, opening, move |progress| {
            let opened = read(progress)?;
            let interrupted = match opened.origin.version {
                Some(_) => {
                    let location = &opened.origin.location;
                    destination_of(location).pending(location, journals.as_deref())
                }
                None => Ok(None),
            };
            Ok(FileRead { opened, interrupted })
        });
        if let Err((error, opening)) = started {
            not_opened(&opening.path, None, &error, context);
        }
    }

    /// Opens the changes of the tab in front as a text, which no file holds yet.
    pub fn show_patch(&mut self, tabs: &mut Tabs, context: &mut Context) {
        let Some(tab) = tabs.front() else { return };
        let now = tab.shown().clone();
        let Some(base) = now.base().cloned() else { return };
        let file = tab.file.as_ref();
        let about = About { title: tab.title.clone(), origin: file.map(|file| file.origin.clone()) };
        let mut name = about.path().map_or_else(|| PathBuf::from(&about.title), Path::to_owned);
        name.as_mut_os_string().push(".patch.txt");
        let text = PatchText::new(&about, None, now, base);
        let own = name.clone();
        let options = OpenOptions { in_front: true, ..OpenOptions::default() };
        self.start_reading(name, options, None, tabs, context, move |progress| {
            spool::spool_reader(text, &own, u64::MAX, progress)
        });
    }

    /// An empty document without a file.
    pub fn new_file(&mut self, tabs: &mut Tabs, context: &mut Context) {
        self.untitled += 1;
        let title = match self.untitled {
            1 => String::from("untitled"),
            number => format!("untitled {number}"),
        };
        let id = show_source(title, Arc::new(MemorySource::new(Vec::new())), tabs, context);
        if let Some(tab) = tabs.get_mut(id) {
            tab.insert = true;
            tab.locked = false;
        }
        context.want_grid_focus();
    }
}

/// The built-in sample, with the values beside the bytes.
pub(in crate::session) fn open_sample(tabs: &mut Tabs, context: &mut Context) {
    let source = Arc::new(MemorySource::new(SAMPLE.to_vec()));
    let id = show_source(String::from("sample"), source, tabs, context);
    if let Some(tab) = tabs.get_mut(id) {
        tab.show(true, true);
    }
    context.want_grid_focus();
}

fn not_opened(path: &Path, about: Option<TabId>, error: &std::io::Error, context: &mut Context) {
    let text = format!("{} was not opened: no thread could be started ({error}).", path.shown());
    context.notices.push(Level::Error, Topic::Open, about, text);
}

fn opened(read: FileRead, opening: &mut Opening, tabs: &mut Tabs, context: &mut Context) {
    let asked_in_front = opening.options.in_front;
    opening.options.in_front &= !opening.stays_behind;
    let tab = take_opened(&read, opening, tabs, context);
    let is_behind = opening.options.left.is_none() && tab.is_some_and(|tab| tabs.front_id() != Some(tab));
    if asked_in_front && !opening.options.in_front && is_behind {
        let name = opening.path.file_name().unwrap_or(opening.path.as_os_str());
        context.say(format!("{} is open in another tab.", name.shown()));
    }
}

/// Answers the tab that shows it.
fn take_opened(read: &FileRead, opening: &Opening, tabs: &mut Tabs, context: &mut Context) -> Option<TabId> {
    let FileRead { opened, interrupted } = read;
    let Opening { options, tab, reloads, .. } = opening;
    if !reloads && let Some(id) = show_open(opened, options, tabs, context) {
        return Some(id);
    }
    let pending = interrupted.as_ref().ok().and_then(Option::as_ref);
    match facts(opened, pending, context) {
        Ok(facts) => {
            if *reloads {
                reloaded(*tab, facts, opening.revision, tabs, context);
            } else {
                add_file_tab(*tab, opened, facts, options, tabs, context);
            }
            remember_interrupted(*tab, interrupted, tabs, context);
            Some(*tab)
        }
        Err(error) => {
            not_opened(opened.path(), reloads.then_some(*tab), &error, context);
            None
        }
    }
}

/// Shows a file in the tab that has it open already, if one has.
fn show_open(
    opened: &Opened,
    options: &OpenOptions,
    tabs: &mut Tabs,
    context: &mut Context,
) -> Option<TabId> {
    let is_same = |tab: &Tab| tab.file.as_ref().is_some_and(|file| file.origin.same_place(&opened.origin));
    let tab = tabs.iter_mut().find(|tab| is_same(tab))?;
    let id = tab.id;
    if options.left.is_none() {
        place_caret(tab, options, context);
        apply_options(tab, options);
        if let Some(request) = &options.array {
            context.want(Effect::ShowArray { tab: id, request: request.clone() });
        }
    }
    if options.in_front {
        tabs.show(id, context);
    }
    Some(id)
}

/// Puts the cache before an opened file and has it watched.
fn facts(opened: &Opened, pending: Option<&Pending>, context: &Context) -> std::io::Result<FileFacts> {
    let cached = context.cache.attach(opened.source.clone())?;
    let generation = right_generation(&context.cache, cached.clone(), pending);
    Ok(facts_of(opened, cached, Arc::new(generation), context.watcher.as_ref()))
}

fn add_file_tab(
    id: TabId,
    opened: &Opened,
    facts: FileFacts,
    options: &OpenOptions,
    tabs: &mut Tabs,
    context: &mut Context,
) {
    let title = match opened.path().file_name() {
        Some(name) => name.shown().to_string(),
        None => opened.path().shown().to_string(),
    };
    let title = if opened.asked == Path::new(STDIN) { String::from("standard input") } else { title };
    let document = Document::new(facts.generation.clone());
    let remember = facts.is_stored().then(|| facts.path().to_owned());
    add_tab(id, title, document, options, tabs, context);
    if let Some(tab) = tabs.get_mut(id) {
        tab.file = Some(facts);
        place_caret(tab, options, context);
        if let Some(left) = &options.left {
            tab.look_as_left(left);
        }
    }
    let (array, left) = (options.array.clone(), options.left.clone().map(Box::new));
    context.want(Effect::FileOpened { tab: id, array, left });
    if let Some(path) = remember {
        context.remember_recent(&path, 0);
    }
}

/// The file of `id` has been read anew; edits and undo are gone.
///
/// What was edited or is being saved since the user asked is not what the user agreed to lose.
fn reloaded(id: TabId, facts: FileFacts, asked_at: Option<Revision>, tabs: &mut Tabs, context: &mut Context) {
    let Some(tab) = tabs.get_mut(id) else {
        context.unwatch(&facts);
        return;
    };
    if tab.is_saving() || tab.edit.is_some() || asked_at != Some(tab.document.revision()) {
        let text = format!("{} was edited while it was being reloaded, so your edits were kept.", tab.title);
        let ways_out = vec![("Reload", Action::External(ExternalAction::Reload(id)))];
        context.notices.push_with(Level::Warning, Topic::Open, Some(id), text, ways_out);
        context.unwatch(&facts);
        return;
    }
    if let Some(old) = tab.file.take() {
        context.unwatch(&old);
    }
    tab.document.reset(facts.generation.clone());
    tab.file = Some(facts);
    tab.edit = None;
    tab.selection = Selection::caret_at(tab.selection.caret, tab.selection.column);
    tab.distrust_header();
    tab.refresh();
    context.want(Effect::ReadHeader(id));
    context.notices.clear(Topic::Open, Some(id));
    context.want(Effect::SettleExternalChange(id));
}
