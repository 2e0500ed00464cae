//! What other programs do to open files: said in a banner, with the ways out. Nothing is reloaded by itself.

use super::action::Action;
use super::command::Command;
use super::notice::{Level, Topic};
use super::tab::FileFacts;
use super::{Session, TabId, words};
use crate::bytes::watch::FileChange;

impl Session {
    /// Tells of what has changed since the last call.
    pub(super) fn poll_watcher(&mut self) {
        let Some(watcher) = &self.watcher else { return };
        for (watch, change) in watcher.changes() {
            let of_watch =
                |tab: &&super::tab::Tab| tab.file.as_ref().is_some_and(|file| file.watch == Some(watch));
            let Some(id) = self.tabs.iter().find(of_watch).map(|tab| tab.id) else { continue };
            self.file_changed(id, &change);
        }
    }

    /// Looks after a file no longer.
    pub(super) fn unwatch(&self, file: &FileFacts) {
        if let (Some(watcher), Some(watch)) = (&self.watcher, file.watch) {
            watcher.unwatch(watch);
        }
    }

    fn file_changed(&mut self, id: TabId, change: &FileChange) {
        let Some(tab) = self.tab_by_id(id) else { return };
        let Some(file) = &tab.file else { return };
        let path = file.path.display();
        let kept = if tab.is_modified() { " Your edits are kept." } else { "" };
        let (level, text) = match change {
            FileChange::Modified => (
                Level::Warning,
                format!(
                    "Another program has written to {path}. What is shown may be partly old and partly new.{kept}"
                ),
            ),
            FileChange::CutShort { len } => (
                Level::Error,
                format!(
                    "Another program has cut {path} short to {}. Bytes beyond that are hatched and can't be read any more.{kept}",
                    words::bytes(*len)
                ),
            ),
            FileChange::Grown { len } => (
                Level::Info,
                format!("{path} has grown to {}. Reload to see the rest.{kept}", words::bytes(*len)),
            ),
            FileChange::Replaced => (
                Level::Warning,
                format!(
                    "Another program has put another file in the place of {path}. The one that was opened is still shown.{kept}"
                ),
            ),
            FileChange::Deleted => (
                Level::Warning,
                format!(
                    "{path} has been deleted or moved. The opened file is still shown; Save as keeps it.{kept}"
                ),
            ),
            FileChange::Restored => {
                self.notices.clear(Topic::ChangedOnDisk, Some(id));
                return;
            }
            FileChange::Attributes => return,
        };
        // Pages read before are of another state than those read from now on.
        if matches!(change, FileChange::Modified | FileChange::CutShort { .. } | FileChange::Grown { .. }) {
            self.cache.forget(&file.cached);
        }
        let mut ways_out = vec![("Save as…", Action::Run(Command::SaveAs))];
        if !matches!(change, FileChange::Deleted) {
            ways_out.insert(0, ("Reload", Action::Reload(id)));
        }
        self.notices.push_with(level, Topic::ChangedOnDisk, Some(id), text, ways_out);
    }

    /// Reads the file again; asks first when edits would be lost.
    pub(super) fn reload(&mut self, id: TabId, asked: bool) {
        if self.is_unsaved(id) && !asked {
            self.put_dialog(Some(super::dialog::Dialog::ConfirmReload(id)));
            return;
        }
        self.put_dialog(None);
        let Some(path) = self.tab_by_id(id).and_then(|tab| tab.file.as_ref()).map(|file| file.path.clone())
        else {
            return;
        };
        self.start_opening(path, super::OpenOptions::default(), Some(id));
    }
}
