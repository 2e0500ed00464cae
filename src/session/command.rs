//! Every command of the program in one table: its name, its words, its key, its place in the menus.
//!
//! Menus, the palette, tooltips and the keyboard all read this table, so a command is one line here and one
//! arm in `Session::run`. What needs an argument (a click, a typed text) is an [`super::Action`] instead.

mod areas;
mod arrays;
mod clipboard;
mod going;
mod table;
mod tabs;
mod when;
pub mod why;

use super::Session;
use super::dialog::Dialog;
use super::keys::Chord;
use clipboard::CLIPBOARD;

/// A command without arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    NewFile,
    Open,
    OpenPath,
    OpenSample,
    Save,
    SaveAs,
    ShowSavePlan,
    ToggleBackup,
    Reload,
    RestoreUnsaved,
    ShowUnsaved,
    ReadAgain,
    CloseTab,
    CloseOtherTabs,
    CloseTabsToRight,
    CopyPath,
    CopyName,
    Quit,
    Undo,
    Redo,
    Cut,
    Copy,
    Paste,
    PasteText,
    PasteAs,
    Delete,
    SelectionToFile,
    InsertBytes,
    Fill,
    AppendBytes,
    Truncate,
    Revert,
    RevertChange,
    ShowPatch,
    SelectAll,
    SelectRange,
    ToggleInsert,
    ToggleLock,
    EditValue,
    Find,
    Replace,
    FindNext,
    FindPrevious,
    FindAll,
    CloseMatches,
    GoTo,
    Back,
    Forward,
    GoStart,
    GoEnd,
    NextChange,
    PreviousChange,
    NextTab,
    PreviousTab,
    MoveTabLeft,
    MoveTabRight,
    OtherPane,
    NextArea,
    PreviousArea,
    GoToMessages,
    CopyMessage,
    DismissMessage,
    ShowBytes,
    ShowValues,
    ShowBoth,
    FitColumns,
    MoreColumns,
    FewerColumns,
    UpperCase,
    DecimalOffsets,
    TextColumn,
    BaseAddress,
    Follow,
    ZoomIn,
    ZoomOut,
    ZoomReset,
    ToggleInspector,
    ToggleChanges,
    ToggleArrays,
    ArrayFromHere,
    CloseArray,
    SetValues,
    AppendRows,
    OpenLike,
    TypeDtype,
    TypeSlice,
    FilterArrays,
    SelectRow,
    SelectColumn,
    HideField,
    ShowAllFields,
    FitArrayColumn,
    TransposeArray,
    NextIndex,
    PreviousIndex,
    NextNumberStyle,
    CopyAsPython,
    CopyAsJson,
    ExportNpy,
    ExportCsv,
    ThemeSystem,
    ThemeLight,
    ThemeDark,
    Palette,
    Keys,
    About,
}

/// The menu that a command is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Menu {
    File,
    Edit,
    Find,
    View,
    Go,
    Array,
    Help,
}

impl Menu {
    pub const ALL: [Self; 7] =
        [Self::File, Self::Edit, Self::Find, Self::View, Self::Go, Self::Array, Self::Help];

    pub const fn title(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Edit => "Edit",
            Self::Find => "Find",
            Self::View => "View",
            Self::Go => "Go",
            Self::Array => "Array",
            Self::Help => "Help",
        }
    }

    /// The letter that opens the menu together with Alt: one of its title, underlined in the bar.
    pub const fn letter(self) -> char {
        match self {
            Self::File => 'F',
            Self::Edit => 'E',
            Self::Find => 'N',
            Self::View => 'V',
            Self::Go => 'G',
            Self::Array => 'A',
            Self::Help => 'H',
        }
    }
}

/// The table. The lines of a menu are in its order.
pub const COMMANDS: &[Spec] = &joined::<
    {
        table::USUAL.len()
            + CLIPBOARD.len()
            + going::GOING.len()
            + areas::AREAS.len()
            + tabs::TABS.len()
            + arrays::ARRAYS.len()
    },
>(&[
    before_clipboard(),
    CLIPBOARD,
    behind_clipboard(),
    going::GOING,
    areas::AREAS,
    tabs::TABS,
    arrays::ARRAYS,
]);

/// The usual lines up to Redo, which those about the clipboard follow.
const fn before_clipboard() -> &'static [Spec] {
    table::USUAL.split_at(lines_to_redo()).0
}

const fn behind_clipboard() -> &'static [Spec] {
    table::USUAL.split_at(lines_to_redo()).1
}

