//! Comparisons against plain loops, NumPy and Python's difflib: bytes at the same places, alignments, elements.

mod align;
mod bytes;
mod values;

use pagelens::analysis::Tuning;

/// Everything small, so that borders are met.
fn tiny(rng: &mut fastrand::Rng) -> Tuning {
    Tuning { chunk: 1 << rng.u32(0..9), threads: rng.usize(1..5), grain: rng.usize(1..70) }
}
