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
//! | `tab`, `panes`, `pane_actions`, `view`, `reformat` | an open document, its panes, and how they show it |
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
mod closing;
pub mod command;
pub mod context;
pub mod dialog;
mod editing;
mod elsewhere;
mod features;
mod flows;
mod generations;
pub mod ids;
mod jobs;
mod jumps;
pub mod keys;
mod logged;
mod messages;
pub mod names;
mod naming;
pub mod notice;
mod opening;
mod order;
mod outside;
mod pane_actions;
pub mod panes;
pub mod paths;
pub mod planning;
mod ranges;
mod recording;
mod recovering;
mod reformat;
mod request;
mod restoring;
mod saving;
pub mod tab;
pub mod tabs;
pub mod view;
mod watching;
pub mod words;

pub use action::{
    Action, Answer, Arrangement, ClipboardAction, DialogAction, EditAction, ExternalAction, FindAction,
    InspectorAction, MessageAction, NameAction, OfferWay, OpenAction, PaneAction, SaveAction, TabAction,
};
pub use arrays::ArrayAction;
pub use clipboard::{Mark, Offer, PasteChoice, PasteOption, PasteWay, Pasted};
pub use command::Command;
pub use dialog::Dialog;
pub use features::settings::Remembered;
pub use features::settings::panels::{ARRAYS, CHANGES, INSPECTOR};
pub use features::{clipboard, find};
pub use ids::{OfferId, TabId};
pub use jobs::Activity;
pub use naming::{After, Asked, Outgoing};
pub use opening::{ArrayRequest, OpenOptions, STDIN};
pub use panes::{LayoutAction, PaneKey, PaneKind};
pub use request::Request;
pub use tab::Tab;
pub use tabs::Tabs;

use crate::bytes::pages::PageCache;
use crate::bytes::watch::Watcher;
use crate::decode::inspect::Row;
use crate::decode::{DType, Element, Order};
use crate::escape::{PathText, escape};
use crate::job::Waker;
use crate::state::{OpenTabs, RecentFile, Settings, WindowPlace, edit_log};
use context::Context;
use features::Features;
use features::settings::panels;
use notice::{Level, Notices, Topic};
use std::path::Path;
use std::time::{Duration, Instant};

/// The type of a new values view when the settings name none.
pub const DEFAULT_DTYPE: DType = DType::new(Element::F32, Order::Little);
/// How long a frame may wait for bytes that the disk has at hand.
pub const PATIENCE: Duration = Duration::from_millis(2);

/// The state of the whole program but its window.
#[derive(Debug)]
pub struct Session {
    tabs: Tabs,
    context: Context,
    features: Features,
}

impl Session {
    /// A session with what was remembered; `wake` is called from workers when there is something new to show.
    pub fn new(remembered: Remembered, wake: Waker) -> Self {
        let Remembered { folders, settings, recent, tabs, messages } = remembered;
        let mut session = Self {
            tabs: Tabs::default(),
            context: Context::new(folders, settings, recent, wake.clone()),
            features: Features::default(),
        };
        session.start_watcher(wake);
        for message in messages {
            session.context.notices.push(Level::Warning, Topic::Open, None, message);
        }
        session.restore_tabs(tabs);
        session.features.autosave.look(&mut session.context);
        session
    }

