//! What is selected in the panes as parts of an image, and parts of an image as what is selected.

use super::Tab;
use crate::bytes::Span;
use crate::decode::array::Array;
use crate::pictures::ImagePlane;
use crate::session::arrays::block::Block;
use crate::session::arrays::table::AxisPart;
use crate::session::arrays::{ArrayView, Axes};
use crate::session::done::Done;
use crate::session::panes::ImageLook;
use crate::session::subject::{ElementSubject, ShownPart};
use crate::session::view::Selection;
use std::ops::Range;

/// Rows and columns of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImagePart {
    pub rows: Range<u64>,
    pub columns: Range<u64>,
}

impl Tab {
    /// The parts of an image of `subject` that are selected in the pane that it is of.
    pub fn selected_in_image(&self, subject: &ElementSubject, look: &ImageLook) -> Vec<ImagePart> {
        let Ok(plane) = look.plane(&subject.array) else { return Vec::new() };
        let view = subject.view.as_ref().and_then(|part| self.view_of(part));
        match view {
            Some(view) if subject.array.shape.len() >= 2 && !look.pixel.is_color() => {
                block_in_image(view, subject, look).into_iter().collect()
            }
            Some(view) if view.unpacked.is_some() => Vec::new(),
            Some(_) | None => run_in_image(self.selected(), &plane, look.is_transposed),
        }
    }

    /// The array of which a part is pictured, if its pane still shows it.
    fn view_of(&self, part: &ShownPart) -> Option<&ArrayView> {
        let view = self.panes.get(part.pane).content.array()?;
        (self.panes.has(part.pane) && view.sliced == part.sliced).then_some(view)
    }

    /// Selects the elements of an image between two of its corners: a block in an array of two or more axes, else all
    /// elements from the first to the last one.
    ///
    /// # Errors
    /// A sentence when they can't be selected.
    pub(in crate::session) fn select_from_image(
        &mut self,
        subject: &ElementSubject,
        look: &ImageLook,
        (from, to): ((u64, u64), (u64, u64)),
    ) -> Done {
        let plane = look.plane(&subject.array)?;
        let shape = plane.shape();
        let inside = |(row, column): (u64, u64)| (row.min(shape.0 - 1), column.min(shape.1 - 1));
        let corners = [inside(from), inside(to)];
        let places = corners.map(|(row, column)| plane.array.place(&[row, column]));
        if let Some(part) = subject.view.as_ref().filter(|part| self.view_of(part).is_some())
            && let (Some(first), Some(last)) =
                (part.sliced.array.index_of_place(places[0]), part.sliced.array.index_of_place(places[1]))
            && !look.pixel.is_color()
        {
            return self.select_elements(part, &look.axes_of(&subject.array), &first, &last);
        }
        if subject.is_unpacked() {
            return Err(String::from("Show the array first: it is compressed in its file."));
        }
        let start = places[0].span.start().min(places[1].span.start());
        let bytes = look.pixel.pixel_bytes().max(places[0].span.len());
        let end = places[0].span.start().max(places[1].span.start()).saturating_add(bytes);
        self.jump(Selection::of(Span::between(start, end).clamp_to(self.len()), self.selection.column));
        Ok(())
    }

    /// Selects the elements of an array between two indices, on the axes of an image.
    fn select_elements(&mut self, part: &ShownPart, axes: &Axes, first: &[u64], last: &[u64]) -> Done {
        let pane = part.pane;
        self.edit = None;
        let Some(view) = self.panes.get_mut(pane).content.array_mut() else { return Ok(()) };
        let sides = view.sliced.array.shape.len();
        if sides >= 2 && axes.at.len() == sides && axes.rows.is_some() && axes.columns.is_some() {
            let now = view.table.axes();
            // Rows and columns of the pane may stay swapped.
            let alike = (now.rows, now.columns) == (axes.columns, axes.rows);
            let (rows, columns) = if alike { (now.rows, now.columns) } else { (axes.rows, axes.columns) };
            view.lay_out(Axes { rows, columns, at: first.to_vec() });
        }
        let cell = |index: &[u64]| view.table.place_of(index);
        let (Some(anchor), Some(caret)) = (cell(first), cell(last)) else {
            return Err(String::from("The pane does not show these elements."));
        };
        view.block = Block { anchor, caret };
        view.reveal(true);
        self.make_last(pane);
        self.select_block();
        Ok(())
    }
}

