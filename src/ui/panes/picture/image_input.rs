//! What the pointer and the keys do to an image.
//!
//! | what | does |
//! |---|---|
//! | drag | selects the elements of a rectangle; with the middle button or Ctrl it moves the image |
//! | drag of the right edge | changes the elements in a row, where they are along one axis |
//! | Alt and drag | changes where the first row begins |
//! | wheel, pinch | changes the size about the pointer |
//! | arrows, Home, End | move the cursor; with Shift they select |

use super::Drawn;
use crate::pictures::view::ImagePlacing;
use crate::pictures::{ImagePlane, ImageView};
use crate::session::Action;
use crate::session::panes::{ImageLook, PictureLook};
use crate::session::pictures::PictureWhat;
use egui::{
    CursorIcon, Event, EventFilter, Key, Modifiers, MouseWheelUnit, PointerButton, Pos2, Rect, Response, Ui,
};
use std::ops::Range;

/// An image in its room.
pub(super) struct Canvas<'a> {
    pub placing: ImagePlacing,
    pub plane: &'a ImagePlane,
    /// In points.
    pub room: Rect,
    /// Pixels of the screen to a point.
    pub points: f32,
}

/// What the pointer drags.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum ImageDrag {
    /// A rectangle of elements from this one on.
    Select {
        from: (u64, u64),
    },
    Pan,
    /// The right edge, which began with so many elements in a row at this place.
    Width {
        from: u64,
        x: f32,
    },
    /// The first row, which began at this element, and the pointer at this place.
    Start {
        from: u64,
        at: Pos2,
    },
}

/// What the user does with an image, from frame to frame.
#[derive(Default)]
pub(super) struct ImageInput {
    /// What the pointer has begun to drag.
    drag: Option<ImageDrag>,
    /// Whether the other axis is played.
    pub is_playing: bool,
}

/// Points around the right edge that take hold of it.
const EDGE: f32 = 5.0;
/// Size of an image after a step of the wheel, of the size before.
const WHEEL: f64 = 1.25;
/// Points of a touch pad that are a step.
const PAD_STEP: f32 = 50.0;
/// Steps of the cursor with Ctrl.
const FAR: i64 = 10;

impl Canvas<'_> {
    /// A place of the screen in pixels of the room.
    fn pixels(&self, at: Pos2) -> (f64, f64) {
        let at = (at - self.room.min) * self.points;
        (f64::from(at.x), f64::from(at.y))
    }

    /// Where a place of the image is, in points.
    pub fn point(&self, row: f64, column: f64) -> Pos2 {
        let (x, y) = self.placing.on_screen(row, column);
        self.room.min + egui::vec2(x as f32, y as f32) / self.points
    }

    /// Where some rows and columns are, in points.
    pub fn rect_of(&self, rows: &Range<u64>, columns: &Range<u64>) -> Rect {
        let a = self.point(rows.start as f64, columns.start as f64);
        let b = self.point(rows.end as f64, columns.end as f64);
        Rect::from_two_pos(a, b)
    }

    /// The element at a place of the screen.
    pub fn element_at(&self, at: Pos2) -> Option<(u64, u64)> {
        let (x, y) = self.pixels(at);
        let element = self.placing.element_at(x, y).filter(|_| self.room.contains(at));
        element.filter(|(row, column)| self.plane.has(*row, *column))
    }

    fn nearest(&self, at: Pos2) -> (u64, u64) {
        let (x, y) = self.pixels(at);
        self.placing.nearest(x, y)
    }

    /// All of the image, in points.
    pub fn whole(&self) -> Rect {
        let (rows, columns) = self.plane.shape();
        self.rect_of(&(0..rows), &(0..columns))
    }
}

fn changed(drawn: &Drawn<'_>, look: ImageLook) -> Action {
    drawn.action(PictureWhat::Look(Box::new(PictureLook::Image(look))))
}

/// Whether the elements are along one axis, so that the user says how many are in a row.
fn is_wrapped(drawn: &Drawn<'_>) -> bool {
    let subject = drawn.state.and_then(|state| state.subject());
    subject.is_some_and(|subject| subject.array.shape.len() == 1)
}

