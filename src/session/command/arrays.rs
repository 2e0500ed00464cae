//! The lines of the Array menu.

use super::table::spec;
use super::when::{always, open, with};
use super::{Command, Menu, Spec};
use crate::session::Session;
use crate::session::keys::{Key, ctrl, plain};

fn shows_array(session: &Session) -> bool {
    with(session, |tab| tab.array().is_some())
}

fn editable_array(session: &Session) -> bool {
    with(session, |tab| tab.is_editable() && tab.array().is_some_and(|view| view.unpacked.is_none()))
}

/// The lines.
pub(super) const ARRAYS: &[Spec] = &[
    spec(
        Menu::Array,
        0,
        Command::ArrayFromHere,
        "Show as an array",
        "Show the selection, or the whole file, as an array whose dtype, shape and slice you type",
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
];
