//! The scroll bars: exact at both ends and at every length, with a fine drag for the places between pixels.
//!
//! A drag of the thumb goes where the pointer points; with Shift or the secondary button the view moves by a
//! thousandth of that. A click in the trough moves by a page, with the middle button straight to that place.

use super::geometry::Geometry;
use super::{GridEvent, GridInput, Mark, MarkKind};
use crate::session::view::Viewport;
use crate::ui::theme::{self, Theme};
use egui::{
    Align2, CornerRadius, Id, LayerId, Order, PointerButton, Pos2, Rect, Response, Sense, Ui, pos2, vec2,
};

/// How much slower a fine drag moves the view.
const FINE: f64 = 1000.0;
/// A thumb is never shorter, in points, so that it can be caught.
const MIN_THUMB: f32 = 28.0;

/// The hold on a thumb.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct BarHold {
    drag: Option<Drag>,
    side_grab: Option<f32>,
}

#[derive(Clone, Copy, Debug)]
struct Drag {
    fine: bool,
    /// From the thumb's upper edge to the pointer.
    grab: f32,
    /// Where the pointer and the view were when the fine drag began.
    from: (f32, Viewport),
}

/// The thumb's travel in a bar.
struct Track {
    bar: Rect,
    thumb: Rect,
}

impl Track {
    fn new(bar: Rect, geometry: &Geometry) -> Self {
        let pane = &geometry.pane;
        let page = f64::from(pane.height / pane.row_height);
        let share = (page / (pane.rows as f64).max(page)) as f32;
        let length = (bar.height() * share).max(MIN_THUMB).min(bar.height());
        let top = bar.top() + (bar.height() - length) * geometry.view.fraction(pane) as f32;
        Self { bar, thumb: Rect::from_min_size(pos2(bar.left(), top), vec2(bar.width(), length)) }
    }

    fn travel(&self) -> f64 {
        f64::from(self.bar.height() - self.thumb.height()).max(1.0)
    }

    /// The fraction at which the thumb's upper edge is at `y`.
    fn fraction_at(&self, y: f32) -> f64 {
        f64::from(y - self.bar.top()) / self.travel()
    }
}

/// Draws the bar at the right and reports where it was moved to.
pub(super) fn vertical(
    ui: &Ui,
    id: Id,
    input: &GridInput<'_>,
    geometry: &Geometry,
    hold: &mut BarHold,
    events: &mut Vec<GridEvent>,
) {
    let bar = Rect::from_min_max(pos2(geometry.bar.left(), geometry.header.bottom()), geometry.bar.max);
    let response = ui.interact(bar, id.with("bar"), Sense::click_and_drag());
    let track = Track::new(bar, geometry);
    let moved = moved_to(ui, input.viewport, geometry, &track, &response, hold);
    let view = moved.unwrap_or(geometry.view);
    if let Some(view) = moved.filter(|view| view != input.viewport) {
        events.push(GridEvent::Scroll(view));
    }
    let painter = ui.painter();
    painter.rect_filled(geometry.bar, CornerRadius::ZERO, input.theme.data.grid_bg);
    paint_marks(ui, input, geometry, bar);
    if geometry.pane.last() == Viewport::default() {
        return;
    }
    // The thumb where it is after this frame's drag, so that it sticks to the pointer.
    let top = bar.top() + (track.travel() * view.fraction(&geometry.pane)) as f32;
    let thumb = Rect::from_min_size(pos2(bar.left(), top), track.thumb.size());
    paint_thumb(ui, thumb.shrink2(vec2(3.0, 1.0)), input.theme, response.hovered() || hold.drag.is_some());
    if hold.drag.is_some() {
        paint_place(ui, input, geometry, view, thumb);
    }
}

fn moved_to(
    ui: &Ui,
    now: &Viewport,
    geometry: &Geometry,
    track: &Track,
    response: &Response,
    hold: &mut BarHold,
) -> Option<Viewport> {
    let held = response.is_pointer_button_down_on() || response.dragged();
    let at = response.interact_pointer_pos().filter(|_| held || response.clicked());
    let Some(at) = at else {
        hold.drag = None;
        return None;
    };
    let now = now.clamped(&geometry.pane);
    let (pressed, middle, fine) = ui.input(|state| {
        let buttons = &state.pointer;
        let fine = state.modifiers.shift || buttons.secondary_down();
        (buttons.any_pressed(), buttons.button_down(PointerButton::Middle), fine)
    });
    if middle {
        return Some(now.at_fraction(track.fraction_at(at.y - track.thumb.height() / 2.0), &geometry.pane));
    }
    if pressed && hold.drag.is_none() && !track.thumb.contains(at) && !fine {
        let page = i64::try_from(geometry.pane.whole_rows()).unwrap_or(i64::MAX);
        return Some(now.scrolled_rows(if at.y < track.thumb.top() { -page } else { page }, &geometry.pane));
    }
    if hold.drag.is_none() && !(pressed && (fine || track.thumb.contains(at))) {
        return None;
    }
    let mut drag = hold.drag.unwrap_or(Drag { fine, grab: at.y - track.thumb.top(), from: (at.y, now) });
    if drag.fine != fine {
        // The speed changes where the pointer is; the thumb is caught anew there.
        drag = Drag { fine, grab: at.y - track.thumb.top(), from: (at.y, now) };
    }
    hold.drag = Some(drag);
    Some(dragged_to(at.y, now, &drag, geometry, track))
}

