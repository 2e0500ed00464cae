//! All that the window knows, without a window: tabs, views, commands, jobs.
//!
//! The window reads a [`Session`] and hands it [`Action`]s; [`Session::apply`] is the one way in and
//! [`Session::tick`] takes what workers have finished. Nothing here draws, and nothing here waits: what may
//! block is a job. What only the platform can do (file dialogs, the clipboard, ending the program) is asked
//! for as a [`Request`].
//!
//! | file | what it holds |
//! |---|---|
//! | `command`, `keys` | the table of commands and their keys |
//! | `action`, `apply` | what the window asks, and who does it |
//! | `tab`, `pane`, `view`, `reformat` | an open document, and how it is shown |
//! | `editing`, `cells`, `clipboard`, `ranges` | what changes bytes |
//! | `order` | tabs side by side |
//! | `selection_file` | the selected bytes to a file |
//! | `opening`, `paths`, `planning`, `saving`, `recovering`, `closing` | the file behind a tab |
//! | `watching`, `outside`, `recording` | what others do to it, and what was edited over |
//! | `elsewhere` | other windows that have it open |
//! | `arrays` | the arrays of a file, and one as a table |
//! | `finding` | find and replace |
//! | `logged`, `unsaved` | edits that survive the end of the program |
//! | `words`, `bidi`, `names` | how things are said, and in which order words stand |
//! | `notice`, `messages`, `dialog` | messages, questions |
//! | `remembered`, `restoring` | what outlives the program, and tabs as they were |

pub mod action;
mod apply;
pub mod arrays;
pub mod bidi;
mod cells;
pub mod clipboard;
mod closing;
pub mod command;
pub mod dialog;
mod editing;
mod elsewhere;
pub mod finding;
mod jumps;
pub mod keys;
mod logged;
pub mod matches;
mod messages;
pub mod names;
mod naming;
pub mod notice;
mod opening;
mod order;
mod outside;
pub mod pane;
mod panels;
pub mod paths;
pub mod planning;
mod ranges;
mod recording;
mod recovering;
mod reformat;
mod remembered;
mod replacing;
mod restoring;
mod saving;
mod selection_file;
pub mod tab;
mod unsaved;
pub mod view;
mod watching;
pub mod words;

pub use action::{Action, Arrangement};
pub use arrays::ArrayAction;
pub use clipboard::{ClipboardAction, Mark, Offer, PasteChoice, PasteOption, PasteWay, Pasted};
pub use command::Command;
pub use dialog::Dialog;
pub use naming::Asked;
pub use opening::{ArrayRequest, OpenOptions, STDIN};
pub use pane::PaneId;
pub use remembered::Remembered;
pub use saving::After;
pub use selection_file::Outgoing;
pub use tab::Tab;
pub use unsaved::{OfferId, OfferWay};

use crate::bytes::pages::{DEFAULT_BUDGET, PageCache};
use crate::bytes::watch::Watcher;
use crate::decode::{DType, Element, Order};
use crate::escape::{PathText, escape};
use crate::job::Waker;
use crate::state::{Folders, OpenTab, RecentFiles, Settings, WindowPlace};
use finding::Finding;
use notice::{Level, Notices, Topic};
use planning::Planned;
use recovering::Recovering;
use saving::Saving;
use std::collections::{HashMap, VecDeque};
use std::time::Duration;

/// Names a tab for as long as the program runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TabId(u64);

/// The type of a new values view when the settings name none.
pub const DEFAULT_DTYPE: DType = DType::new(Element::F32, Order::Little);
/// How long a frame may wait for bytes that the disk has at hand.
pub const PATIENCE: Duration = Duration::from_millis(2);

