//! A value of a safetensors header's metadata, changed within the header's own bytes.
//!
//! What follows the value moves; the spaces that pad the header take up the difference. Every other byte stays as
//! it is, so the tensors and their places do too.

use super::{HEADER_AT, METADATA, header_span};
use crate::bytes::{Source, Span};
use crate::formats::header::{quoted, read_span};
use crate::formats::json::{Json, JsonError, push_quoted};
use std::ops::Range;

/// The bytes of `span` in which `key` has another value.
pub(super) fn set(source: &dyn Source, key: &str, value: &str) -> Result<(Span, Vec<u8>), String> {
    let span = header_span(source).map_err(|error| error.text)?;
    let header = read_span(source, span).map_err(|error| error.text)?;
    let place = find(&header, key)
        .map_err(|error| {
            format!("The header can't be changed: {} at byte {}.", error.text, HEADER_AT + error.at as u64)
        })?
        .ok_or_else(|| format!("The header has no metadata string {}.", quoted(key)))?;
    let mut bytes = Vec::with_capacity(value.len() + 2);
    push_quoted(value, &mut bytes);
    let padding = header.iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count();
    let end = header.len() - padding;
    let room = place.len() + padding;
    if bytes.len() > room {
        let missing = bytes.len() - room;
        return Err(format!("The header has no room for this value: it is {missing} bytes too long."));
    }
    if bytes.len() != place.len() {
        bytes.extend(&header[place.end..end]);
        bytes.resize(header.len() - place.start, b' ');
    }
    let start = HEADER_AT + place.start as u64;
    Ok((Span::between(start, start + bytes.len() as u64), bytes))
}

/// The place of the last string of the metadata with this key: that is the one that readers take.
fn find(header: &[u8], wanted: &str) -> Result<Option<Range<usize>>, JsonError> {
    let mut json = Json::new(header);
    let mut found = None;
    json.open_object()?;
    let mut first = true;
    while let Some((name, _)) = json.key(first)? {
        first = false;
        if name != METADATA || json.peek() != Some(b'{') {
            json.skip()?;
            continue;
        }
        json.open_object()?;
        let mut first = true;
        while let Some((key, _)) = json.key(first)? {
            first = false;
            let is_text = json.peek() == Some(b'"');
            let place = json.skip()?;
            if key == wanted && is_text {
                found = Some(place);
            }
        }
    }
    Ok(found)
}
