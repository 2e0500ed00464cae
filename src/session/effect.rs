//! What a feature asks of another one, as a value. A feature hands it to the context; `coordinate` carries it out when
//! the feature has returned.

use super::features::autosave::restored::RestoredEdits;
use super::features::compute::pasted::PastedValues;
use super::features::find::SoughtArrays;
use super::features::open::options::{ArrayRequest, OpenOptions};
use super::features::save_flow::wanted::ReadySave;
use super::handed_rows::SharedRows;
use super::ids::TabId;
use crate::bytes::SharedSource;
use crate::state::OpenTab;
use std::path::PathBuf;
use std::sync::Arc;

/// What is wanted.
#[derive(Debug)]
pub(super) enum Effect {
    /// Open a file.
    Open { path: PathBuf, options: Box<OpenOptions> },
    /// A file is in its new tab: show the array that was asked for, or that was shown when the tab was left.
    FileOpened { tab: TabId, array: Option<ArrayRequest>, left: Option<Box<OpenTab>> },
    /// Show an array of a file that is open.
    ShowArray { tab: TabId, request: ArrayRequest },
    /// Read the file of a tab anew.
    OpenAgain { tab: TabId, path: PathBuf },
    /// The same, after a question when edits would be lost.
    Reload(TabId),
    /// Show bytes that no file holds, locked, in a tab of their own.
    ShowLocked { title: String, source: SharedSource },
    /// Show an element of an array of the container of a tab; without an index the array.
    ShowElement { tab: TabId, entry: u32, index: Vec<u64> },
    /// List the elements of a part of an array that fit a question.
    ListElements { tab: TabId, question: String, arrays: SoughtArrays },
    /// Search the file of a tab for arrays.
    ReadHeader(TabId),
    /// Start a save, after the log of unsaved edits was told of it.
    StartSave(Box<ReadySave>),
    /// A save was refused because another program has changed the file, which it left as told.
    SaveRefused { tab: TabId, reason: String, left_alone: Option<String> },
    /// What other programs did to the file of a tab is settled.
    SettleExternalChange(TabId),
    /// Put values over the elements of the array in front.
    PasteIntoArray(PastedValues),
    /// Copy rows of a list as text.
    CopyRows(SharedRows),
    /// Export rows of a list to a file that the user names.
    ExportRows(SharedRows),
    /// End the copies of elements that are under way: another copy is meant.
    StopCopyingArrays,
    /// Search for other windows that have files of this one open.
    SearchInstances,
    /// Elements of an array are being copied: no other copy is meant any more.
    ArrayIsCopied,
    /// Give the clipboard what was copied of an array of the file `title`: the text, and the elements in C order, where
    /// they have whole bytes.
    ArrayCopied { text: String, bytes: Option<Arc<[u8]>>, is_text: bool, title: String },
    /// Show a document with the edits of another run.
    ShowRestored(Box<RestoredEdits>),
    /// Write what is kept for the next start, if it has changed.
    KeepState,
    /// A tab was closed.
    Closed(TabId),
}