/// What only the window's platform can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    ChooseFiles,
    /// The answer names who asked, also when there is none.
    ChooseSaveName {
        suggested: String,
        asked: Asked,
    },
    Copy(Offer),
    /// The selection is offered to whoever clicks with the middle button, where the desktop has that.
    Select(Offer),
    /// Asks the system for its clipboard; what it holds comes back as an action.
    Paste(PasteWay),
    /// The same for the selection that another window, or this one, offers.
    PasteSelection,
    /// The keys go to a field of the bar over an array.
    FocusBar(arrays::BarField),
    /// The keys go to the filter of the names of arrays.
    FocusFilter,
    /// Gives the focus to the list of a side panel that is now shown.
    FocusList(&'static str),
    /// The keys go to the grid again.
    FocusGrid,
    /// The same after work that has ended by itself: whatever the user types into meanwhile keeps them.
    OfferGridFocus,
    /// The keys go to the buttons of the messages.
    FocusMessages,
    /// The keys go to the next area of the window, or to the one before.
    NextArea {
        backwards: bool,
    },
    Quit,
}

/// A running job as the status bar shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    pub label: String,
    pub fraction: Option<f32>,
    /// Whether ✕ can end it.
    pub can_cancel: bool,
}

/// The state of the whole program but its window.
#[derive(Debug)]
pub struct Session {
    tabs: Vec<Tab>,
    active: Option<TabId>,
    next_tab: u64,
    untitled: u64,
    cache: PageCache,
    watcher: Option<Watcher>,
    waker: WakerCell,
    folders: Option<Folders>,
    pub settings: Settings,
    settings_changed: bool,
    recent: RecentFiles,
    recent_changed: bool,
    keeping: remembered::Keeping,
    window: Option<WindowPlace>,
    pub notices: Notices,
    dialog: Option<Dialog>,
    /// Why what was typed into the dialog can't be done.
    dialog_error: Option<String>,
    /// A refused name, which the open question for a name starts with.
    name_start: Option<std::path::PathBuf>,
    /// Why the value typed into the inspector was not taken.
    inspected_error: Option<String>,
    /// What the values of items were set to last, as typed.
    last_expression: String,
    /// What helps to type a path.
    paths: paths::PathHelp,
    /// One line of the status bar, until the next thing happens.
    hint: String,
    /// How often something was said there.
    said: u64,
    opening: Vec<opening::Opening>,
    saving: Vec<Saving>,
    /// What others did to open files, at most one entry a tab.
    outside: Vec<outside::Outside>,
    recording: Vec<recording::Recording>,
    elsewhere: elsewhere::Elsewhere,
    /// Saves that wait for the user's word; the first one's question is shown.
    planned: Vec<Planned>,
    recovering: Vec<Recovering>,
    /// The question for a name that is open.
    asked: Option<Asked>,
    /// The window was asked to close during a save.
    quits_after_saves: bool,
    finding: Finding,
    arrays: arrays::ArrayJobs,
    /// What was asked of the arrays of files whose headers are being read.
    wanted_arrays: HashMap<TabId, ArrayRequest>,
    /// How tabs of the last session were left whose headers are being read.
    left_tabs: HashMap<TabId, OpenTab>,
    unsaved: unsaved::Unsaved,
    clip: Option<clipboard::Clip>,
    copying: Option<clipboard::Copying>,
    /// A long text that is being read to be pasted.
    reading: Option<clipboard::Reading>,
    paste_choice: Option<PasteChoice>,
    selected: clipboard::Selected,
    writing: Option<selection_file::Writing>,
    requests: VecDeque<Request>,
}

/// Wakers are closures, which print nothing.
#[derive(Clone)]
struct WakerCell(Waker);

impl std::fmt::Debug for WakerCell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Waker")
    }
}

