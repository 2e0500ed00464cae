//! Unsaved edits survive the end of the program: each document that is edited has a log, kept up by this.
//!
//! What happened to the documents is handed to their logs after each action and each tick, in one place and from one
//! list that a document itself keeps (`logged_document`); a log goes when its tab does. Logs that another run has left
//! are in `offers`. Nothing here waits for a log.

mod offers;
pub(in crate::session) mod restored;

pub(in crate::session) use offers::{is_at, is_unmodified};

use super::settings::PATIENCE;
use crate::bytes::{FileIdentity, Origin};
use crate::job::Waker;
use crate::save::RealDisk;
use crate::session::context::Context;
use crate::session::describe;
use crate::session::ids::TabId;
use crate::session::logged_document::Event;
use crate::session::notice::{Level, Topic};
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use crate::state::edit_log::{About, EditLog, Ending, HandedToLog, LogEntry, LogPlace, Status, Why, Writer};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// What steps are called, so that a step of the last run has its name again.
const LABELS: &[&str] = &[
    "Typing",
    "Delete",
    "Cut",
    "Paste",
    "Replace",
    "Replace all",
    "Insert",
    "Append",
    "Fill",
    "Truncate",
    "Revert",
    "Value",
    "Truncated by another program",
    // In logs of earlier versions.
    "Cut short by another program",
];

/// The logs of this run, and what was found of others.
#[derive(Debug, Default)]
pub(in crate::session) struct Autosave {
    logs: HashMap<TabId, TabLog>,
    ending: Vec<Ending>,
    offers: offers::Offers,
}

#[derive(Debug)]
struct TabLog {
    /// `None` when there was no thread for it.
    log: Option<EditLog>,
    about: About,
    told: Status,
}

impl TabLog {
    fn start(tab: &Tab, folder: &Path, budget: u64, wake: Waker) -> (Self, std::io::Result<()>) {
        let about = about(tab);
        let place = LogPlace::fresh(Arc::new(RealDisk), folder);
        let (log, started) = match EditLog::start(Writer::new(place, about.clone(), budget), wake) {
            Ok(log) => (Some(log), Ok(())),
            Err(error) => (None, Err(error)),
        };
        (Self { log, about, told: Status::default() }, started)
    }
}

/// Which file a tab shows, as its log is told.
fn about(tab: &Tab) -> About {
    let file = tab.file.as_ref();
    About { title: tab.title.clone(), origin: file.map(|file| file.origin.clone()) }
}

fn is_about(about: &About, tab: &Tab) -> bool {
    about.title == tab.title && about.origin.as_ref() == tab.file.as_ref().map(|file| &file.origin)
}

/// Whether a file holds other bytes than those that edits were made on, as far as the system says.
fn is_changed(before: &About, now: &About) -> bool {
    let content = |identity: &FileIdentity| (identity.inode, identity.len, identity.mtime_ns);
    let of = |about: &About| about.origin.as_ref().and_then(Origin::file_identity).map(content);
    of(before) != of(now)
}

impl Autosave {
    /// Hands what has happened to the documents to their logs.
    pub fn log_edits(&mut self, tabs: &mut Tabs, context: &mut Context) {
        let gone: Vec<TabId> = self.logs.keys().copied().filter(|id| !tabs.contains(*id)).collect();
        gone.into_iter().for_each(|id| self.forget(id));
        self.ending.retain_mut(|ending| !ending.has_ended());
        for tab in tabs.iter_mut() {
            self.log_tab(tab, context);
        }
    }

    /// All that has happened to a document by now, as handed to its log; `None` without one.
    pub fn handed(&mut self, id: TabId, tabs: &mut Tabs, context: &mut Context) -> Option<HandedToLog> {
        self.log_edits(tabs, context);
        self.logs.get(&id)?.log.as_ref().map(EditLog::handed)
    }

    fn log_tab(&mut self, tab: &mut Tab, context: &mut Context) {
        let id = tab.id;
        let events = tab.document.take_events();
        let Some(folders) = &context.folders else { return };
        let tab = &*tab;
        // From then on the log has all there is, as of now; it has to be given all.
        let (mut has_all, mut needs_all) = (false, false);
        let has_grown = events.iter().any(|event| matches!(event, Event::Entry(LogEntry::Grown { .. })));
        for event in events {
            let entry = match event {
                Event::Reset => {
                    self.forget(id);
                    (has_all, needs_all) = (false, false);
                    continue;
                }
                Event::Rebased => {
                    has_all = self.restate(tab);
                    needs_all = !has_all;
                    continue;
                }
                Event::Saved { base, len } => LogEntry::Saved { about: about(tab), base, len },
                Event::Entry(entry) => entry,
            };
            let is_there = self.logs.get(&id).map(|log| log.log.is_some());
            if has_all || (is_there.is_none() && !matches!(entry, LogEntry::Step(_))) {
                continue;
            }
            if is_there != Some(true) {
                let budget = context.settings.unsaved_edits_mib.saturating_mul(1 << 20);
                let (log, started) = TabLog::start(tab, &folders.edits(), budget, context.waker());
                self.logs.insert(id, log);
                if let (Err(error), None) = (started, is_there) {
                    let text = trouble_words(tab, &error.to_string());
                    context.notices.push(Level::Warning, Topic::Unsaved, Some(id), text);
                }
            }
            let Some(tab_log) = self.logs.get_mut(&id) else { continue };
            let Some(log) = &tab_log.log else { continue };
            if let LogEntry::Saved { about, .. } = &entry {
                tab_log.about = about.clone();
            }
            let history = || tab.document.history();
            // What came before a thread could be had is not in the log.
            has_all = needs_all || is_there == Some(false);
            let entry = if has_all { LogEntry::State { history: history(), why: Why::Gap } } else { entry };
            has_all |= log.send(entry, history);
        }
        self.keep_up(tab, has_grown, context);
    }

