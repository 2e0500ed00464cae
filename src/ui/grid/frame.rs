//! The positions of the parts of a grid in the window, in points on whole physical pixels: the same for bytes and for
//! tables.
//!
//! All of it is computed anew each frame from the available space, the rows and columns, and the scroll position.

use super::glyph_table::GlyphTable;
use crate::session::view::{RowsArea, Viewport};
use crate::ui::theme;
use egui::{Pos2, Rect, Vec2, pos2};
use std::ops::Range;

/// The room for a grid, before the width of its labels and columns is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct GridRoom {
    outer: Rect,
    /// Right edge of the rows and upper edge of the first one.
    right: f32,
    top: f32,
    bar: f32,
    pub(super) pitch: f32,
    row_height: f32,
    line_dy: f32,
    pixels: f32,
}

/// The places of one frame.
#[derive(Clone, Debug)]
pub(super) struct GridFrame {
    /// All of it.
    pub(super) outer: Rect,
    /// Above labels and body.
    pub(super) header: Rect,
    /// Left of the body; what is in it does not move sideways.
    pub(super) labels: Rect,
    pub(super) body: Rect,
    /// Labels and body.
    pub(super) area: Rect,
    /// The bar at the right, as high as header and body.
    pub(super) side: Rect,
    /// The bar at the foot, when a row is wider than the view.
    pub(super) foot: Option<Rect>,
    /// A digit's width.
    pub(super) pitch: f32,
    pub(super) row_height: f32,
    /// From the top of a row to the top of its line of text.
    pub(super) line_dy: f32,
    /// A physical pixel.
    pub(super) pixel: f32,
    /// The rows as they are scrolled, and the columns.
    pub(super) pane: RowsArea,
    pub(super) strip: RowsArea,
    /// The position, down and across, on whole pixels.
    pub(super) down: Viewport,
    pub(super) across: Viewport,
    /// The same with parts of pixels.
    pub(super) exact: (Viewport, Viewport),
}

impl GridRoom {
    pub(super) fn new(outer: Rect, glyphs: &GlyphTable, pixels: f32) -> Self {
        let snap = |at: f32| (at * pixels).round() / pixels;
        let outer = Rect::from_min_max(
            pos2(snap(outer.left()), snap(outer.top())),
            pos2(snap(outer.right()), snap(outer.bottom())),
        );
        let row_height = glyphs.line_height() + 2.0 * snap(1.0).max(1.0 / pixels);
        let bar = snap(theme::SCROLL_BAR_WIDTH).min(outer.width());
        Self {
            outer,
            right: outer.right() - bar,
            top: (outer.top() + row_height + snap(theme::UNIT)).min(outer.bottom()),
            bar,
            pitch: glyphs.pitch(),
            row_height,
            line_dy: snap((row_height - glyphs.line_height()) / 2.0),
            pixels,
        }
    }

    /// Points from the left edge to the scroll bar.
    pub(super) fn width(&self) -> f32 {
        self.right - self.outer.left()
    }

    fn snap(&self, at: f32) -> f32 {
        (at * self.pixels).round() / self.pixels
    }

    /// The places when the labels are so many points wide and there are so many rows. `strip` makes the columns as they
    /// are scrolled out of the width of the body; `at` is the position, down and across.
    pub(super) fn frame(
        self,
        labels: f32,
        rows: u64,
        strip: impl FnOnce(f32) -> RowsArea,
        at: (Viewport, Viewport),
    ) -> GridFrame {
        let (outer, right, top) = (self.outer, self.right, self.top);
        let left = (outer.left() + self.snap(labels)).min(right);
        let strip = strip(right - left);
        // Less than a pixel is a rounding error of what fits.
        let last = strip.last();
        let scrolls = last.top > 0 || self.snap(last.sub) > 0.0;
        let bottom = (outer.bottom() - if scrolls { self.bar } else { 0.0 }).max(top);
        let body = Rect::from_min_max(pos2(left, top), pos2(right, bottom));
        let pane = RowsArea { rows, row_height: self.row_height, height: body.height() };
        let exact = (at.0.clamped(&pane), at.1.clamped(&strip));
        let (mut down, mut across) = exact;
        down.sub = self.snap(down.sub).min(self.snap(self.row_height - 1.0 / self.pixels));
        across.sub = self.snap(across.sub);
        GridFrame {
            outer,
            header: Rect::from_min_max(outer.min, pos2(right, top)),
            labels: body.with_min_x(outer.left()).with_max_x(left),
            body,
            area: body.with_min_x(outer.left()),
            side: Rect::from_min_max(pos2(right, outer.top()), pos2(outer.right(), bottom)),
            foot: scrolls.then(|| Rect::from_min_max(pos2(outer.left(), bottom), outer.max)),
            pitch: self.pitch,
            row_height: self.row_height,
            line_dy: self.line_dy,
            pixel: 1.0 / self.pixels,
            pane,
            strip,
            down,
            across,
            exact,
        }
    }
}

impl GridFrame {
    /// The rows that are at least partly seen.
    pub(super) fn seen_rows(&self) -> Range<u64> {
        self.down.top..self.down.top.saturating_add(self.down.seen_rows(&self.pane))
    }

    /// Upper edge in the window of a row near the screen.
    pub(super) fn y_of(&self, row: u64) -> f32 {
        self.snap(self.body.top() + self.down.y_of(row, &self.pane))
    }

    /// The row at a height, or the nearest one.
    pub(super) fn row_at(&self, y: f32) -> u64 {
        self.down.row_at(y - self.body.top(), &self.pane)
    }

    /// Upper edge of the text above the columns.
    pub(super) fn head_top(&self) -> f32 {
        let above = (self.header.height() - (self.row_height - 2.0 * self.line_dy)) / 2.0;
        self.snap(self.header.top() + above)
    }

    /// The nearest whole pixel.
    pub(super) fn snap(&self, at: f32) -> f32 {
        (at / self.pixel).round() * self.pixel
    }

    /// So many points, at least one pixel, in whole pixels.
    pub(super) fn thick(&self, points: f32) -> f32 {
        (points / self.pixel).round().max(1.0) * self.pixel
    }

    /// Where a place comes to lie inside `within`, and how far beyond its edge it was.
    pub(super) fn inside(&self, within: Rect, at: Pos2) -> (Pos2, Vec2) {
        (within.shrink(self.pixel).clamp(at), at - within.clamp(at))
    }
}
