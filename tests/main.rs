//! Every test of the project that needs more than one layer; a line here for each file.

mod bytes;
mod search;
mod tidy;
mod view;
mod window;
