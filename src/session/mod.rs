//! The state of the window, without a window: tabs, panes, commands, jobs.
//!
//! The window reads a [`Session`] and hands it [`Action`]s; [`Session::apply`] is the one way in and
//! [`Session::tick`] takes what workers have finished. Nothing here draws, and nothing here waits: what may
//! block is a job. What only the platform can do (file dialogs, the clipboard, ending the program) is asked
//! for as a [`Request`].
//!
//! | file | what it holds |
//! |---|---|
//! | `action`, `apply` | what the window asks, and who answers it |
//! | `command`, `keys` | the table of commands and their keys |
//! | `features`, `effect`, `coordinate`, `jobs` | what the window can do; what one feature wants of another |
//! | `tabs`, `context`, `ids`, `defaults`, `work_guard` | what every feature may use |
//! | `tab`, `panes`, `pane_actions`, `view`, `formatting` | an open document, its panes, and how they show it |
//! | `editing`, `done`, `half_typed_byte`, `cell_editing`, `answers` | what changes bytes: keys, values, typed questions |
//! | `logged_document`, `generations` | a document that remembers what happens to it; the bytes that it is built on |
//! | `arrays` | one array as a table, and the names in a container |
//! | `describe`, `bidi`, `shorten` | texts for things, the order of words, shortened names |
//! | `notice`, `dialog`, `name_request`, `request` | messages, questions, what the platform is to do |

pub mod action;
mod answers;
mod apply;
pub mod arrays;
pub mod bidi;
mod cell_editing;
pub mod command;
pub mod context;
mod coordinate;
mod defaults;
pub mod describe;
pub mod dialog;
mod done;
mod editing;
mod effect;
mod features;
mod formatting;
mod generations;
mod half_typed_byte;
mod handed_rows;
pub mod ids;
mod jobs;
mod jumps;
pub mod keys;
mod logged_document;
mod name_request;
pub mod notice;
mod other_arrays;
mod pane_actions;
pub mod panes;
mod request;
mod restoring;
pub mod shorten;
pub mod subject;
pub mod tab;
pub mod tabs;
pub mod view;
mod work_guard;

pub use action::{
    Action, Arrangement, ChangeOfBytes, ClipboardAction, DialogAction, EmbeddedAction, ExternalAction,
    FindAction, HashAction, InspectorAction, MessageAction, NameAction, OfferWay, OpenAction, PaneAction,
    SaveAction, StringsAction, TabAction,
};
pub use answers::Answer;
pub use arrays::{ArrayAction, TableAction};
pub use clipboard::{ClipMark, ClipboardOffer, PasteChoice, PasteOption, PasteWay, Pasted};
pub use command::Command;
pub use defaults::{DEFAULT_DTYPE, PATIENCE};
pub use dialog::Dialog;
pub use editing::EditAction;
pub use features::open::options::{ArrayRequest, OpenOptions, STDIN};
pub use features::save_flow::plan::Planned;
pub use features::settings::Remembered;
pub use features::settings::panels::{ARRAYS, CHANGES, EMBEDDED, HASHES, INSPECTOR, STATISTICS, STRINGS};
pub use features::{clipboard, embedded, find, hashes, pictures, statistics, strings};
pub use ids::{OfferId, TabId};
pub use jobs::Activity;
pub use name_request::{After, Asked, Outgoing};
pub use panes::{LayoutAction, PaneKey, PaneKind};
pub use request::Request;
pub use tab::Tab;
pub use tabs::Tabs;

