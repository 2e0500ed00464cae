//! Input in a grid, as actions of its pane.

use super::grid_id;
use crate::session::view::Motion;
use crate::session::{Action, ClipboardAction, EditAction, PaneAction, PaneKey, Tab};
use crate::ui::grid::{EditEnd, GridEvent};
use egui::{EventFilter, Response, Ui};

/// Arrows, Tab and Escape are the grid's while it has the focus.
pub(super) fn hold_keys(ui: &Ui, response: &Response) {
    if response.has_focus() {
        let filter = EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: true };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    }
}

pub(super) fn push_event(ui: &Ui, tab: &Tab, pane: PaneKey, event: &GridEvent, actions: &mut Vec<Action>) {
    match event {
        GridEvent::Press { hit, extend, clicks } => {
            ui.memory_mut(|memory| memory.request_focus(grid_id(pane)));
            actions.push(Action::Pane(PaneAction::Press {
                pane,
                hit: *hit,
                extend: *extend,
                clicks: *clicks,
            }));
        }
        GridEvent::Drag { hit } => actions.push(Action::Pane(PaneAction::Drag { pane, hit: *hit })),
        GridEvent::Release => actions.push(Action::Clipboard(ClipboardAction::SelectionSettled)),
        GridEvent::PasteSelection { hit } => {
            actions.push(Action::Pane(PaneAction::Press { pane, hit: *hit, extend: false, clicks: 1 }));
            actions.push(Action::Clipboard(ClipboardAction::PasteSelection));
        }
        GridEvent::Scroll(viewport) => {
            actions.push(Action::Pane(PaneAction::Scroll { pane, viewport: *viewport }))
        }
        GridEvent::Type(text) => actions.push(Action::Edit(EditAction::Type(text.clone()))),
        GridEvent::EditChanged(text) => actions.push(Action::Edit(EditAction::Text(text.clone()))),
        GridEvent::EditCommit(EditEnd::Elsewhere)
            if ui.memory(|memory| memory.focused()).is_some_and(|id| id != grid_id(pane)) =>
        {
            actions.push(Action::Edit(EditAction::Leave));
        }
        GridEvent::EditCommit(end) => {
            let then = match end {
                EditEnd::Enter => Some(Motion::Down),
                EditEnd::Tab => Some(Motion::Right),
                EditEnd::BackTab => Some(Motion::Left),
                EditEnd::Elsewhere => None,
            };
            if then.is_some() {
                ui.memory_mut(|memory| memory.request_focus(grid_id(pane)));
            }
            actions.push(Action::Edit(EditAction::Commit { then }));
        }
        GridEvent::EditCancel => {
            ui.memory_mut(|memory| memory.request_focus(grid_id(pane)));
            actions.push(Action::Edit(EditAction::Cancel));
        }
        GridEvent::ContextMenu { hit, .. } => {
            // A click beside the selection moves the caret first, as everywhere.
            if !tab.selected().contains(hit.offset) {
                actions.push(Action::Pane(PaneAction::Press { pane, hit: *hit, extend: false, clicks: 1 }));
            } else if tab.focus() != pane {
                // The menu is about this pane.
                actions.push(Action::Pane(PaneAction::Focus(pane)));
            }
        }
    }
}
