//! Where the parts of a grid lie in the window, in points on whole physical pixels, and what is under a place.
//!
//! Everything here is computed anew each frame from the room, the format and the position.

use super::GridInput;
use super::glyphs::GlyphTable;
use crate::session::view::{Column, Hit, Layout, Pane, RowMap, Viewport};
use crate::ui::theme;
use egui::{Pos2, Rect, pos2, vec2};
use std::ops::Range;

/// The places of one frame.
#[derive(Clone, Debug)]
pub(super) struct Geometry {
    /// Offsets, cells and text of the rows, without header and scroll bars.
    pub(super) rows: Rect,
    pub(super) header: Rect,
    pub(super) bar: Rect,
    /// The bar at the foot, when a row is wider than the view.
    pub(super) foot: Option<Rect>,
    /// Right edge of the offsets, which do not move sideways.
    pub(super) body_left: f32,
    pub(super) pitch: f32,
    pub(super) row_height: f32,
    /// From the top of a row to the top of its line of text.
    pub(super) line_dy: f32,
    /// A physical pixel.
    pub(super) pixel: f32,
    pub(super) layout: Layout,
    pub(super) map: RowMap,
    pub(super) pane: Pane,
    /// The position inside the rows, on whole pixels.
    pub(super) view: Viewport,
}

impl Geometry {
    pub(super) fn new(
        outer: Rect,
        input: &GridInput<'_>,
        glyphs: &GlyphTable,
        pixels_per_point: f32,
    ) -> Self {
        let pixel = 1.0 / pixels_per_point;
        let snap = |at: f32| (at * pixels_per_point).round() / pixels_per_point;
        let outer = Rect::from_min_max(
            pos2(snap(outer.left()), snap(outer.top())),
            pos2(snap(outer.right()), snap(outer.bottom())),
        );
        let row_height = glyphs.line_height() + 2.0 * snap(1.0).max(pixel);
        let line_dy = snap((row_height - glyphs.line_height()) / 2.0);
        let header_height = row_height + snap(theme::UNIT);
        let bar_width = snap(theme::SCROLL_BAR_WIDTH).min(outer.width());
        let right = outer.right() - bar_width;

        let pitch = glyphs.pitch();
        let len = input.source.len();
        let layout = Layout::beside(input.format, len, (right - outer.left()) / pitch, input.beside);
        let map = layout.row_map(len, input.format.origin);
        let most_left = (layout.width() as f32 * pitch - (right - outer.left())).max(0.0);
        let foot_height = if most_left > 0.0 { bar_width } else { 0.0 };

        let top = (outer.top() + header_height).min(outer.bottom());
        let rows =
            Rect::from_min_max(pos2(outer.left(), top), pos2(right, (outer.bottom() - foot_height).max(top)));
        let pane = Pane { rows: map.rows(), row_height, height: rows.height() };
        let mut view = input.viewport.clamped(&pane);
        view.sub = snap(view.sub).min(snap(row_height - pixel));
        view.left = snap(view.left.clamp(0.0, most_left));
        let foot =
            (foot_height > 0.0).then(|| Rect::from_min_max(rows.left_bottom(), pos2(right, outer.bottom())));
        Self {
            rows,
            header: Rect::from_min_max(outer.min, pos2(right, top)),
            bar: Rect::from_min_max(pos2(right, outer.top()), pos2(outer.right(), rows.bottom())),
            foot,
            body_left: (outer.left() + snap(layout.cells_edge() * pitch)).min(right),
            pitch,
            row_height,
            line_dy,
            pixel,
            layout,
            map,
            pane,
            view,
        }
    }

    /// How far the rows can be moved sideways.
    pub(super) fn most_left(&self) -> f32 {
        (self.layout.width() as f32 * self.pitch - self.rows.width()).max(0.0)
    }

    /// The rows that are at least partly seen.
    pub(super) fn seen_rows(&self) -> Range<u64> {
        self.view.top..self.view.top.saturating_add(self.view.seen_rows(&self.pane))
    }

    /// The cells of each row that are at least partly seen.
    pub(super) fn seen_cells(&self) -> Range<u32> {
        let (left, right) = self.seen_chars();
        self.layout.cells_between(left, right)
    }

    /// The bytes of each row's text that are at least partly seen.
    pub(super) fn seen_text(&self) -> Range<u32> {
        let (left, right) = self.seen_chars();
        // One more at the left, whose character may be two cells wide.
        let seen = self.layout.text_between(left, right);
        seen.start.saturating_sub(1)..seen.end
    }

    fn seen_chars(&self) -> (f32, f32) {
        (self.char_at(self.body_left), self.char_at(self.rows.right()))
    }

    /// Left edge in the window of a place of the layout that moves sideways.
    pub(super) fn x_of(&self, chars: f32) -> f32 {
        self.snap(self.rows.left() - self.view.left + chars * self.pitch)
    }

    /// Upper edge in the window of a row near the screen.
    pub(super) fn y_of(&self, row: u64) -> f32 {
        self.snap(self.rows.top() + self.view.y_of(row, &self.pane))
    }

    fn char_at(&self, x: f32) -> f32 {
        (x - self.rows.left() + self.view.left) / self.pitch
    }

    fn snap(&self, at: f32) -> f32 {
        (at / self.pixel).round() * self.pixel
    }

    /// What is under `at`, or nearest to it. With `column` the hit stays in that column.
    pub(super) fn hit(&self, at: Pos2, column: Option<Column>) -> Hit {
        let x = self.char_at(at.x.clamp(self.body_left, self.rows.right().max(self.body_left)));
        let (column, byte) = match column {
            Some(column) => (column, self.layout.hit_in(column, x)),
            None => self.layout.hit(x),
        };
        let row = self.map.row_start(self.view.row_at(at.y - self.rows.top(), &self.pane));
        Hit { offset: row.saturating_add(byte.into()).min(self.map.len()), column }
    }

    /// The rectangle of the cell at `offset`, or of the empty place after the last one.
    pub(super) fn cell_rect(&self, offset: u64) -> Rect {
        let (row, byte) = self.place_of(offset);
        let left = self.x_of(self.layout.cell_x(byte / self.layout.cell_bytes()) as f32);
        let width = self.layout.cell_chars() as f32 * self.pitch;
        Rect::from_min_size(pos2(left, self.y_of(row)), vec2(width, self.row_height))
    }

    /// The rectangle of the character of the byte at `offset`; `None` without a text column.
    pub(super) fn text_rect(&self, offset: u64) -> Option<Rect> {
        let (row, byte) = self.place_of(offset);
        let left = self.x_of(self.layout.text_x(byte)? as f32);
        Some(Rect::from_min_size(pos2(left, self.y_of(row)), vec2(self.pitch, self.row_height)))
    }

    fn place_of(&self, offset: u64) -> (u64, u32) {
        let row = self.map.row_of(offset);
        (row, (offset.saturating_sub(self.map.row_start(row))) as u32)
    }
}
