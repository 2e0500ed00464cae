//! A pane of rows: the document's bytes, or plain values of one type, with their own position and geometry.

use crate::decode::DType;
use crate::session::view::{CellKind, Columns, RowMap, RowsArea, ViewFormat, Viewport};

/// Format, position and room of a pane.
#[derive(Clone, Debug)]
pub struct View {
    pub format: ViewFormat,
    pub viewport: Viewport,
    room: RowsArea,
    columns: u32,
    /// The byte that is to be at the upper edge once the window has told its room.
    wanted_top: Option<u64>,
}

/// Before the window has told its size: a screen of a common size, so that a first jump lands well.
const FIRST_ROOM: RowsArea = RowsArea { rows: 1, row_height: 20.0, height: 600.0 };

impl View {
    /// A view in this format, at the first byte.
    pub fn new(format: ViewFormat) -> Self {
        let format = format.normalized();
        let columns = match format.columns {
            Columns::Fixed(cells) => cells,
            Columns::Fit => 16,
        };
        Self { format, viewport: Viewport::default(), room: FIRST_ROOM, columns, wanted_top: None }
    }

    /// Cells a row as shown, 'fit the window' resolved.
    pub fn columns(&self) -> u32 {
        self.columns
    }

    /// How the document's bytes fall into rows here.
    pub fn map(&self, len: u64) -> RowMap {
        RowMap::new(len, self.format.origin, self.format.kind.cell_bytes(), self.columns, self.format.group)
    }

    /// The room on the screen, with the rows of a document of `len` bytes.
    pub fn room(&self, len: u64) -> RowsArea {
        RowsArea { rows: self.map(len).rows(), ..self.room }
    }

    /// The type of a cell; `None` in a pane of bytes.
    pub fn dtype(&self) -> Option<DType> {
        match self.format.kind {
            CellKind::Values(dtype) => Some(dtype),
            CellKind::Bytes(_) => None,
        }
    }

    /// The window has given the pane this room. The byte at the top stays there.
    pub fn measure(&mut self, room: RowsArea, columns: u32, len: u64) {
        let columns = columns.clamp(1, self.format.max_columns());
        let wanted = self.wanted_top.take();
        let top = wanted.unwrap_or_else(|| self.top_byte(len));
        let moved = columns != self.columns || wanted.is_some();
        self.columns = columns;
        self.room = room;
        if moved {
            self.show_at_top(top, len);
        }
        self.viewport = self.viewport.clamped(&self.room(len));
    }

    /// Another format. The byte at the top stays there.
    pub fn reformat(&mut self, format: ViewFormat, len: u64) {
        let top = self.top_byte(len);
        self.format = format.normalized();
        if let Columns::Fixed(cells) = self.format.columns {
            self.columns = cells;
        }
        self.columns = self.columns.clamp(1, self.format.max_columns());
        self.show_at_top(top, len);
    }

    /// The byte at the upper edge, as far into its row as the edge is.
    pub fn top_byte(&self, len: u64) -> u64 {
        let map = self.map(len);
        let into = f64::from(self.viewport.sub / self.room.row_height) * map.row_bytes() as f64;
        map.row_start(self.viewport.top).saturating_add(into as u64).min(len)
    }

    /// Scrolls so that `byte` is at the upper edge, also of a room that is told later.
    pub fn restore_top(&mut self, byte: u64, len: u64) {
        self.show_at_top(byte, len);
        self.wanted_top = Some(byte);
    }

    /// Whether a position of last time waits for the window's room.
    pub fn waits_for_room(&self) -> bool {
        self.wanted_top.is_some()
    }

    /// Scrolls so that `byte` is at the upper edge.
    pub fn show_at_top(&mut self, byte: u64, len: u64) {
        self.wanted_top = None;
        let map = self.map(len);
        let row = map.row_of(byte);
        let into = byte.saturating_sub(map.row_start(row)) as f64 / map.row_bytes() as f64;
        let sub = (into * f64::from(self.room.row_height)) as f32;
        self.viewport = Viewport { top: row, sub, ..self.viewport }.clamped(&self.room(len));
    }

    /// Whether the row of `byte` is wholly on the screen.
    pub fn shows(&self, byte: u64, len: u64) -> bool {
        let room = self.room(len);
        let row = self.map(len).row_of(byte);
        self.viewport.revealing(row, 0, &room) == self.viewport.clamped(&room)
    }

    /// Scrolls as little as needed for the row of `byte` to be seen.
    pub fn reveal(&mut self, byte: u64, len: u64) {
        self.wanted_top = None;
        let row = self.map(len).row_of(byte);
        self.viewport = self.viewport.revealing(row, 0, &self.room(len));
    }

    /// Whether the lowest row is in sight.
    pub fn is_at_end(&self, len: u64) -> bool {
        let last = self.room(len).last();
        (self.viewport.top, self.viewport.sub) >= (last.top, last.sub)
    }

    /// Scrolls down as far as it goes.
    pub fn show_end(&mut self, len: u64) {
        self.viewport = Viewport { left: self.viewport.left, ..self.room(len).last() };
    }

    /// Shows `byte` after a jump: where it is seen already nothing moves.
    pub fn jump_to(&mut self, byte: u64, len: u64) {
        self.wanted_top = None;
        let row = self.map(len).row_of(byte);
        self.viewport = self.viewport.jumped_to(row, &self.room(len));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::Radix;

    fn view(columns: u32) -> View {
        View::new(ViewFormat {
            kind: CellKind::Bytes(Radix::Hex),
            columns: Columns::Fixed(columns),
            ..ViewFormat::default()
        })
    }

    #[test]
    fn the_top_byte_stays_when_the_columns_change() {
        for base in [0, 1 << 24, 1 << 40, 1 << 59] {
            let len = base + 100_000;
            let mut view = view(16);
            view.show_at_top(base + 1600, len);
            assert_eq!(view.top_byte(len), base + 1600);
            view.reformat(ViewFormat { columns: Columns::Fixed(32), ..view.format.clone() }, len);
            assert_eq!(view.top_byte(len), base + 1600);
        }
    }

    #[test]
    fn two_views_follow_each_other_through_the_top_byte() {
        let len = (1 << 50) + 7;
        let (mut a, mut b) = (view(16), view(48));
        a.viewport = a.viewport.scrolled(123_456_789_012.0, &a.room(len));
        b.show_at_top(a.top_byte(len), len);
        let map = b.map(len);
        assert_eq!(map.row_of(a.top_byte(len)), b.viewport.top);
    }
}
