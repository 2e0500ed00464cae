//! The panes of the open file: a bar and a grid each, side by side.

use super::arrays::{self, ArrayGridInput, ArrayScratch};
use super::grid::{EditEnd, GridEvent, GridInput, GridOutput, GridScratch, Mark, MarkKind, field_id, grid};
use super::ring::{self, Stop};
use super::theme::{self, Theme};
use super::{menus, toolbar};
use crate::bytes::Span;
use crate::session::arrays::{ArrayAction, ArrayView};
use crate::session::view::Motion;
use crate::session::{Action, ClipboardAction, EditAction, PATIENCE, PaneAction, PaneId, Session, Tab};
use egui::{
    Context, CursorIcon, EventFilter, Frame, Id, Margin, Panel, Popup, Rangef, Rect, Response, Sense, Stroke,
    Ui, UiBuilder,
};

/// The bytes' part of the width on the first start.
const BYTES_SHARE: f32 = 0.6;
/// The same beside an array, which has more to show.
const ARRAY_SHARE: f32 = 0.45;
/// Marks on the scroll bar at most; more would be one line.
const MARKS: u64 = 400;

/// What the panes keep from frame to frame.
#[derive(Default)]
pub struct Panes {
    bytes: GridScratch,
    values: GridScratch,
    array: ArrayScratch,
    all_ready: bool,
    /// Bytes in a row of the bytes, as they were drawn this frame.
    byte_row: Option<u32>,
    /// The part of the width that the bytes have beside values.
    share: Option<f32>,
    /// The same beside an array.
    array_share: Option<f32>,
    /// Where the grids were drawn last, for tests and the probe.
    rects: [Option<Rect>; 3],
}

fn grid_id(pane: PaneId) -> Id {
    Id::unique(("grid", pane))
}

impl Panes {
    /// Whether the focused widget is a grid.
    pub fn owns(&self, id: Id) -> bool {
        [PaneId::Bytes, PaneId::Values, PaneId::Array].into_iter().any(|pane| id == grid_id(pane))
    }

    /// Gives the keys to the grid, unless a question is open.
    pub fn take_focus(&self, ctx: &Context, session: &Session) {
        if let Some(tab) = session.tab().filter(|_| session.dialog().is_none()) {
            let grid = grid_id(tab.focus);
            let id = if tab.edit.is_some() { field_id(grid) } else { grid };
            ctx.memory_mut(|memory| memory.request_focus(id));
        }
    }

    /// Whether the last frame had every byte that it showed.
    pub fn all_ready(&self) -> bool {
        self.all_ready
    }

    pub fn show(&mut self, ui: &mut Ui, session: &Session, tab: &Tab, actions: &mut Vec<Action>) {
        self.all_ready = true;
        let typed = tab.other_pane(PaneId::Bytes);
        match (tab.is_shown(PaneId::Bytes), tab.is_shown(typed)) {
            (true, true) => self.side_by_side(ui, session, tab, actions),
            (true, false) => self.pane(ui, session, tab, PaneId::Bytes, actions),
            (false, _) => self.pane(ui, session, tab, typed, actions),
        }
    }

