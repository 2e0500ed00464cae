//! Figures of this machine: `cargo bench`.

mod grid;

fn main() {
    grid::run();
}
