//! The tabs that were open last, to be opened again, and where the window was. Places and names only: unsaved edits are
//! no part of it. Written whenever a tab comes, goes or changes, so that a program that is killed is remembered too.

use super::store::{self, Loaded, Lock, StateError};
use super::{Folders, text};
use crate::bytes::Location;
use serde::{Deserialize, Serialize};

pub(super) const FILE: &str = "tabs.toml";

/// The most tabs that are remembered.
pub const MAX_TABS: usize = 2000;

/// A side of a window in points that is taken for real.
const SIDES: std::ops::RangeInclusive<f32> = 100.0..=32_000.0;

/// A tab and how it looked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct OpenTab {
    #[serde(rename = "path", with = "text::location")]
    pub location: Location,
    /// Where the caret is, in bytes.
    #[serde(default, with = "text::offset")]
    pub caret: u64,
    /// The other end of the selection, in bytes, where there is one.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "text::if_it_fits::deserialize"
    )]
    pub anchor: Option<i64>,
    /// The first byte on the screen.
    #[serde(default, with = "text::offset")]
    pub top: u64,
    /// Bytes in a row, where the tab differs from the settings; 0 for as many as fit.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "text::if_it_fits::deserialize"
    )]
    pub columns: Option<u32>,
    /// Values in a row, where they are not as many as fit.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "text::if_it_fits::deserialize"
    )]
    pub value_columns: Option<u32>,
    /// Name of the element type of the values, where they are shown.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "text::if_it_fits::deserialize"
    )]
    pub dtype: Option<String>,
    /// Name of the encoding, where the tab differs from the settings.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "text::if_it_fits::deserialize"
    )]
    pub encoding: Option<String>,
    #[serde(default, deserialize_with = "text::if_it_fits::deserialize")]
    pub read_only: bool,
    /// Which panes are shown: `bytes`, `values` (or the array), `both`. Earlier versions did not write it.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "text::if_it_fits::deserialize"
    )]
    pub panes: Option<String>,
    /// Whether the keys go to the values or the array.
    #[serde(default, deserialize_with = "text::if_it_fits::deserialize")]
    pub in_values: bool,
    /// The array that is shown in the place of the values.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "text::if_it_fits::deserialize"
    )]
    pub array: Option<OpenArray>,
    /// How more than the usual panes share the room: a tree as `row(0.5 0, 0.5 column(0.5 1, 0.5 2))`.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "text::if_it_fits::deserialize"
    )]
    pub layout: Option<String>,
    /// The panes of that tree.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "text::if_it_fits::deserialize"
    )]
    pub views: Vec<OpenView>,
}

/// A pane and how it looked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct OpenView {
    /// Its number in the tree.
    pub pane: u32,
    /// What it shows: `bytes`, `values`, which may be an array, or `picture`.
    pub kind: String,
    /// Whether the keys go there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub focused: bool,
    /// Whether it scrolls alone.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub alone: bool,
    /// The first byte on the screen.
    #[serde(with = "text::offset")]
    pub top: u64,
    /// Cells in a row; 0 for as many as fit.
    pub columns: u32,
    /// Name of the base of the digits of bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digits: Option<String>,
    /// Name of the type of the values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dtype: Option<String>,
    /// Offset of the first value.
    #[serde(with = "text::offset", skip_serializing_if = "is_start")]
    pub origin: u64,
    /// Name of the encoding of the text column; none without that column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub array: Option<OpenArray>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<OpenPicture>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_start(offset: &u64) -> bool {
    *offset == 0
}

/// A picture and how it looked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct OpenPicture {
    /// The number of the pane that it is of.
    pub of: u32,
    /// Its kind and its look, as `image map=viridis range=0.5%,99.5% bins=max`.
    pub look: String,
    /// The elements that were selected for it; what the pane shows where there are none. Of them the type,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dtype: Option<String>,
    /// the offset of the first one,
    #[serde(with = "text::offset", skip_serializing_if = "is_start")]
    pub offset: u64,
    /// and the length and the stride of each axis.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shape: Vec<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub strides: Vec<i64>,
}

/// An array and how it looked. Texts are as they were typed into the bar over it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct OpenArray {
    /// Its name in the container; none where the user described it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What follows is not there where it is as the container's header has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dtype: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shape: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slice: Option<String>,
    /// How numbers are written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub style: Option<String>,
    /// The axes that go down and across.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub columns: Option<u32>,
    /// Items a row of a single axis, where they are not as many as fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wrap: Option<u32>,
    /// The index of the caret's item, and which of its fields the caret is on.
    pub caret: Vec<i64>,
    pub field: u32,
    /// The index of the first item on the screen, and the first column.
    pub top: Vec<i64>,
    pub left: i64,
}

/// Where the window was, in points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct WindowPlace {
    pub width: f32,
    pub height: f32,
    /// The upper left corner of its frame; the system decides where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<f32>,
    pub maximized: bool,
}

impl WindowPlace {
    /// Whether a window can be like this.
    fn is_sane(&self) -> bool {
        let corner = [self.x, self.y];
        SIDES.contains(&self.width)
            && SIDES.contains(&self.height)
            && corner.iter().flatten().all(|at| at.abs() <= *SIDES.end())
    }
}

/// All tabs, in their order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OpenTabs {
    /// Which tab is in front.
    #[serde(deserialize_with = "text::if_it_fits::deserialize")]
    pub active: usize,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "text::if_it_fits::deserialize")]
    pub window: Option<WindowPlace>,
    pub tabs: Vec<OpenTab>,
}

impl OpenTabs {
    /// What is on the disk, else none. Blocks.
    pub fn load(folders: &Folders) -> Loaded<Self> {
        let mut loaded: Loaded<Self> = store::load(&folders.state().join(FILE));
        let value = &mut loaded.value;
        value.tabs.truncate(MAX_TABS);
        value.active = value.active.min(value.tabs.len().saturating_sub(1));
        value.window = value.window.filter(WindowPlace::is_sane);
        loaded
    }

    /// Blocks. The instance that writes last is remembered.
    ///
    /// # Errors
    /// [`StateError`]; what was on the disk before is still there then.
    pub fn save(&self, folders: &Folders) -> Result<(), StateError> {
        Lock::of(folders.state())?.store(&folders.state().join(FILE), self)
    }
}
