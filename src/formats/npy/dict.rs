//! The dictionary of a header: its pairs by name, and a shape read from one.
//!
//! It is read as Python reads it; the places of the values make it possible to change one and leave every other byte.

use crate::decode::literal::{HeaderPair, Literal, LiteralError, header_pairs, header_value};

/// More keys than this are refused: the header has three.
const MOST_KEYS: usize = 64;

/// A dictionary's pairs, in order.
pub(super) struct Dict {
    pub pairs: Vec<HeaderPair>,
    /// The byte behind its end.
    pub end: usize,
    /// Whether only white space and comments follow.
    pub is_all: bool,
}

/// The dictionary that `text` is.
///
/// # Errors
/// What is wrong and where.
pub(super) fn read(text: &str) -> Result<Dict, LiteralError> {
    let (pairs, end, rest) = header_pairs(text, MOST_KEYS)?;
    Ok(Dict { pairs, end, is_all: rest == text.len() })
}

impl Dict {
    /// The pair with this key; the last one, as in Python.
    pub fn get(&self, wanted: &str) -> Option<&HeaderPair> {
        self.pairs.iter().rfind(|pair| name(pair) == Some(wanted))
    }
}

/// The key of a pair, if it is a string.
pub(super) fn name(pair: &HeaderPair) -> Option<&str> {
    match &pair.key {
        Literal::Str(name) => Some(name),
        _ => None,
    }
}

/// The sides of `(2, 3)`, `(2,)`, `()`, whatever way their numbers are written; `most` at most.
pub(super) fn shape(text: &str, most: usize) -> Option<Vec<u64>> {
    // The tuple is a value too.
    let Ok(Literal::Tuple(sides)) = header_value(text, most + 1) else { return None };
    let side = |side: Literal| match side {
        Literal::Int(side) => u64::try_from(side).ok(),
        // As in Python, where True is 1.
        Literal::Bool(side) => Some(u64::from(side)),
        _ => None,
    };
    sides.into_iter().map(side).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_is_a_tuple_of_counts() {
        assert_eq!(shape("(2, 3)", 9), Some(vec![2, 3]));
        assert_eq!((shape("( )", 9), shape("(5L,)", 9)), (Some(vec![]), Some(vec![5])));
        assert_eq!(shape("(0x2, # rows\n 0b11, (1_0), True)", 9), Some(vec![2, 3, 10, 1]));
        for bad in [
            "(5)",
            "(-1,)",
            "(1, 2, 3)",
            "[1, 2]",
            "(1,,2)",
            "(,)",
            "(18446744073709551616,)",
            "(1.5, 2)",
            "(",
        ] {
            assert_eq!(shape(bad, 2), None, "{bad}");
        }
    }
}
