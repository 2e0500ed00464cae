//! The lines of the Array menu.

use super::table::spec;
use super::when::{always, open, with};
use super::{Command, Menu, Spec};
use crate::session::Session;
use crate::session::arrays::ArrayView;
use crate::session::keys::{Key, ctrl, plain};

fn shows_array(session: &Session) -> bool {
    with(session, |tab| tab.array().is_some())
}

fn editable_array(session: &Session) -> bool {
    with(session, |tab| tab.is_editable() && tab.array().is_some_and(|view| view.unpacked.is_none()))
}

fn view(session: &Session, test: impl Fn(&ArrayView) -> bool) -> bool {
    with(session, |tab| tab.array().is_some_and(&test))
}

fn has_two_axes(session: &Session) -> bool {
    view(session, |view| view.table.axes().columns.is_some() && view.columns.are_alike())
}

fn has_standing_axis(session: &Session) -> bool {
    view(session, |view| view.standing_axis().is_some())
}

fn has_fields(session: &Session) -> bool {
    view(session, |view| view.table.columns() > 1 && !view.columns.are_alike())
}

fn hides_fields(session: &Session) -> bool {
    view(session, |view| view.columns.hidden() > 0)
}

fn has_names(session: &Session) -> bool {
    with(session, |tab| tab.arrays.found.is_some())
}

/// The lines.
pub(super) const ARRAYS: &[Spec] = &[
    spec(
        Menu::Array,
        0,
        Command::ArrayFromHere,
        "Show as an array",
        "Show the selection, or everything from the caret on, as an array; type its dtype, shape and slice",
        &[ctrl(Key::Letter('T'))],
        open,
    ),
    spec(
        Menu::Array,
        0,
        Command::OpenLike,
        "Show like another file…",
        "Read this file's bytes with the dtype and the shape of a .npy, safetensors or GGUF file",
        &[],
        open,
    ),
    spec(
        Menu::Array,
        0,
        Command::CloseArray,
        "Back to plain values",
        "Leave the array and show the bytes and plain values again",
        &[],
        shows_array,
    ),
    spec(
        Menu::Array,
        1,
        Command::SetValues,
        "Set values…",
        "Change the selected elements: a constant, x * 2 + 1, clip, arange, random and more",
        &[ctrl(Key::Letter('E'))],
        editable_array,
    ),
    spec(
        Menu::Array,
        1,
        Command::AppendRows,
        "Append rows…",
        "Add rows of zeros after the last row of the array",
        &[],
        editable_array,
    ),
    spec(
        Menu::Array,
        2,
        Command::ToggleArrays,
        "Arrays of the file",
        "Show or hide the list of the arrays in the file",
        &[plain(Key::F(4))],
        always,
    )
    .switch(|s| Some(s.shows_panel(crate::session::ARRAYS))),
    spec(
        Menu::Array,
        3,
        Command::TypeDtype,
        "Edit the dtype",
        "Move the focus to the dtype field of the bar",
        &[],
        shows_array,
    ),
    spec(
        Menu::Array,
        3,
        Command::TypeSlice,
        "Edit the slice",
        "Move the focus to the slice field of the bar",
        &[],
        shows_array,
    ),
    spec(
        Menu::Array,
        3,
        Command::FilterArrays,
        "Filter the names",
        "Move the focus to the filter above the array names; Down and Up walk the matches",
        &[],
        has_names,
    ),
    spec(
        Menu::Array,
        3,
        Command::TransposeArray,
        "Swap rows and columns",
        "Transpose the view: swap its two axes",
        &[],
        has_two_axes,
    ),
    spec(
        Menu::Array,
        3,
        Command::NextIndex,
        "Next index",
        "Go to the next index of the first axis that is not on the screen",
        &[ctrl(Key::PageDown)],
        has_standing_axis,
    ),
    spec(
        Menu::Array,
        3,
        Command::PreviousIndex,
        "Previous index",
        "Go to the previous index of the first axis that is not on the screen",
        &[ctrl(Key::PageUp)],
        has_standing_axis,
    ),
    spec(
        Menu::Array,
        3,
        Command::NextNumberStyle,
        "Next number format",
        "Switch between shortest, fixed, scientific, engineering and hex",
        &[],
        shows_array,
    ),
    spec(
        Menu::Array,
        4,
        Command::SelectRow,
        "Select the row",
        "Select the whole row at the caret",
        &[],
        shows_array,
    ),
    spec(
        Menu::Array,
        4,
        Command::SelectColumn,
        "Select the column",
        "Select the whole column at the caret",
        &[],
        shows_array,
    ),
    spec(
        Menu::Array,
        4,
        Command::HideField,
        "Hide the field",
        "Hide the column of the field at the caret",
        &[],
        has_fields,
    ),
    spec(
        Menu::Array,
        4,
        Command::ShowAllFields,
        "Show every field",
        "Show the hidden fields again",
        &[],
        hides_fields,
    ),
    spec(
        Menu::Array,
        4,
        Command::FitArrayColumn,
        "Fit column to its values",
        "Make the column at the caret as wide as its values",
        &[],
        shows_array,
    ),
    spec(
        Menu::Array,
        5,
        Command::CopyAsPython,
        "Copy as np.array",
        "Copy the selected elements as a Python expression",
        &[],
        shows_array,
    ),
    spec(
        Menu::Array,
        5,
        Command::CopyAsJson,
        "Copy as JSON",
        "Copy the selected elements as JSON",
        &[],
        shows_array,
    ),
    spec(
        Menu::Array,
        5,
        Command::ExportNpy,
        "Export as .npy…",
        "Write the selection, the slice or the whole array to a NumPy file",
        &[],
        shows_array,
    ),
    spec(
        Menu::Array,
        5,
        Command::ExportCsv,
        "Export as CSV…",
        "Write the selection, the slice or the whole array to a CSV file",
        &[],
        shows_array,
    ),
];
