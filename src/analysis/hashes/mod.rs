//! Hashes and checksums of a span of a source: several algorithms in one pass over the bytes.
//!
//! | file | what it holds |
//! |---|---|
//! | `table` | the algorithms, a line each |
//! | `method` | the two ways in which an algorithm takes its bytes: in order, or by parts that are put together |
//! | `crc`, `adler`, `tree` | the algorithms by parts: CRCs, Adler-32, BLAKE3 |
//! | `pass` | the pass: reads ahead, and gives the chunks to all algorithms on all cores |
//! | `compare` | whether a value that the user has is one of those that were computed |
//!
//! A further algorithm is a line of the table. A hash of bytes that could not be read has no meaning, so the first
//! error ends the pass.

mod adler;
mod compare;
mod crc;
mod method;
mod pass;
mod table;
mod tree;

pub use compare::{Agreement, agreement, algorithms_as_long};
pub use table::{ALGORITHMS, HashAlgorithm, USUAL, algorithm};

use super::tuning::Tuning;
use crate::bytes::{ReadError, Source, Span};
use crate::job::Progress;

/// The value of one algorithm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HashValue {
    pub algorithm: &'static HashAlgorithm,
    /// The most significant byte first, as it is written.
    pub bytes: Vec<u8>,
}

impl HashValue {
    /// The value in lower-case hex digits.
    pub fn hex(&self) -> String {
        self.bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Why there is no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// Of the bytes that can't be read, the first.
    #[error("{0}")]
    Read(ReadError),
    #[error("it was cancelled")]
    Cancelled,
}

/// The values of `algorithms`, in their order, for the bytes of `span`. Reads the span once. Blocks; workers only.
/// `progress` counts bytes.
///
/// # Errors
/// [`HashError`] when a byte could not be read, or the progress is cancelled.
pub fn hash(
    source: &dyn Source,
    span: Span,
    algorithms: &[&'static HashAlgorithm],
    tuning: Tuning,
    progress: &Progress,
) -> Result<Vec<HashValue>, HashError> {
    progress.set_total(span.len());
    let values = pass::values(source, span, algorithms, tuning, progress)?;
    let values = algorithms.iter().zip(values).map(|(algorithm, bytes)| HashValue { algorithm, bytes });
    Ok(values.collect())
}
