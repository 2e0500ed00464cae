//! Questions that are answered by buttons. The one that loses nothing has the focus from the start.

use super::buttons::{self, Choice, plain, primary};
use super::title;
use crate::escape::PathText;
use crate::session::{
    Action, Dialog, DialogAction, ExternalAction, NameAction, Session, TabAction, TabId, describe,
};
use crate::ui::theme;
use egui::{Label, Ui};

/// Draws the question of `dialog` and its answers as buttons; one has the keys when `fresh`.
pub fn show(ui: &mut Ui, session: &Session, dialog: &Dialog, fresh: &mut bool, actions: &mut Vec<Action>) {
    let (question, explanation) = question(session, dialog);
    title(ui, &question);
    ui.add(Label::new(explanation).wrap());
    ui.add_space(theme::UNIT);
    let answers = answers(dialog);
    let choices: Vec<Choice> = answers.iter().map(|(choice, _)| *choice).collect();
    // What would lose something is not what Enter does at once.
    let first = if loses(dialog) { 0 } else { choices.len().saturating_sub(1) };
    if let Some((_, action)) =
        buttons::row(ui, &choices, Some(first), fresh).and_then(|at| answers.into_iter().nth(at))
    {
        actions.push(action);
    }
}

/// Whether the usual answer gives something up.
fn loses(dialog: &Dialog) -> bool {
    matches!(dialog, Dialog::ConfirmReload(_) | Dialog::ConfirmReplace { .. })
}

/// The buttons from left to right; the usual answer is the last.
fn answers(dialog: &Dialog) -> Vec<(Choice, Action)> {
    let cancel = (plain("Cancel"), Action::Dialog(DialogAction::Close));
    match dialog {
        Dialog::ConfirmClose(id) => vec![
            (plain("Don't save"), Action::Tab(TabAction::DiscardAndClose(*id))),
            cancel,
            (primary("Save"), Action::Tab(TabAction::SaveAndClose(*id))),
        ],
        Dialog::ConfirmQuit => vec![
            (plain("Don't save"), Action::Tab(TabAction::DiscardAndQuit)),
            cancel,
            (primary("Save all"), Action::Tab(TabAction::SaveAllAndQuit)),
        ],
        Dialog::ConfirmReload(id) => {
            vec![cancel, (primary("Reload"), Action::External(ExternalAction::Reload(*id)))]
        }
        Dialog::ConfirmReplace { asked, path } => {
            let replace = Action::Name(NameAction::Replace { asked: asked.clone(), path: path.clone() });
            vec![cancel, (primary("Replace"), replace)]
        }
        _ => vec![cancel],
    }
}

fn question(session: &Session, dialog: &Dialog) -> (String, String) {
    let name = |id: &TabId| session.tab_by_id(*id).map_or_else(String::new, |tab| tab.title.clone());
    let changed = |id: &TabId| {
        session
            .tab_by_id(*id)
            .map_or_else(String::new, |tab| describe::counted(tab.shown().changes(), "change", "changes"))
    };
    match dialog {
        Dialog::ConfirmClose(id) => (
            format!("Save the changes to {}?", name(id)),
            format!("{} will be lost if you don't save.", changed(id)),
        ),
        Dialog::ConfirmQuit => {
            let names: Vec<&str> = session.unsaved().map(|tab| tab.title.as_str()).collect();
            (
                String::from("Save the changes before quitting?"),
                format!("Unsaved changes in: {}.", names.join(", ")),
            )
        }
        Dialog::ConfirmReload(id) => (
            format!("Reload {} and lose the changes?", name(id)),
            format!(
                "{} and the undo history will be lost. The file is then read again from the disk.",
                changed(id)
            ),
        ),
        Dialog::ConfirmReplace { path, .. } => (
            String::from("Replace the existing file?"),
            format!("{} already exists. Its content will be lost.", path.shown()),
        ),
        _ => (String::new(), String::new()),
    }
}
