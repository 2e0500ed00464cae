//! The figures.

mod alloc;
mod pieces;

fn main() {
    pieces::run();
}
