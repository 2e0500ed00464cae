//! What the window asks of the session: commands, and everything that carries an argument.
//!
//! Widgets make these and never change a fact themselves; `Session::apply` is the one door.

use super::arrays::ArrayAction;
use super::command::Command;
use super::dialog::{Dialog, RunOfBytes};
use super::finding::{Query, Reach};
use super::notice::NoticeId;
use super::pane::PaneId;
use super::view::{Hit, Motion, Pane, ViewFormat, Viewport};
use super::{Asked, ClipboardAction, OfferId, OfferWay, PasteWay, Pasted, TabId};
use crate::bytes::Span;
use crate::decode::Order;
use crate::save::recover::Choice;
use std::path::PathBuf;

/// What changes how the window is arranged: tabs side by side, panels.
#[derive(Clone, Debug)]
pub enum Arrangement {
    /// Brings a tab to the front and leaves the focus where it is.
    ShowTab(TabId),
    /// Puts a tab where the one with number `to` is.
    MoveTab { tab: TabId, to: usize },
    /// Closes all other tabs that have no unsaved edits.
    CloseOthers(TabId),
    /// Closes those at the right of it that have no unsaved edits.
    CloseToRight(TabId),
    /// Gives the clipboard the path of a tab's file.
    CopyPath(TabId),
    /// Gives the clipboard the title of a tab.
    CopyName(TabId),
    /// The user has made a side panel so wide, or one at the bottom so high, in points; 0 for as large as it likes.
    PanelSize { name: &'static str, size: f32 },
}

#[derive(Clone, Debug)]
pub enum Action {
    Run(Command),

    Open(Vec<PathBuf>),
    /// Opens files and locks them against changes.
    OpenLocked(Vec<PathBuf>),
    /// Open what was typed; the question stays until the file is there.
    OpenTyped(PathBuf),
    /// Read the names in a folder that is being typed.
    ListFolder(PathBuf),
    /// The answer to a question for a name.
    SaveTo {
        asked: Asked,
        path: PathBuf,
    },
    /// The question for a name was left without one.
    NameNothing(Asked),
    /// The file that is there may be lost, after the question.
    ReplaceFile {
        asked: Asked,
        path: PathBuf,
    },
    /// Save over a file that another program changed, after the warning.
    SaveAnyway(TabId),
    /// Go on with the save that was held back, since its edits damage compressed members of an archive.
    SaveDamaged(TabId),
    /// Do the save that was planned, after the question.
    SaveAsPlanned(TabId),
    /// Put a file right whose save was cut off.
    Recover(TabId, Choice),
    /// Open what the file held before the save that was cut off, in a tab of its own.
    ShowOldBytes(TabId),
    Reload(TabId),
    /// What is to become of edits that another run has left unsaved.
    Offer(OfferId, OfferWay),
    /// Keeps the edits on top of what another program made of the file, after the banner.
    KeepMine(TabId),
    /// Has what is appended to the file come in by itself from now on.
    Follow(TabId),
    SelectTab(TabId),
    /// What changes how the window is arranged.
    Arrange(Arrangement),
    /// Closes, after a question when there are edits.
    CloseTab(TabId),
    /// Closes and drops the edits.
    DiscardAndClose(TabId),
    SaveAndClose(TabId),
    DiscardAndQuit,
    SaveAllAndQuit,

    /// The window has come to the front of the desktop.
    CameBack,
    /// Says something in the status bar, and in the dialog that is open.
    Say(String),
    Show(Dialog),
    /// Shows a question, with what led to it in the place of an error.
    ShowBecause(Dialog, String),
    CloseDialog,
    Dismiss(NoticeId),
    /// Puts the text of a message on the clipboard.
    CopyMessage(NoticeId),
    /// Escape: one step back from whatever is open.
    Escape,

    /// How much room a pane has, told each frame by whoever drew it.
    Measured {
        pane: PaneId,
        room: Pane,
        columns: u32,
    },
    Focus(PaneId),
    Press {
        pane: PaneId,
        hit: Hit,
        extend: bool,
        clicks: u32,
    },
    Drag {
        pane: PaneId,
        hit: Hit,
    },
    Scroll {
        pane: PaneId,
        viewport: Viewport,
    },
    Move {
        motion: Motion,
        extend: bool,
    },
    /// Switch between the cells and the text column.
    OtherColumn,
    Format {
        pane: PaneId,
        format: ViewFormat,
    },
    JumpTo(u64),
    Select(Span),

    /// Characters typed into the grid.
    Type(String),
    Backspace,
    DeleteForward,
    /// Enter on the grid: starts editing a value, or commits it.
    Enter,
    EditText(String),
    EditCommit {
        then: Option<Motion>,
    },
    EditCancel,
    /// The cell's field was left for another field: takes its value, or leaves the old one there and says why.
    EditLeave,
    /// A value typed into the inspector's row.
    SetInspected {
        row: usize,
        order: Order,
        text: String,
    },
    /// Whether the inspector has this row, from now on.
    ShowInspected {
        row: usize,
        shown: bool,
    },
    /// The inspector has the rows that it starts with.
    ShowUsualInspected,
    GoTo(String),
    SelectRange(String),
    SetBase(String),
    InsertRun(RunOfBytes),
    AppendRun(RunOfBytes),
    Fill(String),
    /// What is on the system's clipboard.
    PasteSystem {
        pasted: Pasted,
        way: PasteWay,
    },
    Clipboard(ClipboardAction),
    /// The selection as text of the format with this index in the table of exports.
    CopyAs(usize),

    SetQuery(Query),
    FindFrom {
        backwards: bool,
    },
    ReplaceOne,
    ReplaceAll(Reach),
    CloseFind,
    /// Chooses a match of the list and goes there.
    ShowMatch(u64),
    /// Closes the list of matches.
    CloseMatches,
    CancelJob,

    /// What concerns the arrays of the tab in front.
    Array(ArrayAction),

    ShowLayout {
        bytes: bool,
        values: bool,
    },
    NthChange(u64),
    /// Takes one change back and leaves all others.
    RevertChange(u64),
}