/// What the pointer does.
pub(super) fn pointer(
    ui: &Ui,
    drawn: &Drawn<'_>,
    look: &ImageLook,
    canvas: &Canvas<'_>,
    held: &mut ImageInput,
    response: &Response,
    actions: &mut Vec<Action>,
) {
    let at_edge = |at: Pos2| {
        let edge = if look.flips.0 { canvas.whole().left() } else { canvas.whole().right() };
        is_wrapped(drawn) && !look.is_transposed && (at.x - edge).abs() <= EDGE
    };
    if let Some(at) = response.hover_pos() {
        wheel(ui, drawn, look, canvas, at, actions);
        if at_edge(at) && held.drag.is_none() {
            ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
        }
    }
    let (press, modifiers) = ui.input(|input| (input.pointer.press_origin(), input.modifiers));
    if response.drag_started()
        && let Some(press) = press
    {
        let is_panned = response.drag_started_by(PointerButton::Middle) || modifiers.command;
        held.drag = Some(if is_panned {
            ImageDrag::Pan
        } else if at_edge(press) {
            ImageDrag::Width { from: canvas.plane.shape().1, x: press.x }
        } else if modifiers.alt && is_wrapped(drawn) {
            ImageDrag::Start { from: look.start, at: press }
        } else {
            ImageDrag::Select { from: canvas.nearest(press) }
        });
    }
    if let (Some(drag), Some(at)) = (held.drag, response.interact_pointer_pos()) {
        dragged(ui, drawn, look, canvas, drag, at, response, actions);
    }
    if response.drag_stopped() || !response.dragged() && !response.drag_started() {
        held.drag = None;
    }
    if response.clicked()
        && let Some(element) = response.interact_pointer_pos().and_then(|at| canvas.element_at(at))
    {
        let from =
            if ui.input(|input| input.modifiers.shift) { look.cursor.unwrap_or(element) } else { element };
        actions.push(changed(drawn, ImageLook { cursor: Some(element), ..look.clone() }));
        actions.push(drawn.action(PictureWhat::Select { from, to: element }));
    }
    if response.double_clicked() {
        actions.push(changed(drawn, ImageLook { view: ImageView::Fit, ..look.clone() }));
    }
}

#[expect(clippy::too_many_arguments, reason = "what is dragged, by whom, on what")]
fn dragged(
    ui: &Ui,
    drawn: &Drawn<'_>,
    look: &ImageLook,
    canvas: &Canvas<'_>,
    drag: ImageDrag,
    at: Pos2,
    response: &Response,
    actions: &mut Vec<Action>,
) {
    let across = canvas.placing.at.across as f32 / canvas.points;
    let down = canvas.placing.at.down as f32 / canvas.points;
    match drag {
        ImageDrag::Select { from } => {
            let to = canvas.nearest(at);
            if response.drag_stopped() || to != look.cursor.unwrap_or(from) {
                actions.push(changed(drawn, ImageLook { cursor: Some(to), ..look.clone() }));
                actions.push(drawn.action(PictureWhat::Select { from, to }));
            }
        }
        ImageDrag::Pan => {
            ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
            let by = response.drag_delta() * canvas.points;
            if by != egui::Vec2::ZERO {
                let view = canvas.placing.panned(f64::from(by.x), f64::from(by.y));
                actions.push(changed(drawn, ImageLook { view, ..look.clone() }));
            }
        }
        ImageDrag::Width { from, x } => {
            ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
            let sign = if look.flips.0 { -1.0 } else { 1.0 };
            let by = (sign * (at.x - x) / across.max(f32::MIN_POSITIVE)).round();
            let width = (from as f64 + f64::from(by)).max(1.0) as u64;
            if Some(width) != look.width {
                // The size stays while the edge is moved.
                let view = ImageView::At(canvas.placing.at);
                actions.push(changed(drawn, ImageLook { width: Some(width), view, ..look.clone() }));
            }
        }
        ImageDrag::Start { from, at: start } => {
            let by = at - start;
            let columns = (by.x / across.max(f32::MIN_POSITIVE)).round();
            let rows = (by.y / down.max(f32::MIN_POSITIVE)).round();
            let moved = f64::from(columns) + f64::from(rows) * canvas.plane.shape().1 as f64;
            let start = (from as f64 - moved).max(0.0) as u64;
            if start != look.start {
                actions.push(changed(drawn, ImageLook { start, ..look.clone() }));
            }
        }
    }
}