    /// Has changes by other programs noticed from now on.
    fn start_watcher(&mut self, wake: Waker) {
        match Watcher::new(wake) {
            Ok(watcher) => self.context.watcher = Some(watcher),
            Err(error) => self.context.notices.push(
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
        self.tabs.all()
    }

    /// The tab in front.
    pub fn tab(&self) -> Option<&Tab> {
        self.tabs.front()
    }

    pub fn tab_by_id(&self, id: TabId) -> Option<&Tab> {
        self.tabs.get(id)
    }

    pub fn settings(&self) -> &Settings {
        &self.context.settings
    }

    /// Changes a setting; it is written soon.
    pub fn change_settings(&mut self, change: impl FnOnce(&mut Settings)) {
        self.context.change_settings(change);
    }

    pub fn recent(&self) -> &[RecentFile] {
        self.context.recent.files()
    }

    pub fn notices(&self) -> &Notices {
        &self.context.notices
    }

    pub fn dialog(&self) -> Option<&Dialog> {
        self.context.dialog()
    }

    pub fn dialog_error(&self) -> Option<&str> {
        self.context.dialog_error()
    }

    /// The name that the open question for one begins with, if it was typed before.
    pub fn name_start(&self) -> Option<&Path> {
        self.context.name_start()
    }

    /// Why the value that was typed into the inspector last was not taken.
    pub fn inspected_error(&self) -> Option<&str> {
        self.features.inspector.error()
    }

    /// Whether the inspector shows a row.
    pub fn shows_inspected(&self, row: &Row) -> bool {
        panels::shows_row(&self.context.settings, row)
    }

    /// Whether a panel is shown.
    pub fn shows_panel(&self, name: &str) -> bool {
        panels::shows(&self.context.settings, name)
    }

    /// How wide the user has made a panel, or how high one at the bottom, in points; `None` for as large as it likes.
    pub fn panel_size(&self, name: &str) -> Option<f32> {
        panels::size(&self.context.settings, name)
    }

    /// The window is like this now; it opens like it next time.
    pub fn window_is(&mut self, place: WindowPlace) {
        self.features.settings.window_is(place);
    }

    /// Where the window was last time, or is now.
    pub fn window(&self) -> Option<WindowPlace> {
        self.features.settings.window()
    }

    /// The expression that was typed last, right or wrong, to give items values.
    pub fn last_expression(&self) -> &str {
        &self.features.last_expression
    }

    /// The question about a paste that is open.
    pub fn paste_choice(&self) -> Option<&PasteChoice> {
        self.features.clipboard.choice(&self.context)
    }

    /// Edits of another run that are offered.
    pub fn offers(&self) -> impl Iterator<Item = (OfferId, &edit_log::Offer)> {
        self.features.autosave.offers()
    }

    pub fn has_offers(&self) -> bool {
        self.offers().next().is_some()
    }

    /// Whether it is known by now what another run has left.
    pub fn has_looked_for_unsaved(&self) -> bool {
        self.features.autosave.has_looked()
    }

    pub fn finding(&self) -> &find::Finding {
        &self.features.find
    }

    /// Bytes that the log of a tab's unsaved edits takes on the disk; 0 without one.
    pub fn log_bytes(&self, id: TabId) -> u64 {
        self.features.autosave.log_bytes(id)
    }

    /// The line of the status bar.
    pub fn hint(&self) -> &str {
        self.context.hint()
    }

    /// How often the status bar was given a line; the same words may come twice.
    pub fn times_said(&self) -> u64 {
        self.context.times_said()
    }

    /// What the screen reads from; the window tells it where frames begin and end.
    pub fn cache(&self) -> &PageCache {
        &self.context.cache
    }

    /// The next thing that the platform is to do.
    pub fn next_request(&mut self) -> Option<Request> {
        self.context.next_request()
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
        self.features.find.poll(&mut self.tabs, &mut self.context);
        self.features.clipboard.poll(&mut self.tabs, &mut self.context);
        self.poll_arrays();
        for restored in self.features.autosave.poll(&mut self.context) {
            self.show_restored(restored);
        }
        self.settle_questions();
        self.features.autosave.log_edits(&mut self.tabs, &mut self.context);
        self.keep_state();
    }

    fn keep_state(&mut self) {
        let Self { tabs, context, features } = self;
        let (settings, unfinished) = features.settings_and_unfinished();
        settings.poll(tabs, &unfinished, context);
    }

    /// Opens the tabs of the last session.
    fn restore_tabs(&mut self, left: OpenTabs) {
        if self.context.settings.restore_tabs {
            for (at, tab) in left.tabs.iter().enumerate() {
                let options = OpenOptions { in_front: at == left.active, ..OpenOptions::from(tab) };
                self.open(tab.location.as_path().to_owned(), options);
            }
        }
        let (settings, unfinished) = self.features.settings_and_unfinished();
        settings.remember(left, &self.tabs, &unfinished, &self.context);
    }

    /// Writes all that outlives the program, before it ends. Waits shortly; the window is closed then.
    ///
    /// # Errors
    /// A sentence for the log.
    pub fn keep_at_end(&mut self) -> Result<(), String> {
        let Self { tabs, context, features } = self;
        features.autosave.end(tabs, context);
        let (settings, unfinished) = features.settings_and_unfinished();
        settings.end(tabs, &unfinished, context)
    }

    /// What is running, the most important first.
    pub fn activities(&self) -> Vec<Activity> {
        let mut list = Vec::new();
        for saving in &self.features.saving {
            let name = self.tabs.get(saving.tab).map_or("", |tab| tab.title.as_str());
            list.push(Activity {
                label: format!("Saving {name}"),
                fraction: saving.progress().fraction(),
                can_cancel: true,
            });
        }
        for recovering in &self.features.recovering {
            let name = self.tabs.get(recovering.tab).map_or("", |tab| tab.title.as_str());
            list.push(Activity { label: format!("Restoring {name}"), fraction: None, can_cancel: false });
        }
        list.extend(self.features.find.activities());
        for name in self.compared() {
            list.push(Activity { label: format!("Comparing {name}"), fraction: None, can_cancel: false });
        }
        for path in self.opening() {
            let name = path.file_name().unwrap_or(path.as_os_str()).shown();
            list.push(Activity { label: format!("Opening {name}"), fraction: None, can_cancel: true });
        }
        for (label, progress) in self.features.arrays.activities() {
            list.push(Activity { label: escape(label), fraction: progress.fraction(), can_cancel: true });
        }
        list.extend(self.features.autosave.activities());
        list.extend(self.features.clipboard.activities());
        list
    }

    /// Whether all that was asked for is there: files, their arrays, what other runs have left.
    pub fn is_at_rest(&self) -> bool {
        self.features.opening.is_empty()
            && self.has_read_headers()
            && self.features.arrays.activities().next().is_none()
            && self.features.autosave.has_looked()
            && !self.features.elsewhere.is_looking()
    }

    /// Whether anything runs whose progress is shown.
    pub fn is_busy(&self) -> bool {
        !self.features.saving.is_empty()
            || !self.features.recovering.is_empty()
            || self.features.find.activities().next().is_some()
            || !self.features.opening.is_empty()
            || self.features.arrays.activities().next().is_some()
            || self.features.clipboard.activities().next().is_some()
    }
}

impl Drop for Session {
    /// Whoever writes to the state folder ends before the session does, so that nothing is written there afterwards. A
    /// folder that does not answer is waited for shortly; the window is closed then.
    fn drop(&mut self) {
        let deadline = Instant::now() + features::settings::PATIENCE;
        self.features.autosave.stop(deadline);
        self.features.elsewhere.stop(deadline);
        self.features.settings.stop(deadline);
    }
}
