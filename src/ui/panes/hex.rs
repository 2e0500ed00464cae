//! A pane of rows: bytes, or plain values of one type.

use super::events::{hold_keys, push_event};
use super::marks::marks;
use super::{Panes, Place, grid_id};
use crate::bytes::Span;
use crate::session::{Action, PATIENCE, PaneAction, PaneKind, Session, Tab};
use crate::ui::grid::{GridEvent, GridFormat, GridInput, GridOutput, grid};
use crate::ui::menus;
use crate::ui::theme::{self, Theme};
use egui::{Popup, Rect, Ui};

impl Panes {
    /// The grid of a pane of rows, and what the user does there.
    pub(super) fn rows(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        tab: &Tab,
        place: Place,
        actions: &mut Vec<Action>,
    ) {
        let pane = place.pane;
        let output = self.grid(ui, session, tab, place);
        self.all_ready &= output.all_ready;
        Self::mark(ui, tab, place, &output.response);
        hold_keys(ui, &output.response);
        let view = tab.view(pane);
        let columns = u32::try_from(output.map.row_bytes() / output.map.cell_bytes()).unwrap_or(1);
        if tab.kind(pane) == PaneKind::Bytes
            && let Ok(bytes) = u32::try_from(output.map.row_bytes())
        {
            self.byte_rows.push((place.rect, bytes));
        }
        if view.columns() != columns || view.room(tab.len()) != output.pane {
            actions.push(Action::Pane(PaneAction::Measured { pane, room: output.pane, columns }));
        }
        // What is typed while something lies over the bytes is not meant for them.
        let covered = session.dialog().is_some() || Popup::is_any_open(ui.ctx());
        for event in &output.events {
            if covered && matches!(event, GridEvent::Type(_)) {
                continue;
            }
            push_event(ui, tab, pane, event, actions);
        }
        output.response.context_menu(|ui| menus::context(ui, session, actions));
    }

    fn grid(&mut self, ui: &mut Ui, session: &Session, tab: &Tab, place: Place) -> GridOutput {
        let pane = place.pane;
        let (content, shown) = (&tab.panes().get(pane).content, tab.shown());
        let format = match content.values() {
            Some(values) => GridFormat::Values(values.format),
            None => GridFormat::Bytes(content.hex().unwrap_or_else(|| tab.hex()).format.clone()),
        };
        let settle = || {
            session.cache().settle(PATIENCE);
        };
        let changed = |within: Span, out: &mut Vec<Span>| out.extend(shown.changed_spans(within));
        let found = |within: Span, out: &mut Vec<Span>| out.extend(session.finding().marked(tab, within));
        let selected = |within: Span, out: &mut Vec<Span>| tab.add_selected(within, out);
        let marks = marks(session, tab);
        let input = GridInput {
            source: shown,
            settle: &settle,
            changed: &changed,
            found: &found,
            found_current: session.finding().current(tab).filter(|_| session.finding().open),
            marks: &marks,
            format: &format,
            beside: self.beside(tab, place),
            viewport: &tab.view(pane).viewport,
            selection: &tab.selection,
            selected: &selected,
            insert: tab.inserts(),
            focused: tab.focus() == pane && session.dialog().is_none(),
            edit: tab.edit.as_ref().filter(|_| tab.focus() == pane),
            theme: Theme::of(ui.ctx()),
            font: &theme::data(1.0),
        };
        grid(ui, grid_id(pane), &input, self.hex.entry(pane).or_default())
    }

    /// Bytes in a row of the pane of bytes that touches this pane of values at its left or right.
    fn beside(&self, tab: &Tab, place: Place) -> Option<u32> {
        if tab.kind(place.pane) != PaneKind::Values {
            return None;
        }
        let touches = |rect: &Rect| {
            let is_level = (rect.top(), rect.bottom()) == (place.rect.top(), place.rect.bottom());
            is_level && (rect.right() == place.rect.left() || rect.left() == place.rect.right())
        };
        self.byte_rows.iter().find(|(rect, _)| touches(rect)).map(|(_, bytes)| *bytes)
    }
}