impl Session {
    /// A session with what was remembered; `wake` is called from workers when there is something new to show.
    pub fn new(remembered: Remembered, wake: Waker) -> Self {
        let mut session = Self {
            tabs: Vec::new(),
            active: None,
            next_tab: 0,
            untitled: 0,
            cache: PageCache::new(DEFAULT_BUDGET, wake.clone()),
            watcher: None,
            waker: WakerCell(wake.clone()),
            folders: remembered.folders,
            settings: remembered.settings,
            settings_changed: false,
            recent: remembered.recent,
            recent_changed: false,
            keeping: remembered::Keeping::default(),
            window: None,
            notices: Notices::default(),
            dialog: None,
            dialog_error: None,
            name_start: None,
            inspected_error: None,
            last_expression: String::new(),
            paths: paths::PathHelp::default(),
            hint: String::new(),
            said: 0,
            opening: Vec::new(),
            saving: Vec::new(),
            outside: Vec::new(),
            recording: Vec::new(),
            elsewhere: elsewhere::Elsewhere::default(),
            planned: Vec::new(),
            recovering: Vec::new(),
            asked: None,
            quits_after_saves: false,
            finding: Finding::default(),
            arrays: arrays::ArrayJobs::default(),
            wanted_arrays: HashMap::new(),
            left_tabs: HashMap::new(),
            unsaved: unsaved::Unsaved::default(),
            clip: None,
            copying: None,
            reading: None,
            paste_choice: None,
            selected: clipboard::Selected::default(),
            writing: None,
            requests: VecDeque::new(),
        };
        session.start_watcher(wake);
        for message in remembered.messages {
            session.notices.push(Level::Warning, Topic::Open, None, message);
        }
        session.restore_tabs(remembered.tabs);
        session.look_for_unsaved();
        session
    }

    /// Has changes by other programs noticed from now on.
    fn start_watcher(&mut self, wake: Waker) {
        match Watcher::new(wake) {
            Ok(watcher) => self.watcher = Some(watcher),
            Err(error) => self.notices.push(
                Level::Warning,
                Topic::State,
                None,
                format!(
                    "Changes by other programs will not be noticed: no thread could be started ({error})."
                ),
            ),
        }
    }

    pub fn tabs(&self) -> &[Tab] {
        &self.tabs
    }

    /// The tab in front.
    pub fn tab(&self) -> Option<&Tab> {
        self.active.and_then(|id| self.tab_by_id(id))
    }

    fn tab_mut(&mut self) -> Option<&mut Tab> {
        self.active.and_then(|id| self.tab_by_id_mut(id))
    }

    pub fn tab_by_id(&self, id: TabId) -> Option<&Tab> {
        self.tabs.iter().find(|tab| tab.id == id)
    }

    fn tab_by_id_mut(&mut self, id: TabId) -> Option<&mut Tab> {
        self.tabs.iter_mut().find(|tab| tab.id == id)
    }

    pub fn dialog(&self) -> Option<&Dialog> {
        self.dialog.as_ref()
    }

    pub fn dialog_error(&self) -> Option<&str> {
        self.dialog_error.as_deref()
    }

    /// Why the value that was typed into the inspector last was not taken.
    pub fn inspected_error(&self) -> Option<&str> {
        self.inspected_error.as_deref()
    }

    fn type_inspected(&mut self, row: usize, order: Order, text: &str) {
        let Some(tab) = self.tab_mut() else { return };
        let done = tab.set_inspected(row, order, text);
        self.inspected_error = done.as_ref().err().cloned();
        self.tell(done);
    }

    /// The expression that was typed last, right or wrong, to give items values.
    pub fn last_expression(&self) -> &str {
        &self.last_expression
    }

    /// The line of the status bar.
    pub fn hint(&self) -> &str {
        &self.hint
    }

    /// How often the status bar was given a line; the same words may come twice.
    pub fn times_said(&self) -> u64 {
        self.said
    }

    /// What the screen reads from; the window tells it where frames begin and end.
    pub fn cache(&self) -> &PageCache {
        &self.cache
    }

    /// The next thing that the platform is to do.
    pub fn next_request(&mut self) -> Option<Request> {
        self.requests.pop_front()
    }

