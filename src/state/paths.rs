//! Where the platform keeps what outlives the program. Creates nothing: that is left to the first write.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Names the one folder for everything, for portable use and for tests.
pub const STATE_DIR_VARIABLE: &str = "PAGELENS_STATE_DIR";

/// The folders of this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    settings: PathBuf,
    state: PathBuf,
    /// Whether the state folder is the program's own by its name, and not one that the user named.
    pub(super) is_own: bool,
}

impl Folders {
    /// What the environment asks for, else the platform's folders; `None` when there is no home folder.
    pub fn of_this_user() -> Option<Self> {
        Self::chosen_by(std::env::var_os(STATE_DIR_VARIABLE).as_deref()).or_else(Self::of_the_platform)
    }

    /// Everything in one folder.
    pub fn all_in(folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        Self { settings: folder.clone(), state: folder, is_own: false }
    }

    /// What the user may edit by hand.
    pub fn settings(&self) -> &Path {
        &self.settings
    }

    /// What the program alone writes.
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// Where the logs of unsaved edits lie.
    pub fn edits(&self) -> PathBuf {
        self.state.join("edits")
    }

    /// Where journals of saves lie that can't lie beside their file.
    pub fn journals(&self) -> PathBuf {
        self.state.join("journals")
    }

    fn chosen_by(variable: Option<&OsStr>) -> Option<Self> {
        variable.filter(|value| !value.is_empty()).map(Self::all_in)
    }

    fn of_the_platform() -> Option<Self> {
        let dirs = directories::ProjectDirs::from("", "", "pagelens")?;
        let state = dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir());
        Some(Self { settings: dirs.config_dir().to_owned(), state: state.to_owned(), is_own: true })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_decides_unless_it_is_empty() {
        assert_eq!(Folders::chosen_by(Some(OsStr::new("/x"))), Some(Folders::all_in("/x")));
        assert_eq!(Folders::chosen_by(Some(OsStr::new(""))), None);
        assert_eq!(Folders::chosen_by(None), None);
    }
}
