//! The scroll bars: exact at both ends and at every length, with a fine drag for the places between pixels.
//!
//! A drag of the thumb goes where the pointer points; with Shift or the secondary button the pane scrolls by a
//! thousandth of that. A click in the trough moves by a page, with the middle button straight to that place.

use super::row_source::{RowSource, ShellInput};
use super::{Mark, MarkKind};
use crate::session::view::{RowsArea, Viewport};
use crate::ui::theme::{self, Theme};
use egui::{
    Align2, CornerRadius, Id, LayerId, Order, PointerButton, Pos2, Rect, Response, Sense, Ui, pos2, vec2,
};

/// How much slower a fine drag moves the view.
const FINE: f64 = 1000.0;
/// A thumb is never shorter, in points, so that it can be caught.
const MIN_THUMB: f32 = 28.0;

/// What a bar takes: the mouse alone, as what scrolls has keys of its own.
const SENSE: Sense = Sense::CLICK.union(Sense::DRAG);

/// The hold on a thumb.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::ui) struct BarHold {
    drag: Option<Drag>,
}

#[derive(Clone, Copy, Debug)]
struct Drag {
    fine: bool,
    /// From the thumb's upper edge to the pointer.
    grab: f32,
    /// Where the pointer and the view were when the fine drag began.
    from: (f32, Viewport),
}

/// A bar along rows or, lying, along columns.
pub(in crate::ui) struct ScrollBar<'a> {
    pub(in crate::ui) rect: Rect,
    /// Whether it lies at the foot and moves sideways.
    pub(in crate::ui) lying: bool,
    pub(in crate::ui) pane: &'a RowsArea,
    pub(in crate::ui) view: Viewport,
    pub(in crate::ui) theme: &'a Theme,
}

/// What became of a bar in a frame.
pub(in crate::ui) struct BarMoved {
    /// Where the view is to be.
    pub(in crate::ui) to: Option<Viewport>,
    /// The thumb, when there is anything to scroll.
    thumb: Option<Rect>,
}

impl ScrollBar<'_> {
    /// Where along the bar a place is.
    fn along(&self, at: Pos2) -> f32 {
        if self.lying { at.x - self.rect.left() } else { at.y - self.rect.top() }
    }

    fn length(&self) -> f32 {
        if self.lying { self.rect.width() } else { self.rect.height() }
    }

    fn thumb_length(&self) -> f32 {
        let rows = f64::from(self.pane.height / self.pane.row_height);
        let share = (rows / self.pane.rows.max(1) as f64).min(1.0);
        ((f64::from(self.length()) * share) as f32).max(MIN_THUMB).min(self.length())
    }

    fn travel(&self) -> f64 {
        f64::from(self.length() - self.thumb_length()).max(1.0)
    }

    /// Where along the bar the thumb begins.
    fn thumb_start(&self, view: &Viewport) -> f32 {
        (self.travel() * view.fraction(self.pane)) as f32
    }

    /// The fraction at which the thumb begins at `along`.
    fn fraction_at(&self, along: f32) -> f64 {
        f64::from(along) / self.travel()
    }

    /// Draws the thumb and answers where it was moved to. What lies behind it is drawn by the caller before.
    pub(in crate::ui) fn show(&self, ui: &Ui, id: Id, hold: &mut BarHold) -> BarMoved {
        let response = ui.interact(self.rect, id, SENSE);
        let to = self.moved_to(ui, &response, hold);
        if self.pane.last() == Viewport::default() {
            return BarMoved { to, thumb: None };
        }
        // The thumb where it is after this frame's drag, so that it sticks to the pointer.
        let start = self.thumb_start(&to.unwrap_or(self.view));
        let length = self.thumb_length();
        let thumb = if self.lying {
            Rect::from_min_size(
                pos2(self.rect.left() + start, self.rect.top()),
                vec2(length, self.rect.height()),
            )
        } else {
            Rect::from_min_size(
                pos2(self.rect.left(), self.rect.top() + start),
                vec2(self.rect.width(), length),
            )
        };
        let margin = if self.lying { vec2(1.0, 3.0) } else { vec2(3.0, 1.0) };
        paint_thumb(ui, thumb.shrink2(margin), self.theme, response.hovered() || hold.drag.is_some());
        BarMoved { to: to.filter(|to| *to != self.view), thumb: Some(thumb) }
    }

    fn moved_to(&self, ui: &Ui, response: &Response, hold: &mut BarHold) -> Option<Viewport> {
        let held = response.is_pointer_button_down_on() || response.dragged();
        let at = response.interact_pointer_pos().filter(|_| held || response.clicked());
        let Some(at) = at.map(|at| self.along(at)) else {
            hold.drag = None;
            return None;
        };
        let now = self.view.clamped(self.pane);
        let (start, length) = (self.thumb_start(&now), self.thumb_length());
        let on_thumb = (start..=start + length).contains(&at);
        let (pressed, middle, fine) = ui.input(|state| {
            let buttons = &state.pointer;
            let fine = state.modifiers.shift || buttons.secondary_down();
            (buttons.any_pressed(), buttons.button_down(PointerButton::Middle), fine)
        });
        if middle {
            return Some(now.at_fraction(self.fraction_at(at - length / 2.0), self.pane));
        }
        if pressed && hold.drag.is_none() && !on_thumb && !fine {
            let page = i64::try_from(self.pane.whole_rows()).unwrap_or(i64::MAX);
            return Some(now.scrolled_rows(if at < start { -page } else { page }, self.pane));
        }
        if hold.drag.is_none() && !(pressed && (fine || on_thumb)) {
            return None;
        }
        let mut drag = hold.drag.unwrap_or(Drag { fine, grab: at - start, from: (at, now) });
        if drag.fine != fine {
            // The speed changes where the pointer is; the thumb is caught anew there.
            drag = Drag { fine, grab: at - start, from: (at, now) };
        }
        hold.drag = Some(drag);
        Some(self.dragged_to(at, now, &drag))
    }

    fn dragged_to(&self, at: f32, now: Viewport, drag: &Drag) -> Viewport {
        let (from_at, from) = drag.from;
        if at == from_at {
            // To hold the thumb moves nothing: where it was caught is known more exactly than pixels can tell.
            return from;
        }
        if !drag.fine {
            return now.at_fraction(self.fraction_at(at - drag.grab), self.pane);
        }
        let all_pixels = self.pane.last().top as f64 * f64::from(self.pane.row_height);
        from.scrolled(f64::from(at - from_at) / self.travel() / FINE * all_pixels, self.pane)
    }
}