/// The wheel and pinching change the size; a touch pad with two fingers moves the image.
fn wheel(
    ui: &Ui,
    drawn: &Drawn<'_>,
    look: &ImageLook,
    canvas: &Canvas<'_>,
    at: Pos2,
    actions: &mut Vec<Action>,
) {
    let (mut factor, mut pan) = (1.0_f64, egui::Vec2::ZERO);
    ui.input(|input| {
        for event in &input.events {
            match event {
                Event::MouseWheel { unit: MouseWheelUnit::Point, delta, modifiers, .. }
                    if !modifiers.command && !modifiers.shift =>
                {
                    pan += *delta;
                }
                Event::MouseWheel { unit, delta, modifiers, .. } if !modifiers.command => {
                    let step = if *unit == MouseWheelUnit::Point { PAD_STEP } else { 1.0 };
                    factor *= WHEEL.powf(f64::from((delta.y / step).clamp(-8.0, 8.0)));
                }
                Event::Zoom(by) => factor *= f64::from(*by),
                _ => {}
            }
        }
    });
    let (x, y) = canvas.pixels(at);
    if factor != 1.0 {
        let view = canvas.placing.zoomed(factor, x, y);
        actions.push(changed(drawn, ImageLook { view, ..look.clone() }));
    } else if pan != egui::Vec2::ZERO {
        let by = pan * canvas.points;
        let view = canvas.placing.panned(f64::from(by.x), f64::from(by.y));
        actions.push(changed(drawn, ImageLook { view, ..look.clone() }));
    }
}

/// What the keys do while the image has them.
pub(super) fn keys(
    ui: &Ui,
    drawn: &Drawn<'_>,
    look: &ImageLook,
    canvas: &Canvas<'_>,
    held: &mut ImageInput,
    response: &Response,
    actions: &mut Vec<Action>,
) {
    if !response.has_focus() {
        return play(ui, drawn, look, held, actions);
    }
    let filter = EventFilter { tab: false, horizontal_arrows: true, vertical_arrows: true, escape: false };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let mut now = look.clone();
    let mut selected = None;
    ui.input_mut(|input| {
        let mut rest = Vec::new();
        for event in std::mem::take(&mut input.events) {
            let Event::Key { key, pressed: true, modifiers, .. } = event else {
                rest.push(event);
                continue;
            };
            let is_taken = move_cursor(&mut now, canvas, key, modifiers, &mut selected)
                || change_look(&mut now, drawn, canvas, held, key, modifiers);
            if !is_taken {
                rest.push(event);
            }
        }
        input.events = rest;
    });
    if now != *look {
        actions.push(changed(drawn, now));
    }
    if let Some((from, to)) = selected {
        actions.push(drawn.action(PictureWhat::Select { from, to }));
    }
    play(ui, drawn, look, held, actions);
}

/// The next index of the other axis, when the image of this one is there.
fn play(ui: &Ui, drawn: &Drawn<'_>, look: &ImageLook, held: &mut ImageInput, actions: &mut Vec<Action>) {
    if !held.is_playing {
        return;
    }
    ui.ctx().request_repaint();
    let Some(state) = drawn.state else { return };
    let Some(subject) = state.subject() else { return };
    let is_shown = look.plane(&subject.array).is_ok_and(|plane| {
        state
            .answer()
            .and_then(|answer| answer.image())
            .is_some_and(|image| image.is_whole && image.question.plane == plane)
    });
    match look.stepped(&subject.array, 1) {
        Some(next) if is_shown => actions.push(changed(drawn, next)),
        Some(_) => {}
        None => held.is_playing = false,
    }
}

