//! Where lists open and close around the elements of a shape.

use super::{ExportError, refused};

/// Counts items in C order.
pub(super) struct Nest {
    /// Items from one opening of each depth to the next, the outermost first.
    spans: Vec<u64>,
    number: u64,
    items: u64,
}

impl Nest {
    /// Before the first value of an array of this shape.
    pub fn new(shape: &[u64]) -> Self {
        let mut spans = Vec::with_capacity(shape.len());
        let mut items = 1_u64;
        for &side in shape.iter().rev() {
            items = items.saturating_mul(side);
            spans.push(items);
        }
        spans.reverse();
        Self { spans, number: 0, items }
    }

    /// How many lists open before the next item, and how many lists that item is in.
    pub fn opening(&self) -> (usize, usize) {
        let opens = self.spans.iter().filter(|&&span| span > 0 && self.number.is_multiple_of(span)).count();
        (opens, self.spans.len())
    }

    /// How many lists close after the item; the next one follows then.
    pub fn closing(&mut self) -> usize {
        self.number += 1;
        self.spans.iter().filter(|&&span| span > 0 && self.number.is_multiple_of(span)).count()
    }

    /// Whether no item follows.
    pub fn is_ended(&self) -> bool {
        self.number >= self.items
    }
}

/// The lists of a shape without items, as `tolist` nests them: `[[], []]`. No lists for a shape without axes.
///
/// # Errors
/// [`ExportError::Refused`] when there are too many of them.
pub(super) fn empty(shape: &[u64], open: &str, close: &str) -> Result<String, ExportError> {
    const MOST_LISTS: u64 = 1 << 16;
    let lists =
        shape.iter().take_while(|length| **length > 0).fold(1_u64, |all, length| all.saturating_mul(*length));
    if lists > MOST_LISTS {
        return refused(format!("The array has no values, only {lists} empty lists. Copy it as np.array."));
    }
    let Some((&length, rest)) = shape.split_first() else { return Ok(String::new()) };
    let inner = if length == 0 { String::new() } else { empty(rest, open, close)? };
    Ok(format!("{open}{}{close}", vec![inner; length as usize].join(", ")))
}
