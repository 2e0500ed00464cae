//! What every feature of the window may use: the page cache, the settings, messages, the open question, requests to the
//! platform. It uses no feature.

use super::dialog::Dialog;
use super::done::Done;
use super::effect::Effect;
use super::handed_rows::SharedRows;
use super::name_request::Asked;
use super::notice::Notices;
use super::request::Request;
use super::tab::FileFacts;
use crate::bytes::open::OpenError;
use crate::bytes::pages::{DEFAULT_BUDGET, PageCache};
use crate::bytes::watch::Watcher;
use crate::escape::escape;
use crate::job::Waker;
use crate::state::{Folders, RecentFiles, Settings};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// What features share.
#[derive(Debug)]
pub struct Context {
    pub cache: PageCache,
    pub watcher: Option<Watcher>,
    waker: WakerCell,
    /// Where the state of the program is kept; `None` keeps none.
    pub folders: Option<Folders>,
    pub settings: Settings,
    /// Whether they are to be written.
    pub settings_changed: bool,
    pub recent: RecentFiles,
    pub recent_changed: bool,
    pub notices: Notices,
    question: Question,
    /// One line of the status bar, until the next thing happens.
    hint: String,
    /// How often something was said there.
    said: u64,
    requests: VecDeque<Request>,
    effects: VecDeque<Effect>,
    /// The user wants the program to end, with what is unsaved or without.
    may_end: bool,
}

/// The question that is open.
#[derive(Debug, Default)]
struct Question {
    dialog: Option<Dialog>,
    /// Why what was typed into it can't be done.
    error: Option<String>,
    /// A refused name, which an open question for a name starts with.
    name_start: Option<PathBuf>,
    /// What a name is being asked for.
    asked: Option<Asked>,
}

/// Wakers are closures, which print nothing.
#[derive(Clone)]
struct WakerCell(Waker);

impl std::fmt::Debug for WakerCell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Waker")
    }
}

/// Seconds since 1970.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

impl Context {
    /// What features share at the start; `waker` asks the window for a frame.
    pub fn new(folders: Option<Folders>, settings: Settings, recent: RecentFiles, waker: Waker) -> Self {
        Self {
            cache: PageCache::new(DEFAULT_BUDGET, waker.clone()),
            watcher: None,
            waker: WakerCell(waker),
            folders,
            settings,
            settings_changed: false,
            recent,
            recent_changed: false,
            notices: Notices::default(),
            question: Question::default(),
            hint: String::new(),
            said: 0,
            requests: VecDeque::new(),
            effects: VecDeque::new(),
            may_end: false,
        }
    }

    /// What wakes the window when a worker has something new to show.
    pub fn waker(&self) -> Waker {
        self.waker.0.clone()
    }
}

/// The status bar, and what the platform is to do.
impl Context {
    /// The line of the status bar; empty when there is none.
    pub fn hint(&self) -> &str {
        &self.hint
    }

    /// Clears the line of the status bar.
    pub fn clear_hint(&mut self) {
        self.hint.clear();
    }

    /// How often the status bar was given a line.
    pub fn times_said(&self) -> u64 {
        self.said
    }

    /// Says something in the status bar.
    pub fn say(&mut self, text: impl Into<String>) {
        self.said += 1;
        // Names of arrays are in it as their file has them.
        self.hint = escape(text.into());
    }

    /// Says that the user has stopped something, if `any` was; answers whether it was.
    pub fn say_stopped(&mut self, any: bool) -> bool {
        if any {
            self.say("Stopped.");
        }
        any
    }

    /// Says why an edit was refused, if it was.
    pub fn tell(&mut self, done: Done) {
        if let Err(reason) = done {
            self.say(reason);
        }
    }

    /// Says something in the status bar, and under the field of the dialog that is open.
    pub fn say_of_field(&mut self, text: String) {
        if self.question.dialog.is_some() {
            self.question.error = Some(text.clone());
        }
        self.say(text);
    }

    /// Takes the oldest request that the platform has not done yet.
    pub fn next_request(&mut self) -> Option<Request> {
        self.requests.pop_front()
    }

    /// Asks the platform for something; the same request waits only once.
    pub fn request(&mut self, request: Request) {
        self.may_end |= request == Request::Quit;
        if !self.requests.contains(&request) {
            self.requests.push_back(request);
        }
    }

    /// Has rows of a list copied; of a list without rows it says so. `noun` is what the rows are.
    pub(super) fn copy_rows(&mut self, rows: Option<SharedRows>, noun: &str) {
        match rows {
            Some(rows) => self.want(Effect::CopyRows(rows)),
            None => self.say(format!("There are no {noun} to copy.")),
        }
    }

    /// Has rows of a list exported to a file that the user names; of a list without rows it says so.
    pub(super) fn export_rows(&mut self, rows: Option<SharedRows>, noun: &str) {
        match rows {
            Some(rows) => self.want(Effect::ExportRows(rows)),
            None => self.say(format!("There are no {noun} to export.")),
        }
    }

