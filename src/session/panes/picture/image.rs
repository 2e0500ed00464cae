//! How an image looks, and which elements its pixels are.

use crate::decode::array::Array;
use crate::pictures::plane::{color_width, usual_width};
use crate::pictures::{
    BinChoice, ImageColors, ImagePlacing, ImagePlane, ImageQuestion, ImageView, PixelFormat,
};
use crate::session::arrays::Axes;
use crate::session::arrays::table::is_record;

/// How an image looks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImageLook {
    pub colors: ImageColors,
    /// What a pixel shows where it has several elements.
    pub bins: BinChoice,
    /// Elements of this value are masked.
    pub fill: Option<f64>,
    /// How elements become colours.
    pub pixel: PixelFormat,
    /// Elements in a row, of elements along one axis; `None` for as many as suit their number.
    pub width: Option<u64>,
    /// Elements before the first row, of elements along one axis.
    pub start: u64,
    /// The axes that are rows and columns, where they are not the usual ones.
    pub axes: Option<Axes>,
    /// Whether rows and columns have changed places.
    pub is_transposed: bool,
    /// Whether the last column is at the left, and the last row at the top.
    pub flips: (bool, bool),
    /// Whether the image fills its room in both directions.
    pub is_stretched: bool,
    pub view: ImageView,
    /// The row and the column of the element that the keys move.
    pub cursor: Option<(u64, u64)>,
    /// The other end of what the keys select.
    pub anchor: Option<(u64, u64)>,
}

impl ImageLook {
    /// Elements in a row of `count` elements along one axis.
    pub fn width_of(&self, count: u64) -> u64 {
        self.width.unwrap_or_else(|| usual_width(count)).clamp(1, count.max(1))
    }

    /// The axes of an array that are rows and columns.
    pub fn axes_of(&self, array: &Array) -> Axes {
        self.axes.clone().map_or_else(|| self.usual_axes(array), |axes| axes.fitted(array))
    }

    /// The last two axes; of pixels with a colour the two before that of the colours.
    fn usual_axes(&self, array: &Array) -> Axes {
        let sides = array.shape.len();
        if self.pixel.is_color() && !self.pixel.is_mosaic() && sides >= 3 {
            return Axes { rows: Some(sides - 3), columns: Some(sides - 2), at: vec![0; sides] };
        }
        Axes::usual(array)
    }

    /// The axes of an array with an index that can be moved, from the first one on.
    pub fn standing_axes(&self, array: &Array) -> Vec<usize> {
        let axes = self.axes_of(array);
        let is_standing = |axis: &usize| axes.rows != Some(*axis) && axes.columns != Some(*axis);
        (0..array.shape.len()).filter(is_standing).filter(|axis| array.shape[*axis] > 1).collect()
    }

    /// The same image at another index of its first standing axis; round the ends. `None` without such an axis.
    pub fn stepped(&self, array: &Array, by: i64) -> Option<Self> {
        let axis = *self.standing_axes(array).first()?;
        let mut axes = self.axes_of(array);
        let side = i128::from(array.shape[axis]);
        let at = (i128::from(axes.at[axis]) + i128::from(by)).rem_euclid(side);
        axes.at[axis] = u64::try_from(at).ok()?;
        Some(Self { axes: Some(axes), ..self.clone() })
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
        if self.pixel.is_color() {
            let at = self.axes_of(array).at;
            return ImagePlane::of_colors(array, self.pixel, self.start, self.width, &at);
        }
        let axes = self.axes_of(array);
        match (axes.rows, axes.columns) {
            (Some(rows), Some(columns)) => {
                Ok(ImagePlane::crossed(array, (rows, columns), &axes.at, self.is_transposed))
            }
            _ => {
                let count = array.items().saturating_sub(self.start);
                ImagePlane::wrapped(array, self.start, self.width_of(count), self.is_transposed)
            }
        }
    }

    /// Pixels in a row of so many bytes.
    pub fn color_width(&self, bytes: u64) -> u64 {
        color_width(self.pixel, self.width, bytes)
    }

