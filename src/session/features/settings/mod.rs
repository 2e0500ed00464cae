//! What is kept for the next start: settings, recent files, open tabs. Workers write it.

pub mod panels;

use crate::decode::Encoding;
use crate::job::Job;
use crate::session::arrays::BarField;
use crate::session::context::{Context, now};
use crate::session::effect::Effect;
use crate::session::ids::TabId;
use crate::session::jobs::{Activity, Jobs, Task};
use crate::session::notice::{Level, Topic};
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use crate::state::{Folders, OpenTab, OpenTabs, RecentFiles, Settings, WindowPlace};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, Instant};

/// So long the end of the program waits for what writes to the state folder.
pub(in crate::session) const PATIENCE: Duration = Duration::from_secs(2);
/// So long a caret or a position has to wait until it is written: scrolling is no work for the disk.
const CALM: Duration = Duration::from_secs(2);
/// How often that wait looks whether something else is to be written.
const STEP: Duration = Duration::from_millis(10);

/// A write on its way.
type Kept = Job<Result<(), String>>;

/// What is being written, and what was last.
#[derive(Debug, Default)]
pub(in crate::session) struct Keeping {
    /// At most one write at a time.
    writing: Jobs<(), Result<(), String>>,
    /// Whether it waits for calm and may give way to another.
    is_patient: bool,
    mark: Mark,
    tabs: OpenTabs,
    window: Option<WindowPlace>,
}

/// Tabs of the last session that do not yet look as they were left.
#[derive(Debug, Default)]
pub(in crate::session) struct Unfinished<'a> {
    /// Files that are still being opened, each with its place among the tabs.
    pub opening: Vec<(u64, &'a OpenTab)>,
    /// Tabs whose array is on its way to the screen.
    pub arrays: Vec<(TabId, &'a OpenTab)>,
}

/// Hashes of what is remembered of tabs: what is written at once when it changes, and what may wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Mark {
    structure: u64,
    places: u64,
}

/// What was read at the start.
#[derive(Debug, Default)]
pub struct Remembered {
    pub folders: Option<Folders>,
    pub settings: Settings,
    pub recent: RecentFiles,
    pub tabs: OpenTabs,
    /// What could not be read, for the user.
    pub messages: Vec<String>,
}

impl Remembered {
    /// Reads all of it. Blocks shortly; before the window is there.
    pub fn load(folders: Option<Folders>) -> Self {
        let Some(folders) = folders else { return Self::default() };
        folders.keep_to_the_user();
        let settings = Settings::load(&folders);
        let recent = RecentFiles::load(&folders);
        let tabs = OpenTabs::load(&folders);
        let messages = [settings.message, recent.message, tabs.message].into_iter().flatten().collect();
        Self {
            folders: Some(folders),
            settings: settings.value,
            recent: recent.value,
            tabs: tabs.value,
            messages,
        }
    }
}

impl Keeping {
    /// The tabs of the last session are these.
    pub fn remember(&mut self, tabs: OpenTabs, now: &Tabs, unfinished: &Unfinished<'_>, context: &Context) {
        self.window = tabs.window;
        // What is on the disk is not written again.
        self.mark = self.mark(now, unfinished, context);
        self.tabs = tabs;
    }

    /// The window is like this now; it opens like it next time.
    pub fn window_is(&mut self, place: WindowPlace) {
        self.window = Some(place);
    }

    /// Where the window was last time, or is now.
    pub fn window(&self) -> Option<WindowPlace> {
        self.window
    }

    /// Ends a write that is waiting, and waits for one that is under way.
    pub fn stop(&mut self, deadline: Instant) {
        // One that waits for calm need not.
        self.writing.cancel_all();
        self.writing.wait_until(deadline);
    }

