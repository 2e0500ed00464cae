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

pub mod color_map;
pub mod levels;
pub mod paint;
pub mod scale;

pub use color_map::ColorMap;
pub use levels::Levels;
pub use paint::{BinChoice, Raster, paint_bins};
pub use scale::{RangeChoice, ValueScale};
