//! Why a command of the table can't be run now, in words for the user who chose it.

use super::{Command, Menu};
use crate::session::editing::NO_DELETING;
use crate::session::{Session, tab::Tab};

const NO_FILE: &str = "Open a file first.";
const NO_ARRAY: &str = "No array is shown. Choose Array ▸ Show as an array first.";
const NO_SELECTION: &str = "Select bytes first.";

/// Why the selected bytes can't be copied or written.
pub fn no_bytes(session: &Session) -> String {
    String::from(if session.tab().is_some() { NO_SELECTION } else { NO_FILE })
}

/// Why elements of an array can't be copied or written.
pub fn no_elements(session: &Session) -> String {
    String::from(if session.tab().is_some() { NO_ARRAY } else { NO_FILE })
}

impl Command {
    /// Why it can't be run, as far as is known. For a command that is not enabled.
    pub fn why_not(self, session: &Session) -> String {
        let known = match self {
            Self::RestoreUnsaved | Self::ShowUnsaved => Some("There are no unsaved edits from the last run."),
            Self::GoToMessages | Self::CopyMessage | Self::DismissMessage => Some("No message is shown."),
            _ => None,
        };
        let Some(tab) = session.tab() else { return String::from(known.unwrap_or(NO_FILE)) };
        let words = known.or_else(|| self.why_not_among_tabs()).or_else(|| self.why_not_on(tab));
        match words {
            Some(words) => String::from(words),
            None => match self.refused_by(tab) {
                Some(reason) => reason,
                None => format!("'{}' can't be run here.", self.spec().title.trim_end_matches('…')),
            },
        }
    }

    fn why_not_among_tabs(self) -> Option<&'static str> {
        Some(match self {
            Self::CloseOtherTabs
            | Self::NextTab
            | Self::PreviousTab
            | Self::MoveTabLeft
            | Self::MoveTabRight => "No other file is open.",
            Self::CloseTabsToRight => "No file is open to the right of this one.",
            Self::CloseMatches => "No list of matches is open.",
            Self::FilterArrays => "This file has no list of arrays.",
            Self::OtherPane => "Only one view is shown.",
            _ => return None,
        })
    }

    fn why_not_on(self, tab: &Tab) -> Option<&'static str> {
        Some(match self {
            Self::Undo => "There is nothing to undo.",
            Self::Redo => "There is nothing to redo.",
            Self::Back | Self::Forward => "There is nothing to go back or forward to.",
            Self::Save if tab.saving => "The file is being saved.",
            Self::Save if !tab.is_modified() => "There are no changes to save.",
            Self::Reload | Self::CopyPath | Self::ShowSavePlan if !tab.has_file() => {
                "This has not been saved to a file yet. Save it first."
            }
            Self::ShowSavePlan if !tab.is_modified() => "There are no changes to save.",
            Self::ShowPatch | Self::NextChange | Self::PreviousChange | Self::Revert
                if !tab.is_modified() =>
            {
                "Nothing has been changed."
            }
            Self::Truncate if tab.is_editable() && !tab.is_in_array() => "There is nothing after the caret.",
            Self::Follow => "Only a file on disk can be followed.",
            Self::SetValues | Self::AppendRows if tab.is_editable() && tab.array().is_some() => {
                "The array is unpacked from an archive: its values can't be changed."
            }
            Self::RevertChange if tab.change_here().is_none() => "There is no change at the caret.",
            Self::Copy | Self::SelectionToFile if tab.selected().is_empty() => NO_SELECTION,
            command if command.moves_bytes() && tab.is_in_array() => NO_DELETING,
            Self::Cut | Self::Delete | Self::Fill if tab.is_editable() && tab.selected().is_empty() => {
                NO_SELECTION
            }
            Self::TransposeArray | Self::NextIndex | Self::PreviousIndex if tab.array().is_some() => {
                "The array has too few axes for that."
            }
            Self::HideField | Self::ShowAllFields if tab.array().is_some() => {
                "No field can be hidden or shown."
            }
            command if command.spec().menu == Menu::Array && tab.array().is_none() => NO_ARRAY,
            _ => return None,
        })
    }

    /// Why the file can't be edited, for commands that edit.
    fn refused_by(self, tab: &Tab) -> Option<String> {
        let edits = matches!(self.spec().menu, Menu::Edit | Menu::Array);
        tab.check_editable().err().filter(|_| edits)
    }
}

#[cfg(test)]
mod tests {
    use super::super::COMMANDS;
    use super::*;
    use crate::session::{Action, Remembered};
    use std::sync::Arc;

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
            (Command::Save, "There are no changes to save."),
            (Command::CopyAsPython, NO_ARRAY),
            (Command::NextTab, "No other file is open."),
        ] {
            assert_eq!(command.why_not(&session), expected, "{command:?}");
        }
        let refused = COMMANDS.iter().filter(|spec| !(spec.enabled)(&session));
        for spec in refused {
            let why = spec.command.why_not(&session);
            assert!(why.ends_with('.') && !why.contains("can't be run here"), "{}: {why}", spec.title);
        }
    }
}
