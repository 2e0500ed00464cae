//! Reads of any length in parts that stay in a core's cache.

use crate::bytes::{ReadError, Source};
use crate::job::Cancel;

/// Reads so few bytes at once that they stay in a core's cache, and that nothing is mapped for them.
pub(super) fn read_in_parts(
    source: &dyn Source,
    offset: u64,
    buf: &mut [u8],
    cancel: &Cancel,
) -> Result<(), ReadError> {
    const AT_ONCE: usize = 128 << 10;
    let mut at = offset;
    for part in buf.chunks_mut(AT_ONCE) {
        source.read_cancellable(at, part, cancel)?;
        at += part.len() as u64;
    }
    Ok(())
}
