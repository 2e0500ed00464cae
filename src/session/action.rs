//! What the window asks of the session: commands, and everything that carries an argument, grouped by who answers it.
//! Widgets make these and never change a fact themselves; `Session::apply` is the one door.

use super::answers::Answer;
use super::arrays::ArrayAction;
use super::command::Command;
use super::dialog::Dialog;
use super::editing::EditAction;
use super::features::clipboard::system::{PasteWay, Pasted};
use super::features::feature_rows;
use super::features::find::order::OrderKey;
use super::features::find::query::{Query, Reach};
use super::features::hashes::known::HashedPart;
use super::features::pictures::action::PictureAction;
use super::features::statistics::action::StatisticsAction;
use super::features::strings::asked::AskedStrings;
use super::features::strings::order::StringKey;
use super::ids::{NoticeId, OfferId, TabId};
use super::name_request::Asked;
use super::panes::{LayoutAction, PaneKey, ValuesFormat};
use super::view::{Hit, Motion, RowsArea, ViewFormat, Viewport};
use crate::bytes::Span;
use crate::decode::Order;
use crate::save::RecoveryChoice;
use std::path::PathBuf;

/// What a feature is asked. Most answer no to both questions.
pub trait FeatureAction {
    /// Whether the window asks it by itself, while the user reads what was said.
    fn keeps_hint(&self) -> bool {
        false
    }

    /// How it may change bytes.
    fn change(&self) -> Option<ChangeOfBytes<'_>> {
        None
    }
}

/// How an action may change bytes, for those who hear of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeOfBytes<'a> {
    Typed,
    Deleted,
    Pasted,
    /// The value in the field that is open.
    Field,
    /// This value.
    Value(&'a str),
    Command(Command),
}

/// Makes the enum of all actions, with one variant for each feature.
macro_rules! name_actions {
    ($($(#[$doc:meta])* $vis:vis $field:ident: $type:path $(, $variant:ident($action:ty))?;)*) => {
        /// What the window asks.
        #[derive(Clone, Debug)]
        pub enum Action {
            Run(Command),
            Name(NameAction),
            /// What is to become of edits that another run has left unsaved.
            Offer(OfferId, OfferWay),
            Tab(TabAction),
            /// What changes how the window is arranged.
            Arrange(Arrangement),
            Dialog(DialogAction),
            Answer(Answer),
            Message(MessageAction),
            Pane(PaneAction),
            Edit(EditAction),
            /// What concerns the arrays of the tab in front, in the typed pane that had the focus last.
            Array(ArrayAction),
            /// The same in the pane with this key.
            ArrayIn(PaneKey, ArrayAction),
            /// What is done to a pane of the tab in front: split, closed, moved.
            Layout(PaneKey, LayoutAction),
            /// Escape: one step back from whatever is open.
            Escape,
            /// Ends the job that the status bar shows first.
            CancelJob,
            $($($variant($action),)?)*
        }

        impl Action {
            /// Whether the window asks it by itself, while the user reads what was said.
            pub(super) fn keeps_hint(&self) -> bool {
                match self {
                    Self::Pane(action) => {
                        matches!(action, PaneAction::Measured { .. } | PaneAction::CentreRoom { .. })
                    }
                    Self::Array(action) | Self::ArrayIn(_, action) => action.is_of_frame(),
                    Self::Run(_)
                    | Self::Name(_)
                    | Self::Offer(..)
                    | Self::Tab(_)
                    | Self::Arrange(_)
                    | Self::Dialog(_)
                    | Self::Answer(_)
                    | Self::Message(_)
                    | Self::Edit(_)
                    | Self::Layout(..)
                    | Self::Escape
                    | Self::CancelJob => false,
                    $($(Self::$variant(action) => action.keeps_hint(),)?)*
                }
            }

            /// How it may change bytes; `None` when it changes none, or says so itself.
            pub fn change(&self) -> Option<ChangeOfBytes<'_>> {
                match self {
                    Self::Run(command) => Some(ChangeOfBytes::Command(*command)),
                    Self::Edit(action) => match action {
                        EditAction::Type(_) => Some(ChangeOfBytes::Typed),
                        EditAction::Backspace | EditAction::DeleteForward => Some(ChangeOfBytes::Deleted),
                        EditAction::Commit { .. } | EditAction::Leave => Some(ChangeOfBytes::Field),
                        EditAction::Enter
                        | EditAction::Text(_)
                        | EditAction::Cancel
                        | EditAction::RevertChange(_) => None,
                    },
                    Self::Name(_)
                    | Self::Offer(..)
                    | Self::Tab(_)
                    | Self::Arrange(_)
                    | Self::Dialog(_)
                    | Self::Answer(_)
                    | Self::Message(_)
                    | Self::Pane(_)
                    | Self::Array(_)
                    | Self::ArrayIn(..)
                    | Self::Layout(..)
                    | Self::Escape
                    | Self::CancelJob => None,
                    $($(Self::$variant(action) => action.change(),)?)*
                }
            }
        }
    };
}

feature_rows!(name_actions);

/// What is to become of offered edits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferWay {
    Restore,
    Export,
    /// Asks first.
    Discard,
    DiscardForGood,
    /// Shows the offer again.
    Show,
}

