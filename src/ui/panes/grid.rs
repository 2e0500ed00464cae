//! The grid of a pane: bytes, plain values or an array.

use super::events::{hold_keys, push_event};
use super::{Panes, Place, grid_id};
use crate::bytes::Span;
use crate::session::arrays::TableAction;
use crate::session::panes::{PaneContent, TypedPane};
use crate::session::{Action, PATIENCE, PaneAction, PaneKind, STRINGS, Session, Tab};
use crate::ui::arrays::are_fields_open;
use crate::ui::grid::{GridEvent, GridFormat, GridInput, GridOutput, GridScratch, ShownRows, grid};
use crate::ui::menus;
use crate::ui::theme::{self, Theme};
use egui::{Popup, Rect, Ui};

impl Panes {
    /// The grid of a pane, and what the user does there.
    pub(super) fn grid(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        tab: &Tab,
        place: Place,
        actions: &mut Vec<Action>,
    ) {
        let pane = place.pane;
        let output = self.draw(ui, session, tab, place);
        self.all_ready &= output.all_ready;
        Self::mark(ui, tab, place, &output.response);
        hold_keys(ui, &output.response);
        if let Some(rows) = &output.rows {
            self.measure(tab, place, rows, actions);
        }
        for action in output.actions {
            if matches!(action, TableAction::Press { .. }) {
                ui.memory_mut(|memory| memory.request_focus(grid_id(pane)));
            }
            actions.push(Action::ArrayIn(pane, action.into()));
        }
        // What is typed while something lies over the cells is not meant for them.
        let covered =
            session.dialog().is_some() || Popup::is_any_open(ui.ctx()) || are_fields_open(ui.ctx(), tab);
        for event in output.events.iter().filter(|event| !(covered && matches!(event, GridEvent::Type(_)))) {
            push_event(ui, tab, pane, event, actions);
        }
        let column = self.grids.get(&pane).and_then(GridScratch::menu_column);
        output.response.context_menu(|ui| match tab.panes().get(pane).content.array() {
            Some(view) => menus::array_context(ui, session, (pane, view), column, actions),
            None => menus::context(ui, session, actions),
        });
    }

    fn draw(&mut self, ui: &mut Ui, session: &Session, tab: &Tab, place: Place) -> GridOutput {
        let (pane, shown, finding) = (place.pane, tab.shown(), session.finding());
        let content = &tab.panes().get(pane).content;
        let format = match content {
            PaneContent::Hex(view) => GridFormat::Bytes(view.format.clone()),
            PaneContent::Typed(TypedPane { array: Some(view), .. }) => GridFormat::Array(view),
            PaneContent::Typed(typed) => GridFormat::Values(typed.values.format),
            // It has no grid.
            PaneContent::Picture(_) => GridFormat::Bytes(tab.hex().format.clone()),
        };
        let settle = || {
            session.cache().settle(PATIENCE);
        };
        let changed = |within: Span, out: &mut Vec<Span>| out.extend(shown.changed_spans(within));
        let found = |within: Span, out: &mut Vec<Span>| out.extend(finding.marked(tab, within));
        let strings =
            |within: Span, out: &mut Vec<Span>| out.extend(session.features().strings.marked(tab, within));
        let selected = |within: Span, out: &mut Vec<Span>| tab.add_selected(within, out);
        let unpacked = content.array().and_then(|view| view.unpacked.as_ref());
        // What is changed or found in the file is not in the bytes of an unpacked member.
        let is_file = unpacked.is_none();
        let finds = is_file && finding.marks(tab);
        let lists = is_file && session.shows_panel(STRINGS);
        let input = GridInput {
            source: unpacked.map_or(shown, |unpacked| &*unpacked.source),
            settle: &settle,
            changed: if is_file && shown.changes() > 0 { Some(&changed) } else { None },
            found: if finds { Some(&found) } else { None },
            found_current: finding.current(tab).filter(|_| finds),
            strings: if lists { Some(&strings) } else { None },
            marks: if is_file { &self.marks } else { &[] },
            format: &format,
            beside: self.beside(tab, place),
            viewport: &tab.view(pane).viewport,
            selection: &tab.selection,
            selected: &selected,
            insert: tab.inserts(),
            focused: tab.focus() == pane && session.dialog().is_none() && !are_fields_open(ui.ctx(), tab),
            edit: tab.edit.as_ref().filter(|_| tab.focus() == pane),
            theme: Theme::of(ui.ctx()),
            font: &theme::data(1.0),
        };
        grid(ui, grid_id(pane), &input, self.grids.entry(pane).or_default())
    }

    /// Tells the session the room of a pane of bytes or values, and the panes of values the rows of bytes.
    fn measure(&mut self, tab: &Tab, place: Place, rows: &ShownRows, actions: &mut Vec<Action>) {
        let (pane, room) = (place.pane, rows.pane);
        let columns = u32::try_from(rows.map.row_bytes() / rows.map.cell_bytes()).unwrap_or(1);
        if tab.kind(pane) == PaneKind::Bytes {
            self.byte_rows.push((place.rect, columns));
        }
        let view = tab.view(pane);
        if view.columns() != columns || view.room(tab.len()) != room {
            actions.push(Action::Pane(PaneAction::Measured { pane, room, columns }));
        }
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
