//! The elements of an image: an array of two axes, made of an array of any axes.

use super::PixelFormat;
use crate::decode::array::{Array, MemoryOrder};
use crate::decode::dtype::ItemType;
use crate::decode::{DType, Element};
use std::ops::Range;

/// The elements of an image: an array of two axes.
#[derive(Clone, Debug, PartialEq)]
pub struct ImagePlane {
    pub array: Array,
    /// Elements of the last row, where that may have fewer than the others.
    pub last_row: u64,
}

/// Elements in a row that nobody has chosen, at most.
const MOST_USUAL_WIDTH: u64 = 4096;

impl ImagePlane {
    /// Elements of one axis, row after row, without the first `start`. With `is_transposed` a last row with fewer elements
    /// is left out, as it would be a column.
    ///
    /// # Errors
    /// A sentence when the rows are too long.
    pub fn wrapped(array: &Array, start: u64, width: u64, is_transposed: bool) -> Result<Self, String> {
        let stride = array.strides.first().copied().unwrap_or(0);
        let all = array.items();
        let start = start.min(all.saturating_sub(1));
        let count = all - start;
        let width = width.clamp(1, count.max(1));
        let mut rows = count.div_ceil(width);
        let mut last_row = count - rows.saturating_sub(1) * width;
        if is_transposed && last_row < width && rows > 1 {
            rows -= 1;
            last_row = width;
        }
        let place = array.place(&vec![start; array.shape.len()]);
        let step = i64::try_from(width).ok().and_then(|width| stride.checked_mul(width));
        let step = step.ok_or("The rows are longer than any file.")?;
        let mut plane = array.clone();
        (plane.offset, plane.first) = (place.span.start(), u64::from(place.item));
        (plane.shape, plane.strides) = (vec![rows, width], vec![step, stride]);
        Ok(Self { array: plane, last_row }.turned(is_transposed))
    }

    /// The elements of two axes, the others at an index; `at` has one for each axis.
    pub fn crossed(array: &Array, (rows, columns): (usize, usize), at: &[u64], is_transposed: bool) -> Self {
        let mut index = at.to_vec();
        (index[rows], index[columns]) = (0, 0);
        let place = array.place(&index);
        let mut plane = array.clone();
        (plane.offset, plane.first) = (place.span.start(), u64::from(place.item));
        plane.shape = vec![array.shape[rows], array.shape[columns]];
        plane.strides = vec![array.strides[rows], array.strides[columns]];
        let last_row = array.shape[columns];
        Self { array: plane, last_row }.turned(is_transposed)
    }

    /// Pixels with colours of their own: bytes along one axis from `start` on, or an array whose last axis has the bytes of
    /// a pixel; `at` has an index for each axis.
    ///
    /// # Errors
    /// A sentence when the elements are no such pixels.
    pub fn of_colors(
        array: &Array,
        pixel: PixelFormat,
        start: u64,
        width: Option<u64>,
        at: &[u64],
    ) -> Result<Self, String> {
        let is_bytes = matches!(&array.item, ItemType::Scalar(DType { element: Element::U8, .. }));
        if !is_bytes || array.order() != Some(MemoryOrder::C) {
            return Err(format!(
                "Pixels of the format {} are made of bytes without gaps (uint8). Choose the pixel format values.",
                pixel.name()
            ));
        }
        let (offset, rows, width) = match array.shape[..] {
            [count] => {
                let start = start.min(count.saturating_sub(1));
                let width = color_width(pixel, width, count - start);
                (array.offset + start, pixel.rows_in(count - start, width), width)
            }
            [.., rows, width] if pixel.is_mosaic() => {
                let sides = array.shape.len();
                let index: Vec<u64> =
                    (0..sides).map(|axis| if axis + 2 < sides { at[axis] } else { 0 }).collect();
                (array.place(&index).span.start(), rows, width)
            }
            [.., rows, width, channels] if channels >= 3 && pixel.pixel_bytes() == channels => {
                let sides = array.shape.len();
                let index: Vec<u64> =
                    (0..sides).map(|axis| if axis + 3 < sides { at[axis] } else { 0 }).collect();
                (array.place(&index).span.start(), rows, width)
            }
            _ => {
                return Err(format!(
                    "Pixels of the format {} need bytes along one axis, or a last axis with the bytes of a pixel.",
                    pixel.name()
                ));
            }
        };
        let stride = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
        let mut plane = array.clone();
        plane.offset = offset;
        plane.shape = vec![rows.max(1), width];
        plane.strides = vec![stride(pixel.row_bytes(width)), stride(pixel.pixel_bytes())];
        Ok(Self { array: plane, last_row: width })
    }

