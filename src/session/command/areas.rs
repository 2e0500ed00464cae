//! The commands that move the keys from one area of the window to the next.

use super::table::spec;
use super::when::always;
use super::{Command, Menu, Spec};
use crate::session::keys::{Key, plain, shift};

pub(super) const AREAS: &[Spec] = &[
    spec(
        Menu::Go,
        4,
        Command::NextArea,
        "Next area",
        "Move the focus to the next area: the views, their bars, panels, messages, tabs",
        &[plain(Key::F(6))],
        always,
    ),
    spec(
        Menu::Go,
        4,
        Command::PreviousArea,
        "Previous area",
        "Move the focus to the previous area",
        &[shift(Key::F(6))],
        always,
    ),
];
