//! Hostile headers: every file of the corpus, cut short and changed at random, within bounds of memory and work.
//!
//! A process of its own, because its allocator counts. The corpus is `tests/fixtures/formats`, which
//! `scripts/make-hostile` makes, and `fuzz/corpus`, which the fuzz targets keep.

#[path = "../../benches/alloc.rs"]
mod alloc;
mod bounds;
mod checks;
mod grown;
mod holes;
#[cfg(target_os = "linux")]
mod mutated;
mod replay;
