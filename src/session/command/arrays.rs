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
        "Show the selection, or all from the caret on, as an array whose dtype, shape and slice you type",
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
        "Give the selected items values: a constant, x * 2 + 1, clip, arange, random, and more",
        &[ctrl(Key::Letter('E'))],
        editable_array,
    ),
    spec(
        Menu::Array,
        1,
        Command::AppendRows,
        "Append rows…",
        "Put rows of zeros behind the last row of the array",
        &[],
        editable_array,
    ),
    spec(
        Menu::Array,
        2,
        Command::ToggleArrays,
        "Arrays of the file",
        "Show or hide the panel of the arrays that the file holds",
        &[plain(Key::F(4))],
        always,
    )
    .switch(|s| Some(s.shows_panel(crate::session::ARRAYS))),
    spec(
        Menu::Array,
        3,
        Command::TypeDtype,
        "Type its dtype",
        "Go to the dtype field of the bar",
        &[],
        shows_array,
    ),
    spec(
        Menu::Array,
        3,
        Command::TypeSlice,
        "Type a slice",
        "Go to the slice field of the bar: what is shown of the array",
        &[],
        shows_array,
    ),
    spec(
        Menu::Array,
        3,
        Command::FilterArrays,
        "Filter the names",
        "Go to the filter over the names of the arrays; Down and Up go through what it leaves",
        &[],
        has_names,
    ),
    spec(
        Menu::Array,
        3,
        Command::TransposeArray,
        "Swap rows and columns",
        "Transpose what is on the screen: the two axes the other way round",
        &[],
        has_two_axes,
    ),
    spec(
        Menu::Array,
        3,
        Command::NextIndex,
        "Next index",
        "Go one further along the first axis that is not on the screen",
        &[ctrl(Key::PageDown)],
        has_standing_axis,
    ),
    spec(
        Menu::Array,
        3,
        Command::PreviousIndex,
        "Previous index",
        "Go one back along the first axis that is not on the screen",
        &[ctrl(Key::PageUp)],
        has_standing_axis,
    ),
    spec(
        Menu::Array,
        3,
        Command::NextNumberStyle,
        "Write numbers another way",
        "Shortest, fixed, scientific, engineering, hex, and again",
        &[],
        shows_array,
    ),
    spec(
        Menu::Array,
        4,
        Command::SelectRow,
        "Select the row",
        "Select all of the row that the caret is in",
        &[],
        shows_array,
    ),
    spec(
        Menu::Array,
        4,
        Command::SelectColumn,
        "Select the column",
        "Select all of the column that the caret is in",
        &[],
        shows_array,
    ),
    spec(
        Menu::Array,
        4,
        Command::HideField,
        "Hide the field",
        "Hide the column of the field that the caret is in",
        &[],
        has_fields,
    ),
    spec(
        Menu::Array,
        4,
        Command::ShowAllFields,
        "Show every field",
        "Show the fields again that are hidden",
        &[],
        hides_fields,
    ),
    spec(
        Menu::Array,
        5,
        Command::CopyAsPython,
        "Copy as np.array",
        "Copy the selected items as an expression of Python",
        &[],
        shows_array,
    ),
    spec(
        Menu::Array,
        5,
        Command::CopyAsJson,
        "Copy as JSON",
        "Copy the selected items as JSON",
        &[],
        shows_array,
    ),
    spec(
        Menu::Array,
        5,
        Command::ExportNpy,
        "Export as .npy…",
        "Write the selected items, or the whole array, to a NumPy file",
        &[],
        shows_array,
    ),
    spec(
        Menu::Array,
        5,
        Command::ExportCsv,
        "Export as CSV…",
        "Write the selected items, or the whole array, to a CSV file",
        &[],
        shows_array,
    ),
];