/// Files to open.
#[derive(Clone, Debug)]
pub enum OpenAction {
    Files(Vec<PathBuf>),
    /// Opens files and locks them against changes.
    Locked(Vec<PathBuf>),
    /// Open what was typed; the question stays until the file is there.
    Typed(PathBuf),
    /// Read the names in a folder that is being typed.
    ListFolder(PathBuf),
}

/// The answer to a question for a name.
#[derive(Clone, Debug)]
pub enum NameAction {
    Take {
        asked: Asked,
        path: PathBuf,
    },
    /// The file that is there may be lost, after the question.
    Replace {
        asked: Asked,
        path: PathBuf,
    },
    /// The question was left without a name.
    Nothing(Asked),
}

/// What goes on with a save, or with what is left of one.
#[derive(Clone, Debug)]
pub enum SaveAction {
    /// Save over a file that another program changed, after the warning.
    Anyway(TabId),
    /// Go on with the save that was held back, since its edits damage compressed members of an archive.
    Damaged(TabId),
    /// Do the save that was planned, after the question.
    AsPlanned(TabId),
    /// Put a file right whose save was cut off.
    Recover(TabId, RecoveryChoice),
    /// Open what the file held before the save that was cut off, in a tab of its own.
    ShowOldBytes(TabId),
}

/// What is done about changes that other programs make to open files.
#[derive(Clone, Copy, Debug)]
pub enum ExternalAction {
    Reload(TabId),
    /// Keeps the edits on top of what another program made of the file, after the banner.
    KeepMine(TabId),
    /// Has what is appended to the file come in by itself from now on.
    Follow(TabId),
    /// The window has come to the front of the desktop.
    CameBack,
}

/// Which tab is in front, and how tabs end.
#[derive(Clone, Copy, Debug)]
pub enum TabAction {
    Select(TabId),
    /// Closes, after a question when there are edits.
    Close(TabId),
    /// Closes and drops the edits.
    DiscardAndClose(TabId),
    SaveAndClose(TabId),
    DiscardAndQuit,
    SaveAllAndQuit,
}

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

/// Questions, and the line of the status bar.
#[derive(Clone, Debug)]
pub enum DialogAction {
    Show(Dialog),
    /// Shows a question, with what led to it in the place of an error.
    ShowBecause(Dialog, String),
    Close,
    /// Says something in the status bar, and in the dialog that is open.
    Say(String),
}

/// What is done with a message.
#[derive(Clone, Copy, Debug)]
pub enum MessageAction {
    Dismiss(NoticeId),
    /// Puts its text on the clipboard.
    Copy(NoticeId),
}

/// What moves, selects or changes how bytes are shown in the tab in front.
#[derive(Clone, Debug)]
pub enum PaneAction {
    /// How much room a pane has, told each frame by whoever drew it.
    Measured {
        pane: PaneKey,
        room: RowsArea,
        columns: u32,
    },
    Focus(PaneKey),
    Press {
        pane: PaneKey,
        hit: Hit,
        extend: bool,
        clicks: u32,
    },
    Drag {
        pane: PaneKey,
        hit: Hit,
    },
    Scroll {
        pane: PaneKey,
        viewport: Viewport,
    },
    Move {
        motion: Motion,
        extend: bool,
    },
    /// Switch between the cells and the text column.
    OtherColumn,
    Format {
        pane: PaneKey,
        format: ViewFormat,
    },
    ValuesFormat {
        pane: PaneKey,
        format: ValuesFormat,
    },
    JumpTo(u64),
    /// Jumps to a byte in a pane of bytes, which is shown if none is.
    ShowByte(u64),
    Select(Span),
    ShowLayout {
        bytes: bool,
        values: bool,
    },
    NthChange(u64),
    /// All panes have so much room together, in points.
    CentreRoom {
        width: f32,
        height: f32,
    },
}

impl PaneAction {
    /// The pane that it is about; `None` for the one with the focus, or all of them.
    pub(super) fn pane(&self) -> Option<PaneKey> {
        match self {
            Self::Measured { pane, .. }
            | Self::Focus(pane)
            | Self::Press { pane, .. }
            | Self::Drag { pane, .. }
            | Self::Scroll { pane, .. }
            | Self::Format { pane, .. }
            | Self::ValuesFormat { pane, .. } => Some(*pane),
            Self::Move { .. }
            | Self::OtherColumn
            | Self::JumpTo(_)
            | Self::ShowByte(_)
            | Self::Select(_)
            | Self::ShowLayout { .. }
            | Self::NthChange(_)
            | Self::CentreRoom { .. } => None,
        }
    }
}