    fn request(&mut self, request: Request) {
        if request == Request::Quit {
            self.may_end();
        }
        if !self.requests.contains(&request) {
            self.requests.push_back(request);
        }
    }

    fn want_grid_focus(&mut self) {
        self.request(Request::FocusGrid);
    }

    fn offer_grid_focus(&mut self) {
        self.request(Request::OfferGridFocus);
    }

    /// Says something in the status bar, and under the field of the dialog that is open.
    fn say_of_field(&mut self, text: String) {
        if self.dialog.is_some() {
            self.dialog_error = Some(text.clone());
        }
        self.say(text);
    }

    /// Says something in the status bar.
    fn say(&mut self, text: String) {
        self.said += 1;
        // Names of arrays are in it as their file has them.
        self.hint = escape(text);
    }

    /// Takes what workers have finished. Called once a frame; never waits.
    pub fn tick(&mut self) {
        self.poll_opening();
        self.poll_listing();
        self.poll_saving();
        self.poll_recovering();
        self.poll_watcher();
        self.poll_outside();
        self.poll_recording();
        self.poll_elsewhere();
        self.poll_finding();
        self.poll_copying();
        self.poll_reading();
        self.poll_selected();
        self.poll_writing();
        self.poll_arrays();
        self.poll_offers();
        self.log_edits();
        self.keep_state();
    }

    /// What is running, the most important first.
    pub fn activities(&self) -> Vec<Activity> {
        let mut list = Vec::new();
        for saving in &self.saving {
            let name = self.tab_by_id(saving.tab).map_or("", |tab| tab.title.as_str());
            list.push(Activity {
                label: format!("Saving {name}"),
                fraction: saving.progress().fraction(),
                can_cancel: true,
            });
        }
        for recovering in &self.recovering {
            let name = self.tab_by_id(recovering.tab).map_or("", |tab| tab.title.as_str());
            list.push(Activity { label: format!("Restoring {name}"), fraction: None, can_cancel: false });
        }
        if let Some(progress) = self.finding.progress() {
            list.push(Activity {
                label: String::from("Searching"),
                fraction: progress.fraction(),
                can_cancel: true,
            });
        }
        for name in self.compared() {
            list.push(Activity { label: format!("Comparing {name}"), fraction: None, can_cancel: false });
        }
        for path in self.opening() {
            let name = path.file_name().unwrap_or(path.as_os_str()).shown();
            list.push(Activity { label: format!("Opening {name}"), fraction: None, can_cancel: true });
        }
        for (label, progress) in self.arrays.activities() {
            list.push(Activity { label: escape(label), fraction: progress.fraction(), can_cancel: true });
        }
        list.extend(self.offer_activities());
        if self.copying.is_some() {
            list.push(Activity { label: String::from("Copying"), fraction: None, can_cancel: false });
        }
        if self.reading.is_some() {
            list.push(Activity { label: String::from("Pasting"), fraction: None, can_cancel: true });
        }
        if let Some(writing) = &self.writing {
            list.push(Activity {
                label: String::from("Writing the selection"),
                fraction: writing.job.progress().fraction(),
                can_cancel: true,
            });
        }
        list
    }

    /// Whether all that was asked for is there: files, their arrays, what other runs have left.
    pub fn is_at_rest(&self) -> bool {
        self.opening.is_empty()
            && self.has_read_headers()
            && self.arrays.activities().next().is_none()
            && self.has_looked_for_unsaved()
            && !self.elsewhere.is_looking()
    }

    /// Whether anything runs whose progress is shown.
    pub fn is_busy(&self) -> bool {
        !self.saving.is_empty()
            || !self.recovering.is_empty()
            || self.finding.progress().is_some()
            || !self.opening.is_empty()
            || self.arrays.activities().next().is_some()
            || self.writing.is_some()
    }
}

/// Names of the side panels in the settings.
pub const INSPECTOR: &str = "inspector";
pub const CHANGES: &str = "changes";
pub const ARRAYS: &str = "arrays";
