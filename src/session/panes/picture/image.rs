//! How an image looks, and which elements its pixels are.

use crate::decode::array::Array;
use crate::pictures::{BinChoice, ColorMap, RangeChoice};
use crate::session::arrays::Axes;
use crate::session::arrays::table::is_record;

/// How an image looks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImageLook {
    pub map: ColorMap,
    pub range: RangeChoice,
    /// Whether the colours go by the logarithm of the values.
    pub is_log: bool,
    /// What a pixel shows where it has several elements.
    pub bins: BinChoice,
    /// Elements in a row, of elements along one axis; `None` for as many as suit their number.
    pub width: Option<u64>,
    /// Elements before the first row, of elements along one axis.
    pub start: u64,
    /// The axes that are rows and columns, where they are not those of the pane.
    pub axes: Option<Axes>,
    /// Whether rows and columns have changed places.
    pub is_transposed: bool,
}

/// The elements of an image: an array of two axes.
#[derive(Clone, Debug, PartialEq)]
pub struct ImagePlane {
    pub array: Array,
    /// Elements of the last row, where that may have fewer than the others.
    pub last_row: u64,
}

/// Elements in a row that nobody has chosen, at most.
const MOST_USUAL_WIDTH: u64 = 4096;

impl ImageLook {
    /// Elements in a row of `count` elements along one axis.
    pub fn width_of(&self, count: u64) -> u64 {
        self.width.unwrap_or_else(|| usual_width(count)).clamp(1, count.max(1))
    }

    /// The axes of an array that are rows and columns.
    pub fn axes_of(&self, array: &Array) -> Axes {
        self.axes.clone().map_or_else(|| Axes::usual(array), |axes| axes.fitted(array))
    }

    /// The elements of `array` that the image is of.
    ///
    /// # Errors
    /// A sentence when they make no image.
    pub fn plane(&self, array: &Array) -> Result<ImagePlane, String> {
        if is_record(&array.item) {
            return Err(String::from(
                "Records have no colours. Choose a field in the slice of the array: ['name'].",
            ));
        }
        let axes = self.axes_of(array);
        let mut plane = match (axes.rows, axes.columns) {
            (Some(rows), Some(columns)) => crossed(array, rows, columns, &axes.at),
            _ => self.wrapped(array)?,
        };
        if self.is_transposed {
            plane.array.shape.reverse();
            plane.array.strides.reverse();
            plane.last_row = plane.array.shape[1];
        }
        Ok(plane)
    }

    /// The elements of one axis, row after row.
    fn wrapped(&self, array: &Array) -> Result<ImagePlane, String> {
        let stride = array.strides.first().copied().unwrap_or(0);
        let all = array.items();
        let start = self.start.min(all.saturating_sub(1));
        let count = all - start;
        let width = self.width_of(count);
        let mut rows = count.div_ceil(width);
        let mut last_row = count - (rows - 1) * width;
        if self.is_transposed && last_row < width && rows > 1 {
            // Only the last row may be short, and then it would be a column.
            rows -= 1;
            last_row = width;
        }
        let place = array.place(&vec![start; array.shape.len()]);
        let step = i64::try_from(width).ok().and_then(|width| stride.checked_mul(width));
        let step = step.ok_or("The rows are longer than any file.")?;
        let mut plane = array.clone();
        (plane.offset, plane.first) = (place.span.start(), u64::from(place.item));
        (plane.shape, plane.strides) = (vec![rows, width], vec![step, stride]);
        Ok(ImagePlane { array: plane, last_row })
    }
}

/// The elements of two axes, the others at one index.
fn crossed(array: &Array, rows: usize, columns: usize, at: &[u64]) -> ImagePlane {
    let mut index = at.to_vec();
    (index[rows], index[columns]) = (0, 0);
    let place = array.place(&index);
    let mut plane = array.clone();
    (plane.offset, plane.first) = (place.span.start(), u64::from(place.item));
    plane.shape = vec![array.shape[rows], array.shape[columns]];
    plane.strides = vec![array.strides[rows], array.strides[columns]];
    let last_row = array.shape[columns];
    ImagePlane { array: plane, last_row }
}

/// The width of a picture that is about half as wide as high, as a power of two.
fn usual_width(count: u64) -> u64 {
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
        let look = ImageLook { width: Some(10), start: 3, ..ImageLook::default() };
        let plane = look.plane(&bytes(25)).expect("a plane");
        assert_eq!((plane.array.offset, plane.array.shape, plane.last_row), (103, vec![3, 10], 2));
        assert_eq!(plane.array.strides, [10, 1]);
        let turned = ImageLook { is_transposed: true, ..look };
        let plane = turned.plane(&bytes(25)).expect("a plane");
        assert_eq!((plane.array.shape, plane.last_row), (vec![10, 2], 2));
        let wide = ImageLook { width: Some(1 << 40), ..ImageLook::default() };
        assert_eq!(wide.plane(&bytes(7)).expect("a plane").array.shape, [1, 7]);
    }

    #[test]
    fn other_axes_are_fixed_at_their_index() {
        let array =
            Array::new("<i2".parse().expect("a type"), 0, vec![5, 4, 3], MemoryOrder::C).expect("an array");
        let axes = Axes { rows: Some(0), columns: Some(2), at: vec![9, 1, 9] };
        let look = ImageLook { axes: Some(axes), ..ImageLook::default() };
        let plane = look.plane(&array).expect("a plane").array;
        assert_eq!((plane.offset, plane.shape, plane.strides), (6, vec![5, 3], vec![24, 2]));
    }
}
