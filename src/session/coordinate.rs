//! Carries out what one feature asks of another one, after the first has returned.

use super::action::Arrangement;
use super::effect::Effect;
use super::features::autosave::restored::{RestoredEdits, RestoredFile};
use super::features::autosave::{is_at, is_unmodified};
use super::features::open::new_tab::{add_tab, show_source};
use super::features::save_flow::close::drop_tab;
use super::features::save_flow::recovery::remember_interrupted;
use super::features::settings::panels;
use super::generations::facts_of;
use super::logged_document::Logged;
use super::notice::{Level, Topic};
use super::tab::Tab;
use super::view::Selection;
use super::{OpenOptions, Session, TabId, describe};
use crate::escape::PathText;

impl Session {
    /// Carries out what features want of each other.
    pub(super) fn settle_effects(&mut self) {
        while let Some(effect) = self.context.next_effect() {
            self.carry_out(effect);
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        let Self { tabs, context, features } = self;
        match effect {
            Effect::FileOpened { tab, array, left } => {
                features.containers.file_opened(tab, array, left.map(|left| *left), tabs, context);
            }
            Effect::ShowArray { tab, request } => {
                features.containers.show_wanted(tab, &request, tabs, context);
            }
            Effect::Open { path, options } => features.open.start(path, *options, None, tabs, context),
            Effect::OpenAgain { tab, path } => {
                features.open.start(path, OpenOptions::default(), Some(tab), tabs, context);
            }
            Effect::Reload(tab) => features.external_changes.reload(tab, false, tabs, context),
            Effect::ShowLocked { title, source } => {
                let tab = show_source(title, source, tabs, context);
                if let Some(tab) = tabs.get_mut(tab) {
                    tab.locked = true;
                }
            }
            Effect::PasteIntoArray(values) => features.compute.paste(values, tabs, context),
            Effect::CopyRows(rows) => features.list_export.copy(rows, context),
            Effect::ExportRows(rows) => features.list_export.ask_name(rows, tabs, context),
            Effect::StopCopyingArrays => features.export.stop_copying(),
            Effect::SearchInstances => features.other_instances.search(tabs, context),
            Effect::ShowElement { tab, entry, index } => {
                features.containers.show_element(tab, entry, &index, tabs, context);
            }
            Effect::ListElements { tab, question, arrays } => {
                features.find.list_in(tab, question, arrays, tabs, context);
            }
            Effect::ReadHeader(tab) => features.containers.read_header(tab, tabs, context),
            Effect::StartSave(ready) => {
                let log = features.autosave.handed(ready.tab, tabs, context);
                features.save_flow.start(*ready, log, tabs, context);
            }
            Effect::SaveRefused { tab, reason, left_alone } => {
                features.external_changes.refused(tab, reason, left_alone, tabs, context);
            }
            Effect::SettleExternalChange(tab) => features.external_changes.settle(tab, context),
            Effect::ArrayIsCopied => {
                features.clipboard.stop_copying();
                features.clipboard.forget_textless_clip();
            }
            Effect::ArrayCopied { text, bytes, is_text, title } => {
                features.clipboard.copied_array(text, bytes, is_text, &title, context);
            }
            Effect::ShowRestored(restored) => self.show_restored(*restored),
            Effect::KeepState => {
                let (settings, unfinished) = features.settings_and_unfinished();
                settings.keep(tabs, &unfinished, context);
            }
            Effect::Closed(tab) => {
                features.find.forget_tab(tab);
                features.containers.forget_tab(tab);
                features.statistics.forget_tab(tab);
                features.external_changes.settle(tab, context);
            }
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
            let loses = |tab: &Tab| tab.has_unsaved_edits() || tab.is_saving() || tab.edit.is_some();
            if self.tabs.get(*id).is_some_and(loses) {
                kept += 1;
            } else {
                drop_tab(*id, &mut self.tabs, &mut self.context);
            }
        }
        if kept > 0 {
            let files =
                describe::counted(kept, "file with unsaved changes was", "files with unsaved changes were");
            self.context.say(format!("{files} not closed."));
        }
    }

    /// Shows a document with its edits: in the tab of its file, or in a new one.
    fn show_restored(&mut self, restored: RestoredEdits) {
        let RestoredEdits { id: offer_id, title, steps, file, revived } = restored;
        let path = file.as_ref().map(|file| file.opened.path());
        let there = path.and_then(|path| self.tabs.iter().find(|tab| is_at(tab, path)));
        if let Some(tab) = there.filter(|tab| !is_unmodified(tab)) {
            let text = format!(
                "{} was edited while its unsaved edits from the last run were being restored. Those edits are kept and offered again at the next start.",
                tab.title
            );
            self.features.autosave.forget_offer(offer_id, &mut self.context);
            self.context.notices.push(Level::Warning, Topic::Unsaved, None, text);
            return;
        }
        let caret = revived.document.history().caret();
        let id = match there.map(|tab| tab.id) {
            Some(id) => {
                self.features.find.forget_tab(id);
                // The log of the tab's old undo history. It would be offered at the next start.
                self.features.autosave.forget(id);
                if let Some(tab) = self.tabs.get_mut(id) {
                    tab.document = Logged::new(revived.document);
                    // The undo history that held old files is gone.
                    tab.held_disk = 0;
                }
                id
            }
            None => {
                let id = self.tabs.next_id();
                let options = OpenOptions { in_front: true, ..OpenOptions::default() };
                let (tabs, context) = (&mut self.tabs, &mut self.context);
                add_tab(id, title.clone(), revived.document, &options, tabs, context);
                id
            }
        };
        if let Some(file) = file {
            self.put_under(id, file);
        }
        if let Some(tab) = self.tabs.get_mut(id) {
            tab.edit = None;
            tab.refresh();
            if let Some((at, _)) = caret {
                tab.go(Selection::caret_at(at.min(tab.len()), tab.selection.column));
            }
        }
        self.tabs.show(id, &mut self.context);
        self.features.containers.read_header(id, &self.tabs, &self.context);
        self.features.autosave.forget_offer(offer_id, &mut self.context);
        self.context.say(format!(
            "The unsaved edits of {} are restored. {} can be undone.",
            title,
            describe::counted(steps, "step", "steps")
        ));
        let resumed = self.features.autosave.resume(id, revived.writer, self.context.waker());
        self.tell_remarks(id, revived.remarks, resumed.err());
    }

    /// Shows what is not as it was of restored edits, and why their log could not be resumed.
    fn tell_remarks(&mut self, id: TabId, mut remarks: Vec<String>, error: Option<std::io::Error>) {
        remarks.extend(error.map(|error| {
            format!("A crash would now lose these edits: no thread could be started ({error}).")
        }));
        if !remarks.is_empty() {
            self.context.notices.push(Level::Warning, Topic::Unsaved, Some(id), remarks.join(" "));
        }
    }

    /// The file that the document of `id` stands on now.
    fn put_under(&mut self, id: TabId, file: RestoredFile) {
        let RestoredFile { opened, cached, generation, interrupted } = file;
        let facts = facts_of(&opened, cached, generation, self.context.watcher.as_ref());
        self.context.remember_recent(facts.path(), 0);
        let old = self.tabs.get_mut(id).and_then(|tab| tab.file.replace(facts));
        if let Some(old) = old {
            self.context.unwatch(&old);
        }
        remember_interrupted(id, &interrupted, &mut self.tabs, &mut self.context);
    }
}
