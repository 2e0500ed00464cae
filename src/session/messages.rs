//! What can be done with the messages that are shown.

use super::Session;
use super::notice::{Notice, NoticeId};

impl Session {
    /// Whether messages are shown.
    pub fn has_messages(&self) -> bool {
        self.context.notices.shown(self.tabs.front_id()).next().is_some()
    }

    /// Puts the text of a message on the clipboard; without an id, of the newest one.
    pub(super) fn copy_message(&mut self, id: Option<NoticeId>) {
        let wanted = |notice: &&Notice| id.is_none_or(|id| notice.id == id);
        let text =
            self.context.notices.shown(self.tabs.front_id()).rfind(wanted).map(|notice| notice.text.clone());
        if let Some(text) = text {
            self.copy_plain(text);
            self.context.say(String::from("Copied."));
        }
    }

    pub(super) fn dismiss_last_message(&mut self) {
        if let Some(id) = self.context.notices.last(self.tabs.front_id()) {
            self.dismiss(id);
        }
    }

    /// What Escape removes.
    pub(super) fn dismiss_passing_message(&mut self) {
        if let Some(id) = self.context.notices.last_passing(self.tabs.front_id()) {
            self.dismiss(id);
        }
    }
}
