//! What the pointer does in an array's cells and heads, as actions.

use super::geometry::{Geometry, Under};
use super::grid::ArrayGridInput;
use crate::session::arrays::ArrayAction;
use crate::session::view::Viewport;
use crate::ui::grid::interact::{DRAG_SCROLL_SPEED, Hold as Clicks, count_clicks, take_wheel};
use egui::{CursorIcon, PointerButton, Pos2, Response, Ui};

/// What the pointer has hold of.
#[derive(Clone, Copy, Debug)]
enum Grip {
    Cells,
    Rows,
    Columns,
    /// A field's head, from this column on; where it would go.
    Field(u64, u64),
    /// A column's edge: its width in characters and the place of the pointer when it was taken.
    Edge(u64, u32, f32),
}

/// The hold of a press.
#[derive(Debug, Default)]
pub(super) struct Hold {
    grip: Option<Grip>,
    last: Option<Under>,
    clicks: Clicks,
    /// Where a context menu was asked for.
    pub(super) menu: Option<Under>,
}

impl Hold {
    /// The field that is being moved, and where to.
    pub(super) fn moving(&self) -> Option<(u64, u64)> {
        match self.grip {
            Some(Grip::Field(from, to)) if from != to => Some((from, to)),
            _ => None,
        }
    }
}

pub(super) fn pointer(
    ui: &Ui,
    input: &ArrayGridInput<'_>,
    geometry: &Geometry,
    response: &Response,
    hold: &mut Hold,
    actions: &mut Vec<ArrayAction>,
) {
    let over = response.hover_pos().and_then(|at| geometry.under(at));
    if matches!(over, Some(Under::Edge(_))) || matches!(hold.grip, Some(Grip::Edge(..))) {
        ui.ctx().set_cursor_icon(CursorIcon::ResizeColumn);
    }
    press(ui, input, geometry, response, hold, actions);
    drag(ui, input, geometry, hold, actions);
    wheel(ui, input, geometry, response, actions);
    if response.secondary_clicked() {
        hold.menu = response.interact_pointer_pos().and_then(|at| geometry.under(at));
        if let Some(Under::Cell(row, column)) = hold.menu
            && !input.view.block.has(row, column, &input.view.table)
        {
            actions.push(ArrayAction::Press { place: (row, column), extend: false, clicks: 1 });
        }
    }
}

fn press(
    ui: &Ui,
    input: &ArrayGridInput<'_>,
    geometry: &Geometry,
    response: &Response,
    hold: &mut Hold,
    actions: &mut Vec<ArrayAction>,
) {
    let (pressed, down) = ui.input(|state| (state.pointer.primary_pressed(), state.pointer.primary_down()));
    let hit_us = response.is_pointer_button_down_on() || response.clicked_by(PointerButton::Primary);
    if pressed && hit_us && hold.grip.is_none() {
        let at = ui.input(|state| state.pointer.press_origin().or(state.pointer.interact_pos()));
        let Some((at, under)) = at.and_then(|at| Some((at, geometry.under(at)?))) else { return };
        let extend = ui.input(|state| state.modifiers.shift);
        let clicks = count_clicks(ui, at, &mut hold.clicks);
        response.request_focus();
        hold.last = Some(under);
        hold.grip = Some(take(under, at, input, (extend, clicks), actions));
    }
    if hold.grip.is_some() && !down {
        if let Some((from, to)) = hold.moving() {
            actions.push(ArrayAction::MoveColumn { from: from as usize, to: to as usize });
        }
        hold.grip = None;
    }
}

fn take(
    under: Under,
    at: Pos2,
    input: &ArrayGridInput<'_>,
    (extend, clicks): (bool, u32),
    actions: &mut Vec<ArrayAction>,
) -> Grip {
    match under {
        Under::Cell(row, column) => {
            actions.push(ArrayAction::Press { place: (row, column), extend, clicks });
            Grip::Cells
        }
        Under::Row(row) => {
            actions.push(ArrayAction::PressRow { row, extend });
            Grip::Rows
        }
        Under::Column(column) => {
            actions.push(ArrayAction::PressColumn { column, extend });
            if input.view.columns.are_alike() || extend { Grip::Columns } else { Grip::Field(column, column) }
        }
        Under::Edge(column) => {
            if clicks == 2 {
                actions.push(ArrayAction::Resize { column, chars: None });
            }
            Grip::Edge(column, input.view.columns.chars(column), at.x)
        }
        Under::Corner => {
            actions.push(ArrayAction::PressAll);
            Grip::Cells
        }
    }
}

