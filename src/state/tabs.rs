//! The tabs that were open when the program ended, to be opened again. Places and names only: unsaved edits are
//! no part of it.

use super::store::{self, Loaded, Lock, StateError};
use super::{Folders, text};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

const FILE: &str = "tabs.toml";

/// The most tabs that are remembered.
pub const MAX_TABS: usize = 200;

/// A tab and how it looked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct OpenTab {
    #[serde(with = "text::path")]
    pub path: PathBuf,
    /// Where the caret is, in bytes.
    #[serde(default, with = "text::offset")]
    pub caret: u64,
    /// The first byte on the screen.
    #[serde(default, with = "text::offset")]
    pub top: u64,
    /// Bytes in a row, where the tab differs from the settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<u32>,
    /// Name of the element type, where the tab differs from the settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dtype: Option<String>,
    /// Name of the encoding, where the tab differs from the settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    #[serde(default)]
    pub read_only: bool,
}

/// All tabs, in their order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OpenTabs {
    /// Which tab is in front.
    pub active: usize,
    pub tabs: Vec<OpenTab>,
}

impl OpenTabs {
    /// What is on the disk, else none. Blocks.
    pub fn load(folders: &Folders) -> Loaded<Self> {
        let mut loaded: Loaded<Self> = store::load(&folders.state().join(FILE));
        loaded.value.tabs.truncate(MAX_TABS);
        loaded.value.active = loaded.value.active.min(loaded.value.tabs.len().saturating_sub(1));
        loaded
    }

    /// Blocks. The instance that ends last is remembered.
    ///
    /// # Errors
    /// [`StateError`]; what was on the disk before is still there then.
    pub fn save(&self, folders: &Folders) -> Result<(), StateError> {
        Lock::of(folders.state())?.store(&folders.state().join(FILE), self)
    }
}