/// Draws both bars and tells `rows` where they were moved to.
pub(super) fn both(
    ui: &Ui,
    id: Id,
    input: &ShellInput<'_>,
    rows: &mut impl RowSource,
    [side_hold, foot_hold]: [&mut BarHold; 2],
) {
    let (frame, theme) = (rows.frame(), input.theme);
    let (down, across) = frame.exact;
    let rect = frame.side.with_min_y(frame.body.top());
    ui.painter().rect_filled(frame.side, CornerRadius::ZERO, theme.data.grid_bg);
    paint_marks(ui, input, rows, rect);
    let bar = ScrollBar { rect, lying: false, pane: &frame.pane, view: down, theme };
    let side = bar.show(ui, id.with("bar"), side_hold);
    let first = side.to.unwrap_or(frame.down).top;
    side.label(ui, || rows.row_label(first), frame.area, &bar, side_hold);
    let mut foot_to = None;
    if let Some(foot) = frame.foot {
        ui.painter().rect_filled(foot, CornerRadius::ZERO, theme.data.grid_bg);
        let rect = Rect::from_x_y_ranges(frame.body.x_range(), foot.y_range());
        let bar = ScrollBar { rect, lying: true, pane: &frame.strip, view: across, theme };
        foot_to = bar.show(ui, id.with("foot"), foot_hold).to;
    }
    if side.to.is_some() || foot_to.is_some() {
        rows.scroll(side.to.unwrap_or(down), foot_to.unwrap_or(across));
    }
}

fn paint_thumb(ui: &Ui, thumb: Rect, theme: &Theme, lively: bool) {
    let color = if lively { theme.scroll_handle_active } else { theme.scroll_handle };
    ui.painter().rect_filled(thumb, thumb.width().min(thumb.height()) / 2.0, color);
}

fn paint_marks(ui: &Ui, input: &ShellInput<'_>, rows: &impl RowSource, bar: Rect) {
    let count = rows.frame().pane.rows as f64;
    for Mark { span, kind } in input.marks {
        let Some(row) = rows.row_of(*span) else { continue };
        let color = match kind {
            MarkKind::Changed => input.theme.data.changed_mark,
            MarkKind::Found => input.theme.data.found_current_bg,
            MarkKind::Text => input.theme.data.string_mark,
        };
        let y = bar.top() + (f64::from(bar.height() - 2.0) * (row as f64 / count)) as f32;
        let rect = Rect::from_min_size(pos2(bar.right() - 4.0, y), vec2(4.0, 2.0));
        ui.painter().rect_filled(rect, CornerRadius::ZERO, color);
    }
}

/// Beside the thumb what the first row is, while it is dragged.
fn paint_place(ui: &Ui, label: String, rows: Rect, thumb: Rect, theme: &Theme) {
    let painter = ui.ctx().layer_painter(LayerId::new(Order::Tooltip, ui.unique_id().with("place")));
    let galley = painter.layout_no_wrap(label, theme::mono(), theme.text);
    let size = galley.size() + vec2(2.0 * theme::UNIT, theme::UNIT);
    let middle = thumb.center().y.clamp(rows.top() + size.y / 2.0, rows.bottom() - size.y / 2.0);
    let corner: Pos2 = Align2::RIGHT_CENTER.anchor_size(pos2(thumb.left() - theme::UNIT, middle), size).min;
    let rect = Rect::from_min_size(corner, size);
    painter.rect(rect, theme::RADIUS, theme.popup_bg, theme.hairline_stroke(), egui::StrokeKind::Inside);
    painter.galley(corner + vec2(theme::UNIT, theme::UNIT / 2.0), galley, theme.text);
}

impl BarMoved {
    /// Says beside the thumb where it is, while it is dragged.
    pub(in crate::ui) fn label(
        &self,
        ui: &Ui,
        label: impl FnOnce() -> String,
        rows: Rect,
        bar: &ScrollBar<'_>,
        hold: &BarHold,
    ) {
        if let Some(thumb) = self.thumb.filter(|_| hold.drag.is_some()) {
            paint_place(ui, label(), rows, thumb, bar.theme);
        }
    }
}