    /// Window and tabs as they are now. What is still being opened from last time is as it was then.
    fn open_tabs(&self, tabs: &Tabs, unfinished: &Unfinished<'_>, context: &Context) -> OpenTabs {
        let mut open = OpenTabs { window: self.window, ..OpenTabs::default() };
        if !context.settings.restore_tabs {
            return open;
        }
        let shown = tabs.iter().filter_map(|tab| {
            let waiting = unfinished.arrays.iter().find(|(id, _)| *id == tab.id);
            let left = waiting.map(|(_, left)| (*left).clone()).or_else(|| tab.as_left())?;
            Some((tab.place, Some(tab.id) == tabs.front_id(), left))
        });
        let mut all: Vec<(u64, bool, OpenTab)> = shown.collect();
        all.extend(unfinished.opening.iter().map(|(place, tab)| (*place, false, (*tab).clone())));
        all.sort_by_key(|(place, ..)| *place);
        open.active = all.iter().position(|(_, active, _)| *active).unwrap_or(0);
        open.tabs = all.into_iter().map(|(.., tab)| tab).collect();
        open
    }

    /// Takes what has been written, and wants what has changed since to be written.
    pub fn poll(&mut self, _: &mut Tabs, context: &mut Context) {
        for ended in self.writing.drain_finished() {
            if let Some(Err(text)) = ended.answer {
                context.notices.push(Level::Warning, Topic::State, None, text);
            }
        }
        context.want(Effect::KeepState);
    }

    /// It works unseen.
    pub fn activities(&self) -> impl Iterator<Item = Activity> {
        self.writing.activities()
    }

    /// The user can end nothing of it.
    pub fn cancel(&mut self, _: &mut Context) -> bool {
        false
    }

    /// Whether tabs, settings and recent files are in the state folder as they were at the last tick. Carets and positions
    /// may still wait.
    pub fn has_kept(&self) -> bool {
        self.writing.is_empty() || self.is_patient
    }

    /// Writes what has changed, on a worker; at most one write at a time. Tabs that come, go or change are written at
    /// once, as the program may be ended at any moment; carets and positions when some time has passed.
    pub fn keep(&mut self, tabs: &Tabs, unfinished: &Unfinished<'_>, context: &mut Context) {
        let is_running = !self.writing.is_empty();
        if !is_running {
            self.is_patient = false;
        } else if !self.is_patient {
            return;
        }
        let Some(folders) = context.folders.clone() else { return };
        let now = self.mark(tabs, unfinished, context);
        let structure = now.structure != self.mark.structure;
        let is_urgent = context.settings_changed || context.recent_changed || structure;
        if !is_urgent && (is_running || now == self.mark) {
            return;
        }
        self.mark = now;
        let open = Some(self.open_tabs(tabs, unfinished, context)).filter(|open| *open != self.tabs);
        if let Some(open) = &open {
            self.tabs = open.clone();
        }
        let settings = std::mem::take(&mut context.settings_changed).then(|| context.settings.clone());
        let recent = std::mem::take(&mut context.recent_changed).then(|| context.recent.clone());
        let state = State { settings, recent, tabs: open };
        // What waits to be written is older, and must not come after this.
        let before = self.writing.take();
        if state.is_empty() && before.is_none() {
            return;
        }
        self.start(folders, state, before, !is_urgent, context);
    }

    fn start(
        &mut self,
        folders: Folders,
        mut state: State,
        before: Option<Kept>,
        is_patient: bool,
        context: &Context,
    ) {
        if let Some(before) = &before {
            before.progress().cancel();
            // It may have had these, and is told not to write them.
            state.tabs.get_or_insert_with(|| self.tabs.clone());
        }
        // Without a thread the change is written with the next one, or at the end.
        let _ = self.writing.start(context.waker(), Task::hidden("settings"), (), move |progress| {
            before.map(Job::wait);
            let until = Instant::now() + if is_patient { CALM } else { Duration::ZERO };
            while Instant::now() < until {
                if progress.is_cancelled() {
                    return Ok(());
                }
                std::thread::sleep(STEP);
            }
            state.save(&folders)
        });
        self.is_patient = is_patient;
    }

    /// What tabs and window are like, in few bytes: asked every frame.
    fn mark(&self, tabs: &Tabs, unfinished: &Unfinished<'_>, context: &Context) -> Mark {
        let (mut structure, mut places) = (DefaultHasher::new(), DefaultHasher::new());
        context.settings.restore_tabs.hash(&mut structure);
        tabs.front_id().hash(&mut structure);
        unfinished.opening.iter().for_each(|(place, _)| place.hash(&mut structure));
        for tab in tabs.iter() {
            tab.mark(&mut structure, &mut places);
        }
        if let Some(window) = self.window {
            for number in [Some(window.width), Some(window.height), window.x, window.y] {
                number.map(f32::to_bits).hash(&mut places);
            }
            window.maximized.hash(&mut places);
        }
        Mark { structure: structure.finish(), places: places.finish() }
    }

