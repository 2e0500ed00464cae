//! A value of GGUF's metadata, changed in its own bytes: a number by any other, a string by one of the same length.

use super::value::{ValueType, encode, key, read};
use super::{ALIGNMENT_KEY, start};
use crate::bytes::{Source, Span};
use crate::formats::header::quoted;
use crate::job::Progress;

/// The bytes of `span` in which `wanted` has another value.
pub(super) fn set(source: &dyn Source, wanted: &str, value: &str) -> Result<(Span, Vec<u8>), String> {
    if wanted == ALIGNMENT_KEY {
        return Err(
            "The positions of all tensors depend on the alignment, so it can't be changed here.".to_owned()
        );
    }
    let progress = Progress::default();
    let mut start = start(source, &progress).map_err(|error| error.text)?;
    for _ in 0..start.values {
        let back = start.reader.at();
        let meta = read(&mut start.reader).map_err(|error| error.text)?;
        if &*meta.key != wanted {
            continue;
        }
        let span = meta.span.unwrap_or_default();
        start.reader.go_back(back);
        let (_, kind) = key(&mut start.reader).map_err(|error| error.text)?;
        let bytes = match kind {
            ValueType::Scalar(element) => encode(element, start.reader.order, value)?,
            ValueType::String => value.as_bytes().to_vec(),
            ValueType::Array => return Err("Lists in the metadata can't be changed here.".to_owned()),
        };
        if bytes.len() as u64 != span.len() {
            let (has, needs) = (span.len(), bytes.len());
            return Err(format!(
                "The value has {has} bytes, but the new one has {needs}. Both must have the same length."
            ));
        }
        return Ok((span, bytes));
    }
    Err(format!("The header has no key {}.", quoted(wanted)))
}
