//! What the session keeps for the next start: settings, recent files, open tabs. Written by workers.

use super::notice::{Level, Topic};
use super::pane::PaneId;
use super::unsaved::PATIENCE;
use super::{OpenOptions, Session};
use crate::bytes::open::OpenError;
use crate::decode::Encoding;
use crate::job::{Job, Poll};
use crate::state::{Folders, OpenTab, OpenTabs, RecentFile, RecentFiles, Settings};
use std::path::Path;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

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

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

impl Drop for Session {
    /// Whoever writes to the state folder ends before the session does, so that nothing is written there afterwards. A
    /// folder that does not answer is waited for shortly; the window is closed then.
    fn drop(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        self.unsaved.wait(deadline);
        self.unsaved.offers.stop(deadline);
        self.elsewhere.stop(deadline);
        if let Some(job) = self.keeping.take() {
            job.wait_until(deadline);
        }
    }
}

impl Session {
    pub fn recent(&self) -> &[RecentFile] {
        self.recent.files()
    }

    pub(super) fn remember_recent(&mut self, path: &Path, offset: u64) {
        self.recent.touch(path, offset, now());
        self.recent_changed = true;
    }

    /// A file that is gone for good leaves the list when it was chosen from there in vain.
    pub(super) fn forget_recent_if_missing(&mut self, path: &Path, error: &OpenError) {
        if matches!(error, OpenError::Missing { .. }) {
            self.recent.remove(path, now());
            self.recent_changed = true;
        }
    }

    /// Opens the tabs of the last session.
    pub(super) fn restore_tabs(&mut self, tabs: &OpenTabs) {
        for (at, tab) in tabs.tabs.iter().enumerate() {
            let options = OpenOptions { in_front: at == tabs.active, ..OpenOptions::from(tab) };
            self.open(tab.path.clone(), options);
        }
    }

    /// Changes a setting; it is written soon.
    pub fn change_settings(&mut self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.settings);
        self.settings_changed = true;
    }

    /// The tabs that have a file, as they look now.
    fn open_tabs(&self) -> OpenTabs {
        let mut open = OpenTabs::default();
        for tab in &self.tabs {
            let Some(file) = tab.file.as_ref().filter(|file| file.identity.is_some()) else { continue };
            if Some(tab.id) == self.active {
                open.active = open.tabs.len();
            }
            open.tabs.push(OpenTab {
                path: file.path.clone(),
                caret: tab.caret(),
                top: tab.bytes.top_byte(tab.len()),
                columns: None,
                dtype: tab
                    .is_shown(PaneId::Values)
                    .then(|| tab.values.dtype().map(|dtype| dtype.name()))
                    .flatten(),
                encoding: Some(Encoding::name(tab.text_encoding()).to_owned()),
                read_only: tab.locked,
            });
        }
        open
    }

    /// Writes what has changed, on a worker; at most one write at a time.
    pub(super) fn keep_state(&mut self) {
        if let Some(job) = &mut self.keeping {
            match job.poll() {
                Poll::Running => return,
                Poll::Done(Err(text)) => self.notices.push(Level::Warning, Topic::State, None, text),
                Poll::Done(Ok(())) | Poll::Lost => {}
            }
            self.keeping = None;
        }
        if !self.settings_changed && !self.recent_changed {
            return;
        }
        let Some(folders) = self.folders.clone() else { return };
        let settings = std::mem::take(&mut self.settings_changed).then(|| self.settings.clone());
        let recent = std::mem::take(&mut self.recent_changed).then(|| self.recent.clone());
        let job = Job::spawn("settings", self.waker.0.clone(), move |_| {
            if let Some(settings) = settings {
                settings.save(&folders).map_err(|error| error.to_string())?;
            }
            if let Some(recent) = recent {
                recent.save(&folders).map_err(|error| error.to_string())?;
            }
            Ok(())
        });
        // Without a thread the change is written with the next one, or at the end.
        self.keeping = job.ok();
    }

    /// Writes all of it, before the program ends. Blocks shortly; the window is closed then.
    ///
    /// # Errors
    /// A sentence for the log.
    pub fn keep_at_end(&mut self) -> Result<(), String> {
        self.end_logs();
        let Some(folders) = self.folders.clone() else { return Ok(()) };
        // A write that is under way is older than this one and must not come after it.
        if let Some(job) = self.keeping.take() {
            job.wait();
        }
        for tab in &self.tabs {
            if let Some(file) = tab.file.as_ref().filter(|file| file.identity.is_some()) {
                self.recent.touch(&file.path, tab.caret(), now());
            }
        }
        let words = |error: crate::state::StateError| error.to_string();
        self.settings.save(&folders).map_err(words)?;
        self.recent.save(&folders).map_err(words)?;
        let tabs = if self.settings.restore_tabs { self.open_tabs() } else { OpenTabs::default() };
        tabs.save(&folders).map_err(words)
    }
}
