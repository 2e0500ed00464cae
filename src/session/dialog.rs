//! Which question the window is asking. The text that is typed into it belongs to the widget until it is sent.

use super::{Asked, TabId};
use std::path::PathBuf;

/// A question or a page over the window; at most one at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dialog {
    Palette,
    Keys,
    About,
    OpenPath,
    SaveAsPath(Asked),
    GoTo,
    SelectRange,
    InsertBytes,
    AppendBytes,
    Fill,
    /// What the clipboard holds, when that is not clear.
    PasteAs,
    BaseAddress,
    /// An expression for the selected items of an array.
    SetValues,
    AppendRows,
    /// The array to a file of the format with this number.
    ExportArray(usize),
    /// Another file, whose dtype and shape this one is to be read with.
    OpenLike,
    /// Save, discard or stay?
    ConfirmClose(TabId),
    /// The same for all files with unsaved changes.
    ConfirmQuit,
    /// Drop the edits and read the file again?
    ConfirmReload(TabId),
    /// What a save is going to do.
    ConfirmSave(TabId),
    /// Another file has the name that was given.
    ConfirmReplace {
        asked: Asked,
        path: PathBuf,
    },
}

/// What a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Program,
    /// The tab in front, whichever that is.
    Front,
    Tab(TabId),
}

impl Dialog {
    pub(super) fn subject(&self) -> Subject {
        match self {
            Self::Palette | Self::Keys | Self::About | Self::OpenPath => Subject::Program,
            Self::ConfirmQuit => Subject::Program,
            Self::GoTo | Self::SelectRange | Self::BaseAddress => Subject::Front,
            Self::InsertBytes | Self::AppendBytes | Self::Fill | Self::PasteAs => Subject::Front,
            Self::SetValues | Self::AppendRows | Self::ExportArray(_) | Self::OpenLike => Subject::Front,
            Self::ConfirmClose(id) | Self::ConfirmReload(id) | Self::ConfirmSave(id) => Subject::Tab(*id),
            Self::SaveAsPath(asked) | Self::ConfirmReplace { asked, .. } => match asked {
                Asked::Save { tab, .. } => Subject::Tab(*tab),
                // The bytes of a selection are there without the tab.
                Asked::Selection(_) | Asked::Patch(_) | Asked::Rows(_) => Subject::Program,
            },
        }
    }
}

/// How many of which byte; what Insert and Append ask for, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunOfBytes {
    /// An expression.
    pub count: String,
    /// Hex bytes, repeated.
    pub pattern: String,
}
