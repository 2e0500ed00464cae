//! The figures of this machine: `cargo bench`, or `cargo bench -- arrays grid saves` for some of them.
//!
//! Each part compares with a peer, or with itself on another size, in one run, because only ratios carry over
//! to other machines.

mod alloc;
mod arrays;
mod calculations;
mod common;
mod compare;
mod grid;
mod hashes;
mod headers;
mod numpy;
mod pictures;
mod pieces;
mod questions;
mod reading;
mod running;
mod saves;
mod search;
mod stats;
mod strings;
mod tables;
mod window;

/// A part of the figures and what runs it.
const PARTS: [(&str, fn()); 16] = [
    ("arrays", arrays::run),
    ("calculations", calculations::run),
    ("compare", compare::run),
    ("grid", grid::run),
    ("hashes", hashes::run),
    ("headers", headers::run),
    ("pictures", pictures::run),
    ("pieces", pieces::run),
    ("questions", questions::run),
    ("running", running::run),
    ("saves", saves::run),
    ("search", search::run),
    ("stats", stats::run),
    ("strings", strings::run),
    ("tables", tables::run),
    ("window", window::run),
];

fn main() {
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    for (name, run) in PARTS {
        if wanted.is_empty() || wanted.iter().any(|part| part == name) {
            println!("\n== {name}");
            run();
        }
    }
}
