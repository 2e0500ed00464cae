//! What two runs of bytes, two arrays or two containers have in common, and where they differ.
//!
//! | file | what it holds |
//! |---|---|
//! | `pair` | the two that are compared, and what is known to be equal without reading |
//! | `plan` | the chunks that a comparison reads, from either end |
//! | `runs` | runs of bytes that differ, in copies of both |
//! | `bytes` | the comparison at the same places: all differences, the next, the previous |
//! | `values` | two arrays element by element, with a tolerance |
//! | `names` | which arrays of two containers belong together |
//! | `align` | the comparison over insertions and deletions |

mod align;
mod bytes;
mod names;
mod pair;
mod plan;
mod runs;
mod values;

pub use align::{AlignTally, AlignTuning, Aligner, Hunk, HunkKind, TakeHunks};
pub use bytes::{ByteCompare, CompareTally, NearestDifference, TakeRuns};
pub use names::{ArrayChange, NamePair, NamedArray, pair_names};
pub use pair::{BytePair, PairSide, Sides};
pub use values::{
    ArrayCompare, Closeness, CompareRefusal, CompareRule, ComparedArray, DifferenceBins, ElementDifference,
    NanPairs, TakeElements, UlpDistance, ValueDifferences, ValueTally,
};
