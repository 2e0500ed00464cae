//! What the window can do beside showing bytes: each feature owns its state and its jobs.

pub mod autosave;
pub mod clipboard;
pub mod find;
pub mod inspector;
pub mod settings;

use super::ids::TabId;
use super::opening::{ArrayRequest, Opening};
use super::paths::PathHelp;
use super::planning::Planned;
use super::recovering::Recovering;
use super::saving::Saving;
use super::{arrays, elsewhere, outside, recording};
use crate::state::OpenTab;
use std::collections::HashMap;

/// All features.
#[derive(Debug, Default)]
pub(super) struct Features {
    pub untitled: u64,
    pub settings: settings::Keeping,
    pub inspector: inspector::Inspector,
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
    pub autosave: autosave::Autosave,
    pub clipboard: clipboard::Clipboard,
}

impl Features {
    /// What keeps the state of the program, and the tabs of the last session that are still on their way.
    pub fn settings_and_unfinished(&mut self) -> (&mut settings::Keeping, settings::Unfinished<'_>) {
        let arrays = self.left_tabs.iter().chain(&self.arrays.left).map(|(id, tab)| (*id, tab));
        let unfinished = settings::Unfinished {
            opening: self.opening.iter().filter_map(Opening::left).collect(),
            arrays: arrays.collect(),
        };
        (&mut self.settings, unfinished)
    }
}
