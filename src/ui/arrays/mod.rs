//! Arrays in the window: the panel of a file's arrays and the bar over one. Its elements are a grid.

mod axes;
pub mod bar;
pub mod panel;

pub use bar::show as show_bar;
