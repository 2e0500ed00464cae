//! The table of commands: what a menu, a tooltip and the keyboard show of each, when it can be run, and what runs.

use super::when::*;
use super::{Command, Menu};
use crate::export::matches::MatchFormat;
use crate::export::statistics::StatisticsFormat;
use crate::export::strings::StringFormat;
use crate::pictures::PictureFormat;
use crate::session::arrays::commands::{
    caret_column, caret_row, copied_as, exported_as, fitted_column, hidden_field, next_style, transposed,
    turned,
};
use crate::session::arrays::{ArrayAction, ArrayView, BarField, TableAction};
use crate::session::context::Context;
use crate::session::done::Done;
use crate::session::features::all::Features;
use crate::session::features::find::query::{IS_INFINITE, IS_NAN};
use crate::session::features::find::{OrderKey, QueryKind, Reach};
use crate::session::features::hashes::write::HashWriting;
use crate::session::features::open::open_sample;
use crate::session::features::save_flow::close::close_front;
use crate::session::features::settings::panels::{
    self, ARRAYS, CHANGES, EMBEDDED, HASHES, INSPECTOR, STATISTICS, STRINGS,
};
use crate::session::features::statistics::StatisticsView;
use crate::session::features::strings::StringKey;
use crate::session::features::{command_rows, picture_rows, tool_rows};
use crate::session::keys::{Chord, Key, alt, alt_shift, ctrl, ctrl_shift, plain, shift};
use crate::session::panes::PictureKind;
use crate::session::subject::ElementSubject;
use crate::session::tab::Tab;
use crate::session::tab::layout::{PaneSide, SplitKind};
use crate::session::tabs::Tabs;
use crate::session::view::Motion;
use crate::session::{Arrangement, Dialog, PasteWay, Request, Session, TabId};
use crate::state::settings::{Settings, ThemeChoice};

/// Factor between two sizes of the grid's text.
const ZOOM_STEP: f32 = 1.1;
/// Points that a pane gets or gives at a press of a key.
const PANE_STEP: f32 = 32.0;

/// What a command runs, by what that needs.
#[derive(Clone, Copy)]
pub(in crate::session) enum CommandRun {
    /// More than one feature.
    Session(fn(&mut Session)),
    /// Shows the list of this name, or hides it; the command is its switch.
    List(&'static str),
    /// What needs more than one feature, and the tab in front.
    Front(fn(&mut Session, TabId)),
    /// An edit or a move in the tab in front, after the value that is being typed there.
    Tab(fn(&mut Tab) -> Done),
    /// How the tab in front shows its bytes, which is kept for the next file.
    Format(fn(&mut Tab)),
    /// What is asked of the array on the screen; `None` when that has no answer.
    Array(fn(&ArrayView) -> Option<ArrayAction>),
    /// One feature.
    Features(fn(&mut Features, &mut Tabs, &mut Context)),
    Tabs(fn(&mut Tabs)),
    Context(fn(&mut Context)),
    Settings(fn(&mut Settings)),
    /// A question, which does the rest.
    Ask(fn() -> Dialog),
    Request(fn() -> Request),
    /// A change of the row of tabs that begins at the one in front.
    Arrange(fn(TabId) -> Arrangement),
}

/// Whether the panel of statistics is shown, with this view of them.
fn shows_statistics(session: &Session, view: StatisticsView) -> bool {
    session.shows_panel(STATISTICS) && session.features().statistics.view() == view
}

/// One row of the table.
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
    ready: fn(&Session) -> Ready,
    checked: fn(&Session) -> Option<bool>,
    pub(in crate::session) run: CommandRun,
}

impl Spec {
    /// Whether it can be run now.
    pub fn enabled(&self, session: &Session) -> bool {
        (self.ready)(session).is_ok()
    }

    /// Why it can't be run, if so.
    pub(in crate::session) fn ready(&self, session: &Session) -> Ready {
        (self.ready)(session)
    }

    /// Whether the thing that the command switches is on; `None` for what is no switch.
    pub fn checked(&self, session: &Session) -> Option<bool> {
        if let CommandRun::List(name) = self.run {
            return Some(session.shows_panel(name));
        }
        (self.checked)(session)
    }

    /// Title, help and key as a tooltip shows them.
    pub fn tooltip(&self) -> String {
        match self.keys.first() {
            Some(key) => format!("{} ({key})", self.help),
            None => self.help.to_owned(),
        }
    }
}

/// Makes the table of the rows.
macro_rules! tabulate {
    ($($name:ident: $menu:ident $group:literal, $title:literal, $keys:tt, $ready:ident, $help:literal, $run:ident($does:expr) $(, switch $checked:expr)?;)*) => {
        /// The table, in the order of the enum. The rows of a menu are in its order.
        pub const COMMANDS: &[Spec] = &[$(Spec {
            command: Command::$name,
            title: $title,
            help: $help,
            menu: Menu::$menu,
            group: $group,
            keys: &$keys,
            ready: $ready,
            checked: first_of!($($checked,)? |_| None),
            run: CommandRun::$run($does),
        },)*];
    };
}

/// The first of its arguments.
macro_rules! first_of {
    ($first:expr $(, $rest:expr)*) => {
        $first
    };
}

command_rows!(tabulate);

impl Command {
    /// This command's row in the table.
    pub fn spec(self) -> &'static Spec {
        &COMMANDS[self as usize]
    }

    /// Why it can't be run; empty for a command that can.
    pub fn why_not(self, session: &Session) -> String {
        self.spec().ready(session).err().unwrap_or_default().into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Action, OpenAction, Remembered};
    use std::collections::HashSet;
    use std::sync::Arc;

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
        for (at, spec) in COMMANDS.iter().enumerate() {
            assert_eq!((spec.command as usize, spec.command.spec().title), (at, spec.title));
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

    #[test]
    fn each_command_that_cannot_be_run_says_why_in_a_sentence() {
        let mut session = Session::new(Remembered::default(), Arc::new(|| {}));
        assert_eq!(Command::Copy.why_not(&session), NO_FILE);
        assert_eq!(Command::GoToMessages.why_not(&session), "No message is shown.");
        session.apply(Action::Run(Command::NewFile));
        for (command, expected) in [
            (Command::Copy, NO_SELECTION),
            (Command::Cut, NO_SELECTION),
            (Command::Undo, "There is nothing to undo."),
            (Command::CopyAsPython, NO_ARRAY),
            (Command::NextTab, "No other file is open."),
        ] {
            assert_eq!(command.why_not(&session), expected, "{command:?}");
        }
        // A new file can be saved at once, one that was opened only when it has changed.
        let file = tempfile::NamedTempFile::new().expect("a file");
        session.apply(Action::Open(OpenAction::Files(vec![file.path().to_owned()])));
        while !session.tab().is_some_and(Tab::has_file) {
            session.tick();
            std::thread::yield_now();
        }
        assert_eq!(Command::Save.why_not(&session), "There are no changes to save.");
        for spec in COMMANDS.iter().filter(|spec| !spec.enabled(&session)) {
            let why = spec.command.why_not(&session);
            assert!(why.ends_with('.') && why.split(' ').count() > 2, "{}: {why:?}", spec.title);
        }
    }
}