    /// Writes all of it, before the program ends. Waits shortly; the window is closed then.
    ///
    /// # Errors
    /// A sentence for the log.
    pub fn end(
        &mut self,
        tabs: &Tabs,
        unfinished: &Unfinished<'_>,
        context: &mut Context,
    ) -> Result<(), String> {
        let Some(folders) = context.folders.clone() else { return Ok(()) };
        for tab in tabs.iter() {
            if let Some(file) = tab.file.as_ref().filter(|file| file.is_stored()) {
                context.recent.touch(file.path(), tab.caret(), now());
            }
        }
        let open = self.open_tabs(tabs, unfinished, context);
        let (settings, recent) = (context.settings.clone(), context.recent.clone());
        let state = State { settings: Some(settings), recent: Some(recent), tabs: Some(open) };
        // A write that is under way is older than this one and must not come after it.
        let before = self.writing.take();
        let started = self.writing.start(context.waker(), Task::hidden("settings"), (), move |_| {
            if let Some(before) = before {
                before.progress().cancel();
                before.wait();
            }
            state.save(&folders)
        });
        started.map_err(|(error, ())| format!("no thread could be started ({error})"))?;
        let ended = self.writing.wait_until(Instant::now() + PATIENCE).into_iter().next();
        ended.unwrap_or_else(|| {
            Err(String::from("the state folder took too long, or another program has locked it"))
        })
    }
}

/// What is to be written; `None` where nothing is new.
struct State {
    settings: Option<Settings>,
    recent: Option<RecentFiles>,
    tabs: Option<OpenTabs>,
}

impl State {
    fn is_empty(&self) -> bool {
        self.settings.is_none() && self.recent.is_none() && self.tabs.is_none()
    }

    /// Blocks. Writes what it can, and answers the first thing that went wrong.
    fn save(self, folders: &Folders) -> Result<(), String> {
        let settings = self.settings.map_or(Ok(()), |settings| settings.save(folders));
        let recent = self.recent.map_or(Ok(()), |recent| recent.save(folders).map(drop));
        let tabs = self.tabs.map_or(Ok(()), |tabs| tabs.save(folders));
        settings.and(recent).and(tabs).map_err(|error| error.to_string())
    }
}

impl Tab {
    /// Tells two hashes what of this tab is remembered: what it is and how it is shown; where the caret and the view are.
    fn mark(&self, structure: &mut DefaultHasher, places: &mut DefaultHasher) {
        let Some(file) = self.file.as_ref().filter(|file| file.is_stored()) else { return };
        (self.place, file.path(), self.locked, self.focus().number()).hash(structure);
        // A line that is dragged may wait.
        self.layout().panes().into_iter().for_each(|pane| pane.number().hash(structure));
        self.layout().to_string().hash(places);
        Encoding::name(self.text_encoding()).hash(structure);
        (self.selection.anchor, self.selection.caret).hash(places);
        for pane in self.panes().iter() {
            (pane.key.number(), pane.linked, pane.content.kind()).hash(structure);
            if let Some(view) = pane.content.hex() {
                let format = &view.format;
                (format.columns, format.radix, format.origin, format.text.map(Encoding::name))
                    .hash(structure);
            }
            if let Some(values) = pane.content.values() {
                (values.format.columns, values.format.dtype, values.format.origin).hash(structure);
            }
            if let Some(view) = pane.content.rows() {
                (view.viewport.top, view.viewport.sub.to_bits()).hash(places);
            }
            let Some(view) = pane.content.array() else { continue };
            (&view.name, view.style, view.table.axes().rows, view.table.axes().columns).hash(structure);
            BarField::ALL.into_iter().for_each(|field| view.bar.text(field).hash(structure));
            (view.wrap, view.block.caret, view.down.top, view.across.top, &view.table.axes().at).hash(places);
        }
    }
}
