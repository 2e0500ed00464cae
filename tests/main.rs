//! Every test of the project that needs more than one layer; a line here for each file.

mod tidy;
mod window;