    /// Both panes with a line between them that can be dragged; they keep their shares of a changed width.
    fn side_by_side(&mut self, ui: &mut Ui, session: &Session, tab: &Tab, actions: &mut Vec<Action>) {
        let all = ui.available_rect_before_wrap();
        let (share, usual) = match tab.array() {
            Some(_) => (&mut self.array_share, ARRAY_SHARE),
            None => (&mut self.share, BYTES_SHARE),
        };
        let share = share.get_or_insert(usual);
        let grip = Rect::from_x_y_ranges(
            Rangef::point(all.left() + all.width() * *share).expand(theme::UNIT),
            all.y_range(),
        );
        let response = ui
            .interact(grip, Id::unique("between panes"), Sense::drag())
            .on_hover_cursor(CursorIcon::ResizeHorizontal);
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_role(egui::accesskit::Role::Splitter);
            node.set_label("between the views");
        });
        if let Some(at) = response.interact_pointer_pos().filter(|_| response.dragged()) {
            *share = ((at.x - all.left()) / all.width()).clamp(0.15, 0.85);
        }
        let middle = (all.left() + all.width() * *share).round();
        let (left, right) = all.split_left_right_at_x(middle);
        ui.scope_builder(UiBuilder::new().max_rect(left), |ui| {
            self.pane(ui, session, tab, PaneId::Bytes, actions)
        });
        ui.scope_builder(UiBuilder::new().max_rect(right), |ui| {
            self.pane(ui, session, tab, tab.other_pane(PaneId::Bytes), actions)
        });
        let theme = Theme::of(ui.ctx());
        let stroke = if response.hovered() || response.dragged() {
            Stroke::new(2.0, theme.accent)
        } else {
            theme.hairline_stroke()
        };
        ui.painter().vline(middle, all.y_range(), stroke);
    }

    fn pane(&mut self, ui: &mut Ui, session: &Session, tab: &Tab, pane: PaneId, actions: &mut Vec<Action>) {
        let theme = Theme::of(ui.ctx());
        let bar = Frame::new().fill(theme.panel_bg).inner_margin(Margin::symmetric(12, 4));
        if let Some(view) = tab.array().filter(|_| pane == PaneId::Array) {
            ui.push_id(pane, |ui| self.array_pane(ui, session, tab, view, actions));
            return;
        }
        ui.push_id(pane, |ui| {
            let bar = Panel::top("bar").frame(bar).show(ui, |ui| {
                ring::name(ui, Stop::of_bar(pane));
                toolbar::show(ui, tab, pane, actions);
            });
            ring::mark(ui, Stop::of_bar(pane), bar.response.rect);
            let output = self.grid(ui, session, tab, pane, theme);
            self.all_ready &= output.all_ready;
            self.rects[pane as usize] = Some(output.response.rect);
            ring::mark(ui, Stop::of_pane(pane), output.response.rect);
            hold_keys(ui, &output.response);
            let view = tab.view(pane);
            let columns = u32::try_from(output.map.row_bytes() / output.map.cell_bytes()).unwrap_or(1);
            if pane == PaneId::Bytes {
                self.byte_row = u32::try_from(output.map.row_bytes()).ok();
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
        });
    }

    fn array_pane(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        tab: &Tab,
        view: &ArrayView,
        actions: &mut Vec<Action>,
    ) {
        let theme = Theme::of(ui.ctx());
        let bar = Frame::new().fill(theme.panel_bg).inner_margin(Margin::symmetric(12, 4));
        let bar = Panel::top("bar").frame(bar).show(ui, |ui| {
            ring::name(ui, Stop::of_bar(PaneId::Array));
            arrays::show_bar(ui, tab, view, actions);
        });
        ring::mark(ui, Stop::of_bar(PaneId::Array), bar.response.rect);
        let shown = tab.shown();
        let settle = || {
            session.cache().settle(PATIENCE);
        };
        let changed = |within: Span, out: &mut Vec<Span>| out.extend(shown.changed_spans(within));
        let unpacked = view.unpacked.as_ref().map(|unpacked| &*unpacked.source);
        let input = ArrayGridInput {
            source: unpacked.map_or(shown, |source| source),
            settle: &settle,
            changed: if tab.is_modified() && unpacked.is_none() { Some(&changed) } else { None },
            view,
            focused: tab.focus == PaneId::Array && session.dialog().is_none(),
            edit: tab.edit.as_ref().filter(|_| tab.focus == PaneId::Array),
            theme,
            font: &theme::data(1.0),
        };
        let output = arrays::grid(ui, grid_id(PaneId::Array), &input, &mut self.array);
        self.all_ready &= output.all_ready;
        self.rects[PaneId::Array as usize] = Some(output.response.rect);
        ring::mark(ui, Stop::of_pane(PaneId::Array), output.response.rect);
        hold_keys(ui, &output.response);
        let covered = session.dialog().is_some() || Popup::is_any_open(ui.ctx());
        for action in output.actions {
            if matches!(action, ArrayAction::Press { .. }) {
                ui.memory_mut(|memory| memory.request_focus(grid_id(PaneId::Array)));
            }
            actions.push(Action::Array(action));
        }
        for event in output.events.iter().filter(|event| !(covered && matches!(event, GridEvent::Type(_)))) {
            push_event(ui, tab, PaneId::Array, event, actions);
        }
        let column = self.array.menu_column();
        output.response.context_menu(|ui| menus::array_context(ui, session, view, column, actions));
    }

    fn grid(&mut self, ui: &mut Ui, session: &Session, tab: &Tab, pane: PaneId, theme: &Theme) -> GridOutput {
        let view = tab.view(pane);
        let shown = tab.shown();
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
            format: &view.format,
            beside: self.byte_row.filter(|_| pane == PaneId::Values && tab.shows(true, true)),
            viewport: &view.viewport,
            selection: &tab.selection,
            selected: &selected,
            insert: tab.inserts(),
            focused: tab.focus == pane && session.dialog().is_none(),
            edit: tab.edit.as_ref().filter(|_| tab.focus == pane),
            theme,
            font: &theme::data(1.0),
        };
        let scratch = match pane {
            PaneId::Bytes => &mut self.bytes,
            PaneId::Values | PaneId::Array => &mut self.values,
        };
        grid(ui, grid_id(pane), &input, scratch)
    }
}

/// Arrows, Tab and Escape are the grid's while it has the focus.
fn hold_keys(ui: &Ui, response: &Response) {
    if response.has_focus() {
        let filter = EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: true };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    }
}

fn push_event(ui: &Ui, tab: &Tab, pane: PaneId, event: &GridEvent, actions: &mut Vec<Action>) {
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
            }
        }
    }
}

/// Changes and matches on the scroll bar, thinned out to what can be told apart.
fn marks(session: &Session, tab: &Tab) -> Vec<Mark> {
    let shown = tab.shown();
    let changes = shown.changes();
    let step = changes.div_ceil(MARKS).max(1);
    let mut marks: Vec<Mark> = (0..changes)
        .step_by(usize::try_from(step).unwrap_or(usize::MAX))
        .filter_map(|n| shown.nth_change(n))
        .map(|change| Mark { offset: change.span.start(), kind: MarkKind::Changed })
        .collect();
    if let Some(hits) =
        session.finding().hits.as_ref().filter(|hits| hits.tab == tab.id && session.finding().open)
    {
        let step = hits.list.len().div_ceil(MARKS).max(1);
        let at = (0..hits.list.len()).step_by(usize::try_from(step).unwrap_or(usize::MAX));
        marks.extend(
            at.filter_map(|n| hits.list.get(n))
                .map(|span| Mark { offset: span.start(), kind: MarkKind::Found }),
        );
    }
    marks
}
