//! Where the parts of an array's table lie in the window, in points on whole physical pixels.

use crate::session::arrays::columns::{GAP, SeenColumn};
use crate::session::arrays::{ArrayView, Room};
use crate::session::view::{Pane, Viewport};
use crate::ui::grid::glyphs::GlyphTable;
use crate::ui::theme;
use egui::{Pos2, Rect, pos2, vec2};
use std::ops::Range;

/// Characters left and right of the row labels.
pub(super) const EDGE: f32 = 1.5;
/// Row labels are at least so many characters wide, so that small arrays look like large ones.
const LEAST_LABEL: usize = 4;
/// Points around a column's edge by which it can be taken.
const GRIP: f32 = 4.0;

/// What is under a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Under {
    Cell(u64, u64),
    Row(u64),
    Column(u64),
    /// The right edge of a column's head, by which it is made wider.
    Edge(u64),
    Corner,
}

/// The places of one frame.
#[derive(Clone, Debug)]
pub(super) struct Geometry {
    pub(super) outer: Rect,
    /// The cells.
    pub(super) body: Rect,
    pub(super) header: Rect,
    pub(super) labels: Rect,
    pub(super) side: Rect,
    /// The bar at the foot, when the columns are wider than the view.
    pub(super) foot: Option<Rect>,
    pub(super) pitch: f32,
    pub(super) row_height: f32,
    /// From the top of a row to the top of its line of text.
    pub(super) line_dy: f32,
    pub(super) pixel: f32,
    pub(super) rows: Pane,
    pub(super) strip: Pane,
    pub(super) down: Viewport,
    pub(super) columns: Vec<SeenColumn>,
}

impl Geometry {
    pub(super) fn new(outer: Rect, view: &ArrayView, glyphs: &GlyphTable, pixels_per_point: f32) -> Self {
        let pixel = 1.0 / pixels_per_point;
        let snap = |at: f32| (at * pixels_per_point).round() / pixels_per_point;
        let outer = Rect::from_min_max(
            pos2(snap(outer.left()), snap(outer.top())),
            pos2(snap(outer.right()), snap(outer.bottom())),
        );
        let pitch = glyphs.pitch();
        let row_height = glyphs.line_height() + 2.0 * snap(1.0).max(pixel);
        let bar = snap(theme::SCROLL_BAR_WIDTH).min(outer.width());
        let right = outer.right() - bar;
        let top = (outer.top() + row_height + snap(theme::UNIT)).min(outer.bottom());
        let chars = view.table.row_label_width().max(LEAST_LABEL) as f32 + 2.0 * EDGE;
        let left = (outer.left() + snap(chars * pitch)).min(right);
        let count = view.table.columns();
        let strip = view.columns.strip(count, pitch, right - left);
        let scrolls = strip.last() != Viewport::default();
        let bottom = (outer.bottom() - if scrolls { bar } else { 0.0 }).max(top);
        let body = Rect::from_min_max(pos2(left, top), pos2(right, bottom));
        let rows = Pane { rows: view.table.rows(), row_height, height: body.height() };
        let mut down = view.down.clamped(&rows);
        down.sub = snap(down.sub).min(snap(row_height - pixel));
        let mut across = view.across.clamped(&strip);
        across.sub = snap(across.sub);
        let columns = view.columns.seen(&across, count, pitch, body.width());
        Self {
            outer,
            body,
            header: Rect::from_min_max(pos2(left, outer.top()), pos2(right, top)),
            labels: Rect::from_min_max(pos2(outer.left(), top), pos2(left, bottom)),
            side: Rect::from_min_max(pos2(right, outer.top()), pos2(outer.right(), bottom)),
            foot: scrolls.then(|| Rect::from_min_max(pos2(outer.left(), bottom), outer.max)),
            pitch,
            row_height,
            line_dy: snap((row_height - glyphs.line_height()) / 2.0),
            pixel,
            rows,
            strip,
            down,
            columns,
        }
    }

    /// What the session has to know of the room.
    pub(super) fn room(&self) -> Room {
        Room {
            row_height: self.row_height,
            height: self.body.height(),
            width: self.body.width(),
            pitch: self.pitch,
        }
    }

    pub(super) fn seen_rows(&self) -> Range<u64> {
        self.down.top..self.down.top.saturating_add(self.down.seen_rows(&self.rows))
    }

    pub(super) fn seen_columns(&self) -> Range<u64> {
        let first = self.columns.first().map_or(0, |seen| seen.column);
        first..self.columns.last().map_or(0, |seen| seen.column + 1)
    }

    pub(super) fn y_of(&self, row: u64) -> f32 {
        self.body.top() + self.down.y_of(row, &self.rows)
    }

    /// Left and right edge of a column on the screen, without the gap between columns.
    pub(super) fn column_x(&self, column: u64) -> Option<(f32, f32)> {
        let first = self.columns.first()?.column;
        let seen = self.columns.get(usize::try_from(column.checked_sub(first)?).ok()?)?;
        let half = self.half_gap();
        let left = self.body.left() + seen.left;
        Some((left + half, left + seen.width - half))
    }

    /// Half of the gap between two columns.
    pub(super) fn half_gap(&self) -> f32 {
        GAP as f32 * self.pitch / 2.0
    }

    /// The whole place of a cell, its half of the gaps included.
    pub(super) fn cell_rect(&self, row: u64, column: u64) -> Option<Rect> {
        let (left, right) = self.column_x(column)?;
        let (half, top) = (self.half_gap(), self.y_of(row));
        Some(Rect::from_min_max(pos2(left - half, top), pos2(right + half, top + self.row_height)))
    }

    /// The same, or some place beyond the edge that it is scrolled over.
    pub(super) fn cell_or_beyond(&self, row: u64, column: u64) -> Rect {
        const FAR: f32 = 10_000.0;
        let y = self.y_of(row).clamp(self.body.top() - FAR, self.body.bottom() + FAR);
        let cell = self.cell_rect(self.down.top, column).unwrap_or_else(|| {
            let left = self.columns.first().is_none_or(|first| column < first.column);
            let x = if left { self.body.left() - FAR } else { self.body.right() + FAR };
            Rect::from_min_size(pos2(x, y), vec2(LEAST_LABEL as f32 * self.pitch, self.row_height))
        });
        cell.translate(vec2(0.0, y - cell.top()))
    }

    /// The nearest column to `x`.
    fn column_at(&self, x: f32) -> Option<u64> {
        let at = x - self.body.left();
        let seen = self.columns.iter().find(|seen| at < seen.left + seen.width).or(self.columns.last());
        seen.map(|seen| seen.column)
    }

    fn row_at(&self, y: f32) -> u64 {
        self.down.row_at(y - self.body.top(), &self.rows)
    }

    pub(super) fn under(&self, at: Pos2) -> Option<Under> {
        let (over_cells, left_of_cells) = (at.y < self.body.top(), at.x < self.body.left());
        match (over_cells, left_of_cells) {
            (true, true) => Some(Under::Corner),
            (false, true) => Some(Under::Row(self.row_at(at.y))),
            (true, false) => {
                let edge =
                    |seen: &&SeenColumn| (self.body.left() + seen.left + seen.width - at.x).abs() <= GRIP;
                match self.columns.iter().find(edge) {
                    Some(seen) => Some(Under::Edge(seen.column)),
                    None => self.column_at(at.x).map(Under::Column),
                }
            }
            (false, false) => Some(Under::Cell(self.row_at(at.y), self.column_at(at.x)?)),
        }
    }
}
