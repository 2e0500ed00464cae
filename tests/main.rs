//! Every test of the project that needs more than one layer; a line here for each file.

mod arrays;
mod bytes;
mod cli;
mod decode;
mod document;
mod elements;
mod expressions;
mod formats;
mod grid;
mod hashes;
mod kinds;
mod oracle;
mod predicates;
mod raster;
mod save;
mod scripts;
mod search;
mod session;
mod state;
mod stats;
mod strings;
mod tidy;
mod view;
mod widgets;
mod window;
