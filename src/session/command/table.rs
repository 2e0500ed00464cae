//! The lines of the table of commands, in the order of the menus.

use super::{Command, Menu, Spec};
use crate::session::keys::{Chord, Key, alt, ctrl, ctrl_shift, plain, shift};
use crate::session::{Session, tab::Tab};

const fn spec(
    menu: Menu,
    group: u8,
    command: Command,
    title: &'static str,
    help: &'static str,
    keys: &'static [Chord],
    enabled: fn(&Session) -> bool,
) -> Spec {
    Spec { command, title, help, menu, group, keys, enabled, checked: |_| None }
}

fn always(_: &Session) -> bool {
    true
}

fn open(session: &Session) -> bool {
    session.tab().is_some()
}

fn with(session: &Session, test: impl Fn(&Tab) -> bool) -> bool {
    session.tab().is_some_and(test)
}

fn editable(session: &Session) -> bool {
    with(session, Tab::is_editable)
}

fn editable_selection(session: &Session) -> bool {
    with(session, |tab| tab.is_editable() && !tab.selected().is_empty())
}

const RESTORE: (&str, &str) =
    ("Restore unsaved edits", "Bring back the edits that were unsaved when pagelens ended, the latest first");
const OFFERS: (&str, &str) =
    ("Show unsaved edits of last time", "Ask again what is to become of edits of last time");

