//! What takes more than one feature: a restored document on the screen, closing, ending the program.

use super::features::autosave::{Restored, RestoredFile, is_at, is_unmodified};
use super::logged::Logged;
use super::notice::{Level, Topic};
use super::view::Selection;
use super::{OpenOptions, Session, TabId, words};

impl Session {
    /// Shows a document with its edits: in the tab of its file, or in a new one.
    pub(super) fn show_restored(&mut self, restored: Restored) {
        let Restored { id: offer_id, title, steps, file, revived } = restored;
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
                self.add_tab(id, title.clone(), revived.document, &options);
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
        self.bring_to_front(id);
        self.look_for_arrays(id);
        self.features.autosave.forget_offer(offer_id, &mut self.context);
        self.context.say(format!(
            "The unsaved edits of {} are restored. {} can be undone.",
            title,
            words::counted(steps, "step", "steps")
        ));
        let resumed = self.features.autosave.resume(id, revived.writer, self.context.waker());
        let mut remarks = revived.remarks;
        remarks.extend(resumed.err().map(|error| {
            format!("From now on they would be lost in a crash: no thread could be started ({error}).")
        }));
        if !remarks.is_empty() {
            self.context.notices.push(Level::Warning, Topic::Unsaved, Some(id), remarks.join(" "));
        }
    }

    /// The file that the document of `id` stands on now.
    fn put_under(&mut self, id: TabId, file: RestoredFile) {
        let RestoredFile { opened, cached, generation, interrupted } = file;
        let facts = self.facts_of(&opened, cached, generation);
        self.context.remember_recent(facts.path(), 0);
        let old = self.tabs.get_mut(id).and_then(|tab| tab.file.replace(facts));
        if let Some(old) = old {
            self.context.unwatch(&old);
        }
        self.remember_interrupted(id, &interrupted);
    }
}
