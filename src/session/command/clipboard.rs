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
        "Remove the selected bytes and keep them to be pasted",
        &[ctrl(Key::Letter('X'))],
        can_cut,
    ),
    spec(
        Menu::Edit,
        1,
        Command::Copy,
        "Copy",
        "Keep the selected bytes to be pasted; other programs get them as text and as bytes",
        &[ctrl(Key::Letter('C'))],
        can_copy,
    ),
    spec(
        Menu::Edit,
        1,
        Command::Paste,
        "Paste",
        "Put in what was copied; hex, dumps and arrays of other programs go in as their bytes",
        &[ctrl(Key::Letter('V'))],
        editable,
    ),
    spec(
        Menu::Edit,
        1,
        Command::PasteText,
        "Paste as text",
        "Put in the text of the clipboard in the encoding of the text column",
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
        "Write the selected bytes to a file of their own, however many they are",
        &[],
        |session| with(session, Tab::can_write_selection),
    ),
];
