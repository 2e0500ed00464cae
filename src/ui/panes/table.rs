//! A pane with an array.

use super::events::{hold_keys, push_event};
use super::marks::marks;
use super::{Panes, Place, grid_id};
use crate::bytes::Span;
use crate::session::arrays::{ArrayAction, ArrayView};
use crate::session::{Action, PATIENCE, Session, Tab};
use crate::ui::grid::{GridEvent, TableInput, table};
use crate::ui::menus;
use crate::ui::theme::{self, Theme};
use egui::{Popup, Ui};

impl Panes {
    /// The table of an array, and what the user does there.
    pub(super) fn table(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        tab: &Tab,
        view: &ArrayView,
        place: Place,
        actions: &mut Vec<Action>,
    ) {
        let pane = place.pane;
        let shown = tab.shown();
        let settle = || {
            session.cache().settle(PATIENCE);
        };
        let changed = |within: Span, out: &mut Vec<Span>| out.extend(shown.changed_spans(within));
        let found = |within: Span, out: &mut Vec<Span>| out.extend(session.finding().marked(tab, within));
        let unpacked = view.unpacked.as_ref().map(|unpacked| &*unpacked.source);
        // What is changed or found in the file is not in the bytes of an unpacked member.
        let finds = unpacked.is_none() && session.finding().open;
        let marks = if unpacked.is_none() { marks(session, tab) } else { Vec::new() };
        let input = TableInput {
            source: unpacked.map_or(shown, |source| source),
            settle: &settle,
            changed: if tab.is_modified() && unpacked.is_none() { Some(&changed) } else { None },
            found: if finds { Some(&found) } else { None },
            found_current: session.finding().current(tab).filter(|_| finds),
            marks: &marks,
            view,
            focused: tab.focus() == pane && session.dialog().is_none(),
            edit: tab.edit.as_ref().filter(|_| tab.focus() == pane),
            theme: Theme::of(ui.ctx()),
            font: &theme::data(1.0),
        };
        let scratch = self.tables.entry(pane).or_default();
        let output = table(ui, grid_id(pane), &input, scratch);
        let column = scratch.menu_column();
        self.all_ready &= output.all_ready;
        Self::mark(ui, tab, place, &output.response);
        hold_keys(ui, &output.response);
        let covered = session.dialog().is_some() || Popup::is_any_open(ui.ctx());
        for action in output.actions {
            if matches!(action, ArrayAction::Press { .. }) {
                ui.memory_mut(|memory| memory.request_focus(grid_id(pane)));
            }
            actions.push(Action::ArrayIn(pane, action));
        }
        for event in output.events.iter().filter(|event| !(covered && matches!(event, GridEvent::Type(_)))) {
            push_event(ui, tab, pane, event, actions);
        }
        output.response.context_menu(|ui| menus::array_context(ui, session, (pane, view), column, actions));
    }
}
