//! The lines of the table of commands that are about the row of open files.

use super::table::spec;
use super::when::several;
use super::{Command, Menu, Spec};
use crate::session::keys::{Key, alt, ctrl, ctrl_shift};

/// The lines of the menu Go that change the tab in front, or move it.
pub(super) const TABS: &[Spec] = &[
    spec(
        Menu::Go,
        5,
        Command::NextTab,
        "Next file",
        "Show the next open file",
        &[ctrl(Key::Tab), alt(Key::Down)],
        several,
    ),
    spec(
        Menu::Go,
        5,
        Command::PreviousTab,
        "Previous file",
        "Show the previous open file",
        &[ctrl_shift(Key::Tab), alt(Key::Up)],
        several,
    ),
    spec(
        Menu::Go,
        5,
        Command::MoveTabLeft,
        "Move tab to the left",
        "Move this file one place to the left in the row of open files",
        &[ctrl_shift(Key::PageUp)],
        several,
    ),
    spec(
        Menu::Go,
        5,
        Command::MoveTabRight,
        "Move tab to the right",
        "Move this file one place to the right in the row of open files",
        &[ctrl_shift(Key::PageDown)],
        several,
    ),
];
