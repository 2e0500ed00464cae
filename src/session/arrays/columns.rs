//! How wide the columns of a table are, and which are shown where.
//!
//! Widths are in characters. A column of integers has room for every value of its type from the start; others grow with
//! the values that are seen. None shrinks by itself, so that nothing moves back and forth under the eye, and a width
//! that the user gave stays. Fields of a record can be hidden and moved.

use crate::decode::dtype::Leaf;
use crate::escape::escaped;
use crate::session::describe;
use crate::session::view::{RowsArea, Viewport};
use std::sync::Arc;

/// Characters that a column has at least and at most by itself.
const LEAST: u32 = 4;
const MOST: u32 = 40;
/// Characters that the user can make a column at most.
const WIDEST: u32 = 400;
/// Characters between two columns.
pub const GAP: u32 = 2;

/// The width of one column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Width {
    seen: u32,
    given: Option<u32>,
}

impl Width {
    fn chars(self) -> u32 {
        self.given.unwrap_or(self.seen.clamp(LEAST, MOST))
    }
}

/// The columns of a table.
#[derive(Clone, Debug, Default)]
pub struct TableColumns {
    /// All fields of the record, in its own order; none of what is no record.
    leaves: Vec<Leaf>,
    /// Which of them are shown, in the order of the screen.
    shown: Vec<usize>,
    /// The same as fields, for every table to share.
    list: Arc<[Leaf]>,
    /// One for each leaf; a single one where all columns are alike.
    widths: Vec<Width>,
}

impl TableColumns {
    /// Columns of one width.
    pub fn alike() -> Self {
        Self { widths: vec![Width::default()], ..Self::default() }
    }

    /// Columns of `chars` characters, whatever values are seen.
    pub fn fixed(chars: u32) -> Self {
        Self { widths: vec![Width { seen: chars, given: Some(chars.max(1)) }], ..Self::default() }
    }

    /// A column for each field.
    pub fn of_fields(leaves: Vec<Leaf>) -> Self {
        let widths =
            leaves.iter().map(|leaf| Width { seen: describe::cells(&escaped(&leaf.name)), given: None });
        let (widths, list) = (widths.collect(), leaves.as_slice().into());
        Self { widths, shown: (0..leaves.len()).collect(), leaves, list }
    }

    /// Whether all columns are of one width, and none is a field of a record.
    pub fn are_alike(&self) -> bool {
        self.leaves.is_empty()
    }

    /// The shown fields, in the order of the screen.
    pub fn shown(&self) -> Arc<[Leaf]> {
        self.list.clone()
    }

    /// After a change of what is shown.
    fn list(&mut self) {
        self.list = self.shown.iter().filter_map(|at| self.leaves.get(*at).cloned()).collect();
    }

    /// Every field, in the record's order.
    pub fn all(&self) -> &[Leaf] {
        &self.leaves
    }

    /// Whether the field with this number in the record is shown.
    pub fn is_shown(&self, leaf: usize) -> bool {
        self.shown.contains(&leaf)
    }

    /// Whether all fields are shown in the record's order.
    pub fn are_as_they_lie(&self) -> bool {
        self.shown.iter().copied().eq(0..self.leaves.len())
    }

    /// How many fields are not shown.
    pub fn hidden(&self) -> usize {
        self.leaves.len() - self.shown.len()
    }

    /// Shows or hides the field with this number in the record; one always stays.
    pub fn toggle(&mut self, leaf: usize) {
        if let Some(at) = self.shown.iter().position(|shown| *shown == leaf) {
            if self.shown.len() > 1 {
                self.shown.remove(at);
            }
        } else if leaf < self.leaves.len() {
            let at = self.shown.iter().position(|shown| *shown > leaf).unwrap_or(self.shown.len());
            self.shown.insert(at, leaf);
        }
        self.list();
    }

    /// Hides the column that is shown at this place.
    pub fn hide(&mut self, column: usize) {
        if self.shown.len() > 1 && column < self.shown.len() {
            self.shown.remove(column);
            self.list();
        }
    }

    /// All fields in the record's order.
    pub fn show_all(&mut self) {
        self.shown = (0..self.leaves.len()).collect();
        self.list();
    }

    /// Puts the column at `from` where `to` is.
    pub fn move_to(&mut self, from: usize, to: usize) {
        if from < self.shown.len() && to < self.shown.len() {
            let leaf = self.shown.remove(from);
            self.shown.insert(to, leaf);
            self.list();
        }
    }

    fn width(&self, column: u64) -> Option<&Width> {
        self.widths.get(self.place(column))
    }

    fn place(&self, column: u64) -> usize {
        if self.are_alike() {
            return 0;
        }
        usize::try_from(column).ok().and_then(|column| self.shown.get(column)).copied().unwrap_or(usize::MAX)
    }

    /// Characters of a column, without the gap.
    pub fn chars(&self, column: u64) -> u32 {
        self.width(column).map_or(LEAST, |width| width.chars())
    }

    /// Characters of the widest value that was seen in a column.
    pub fn seen_chars(&self, column: u64) -> u32 {
        self.width(column).map_or(u32::MAX, |width| width.seen)
    }

    /// Values of so many characters have been seen in a column. Says whether it is wider now.
    pub fn saw(&mut self, column: u64, chars: u32) -> bool {
        let place = self.place(column);
        let Some(width) = self.widths.get_mut(place) else { return false };
        let before = width.chars();
        width.seen = width.seen.max(chars);
        width.chars() != before
    }

