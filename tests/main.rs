//! Every test of the project that needs more than one layer; a line here for each file.

mod grid;
mod raster;
mod tidy;
mod view;