    fn turned(mut self, is_transposed: bool) -> Self {
        if is_transposed {
            self.array.shape.reverse();
            self.array.strides.reverse();
            self.last_row = self.array.shape[1];
        }
        self
    }

    /// Rows and columns.
    pub fn shape(&self) -> (u64, u64) {
        match self.array.shape[..] {
            [rows, columns] => (rows, columns),
            _ => (0, 0),
        }
    }

    /// Whether there is an element: the last row may have fewer.
    pub fn has(&self, row: u64, column: u64) -> bool {
        let (rows, columns) = self.shape();
        row < rows && column < if row + 1 == rows { self.last_row } else { columns }
    }

    /// Some of the rows and columns.
    #[must_use]
    pub fn part(&self, rows: &Range<u64>, columns: &Range<u64>) -> Self {
        let (all_rows, all_columns) = self.shape();
        let (rows, columns) =
            (rows.start..rows.end.min(all_rows), columns.start..columns.end.min(all_columns));
        let place = self.array.place(&[rows.start, columns.start]);
        let mut array = self.array.clone();
        (array.offset, array.first) = (place.span.start(), u64::from(place.item));
        array.shape = vec![rows.end.saturating_sub(rows.start), columns.end.saturating_sub(columns.start)];
        let has_last = rows.end == all_rows;
        let width = array.shape[1];
        let last_row = if has_last { self.last_row.saturating_sub(columns.start).min(width) } else { width };
        Self { array, last_row }
    }
}

/// Pixels in a row of so many bytes of pixels with colours of their own, where `width` is what the user has chosen.
pub fn color_width(pixel: PixelFormat, width: Option<u64>, bytes: u64) -> u64 {
    let pixels = pixel.pixels_in(bytes).max(1);
    width.unwrap_or_else(|| usual_width(pixels)).clamp(1, pixels)
}

/// The width of a picture of so many elements that nobody has chosen: a power of two that makes it about square.
pub fn usual_width(count: u64) -> u64 {
    let square = count.isqrt().max(1);
    square.next_power_of_two().clamp(16, MOST_USUAL_WIDTH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::array::MemoryOrder;

    fn bytes(count: u64) -> Array {
        Array::new("u1".parse().expect("a type"), 100, vec![count], MemoryOrder::C).expect("an array")
    }

    #[test]
    fn elements_of_one_axis_are_put_in_rows() {
        let plane = ImagePlane::wrapped(&bytes(25), 3, 10, false).expect("a plane");
        assert_eq!((plane.array.offset, plane.shape(), plane.last_row), (103, (3, 10), 2));
        assert_eq!(plane.array.strides, [10, 1]);
        assert!(plane.has(2, 1) && !plane.has(2, 2) && plane.has(1, 9) && !plane.has(3, 0));
        let turned = ImagePlane::wrapped(&bytes(25), 3, 10, true).expect("a plane");
        assert_eq!((turned.shape(), turned.last_row), ((10, 2), 2));
        let wide = ImagePlane::wrapped(&bytes(7), 0, 1 << 40, false).expect("a plane");
        assert_eq!(wide.shape(), (1, 7));
    }

    #[test]
    fn other_axes_are_fixed_at_their_index() {
        let array =
            Array::new("<i2".parse().expect("a type"), 0, vec![5, 4, 3], MemoryOrder::C).expect("an array");
        let plane = ImagePlane::crossed(&array, (0, 2), &[9, 1, 9], false);
        assert_eq!((plane.array.offset, plane.shape(), plane.array.strides), (6, (5, 3), vec![24, 2]));
    }

    #[test]
    fn a_part_has_its_own_elements_and_the_rest_of_a_short_row() {
        let plane = ImagePlane::wrapped(&bytes(25), 0, 10, false).expect("a plane");
        let part = plane.part(&(1..3), &(2..9));
        assert_eq!((part.array.offset, part.shape(), part.last_row), (112, (2, 7), 3));
        let above = plane.part(&(0..2), &(2..9));
        assert_eq!((above.shape(), above.last_row), ((2, 7), 7));
        assert_eq!(plane.part(&(2..3), &(6..9)).last_row, 0);
    }
}
