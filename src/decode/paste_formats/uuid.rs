//! A UUID in the byte order of Windows, whose first three fields are little-endian.
//!
//! In the order of RFC 9562 a UUID is its hex digits as they are written.

use super::TextBytes;
use crate::decode::scalar::guid;

pub(super) fn read(text: &str) -> Result<TextBytes, String> {
    let inner = text.trim().trim_start_matches('{').trim_end_matches('}');
    let places: Vec<usize> = inner.match_indices('-').map(|(at, _)| at).collect();
    if inner.len() != 36 || places != [8, 13, 18, 23] {
        return Err(String::from("it is not a UUID"));
    }
    guid::parse(text, true).map(TextBytes::possible).map_err(|error| error.to_string())
}