    /// Values of so many characters can come in the field with this number, or in any column where all are alike.
    pub fn have_room(&mut self, leaf: usize, chars: u32) {
        let place = if self.are_alike() { 0 } else { leaf };
        if let Some(width) = self.widths.get_mut(place) {
            width.seen = width.seen.max(chars);
        }
    }

    /// Widths as the values need them again, but for those that the user gave.
    pub fn forget_seen(&mut self) {
        for (at, width) in self.widths.iter_mut().enumerate() {
            width.seen = self.leaves.get(at).map_or(0, |leaf| describe::cells(&escaped(&leaf.name)));
        }
    }

    /// The user's width; `None` for what the values need.
    pub fn resize(&mut self, column: u64, chars: Option<u32>) {
        let place = self.place(column);
        if let Some(width) = self.widths.get_mut(place) {
            width.given = chars.map(|chars| chars.clamp(LEAST.min(2), WIDEST));
        }
    }

    /// Left edge of a column in characters, where columns differ; they are few enough to be added up.
    fn left(&self, column: u64) -> u64 {
        let chars = |at: u64| u64::from(self.chars(at) + GAP);
        if self.are_alike() { column.saturating_mul(chars(0)) } else { (0..column).map(chars).sum() }
    }

    /// The columns as a strip to be scrolled, of which `width` points are seen, at `pitch` points a character.
    /// Columns that are alike are its steps; of others a step is a character.
    pub fn strip(&self, count: u64, pitch: f32, width: f32) -> RowsArea {
        if self.are_alike() {
            return RowsArea { rows: count, row_height: (self.chars(0) + GAP) as f32 * pitch, height: width };
        }
        RowsArea { rows: self.left(count), row_height: pitch, height: width }
    }

    /// The columns at least partly seen: number, left edge from the left of the strip's view, width with its gap.
    pub fn seen(&self, at: &Viewport, count: u64, pitch: f32, width: f32) -> Vec<SeenColumn> {
        let strip = self.strip(count, pitch, width);
        let mut list = Vec::new();
        if self.are_alike() {
            for column in at.top..at.top.saturating_add(at.seen_rows(&strip)) {
                list.push(SeenColumn { column, left: at.y_of(column, &strip), width: strip.row_height });
            }
            return list;
        }
        let mut left = -((at.top as f64) * f64::from(pitch)) - f64::from(at.sub);
        for column in 0..count {
            let wide = (self.chars(column) + GAP) as f32 * pitch;
            if left + f64::from(wide) > 0.0 && left < f64::from(width) {
                list.push(SeenColumn { column, left: left as f32, width: wide });
            }
            left += f64::from(wide);
        }
        list
    }

    /// The strip's view moved as little as needed for `column` to be seen.
    pub fn revealing(&self, at: Viewport, column: u64, strip: &RowsArea) -> Viewport {
        if self.are_alike() {
            return at.revealing(column, 0, strip);
        }
        let (left, right) = (self.left(column), self.left(column + 1).saturating_sub(1));
        at.revealing(right, 0, strip).revealing(left, 0, strip)
    }
}

/// A column on the screen, in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeenColumn {
    pub column: u64,
    pub left: f32,
    pub width: f32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{DType, Element, Order};

    fn leaf(name: &str) -> Leaf {
        let dtype = DType::new(Element::U8, Order::Little);
        Leaf { name: name.to_owned(), offset: 0, item: dtype.into() }
    }

    #[test]
    fn columns_grow_with_what_is_seen_and_never_shrink() {
        let mut columns = TableColumns::alike();
        assert!(columns.saw(7, 12));
        assert!(!columns.saw(9, 3));
        assert_eq!(columns.chars(1_000_000), 12);
        columns.resize(0, Some(20));
        assert!(!columns.saw(0, 30), "the user's width stays");
        columns.forget_seen();
        assert_eq!(columns.chars(0), 20, "numbers written another way leave it alone");
        columns.resize(0, None);
        columns.saw(0, 30);
        assert_eq!(columns.chars(0), 30);
    }

    #[test]
    fn fields_are_hidden_shown_and_moved() {
        let mut columns = TableColumns::of_fields(["a", "b", "c"].map(leaf).into());
        columns.move_to(2, 0);
        columns.hide(1);
        let names =
            |columns: &TableColumns| columns.shown().iter().map(|leaf| leaf.name.clone()).collect::<String>();
        assert_eq!(names(&columns), "cb");
        columns.hide(0);
        columns.hide(0);
        assert_eq!(names(&columns), "b", "the last one stays");
        columns.toggle(0);
        assert_eq!((names(&columns).as_str(), columns.hidden()), ("ab", 1));
        columns.show_all();
        assert_eq!(names(&columns), "abc");
    }

    #[test]
    fn a_field_far_to_the_right_is_revealed() {
        let leaves: Vec<Leaf> = (0..300).map(|n| leaf(&format!("field{n:03}"))).collect();
        let columns = TableColumns::of_fields(leaves);
        let strip = columns.strip(300, 8.0, 400.0);
        let at = columns.revealing(Viewport::default(), 250, &strip);
        assert!(columns.seen(&at, 300, 8.0, 400.0).iter().any(|seen| seen.column == 250 && seen.left >= 0.0));
        let back = columns.revealing(at, 3, &strip);
        assert!(columns.seen(&back, 300, 8.0, 400.0).iter().any(|seen| seen.column == 3));
    }
}