    /// Where the image is on a screen of so many pixels.
    pub fn placing(&self, plane: &ImagePlane, room: (u32, u32)) -> ImagePlacing {
        let room = (f64::from(room.0.max(1)), f64::from(room.1.max(1)));
        ImagePlacing::new(self.view, plane.shape(), room, self.is_stretched, self.flips)
    }

    /// What is asked for the part of the image that is on a screen of so many pixels.
    ///
    /// # Errors
    /// A sentence when the elements make no image.
    pub fn question(&self, array: &Array, room: (u32, u32)) -> Result<ImageQuestion, String> {
        let plane = self.plane(array)?;
        let placing = self.placing(&plane, room);
        let (rows, columns) = placing.visible();
        let pixels = |side: u64, size: f64| ((side as f64 * size).ceil() as u64).max(1);
        let height = pixels(rows.end - rows.start, placing.at.down);
        let width = pixels(columns.end - columns.start, placing.at.across);
        let question = ImageQuestion::all(array.clone(), plane, (height, width));
        let question = question.part(rows, columns, (height, width));
        let Self { bins, fill, pixel, colors, .. } = *self;
        Ok(ImageQuestion { bins, fill, pixel, colors, ..question })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::array::MemoryOrder;

    #[test]
    fn only_what_is_on_the_screen_is_asked_for_one_pixel_an_element_at_most() {
        let item = "u1".parse().expect("a type");
        let array = Array::new(item, 0, vec![1000, 4000], MemoryOrder::C).expect("an array");
        let look = ImageLook::default();
        let all = look.question(&array, (400, 300)).expect("a question");
        assert_eq!((all.rows, all.columns, all.height, all.width), (0..1000, 0..4000, 100, 400));
        let plane = look.plane(&array).expect("a plane");
        let near = ImageLook { view: look.placing(&plane, (400, 300)).sized(10.0), ..look };
        let part = near.question(&array, (400, 300)).expect("a question");
        assert_eq!((part.rows, part.columns, part.height, part.width), (485..515, 1980..2020, 30, 40));
    }

    #[test]
    fn the_other_axes_are_stepped_through_round_the_ends() {
        let item = "u1".parse().expect("a type");
        let array = Array::new(item, 0, vec![1, 3, 4, 5], MemoryOrder::C).expect("an array");
        let look = ImageLook::default();
        assert_eq!(look.standing_axes(&array), [1]);
        let at = |look: &ImageLook| look.axes_of(&array).at[1];
        let last = look.stepped(&array, -1).expect("a standing axis");
        assert_eq!((at(&last), at(&last.stepped(&array, 1).expect("the same axis"))), (2, 0));
        let plane =
            Array::new("u1".parse().expect("a type"), 0, vec![4, 5], MemoryOrder::C).expect("an array");
        assert_eq!(look.stepped(&plane, 1), None);
    }

    #[test]
    fn pixels_with_colours_are_bytes_side_by_side() {
        let bytes = |shape: Vec<u64>| {
            Array::new("u1".parse().expect("a type"), 10, shape, MemoryOrder::C).expect("an array")
        };
        let rgb = ImageLook { pixel: PixelFormat::Rgb, width: Some(4), start: 2, ..ImageLook::default() };
        let plane = rgb.plane(&bytes(vec![2 + 30])).expect("a plane");
        assert_eq!((plane.array.offset, plane.shape(), plane.array.strides), (12, (3, 4), vec![12, 3]));
        let stack = ImageLook { start: 0, ..rgb.clone() }.stepped(&bytes(vec![2, 5, 7, 3]), 1);
        let plane = stack.expect("a stack").plane(&bytes(vec![2, 5, 7, 3])).expect("a plane");
        assert_eq!((plane.array.offset, plane.shape()), (10 + 105, (5, 7)));
        assert!(rgb.plane(&bytes(vec![5, 7, 4])).is_err());
        let yuv = ImageLook { pixel: PixelFormat::I420, width: Some(4), ..ImageLook::default() };
        assert_eq!(yuv.plane(&bytes(vec![4 * 6 * 3 / 2])).expect("a plane").shape(), (6, 4));
    }
}