    /// Tells the log of a tab what the file is now, and the user how the log stands.
    fn keep_up(&mut self, tab: &Tab, has_grown: bool, context: &mut Context) {
        let Some(tab_log) = self.logs.get_mut(&tab.id) else { return };
        let Some(log) = &tab_log.log else { return };
        if !is_about(&tab_log.about, tab) {
            let before = std::mem::replace(&mut tab_log.about, about(tab));
            log.send(LogEntry::About(tab_log.about.clone()), || tab.document.history());
            // What has only grown holds what it held.
            if !has_grown && is_changed(&before, &tab_log.about) {
                let history = tab.document.history();
                log.send(LogEntry::State { history, why: Why::OtherFile }, || tab.document.history());
            }
        }
        let Some(status) = log.news() else { return };
        if status.wants_state {
            let history = tab.document.history();
            log.send(LogEntry::State { history, why: Why::Asked }, || tab.document.history());
        }
        let before = std::mem::replace(&mut tab_log.told, status.clone());
        let (id, budget) = (tab.id, context.settings.unsaved_edits_mib);
        match (&before.trouble, &status.trouble) {
            (None, Some(reason)) => {
                let text = trouble_words(tab, reason);
                context.notices.push(Level::Warning, Topic::Unsaved, Some(id), text);
            }
            (Some(_), None) => context.notices.clear(Topic::Unsaved, Some(id)),
            _ => {}
        }
        let is_news = |before: u64, now: u64| before == 0 && now > 0;
        if is_news(before.left_out.0, status.left_out.0) {
            let text = format!(
                "The edits of {} exceed the limit of the log of unsaved edits ({budget} MiB): {} would be lost in a crash. Saving is safe. Raise the limit with the setting unsaved-edits-mib.",
                tab.title,
                describe::size(status.left_out.0)
            );
            context.notices.push(Level::Warning, Topic::Unsaved, Some(id), text);
        }
        if is_news(before.left_out.1, status.left_out.1) {
            let text = format!(
                "The bytes that the edits of {} replaced exceed the limit of the log of unsaved edits ({budget} MiB). After a crash the file and the edits can be restored, but older steps can't be undone. Raise the limit with the setting unsaved-edits-mib.",
                tab.title
            );
            context.notices.push(Level::Info, Topic::Unsaved, Some(id), text);
        }
    }

    /// Bytes that the log of a tab takes on the disk; 0 without one.
    pub fn log_bytes(&self, id: TabId) -> u64 {
        self.logs.get(&id).map_or(0, |log| log.told.disk_bytes)
    }

    /// Ends the logs: removes them when the user has agreed to end the program, else leaves them for the next start.
    /// Waits shortly.
    pub fn end(&mut self, tabs: &mut Tabs, context: &mut Context) {
        self.log_edits(tabs, context);
        if context.may_end() {
            let ids: Vec<TabId> = self.logs.keys().copied().collect();
            ids.into_iter().for_each(|id| self.forget(id));
        }
        self.wait(Instant::now() + PATIENCE);
    }
}

impl Autosave {
    /// Stops what is being done with offers, and waits for that and for the logs.
    pub fn stop(&mut self, deadline: Instant) {
        self.wait(deadline);
        self.offers.stop(deadline);
    }

    /// Waits for all that writes to logs; what is not done at `deadline` goes on by itself. Logs stay.
    fn wait(&mut self, deadline: Instant) {
        let logs = std::mem::take(&mut self.logs).into_values().filter_map(|log| log.log);
        self.ending.extend(logs.map(EditLog::keep));
        for ending in self.ending.drain(..) {
            ending.wait(deadline.saturating_duration_since(Instant::now()));
        }
    }

    /// Removes the log of a tab: what it holds is saved, or not wanted.
    pub fn forget(&mut self, id: TabId) {
        if let Some(log) = self.logs.remove(&id).and_then(|log| log.log) {
            self.ending.push(log.discard());
        }
    }

    /// Has the log of a tab hold all there is now, on the file of now; `false` when it has none.
    fn restate(&mut self, tab: &Tab) -> bool {
        let Some(tab_log) = self.logs.get_mut(&tab.id) else { return false };
        let Some(log) = &tab_log.log else { return false };
        tab_log.about = about(tab);
        let history = || tab.document.history();
        log.send(LogEntry::About(tab_log.about.clone()), history);
        log.send(LogEntry::State { history: history(), why: Why::OtherFile }, history);
        true
    }

    /// Goes on with the log of a document that was restored.
    ///
    /// # Errors
    /// When the log can't be written.
    pub fn resume(&mut self, id: TabId, writer: Writer, wake: Waker) -> std::io::Result<()> {
        let about = writer.about().clone();
        let log = EditLog::start(writer, wake)?;
        self.logs.insert(id, TabLog { log: Some(log), about, told: Status::default() });
        Ok(())
    }
}

fn trouble_words(tab: &Tab, reason: &str) -> String {
    format!(
        "Unsaved edits of {} would be lost in a crash: their log could not be written ({reason}). Editing and saving still work, and pagelens keeps trying to write the log.",
        tab.title
    )
}
