//! Bytes without a length (standard input, pipes, /proc) copied until they end: into memory while they are few,
//! else into a temporary file without a name, which vanishes with the program.

use super::open::{OpenError, Opened};
use crate::job::Progress;
use std::io::Read;
use std::path::Path;

/// Reads `reader` to its end, at most `cap` bytes; `name` is for messages. Cancelled between two reads.
///
/// # Errors
/// [`OpenError`]: longer than `cap`, cancelled, or a failed read or write.
pub fn spool_reader(
    reader: impl Read,
    name: &Path,
    cap: u64,
    progress: &Progress,
) -> Result<Opened, OpenError> {
    todo!()
}

/// Reads standard input to its end.
///
/// # Errors
/// As [`spool_reader`].
pub fn spool_stdin(progress: &Progress) -> Result<Opened, OpenError> {
    todo!()
}
