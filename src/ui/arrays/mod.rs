//! Arrays in the window: the panel of a file's arrays, the bar over one, and its cells.

mod access;
mod axes;
pub mod bar;
mod geometry;
pub mod grid;
mod heads;
mod interact;
mod paint;
pub mod panel;

pub use bar::show as show_bar;
pub use grid::{ArrayGridInput, ArrayScratch, grid};