/// The rows of the inspector.
#[derive(Clone, Debug)]
pub enum InspectorAction {
    /// A value typed into a row.
    Set { row: usize, order: Order, text: String },
    /// Whether the inspector has this row, from now on.
    Show { row: usize, shown: bool },
    /// The inspector has the rows that it starts with.
    ShowUsual,
}

/// The panel of the hashes.
#[derive(Clone, Debug)]
pub enum HashAction {
    Part(HashedPart),
    /// The keys stand on this row.
    Choose(u64),
    /// The value to compare with, as typed.
    Compare(String),
    /// Says in the status bar what the comparison has come to.
    SayVerdict,
    /// Whether the algorithm with this number in the table is calculated, from now on.
    Algorithm {
        number: usize,
        is_on: bool,
    },
    /// The algorithms that the panel starts with.
    UsualAlgorithms,
    /// Also the algorithms whose values are as long as the typed one.
    AddAsLong,
}

/// The panel of the strings.
#[derive(Clone, Debug)]
pub enum StringsAction {
    /// What its fields say.
    Ask(AskedStrings),
    /// Chooses a row of the list and goes there.
    Show(u64),
    /// Chooses the rows up to this one too, and goes there.
    Extend(u64),
    /// Chooses all rows of the list.
    ChooseAll,
    /// Puts the rows in the order of this column, or the other way round.
    Sort(StringKey),
}

/// The panel of the embedded files.
#[derive(Clone, Copy, Debug)]
pub enum EmbeddedAction {
    /// Chooses a row of the list and goes there.
    Show(u64),
    /// Chooses the rows up to this one too, and goes there.
    Extend(u64),
    /// Chooses all rows of the list.
    ChooseAll,
}

/// Find and replace.
#[derive(Clone, Debug)]
pub enum FindAction {
    SetQuery(Query),
    From {
        backwards: bool,
    },
    /// Puts what was looked for before into the field, or what was looked for after that.
    Recall {
        older: bool,
    },
    ReplaceOne,
    ReplaceAll(Reach),
    ListAll,
    Close,
    /// Chooses a row of the list of matches and goes there.
    ShowMatch(u64),
    /// Chooses the rows up to this one too, and goes there.
    ExtendMatches(u64),
    /// Chooses all rows of the list.
    ChooseAllMatches,
    /// Puts the rows of the list in the order of this column, or the other way round.
    SortMatches(OrderKey),
    /// Closes the list of matches.
    CloseMatches,
}

/// The clipboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClipboardAction {
    /// What is on the system's clipboard.
    Paste { pasted: Pasted, way: PasteWay },
    /// The selection as text of the format with this index in the table of exports.
    CopyAs(usize),
    /// Another way to paste is chosen, by its number.
    PointAt(usize),
    /// Paste in the way that is chosen.
    PasteChosen,
    /// The desktop's selection, at the caret.
    PasteSelection,
    /// The pointer or the key that was selecting has been let go.
    SelectionSettled,
}

impl FeatureAction for SaveAction {}
impl FeatureAction for StatisticsAction {}

impl FeatureAction for PictureAction {
    fn keeps_hint(&self) -> bool {
        self.is_of_frame()
    }
}

impl FeatureAction for FindAction {
    fn keeps_hint(&self) -> bool {
        matches!(self, Self::SetQuery(_) | Self::Recall { .. })
    }
}

impl FeatureAction for HashAction {
    fn keeps_hint(&self) -> bool {
        matches!(self, Self::Compare(_) | Self::Choose(_))
    }
}

impl FeatureAction for EmbeddedAction {}
impl FeatureAction for StringsAction {
    fn keeps_hint(&self) -> bool {
        matches!(self, Self::Ask(_))
    }
}

impl FeatureAction for ExternalAction {
    fn keeps_hint(&self) -> bool {
        matches!(self, Self::CameBack)
    }
}

impl FeatureAction for OpenAction {
    fn keeps_hint(&self) -> bool {
        matches!(self, Self::ListFolder(_))
    }
}

impl FeatureAction for ClipboardAction {
    fn keeps_hint(&self) -> bool {
        matches!(self, Self::SelectionSettled)
    }

    fn change(&self) -> Option<ChangeOfBytes<'_>> {
        match self {
            Self::Paste { .. } | Self::PasteChosen => Some(ChangeOfBytes::Pasted),
            Self::CopyAs(_) | Self::PointAt(_) | Self::PasteSelection | Self::SelectionSettled => None,
        }
    }
}

impl FeatureAction for InspectorAction {
    fn change(&self) -> Option<ChangeOfBytes<'_>> {
        match self {
            Self::Set { text, .. } => Some(ChangeOfBytes::Value(text)),
            Self::Show { .. } | Self::ShowUsual => None,
        }
    }
}
