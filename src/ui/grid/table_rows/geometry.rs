//! The positions of the parts of an array's table in the window, in points on whole physical pixels.

use crate::session::arrays::columns::{GAP, SeenColumn, TableColumns};
use crate::session::arrays::table::Table;
use crate::session::arrays::{ArrayView, Room};
use crate::session::view::Viewport;
use crate::ui::grid::frame::{GridFrame, GridRoom};
use egui::{Pos2, Rect, pos2, vec2};
use std::ops::{Deref, Range};

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
    frame: GridFrame,
    pub(super) columns: Vec<SeenColumn>,
    /// The last row with elements.
    last_row: u64,
}

impl Deref for Geometry {
    type Target = GridFrame;

    fn deref(&self) -> &GridFrame {
        &self.frame
    }
}

impl Geometry {
    pub(super) fn new(room: GridRoom, view: &ArrayView) -> Self {
        let chars = view.table.row_label_width().max(LEAST_LABEL);
        Self::of_table(room, &view.table, &view.columns, chars, (view.down, view.across))
    }

    /// The places of a table whose row labels have so many characters, at this position down and across.
    pub(super) fn of_table(
        room: GridRoom,
        table: &Table,
        columns: &TableColumns,
        label: usize,
        at: (Viewport, Viewport),
    ) -> Self {
        let (count, pitch) = (table.columns(), room.pitch);
        let chars = label as f32 + 2.0 * EDGE;
        let strip = |width| columns.strip(count, pitch, width);
        let frame = room.frame(chars * pitch, table.shown_rows(), strip, at);
        let columns = columns.seen(&frame.across, count, pitch, frame.body.width());
        Self { frame, columns, last_row: table.rows().saturating_sub(1) }
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

    /// The columns that are at least partly seen.
    pub(super) fn seen_columns(&self) -> Range<u64> {
        let first = self.columns.first().map_or(0, |seen| seen.column);
        first..self.columns.last().map_or(0, |seen| seen.column + 1)
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
    pub(super) fn column_at(&self, x: f32) -> Option<u64> {
        let at = x - self.body.left();
        let seen = self.columns.iter().find(|seen| at < seen.left + seen.width).or(self.columns.last());
        seen.map(|seen| seen.column)
    }

    pub(super) fn under(&self, at: Pos2) -> Option<Under> {
        let (over_cells, left_of_cells) = (at.y < self.body.top(), at.x < self.body.left());
        match (over_cells, left_of_cells) {
            (true, true) => Some(Under::Corner),
            (false, true) => Some(Under::Row(self.row_at(at.y).min(self.last_row))),
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
