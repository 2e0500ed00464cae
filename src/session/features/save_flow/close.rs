//! Closing files and quitting: unsaved edits are never discarded without a question.

use super::SaveFlow;
use super::wanted::WantedSave;
use crate::session::action::{Action, TabAction};
use crate::session::context::Context;
use crate::session::dialog::{Dialog, Subject};
use crate::session::effect::Effect;
use crate::session::ids::TabId;
use crate::session::name_request::After;
use crate::session::notice::{Level, Topic};
use crate::session::request::Request;
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;

fn is_unsaved(id: TabId, tabs: &Tabs) -> bool {
    tabs.get(id).is_some_and(Tab::has_unsaved_edits)
}

/// Closes a tab; asks when it has edits that no file has.
pub(in crate::session) fn close_tab(id: TabId, tabs: &mut Tabs, context: &mut Context) {
    settle_edit_in(id, tabs);
    if tabs.get(id).is_some_and(|tab| tab.is_saving()) {
        context.say("This file is being saved. Close it when the save is done.");
    } else if is_unsaved(id, tabs) {
        tabs.select(id, context);
        context.put_dialog(Some(Dialog::ConfirmClose(id)));
    } else {
        drop_tab(id, tabs, context);
    }
}

/// The same for the tab in front.
pub(in crate::session) fn close_front(tabs: &mut Tabs, context: &mut Context) {
    if let Some(id) = tabs.front_id() {
        close_tab(id, tabs, context);
    }
}

/// Closes a tab whose save has ended, some time after that was asked for: what the user does meanwhile goes on.
pub(super) fn close_saved(id: TabId, tabs: &mut Tabs, context: &mut Context) {
    settle_edit_in(id, tabs);
    let Some(tab) = tabs.get(id) else { return };
    let title = tab.title.clone();
    let is_in_front = tabs.front_id() == Some(id);
    let is_free = is_in_front && context.dialog().is_none();
    let why_open = match (is_unsaved(id, tabs), is_free) {
        // What was typed while the save ran is not on the disk: closing asks again.
        (true, true) => return context.put_dialog(Some(Dialog::ConfirmClose(id))),
        (true, false) => "it was edited in the meantime",
        // The question is about this file, and the next one is not to get its answer.
        (false, false) if is_in_front => "a question was open",
        (false, _) => {
            remove_tab(id, tabs, context);
            if is_in_front {
                context.offer_grid_focus();
            }
            return;
        }
    };
    let text = format!("{title} was saved. It was not closed, because {why_open}.");
    let ways_out = vec![("Close", Action::Tab(TabAction::Close(id)))];
    context.notices.push_with(Level::Info, Topic::Save, Some(id), text, ways_out);
}

fn settle_edit_in(id: TabId, tabs: &mut Tabs) {
    if let Some(Err(reason)) = tabs.get_mut(id).map(Tab::settle_edit) {
        tracing::debug!(%reason, "a typed value was not accepted");
    }
}

/// Closes a tab, edits or not.
pub(in crate::session) fn drop_tab(id: TabId, tabs: &mut Tabs, context: &mut Context) {
    remove_tab(id, tabs, context);
    context.want_grid_focus();
}

/// Whether the open question can't be answered without this tab.
fn asks_about(id: TabId, tabs: &Tabs, context: &Context) -> bool {
    match context.dialog().map(Dialog::subject) {
        Some(Subject::Tab(of)) => of == id,
        Some(Subject::Front) => tabs.front_id() == Some(id),
        Some(Subject::Program) | None => false,
    }
}

fn remove_tab(id: TabId, tabs: &mut Tabs, context: &mut Context) {
    if asks_about(id, tabs, context) {
        context.put_dialog(None);
    }
    let Some(tab) = tabs.remove(id) else { return };
    context.notices.forget_tab(id);
    context.want(Effect::Closed(id));
    if let Some(file) = tab.file {
        context.unwatch(&file);
        if file.is_stored() {
            context.remember_recent(file.path(), tab.selection.caret);
        }
    }
}

/// Files that would lose something if the program ended now.
pub(in crate::session) fn unsaved(tabs: &Tabs) -> impl Iterator<Item = &Tab> {
    tabs.iter().filter(|tab| tab.has_unsaved_edits())
}

impl SaveFlow {
    /// Saves a tab and closes it then.
    pub fn save_and_close(&mut self, id: TabId, tabs: &mut Tabs, context: &mut Context) {
        context.put_dialog(None);
        self.save(WantedSave::own(id, After::Close), tabs, context);
    }

    /// Ends the program; asks when there are edits that no file has.
    pub fn quit(&mut self, tabs: &mut Tabs, context: &mut Context) {
        // What is being typed is taken; what is no value has no bytes to lose.
        tabs.ids().into_iter().for_each(|id| settle_edit_in(id, tabs));
        if tabs.iter().any(|tab| tab.is_saving()) {
            self.quits_after_saves = true;
            context.say("A file is being saved. The window closes when that is done.");
        } else if unsaved(tabs).next().is_some() {
            context.put_dialog(Some(Dialog::ConfirmQuit));
        } else {
            context.request(Request::Quit);
        }
    }

    /// Quits when that was asked for during a save; a save that failed asks about its edits then.
    pub(super) fn quit_after_saves(&mut self, tabs: &mut Tabs, context: &mut Context) {
        if self.quits_after_saves && !tabs.iter().any(|tab| tab.is_saving()) {
            self.quits_after_saves = false;
            self.quit(tabs, context);
        }
    }

    /// Saves one unsaved file after the other; each confirmed save asks to quit again.
    pub fn save_all_and_quit(&mut self, tabs: &mut Tabs, context: &mut Context) {
        context.put_dialog(None);
        // One with a name first: naming needs an answer from the user.
        let next = unsaved(tabs).find(|tab| tab.has_file()).or_else(|| unsaved(tabs).next());
        match next.map(|tab| tab.id) {
            Some(next) => self.save(WantedSave::own(next, After::Quit), tabs, context),
            None => context.request(Request::Quit),
        }
    }
}
