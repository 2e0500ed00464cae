//! What the session keeps for the next start: settings, recent files, open tabs. Written by workers.

use super::arrays::BarField;
use super::context::now;
use super::notice::{Level, Topic};
use super::tab::Tab;
use super::unsaved::PATIENCE;
use super::{OpenOptions, Session};
use crate::decode::Encoding;
use crate::job::{Job, Poll};
use crate::state::{Folders, OpenTab, OpenTabs, RecentFiles, Settings, WindowPlace};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, Instant};

/// So long a caret or a position has to wait until it is written: scrolling is no work for the disk.
const CALM: Duration = Duration::from_secs(2);
/// How often that wait looks whether something else is to be written.
const STEP: Duration = Duration::from_millis(10);
/// So long the end of the program waits for the disk.
const AT_END: Duration = PATIENCE;

/// A write on its way.
type Kept = Job<Result<(), String>>;

/// What is being written, and what was last.
#[derive(Debug, Default)]
pub(super) struct Keeping {
    job: Option<Kept>,
    /// Whether the job waits for calm and may give way to another.
    is_patient: bool,
    mark: Mark,
    tabs: OpenTabs,
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

impl Drop for Session {
    /// Whoever writes to the state folder ends before the session does, so that nothing is written there afterwards. A
    /// folder that does not answer is waited for shortly; the window is closed then.
    fn drop(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        self.features.unsaved.wait(deadline);
        self.features.unsaved.offers.stop(deadline);
        self.features.elsewhere.stop(deadline);
        if let Some(job) = self.features.keeping.job.take() {
            // One that waits for calm need not.
            job.progress().cancel();
            job.wait_until(deadline);
        }
    }
}

impl Session {
    /// Opens the tabs of the last session.
    pub(super) fn restore_tabs(&mut self, tabs: OpenTabs) {
        self.features.window = tabs.window;
        if self.context.settings.restore_tabs {
            for (at, tab) in tabs.tabs.iter().enumerate() {
                let options = OpenOptions { in_front: at == tabs.active, ..OpenOptions::from(tab) };
                self.open(tab.path.clone(), options);
            }
        }
        // What is on the disk is not written again.
        self.features.keeping.mark = self.mark();
        self.features.keeping.tabs = tabs;
    }

    /// The window is like this now; it opens like it next time.
    pub fn window_is(&mut self, place: WindowPlace) {
        self.features.window = Some(place);
    }

    /// Where the window was last time, or is now.
    pub fn window(&self) -> Option<WindowPlace> {
        self.features.window
    }

    /// Window and tabs as they are now. What is still being opened from last time is as it was then.
    fn open_tabs(&self) -> OpenTabs {
        let mut open = OpenTabs { window: self.features.window, ..OpenTabs::default() };
        if !self.context.settings.restore_tabs {
            return open;
        }
        let shown = self.tabs.iter().filter_map(|tab| {
            // Its array is on its way to the screen.
            let waiting =
                self.features.left_tabs.get(&tab.id).or_else(|| self.features.arrays.left.get(&tab.id));
            Some((
                tab.place,
                Some(tab.id) == self.tabs.front_id(),
                waiting.cloned().or_else(|| tab.as_left())?,
            ))
        });
        let mut all: Vec<(u64, bool, OpenTab)> = shown.collect();
        all.extend(self.still_left().map(|(place, tab)| (place, false, tab.clone())));
        all.sort_by_key(|(place, ..)| *place);
        open.active = all.iter().position(|(_, active, _)| *active).unwrap_or(0);
        open.tabs = all.into_iter().map(|(.., tab)| tab).collect();
        open
    }