fn dragged_to(y: f32, now: Viewport, drag: &Drag, geometry: &Geometry, track: &Track) -> Viewport {
    let (from_y, from) = drag.from;
    if y == from_y {
        // To hold the thumb moves nothing: where it was caught is known more exactly than pixels can tell.
        return from;
    }
    if !drag.fine {
        return now.at_fraction(track.fraction_at(y - drag.grab), &geometry.pane);
    }
    let all_pixels = geometry.pane.last().top as f64 * f64::from(geometry.row_height);
    from.scrolled(f64::from(y - from_y) / track.travel() / FINE * all_pixels, &geometry.pane)
}

/// The bar at the foot, when a row is wider than the view.
pub(super) fn horizontal(
    ui: &Ui,
    id: Id,
    input: &GridInput<'_>,
    geometry: &Geometry,
    hold: &mut BarHold,
    events: &mut Vec<GridEvent>,
) {
    let Some(foot) = geometry.foot else { return };
    let bar = foot.with_min_x(geometry.body_left);
    let response = ui.interact(bar, id.with("foot"), Sense::click_and_drag());
    let body = geometry.rows.right() - geometry.body_left;
    let length = (bar.width() * body / (body + geometry.most_left())).max(MIN_THUMB).min(bar.width());
    let travel = (bar.width() - length).max(1.0);
    let mut left = geometry.view.left;
    match response.interact_pointer_pos().filter(|_| response.is_pointer_button_down_on()) {
        Some(at) => {
            let thumb_left = bar.left() + travel * left / geometry.most_left();
            let on_thumb = (thumb_left..=thumb_left + length).contains(&at.x);
            let grab = *hold.side_grab.get_or_insert(if on_thumb { at.x - thumb_left } else { length / 2.0 });
            left = ((at.x - grab - bar.left()) / travel).clamp(0.0, 1.0) * geometry.most_left();
        }
        None => hold.side_grab = None,
    }
    if left != geometry.view.left {
        events.push(GridEvent::Scroll(Viewport { left, ..input.viewport.clamped(&geometry.pane) }));
    }
    ui.painter().rect_filled(foot, CornerRadius::ZERO, input.theme.data.grid_bg);
    let thumb_left = bar.left() + travel * left / geometry.most_left();
    let thumb = Rect::from_min_size(pos2(thumb_left, bar.top()), vec2(length, bar.height()));
    paint_thumb(
        ui,
        thumb.shrink2(vec2(1.0, 3.0)),
        input.theme,
        response.hovered() || hold.side_grab.is_some(),
    );
}

fn paint_thumb(ui: &Ui, thumb: Rect, theme: &Theme, lively: bool) {
    let color = if lively { theme.scroll_handle_active } else { theme.scroll_handle };
    ui.painter().rect_filled(thumb, thumb.width().min(thumb.height()) / 2.0, color);
}

fn paint_marks(ui: &Ui, input: &GridInput<'_>, geometry: &Geometry, bar: Rect) {
    let rows = geometry.pane.rows as f64;
    for Mark { offset, kind } in input.marks {
        let color = match kind {
            MarkKind::Changed => input.theme.data.changed_mark,
            MarkKind::Found => input.theme.data.found_current_bg,
            MarkKind::Bookmark => input.theme.accent,
        };
        let fraction = geometry.map.row_of(*offset) as f64 / rows;
        let y = bar.top() + (f64::from(bar.height() - 2.0) * fraction) as f32;
        let rect = Rect::from_min_size(pos2(bar.right() - 4.0, y), vec2(4.0, 2.0));
        ui.painter().rect_filled(rect, CornerRadius::ZERO, color);
    }
}

/// Beside the thumb the offset of the first row, while it is dragged.
fn paint_place(ui: &Ui, input: &GridInput<'_>, geometry: &Geometry, view: Viewport, thumb: Rect) {
    let mut label = String::new();
    geometry.layout.write_offset(geometry.map.row_start(view.top), &mut label);
    let painter = ui.ctx().layer_painter(LayerId::new(Order::Tooltip, ui.unique_id().with("place")));
    let galley = painter.layout_no_wrap(label, theme::mono(), input.theme.text);
    let size = galley.size() + vec2(2.0 * theme::UNIT, theme::UNIT);
    let middle =
        thumb.center().y.clamp(geometry.rows.top() + size.y / 2.0, geometry.rows.bottom() - size.y / 2.0);
    let corner: Pos2 = Align2::RIGHT_CENTER.anchor_size(pos2(thumb.left() - theme::UNIT, middle), size).min;
    let rect = Rect::from_min_size(corner, size);
    painter.rect(
        rect,
        theme::RADIUS,
        input.theme.popup_bg,
        input.theme.hairline_stroke(),
        egui::StrokeKind::Inside,
    );
    painter.galley(corner + vec2(theme::UNIT, theme::UNIT / 2.0), galley, input.theme.text);
}