type Selected = Option<((u64, u64), (u64, u64))>;

/// Arrows, Home, End and Enter. Whether it was one of them.
fn move_cursor(
    look: &mut ImageLook,
    canvas: &Canvas<'_>,
    key: Key,
    modifiers: Modifiers,
    selected: &mut Selected,
) -> bool {
    if modifiers.alt {
        return false;
    }
    let (rows, columns) = canvas.plane.shape();
    let visible = canvas.placing.visible();
    let middle = |range: &Range<u64>| range.start + (range.end - range.start) / 2;
    let at = look.cursor.unwrap_or_else(|| (middle(&visible.0), middle(&visible.1)));
    let step = if modifiers.command { FAR } else { 1 };
    let (x, y) = (if look.flips.0 { -step } else { step }, if look.flips.1 { -step } else { step });
    let moved = |at: u64, by: i64, side: u64| at.saturating_add_signed(by).min(side.saturating_sub(1));
    let to = match key {
        Key::ArrowLeft => (at.0, moved(at.1, -x, columns)),
        Key::ArrowRight => (at.0, moved(at.1, x, columns)),
        Key::ArrowUp => (moved(at.0, -y, rows), at.1),
        Key::ArrowDown => (moved(at.0, y, rows), at.1),
        Key::Home => (at.0, 0),
        Key::End => (at.0, columns.saturating_sub(1)),
        Key::Enter => {
            *selected = Some((at, at));
            return true;
        }
        _ => return false,
    };
    if modifiers.shift {
        let from = look.anchor.unwrap_or(at);
        look.anchor = Some(from);
        *selected = Some((from, to));
    } else {
        look.anchor = None;
    }
    look.cursor = Some(to);
    if look.view != ImageView::Fit {
        look.view = canvas.placing.revealing(to.0, to.1);
    }
    true
}

/// The size, the other axis, the width, and how the image lies. Whether it was a key for that.
fn change_look(
    look: &mut ImageLook,
    drawn: &Drawn<'_>,
    canvas: &Canvas<'_>,
    held: &mut ImageInput,
    key: Key,
    modifiers: Modifiers,
) -> bool {
    if modifiers.alt || modifiers.command {
        return false;
    }
    let subject = drawn.state.and_then(|state| state.subject());
    let array = subject.map(|subject| &subject.array);
    let (rows, columns) = canvas.plane.shape();
    let (row, column) = look.cursor.unwrap_or((rows / 2, columns / 2));
    let (x, y) = canvas.placing.on_screen(row as f64 + 0.5, column as f64 + 0.5);
    let is_wrapped = is_wrapped(drawn);
    let width = if look.is_transposed { rows } else { columns };
    match key {
        Key::Plus | Key::Equals => look.view = canvas.placing.zoomed(2.0, x, y),
        Key::Minus => look.view = canvas.placing.zoomed(0.5, x, y),
        Key::Num0 => look.view = ImageView::Fit,
        Key::Num1 => look.view = canvas.placing.sized(1.0),
        Key::PageDown | Key::PageUp => {
            let by = if key == Key::PageDown { 1 } else { -1 };
            match array.and_then(|array| look.stepped(array, by)) {
                Some(next) => *look = next,
                None => return false,
            }
        }
        Key::Space => {
            let can_play = array.is_some_and(|array| look.stepped(array, 1).is_some());
            held.is_playing = can_play && !held.is_playing;
        }
        Key::OpenBracket if is_wrapped => look.width = Some(width.saturating_sub(1).max(1)),
        Key::CloseBracket if is_wrapped => look.width = Some(width.saturating_add(1)),
        Key::Comma if is_wrapped => look.start = look.start.saturating_sub(1),
        Key::Period if is_wrapped => look.start = look.start.saturating_add(1),
        Key::T => look.is_transposed = !look.is_transposed,
        Key::H => look.flips.0 = !look.flips.0,
        Key::V => look.flips.1 = !look.flips.1,
        Key::S => look.is_stretched = !look.is_stretched,
        Key::L => look.colors.is_log = !look.colors.is_log,
        _ => return false,
    }
    true
}