/// The rows and columns of an image that a block of its array is.
fn block_in_image(view: &ArrayView, subject: &ElementSubject, look: &ImageLook) -> Option<ImagePart> {
    let axes = look.axes_of(&subject.array);
    let parts = view.table.part(&view.block);
    let range = |axis: usize| match parts.get(axis)? {
        AxisPart::One(at) => Some(*at..*at + 1),
        AxisPart::Run(from, to) => Some(*from..*to),
    };
    let is_there = |axis: usize| range(axis).is_some_and(|range| range.contains(&axes.at[axis]));
    let mut standing =
        (0..parts.len()).filter(|axis| Some(*axis) != axes.rows && Some(*axis) != axes.columns);
    if !standing.all(is_there) {
        return None;
    }
    let (mut rows, mut columns) = (range(axes.rows?)?, range(axes.columns?)?);
    if look.is_transposed {
        std::mem::swap(&mut rows, &mut columns);
    }
    Some(ImagePart { rows, columns })
}

/// The parts of an image of neighbours that a run of bytes is: the rest of a row, whole rows, the start of a row.
fn run_in_image(span: Span, plane: &ImagePlane, is_transposed: bool) -> Vec<ImagePart> {
    let Array { offset, strides, item, .. } = &plane.array;
    let (width, step) = match (is_transposed, plane.shape()) {
        (false, (_, columns)) => (columns, strides[1]),
        (true, (rows, _)) => (rows, strides[0]),
    };
    if span.is_empty() || step <= 0 || width == 0 || item.shares_bytes() {
        return Vec::new();
    }
    let step = step.unsigned_abs();
    let first = span.start().saturating_sub(*offset) / step;
    let end = span.end().saturating_sub(*offset).div_ceil(step);
    if first >= end {
        return Vec::new();
    }
    let (top, bottom) = (first / width, (end - 1) / width);
    let (left, right) = (first % width, (end - 1) % width + 1);
    let whole = |rows: Range<u64>, columns: Range<u64>| ImagePart { rows, columns };
    let mut parts = Vec::new();
    if top == bottom {
        parts.push(whole(top..top + 1, left..right));
    } else {
        let from = if left > 0 { top + 1 } else { top };
        let to = if right < width { bottom } else { bottom + 1 };
        if left > 0 {
            parts.push(whole(top..top + 1, left..width));
        }
        if from < to {
            parts.push(whole(from..to, 0..width));
        }
        if right < width {
            parts.push(whole(bottom..bottom + 1, 0..right));
        }
    }
    if is_transposed {
        for part in &mut parts {
            std::mem::swap(&mut part.rows, &mut part.columns);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::array::MemoryOrder;

    #[test]
    fn a_run_of_bytes_is_at_most_three_parts_of_an_image() {
        let array =
            Array::new("<u2".parse().expect("a type"), 4, vec![40], MemoryOrder::C).expect("an array");
        let plane = ImagePlane::wrapped(&array, 0, 10, false).expect("a plane");
        let parts = |start: u64, end: u64| {
            let parts = run_in_image(Span::between(start, end), &plane, false);
            parts.into_iter().map(|part| (part.rows, part.columns)).collect::<Vec<_>>()
        };
        assert_eq!(parts(4 + 6, 4 + 8), [(0..1, 3..4)]);
        // Bytes of a part of an element are of all of it.
        assert_eq!(parts(4 + 7, 4 + 9), [(0..1, 3..5)]);
        assert_eq!(parts(4 + 30, 4 + 70), [(1..2, 5..10), (2..3, 0..10), (3..4, 0..5)]);
        assert_eq!(parts(4 + 20, 4 + 60), [(1..3, 0..10)]);
        assert_eq!(parts(4 + 30, 4 + 50), [(1..2, 5..10), (2..3, 0..5)]);
        assert!(parts(0, 4).is_empty() && parts(9, 9).is_empty());
    }
}
