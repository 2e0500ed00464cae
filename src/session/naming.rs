//! Names for files that the user is asked for. Who asks goes with the question and comes back with the answer, so no answer
//! reaches another one, however many questions and files come and go meanwhile.

use super::dialog::{Dialog, Subject};
use super::saving::After;
use super::selection_file::Outgoing;
use super::{OfferId, Request, Session, TabId};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a name is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Save As, or the first save of a new document.
    Save { tab: TabId, after: After },
    /// The selection as a file of its own.
    Selection(Arc<Outgoing>),
    /// Edits that another run has left unsaved, as a patch.
    Patch(OfferId),
}

impl Asked {
    /// What goes when its tab does. The bytes of a selection are there without the tab.
    pub(super) fn subject(&self) -> Subject {
        match self {
            Self::Save { tab, .. } => Subject::Tab(*tab),
            Self::Selection(_) | Self::Patch(_) => Subject::Program,
        }
    }

    /// Whether `self` is the same question again, whatever is to come after it.
    fn is_again(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Save { tab, .. }, Self::Save { tab: other, .. }) => tab == other,
            (Self::Selection(_), Self::Selection(_)) => true,
            (Self::Patch(offer), Self::Patch(other)) => offer == other,
            _ => false,
        }
    }
}

impl Session {
    /// Asks for a name, beginning with `suggested`. At most one such question is open.
    pub(super) fn ask_name(&mut self, asked: Asked, suggested: String) {
        if self.asked.as_ref().is_some_and(|open| !open.is_again(&asked)) {
            return self.say(String::from("First answer the question for the other file's name."));
        }
        self.asked = Some(asked.clone());
        self.request(Request::ChooseSaveName { suggested, asked });
    }

    /// Asks again for a name after one was refused. The refused name stays in the field, with the reason under it.
    /// `false` while another question is open.
    pub(super) fn ask_name_again(&mut self, asked: Asked, path: &Path, why: String) -> bool {
        if self.asked.is_some() || self.dialog().is_some() {
            return false;
        }
        self.asked = Some(asked.clone());
        self.show_dialog_because(Dialog::SaveAsPath(asked), why);
        self.name_start = Some(path.to_owned());
        true
    }

    /// The name that the open question for one begins with, if it was typed before.
    pub fn name_start(&self) -> Option<&Path> {
        self.name_start.as_deref()
    }

    /// The user has named a file; with `replace` one that is there and may be lost.
    pub(super) fn take_name(&mut self, asked: Asked, path: PathBuf, replace: bool) {
        self.name_nothing(&asked);
        let is_answered = match self.dialog() {
            Some(Dialog::SaveAsPath(open) | Dialog::ConfirmReplace { asked: open, .. }) => *open == asked,
            _ => false,
        };
        if is_answered {
            self.close_dialog();
        }
        match asked {
            Asked::Save { tab, after } => self.save_to(tab, path, replace, after),
            Asked::Selection(of) => self.write_selection(of, path, replace),
            Asked::Patch(offer) => self.export_to(offer, path, replace),
        }
    }

    /// The question is not open any more.
    pub(super) fn name_nothing(&mut self, asked: &Asked) {
        self.asked.take_if(|open| open == asked);
    }

    /// Another file has the name: the user is asked whether it may be lost.
    pub(super) fn ask_to_replace(&mut self, asked: Asked, path: PathBuf) {
        self.put_dialog(Some(Dialog::ConfirmReplace { asked, path }));
    }
}
