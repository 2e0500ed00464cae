//! Reads the text of a string of any length, part by part, whole characters each.

use crate::bytes::{ReadError, Source, Span};
use crate::decode::Encoding;
use crate::job::Cancel;
use std::ops::ControlFlow;

/// Bytes that are decoded at once.
const PIECE: u64 = 64 << 10;

/// Bytes of the longest character.
const LONGEST: u64 = 4;

/// Hands the text of `span`, which begins with a whole character, to `part`. Blocks; workers only.
///
/// # Errors
/// [`ReadError`] when a byte could not be read, or it was cancelled.
pub fn read_text(
    source: &dyn Source,
    span: Span,
    encoding: Encoding,
    cancel: &Cancel,
    part: &mut dyn FnMut(&str) -> ControlFlow<()>,
) -> Result<(), ReadError> {
    let mut bytes = Vec::new();
    let mut at = span.start();
    while at < span.end() {
        let end = at.saturating_add(PIECE + LONGEST).min(span.end());
        bytes.resize((end - at) as usize, 0);
        source.read_cancellable(at, &mut bytes, cancel)?;
        // Of all but the last piece, what begins in the last few bytes may not be whole.
        let whole = if end == span.end() { bytes.len() } else { whole_characters(encoding, &bytes) };
        if part(&encoding.decode_lossy(&bytes[..whole])).is_break() {
            return Ok(());
        }
        at += whole as u64;
    }
    Ok(())
}

/// How many of the bytes belong to characters that end well before the last one.
fn whole_characters(encoding: Encoding, bytes: &[u8]) -> usize {
    let enough = bytes.len().saturating_sub(LONGEST as usize).max(1);
    let mut at = 0;
    while at < enough {
        at += encoding.first_character(&bytes[at..]).0.max(1);
    }
    at.min(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::MemorySource;

    #[test]
    fn a_long_text_comes_in_whole_characters() {
        for (encoding, character) in [
            (Encoding::Utf8, "€"),
            (Encoding::Utf16Be, "👍"),
            (Encoding::ShiftJis, "表"),
            (Encoding::Ascii, "a"),
        ] {
            let text = format!("x{}", character.repeat(50_000));
            let bytes = encoding.encode(&text).expect("all characters");
            let source = MemorySource::new(bytes);
            let (mut all, mut parts) = (String::new(), 0);
            let read =
                read_text(&source, Span::first(source.len()), encoding, Cancel::never(), &mut |part| {
                    all.push_str(part);
                    parts += 1;
                    ControlFlow::Continue(())
                });
            assert_eq!(read, Ok(()));
            assert!(all == text && (parts > 1 || encoding == Encoding::Ascii), "{encoding:?}: {parts} parts");
        }
    }
}
