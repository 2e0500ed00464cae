//! The lines of the menus Go and Help.

use super::table::spec;
use super::when::{always, open, with};
use super::{Command, Menu, Spec};
use crate::session::keys::{Key, alt, ctrl, ctrl_shift, plain, shift};
use crate::session::{Session, tab::Tab};

/// The lines.
pub(super) const GOING: &[Spec] = &[
    spec(
        Menu::Go,
        0,
        Command::GoTo,
        "Go to…",
        "Go to an offset: hex, decimal, +relative, -from the end, or a sum",
        &[ctrl(Key::Letter('G'))],
        open,
    ),
    spec(
        Menu::Go,
        0,
        Command::GoStart,
        "Start of the file",
        "Go to the first byte",
        &[ctrl(Key::Home)],
        open,
    ),
    spec(
        Menu::Go,
        0,
        Command::GoEnd,
        "End of the file",
        "Go to the end, after the last byte",
        &[ctrl(Key::End)],
        open,
    ),
    spec(
        Menu::Go,
        1,
        Command::Back,
        "Back",
        "Go back to where the last jump started",
        &[alt(Key::Left)],
        |s| with(s, Tab::can_go_back),
    ),
    spec(Menu::Go, 1, Command::Forward, "Forward", "Undo the last Back", &[alt(Key::Right)], |s| {
        with(s, Tab::can_go_forward)
    }),
    spec(
        Menu::Go,
        2,
        Command::NextChange,
        "Next change",
        "Go to the next changed bytes",
        &[plain(Key::F(7))],
        |s| with(s, Tab::is_modified),
    ),
    spec(
        Menu::Go,
        2,
        Command::PreviousChange,
        "Previous change",
        "Go to the previous changed bytes",
        &[shift(Key::F(7))],
        |s| with(s, Tab::is_modified),
    ),
    spec(Menu::Go, 3, Command::OtherPane, "Other view", "Move between the bytes and the values", &[], |s| {
        with(s, |tab| tab.shows(true, true))
    }),
    spec(
        Menu::Go,
        4,
        Command::GoToMessages,
        "Go to the messages",
        "Move the focus to the buttons of the messages over the file",
        &[],
        Session::has_messages,
    ),
    spec(
        Menu::Go,
        4,
        Command::CopyMessage,
        "Copy the message",
        "Copy the text of the newest message",
        &[],
        Session::has_messages,
    ),
    spec(
        Menu::Go,
        4,
        Command::DismissMessage,
        "Dismiss the message",
        "Remove the newest message",
        &[],
        Session::has_messages,
    ),
    spec(
        Menu::Help,
        0,
        Command::Palette,
        "Command palette…",
        "Find any command by its name",
        &[ctrl_shift(Key::Letter('P')), plain(Key::F(1))],
        always,
    ),
    spec(
        Menu::Help,
        0,
        Command::Keys,
        "Keyboard",
        "Show every keyboard shortcut",
        &[ctrl(Key::Slash)],
        always,
    ),
    spec(Menu::Help, 1, Command::About, "About pagelens", "Show the version and licence", &[], always),
];
