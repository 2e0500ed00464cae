//! The actions that the window sends to the arrays of a tab, and to the table of an array.

use super::bar::BarField;
use super::block::Place;
use super::table::Axes;
use super::view::{Room, Wrap};
use crate::decode::style::NumberStyle;
use crate::session::view::Viewport;
use std::path::PathBuf;

/// How much of an array is handed over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ArrayPart {
    /// The selected elements.
    #[default]
    Selection,
    /// What the slice leaves of the array.
    Slice,
    Whole,
}

/// What the window asks of an array: which one is shown, what it holds, where its elements go.
#[derive(Clone, Debug)]
pub enum ArrayAction {
    /// Show the entry of the container with this number.
    Open(u32),
    /// The same in a new pane beside.
    OpenBeside(u32),
    /// The same, on the way through the names: the keys stay where they are.
    Walk(u32),
    /// The names of the tree that are shown.
    Filter(String),
    /// Open or close a line of the tree.
    Toggle(u32),
    SetMetadata {
        key: String,
        value: String,
    },
    /// Back to plain values.
    Close,
    /// An expression for the selected elements.
    SetValues(String),
    AppendRows(String),
    /// The selection as text of the format with this number.
    CopyAs(usize),
    /// A part of the array to a file of the format with this number.
    Export {
        format: usize,
        part: ArrayPart,
        path: PathBuf,
        replace: bool,
    },
    /// Show this file's bytes as the array of another file.
    Like(PathBuf),
    Table(TableAction),
}

/// What the window asks of the table of an array: how it is laid out, and what is selected in it.
#[derive(Clone, Debug)]
pub enum TableAction {
    Bar(BarField, String),
    Axes(Axes),
    Style(NumberStyle),
    Wrap(Wrap),

    Press {
        place: Place,
        extend: bool,
        clicks: u32,
    },
    PressRow {
        row: u64,
        extend: bool,
    },
    PressColumn {
        column: u64,
        extend: bool,
    },
    PressAll,
    Drag(Place),
    Scroll {
        down: Viewport,
        across: Viewport,
    },
    /// How much room there is, and how wide the values on the screen are.
    Measured {
        room: Room,
        seen: Vec<(u64, u32)>,
    },
    /// A column's width in characters; `None` for what its values need.
    Resize {
        column: u64,
        chars: Option<u32>,
    },
    Hide(usize),
    ToggleField(usize),
    ShowAllFields,
    MoveColumn {
        from: usize,
        to: usize,
    },
}

impl From<TableAction> for ArrayAction {
    fn from(action: TableAction) -> Self {
        Self::Table(action)
    }
}

impl ArrayAction {
    /// Whether a frame says it of each pane that it draws, wherever the user is.
    pub(in crate::session) fn is_of_frame(&self) -> bool {
        matches!(self, Self::Table(TableAction::Measured { .. } | TableAction::Scroll { .. }))
    }
}