    /// Writes what has changed, on a worker; at most one write at a time. Tabs that come, go or change are written at
    /// once, as the program may be ended at any moment; carets and positions when some time has passed.
    pub(super) fn keep_state(&mut self) {
        let is_running = match self.features.keeping.job.as_mut().map(Job::poll) {
            Some(Poll::Running) => true,
            Some(Poll::Done(Err(text))) => {
                self.context.notices.push(Level::Warning, Topic::State, None, text);
                false
            }
            Some(Poll::Done(Ok(())) | Poll::Lost) | None => false,
        };
        if !is_running {
            self.features.keeping.job = None;
            self.features.keeping.is_patient = false;
        } else if !self.features.keeping.is_patient {
            return;
        }
        let Some(folders) = self.context.folders.clone() else { return };
        let now = self.mark();
        let structure = now.structure != self.features.keeping.mark.structure;
        let is_urgent = self.context.settings_changed || self.context.recent_changed || structure;
        if !is_urgent && (is_running || now == self.features.keeping.mark) {
            return;
        }
        self.features.keeping.mark = now;
        let tabs = Some(self.open_tabs()).filter(|tabs| *tabs != self.features.keeping.tabs);
        if let Some(tabs) = &tabs {
            self.features.keeping.tabs = tabs.clone();
        }
        let settings =
            std::mem::take(&mut self.context.settings_changed).then(|| self.context.settings.clone());
        let recent = std::mem::take(&mut self.context.recent_changed).then(|| self.context.recent.clone());
        let state = State { settings, recent, tabs };
        // What waits to be written is older, and must not come after this.
        let before = self.features.keeping.job.take();
        if state.is_empty() && before.is_none() {
            return;
        }
        self.start_keeping(folders, state, before, !is_urgent);
    }

    fn start_keeping(&mut self, folders: Folders, mut state: State, before: Option<Kept>, is_patient: bool) {
        if let Some(before) = &before {
            before.progress().cancel();
            // It may have had these, and is told not to write them.
            state.tabs.get_or_insert_with(|| self.features.keeping.tabs.clone());
        }
        let job = Job::spawn("settings", self.context.waker(), move |progress| {
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
        // Without a thread the change is written with the next one, or at the end.
        self.features.keeping.job = job.ok();
        self.features.keeping.is_patient = is_patient;
    }

    /// What tabs and window are like, in few bytes: asked every frame.
    fn mark(&self) -> Mark {
        let (mut structure, mut places) = (DefaultHasher::new(), DefaultHasher::new());
        self.context.settings.restore_tabs.hash(&mut structure);
        self.tabs.front_id().hash(&mut structure);
        self.still_left().for_each(|(place, _)| place.hash(&mut structure));
        for tab in self.tabs.iter() {
            tab.mark(&mut structure, &mut places);
        }
        if let Some(window) = self.features.window {
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
    pub fn keep_at_end(&mut self) -> Result<(), String> {
        self.features.unsaved.end(&mut self.tabs, &mut self.context);
        let Some(folders) = self.context.folders.clone() else { return Ok(()) };
        for tab in self.tabs.iter() {
            if let Some(file) = tab.file.as_ref().filter(|file| file.identity.is_some()) {
                self.context.recent.touch(&file.path, tab.caret(), now());
            }
        }
        let (settings, recent, tabs) =
            (self.context.settings.clone(), self.context.recent.clone(), self.open_tabs());
        let state = State { settings: Some(settings), recent: Some(recent), tabs: Some(tabs) };
        // A write that is under way is older than this one and must not come after it.
        let before = self.features.keeping.job.take();
        let job = Job::spawn("settings", self.context.waker(), move |_| {
            if let Some(before) = before {
                before.progress().cancel();
                before.wait();
            }
            state.save(&folders)
        });
        let job = job.map_err(|error| format!("no thread could be started ({error})"))?;
        job.wait_until(Instant::now() + AT_END).unwrap_or_else(|| {
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
        let Some(file) = self.file.as_ref().filter(|file| file.identity.is_some()) else { return };
        (self.place, &file.path, self.locked, self.focus).hash(structure);
        (self.shows(true, true), self.shows(true, false)).hash(structure);
        Encoding::name(self.text_encoding()).hash(structure);
        for view in [&self.bytes, &self.values] {
            (view.format.columns, view.dtype()).hash(structure);
            (view.viewport.top, view.viewport.sub.to_bits()).hash(places);
        }
        (self.selection.anchor, self.selection.caret).hash(places);
        let Some(view) = &self.arrays.view else { return };
        (&view.name, view.style, view.table.axes().rows, view.table.axes().columns).hash(structure);
        BarField::ALL.into_iter().for_each(|field| view.bar.text(field).hash(structure));
        (view.wrap, view.block.caret, view.down.top, view.across.top, &view.table.axes().at).hash(places);
    }
}
