//! What the window can do beside showing bytes: each feature owns its state and its jobs.

pub mod find;

use super::ids::TabId;
use super::opening::{ArrayRequest, Opening};
use super::paths::PathHelp;
use super::planning::Planned;
use super::recovering::Recovering;
use super::saving::Saving;
use super::{arrays, clipboard, elsewhere, outside, recording, remembered, selection_file, unsaved};
use crate::state::{OpenTab, WindowPlace};
use std::collections::HashMap;

/// All features.
#[derive(Debug, Default)]
pub(super) struct Features {
    pub untitled: u64,
    pub keeping: remembered::Keeping,
    pub window: Option<WindowPlace>,
    /// Why the value typed into the inspector was not taken.
    pub inspected_error: Option<String>,
    /// What the values of items were set to last, as typed.
    pub last_expression: String,
    /// What helps to type a path.
    pub paths: PathHelp,
    pub opening: Vec<Opening>,
    pub saving: Vec<Saving>,
    /// What others did to open files, at most one entry a tab.
    pub outside: Vec<outside::Outside>,
    pub recording: Vec<recording::Recording>,
    pub elsewhere: elsewhere::Elsewhere,
    /// Saves that wait for the user's word; the first one's question is shown.
    pub planned: Vec<Planned>,
    pub recovering: Vec<Recovering>,
    /// The window was asked to close during a save.
    pub quits_after_saves: bool,
    pub find: find::Finding,
    pub arrays: arrays::ArrayJobs,
    /// What was asked of the arrays of files whose headers are being read.
    pub wanted_arrays: HashMap<TabId, ArrayRequest>,
    /// How tabs of the last session were left whose headers are being read.
    pub left_tabs: HashMap<TabId, OpenTab>,
    pub unsaved: unsaved::Unsaved,
    pub clip: Option<clipboard::Clip>,
    pub copying: Option<clipboard::Copying>,
    /// A long text that is being read to be pasted.
    pub reading: Option<clipboard::Reading>,
    pub paste_choice: Option<clipboard::PasteChoice>,
    pub selected: clipboard::Selected,
    pub writing: Option<selection_file::Writing>,
}
