//! Closing files and ending the program: nothing unsaved goes without a question.

use super::action::{Action, TabAction};
use super::dialog::{Dialog, Subject};
use super::notice::{Level, Topic};
use super::{After, Request, Session, TabId};

impl Session {
    /// Closes a tab; asks when it has edits that no file has.
    pub(super) fn close_tab(&mut self, id: TabId) {
        self.settle_edit_in(id);
        if self.tabs.get(id).is_some_and(|tab| tab.saving) {
            self.context.say(String::from("This file is being saved. Close it when the save is done."));
        } else if self.is_unsaved(id) {
            self.select_tab(id);
            self.context.put_dialog(Some(Dialog::ConfirmClose(id)));
        } else {
            self.drop_tab(id);
        }
    }

    /// Closes a tab whose save has ended, some time after that was asked for: what the user does meanwhile goes on.
    pub(super) fn close_saved(&mut self, id: TabId) {
        self.settle_edit_in(id);
        let Some(tab) = self.tabs.get(id) else { return };
        let title = tab.title.clone();
        let is_in_front = self.tabs.front_id() == Some(id);
        let is_free = is_in_front && self.context.dialog().is_none();
        let why_open = match (self.is_unsaved(id), is_free) {
            // What was typed while the save ran is not on the disk: closing asks again.
            (true, true) => return self.context.put_dialog(Some(Dialog::ConfirmClose(id))),
            (true, false) => "it was edited meanwhile",
            // The question is about this file, and the next one is not to get its answer.
            (false, false) if is_in_front => "a question was open",
            (false, _) => {
                self.remove_tab(id);
                if is_in_front {
                    self.context.offer_grid_focus();
                }
                return;
            }
        };
        let text = format!("{title} was saved. It was not closed, as {why_open}.");
        let ways_out = vec![("Close", Action::Tab(TabAction::Close(id)))];
        self.context.notices.push_with(Level::Info, Topic::Save, Some(id), text, ways_out);
    }

    /// Takes the values that are being typed; what is none has no bytes to lose.
    fn settle_edits(&mut self) {
        self.tabs.ids().into_iter().for_each(|id| self.settle_edit_in(id));
    }

    fn settle_edit_in(&mut self, id: TabId) {
        if let Some(Err(reason)) = self.tabs.get_mut(id).map(super::tab::Tab::settle_edit) {
            tracing::debug!(%reason, "a typed value was not accepted");
        }
    }

    /// Closes a tab, edits or not.
    pub(super) fn drop_tab(&mut self, id: TabId) {
        self.remove_tab(id);
        self.context.want_grid_focus();
    }

    /// Whether the open question can't be answered without this tab.
    fn asks_about(&self, id: TabId) -> bool {
        match self.context.dialog().map(Dialog::subject) {
            Some(Subject::Tab(of)) => of == id,
            Some(Subject::Front) => self.tabs.front_id() == Some(id),
            Some(Subject::Program) | None => false,
        }
    }

    fn remove_tab(&mut self, id: TabId) {
        if self.asks_about(id) {
            self.context.put_dialog(None);
        }
        let Some(tab) = self.tabs.remove(id) else { return };
        self.features.find.forget_tab(id);
        self.context.notices.forget_tab(id);
        self.settle_outside(id);
        if let Some(file) = tab.file {
            self.context.unwatch(&file);
            if file.is_stored() {
                self.context.remember_recent(file.path(), tab.selection.caret);
            }
        }
    }

    pub(super) fn save_and_close(&mut self, id: TabId) {
        self.context.put_dialog(None);
        self.save(id, false, After::Close);
    }

    /// Ends the program; asks when there are edits that no file has.
    pub(super) fn quit(&mut self) {
        self.settle_edits();
        if self.tabs.iter().any(|tab| tab.saving) {
            self.features.quits_after_saves = true;
            self.context.say(String::from("A file is being saved. The window closes when that is done."));
        } else if self.tabs.iter().any(|tab| self.is_unsaved(tab.id)) {
            self.context.put_dialog(Some(Dialog::ConfirmQuit));
        } else {
            self.context.request(Request::Quit);
        }
    }

    /// Quits when that was asked for during a save; a save that failed asks about its edits then.
    pub(super) fn quit_after_saves(&mut self) {
        if self.features.quits_after_saves && !self.tabs.iter().any(|tab| tab.saving) {
            self.features.quits_after_saves = false;
            self.quit();
        }
    }

    /// Files that would lose something if the program ended now.
    pub fn unsaved(&self) -> impl Iterator<Item = &super::tab::Tab> {
        self.tabs.iter().filter(|tab| self.is_unsaved(tab.id))
    }

    /// Saves one unsaved file after the other; each confirmed save asks to quit again.
    pub(super) fn save_all_and_quit(&mut self) {
        self.context.put_dialog(None);
        let ids: Vec<TabId> = self.unsaved().map(|tab| tab.id).collect();
        match ids.first() {
            // One with a name first: naming needs an answer from the user.
            Some(first) => {
                let named = ids.iter().find(|id| self.tabs.get(**id).is_some_and(super::tab::Tab::has_file));
                let next = *named.unwrap_or(first);
                self.save(next, false, After::Quit);
            }
            None => self.context.request(Request::Quit),
        }
    }
}
