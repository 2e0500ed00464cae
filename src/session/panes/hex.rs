//! A pane of bytes: the format of the digits, the rows and the position.

use crate::session::view::{FormattedRows, ViewFormat};

/// Format, position and room of a pane of bytes.
pub type View = FormattedRows<ViewFormat>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::view::Columns;

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
