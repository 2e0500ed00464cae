//! A figure: a picture with its axes, labels and colours, as a list of simple shapes. One list becomes PNG and SVG.
//!
//! | file | what it holds |
//! |---|---|
//! | `svg` | a figure as SVG text |
//! | `pixels` | a figure as pixels, and pixels as a PNG file |
//! | `image` | the figure of an image |

mod image;
mod pixels;
mod svg;

pub use image::{image_figure, room, size_around};
pub use pixels::{draw, png};
pub use svg::svg;

use super::Raster;
use super::color_map::Rgb;

/// A file that a picture becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFormat {
    Png,
    Svg,
    /// The values of the pixels.
    Csv,
}

impl PictureFormat {
    /// The end of the name of such a file.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Svg => "svg",
            Self::Csv => "csv",
        }
    }
}

/// Shapes on a ground, from the upper left corner on, in pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub width: u32,
    pub height: u32,
    pub ground: Rgb,
    pub shapes: Vec<FigureShape>,
}

impl Figure {
    /// The pixels of a picture and nothing else.
    pub fn of_pixels(raster: &Raster) -> Self {
        let (width, height) = (raster.width as u32, raster.height as u32);
        let at = FigureRect { left: 0.0, top: 0.0, width: width as f32, height: height as f32 };
        let shapes = vec![FigureShape::Pixels { at, raster: raster.clone() }];
        Self { width, height, ground: [255; 3], shapes }
    }
}

/// A shape; later ones are over earlier ones.
#[derive(Clone, Debug, PartialEq)]
pub enum FigureShape {
    /// A filled rectangle.
    Box { at: FigureRect, color: Rgb },
    /// Lines from point to point.
    Line { points: Vec<(f32, f32)>, width: f32, color: Rgb },
    /// One line of text.
    Text { x: f32, y: f32, size: f32, align: TextAlign, color: Rgb, text: String },
    /// Pixels, each a rectangle of one colour.
    Pixels { at: FigureRect, raster: Raster },
}

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FigureRect {
    pub left: f32,
    pub top: f32,
    pub width: f32,
    pub height: f32,
}

/// Which part of a text is at its place; its base line is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextAlign {
    Start,
    Middle,
    End,
}

impl FigureRect {
    /// The right edge.
    pub fn right(&self) -> f32 {
        self.left + self.width
    }

    /// The lower edge.
    pub fn bottom(&self) -> f32 {
        self.top + self.height
    }

    /// Its edges as lines.
    pub fn frame(&self, width: f32, color: Rgb) -> FigureShape {
        let (left, top, right, bottom) = (self.left, self.top, self.right(), self.bottom());
        let points = vec![(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
        FigureShape::Line { points, width, color }
    }
}
