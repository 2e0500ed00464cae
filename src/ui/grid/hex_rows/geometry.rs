//! The positions of offsets, bytes and text in the window, and the byte under a point.

use crate::session::view::{Column, Hit, Layout, RowMap, RowsArea, ViewFormat, Viewport};
use crate::ui::grid::frame::{GridFrame, GridRoom};
use egui::{Pos2, Rect, pos2, vec2};
use std::ops::{Deref, Range};

/// The places of one frame.
#[derive(Clone, Debug)]
pub(super) struct Geometry {
    frame: GridFrame,
    pub(super) layout: Layout,
    pub(super) map: RowMap,
}

impl Deref for Geometry {
    type Target = GridFrame;

    fn deref(&self) -> &GridFrame {
        &self.frame
    }
}

impl Geometry {
    pub(super) fn new(room: GridRoom, format: &ViewFormat, len: u64, viewport: &Viewport) -> Self {
        let (pitch, width) = (room.pitch, room.width());
        let layout = Layout::new(format, len, width / pitch);
        let map = layout.row_map(len, format.origin);
        // Sideways a row is a strip of characters, its offset included.
        let strip = |_| RowsArea { rows: layout.width().into(), row_height: pitch, height: width };
        let at = (*viewport, viewport.across(pitch));
        let frame = room.frame(layout.cells_edge() * pitch, map.rows(), strip, at);
        Self { frame, layout, map }
    }

    /// Points that the rows are moved to the left.
    pub(super) fn left_of(&self, across: &Viewport) -> f32 {
        across.left_of(self.pitch)
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
        (self.char_at(self.body.left()), self.char_at(self.body.right()))
    }

    /// Left edge in the window of a place of the layout that moves sideways.
    pub(super) fn x_of(&self, chars: f32) -> f32 {
        self.snap(self.area.left() - self.left_of(&self.across) + chars * self.pitch)
    }

    fn char_at(&self, x: f32) -> f32 {
        (x - self.area.left() + self.left_of(&self.across)) / self.pitch
    }

    /// What is under `at`, or nearest to it. With `column` the hit stays in that column.
    pub(super) fn hit(&self, at: Pos2, column: Option<Column>) -> Hit {
        let x = self.char_at(at.x.clamp(self.body.left(), self.body.right()));
        let (column, byte) = match column {
            Some(column) => (column, self.layout.hit_in(column, x)),
            None => self.layout.hit(x),
        };
        let row = self.map.row_start(self.row_at(at.y));
        Hit { offset: row.saturating_add(byte.into()).min(self.map.len()), column }
    }

    /// The rectangle of the cell at `offset`, or of the empty place after the last one.
    pub(super) fn cell_rect(&self, offset: u64) -> Rect {
        let (row, byte) = self.place_of(offset);
        let left = self.x_of(self.layout.cell_x(byte) as f32);
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
