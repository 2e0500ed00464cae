//! The rows of a list of any length: only those in sight are drawn, and each of them can be scrolled to.
//!
//! The toolkit's own areas count points as f32, in which the rows above half a million run into each other.

use super::grid::scrollbar::{BarHold, ScrollBar};
use super::theme::{self, Theme};
use crate::session::describe;
use crate::session::view::{RowsArea, Viewport};
use egui::{Align, Id, Layout, Rect, Response, Sense, Ui, UiBuilder, pos2, vec2};
use std::ops::RangeInclusive;

/// Points that a row is high.
pub const ROW_HEIGHT: f32 = 22.0;

/// A list that scrolls.
#[derive(Clone, Debug)]
pub struct LongList {
    pub id: Id,
    pub count: u64,
    pub chosen: Option<RangeInclusive<u64>>,
}

/// A row that was clicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClickedRow {
    pub row: u64,
    /// With Shift: the rows up to it are meant too.
    pub extends: bool,
    /// For the second time at once.
    pub twice: bool,
}

/// Where a list stands, from frame to frame.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    view: Viewport,
    hold: BarHold,
}

impl LongList {
    /// Draws the rows in all the room that is left, and has the row `moved` in sight; answers the row that was clicked.
    pub fn show(
        &self,
        ui: &mut Ui,
        moved: Option<u64>,
        mut draw: impl FnMut(&mut Ui, u64, &Response),
    ) -> Option<ClickedRow> {
        let outer = ui.available_rect_before_wrap();
        ui.advance_cursor_after_rect(outer);
        let body = outer.with_max_x(outer.right() - theme::SCROLL_BAR_WIDTH);
        let pane = RowsArea { rows: self.count, row_height: ROW_HEIGHT, height: body.height().max(0.0) };
        let view = self.scroll(ui, outer, body, &pane, moved);
        let theme = Theme::of(ui.ctx());
        let mut inside = ui.new_child(UiBuilder::new().max_rect(body).id_salt("rows"));
        inside.set_clip_rect(body.intersect(ui.clip_rect()));
        let mut clicked = None;
        for n in (view.top..).take(view.seen_rows(&pane) as usize) {
            let corner = pos2(body.left(), body.top() + view.y_of(n, &pane));
            let rect = Rect::from_min_size(corner, vec2(body.width(), ROW_HEIGHT));
            // The keys go to the list, not to its rows.
            let response = inside.interact(rect, self.id.with(("line", n)), Sense::CLICK);
            let is_chosen = self.chosen.as_ref().is_some_and(|chosen| chosen.contains(&n));
            let fill = match (is_chosen, response.hovered()) {
                (true, _) => Some(theme.accent_bg),
                (false, true) => Some(theme.hover_bg),
                (false, false) => None,
            };
            if let Some(fill) = fill {
                inside.painter().rect_filled(rect, f32::from(theme::RADIUS), fill);
            }
            draw(&mut inside.new_child(UiBuilder::new().max_rect(rect).id_salt(n)), n, &response);
            if response.clicked() || response.secondary_clicked() && !is_chosen {
                let extends = ui.input(|input| input.modifiers.shift) && response.clicked();
                clicked = Some(ClickedRow { row: n, extends, twice: response.double_clicked() });
            }
        }
        clicked
    }

    /// Where the list stands after this frame's keys, wheel and drag.
    fn scroll(&self, ui: &Ui, outer: Rect, body: Rect, pane: &RowsArea, moved: Option<u64>) -> Viewport {
        let slot = self.id.with("place");
        let mut place = ui.data(|data| data.get_temp::<Place>(slot)).unwrap_or_default();
        let mut view = place.view.clamped(pane);
        if let Some(n) = moved {
            view = view.revealing(n, 0, pane);
        }
        if ui.rect_contains_pointer(outer) {
            let wheel = ui.input(|input| input.smooth_scroll_delta().y);
            view = view.scrolled(f64::from(-wheel), pane);
        }
        let rect = outer.with_min_x(body.right());
        let bar = ScrollBar { rect, lying: false, pane, view, theme: Theme::of(ui.ctx()) };
        let dragged = bar.show(ui, self.id.with("bar"), &mut place.hold);
        place.view = dragged.to.unwrap_or(view);
        let label = || describe::grouped(place.view.top.saturating_add(1));
        dragged.label(ui, label, body, &bar, &place.hold);
        ui.data_mut(|data| data.insert_temp(slot, place));
        place.view
    }
}

/// A part of a row, `left` points from its left edge and `width` points wide.
pub fn cell(ui: &mut Ui, left: f32, width: f32, content: impl FnOnce(&mut Ui)) {
    let row = ui.max_rect();
    let rect = Rect::from_min_size(row.min + vec2(left, 0.0), vec2(width.max(0.0), row.height()));
    let layout = Layout::left_to_right(Align::Center);
    let mut inside = ui.new_child(UiBuilder::new().max_rect(rect).layout(layout).id_salt(left.to_bits()));
    inside.set_clip_rect(rect.intersect(ui.clip_rect()));
    content(&mut inside);
}
