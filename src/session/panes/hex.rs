//! A pane of bytes: how they are shown, and the rows with their position.

use crate::session::view::{ByteRows, Columns, RowShape, ViewFormat};
use std::ops::{Deref, DerefMut};

/// Cells a row before the window has told its width, where as many as fit are wanted.
const FIRST_COLUMNS: u32 = 16;

/// Format, position and room of a pane of bytes.
#[derive(Clone, Debug)]
pub struct View {
    pub format: ViewFormat,
    rows: ByteRows,
}

impl Deref for View {
    type Target = ByteRows;

    fn deref(&self) -> &ByteRows {
        &self.rows
    }
}

impl DerefMut for View {
    fn deref_mut(&mut self) -> &mut ByteRows {
        &mut self.rows
    }
}

impl View {
    /// A view in this format, at the first byte.
    pub fn new(format: ViewFormat) -> Self {
        let format = format.normalized();
        let rows = ByteRows::new(shape(&format, FIRST_COLUMNS));
        Self { format, rows }
    }

    /// Another format. The byte at the top stays there.
    pub fn reformat(&mut self, format: ViewFormat, len: u64) {
        self.format = format.normalized();
        self.rows.reshape(shape(&self.format, self.rows.columns()), len);
    }
}

/// The rows of a format where `columns` cells fit.
fn shape(format: &ViewFormat, columns: u32) -> RowShape {
    let columns = match format.columns {
        Columns::Fixed(cells) => cells,
        Columns::Fit => columns,
    };
    RowShape { origin: format.origin, cell_bytes: 1, group: format.group, columns }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(columns: u32) -> View {
        View::new(ViewFormat { columns: Columns::Fixed(columns), ..ViewFormat::default() })
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
