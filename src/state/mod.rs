//! What outlives the program: settings, recent files, open tabs, unsaved edits.
//!
//! Each kind is a small text file in the platform's folder, written whole and moved into place, so that it is
//! never half there. What can't be read is set aside with a message and the defaults are used: the program
//! always starts. Reading and writing block, so the caller does them on a worker. No bytes of documents here.

pub mod edit_log;
pub mod paths;
pub mod presence;
pub mod recent;
pub mod settings;
mod store;
pub mod tabs;
mod text;

pub use paths::Folders;
pub use presence::{OpenFile, Presence};
pub use recent::{RecentFile, RecentFiles};
pub use settings::{Panel, Settings, StringsChoice, ThemeChoice};
pub use store::{Loaded, StateError};
pub use tabs::{OpenArray, OpenPicture, OpenTab, OpenTabs, OpenView, WindowPlace};

impl Folders {
    /// Takes from other users what earlier versions let them read: which files were open. Blocks shortly.
    pub fn keep_to_the_user(&self) {
        if self.is_own {
            store::keep_to_the_user(self.state());
        }
        [recent::FILE, tabs::FILE, presence::FOLDER]
            .into_iter()
            .for_each(|name| store::keep_to_the_user(&self.state().join(name)));
    }
}