/// The table. Its order is the order of the menus.
pub const COMMANDS: &[Spec] = &[
    spec(Menu::File, 0, Command::NewFile, "New", "Start an empty file", &[ctrl(Key::Letter('N'))], always),
    spec(Menu::File, 0, Command::Open, "Open…", "Choose a file to open", &[ctrl(Key::Letter('O'))], always),
    spec(
        Menu::File,
        0,
        Command::OpenPath,
        "Open path…",
        "Open a file by typing its path",
        &[ctrl(Key::Letter('L'))],
        always,
    ),
    spec(
        Menu::File,
        0,
        Command::OpenSample,
        "Open the sample",
        "Open a small built-in file that shows what typed values are",
        &[],
        always,
    ),
    spec(
        Menu::File,
        1,
        Command::Save,
        "Save",
        "Write the changes to the file",
        &[ctrl(Key::Letter('S'))],
        |s| with(s, Tab::can_save),
    ),
    spec(
        Menu::File,
        1,
        Command::SaveAs,
        "Save as…",
        "Write the bytes to another file",
        &[ctrl_shift(Key::Letter('S'))],
        open,
    ),
    spec(
        Menu::File,
        1,
        Command::ShowSavePlan,
        "What saving would do…",
        "Show which way a save would go, what it writes, needs and keeps, before anything is touched",
        &[],
        |s| with(s, |tab| tab.has_file() && !tab.saving),
    ),
    spec(
        Menu::File,
        1,
        Command::ToggleBackup,
        "Keep a backup when saving",
        "Keep what the file held before, under its name with .bak at the end",
        &[],
        always,
    )
    .switch(|s| Some(s.settings.backup)),
    spec(
        Menu::File,
        1,
        Command::Reload,
        "Reload from disk",
        "Read the file again as it is on the disk now; edits are dropped after a question",
        &[plain(Key::F(5))],
        |s| with(s, Tab::has_file),
    ),
    spec(Menu::File, 1, Command::RestoreUnsaved, RESTORE.0, RESTORE.1, &[], Session::has_offers),
    spec(Menu::File, 1, Command::ShowUnsaved, OFFERS.0, OFFERS.1, &[], Session::has_offers),
    spec(
        Menu::File,
        1,
        Command::ReadAgain,
        "Read again",
        "Try once more to read the bytes that could not be read",
        &[],
        open,
    ),
    spec(
        Menu::File,
        2,
        Command::CloseTab,
        "Close",
        "Close this file; asks when there are unsaved changes",
        &[ctrl(Key::Letter('W'))],
        open,
    ),
    spec(
        Menu::File,
        2,
        Command::Quit,
        "Quit",
        "End pagelens; asks when there are unsaved changes",
        &[ctrl(Key::Letter('Q'))],
        always,
    ),
    spec(Menu::Edit, 0, Command::Undo, "Undo", "Take back the last change", &[ctrl(Key::Letter('Z'))], |s| {
        with(s, |tab| tab.document().can_undo().is_some())
    }),
    spec(
        Menu::Edit,
        0,
        Command::Redo,
        "Redo",
        "Make the change again that was taken back",
        &[ctrl(Key::Letter('Y')), ctrl_shift(Key::Letter('Z'))],
        |s| with(s, |tab| tab.document().can_redo().is_some()),
    ),
    spec(
        Menu::Edit,
        1,
        Command::Cut,
        "Cut",
        "Remove the selected bytes and keep them to be pasted",
        &[ctrl(Key::Letter('X'))],
        editable_selection,
    ),
    spec(
        Menu::Edit,
        1,
        Command::Copy,
        "Copy",
        "Keep the selected bytes to be pasted; other programs get them as text",
        &[ctrl(Key::Letter('C'))],
        |s| with(s, |tab| !tab.selected().is_empty()),
    ),
    spec(
        Menu::Edit,
        1,
        Command::Paste,
        "Paste",
        "Put in what was copied; text that reads as hex goes in as bytes",
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
    spec(Menu::Edit, 1, Command::Delete, "Delete", "Remove the selected bytes", &[], editable_selection),
    spec(
        Menu::Edit,
        2,
        Command::InsertBytes,
        "Insert bytes…",
        "Insert a number of equal bytes at the caret",
        &[],
        editable,
    ),
    spec(
        Menu::Edit,
        2,
        Command::AppendBytes,
        "Append bytes…",
        "Add a number of equal bytes at the end of the file",
        &[],
        editable,
    ),
    spec(
        Menu::Edit,
        2,
        Command::Fill,
        "Fill…",
        "Overwrite the selection with a repeated pattern",
        &[],
        editable_selection,
    ),
    spec(
        Menu::Edit,
        2,
        Command::Truncate,
        "Truncate here",
        "Remove all from the caret to the end of the file",
        &[],
        |s| with(s, |tab| tab.is_editable() && tab.selected().start() < tab.len()),
    ),
    spec(
        Menu::Edit,
        2,
        Command::Revert,
        "Revert all changes",
        "Take back every change since the file was opened or saved, as one step",
        &[],
        |s| with(s, |tab| tab.is_editable() && tab.is_modified()),
    ),
    spec(
        Menu::Edit,
        3,
        Command::SelectAll,
        "Select all",
        "Select every byte",
        &[ctrl(Key::Letter('A'))],
        open,
    ),
    spec(
        Menu::Edit,
        3,
        Command::SelectRange,
        "Select range…",
        "Select by offsets: START:END or START:+LENGTH",
        &[ctrl_shift(Key::Letter('A'))],
        open,
    ),
    spec(
        Menu::Edit,
        4,
        Command::EditValue,
        "Edit value",
        "Type a new value for the cell at the caret",
        &[plain(Key::F(2))],
        editable,
    ),
    spec(
        Menu::Edit,
        4,
        Command::ToggleInsert,
        "Insert mode",
        "Typed bytes go between the others instead of over them",
        &[plain(Key::Insert)],
        open,
    )
    .switch(|s| s.tab().map(Tab::inserts)),
    spec(
        Menu::Edit,
        4,
        Command::ToggleLock,
        "Read-only lock",
        "Refuse every change until the lock is taken off",
        &[ctrl_shift(Key::Letter('L'))],
        open,
    )
    .switch(|s| s.tab().map(|tab| tab.locked)),
    spec(Menu::Find, 0, Command::Find, "Find…", "Search for bytes or text", &[ctrl(Key::Letter('F'))], open),
    spec(
        Menu::Find,
        0,
        Command::Replace,
        "Replace…",
        "Search for bytes or text and put others in their place",
        &[ctrl(Key::Letter('H'))],
        open,
    ),
    spec(Menu::Find, 1, Command::FindNext, "Find next", "Go to the next place", &[plain(Key::F(3))], open),
    spec(
        Menu::Find,
        1,
        Command::FindPrevious,
        "Find previous",
        "Go to the place before",
        &[shift(Key::F(3))],
        open,
    ),
    spec(Menu::Find, 1, Command::FindAll, "Find all", "List and mark every place", &[], open),
    spec(Menu::View, 0, Command::ShowBytes, "Bytes", "Show the bytes alone", &[ctrl(Key::Letter('1'))], open)
        .switch(|s| s.tab().map(|tab| tab.shows(true, false))),
    spec(
        Menu::View,
        0,
        Command::ShowValues,
        "Values",
        "Show the typed values alone",
        &[ctrl(Key::Letter('2'))],
        open,
    )
    .switch(|s| s.tab().map(|tab| tab.shows(false, true))),
    spec(
        Menu::View,
        0,
        Command::ShowBoth,
        "Bytes and values",
        "Show bytes and typed values side by side",
        &[ctrl(Key::Letter('3'))],
        open,
    )
    .switch(|s| s.tab().map(|tab| tab.shows(true, true))),
    spec(
        Menu::View,
        1,
        Command::FitColumns,
        "Fit columns to the window",
        "As many cells a row as the window has room for",
        &[ctrl(Key::Zero)],
        open,
    )
    .switch(|s| s.tab().map(Tab::fits_columns)),
    spec(
        Menu::View,
        1,
        Command::MoreColumns,
        "One column more",
        "Show one cell more in a row",
        &[ctrl_shift(Key::Right)],
        open,
    ),
    spec(
        Menu::View,
        1,
        Command::FewerColumns,
        "One column fewer",
        "Show one cell fewer in a row",
        &[ctrl_shift(Key::Left)],
        open,
    ),
    spec(Menu::View, 1, Command::UpperCase, "Upper-case hex", "Write hex digits in upper case", &[], open)
        .switch(|s| s.tab().map(|tab| tab.bytes.format.upper)),
    spec(
        Menu::View,
        1,
        Command::DecimalOffsets,
        "Decimal offsets",
        "Show offsets as decimal numbers, as slices in Python are written",
        &[],
        open,
    )
    .switch(|s| s.tab().map(Tab::decimal_offsets)),
    spec(Menu::View, 1, Command::TextColumn, "Text column", "Show the bytes as text beside them", &[], open)
        .switch(|s| s.tab().map(|tab| tab.bytes.format.text.is_some())),
    spec(
        Menu::View,
        1,
        Command::BaseAddress,
        "Base address…",
        "Add a number to every offset that is shown",
        &[],
        open,
    ),
    spec(
        Menu::View,
        1,
        Command::Follow,
        "Follow growing file",
        "Show what is appended to the file as it comes, as tail -f does",
        &[],
        |s| with(s, Tab::can_follow),
    )
    .switch(|s| s.tab().map(|tab| tab.following)),
    spec(
        Menu::View,
        2,
        Command::ToggleInspector,
        "Inspector",
        "Show the value at the caret in every type",
        &[plain(Key::F(9))],
        always,
    )
    .switch(|s| Some(s.shows_panel(crate::session::INSPECTOR))),
    spec(
        Menu::View,
        2,
        Command::ToggleChanges,
        "Changes",
        "List the changes since the last save",
        &[plain(Key::F(8))],
        always,
    )
    .switch(|s| Some(s.shows_panel(crate::session::CHANGES))),
    spec(Menu::View, 3, Command::ZoomIn, "Zoom in", "Larger text in the grid", &[ctrl(Key::Plus)], always),
    spec(
        Menu::View,
        3,
        Command::ZoomOut,
        "Zoom out",
        "Smaller text in the grid",
        &[ctrl(Key::Minus)],
        always,
    ),
    spec(Menu::View, 3, Command::ZoomReset, "Usual size", "The usual size of text in the grid", &[], always),
    spec(
        Menu::View,
        4,
        Command::ThemeSystem,
        "Theme of the desktop",
        "Light or dark as the desktop is",
        &[],
        always,
    )
    .switch(|s| Some(s.settings.theme == crate::state::Theme::System)),
    spec(Menu::View, 4, Command::ThemeLight, "Light theme", "Dark text on light ground", &[], always)
        .switch(|s| Some(s.settings.theme == crate::state::Theme::Light)),
    spec(Menu::View, 4, Command::ThemeDark, "Dark theme", "Light text on dark ground", &[], always)
        .switch(|s| Some(s.settings.theme == crate::state::Theme::Dark)),
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
    spec(Menu::Go, 0, Command::GoEnd, "End of the file", "Go behind the last byte", &[ctrl(Key::End)], open),
    spec(
        Menu::Go,
        1,
        Command::Back,
        "Back",
        "Return to where the last jump started",
        &[alt(Key::Left)],
        |s| with(s, Tab::can_go_back),
    ),
    spec(
        Menu::Go,
        1,
        Command::Forward,
        "Forward",
        "Jump again where Back came from",
        &[alt(Key::Right)],
        |s| with(s, Tab::can_go_forward),
    ),
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
        "Go to the changed bytes before",
        &[shift(Key::F(7))],
        |s| with(s, Tab::is_modified),
    ),
    spec(
        Menu::Go,
        3,
        Command::OtherPane,
        "Other view",
        "Move between the bytes and the values",
        &[plain(Key::F(6))],
        |s| with(s, |tab| tab.shows(true, true)),
    ),
    spec(Menu::Go, 3, Command::NextTab, "Next file", "Show the next open file", &[alt(Key::Down)], |s| {
        s.tabs().len() > 1
    }),
    spec(
        Menu::Go,
        3,
        Command::PreviousTab,
        "Previous file",
        "Show the open file before",
        &[alt(Key::Up)],
        |s| s.tabs().len() > 1,
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
    spec(Menu::Help, 0, Command::Keys, "Keyboard", "Every key of the program", &[ctrl(Key::Slash)], always),
    spec(Menu::Help, 1, Command::About, "About pagelens", "Version and licence", &[], always),
];