use crate::analysis::hashes::HashAlgorithm;
use crate::bytes::SharedSource;
use crate::bytes::pages::PageCache;
use crate::bytes::watch::Watcher;
use crate::decode::inspect::Row;
use crate::job::Waker;
use crate::state::{OpenTabs, RecentFile, Settings, WindowPlace, edit_log};
use context::Context;
pub use features::all::Features;
use features::open::PathHelp;
use features::open::new_tab::show_source;
use features::save_flow::close;
use features::settings::panels;
use notice::{Level, Notices, Topic};
use std::path::{Path, PathBuf};
use std::time::Instant;

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

    /// The open tabs, in order.
    pub fn tabs(&self) -> &[Tab] {
        self.tabs.all()
    }

    /// The tab in front.
    pub fn tab(&self) -> Option<&Tab> {
        self.tabs.front()
    }

    /// The open tab with this id.
    pub fn tab_by_id(&self, id: TabId) -> Option<&Tab> {
        self.tabs.get(id)
    }

    /// The settings as they are now.
    pub fn settings(&self) -> &Settings {
        &self.context.settings
    }

    /// Changes a setting; it is written soon.
    pub fn change_settings(&mut self, change: impl FnOnce(&mut Settings)) {
        self.context.change_settings(change);
    }

    /// The recent files, the last one first.
    pub fn recent(&self) -> &[RecentFile] {
        self.context.recent.files()
    }

    /// The notices for all tabs and for the window.
    pub fn notices(&self) -> &Notices {
        &self.context.notices
    }

    /// The open dialog.
    pub fn dialog(&self) -> Option<&Dialog> {
        self.context.dialog()
    }

    /// Why what was typed into the open dialog can't be done.
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

    /// The hash algorithms that are chosen, in the order of the table.
    pub fn chosen_hashes(&self) -> Vec<&'static HashAlgorithm> {
        hashes::chosen(&self.context.settings)
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
        self.features.compute.last_expression()
    }

    /// What became of the fact of a header that was set last; `None` while that is not known.
    ///
    /// # Errors
    /// The sentence that says why the fact was not set.
    pub fn metadata_answer(&self) -> Option<Result<(), &str>> {
        self.features.compute.metadata_answer()
    }

    /// Starts to open `path`.
    pub fn open(&mut self, path: PathBuf, options: OpenOptions) {
        self.features.open.start(path, options, None, &mut self.tabs, &mut self.context);
    }

    /// Shows `source`, which no file is behind, in a tab in front.
    pub fn open_source(&mut self, title: String, source: SharedSource) -> TabId {
        show_source(title, source, &mut self.tabs, &mut self.context)
    }

    /// Files that are being opened.
    pub fn opening(&self) -> impl Iterator<Item = &Path> {
        self.features.open.under_way()
    }

    /// What helps to type a path.
    pub fn path_help(&self) -> &PathHelp {
        &self.features.open.paths
    }

    /// Whether no header is being read.
    pub fn has_read_headers(&self) -> bool {
        self.features.containers.has_read_headers()
    }

    /// The save whose plan is shown.
    pub fn planned(&self) -> Option<&Planned> {
        self.features.save_flow.planned(&self.context)
    }

    /// Files that would lose something if the program ended now.
    pub fn unsaved(&self) -> impl Iterator<Item = &Tab> {
        close::unsaved(&self.tabs)
    }

    /// The question about a paste that is open.
    pub fn paste_choice(&self) -> Option<&PasteChoice> {
        self.features.clipboard.choice(&self.context)
    }

    /// Whether messages are shown.
    pub fn has_messages(&self) -> bool {
        self.context.notices.shown(self.tabs.front_id()).next().is_some()
    }

    /// Selected bytes in words, for the dialogs that act on them.
    pub fn selection_words(&self) -> String {
        self.tab().map_or_else(String::new, |tab| describe::bytes(tab.selected().len()))
    }

    /// Edits of another run that are offered.
    pub fn offers(&self) -> impl Iterator<Item = (OfferId, &edit_log::Offer)> {
        self.features.autosave.offers()
    }

    /// Whether there are unsaved edits of another run to restore.
    pub fn has_offers(&self) -> bool {
        self.offers().next().is_some()
    }

    /// Whether it is known by now what another run has left.
    pub fn has_looked_for_unsaved(&self) -> bool {
        self.features.autosave.has_looked()
    }

    /// What the features have, for their panels.
    pub fn features(&self) -> &Features {
        &self.features
    }

    /// The state of Find and Replace.
    pub fn finding(&self) -> &find::FindState {
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
        self.poll_features();
        self.settle_questions();
        self.features.autosave.log_edits(&mut self.tabs, &mut self.context);
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

    /// Whether tabs, settings and recent files are in the state folder as they were at the last tick.
    pub fn has_kept_state(&self) -> bool {
        self.features.has_kept_state()
    }

    /// What is running, the most important first.
    pub fn activities(&self) -> Vec<Activity> {
        self.features.activities()
    }

    /// Whether all that was asked for is there: files, their arrays, what other runs have left.
    pub fn is_at_rest(&self) -> bool {
        self.features.open.activities().next().is_none()
            && self.has_read_headers()
            && !self.features.save_flow.is_checking()
            && self.features.containers.activities().next().is_none()
            && self.features.compute.activities().next().is_none()
            && self.features.export.activities().next().is_none()
            && self.features.autosave.has_looked()
            && self.features.kinds.is_at_rest()
            && self.features.statistics.is_at_rest()
            && self.features.pictures.is_at_rest()
            && !self.features.other_instances.is_searching()
    }

    /// Whether anything runs that the status bar shows: the window is drawn again while it does.
    pub fn is_busy(&self) -> bool {
        !self.activities().is_empty()
    }
}

impl Drop for Session {
    /// Whoever writes to the state folder ends before the session does, so that nothing is written there afterwards. A
    /// folder that does not answer is waited for shortly; the window is closed then.
    fn drop(&mut self) {
        let deadline = Instant::now() + features::settings::PATIENCE;
        self.features.autosave.stop(deadline);
        self.features.other_instances.stop(deadline);
        self.features.settings.stop(deadline);
    }
}
