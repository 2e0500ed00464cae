//! The order of the tabs, and which one is in front.

use super::action::Arrangement;
use super::features::settings::panels;
use super::{Session, TabId, words};
use crate::document::Revision;
use crate::escape::PathText;

impl Session {
    pub(super) fn select_tab(&mut self, id: TabId) {
        if self.tabs.bring_to_front(id) {
            self.context.want_grid_focus();
        }
    }

    /// The same when work has ended that was to show it.
    pub(super) fn bring_to_front(&mut self, id: TabId) {
        if self.tabs.bring_to_front(id) {
            self.context.offer_grid_focus();
        }
    }

    /// If something was typed since `before`, that tab stays in front, and files that are being opened stay behind it.
    pub(super) fn stay_where_typed(&mut self, before: Option<(TabId, Revision, bool)>) {
        let now = self.typed();
        if before != now && before.map(|(tab, ..)| tab) == now.map(|(tab, ..)| tab) {
            self.features.opening.iter_mut().for_each(|opening| opening.stays_behind = true);
        }
    }

    /// What typing changes: the bytes of the tab in front, or a value that is being typed there.
    pub(super) fn typed(&self) -> Option<(TabId, Revision, bool)> {
        self.tabs.front().map(|tab| (tab.id, tab.document().revision(), tab.edit.is_some()))
    }

    pub(super) fn step_tab(&mut self, forward: bool) {
        if let Some(id) = self.tabs.beside_front(forward) {
            self.select_tab(id);
        }
    }

    /// Does what changes how the window is arranged.
    pub(super) fn arrange(&mut self, arrangement: Arrangement) {
        match arrangement {
            Arrangement::ShowTab(tab) => drop(self.tabs.bring_to_front(tab)),
            Arrangement::MoveTab { tab, to } => self.tabs.move_to(tab, to),
            Arrangement::CloseOthers(tab) => self.close_beside(tab, false),
            Arrangement::CloseToRight(tab) => self.close_beside(tab, true),
            Arrangement::CopyPath(tab) => self.copy_path(tab),
            Arrangement::CopyName(tab) => {
                if let Some(name) = self.tabs.get(tab).map(|tab| tab.title.clone()) {
                    self.copy_plain(name);
                }
            }
            Arrangement::PanelSize { name, size } => panels::set_size(&mut self.context, name, size),
        }
    }

    /// Closes the tabs beside one: all, or those at its right.
    fn close_beside(&mut self, id: TabId, only_right: bool) {
        let Some(at) = self.tabs.position(id) else { return };
        let from = if only_right { at + 1 } else { 0 };
        let ids: Vec<TabId> = self.tabs.ids().into_iter().skip(from).filter(|other| *other != id).collect();
        self.close_tabs(&ids);
    }

    fn copy_path(&mut self, id: TabId) {
        let file = self.tabs.get(id).and_then(|tab| tab.file.as_ref());
        if let Some(path) = file.map(|file| file.path().typed()) {
            self.copy_plain(path);
        }
    }

    /// Closes several tabs; those with unsaved edits stay, and it is said how many.
    fn close_tabs(&mut self, ids: &[TabId]) {
        let mut kept = 0;
        for id in ids {
            if self.is_unsaved(*id) || self.tabs.get(*id).is_some_and(|tab| tab.saving || tab.edit.is_some())
            {
                kept += 1;
            } else {
                self.drop_tab(*id);
            }
        }
        if kept > 0 {
            let files =
                words::counted(kept, "file with unsaved changes was", "files with unsaved changes were");
            self.context.say(format!("{files} not closed."));
        }
    }
}
