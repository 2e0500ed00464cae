//! What the pointer and the keys do in a grid.
//!
//! The hold of a press is the only thing kept between frames. Nothing is moved here: the session answers before the
//! next frame.

use super::GridEvent;
use super::row_source::RowSource;
use egui::{Event, EventFilter, ImeEvent, PointerButton, Pos2, Response, Ui, Vec2};

/// Rows a second that a drag scrolls for every row that the pointer is beyond the edge.
const DRAG_SCROLL_SPEED: f32 = 12.0;
/// Presses of one place within this many points count as one place.
const CLICK_SLOP: f32 = 6.0;

/// What the pointer has hold of.
#[derive(Clone, Debug, Default)]
pub(super) struct PointerHold {
    held: bool,
    last_press: Option<(f64, Pos2, u32)>,
}

/// What an input method is composing.
#[derive(Clone, Debug, Default)]
pub(super) struct KeyHold {
    composed: String,
}

impl KeyHold {
    /// The text that is not committed yet.
    pub(super) fn composed(&self) -> &str {
        &self.composed
    }
}

/// The keys that egui must not move the focus with.
const KEPT_KEYS: EventFilter =
    EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: true };

/// Whether the keys are this view's to have, and whether a field over one of its cells has them.
#[derive(Clone, Copy)]
pub(super) struct Keys {
    pub(super) focused: bool,
    pub(super) editing: bool,
}

/// Takes the focus when it is this view's to have, and reports typed text. Says whether keys go here now.
pub(super) fn keyboard(
    ui: &Ui,
    keys: Keys,
    response: &Response,
    hold: &mut KeyHold,
    events: &mut Vec<GridEvent>,
) -> bool {
    let id = response.id;
    // What is typed goes here only when the last frame showed that it would.
    let shown = ui.memory(|memory| memory.has_focus(id));
    let nobody = ui.memory(|memory| memory.focused().is_none());
    if keys.focused
        && !keys.editing
        && (nobody || response.is_pointer_button_down_on())
        && !response.has_focus()
    {
        response.request_focus();
    }
    if !response.has_focus() && !ui.memory(|memory| memory.has_focus(id)) {
        hold.composed.clear();
        return false;
    }
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, KEPT_KEYS));
    if !shown {
        return keys.focused && !keys.editing && ui.input(|state| state.focused);
    }
    // With a cell's field open the grid only has the keys until the field takes them: what is typed meanwhile
    // is not lost.
    ui.input(|state| {
        for event in &state.events {
            match event {
                Event::Text(text) | Event::Ime(ImeEvent::Commit(text)) => {
                    hold.composed.clear();
                    let typed: String = text.chars().filter(|character| !character.is_control()).collect();
                    if !typed.is_empty() {
                        events.push(GridEvent::Type(typed));
                    }
                }
                Event::Ime(ImeEvent::Preedit { text, .. }) => hold.composed.clone_from(text),
                _ => {}
            }
        }
        keys.focused && state.focused && !keys.editing
    })
}

/// Presses, drags, menus and the wheel.
pub(super) fn pointer(ui: &Ui, response: &Response, hold: &mut PointerHold, rows: &mut impl RowSource) {
    rows.hover(ui, response.hover_pos());
    press(ui, response, hold, rows);
    drag(ui, hold, rows);
    wheel(ui, response, rows);
    if response.contains_pointer()
        && ui.input(|state| state.pointer.button_pressed(PointerButton::Middle))
        && let Some(at) = ui.input(|state| state.pointer.interact_pos())
        && rows.middle(at)
    {
        response.request_focus();
    }
    if response.secondary_clicked()
        && let Some(at) = response.interact_pointer_pos()
    {
        rows.menu(at);
    }
}

fn press(ui: &Ui, response: &Response, hold: &mut PointerHold, rows: &mut impl RowSource) {
    let pressed = ui.input(|state| state.pointer.primary_pressed());
    // A press and its release may lie in one frame; then only the click tells of them.
    let hit_us = response.is_pointer_button_down_on() || response.clicked_by(PointerButton::Primary);
    if pressed && hit_us && !hold.held {
        let at = ui.input(|state| state.pointer.press_origin().or(state.pointer.interact_pos()));
        let Some(at) = at else { return };
        let clicks = count_clicks(ui, at, hold);
        response.request_focus();
        hold.held = true;
        rows.press(at, ui.input(|state| state.modifiers.shift), clicks);
    }
}

fn count_clicks(ui: &Ui, at: Pos2, hold: &mut PointerHold) -> u32 {
    let now = ui.input(|state| state.time);
    let delay = ui.ctx().options(|options| options.input_options.max_double_click_delay);
    let clicks = match hold.last_press {
        Some((time, place, clicks)) if now - time <= delay && place.distance(at) <= CLICK_SLOP => {
            clicks % 3 + 1
        }
        _ => 1,
    };
    hold.last_press = Some((now, at, clicks));
    clicks
}

/// A drag over the edge scrolls.
fn drag(ui: &Ui, hold: &mut PointerHold, rows: &mut impl RowSource) {
    if !hold.held {
        return;
    }
    let (at, pressed, released, down) = ui.input(|state| {
        let pointer = &state.pointer;
        let (pressed, released) = (pointer.primary_pressed(), pointer.primary_released());
        (pointer.interact_pos(), pressed, released, pointer.primary_down())
    });
    let beyond = at.map_or(Vec2::ZERO, |at| rows.drag(at));
    if !down || released && !pressed {
        hold.held = false;
        rows.release();
        return;
    }
    if beyond == Vec2::ZERO {
        return;
    }
    let way = beyond * DRAG_SCROLL_SPEED * ui.input(|state| state.stable_dt).min(0.1);
    if scroll_by(rows, way) {
        ui.ctx().request_repaint();
    }
}

/// Moves the view by so many points; says whether it moved.
fn scroll_by(rows: &mut impl RowSource, way: Vec2) -> bool {
    let frame = rows.frame();
    let from = frame.exact;
    let down = from.0.scrolled(way.y.into(), &frame.pane);
    let across = from.1.scrolled(way.x.into(), &frame.strip);
    if (down, across) == from {
        return false;
    }
    rows.scroll(down, across);
    true
}

fn wheel(ui: &Ui, response: &Response, rows: &mut impl RowSource) {
    let delta = ui.input(|state| state.smooth_scroll_delta());
    if delta == Vec2::ZERO || !response.contains_pointer() {
        return;
    }
    // What this view has scrolled by must not scroll whatever it lies in.
    ui.input_mut(|state| state.smooth_scroll_delta = Vec2::ZERO);
    scroll_by(rows, -delta);
}