const fn lines_to_redo() -> usize {
    let mut at = 0;
    while table::USUAL[at].command as usize != Command::Redo as usize {
        at += 1;
    }
    at + 1
}

const fn joined<const N: usize>(lists: &[&[Spec]]) -> [Spec; N] {
    let mut all = [lists[0][0]; N];
    let (mut list, mut start, mut at) = (0, 0, 0);
    while at < N {
        while at - start == lists[list].len() {
            start += lists[list].len();
            list += 1;
        }
        all[at] = lists[list][at - start];
        at += 1;
    }
    all
}

/// One line of the table.
#[derive(Clone, Copy)]
pub struct Spec {
    pub command: Command,
    /// As in a menu; ends with '…' when the command asks for something first.
    pub title: &'static str,
    /// One sentence for the tooltip and the palette.
    pub help: &'static str,
    pub menu: Menu,
    /// Commands of one group stand together; a line separates the groups of a menu.
    pub group: u8,
    /// The first is the one that is shown.
    pub keys: &'static [Chord],
    pub enabled: fn(&Session) -> bool,
    /// Whether the thing that the command switches is on; `None` for what is no switch.
    pub checked: fn(&Session) -> Option<bool>,
}

impl Spec {
    const fn switch(mut self, checked: fn(&Session) -> Option<bool>) -> Self {
        self.checked = checked;
        self
    }

    /// Title, help and key as a tooltip shows them.
    pub fn tooltip(&self) -> String {
        match self.keys.first() {
            Some(key) => format!("{} ({key})", self.help),
            None => self.help.to_owned(),
        }
    }
}

impl Command {
    /// This command's line in the table.
    pub fn spec(self) -> &'static Spec {
        // Every variant has its line: a test walks them all.
        COMMANDS.iter().find(|spec| spec.command == self).unwrap_or(&COMMANDS[0])
    }

    /// The question that the command begins with, for one that does nothing else.
    pub(super) fn question(self) -> Option<Dialog> {
        Some(match self {
            Self::OpenPath => Dialog::OpenPath,
            Self::InsertBytes => Dialog::InsertBytes,
            Self::AppendBytes => Dialog::AppendBytes,
            Self::Fill => Dialog::Fill,
            Self::SelectRange => Dialog::SelectRange,
            Self::BaseAddress => Dialog::BaseAddress,
            Self::GoTo => Dialog::GoTo,
            Self::Palette => Dialog::Palette,
            Self::Keys => Dialog::Keys,
            Self::About => Dialog::About,
            Self::SetValues => Dialog::SetValues,
            Self::AppendRows => Dialog::AppendRows,
            Self::OpenLike => Dialog::OpenLike,
            _ => return None,
        })
    }

    /// Whether it removes bytes or puts some between others, which the cells of an array do not bear.
    pub(super) fn moves_bytes(self) -> bool {
        matches!(self, Self::Cut | Self::Delete | Self::Truncate | Self::InsertBytes | Self::AppendBytes)
    }

    /// The command of a chord, if it has one.
    pub fn of_chord(chord: Chord) -> Option<Self> {
        COMMANDS.iter().find(|spec| spec.keys.contains(&chord)).map(|spec| spec.command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_commands_share_a_key_or_a_title() {
        let mut keys = HashSet::new();
        let mut titles = HashSet::new();
        let mut commands = HashSet::new();
        for spec in COMMANDS {
            assert!(titles.insert(spec.title), "two commands are called {}", spec.title);
            assert!(commands.insert(spec.command), "{:?} has two lines", spec.command);
            for key in spec.keys {
                assert!(keys.insert(*key), "{key} stands for two commands");
            }
        }
    }

    #[test]
    fn every_command_has_a_line_and_a_sentence_of_help() {
        // About is the last variant; a variant without a line would make the table shorter than the enum.
        assert_eq!(COMMANDS.len(), Command::About as usize + 1);
        for spec in COMMANDS {
            assert!(spec.help.len() > 10 && !spec.help.ends_with('.'), "{}", spec.title);
        }
    }

    #[test]
    fn the_groups_of_a_menu_stand_together() {
        for menu in Menu::ALL {
            let groups: Vec<u8> = COMMANDS.iter().filter(|s| s.menu == menu).map(|s| s.group).collect();
            assert!(!groups.is_empty(), "{menu:?} is empty");
            assert!(groups.is_sorted(), "{menu:?} has its groups mixed");
        }
    }
}
