//! What all readers of headers share: bounded reads, findings that don't pile up, and the size of an array.
//!
//! Nothing is allocated for a length that a header only claims: it is checked against the source first, and against
//! fixed limits, because a hole makes a file of any length for nothing.

use super::{Entry, Finding, FormatError, Unshown};
use crate::bytes::retry::Retries;
use crate::bytes::{ReadError, Source, Span};
use crate::decode::dtype::{Field, ItemType};
use crate::job::Cancel;
use std::sync::Arc;

/// More findings than this are counted, not kept.
const MOST_FINDINGS: usize = 100;

/// Values of metadata longer than this are cut where they are shown.
pub(super) const VALUE_CHARS: usize = 1000;

/// So much metadata is shown; a header with more is hostile, and each costs more memory than its bytes.
pub(super) const MOST_METADATA: usize = 4096;

/// NumPy's limit since 2.0.
pub(super) const MOST_SIDES: usize = 64;

/// A longer header (directory, index) is not read: the limit of the safetensors library.
pub(super) const MOST_HEADER: u64 = 100_000_000;

/// So much of a name is kept.
pub(super) const MOST_NAME: usize = 1 << 20;

/// Memory of all that is kept of the arrays of a header.
const MOST_MEMORY: u64 = 192 << 20;

/// Arrays that are listed.
pub(super) const MOST_ENTRIES: usize = 1 << 19;

/// Of a file of `len` bytes so many arrays are listed at most: more than a file has that means it, and no more
/// than a few times the file in memory.
pub(super) fn most_entries(len: u64) -> usize {
    const COST: u64 = size_of::<Entry>() as u64 + 64;
    let most = (len.saturating_mul(2).saturating_add(512 << 10)) / COST;
    usize::try_from(most).unwrap_or(usize::MAX).min(MOST_ENTRIES)
}

/// What a file says of an array that can't be shown: the last entry's, where that is the same, so that many alike take
/// no more memory than one.
pub(super) fn shared(entries: &[Entry], unshown: Unshown) -> Arc<Unshown> {
    let last = entries.last().and_then(|entry| entry.unshown.as_ref()).filter(|last| ***last == unshown);
    last.map_or_else(|| Arc::new(unshown), Arc::clone)
}

/// The memory that the arrays of a header may still take.
pub(super) struct Budget {
    left: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { left: MOST_MEMORY }
    }
}

impl Budget {
    /// Whether there is room for an entry with such a name, shape and type; takes it if so.
    pub fn take(&mut self, name: &str, shape: &[u64], item: &ItemType) -> bool {
        let own = size_of::<Entry>() as u64 + 32;
        let cost = (own + name.len() as u64 + size_of_val(shape) as u64).saturating_add(heap_bytes(item));
        let left = self.left.checked_sub(cost);
        self.left = left.unwrap_or(0);
        left.is_some()
    }
}

/// Bytes that a type has besides its own, about.
fn heap_bytes(item: &ItemType) -> u64 {
    match item {
        ItemType::Record(record) => {
            let field = |field: &Field| size_of::<Field>() + field.name.len() + 16;
            record.fields.iter().map(|part| field(part) as u64 + heap_bytes(&part.item)).sum()
        }
        ItemType::Array(array) => 64 + size_of_val(&*array.shape) as u64 + heap_bytes(&array.item),
        _ => 0,
    }
}

impl FormatError {
    pub(super) fn new(text: impl Into<String>, span: Option<Span>) -> Self {
        Self { text: text.into(), span }
    }
}

impl From<ReadError> for FormatError {
    fn from(error: ReadError) -> Self {
        let reason = error.to_string();
        Self { text: format!("The header can't be read: {reason}."), span: Some(error.span()) }
    }
}

/// The bytes of `span`, which may be no longer than the source.
///
/// # Errors
/// [`FormatError`] when it lies beyond the end or can't be read.
pub(super) fn read_span(source: &dyn Source, span: Span) -> Result<Vec<u8>, FormatError> {
    if span.end() > source.len() {
        let text = format!("The header ends at byte {}, but the file ends at {}.", span.end(), source.len());
        return Err(FormatError::new(text, Some(span.clamp_to(source.len()))));
    }
    let len = usize::try_from(span.len()).map_err(|_| {
        FormatError::new("The header is too long for the memory of this computer.", Some(span))
    })?;
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(len).map_err(|_| {
        FormatError::new(format!("There is not enough memory for a header of {len} bytes."), Some(span))
    })?;
    bytes.resize(len, 0);
    Retries::default().read(source, span.start(), &mut bytes, Cancel::never())?;
    Ok(bytes)
}

/// Bytes of an array without gaps; `None` when they are no whole number, or more than 64 bits can count.
pub(super) fn data_bytes(item: &ItemType, shape: &[u64]) -> Option<u64> {
    let items = items(shape)?;
    let group = u64::from(item.group_items());
    (items.is_multiple_of(group)).then_some(items / group)?.checked_mul(item.group_bytes())
}

/// Items of a shape; a side of 0 makes it 0 whatever the others are.
pub(super) fn items(shape: &[u64]) -> Option<u64> {
    if shape.contains(&0) {
        return Some(0);
    }
    shape.iter().try_fold(1_u64, |product, side| product.checked_mul(*side))
}

/// A stranger's text for a message: quoted, and cut when it is long.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", cut(text, 60))
}

/// At most `most` characters of `text`, with an ellipsis when it was longer.
pub(super) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Findings in the order they were made, so many at most.
#[derive(Default)]
pub(super) struct Findings {
    kept: Vec<Finding>,
    more: u64,
}

impl Findings {
    /// Adds a finding, if there is room for it.
    pub fn add(&mut self, span: Option<Span>, text: impl FnOnce() -> String) {
        if self.kept.len() < MOST_FINDINGS {
            self.kept.push(Finding { text: text(), span });
        } else {
            self.more += 1;
        }
    }

    /// The findings, and how many more there were.
    pub fn finish(mut self) -> Vec<Finding> {
        if self.more > 0 {
            let text = format!("{} more findings are not listed.", self.more);
            self.kept.push(Finding { text, span: None });
        }
        self.kept
    }
}
