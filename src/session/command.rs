//! Every command of the program: its name, and the menu that it is in.
//!
//! A command is one row of the list in `features`: the enum, the menus, the palette, tooltips, the keyboard and what
//! runs are made from it. What needs an argument (a click, a typed text) is an [`super::Action`] instead.

mod table;
mod when;

pub(super) use table::CommandRun;
pub use table::{COMMANDS, Spec};
pub use when::{no_bytes, no_elements};

use super::features::{command_rows, picture_rows, tool_rows};

/// Makes the enum of the rows.
macro_rules! name_commands {
    ($($name:ident: $menu:ident $group:literal, $title:literal, $keys:tt, $ready:ident, $help:literal, $run:ident($does:expr) $(, switch $checked:expr)?;)*) => {
        /// A command without arguments.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Command {
            $($name,)*
        }
    };
}

command_rows!(name_commands);

/// The menu that a command is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Menu {
    File,
    Edit,
    Find,
    View,
    Panes,
    Go,
    Array,
    Tools,
    Help,
}

impl Menu {
    pub const ALL: [Self; 9] = [
        Self::File,
        Self::Edit,
        Self::Find,
        Self::View,
        Self::Panes,
        Self::Go,
        Self::Array,
        Self::Tools,
        Self::Help,
    ];

    /// The name of the menu, as the menu bar shows it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Edit => "Edit",
            Self::Find => "Find",
            Self::View => "View",
            Self::Panes => "Panes",
            Self::Go => "Go",
            Self::Array => "Array",
            Self::Tools => "Tools",
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
            Self::Panes => 'P',
            Self::Go => 'G',
            Self::Array => 'A',
            Self::Tools => 'T',
            Self::Help => 'H',
        }
    }
}
