//! Rows of a run of bytes in a pane: how many bytes a row has, and which rows are on the screen.
//!
//! Panes of bytes and panes of plain values scroll alike, each with its own cells, so that linked ones can follow each
//! other by the byte at the upper edge.

use super::row_map::RowMap;
use super::viewport::{RowsArea, Viewport};
use std::ops::{Deref, DerefMut};

/// Before the window has told its size: a screen of a common size, so that a first jump lands well.
const FIRST_ROOM: RowsArea = RowsArea { rows: 1, row_height: 20.0, height: 600.0 };

/// Cells a row before the window has told its width, where as many as fit are wanted.
const FIRST_COLUMNS: u32 = 16;

/// How many cells a row has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Columns {
    Fixed(u32),
    /// As many whole groups as the width has room for.
    Fit,
}

/// How the cells of rows are shown.
pub trait RowFormat {
    /// The nearest format inside the limits.
    #[must_use]
    fn normalized(self) -> Self;

    /// How many cells a row is to have.
    fn wanted_columns(&self) -> Columns;

    /// The rows of `columns` cells.
    fn shape(&self, columns: u32) -> RowShape;
}

/// Rows with the format of their cells.
#[derive(Clone, Debug)]
pub struct FormattedRows<F> {
    pub format: F,
    rows: ByteRows,
}

impl<F> Deref for FormattedRows<F> {
    type Target = ByteRows;

    fn deref(&self) -> &ByteRows {
        &self.rows
    }
}

impl<F> DerefMut for FormattedRows<F> {
    fn deref_mut(&mut self) -> &mut ByteRows {
        &mut self.rows
    }
}

impl<F: RowFormat> FormattedRows<F> {
    /// Rows in this format, at the first byte.
    pub fn new(format: F) -> Self {
        let format = format.normalized();
        let rows = ByteRows::new(shape(&format, FIRST_COLUMNS));
        Self { format, rows }
    }

    /// Another format. The byte at the top stays there.
    pub fn reformat(&mut self, format: F, len: u64) {
        self.format = format.normalized();
        self.rows.reshape(shape(&self.format, self.rows.columns()), len);
    }
}

/// The rows of a format in which `fitting` cells fit.
fn shape(format: &impl RowFormat, fitting: u32) -> RowShape {
    match format.wanted_columns() {
        Columns::Fixed(cells) => format.shape(cells),
        Columns::Fit => format.shape(fitting),
    }
}

/// How the document's bytes fall into rows, all of one length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowShape {
    /// Offset of the first byte of row 0.
    pub origin: u64,
    /// Bytes a cell.
    pub cell_bytes: u32,
    /// Cells a group; 0 for no groups.
    pub group: u32,
    /// Cells a row.
    pub columns: u32,
}

/// The rows of a pane, and the position among them.
#[derive(Clone, Debug)]
pub struct ByteRows {
    pub viewport: Viewport,
    shape: RowShape,
    room: RowsArea,
    /// The byte that is to be at the upper edge once the window has told its room.
    wanted_top: Option<u64>,
}

impl ByteRows {
    /// Rows of this shape, at the first byte.
    pub fn new(shape: RowShape) -> Self {
        Self { viewport: Viewport::default(), shape, room: FIRST_ROOM, wanted_top: None }
    }

    /// Cells a row as shown, 'fit the window' resolved.
    pub fn columns(&self) -> u32 {
        self.shape.columns
    }

    /// How the document's bytes fall into rows here.
    pub fn map(&self, len: u64) -> RowMap {
        let RowShape { origin, cell_bytes, group, columns } = self.shape;
        RowMap::new(len, origin, cell_bytes, columns, group)
    }

    /// The room on the screen, with the rows of a document of `len` bytes.
    pub fn room(&self, len: u64) -> RowsArea {
        RowsArea { rows: self.map(len).rows(), ..self.room }
    }

    /// The window has given the pane this room. The byte at the top stays there.
    pub fn measure(&mut self, room: RowsArea, columns: u32, len: u64) {
        let wanted = self.wanted_top.take();
        let top = wanted.unwrap_or_else(|| self.top_byte(len));
        let moved = columns != self.shape.columns || wanted.is_some();
        self.shape.columns = columns;
        self.room = room;
        if moved {
            self.show_at_top(top, len);
        }
        self.viewport = self.viewport.clamped(&self.room(len));
    }

    /// Rows of another shape. The byte at the top stays there.
    pub fn reshape(&mut self, shape: RowShape, len: u64) {
        let top = self.top_byte(len);
        self.shape = shape;
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
