//! The lines of the Edit menu that are about the clipboard.

use super::table::spec;
use super::when::{can_copy, can_cut, editable, with};
use super::{Command, Menu, Spec};
use crate::session::keys::{Key, ctrl, ctrl_shift};
use crate::session::tab::Tab;

/// The lines.
pub(super) const CLIPBOARD: &[Spec] = &[
    spec(
        Menu::Edit,
        1,
        Command::Cut,
        "Cut",
        "Remove the selected bytes and put them on the clipboard",
        &[ctrl(Key::Letter('X'))],
        can_cut,
    ),
    spec(
        Menu::Edit,
        1,
        Command::Copy,
        "Copy",
        "Copy the selected bytes; other programs get them as text and as bytes",
        &[ctrl(Key::Letter('C'))],
        can_copy,
    ),
    spec(
        Menu::Edit,
        1,
        Command::Paste,
        "Paste",
        "Paste the clipboard; hex, dumps and arrays from other programs are pasted as bytes",
        &[ctrl(Key::Letter('V'))],
        editable,
    ),
    spec(
        Menu::Edit,
        1,
        Command::PasteText,
        "Paste as text",
        "Paste the clipboard as text, in the encoding of the text column",
        &[ctrl_shift(Key::Letter('V'))],
        editable,
    ),
    spec(
        Menu::Edit,
        1,
        Command::PasteAs,
        "Paste as…",
        "Choose what the clipboard holds: hex, a dump, numbers, Base64, text; with a preview",
        &[],
        editable,
    ),
    spec(Menu::Edit, 1, Command::Delete, "Delete", "Remove the selected bytes", &[], can_cut),
    spec(
        Menu::Edit,
        1,
        Command::SelectionToFile,
        "Selection to a file…",
        "Write the selected bytes to another file; there is no size limit",
        &[],
        |session| with(session, Tab::can_write_selection),
    ),
];
