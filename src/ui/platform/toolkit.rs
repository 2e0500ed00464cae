//! The file dialogs of Windows and macOS. They tell no failure apart from a cancel, and have no 'read-only'.

use super::{Answer, Question};
use raw_window_handle::{HasDisplayHandle, HasWindowHandle};

/// A dialog that belongs to the window already; the others are made from it.
#[derive(Clone, Debug, Default)]
pub struct BaseDialog(rfd::FileDialog);

/// What dialogs of this window begin as.
pub fn parent_of(window: &(impl HasWindowHandle + HasDisplayHandle)) -> BaseDialog {
    BaseDialog(rfd::FileDialog::new().set_parent(window))
}

pub(super) fn ask(question: &Question) -> Answer {
    let mut dialog = question.parent.0.clone().set_title(question.title);
    if let Some(folder) = &question.folder {
        dialog = dialog.set_directory(folder);
    }
    if let Some(name) = &question.name {
        dialog = dialog.set_file_name(name);
    }
    let paths = if question.saves {
        dialog.save_file().into_iter().collect()
    } else {
        dialog.pick_files().unwrap_or_default()
    };
    if paths.is_empty() { Answer::Cancelled } else { Answer::Chosen { paths, read_only: false } }
}
