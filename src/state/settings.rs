//! What the user has chosen and wants again next time. A text file that may be edited by hand: keys that this
//! version does not know are kept, values out of range are brought into it. Nothing about single files.

use super::Folders;
use super::store::{self, Loaded, Lock, StateError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const FILE: &str = "settings.toml";

/// The smallest and the largest size of everything; 1 is what the system says.
pub const ZOOM_RANGE: std::ops::RangeInclusive<f32> = 0.5..=4.0;

/// The most bytes in a row that can be asked for.
pub const MAX_COLUMNS: u32 = 4096;

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThemeChoice {
    #[default]
    System,
    Light,
    Dark,
}

/// How a panel is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Panel {
    pub shown: bool,
    /// In points; 0 for as wide as it likes. Of a panel at the bottom it is the height.
    pub width: f32,
}

impl Default for Panel {
    fn default() -> Self {
        Self { shown: true, width: 0.0 }
    }
}

/// Which strings are listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct StringsChoice {
    /// Characters of a string at least.
    pub least: u64,
    /// Names of the encodings.
    pub encodings: Vec<String>,
}

impl Default for StringsChoice {
    fn default() -> Self {
        Self { least: 4, encodings: vec!["utf-8".to_owned()] }
    }
}

/// What the user has chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Settings {
    pub theme: ThemeChoice,
    /// Size of everything, 1 for the system's; within [`ZOOM_RANGE`].
    pub zoom: f32,
    /// Bytes in a row; 0 for as many as fit.
    pub columns: u32,
    /// Bytes between two gaps of a row; 0 for no gaps.
    pub grouping: u32,
    /// Hexadecimal digits as capitals.
    pub upper_case: bool,
    /// Whether the text column is shown.
    pub text_column: bool,
    /// Name of the encoding of the text column.
    pub encoding: String,
    /// Name of the element type that a new view starts with.
    pub dtype: String,
    /// Files open locked against edits.
    pub read_only_by_default: bool,
    /// Saving keeps what the file held before, under its name with `.bak` at the end.
    pub backup: bool,
    /// How many MiB of the disk the undo of saved files may hold.
    pub undo_disk_mib: u64,
    /// How many MiB of contents the log of one document's unsaved edits may hold.
    pub unsaved_edits_mib: u64,
    /// The tabs of last time open again.
    pub restore_tabs: bool,
    /// By name; a panel without an entry is as it likes to be.
    pub panels: BTreeMap<String, Panel>,
    /// Rows of the inspector by name: whether each is shown. One without an entry is when it is a usual one.
    pub inspector: BTreeMap<String, bool>,
    /// Hash algorithms by name: whether each is calculated. One without an entry is when it is a usual one.
    pub hashes: BTreeMap<String, bool>,
    /// Which strings are listed.
    pub strings: StringsChoice,
    /// Keys that this version does not know.
    #[serde(flatten)]
    pub others: toml::Table,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::System,
            zoom: 1.0,
            columns: 16,
            grouping: 4,
            upper_case: false,
            text_column: true,
            encoding: "ascii".to_owned(),
            dtype: "u1".to_owned(),
            read_only_by_default: false,
            backup: false,
            undo_disk_mib: 16 << 10,
            unsaved_edits_mib: 1 << 10,
            restore_tabs: true,
            panels: BTreeMap::new(),
            inspector: BTreeMap::new(),
            hashes: BTreeMap::new(),
            strings: StringsChoice::default(),
            others: toml::Table::new(),
        }
    }
}

impl Settings {
    /// Makes everything larger by this factor, as far as [`ZOOM_RANGE`] goes.
    pub fn zoom_by(&mut self, factor: f32) {
        self.zoom = (self.zoom * factor).clamp(*ZOOM_RANGE.start(), *ZOOM_RANGE.end());
    }

    /// What is on the disk, else the defaults. Blocks.
    pub fn load(folders: &Folders) -> Loaded<Self> {
        let mut loaded: Loaded<Self> = store::load(&folders.settings().join(FILE));
        loaded.value.bring_into_range();
        loaded
    }

    /// Blocks.
    ///
    /// # Errors
    /// [`StateError`]; what was on the disk before is still there then.
    pub fn save(&self, folders: &Folders) -> Result<(), StateError> {
        Lock::of(folders.settings())?.store(&folders.settings().join(FILE), self)
    }

    fn bring_into_range(&mut self) {
        let (least, most) = (*ZOOM_RANGE.start(), *ZOOM_RANGE.end());
        self.zoom = if self.zoom.is_nan() { 1.0 } else { self.zoom.clamp(least, most) };
        self.columns = self.columns.min(MAX_COLUMNS);
        self.grouping = self.grouping.min(MAX_COLUMNS);
        self.strings.least = self.strings.least.max(1);
        for panel in self.panels.values_mut() {
            if !(0.0..=100_000.0).contains(&panel.width) {
                panel.width = 0.0;
            }
        }
    }
}
