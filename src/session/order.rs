//! The order of the tabs, and which one is in front.

use super::action::Arrangement;
use super::command::Command;
use super::{Session, TabId, words};
use crate::document::Revision;
use crate::escape::PathText;

/// What a command does to the tab in front.
fn arrangement(command: Command, tab: TabId) -> Option<Arrangement> {
    Some(match command {
        Command::CloseOtherTabs => Arrangement::CloseOthers(tab),
        Command::CloseTabsToRight => Arrangement::CloseToRight(tab),
        Command::CopyPath => Arrangement::CopyPath(tab),
        Command::CopyName => Arrangement::CopyName(tab),
        _ => return None,
    })
}

impl Session {
    pub(super) fn select_tab(&mut self, id: TabId) {
        if self.tab_by_id(id).is_some() {
            self.active = Some(id);
            self.want_grid_focus();
        }
    }

    /// The same when work has ended that was to show it.
    pub(super) fn bring_to_front(&mut self, id: TabId) {
        self.active = Some(id);
        self.offer_grid_focus();
    }

    /// If something was typed since `before`, that tab stays in front, and files that are being opened stay behind it.
    pub(super) fn stay_where_typed(&mut self, before: Option<(TabId, Revision, bool)>) {
        let now = self.typed();
        if before != now && before.map(|(tab, ..)| tab) == now.map(|(tab, ..)| tab) {
            self.opening.iter_mut().for_each(|opening| opening.stays_behind = true);
        }
    }

    /// What typing changes: the bytes of the tab in front, or a value that is being typed there.
    pub(super) fn typed(&self) -> Option<(TabId, Revision, bool)> {
        self.tab().map(|tab| (tab.id, tab.document().revision(), tab.edit.is_some()))
    }

    fn step_tab(&mut self, forward: bool) {
        let Some(at) = self.tabs.iter().position(|tab| Some(tab.id) == self.active) else { return };
        let count = self.tabs.len();
        let next = if forward { (at + 1) % count } else { (at + count - 1) % count };
        self.select_tab(self.tabs[next].id);
    }

    /// Does what changes how the window is arranged.
    pub(super) fn arrange(&mut self, arrangement: Arrangement) {
        match arrangement {
            Arrangement::ShowTab(tab) => self.active = self.tab_by_id(tab).map(|tab| tab.id).or(self.active),
            Arrangement::MoveTab { tab, to } => self.move_tab(tab, to),
            Arrangement::CloseOthers(tab) => self.close_beside(tab, false),
            Arrangement::CloseToRight(tab) => self.close_beside(tab, true),
            Arrangement::CopyPath(tab) => self.copy_path(tab),
            Arrangement::CopyName(tab) => {
                if let Some(name) = self.tab_by_id(tab).map(|tab| tab.title.clone()) {
                    self.copy_plain(name);
                }
            }
            Arrangement::PanelSize { name, size } => self.set_panel_size(name, size),
        }
    }

    /// Does a command about the row of tabs; `false` when it is none.
    pub(super) fn run_on_row(&mut self, command: Command) -> bool {
        if command == Command::NextTab || command == Command::PreviousTab {
            self.step_tab(command == Command::NextTab);
        } else if command == Command::MoveTabLeft || command == Command::MoveTabRight {
            self.shift_tab(command == Command::MoveTabRight);
        } else if let Some(arrangement) = self.active.and_then(|tab| arrangement(command, tab)) {
            self.arrange(arrangement);
        } else {
            return false;
        }
        true
    }

    /// Closes the tabs beside one: all, or those at its right.
    fn close_beside(&mut self, id: TabId, only_right: bool) {
        let Some(at) = self.tabs.iter().position(|tab| tab.id == id) else { return };
        let from = if only_right { at + 1 } else { 0 };
        let ids: Vec<TabId> =
            self.tabs[from..].iter().map(|tab| tab.id).filter(|other| *other != id).collect();
        self.close_tabs(&ids);
    }

    fn copy_path(&mut self, id: TabId) {
        let file = self.tab_by_id(id).and_then(|tab| tab.file.as_ref());
        if let Some(path) = file.map(|file| file.path.typed()) {
            self.copy_plain(path);
        }
    }

    /// Puts a tab where the one with number `to` is now.
    fn move_tab(&mut self, id: TabId, to: usize) {
        let Some(at) = self.tabs.iter().position(|tab| tab.id == id) else { return };
        let to = to.min(self.tabs.len() - 1);
        // The places stay, so that a file that is still being opened comes where it was asked for.
        let places: Vec<u64> = self.tabs.iter().map(|tab| tab.place).collect();
        let tab = self.tabs.remove(at);
        self.tabs.insert(to, tab);
        self.tabs.iter_mut().zip(places).for_each(|(tab, place)| tab.place = place);
    }

    /// Moves the tab in front by one place.
    fn shift_tab(&mut self, right: bool) {
        let Some(at) = self.tabs.iter().position(|tab| Some(tab.id) == self.active) else { return };
        let to = if right { at + 1 } else { at.saturating_sub(1) };
        self.move_tab(self.tabs[at].id, to);
    }

    /// Closes several tabs; those with unsaved edits stay, and it is said how many.
    fn close_tabs(&mut self, ids: &[TabId]) {
        let mut kept = 0;
        for id in ids {
            if self.is_unsaved(*id) || self.tab_by_id(*id).is_some_and(|tab| tab.saving || tab.edit.is_some())
            {
                kept += 1;
            } else {
                self.drop_tab(*id);
            }
        }
        if kept > 0 {
            let files =
                words::counted(kept, "file with unsaved changes was", "files with unsaved changes were");
            self.say(format!("{files} not closed."));
        }
    }
}
