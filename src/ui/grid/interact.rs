//! What the pointer and the keys do in the rows, as events.
//!
//! The hold of a press is the only thing kept between frames. Nothing is moved here: the session answers the
//! events before the next frame.

use super::geometry::Geometry;
use super::{GridEvent, GridInput};
use crate::session::view::{Column, Hit};
use egui::output::IMEOutput;
use egui::{Event, EventFilter, IMEPurpose, ImeEvent, PointerButton, Pos2, Rect, Response, Ui};

/// Rows a second that a drag scrolls for every row that the pointer is beyond the edge.
pub(in crate::ui) const DRAG_SCROLL_SPEED: f32 = 12.0;
/// Presses of one place within this many points count as one place.
const CLICK_SLOP: f32 = 6.0;

/// What the pointer has hold of.
#[derive(Clone, Debug, Default)]
pub(in crate::ui) struct Hold {
    dragging: Option<(Column, Hit)>,
    last_press: Option<(f64, Pos2, u32)>,
    /// What an input method is composing.
    pub(super) preedit: String,
}

/// The keys that egui must not move the focus with.
const KEPT_KEYS: EventFilter =
    EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: true };

/// Whether the keys are this view's to have, and whether a field over one of its cells has them.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Keys {
    pub(in crate::ui) focused: bool,
    pub(in crate::ui) editing: bool,
}

/// Takes the focus when it is this view's to have, and reports typed text. Says whether keys go here now.
pub(in crate::ui) fn keyboard(
    ui: &Ui,
    keys: Keys,
    response: &Response,
    hold: &mut Hold,
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
        hold.preedit.clear();
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
                    hold.preedit.clear();
                    let typed: String = text.chars().filter(|character| !character.is_control()).collect();
                    if !typed.is_empty() {
                        events.push(GridEvent::Type(typed));
                    }
                }
                Event::Ime(ImeEvent::Preedit { text, .. }) => hold.preedit.clone_from(text),
                _ => {}
            }
        }
        keys.focused && state.focused && !keys.editing
    })
}

/// Tells the input method where the caret is; only text can be composed.
pub(super) fn offer_ime(ui: &Ui, caret: Rect, geometry: &Geometry) {
    ui.output_mut(|output| {
        output.ime = Some(IMEOutput {
            purpose: IMEPurpose::Normal,
            rect: geometry.rows,
            cursor_rect: caret.with_max_x(caret.left() + geometry.pixel),
            should_interrupt_composition: false,
        });
    });
}

/// Presses, drags and the wheel.
pub(super) fn pointer(
    ui: &Ui,
    input: &GridInput<'_>,
    geometry: &Geometry,
    response: &Response,
    hold: &mut Hold,
    events: &mut Vec<GridEvent>,
) {
    press(ui, geometry, response, hold, events);
    drag(ui, input, geometry, hold, events);
    wheel(ui, input, geometry, response, events);
    if response.contains_pointer()
        && ui.input(|state| state.pointer.button_pressed(PointerButton::Middle))
        && let Some(at) = ui.input(|state| state.pointer.interact_pos())
    {
        response.request_focus();
        events.push(GridEvent::PasteSelection { hit: geometry.hit(at, None) });
    }
    if response.secondary_clicked()
        && let Some(pos) = response.interact_pointer_pos()
    {
        events.push(GridEvent::ContextMenu { pos, hit: geometry.hit(pos, None) });
    }
}

fn press(ui: &Ui, geometry: &Geometry, response: &Response, hold: &mut Hold, events: &mut Vec<GridEvent>) {
    let (pressed, released) =
        ui.input(|state| (state.pointer.primary_pressed(), state.pointer.primary_released()));
    // A press and its release may lie in one frame; then only the click tells of them.
    let hit_us = response.is_pointer_button_down_on() || response.clicked_by(PointerButton::Primary);
    if pressed && hit_us && hold.dragging.is_none() {
        let at = ui.input(|state| state.pointer.press_origin().or(state.pointer.interact_pos()));
        if let Some(at) = at {
            let hit = geometry.hit(at, None);
            let clicks = if at.x < geometry.body_left { 3 } else { count_clicks(ui, at, hold) };
            let extend = ui.input(|state| state.modifiers.shift);
            response.request_focus();
            hold.dragging = Some((hit.column, hit));
            events.push(GridEvent::Press { hit, extend, clicks });
        }
    }
    let down = ui.input(|state| state.pointer.primary_down());
    if hold.dragging.is_some() && (released || !down) && !(pressed && down) {
        drag_to_pointer(ui, geometry, hold, events);
        hold.dragging = None;
        events.push(GridEvent::Release);
    }
}

pub(in crate::ui) fn count_clicks(ui: &Ui, at: Pos2, hold: &mut Hold) -> u32 {
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

fn drag(ui: &Ui, input: &GridInput<'_>, geometry: &Geometry, hold: &mut Hold, events: &mut Vec<GridEvent>) {
    if hold.dragging.is_none() {
        return;
    }
    drag_to_pointer(ui, geometry, hold, events);
    let Some(at) = ui.input(|state| state.pointer.interact_pos()) else { return };
    let beyond = at - geometry.rows.clamp(at);
    let seconds = ui.input(|state| state.stable_dt).min(0.1);
    let mut view = input.viewport.scrolled(f64::from(beyond.y * DRAG_SCROLL_SPEED * seconds), &geometry.pane);
    view.left = (view.left + beyond.x * DRAG_SCROLL_SPEED * seconds).clamp(0.0, geometry.most_left());
    if beyond != egui::Vec2::ZERO && view != *input.viewport {
        events.push(GridEvent::Scroll(view));
        ui.ctx().request_repaint();
    }
}

fn drag_to_pointer(ui: &Ui, geometry: &Geometry, hold: &mut Hold, events: &mut Vec<GridEvent>) {
    let at = ui.input(|state| state.pointer.interact_pos());
    if let (Some((column, last)), Some(at)) = (&mut hold.dragging, at) {
        let hit = geometry.hit(geometry.rows.shrink(geometry.pixel).clamp(at), Some(*column));
        if hit != *last {
            *last = hit;
            events.push(GridEvent::Drag { hit });
        }
    }
}

/// How far the wheel was turned over a view, in points.
pub(in crate::ui) fn take_wheel(ui: &Ui, response: &Response) -> Option<egui::Vec2> {
    let delta = ui.input(|state| state.smooth_scroll_delta());
    if delta == egui::Vec2::ZERO || !response.contains_pointer() {
        return None;
    }
    // What this view has scrolled by must not scroll whatever it lies in.
    ui.input_mut(|state| state.smooth_scroll_delta = egui::Vec2::ZERO);
    Some(delta)
}

fn wheel(
    ui: &Ui,
    input: &GridInput<'_>,
    geometry: &Geometry,
    response: &Response,
    events: &mut Vec<GridEvent>,
) {
    let Some(delta) = take_wheel(ui, response) else { return };
    let mut view = input.viewport.clamped(&geometry.pane).scrolled(-f64::from(delta.y), &geometry.pane);
    view.left = (input.viewport.left - delta.x).clamp(0.0, geometry.most_left());
    if view != *input.viewport {
        events.push(GridEvent::Scroll(view));
    }
}
