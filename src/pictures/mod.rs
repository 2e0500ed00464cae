//! Pictures of numbers: colours, scales and pixels, the same for the window and the command line.
//!
//! Nothing here knows of a window. What is drawn comes from `analysis`.
//!
//! | file | what it holds |
//! |---|---|
//! | `color_map` | the colours of values between the least and the greatest |
//! | `scale` | which values are the least and the greatest of a picture, and how those between are spread |
//! | `levels` | the percentiles and the extremes that a range is made of |
//! | `paint` | bins become pixels |
//! | `phase` | complex numbers as colours |
//! | `pixels` | pixels that have colours of their own |
//! | `plane` | the elements of an image |
//! | `ticks` | the values that are written along an axis |
//! | `table` | the values of pixels as CSV |
//! | `text` | the outlines of text |
//! | `figure` | a picture with axes, as shapes that become PNG or SVG |
//! | `view` | which part of an image is on the screen |
//! | `image` | what is asked for an image, and its pixels |

pub mod color_map;
pub mod figure;
pub mod image;
pub mod levels;
pub mod paint;
mod phase;
pub mod pixels;
pub mod plane;
pub mod scale;
pub mod table;
pub mod text;
pub mod ticks;
pub mod view;

pub use color_map::ColorMap;
pub use figure::PictureFormat;
pub use image::{ImageAnswer, ImageColors, ImageQuestion};
pub use levels::Levels;
pub use paint::{BinChoice, Raster, paint_bins};
pub use pixels::PixelFormat;
pub use plane::ImagePlane;
pub use scale::{RangeChoice, ValueScale};
pub use view::{ImagePlacing, ImageView};
