//! Closing files and ending the program: nothing unsaved goes without a question.

use super::dialog::Dialog;
use super::saving::After;
use super::{Request, Session, TabId};

impl Session {
    /// Closes a tab; asks when it has edits that no file has.
    pub(super) fn close_tab(&mut self, id: TabId) {
        self.settle_edits();
        if self.tab_by_id(id).is_some_and(|tab| tab.saving) {
            self.say(String::from("This file is being saved. Close it when the save is done."));
        } else if self.is_unsaved(id) {
            self.select_tab(id);
            self.put_dialog(Some(Dialog::ConfirmClose(id)));
        } else {
            self.drop_tab(id);
        }
    }

    /// Takes the values that are being typed; what is none has no bytes to lose.
    fn settle_edits(&mut self) {
        for tab in &mut self.tabs {
            if let Err(reason) = tab.settle_edit() {
                tracing::debug!(%reason, "a typed value was not accepted");
            }
        }
    }

    /// Closes a tab, edits or not.
    pub(super) fn drop_tab(&mut self, id: TabId) {
        self.put_dialog(None);
        let Some(at) = self.tabs.iter().position(|tab| tab.id == id) else { return };
        let tab = self.tabs.remove(at);
        self.naming.take_if(|(named, _)| *named == id);
        self.forget_searches(id);
        self.notices.forget_tab(id);
        self.settle_outside(id);
        if let Some(file) = tab.file {
            self.unwatch(&file);
            if file.identity.is_some() {
                self.remember_recent(&file.path, tab.selection.caret);
            }
        }
        if self.active == Some(id) {
            let next = at.min(self.tabs.len().saturating_sub(1));
            self.active = self.tabs.get(next).map(|tab| tab.id);
        }
        self.want_grid_focus();
    }

    pub(super) fn save_and_close(&mut self, id: TabId) {
        self.put_dialog(None);
        self.save(id, false, After::Close);
    }

    /// Ends the program; asks when there are edits that no file has.
    pub(super) fn quit(&mut self) {
        self.settle_edits();
        if self.tabs.iter().any(|tab| tab.saving) {
            self.quits_after_saves = true;
            self.say(String::from("A file is being saved. The window closes when that is done."));
        } else if self.tabs.iter().any(|tab| self.is_unsaved(tab.id)) {
            self.put_dialog(Some(Dialog::ConfirmQuit));
        } else {
            self.request(Request::Quit);
        }
    }

    /// Quits when that was asked for during a save; a save that failed asks about its edits then.
    pub(super) fn quit_after_saves(&mut self) {
        if self.quits_after_saves && !self.tabs.iter().any(|tab| tab.saving) {
            self.quits_after_saves = false;
            self.quit();
        }
    }

    /// Files that would lose something if the program ended now.
    pub fn unsaved(&self) -> impl Iterator<Item = &super::tab::Tab> {
        self.tabs.iter().filter(|tab| self.is_unsaved(tab.id))
    }

    /// Saves one unsaved file after the other; each confirmed save asks to quit again.
    pub(super) fn save_all_and_quit(&mut self) {
        self.put_dialog(None);
        let ids: Vec<TabId> = self.unsaved().map(|tab| tab.id).collect();
        match ids.first() {
            // One with a name first: naming needs an answer from the user.
            Some(first) => {
                let named = ids.iter().find(|id| self.tab_by_id(**id).is_some_and(super::tab::Tab::has_file));
                let next = *named.unwrap_or(first);
                self.save(next, false, After::Quit);
            }
            None => self.request(Request::Quit),
        }
    }
}