fn drag(
    ui: &Ui,
    input: &ArrayGridInput<'_>,
    geometry: &Geometry,
    hold: &mut Hold,
    actions: &mut Vec<ArrayAction>,
) {
    let Some(grip) = hold.grip else { return };
    let Some(at) = ui.input(|state| state.pointer.interact_pos()) else { return };
    if let Grip::Edge(column, chars, from) = grip {
        let wanted = (chars as f32 + (at.x - from) / geometry.pitch).round().max(1.0) as u32;
        if wanted != input.view.columns.chars(column) && at.x != from {
            actions.push(ArrayAction::Resize { column, chars: Some(wanted) });
        }
        return;
    }
    // A head that was pressed says nothing of the cells under it, so the pointer counts where it is nearest to them.
    let inside = geometry.body.shrink(geometry.pixel).clamp(at);
    let Some(Under::Cell(row, column)) = geometry.under(inside) else { return };
    match (grip, hold.last) {
        (Grip::Cells, Some(Under::Cell(was_row, was_column))) if (was_row, was_column) != (row, column) => {
            hold.last = Some(Under::Cell(row, column));
            actions.push(ArrayAction::Drag((row, column)));
        }
        (Grip::Rows, Some(Under::Row(was))) if was != row => {
            hold.last = Some(Under::Row(row));
            actions.push(ArrayAction::PressRow { row, extend: true });
        }
        (Grip::Columns, Some(Under::Column(was))) if was != column => {
            hold.last = Some(Under::Column(column));
            actions.push(ArrayAction::PressColumn { column, extend: true });
        }
        (Grip::Field(from, _), _) => {
            hold.grip = Some(Grip::Field(from, column));
            return;
        }
        _ => {}
    }
    scroll_beyond(ui, input, geometry, (grip, at), actions);
}

/// A drag over the edge scrolls; of a head only along it.
fn scroll_beyond(
    ui: &Ui,
    input: &ArrayGridInput<'_>,
    geometry: &Geometry,
    (grip, at): (Grip, Pos2),
    actions: &mut Vec<ArrayAction>,
) {
    let mut beyond = at - geometry.body.clamp(at);
    match grip {
        Grip::Rows => beyond.x = 0.0,
        Grip::Columns => beyond.y = 0.0,
        _ => {}
    }
    if beyond == egui::Vec2::ZERO {
        return;
    }
    let seconds = ui.input(|state| state.stable_dt).min(0.1) * DRAG_SCROLL_SPEED;
    let down = input.view.down.scrolled(f64::from(beyond.y * seconds), &geometry.rows);
    let across = input.view.across.scrolled(f64::from(beyond.x * seconds), &geometry.strip);
    push_scroll(input, down, across, actions);
    ui.ctx().request_repaint();
}

fn push_scroll(input: &ArrayGridInput<'_>, down: Viewport, across: Viewport, actions: &mut Vec<ArrayAction>) {
    if down != input.view.down || across != input.view.across {
        actions.push(ArrayAction::Scroll { down, across });
    }
}

fn wheel(
    ui: &Ui,
    input: &ArrayGridInput<'_>,
    geometry: &Geometry,
    response: &Response,
    actions: &mut Vec<ArrayAction>,
) {
    let Some(delta) = take_wheel(ui, response) else { return };
    let down = input.view.down.clamped(&geometry.rows).scrolled(-f64::from(delta.y), &geometry.rows);
    let across = input.view.across.clamped(&geometry.strip).scrolled(-f64::from(delta.x), &geometry.strip);
    push_scroll(input, down, across, actions);
}
