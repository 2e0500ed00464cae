//! The report shape 'many places': sorted spans that do not overlap, in a few bytes each, readable while they grow.
//!
//! One [`SpanRecorder`] writes, anybody reads the [`SpanList`]. Spans at even distances take a few bytes however many they
//! are. Spans are in immutable segments; a reader holds the lock only to find its segment, the writer only to hang one in,
//! so neither waits for the other. The list never forgets. What goes above the memory of its [`Limit`] is written to a
//! temporary file without a name. The window's thread only peeks at what is in memory; what it misses is read by a worker
//! ([`SpanList::read_wanted`]). What can't be read, or was not written, is told by [`SpanList::trouble`].
//!
//! | file | what it holds |
//! |---|---|
//! | `even` | spans at even distances as one value |
//! | `codes` | spans in a few bytes each |
//! | `batch` | what a worker hands over at a time |
//! | `segment` | a part of a list, in memory or in the file |
//! | `recorder`, `list` | the two sides of a list |
//! | `near` | segments that were read from the file and are kept for a while |

mod batch;
mod codes;
mod even;
mod list;
mod near;
mod recorder;
mod segment;
#[cfg(test)]
mod tests;

pub use batch::SpanBatch;
pub use even::EvenSpans;
pub use list::{Peeked, SpanCursor, SpanList};
#[cfg(test)]
pub use recorder::recorder_into;
pub use recorder::{SpanRecorder, recorder};
pub use segment::{Ranked, SpillError};

/// How much a list may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    pub spans: u64,
    /// Spans that are at no even distance from those before; others may be many more.
    pub uneven: u64,
    /// Memory; what goes beyond is in a temporary file.
    pub bytes: usize,
}

impl Default for Limit {
    fn default() -> Self {
        Self { spans: 500_000_000, uneven: 500_000_000, bytes: 32 << 20 }
    }
}

/// The list has reached its limit, or the temporary file could not be written, and it did not take the span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the list is full")]
pub struct Full;
