//! What the screen has shown of a file, compared with what the file holds: another program may store through a map.

use super::disk::{DiskFile, read_exact_at};
use crate::bytes::{Availability, Source, Span};
use crate::save::error::{SaveStop, at_step};
use crate::save::generation::Generation;

/// How many extents are compared with what the screen has shown, and how many bytes of each: enough for what
/// was typed, few enough not to flood the screen's cache with wishes.
pub(super) const PEEKED_EXTENTS: usize = 64;
const PEEKED_BYTES: u64 = 4 << 10;

/// Whether the start of a rewritten file's edited spans is what the screen has shown.
pub(super) fn compare_shown(
    file: &dyn DiskFile,
    generation: &Generation,
    spans: &[Span],
) -> Result<(), SaveStop> {
    let mut on_disk = Vec::new();
    for span in spans.iter().map(|span| span.clamp_to(generation.len())).take(PEEKED_EXTENTS) {
        on_disk.resize(span.len().min(PEEKED_BYTES) as usize, 0);
        read_exact_at(file, span.start(), &mut on_disk).map_err(at_step("reading its old bytes"))?;
        compare_with_screen(generation, span, &on_disk)?;
    }
    Ok(())
}

/// A store through another process's map changes no time of the file, but what was shown is then no longer what is
/// there. `on_disk` is at least as much of `span` as is compared.
pub(super) fn compare_with_screen(
    generation: &Generation,
    span: Span,
    on_disk: &[u8],
) -> Result<(), SaveStop> {
    let len = span.len().min(PEEKED_BYTES) as usize;
    let (mut shown, mut states) = (vec![0; len], vec![Availability::Missing; len]);
    generation.peek(span.start(), &mut shown, &mut states);
    let differs = |at: &usize| states[*at] == Availability::Ready && shown[*at] != on_disk[*at];
    (0..len).find(differs).map_or(Ok(()), |at| Err(changed_at(span.start() + at as u64)))
}

/// The save stops because the byte at `offset` is another one.
pub(super) fn changed_at(offset: u64) -> SaveStop {
    SaveStop::Changed(format!("the byte at {offset:#x} is no longer the one that you edited"))
}