    /// Wants something of another feature; it is done as soon as this one has returned.
    pub(super) fn want(&mut self, effect: Effect) {
        self.effects.push_back(effect);
    }

    pub(super) fn next_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// Whether the program is to end, and the user has been asked about what is unsaved.
    pub fn may_end(&self) -> bool {
        self.may_end
    }

    /// Asks the window to give the keys to the grid.
    pub fn want_grid_focus(&mut self) {
        self.request(Request::FocusGrid);
    }

    /// Asks the window to give the keys to the grid unless another widget has them.
    pub fn offer_grid_focus(&mut self) {
        self.request(Request::OfferGridFocus);
    }
}

/// The open question.
impl Context {
    /// The open dialog.
    pub fn dialog(&self) -> Option<&Dialog> {
        self.question.dialog.as_ref()
    }

    /// Whether this dialog is open.
    pub fn is_open(&self, dialog: &Dialog) -> bool {
        self.dialog() == Some(dialog)
    }

    /// Why what was typed into the open dialog can't be done.
    pub fn dialog_error(&self) -> Option<&str> {
        self.question.error.as_deref()
    }

    /// Says why what was typed into the dialog can't be done.
    pub fn refuse(&mut self, why: String) {
        self.question.error = Some(why);
    }

    /// Clears the error of the open dialog.
    pub fn clear_dialog_error(&mut self) {
        self.question.error = None;
    }

    /// The name that the open question for one begins with, if it was typed before.
    pub fn name_start(&self) -> Option<&Path> {
        self.question.name_start.as_deref()
    }

    /// Opens a dialog in the place of the one that is open.
    pub fn show_dialog(&mut self, dialog: Dialog) {
        self.put_dialog(Some(dialog));
    }

    /// Shows a question, and why it is asked in the place of its error.
    pub fn show_dialog_because(&mut self, dialog: Dialog, why: String) {
        self.show_dialog(dialog);
        self.refuse(why);
    }

    /// Shows another question, or none. One for a name that is left so is left without an answer.
    pub fn put_dialog(&mut self, dialog: Option<Dialog>) {
        if let Some(Dialog::SaveAsPath(asked)) = self.question.dialog.take() {
            self.name_nothing(&asked);
        }
        let asked = self.question.asked.take();
        self.question = Question { dialog, asked, ..Question::default() };
    }

    /// Closes the open dialog; the grid gets the keys.
    pub fn close_dialog(&mut self) {
        self.put_dialog(None);
        self.want_grid_focus();
    }

    /// Asks for a name, beginning with `suggested`. At most one such question is open.
    pub fn ask_name(&mut self, asked: Asked, suggested: String) {
        if self.question.asked.as_ref().is_some_and(|open| !open.is_again(&asked)) {
            return self.say("Another dialog asks for a file name. Answer it first.");
        }
        self.question.asked = Some(asked.clone());
        self.request(Request::ChooseSaveName { suggested, asked });
    }

    /// Asks again for a name after one was refused. The refused name stays in the field, with the reason under it.
    /// `false` while another question is open.
    pub fn ask_name_again(&mut self, asked: Asked, path: &Path, why: String) -> bool {
        if self.question.asked.is_some() || self.question.dialog.is_some() {
            return false;
        }
        self.question.asked = Some(asked.clone());
        self.show_dialog_because(Dialog::SaveAsPath(asked), why);
        self.question.name_start = Some(path.to_owned());
        true
    }

    /// The question for a name is not open any more.
    pub fn name_nothing(&mut self, asked: &Asked) {
        self.question.asked.take_if(|open| open == asked);
    }

    /// Another file has the name: the user is asked whether it may be lost.
    pub fn ask_to_replace(&mut self, asked: Asked, path: PathBuf) {
        self.put_dialog(Some(Dialog::ConfirmReplace { asked, path }));
    }
}

/// Settings and recent files.
impl Context {
    /// Changes a setting; it is written soon.
    pub fn change_settings(&mut self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.settings);
        self.settings_changed = true;
    }

    /// Puts a file at the top of the recent files, with the offset of the caret in bytes.
    pub fn remember_recent(&mut self, path: &Path, offset: u64) {
        self.recent.touch(path, offset, now());
        self.recent_changed = true;
    }

    /// A file that is gone for good leaves the list when it was chosen from there in vain.
    pub fn forget_recent_if_missing(&mut self, path: &Path, error: &OpenError) {
        if matches!(error, OpenError::Missing { .. }) {
            self.recent.remove(path, now());
            self.recent_changed = true;
        }
    }

    /// Looks after a file no longer.
    pub fn unwatch(&self, file: &FileFacts) {
        if let (Some(watcher), Some(watch)) = (&self.watcher, file.watch) {
            watcher.unwatch(watch);
        }
    }

    /// Looks after a file again, as it was known before a save that failed.
    pub fn resume_watch(&self, file: &FileFacts) {
        let identity = file.origin.file_identity();
        if let (Some(watcher), Some(watch), Some(identity)) = (&self.watcher, file.watch, identity) {
            watcher.update(watch, identity, file.source.as_ref());
        }
    }
}
